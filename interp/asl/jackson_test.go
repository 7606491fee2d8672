package asl

import (
	"strings"
	"testing"
)

func TestNotJSON(t *testing.T) {
	const value = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
	at := func(text, place string) string { return `[Source: (String)"` + text + `"; ` + place + "]" }
	for _, test := range []struct{ text, message, place string }{
		{"not a definition", "Unrecognized token 'not': was expecting " + value, "line: 1, column: 4"}, // recorded
		{`{"StartAt": x}`, "Unrecognized token 'x': was expecting " + value, "line: 1, column: 14"},
		{`{"a": nul}`, "Unrecognized token 'nul': was expecting " + value, "line: 1, column: 10"},
		{"{\n  'a': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", "line: 2, column: 4"},
		{`{"a": 1,}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", "line: 1, column: 10"},
		{`{"a" 1}`, "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", "line: 1, column: 7"},
		{`{"a": 1 "b": 2}`, "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", "line: 1, column: 10"},
		{`[1 2]`, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", "line: 1, column: 5"},
		{`{"a": ?}`, "Unexpected character ('?' (code 63)): expected a valid value " + value, "line: 1, column: 8"},
		{`{"a": [1}`, "Unexpected close marker '}': expected ']' (for Array starting at " + at(`{"a": [1}`, "line: 1, column: 7") + ")", "line: 1, column: 10"},
		{`{"a": 1`, "Unexpected end-of-input: expected close marker for Object (start marker at " + at(`{"a": 1`, "line: 1, column: 1") + ")", "line: 1, column: 8"},
		{`{"a": "b`, "Unexpected end-of-input: was expecting closing quote for a string value", "line: 1, column: 9"},
		{"{\"a\": \"b\n\"}", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value", "line: 2, column: 1"},
		{"{} // end", "", ""},
		{`{"a": [true, false, null, -1.5e3, "\"", {}]}`, "", ""},
		{"StartAt: A", "Unrecognized token 'StartAt': was expecting " + value, "line: 1, column: 8"},
	} {
		message, place := notJSON(test.text)
		want := ""
		if test.place != "" {
			want = at(test.text, test.place)
		}
		if message != test.message || place != want {
			t.Errorf("%q:\ngot  %s at %s\nwant %s at %s", test.text, message, place, test.message, want)
		}
	}
	long := strings.Repeat("x", 600)
	if _, place := notJSON(long); place != `[Source: (String)"`+long[:500]+`"[truncated 100 chars]; line: 1, column: 601]` {
		t.Errorf("a long text: %s", place)
	}
}

// TestNotJSONFindings: these words are in the findings.
func TestNotJSONFindings(t *testing.T) {
	for text, want := range map[string]string{
		"not a definition": `INVALID_JSON_DESCRIPTION: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [Source: (String)"not a definition"; line: 1, column: 4]`,
		`{"a": x}`:         `INVALID_JSON_DESCRIPTION: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false') at [Source: (String)"{"a": x}"; line: 1, column: 8]`,
		`[]`:               "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null",
		`"x"`:              "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null",
		"":                 "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null",
	} {
		_, ds := Parse("t", text, Options{})
		if got := ds.AWS(); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}
