package asl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// template compiles the value of a field that is a payload template in a JSONPath
// state and JSON with expressions in a JSONata state.
func (a *analysis) template(s *State, n *Node) *payload.Template {
	if s.QueryLanguage == JSONata {
		return a.query(s, n, 0)
	}
	t, err := payload.Compile(n.Value)
	if err == nil {
		a.reads(n, t.Paths()...)
		return t
	}
	var problems payload.Problems
	if !errors.As(err, &problems) {
		a.refuse(n, Diagnostic{Code: "template-value", Message: fmt.Sprintf("%s: %s", n.name(), err)})
		return nil
	}
	for _, p := range problems {
		at := n.At(p.At)
		d := Diagnostic{Code: "template-value", AWSMessage: p.AWSMessage, Location: n.Location(), Message: p.Message}
		if !strings.Contains(d.Message, jsonval.Quote(at.Key)) {
			d.Message = at.name() + ": " + d.Message
		}
		a.refuseAt(at, a.inText(at, p.Offset), d)
	}
	return nil
}

// stringFunctions are the intrinsic functions whose result may be an error
// name or a cause.
var stringFunctions = []string{"Format", "JsonToString", "ArrayGetItem", "Base64Encode", "Base64Decode", "Hash", "UUID"}

// textPath is ErrorPath or CausePath: a reference path or a function that gives
// a string.
func (a *analysis) textPath(n *Node) *TextField {
	f := &TextField{Node: n}
	if !a.is(n, jsonval.String) || n.open {
		return f
	}
	text := n.Value.Text()
	function, isCall := strings.CutPrefix(text, "States.")
	if !isCall && a.referencePath(n) == nil {
		return f
	}
	var err error
	if f.Expr, err = payload.CompileExpr(text); err != nil {
		at := n.Start
		if bad := (*payload.SyntaxError)(nil); errors.As(err, &bad) {
			at = a.inText(n, bad.Offset)
		}
		a.refuseAt(n, at, Diagnostic{Code: "template-value", Message: fmt.Sprintf("%s: %s", n.Key, err)})
		return f
	}
	if !isCall {
		return f
	}
	a.reads(n, f.Expr.Paths()...)
	if function, _, _ = strings.Cut(function, "("); !slices.Contains(stringFunctions, function) {
		a.refuse(n, Diagnostic{
			Code: "template-value", Message: fmt.Sprintf("%s must give a string, which States.%s does not", n.Key, function),
			Hint: "use one of " + orList(stringFunctions),
		})
	}
	return f
}

// credentials is the Credentials of a Task.
func (a *analysis) credentials(s *State, n *Node) *payload.Template {
	if !a.is(n, jsonval.Object) {
		return nil
	}
	role := n.Get("RoleArn")
	if role == nil && s.QueryLanguage == JSONPath {
		role = n.Get("RoleArn.$")
	}
	if role == nil {
		a.refuseKey(n, Diagnostic{
			Code: "field-missing", AWSMessage: "The field 'RoleArn' is required but was missing",
			Message: "Credentials needs RoleArn",
		})
		return nil
	}
	if s.QueryLanguage == JSONata {
		a.only(n, "RoleArn")
	} else {
		a.only(n, "RoleArn", "RoleArn.$")
	}
	if !a.is(role, jsonval.String) || !a.nonempty(role) {
		return nil
	}
	return a.template(s, n)
}
