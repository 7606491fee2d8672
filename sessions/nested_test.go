package sessions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
	"asldbg/sessions/journal"
)

const (
	arns = "arn:aws:states:us-east-1:123456789012:stateMachine:"

	// ordering starts pay and waits for it; notes are started and left to themselves.
	ordering = `{"StartAt":"Note","States":{
		"Note":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","ResultPath":null,"Next":"Pay",
			"Parameters":{"StateMachineArn":"` + arns + `note","Input":{"about.$":"$.id"}}},
		"Pay":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","ResultPath":"$.paid","ResultSelector":{"by.$":"$.Output"},"Next":"Ship",
			"Parameters":{"StateMachineArn":"` + arns + `pay:live","Input":{"cents.$":"$.cents"}},
			"Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.error","Next":"Refused"}]},
		"Ship":{"Type":"Pass","Result":true,"ResultPath":"$.shipped","End":true},
		"Refused":{"Type":"Pass","OutputPath":"$.error.Error","End":true}}}`
	pay = `{"StartAt":"Look","States":{
		"Look":{"Type":"Choice","Choices":[{"Variable":"$.cents","NumericGreaterThan":5000,"Next":"Refuse"}],"Default":"Charge"},
		"Charge":{"Type":"Task","Resource":"FN","Retry":[{"ErrorEquals":["Busy"]}],"End":true},
		"Refuse":{"Type":"Fail","Error":"TooMuch"}}}`
	note = `{"StartAt":"Later","States":{"Later":{"Type":"Wait","Seconds":600,"Next":"Write"},"Write":{"Type":"Pass","End":true}}}`

	// asks is answered by the machine it starts, which knows the token.
	asks = `{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.waitForTaskToken","HeartbeatSeconds":60,"End":true,
		"Parameters":{"StateMachineArn":"` + arns + `answers","Input":{"token.$":"$$.Task.Token"}}}}}`
	answersIt = `{"StartAt":"Think","States":{
		"Think":{"Type":"Wait","Seconds":50,"Next":"Beat"},
		"Beat":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskHeartbeat","Parameters":{"TaskToken.$":"$.token"},"ResultPath":null,"Next":"More"},
		"More":{"Type":"Wait","Seconds":50,"Next":"Answer"},
		"Answer":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess","Parameters":{"TaskToken.$":"$.token","Output":"{\"yes\":true}"},"ResultPath":null,"Next":"Again"},
		"Again":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskFailure","Parameters":{"TaskToken.$":"$.token","Error":"No"},
			"Catch":[{"ErrorEquals":["Sfn.TaskTimedOutException"],"Next":"Late"}],"End":true},
		"Late":{"Type":"Pass","End":true}}}`
)

// nested are the definitions ordering and asks need.
var nested = map[string]string{"pay": pay, "note": note, "answers": answersIt}

// knows makes machines known to a session, by name.
func knows(t testing.TB, o *Options, definitions map[string]string) {
	t.Helper()
	for name, text := range definitions {
		o.Known = append(o.Known, Known{Name: name, Machine: compile(t, text), Mocks: o.Mocks})
	}
}

// recordedMachines are the machines whose definitions a session file holds.
func recordedMachines(t testing.TB, f *journal.File) []Known {
	t.Helper()
	var known []Known
	for _, m := range f.Machines {
		file, found := asl.Parse(m.Name, m.Text, asl.Options{Substitutions: m.Substitutions, Express: m.Express})
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		compiled, err := interp.Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, Known{ARN: m.ARN, Machine: compiled, RoleARN: m.RoleARN, Express: m.Express})
	}
	return known
}

func TestNestedRun(t *testing.T) {
	for name, c := range map[string]struct{ cents, mocks, want string }{
		"pays":  {"100", `{"Charge":[{"throw":{"error":"Busy"}},{"return":"ch_1"}]}`, `{"id":"A-1","cents":100,"paid":{"by":"ch_1"},"shipped":true}`},
		"fails": {"9000", `{}`, `"States.TaskFailed"`},
		// A mock for the task wins: nothing is started.
		"mocked": {"9000", `{"Pay":[{"return":{"Output":"by mock"}}]}`, `{"id":"A-1","cents":9000,"paid":{"by":"by mock"},"shipped":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, ordering, `{"id":"A-1","cents":`+c.cents+`}`)
			o.Mocks = mocks(t, c.mocks)
			knows(t, &o, nested)
			events := kept(&o)
			dir := record(t, &o)
			r, err := Run(context.Background(), o)
			if err != nil || r.Status != interp.Succeeded || r.Output.String() != c.want {
				t.Fatalf("%v %s %s", err, r.Status, r.Output)
			}
			if r.Left != nil || r.Ended.Sub(r.Started) > 5*time.Second {
				t.Errorf("left %v, ended after %s", r.Left, r.Ended.Sub(r.Started))
			}
			// The note is written long after the execution has ended.
			var last history.Event
			for _, last = range history.OfChild(*events, 2, "us-east-1") {
			}
			if last.Type != "ExecutionSucceeded" || last.Timestamp < r.Ended.Add(590*time.Second).UnixMilli() {
				t.Errorf("the note ended %s at %v", last.Type, last.Timestamp)
			}
			f := only(t, dir)
			checked(t, f)
			if want := map[bool]int{true: 1, false: 2}[name == "mocked"]; len(f.Machines) != want || f.Machines[0].ARN != arns+"note" {
				t.Errorf("machines in the file: %+v", f.Machines)
			}
		})
	}
}

func TestNestedSession(t *testing.T) {
	o := options(t, ordering, `{"id":"A-1","cents":100}`)
	o.Mocks = mocks(t, `{"Charge":[{"return":"ch_1"}]}`)
	knows(t, &o, nested)
	dir := record(t, &o)
	s := start(t, o)
	v := do(t, s, "b Charge", "n")
	if r := v.Request(1); at(v) != "PAUSED Pay/Input" || r != nil || len(v.Frames) != 2 || v.Frames[1].State.Name != "Later" || v.Frames[1].Depth != 1 {
		t.Fatalf("%s %+v %+v", at(v), r, v.Frames)
	}
	v = do(t, s, "s", "s")
	if r := v.Request(1); at(v) != "PAUSED Pay/Parameters" || r.State != RequestAsks || r.Here != "going on starts pay here, as an execution of its own" || r.Problem != "" {
		t.Fatalf("%s %+v", at(v), r)
	}
	refuse(t, s, "a", "Pay has nothing to send: going on starts pay here, as an execution of its own")
	v = do(t, s, "s")
	if f := v.Frame(v.Focus); at(v) != "PAUSED Look/Input" || f.Execution.StateMachineARN != arns+"pay" || v.File != f.Execution.Machine.File() {
		t.Fatalf("%s %+v", at(v), f)
	}
	if v.States[v.Frame(v.Focus).State].Visits != 1 || v.States[v.Frame(v.Focus).State].Rule != -2 {
		t.Errorf("marks: %+v", v.States[v.Frame(v.Focus).State])
	}
	v = do(t, s, "c")
	if v.Stop.Text != "Stopped at breakpoint 1 in Charge at its beginning." {
		t.Errorf("%q", v.Stop.Text)
	}
	v = do(t, s, "edit /cents 7", "o")
	if at(v) != "PAUSED Pay/Result" || !strings.HasPrefix(v.Stop.Text, "Charge: ") && !strings.Contains(v.Stop.Text, "TaskSucceeded") {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, "c")
	if v.Stop.Reason != StopEnd || v.Status != interp.Succeeded || v.Over || v.Phase != Paused || v.Stop.Text != "The execution succeeded. An execution it has started runs on: it can be followed to its end." {
		t.Errorf("%s %q over %t", at(v), v.Stop.Text, v.Over)
	}
	if f := v.Frame(v.Focus); f == nil || f.State.Name != "Later" {
		t.Errorf("the focus is on %+v", f)
	}
	v = do(t, s, "c")
	if v.Phase != Ended || !v.Over || v.Output.String() != `{"id":"A-1","cents":100,"paid":{"by":"ch_1"},"shipped":true}` {
		t.Errorf("%s %s", at(v), v.Output)
	}
	// Back into the middle of the nested execution, and on from there.
	v = do(t, s, "goto 12", "fork", "clear 1", "c", "c")
	if v.Phase != Ended || v.Output.Get("shipped").String() != "true" {
		t.Errorf("after the fork: %s %q %s", at(v), v.Stop.Text, v.Output)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := journal.List(dir)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d files, %v", len(list), err)
	}
	for _, i := range list {
		f, err := journal.Open(i.Path)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, f)
		o.Known = recordedMachines(t, f)
		walked, err := Open(t.Context(), f, o)
		if err != nil {
			t.Fatal(err)
		}
		v := do(t, walked, "goto 9", "S")
		if v.Phase != Replay || v.Error != "" {
			t.Errorf("%s %q", at(v), v.Error)
		}
		if err := walked.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNestedToken: the execution a task has started answers its token.
func TestNestedToken(t *testing.T) {
	o := options(t, asks, `{}`)
	knows(t, &o, nested)
	dir := record(t, &o)
	events := kept(&o)
	r, err := Run(context.Background(), o)
	if err != nil || r.Output.String() != `{"yes":true}` || r.Left != nil {
		t.Fatalf("%v %+v", err, r)
	}
	if r.Ended.Sub(r.Started).String() != "1m40s" {
		t.Errorf("it took %s", r.Ended.Sub(r.Started))
	}
	var types []string
	for _, e := range history.OfChild(*events, 2, "us-east-1") {
		types = append(types, e.Type)
	}
	if got := strings.Join(types[len(types)-5:], " "); got != "TaskFailed TaskStateExited PassStateEntered PassStateExited ExecutionSucceeded" {
		t.Errorf("the token was answered a second time: %s", got)
	}
	checked(t, only(t, dir))

	s := start(t, o)
	v := do(t, s, "c")
	if v.Stop.Reason != StopToken && v.Stop.Reason != StopEnd {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	for v = s.View(); v.Phase != Ended; v = do(t, s, "c") {
		if len(v.Steps) > 100 {
			t.Fatalf("no end in sight: %s", at(v))
		}
	}
	if v.Output.String() != `{"yes":true}` {
		t.Errorf("%s", v.Output)
	}
}

func TestNestedNeedsAnswer(t *testing.T) {
	o := options(t, ordering, `{"id":"A-1","cents":100}`)
	_, err := Run(context.Background(), o)
	want := `state "Note" (arn:aws:states:::states:startExecution) needs an answer: no machine is known as "` + arns + `note"`
	if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "--machine "+arns+"note=FILE") {
		t.Errorf("%v", err)
	}
	knows(t, &o, map[string]string{"note": note})
	o.Known = append(o.Known, Known{ARN: arns + "pay", Problem: "pay.asl.json:1:1: there is no StartAt"})
	_, err = Run(context.Background(), o)
	if err == nil || !strings.Contains(err.Error(), "the machine it starts cannot run: pay.asl.json:1:1: there is no StartAt") {
		t.Errorf("%v", err)
	}
}

// TestNestedLeft: what cannot go on after the end is told, not waited for.
func TestNestedLeft(t *testing.T) {
	o := options(t, ordering, `{"id":"A-1","cents":100}`)
	o.Mocks = mocks(t, `{"Pay":[{"return":{"Output":1}}]}`)
	knows(t, &o, map[string]string{"note": charge})
	dir := record(t, &o)
	r, err := Run(context.Background(), o)
	if err != nil || r.Status != interp.Succeeded || len(r.Left) != 1 || !strings.HasPrefix(r.Left[0], "arn:aws:states:us-east-1:123456789012:execution:note:") {
		t.Fatalf("%v %+v", err, r)
	}
	if !strings.HasPrefix(r.LeftWhy.Error(), `state "Charge" (`+function+`) needs an answer`) {
		t.Errorf("%v", r.LeftWhy)
	}
	checked(t, only(t, dir))
}

// TestNestedItself: a machine that starts itself for ever is stopped with an
// error, however it does so.
func TestNestedItself(t *testing.T) {
	for _, how := range []string{"", ".sync"} {
		o := options(t, `{"StartAt":"Me","States":{"Me":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution`+how+`","End":true,
			"Parameters":{"StateMachineArn.$":"$$.StateMachine.Id"}}}}`, `{}`)
		o.Start.StateMachineARN = arns + "me"
		r, err := Run(context.Background(), o)
		if how == "" && r.Status == interp.Succeeded {
			err = r.LeftWhy
		}
		want := fmt.Sprintf(`state "Me" (arn:aws:states:::states:startExecution%s) needs an answer: 10000 executions have been started one by the other`, how)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", how, err)
		}
	}
}

// TestNestedMachine: which machine an ARN means.
func TestNestedMachine(t *testing.T) {
	one, two := compile(t, note), compile(t, note)
	d := newDesk(&Options{
		Machine: two, Start: interp.Start{StateMachineARN: arns + "main"},
		Known: []Known{{ARN: arns + "pay", Machine: one}, {Name: "pay", Machine: two}},
	})
	got := make(map[string]string)
	for _, arn := range []string{
		arns + "pay", arns + "pay:3", arns + "pay:live", arns + "main",
		"arn:aws-cn:states:cn-north-1:123456789012:stateMachine:pay", "pay", arns + "other", arns, arns + "pay:1:2",
		"arn:aws:states:us-east-1:123456789012:execution:pay", "",
	} {
		k, own := d.machine(arn)
		switch {
		case k == nil:
			got[arn] = "unknown"
		case k.ARN != "":
			got[arn] = "by ARN " + own
		default:
			got[arn] = "by name " + own
		}
	}
	want := map[string]string{
		arns + "pay": "by ARN " + arns + "pay", arns + "pay:3": "by ARN " + arns + "pay",
		arns + "pay:live": "by ARN " + arns + "pay", arns + "main": "by ARN " + arns + "main",
		"arn:aws-cn:states:cn-north-1:123456789012:stateMachine:pay": "by name arn:aws-cn:states:cn-north-1:123456789012:stateMachine:pay",
		"pay": "unknown", arns + "other": "unknown", arns: "unknown", arns + "pay:1:2": "unknown",
		"arn:aws:states:us-east-1:123456789012:execution:pay": "unknown", "": "unknown",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNestedReplayUnknown: a recording names the machines it needs.
func TestNestedReplayUnknown(t *testing.T) {
	o := options(t, asks, `{}`)
	knows(t, &o, nested)
	dir := record(t, &o)
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	f := only(t, dir)
	r, err := Check(t.Context(), f, compile(t, f.Header.Definition.Text), nil)
	if err != nil || r.Difference == nil || r.Difference.Computed != "it does not fit: it starts "+arns+"answers, which is not known" {
		t.Errorf("%v %s", err, r)
	}
	if !jsonval.Equal(f.Header.Start.Input, jsonval.EmptyObject) {
		t.Errorf("%s", f.Header.Start.Input)
	}
}
