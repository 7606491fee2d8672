package interp

import (
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Machine is a definition made ready to run. It never changes and can be used
// by any number of executions at once.
type Machine struct {
	file   *asl.File
	start  *node
	checks []ParameterCheck
	owner  map[*asl.State]*node // for the stages of a state somebody asks about
}

// ParameterCheck says what AWS would refuse about a task's effective
// parameters before the task is scheduled, in AWS's words, such as "The value
// of the field 'Headers' has an invalid format". It must be pure.
type ParameterCheck func(r Resource, params jsonval.Value) (problems []string)

// node is a state with everything that can be known before it runs: where its
// transitions lead and which stages it has of its own.
type node struct {
	*asl.State
	resource Resource
	present  [numStages]bool // the stage has a field of its own
	next     *node           // nil: the state ends its machine
	byRule   []*node
	byCatch  []*node
	byDef    *node
	inner    []*node // first states of the branches, or of the processor
}

// Compile makes a parsed definition ready to run. The checks are asked about
// every task before it is scheduled. An error is the definition's
// [asl.Diagnostics].
func Compile(f *asl.File, checks ...ParameterCheck) (*Machine, error) {
	m := &Machine{file: f, checks: checks, owner: make(map[*asl.State]*node)}
	m.start = m.link(f.Machine)
	return m, nil
}

// File is the definition m was made from.
func (m *Machine) File() *asl.File { return m.file }

// link makes the nodes of one level and of those inside it, and returns the
// node of its first state.
func (m *Machine) link(level *asl.StateMachine) *node {
	for _, s := range level.States {
		m.owner[s] = &node{State: s, resource: ParseResource(s.Resource), present: presentStages(s)}
	}
	for _, s := range level.States {
		n := m.owner[s]
		n.next, n.byDef = m.owner[s.Next], m.owner[s.Default]
		for _, r := range s.Choices {
			n.byRule = append(n.byRule, m.owner[r.Next])
		}
		for _, c := range s.Catch {
			n.byCatch = append(n.byCatch, m.owner[c.Next])
		}
		for _, b := range s.Branches {
			n.inner = append(n.inner, m.link(b))
		}
		if s.ItemProcessor != nil {
			n.inner = append(n.inner, m.link(s.ItemProcessor))
		}
	}
	return m.owner[level.StartAt]
}
