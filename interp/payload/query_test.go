package payload

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"asldbg/interp/jsonata"
	"asldbg/interp/jsonval"
)

// queryEnv is one in which $states.input is {"x":1,"list":[1,{"n":2}]}, and $v is "w".
func queryEnv() *Env {
	env := &Env{}
	env.Query.Variables = func(name string) (jsonval.Value, bool) {
		switch name {
		case "states":
			if env.Needs&StatesContext != 0 {
				return jsonval.MustParse(`{"input":{"x":1,"list":[1,{"n":2}]},"context":{"c":3}}`), true
			}
			return jsonval.MustParse(`{"input":{"x":1,"list":[1,{"n":2}]}}`), true
		case "v":
			return jsonval.OfString("w"), true
		}
		return jsonval.Value{}, false
	}
	return env
}

func compileQuery(t *testing.T, text string) *Template {
	t.Helper()
	tpl, err := CompileJSONata(jsonval.MustParse(text), "Output", 0)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return tpl
}

func TestQueries(t *testing.T) {
	for template, want := range map[string]string{
		`"{% $states.input.x + 1 %}"`:                              `2`,
		`"{%$states.input.x%}"`:                                    `1`,
		`{"{% 1 %}":"{% $v %}","c.$":"$.c","n":[null,"{% [] %}"]}`: `{"{% 1 %}":"w","c.$":"$.c","n":[null,[]]}`,
		`" {% 1 % }"`:               `" {% 1 % }"`,
		`[true,{"a":1.50}]`:         `[true,{"a":1.50}]`,
		`"{% $states.context.c %}"`: `3`,
		`"{% $keys($states) %}"`:    `["input","context"]`,
	} {
		v, err := compileQuery(t, template).Eval(queryEnv())
		if err != nil || v.String() != want {
			t.Errorf("%s = %s, %v; want %s", template, v, err, want)
		}
	}
}

// TestQueryErrors holds AWS's words, recorded or measured.
func TestQueryErrors(t *testing.T) {
	const threw = " threw an error during evaluation"
	for _, test := range []struct{ template, field, expr, want string }{
		{`{"a":{"b":[1,["{%   $states.input.missing %}"]]}}`, "Output/a/b[1][0]", "$states.input.missing", " returned nothing (undefined)."},
		{`"{% function($x){$x} %}"`, "Output", "function($x){$x}", " returned an unsupported result type."},
		{`"{% $nope(1) %}"`, "Output", "$nope(1)", threw + ". T1006: Attempted to invoke a non-function"},
		{`"{% $eval('1') %}"`, "Output", "$eval('1')", threw + ". T1006: Attempted to invoke a non-function"},
		{`"{% 1 < 'a' %}"`, "Output", "1 < 'a'", threw + `. T2009: The values 1 and "a" either side of operator "<" must be of the same data type`},
		{`"{% [1..900000] ~> $count() %}"`, "Output", "[1..900000] ~> $count()", threw + ": Expression evaluation memory limit exceeded: Check for excessive memory usage"},
		{`"{% ($f := function($n){ 1 + $f($n) }; $f(1)) %}"`, "Output", "($f := function($n){ 1 + $f($n) }; $f(1))", threw +
			": Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive. Depth=101 max=100"},
		{`"{% ($f := function(){ $f() }; $f()) %}"`, "Output", "($f := function(){ $f() }; $f())", threw + ": Expression evaluation timeout: Check for infinite loop"},
	} {
		_, err := compileQuery(t, test.template).Eval(queryEnv())
		want := "The JSONata expression '" + test.expr + "' specified for the field '" + test.field + "'" + test.want
		var bad *QueryError
		if !errors.As(err, &bad) || bad.Field != test.field || bad.Message != want {
			t.Errorf("%s\ngot  %v\nwant %s", test.template, err, want)
		}
	}
	tpl := compileQuery(t, `"{% $v %}"`)
	if got, want := tpl.Expects("array", jsonval.OfString("w")).Message,
		`The JSONata expression '$v' specified for the field 'Output' returned an unexpected result type. Expected 'array', but was 'string' for value: "w"`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestQueryDepth holds what AWS was measured to accept and to refuse.
func TestQueryDepth(t *testing.T) {
	for name, test := range map[string]struct {
		most int
		expr func(n int) string
	}{
		"terms":       {100, func(n int) string { return strings.Repeat("1+", n-1) + "1" }},
		"parentheses": {99, func(n int) string { return strings.Repeat("(", n) + "1" + strings.Repeat(")", n) }},
		"brackets":    {99, func(n int) string { return strings.Repeat("[", n) + "1" + strings.Repeat("]", n) }},
		"chain":       {99, func(n int) string { return "1" + strings.Repeat("~>$string()", n) }},
		"recursion": {31, func(n int) string {
			return "($f := function($n){ $n = 0 ? 0 : 1 + $f($n-1) }; $f(" + strconv.Itoa(n) + "))"
		}},
		"range": {873_782, func(n int) string { return "$count([1.." + strconv.Itoa(n) + "])" }},
	} {
		for n, fine := range map[int]bool{test.most: true, test.most + 1: false} {
			tpl := compileQuery(t, jsonval.Quote("{% "+test.expr(n)+" %}"))
			_, err := tpl.Eval(queryEnv())
			var thrown *jsonata.Error
			if fine != (err == nil) || err != nil && (!errors.As(err, &thrown) || !thrown.Limit()) {
				t.Errorf("%s %d: %v", name, n, err)
			}
		}
	}
}

func TestQueryReadings(t *testing.T) {
	tpl := compileQuery(t, `{"a":["{% $v & $sum($w.x) %}"],"b":"{% $states.context.Task.Token %}"}`)
	var got []string
	for _, r := range tpl.Readings() {
		name := r.Name
		if r.Function {
			name += "()"
		}
		got = append(got, r.At.String()+":"+strconv.Itoa(r.Offset)+":"+name)
	}
	if text := strings.Join(got, " "); text != "/a/0:3:v /a/0:8:sum() /a/0:13:w" {
		t.Errorf("it reads %s", text)
	}
	if !tpl.ReadsToken() || compileQuery(t, `"{% $states.context.Execution.Id %}"`).ReadsToken() {
		t.Error("who reads the token is wrong")
	}
}

func TestQueryOrigin(t *testing.T) {
	tpl := compileQuery(t, `{"a":{"b":"{% $v %}"},"c":[1,"{% $v %}"]}`)
	for place, want := range map[string]string{
		"/a/b": `b "{% $v %}"`, "/c/1": `c "{% $v %}"`, "/c/0": `c ""`, "/a": `a ""`,
	} {
		p, err := jsonval.ParsePointer(jsonval.MustParse(`{"a":{"b":1},"c":[1,2]}`), place)
		if err != nil {
			t.Fatal(err)
		}
		key, expr, _, ok := tpl.Origin(p)
		if got := key + " " + strconv.Quote(expr); !ok || got != want {
			t.Errorf("%s came from %s, want %s", place, got, want)
		}
	}
	key, expr, _, _ := compileQuery(t, `"{% $v %}"`).Origin(jsonval.Path{jsonval.Key("x")})
	if key != "Output" || expr != "{% $v %}" {
		t.Errorf("a whole field: %s %s", key, expr)
	}
}

func TestQueryProblems(t *testing.T) {
	_, err := CompileJSONata(jsonval.MustParse(`{"a":"{% 1 +","b":"{%  a[ %}","c":"{% x + $y + x %}"}`), "Output", 0)
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range ps {
		got = append(got, p.At.String()+":"+strconv.Itoa(p.Offset)+" "+p.Code+" "+p.AWSMessage)
	}
	want := []string{
		"/a:0  ",
		`/b:6 INVALID_JSONATA_EXPRESSION Expected "]" before end of expression`,
		"/c:3 UNSUPPORTED_JSONATA_EXPRESSION Reference to 'x' at the top level is not supported.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func FuzzCompileJSONata(f *testing.F) {
	for _, seed := range []string{`"{% $states.input.x %}"`, `{"a":["{% 1","%}"]}`, `"{%%}"`, `"{% $$.a ~> $b(?) %}"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := jsonval.Parse(text)
		if err != nil {
			return // templates are JSON
		}
		tpl, err := CompileJSONata(v, "Output", StatesResult)
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, r := range tpl.Readings() {
			if at := v.Lookup(r.At).Text(); !strings.HasPrefix(at[r.Offset:], "$") {
				t.Errorf("%q: $%s is not at %d of %q", text, r.Name, r.Offset, at)
			}
		}
	})
}
