package sessions

import (
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
)

// fate is what becomes of a failure.
type fate struct {
	retryIn time.Duration
	attempt int    // of the retry, from 1; 0: none
	caught  string // the state that goes on, "" if nothing catches it
	by      string // the state whose catcher or retrier it is
	child   bool   // only a child execution ends
}

func (f fate) ends() bool { return f.attempt == 0 && f.caught == "" && !f.child }

// String is such as "Charge tries again in 2 s" or "Fanout catches it and goes
// to Refund".
func (f fate) String() string {
	switch {
	case f.attempt > 0:
		return fmt.Sprintf("%s tries again in %s (retry %d)", f.by, seconds(f.retryIn), f.attempt)
	case f.caught != "":
		return fmt.Sprintf("%s catches it and goes to %s", f.by, f.caught)
	}
	if f.child {
		return "only this child execution fails"
	}
	return "nothing catches it"
}

// fateOf lets a copy of x go on to see what becomes of a frame that has failed:
// the interpreter's own answer, for x is a value.
func fateOf(x interp.Execution, frame interp.FrameID) fate {
	status := x.Status()
	for {
		turn, err := x.Step(interp.Advance{Frame: frame}, x.Now())
		if err != nil {
			return fate{}
		}
		for i := range turn.Events {
			e := &turn.Events[i]
			switch e.Kind {
			case interp.RetryScheduled:
				return fate{retryIn: e.Due.Sub(e.At), attempt: int(e.Attempt), by: e.State.Name}
			case interp.ErrorCaught:
				return fate{caught: e.State.Catch[e.Index].Next.Name, by: e.State.Name}
			}
		}
		x = turn.After
		around := failed(x)
		if around == nil || around.ID == frame {
			return fate{child: around == nil && x.Status() == status}
		}
		frame = around.ID // the Parallel or Map around it has failed in turn
	}
}

// failed is a frame that has just failed, nil if there is none.
func failed(x interp.Execution) *interp.Frame {
	for _, f := range x.Frames() {
		if f.Failure != nil && f.Run == interp.Ready {
			return &f
		}
	}
	return nil
}

// mostRetries is how many retries ifItFails follows to see what comes after.
const mostRetries = 20

// ifItFails says what an error would do to a task that waits: the next retry,
// and what happens when retrying is over.
func ifItFails(x interp.Execution, call interp.Call, name string) (retry, catch string) {
	why := interp.Outcome{Failure: interp.Fail(name, "")}
	effect := call.Effect
	for range mostRetries {
		turn, err := x.Step(interp.Reply{Effect: effect, Outcome: why}, x.Now())
		if err != nil {
			return retry, ""
		}
		f := fateOf(turn.After, call.Frame)
		if f.attempt == 0 || f.by != call.State.Name {
			if f.ends() {
				return retry, "the execution fails"
			}
			if f.attempt > 0 {
				return retry, fmt.Sprintf("%s tries again", f.by)
			}
			return retry, "catch ─▶ " + f.caught
		}
		if retry == "" {
			retry = fmt.Sprintf("retry %d in %s", f.attempt, seconds(f.retryIn))
		}
		if x, effect = nextAttempt(turn.After, call.Frame); effect == 0 {
			return retry, ""
		}
	}
	return retry, ""
}

// nextAttempt lets the frame's retry happen, up to its call.
func nextAttempt(x interp.Execution, frame interp.FrameID) (interp.Execution, interp.EffectID) {
	turn, err := x.Step(interp.Advance{Frame: frame}, x.Now()) // schedules the retry
	for err == nil {
		for _, e := range turn.Effects {
			if call, ok := e.(interp.Call); ok {
				return turn.After, call.Effect
			}
		}
		x = turn.After
		f, ok := x.Frame(frame)
		switch {
		case !ok || f.Failure != nil && f.Run == interp.Ready:
			return x, 0
		case f.Run == interp.Waiting:
			if len(f.Waits) == 0 {
				return x, 0
			}
			turn, err = x.Step(interp.Fire{Effect: f.Waits[0].ID()}, x.Now())
		default:
			turn, err = x.Step(interp.Advance{Frame: frame}, x.Now())
		}
	}
	return x, 0
}

// exampleError is an error worth trying on a task of this resource.
func exampleError(r interp.Resource) string {
	switch {
	case r.Service == "apigateway":
		return "ApiGateway.500"
	case r.Service == "http":
		return "States.Http.StatusCode.500"
	case strings.HasPrefix(r.Service, "lambda"):
		return "Lambda.ServiceException"
	}
	return "States.TaskFailed"
}
