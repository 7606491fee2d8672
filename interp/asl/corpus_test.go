package asl

import (
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// opinions are records of the corpus of which we say something else than their
// source, by a part of their id, and why.
var opinions = map[string]string{
	"stateMachine.asl.yml":                      "the definition was read as YAML 1.1, where Yes and No are booleans",
	"valid-assign.asl.json":                     "top-level is no variable name: it has a hyphen",
	"valid-task-credentials.json":               "AWS wants RoleArn in Credentials (recorded)",
	"task-with-credentials.json":                "AWS wants RoleArn in Credentials (recorded)",
	"valid-task-intrisic-function.json":         "Fn::GetAtt and Ref belong to a template, not to a definition",
	"documentSucceedFailTerminalState":          "AWS refuses two states of one name (DUPLICATE_STATE_NAME)",
	"documentTaskInvalidArn":                    "AWS refuses a Resource that is no ARN",
	"documentTaskValidVariableSubstitution":     "$variableName is no ARN",
	"documentValidParametersIntrinsicFunction":  "the arguments of States.Format have no commas",
	"documentValidResultSelectorIntrinsicFunct": "the arguments of States.Format have no commas",
	"jsonata-surround-syntax-no-spaces":         "the delimiters of an expression need no blanks inside (developer guide)",
	"map_state_items_literal":                   "LocalStack's test fills in the Items",
	"task_lambda_invoke_catch_tbd":              "LocalStack's test fills in the empty ErrorEquals",
}

// testMarkers stand in LocalStack's definitions for what its tests fill in.
var testMarkers = strings.NewReplacer(
	"__tbd__", dummyARN, "_tbd_", dummyARN, "_TBD_", dummyARN, "__tbc__", dummyARN, "%LAMBDA_FUNCTION_ARN_LITERAL_PLACEHOLDER%", dummyARN,
	"%CONTEXT_OBJECT_LITERAL_PLACEHOLDER%", "$$.Execution.Input",
)

const dummyARN = "arn:aws:lambda:us-east-1:123456789012:function:f"

// dummies are values for the placeholders of a text.
func dummies(text string) map[string]string {
	values := make(map[string]string)
	for i := range text {
		name, n := placeholder(text[i:])
		if n == 0 {
			continue
		}
		switch lower := strings.ToLower(name); {
		case strings.Contains(lower, "endpoint"):
			values[name] = "abc123.execute-api.us-east-1.amazonaws.com"
		case strings.Contains(lower, "timeout"):
			values[name] = "30"
		case strings.HasSuffix(lower, "region"):
			values[name] = "us-east-1"
		case strings.HasSuffix(lower, "id"):
			values[name] = "abc123"
		default:
			values[name] = dummyARN
		}
	}
	return values
}

func TestCorpus(t *testing.T) {
	type score struct{ good, unsupported, bad int }
	scores := make(map[string]*score)
	parsed, unparsed := 0, 0
	corpus := records(t, "corpus")
	for _, name := range sortedKeys(corpus) {
		record := corpus[name]
		if record.Get("container").Text() != "asl" || record.Get("fragment").Exists() || !record.Get("definition").Exists() {
			continue
		}
		text := record.Get("text").Text()
		unfilled := make(map[string]string)
		for name := range dummies(text) {
			unfilled[name] = "${" + name + "}"
		}
		root, ds := readTree("t", text, Options{Substitutions: unfilled})
		if root == nil {
			unparsed++
			if record.Get("format").Text() != "json5" && record.Get("expected").Text() != "invalid" {
				t.Errorf("%s: %v", name, ds)
			}
			continue
		}
		parsed++
		if !jsonval.Equal(root.Value, record.Get("definition")) && opinion(record) == "" {
			t.Errorf("%s: the tree differs from the definition", name)
		}
		expected := record.Get("expected").Text()
		s := scores[expected]
		if s == nil {
			s = &score{}
			scores[expected] = s
		}
		_, ds = Parse("t", testMarkers.Replace(text), Options{Substitutions: dummies(text)})
		only, any := onlyUnsupported(ds)
		switch {
		case expected == "invalid" && any || expected != "invalid" && !any:
			s.good++
		case expected != "invalid" && only:
			s.unsupported++
		default:
			s.bad++
			switch {
			case expected == "unknown":
				t.Logf("%s:\n%v", name, ds)
			case opinion(record) == "":
				t.Errorf("%s is %s according to its source, but:\n%v", name, expected, ds)
			}
		}
	}
	t.Logf("%d records read, %d not (JavaScript object literals, and one duplicate key)", parsed, unparsed)
	for _, expected := range sortedKeys(scores) {
		s := scores[expected]
		t.Logf("%s: %d as expected, %d only need what is not supported yet, %d otherwise", expected, s.good, s.unsupported, s.bad)
	}
}

func opinion(record jsonval.Value) string {
	for part, why := range opinions {
		if strings.Contains(record.Get("id").Text(), part) {
			return why
		}
	}
	return ""
}
