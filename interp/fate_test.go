package interp_test

import (
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// TestFate asks what would become of an error before it happens: states-language.net,
// "Errors", "Retrying after error" and "Fallback states".
func TestFate(t *testing.T) {
	const text = `{"StartAt": "Both", "States": {
	  "Both": {"Type": "Parallel", "Branches": [{"StartAt": "Charge", "States": {"Charge": {
	      "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge", "End": true,
	      "Retry": [
	        {"ErrorEquals": ["ApiGateway.429"], "MaxAttempts": 0},
	        {"ErrorEquals": ["ApiGateway.500", "ApiGateway.503"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 2}],
	      "Catch": [{"ErrorEquals": ["ApiGateway.404"], "Next": "Missing"}]},
	    "Missing": {"Type": "Pass", "End": true}}}],
	    "Retry": [{"ErrorEquals": ["ApiGateway.400"], "IntervalSeconds": 7, "MaxAttempts": 1}],
	    "Catch": [{"ErrorEquals": ["ApiGateway.500", "ApiGateway.429"], "Next": "Refund"}], "End": true},
	  "Refund": {"Type": "Pass", "End": true}}}`
	file, found := asl.Parse("fate.asl.json", text, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	x := m.Start(interp.Start{Input: jsonval.EmptyObject}, at).After
	turn, _ := x.Run(at, 0, nil)
	x = turn.After
	call := x.Pending()[0].(interp.Call)
	type want struct {
		state            string
		retrier, attempt int
		delay            time.Duration
		left             int64
		next             string
	}
	is := func(what string, f interp.Fate, w want) {
		t.Helper()
		got := want{retrier: f.Retrier, attempt: f.Attempt, delay: f.Delay, left: f.Left}
		if f.State != nil {
			got.state = f.State.Name
		}
		if next := f.Next(); next != nil {
			got.next = next.Name
		}
		if got != w || f.Ends() != (w.state == "") {
			t.Errorf("%s: %+v, want %+v", what, got, w)
		}
	}
	ask := func(name string) interp.Fate { return x.IfFailed(call.Frame, interp.Fail(name, "")) }
	is("500", ask("ApiGateway.500"), want{"Charge", 1, 1, 2 * time.Second, 1, ""})
	is("500 for good", x.IfRetriesFail(call.Frame, interp.Fail("ApiGateway.500", "")), want{"Both", -1, 0, 0, 0, "Refund"})
	is("503 for good", x.IfRetriesFail(call.Frame, interp.Fail("ApiGateway.503", "")), want{retrier: -1})
	is("404", ask("ApiGateway.404"), want{"Charge", -1, 0, 0, 0, "Missing"})
	is("429", ask("ApiGateway.429"), want{"Both", -1, 0, 0, 0, "Refund"})
	is("400", ask("ApiGateway.400"), want{"Both", 0, 1, 7 * time.Second, 0, ""})
	is("418", ask("ApiGateway.418"), want{retrier: -1})
	is("States.Runtime, which nothing handles", ask("States.Runtime"), want{retrier: -1})
	is("no such frame", x.IfFailed(99, interp.Fail("E", "")), want{retrier: -1})

	// After the first retry the second is three times as far.
	step := func(in interp.Input) {
		t.Helper()
		turn, err := x.Step(in, x.Now())
		if err != nil {
			t.Fatal(err)
		}
		x = turn.After
	}
	step(interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: interp.Fail("ApiGateway.500", "")}})
	is("the failure it has", x.IfFailed(call.Frame, nil), want{"Charge", 1, 1, 2 * time.Second, 1, ""})
	step(interp.Advance{Frame: call.Frame})
	step(interp.Fire{Effect: x.Pending()[0].ID()})
	turn, _ = x.Run(x.Now(), 0, nil)
	x = turn.After
	is("500 again", ask("ApiGateway.500"), want{"Charge", 1, 2, 6 * time.Second, 0, ""})
}
