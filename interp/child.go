package interp

import (
	"time"

	"asldbg/interp/jsonval"
)

// Child is a child execution: what a distributed Map starts for an item or a
// batch, or what a task starts. It has a history, a context object and variables
// of its own, and its end is an outcome for whoever waits for it, not a failure
// of a frame around it. All its frames are below one, its root.
type Child struct {
	Name, ARN       string
	StateMachineARN string // of a Map's: the machine's, with the Map's label
	RoleARN         string
	Machine         *Machine // what it executes
	Express         bool
	Sync            bool // of an Express one: by StartSyncExecution
	Input           jsonval.Value
	StartedAt       time.Time
	// Level is how many tasks have started executions one inside another to get
	// here: 0 for those that belong to the main execution.
	Level int

	qualified string // the version's or alias's ARN it was started by, "" for none
}

// inside is the execution f belongs to, the main one included.
func (c *core) inside(f *frame) *Child {
	if f.child != nil {
		return f.child
	}
	return c.main
}

// openChild starts child execution number index of the distributed Map in f,
// for so many items.
func (t *turn) openChild(f *frame, index, items int, input jsonval.Value) {
	run, around := f.group.run, t.inside(f)
	c := &Child{
		Name: t.random.uuid(), StateMachineARN: run.machineARN, RoleARN: around.RoleARN, Machine: around.Machine,
		Express: run.express, Sync: around.Sync, Input: input, StartedAt: t.now, Level: around.Level,
	}
	c.ARN = executionARN(Start{Name: c.Name, StateMachineARN: c.StateMachineARN, Express: c.Express}, &t.random)
	root := t.openExecution(f, index, f.node.inner[0], &mapItem{index: index}, c)
	root.items = items
	t.enter(root, root.node, input)
}

// openExecution opens the root of a child execution below f.
func (t *turn) openExecution(f *frame, branch int, first *node, item *mapItem, c *Child) *frame {
	root := t.open(f, branch, first, item)
	root.scope = &scope{own: jsonval.EmptyObject} // it sees no variables of ours
	root.home, root.child = root.id, c
	t.children++
	t.emit(Event{Kind: BranchStarted, Frame: root.id, Parent: f.id, Index: int32(max(branch, 0)), State: f.node.State})
	t.emit(Event{Kind: ExecutionStarted, Frame: root.id, Value: c.Input, Task: &TaskDetail{RoleARN: c.RoleARN}})
	return root
}

// executionOf is the frame that ends the execution f belongs to, when f is in a
// child; nil in the main one.
func (t *turn) executionOf(f *frame) *frame {
	if f.home == 0 {
		return nil
	}
	return t.own(f.home)
}

// endExecution ends the execution f belongs to: the main one, or a child.
func (t *turn) endExecution(f *frame, s Status, output jsonval.Value, why *Failure) {
	root := t.executionOf(f)
	if root == nil {
		t.end(f.id, s, output, why)
		return
	}
	if s != Succeeded {
		t.closeBelow(root)
	}
	t.emit(Event{Kind: endings[s], Frame: root.id, Value: output, Failure: why})
	root.failure = why
	t.close(root, FrameClosed)
	t.children--
	if root.nested {
		t.nestedEnded(root, s, output, why)
		return
	}
	t.childEnded(t.own(root.parent), root, s, output, why)
}

// abortExecution stops a child execution from outside, as StopExecution does.
func (t *turn) abortExecution(root *frame) {
	t.closeBelow(root)
	t.emit(Event{Kind: ExecutionAborted, Frame: root.id})
	t.close(root, FrameAborted)
	t.children--
	if root.nested {
		t.nestedEnded(root, Aborted, jsonval.Value{}, nil)
	}
}

// closeBelow takes away what is below f without AWS's history telling of it: the
// end of its execution is all there is to tell. Executions below end, too.
func (t *turn) closeBelow(f *frame) {
	for _, g := range t.childrenOf(f) {
		if g.home == g.id {
			t.abortExecution(g)
			continue
		}
		t.closeBelow(g)
		t.close(g, FrameAborted)
	}
}

// childrenOf are the frames right below f that end with it.
func (t *turn) childrenOf(f *frame) (children []*frame) {
	for _, g := range t.frames {
		if g.parent == f.id && !g.detached {
			children = append(children, g)
		}
	}
	return children
}
