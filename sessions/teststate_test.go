package sessions

import (
	"context"
	"errors"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// slowHandler answers when it is given up.
type slowHandler struct{}

func (slowHandler) Handles(interp.Resource) bool { return true }

func (slowHandler) Prepare(context.Context, interp.Call) (task.Draft, error) {
	return task.Draft{Method: "GET", URL: "http://127.0.0.1:9/"}, nil
}

func (slowHandler) Send(ctx context.Context, s task.Sealed) (interp.Outcome, task.Exchange) {
	<-ctx.Done()
	return interp.Outcome{Failure: interp.Fail("Given.Up", "")}, task.Exchange{Sent: s}
}

// TestRuntimeCause: what a handler finds wrong only when it has the answer names
// the state, as all causes of States.Runtime do.
func TestRuntimeCause(t *testing.T) {
	o := options(t, charge, `{}`)
	o.Policy = live(t)
	o.Handlers = []task.Handler{&api{send: func(context.Context, int, task.Sealed) interp.Outcome {
		return interp.Outcome{Failure: interp.Fail("States.Runtime", "The answer is a picture")}
	}}}
	r, err := Run(t.Context(), o)
	if err != nil || r.Status != interp.Failed || *r.Failure.Error != "States.Runtime" ||
		*r.Failure.Cause != "An error occurred while executing the state 'Charge' (entered at the event id #2). The answer is a picture" {
		t.Errorf("%v %+v %v", err, r, r.Failure)
	}
}

// TestTriedTooLong: work of a state that is tried ends with the state's time, or
// with the program's.
func TestTriedTooLong(t *testing.T) {
	policy, err := task.NewPolicy([]string{"*"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(&Options{Handlers: []task.Handler{slowHandler{}}, Policy: policy})
	call := interp.Call{State: &asl.State{Name: "Call"}, Input: jsonval.EmptyObject}
	const within = 20 * time.Millisecond
	if w, err := d.test(t.Context(), call, within, false); err != nil || w.Took < within || w.Request.Exists() {
		t.Errorf("%+v %v", w, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.test(ctx, call, 0, false); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}
