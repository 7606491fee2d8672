package interp

import (
	"math"
	"slices"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// fail makes f fail. What follows (a retry, a catcher, or the end of the frame)
// is the next advance's business, so that a debugger can stop in between.
func (t *turn) fail(f *frame, why *Failure, fatal bool) {
	f.failure, f.fatal, f.lapsed, f.group = why, fatal, false, nil
	f.scope = f.found // what the state has assigned does not count
	t.wake(f)
	t.cancel(f.id)
}

// recover decides what a failure leads to: states-language.net, "Errors".
func (t *turn) recover(f *frame) {
	if f.fatal {
		t.endExecution(f, Failed, jsonval.Value{}, f.failure)
		return
	}
	names := []string{f.failure.name()}
	if f.lapsed { // reported as States.Timeout, but known by its own name, too
		names = append(names, "States.HeartbeatTimeout")
	}
	if i := retrierOf(f.node.State, names...); i >= 0 {
		if f.retries == nil {
			f.retries = make([]int, len(f.node.Retry))
		}
		if r := f.node.Retry[i]; int64(f.retries[i]) < r.MaxAttempts {
			due := t.now.Add(t.backoff(r, f.retries[i]))
			f.retries[i]++
			f.run = Waiting
			t.emit(Event{Kind: RetryScheduled, Frame: f.id, State: f.node.State, Index: int32(i), Attempt: int32(f.attempt + 1), Failure: f.failure, Due: due})
			t.timer(f, RetryTimer, due)
			return
		}
	}
	t.tellFailed(f)
	if i := slices.IndexFunc(f.node.Catch, func(c *asl.Catcher) bool { return matches(c.ErrorEquals, names...) }); i >= 0 {
		t.catch(f, i)
		return
	}
	t.frameFailed(f)
}

// tellFailed says that a Parallel or Map has failed.
func (t *turn) tellFailed(f *frame) {
	switch f.node.Type {
	case asl.Parallel:
		t.emit(Event{Kind: ParallelStateFailed, Frame: f.id, State: f.node.State})
	case asl.Map:
		t.emit(Event{Kind: MapStateFailed, Frame: f.id, State: f.node.State})
	}
}

// RetrierOf is the index of the retrier of s that covers why, -1 for none. No
// other is asked, even if it has no attempts left. States.Runtime has none.
func RetrierOf(s *asl.State, why *Failure) int {
	if why.name() == "States.Runtime" {
		return -1
	}
	return retrierOf(s, why.name())
}

func retrierOf(s *asl.State, names ...string) int {
	return slices.IndexFunc(s.Retry, func(r *asl.Retrier) bool { return matches(r.ErrorEquals, names...) })
}

func (f *Failure) name() string {
	if f.Error == nil {
		return ""
	}
	return *f.Error
}

// matches reports whether one of a retrier's or catcher's names covers an error
// with these names, of which the first is the reported one. States.Runtime never
// comes here: nothing covers it.
func matches(covered []string, names ...string) bool {
	for _, c := range covered {
		if c == "States.ALL" || slices.Contains(names, c) || c == "States.TaskFailed" && names[0] != "States.Timeout" {
			return true
		}
	}
	return false
}

// backoff is the delay before retry number done+1 of r.
func (t *turn) backoff(r *asl.Retrier, done int) time.Duration {
	s := float64(r.IntervalSeconds) * math.Pow(r.BackoffRate, float64(done))
	if limit := float64(r.MaxDelaySeconds); limit > 0 && s > limit {
		s = limit
	}
	if r.FullJitter {
		s *= t.random.float()
	}
	return time.Duration(min(s, 99999999) * float64(time.Second)).Round(time.Millisecond)
}

// retryNow is the retry's timer: the state begins again, parameters included.
func (t *turn) retryNow(f *frame) {
	f.failure, f.stage = nil, Entered
	t.wake(f)
	f.attempt++
	f.data = [numStages]jsonval.Value{Entered: f.data[Entered]}
	t.newAttempt(f)
}

// catch goes to catcher i: the Error Output is merged into the raw input, and
// the state's own ResultSelector, ResultPath and OutputPath are skipped.
func (t *turn) catch(f *frame, i int) {
	c := f.node.Catch[i]
	out := errorOutput(f.failure)
	if f.node.QueryLanguage == asl.JSONata {
		t.queryCatch(f, i, out)
		return
	}
	t.caughtBy(f, i, out)
	v, err := merge(f.data[Entered], c.ResultPath, out)
	if err != nil {
		t.fail(f, Fail("States.ResultPathMatchFailure", t.prefix(f)+err.Error()), true)
		return
	}
	if c.Assign != nil && !t.assignFrom(f, c.Assign, out) {
		return
	}
	f.failure = nil
	t.exit(f, v, f.node.byCatch[i])
}

func (t *turn) caughtBy(f *frame, i int, out jsonval.Value) {
	t.emit(Event{Kind: ErrorCaught, Frame: f.id, State: f.node.State, Index: int32(i), Value: out, Failure: f.failure})
}

// errorOutput is what a catcher gets. A timeout has no cause in history, but an
// empty one here; a field that was not given is null
// (recordings: test_heartbeat_timeout, no_error_field).
func errorOutput(why *Failure) jsonval.Value {
	text := func(s *string) jsonval.Value {
		if s == nil {
			return jsonval.NullValue
		}
		return jsonval.OfString(*s)
	}
	cause := text(why.Cause)
	if why.Cause == nil && why.Error != nil && *why.Error == "States.Timeout" {
		cause = jsonval.OfString("")
	}
	return jsonval.ObjectOf(jsonval.Member{Key: "Error", Value: text(why.Error)}, jsonval.Member{Key: "Cause", Value: cause})
}

// frameFailed ends a frame whose state failed and was not caught.
func (t *turn) frameFailed(f *frame) {
	if f.parent == 0 || f.home == f.id {
		t.endExecution(f, Failed, jsonval.Value{}, f.failure)
		return
	}
	t.childFailed(f)
}
