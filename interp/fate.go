package interp

import (
	"slices"
	"time"

	"asldbg/interp/asl"
)

// A Fate is what becomes of a failure: a retry, a catcher's state, or the end.
type Fate struct {
	State   *asl.State    // whose retrier or catcher it is: the state that failed, or a Parallel or Map around it; nil: nobody's
	Retrier int           // index in State.Retry, -1: it is not retried
	Attempt int           // which retry of the state it would be, from 1
	Delay   time.Duration // before the retry, jitter included
	Left    int64         // how often the retrier would retry after that
	Catcher int           // index in State.Catch, -1: it is not caught
	Child   bool          // nothing handles it, and only a child execution ends
}

// Next is the state a catcher leads to, nil where none does.
func (f Fate) Next() *asl.State {
	if f.Catcher < 0 {
		return nil
	}
	return f.State.Catch[f.Catcher].Next
}

// Ends reports whether the execution fails.
func (f Fate) Ends() bool { return f.State == nil && !f.Child }

// IfFailed says what would become of a frame's state if it failed now with why;
// nil stands for the failure it has. Retries are counted as they stand. x does
// not change: the answer is the interpreter's own, given about a copy.
func (x Execution) IfFailed(frame FrameID, why *Failure) Fate { return x.fate(frame, why, false) }

// IfRetriesFail is IfFailed where the state's own retriers have no attempts
// left: what comes after the last of them.
func (x Execution) IfRetriesFail(frame FrameID, why *Failure) Fate { return x.fate(frame, why, true) }

func (x Execution) fate(id FrameID, why *Failure, spent bool) Fate {
	t := x.begin(x.c.now)
	status := t.status
	f := t.own(id)
	if f == nil {
		return Fate{Retrier: -1, Catcher: -1}
	}
	before := make(map[FrameID]bool) // frames that failed on their own
	for _, g := range t.frames {
		before[g.id] = g.failure != nil
	}
	if why != nil {
		t.fail(f, why, why.name() == "States.Runtime")
	}
	if spent {
		f.retries = make([]int, len(f.node.Retry))
		for i, r := range f.node.Retry {
			f.retries[i] = int(r.MaxAttempts)
		}
	}
	for f.failure != nil {
		seen := len(t.events)
		t.recover(f)
		for _, e := range t.events[seen:] {
			switch e.Kind {
			case RetryScheduled:
				r := e.State.Retry[e.Index]
				return Fate{
					State: e.State, Retrier: int(e.Index), Attempt: int(e.Attempt), Delay: e.Due.Sub(t.now),
					Left: r.MaxAttempts - int64(f.retries[e.Index]), Catcher: -1,
				}
			case ErrorCaught:
				return Fate{State: e.State, Retrier: -1, Catcher: int(e.Index)}
			}
		}
		around := slices.IndexFunc(t.frames, func(g *frame) bool { return g.failure != nil && g.run == Ready && !before[g.id] && g.id != f.id })
		if around < 0 {
			break
		}
		f = t.own(t.frames[around].id) // the Parallel or Map around it has failed in turn
	}
	return Fate{Retrier: -1, Catcher: -1, Child: t.status == status}
}
