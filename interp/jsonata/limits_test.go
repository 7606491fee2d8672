package jsonata

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"asldbg/interp/jsonval"
)

// limited are the limits under which nothing here takes long.
var limited = Limits{Steps: 500_000, Bytes: 16 << 20}

func TestLimits(t *testing.T) {
	for name, expr := range map[string]string{
		"tail call for ever":    "($f := function(){$f()}; $f())",
		"call for ever":         "($f := function($n){1 + $f($n)}; $f(1))",
		"two for ever":          "($f := function($n){$g($n)}; $g := function($n){$f($n)}; $f(1))",
		"chain":                 "($f := function($n, $g){$n = 0 ? $g : $f($n - 1, $g ~> $g)}; $f(60, $string)(1))",
		"deep chain":            "($f := function($n, $g){$n = 0 ? $g : $f($n - 1, $g ~> $string)}; $f(20000, $string)(1))",
		"deep partial":          "($f := function($n, $g){$n = 0 ? $g : $f($n - 1, $g(?, 0))}; $f(20000, $substring)('a'))",
		"deep value":            "($f := function($n, $v){$n = 0 ? $v : $f($n - 1, [[$v]])}; $f(20000, 1))",
		"deep object":           "($f := function($n, $v){$n = 0 ? $v : $f($n - 1, {'v': $v})}; $f(20000, 1))",
		"doubling text":         "($f := function($n, $s){$n = 0 ? $s : $f($n - 1, $s & $s)}; $f(100, 'ab'))",
		"doubling arrays":       "($f := function($n, $a){$n = 0 ? $a : $f($n - 1, $append($a, $a))}; $f(100, [1, 2]))",
		"doubling objects":      "($f := function($n, $a){$n = 0 ? $a : $f($n - 1, {'a': $a, 'b': $a})}; $f(100, 1))",
		"doubling $string":      "($f := function($n, $s){$n = 0 ? $s : $f($n - 1, $string([$s, $s]))}; $f(100, 'ab'))",
		"long range":            "[1..10000000]",
		"long range in objects": "{'a': [1..10000000]}",
		"mapping a long range":  "[1..10000000] ~> $map(function($x){$x})",
		"summing it":            "[1..10000000] ~> $sum()",
		"reversing it":          "[1..10000000] ~> $reverse()",
		"zipping it":            "$zip([1..10000000], [1..10000000])",
		"joining it":            "$append([1..10000000], [1..10000000])",
		"filtering it":          "[1..10000000][$ > 5]",
		"sorting it":            "[1..10000000]^(>$)",
		"$sorting it":           "[1..10000000] ~> $sort(function($a, $b){$a < $b})",
		"keys of it":            "$keys([1..10000000])",
		"looking into it":       "$lookup([1..10000000], 'a')",
		"an item of it":         "7000000 in [1..10000000]",
		"ranges in ranges":      "[1..10000].([1..10000])",
		"all pairs":             "($x := [1..10000]; $x@$a.$x@$b.($a * $b))",
		"$distinct":             "$distinct([1..9000].{'a': $})",
		"$pad":                  "$pad('', 1000000000)",
		"$pad with text":        "$pad('', 100000000, 'abc')",
		"$join":                 "$join([1..3000].$pad('', 30000), $pad('', 100000))",
		"$replace":              "$replace($pad('', 100000), ' ', $pad('', 100000))",
		"$replace regex":        "$replace($pad('', 100000), / /, $pad('', 100000))",
		"$split":                "[1..1000].$split($pad('', 100000), '')",
		"$match":                "[1..1000].$match($pad('', 100000), / /)",
		"$formatNumber":         "[1..1000000].$formatNumber($, '#,##0.00')",
		"$spread":               "[1..100000].$spread({'a': 1, 'b': 2})",
		"regex":                 "$match($pad('', 40, 'a') & 'b', /^(a+)+$/)",
		"regex back references": "$match($pad('', 3000, 'a'), /(a*)*(a*)*\\1\\2b/)",
		"regex lookbehind":      "$contains($pad('', 50, 'a'), /(?<=b(a+)+)/)",
		"wildcards":             "[1..2000000].*",
		"descendants":           "($a := [1..2000]; [1..3000].($a.**))",
		"grouping":              "[1..2000000]{$string($): $}",
		"transform":             "[1..1000000] ~> |$|{'a': 1}|",
		"equality":              "($a := [1..9000]; [1..9000].($a = $append([], $a)))",
		"signature":             "(function($a)<" + strings.Repeat("n?", 60) + "s>{$a})(" + strings.Repeat("1,", 30) + "true)",
	} {
		_, err := evalText(expr, jsonval.Value{}, &Env{Limits: limited})
		var e *Error
		if errors.As(err, &e) && (e.Limit() || name == "signature" && e.Code == "T0410") && e.Message != "" {
			continue
		}
		t.Errorf("%s: %s: %v, want a limit", name, expr, err)
	}
}

func TestDefaultLimits(t *testing.T) {
	for expr, want := range map[string]string{
		"[1..10000000] ~> $count()": "10000000",
		"[1..10000000][9999999]":    "10000000",
		"$sum([1..1000000])":        "500000500000",
		"($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(2000))": "2000",
	} {
		got, err := evalText(expr, jsonval.Value{}, nil)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s %v, want %s", expr, got.String(), err, want)
		}
	}
}

func TestNesting(t *testing.T) {
	for _, expr := range []string{
		strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000),
		strings.Repeat("[", 100_000),
		"1" + strings.Repeat("+1", 100_000),
		"a" + strings.Repeat(".a", 100_000),
		"a" + strings.Repeat("[0]", 100_000),
		strings.Repeat("-", 100_000) + "1",
		strings.Repeat("function($x){", 100_000),
		strings.Repeat("1?", 100_000),
		strings.Repeat("$f(", 100_000),
		"/" + strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000) + "/",
	} {
		_, err := Compile(expr)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.20s…: %v, want an error", expr, err)
		}
	}
	if _, err := evalText("1"+strings.Repeat("+1", 1000), jsonval.Value{}, nil); err != nil {
		t.Errorf("a sum of a thousand: %v", err)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	env := &Env{Variables: func(string) (jsonval.Value, bool) {
		if calls++; calls == 100 {
			cancel()
		}
		return jsonval.True, true
	}}
	e := MustCompile("($f := function(){$go ? $f() : 0}; $f())")
	_, err := e.Eval(ctx, jsonval.Value{}, env)
	var failure *Error
	if !errors.Is(err, context.Canceled) || !errors.As(err, &failure) || !failure.Limit() {
		t.Errorf("cancelled: %v", err)
	}
	if calls > 5000 {
		t.Errorf("went on for %d calls", calls)
	}
}

func FuzzEval(f *testing.F) {
	for _, seed := range []string{
		"a.b[0].c", "$map(a, function($x){$x & 1})", "a@$x.b#$i.{'x': $x, %.a: $i}", "a ~> |b|{'c': 1}, 'd'|",
		"$replace(a, /(b)(?=c)|\\1/i, '$1')", "$formatNumber(1234.5, '#,##0.00;(0)')", "$fromMillis(1, '[Y]-[M01] [FNn]', '+0100')",
		"$toMillis('1 May 2024', '[D] [MNn] [Y]')", "($f := function($n)<n:n>{$n = 0 ? 1 : $f($n - 1)}; $f(9))",
		"a{b: c}^(>d)[]", "[1..5][[0, -1]]", "$sort(a, function($l, $r){$l > $r})", "$parse($string($$))", "$range(1, a, b)",
		"$formatInteger(a, 'Ww;o')", "$each($, function($v, $k){$k})", "'\\ud800' & \"\\udc00\"", "a ?? b ?: -c",
	} {
		f.Add(seed, `{"a":[{"b":{"c":1}},{"b":"x"}],"b":2,"c":[1.50,null,true]}`)
	}
	for _, c := range languageCases(f) {
		f.Add(c.expr, languageInput)
	}
	f.Fuzz(func(t *testing.T, expr, doc string) {
		e, err := Compile(expr)
		if err != nil {
			checkError(t, err, expr)
			return
		}
		in, err := jsonval.Parse(doc)
		if err != nil {
			in = jsonval.Value{}
		}
		env := func() *Env {
			return &Env{StepFunctions: true, Limits: Limits{Depth: 500, Steps: 20_000, Bytes: 1 << 20}}
		}
		got, err := e.Eval(context.Background(), in, env())
		if err != nil && !errors.Is(err, ErrFunction) {
			checkError(t, err, expr)
		}
		if got.Exists() {
			if again, err := jsonval.Parse(got.String()); err != nil || !jsonval.Equal(again, got) {
				t.Errorf("%q makes %s, which is no JSON: %v", expr, got.String(), err)
			}
		}
		traced := env()
		traced.Trace = func(start, end int, _ jsonval.Value) {
			if start < 0 || end < start || end > len(expr) {
				t.Errorf("%q: traced %d to %d", expr, start, end)
			}
		}
		watched, watchedErr := e.Eval(context.Background(), in, traced)
		limit := func(err error) bool {
			var e *Error
			return errors.As(err, &e) && e.Limit()
		}
		if !limit(err) && !limit(watchedErr) && ((err == nil) != (watchedErr == nil) || !jsonval.Equal(got, watched)) {
			t.Errorf("%q makes %s %v, traced %s %v", expr, got.String(), err, watched.String(), watchedErr)
		}
		for _, r := range e.References() {
			if r.Start < 0 || r.End < r.Start || r.End > len(expr) {
				t.Errorf("%q: refers at %d to %d", expr, r.Start, r.End)
			}
		}
	})
}

func checkError(t *testing.T, err error, expr string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code == "" || e.Message == "" && e.Code != "D3137" && e.Code != "D3141" {
		t.Fatalf("%q: error %v", expr, err)
	}
	if e.Start < 0 || e.End < e.Start || e.End > len(expr) || e.Position < 0 || e.Position > len(expr) {
		t.Errorf("%q: %v at %d, %d to %d", expr, err, e.Position, e.Start, e.End)
	}
}

// TestExtremes calls every function with whatever there is: numbers that are none
// or too large, wrong types, nothing. All may be refused, none may panic or hang.
func TestExtremes(t *testing.T) {
	args := []string{
		"nothing", "null", "true", `""`, `"abc"`, `"é𝄞"`, `"[Y]#0"`, "0", "-1", "1.5", "1%0", "1e308*10", "-1e308*10", "1e15", "-1e300", "5e-324",
		"[]", "[1,2]", `["a"]`, "[1..3]", "[1%0]", "{}", `{"a":1}`, "function($x){$x}", "/a/", "/x*/", "$sum",
	}
	env := &Env{StepFunctions: true, Limits: Limits{Depth: 100, Steps: 100_000, Bytes: 1 << 20}}
	try := func(expr string) {
		defer func() {
			if e := recover(); e != nil {
				t.Fatalf("%s: panic: %v", expr, e)
			}
		}()
		if got, err := evalText(expr, jsonval.Value{}, env); err == nil && got.Exists() {
			if _, err := jsonval.Parse(got.String()); err != nil {
				t.Errorf("%s makes %s: %v", expr, got, err)
			}
		}
	}
	chance := rand.New(rand.NewPCG(1, 1))
	for _, library := range []map[string]*builtin{builtins, stepFunctions} {
		for _, name := range slices.Sorted(maps.Keys(library)) {
			for _, a := range args {
				try("$" + name + "(" + a + ")")
				for _, b := range args {
					try("$" + name + "(" + a + "," + b + ")")
				}
			}
			for range 100 {
				try("$" + name + "(" + pick(chance, args) + "," + pick(chance, args) + "," + pick(chance, args) + "," + pick(chance, args) + ")")
				try("$" + name + "(" + pick(chance, args) + "," + pick(chance, args) + "," + pick(chance, args) + ")")
			}
		}
	}
	for _, operator := range operatorText {
		for _, a := range args {
			for _, b := range args {
				try(a + " " + operator + " " + b)
				try("[1,2,3][" + a + operator + b + "]")
			}
		}
	}
}

// TestSharedExpression: an expression may be evaluated from several goroutines,
// and again while it is being evaluated.
func TestSharedExpression(t *testing.T) {
	e := MustCompile("$n < 3 ? $sum([$n, $again]) : 0")
	var eval func(n int64) (jsonval.Value, error)
	eval = func(n int64) (jsonval.Value, error) {
		return e.Eval(context.Background(), jsonval.Value{}, &Env{Variables: func(name string) (jsonval.Value, bool) {
			switch name {
			case "n":
				return jsonval.OfInt(n), true
			case "again":
				v, err := eval(n + 1)
				return v, err == nil
			}
			return jsonval.Value{}, false
		}})
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if v, err := eval(0); err != nil || v.String() != "3" {
					t.Errorf("%s %v", v, err)
					return
				}
			}
		})
	}
	all.Wait()
}
