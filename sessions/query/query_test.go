package query

import (
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

var scene = Scene{
	Data:    jsonval.MustParse(`{"total":1999,"items":[{"n":1},{"n":2}],"big":20000000000000000001}`),
	Vars:    jsonval.MustParse(`{"x":7,"states":"not this"}`),
	Context: jsonval.MustParse(`{"State":{"Name":"A"}}`),
	States:  jsonval.MustParse(`{"input":{"a":1}}`),
}

func TestRun(t *testing.T) {
	for _, test := range []struct{ text, want, compared string }{
		{".total", "1999", ""},
		{".total > 1000", "true", "1999"},
		{".big", "20000000000000000001", ""},
		{"$vars.x, 2", "7", ""},
		{"$context.State.Name", `"A"`, ""},
		{"empty", "", ""},
		{".total | halt", "", ""},
		{"{% total %}", "1999", ""},
		{"{% $.total > $x %}", "true", "1999"},
		{"{% $sum(items.n) %}", "3", ""},
		{" {%$states.input.a%} ", "1", ""},
		{"{% 1 in items.n %}", "true", "1"},
		{"{% (total > 5) = true %}", "true", "true"},
		{"{% total > 5 ? 1 : 2 %}", "1", ""},
		{"{% nothing %}", "", ""},
		{"{% $parse('[1]') %}", "[1]", ""},
		{"{%%}", "Unexpected end of expression", ""},
		{"{% 1 + $nope() %}", `T1006: Attempted to invoke a non-function, at "$nope()"`, ""},
		{"{% ($f := function(){$f()}; $f()) %}", "took longer than 50ms", ""},
		{"last(range(1e12))", "took longer than 50ms", ""},
		{".total.x", "expected an object but got: number (1999)", ""},
		{"nope", "function not defined: nope/0", ""},
		{"{ %", "unexpected", ""},
	} {
		var got jsonval.Value
		q, err := Compile(test.text)
		if err == nil {
			got, err = q.Run(&Cache{}, scene)
		}
		if err != nil {
			if test.want == "" || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v", test.text, err)
			}
			continue
		}
		if got.String() != test.want {
			t.Errorf("%s: %s, want %s", test.text, got, test.want)
		}
		compared := ""
		if left := q.Compared(); left != nil {
			v, err := left.Run(&Cache{}, scene)
			if err != nil {
				t.Errorf("%s: %v", left, err)
			}
			compared = v.String()
		}
		if compared != test.compared {
			t.Errorf("%s compares %s, want %s", test.text, compared, test.compared)
		}
	}
}

func TestIsTrue(t *testing.T) {
	for _, test := range []struct {
		answer      string
		jq, jsonata bool
	}{
		{"true", true, true},
		{"false", false, false},
		{"null", false, false},
		{"0", true, false},
		{"1", true, true},
		{`""`, true, false},
		{"[]", true, false},
		{"[0]", true, false},
		{"[0,1]", true, true},
		{"{}", true, false},
	} {
		for text, want := range map[string]bool{".": test.jq, "{% $ %}": test.jsonata} {
			q, err := Compile(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := q.IsTrue(jsonval.MustParse(test.answer)); got != want {
				t.Errorf("%s: %s is %v", text, test.answer, got)
			}
		}
	}
	if q, _ := Compile("{% $ %}"); q.IsTrue(jsonval.Value{}) {
		t.Error("nothing is true")
	}
}
