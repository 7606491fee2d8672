package mock

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Mocks is a file of answers, read and checked. It cannot change.
type Mocks struct {
	file   string
	states map[string]*answers // by state name; "*": any other state
	names  []string            // of states, in the file's order

	anyMachine bool

	// builtin answers what the file does not name; nil: nothing does.
	builtin func(call interp.Call, n int) (interp.Outcome, bool)
}

// Answer is what a task gets instead of the world's answer.
type Answer struct {
	// Outcome ends the task; it is zero where Timeout is set.
	Outcome interp.Outcome
	// Timeout: no answer comes, so that TimeoutSeconds or HeartbeatSeconds lapse.
	Timeout bool
	// Submitted is the first response of a .sync or .waitForTaskToken task;
	// Undefined where the file gives none.
	Submitted jsonval.Value
}

// answers are those of one state, by class: calls of one class count together.
type answers struct {
	place   string // JSON pointer of the list
	classes map[string][]entry
	byPath  bool // some are for one Map iteration
	// What they return is what Lambda's Invoke does, also for a function's own
	// ARN, whose result is the Payload alone: so in Step Functions Local's files
	// (LocalStack's test_map_state_lambda, recorded with the real function).
	invoked bool
}

// entry answers the calls from to to of its class, both inclusive.
type entry struct {
	from, to int
	answer   Answer
}

// Key names the count a call belongs to: the session passes Answer how many
// calls with the same key went before.
func (m *Mocks) Key(call interp.Call) string {
	state, class, a := m.find(call)
	if a == nil {
		return call.State.Name
	}
	if class == "" {
		return state
	}
	return state + " " + class
}

// find is the state's or the * list and the class in it that answers call; a is
// nil where there is neither.
func (m *Mocks) find(call interp.Call) (state, class string, a *answers) {
	if a := m.states[call.State.Name]; a != nil {
		if a.byPath {
			if path := pathClass(call.Path); a.classes[path] != nil {
				return call.State.Name, path, a
			}
		}
		return call.State.Name, "", a
	}
	a = m.states["*"]
	if a == nil {
		return "", "", nil
	}
	for _, class := range []string{parameterClass(call.Resource, call.Input), resourceClass(call.Resource)} {
		if a.classes[class] != nil {
			return "*", class, a
		}
	}
	return "*", "", a
}

// Answer is what call gets when n calls with its key went before. ok is false
// where the file does not name the state; err says that its answers have run
// out.
func (m *Mocks) Answer(call interp.Call, n int) (answer Answer, ok bool, err error) {
	_, class, a := m.find(call)
	if a == nil {
		if m.builtin != nil {
			answer.Outcome, ok = m.builtin(call, n)
		}
		return answer, ok, nil
	}
	list := a.classes[class]
	i, found := slices.BinarySearchFunc(list, n, func(e entry, n int) int {
		switch {
		case e.to < n:
			return -1
		case e.from > n:
			return 1
		}
		return 0
	})
	if found {
		answer = list[i].answer
		if payload := answer.Outcome.Result.Get("Payload"); payload.Exists() && a.invoked && call.Resource.Kind == interp.LambdaResource {
			answer.Outcome.Result = payload
		}
		return answer, true, nil
	}
	return Answer{}, true, m.ranOut(call, a, list, n)
}

func (m *Mocks) ranOut(call interp.Call, a *answers, list []entry, n int) error {
	has := "there is none"
	switch {
	case len(list) > 0 && n < list[len(list)-1].to:
		has = fmt.Sprintf("%d is missing there", n)
	case len(list) > 0:
		last := list[len(list)-1].to + 1
		has = fmt.Sprintf("there %s only %d", map[bool]string{true: "is", false: "are"}[last == 1], last)
	}
	where := ""
	for _, it := range call.Path {
		where += fmt.Sprintf(" in iteration %d of %q", it.Index, it.Map)
	}
	return fmt.Errorf("%s: state %q%s needs answer number %d, but %s (%s): add it, or answer this call yourself",
		m.file, call.State.Name, where, n+1, has, a.place)
}

// AnyMachine reports whether the answers are for states by name, whatever machine
// they are in, and not for one machine, as Step Functions Local's are.
func (m *Mocks) AnyMachine() bool { return m.anyMachine }

// Check says which states of the file none of the machines has, or cannot be
// answered because they are no tasks.
func (m *Mocks) Check(machines ...*asl.StateMachine) error {
	types := map[string]asl.StateType{}
	var tasks []string
	for _, sm := range machines {
		collect(sm, types, &tasks)
	}
	for _, name := range m.names {
		t, ok := types[name]
		switch {
		case name == "*" || ok && t == asl.Task:
		case ok:
			return fmt.Errorf("%s: state %q is a %s: only Task states are answered by mocks", m.file, name, t)
		default:
			return fmt.Errorf("%s: the machine has no state %q; its tasks are %s", m.file, name, listed(tasks))
		}
	}
	return nil
}

func collect(sm *asl.StateMachine, types map[string]asl.StateType, tasks *[]string) {
	if sm == nil {
		return
	}
	for _, s := range sm.States {
		if _, seen := types[s.Name]; !seen || s.Type == asl.Task {
			types[s.Name] = s.Type
		}
		if s.Type == asl.Task {
			*tasks = append(*tasks, s.Name)
		}
		for _, branch := range s.Branches {
			collect(branch, types, tasks)
		}
		collect(s.ItemProcessor, types, tasks)
	}
}

// listed is names in quotes, the first few of many.
func listed(names []string) string {
	const most = 12
	if len(names) == 0 {
		return "none"
	}
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(name))
	}
	return b.String()
}

// pathClass is the class of calls in one iteration; "" outside Maps.
func pathClass(path []interp.Iteration) string {
	var b strings.Builder
	for _, it := range path {
		b.WriteString(jsonval.Quote(it.Map))
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(it.Index))
		b.WriteByte(']')
	}
	return b.String()
}

// resourceClass is the class of calls of one resource, as history names it.
func resourceClass(r interp.Resource) string { return r.Service + ":" + r.Name() }

// parameterClass is the class of calls of one resource with one input.
func parameterClass(r interp.Resource, input jsonval.Value) string {
	return resourceClass(r) + " " + sorted(input).String()
}
