package interp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// BenchmarkFloor is what the machines of the benchmarks cost by hand: the same
// operations on maps, with encoding/json reading the input and writing the
// output. With history, it also writes each state's input and output as the JSON
// texts inside a text that AWS's events hold. Compare Floor/history/X with X/history.
func BenchmarkFloor(b *testing.B) {
	for _, withHistory := range []bool{false, true} {
		b.Run(map[bool]string{false: "bare", true: "history"}[withHistory], func(b *testing.B) {
			run := func(name, input string, transitions int, work func(in map[string]any, state func(doc any))) {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						var in map[string]any
						if err := json.Unmarshal([]byte(input), &in); err != nil {
							b.Fatal(err)
						}
						before := any(in)
						written := 0
						work(in, func(doc any) {
							if withHistory {
								written += len(quoted(b, before)) + len(quoted(b, doc))
							}
							before = doc
						})
						if _, err := json.Marshal(in); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*transitions), "ns/transition")
				})
			}
			run("PassChain", `{"r":{}}`, 1000, func(in map[string]any, state func(any)) {
				r := in["r"].(map[string]any)
				for i := range 1000 {
					r[fmt.Sprintf("k%d", i)] = map[string]any{"i": i, "s": "value", "f": []any{0, 1, 2}}
					state(in)
				}
			})
			run("ChoiceLoop", `{"n":0,"limit":1000}`, 3002, func(in map[string]any, state func(any)) {
				for in["n"].(float64) < in["limit"].(float64) {
					state(in)
					in = map[string]any{"n": in["n"].(float64) + 1, "limit": in["limit"]}
					state(in)
					in["mark"] = "seen"
					state(in)
				}
			})
			run("BigPayload", bigInput(), 200, func(in map[string]any, state func(any)) {
				for i := range 200 {
					in["mark"] = map[string]any{"i": i}
					state(in)
				}
			})
		})
	}
}

func quoted(b *testing.B, doc any) []byte {
	text, err := json.Marshal(doc)
	if err == nil {
		text, err = json.Marshal(string(text))
	}
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// bigInput is a document of 200 KiB.
func bigInput() string {
	var s strings.Builder
	s.WriteString(`{"doc":[`)
	for i := 0; s.Len() < 200<<10; i++ {
		if i > 0 {
			s.WriteByte(',')
		}
		fmt.Fprintf(&s, `{"id":%d,"name":"item %d","tags":["a","b"],"price":%d.5}`, i, i, i)
	}
	s.WriteString(`]}`)
	return s.String()
}

func BenchmarkBigPayload(b *testing.B) {
	const n = 200
	var s strings.Builder
	for i := range n {
		next := fmt.Sprintf(`"Next":"P%d"`, i+1)
		if i == n-1 {
			next = `"End":true`
		}
		fmt.Fprintf(&s, `,"P%d":{"Type":"Pass","InputPath":"$","Result":{"i":%d},"ResultPath":"$.mark","OutputPath":"$",%s}`, i, i, next)
	}
	benchmark(b, `{"StartAt":"P0","States":{`+s.String()[1:]+`}}`, bigInput(), n)
}
