package interp_test

import (
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

var noon = time.Unix(1767355200, 0)

// TestStartAtAState begins in the middle, with what would be there by then.
func TestStartAtAState(t *testing.T) {
	m := compile(t, `{"StartAt":"Set","States":{
		"Set":{"Type":"Pass","Assign":{"v":1},"Next":"Each"},
		"Each":{"Type":"Map","ItemProcessor":{"StartAt":"In","States":{
			"In":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sns:publish","Parameters":{"v.$":"$v","name.$":"$$.Execution.Name"},
				"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":3}],"End":true}}},"End":true}}}`)
	inner := m.File().Machine.State("Each").ItemProcessor.State("In")
	turn := m.Start(interp.Start{
		At: inner, Variables: jsonval.MustParse(`{"v":7}`), Context: jsonval.MustParse(`{"Execution":{"Name":"mine"}}`), Retried: 2,
	}, noon)
	turn, _ = turn.After.Run(noon, 0, nil)
	call, ok := turn.Effects[0].(interp.Call)
	if !ok || call.Input.String() != `{"v":7,"name":"mine"}` || call.Attempt != 2 {
		t.Fatalf("it asks for %+v", turn.Effects)
	}
	fail := func(x interp.Execution, id interp.EffectID) interp.Turn {
		turn, err := x.Step(interp.Reply{Effect: id, Outcome: interp.Outcome{Failure: interp.Fail("Any", "")}}, noon)
		if err != nil {
			t.Fatal(err)
		}
		turn, _ = turn.After.Run(noon, 0, nil)
		return turn
	}
	turn = fail(turn.After, call.Effect)
	timer, ok := turn.After.NextTimer()
	if !ok || timer.Due.Sub(noon) != 4*time.Second {
		t.Fatalf("the third retry is due at %v", timer.Due.Sub(noon))
	}
	turn, err := turn.After.Step(interp.Fire{Effect: timer.Effect}, noon)
	if err != nil {
		t.Fatal(err)
	}
	turn, _ = turn.After.Run(noon, 0, nil)
	if turn = fail(turn.After, turn.Effects[0].ID()); turn.After.Status() != interp.Failed {
		t.Errorf("after three retries it is %s", turn.After.Status())
	}
}

func TestInsteadOfChildren(t *testing.T) {
	m := compile(t, `{"StartAt":"Both","States":{
		"Both":{"Type":"Parallel","ResultPath":"$.both","Next":"Each","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}]},
		"Each":{"Type":"Map","ItemsPath":"$.both","MaxConcurrency":3,"Catch":[{"ErrorEquals":["Bad"],"Next":"Done"}],
			"ItemProcessor":{"StartAt":"Q","States":{"Q":{"Type":"Pass","End":true}}},"End":true},
		"Done":{"Type":"Succeed"}}}`)
	x := m.Start(interp.Start{}, noon).After
	step := func(in interp.Input) []interp.Event {
		t.Helper()
		turn, err := x.Step(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		x = turn.After
		return turn.Events
	}
	ok := interp.Outcome{Result: jsonval.MustParse(`[1,2]`)}
	step(interp.Instead{Frame: 1, Outcome: ok})
	if _, err := x.Step(interp.Instead{Frame: 1, Outcome: ok}, noon); err == nil {
		t.Error("the Parallel has worked, and takes another outcome")
	}
	for range 2 { // ResultPath, then on to the Map
		step(interp.Advance{Frame: 1})
	}
	if _, err := x.Step(interp.Instead{Frame: 1, Outcome: ok}, noon); err == nil {
		t.Error("the Map does not know its items yet, and takes an outcome")
	}
	step(interp.Advance{Frame: 1})
	for _, bad := range []interp.Input{
		interp.Instead{Frame: 2, Outcome: ok},
		interp.Instead{Frame: 1},
		interp.Instead{Frame: 1, Outcome: interp.Outcome{Result: ok.Result, Failure: interp.Fail("Bad", "")}},
	} {
		if _, err := x.Step(bad, noon); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	events := step(interp.Instead{Frame: 1, Outcome: interp.Outcome{Failure: interp.Fail("Bad", "why")}})
	if len(events) != 1 || events[0].Kind != interp.MapStateStarted || events[0].Index != 2 || events[0].Value.String() != "3" {
		t.Errorf("the Map starts with %+v", events)
	}
	turn, _ := x.Run(noon, 0, nil)
	if got := turn.After.Output().String(); got != `{"Error":"Bad","Cause":"why"}` {
		t.Errorf("the output is %s", got)
	}
}

func TestRetrierOf(t *testing.T) {
	s := &asl.State{Retry: []*asl.Retrier{{ErrorEquals: []string{"A"}}, {ErrorEquals: []string{"States.ALL"}}}}
	for name, want := range map[string]int{"A": 0, "B": 1, "States.Timeout": 1, "States.Runtime": -1} {
		if got := interp.RetrierOf(s, interp.Fail(name, "")); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}
