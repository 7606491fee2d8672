package jsonpath

import (
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// benchDocument is about 100 KB: 1,000 orders.
func benchDocument() jsonval.Value {
	var b strings.Builder
	b.WriteString(`{"a":{"b":{"c":1}},"want":500,"orders":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"id":` + jsonval.OfInt(int64(i)).String() + `,"state":"open","price":12.95,"address":{"zip":"12345","tags":["x","y"]}}`)
	}
	b.WriteString(`]}`)
	return jsonval.MustParse(b.String())
}

func BenchmarkEval(b *testing.B) {
	env := &Env{Input: benchDocument()}
	for _, c := range []struct{ name, path string }{
		{"root", "$"},
		{"plain", "$.a.b"},
		{"index", "$.orders[500].address.zip"},
		{"wildcard", "$.orders[*].id"},
		{"slice", "$.orders[10:20]"},
		{"filter-string", "$.orders[?(@.state == 'closed')]"},
		{"filter-number", "$.orders[?(@.price > 13 && @.id < 10)]"},
		{"filter-document", "$.orders[?(@.id == $.want)].price"},
		{"filter-regex", "$.orders[?(@.address.zip =~ /9.*/)]"},
		{"deep", "$..zip"},
		{"deep-filter", "$..[?(@.zip)]"},
		{"length", "$.orders.length()"},
	} {
		p := mustCompile(c.path)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Eval(env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	miss := mustCompile("$.a.x")
	b.Run("miss", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := miss.Eval(env); err == nil {
				b.Fatal("found")
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	for _, path := range []string{"$.a.b", "$.orders[?(@.price > 13 && @.id < 10)].id"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
