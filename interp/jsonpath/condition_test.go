package jsonpath

import (
	"testing"

	"asldbg/interp/jsonval"
)

// TestFilters filters the items of one array.
func TestFilters(t *testing.T) {
	const doc = `[{"i":0,"n":5,"s":"5"},{"i":1,"n":5.10,"s":"abc","b":true},{"i":2,"n":null,"l":["a","b",1]},{"i":3,"o":{"k":1},"l":[]},{"i":4,"s":"it's","n":1e10,"l":["b"]}]`
	for filter, want := range map[string]string{
		// existence
		"@.b": "[1]", "!@.b": "[0,2,3,4]", "@.n": "[0,1,2,4]", "@['s']": "[0,1,4]", "@": "[0,1,2,3,4]", "@.o.k": "[3]",
		"@.l[0]": "[2,4]", "@.l[*]": "[2,3,4]", "$.b": "[1]",
		// equality
		"@.n == 5": "[0]", "@.n == 5.0": "[0]", "@.n == 5.1": "[1]", "@.n == '5'": "[0]", "@.s == 5": "[0]", "@.s == 5.0": "[]",
		"@.s == '5.0'": "[]", "@.n == '5.1'": "[1]", "@.n == 10000000000": "[4]", "@.n == null": "[2]", "@.n != null": "[0,1,3,4]",
		"@.b == true": "[1]", "@.b != true": "[0,2,3,4]", "@.x == @.y": "[]", "@.x != @.y": "[0,1,2,3,4]",
		`@.s == 'it\'s'`: "[4]", `@.s == "it's"`: "[4]", "'abc' == @.s": "[1]", "@.s===5": "[]", "@.n===5": "[0]", "@.s !== 5": "[0,1,2,3,4]",
		"@.o == {\"k\":1}": "[3]", "@.o == {k:1.0}": "[]", "@.o == {k:2}": "[]", "@.l == ['a', b, 2]": "[]", "@.n == @.n": "[0,1,2,4]", "[1] == [1]": "[]", "{\"k\":1} == @.o": "[]", "@.l == ['a', b, 1]": "[2]", "@.l == @.l": "[2,3,4]",
		// unquoted words, as in published state machines
		"@.s==abc": "[1]", "@.s == abc": "[1]", "@.s != abc && @.s": "[0,4]",
		// order
		"@.n < 6": "[0,1]", "@.n <= 5": "[0]", "@.n > 5": "[1,4]", "@.n >= 5": "[0,1,4]", "@.s < 'b'": "[0,1]", "@.s > 5": "[]", "@.n<5.2 && @.n>5": "[1]",
		// patterns
		"@.s =~ /A.*/i": "[1]", "@.s =~ /b/": "[]", "/it.s/ =~ @.s": "[4]", "@.n =~ /5\\.1/": "[1]", "@.b =~ /true/": "[1]", "@.l =~ /b/": "[2,4]", "@.n =~ /1.0E\\+10/": "[4]",
		// sets
		"@.i in [1, '2', 7]": "[1,2]", "@.s in ['5','it\\'s']": "[0,4]", "@.s nin ['5']": "[1,2,3,4]", "@.s in @.s": "[]", "@.s nin @.s": "[]",
		"'a' in @.l": "[2]", "@.l contains 'b'": "[2,4]", "@.s contains 'b'": "[1]", "@.l contains 1": "[2]", "@.l subsetof ['b','c']": "[3,4]",
		"@.l anyof ['a','z']": "[2]", "@.l noneof ['a']": "[3,4]", "@.o subsetof ['k']": "[]", "@.l ANYOF ['b']": "[2,4]",
		// size and emptiness
		"@.l size 3": "[2]", "@.s size 3": "[1]", "@.o size -1": "[3]", "@.l empty true": "[3]", "@.l empty false": "[2,4]", "@.s empty false": "[0,1,4]", "@.o empty false": "[3]",
		"@.s size 1e99": "[]", "@.n size 1": "[]", "@.s size 'x'": "[]", "@.n empty true": "[]", "@.l =~ /x/ || @.o =~ /x/": "[]", "/a/ =~ /a/": "[]",
		"@.l empty 1": "[]", "@.b exists true": "[1]", "@.s exists true": "[]",
		// never true in a path's text
		"@.s type 'string'": "[]", "@.l all ['b']": "[]", "@.s matches 'x'": "[]",
		// logic
		"@.i == 0 || @.i == 1 && @.b == false": "[0]", "(@.i == 0 || @.i == 1) && @.b": "[1]", "!(@.i == 0)": "[1,2,3,4]", "!(!(@.i == 0))": "[0]",
		"!@.i == 0": "[0]", "@.s == '&& ||' || @.i==3": "[3]", "@.s == ') ('||@.i==3": "[3]",
		// paths inside
		"@.i == $[2].i": "[2]", "@.l[0] == $[4].l[0]": "[4]", "@.l.length() > 1": "[2]", "@.l[?(@ == 'a')] empty false": "[2]", "@.i == $.x": "[]",
		"@..k == [1]": "[3]", "@.nofunction() == 1": "[]",
	} {
		p, err := Compile("$[?(" + filter + ")].i")
		if err != nil {
			t.Error(err)
			continue
		}
		if got := found(p.Find(jsonval.MustParse(doc))); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
}

// Jayway reads strings in arrays again: as paths, as JSON, without quotes and
// backslashes.
func TestStringsInArrays(t *testing.T) {
	const doc = `[{"l":["$.a","$x","'q'","[1]","it\\'s","\"","[",""]}]`
	for filter, want := range map[string]bool{
		`'$.a' in @.l`: false, `'$x' in @.l`: true, `'q' in @.l`: true, `"'q'" in @.l`: false, `'[1]' in @.l`: false, `[1] in @.l`: true,
		`@.l contains [1]`: true, `@.l contains "it's"`: true, `@.l contains '"'`: true, `@.l contains '['`: true, `@.l contains ''`: true,
		`@.l subsetof @.l`: false, `@.l anyof ['q', 1]`: true, `@.l noneof ["'q'", '$.a']`: false,
	} {
		p := mustCompile("$[?(" + filter + ")]")
		v, err := p.Find(jsonval.MustParse(doc))
		if err != nil || (v.Len() == 1) != want {
			t.Errorf("%s: found %d, %v", filter, v.Len(), err)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	for filter, want := range map[string]string{
		"@ contains 'a'":      `Could not determine value type of {"b":1} in an array that a filter searches`,
		"'a' in [[1]]":        `Could not determine value type of [1] in an array that a filter searches`,
		`'a' in ["\\uZZ12"]`:  `Unable to parse unicode value in "\\uZZ12" that a filter compares`,
		"@ == [1, {]":         `[1, {] in a filter: a : is missing after ] in [1, {]`,
		"@.last() == 1":       `Target index:-1 larger than object count:1`,
		"@.sum() > 1":         `Aggregation function attempted to calculate value using empty array`,
		"@.min({) == 1 || !@": "",
	} {
		p, err := Compile("$[?(" + filter + ")]")
		if want == "" {
			if err == nil {
				t.Errorf("%s compiles", filter)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if got := found(p.Find(jsonval.MustParse(`[[{"b":1}]]`))); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
}

func TestFunctions(t *testing.T) {
	const doc = `{"n":[3,1,2,"x"],"neg":[-1,-2],"one":[7],"e":[],"s":["a","b",1],"t":"text","o":{"k":1,"l":[2]},"deep":[{"v":[1]},{"v":[2,3]},{"v":[]}]}`
	for path, want := range map[string]string{
		"$.n.sum()": "6", "$.n.avg()": "2", "$.n.min()": "1", "$.n.max()": "3", "$.n.stddev()": "0.8164965809277263", "$.n.length()": "4", "$.n.size()": "4",
		"$.neg.min()": "-2", "$.neg.max()": "5e-324", "$.e.sum()": "Aggregation function attempted to calculate value using empty array",
		"$.n.sum($.one, 10)": "23", "$.sum($.n, $.one[0])": "13", "$.sum($..v)": "Aggregation function attempted to calculate value using empty array",
		"$.o.keys()": `["k","l"]`, "$.t.keys()": "null", "$.t.length()": "null", "$.o.length()": "2", "$.length($.n)": "4", "$.length($.o)": "2", "$.n.length(1)": "the argument of length must be a path",
		"$.s.concat()": `"ab"`, "$.concat($.s)": `"ab1"`, "$.concat($.t, \"-\", $.one)": `"text-7"`, `$.concat("a,b","c\,d")`: `"abc,d"`, "$.concat($.n[0])": `""`,
		"$.one.append(8)": "[7,8]", "$.one.append(8, $.t).length()": "3", "$.t.append(1)": `"text"`, "$.one.append(1).sum()": "8",
		"$.n.first()": "3", "$.n.last()": `"x"`, "$.n.index(1)": "1", "$.n.index(-2)": "2", "$.one.last()": "Target index:-1 larger than object count:1",
		"$.n.index(9)": "Index 9 out of bounds for length 4", "$.n.index()": "index needs a number, as in index(0)", "$.t.first()": "Aggregation function attempted to calculate value using empty array",
		"$.deep[*].v.length()": "[1,2,0]", "$.deep[*].v.first()": "[1,2]", "$..v.length()": "3", "$..v.sum()": "Aggregation function attempted to calculate value using empty array",
		"$..v[*].sum()": "6", "$.deep.append(0).index(0).v": "[1]", "$.deep.index(0).x": `{"v":[1]}`, "$.n.keys().x": notAnObject("[')']", "$['n']", "null"), "$.nosuch()": "Function with name: nosuch does not exist.", "$.x.nosuch()": "Missing property in path $['x']",
		"$.n.concat({)": "",
	} {
		p, err := Compile(path)
		if want == "" {
			if err == nil {
				t.Errorf("%s compiles", path)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if got := found(p.Find(jsonval.MustParse(doc))); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestRegex(t *testing.T) {
	for _, c := range []struct {
		pattern, flags, text string
		want                 bool
	}{
		{`abc`, "", "abc", true},
		{`b`, "", "abc", false},
		{`a.c`, "", "a\nc", false},
		{`a.c`, "s", "a\nc", true},
		{`a.c`, "", "a\rc", false},
		{`a.c`, "d", "a\rc", true},
		{`a b # c`, "x", "ab", true},
		{`^b$`, "m", "b", true},
		{`(?s).*^b$.*`, "m", "a\nb", true},
		{`\u0041\x42`, "", "AB", true},
		{`\uD83D\uDE00`, "", "😀", true},
		{`\Qa.c\E+`, "", "a.ccc", true},
		{`\p{Alpha}+\P{Digit}`, "", "abc", true},
		{`[\p{Upper}\h]+`, "", "A\t", true},
		{`\p{IsLatin}+`, "", "aé", true},
		{`[]a]+`, "", "]a", true},
		{`[^\d.]+`, "", "ab", true},
		{`[.]`, "", "x", false},
		{`ÀB`, "iu", "àb", true},
		{`a|bc`, "", "bc", true},
	} {
		re, err := compileRegex(c.pattern, c.flags)
		if err != nil {
			t.Errorf("/%s/%s: %v", c.pattern, c.flags, err)
			continue
		}
		if got := re.MatchString(c.text); got != c.want {
			t.Errorf("/%s/%s on %q: %v", c.pattern, c.flags, c.text, got)
		}
	}
	for _, pattern := range []string{`a(?=b)`, `(a)\1`, `a*+`, `(?>a)`, `[a[bc]]`, `\`, `\u12`, `[[:alpha:]]`} {
		if re, err := compileRegex(pattern, ""); err == nil {
			t.Errorf("/%s/ compiles to %v", pattern, re)
		}
	}
	if _, err := compileRegex("a", "U"); err == nil {
		t.Error("flag U is taken")
	}
}

func TestRelaxedJSON(t *testing.T) {
	for text, want := range map[string]string{
		`[1, 2]`: `[1,2]`, `['a', "b", c d, 'it\'s']`: `["a","b","c d","it's"]`, `{a:1,'b':[x],"c d" : null}`: `{"a":1,"b":["x"],"c d":null}`,
		`[,1,,2,]`: `[1,2]`, `[007, -012, 1.5e3, 1x, NaN]`: `[7,-12,1.5e3,"1x","NaN"]`, `[true, false, null] tail`: `[true,false,null]`,
		`{}x`: `{}`, `5abc`: `"5abc"`, `'q'`: `"q"`, "['\\u00e9']": `["é"]`,
		`[1`: "array is never closed in [1", `{a`: "a : is missing after a in {a", `{a:}`: "JSON value missing at character 4 of {a:}", `['a`: "string is never closed in ['a",
	} {
		if got := found(parseRelaxed(text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
