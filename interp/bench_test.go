package interp_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
)

// The machines are those of the shared workloads, made here so that the
// benchmarks run anywhere. Each reports the time of one state transition, without
// and with writing AWS's history.

func benchmark(b *testing.B, definition, input string, transitions int) {
	b.Helper()
	f, found := asl.Parse("bench.asl.json", definition, asl.Options{})
	if err := found.Err(); err != nil {
		b.Fatal(err)
	}
	m, err := interp.Compile(f)
	if err != nil {
		b.Fatal(err)
	}
	s := interp.Start{Input: jsonval.MustParse(input), Seed: 1, NoQuotas: true}
	at := time.Unix(1767355200, 0)
	for _, withHistory := range []bool{false, true} {
		b.Run(map[bool]string{false: "bare", true: "history"}[withHistory], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				see := func([]interp.Event) {}
				if withHistory {
					see = history.NewWriter(io.Discard, "us-east-1").Add
				}
				t := m.Start(s, at)
				see(t.Events)
				t, _ = t.After.Run(at, 0, func(ev []interp.Event) bool {
					see(ev)
					return false
				})
				if t.After.Status() != interp.Succeeded {
					b.Fatalf("it ended %s: %v", t.After.Status(), t.After.Failure())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*transitions), "ns/transition")
		})
	}
}

func BenchmarkPassChain(b *testing.B) {
	const n = 1000
	var s strings.Builder
	for i := range n {
		next := fmt.Sprintf(`"Next":"P%d"`, i+1)
		if i == n-1 {
			next = `"End":true`
		}
		fmt.Fprintf(&s, `,"P%d":{"Type":"Pass","Result":{"i":%d,"s":"value","f":[0,1,2]},"ResultPath":"$.r.k%d",%s}`, i, i, i, next)
	}
	benchmark(b, `{"StartAt":"P0","States":{`+s.String()[1:]+`}}`, `{"r":{}}`, n)
}

func BenchmarkChoiceLoop(b *testing.B) {
	benchmark(b, `{"StartAt":"Check","States":{
		"Check":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThanPath":"$.limit","Next":"Inc"}],"Default":"Done"},
		"Inc":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)","limit.$":"$.limit"},"Next":"Mark"},
		"Mark":{"Type":"Pass","Result":"seen","ResultPath":"$.mark","Next":"Check"},
		"Done":{"Type":"Succeed"}}}`, `{"n":0,"limit":1000}`, 3002)
}

func BenchmarkJSONataLoop(b *testing.B) {
	benchmark(b, `{"QueryLanguage":"JSONata","StartAt":"Init","States":{
		"Init":{"Type":"Pass","Assign":{"n":"{% $states.input.n %}","limit":"{% $states.input.limit %}"},"Next":"Check"},
		"Check":{"Type":"Choice","Choices":[{"Condition":"{% $n < $limit %}","Next":"Inc"}],"Default":"Done"},
		"Inc":{"Type":"Pass","Assign":{"n":"{% $n + 1 %}"},"Next":"Mark"},
		"Mark":{"Type":"Pass","Output":{"mark":"seen","n":"{% $n %}"},"Next":"Check"},
		"Done":{"Type":"Succeed","Output":{"n":"{% $n %}"}}}}`, `{"n":0,"limit":1000}`, 3003)
}

func BenchmarkMap(b *testing.B) {
	var items strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&items, `,{"id":%d,"price":%d}`, i, i)
	}
	benchmark(b, `{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"Tag","States":{
		"Tag":{"Type":"Pass","Parameters":{"id.$":"$.id","price.$":"$.price","tag":"t"},"Next":"Pick"},
		"Pick":{"Type":"Choice","Choices":[{"Variable":"$.price","NumericGreaterThan":500,"Next":"High"}],"Default":"Low"},
		"High":{"Type":"Pass","Result":"high","ResultPath":"$.band","End":true},
		"Low":{"Type":"Pass","Result":"low","ResultPath":"$.band","End":true}}},"End":true}}}`,
		`{"items":[`+items.String()[1:]+`]}`, 3001)
}

func BenchmarkParallel(b *testing.B) {
	var branches strings.Builder
	for i := range 100 {
		fmt.Fprintf(&branches, `,{"StartAt":"A%d","States":{"A%d":{"Type":"Pass","Result":1,"ResultPath":"$.a","Next":"B%d"},"B%d":{"Type":"Pass","End":true}}}`, i, i, i, i)
	}
	benchmark(b, `{"StartAt":"All","States":{"All":{"Type":"Parallel","Branches":[`+branches.String()[1:]+`],"End":true}}}`, `{}`, 201)
}
