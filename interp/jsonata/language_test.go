package jsonata

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"asldbg/interp/jsonval"
)

// languageInput is what the expressions in testdata are evaluated on.
const languageInput = `{"a":1,"b":"x","c":[1,2,3],"d":{"e":[{"f":1,"g":"p"},{"f":2,"g":"q"},{"f":3}],"h":null},
	"i":[[1,2],[3,[4]]],"s":[{"n":"z","v":3},{"n":"a","v":1},{"n":"m","v":2}],"t":true,"one":[{"k":1}],"emp":[],"eo":{}}`

// TestLanguage runs testdata/*.txt: an expression a line, then what the reference
// implementation (2.2.2) answers: a result, or ! with the error's code, position
// and token.
func TestLanguage(t *testing.T) {
	in := jsonval.MustParse(languageInput)
	called := map[string]bool{}
	cases := languageCases(t)
	for _, c := range cases {
		for name := range builtins {
			called[name] = called[name] || strings.Contains(c.expr, "$"+name)
		}
		env := &Env{Now: time.UnixMilli(1700000000123)}
		if got := outcome(c.expr, in, env, c.want); got != c.want {
			t.Errorf("%s: %s\n got %s\nwant %s", c.place, c.expr, got, c.want)
		}
	}
	for name := range builtins {
		if !called[name] {
			t.Errorf("$%s has no case", name)
		}
	}
	for _, operator := range operatorText {
		if operator != "" && !slices.ContainsFunc(cases, func(c languageCase) bool { return strings.Contains(c.expr, operator) }) {
			t.Errorf("%s has no case", operator)
		}
	}
}

type languageCase struct{ place, expr, want string }

// languageCases are the lines of testdata/*.txt.
func languageCases(t testing.TB) []languageCase {
	var cases []languageCase
	files, _ := filepath.Glob(filepath.Join("testdata", "*.txt"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			if strings.HasPrefix(line, "# ") {
				continue
			}
			place := fmt.Sprintf("%s:%d", file, i+1)
			expr, want, ok := strings.Cut(line, "  =>  ")
			if !ok {
				t.Fatalf("%s: no =>", place)
			}
			cases = append(cases, languageCase{place, expr, want})
		}
	}
	return cases
}

// outcome is what comes of expr, written as want is.
func outcome(expr string, in jsonval.Value, env *Env, want string) string {
	got, err := evalText(expr, in, env)
	var e *Error
	switch {
	case errors.Is(err, ErrFunction):
		return "undefined" // the reference's function, as JSON
	case errors.As(err, &e):
		s := fmt.Sprintf("! %s %d", e.Code, e.Position)
		if strings.Count(want, " ") >= 3 {
			s += " " + e.Token
		}
		return s
	case !got.Exists():
		return "undefined"
	}
	if w, err := jsonval.Parse(want); err == nil && near(got, w) {
		return want
	}
	return got.String()
}

func TestStepFunctions(t *testing.T) {
	env := func() *Env { return &Env{StepFunctions: true, Random: rand.NewPCG(1, 2)} }
	for _, test := range []struct{ expr, want string }{
		{"$partition([1,2,3,4,5], 2)", "[[1,2],[3,4],[5]]"},
		{"$partition([0], 1)", "[[0]]"},
		{"$partition([], 3)", "[]"},
		{"$partition([1,2], 2.9)", "[[1,2]]"},
		{"$partition([1], 0)", "! T0410 11"},
		{"$partition(nothing, 2)", "undefined"},
		{"$range(1, 9, 2)", "[1,3,5,7,9]"},
		{"$range(1, 9, 9)", "1"},
		{"$range(1, 10, 3)", "[1,4,7,10]"},
		{"$range(3, 1, -1)", "[3,2,1]"},
		{"$range(1, 3, -1)", "undefined"},
		{"$range(1.9, 3.1, 1.5)", "[1,2,3]"},
		{"$range(1, 2, 0)", "! T0410 7"},
		{"$range(1, 360145, 1) ~> $count()", "360145"},
		{"$range(0, 360145, 1)", "! U1001 7"},
		{`$hash("input data", "SHA-1")`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`$hash("abc", "MD5")`, `"900150983cd24fb0d6963f7d28e17f72"`},
		{`$hash("abc", "SHA-256")`, `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`},
		{`$length($hash("abc", "SHA-384"))`, "96"},
		{`$length($hash("abc", "SHA-512"))`, "128"},
		{`$hash("abc", "SHA-3")`, "! T0410 6"},
		{"$random(5) = $random(5)", "true"},
		{"$random(5) = $random(6)", "false"},
		{"$random(5) < 1 and $random() < 1 and $random() >= 0", "true"},
		{"$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)", "true"},
		{"$uuid() = $uuid()", "false"},
		{`$parse('{"a": [1, 2.50]}').a`, "[1,2.50]"},
		{`$parse('{"a"')`, "! T0410 7"},
		{`$eval("1+1")`, "! T1006 6"},
		{"($f := $partition; $f([1,2,3], 2))", "[[1,2],[3]]"},
	} {
		if got := outcome(test.expr, jsonval.Value{}, env(), test.want); got != test.want {
			t.Errorf("%s: %s, want %s", test.expr, got, test.want)
		}
	}
	for _, expr := range []string{"$range(1,2,1)", "$uuid()", "$random(1)", "$parse('1')", `$eval("1")`} {
		if _, err := evalText(expr, jsonval.Value{}, nil); err == nil {
			t.Errorf("%s works without StepFunctions", expr)
		}
	}
}

// TestText checks what Equal does not see: the texts of numbers and the order of
// members.
func TestText(t *testing.T) {
	in := jsonval.MustParse(`{"z":1.10,"big":12345678901234567890,"e":1e2,"a":{"y":0.50,"x":[1.0]},"list":[{"n":1.10},{"n":2.0}]}`)
	for _, test := range []struct{ expr, want string }{
		{"z", "1.10"},
		{"big", "12345678901234567890"},
		{"big + 0", "12345678901234567000"},
		{"{'v': z, 'a': a, 'k': big}", `{"v":1.10,"a":{"y":0.50,"x":[1.0]},"k":12345678901234567890}`},
		{"list.n", "[1.10,2.0]"},
		{"list[n = 1.1].n", "1.10"},
		{"$string(z)", `"1.1"`},
		{"z & ''", `"1.1"`},
		{"z * 1", "1.1"},
		{"-z", "-1.1"},
		{"e", "1e2"},
		{"$sum([z, e])", "101.1"},
		{"$max([1, e])", "100"},
		{"10 / 2", "5"},
		{"1 / 3", "0.3333333333333333"},
		{"0.1 + 0.2", "0.30000000000000004"},
		{"$string(0.1 + 0.2)", `"0.3"`},
		{"1e21", "1e+21"},
		{"-0", "0"},
		{"1 / 0", "null"},
		{"a ~> |$|{'w': 1}, 'y'|", `{"x":[1.0],"w":1}`},
		{"$merge([{'b': 1}, {'a': 2}, {'b': 3}])", `{"b":3,"a":2}`},
		{`"\ud800"`, `"` + "\uFFFD" + `"`},
		{`{"\ud800x": ["\udc00"]}`, `{"` + "\uFFFDx" + `":["` + "\uFFFD" + `"]}`},
	} {
		got, err := evalText(test.expr, in, nil)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: %s %v, want %s", test.expr, got.String(), err, test.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ expr, at, want string }{
		{`1 + "a"`, `1 + "a"`, `T2002: The right side of the "+" operator must evaluate to a number`},
		{`$uppercase(5)`, `$uppercase(5)`, `T0410: Argument 1 of function "uppercase" does not match function signature`},
		{`( $f := function($x){ $x + 1 }; 2 * $f("é") )`, `$x + 1`, `T2001: The left side of the "+" operator must evaluate to a number`},
		{`"é" & nope(1)`, `nope(1)`, `T1006: Attempted to invoke a non-function`},
		{`sum(1)`, `sum(1)`, `T1005: Attempted to invoke a non-function. Did you mean $sum?`},
		{`[1, 2`, ``, `S0203: Expected "]" before end of expression`},
		{`a b`, `b`, `S0201: Syntax error: "b"`},
		{`$number("x")`, `$number("x")`, `D3030: Unable to cast value to a number: "x"`},
		{`/(/`, `/(/`, `S0302: No terminating / in regular expression`},
		{`"a" ~> $contains(/a**/)`, `*/`, `S0303: Invalid regular expression: /a**/: Nothing to repeat`},
		{`$error("no")`, `$error("no")`, `D3137: no`},
		{`$map(["1", "x"], $number)`, `$map(["1", "x"], $number)`, `D3030: Unable to cast value to a number: "x"`},
	} {
		_, err := evalText(test.expr, jsonval.Value{}, nil)
		var e *Error
		if !errors.As(err, &e) || e.Error() != test.want || test.expr[e.Start:e.End] != test.at {
			t.Errorf("%s: %v at %v, want %s at %s", test.expr, err, e, test.want, test.at)
		}
	}
}

func TestFunctionResult(t *testing.T) {
	for _, expr := range []string{"$sum", "function($x){$x}", "$substring(?, 1)", "/a/", "$sum ~> $string", "|a|{}|"} {
		if _, err := evalText(expr, jsonval.Value{}, nil); !errors.Is(err, ErrFunction) {
			t.Errorf("%s: %v, want %v", expr, err, ErrFunction)
		}
	}
	got, err := evalText(`{"a": 1, "f": $sum, "l": [$sum, 2]}`, jsonval.Value{}, nil)
	if want := `{"a":1,"l":[null,2]}`; err != nil || got.String() != want {
		t.Errorf("functions inside: %s %v, want %s", got.String(), err, want)
	}
}

func TestVariables(t *testing.T) {
	env := &Env{Variables: func(name string) (jsonval.Value, bool) {
		v, ok := map[string]string{"states": `{"input":{"n":[1,2]}}`, "sum": `"hidden"`, "none": "null"}[name]
		if !ok {
			return jsonval.Value{}, false
		}
		return jsonval.MustParse(v), true
	}}
	for _, test := range []struct{ expr, want string }{
		{"$states.input.n[1]", "2"},
		{"$sum", `"hidden"`},
		{"$none", "null"},
		{"$missing", "undefined"},
		{"($states := 1; $states)", "1"},
		{"($x := $states.input; $x.n)", "[1,2]"},
		{"$sum([1])", "! T1006 5"},
	} {
		if got := outcome(test.expr, jsonval.Value{}, env, test.want); got != test.want {
			t.Errorf("%s: %s, want %s", test.expr, got, test.want)
		}
	}
}

func TestTrace(t *testing.T) {
	expr := "1 + $sum(a.b) * 2"
	var got []string
	env := &Env{Trace: func(start, end int, v jsonval.Value) {
		got = append(got, expr[start:end]+"="+v.String())
	}}
	e := MustCompile(expr)
	if _, err := e.Eval(context.Background(), jsonval.MustParse(`{"a":[{"b":1},{"b":2}]}`), env); err != nil {
		t.Fatal(err)
	}
	want := "1=1 a=[{\"b\":1},{\"b\":2}] b=1 b=2 a.b=[1,2] $sum(a.b)=3 2=2 $sum(a.b) * 2=6 1 + $sum(a.b) * 2=7"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("traced %s\n want %s", s, want)
	}
}
