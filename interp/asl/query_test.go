package asl

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// jsonata is a JSONata machine of the state A, on line 2, and of the Pass D.
func jsonata(state string) string {
	return `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
"A": ` + state + `, "D": {"Type": "Pass", "End": true}}}`
}

func TestJSONata(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"all fields of a Task", jsonata(`{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Credentials": {"RoleArn": "{% $states.input.r %}"},
"Arguments": {"FunctionName": "f", "Payload": ["{% $states.input.x %}", {"y": "{% $states.context.State.Name %}"}]},
"TimeoutSeconds": "{% 3 %}", "HeartbeatSeconds": "{% 2 %}", "Assign": {"v": "{% $states.result.a %}"}, "Output": "{% $states %}",
"Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"e": "{% $states.errorOutput.Error %}"}, "Output": "{% $states.errorOutput %}", "Next": "D"}], "Next": "D"}`), nil},
		{"syntax", jsonata(`{"Type": "Pass", "Output": {"a": {"b": ["{% $states.input[1,2) %}"]}}, "Next": "D"}`), []string{
			`2:65: state "A": Output.a.b[0]: Expected "]", got ","  [jsonata-syntax]`,
		}},
		{"syntax after escapes", jsonata(`{"Type": "Pass", "Output": "{% \"\u00e9\" & $x( %}", "Assign": {"x": 1}, "Next": "D"}`), []string{
			`2:53: state "A": Output: Expected ")" before end of expression  [jsonata-syntax]`,
		}},
		{"half delimiters", jsonata(`{"Type": "Pass", "Output": {"a": "{% 1", "b": "1 %}", "c": " {% 1 %}"}, "Next": "D"}`), []string{
			`2:40: state "A": Output.a: the expression does not end with %}  [jsonata-delimiter]`,
			`2:53: state "A": Output.b: the expression does not start with {%  [jsonata-delimiter]`,
			`2:66: state "A": Output.c: the expression does not start with {%  [jsonata-delimiter]`,
		}},
		{"names at the top level", jsonata(`{"Type": "Pass", "Output": "{% aaa + bbb + aaa + $.c + $$ %}", "Next": "D"}`), []string{
			`2:37: state "A": Output: there is nothing aaa could be read from; write $states.input.aaa for the input's member, or $aaa for a variable  [jsonata-reference]`,
			`2:43: state "A": Output: there is nothing bbb could be read from; write $states.input.bbb for the input's member, or $bbb for a variable  [jsonata-reference]`,
			`2:55: state "A": Output: there is nothing $ could be read from; the state's input is $states.input  [jsonata-reference]`,
			`2:61: state "A": Output: there is no $$ here; the state's input is $states.input  [jsonata-reference]`,
		}},
		{"names inside paths, predicates and functions", jsonata(`{"Type": "Pass",
"Output": ["{% $states.input.items[price > 3] %}", "{% $states.input.a^(>b) %}", "{% $states.input.a{b: $sum(c)} %}", "{% $map($states.input.a, function($x){ $x.phone }) %}"], "Next": "D"}`), nil},
		{"what $states has", jsonata(`{"Type": "Pass", "Output": "{% $states.result %}", "Assign": {"e": "{% $states.errorOutput %}", "f": "{% $states.foo %}"}, "Next": "D"}`), []string{
			`2:37: state "A": Output: there is no $states.result in this field; it is there in Output and Assign of Task, Parallel and Map states  [jsonata-reference]`,
			`2:77: state "A": Assign.e: there is no $states.errorOutput in this field; it is there in Output and Assign of a Catch  [jsonata-reference]`,
			`2:111: state "A": Assign.f: there is no $states.foo in this field  [jsonata-reference]`,
		}},
		{"the result is not there before the work", jsonata(`{"Type": "Parallel", "Arguments": "{% $states.result %}", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}], "Next": "D"}`), []string{
			`2:44: state "A": Arguments: there is no $states.result in this field; it is there in Output and Assign of Task, Parallel and Map states  [jsonata-reference]`,
		}},
		{"variables", jsonata(`{"Type": "Pass", "Assign": {"states": 1, "sum": "{% $totl + $sum([1]) + $eval('1') %}", "total": 1}, "Next": "D"}`), []string{
			`2:34: state "A": $states is taken: it is what a JSONata expression finds the input in; give the variable another name  [variable-name]`,
			`2:58: warning: state "A": no Assign sets the variable $totl; did you mean "$total"?  [variable-unassigned]`,
			`2:78: warning: state "A": JSONata has no function $eval here; Step Functions has $parse for JSON texts, and no $eval  [variable-unassigned]`,
		}},
		{"numbers", jsonata(`{"Type": "Wait", "Seconds": "3", "Next": "D"}`), []string{
			`2:34: state "A": Seconds must be a number, not a string; write 3 without quotes  [field-type]`,
		}},
		{"a condition", jsonata(`{"Type": "Choice", "Choices": [{"Condition": "yes", "Next": "D"}, {"Condition": true, "Next": "D", "Output": "{% 1 %}"}], "Default": "D"}`), []string{
			`2:51: state "A": Condition must be a boolean, not a string  [field-type]`,
		}},
		{"a Map", jsonata(`{"Type": "Map", "Items": 1, "ItemSelector": "{% $states.context.Map.Item.Value %}", "MaxConcurrency": "{% x %}",
"ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Pass", "Output": "{% phone %}", "End": true}}}, "Next": "D"}`), []string{
			`2:31: state "A": Items must be an array, an object or an expression, not a number; an expression is written "{% … %}"  [field-type]`,
			`2:112: state "A": MaxConcurrency: there is nothing x could be read from; write $states.input.x for the input's member, or $x for a variable  [jsonata-reference]`,
			`3:82: state "B": Output: there is nothing phone could be read from; write $states.input.phone for the input's member, or $phone for a variable  [jsonata-reference]`,
		}},
		{"an outer variable", jsonata(`{"Type": "Parallel", "Assign": {"v": 1}, "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Assign": {"v": 2}, "End": true}}}], "Next": "D"}`), []string{
			`2:121: state "B": $v belongs to the machine around this one (line 2); give the inner variable another name  [variable-outer]`,
		}},
		{"API Gateway", jsonata(`{"Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "Arguments": {"ApiEndpoint": "{% $states.input.host %}",
"Method": "GETT", "Headers": {"Authorization": ["x"], "X": "{% [1] %}", "Y": "z"}, "Stge": "p"}, "Next": "D"}`), []string{
			`3:11: state "A": Method is "GETT"; it must be GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS; did you mean "GET"?  [field-value]`,
			`3:31: state "A": an API Gateway task may not set the header authorization; use AuthType IAM_ROLE, or an authorizer that reads another header  [apigateway-header]`,
			`3:78: state "A": Headers.Y must be a list of strings, not a string; write ["z"]  [apigateway-list]`,
			`3:84: state "A": API Gateway tasks have no parameter "Stge"; did you mean "Stage"?  [apigateway-field]`,
		}},
		{"a token nobody gets", jsonata(`{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Arguments": {"QueueUrl": "q", "MessageBody": "m"}, "Next": "D"}`), []string{
			`2:35: warning: state "A": the task waits for its token, but its Arguments do not send it; pass it on with "TaskToken": "{% $states.context.Task.Token %}"  [token-unused]`,
		}},
		{"a token that is sent", jsonata(`{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
"Arguments": {"QueueUrl": "q", "MessageBody": {"t": "{% $states.context.Task.Token %}"}}, "Next": "D"}`), nil},
	})
}

// TestJSONataAsAWSSaysIt holds AWS's words, as validate-state-machine-definition
// was measured to give them.
func TestJSONataAsAWSSaysIt(t *testing.T) {
	for state, want := range map[string]string{
		`{"Type": "Pass", "Output": {"v": "{% phone[0] %}"}, "Next": "D"}`:                        `UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Output/v`,
		`{"Type": "Pass", "Output": {"v": "{% $.phone %}"}, "Next": "D"}`:                         `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported. at /States/A/Output/v`,
		`{"Type": "Pass", "Output": "{% $$.phone %}", "Next": "D"}`:                               `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/A/Output`,
		`{"Type": "Pass", "Output": {"v": "{% phone[1,2) %}"}, "Next": "D"}`:                      `INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/A/Output/v`,
		`{"Type": "Pass", "Output": "{% $states.errorOutput %}", "Next": "D"}`:                    `UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/A/Output`,
		`{"Type": "Choice", "Choices": [{"Condition": "{% phone %}", "Next": "D"}]}`:              `UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at /States/A/Choices[0]/Condition`,
		`{"Type": "Pass", "Comment": "{% phone %}", "Next": "D"}`:                                 ``,
		`{"Type": "Pass", "Output": "{% $map($states.input, function($x){ b }) %}", "Next": "D"}`: `UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'b' at the top level is not supported. at /States/A/Output`,
	} {
		if _, ds := Parse("t", jsonata(state), Options{}); ds.AWS() != want {
			t.Errorf("%s\ngot  %s\nwant %s", state, ds.AWS(), want)
		}
	}
}

func TestVariableReferencesOfJSONata(t *testing.T) {
	file, ds := Parse("t", jsonata(`{"Type": "Pass", "Assign": {"sum": 1, "x": "{% $y + $count($z) + ($l := 1; $l) %}"}, "Output": "{% $sum & $x & $x %}", "Next": "D"}`), Options{})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	got := file.VariableReferences()["A"]
	if want := "sum x y z"; len(got) != 4 || got[0]+" "+got[1]+" "+got[2]+" "+got[3] != want {
		t.Errorf("got %q, want %s", got, want)
	}
}

func TestPlacesInsideYAML(t *testing.T) {
	for _, test := range []struct{ output, place string }{
		{`Output: '{% $states.input & ''a'' & bb %}'`, "6:43"},
		{`Output: "{% \"é\" & bb %}"`, "6:27"},
		{"Output: |-\n        {% 1 +\n        bb %}", "8:9"},
		{`Output: "{% \x41 & bb %}"`, "6:15"}, // an escape JSON has not
	} {
		text := "QueryLanguage: JSONata\nStartAt: A\nStates:\n  A:\n      Type: Pass\n      " + test.output + "\n      End: true\n"
		_, ds := Parse("t.yaml", text, Options{})
		if !slices.ContainsFunc(ds, func(d Diagnostic) bool {
			return d.Code == "jsonata-reference" && strings.Contains(d.Message, "nothing bb") && fmt.Sprintf("%d:%d", d.Line, d.Column) == test.place
		}) {
			t.Errorf("%s: %v, want one of bb at %s", test.output, ds, test.place)
		}
	}
}
