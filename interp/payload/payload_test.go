package payload

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

func environment(t testing.TB, input string) *Env {
	t.Helper()
	v, err := jsonval.Parse(input)
	if err != nil {
		t.Fatal(err)
	}
	return &Env{Env: intrinsic.Env{
		Env: jsonpath.Env{
			Input:   v,
			Context: func() jsonval.Value { return jsonval.MustParse(`{"Execution":{"Id":"arn:1"}}`) },
			Variable: func(name string) jsonval.Value {
				if name == "order" {
					return jsonval.MustParse(`{"id":7}`)
				}
				return jsonval.Value{}
			},
		},
		Random: rand.NewPCG(1, 2),
	}}
}

func mustCompile(t testing.TB, text string) *Template {
	t.Helper()
	tpl, err := Compile(jsonval.MustParse(text))
	if err != nil {
		t.Fatalf("Compile(%s): %v", text, err)
	}
	return tpl
}

func TestEval(t *testing.T) {
	for _, c := range []struct{ template, input, want string }{
		{`{}`, `{}`, `{}`},
		{`[{"a.$":"$.x"},"$.x"]`, `{"x":1}`, `[{"a":1},"$.x"]`},
		{`"$.x"`, `{"x":1}`, `"$.x"`},
		{`{"a":1,"b":"$.x","c":["$.x",{"d":null}]}`, `{}`, `{"a":1,"b":"$.x","c":["$.x",{"d":null}]}`},
		{`{"all.$":"$","n":1}`, `[1]`, `{"all":[1],"n":1}`},
		{`{"ctx.$":"$$","id.$":"$$.Execution.Id","v.$":"$order.id"}`, `{}`, `{"ctx":{"Execution":{"Id":"arn:1"}},"id":"arn:1","v":7}`},
		{`{"f.$":"States.Format('{}-{}', $.a, $order.id)"}`, `{"a":"x"}`, `{"f":"x-7"}`},
		{`{"a":{"b":[{"c.$":"$.x","d":[1]},["$.x",{"e.$":"$.y"}]],"z":{}},"last":true}`, `{"x":1,"y":null}`, `{"a":{"b":[{"c":1,"d":[1]},["$.x",{"e":null}]],"z":{}},"last":true}`},
		{`{"a.b.$":"$.x","$":"$.x",".$":"$.x"}`, `{"x":1}`, `{"a.b":1,"$":"$.x","":1}`},
		{`{"w.$":"$.items[*].n","s.$":"$.items[1:]","none.$":"$.no[*]"}`, `{"items":[{"n":1},{"n":2}]}`, `{"w":[1,2],"s":[{"n":2}],"none":[]}`},
		// An index past the end is null, at either end (measured on AWS).
		{`{"i.$":"$.items[5]","j.$":"$.items[-5]","k.$":"$.items[1]"}`, `{"items":[1,2]}`, `{"i":null,"j":null,"k":2}`},
	} {
		tpl := mustCompile(t, c.template)
		got, err := tpl.Eval(environment(t, c.input))
		if err != nil || got.String() != c.want || got.Size() != len(c.want) {
			t.Errorf("%s on %s = %s, %v, want %s", c.template, c.input, got, err, c.want)
		}
		constant, ok := tpl.Constant()
		if ok == strings.Contains(c.template, `.$"`) || ok && constant.String() != c.want {
			t.Errorf("Constant of %s = %s, %v", c.template, constant, ok)
		}
		if tpl.Source().String() != c.template {
			t.Errorf("Source of %s = %s", c.template, tpl.Source())
		}
	}
}

func TestEvalSharesConstants(t *testing.T) {
	tpl := mustCompile(t, `{"big":{"list":[1,2,3]},"x.$":"$.x"}`)
	env := environment(t, `{"x":{"y":[1]}}`)
	got, err := tpl.Eval(env)
	if err != nil {
		t.Fatal(err)
	}
	if !jsonval.Same(got.Get("big"), tpl.Source().Get("big")) || !jsonval.Same(got.Get("x"), env.Input.Get("x")) {
		t.Error("Eval copied a constant or the input")
	}
}

func TestFieldErrors(t *testing.T) {
	const input = `{"items":[1],"other":1}`
	for _, c := range []struct {
		template, at, field, message string
		missing                      bool
	}{
		{
			`{"k.$":"$.x"}`, "/k.$", "k.$",
			`The JSONPath '$.x' specified for the field 'k.$' could not be found in the input '` + input + `'`, true,
		},
		{
			// The member's own key, however deep it is (seen on AWS).
			`{"a":[0,{"b":{"k.$":"$.x.y"}}]}`, "/a/1/b/k.$", "k.$",
			`The JSONPath '$.x.y' specified for the field 'k.$' could not be found in the input '` + input + `'`, true,
		},
		{
			`{"k.$":"$$.Task.Token"}`, "/k.$", "k.$",
			`The JSONPath '$$.Task.Token' specified for the field 'k.$' could not be found in the input '{"Execution":{"Id":"arn:1"}}'`, true,
		},
		{
			`{"k.$":"$nobody.x"}`, "/k.$", "k.$",
			`The JSONPath '$nobody.x' specified for the field 'k.$' could not be found in the input '` + input + `'`, true,
		},
		{
			`{"k.$":"$.items[5].x"}`, "/k.$", "k.$",
			`The JSONPath '$.items[5].x' specified for the field 'k.$' could not be found in the input '` + input + `'`, true,
		},
		{`{"k.$":"$.other[0]"}`, "/k.$", "k.$", `Filter: [0] can only be applied to arrays. Current context is: 1`, true},
		{
			`{"k.$":"States.Format('{}', $.items[5])"}`, "/k.$", "k.$",
			`The function 'States.Format('{}', $.items[5])' had the following error: The JsonPath argument for the field '$.items[5]' could not be found in the input '` + input + `'`, true,
		},
		{
			`{"k.$":"States.MathAdd($.items, 2)"}`, "/k.$", "k.$",
			`There was an error while evaluating the intrinsic function: States.MathAdd($.items, 2). Invalid arguments in States.MathAdd`, false,
		},
	} {
		tpl := mustCompile(t, c.template)
		_, err := tpl.Eval(environment(t, input))
		var failed *FieldError
		if !errors.As(err, &failed) {
			t.Errorf("%s: error %v, want a FieldError", c.template, err)
			continue
		}
		if failed.Error() != c.message || failed.Field != c.field || failed.At().String() != c.at || failed.Missing != c.missing || failed.Unwrap() == nil {
			t.Errorf("%s: %+v at %s, want %s", c.template, failed, failed.At(), c.message)
		}
		if want := tpl.Source().Lookup(failed.At()).Text(); failed.Expr != want {
			t.Errorf("%s: Expr %q, want %q", c.template, failed.Expr, want)
		}
	}
}

func TestCompileProblems(t *testing.T) {
	aws := func(field string) string {
		return "The value for the field '" + field + "' must be a valid JSONPath or a valid intrinsic function call"
	}
	type problem struct {
		at     string
		offset int
		aws    string
		says   string
	}
	for _, c := range []struct {
		template string
		want     []problem
	}{
		{`[{"a.$":"x"}]`, []problem{{"/0/a.$", 0, aws("a.$"), "neither a path"}}},
		{`{"a.$":1}`, []problem{{"/a.$", 0, aws("a.$"), "but is a number"}}},
		{`{"a.$":{"b.$":"$.x"}}`, []problem{{"/a.$", 0, aws("a.$"), "but is an object"}}},
		{`{"a.$":"x"}`, []problem{{"/a.$", 0, aws("a.$"), "neither a path"}}},
		{`{"a.$":""}`, []problem{{"/a.$", 0, aws("a.$"), "neither a path"}}},
		{`{"a.$":"States.Format"}`, []problem{{"/a.$", 0, aws("a.$"), "neither a path"}}},
		{`{"a.$":"States.format('{}', $.x)"}`, []problem{{"/a.$", 0, aws("a.$"), "did you mean States.Format?"}}},
		{`{"a.$":"States.Format('\\\"{}', $.x)"}`, []problem{{"/a.$", 15, aws("a.$"), "only allowed before"}}},
		{`{"a.$":"$.x","a":2}`, []problem{{"/a", 0, "", `"a.$" and "a" would both become the member "a"`}}},
		{
			`{"l":[{"b.$":"?"}],"a.$":"$.x","c.$":null,"a":{"d.$":false}}`,
			[]problem{
				{"/l/0/b.$", 0, aws("b.$"), "neither"},
				{"/c.$", 0, aws("c.$"), "null"},
				{"/a/d.$", 0, aws("d.$"), "a boolean"},
				{"/a", 0, "", "would both become"},
			},
		},
	} {
		tpl, err := Compile(jsonval.MustParse(c.template))
		var got Problems
		if !errors.As(err, &got) || len(got) != len(c.want) || tpl != nil {
			t.Errorf("Compile(%s) = %v, want %d problems", c.template, err, len(c.want))
			continue
		}
		for i, p := range got {
			w := c.want[i]
			if p.At.String() != w.at || p.Offset != w.offset || p.AWSMessage != w.aws || !strings.Contains(p.Message, w.says) {
				t.Errorf("Compile(%s): problem %d is %+v at %s, want %+v", c.template, i, p, p.At, w)
			}
			if !strings.Contains(got.Error(), p.Message) {
				t.Errorf("%q leaves problem %d out", got.Error(), i)
			}
		}
	}
}

func TestCompileReportsBadPaths(t *testing.T) {
	for _, path := range []string{"$[", "$.a..", "$.a b"} {
		_, err := Compile(jsonval.ObjectOf(jsonval.Member{Key: "a.$", Value: jsonval.OfString(path)}))
		var got Problems
		if !errors.As(err, &got) || len(got) != 1 || got[0].Message == "" || got[0].Offset > len(path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestCompileExpr(t *testing.T) {
	for _, c := range []struct{ text, paths string }{
		{"$", "$"},
		{"$$.Execution.Id", "$$.Execution.Id"},
		{"$v.a", "$v.a"},
		{"States.Array($.a, States.Array($$.b))", "$.a $$.b"},
		{"States.UUID()", ""},
	} {
		e, err := CompileExpr(c.text)
		if err != nil {
			t.Errorf("CompileExpr(%s): %v", c.text, err)
			continue
		}
		var paths []string
		for _, p := range e.Paths() {
			paths = append(paths, p.String())
		}
		if e.String() != c.text || strings.Join(paths, " ") != c.paths || (e.Path() == nil) == (e.Call() == nil) {
			t.Errorf("CompileExpr(%s) = %s, paths %v", c.text, e, paths)
		}
	}
	for text, offset := range map[string]int{"": 0, "a": 0, "States.UUID() x": 14, "States.UUID": 0} {
		_, err := CompileExpr(text)
		var bad *SyntaxError
		if !errors.As(err, &bad) || bad.Expr != text || bad.Offset != offset || bad.Message == "" {
			t.Errorf("CompileExpr(%q) = %v", text, err)
		}
	}
	e, _ := CompileExpr("$.items[5]")
	var missing *jsonpath.NotFoundError
	if _, err := e.Eval(&environment(t, `{"items":[]}`).Env); !errors.As(err, &missing) {
		t.Errorf("an expression on its own: %v, want a NotFoundError", err)
	}
}

func TestPaths(t *testing.T) {
	tpl := mustCompile(t, `{"a.$":"$.x","b":[{"c.$":"States.Array($$.y, $z)"}],"d":"$.no"}`)
	var got []string
	for _, p := range tpl.Paths() {
		got = append(got, p.String())
	}
	if strings.Join(got, " ") != "$.x $$.y $z" {
		t.Errorf("Paths = %v", got)
	}
}

func TestOrigin(t *testing.T) {
	tpl := mustCompile(t, `{"RequestBody":{"order.$":"$.id","cents.$":"$.total","currency":"EUR","list":[{"x.$":"States.UUID()"},{"y":[5]}]},"k":{"l":1}}`)
	for _, c := range []struct {
		place         jsonval.Path
		key, expr, at string
		ok            bool
	}{
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("cents")}, "cents.$", "$.total", "/RequestBody/cents.$", true},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("order"), jsonval.Key("deep"), jsonval.Index(3)}, "order.$", "$.id", "/RequestBody/order.$", true},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("currency")}, "currency", "", "/RequestBody/currency", true},
		{jsonval.Path{jsonval.Key("RequestBody")}, "RequestBody", "", "/RequestBody", true},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("list"), jsonval.Index(0), jsonval.Key("x")}, "x.$", "States.UUID()", "/RequestBody/list/0/x.$", true},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("list"), jsonval.Index(1), jsonval.Key("y"), jsonval.Index(0)}, "y", "", "/RequestBody/list/1/y/0", true},
		{jsonval.Path{jsonval.Key("k"), jsonval.Key("l")}, "l", "", "/k/l", true},
		{nil, "", "", "", false},
		{jsonval.Path{jsonval.Key("cents.$")}, "", "", "", false},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("cents.$")}, "", "", "", false},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Index(0)}, "", "", "", false},
		{jsonval.Path{jsonval.Key("RequestBody"), jsonval.Key("list"), jsonval.Index(9)}, "", "", "", false},
		{jsonval.Path{jsonval.Key("k"), jsonval.Key("none")}, "", "", "", false},
	} {
		key, expr, at, ok := tpl.Origin(c.place)
		if key != c.key || expr != c.expr || at.String() != c.at || ok != c.ok {
			t.Errorf("Origin(%s) = %q, %q, %s, %v, want %+v", c.place, key, expr, at, ok, c)
		}
		if ok && !tpl.Source().Lookup(at).Exists() {
			t.Errorf("Origin(%s) = %s, which the template does not have", c.place, at)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		`{"a.$":"$.x","b":[{"c.$":"States.Array($$.y, $z)"}],"d":"$.no"}`,
		`{"a":1,"a.$":"$.x"}`, `{".$":"$"}`, `[]`, `{"a.$":"$.a[5]","b.$":"$.b[0]"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		source, err := jsonval.Parse(text)
		if err != nil {
			return
		}
		tpl, err := Compile(source)
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("Compile(%s) = %v", text, err)
			}
			for _, p := range problems {
				if p.Message == "" || !source.Lookup(p.At).Exists() {
					t.Fatalf("Compile(%s): problem %+v", text, p)
				}
			}
			return
		}
		v, err := tpl.Eval(environment(t, `{"x":1,"a":[1,{"b":null}]}`))
		if err != nil {
			return
		}
		for k := range v.Members() {
			if _, _, at, ok := tpl.Origin(jsonval.Path{jsonval.Key(k)}); !ok || !source.Lookup(at).Exists() {
				t.Fatalf("%s: the result's member %q comes from %s, %v", text, k, at, ok)
			}
		}
	})
}

func BenchmarkEvalTwoComputed(b *testing.B) {
	tpl := mustCompile(b, `{"ApiEndpoint":"abc123.execute-api.eu-west-1.amazonaws.com","Method":"POST","Path":"/charges","Headers":{"a":["b"]},"id.$":"$.order.id","total.$":"$.total"}`)
	env := environment(b, `{"order":{"id":"A-1041"},"total":1999,"items":[1,2,3]}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tpl.Eval(env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvalConstant(b *testing.B) {
	tpl := mustCompile(b, `{"a":{"b":[1,2,3]},"c":"x"}`)
	env := environment(b, `{}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tpl.Eval(env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	v := jsonval.MustParse(`{"Method":"POST","Headers":{"a":["b"]},"id.$":"$.order.id","note.$":"States.Format('{}', $.total)"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(v); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAlwaysFails: a call whose arguments are all written out is tried.
func TestAlwaysFails(t *testing.T) {
	for call, want := range map[string]string{
		"States.MathAdd(1, 2)":                      "",
		"States.MathAdd(1, $.x)":                    "",
		"States.UUID()":                             "",
		"States.MathRandom('a', 1)":                 "", // chance: not tried
		"States.Format('{}', States.Array(1))":      "",
		"States.MathAdd(1, '-1')":                   "States.MathAdd always fails",
		"States.Array(States.StringToJson('{'), 1)": "States.StringToJson always fails",
		"States.Format('{} {}', 'only one')":        "States.Format always fails",
	} {
		_, err := Compile(jsonval.ObjectOf(jsonval.Member{Key: "v.$", Value: jsonval.OfString(call)}))
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", call, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: error %v, want one with %s", call, err, want)
		}
	}
}
