package jsonata

import (
	"os"
	"testing"

	"asldbg/interp/jsonval"
)

// benchmark is testdata/bench.json: expressions typical of state machines, and
// the input they are evaluated on. testdata/compare.mjs measures the reference
// implementation on the same.
type benchmark struct {
	cases []benchCase
	input jsonval.Value
}

type benchCase struct{ name, expr string }

func readBenchmark(b *testing.B) benchmark {
	text, err := os.ReadFile("testdata/bench.json")
	if err != nil {
		b.Fatal(err)
	}
	v := jsonval.MustParse(string(text))
	bench := benchmark{input: v.Get("input")}
	for _, c := range v.Get("expressions").Items() {
		bench.cases = append(bench.cases, benchCase{c.Get("name").Text(), c.Get("expr").Text()})
	}
	return bench
}

func BenchmarkEval(b *testing.B) {
	bench := readBenchmark(b)
	for _, c := range bench.cases {
		e := MustCompile(c.expr)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(b.Context(), bench.input, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, c := range readBenchmark(b).cases {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(c.expr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoop counts to 10,000 as a machine of four states would: it evaluates
// the condition, the sum and the output of each round.
func BenchmarkLoop(b *testing.B) {
	var n, limit jsonval.Value
	env := &Env{StepFunctions: true, Variables: func(name string) (jsonval.Value, bool) {
		switch name {
		case "n":
			return n, true
		case "limit":
			return limit, true
		}
		return jsonval.Value{}, false
	}}
	less, sum, output := MustCompile("$n < $limit"), MustCompile("$n + 1"), MustCompile("$n")
	eval := func(e *Expr) jsonval.Value {
		v, err := e.Eval(b.Context(), jsonval.Value{}, env)
		if err != nil {
			b.Fatal(err)
		}
		return v
	}
	limit = jsonval.OfInt(10_000)
	b.ReportAllocs()
	for b.Loop() {
		n = jsonval.OfInt(0)
		for eval(less).Bool() {
			n = eval(sum)
			eval(output)
		}
	}
}
