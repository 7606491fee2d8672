package interp_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
)

func compile(t testing.TB, definition string) *interp.Machine {
	t.Helper()
	f, found := asl.Parse("test.asl.json", definition, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// everything has branches, iterations, tasks, retries, catchers, waits, choices
// and variables: all that can interleave.
const everything = `{"StartAt":"Init","TimeoutSeconds":3000,"States":{
	"Init":{"Type":"Pass","Result":{"n":2,"items":[1,2,3]},"Assign":{"v":1},"Next":"Both"},
	"Both":{"Type":"Parallel","ResultPath":"$.both","Retry":[{"ErrorEquals":["Again"],"MaxAttempts":1,"JitterStrategy":"FULL"}],
		"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.err","Next":"Each"}],"Next":"Each","Branches":[
		{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","TimeoutSeconds":30,
			"Retry":[{"ErrorEquals":["Flaky"],"IntervalSeconds":2}],"Parameters":{"ApiEndpoint":"a.execute-api.us-east-1.amazonaws.com","Method":"GET"},"End":true}}},
		{"StartAt":"Token","States":{"Token":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":20,
			"Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"Next":"Nap"},"Nap":{"Type":"Wait","Seconds":5,"End":true}}},
		{"StartAt":"Start","States":{"Start":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":"m","Name":"one"},"Next":"Sync"},
			"Sync":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","TimeoutSeconds":9,"Parameters":{"StateMachineArn":"m","Name":"one"},
				"Retry":[{"ErrorEquals":["States.TaskFailed"],"MaxAttempts":1}],"End":true}}}]},
	"Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"ItemSelector":{"i.$":"$$.Map.Item.Value","u.$":"States.UUID()"},"ResultPath":"$.each",
		"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Done"}],
		"ItemProcessor":{"StartAt":"Pick","States":{
			"Pick":{"Type":"Choice","Choices":[{"Variable":"$.i","NumericGreaterThan":1,"Next":"Work"}],"Default":"Skip"},
			"Skip":{"Type":"Pass","End":true},
			"Work":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}},"Next":"Spread"},
	"Spread":{"Type":"Map","MaxConcurrency":3,"ToleratedFailureCount":2,"ItemBatcher":{"MaxItemsPerBatch":2},
		"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","ReaderConfig":{"MaxItems":7},"Parameters":{"Bucket":"b"}},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},
		"Retry":[{"ErrorEquals":["States.ExceedToleratedFailureThreshold"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Query"}],
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Two","States":{
			"Two":{"Type":"Parallel","Next":"Inner","Branches":[
				{"StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":1,"End":true}}},
				{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}]},
			"Inner":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"Sel","States":{
				"Sel":{"Type":"Pass","Parameters":{"x.$":"$[0]"},"End":true}}},"End":true}}},"Next":"Query"},
	"Query":{"Type":"Map","QueryLanguage":"JSONata","Items":"{% [1..3] %}","MaxConcurrency":"{% $v + 1 %}",
		"ItemSelector":{"i":"{% $states.context.Map.Item.Value %}","u":"{% $uuid() %}","r":"{% $random() %}"},
		"Assign":{"v":"{% $v + $count($states.result) %}"},"Output":{"u":"{% $states.result.u %}","now":"{% $now() %}"},
		"Retry":[{"ErrorEquals":["States.QueryEvaluationError"],"MaxAttempts":1}],
		"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"v":"{% $v & $states.errorOutput.Error %}"},"Output":"{% $states.input %}","Next":"Done"}],
		"ItemProcessor":{"StartAt":"Try","States":{
			"Try":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Arguments":"{% $states.input.i = 3 ? $states.input.none : $states.input %}",
				"Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Output":"{% $states.errorOutput %}","Next":"If"}],"Next":"If"},
			"If":{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"{% $exists($states.input.Error) %}","Output":"{% $states.input.Error %}","Next":"Rest2"}],"Default":"Rest2"},
			"Rest2":{"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% $floor($random() * 3) %}","End":true}}},"Next":"Done"},
	"Done":{"Type":"Succeed"}}}`

// play drives an execution with inputs chosen by choose until it ends or the
// steps are used up, and returns what it did and everything that followed.
func play(t *testing.T, m *interp.Machine, choose func(n int) int, steps int) (inputs []interp.Input, all []interp.Execution, events []interp.Event) {
	t.Helper()
	at := time.Unix(1767355200, 0)
	turn := m.Start(interp.Start{Seed: 7}, at)
	all = append(all, turn.After)
	events = append(events, turn.Events...)
	for range steps {
		x := turn.After
		if x.Over() {
			break
		}
		var options []interp.Input
		for _, id := range x.Ready() {
			options = append(options, interp.Advance{Frame: id})
		}
		for _, e := range x.Pending() {
			switch e := e.(type) {
			case interp.Read:
				failed := interp.Outcome{Failure: interp.Fail("States.ItemReaderFailed", "x")}
				options = append(options, interp.Reply{Effect: e.Effect, Outcome: failed},
					interp.Items{Effect: e.Effect, Items: []jsonval.Value{jsonval.OfInt(1)}},
					interp.Items{Effect: e.Effect, Items: []jsonval.Value{jsonval.True, jsonval.True, jsonval.True}[:min(3, e.Max)]},
					interp.Items{Effect: e.Effect, Last: true})
			case interp.Write:
				options = append(options, interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Result: jsonval.NullValue}},
					interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Failure: interp.Fail("States.ResultWriterFailed", "x")}})
			case interp.Timer:
				options = append(options, interp.Fire{Effect: e.Effect})
			case interp.Call:
				options = append(options,
					interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Result: jsonval.OfInt(int64(e.Effect))}},
					interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Failure: interp.Fail("Flaky", "x")}},
					interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Failure: interp.Fail("Again", "x")}})
				if e.Resource.StartsExecution() {
					start := interp.StartExecution{Effect: e.Effect, StateMachineARN: "m", Machine: m}
					options = append(options, start, start, start)
				}
				if e.Token != "" {
					options = append(options, interp.Submitted{Effect: e.Effect, Result: jsonval.True}, interp.Heartbeat{Token: e.Token},
						interp.Callback{Token: e.Token, Outcome: interp.Outcome{Result: jsonval.True}})
				}
			}
		}
		if len(options) == 0 {
			t.Fatalf("it runs, but nothing is ready or pending")
		}
		in := options[choose(len(options))]
		next, err := x.Step(in, at)
		if err != nil {
			if _, ok := in.(interp.Submitted); ok {
				continue // once is enough
			}
			t.Fatalf("%#v: %v", in, err)
		}
		inputs = append(inputs, in)
		turn = next
		all = append(all, turn.After)
		events = append(events, turn.Events...)
	}
	return inputs, all, events
}

// dump is everything events say, without addresses.
func dump(events []interp.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintln(&b, e.Kind, e.Stage, e.Frame, e.Child, e.Parent, e.Index, e.Attempt, e.At.UnixNano(), e.Value, e.Due.UnixNano())
		if e.State != nil {
			fmt.Fprintln(&b, e.State.Name)
		}
		if e.Failure != nil && e.Failure.Error != nil {
			fmt.Fprintln(&b, *e.Failure.Error)
		}
	}
	return b.String()
}

// picture is all that can be seen of an execution, without addresses.
func picture(x interp.Execution) string {
	var b strings.Builder
	fmt.Fprintln(&b, x.Status(), x.Output(), x.Now().UnixNano(), x.Ready())
	for _, f := range x.Frames() {
		fmt.Fprintln(&b, f.ID, f.Parent, f.Depth, f.Branch, f.State.Name, f.Stage, f.Run, f.Attempt, f.Data, f.Failure != nil, f.Token, f.Variables, f.Rule, f.Children, f.ChildrenDone, f.ChildrenAll)
	}
	for _, e := range x.Pending() {
		switch e := e.(type) {
		case interp.Call:
			fmt.Fprintln(&b, e.Effect, e.Frame, e.State.Name, e.Input, e.Token, e.Attempt, e.Path)
		case interp.Read:
			fmt.Fprintln(&b, e.Effect, e.Frame, e.Parameters, e.From, e.Max)
		case interp.Write:
			fmt.Fprintln(&b, e.Effect, e.Frame, e.Key, e.Text, e.Append)
		case interp.Timer:
			fmt.Fprintln(&b, e.Effect, e.Frame, e.Reason, e.Due.UnixNano())
		}
	}
	return b.String()
}

func checkInterleaving(t *testing.T, choose func(n int) int) {
	t.Helper()
	m := compile(t, everything)
	inputs, all, events := play(t, m, choose, 2000)
	before := make([]string, len(all))
	for i, x := range all {
		before[i] = picture(x)
	}
	// The same inputs give the same events, also from old Executions.
	var again []interp.Event
	turn := m.Start(interp.Start{Seed: 7}, time.Unix(1767355200, 0))
	again = append(again, turn.Events...)
	for i, in := range inputs {
		next, err := all[i].Step(in, time.Unix(1767355200, 0))
		if err != nil {
			t.Fatalf("step %d again: %v", i, err)
		}
		again = append(again, next.Events...)
		if got := picture(next.After); got != before[i+1] {
			t.Fatalf("step %d again gives\n%s\nnot\n%s", i, got, before[i+1])
		}
	}
	if dump(again) != dump(events) {
		t.Fatal("the same inputs gave other events")
	}
	for i, x := range all {
		if picture(x) != before[i] {
			t.Fatalf("execution %d changed after it was left", i)
		}
	}
	roots := []interp.FrameID{0}
	for _, e := range events {
		if e.Kind == interp.ExecutionStarted && e.Child != 0 {
			roots = append(roots, e.Child)
		}
	}
	for _, root := range roots {
		last := ""
		for i, e := range history.OfChild(events, root, "us-east-1") {
			ends := e.Type == "ExecutionTimedOut" || e.Type == "ExecutionAborted"
			if e.ID != i+1 || e.PreviousEventID >= e.ID || e.PreviousEventID < 0 || e.PreviousEventID == 0 && e.ID > 2 && !ends {
				t.Fatalf("history of %d: event %d %s points at %d", root, e.ID, e.Type, e.PreviousEventID)
			}
			if e.ID == 1 != (e.Type == "ExecutionStarted") || strings.HasPrefix(last, "Execution") && last != "ExecutionStarted" {
				t.Fatalf("history of %d: event %d is %s, after %s", root, e.ID, e.Type, last)
			}
			last = e.Type
		}
	}
}

func TestAnyInterleavingReplays(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		checkInterleaving(t, r.IntN)
	}
}

func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, choices []byte) {
		i := 0
		checkInterleaving(t, func(n int) int {
			if i++; i > len(choices) {
				return 0
			}
			return int(choices[i-1]) % n
		})
	})
}

func TestRunIsStepInALoop(t *testing.T) {
	m := compile(t, everything)
	at := time.Unix(1767355200, 0)
	begin := m.Start(interp.Start{Seed: 3}, at)
	run, n := begin.After.Run(at, 0, nil)
	x := begin.After
	var events []interp.Event
	for range n {
		turn, err := x.Step(interp.Advance{Frame: x.Ready()[0]}, at)
		if err != nil {
			t.Fatal(err)
		}
		x = turn.After
		events = append(events, turn.Events...)
	}
	if len(x.Ready()) != 0 || dump(events) != dump(run.Events) || picture(x) != picture(run.After) {
		t.Error("Run does something else than Step in a loop")
	}
	some, k := begin.After.Run(at, n-1, nil)
	if k != n-1 || len(some.After.Ready()) != 1 {
		t.Errorf("Run with a limit of %d made %d advances", n-1, k)
	}
}

func TestInputsThatDoNotFit(t *testing.T) {
	m := compile(t, everything)
	at := time.Unix(1767355200, 0)
	turn, _ := m.Start(interp.Start{}, at).After.Run(at, 0, nil)
	for _, in := range []interp.Input{
		interp.Advance{Frame: 99},
		interp.Advance{Frame: 1},
		interp.Reply{Effect: 99},
		interp.Fire{Effect: 99},
		interp.Callback{Token: "nope"},
		interp.Callback{},
		interp.Heartbeat{Token: "nope"},
		interp.Edit{Frame: 1, Value: jsonval.True},
		interp.Edit{Frame: 99, Value: jsonval.True},
	} {
		if _, err := turn.After.Step(in, at); err == nil {
			t.Errorf("%#v was taken", in)
		}
	}
	stopped, err := turn.After.Step(interp.Stop{}, at)
	if err != nil || stopped.After.Status() != interp.Aborted {
		t.Errorf("Stop: %v, %s", err, stopped.After.Status())
	}
	if _, err := stopped.After.Step(interp.Advance{Frame: 1}, at); err == nil {
		t.Error("an execution that is over took an input")
	}
}

func TestEditReplacesTheCurrentData(t *testing.T) {
	m := compile(t, `{"StartAt":"P","States":{"P":{"Type":"Pass","ResultPath":"$.r","End":true}}}`)
	at := time.Unix(1767355200, 0)
	x := m.Start(interp.Start{Input: jsonval.MustParse(`{"a":1}`)}, at).After
	turn, err := x.Step(interp.Edit{Frame: 1, Value: jsonval.MustParse(`{"a":2}`)}, at)
	if err != nil {
		t.Fatal(err)
	}
	turn, _ = turn.After.Run(at, 0, nil)
	if got := turn.After.Output().String(); got != `{"a":2,"r":{"a":2}}` {
		t.Errorf("output after the edit: %s", got)
	}
}

func TestEditedItemsAreAnArray(t *testing.T) {
	m := compile(t, `{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}`)
	at := time.Unix(1767355200, 0)
	turn, n := m.Start(interp.Start{Input: jsonval.MustParse(`[1]`)}, at).After.Run(at, 1, nil)
	if n != 1 {
		t.Fatalf("%d advances", n)
	}
	if _, err := turn.After.Step(interp.Edit{Frame: 1, Value: jsonval.MustParse(`{"a":1}`)}, at); err == nil || err.Error() != `the items of state "M" are an array, not object` {
		t.Errorf("an object as items: %v", err)
	}
	turn, err := turn.After.Step(interp.Edit{Frame: 1, Value: jsonval.MustParse(`[7,8]`)}, at)
	if err != nil {
		t.Fatal(err)
	}
	turn, _ = turn.After.Run(at, 0, nil)
	if got := turn.After.Output().String(); got != `[7,8]` {
		t.Errorf("output after the edit: %s", got)
	}
}

func TestHistoryQuota(t *testing.T) {
	m := compile(t, `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"Z"}],"Default":"B"},"B":{"Type":"Pass","Next":"A"},"Z":{"Type":"Succeed"}}}`)
	at := time.Unix(1767355200, 0)
	begin := m.Start(interp.Start{}, at)
	turn, _ := begin.After.Run(at, 100000, nil)
	if turn.After.Status() != interp.Failed || *turn.After.Failure().Cause != "The execution reached the maximum number of history events (25000)." {
		t.Fatalf("it ended %s: %v", turn.After.Status(), turn.After.Failure())
	}
	events := history.Of(append(begin.Events, turn.Events...), "us-east-1")
	if n := len(events); n != 25000 || events[n-1].Type != "ExecutionFailed" {
		t.Errorf("the history has %d events, the last is %s", n, events[n-1].Type)
	}
}
