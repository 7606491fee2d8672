package asl

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// found is what Parse says about text, one finding a line, as a user reads it
// but without the file's name.
func found(t *testing.T, text string, o Options) []string {
	t.Helper()
	_, ds := Parse("t", text, o)
	var lines []string
	for _, d := range ds {
		line := strings.TrimPrefix(d.String(), "t:")
		if d.Consequence {
			line += " (consequence)"
		}
		lines = append(lines, line)
	}
	return lines
}

// diagnosticTest is a definition and all that is to be said about it. A body
// that does not start with { is that of States: its first line is line 2.
type diagnosticTest struct {
	name, text string
	want       []string
}

func (c diagnosticTest) definition() string {
	if strings.HasPrefix(c.text, "{") {
		return c.text
	}
	return "{\"StartAt\": \"A\", \"States\": {\n" + c.text + "\n}}"
}

func runDiagnosticTests(t *testing.T, o Options, tests []diagnosticTest) {
	t.Helper()
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, found(t, c.definition(), o)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStructure(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"fine", `"A": {"Type": "Succeed"}`, nil},
		{"empty object", `{}`, []string{`1:1: States and StartAt are missing  [field-missing]`}},
		{"no StartAt", `{"States": {"A": {"Type": "Succeed"}}}`, []string{`1:1: StartAt is missing  [field-missing]`}},
		{"no states", `{"StartAt": "A", "States": {}}`, []string{`1:28: States is empty  [field-empty]`}},
		{"States is a list", `{"StartAt": "A", "States": []}`, []string{`1:28: States must be an object, not an array  [field-type]`}},
		{"StartAt unknown", `{"StartAt": "Aa", "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:13: StartAt is "Aa", which is not a state; did you mean "A"?  [next-unknown]`,
			`1:30: state "A": nothing leads to this state  [state-unreachable] (consequence)`,
		}},
		{"top-level field", `{"StartAt": "A", "Timeout": 3, "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:18: there is no field "Timeout" here  [field-unknown]`,
		}},
		{"misspelt top-level field", `{"StartAt": "A", "comment": "x", "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:18: there is no field "comment" here; did you mean "Comment"?  [field-unknown]`,
		}},
		{"version", `{"Version": "2.0", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:13: Version is "2.0"; it must be 1.0  [field-value]`,
		}},
		{"version as a number", `{"Version": 1.0, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:13: Version must be a string, not a number; write it in quotes: "1.0"  [field-type]`,
		}},
		{"timeout", `{"TimeoutSeconds": 0, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, []string{
			`1:20: TimeoutSeconds is 0; it must be at least 1  [field-range]`,
		}},
		{"state is no object", `"A": 3`, []string{`2:6: state "A": A must be an object, not a number  [field-type]`}},
		{"no Type", `"A": {"End": true}`, []string{`2:1: state "A": Type is missing  [field-missing]`}},
		{"Type of another case", `"A": {"Type": "pass", "End": true}`, []string{
			`2:15: state "A": Type is "pass"; it must be Task, Pass, Choice, Wait, Succeed, Fail, Parallel or Map; did you mean "Pass"?  [state-type]`,
		}},
		{"a misspelt Type is taken for what it was meant to be", `"A": {"Type": "Psas", "Ent": true}`, []string{
			`2:1: state "A": neither Next nor End says what follows this state; add "Next": "<state>" or "End": true  [next-missing]`,
			`2:15: state "A": Type is "Psas"; it must be Task, Pass, Choice, Wait, Succeed, Fail, Parallel or Map; did you mean "Pass"?  [state-type]`,
			`2:23: state "A": there is no field "Ent" here; did you mean "End"?  [field-unknown]`,
		}},
		{"field of another type", `"A": {"Type": "Pass", "Resource": "x", "End": true}`, []string{
			`2:23: state "A": there is no field "Resource" here; Task states have it, Pass states do not  [field-unknown]`,
		}},
		{"misspelt field", `"A": {"Type": "Pass", "Resultpath": "$", "End": true}`, []string{
			`2:23: state "A": there is no field "Resultpath" here; did you mean "ResultPath"?  [field-unknown]`,
		}},
		{"timeout of a Map", `"A": {"Type": "Map", "TimeoutSeconds": 3, "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}`, []string{
			`2:22: state "A": there is no field "TimeoutSeconds" here; Task states have it, Map states do not  [field-unknown]`,
		}},
		{"comment", `"A": {"Type": "Succeed", "Comment": ["x"]}`, []string{`2:37: state "A": Comment must be a string, not an array  [field-type]`}},
		{"name too long", `"A": {"Type": "Pass", "Next": "` + strings.Repeat("é", 81) + `"},
"` + strings.Repeat("é", 81) + `": {"Type": "Succeed"}`, []string{
			`3:1: state "` + strings.Repeat("é", 81) + `": the name has 81 characters; 80 are allowed  [state-name]`,
		}},
		{"name twice in one object", `"A": {"Type": "Fail"},
"A": {"Type": "Succeed"}`, []string{
			`3:6: warning: state "A": the name "A" is there twice in one object; only the last one counts  [key-duplicate]`,
		}},
		{"same name in a branch", `"A": {"Type": "Parallel", "End": true, "Branches": [
  {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}]}`, []string{
			`3:31: state "A": the state of line 2 has the same name; names must differ in the whole definition, branches and processors included  [state-duplicate]`,
		}},
	})
}

func TestTransitions(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"unknown target", `"A": {"Type": "Pass", "Next": "Shipp"},
"Ship": {"Type": "Succeed"}`, []string{
			`2:31: state "A": Next is "Shipp", which is not a state; did you mean "Ship"?  [next-unknown]`,
			`3:1: state "Ship": nothing leads to this state  [state-unreachable] (consequence)`,
		}},
		{"target of another case", `"A": {"Type": "Pass", "Next": "ship"},
"Ship": {"Type": "Succeed"}`, []string{
			`2:31: state "A": Next is "ship", which is not a state; did you mean "Ship"?  [next-unknown]`,
			`3:1: state "Ship": nothing leads to this state  [state-unreachable] (consequence)`,
		}},
		{"target inside a branch", `"A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]},
"C": {"Type": "Succeed"}`, []string{
			`2:35: state "A": Next is "B", which is a state of "A"; a transition stays inside its own States object  [next-outside]`,
			`3:1: state "C": nothing leads to this state  [state-unreachable] (consequence)`,
		}},
		{"target outside a branch", `"A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {
  "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Succeed"}}}]}`, []string{
			`3:33: state "B": Next is "A", which is a state of the top level; a transition stays inside its own States object  [next-outside]`,
			`3:39: state "C": nothing leads to this state  [state-unreachable] (consequence)`,
		}},
		{"Next is a number", `"A": {"Type": "Pass", "Next": 1}`, []string{`2:31: state "A": Next must be a string, not a number; write it in quotes: "1"  [field-type]`}},
		{"Next is empty", `"A": {"Type": "Pass", "Next": ""}`, []string{`2:31: state "A": Next is empty  [field-empty]`}},
		{"neither", `"A": {"Type": "Pass"}`, []string{
			`2:1: state "A": neither Next nor End says what follows this state; add "Next": "<state>" or "End": true  [next-missing]`,
		}},
		{"End false", `"A": {"Type": "Pass", "End": false}`, []string{
			`2:1: state "A": neither Next nor End says what follows this state; add "Next": "<state>" or "End": true  [next-missing]`,
		}},
		{"End false beside Next", `"A": {"Type": "Pass", "End": false, "Next": "B"}, "B": {"Type": "Fail"}`, nil},
		{"End as text", `"A": {"Type": "Pass", "End": "true"}`, []string{
			`2:30: state "A": End must be a boolean, not a string; write true without quotes  [field-type]`,
		}},
		{"both", `"A": {"Type": "Pass", "Next": "B", "End": true}, "B": {"Type": "Succeed"}`, []string{
			`2:23: state "A": Next and End do not go together; remove one of them  [next-and-end]`,
		}},
		{"Next of a Choice", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Next": "B"}, "B": {"Type": "Succeed"}`, []string{
			`2:88: state "A": there is no field "Next" here; Task, Pass, Wait, Parallel or Map states have it, Choice states do not  [field-unknown]`,
		}},
		{"End of a Succeed", `"A": {"Type": "Succeed", "End": true}`, []string{
			`2:26: state "A": there is no field "End" here; Task, Pass, Wait, Parallel or Map states have it, Succeed states do not  [field-unknown]`,
		}},
		{"unreachable", `"A": {"Type": "Succeed"},
"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}`, []string{
			`3:1: state "B": nothing leads to this state  [state-unreachable]`,
			`3:37: state "C": nothing leads to this state  [state-unreachable]`,
		}},
		{"reached by Default and Catch only", `
"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "C"},
"B": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}], "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}]},
"C": {"Type": "Succeed"}, "D": {"Type": "Succeed"}`, nil},
		{"no end", `"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "Next": "A"}`, []string{
			`1:18: no state ends the machine; give one "End": true, or add a Succeed state  [no-end]`,
		}},
		{"no end in a branch", `"A": {"Type": "Parallel", "End": true, "Branches": [
  {"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "B"}}}]}`, []string{
			`3:30: warning: state "A": no state ends the machine; give one "End": true, or add a Succeed state  [no-end]`,
		}},
	})
}

func TestPathFields(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"fine", `"A": {"Type": "Pass", "InputPath": "$$.Execution.Input", "ResultPath": null, "OutputPath": "$.a[*]", "End": true}`, nil},
		{"not a path", `"A": {"Type": "Pass", "InputPath": "a.b", "End": true}`, []string{
			`2:37: state "A": InputPath is not a JSONPath: a path starts with $, $$ or $name; did you mean "$.a.b"?  [path-syntax]`,
		}},
		{"function", `"A": {"Type": "Pass", "InputPath": "States.UUID()", "End": true}`, []string{
			`2:37: state "A": InputPath is not a JSONPath: a path starts with $, $$ or $name; intrinsic functions belong into Parameters, ResultSelector, ItemSelector and Assign  [path-syntax]`,
		}},
		{"ResultPath of many places", `"A": {"Type": "Pass", "ResultPath": "$.a[*]", "End": true}`, []string{
			`2:37: state "A": ResultPath must be a reference path, which names one place: "$.a[*]" does not; leave out * .. : , ? and @  [path-reference]`,
		}},
		{"ResultPath into the context", `"A": {"Type": "Pass", "ResultPath": "$$.Task", "End": true}`, []string{
			`2:37: state "A": ResultPath cannot write into the context object; start it with $ alone  [path-root]`,
		}},
		{"ResultPath into a variable", `"A": {"Type": "Pass", "ResultPath": "$x.y", "End": true}`, []string{
			`2:37: state "A": ResultPath cannot write the variable $x; variables are set with Assign  [path-root]`,
		}},
		{"Fail", `"A": {"Type": "Fail", "Error": "x", "ErrorPath": "$.e", "CausePath": "States.Array($.e)"}`, []string{
			`2:37: state "A": Error and ErrorPath do not go together; remove one of them  [field-exclusive]`,
			`2:70: state "A": CausePath must give a string, which States.Array does not; use one of Format, JsonToString, ArrayGetItem, Base64Encode, Base64Decode, Hash or UUID  [template-value]`,
		}},
		{"templates", `"A": {"Type": "Pass", "Parameters": {"a.$": "x", "b": [{"c.$": 3}], "d": 1, "d.$": "$"}, "End": true}`, []string{
			`2:46: state "A": a.$: this is neither a path, which starts with $, nor a call such as States.Format('{}', $.x)  [template-value]`,
			`2:64: state "A": "c.$" should be a path or a call of an intrinsic function, but is a number; without the .$ it would be taken as it is  [template-value]`,
			`2:85: state "A": "d" and "d.$" would both become the member "d"  [template-value]`,
		}},
		{"template of another kind", `"A": {"Type": "Pass", "Parameters": [{"a.$": "$.x"}, "$.x"], "End": true}`, nil},
		{"offset in a template", `"A": {"Type": "Pass", "Parameters": {"b.$": "States.Format('{}', $.a[)", "c.$": "States.Fromat()"}, "End": true}`, []string{
			`2:70: state "A": b.$: in the path $.a[): ')' after [: a name in quotes, an index, a slice, * or ?( should follow  [template-value]`,
			`2:82: state "A": c.$: there is no intrinsic function States.Fromat  [template-value]`,
		}},
		{"assign", `"A": {"Type": "Pass", "Assign": {"ok": 1, "no.x": 2, "é.$": "$", "1": 1}, "End": true}`, []string{
			`2:43: state "A": "no.x" is not a name for a variable; a name is a letter and then letters, digits and _, at most 80; only whole variables are assigned  [variable-name]`,
			`2:66: state "A": "1" is not a name for a variable; a name is a letter and then letters, digits and _, at most 80; only whole variables are assigned  [variable-name]`,
		}},
		{"variables nobody sets", `"A": {"Type": "Pass", "Assign": {"order": 1}, "Parameters": {"x": [{"y.$": "States.Array($ordr.id)"}]}, "Next": "B"},
"B": {"Type": "Parallel", "Next": "C", "Branches": [{"StartAt": "D", "States": {
  "D": {"Type": "Pass", "InputPath": "$order", "OutputPath": "$input.x", "Assign": {"inner": 1}, "End": true}}}]},
"C": {"Type": "Choice", "Choices": [{"Variable": "$inner", "NumericEqualsPath": "$order", "Next": "A"}], "Default": "E"},
"E": {"Type": "Fail", "ErrorPath": "$caught", "CausePath": "$$.State.Name"}`, []string{
			`2:76: warning: state "A": no Assign sets the variable $ordr; did you mean "$order"?  [variable-unassigned]`,
			`4:62: warning: state "D": no Assign sets the variable $input; if it is a member of the input, write "$.input"  [variable-unassigned]`,
			`5:50: warning: state "C": no Assign sets the variable $inner; if it is a member of the input, write "$.inner"  [variable-unassigned]`,
			`6:36: warning: state "E": no Assign sets the variable $caught; if it is a member of the input, write "$.caught"  [variable-unassigned]`,
		}},
		{"variables of a catcher", `"A": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}], "End": true,
"Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"x.$": "$.Error"}, "Next": "B"}]},
"B": {"Type": "Succeed", "OutputPath": "$x"}`, nil},
		{"a branch sets an outer variable", `"A": {"Type": "Pass", "Assign": {"x": 1, "y": 1}, "Next": "B"},
"B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {
  "C": {"Type": "Pass", "Assign": {"x": 2, "z": 1}, "End": true}}}]}`, []string{
			`4:36: state "C": $x belongs to the machine around this one (line 2); give the inner variable another name  [variable-outer]`,
		}},
	})
}

func TestNumbersAndTimestamps(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"float", `"A": {"Type": "Wait", "Seconds": 1.5, "End": true}`, []string{`2:34: state "A": Seconds must be a whole number, not 1.5  [field-type]`}},
		{"text", `"A": {"Type": "Wait", "Seconds": "3", "End": true}`, []string{`2:34: state "A": Seconds must be a number, not a string; write 3 without quotes  [field-type]`}},
		{"negative", `"A": {"Type": "Wait", "Seconds": -1, "End": true}`, []string{`2:34: state "A": Seconds is -1; it must be at least 0  [field-range]`}},
		{"large", `"A": {"Type": "Wait", "Seconds": 100000000, "End": true}`, []string{`2:34: state "A": Seconds is 100000000; it must be at most 99999999  [field-range]`}},
		{"huge", `"A": {"Type": "Wait", "Seconds": 99999999999999999999999, "End": true}`, []string{
			`2:34: state "A": Seconds is 99999999999999999999999; it must be at most 99999999  [field-range]`,
		}},
		{"none of four", `"A": {"Type": "Wait", "End": true}`, []string{`2:1: state "A": a Wait state needs Seconds, SecondsPath, Timestamp or TimestampPath  [field-missing]`}},
		{"two of four", `"A": {"Type": "Wait", "Seconds": 1, "TimestampPath": "$.t", "End": true}`, []string{
			`2:37: state "A": Seconds and TimestampPath do not go together; remove one of them  [field-exclusive]`,
		}},
		{"timestamp", `"A": {"Type": "Wait", "Timestamp": "2016-03-14 01:59:00Z", "End": true}`, []string{
			`2:36: state "A": Timestamp "2016-03-14 01:59:00Z" is not a timestamp; write it as 2016-03-14T01:59:00Z or 2016-03-14T01:59:00+01:00  [timestamp]`,
		}},
		{"heartbeat", `"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 5, "HeartbeatSeconds": 5, "End": true}`, []string{
			`2:112: state "A": HeartbeatSeconds (5) must be smaller than TimeoutSeconds (5)  [heartbeat]`,
		}},
		{"both timeouts", `"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t", "End": true}`, []string{
			`2:92: state "A": TimeoutSeconds and TimeoutSecondsPath do not go together; remove one of them  [field-exclusive]`,
		}},
		{"percentage", `"A": {"Type": "Map", "ToleratedFailurePercentage": 101, "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}, "End": true}`, []string{
			`2:52: state "A": ToleratedFailurePercentage is 101; it must be at most 100  [field-range]`,
		}},
	})
}

func TestIsRFC3339(t *testing.T) {
	for _, s := range []string{
		"2016-03-14T01:59:00Z", "2016-03-14T01:59:00.123456789Z", "2016-03-14T01:59:00.1+01:00", "2024-02-29T23:59:59-12:30",
	} {
		if !isRFC3339(s) {
			t.Errorf("%s is refused", s)
		}
	}
	for _, s := range []string{
		"", "2016-03-14", "2016-03-14T01:59Z", "2016-03-14T01:59:00", "2016-03-14t01:59:00Z", "2016-03-14T01:59:00z",
		"2016-03-14T1:59:00Z", "2016-03-14T25:59:00Z", "2023-02-29T00:00:00Z", "2016-03-14T01:59:00+0100", "2016-03-14T01:59:00,5Z",
		"2016-03-14T01:59:00Z ",
	} {
		if isRFC3339(s) {
			t.Errorf("%s is accepted", s)
		}
	}
}

func TestChoice(t *testing.T) {
	const end = `, "B": {"Type": "Succeed"}`
	choices := func(rules string) string { return `"A": {"Type": "Choice", "Choices": [` + "\n" + rules + "\n]}" + end }
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"no Choices", `"A": {"Type": "Choice", "Default": "B"}` + end, []string{`2:1: state "A": Choices is missing  [field-missing]`}},
		{"empty", `"A": {"Type": "Choice", "Choices": [], "Default": "B"}` + end, []string{`2:36: state "A": Choices is empty  [field-empty]`}},
		{"no Next", choices(`{"Variable": "$.x", "IsNull": true}`), []string{`3:1: state "A": Choices[0]: Next is missing  [field-missing]`}},
		{"no operator", choices(`{"Variable": "$.x", "Next": "B"}`), []string{
			`3:1: state "A": Choices[0]: the rule has no operator, such as StringEquals  [choice-operator]`,
		}},
		{"misspelt operator", choices(`{"Variable": "$.x", "StringEqual": "y", "Next": "B"}`), []string{
			`3:1: state "A": Choices[0]: the rule has no operator, such as StringEquals  [choice-operator]`,
			`3:21: state "A": Choices[0]: there is no field "StringEqual" here; did you mean "StringEquals"?  [field-unknown]`,
		}},
		{"an open escape", `"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$", "StringMatches": "a\\*\\\\", "Next": "B"}, {"Variable": "$",
"StringMatches": "\\d", "Next": "B"}]}, "B": {"Type": "Succeed"}`, []string{
			`3:18: warning: state "A": in a pattern a backslash stands before * or another backslash; here the state fails; write it twice (in JSON: four times)  [choice-escape]`,
		}},
		{"two operators", choices(`{"Variable": "$.x", "IsNull": true, "IsString": true, "Next": "B"}`), []string{
			`3:37: state "A": a rule has one operator, and this one has IsNull already; join two rules with And or Or  [choice-operator]`,
		}},
		{"no Variable", choices(`{"IsNull": true, "Next": "B"}`), []string{`3:1: state "A": Choices[0]: Variable is missing  [field-missing]`}},
		{"operand of the wrong type", choices(`{"Variable": "$.x", "NumericEquals": "1", "Next": "B"},
{"Variable": "$.x", "BooleanEquals": "true", "Next": "B"},
{"Variable": "$.x", "TimestampEquals": "now", "Next": "B"},
{"Variable": "$.x", "StringEqualsPath": "y", "Next": "B"}`), []string{
			`3:38: state "A": NumericEquals must be a number, not a string  [field-type]`,
			`4:38: state "A": BooleanEquals must be a boolean, not a string  [field-type]`,
			`5:40: state "A": TimestampEquals "now" is not a timestamp; write it as 2016-03-14T01:59:00Z or 2016-03-14T01:59:00+01:00  [timestamp]`,
			`6:42: state "A": StringEqualsPath is not a JSONPath: a path starts with $, $$ or $name; did you mean "$.y"?  [path-syntax]`,
		}},
		{"combinators", choices(`{"And": [], "Next": "B"},
{"Or": {"Variable": "$.x", "IsNull": true}, "Next": "B"},
{"Not": [{"Variable": "$.x", "IsNull": true}], "Next": "B"},
{"Variable": "$.x", "Not": {"Variable": "$.x", "IsNull": true, "Next": "B"}, "Next": "B"}`), []string{
			`3:9: state "A": And is empty  [field-empty]`,
			`4:8: state "A": Or must be an array, not an object  [field-type]`,
			`5:9: state "A": Not must be an object, not an array  [field-type]`,
			`6:2: state "A": Variable does not go with Not; it belongs to the rules inside  [choice-operator]`,
			`6:64: state "A": only the outermost rule has a Next; remove this one  [choice-next]`,
		}},
		{"JSONata rule", choices(`{"Condition": true, "Next": "B"}`), []string{
			`3:1: state "A": Choices[0]: the rule has no operator, such as StringEquals  [choice-operator]`,
			`3:2: state "A": Choices[0]: there is no field "Condition" here; it belongs to JSONata states, and this one is JSONPath  [field-unknown]`,
		}},
		{"unknown Default", `"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "Bb"}` + end, []string{
			`2:99: state "A": Default is "Bb", which is not a state; did you mean "B"?  [next-unknown]`,
		}},
	})
}

func TestOperators(t *testing.T) {
	if got := len(operators); got != 39 {
		t.Errorf("there are %d operators, want 39", got)
	}
	for name, want := range map[string]operator{
		"StringGreaterThanEqualsPath": {OpStringGreaterThanEquals, 4, true},
		"NumericLessThan":             {OpNumericLessThan, 3, false},
		"TimestampGreaterThanEquals":  {OpTimestampGreaterThanEquals, 4, false},
		"IsTimestamp":                 {OpIsTimestamp, 2, false},
	} {
		if operators[name] != want {
			t.Errorf("%s is %v, want %v", name, operators[name], want)
		}
	}
}

func TestRetryAndCatch(t *testing.T) {
	task := func(fields string) string {
		return `"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,` + "\n" + fields + `}`
	}
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"empty lists", task(`"Retry": [], "Catch": []`), nil},
		{"limits", task(`"Retry": [{"ErrorEquals": ["x"], "IntervalSeconds": 0, "MaxAttempts": -1,
"BackoffRate": 0.5, "MaxDelaySeconds": 31622401, "JitterStrategy": "full", "Interval": 1}]`), []string{
			`3:53: state "A": IntervalSeconds is 0; it must be at least 1  [field-range]`,
			`3:71: state "A": MaxAttempts is -1; it must be at least 0  [field-range]`,
			`4:16: state "A": BackoffRate is 0.5; it must be at least 1.0  [field-range]`,
			`4:40: state "A": MaxDelaySeconds is 31622401; it must be at most 31622400  [field-range]`,
			`4:68: state "A": JitterStrategy is "full"; it must be FULL or NONE; did you mean "FULL"?  [field-value]`,
			`4:76: state "A": Retry[0]: there is no field "Interval" here  [field-unknown]`,
		}},
		{"delay", task(`"Retry": [{"ErrorEquals": ["x"], "IntervalSeconds": 5, "MaxDelaySeconds": 5}]`), []string{
			`3:75: warning: state "A": MaxDelaySeconds (5) caps the very first delay, IntervalSeconds (5); make it larger than IntervalSeconds  [retry-delay]`,
		}},
		{"ErrorEquals", task(`"Retry": [{}, {"ErrorEquals": []}, {"ErrorEquals": [3]}]`), []string{
			`3:11: state "A": Retry[0]: ErrorEquals is missing  [field-missing]`,
			`3:31: state "A": ErrorEquals is empty  [field-empty]`,
			`3:53: state "A": ErrorEquals[0] must be a string, not a number; write it in quotes: "3"  [field-type]`,
		}},
		{"States.ALL", task(`"Retry": [{"ErrorEquals": ["States.ALL", "x"]}, {"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["x"]}]`), []string{
			`3:28: state "A": States.ALL must be alone in its ErrorEquals; it matches every name, so remove the others  [error-all]`,
			`3:66: state "A": States.ALL must come last; what follows would never be looked at; move it to the end  [error-all]`,
		}},
		{"names", task(`"Retry": [{"ErrorEquals": ["States.Timeuot", "States.Runtime", "APIGateway.500", "States.Http.StatusCode.500", "Mine", "ApiGateway.5XX", "ApiGateway.*", "States.Http.StatusCode.4xx", "ApiGateway.503", "ApiGateway.ConnectException"]}]`), []string{
			`3:28: warning: state "A": AWS has no error "States.Timeuot", and names that start with States. are its own; did you mean "States.Timeout"?  [error-name]`,
			`3:46: warning: state "A": States.Runtime is never retried and never caught, not even by its name  [error-name]`,
			`3:64: warning: state "A": AWS has no error "APIGateway.500"; it writes "ApiGateway.500"  [error-name]`,
			`3:120: warning: state "A": AWS has no error "ApiGateway.5XX": names hold no wildcards; list the status codes one by one, or take States.TaskFailed  [error-name]`,
			`3:138: warning: state "A": AWS has no error "ApiGateway.*": names hold no wildcards; list the status codes one by one, or take States.TaskFailed  [error-name]`,
			`3:154: warning: state "A": AWS has no error "States.Http.StatusCode.4xx": names hold no wildcards; list the status codes one by one, or take States.TaskFailed  [error-name]`,
		}},
		{"catcher", task(`"Catch": [{"ErrorEquals": ["x"]}, {"ErrorEquals": ["y"], "Next": "Z", "ResultPath": "$$.x", "Output": 1}]`), []string{
			`3:11: state "A": Catch[0]: Next is missing  [field-missing]`,
			`3:66: state "A": Next is "Z", which is not a state; did you mean "A"?  [next-unknown]`,
			`3:85: state "A": ResultPath cannot write into the context object; start it with $ alone  [path-root]`,
			`3:93: state "A": Catch[1]: there is no field "Output" here  [field-unknown]`,
		}},
		{"on a Pass", `"A": {"Type": "Pass", "End": true, "Retry": []}`, []string{
			`2:36: state "A": there is no field "Retry" here; Task, Parallel or Map states have it, Pass states do not  [field-unknown]`,
		}},
	})
}

func TestParallelAndMap(t *testing.T) {
	const inner = `{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}`
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"no branches", `"A": {"Type": "Parallel", "End": true}`, []string{`2:1: state "A": Branches is missing  [field-missing]`}},
		{"empty branches", `"A": {"Type": "Parallel", "Branches": [], "End": true}`, []string{`2:39: state "A": Branches is empty  [field-empty]`}},
		{"branch", `"A": {"Type": "Parallel", "Branches": [{}, 3], "End": true}`, []string{
			`2:40: state "A": Branches[0]: States and StartAt are missing  [field-missing]`,
			`2:44: state "A": Branches[1] must be an object, not a number  [field-type]`,
		}},
		{"query language of a branch", `"A": {"Type": "Parallel", "End": true, "Branches": [{"QueryLanguage": "JSONPath", "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}`, []string{
			`2:54: state "A": Branches[0]: there is no field "QueryLanguage" here  [field-unknown]`,
		}},
		{"no processor", `"A": {"Type": "Map", "End": true}`, []string{`2:1: state "A": ItemProcessor is missing  [field-missing]`}},
		{"old names", `"A": {"Type": "Map", "Iterator": ` + inner + `, "Parameters": {"x.$": "$$.Map.Item.Value"}, "ItemsPath": "$.l", "End": true}`, nil},
		{"old and new names", `"A": {"Type": "Map", "Iterator": {"StartAt": "C", "States": {"C": {"Type": "Succeed"}}},
"ItemProcessor": ` + inner + `,
"Parameters": {}, "ItemSelector": {}, "MaxConcurrency": -1, "MaxConcurrencyPath": "$.n[*]", "End": true}`, []string{
			`2:22: state "A": ItemProcessor and Iterator do not go together; remove one of them  [field-exclusive]`,
			`4:1: state "A": ItemSelector and Parameters do not go together; remove one of them  [field-exclusive]`,
			`4:57: state "A": MaxConcurrency is -1; it must be at least 0  [field-range]`,
			`4:61: state "A": MaxConcurrency and MaxConcurrencyPath do not go together; remove one of them  [field-exclusive]`,
			`4:83: state "A": MaxConcurrencyPath must be a reference path, which names one place: "$.n[*]" does not; leave out * .. : , ? and @  [path-reference]`,
		}},
		{"items path", `"A": {"Type": "Map", "ItemProcessor": ` + inner + `, "ItemsPath": null, "End": true}`, []string{
			`2:108: state "A": ItemsPath must be a string, not null  [field-type]`,
		}},
		{"mode", `"A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "inline"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}`, []string{
			`2:81: state "A": Mode is "inline"; it must be INLINE or DISTRIBUTED; did you mean "INLINE"?  [field-value]`,
		}},
		{"distributed", `"A": {"Type": "Map", "End": true, "ItemReader": {}, "ResultWriter": {},
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}`, []string{
			`2:35: state "A": ItemReader: Resource is missing  [field-missing]`,
			`2:69: state "A": ResultWriter is empty  [field-empty]`,
			`3:19: state "A": ProcessorConfig: ExecutionType is missing  [field-missing]`,
		}},
		{"fields of distributed Maps", `"A": {"Type": "Map", "End": true, "ItemBatcher": {}, "ToleratedFailureCount": 1, "ItemProcessor": ` + inner + `}`, []string{
			`2:35: state "A": ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch  [field-missing]`,
			`2:50: warning: state "A": an inline Map has no use for ItemBatcher; a distributed one says in its ItemProcessor "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}  [distributed-only]`,
		}},
	})
}

const distributed = `"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}`

func TestDistributedMap(t *testing.T) {
	const head = `"A": {"Type": "Map", "End": true, ` + distributed + ",\n"
	const get = `"Resource": "arn:aws:states:::s3:getObject"`
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"whole", head + `"Label": "each-1", "ToleratedFailurePercentagePath": "$.p", "ToleratedFailureCount": 3,
"ItemReader": {` + get + `, "Parameters": {"Bucket.$": "$.b", "Key": "k"}, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN",
"CSVHeaders": ["a"], "CSVDelimiter": "PIPE", "MaxItemsPath": "$.n"}},
"ItemBatcher": {"MaxItemsPerBatch": 10, "MaxInputBytesPerBatchPath": "$.bytes", "BatchInput": {"x.$": "$.x"}},
"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}, "WriterConfig": {"Transformation": "NONE", "OutputType": "JSONL"}}}`, nil},
		{"list", head + `"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}}`, nil},
		{"resource", head + `"ItemReader": {"Resource": "arn:aws:states:::s3:getObjects", "ReaderConfig": {"InputType": "JSON"}}}`, []string{
			`3:28: state "A": Resource is "arn:aws:states:::s3:getObjects"; it must be arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2; did you mean "arn:aws:states:::s3:getObject"?  [resource-unknown]`,
		}},
		{"no input type", head + `"ItemReader": {` + get + `, "ReaderConfig": {"MaxItems": -1}}}`, []string{
			`3:61: state "A": ReaderConfig: InputType is missing  [field-missing]`,
			`3:90: state "A": MaxItems is -1; it must be at least 0  [field-range]`,
		}},
		{"headers", head + `"ItemReader": {` + get + `, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVDelimiter": ";", "MaxItems": 1, "MaxItemsPath": "$.*"}}}`, []string{
			`3:61: state "A": ReaderConfig: CSVHeaders is missing  [field-missing]`,
			`3:144: state "A": CSVDelimiter is ";"; it must be COMMA, PIPE, SEMICOLON, SPACE or TAB  [field-value]`,
			`3:164: state "A": MaxItems and MaxItemsPath do not go together; remove one of them  [field-exclusive]`,
		}},
		{"parquet", head + `"ItemReader": {` + get + `, "ReaderConfig": {"InputType": "PARQUET", "ItemsPointer": "items"}}}`, []string{
			`3:91: state "A": asldbg cannot read PARQUET yet; it reads CSV, JSON, JSONL and MANIFEST  [not-supported-yet]`,
			`3:118: state "A": ItemsPointer is a JSON Pointer, which begins with /; such as "/data/items"  [field-value]`,
		}},
		{"writer", head + `"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "WriterConfig": {"Transformation": "NONE"}}}`, []string{
			`3:1: state "A": ResultWriter: Parameters is missing  [field-missing]`,
			`3:63: state "A": WriterConfig: OutputType is missing  [field-missing]`,
		}},
		{"batcher", head + `"ItemBatcher": {"MaxInputBytesPerBatch": 262145, "Size": 1}}`, []string{
			`3:42: state "A": MaxInputBytesPerBatch is 262145; it must be at most 262144  [field-range]`,
			`3:50: state "A": ItemBatcher: there is no field "Size" here  [field-unknown]`,
		}},
		{"label", head + `"Label": "no spaces"}`, []string{
			`3:10: state "A": "no spaces" is not a Label; at most 40 characters, without spaces and ? * < > { } [ ] : ; , \ | ^ ~ $ # % & ` + "` \"" + `  [label]`,
		}},
		{"no label", head + `"Label": ""}`, []string{`3:10: state "A": Label is empty  [field-empty]`}},
		{"nothing to read from", head + `"ItemReader": {` + get + `, "ReaderConfig": {"InputType": "CSV"},
"Parameters": {"Bucket.$": "$.b"}}}`, []string{
			`4:1: state "A": ItemReader needs the parameter Key  [field-missing]`,
		}},
		{"nowhere to write to", head + `"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Prefix": "x"}}}`, []string{
			`3:63: state "A": ResultWriter needs the parameter Bucket  [field-missing]`,
		}},
		{"same label", `"A": {"Type": "Map", "Label": "x", "Next": "C", ` + distributed + `},
"C": {"Type": "Map", "Label": "x", "End": true, ` + strings.ReplaceAll(distributed, `"B"`, `"D"`) + `}`, []string{
			`3:31: state "C": the Map of line 2 has the same Label  [label-duplicate]`,
		}},
		{"outer variables", `"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "M"},
"M": {"Type": "Map", "End": true, "ItemSelector": {"x.$": "$v"},
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {
"B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "Next": "E"}, "E": {"Type": "Pass", "Assign": {"v": 2}, "End": true}}}}`, nil},
		{"outer variables are not seen", `"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "M"},
"M": {"Type": "Map", "End": true,
"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {
"B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}}}}`, []string{
			`5:45: warning: state "B": no Assign sets the variable $v; if it is a member of the input, write "$.v"  [variable-unassigned]`,
		}},
	})
}

func TestQueryLanguages(t *testing.T) {
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"JSONata machine", `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
"A": {"Type": "Wait", "Seconds": "{% 1 %}", "Output": "{% 2 %}", "Assign": {"x": "{% 3 %}"}, "End": true}}}`, nil},
		{"JSONata state", `"A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true}`, nil},
		{"JSONPath in a JSONata machine", `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}}`, []string{
			`2:40: state "A": a state of a JSONata machine cannot be JSONPath; make the machine JSONPath; its states can be JSONata one by one  [query-language]`,
		}},
		{"JSONata fields in a JSONPath state", `"A": {"Type": "Pass", "Output": 1, "End": true}`, []string{
			`2:23: state "A": Output is a field of JSONata states, and this state is JSONPath  [field-language]`,
		}},
		{"JSONPath fields in a JSONata state", `"A": {"Type": "Pass", "QueryLanguage": "JSONata", "InputPath": "$", "End": true}`, []string{
			`2:51: state "A": InputPath is a field of JSONPath states, and this state is JSONata  [field-language]`,
		}},
		{"unknown", `"A": {"Type": "Pass", "QueryLanguage": "Jsonata", "End": true}`, []string{
			`2:40: state "A": QueryLanguage is "Jsonata"; it must be JSONPath or JSONata; did you mean "JSONata"?  [field-value]`,
		}},
	})
}

// TestQuotas: AWS limits how long names and definitions are, unless nobody asks.
func TestQuotas(t *testing.T) {
	long, most := strings.Repeat("ä", 81), strings.Repeat("ä", 80)
	definition := func(name, variable, label, comment string) string {
		return `{"Comment": "` + comment + `", "StartAt": "` + name + `", "States": {
"` + name + `": {"Type": "Pass", "Assign": {"` + variable + `": 1}, "Next": "M"},
"M": {"Type": "Map", "Label": "` + label + `", "End": true, ` + distributed + `}}}`
	}
	padding := maxDefinition - utf8.RuneCountInString(definition("A", "v", "l", ""))
	for _, test := range []struct{ name, text, want string }{
		{"as long as can be", definition(most, most, most[:80], ""), ""},
		{"as large as can be", definition("A", "v", "l", strings.Repeat("ä", padding)), ""},
		{"names", definition(long, long, most+"ä", ""), `2:1: state "` + long + `": the name has 81 characters; 80 are allowed  [state-name]
2:114: state "` + long + `": "` + long + `" is not a name for a variable; a name is a letter and then letters, digits and _, at most 80; only whole variables are assigned  [variable-name]
3:31: state "M": "` + long + `" is not a Label; at most 40 characters, without spaces and ? * < > { } [ ] : ; , \ | ^ ~ $ # % & ` + "`" + ` "  [label]`},
		{"size", definition("A", "v", "l", strings.Repeat("ä", padding+1)), "1:1: the definition has 1048577 characters; AWS takes 1048576 at most; let states start other state machines, or write the JSON without blanks  [definition-size]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ds := Parse("t", test.text, Options{})
			if got := strings.ReplaceAll("\n"+ds.Error(), "\nt:", "\n"); strings.TrimPrefix(got, "\n") != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if _, ds = Parse("t", test.text, Options{NoQuotas: true}); len(ds) > 0 {
				t.Errorf("without quotas: %v", ds)
			}
		})
	}
}
