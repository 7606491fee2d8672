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
		got := ds[i]
		if got.EndLine != got.Line || got.EndColumn <= got.Column {
			t.Errorf("%v ends at %d:%d", got, got.EndLine, got.EndColumn)
		}
		if got.EndLine, got.EndColumn = 0, 0; got != want[i] {
			t.Errorf("got  %#v\nwant %#v", got, want[i])
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
	_, ds = Parse("t", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Z"}}}`, Options{})
	if got, want := ds.AWS(), `MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/A/Next, MISSING_END_STATE: Workflow has no terminal state at null`; got != want {
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

// TestExtent: a finding ends where what it means ends.
func TestExtent(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"value", `{"StartAt": "Ä", "States": {"A": {"Type": "Succeed"}}}`, `"Ä"`},
		{"name", `{"StartAt": "A", "States": {"A": {"Type": "Succeed", "N\u00e4xt\"": 1}}}`, `"N\u00e4xt\""`},
		{"YAML name", "StartAt: A\nStates:\n  A: {Type: Succeed, Näxt: 1}", "Näxt"},
		{"quoted YAML name", "StartAt: A\nStates:\n  A: {Type: Succeed, 'Näxt': 1}", "'Näxt'"},
		{"placeholder", `{"StartAt": "${Start}", "States": {"A": {"Type": "Succeed"}}}`, `${Start}"`},
		{"array", `{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [ ]}}}`, "[ ]"},
		{"syntax", `{"StartAt": oops}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, ds := Parse("t", test.text, Options{})
			if len(ds) == 0 {
				t.Fatal("nothing was found")
			}
			d := ds[0]
			if got := f.Source[f.lines.offset(d.Line, d.Column):f.lines.offset(d.EndLine, d.EndColumn)]; got != test.want {
				t.Errorf("%v: it is %q, want %q", d, got, test.want)
			}
		})
	}
}

// TestUnfilled: a definition that is only checked need not be complete.
func TestUnfilled(t *testing.T) {
	const text = `{"StartAt": "T", "TimeoutSeconds": ${Timeout}, "States": {"T": {"Type": "Task", "Resource": "${Function}", "Next": "${Next}", "Retri": []}}}`
	_, ds := Parse("t", text, Options{Unfilled: func(string) bool { return true }})
	want := `t:1:36: warning: ${Timeout} has no value, so what depends on it is not checked; give it one with --set Timeout=VALUE  [definition-substitution]
t:1:94: warning: state "T": ${Function} has no value, so what depends on it is not checked; give it one with --set Function=VALUE  [definition-substitution]
t:1:117: warning: state "T": ${Next} has no value, so what depends on it is not checked; give it one with --set Next=VALUE  [definition-substitution]
t:1:127: state "T": there is no field "Retri" here; did you mean "Retry"?  [field-unknown]`
	if got := ds.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, ds = Parse("t", text, Options{}); ds[0].Severity != Error {
		t.Errorf("to be run: %v", ds[0])
	}
}

// TestTemplateFunctions: a definition may be one that is cut out of a template.
func TestTemplateFunctions(t *testing.T) {
	const text = `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]}, "Next": {"Ref": "N"}, "Retry": {"Fn::Nth": []}}}}`
	_, ds := Parse("t", text, Options{Unfilled: func(name string) bool { return name != "Fn::Nth" }})
	want := `t:1:63: warning: state "T": Fn::GetAtt has no value here, so what depends on it is not checked; check the template this definition belongs to  [definition-substitution]
t:1:101: warning: state "T": Ref has no value here, so what depends on it is not checked; check the template this definition belongs to  [definition-substitution]
t:1:124: state "T": Retry must be an array, not an object  [field-type]`
	if got := ds.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, ds = Parse("t", text, Options{}); ds[0].Severity != Error {
		t.Errorf("to be run: %v", ds[0])
	}
}
