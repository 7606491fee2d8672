package asl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// template compiles a payload template.
func (a *analysis) template(n *Node) *payload.Template {
	t, err := payload.Compile(n.Value)
	if err == nil {
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
	if function, _, _ = strings.Cut(function, "("); isCall && !slices.Contains(stringFunctions, function) {
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
	a.only(n, "RoleArn", "RoleArn.$")
	if !a.is(role, jsonval.String) || s.QueryLanguage == JSONata {
		return nil
	}
	return a.template(n)
}

// assignment is one variable that a field sets.
type assignment struct {
	at      *Node
	name    string
	machine *StateMachine
}

// assign is an Assign of state s or of a rule or catcher of it.
func (a *analysis) assign(s *State, n *Node) *payload.Template {
	if !a.is(n, jsonval.Object) {
		return nil
	}
	m := s.Machine
	for _, k := range n.Kids {
		name := k.Key
		if s.QueryLanguage == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		if !isVariableName(name) {
			a.refuseKey(k, Diagnostic{
				Code: "variable-name", Message: fmt.Sprintf("%q is not a name for a variable", name),
				Hint: "a name is a letter and then letters, digits and _, at most 80; only whole variables are assigned",
			})
			continue
		}
		a.assigns = append(a.assigns, assignment{k, name, m})
		if n.Parent.Index >= 0 && n.Parent.Parent.Key == "Catch" {
			continue // AWS lets a branch set what only a catcher of its Parallel sets
		}
		if a.assigned[m] == nil {
			a.assigned[m] = make(map[string]*Node)
		}
		if a.assigned[m][name] == nil {
			a.assigned[m][name] = k
		}
	}
	if s.QueryLanguage == JSONata {
		return nil
	}
	return a.template(n)
}

// maxVariableName is how many characters a variable's name may have.
const maxVariableName = 80

func isVariableName(name string) bool {
	for i, r := range name {
		start := unicode.IsLetter(r) || r == '_' || unicode.Is(unicode.Nl, r)
		rest := unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)
		if !start && (i == 0 || !rest) {
			return false
		}
	}
	return name != "" && utf8.RuneCountInString(name) <= maxVariableName
}

// checkAssigns checks that no branch or iteration sets a variable of a machine
// around it: it could read it, but its own would vanish at its end.
func (a *analysis) checkAssigns() {
	for _, v := range a.assigns {
		for m := outer(v.machine); m != nil; m = outer(m) {
			if twin := a.assigned[m][v.name]; twin != nil {
				line, _ := a.file.Position(twin.KeyStart)
				a.refuseKey(v.at, Diagnostic{
					Code: "variable-outer", Message: fmt.Sprintf("$%s belongs to the machine around this one (line %d)", v.name, line),
					Hint: "give the inner variable another name",
				})
				break
			}
		}
	}
}

// outer is the machine around m, nil for the top level.
func outer(m *StateMachine) *StateMachine {
	if len(m.States) == 0 || m.States[0].Parent == nil {
		return nil
	}
	return m.States[0].Parent.Machine
}
