package asl

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// lostTarget is a transition whose state is not in its machine.
type lostTarget struct {
	at      *Node // the string
	machine *StateMachine
}

// definition builds and checks the machine of the whole file.
func (a *analysis) definition() {
	root := a.file.Root
	if !root.Value.Is(jsonval.Object) {
		d := Diagnostic{
			Code: "definition-not-object", AWSCode: schemaFailed, AWSMessage: "Definition must be a valid JSON object",
			Message: "a definition must be an object, not " + withArticle(root.Value.Kind()),
			Hint:    "it starts with { and has the members StartAt and States",
		}
		if message, place := notJSON(a.file.Source); message != "" {
			d.AWSCode, d.AWSMessage, d.Location = "INVALID_JSON_DESCRIPTION", message, place
		}
		a.refuse(root, d)
		return
	}
	a.states = make(map[string]*State)
	a.unsure = make(map[*StateMachine]bool)
	if q := root.Get("QueryLanguage"); q != nil {
		a.language = a.queryLanguage(q, JSONPath)
	}
	a.file.Machine = a.machine(root, nil)
	a.checkTargets()
	a.checkVariables()
}

// queryLanguage reads a QueryLanguage. AWS takes whatever is not exactly
// JSONPath for JSONata, also what it refuses.
func (a *analysis) queryLanguage(n *Node, inherited QueryLanguage) QueryLanguage {
	if n.open {
		return inherited
	}
	if value, _ := a.enum(n, "JSONPath", "JSONata"); value == "JSONPath" {
		return JSONPath
	}
	return JSONata
}

// machine builds the machine n: the top level, where around is nil, or one
// inside the Parallel or Map around.
func (a *analysis) machine(n *Node, around *State) *StateMachine {
	m := &StateMachine{Node: n, QueryLanguage: a.language}
	if around == nil {
		a.only(n, "Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage")
		if v := n.Get("Version"); v != nil {
			a.enum(v, "1.0")
		}
		if t := n.Get("TimeoutSeconds"); t != nil {
			m.TimeoutSeconds, _ = a.integer(t, 1, maxSeconds)
		}
	} else if around.Type == Map {
		a.only(n, "Comment", "StartAt", "States", "ProcessorConfig")
		a.processorConfig(n.Get("ProcessorConfig"), m)
	} else {
		a.only(n, "Comment", "StartAt", "States")
	}
	if c := n.Get("Comment"); c != nil {
		m.Comment = a.text(c)
	}
	a.require(n, "States", "StartAt")
	states := n.Get("States")
	if states == nil || !a.is(states, jsonval.Object) || !a.nonempty(states) {
		return m
	}
	a.collect(states, m, around)
	for _, s := range m.States {
		a.state(s)
	}
	if start := n.Get("StartAt"); start != nil {
		m.StartAt = a.target(m, start)
		a.checkReach(m, around == nil)
	}
	return m
}

// collect makes the states of m, so that every transition finds its target.
func (a *analysis) collect(states *Node, m *StateMachine, around *State) {
	m.byName = make(map[string]*State, len(states.Kids))
	m.States = make([]*State, 0, len(states.Kids))
	all := make([]State, len(states.Kids))
	for i, k := range states.Kids {
		s := &all[i]
		*s = State{Node: k, Name: k.Key, Machine: m, Parent: around, QueryLanguage: a.language}
		if twin := m.byName[k.Key]; twin != nil {
			*twin = *s // the same name twice in one object: the last one counts
			continue
		}
		m.States = append(m.States, s)
		m.byName[k.Key] = s
		if k.open {
			a.unsure[m] = true
			continue
		}
		a.stateName(s)
	}
}

// maxNameLength is how many characters a state's name may have.
const maxNameLength = 80

func (a *analysis) stateName(s *State) {
	switch n := utf8.RuneCountInString(s.Name); {
	case n > maxNameLength && !a.o.NoQuotas:
		a.refuseKey(s.Node, Diagnostic{
			Code: "state-name", AWSCode: "INVALID_STATE_NAME", Location: s.Node.Location(),
			Message: fmt.Sprintf("the name has %d characters; %d are allowed", n, maxNameLength),
		})
	case n == 0:
		a.refuseKey(s.Node, Diagnostic{
			Code: "state-name", AWSCode: "INVALID_STATE_NAME", Location: s.Node.Location(), Message: "a state needs a name",
		})
	}
	twin := a.states[s.Name]
	if twin == nil {
		a.states[s.Name] = s
		return
	}
	line := a.file.lines.line(twin.Node.KeyStart)
	a.refuseKey(s.Node, Diagnostic{
		Code: "state-duplicate", AWSCode: "DUPLICATE_STATE_NAME", AWSMessage: "Duplicate State name: " + s.Name,
		Message: fmt.Sprintf("the state of line %d has the same name", line),
		Hint:    "names must differ in the whole definition, branches and processors included",
	})
}

// target is the state of m that the string n names. A name that m lacks is
// looked for elsewhere when all states are known.
func (a *analysis) target(m *StateMachine, n *Node) *State {
	name := a.text(n)
	if n.open || name == "" {
		a.unsure[m] = true
		if !n.open && n.Value.Is(jsonval.String) {
			a.nonempty(n)
		}
		return nil
	}
	s := m.byName[name]
	if s == nil {
		a.lost = append(a.lost, lostTarget{n, m})
	}
	return s
}

func (a *analysis) checkTargets() {
	names := make(map[*StateMachine][]string)
	for _, l := range a.lost {
		if a.unsure[l.machine] && a.hasOpenName(l.machine) {
			continue
		}
		name := l.at.Value.Text()
		d := Diagnostic{
			Code: "next-unknown", AWSCode: "MISSING_TRANSITION_TARGET", AWSMessage: "Missing 'Next' target: " + name,
			Location: l.at.Location(),
			Message:  fmt.Sprintf("%s is %q, which is not a state", l.at.name(), name),
		}
		if s := a.states[name]; s != nil {
			where := "the top level"
			if s.Parent != nil {
				where = fmt.Sprintf("%q", s.Parent.Name)
			}
			d.Code = "next-outside"
			d.Message = fmt.Sprintf("%s is %q, which is a state of %s", l.at.name(), name, where)
			d.Hint = "a transition stays inside its own States object"
		} else if a.mayGuess() {
			if names[l.machine] == nil {
				for _, s := range l.machine.States {
					names[l.machine] = append(names[l.machine], s.Name)
				}
			}
			d.Hint = DidYouMean(name, names[l.machine])
		}
		a.refuse(l.at, d)
	}
}

// hasOpenName reports whether a placeholder may hide the name of a state.
func (a *analysis) hasOpenName(m *StateMachine) bool {
	for _, s := range m.States {
		if s.Node.open {
			return true
		}
	}
	return false
}

// checkReach checks that m can end, and that each of its states can be reached.
// AWS asks the first of the top level only, and then not the second.
func (a *analysis) checkReach(m *StateMachine, top bool) {
	if a.unsure[m] {
		return
	}
	ends := false
	for _, s := range m.States {
		ends = ends || s.End || s.Type == Succeed || s.Type == Fail
	}
	d := Diagnostic{Code: "no-end", Message: "no state ends the machine", Hint: `give one "End": true, or add a Succeed state`}
	switch at := m.Node.Get("States"); {
	case ends:
	case top:
		d.AWSCode, d.AWSMessage = "MISSING_END_STATE", "Workflow has no terminal state"
		a.refuseKey(at, d)
		return
	default:
		a.warn(at, d)
	}
	reached := make(map[*State]bool, len(m.States))
	todo := make([]*State, 0, len(m.States))
	visit := func(s *State) {
		if s != nil && !reached[s] {
			reached[s] = true
			todo = append(todo, s)
		}
	}
	visit(m.StartAt)
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		visit(s.Next)
		visit(s.Default)
		for _, r := range s.Choices {
			visit(r.Next)
		}
		for _, c := range s.Catch {
			visit(c.Next)
		}
	}
	misled := slices.ContainsFunc(a.lost, func(l lostTarget) bool { return l.machine == m })
	for _, s := range m.States {
		if !reached[s] {
			a.refuseKey(s.Node, Diagnostic{
				Consequence: misled,
				Code:        "state-unreachable", AWSCode: "MISSING_TRANSITION_TARGET",
				AWSMessage: fmt.Sprintf("State %q is not reachable.", s.Name), Location: s.Node.Location(),
				Message: "nothing leads to this state",
			})
		}
	}
}
