package asl

import (
	"errors"
	"fmt"

	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// query compiles the value of a field of the JSONata state s; more are the
// members $states has there besides input and context.
func (a *analysis) query(s *State, n *Node, more payload.StatesMembers) *payload.Template {
	field := joined(n.Pointer()[len(s.Node.Pointer()):], "/")
	t, err := payload.CompileJSONata(n.Value, field, more)
	if err == nil {
		for _, r := range t.Readings() {
			at := n.At(r.At)
			a.variables.read = append(a.variables.read, variable{
				at: at, name: r.Name, machine: a.inside, offset: a.inText(at, r.Offset), function: r.Function,
			})
		}
		return t
	}
	var problems payload.Problems
	errors.As(err, &problems) // CompileJSONata has no other errors
	for _, p := range problems {
		at := n.At(p.At)
		_, where := at.scope()
		d := Diagnostic{
			Code: "jsonata-delimiter", AWSCode: p.Code, AWSMessage: p.AWSMessage, Location: at.Location(),
			Message: fmt.Sprintf("%s: %s", where, p.Message), Hint: p.Hint,
		}
		switch p.Code {
		case payload.InvalidExpression:
			d.Code = "jsonata-syntax"
		case payload.UnsupportedExpression:
			d.Code = "jsonata-reference"
		}
		a.refuseAt(at, a.inText(at, p.Offset), d)
	}
	return nil
}

// resultOf is StatesResult where the state s has a result.
func resultOf(s *State) payload.StatesMembers {
	if s.Type == Task || s.Type == Parallel || s.Type == Map {
		return payload.StatesResult
	}
	return 0
}

// items is the Items of a Map.
func (a *analysis) items(s *State, n *Node) *payload.Template {
	if v := n.Value; !dynamic(s, n) && !v.Is(jsonval.Array) && !v.Is(jsonval.Object) {
		a.refuse(n, Diagnostic{
			Code: "field-type", Message: "Items must be an array, an object or an expression, not " + withArticle(v.Kind()),
			Hint: `an expression is written "{% … %}"`,
		})
		return nil
	}
	return a.query(s, n, 0)
}

// textField is the Error or Cause of a Fail state.
func (a *analysis) textField(s *State, n *Node) *TextField {
	if dynamic(s, n) {
		return &TextField{Node: n, Query: a.query(s, n, 0)}
	}
	return &TextField{Node: n, Literal: a.text(n)}
}
