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
