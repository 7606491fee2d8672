package asl

import (
	"asldbg/interp/jsonval"
)

// ParseState reads a text that is a single state, as TestState takes one, and
// checks it: it becomes the only state of a machine, by that name, in which all
// states it points at exist.
func ParseState(name, file, text string, o Options) (*File, Diagnostics) {
	a := analysis{file: newFile(file, text), o: o}
	if a.read(); a.file.Root != nil {
		a.checkSize(text)
		a.file.Root = alone(name, a.file.Root)
		a.definition()
	}
	return a.file, a.diagnostics()
}

// alone is the tree of a machine around that of a state. All but the state
// stands behind its end.
func alone(name string, state *Node) *Node {
	states := newNodes(statesBeside(name, state.Value), state.End, state.End)
	state.Key, state.Parent = name, states
	states.Kids = append([]*Node{state}, states.Kids...)
	states.Value = states.valueOfKids()
	root := newNodes(jsonval.ObjectOf(jsonval.Member{Key: "StartAt", Value: jsonval.OfString(name)}), state.End, state.End)
	states.Key, states.Parent = "States", root
	root.Kids = append(root.Kids, states)
	root.Value = root.valueOfKids()
	return root
}

// statesBeside are states of all names that a state points at.
func statesBeside(name string, state jsonval.Value) jsonval.Value {
	targets := []jsonval.Value{state.Get("Next"), state.Get("Default")}
	for _, list := range []string{"Choices", "Catch"} {
		for _, item := range state.Get(list).Items() {
			targets = append(targets, item.Get("Next"))
		}
	}
	states := jsonval.EmptyObject
	for _, next := range targets {
		if target := next.Text(); target != "" && target != name {
			states, _ = states.Set(jsonval.Path{jsonval.Key(target)}, jsonval.MustParse(`{"Type":"Succeed"}`))
		}
	}
	return states
}
