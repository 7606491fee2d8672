package asl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// variables are what a definition sets and reads. Who may read what is known
// only when all of it has been seen.
type variables struct {
	set, read []variable
}

// variable is one place where a variable is set or read.
type variable struct {
	at      *Node
	name    string
	machine *StateMachine
	byCatch bool // set by a catcher

	// Read by JSONata:
	offset   int  // of the $ in the source
	function bool // one of the language's functions has the name, too
}

// assign is an Assign of state s or of a rule or catcher of it.
func (a *analysis) assign(s *State, n *Node) *payload.Template {
	if !a.is(n, jsonval.Object) {
		return nil
	}
	byCatch := n.Parent.Index >= 0 && n.Parent.Parent.Key == "Catch"
	for _, k := range n.Kids {
		name := k.Key
		if s.QueryLanguage == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		if a.isVariableName(name) && name != "states" {
			a.variables.set = append(a.variables.set, variable{at: k, name: name, machine: s.Machine, byCatch: byCatch})
			continue
		}
		if name == "states" {
			a.refuseKey(k, Diagnostic{
				Code: "variable-name", Message: "$states is taken: it is what a JSONata expression finds the input in", Hint: "give the variable another name",
			})
			continue
		}
		a.refuseKey(k, Diagnostic{
			Code: "variable-name", Message: fmt.Sprintf("%q is not a name for a variable", name),
			Hint: "a name is a letter and then letters, digits and _, at most 80; only whole variables are assigned",
		})
	}
	switch {
	case s.QueryLanguage == JSONPath:
		return a.template(s, n)
	case byCatch:
		return a.query(s, n, payload.StatesErrorOutput)
	case n.Parent == s.Node:
		return a.query(s, n, resultOf(s))
	}
	return a.query(s, n, 0)
}

// maxVariableName is how many characters a variable's name may have.
const maxVariableName = 80

func (a *analysis) isVariableName(name string) bool {
	for i, r := range name {
		start := unicode.IsLetter(r) || r == '_' || unicode.Is(unicode.Nl, r)
		rest := unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)
		if !start && (i == 0 || !rest) {
			return false
		}
	}
	return name != "" && (utf8.RuneCountInString(name) <= maxVariableName || a.o.NoQuotas)
}

// reads notes the variables that paths inside n read.
func (a *analysis) reads(n *Node, paths ...*jsonpath.Path) {
	for _, p := range paths {
		if p.Root() == jsonpath.Variable {
			a.variables.read = append(a.variables.read, variable{at: n, name: p.Name(), machine: a.inside})
		}
	}
}

// checkVariables checks that variables which are read are set somewhere, and
// that no branch or iteration sets one of a machine around it.
func (a *analysis) checkVariables() {
	setIn := make(map[*StateMachine]map[string]variable)
	for _, v := range a.variables.set {
		if setIn[v.machine] == nil {
			setIn[v.machine] = make(map[string]variable)
		}
		if first, ok := setIn[v.machine][v.name]; !ok || first.byCatch {
			setIn[v.machine][v.name] = v
		}
	}
	for _, v := range a.variables.set {
		for m := outer(v.machine); m != nil; m = outer(m) {
			// AWS lets a branch set what only a catcher of its Parallel sets.
			if twin, ok := setIn[m][v.name]; ok && !twin.byCatch {
				line := a.file.lines.line(twin.at.KeyStart)
				a.refuseKey(v.at, Diagnostic{
					Code: "variable-outer", Message: fmt.Sprintf("$%s belongs to the machine around this one (line %d)", v.name, line),
					Hint: "give the inner variable another name",
				})
				break
			}
		}
	}
	a.file.reads = make(map[string][]string)
	for _, v := range a.variables.read {
		found := false
		for m := v.machine; m != nil && !found; m = outer(m) {
			_, found = setIn[m][v.name]
		}
		if v.function && !found {
			continue // it is the function
		}
		state, _ := v.at.scope()
		a.file.reads[state] = append(a.file.reads[state], v.name)
		if !found {
			a.unassigned(v, setIn)
		}
	}
}

// VariableReferences are the variables each state reads, by the state's name and
// sorted, as DescribeStateMachine's variableReferences has them. States that
// read none are left out.
func (f *File) VariableReferences() map[string][]string {
	refs := make(map[string][]string, len(f.reads))
	for state, names := range f.reads {
		refs[state] = slices.Compact(slices.Sorted(slices.Values(names)))
	}
	return refs
}

func (a *analysis) unassigned(v variable, setIn map[*StateMachine]map[string]variable) {
	d := Diagnostic{
		Code: "variable-unassigned", Message: fmt.Sprintf("no Assign sets the variable $%s", v.name),
		Hint: fmt.Sprintf("if it is a member of the input, write %q", "$."+v.name),
	}
	at, isCall := v.at, false
	if v.offset > 0 {
		d.Hint = fmt.Sprintf("if it is a member of the input, write %q", "$states.input."+v.name)
		if isCall = strings.HasPrefix(a.file.Source[v.offset:], "$"+v.name+"("); isCall {
			d.Message = fmt.Sprintf("JSONata has no function $%s here", v.name)
			d.Hint = "calling it will fail with T1006"
			if v.name == "eval" {
				d.Hint = "Step Functions has $parse for JSON texts, and no $eval"
			}
		}
	}
	if a.mayGuess() && !isCall {
		var known []string
		for m := v.machine; m != nil; m = outer(m) {
			for name := range setIn[m] {
				known = append(known, name)
			}
		}
		slices.Sort(known)
		if name := nearest(v.name, known); name != "" {
			d.Hint = fmt.Sprintf("did you mean %q?", "$"+name)
		}
		if n := v.at.mention("$" + v.name); n != nil {
			at = n
		}
	}
	if v.offset > 0 {
		a.warnAt(v.at, v.offset, d)
		return
	}
	a.warn(at, d)
}

// mention is the first string in n that holds text, nil if there is none.
func (n *Node) mention(text string) *Node {
	if strings.Contains(n.Value.Text(), text) {
		return n
	}
	for _, k := range n.Kids {
		if at := k.mention(text); at != nil {
			return at
		}
	}
	return nil
}

// outer is the machine around m whose variables m can see, nil for the top
// level and for the processor of a distributed Map, which sees none.
func outer(m *StateMachine) *StateMachine {
	if len(m.States) == 0 || m.States[0].Parent == nil || m.Distributed {
		return nil
	}
	return m.States[0].Parent.Machine
}
