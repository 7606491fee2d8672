package interp

import (
	"fmt"
	"slices"

	"asldbg/interp/asl"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// inlineConcurrency is how many iterations of an inline Map AWS runs at once.
const inlineConcurrency = 40

// workInstead is the work of a Parallel or Map without its children.
func (t *turn) workInstead(in Instead) error {
	f := t.own(in.Frame)
	switch {
	case f == nil:
		return fmt.Errorf("there is no frame %d", in.Frame)
	case f.run != Ready || f.failure != nil || f.group != nil || t.coming(f) != Work || f.node.inner == nil:
		return fmt.Errorf("state %q is not about to run branches or iterations", f.node.Name)
	case (in.Outcome.Failure == nil) == !in.Outcome.Result.Exists():
		return fmt.Errorf("the outcome must be either a result or a failure")
	}
	t.instead = &in.Outcome
	t.work(f)
	return nil
}

// worked ends a Parallel or Map whose children are not run.
func (t *turn) worked(f *frame) {
	if why := t.instead.Failure; why != nil {
		t.fail(f, why, why.Error != nil && *why.Error == "States.Runtime")
		return
	}
	t.childrenSucceeded(f, t.instead.Result)
}

// startBranches opens all branches of a Parallel.
func (t *turn) startBranches(f *frame) {
	input := f.current()
	if !t.sendable(f, input) {
		return
	}
	n := len(f.node.inner)
	t.emit(Event{Kind: ParallelStateStarted, Frame: f.id, State: f.node.State})
	if t.instead != nil {
		t.worked(f)
		return
	}
	f.group = &group{turn: t.turn, width: n, results: make([]jsonval.Value, n)}
	f.run = Waiting
	for i, first := range f.node.inner {
		child := t.open(f, i, first, nil)
		t.emit(Event{Kind: BranchStarted, Frame: child.id, Parent: f.id, Index: int32(i), State: f.node.State})
		t.enter(child, first, input)
	}
	f.group.next, f.group.open = n, n
}

// findItems decides what a Map iterates over. As in queryItems, only a distributed
// one takes an object.
func (t *turn) findItems(f *frame) {
	items := f.current()
	if p := f.node.ItemsPath; p != nil {
		v, err := p.Path.Eval(&t.env(f, items).Env.Env)
		if err != nil {
			t.failPath(f, p.Path, err)
			return
		}
		items = v
	}
	if !items.Is(jsonval.Array) && !(items.Is(jsonval.Object) && f.node.ItemProcessor.Distributed) {
		path := "$"
		if p := f.node.ItemsPath; p != nil {
			path = p.Path.String()
			if p.Path.Root() == jsonpath.Context { // AWS reads it as $ of the context object, and says so
				path = path[1:]
			}
		}
		t.failRuntime(f, fmt.Sprintf("Reference path %q must point to array.", path))
		return
	}
	t.finish(f, ItemsPath, items)
}

// startIterations makes a Map ready to open its iterations.
func (t *turn) startIterations(f *frame) {
	limit := int64(0)
	if n := f.node.MaxConcurrency; n != nil {
		v, bad := t.number(f, "MaxConcurrencyPath", n)
		if bad {
			return
		}
		limit = v
	}
	if f.node.ItemProcessor.Distributed {
		t.startMapRun(f, limit)
		return
	}
	width := limit
	if width <= 0 || width > inlineConcurrency {
		width = inlineConcurrency
	}
	items := f.data[ItemsPath]
	t.emit(Event{Kind: MapStateStarted, Frame: f.id, State: f.node.State, Index: int32(items.Len()), Value: jsonval.OfInt(limit)})
	if _, ok := t.tolerance(f); !ok {
		return
	}
	if t.instead != nil {
		t.worked(f)
		return
	}
	f.group = &group{turn: t.turn, width: int(width), results: make([]jsonval.Value, items.Len())}
	t.groupMoved(f)
}

// openNext opens the next iteration of a Map.
func (t *turn) openNext(f *frame) {
	g := t.ownGroup(f)
	if g.run != nil {
		t.nextChild(f)
		return
	}
	i := g.next
	item := &mapItem{index: i, value: f.data[ItemsPath].At(i)}
	input := item.value
	if sel := f.node.ItemSelector; sel != nil {
		e := t.envOf(f, f.effectiveInput(), item)
		v, err := sel.Eval(e)
		if err != nil {
			t.failField(f, Work, err)
			return
		}
		input = v
	}
	if !t.sendable(f, input) {
		return
	}
	g.next++
	g.open++
	first := f.node.inner[0]
	child := t.open(f, i, first, item)
	t.emit(Event{Kind: MapIterationStarted, Frame: child.id, Parent: f.id, Index: int32(i), State: f.node.State})
	t.enter(child, first, input)
	t.groupMoved(f)
}

// groupMoved looks what a Map or Parallel can do after its children changed.
func (t *turn) groupMoved(f *frame) {
	g := f.group
	switch {
	case g.done == len(g.results):
		f.group = nil
		t.childrenSucceeded(f, jsonval.OfItems(g.results))
	case g.full():
		f.run = Waiting
	default:
		f.run = Ready
	}
}

func (t *turn) childrenSucceeded(f *frame, results jsonval.Value) {
	kind := ParallelStateSucceeded
	if f.node.Type == asl.Map {
		kind = MapStateSucceeded
	}
	t.emit(Event{Kind: kind, Frame: f.id, State: f.node.State})
	if t.tooBig(results) {
		t.fail(f, sizeFailure(f.node.Name), false)
		return
	}
	t.finish(f, Result, results)
}

// childSucceeded takes the output of a branch or iteration.
func (t *turn) childSucceeded(child *frame, output jsonval.Value) {
	f := t.own(child.parent)
	g := t.ownGroup(f)
	g.results[child.branch] = output
	g.open--
	g.done++
	t.close(child, FrameClosed)
	if f.node.Type == asl.Map {
		t.emit(Event{Kind: MapIterationSucceeded, Frame: child.id, Child: f.home, Parent: f.id, Index: int32(child.branch), State: f.node.State})
	}
	t.groupMoved(f)
}

// childFailed makes the Parallel or Map around a failed frame fail, and stops
// the other children. The order of the events is AWS's
// (recordings: test_map_state_catch, test_service_lambda_map_timeout).
func (t *turn) childFailed(child *frame) {
	f := t.own(child.parent)
	if f.node.Type == asl.Map {
		t.emit(Event{Kind: MapIterationFailed, Frame: child.id, Parent: f.id, Index: int32(child.branch), State: f.node.State, Failure: child.failure})
	}
	t.close(child, FrameClosed)
	t.abortBelow(f)
	if child.node.Type == asl.Task {
		t.emit(Event{Kind: TaskStateAborted, Frame: child.id, Child: f.home, State: child.node.State})
	}
	t.fail(f, child.failure, false)
}

// abortBelow closes all frames below f and says so.
func (t *turn) abortBelow(f *frame) {
	for _, child := range t.childrenOf(f) {
		t.abort(f, child)
	}
}

func (t *turn) abort(parent, f *frame) {
	if f.home == f.id {
		t.abortExecution(f)
		return
	}
	t.abortBelow(f)
	switch f.node.Type {
	case asl.Task:
		t.emit(Event{Kind: TaskStateAborted, Frame: f.id, State: f.node.State})
	case asl.Wait:
		t.emit(Event{Kind: WaitStateAborted, Frame: f.id, State: f.node.State})
	}
	if parent.node.Type == asl.Map {
		t.emit(Event{Kind: MapIterationAborted, Frame: f.id, Parent: parent.id, Index: int32(f.branch), State: parent.node.State})
	}
	t.close(f, FrameAborted)
}

// close takes a frame away.
func (t *turn) close(f *frame, kind EventKind) {
	t.pending = slices.DeleteFunc(t.pending, func(w pending) bool { return w.frame == f.id })
	t.emit(Event{Kind: kind, Frame: f.id, State: f.node.State, Failure: f.failure})
	if i, ok := t.frameIndex(f.id); ok {
		t.frames = slices.Delete(t.frames, i, i+1)
	}
	t.passOn(f)
}
