package teststate_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/teststate"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func text(s string) *string { return &s }

const (
	task = `{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","InputPath":"$.in","Parameters":{"ApiEndpoint":"a.execute-api.us-east-1.amazonaws.com","Method.$":"$.m"},
		"ResultSelector":{"code.$":"$.StatusCode"},"ResultPath":"$.out","OutputPath":"$.out","Next":"Later",
		"Retry":[{"ErrorEquals":["Other"]},{"ErrorEquals":["ApiGateway.503"],"IntervalSeconds":3,"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["ApiGateway.503"],"ResultPath":"$.why","Next":"Sorry"}]}`
	input   = `{"in":{"m":"GET"}}`
	machine = `{"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{
		"A":{"Type":"Choice","Choices":[{"Variable":"$n","NumericEquals":2,"Next":"B"}],"Default":"C"},
		"B":{"Type":"Wait","Seconds":3600,"Assign":{"n.$":"$.x"},"End":true},
		"C":{"Type":"Pass","Parameters":{"v.$":"$.none"},"End":true}}}]}}}`
)

func TestRun(t *testing.T) {
	for _, test := range []struct {
		name string
		r    teststate.Request
		want string
	}{
		{
			"a mocked Task",
			teststate.Request{Definition: task, Mock: &teststate.Mock{Result: text(`{"StatusCode":200}`)}},
			`{"status":"SUCCEEDED","output":"{\"code\":200}","nextState":"Later","inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}",
				"afterInputPath":"{\"m\":\"GET\"}","afterParameters":"{\"ApiEndpoint\":\"a.execute-api.us-east-1.amazonaws.com\",\"Method\":\"GET\"}","result":"{\"StatusCode\":200}",
				"afterResultSelector":"{\"code\":200}","afterResultPath":"{\"in\":{\"m\":\"GET\"},\"out\":{\"code\":200}}"}}`,
		},
		{
			"to be retried",
			teststate.Request{
				Definition: task, Mock: &teststate.Mock{ErrorOutput: interp.Fail("ApiGateway.503", "later")},
				Configuration: teststate.Configuration{RetrierRetryCount: 1},
			},
			`{"status":"RETRIABLE","error":"ApiGateway.503","cause":"later","inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}",
				"afterInputPath":"{\"m\":\"GET\"}","afterParameters":"{\"ApiEndpoint\":\"a.execute-api.us-east-1.amazonaws.com\",\"Method\":\"GET\"}",
				"errorDetails":{"retryIndex":1,"retryBackoffIntervalSeconds":6}}}`,
		},
		{
			"caught, the retries used up",
			teststate.Request{
				Definition: task, Mock: &teststate.Mock{ErrorOutput: interp.Fail("ApiGateway.503", "later")},
				Configuration: teststate.Configuration{RetrierRetryCount: 2},
			},
			`{"status":"CAUGHT_ERROR","output":"{\"in\":{\"m\":\"GET\"},\"why\":{\"Error\":\"ApiGateway.503\",\"Cause\":\"later\"}}",
				"error":"ApiGateway.503","cause":"later","nextState":"Sorry","inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}",
				"afterInputPath":"{\"m\":\"GET\"}","afterParameters":"{\"ApiEndpoint\":\"a.execute-api.us-east-1.amazonaws.com\",\"Method\":\"GET\"}","errorDetails":{"catchIndex":0}}}`,
		},
		{
			"failed, the retries used up",
			teststate.Request{
				Definition: task, Mock: &teststate.Mock{ErrorOutput: interp.Fail("Other", "x")}, InspectionLevel: "INFO",
				Configuration: teststate.Configuration{RetrierRetryCount: 9},
			},
			`{"status":"FAILED","error":"Other","cause":"x"}`,
		},
		{
			"a Choice inside a branch",
			teststate.Request{Definition: machine, StateName: text("A"), Variables: jsonval.MustParse(`{"n":2}`)},
			`{"status":"SUCCEEDED","output":"{\"in\":{\"m\":\"GET\"}}","nextState":"B","inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}",
				"afterInputPath":"{\"in\":{\"m\":\"GET\"}}","variables":"{\"n\":2}"}}`,
		},
		{
			"a Wait does not wait, and assigns",
			teststate.Request{Definition: machine, StateName: text("B"), Input: jsonval.MustParse(`{"x":5}`)},
			`{"status":"SUCCEEDED","output":"{\"x\":5}","inspectionData":{"input":"{\"x\":5}","afterInputPath":"{\"x\":5}","variables":"{\"n\":5}"}}`,
		},
		{
			"a path that finds nothing",
			teststate.Request{Definition: machine, StateName: text("C")},
			`{"status":"FAILED","error":"States.Runtime",
				"cause":"The JSONPath '$.none' specified for the field 'v.$' could not be found in the input '{\"in\":{\"m\":\"GET\"}}'",
				"inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}","afterInputPath":"{\"in\":{\"m\":\"GET\"}}"}}`,
		},
		{
			"a mocked Parallel",
			teststate.Request{Definition: machine, StateName: text("Both"), Mock: &teststate.Mock{Result: text("[7]")}},
			`{"status":"SUCCEEDED","output":"[7]","inspectionData":{"input":"{\"in\":{\"m\":\"GET\"}}","afterResultSelector":"[7]","afterResultPath":"[7]"}}`,
		},
		{
			"a mocked Map",
			teststate.Request{
				Definition: `{"Type":"Map","ItemsPath":"$.l","MaxConcurrency":2,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`,
				Input:      jsonval.MustParse(`{"l":[1]}`), Mock: &teststate.Mock{Result: text("[7]")},
			},
			`{"status":"SUCCEEDED","output":"[7]","inspectionData":{"input":"{\"l\":[1]}","afterInputPath":"{\"l\":[1]}","afterItemsPath":"[1]",
				"afterResultSelector":"[7]","afterResultPath":"[7]","maxConcurrency":2}}`,
		},
		{
			"a Task whose work is done",
			teststate.Request{
				Definition: `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"T2"},"T2":{"Type":"Pass","Next":"T3"},"T3":{"Type":"Succeed"}}}`,
				StateName:  text("T"), RoleARN: "arn", InspectionLevel: "INFO",
				Call: func(c interp.Call, _ time.Duration) (teststate.Work, error) {
					return teststate.Work{Outcome: interp.Outcome{Result: c.Input.Get("in")}}, nil
				},
			},
			`{"status":"SUCCEEDED","output":"{\"m\":\"GET\"}","nextState":"T2"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := test.r
			r.At = noon
			if !r.Input.Exists() {
				r.Input = jsonval.MustParse(input)
			}
			if r.InspectionLevel == "" {
				r.InspectionLevel = "DEBUG"
			}
			got, err := teststate.Run(r)
			if err != nil {
				t.Fatal(err)
			}
			if want := jsonval.MustParse(test.want); !jsonval.Equal(want, got.JSON()) {
				t.Errorf("got  %s\nwant %s", got.JSON(), want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	result := func(s string) *teststate.Mock { return &teststate.Mock{Result: &s} }
	one := 1
	aTask := func(resource string) string { return `{"Type":"Task","Resource":"` + resource + `","End":true}` }
	const aMap = `{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`
	for _, test := range []struct {
		r    teststate.Request
		want string
	}{
		{teststate.Request{Definition: `{"Type":"Pass"}`}, "InvalidDefinition: "},
		{teststate.Request{Definition: `[`}, "InvalidDefinition: "},
		{teststate.Request{Definition: `7`}, "InvalidDefinition: "},
		{teststate.Request{Definition: machine, StateName: text("X")}, "ValidationException: State not found in definition"},
		{teststate.Request{Definition: machine, StateName: text("")}, "ValidationException: 1 validation error detected"},
		{teststate.Request{Definition: task}, "ValidationException: RoleArn must be specified when testing a Task state"},
		{teststate.Request{Definition: aTask("arn:aws:states:::sqs:sendMessage.waitForTaskToken"), RoleARN: "r"}, "ValidationException: TestState does not support Activity tasks"},
		{teststate.Request{Definition: aTask("arn:aws:states:::states:startExecution.sync:2"), RoleARN: "r"}, "ValidationException: TestState does not support Activity tasks"},
		{teststate.Request{Definition: aTask("arn:aws:states:us-east-1:123456789012:activity:a"), RoleARN: "r"}, "ValidationException: TestState does not support Activity tasks"},
		{teststate.Request{Definition: aMap}, "InvalidDefinition: TestState API does not support Map"},
		{teststate.Request{Definition: aMap, Mock: result("{}")}, "ValidationException: Mocked result must be an array."},
		{teststate.Request{Definition: aMap, Mock: result("[]"), Configuration: teststate.Configuration{MapIterationFailureCount: &one}}, "ValidationException: Map iteration failure count"},
		{teststate.Request{Definition: aMap, Configuration: teststate.Configuration{MapIterationFailureCount: &one}}, "ValidationException: TestState does not support MapIterationFailureCount"},
		{teststate.Request{Definition: task, Mock: &teststate.Mock{}}, "ValidationException: A test mock should have only one"},
		{teststate.Request{Definition: task, Mock: result("nope")}, "ValidationException: Mocked result must be valid JSON"},
		{teststate.Request{Definition: task, Mock: result("1"), RevealSecrets: true}, "ValidationException: TestState does not support RevealSecrets"},
		{teststate.Request{Definition: `{"Type":"Succeed"}`, Mock: result("1")}, "ValidationException: State type 'Succeed' is not supported"},
		{teststate.Request{Definition: machine, StateName: text("Both"), Mock: result("[]")}, "ValidationException: Mocked result must contain the same number"},
		{teststate.Request{Definition: `{"Type":"Succeed"}`, Context: jsonval.MustParse(`{"Task":{"Token":"t"}}`)}, "ValidationException: Invalid Context object provided: Context object contains 'Task'"},
		{teststate.Request{Definition: `{"Type":"Succeed"}`, Context: jsonval.MustParse(`{"State":{"RetryCount":"1"}}`)}, "ValidationException: Invalid Context object provided: State.RetryCount must be a number"},
		{teststate.Request{Definition: `{"Type":"Succeed"}`, Context: jsonval.MustParse(`{"State":1}`)}, "ValidationException: Invalid Context object provided: State must be an object"},
		{teststate.Request{Definition: aTask("arn:aws:states:::sqs:sendMessage"), Mock: result(`{"MessageId":5}`)}, "ValidationException: Mock result schema validation error: Field 'MessageId' must be a string"},
		{teststate.Request{Definition: aTask("arn:aws:states:::dynamodb:getItem"), Mock: result(`{"Item":[]}`)}, "ValidationException: Mock result schema validation error: Field 'Item' must be an object"},
		{teststate.Request{Definition: aTask("arn:aws:states:::aws-sdk:sfn:describeExecution"), Mock: result(`{}`)}, "ValidationException: Mock result schema validation error: Required field 'ExecutionArn' is missing"},
		{teststate.Request{Definition: aTask("arn:aws:states:::aws-sdk:kms:encrypt"), Mock: result(`{"CiphertextBlob":"` + strings.Repeat("x", 6145) + `"}`)}, "ValidationException: Mock result schema validation error: Field 'CiphertextBlob' exceeds the maximum length"},
		{teststate.Request{Definition: aTask("arn:aws:states:::sns:publish"), Mock: result(`"x"`)}, "ValidationException: Mock result schema validation error: Mocked result must be an object"},
	} {
		_, err := teststate.Run(test.r)
		var refused *teststate.RefusedError
		if !errors.As(err, &refused) || len(err.Error()) < len(test.want) || err.Error()[:len(test.want)] != test.want {
			t.Errorf("%.100s\n got %v\nwant %s", test.r.Definition, err, test.want)
		}
	}
}

// TestFittingMocks are answers that fit, or of which nothing is known.
func TestFittingMocks(t *testing.T) {
	for _, test := range []struct{ resource, mode, result string }{
		{"arn:aws:states:::lambda:invoke", "", `{"StatusCode":200,"Payload":{"any":["thing"]}}`},
		{"arn:aws:states:::dynamodb:getItem", "", `{"Item":{"id":{"S":"1"},"more":{"M":{"n":{"N":"1"}}}}}`},
		{"arn:aws:states:::aws-sdk:sfn:describeExecution", "PRESENT", `{}`},
		{"arn:aws:states:::sqs:sendMessage", "NONE", `{"MessageId":5}`},
		{"arn:aws:states:::sqs:sendMessage.waitForTaskToken", "", `{"MessageId":5}`},
		{"arn:aws:states:::aws-sdk:sns:noSuchAction", "", `"anything"`},
		{"arn:aws:states:::aws-sdk:polly:describeVoices", "", `{"Voices":1}`},
	} {
		token := ""
		if interp.ParseResource(test.resource).Pattern == interp.WaitForTaskToken {
			token = `"Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},`
		}
		_, err := teststate.Run(teststate.Request{
			Definition: `{"Type":"Task","Resource":"` + test.resource + `",` + token + `"End":true}`, At: noon,
			Mock: &teststate.Mock{Result: &test.result, FieldValidationMode: test.mode},
		})
		if err != nil {
			t.Errorf("%s %s: %v", test.resource, test.result, err)
		}
	}
}

func TestToleratedFailures(t *testing.T) {
	for _, test := range []struct {
		field  string
		failed int
		status teststate.Status
	}{
		{`"ToleratedFailureCount":1`, 1, teststate.Succeeded},
		{`"ToleratedFailureCount":1`, 2, teststate.Failed},
		{`"ToleratedFailurePercentage":50`, 1, teststate.Succeeded},
		{`"ToleratedFailurePercentage":49.5`, 1, teststate.Failed},
		{`"ToleratedFailureCountPath":"$[0]"`, 2, teststate.Succeeded},
		{`"Comment":"nothing is said"`, 2, teststate.Succeeded}, // recorded
	} {
		got, err := teststate.Run(teststate.Request{
			Definition: `{"Type":"Map",` + test.field + `,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`,
			Input:      jsonval.MustParse(`[2,1]`), At: noon,
			Mock: &teststate.Mock{Result: text("[1,2]")}, Configuration: teststate.Configuration{MapIterationFailureCount: &test.failed},
		})
		if err != nil || got.Status != test.status {
			t.Errorf("%s with %d failures: %s, %v", test.field, test.failed, got.Status, err)
		}
		if failed := test.status == teststate.Failed; failed && *got.Failure.Error != "States.ExceedToleratedFailureThreshold" {
			t.Errorf("%s: %v", test.field, *got.Failure.Error)
		}
	}
}

func TestNobodyDoesTheWork(t *testing.T) {
	if _, err := teststate.Run(teststate.Request{Definition: task, RoleARN: "arn", Input: jsonval.MustParse(input)}); err == nil {
		t.Error("a Task had a result though nobody did its work")
	}
}

func httpTask(field string) string {
	return `{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://api.example.com","Method":"GET",
		"InvocationConfig":{"ConnectionArn":"arn:aws:events:us-east-1:123456789012:connection/c/1"}},` + field + `,"End":true}`
}

// TestTrace: what an HTTP task sent and got is told at level TRACE only, also of
// one that fails.
func TestTrace(t *testing.T) {
	request, response := jsonval.MustParse(`{"method":"GET"}`), jsonval.MustParse(`{"statusCode":"503"}`)
	for level, want := range map[string]string{
		"INFO": `{}`, "DEBUG": `{}`, "TRACE": `{"request":{"method":"GET"},"response":{"statusCode":"503"}}`,
	} {
		got, err := teststate.Run(teststate.Request{
			Definition: httpTask(`"Comment":""`), RoleARN: "arn", InspectionLevel: level, At: noon,
			Call: func(interp.Call, time.Duration) (teststate.Work, error) {
				return teststate.Work{Outcome: interp.Outcome{Failure: interp.Fail("States.Http.StatusCode.503", "")}, Request: request, Response: response}, nil
			},
		})
		if err != nil || got.Status != teststate.Failed {
			t.Fatalf("%s: %+v %v", level, got, err)
		}
		inspected := got.JSON().Get("inspectionData")
		var told []jsonval.Member
		for _, name := range []string{"request", "response"} {
			if v := inspected.Get(name); v.Exists() {
				told = append(told, jsonval.Member{Key: name, Value: v})
			}
		}
		if s := jsonval.OfMembers(told).String(); s != want {
			t.Errorf("%s: %s, want %s", level, s, want)
		}
	}
}

// TestTooLate: work that takes longer than the state waits for it.
func TestTooLate(t *testing.T) {
	for _, test := range []struct {
		field        string
		took, within time.Duration
		status       teststate.Status
	}{
		{`"TimeoutSeconds":2`, 3 * time.Second, 2 * time.Second, teststate.Failed},
		{`"TimeoutSeconds":2`, 2 * time.Second, 2 * time.Second, teststate.Failed},
		{`"TimeoutSeconds":2`, time.Second, 2 * time.Second, teststate.Succeeded},
		{`"Comment":""`, 3 * time.Second, 0, teststate.Succeeded},
	} {
		got, err := teststate.Run(teststate.Request{
			Definition: httpTask(test.field), RoleARN: "arn", At: noon,
			Call: func(_ interp.Call, within time.Duration) (teststate.Work, error) {
				if within != test.within {
					t.Errorf("%s: it may take %v, want %v", test.field, within, test.within)
				}
				return teststate.Work{Outcome: interp.Outcome{Result: jsonval.EmptyObject}, Took: test.took}, nil
			},
		})
		if err != nil || got.Status != test.status || got.Failure != nil && *got.Failure.Error != "States.Timeout" {
			t.Errorf("%s, took %v: %+v %v", test.field, test.took, got, err)
		}
	}
}

// TestFindings: what is wrong with a state that comes alone has its place in the
// text.
func TestFindings(t *testing.T) {
	for _, test := range []struct{ file, text, want string }{
		{"", "{\n  \"Type\": \"Wait\",\n  \"Seconds\": -3,\n  \"End\": true\n}", `definition.asl.json:3:14: state "StateName": `},
		{"wait.yaml", "Type: Pass\nNext: B\nResultPath: x\n", `wait.yaml:3:13: state "StateName": `},
		{"s.json", "{\"Type\": ", "s.json:1:10: "},
	} {
		_, err := teststate.Run(teststate.Request{Definition: test.text, File: test.file})
		var refused *teststate.RefusedError
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Found.Error(), test.want) {
			t.Errorf("%q: %v, found\n%s\nwant %s", test.text, err, refused.Found.Error(), test.want)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add(task, input, `{"StatusCode":200}`)
	f.Add(`{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`, `[1]`, `[2]`)
	f.Add(`{"Type":"Wait","SecondsPath":"$.s","Next":"StateName"}`, `{"s":1}`, ``)
	f.Fuzz(func(t *testing.T, definition, in, result string) {
		r := teststate.Request{Definition: definition, At: noon, InspectionLevel: "TRACE", RoleARN: "arn"}
		var err error
		if r.Input, err = jsonval.Parse(in); err != nil {
			return
		}
		if result != "" {
			r.Mock = &teststate.Mock{Result: &result}
		}
		got, err := teststate.Run(r)
		var refused *teststate.RefusedError
		var found asl.Diagnostics
		if err == nil && got.Status == "" || errors.As(err, &refused) && errors.As(err, &found) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
