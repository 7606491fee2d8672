package mock

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

var apiCall = interp.ParseResource("arn:aws:states:::apigateway:invoke")

func call(state string, path ...interp.Iteration) interp.Call {
	return interp.Call{State: &asl.State{Name: state}, Resource: apiCall, Input: jsonval.EmptyObject, Path: path}
}

func parse(t testing.TB, text, machine, testCase string) *Mocks {
	t.Helper()
	m, err := Parse("mocks.json", text, machine, testCase)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shown is an answer in a line.
func shown(a Answer) string {
	var parts []string
	if a.Submitted.Exists() {
		parts = append(parts, "submitted "+a.Submitted.String())
	}
	switch f := a.Outcome.Failure; {
	case a.Timeout:
		parts = append(parts, "timeout")
	case f != nil:
		text := func(s *string) string {
			if s == nil {
				return "nil"
			}
			return jsonval.Quote(*s)
		}
		parts = append(parts, "fail "+text(f.Error)+" "+text(f.Cause))
	default:
		parts = append(parts, "return "+a.Outcome.Result.String())
	}
	return strings.Join(parts, ", ")
}

// session counts calls as sessions do.
type session struct {
	*Mocks
	counts map[string]int
}

func play(m *Mocks) session { return session{m, map[string]int{}} }

func (s session) ask(c interp.Call) string {
	key := s.Key(c)
	a, ok, err := s.Answer(c, s.counts[key])
	s.counts[key]++
	switch {
	case err != nil:
		return "error: " + err.Error()
	case !ok:
		return "none"
	}
	return shown(a)
}

func TestOwnForm(t *testing.T) {
	m := parse(t, `{
	 "Charge": [
	  {"throw": {"error": "ApiGateway.503", "cause": "busy"}, "resourceType": "apigateway", "parameters": {"a": 1}},
	  {"throw": {"error": "E", "cause": {"b": 1, "a": [2]}}},
	  {"throw": {"error": "E", "cause": {"b": 1}, "causeText": "{\"b\": 1}"}},
	  {"throw": {"cause": null}},
	  {"throw": {}, "event": "TaskSubmitFailed"},
	  {"throw": null},
	  {"return": null},
	  {"submitted": {"StatusCode": 202}, "return": {"ok": true}},
	  {"timeout": {}},
	  {"timeout": {"error": "States.Timeout"}, "submitted": 1}
	 ],
	 "Nobody": []
	}`, "any", "")
	s := play(m)
	for i, want := range []string{
		`fail "ApiGateway.503" "busy"`,
		`fail "E" "{\"b\":1,\"a\":[2]}"`,
		`fail "E" "{\"b\": 1}"`,
		`fail nil nil`,
		`fail nil nil`,
		`fail nil nil`,
		`return null`,
		`submitted {"StatusCode":202}, return {"ok":true}`,
		`timeout`,
		`submitted 1, timeout`,
		`error: mocks.json: state "Charge" needs answer number 11, but there are only 10 (/Charge): add it, or answer this call yourself`,
	} {
		if got := s.ask(call("Charge")); got != want {
			t.Errorf("answer %d: %s, want %s", i, got, want)
		}
	}
	if got, want := s.ask(call("Nobody")), `error: mocks.json: state "Nobody" needs answer number 1, but there is none (/Nobody): add it, or answer this call yourself`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := s.ask(call("Other")); got != "none" {
		t.Errorf("a state without mocks: %s", got)
	}
	// Nothing was used up: asked again, the same answer comes.
	a, _, err := m.Answer(call("Charge"), 0)
	if err != nil || shown(a) != `fail "ApiGateway.503" "busy"` {
		t.Errorf("asked again: %s, %v", shown(a), err)
	}
}

func TestIterations(t *testing.T) {
	at := func(i int) interp.Iteration { return interp.Iteration{Map: "M", Index: i} }
	s := play(parse(t, `{"Work": [
	  {"return": "second", "iterations": [{"map": "M", "index": 1}]},
	  {"throw": {"error": "E"}, "iterations": [{"map": "M", "index": 0}]},
	  {"return": "first, again", "iterations": [{"map": "M", "index": 0}]},
	  {"return": "deep", "iterations": [{"map": "M", "index": 0}, {"map": "N", "index": 7}]},
	  {"return": "any"}
	]}`, "", ""))
	for _, step := range []struct {
		path []interp.Iteration
		want string
	}{
		{[]interp.Iteration{at(0)}, `fail "E" nil`},
		{[]interp.Iteration{at(1)}, `return "second"`},
		{[]interp.Iteration{at(0)}, `return "first, again"`},
		{[]interp.Iteration{at(0), {Map: "N", Index: 7}}, `return "deep"`},
		{[]interp.Iteration{at(2)}, `return "any"`},
		{[]interp.Iteration{at(1)}, `error: mocks.json: state "Work" in iteration 1 of "M" needs answer number 2, but there is only 1 (/Work): add it, or answer this call yourself`},
		{nil, `error: mocks.json: state "Work" needs answer number 2, but there is only 1 (/Work): add it, or answer this call yourself`},
	} {
		if got := s.ask(call("Work", step.path...)); got != step.want {
			t.Errorf("%v: %s, want %s", step.path, got, step.want)
		}
	}
}

// TestStar: answers whose state is not known are chosen by what they are for.
func TestStar(t *testing.T) {
	s := play(parse(t, `{"*": [
	  {"order": "unknown", "return": "b", "resourceType": "lambda", "resource": "invoke", "parameters": {"x": 1, "f": "b"}},
	  {"order": "unknown", "return": "a", "resourceType": "lambda", "resource": "invoke", "parameters": {"f": "a"}},
	  {"order": "unknown", "return": "some lambda", "resourceType": "lambda", "resource": "invoke"},
	  {"order": "unknown", "return": "function", "resource": "arn:aws:lambda:us-east-1:1:function:f", "input": [1]},
	  {"order": "unknown", "return": "token", "resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"},
	  {"order": "unknown", "return": "whatever"}
	], "Own": [{"return": "own"}]}`, "", ""))
	of := func(state, arn, input string) interp.Call {
		return interp.Call{State: &asl.State{Name: state}, Resource: interp.ParseResource(arn), Input: jsonval.MustParse(input)}
	}
	const lambda = "arn:aws:states:::lambda:invoke"
	for _, step := range []struct {
		call interp.Call
		want string
	}{
		{of("S1", lambda, `{"f":"a"}`), `return "a"`},
		{of("S2", lambda, `{"f":"b","x":1}`), `return "b"`},
		{of("S3", lambda, `{"f":"c"}`), `return "some lambda"`},
		{of("S4", "arn:aws:lambda:us-east-1:1:function:f", `[1]`), `return "function"`},
		{of("S5", "arn:aws:states:::sqs:sendMessage.waitForTaskToken", `{}`), `return "token"`},
		{of("S6", "arn:aws:states:::sqs:sendMessage", `{}`), `return "whatever"`},
		{of("Own", lambda, `{"f":"a"}`), `return "own"`},
		{of("S7", lambda, `{"f":"a"}`), `error: mocks.json: state "S7" needs answer number 2, but there is only 1 (/*): add it, or answer this call yourself`},
	} {
		if got := s.ask(step.call); got != step.want {
			t.Errorf("%s: %s, want %s", step.call.State.Name, got, step.want)
		}
	}
}

const config = `{"StateMachines": {
  "Order": {"TestCases": {
    "Happy": {"Call": "Ok"},
    "Flaky": {"Call": "Flaky", "Tell ~/": "Ok"}}},
  "Other": {"TestCases": {"Other": {"Call": "Ok"}, "Second": {"Call": "Flaky"}}}},
 "MockedResponses": {
  "Ok": {"0": {"Return": {"StatusCode": 200}}},
  "Flaky": {"3": {"Return": "late"}, "0-1": {"Throw": {"Error": "ApiGateway.503", "Cause": "busy"}}}}}`

func TestMockConfig(t *testing.T) {
	s := play(parse(t, config, "Order", "Flaky"))
	for i, want := range []string{
		`fail "ApiGateway.503" "busy"`,
		`fail "ApiGateway.503" "busy"`,
		`error: mocks.json: state "Call" needs answer number 3, but 2 is missing there (/MockedResponses/Flaky): add it, or answer this call yourself`,
		`return "late"`,
		`error: mocks.json: state "Call" needs answer number 5, but there are only 4 (/MockedResponses/Flaky): add it, or answer this call yourself`,
	} {
		if got := s.ask(call("Call")); got != want {
			t.Errorf("answer %d: %s, want %s", i, got, want)
		}
	}
	if got := s.ask(call("Tell ~/")); got != `return {"StatusCode":200}` {
		t.Error(got)
	}
	if got := s.ask(call("Elsewhere")); got != "none" {
		t.Errorf("a state the test case does not name: %s", got)
	}
}

func TestTestCase(t *testing.T) {
	const one = `{"StateMachines": {"M": {"TestCases": {"Default": {"S": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": "R"}}}}`
	tests := []struct {
		name, text, machine, testCase string
		state, want                   string // want: of the answer, or part of the error
	}{
		{"named", config, "Order", "Happy", "Call", `{"StatusCode":200}`},
		{"the only one", one, "M", "", "S", `"R"`},
		{"the only one of the only machine", one, "definition", "", "S", `"R"`},
		{"named like the machine", config, "Other", "", "Call", `{"StatusCode":200}`},
		{"only one machine has it", config, "definition", "Second", "Call", `late`},
		{"several", config, "Order", "", "", `mocks.json: /StateMachines/Order/TestCases has several test cases: choose one with --test-case; there is "Happy", "Flaky"`},
		{"unknown", config, "Order", "Sad", "", `mocks.json: /StateMachines/Order/TestCases has no test case "Sad"; there is "Happy", "Flaky"`},
		{"unknown of the only one", one, "M", "Sad", "", `/StateMachines/M/TestCases has no test case "Sad"; there is "Default"`},
		{"unknown machine of several", config, "definition", "", "", `mocks.json: /StateMachines has no machine "definition"; there is "Order", "Other"`},
		{"unknown machine and case", config, "definition", "Sad", "", `/StateMachines has no machine "definition"; there is "Order", "Other"`},
		{"no test cases at all", `{"StateMachines": {"M": {}}}`, "M", "", "", `/StateMachines/M/TestCases has no test cases`},
		{"no machines at all", `{"MockedResponses": {}}`, "M", "", "", `/StateMachines has no machine "M"; there is none`},
		{"in the other form", `{"S": []}`, "M", "Happy", "", `has no test cases, so --test-case Happy cannot be taken`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Parse("mocks.json", test.text, test.machine, test.testCase)
			if test.state == "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			if test.want == "late" {
				n = 3
			}
			a, ok, err := m.Answer(call(test.state), n)
			if err != nil || !ok || !strings.Contains(a.Outcome.Result.String(), test.want) {
				t.Errorf("%s %v %v, want %s", shown(a), ok, err, test.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	response := func(text string) string {
		return `{"StateMachines": {"M": {"TestCases": {"T": {"S": "R"}}}}, "MockedResponses": {"R": ` + text + `}}`
	}
	for text, want := range map[string]string{
		``:                       "mocks.json:1:1: ",
		"{\n \"ü\": [}":          "mocks.json:2:8: unexpected '}'",
		`[]`:                     `mocks.json: is array, not an object: mocks are {"<state>": [answer, …]}`,
		`{"S": {}}`:              "mocks.json: /S is object, not a list of answers",
		`{"a/b~c": 1}`:           "mocks.json: /a~1b~0c is number, not a list of answers",
		`{"S": [1]}`:             "mocks.json: /S/0 must have exactly one of return, throw and timeout; it has none",
		`{"S": [{"retrun": 1}]}`: `mocks.json: /S/0 must have exactly one of return, throw and timeout; it has "retrun"`,
		`{"S": [{"return": 1}, {"return": 1, "throw": {}}]}`:   `mocks.json: /S/1 must have exactly one of return, throw and timeout; it has "return", "throw"`,
		`{"S": [{"return": 1, "timeout": {}}]}`:                "/S/0 must have exactly one",
		`{"S": [{"throw": "E"}]}`:                              "mocks.json: /S/0 has a throw that is string, not an object of error and cause",
		`{"S": [{"throw": {"error": 1}}]}`:                     "mocks.json: /S/0 has a throw that names its error by number, not by a text",
		`{"S": [{"return": 1, "iterations": [{"map": "M"}]}]}`: `mocks.json: /S/0 has iterations that are not [{"map": name, "index": n}, …]`,
		`{"S": [{"return": 1, "iterations": []}]}`:             `/S/0 has iterations that are not`,
		`{"S": [{"return": 1, "iterations": "M"}]}`:            `/S/0 has iterations that are not`,
		response(`[]`):                                         "mocks.json: /MockedResponses/R is array, not an object of answers by number",
		response(`{"a": {"Return": 1}}`):                       `mocks.json: /MockedResponses/R/a should be named by a number from 0 or a range of them`,
		response(`{"2-1": {"Return": 1}}`):                     `/MockedResponses/R/2-1 should be named`,
		response(`{"-1": {"Return": 1}}`):                      `/MockedResponses/R/-1 should be named`,
		response(`{"0-99999999999": {"Return": 1}}`):           `should be named`,
		response(`{"0-2": {"Return": 1}, "2": {"Return": 1}}`): "mocks.json: /MockedResponses/R answers call 2 twice",
		response(`{"0": {"Return": 1, "Throw": {}}}`):          "/MockedResponses/R/0 must have exactly one of Return, Throw and timeout",
		response(`{"0": {"return": 1}}`):                       `must have exactly one of Return, Throw and timeout; it has "return"`,
		`{"StateMachines": {"M": {"TestCases": {"T": {"S": "R"}}}}, "MockedResponses": {"Q": {}}}`: `mocks.json: /StateMachines/M/TestCases/T/S names the mocked response "R"; there is "Q"`,
		`{"StateMachines": {"M": {"TestCases": {"T": {"S": 1}}}}}`:                                 `/StateMachines/M/TestCases/T/S is number, the name of a mocked response should be here`,
		`{"StateMachines": {"M": {"TestCases": {"T": []}}}}`:                                       `/StateMachines/M/TestCases/T is array, not an object`,
	} {
		want = strings.ReplaceAll(want, "number, the name", "number: the name")
		if _, err := Parse("mocks.json", text, "M", ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nerror %v\nwant  %s", text, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	inner := &asl.StateMachine{States: []*asl.State{{Name: "Inner", Type: asl.Task}}}
	branch := &asl.StateMachine{States: []*asl.State{{Name: "Branched", Type: asl.Task}, {Name: "P", Type: asl.Pass}}}
	sm := &asl.StateMachine{States: []*asl.State{
		{Name: "Call", Type: asl.Task},
		{Name: "M", Type: asl.Map, ItemProcessor: inner},
		{Name: "Both", Type: asl.Parallel, Branches: []*asl.StateMachine{branch}},
	}}
	for text, want := range map[string]string{
		`{}`: "", `{"Call": [], "Inner": [], "Branched": [], "*": []}`: "",
		`{"Cal": []}`: `mocks.json: the machine has no state "Cal"; its tasks are "Call", "Inner", "Branched"`,
		`{"P": []}`:   `mocks.json: state "P" is a Pass: only Task states are answered by mocks`,
		`{"M": []}`:   `mocks.json: state "M" is a Map: only Task states`,
	} {
		err := parse(t, text, "", "").Check(sm)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
	var many []*asl.State
	for i := range 15 {
		many = append(many, &asl.State{Name: string(rune('a' + i)), Type: asl.Task})
	}
	if err := parse(t, `{"x": []}`, "", "").Check(&asl.StateMachine{States: many}); err == nil || !strings.HasSuffix(err.Error(), `"l" and 3 more`) {
		t.Errorf("error %v", err)
	}
}

func TestDynamoDB(t *testing.T) {
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	put := interp.Call{
		State: &asl.State{Name: "Record"}, Resource: interp.ParseResource("arn:aws:states:::dynamodb:putItem"),
		Input: jsonval.MustParse(`{"TableName":"T","Item":{"Id":{"S":"1"}}}`),
	}
	o, ok := dynamoDB(put, 0, at)
	const want = `{"SdkHttpMetadata":{"AllHttpHeaders":{"Server":["Server"],"Connection":["keep-alive"],` +
		`"x-amzn-RequestId":["ID"],"x-amz-crc32":["2745614147"],"Content-Length":["2"],"Date":["Fri, 02 Jan 2026 12:00:00 GMT"],"Content-Type":["application/x-amz-json-1.0"]},` +
		`"HttpHeaders":{"Server":"Server","Connection":"keep-alive","x-amzn-RequestId":"ID","x-amz-crc32":"2745614147","Content-Length":"2","Date":"Fri, 02 Jan 2026 12:00:00 GMT","Content-Type":"application/x-amz-json-1.0"},` +
		`"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"ID"}}`
	id := o.Result.Get("SdkResponseMetadata").Get("RequestId").Text()
	if len(id) != 52 || strings.Trim(id, "0123456789ABCDEFGHIJKLMNOPQRSTUV") != "" {
		t.Errorf("request id %q", id)
	}
	if diff := cmp.Diff(want, strings.ReplaceAll(o.Result.String(), id, "ID")); !ok || diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, _ := dynamoDB(put, 0, at)
	next, _ := dynamoDB(put, 1, at)
	if !jsonval.Equal(o.Result, again.Result) || jsonval.Equal(o.Result, next.Result) {
		t.Error("request ids do not follow from the state and the count")
	}
	put.Input = jsonval.MustParse(`{"TableName":"T","Item":null}`)
	o, _ = dynamoDB(put, 0, at)
	// recorded
	wantCause := "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: ID; Proxy: null)"
	if o.Failure == nil || *o.Failure.Error != "DynamoDB.AmazonDynamoDBException" || strings.ReplaceAll(*o.Failure.Cause, id, "ID") != wantCause {
		t.Errorf("%+v", o)
	}
	put.Input = jsonval.EmptyObject
	if o, _ = dynamoDB(put, 0, at); !strings.HasPrefix(*o.Failure.Cause, "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; Value null at 'item'") {
		t.Errorf("%s", *o.Failure.Cause)
	}
	for arn, want := range map[string]bool{"getItem": true, "updateItem": true, "deleteItem": true, "query": false, "putItem.waitForTaskToken": false} {
		put.Resource = interp.ParseResource("arn:aws:states:::dynamodb:" + arn)
		if _, ok := dynamoDB(put, 0, at); ok != want {
			t.Errorf("%s: %v", arn, ok)
		}
	}
	put.Resource = interp.ParseResource("arn:aws:states:::aws-sdk:dynamodb:putItem")
	if _, ok := dynamoDB(put, 0, at); ok {
		t.Error("the SDK integration has another form and is not answered here")
	}
}

func TestWithDynamoDB(t *testing.T) {
	put := interp.Call{State: &asl.State{Name: "Record"}, Resource: interp.ParseResource("arn:aws:states:::dynamodb:putItem"), Input: jsonval.MustParse(`{"TableName":"T","Item":{}}`)}
	var none *Mocks
	s := play(none.WithDynamoDB(time.Time{}))
	first, second := s.ask(put), s.ask(put)
	if !strings.HasPrefix(first, `return {"SdkHttpMetadata":`) || first == second {
		t.Errorf("%s, then %s", first, second)
	}
	if got := s.ask(call("Other")); got != "none" {
		t.Errorf("another resource: %s", got)
	}
	s = play(parse(t, `{"Record": [{"return": 1}]}`, "", "").WithDynamoDB(time.Time{}))
	if got := s.ask(put); got != "return 1" {
		t.Errorf("a state the file names: %s", got)
	}
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// TestRecordedMocks: all mocks of the shared recordings can be read, and each
// answer is reached by counting.
func TestRecordedMocks(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(root(t), "../shared/conformance/localstack/*/*/*.json"))
	more, _ := filepath.Glob(filepath.Join(root(t), "../shared/conformance/localstack/local_mocked/*.json"))
	files = append(files, more...)
	if len(files) == 0 {
		t.Skip("the recordings are not beside the repository")
	}
	own, configs, answers := 0, 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Kind, StateMachineName, TestCase string
			Mocks, MockConfig                json.RawMessage
		}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		switch {
		case c.Kind == "local_mocked":
			configs++
			for _, machine := range []string{c.StateMachineName, "definition"} {
				if _, err := Parse(filepath.Base(file), string(c.MockConfig), machine, c.TestCase); err != nil {
					t.Error(err)
				}
			}
		case c.Kind == "execution" && len(c.Mocks) > 0 && string(c.Mocks) != "null":
			own++
			m, err := Parse(filepath.Base(file), string(c.Mocks), "definition", "")
			if err != nil {
				t.Error(err)
				continue
			}
			s := play(m)
			for state, list := range jsonval.MustParse(string(c.Mocks)).Members() {
				for _, want := range list.Items() {
					recorded := call(state)
					if arn := want.Get("resource").Text(); strings.HasPrefix(arn, "arn:") {
						recorded.Resource = interp.ParseResource(arn)
					} else {
						recorded.Resource = interp.ParseResource("arn:aws:states:::" + want.Get("resourceType").Text() + ":" + arn)
					}
					recorded.Input = want.Get("parameters")
					for _, it := range want.Get("iterations").Items() {
						i, _ := it.Get("index").Int()
						recorded.Path = append(recorded.Path, interp.Iteration{Map: it.Get("map").Text(), Index: int(i)})
					}
					key := s.Key(recorded)
					got, ok, err := s.Answer(recorded, s.counts[key])
					s.counts[key]++
					answers++
					if err != nil || !ok {
						t.Errorf("%v %v", ok, err)
						continue
					}
					if r := want.Get("return"); r.Exists() && !jsonval.Equal(r, got.Outcome.Result) {
						t.Errorf("%s %s: %s, want %s", filepath.Base(file), state, shown(got), r)
					}
					if want.Get("timeout").Exists() != got.Timeout || want.Get("throw").Exists() != (got.Outcome.Failure != nil) || !jsonval.Equal(want.Get("submitted"), got.Submitted) {
						t.Errorf("%s %s: %s, want %s", filepath.Base(file), state, shown(got), want)
					}
				}
			}
		}
	}
	t.Logf("%d files in our form with %d answers, %d in Step Functions Local's", own, answers, configs)
}

func FuzzParse(f *testing.F) {
	f.Add(config)
	f.Add(`{"S": [{"return": 1, "iterations": [{"map": "M", "index": 0}]}, {"throw": {"error": "E"}}], "*": [{"timeout": {}, "resource": "a"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse("f", text, "Order", "")
		if (m == nil) == (err == nil) {
			t.Fatalf("%v %v", m, err)
		}
		if err != nil {
			return
		}
		for _, name := range m.names {
			for n := range 3 {
				m.Answer(call(name), n)
			}
		}
	})
}

// manyAnswers is a file like that of the retry workload: 3,000 entries.
func manyAnswers() string {
	var b strings.Builder
	b.WriteString(`{"StateMachines":{"bench":{"TestCases":{"Default":{"Call":"Flaky"}}}},"MockedResponses":{"Flaky":{`)
	for i := range 1500 {
		if i > 0 {
			b.WriteByte(',')
		}
		from := jsonval.OfInt(int64(3 * i)).Text()
		to := jsonval.OfInt(int64(3*i + 1)).Text()
		b.WriteString(`"` + from + "-" + to + `":{"Throw":{"Error":"Flaky.Error","Cause":"try again"}},"` + jsonval.OfInt(int64(3*i+2)).Text() + `":{"Return":{"ok":true}}`)
	}
	b.WriteString("}}}")
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	text := manyAnswers()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		parse(b, text, "bench", "Default")
	}
}

func BenchmarkAnswer(b *testing.B) {
	m := parse(b, manyAnswers(), "bench", "Default")
	c := call("Call")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if _, ok, err := m.Answer(c, n%4500); !ok || err != nil || m.Key(c) == "" {
			b.Fatal(ok, err)
		}
		n++
	}
}

// TestFunctionsOwnARN: a mock file's answer of Lambda's Invoke is the payload
// alone where the resource is a function.
func TestFunctionsOwnARN(t *testing.T) {
	const file = `{"StateMachines": {"M": {"TestCases": {"T": {"Work": "R"}}}},
		"MockedResponses": {"R": {"0": {"Return": {"StatusCode": 200, "Payload": {"a": 1}}}, "1": {"Return": {"b": 2}}}}}`
	m := parse(t, file, "M", "T")
	function := interp.ParseResource("arn:aws:lambda:us-east-1:123456789012:function:f")
	for _, c := range []struct {
		resource interp.Resource
		n        int
		want     string
	}{
		{function, 0, `return {"a":1}`},
		{function, 1, `return {"b":2}`},
		{interp.ParseResource("arn:aws:states:::lambda:invoke"), 0, `return {"StatusCode":200,"Payload":{"a":1}}`},
	} {
		in := call("Work")
		in.Resource = c.resource
		if a, ok, err := m.Answer(in, c.n); err != nil || !ok || shown(a) != c.want {
			t.Errorf("%s, call %d: %s, %v", c.resource.ARN, c.n, shown(a), err)
		}
	}
	own := parse(t, `{"Work": [{"return": {"Payload": 1}}]}`, "", "")
	in := call("Work")
	in.Resource = function
	if a, _, err := own.Answer(in, 0); err != nil || shown(a) != `return {"Payload":1}` {
		t.Errorf("our own form is changed: %s, %v", shown(a), err)
	}
}
