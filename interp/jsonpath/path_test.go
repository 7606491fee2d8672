package jsonpath

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
)

func TestCompile(t *testing.T) {
	type facts struct {
		Root                Root
		Name, Normal        string
		Definite, Reference bool
	}
	for text, want := range map[string]facts{
		"$":                       {Normal: "$", Definite: true, Reference: true},
		"$ ":                      {Normal: "$", Definite: true, Reference: true},
		"$.a.b":                   {Normal: "$['a']['b']", Definite: true, Reference: true},
		"$['a'][\"b\"][ 0 ]":      {Normal: `$['a']["b"][0]`, Definite: true, Reference: true},
		"$.a[-1]":                 {Normal: "$['a'][-1]", Definite: true},
		"$.['a','b']":             {Normal: "$['a','b']", Definite: true},
		"$['a','b'].c":            {Normal: "$['a','b']['c']"},
		"$.a[01,2]":               {Normal: "$['a'][1,2]"},
		"$.a[-3:]":                {Normal: "$['a'][-3:]"},
		"$.a[1:2:9]":              {Normal: "$['a'][1:2]"},
		"$[*].*":                  {Normal: "$[*][*]"},
		"$..a":                    {Normal: "$..['a']"},
		"$.a[?(@.b)]":             {Normal: "$['a'][?]"},
		"$.a.length()":            {Normal: "$['a'].length()", Definite: true},
		"$.a.index(1)":            {Normal: "$['a'].index(...)", Definite: true},
		"$..a.length()":           {Normal: "$.length()", Definite: true},
		"$.a[*].length()":         {Normal: "$['a'][*].length()"},
		"$$":                      {Root: Context, Normal: "$", Definite: true, Reference: true},
		"$$.Execution.Id":         {Root: Context, Normal: "$['Execution']['Id']", Definite: true, Reference: true},
		"$order":                  {Root: Variable, Name: "order", Normal: "$", Definite: true, Reference: true},
		"$order.items[0]":         {Root: Variable, Name: "order", Normal: "$['items'][0]", Definite: true, Reference: true},
		"$Ünder_score2[*]":        {Root: Variable, Name: "Ünder_score2", Normal: "$[*]"},
		`$.foo\@bar.baz\[\[.\?ok`: {Normal: "$['foo@bar']['baz[[']['?ok']", Definite: true, Reference: true},
		`$.store\.book`:           {Normal: "$['store.book']", Definite: true, Reference: true},
		`$.&Ж中.\uD800\uDF46`:      {Normal: "$['&Ж中']['𐍆']", Definite: true, Reference: true},
		`$['it\'s','a\\b']`:       {Normal: `$['it's','a\b']`, Definite: true},
		"$.a]":                    {Normal: "$['a]']", Definite: true, Reference: true},
		"$['a']]":                 {Normal: "$['a']", Definite: true, Reference: true},
		"$['a']b":                 {Normal: "$['a']", Definite: true, Reference: true},
		"$['a']é":                 {Normal: "$['a']", Definite: true, Reference: true},
		"$['a']bc":                {Normal: "$['a']['bc']", Definite: true, Reference: true},
	} {
		p, err := Compile(text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got := facts{p.Root(), p.Name(), p.Normal(), p.Definite(), p.Reference()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
		if p.String() != text {
			t.Errorf("String of %q is %q", text, p.String())
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{"", 0, "starts with $"},
		{"a.b", 0, "starts with $"},
		{" $", 0, "starts with $"},
		{"@.a", 0, "starts with $"},
		{"$1", 1, "'1' after the path's root"},
		{"$$x", 2, "'x' after the path's root"},
		{"$a b", 2, "' ' after the path's root"},
		{"$a-b", 2, "'-' after the path's root"},
		{"$.", 1, "cannot end with a dot"},
		{"$.a..", 4, "cannot end with a dot"},
		{"$...a", 3, "too many dots"},
		{"$.é d", 4, "['é …']"},
		{"$. a", 2, "start with a blank"},
		{"$[", 2, "nothing after ["},
		{"$[a]", 2, "'a' after [: a name in quotes"},
		{"$['a", 2, "quote is never closed"},
		{"$['a'b'c']", 5, "'b' after a name"},
		{"$['a',]", 5, "should follow the comma"},
		{"$['a',,'b']", 5, "should follow the comma"},
		{`$['\uZZZZ']`, 3, "four hexadecimal"},
		{"$[1", 1, "never closed"},
		{"$[1a]", 2, `"1a" is no index`},
		{"$[1 2]", 2, `"1 2" is no index`},
		{"$[0,]", 2, `"" is no index`},
		{"$[99999999999]", 2, "is no index"},
		{"$[:]", 2, "neither a start nor an end"},
		{"$[1: 2]", 2, "has a blank"},
		{"$[1,2:3]", 2, "comma"},
		{"$[*,1]", 3, "] should follow"},
		{"$[?]", 3, "( should follow"},
		{"$[?(@.a]", 3, "( is never closed"},
		{"$[?(@.a) x]", 9, "] should follow"},
		{"$[?('a)]", 4, "' is never closed"},
		{"$[?(@.a == )]", 11, "a value should be here"},
		{"$[?(@.a = 1)]", 8, "operator with blanks"},
		{"$[?(@.a in['x'])]", 8, "operator with blanks"},
		{"$[?(@.a == 1.2.3)]", 11, "is no number"},
		{"$[?(1)]", 4, "a value alone is no condition"},
		{"$[?(@.a. == 1)]", 7, "cannot end with a dot"},
		{"$[?(@.a =~ /(/)]", 11, "missing closing )"},
		{"$[?(@.a =~ /(?=x)/)]", 11, "regular expression"},
		{"$[?(@.a =~ /[a&&b]/)]", 11, "&& in a class"},
		{"$[?(@.a =~ /x)]", 11, "never closed"},
		{"$.a.length(", 10, "never closed"},
		{"$.a.concat($.b[)", 11, "not closed"},
		{"$.a.concat($.)", 11, "in the argument $."},
		{"$.a" + strings.Repeat("[?(@", 101) + strings.Repeat(")]", 101), 138, "nested deeper"},
		{"$[?" + strings.Repeat("(", 200) + "@.a" + strings.Repeat(")", 200) + "]", 103, "nested deeper"},
	} {
		_, err := Compile(c.text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Compile(%.60q) = %v, want a SyntaxError", c.text, err)
			continue
		}
		if syntax.Offset != c.offset || !strings.Contains(syntax.Message, c.says) || syntax.Path != c.text {
			t.Errorf("Compile(%.60q) = %d %q, want %d …%s…", c.text, syntax.Offset, syntax.Message, c.offset, c.says)
		}
	}
	_, err := Compile("$.é d")
	if want := "path $.é d: at character 4: a name with a blank needs brackets and quotes: ['é …']"; err.Error() != want {
		t.Errorf("Error() = %s, want %s", err, want)
	}
}

// found is a result, or the text of the error.
func found(v jsonval.Value, err error) string {
	if err != nil {
		return err.Error()
	}
	return v.String()
}

func TestFind(t *testing.T) {
	const store = `{"a":{"b":1,"c":null,"l":[10,20,30]},"o":[{"n":"x","p":1},{"n":"y"},{"m":2}],"e":[]}`
	for path, want := range map[string]string{
		"$.a.b":              `1`,
		"$['a']['c']":        `null`,
		"$.a.l[1]":           `20`,
		"$.a.l[-1]":          `30`,
		"$.a.l[3]":           `No results for path: $['a']['l'][3]`,
		"$.a.l[-4]":          `No results for path: $['a']['l'][-4]`,
		"$.x":                `No results for path: $['x']`,
		"$.a.x":              `No results for path: $['a']['x']`,
		"$.x.y.z":            `Missing property in path $['x']`,
		`$["x"].y`:           `Missing property in path $['x']`,
		"$.o[0].q.r":         `Missing property in path $['o'][0]['q']`,
		"$.a.c.d":            notAnObject("['d']", "$['a']['c']", "null"),
		"$.a.b.c":            notAnObject("['c']", "$['a']['b']", "java.lang.Integer"),
		"$.a.c[0]":           `The path $['a']['c'] is null`,
		"$.a.b[0].c":         `Filter: [0]['c'] can only be applied to arrays. Current context is: 1`,
		"$.a[0]":             `Filter: [0] can only be applied to arrays. Current context is: {b=1, c=null, l=[10,20,30]}`,
		"$['a','e']":         `{"a":{"b":1,"c":null,"l":[10,20,30]},"e":[]}`,
		"$['e','x','e']":     `{"e":[]}`,
		"$.o[*].n":           `["x","y"]`,
		"$.o[*]['n','p']":    `[{"n":"x","p":1},{"n":"y"},{}]`,
		"$.o[*]['n','p'].x":  `[]`,
		"$.a.*":              `[1,null,[10,20,30]]`,
		"$.a.b.*":            `[]`,
		"$.x[*]":             `Missing property in path $['x']`,
		"$.a.l[0,2,7,-1]":    `[10,30,30]`,
		"$.a.l[1:]":          `[20,30]`,
		"$.a.l[-2:]":         `[20,30]`,
		"$.a.l[-9:]":         `[10,20,30]`,
		"$.a.l[5:]":          `[]`,
		"$.a.l[:2]":          `[10,20]`,
		"$.a.l[:-1]":         `[10,20]`,
		"$.a.l[:-5]":         `[]`,
		"$.a.l[1:2]":         `[20]`,
		"$.a.l[1:99]":        `[20,30]`,
		"$.a.l[-2:-1]":       `[20]`,
		"$.a.l[-1:2]":        `[30,10,20]`,
		"$.a.l[1:-1]":        `[]`,
		"$.a.l[-9:-8]":       `[]`,
		"$.a[1:]":            `Filter: [1:] can only be applied to arrays. Current context is: {b=1, c=null, l=[10,20,30]}`,
		"$..n":               `["x","y"]`,
		"$..['n','p']":       `[{"n":"x","p":1}]`,
		"$..l[0]":            `[10]`,
		"$..[0]":             `[10,{"n":"x","p":1}]`,
		"$..[0].n":           `["x"]`,
		"$..*":               `[{"b":1,"c":null,"l":[10,20,30]},[{"n":"x","p":1},{"n":"y"},{"m":2}],[],1,null,[10,20,30],10,20,30,{"n":"x","p":1},{"n":"y"},{"m":2},"x",1,"y",2]`,
		"$..[?(@.n)].p":      `[1]`,
		"$.e[*]":             `[]`,
		"$.o.length()":       `3`,
		"$.a.b[?(@.x == 1)]": `Filter: [?] can not be applied to primitives. Current context is: 1`,
	} {
		p, err := Compile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := found(p.Find(jsonval.MustParse(store))); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
}

func notAnObject(name, place, class string) string {
	return "Expected to find an object with property " + name + " in path " + place + " but found '" + class +
		"'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."
}

func TestReasons(t *testing.T) {
	doc := jsonval.MustParse(`{"a":{"n":null,"s":"x"},"l":[1]}`)
	for path, want := range map[string]Reason{
		"$.x": MissingLeaf, "$.a.x": MissingLeaf, "$['a'].x": MissingLeaf,
		"$.x.y": MissingProperty, "$.a.n.x": MissingProperty, "$.a.s.x": MissingProperty, "$.a.n[0]": MissingProperty,
		"$.x[*]": MissingProperty, "$.l.x": MissingProperty,
		"$.l[1]": OutOfRange, "$.l[-2]": OutOfRange, "$.l[1].x": OutOfRange,
		"$.a[0]": WrongType, "$.a.s[0]": WrongType, "$.a[1:]": WrongType,
	} {
		_, err := mustCompile(path).Find(doc)
		var miss *NotFoundError
		if !errors.As(err, &miss) || miss.Reason != want || miss.Path != path {
			t.Errorf("%s: %#v, want reason %d", path, err, want)
		}
	}
}

func mustCompile(path string) *Path {
	p, err := Compile(path)
	if err != nil {
		panic(err)
	}
	return p
}

func TestEval(t *testing.T) {
	asked := 0
	env := &Env{
		Input: jsonval.MustParse(`{"a":1,"o":{}}`),
		Context: func() jsonval.Value {
			asked++
			return jsonval.MustParse(`{"Execution":{"Name":"run"}}`)
		},
		Variable: func(name string) jsonval.Value {
			if name == "v" {
				return jsonval.MustParse(`{"list":[1,2],"want":2}`)
			}
			return jsonval.Value{}
		},
	}
	for path, want := range map[string]string{
		"$":                            `{"a":1,"o":{}}`,
		"$.a":                          `1`,
		"$.x":                          `No results for path: $['x']`,
		"$[*]":                         `[1,{}]`,
		"$v.list[1]":                   `2`,
		"$v.list[?(@ == $.want)]":      `[2]`,
		"$v.x.y":                       `Missing property in path $['x']`,
		"$none.x":                      `variable $none has no value`,
		"$.items[*]":                   `[]`, // AWS, recorded on {}
		"$.items[1:]":                  `[]`, // AWS, recorded on {}
		"$.item.items[1:5].itemValue":  `[]`, // AWS, recorded on {}
		"$[1:]":                        `Filter: [1:] can only be applied to arrays. Current context is: {a=1, o={}}`,
		"$.a.b[?(@.c)]":                `[]`,
		"$.a[?(@.c)]":                  `Filter: [?] can not be applied to primitives. Current context is: 1`,
		"$..nothing":                   `[]`,
		"$none[*]":                     `variable $none has no value`,
		"$.o['x','y']":                 `{}`,
		"$.concat($.missing, $.a)":     `No results for path: $['missing']`,
		"$v[?(@.x)].y[*].concat($.no)": `[]`,
	} {
		if got := found(mustCompile(path).Eval(env)); got != want {
			t.Errorf("%s\n got %s\nwant %s", path, got, want)
		}
	}
	if asked != 0 {
		t.Errorf("the context was made %d times though no path asked for it", asked)
	}
	if got := found(mustCompile("$$.Execution.Name").Eval(env)); got != `"run"` || asked != 1 {
		t.Errorf("$$.Execution.Name = %s, the context made %d times", got, asked)
	}
	for path, want := range map[string]string{
		"$":    "No results for path: $",
		"$$.a": "No results for path: $['a']",
		"$v":   "variable $v has no value",
		"$[*]": "[]",
	} {
		if got := found(mustCompile(path).Eval(&Env{})); got != want {
			t.Errorf("%s of nothing: %s, want %s", path, got, want)
		}
	}
}

// Recorded: test_escape_sequence_parsing[ESCAPE_SEQUENCES_JSONPATH].
func TestBackslashesInBracketsMayBeThemselves(t *testing.T) {
	path := mustCompile(`$['a\"b']`)
	for doc, want := range map[string]string{
		`{"a\\\"b": 1}`:            `1`,
		`{"a\"b": 2}`:              `2`,
		`{"a\\\"b": 1, "a\"b": 2}`: `2`,
		`{}`:                       `No results for path: $['a"b']`,
	} {
		if got := found(path.Eval(&Env{Input: jsonval.MustParse(doc)})); got != want {
			t.Errorf("%s: got %s, want %s", doc, got, want)
		}
	}
}

func TestStepsFitSet(t *testing.T) {
	doc := jsonval.MustParse(`{"a":[{"b":1}]}`)
	got, err := doc.Set(mustCompile("$.a[0]['c d'].e").Steps(), jsonval.True)
	if want := `{"a":[{"b":1,"c d":{"e":true}}]}`; err != nil || got.String() != want {
		t.Errorf("Set = %s %v, want %s", got, err, want)
	}
	if steps := mustCompile("$.a[-1]").Steps(); steps != nil {
		t.Errorf("a path that is no reference path has steps %v", steps)
	}
}

func TestPlainPathsDoNotAllocate(t *testing.T) {
	env := &Env{Input: jsonval.MustParse(`{"a":{"b":[1,{"c":2}]}}`)}
	for _, path := range []string{"$", "$.a.b", "$.a.b[1].c"} {
		p := mustCompile(path)
		if n := testing.AllocsPerRun(100, func() { _, _ = p.Eval(env) }); n != 0 {
			t.Errorf("%s allocates %v times", path, n)
		}
	}
}

func TestPathsAreShared(t *testing.T) {
	p := mustCompile("$..o[?(@.id == $.want || @.tags contains 'x')].n")
	doc := jsonval.MustParse(`{"want":1,"o":[{"id":1,"n":"a"},{"tags":["x"],"n":"b"},{"id":2,"n":"c"}]}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := found(p.Find(doc)); got != `["a","b"]` {
					t.Errorf("found %s", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestHostile(t *testing.T) {
	deep := jsonval.MustParse(strings.Repeat(`{"a":[`, 400) + strings.Repeat(`]}`, 400))
	wide := jsonval.MustParse("[" + strings.Repeat("[[1,2],[3,4]],", 2000) + "0]")
	flat := jsonval.MustParse("[" + strings.Repeat(`"x",`, 20000) + "0]")
	long := jsonval.MustParse(`["` + strings.Repeat("a", 20000) + `"` + strings.Repeat(",1", 1000) + "]")
	for _, c := range []struct {
		path string
		doc  jsonval.Value
	}{
		{"$..*..*..*..*", deep},
		{"$..[?(@..*..* == 1)]", deep},
		{"$[*].concat($..*, $..*)", wide},
		{"$[?('y' in $..* || $..* anyof ['y'])]", flat},
		{"$[?($[0:4000] == $[4000:8000] && @ == 1)]", flat},
		{"$[?($[0] =~ /b/)]", long},
	} {
		_, err := mustCompile(c.path).Find(c.doc)
		var eval *EvalError
		if !errors.As(err, &eval) || !strings.Contains(err.Error(), "takes more than") || eval.Path != c.path {
			t.Errorf("%s: %v, want an EvalError about the work", c.path, err)
		}
	}
	// Java's regular expressions would take years.
	text := jsonval.ArrayOf(jsonval.OfString(strings.Repeat("a", 5000) + "!"))
	if got := found(mustCompile("$[?(@ =~ /(a*)*b/)]").Find(text)); got != "[]" {
		t.Errorf("found %s", got)
	}
	if _, err := mustCompile("$" + strings.Repeat(".a", 20000)).Find(deep); err == nil {
		t.Error("a path of 20,000 steps finds something in 800 levels")
	}
}

func FuzzFind(f *testing.F) {
	for _, path := range []string{
		"$.a.b", "$$.x", "$v[0]", "$..a[?(@.b == 'c' && !(@.d > 1.5e3))].length()", "$['a','b'][1:2][0,-1].*",
		"$.concat($.a, \"x\\\",\", {\"y\":1})", "$[?(@ in ['a', 1, {b:2}] || @ =~ /x\\/y/i)]", `$['\u00e9']`, "$..",
		"$[?(@.length() > 5)]", "$.a.append(1).sum()", "$[?(!@.a)]", "$.a\\", "$[?(@['a'] == $..b)]",
	} {
		f.Add(path, `{"a":[{"b":"c","d":2},"x",[1,2.50,-0,1e400]],"b":{"a":null},"$":"$.a","x y":"'q'"}`)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		doc, err := jsonval.Parse(text)
		if err != nil {
			return
		}
		p, err := Compile(path)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(path) {
				t.Fatalf("%q: %#v", path, err)
			}
			return
		}
		v, err := p.Find(doc)
		var miss *NotFoundError
		var eval *EvalError
		switch {
		case err != nil:
			if !errors.As(err, &miss) && !errors.As(err, &eval) {
				t.Fatalf("%q: %v", path, err)
			}
		case !v.Exists() || !p.Definite() && !v.Is(jsonval.Array):
			t.Fatalf("%q: found %v", path, v)
		}
		if p.Reference() && err == nil && !jsonval.Same(v, doc.Lookup(p.Steps())) {
			t.Fatalf("%q: Steps lead elsewhere", path)
		}
	})
}
