package asl

import "testing"

func TestDiagnosticFields(t *testing.T) {
	_, ds := Parse("order.asl.json", `{"StartAt": "Buy or Sell?", "States": {
"Buy or Sell?": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {
  "C": {"Type": "Choice", "Choices": [{"Variable": "x", "IsNull": true, "Next": "C"}], "Default": "D"},
  "D": {"Type": "Succeed", "States": {"E": 1}}}}]}}}`, Options{})
	want := []Diagnostic{
		{
			File: "order.asl.json", Line: 3, Column: 53, State: "C", Field: "Choices[0].Variable", Code: "path-syntax",
			AWSCode: schemaFailed, Location: "/States/Buy or Sell?/Branches[0]/States/C/Choices[0]/Variable",
			Message: "Variable is not a JSONPath: a path starts with $, $$ or $name", Hint: `did you mean "$.x"?`,
		},
		{
			File: "order.asl.json", Line: 4, Column: 28, State: "D", Field: "States", Code: "field-unknown",
			AWSCode: schemaFailed, AWSMessage: "Field 'States' is not supported", Location: "/States/Buy or Sell?/Branches[0]/States/D",
			Message: `there is no field "States" here`,
		},
	}
	if len(ds) != len(want) {
		t.Fatalf("got %v", ds)
	}
	for i := range want {
		if ds[i] != want[i] {
			t.Errorf("got  %#v\nwant %#v", ds[i], want[i])
		}
	}
}

func TestDiagnosticsAsErrors(t *testing.T) {
	_, ds := Parse("t", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Bb"}, "B": {"Type": "Task", "Resource": "foo:bar", "End": true}}}`, Options{})
	if got, want := ds.Error(), `t:1:59: state "A": Next is "Bb", which is not a state; did you mean "B"?  [next-unknown]
t:1:100: warning: state "B": AWS does not know the Resource "foo:bar"; it can only be run with mocked answers  [resource-unknown]`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got, want := ds.AWS(), `MISSING_TRANSITION_TARGET: Missing 'Next' target: Bb at /States/A/Next, MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if ds.Err() == nil {
		t.Error("no error")
	}
	_, ds = Parse("t", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}`, Options{})
	if got, want := ds.AWS(), `MISSING_END_STATE: Workflow has no terminal state at null`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, ds = Parse("t", `{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
"Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {"InputType": "PARQUET"}}, "ItemProcessor": {"ProcessorConfig":
{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}}`, Options{})
	if got := ds.AWS(); got != "" || ds.Err() == nil {
		t.Errorf("AWS says %q of PARQUET, we %v", got, ds.Err())
	}
	_, ds = Parse("t", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "foo:bar", "End": true}}}`, Options{})
	if ds.Err() != nil || len(ds) != 1 {
		t.Errorf("a warning is an error: %v", ds)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"Ship", "Charge", "Chargeback", "OK"}
	for word, want := range map[string]string{
		"Shipp": "Ship", "hsip": "Ship", "SHIP": "Ship", "Chrage": "Charge", "Sh": "", "xyz": "", "Ko": "OK", "": "", "Chargebackk": "Chargeback",
	} {
		if got := nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
}
