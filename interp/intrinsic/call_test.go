package intrinsic

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// environment is one whose $ is input, and whose $$ and $var are fixed.
func environment(input string) (env *Env, ok bool) {
	v, err := jsonval.Parse(input)
	if err != nil {
		return nil, false
	}
	return &Env{
		Env: jsonpath.Env{
			Input: v,
			Context: func() jsonval.Value {
				return jsonval.MustParse(`{"Execution":{"Name":"run-1"},"State":{"Name":"P"}}`)
			},
			Variable: func(name string) jsonval.Value {
				if name == "list" {
					return jsonval.MustParse(`[1,"b"]`)
				}
				return jsonval.Value{}
			},
		},
		Random: rand.NewPCG(1, 2),
	}, true
}

func eval(t testing.TB, text, input string) (jsonval.Value, error) {
	t.Helper()
	env, ok := environment(input)
	if !ok {
		t.Fatalf("input %s is not JSON", input)
	}
	return mustCompile(t, text).Eval(env)
}

func TestEval(t *testing.T) {
	long := strings.Repeat("a", 10000)
	for _, c := range []struct{ call, input, want string }{
		// Arguments of every sort.
		{`States.Array()`, `{}`, `[]`},
		{`States.Array(42, true, false, null, 'it\'s \{\} \\', -1.50)`, `{}`, `[42,true,false,null,"it's {} \\",-1.50]`},
		{`States.Array($.a, $$.State.Name, $list[1], $['b'])`, `{"a":{"x":1},"b":null}`, `[{"x":1},"P","b",null]`},
		{`States.Array(1, States.Array(2, 3))`, `{}`, `[1,[2,3]]`},

		{`States.ArrayContains($.a, 2)`, `{"a":[1,2]}`, `true`},
		{`States.ArrayContains($.a, 5)`, `{"a":[1,2]}`, `false`},
		{`States.ArrayContains($.a, null)`, `{"a":[1,null]}`, `true`},
		{`States.ArrayContains($.a, $.b)`, `{"a":[{"1":2,"2":[]}],"b":{"1":2,"2":[]}}`, `true`},
		{`States.ArrayContains($.a, $.b)`, `{"a":[{"a":1}],"b":{"a":1,"extra":null}}`, `false`},
		{`States.ArrayContains($.a, false)`, `{"a":[0,1]}`, `false`},
		{`States.ArrayContains($.a, true)`, `{"a":["true"]}`, `true`},                                 // recorded
		{`States.ArrayContains($.a, $.b)`, `{"a":[{"a":1,"b":2}],"b":{"b":2,"a":1}}`, `false`},        // recorded
		{`States.ArrayContains($.a, $.b)`, `{"a":["9007199254740991"],"b":9007199254740991}`, `true`}, // recorded

		{`States.ArrayGetItem($.a, 5)`, `{"a":[1,2,3,4,5,6,7]}`, `6`},
		{`States.ArrayGetItem($.a, 1.9)`, `{"a":[10,20,30]}`, `20`},
		{`States.ArrayGetItem($.a, 0)`, `{"a":[null]}`, `null`},
		{`States.ArrayGetItem($.a, 999)`, `{"a":[]}`, `null`}, // recorded

		{`States.ArrayLength($.a)`, `{"a":[[1],[2]]}`, `2`},
		{`States.ArrayLength(States.Array())`, `{}`, `0`},

		{`States.ArrayPartition($.a, 4)`, `{"a":[1,2,3,4,5,6,7,8,9]}`, `[[1,2,3,4],[5,6,7,8],[9]]`},
		{`States.ArrayPartition($.a, 2147483647)`, `{"a":[1,2,3]}`, `[[1,2,3]]`},
		{`States.ArrayPartition($.a, 2.6)`, `{"a":[1,2,3,4,5]}`, `[[1,2],[3,4],[5]]`}, // recorded
		{`States.ArrayPartition($.a, 3)`, `{"a":[]}`, `[]`},

		{`States.ArrayRange(1, 9, 2)`, `{}`, `[1,3,5,7,9]`},
		{`States.ArrayRange(1, 9, 9)`, `{}`, `[1]`},
		{`States.ArrayRange(-2, 2, 2)`, `{}`, `[-2,0,2]`},
		{`States.ArrayRange(5, 1, -2)`, `{}`, `[5,3,1]`},
		{`States.ArrayRange(3, 3, -1)`, `{}`, `[3]`},
		{`States.ArrayRange(5, 1, 1)`, `{}`, `[]`},
		{`States.ArrayRange(1, 5, -1)`, `{}`, `[]`},
		{`States.ArrayRange(1.6, 1.4, 1)`, `{}`, `[1]`},         // recorded
		{`States.ArrayRange(5.4, -0.6, -2.4)`, `{}`, `[5,3,1]`}, // recorded
		{`States.ArrayLength(States.ArrayRange(1000, 1, -1))`, `{}`, `1000`},

		// The orders below are recorded.
		{`States.ArrayUnique($.a)`, `{"a":[1,2,3,3,3,3,3,3,4]}`, `[1,2,3,4]`},
		{`States.ArrayUnique($.a)`, `{"a":["a","b","a","c","b"]}`, `["a","b","c"]`},
		{`States.ArrayUnique($.a)`, `{"a":[true,false,true,false]}`, `[false,true]`},
		{`States.ArrayUnique($.a)`, `{"a":[null,null,1,null]}`, `[null,1]`},
		{`States.ArrayUnique($.a)`, `{"a":[1,"1",1,"01"]}`, `[1,"1","01"]`},
		{`States.ArrayUnique($.a)`, `{"a":[{"a":1,"b":2},{"b":2,"a":1}]}`, `[{"a":1,"b":2}]`},
		{`States.ArrayUnique($.a)`, `{"a":[[1,2],[1,2],[2,1]]}`, `[[2,1],[1,2]]`},
		{`States.ArrayUnique($.a)`, `{"a":[]}`, `[]`},
		{`States.ArrayUnique($.a)`, `{"a":[1,1.0,1.1,1.10]}`, `[1.0,1,1.1]`},

		{`States.Base64Encode($.a)`, `{"a":"Data to encode"}`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Encode('🚀')`, `{}`, `"8J+agA=="`},
		{`States.Base64Encode('')`, `{}`, `""`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, `{}`, `"Data to encode"`},
		{`States.Base64Decode('4pyT')`, `{}`, `"✓"`},
		{`States.Base64Decode('YWJjAGRlZg==')`, `{}`, `"abc\u0000def"`},
		{`States.Base64Decode(' YWJjZA')`, `{}`, `"abcd"`},
		{`States.Base64Decode('YWI==YWI')`, `{}`, `"ab"`},
		{`States.Base64Decode('YWJjZ')`, `{}`, `"abc"`},
		{`States.Base64Decode('_-8')`, `{}`, `"` + "\uFFFD\uFFFD" + `"`},
		{`States.Base64Decode(States.Base64Encode($.a))`, `{"a":"` + long[:7000] + `"}`, `"` + long[:7000] + `"`},

		{`States.Format('Formatting argument {}.', $.a)`, `{"a":" "}`, `"Formatting argument  ."`},
		{`States.Format('{} {} {} {}', $.a, 2, true, null)`, `{"a":"x"}`, `"x 2 true null"`},
		{`States.Format('{}', $)`, `{"Arg1":1,"Arg2":[],"Arg3":["a",{"b":null}]}`, `"{Arg1=1, Arg2=[], Arg3=[a, {b=null}]}"`},
		{`States.Format('no places')`, `{}`, `"no places"`},
		{`States.Format($.t, $.n)`, `{"t":"It's {}!","n":"Ada"}`, `"It's Ada!"`},
		{`States.Format('\'{}\' "{}" \{\} \\', 1, 2)`, `{}`, `"'1' \"2\" {} \\"`},
		{`States.Format($.t, 1)`, `{"t":"\\{{}\\} \\n"}`, `"{1} \\n"`},
		{`States.Format('{}', '{}\\')`, `{}`, `"{}\\"`},
		{`States.Format('{}-{}', States.Format('{}', 1), 2.50)`, `{}`, `"1-2.50"`},
		{`States.Format(123)`, `{}`, `"123"`},

		{`States.Hash('hello', 'MD5')`, `{}`, `"5d41402abc4b2a76b9719d911017c592"`},
		{`States.Hash('hello', 'SHA-1')`, `{}`, `"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"`},
		{`States.Hash('input data', 'SHA-256')`, `{}`, `"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"`},
		{`States.Hash('input data', 'SHA-384')`, `{}`, `"d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562"`},
		{`States.Hash('input data', 'SHA-512')`, `{}`, `"6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4"`},
		{`States.ArrayContains(States.Array(States.Hash(123, 'MD5')), States.Hash('123', 'MD5'))`, `{}`, `true`},
		{`States.Hash($.a, 'MD5')`, `{"a":"` + long + `"}`, `"0d0c9c4db6953fee9e03f528cafd7d3e"`},

		{`States.JsonMerge($.a, $.b, false)`, `{"a":{"a":{"a1":1},"b":2,"d":3},"b":{"a":{"a3":1},"c":3,"d":4}}`, `{"a":{"a3":1},"b":2,"d":4,"c":3}`},
		{`States.JsonMerge($, $, 'false')`, `{"a":1}`, `{"a":1}`}, // recorded

		{`States.JsonToString($)`, `{ "n": 1.10, "a": [true, null, "\"é\n"] }`, `"{\"n\":1.10,\"a\":[true,null,\"\\\"é\\n\"]}"`},
		{`States.JsonToString('x')`, `{}`, `"\"x\""`},
		{`States.StringToJson($.a)`, `{"a":" {\"a\":[1,\"it's\"]} "}`, `{"a":[1,"it's"]}`},
		{`States.StringToJson('')`, `{}`, `null`},
		{`States.StringToJson(' ')`, `{}`, `null`},
		{`States.StringToJson('-0')`, `{}`, `0`},
		{`States.StringToJson('"x"')`, `{}`, `"x"`},

		{`States.MathAdd(-1.5, 0)`, `{}`, `-1`},
		{`States.MathAdd(-1.51, 0)`, `{}`, `-2`},
		{`States.MathAdd(-0.5, 0.5)`, `{}`, `1`},
		{`States.MathAdd(2.5, 0)`, `{}`, `3`},
		{`States.MathAdd(0.49999999999999994, -1e-20)`, `{}`, `0`},
		{`States.MathAdd(2147483646, 1)`, `{}`, `2147483647`},
		{`States.MathAdd(-2147483648, 0)`, `{}`, `-2147483648`},
		{`States.MathAdd($.a, 1e2)`, `{"a":1}`, `101`},

		// Recorded.
		{`States.MathRandom(1, 100, 42)`, `{}`, `63`},
		{`States.MathRandom(1, 1000, 1)`, `{}`, `106`},
		{`States.MathRandom(1, 1000, 2)`, `{}`, `806`},
		{`States.MathRandom(1, 10, -10)`, `{}`, `1`},
		{`States.MathRandom(1, 10, 0)`, `{}`, `7`},
		{`States.MathRandom(1, 5, 42)`, `{}`, `3`},
		{`States.MathRandom(-5, 5, 42)`, `{}`, `-5`},
		{`States.MathRandom(2147483640, 2147483647, 1)`, `{}`, `2147483644`},

		{`States.StringSplit('1,2', ',')`, `{}`, `["1","2"]`},
		{`States.StringSplit('This.is+a,test=string', '.+,=')`, `{}`, `["This","is","a","test","string"]`},
		{`States.StringSplit(',,,,', ',')`, `{}`, `[]`},
		{`States.StringSplit(', , ,', ',')`, `{}`, `[" "," "]`},
		{`States.StringSplit('', ',')`, `{}`, `[]`},
		{`States.StringSplit('abc', '')`, `{}`, `["abc"]`},
		{`States.StringSplit('aébécz', 'éz')`, `{}`, `["a","b","c"]`},
	} {
		got, err := eval(t, c.call, c.input)
		if err != nil || got.String() != c.want {
			t.Errorf("%.100s on %.100s = %.100s, %v, want %.100s", c.call, c.input, got, err, c.want)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	long := `{"a":"` + strings.Repeat("a", 10001) + `"}`
	many := `{"a":"` + strings.Repeat("🚀", 5001) + `"}` // 10,002 characters of Java
	for _, c := range []struct{ call, input, detail string }{
		{`States.ArrayContains('x', 'x')`, `{}`, "argument 1 should be an array, but is a string"},
		{`States.ArrayGetItem($, 0)`, `{"a":1}`, "argument 1 should be an array, but is an object"},
		{`States.ArrayGetItem($, 3)`, `[1,2,3]`, "no item 3: its items are 0 to 2"},
		{`States.ArrayGetItem($, -1)`, `[1,2,3]`, "no item -1"},
		{`States.ArrayGetItem($, '1')`, `[1,2,3]`, "argument 2 should be a number"},
		{`States.ArrayLength(null)`, `{}`, "but is null"},
		{`States.ArrayLength(States.JsonToString($))`, `[1,2,3]`, "argument 1 should be an array, but is a string"},
		{`States.ArrayPartition('x', 2)`, `{}`, "argument 1 should be an array"},
		{`States.ArrayPartition($, '2')`, `[1]`, "argument 2 should be a number"},
		{`States.ArrayPartition($, 0)`, `[1]`, "1 or more, but is 0"},
		{`States.ArrayPartition($, 0.6)`, `[1]`, "1 or more, but is 0.6"}, // recorded
		{`States.ArrayPartition($, -1)`, `[1]`, "1 or more"},
		{`States.ArrayRange('a', 5, 1)`, `{}`, "argument 1 should be a number"},
		{`States.ArrayRange(1, 'b', 1)`, `{}`, "argument 2 should be a number"},
		{`States.ArrayRange(1, 5, null)`, `{}`, "argument 3 should be a number, but is null"},
		{`States.ArrayRange(1, 10, 0)`, `{}`, "the step is 0"},
		{`States.ArrayRange(1, 10, 0.49)`, `{}`, "the step is 0"},
		{`States.ArrayRange(1, 1001, 1)`, `{}`, "1001 items, more than 1000"},
		{`States.ArrayRange(-2147483648, 2147483647, 1)`, `{}`, "4294967296 items"},
		{`States.ArrayRange(1, 3000000000, 1000000000)`, `{}`, "argument 2, 3000000000, is outside the range"},
		{`States.ArrayUnique($)`, `{}`, "argument 1 should be an array"},
		{`States.Base64Encode(123)`, `{}`, "argument 1 should be a string"},
		{`States.Base64Encode($.a)`, long, "10001 characters, more than 10000"},
		{`States.Base64Decode(123)`, `{}`, "argument 1 should be a string"},
		{`States.Base64Decode($.a)`, many, "10002 characters, more than 10000"},
		{`States.Hash(null, 'MD5')`, `{}`, "the data, is null"},
		{`States.Hash('x', 123)`, `{}`, "argument 2 should be a string"},
		{`States.Hash('x', 'sha-256')`, `{}`, `"sha-256" is not one of MD5`},
		{`States.Hash('x', 'MD-5')`, `{}`, "is not one of"},
		{`States.Hash($.a, 'MD5')`, long, "10001 characters"},
		{`States.JsonMerge(null, $, false)`, `{}`, "argument 1 should be an object, but is null"},
		{`States.JsonMerge($, 'x', false)`, `{}`, "argument 2 should be an object"},
		{`States.JsonMerge($, $, true)`, `{}`, "deep merge"},
		{`States.StringToJson(123)`, `{}`, "argument 1 should be a string"},
		{`States.MathAdd('1', 2)`, `{}`, "argument 1 should be a number"},
		{`States.MathAdd(1, true)`, `{}`, "argument 2 should be a number, but is a boolean"},
		{`States.MathAdd(2147483647, 1)`, `{}`, "the sum, 2147483648, is outside"},
		{`States.MathAdd(3000000000, 1)`, `{}`, "argument 1, 3000000000, is outside"},
		{`States.MathAdd(-1e309, 1)`, `{}`, "argument 1, -1e309, is outside"},
		{`States.MathRandom(1, 1)`, `{}`, "no number from 1 up to but not including 1"},
		{`States.MathRandom(10, 5)`, `{}`, "no number"},
		{`States.MathRandom(1.4, 1.6)`, `{}`, "no number"}, // recorded
		{`States.MathRandom('a', 10)`, `{}`, "argument 1 should be a number"},
		{`States.MathRandom(1, null)`, `{}`, "argument 2 should be a number"},
		{`States.MathRandom(1, 10, null)`, `{}`, "argument 3 should be a number"},
		{`States.MathRandom(1, 10, 1e30)`, `{}`, "the seed, is outside"},
		{`States.StringSplit(1, ',')`, `{}`, "argument 1 should be a string"},
		{`States.StringSplit('a', null)`, `{}`, "argument 2 should be a string, but is null"},
	} {
		_, err := eval(t, c.call, c.input)
		var failed *Error
		if !errors.As(err, &failed) {
			t.Errorf("%s: error %v, want an Error", c.call, err)
			continue
		}
		name := c.call[:strings.IndexByte(c.call, '(')]
		want := "There was an error while evaluating the intrinsic function: " + c.call + ". Invalid arguments in " + name
		if err.Error() != want || failed.Kind != BadValue || failed.Call != c.call || failed.Function != name || failed.Path != "" {
			t.Errorf("%s: %+v, want %q", c.call, failed, want)
		}
		if !strings.Contains(failed.Detail, c.detail) {
			t.Errorf("%s: detail %q, want ...%s...", c.call, failed.Detail, c.detail)
		}
	}
}

// The messages of AWS that are more than "Invalid arguments" (recorded).
func TestMessages(t *testing.T) {
	for _, c := range []struct{ call, input, message string }{
		{`States.Format('{} {}', $.a)`, `{"a":1}`, "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."},
		{`States.Format('x', $.a)`, `{"a":1}`, "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."},
		{`States.Format('Hello {', $.a)`, `{"a":1}`, "Invalid template in States.Format: matching '}' not found for '{'."},
		{`States.Format('Hello {{}}', $.a)`, `{"a":1}`, "Invalid template in States.Format: matching '}' not found for '{'."},
		{`States.Format('}')`, `{}`, "Invalid template in States.Format: matching '{' not found for '}'."},
		{`States.Array(States.Format('}'))`, `{}`, "Invalid template in States.Format: matching '{' not found for '}'."},
		{
			`States.StringToJson($.a)`, `{"a":"{\n\"a\":é}"}`,
			"Cannot convert String to Json in States.StringToJson, caused by: unexpected character 'é'\n" +
				" at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 2, column: 5]",
		},
	} {
		_, err := eval(t, c.call, c.input)
		want := "There was an error while evaluating the intrinsic function: " + c.call + ". " + c.message
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", c.call, err, want)
		}
	}
}

func TestMissingArguments(t *testing.T) {
	const missing = "The JsonPath argument for the field '%' could not be found in the input '{\"items\":[1],\"other\":1}'"
	for _, c := range []struct{ call, path, why string }{
		{`States.Format('{}',$.nope)`, "$.nope", missing},
		{`States.Format('{} {}', $.other, $.a.b)`, "$.a.b", missing},
		{`States.Format('{}', States.Format('{}', $.nope))`, "$.nope", missing},
		{`States.Format($.nope, 1)`, "$.nope", missing},
		{`States.Format('{}', $.items[5])`, "$.items[5]", missing},
		{`States.Format('{}', $$.Nope.Deep)`, "$$.Nope.Deep", strings.ReplaceAll(missing, "%", "$.Nope.Deep")},
		{`States.UUID($.nope)`, "$.nope", missing},
		{`States.Format('{}', $unassigned)`, "$unassigned", missing},
		{`States.Format('{}', $.other[0])`, "$.other[0]", "Filter: [0] can only be applied to arrays. Current context is: 1"},
	} {
		_, err := eval(t, c.call, `{"items":[1],"other":1}`)
		want := "The function '" + c.call + "' had the following error: " + strings.ReplaceAll(c.why, "%", c.path)
		var failed *Error
		if !errors.As(err, &failed) || err.Error() != want || failed.Kind != MissingPath || failed.Path != c.path || failed.Function != "" {
			t.Errorf("%s: %v, want %q", c.call, err, want)
		}
	}
}

func TestUUID(t *testing.T) {
	env, _ := environment(`{}`)
	call := mustCompile(t, "States.UUID()")
	first, _ := call.Eval(env)
	second, _ := call.Eval(env)
	env.Random = rand.NewPCG(1, 2)
	again, _ := call.Eval(env)
	s := first.Text()
	if len(s) != 36 || s[14] != '4' || strings.IndexByte("89ab", s[19]) < 0 || strings.Count(s, "-") != 4 || strings.ToLower(s) != s {
		t.Errorf("%q is no version 4 UUID", s)
	}
	if s == second.Text() || s != again.Text() {
		t.Errorf("UUIDs %s, then %s, and from the same stream again %s", first, second, again)
	}
}

func TestUnseededMathRandom(t *testing.T) {
	env, _ := environment(`{}`)
	for _, c := range []struct {
		call      string
		low, high int64
	}{
		{`States.MathRandom(1.6, 5.4)`, 1, 5},
		{`States.MathRandom(-3, -1)`, -3, -1},
		{`States.MathRandom(-2147483648, 2147483647)`, -2147483648, 2147483647},
	} {
		call := mustCompile(t, c.call)
		seen := map[int64]bool{}
		for range 200 {
			v, err := call.Eval(env)
			n, ok := v.Int()
			if err != nil || !ok || n < c.low || n >= c.high {
				t.Fatalf("%s = %v, %v", c.call, v, err)
			}
			seen[n] = true
		}
		if int64(len(seen)) < min(c.high-c.low, 190) {
			t.Errorf("%s gave only %d different numbers", c.call, len(seen))
		}
	}
}

func benchmarkCall(b *testing.B, text, input string) {
	env, ok := environment(input)
	if !ok {
		b.Fatal("bad input")
	}
	call := mustCompile(b, text)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call.Eval(env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	benchmarkCall(b, `States.Format('s3://{}/{}', $.bucket, $.key)`, `{"bucket":"orders","key":"2026/11/22/a.json"}`)
}

func BenchmarkMathAdd(b *testing.B) { benchmarkCall(b, `States.MathAdd($.n, -1)`, `{"n":17}`) }

func BenchmarkNested(b *testing.B) {
	benchmarkCall(b, `States.ArrayGetItem(States.StringSplit($.arn, ':'), 6)`, `{"arn":"arn:aws:states:eu-west-1:123456789012:execution:m:r"}`)
}

func BenchmarkArrayUnique10000(b *testing.B) {
	var s strings.Builder
	s.WriteString("[0")
	for i := range 9999 {
		s.WriteString("," + jsonval.OfInt(int64(i%5000)).String())
	}
	benchmarkCall(b, `States.ArrayUnique($)`, s.String()+"]")
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(`States.Format('{}', States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 6))`); err != nil {
			b.Fatal(err)
		}
	}
}
