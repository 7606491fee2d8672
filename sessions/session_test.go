package sessions

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/mock"
	"asldbg/sessions/command"
	"asldbg/sessions/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 2, 12, 4, 7, 0, time.UTC)

// function is the Resource of the tasks in these tests.
const function = "arn:aws:lambda:us-east-1:123456789012:function:charge"

// order has most of what a machine can do. FN is replaced by function.
const order = `{
  "StartAt": "Validate",
  "States": {
    "Validate": {"Type": "Pass", "ResultPath": "$.ok", "Result": true, "Next": "InStock?"},
    "InStock?": {"Type": "Choice", "Choices": [{"Variable": "$.total", "NumericGreaterThan": 0, "Next": "Charge"}], "Default": "SoldOut"},
    "Charge": {
      "Type": "Task", "Resource": "FN", "TimeoutSeconds": 30,
      "Parameters": {"order.$": "$.id", "cents.$": "$.total"},
      "ResultSelector": {"id.$": "$.id"}, "ResultPath": "$.charge",
      "Retry": [{"ErrorEquals": ["ApiGateway.500"], "IntervalSeconds": 2, "MaxAttempts": 1}],
      "Catch": [{"ErrorEquals": ["Declined"], "ResultPath": "$.error", "Next": "Refund"}],
      "Next": "Pause"
    },
    "Pause": {"Type": "Wait", "Seconds": 60, "Next": "Fanout"},
    "Fanout": {
      "Type": "Parallel", "ResultPath": "$.sent", "Next": "Done",
      "Branches": [
        {"StartAt": "Email", "States": {"Email": {"Type": "Pass", "Result": "mailed", "End": true}}},
        {"StartAt": "Ship", "States": {"Ship": {"Type": "Pass", "Result": "packed", "Next": "Label"}, "Label": {"Type": "Pass", "End": true}}}
      ]
    },
    "Done": {"Type": "Succeed"},
    "Refund": {"Type": "Pass", "End": true},
    "SoldOut": {"Type": "Fail", "Error": "SoldOut", "Cause": "nothing left"}
  }
}`

// jsonataOrder is one in JSONata, with chance, time and a failure that is caught.
const jsonataOrder = `{
  "QueryLanguage": "JSONata",
  "StartAt": "Validate",
  "States": {
    "Validate": {"Type": "Pass", "Assign": {"nonce": "{% $uuid() %}", "total": "{% $states.input.total %}"}, "Next": "InStock?"},
    "InStock?": {"Type": "Choice", "Choices": [{"Condition": "{% $total > 0 %}", "Next": "Charge"}], "Default": "Done"},
    "Charge": {
      "Type": "Task", "Resource": "FN", "TimeoutSeconds": "{% $floor($random() * 10) + 1 %}",
      "Arguments": {"order": "{% $states.input.id %}", "cents": "{% $total %}", "nonce": "{% $nonce %}"},
      "Assign": {"total": 0}, "Output": {"charge": "{% $states.result.id %}", "at": "{% $now() %}", "total": "{% $total %}"},
      "Next": "Broken"
    },
    "Broken": {
      "Type": "Map", "Items": "{% $states.input.none %}", "ItemProcessor": {"StartAt": "Never", "States": {"Never": {"Type": "Succeed"}}},
      "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"why": "{% $states.errorOutput.Error %}"}, "Output": "{% $states.input %}", "Next": "Done"}],
      "Next": "Done"
    },
    "Done": {"Type": "Succeed", "Output": "{% $merge([$states.input, {'why': $why}]) %}"}
  }
}`

const orderInput = `{"id":"A-1041","total":1999}`

func compile(t testing.TB, text string) *interp.Machine {
	t.Helper()
	file, found := asl.Parse("order.asl.json", strings.ReplaceAll(text, "FN", function), asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func options(t testing.TB, machine, input string) Options {
	return Options{
		Machine: compile(t, machine), StartAt: noon,
		Start: interp.Start{Name: "a", Seed: 7, Input: jsonval.MustParse(input)},
	}
}

func mocks(t testing.TB, text string) *mock.Mocks {
	t.Helper()
	m, err := mock.Parse("mocks.json", text, "order", "")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// live lets everything out.
func live(t testing.TB) task.Policy {
	t.Helper()
	p, err := task.NewPolicy([]string{"*"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// api is a fake service: it answers what send says and keeps what was sent.
type api struct {
	mu   sync.Mutex
	sent []task.Sealed
	send func(ctx context.Context, n int, req task.Sealed) interp.Outcome
}

func (a *api) Handles(r interp.Resource) bool { return r.Kind == interp.LambdaResource }

func (a *api) Prepare(_ context.Context, call interp.Call) (task.Draft, error) {
	if call.Input.Get("refuse").Bool() {
		return task.Draft{}, &task.ParameterError{Problems: []string{"The value is refused"}}
	}
	return task.Draft{
		Method: http.MethodPost, URL: "https://api.example.com/charges",
		Header: http.Header{"User-Agent": {"asldbg/test"}, "Content-Type": {"application/json"}, "X-Api-Key": {"secret-key-1"}},
		Body:   call.Input.AppendJSON(nil), Scope: &task.Scope{Service: "execute-api", Region: "eu-west-1"},
	}, nil
}

func (a *api) Send(ctx context.Context, req task.Sealed) (interp.Outcome, task.Exchange) {
	a.mu.Lock()
	n := len(a.sent)
	a.sent = append(a.sent, req)
	a.mu.Unlock()
	return a.send(ctx, n, req), task.Exchange{Sent: req}
}

func answers(texts ...string) *api {
	return &api{send: func(_ context.Context, n int, _ task.Sealed) interp.Outcome {
		text := texts[min(n, len(texts)-1)]
		if name, failed := strings.CutPrefix(text, "!"); failed {
			return interp.Outcome{Failure: interp.Fail(name, "said so")}
		}
		return interp.Outcome{Result: jsonval.MustParse(text)}
	}}
}

// start begins a session that ends with the test.
func start(t testing.TB, o Options) *Session {
	t.Helper()
	s, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// do carries out commands and waits until the session stands still.
func do(t testing.TB, s *Session, lines ...string) View {
	t.Helper()
	for _, line := range lines {
		c, err := command.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Do(context.Background(), c); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if err := s.Wait(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return s.View()
}

func refuse(t testing.TB, s *Session, line, want string) {
	t.Helper()
	c, err := command.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	before := s.View()
	if err := s.Do(context.Background(), c); err == nil || err.Error() != want {
		t.Errorf("%s: %v, want %q", line, err, want)
	}
	if after := s.View(); len(after.Steps) != len(before.Steps) || after.Cursor != before.Cursor || after.Phase != before.Phase {
		t.Errorf("%s was refused, yet something happened: %+v", line, after)
	}
}

// at is where a View stands: phase, state and last stage, and the stop's text.
func at(v View) string {
	where := "over"
	if f := v.Frame(v.Focus); f != nil {
		where = f.State.Name + "/" + f.Stage.Name(f.State)
	}
	return v.Phase.String() + " " + where
}

func TestStepping(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88","more":1}}]}`)
	s := start(t, o)
	want := []string{
		"PAUSED Validate/Input",
		"PAUSED Validate/Result",
		"PAUSED Validate/ResultPath",
		"PAUSED InStock?/Input",
		"PAUSED InStock?/Choices",
		"PAUSED Charge/Input",
		"PAUSED Charge/Parameters",
		"HELD Charge/Parameters", // the call is made, the mock's answer waits
		"PAUSED Charge/Result",
		"PAUSED Charge/ResultSelector",
		"PAUSED Charge/ResultPath",
		"PAUSED Pause/Input",
		"PAUSED Pause/Input", // waiting
		"PAUSED Pause/Wait",
		"PAUSED Fanout/Input",
		"PAUSED Email/Input", // into the first branch
		"PAUSED Email/Result",
		"PAUSED Ship/Input", // Email is over
		"PAUSED Ship/Result",
		"PAUSED Label/Input",
		"PAUSED Fanout/Result",
		"PAUSED Fanout/ResultPath",
		"PAUSED Done/Input",
		"ENDED Done/Input",
	}
	var got []string
	for v := s.View(); ; v = do(t, s, "s") {
		got = append(got, at(v))
		if v.Phase == Ended {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	v := s.View()
	if v.Output.String() != `{"id":"A-1041","total":1999,"ok":true,"charge":{"id":"ch_88"},"sent":["mailed","packed"]}` {
		t.Errorf("output: %s", v.Output)
	}
	if !v.Now.Equal(noon.Add(time.Minute)) {
		t.Errorf("the clock shows %v: it should have jumped over the wait", v.Now)
	}
	if v.Stop.Text != "The execution succeeded." || v.Stop.Reason != StopEnd {
		t.Errorf("stop: %+v", v.Stop)
	}
	if len(v.Calls) != 1 || v.Calls[0].By != "mock" || v.Calls[0].State != "Charge" {
		t.Errorf("calls: %+v", v.Calls)
	}
	file := v.File.Machine
	if m := v.States[file.State("InStock?")]; m.Rule != 0 || m.Visits != 1 || !m.Done {
		t.Errorf("InStock? is marked %+v", m)
	}
	if m := v.States[file.State("SoldOut")]; m.Rule != -2 || m.Visits != 0 {
		t.Errorf("SoldOut is marked %+v", m)
	}
	refuse(t, s, "s", "the execution is over: SUCCEEDED; back goes back in it")
	refuse(t, s, "edit 5", "the execution is over: SUCCEEDED")
}

func TestNextAndOut(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88"}}]}`)
	s := start(t, o)
	var got []string
	for _, line := range []string{"n", "n", "n", "n", "s", "n", "o", "n", "n"} {
		got = append(got, line+" "+at(do(t, s, line)))
	}
	want := []string{
		"n PAUSED InStock?/Input",
		"n PAUSED Charge/Input",
		"n PAUSED Pause/Input",
		"n PAUSED Fanout/Input",
		"s PAUSED Email/Input",
		"n PAUSED Ship/Input", // Email was the last state of its branch
		"o PAUSED Fanout/Result",
		"n PAUSED Done/Input",
		"n ENDED Done/Input",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestContinueToTheEnd(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"ApiGateway.500","cause":"try later"}},{"return":{"id":"ch_88"}}]}`)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Phase != Ended || v.Status != interp.Succeeded {
		t.Fatalf("%s %s", at(v), v.Stop.Text)
	}
	if !v.Now.Equal(noon.Add(62 * time.Second)) {
		t.Errorf("the clock shows %v", v.Now)
	}
	if m := v.States[v.File.Machine.State("Charge")]; m.Attempt != 1 || m.Failed || !m.Done {
		t.Errorf("Charge is marked %+v", m)
	}
	if len(v.Calls) != 2 || v.Calls[0].Status != 500 || v.Calls[1].Attempt != 1 {
		t.Errorf("calls: %+v", v.Calls)
	}
}

func TestBreakpoints(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"ApiGateway.500","cause":"try later"}},{"throw":{"error":"Declined","cause":"no money"}}]}`)
	s := start(t, o)
	v := do(t, s, "b InStock?:Choices", "b Charge:parameters if .cents > 1000", "b Charge:Request if .cents < 5",
		"b *:error", "b *:retry if .Error == \"ApiGateway.500\"", "b Refund", "b Validate if .nope")
	if len(v.Breakpoints) != 7 || v.Breakpoints[1].Stage != "Parameters" {
		t.Fatalf("%+v", v.Breakpoints)
	}
	var got []string
	for range 6 {
		v = do(t, s, "c")
		got = append(got, v.Stop.Text)
	}
	want := []string{
		"Stopped at breakpoint 1 in InStock? after Choices.",
		"Stopped at breakpoint 2 in Charge after Parameters: .cents > 1000 is true (1999).",
		"Stopped at breakpoint 4 in Charge which failed with ApiGateway.500: try later.",
		`Stopped at breakpoint 5 in Charge before retry 1: .Error == "ApiGateway.500" is true ("ApiGateway.500").`,
		"Stopped at breakpoint 2 in Charge after Parameters: .cents > 1000 is true (1999).",
		"Stopped at breakpoint 4 in Charge which failed with Declined: no money.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	v = do(t, s, "toggle 6", "c")
	if v.Phase != Ended || v.Breakpoints[1].Hits != 2 || v.Breakpoints[5].Hits != 0 || !v.Breakpoints[5].Off {
		t.Errorf("%s %+v", at(v), v.Breakpoints)
	}
	if v = do(t, s, "clear 1"); len(v.Breakpoints) != 6 {
		t.Errorf("%+v", v.Breakpoints)
	}
	refuse(t, s, "clear 1", "there is no breakpoint 1")
	refuse(t, s, "b Charg", `there is no state "Charg"; did you mean "Charge"?`)
	refuse(t, s, "b Validate:Request", "a Pass state such as Validate has no Request")
	refuse(t, s, "b Validate if .a |", `jq ".a |": unexpected EOF`)
	if v := do(t, s, "b Validate:InputPath"); !strings.HasSuffix(v.Message, "Validate has no InputPath of its own: the stage is passed over.") {
		t.Error(v.Message)
	}
}

func TestStagesOfJSONata(t *testing.T) {
	o := options(t, jsonataOrder, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88"}}]}`)
	s := start(t, o)
	do(t, s, "b Charge:Arguments if .cents > 1000", "b Charge:Output", "b Broken:error", "b Done:Output")
	refuse(t, s, "b Charge:InputPath", "a Task state such as Charge has no InputPath")
	var got []string
	for _, line := range []string{"c", "edit /cents 5", "s", "c", "c", "c", "c"} {
		v := do(t, s, line)
		got = append(got, line+": "+at(v)+" "+v.Stop.Text)
		if r := v.Request(1); r != nil {
			got = append(got, "cents "+r.Call.Input.Get("cents").String())
		}
	}
	want := []string{
		"c: PAUSED Charge/Arguments Stopped at breakpoint 1 in Charge after Arguments: .cents > 1000 is true (1999).",
		"edit /cents 5: PAUSED Charge/Arguments Charge: Edited 75 B.",
		"s: HELD Charge/Arguments Charge: TaskScheduled, TaskStarted.",
		"cents 5",
		"c: PAUSED Charge/Output Stopped at breakpoint 2 in Charge after Output.",
		"c: PAUSED Broken/Input Stopped at breakpoint 3 in Broken which failed with States.QueryEvaluationError: " +
			"The JSONata expression '$states.input.none' specified for the field 'Items' returned nothing (undefined).",
		"c: PAUSED Done/Output Stopped at breakpoint 4 in Done after Output.",
		"c: ENDED Done/Output The execution succeeded.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUncaughtFailureStops(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"Broken","cause":"badly"}}]}`)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Phase != Paused || v.Stop.Reason != StopFailure ||
		v.Stop.Text != "Charge failed with Broken: badly, and nothing catches it: going on ends the execution." {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, "c")
	if v.Phase != Ended || v.Status != interp.Failed || v.Stop.Text != "The execution failed with Broken: badly." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	if m := v.States[v.File.Machine.State("Charge")]; !m.Failed {
		t.Errorf("Charge is marked %+v", m)
	}
}

// TestStageFailure: a stage that fails has no event of its own.
func TestStageFailure(t *testing.T) {
	machine := `{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"$.nope","End":true}}}`
	s := start(t, options(t, machine, `{}`))
	v := do(t, s, "s")
	if f := v.Frame(1); f.Failure == nil || !strings.HasPrefix(v.Stop.Text, "A failed with States.Runtime: ") || v.Steps[1].Glyph != GlyphFailed {
		t.Errorf("%q %+v", v.Stop.Text, v.Steps[1])
	}
	s = start(t, options(t, machine, `{}`))
	v = do(t, s, "c")
	if v.Stop.Reason != StopFailure || v.Steps[1].State != "A" || v.Steps[1].Text != "failed States.Runtime" {
		t.Errorf("%q %+v", v.Stop.Text, v.Steps[1])
	}
}

// TestJSONata: what is written {% … %} is JSONata, in watches and conditions.
func TestJSONata(t *testing.T) {
	machine := `{"StartAt":"A","States":{
	  "A":{"Type":"Pass","Assign":{"n.$":"$.total"},"Next":"B"},
	  "B":{"Type":"Pass","Result":{"total":5},"Next":"Bad"},
	  "Bad":{"Type":"Pass","InputPath":"$.nope","End":true}}}`
	s := start(t, options(t, machine, `{"total":1999}`))
	do(t, s, "watch {% $states.input.total %}", "watch {% $partition([total, $n], 1) %}", "watch {% $states.context.State.Name %}",
		"watch {% $states.errorOutput.Error %}", `watch {% total + "a" %}`)
	values := func(v View) (out []string) {
		for _, w := range v.Watches {
			out = append(out, w.Value.String()+w.Error)
		}
		return out
	}
	failed := `JSONata "total + \"a\"": T2002: The right side of the "+" operator must evaluate to a number`
	for _, stop := range []struct {
		command string
		want    []string
	}{
		{"n", []string{"1999", "[[1999],[1999]]", `"B"`, "", failed}},
		{"s", []string{"1999", "[[5],[1999]]", `"B"`, "", failed}},
		{"n", []string{"5", "[[5],[1999]]", `"Bad"`, "", failed}},
		{"s", []string{"5", "[[5],[1999]]", `"Bad"`, `"States.Runtime"`, failed}},
	} {
		if diff := cmp.Diff(stop.want, values(do(t, s, stop.command))); diff != "" {
			t.Error(diff)
		}
	}

	s = start(t, options(t, machine, `{"total":1999}`))
	do(t, s, "b B if {% $states.input.total > 5000 %}", "b B if {% $n ~> $string ~> $contains(/^19/) %}", "b Bad if {% $states.input.total < 10 %}")
	for _, want := range []string{
		"Stopped at breakpoint 2 in B at its beginning: {% $n ~> $string ~> $contains(/^19/) %} is true.",
		"Stopped at breakpoint 3 in Bad at its beginning: {% $states.input.total < 10 %} is true (5).",
	} {
		if v := do(t, s, "c"); v.Stop.Text != want {
			t.Errorf("got  %s\nwant %s", v.Stop.Text, want)
		}
	}
}

func TestWatches(t *testing.T) {
	machine := `{"StartAt":"A","States":{
	  "A":{"Type":"Pass","Assign":{"n.$":"$.total"},"Next":"B"},
	  "B":{"Type":"Pass","Result":{"total":20000000000000000001},"End":true}}}`
	s := start(t, options(t, machine, `{"total":1999}`))
	v := do(t, s, "watch .total / 100", "watch $vars.n", "watch $context.State.Name", "watch .total", "watch .[0]")
	type row struct{ value, previous, err string }
	rows := func(v View) (out []row) {
		for _, w := range v.Watches {
			out = append(out, row{w.Value.String(), w.Previous.String(), w.Error})
		}
		return out
	}
	want := []row{
		{"19.99", "", ""},
		{"null", "", ""},
		{`"A"`, "", ""},
		{"1999", "", ""},
		{"", "", `jq ".[0]": expected an array but got: object ({"total":1999})`},
	}
	if diff := cmp.Diff(want, rows(v), cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	v = do(t, s, "n", "s")
	want = []row{
		{"200000000000000000", "19.99", ""},
		{"1999", "", ""},
		{`"B"`, "", ""},
		{"20000000000000000001", "1999", ""},
		{"", "", `jq ".[0]": expected an array but got: object ({"total":20000000000000000001})`},
	}
	if diff := cmp.Diff(want, rows(v), cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	refuse(t, s, "watch {% $states. %}", `JSONata "$states.": S0207: Unexpected end of expression`)
	refuse(t, s, "watch nope", `jq "nope": function not defined: nope/0`)
	refuse(t, s, "unwatch 9", "there is no watch 9")
	if v = do(t, s, "unwatch 1"); len(v.Watches) != 4 {
		t.Errorf("%+v", v.Watches)
	}
}

func TestEdit(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88"}}]}`)
	s := start(t, o)
	v := do(t, s, "n", "n", "s", "edit /cents 1799")
	if got := v.Frame(1).DataAt(interp.Parameters).String(); got != `{"order":"A-1041","cents":1799}` {
		t.Errorf("data: %s", got)
	}
	if last := v.Steps[len(v.Steps)-1]; last.Glyph != GlyphEdited || last.By != "user" {
		t.Errorf("%+v", last)
	}
	v = do(t, s, "s")
	if got := v.Requests[0].Call.Input.String(); got != `{"order":"A-1041","cents":1799}` {
		t.Errorf("call: %s", got)
	}
	refuse(t, s, "edit 5", `state "Charge" is waiting: its data cannot be edited now`)
	refuse(t, s, "edit /cents/x 5", `/cents is a number, not an object`)
}

func TestAbort(t *testing.T) {
	s := start(t, options(t, order, orderInput))
	v := do(t, s, "n", "abort Enough of it")
	if v.Phase != Ended || v.Status != interp.Aborted || *v.Failure.Error != "Enough" || v.Stop.Text != "The execution was stopped with Enough: of it." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
}

func TestFocus(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88"}}]}`)
	s := start(t, o)
	v := do(t, s, "b Email", "c", "focus 3")
	if at(v) != "PAUSED Ship/Input" {
		t.Fatal(at(v))
	}
	v = do(t, s, "n") // Ship moves, Email does not
	if at(v) != "PAUSED Label/Input" || v.Frame(2).Stage != interp.Entered {
		t.Errorf("%s, Email at %s", at(v), v.Frame(2).Stage)
	}
	v = do(t, s, "o") // out of Ship's branch, to the one that is left
	if at(v) != "PAUSED Email/Input" {
		t.Error(at(v))
	}
	refuse(t, s, "focus 9", "there is no frame 9")
}

func TestMapFocus(t *testing.T) {
	s := start(t, options(t, `{"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":2,"End":true,
	  "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"$"},"Next":"B"},"B":{"Type":"Pass","End":true}}}}}}`, `[1,2,3]`))
	v := do(t, s, "s", "s") // the items, then the iterations begin
	var got []string
	for range 20 {
		if v.Phase == Ended {
			break
		}
		f := v.Frame(v.Focus)
		got = append(got, strings.Repeat(" ", f.Depth)+f.State.Name+"/"+f.Stage.Name(f.State))
		v = do(t, s, "s")
	}
	want := []string{
		"Each/ItemsPath",
		" A/Input", " A/Parameters", " B/Input",
		"Each/ItemsPath",
		" A/Input", " A/Parameters", " B/Input",
		"Each/ItemsPath",
		" A/Input", " A/Parameters", " B/Input",
		"Each/Result",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if v.Output.String() != `[{"x":1},{"x":2},{"x":3}]` {
		t.Errorf("output: %s", v.Output)
	}
}

func TestPauseALongRun(t *testing.T) {
	forever := `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
	  "B":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`
	o := options(t, forever, `{}`)
	o.Start.NoQuotas = true
	s := start(t, o)
	if err := s.Do(context.Background(), command.Command{Verb: command.Continue}); err != nil {
		t.Fatal(err)
	}
	v := s.View()
	for v.Phase != Running {
		<-s.Changed()
		v = s.View()
	}
	refuseNow := s.Do(context.Background(), command.Command{Verb: command.Back})
	if refuseNow == nil || refuseNow.Error() != "it is running: pause first" {
		t.Error(refuseNow)
	}
	for len(s.View().Steps) < 1000 {
		<-s.Changed()
	}
	v = do(t, s, "p")
	if v.Phase != Paused || v.Stop.Reason != StopPause || len(v.Steps) < 1000 {
		t.Errorf("%s after %d steps", at(v), len(v.Steps))
	}
	if again := do(t, s, "goto 777"); again.Cursor != 777 || again.Steps[776].N != 777 {
		t.Errorf("cursor %d", again.Cursor)
	}
}

func TestClosedSession(t *testing.T) {
	s, err := New(context.Background(), options(t, order, orderInput))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Do(context.Background(), command.Command{Verb: command.Step}); err != ErrClosed {
		t.Error(err)
	}
	for range 2 {
		if _, more := <-s.Changed(); !more {
			return
		}
	}
	t.Error("Changed is not closed")
}

// record makes Options that record into a folder of the test.
func record(t testing.TB, o *Options) (dir string) {
	dir = t.TempDir()
	o.Record = func(h journal.Header) (*journal.Writer, error) {
		h.Program = "asldbg test"
		return journal.CreateIn(dir, h, journal.Options{})
	}
	return dir
}
