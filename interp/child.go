package interp

import (
	"time"

	"asldbg/interp/jsonval"
)

// Child is a child execution: what a distributed Map starts for an item or a
// batch. It has a history, a context object and variables of its own, and its
// end is an outcome for the Map, not a failure of a frame around it. All its
// frames are below one, its root.
type Child struct {
	Name, ARN       string
	StateMachineARN string // the Map's, with its label
	Express         bool
	Input           jsonval.Value
	StartedAt       time.Time
}

// openChild starts child execution number index of the distributed Map in f,
// for so many items.
func (t *turn) openChild(f *frame, index, items int, input jsonval.Value) {
	run := f.group.run
	c := &Child{Name: t.random.uuid(), StateMachineARN: run.machineARN, Express: run.express, Input: input, StartedAt: t.now}
	c.ARN = executionARN(Start{Name: c.Name, StateMachineARN: c.StateMachineARN, Express: c.Express}, &t.random)
	first := f.node.inner[0]
	root := t.open(f, index, first, &mapItem{index: index})
	root.scope = &scope{own: jsonval.EmptyObject} // it sees no variables of ours
	root.home, root.child, root.items = root.id, c, items
	t.children++
	t.emit(Event{Kind: BranchStarted, Frame: root.id, Parent: f.id, Index: int32(index), State: f.node.State})
	t.emit(Event{Kind: ExecutionStarted, Frame: root.id, Value: input, Task: &TaskDetail{RoleARN: t.start.RoleARN}})
	t.enter(root, first, input)
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
	kind := ExecutionSucceeded
	if s != Succeeded {
		t.closeBelow(root)
		kind = ExecutionFailed
	}
	t.emit(Event{Kind: kind, Frame: root.id, Value: output, Failure: why})
	root.failure = why
	t.close(root, FrameClosed)
	t.children--
	t.childEnded(t.own(root.parent), root, s, output, why)
}

// abortExecution stops a child execution from outside, as StopExecution does.
func (t *turn) abortExecution(root *frame) {
	t.closeBelow(root)
	t.emit(Event{Kind: ExecutionAborted, Frame: root.id})
	t.close(root, FrameAborted)
	t.children--
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

// childrenOf are the frames right below f.
func (t *turn) childrenOf(f *frame) (children []*frame) {
	for _, g := range t.frames {
		if g.parent == f.id {
			children = append(children, g)
		}
	}
	return children
}
