package intrinsic

import (
	"errors"
	"strings"
	"testing"
)

func mustCompile(t testing.TB, text string) *Call {
	t.Helper()
	c, err := Compile(text)
	if err != nil {
		t.Fatalf("Compile(%s): %v", text, err)
	}
	return c
}

func TestCompile(t *testing.T) {
	for _, c := range []struct{ text, name, paths string }{
		{`States.UUID()`, "States.UUID", ""},
		{`States.UUID( )`, "States.UUID", ""},
		{`States.UUID('x', 1)`, "States.UUID", ""}, // AWS ignores them (recorded)
		{`States.Array( $.a , $.b )   `, "States.Array", "$.a $.b"},
		{"States.Format('a\nb', $)", "States.Format", "$"},
		{`States.Format('{}', States.Array($$.Execution.Id, $var, $['a,)'][0]), -1.5e3, true, false, null)`, "States.Format", "$$.Execution.Id $var $['a,)'][0]"},
		{`States.StringToJson('{"NewField": "MyValue" }')`, "States.StringToJson", ""},
		{strings.Repeat("States.Array(", 10) + strings.Repeat(")", 10), "States.Array", ""},
	} {
		call := mustCompile(t, c.text)
		var paths []string
		for _, p := range call.Paths() {
			paths = append(paths, p.String())
		}
		if call.Name() != c.name || call.String() != c.text || strings.Join(paths, " ") != c.paths {
			t.Errorf("Compile(%s) = %s, %s, paths %v", c.text, call.Name(), call, paths)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{``, 0, "looks like States.Format"},
		{`States.UUID`, 11, "( should follow"},
		{`States.UUID (`, 11, "( should follow"},
		{`States.UUID(`, 12, "closing parenthesis of States.UUID"},
		{`States.UUID)`, 11, "( should follow"},
		{`States.UUID(,)`, 12, "an argument of States.UUID is missing"},
		{`States.ArrayContains($.arr, )`, 28, "an argument of States.ArrayContains is missing"},
		{`States.UUID() trailing`, 14, `"trailing" after the end`},
		{`States.StringSplit($.s, '-')[0]`, 28, `"[0]" after the end`},
		{`States.Format('{}' $.a)`, 19, ", or ) should follow"},
		{`States.Array(1`, 14, "closing parenthesis"},
		{`States.NoSuch($.a)`, 0, "no intrinsic function States.NoSuch"},
		{`States.format('{}', $.a)`, 0, "did you mean States.Format?"},
		{`States.Array(States.ToJson('x'))`, 13, "no intrinsic function States.ToJson"},
		{`States.MathAdd(1)`, 0, "takes 2 arguments, not 1"},
		{`States.ArrayLength()`, 0, "takes 1 argument, not 0"},
		{`States.MathRandom(1, 2, 3, 4)`, 0, "takes 2 to 3 arguments, not 4"},
		{`States.Format()`, 0, "takes at least 1 argument, not 0"},
		{`States.Array(States.Hash('x'))`, 13, "States.Hash takes 2 arguments"},
		{`States.Array('abc)`, 13, "never closed"},
		{`States.StringToJson('{"text":"An \"escaped\""}')`, 33, `\ is only allowed`}, // refused by AWS (recorded)
		{`States.Format('He said, \"Hello, {}!\"', 'x')`, 24, `\ is only allowed`},    // refused by AWS (recorded)
		{`States.Base64Decode('YWJj\nZA==')`, 25, `\ is only allowed`},                // refused by AWS (recorded)
		{`States.Array('\`, 14, `\ is only allowed`},
		{`States.Array([1,2])`, 13, "is no argument"},
		{`States.Array("a")`, 13, "single quotes"},
		{`States.Array(TRUE)`, 13, "is no argument"},
		{`States.Array(1.)`, 13, "not a number"},
		{`States.Array(.5)`, 13, "is no argument"},
		{`States.Array(01)`, 13, "not a number"},
		{`States.Array(1-2)`, 13, "not a number"},
		{`States.Array($.a b)`, -1, ""},
		{`States.Array($[)`, -1, ""},
		{strings.Repeat("States.Array(", 11) + strings.Repeat(")", 11), 130, "deeper than 10"},
		{strings.Repeat("States.Array(", 100000), 130, "deeper than 10"},
	} {
		_, err := Compile(c.text)
		var se *SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("Compile(%.60s) = %v, want a SyntaxError", c.text, err)
			continue
		}
		if !strings.Contains(se.Message, c.says) || c.offset >= 0 && se.Offset != c.offset || se.Call != c.text {
			t.Errorf("Compile(%.60s) = %d %q, want %d ...%s...", c.text, se.Offset, se.Message, c.offset, c.says)
		}
	}
}

func TestIsCall(t *testing.T) {
	for text, want := range map[string]bool{
		"States.UUID()": true, "States.format(": true, "States.X.Y(": true,
		"States.UUID": false, "States.(": false, " States.UUID()": false, "$.States.UUID()": false, "": false,
	} {
		if got := IsCall(text); got != want {
			t.Errorf("IsCall(%q) = %v", text, got)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		`States.Format('{} \' \{ \}', $.a, $$.b, $c, 1.5, true, null)`,
		`States.Array(States.UUID(), States.MathAdd(1, -2))`,
		`States.Format($['a\'b'], $..x[?(@.y == ')')])`,
		`States.Format('\`, `States.`, `States.Array(1e)`, `States.Array($`,
	} {
		f.Add(s, `{"a":[1,{"b":null}]}`)
	}
	f.Fuzz(func(t *testing.T, text, input string) {
		call, err := Compile(text)
		if err != nil {
			var se *SyntaxError
			if !errors.As(err, &se) || se.Offset < 0 || se.Offset > len(text) {
				t.Fatalf("Compile(%q) = %#v", text, err)
			}
			return
		}
		if call.String() != text || !IsCall(text) {
			t.Fatalf("Compile(%q) gives %q", text, call)
		}
		env, ok := environment(input)
		if !ok {
			return
		}
		v, err := call.Eval(env)
		var failed *Error
		if err != nil && (!errors.As(err, &failed) || failed.Message == "") || err == nil && v.Size() != len(v.String()) {
			t.Fatalf("%q = %v, %v", text, v, err)
		}
	})
}
