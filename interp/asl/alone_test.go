package asl_test

import (
	"testing"

	"asldbg/interp/asl"
)

// TestParseState: a state alone is checked like one in a machine, and what it
// points at is there.
func TestParseState(t *testing.T) {
	for text, want := range map[string]string{
		`{"Type":"Succeed"}`: "",
		`{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"A"}],"Default":"B"}`:                                                                      "",
		`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"Next":"D"}`: "",
		"Type: Wait\nSeconds: 3\nNext: A\n":                                                   "",
		`{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input %}","End":true}`: "",
		"{\n \"Type\": \"Pass\",\n \"Next\": 7\n}":                                            `a.json:3:10: state "S": Next must be a string, not a number; write it in quotes: "7"  [field-type]`,
		"[1]": `a.json:1:1: state "S": S must be an object, not an array  [field-type]`,
		"":    `a.json:1:1: the text is empty; the smallest definition is {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}  [definition-empty]`,
	} {
		file, found := asl.ParseState("S", "a.json", text, asl.Options{})
		if got := found.Error(); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
		if want != "" {
			continue
		}
		if s := file.Machine.State("S"); s == nil || s.Node.Value.String() != file.Root.Get("States").Get("S").Value.String() || s.Next == nil && s.Type == asl.Task {
			t.Errorf("%s: %+v", text, s)
		}
	}
}
