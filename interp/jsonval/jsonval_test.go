package jsonval

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseKeepsOrderAndNumberText(t *testing.T) {
	for _, text := range []string{
		`{"b":1.10,"a":[12345678901234567890,-0,1e2],"c":{"":null}}`,
		`"\"\\\n\u0001é😀/"`, `[]`, `{}`, `true`, `0`, `-12.5E+3`,
	} {
		v, err := Parse(text)
		if err != nil {
			t.Errorf("Parse(%s): %v", text, err)
			continue
		}
		if got := v.String(); got != text {
			t.Errorf("Parse(%s) prints as %s", text, got)
		}
		if v.Size() != len(text) {
			t.Errorf("Size of %s = %d, want %d", text, v.Size(), len(text))
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		says   string
	}{
		{``, 0, "ends where"},
		{`{"a":1,}`, 7, "name in double quotes"},
		{`[1,]`, 3, "unexpected ']'"},
		{`[1 2]`, 3, ", or ]"},
		{`{"a" 1}`, 5, ": should follow"},
		{`01`, 0, "not a JSON number"},
		{`1.`, 0, "not a JSON number"},
		{`nul`, 0, `"nul" is not a JSON value`},
		{`{a:1}`, 1, "double quotes"},
		{`"abc`, 0, "never closed"},
		{"\"a\nb\"", 2, "control character"},
		{`"\x"`, 1, "not an escape"},
		{`"\u12"`, 1, "four hexadecimal"},
		{`// no`, 0, "unexpected character"},
		{strings.Repeat("[", 1001), 1000, "deeper than 1000"},
	} {
		_, err := Parse(c.text)
		var se *SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("Parse(%.20q) = %v, want a SyntaxError", c.text, err)
			continue
		}
		if se.Offset != c.offset || !strings.Contains(se.Message, c.says) {
			t.Errorf("Parse(%.20q) = %d %q, want %d …%s…", c.text, se.Offset, se.Message, c.offset, c.says)
		}
	}
}

func TestRepeatedKeysKeepFirstPlaceAndLastValue(t *testing.T) {
	for _, n := range []int{0, 20} { // below and above the size that gets an index
		text := `{"a":1,"b":2`
		for i := range n {
			text += `,"k` + string(rune('A'+i)) + `":0`
		}
		v := MustParse(text + `,"a":3}`)
		if got := v.MemberAt(0); got.Key != "a" || got.Value.Text() != "3" || v.Len() != 2+n {
			t.Errorf("%d more keys: %v", n, v)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		f    float64
		n    int64
		ok   bool
	}{
		{"3", 3, 3, true},
		{"-0", 0, 0, true},
		{"3.0", 3, 3, true},
		{"1e2", 100, 100, true},
		{"1.5", 1.5, 0, false},
		{"9007199254740993", 9007199254740993, 9007199254740993, true},
		{"1e400", math.Inf(1), 0, false},
	} {
		v, ok := OfNumber(c.text)
		if !ok {
			t.Errorf("OfNumber(%s) refused", c.text)
		}
		if f, _ := v.Float(); f != c.f {
			t.Errorf("Float(%s) = %v", c.text, f)
		}
		if n, ok := v.Int(); n != c.n || ok != c.ok {
			t.Errorf("Int(%s) = %v %v", c.text, n, ok)
		}
	}
	for f, want := range map[float64]string{1: "1", 1.5: "1.5", 1e21: "1e+21", 1e-7: "1e-7", 123456789012: "123456789012", 1e20: "100000000000000000000"} {
		if got := OfFloat(f).String(); got != want {
			t.Errorf("OfFloat(%v) = %s, want %s", f, got, want)
		}
	}
	if _, ok := OfNumber("1x"); ok {
		t.Error("OfNumber accepts 1x")
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct{ doc, pointer, want string }{
		{`{"a":1}`, "/b/c", `{"a":1,"b":{"c":"new"}}`},
		{`{"a":{"x":1},"z":2}`, "/a", `{"a":"new","z":2}`},
		{`{"a":[1,2]}`, "/a/1", `{"a":[1,"new"]}`},
		{`{}`, "/a", `{"a":"new"}`},
		{`5`, "", `"new"`},
		{`5`, "/a", "the root is a number, not an object"},
		{`{"a":null}`, "/a/b", "/a is null, not an object"},
		{`{"a":[1]}`, "/a/1", "/a has no item 1, only 1 items"},
	} {
		doc := MustParse(c.doc)
		p, err := ParsePointer(doc, c.pointer)
		if err != nil {
			t.Fatal(err)
		}
		got, err := doc.Set(p, OfString("new"))
		text := got.String()
		if err != nil {
			text = err.Error()
		} else if got.Size() != len(text) {
			t.Errorf("Set(%s, %s): Size %d, text has %d", c.doc, c.pointer, got.Size(), len(text))
		}
		if text != c.want {
			t.Errorf("Set(%s, %s) = %s, want %s", c.doc, c.pointer, text, c.want)
		}
		if doc.String() != c.doc {
			t.Errorf("Set changed the old document to %s", doc)
		}
		if err == nil && got.Lookup(p).Text() != "new" {
			t.Errorf("Lookup after Set(%s, %s) = %v", c.doc, c.pointer, got.Lookup(p))
		}
	}
}

func TestObjectsGrownFromOneAreApart(t *testing.T) {
	base := EmptyObject
	for i := range 20 {
		base, _ = base.Set(Path{Key("k" + OfInt(int64(i)).Text())}, OfInt(int64(i)))
	}
	before := base.String()
	a, _ := base.Set(Path{Key("x")}, OfString("a"))
	b, _ := base.Set(Path{Key("x")}, OfString("b"))
	c, _ := a.Set(Path{Key("y")}, True)
	d, _ := b.Set(Path{Key("k0")}, NullValue)
	if base.String() != before || a.Get("x").Text() != "a" || b.Get("x").Text() != "b" || c.Len() != 22 || c.Get("x").Text() != "a" ||
		!d.Get("k0").Is(Null) || !b.Get("k0").Is(Number) {
		t.Errorf("grown objects share more than they may: %s, %s, %s, %s", a, b, c, d)
	}
	for range 3 * often {
		if !c.Get("k19").Exists() || c.Get("nope").Exists() {
			t.Fatal("a lookup fails once there is an index")
		}
	}
}

func TestDelete(t *testing.T) {
	for _, c := range []struct{ doc, pointer, want string }{
		{`{"a":1,"b":2}`, "/a", `{"b":2}`},
		{`{"a":[1,2]}`, "/a/0", `{"a":[2]}`},
		{`{"a":1}`, "/x/y", `{"a":1}`},
	} {
		doc := MustParse(c.doc)
		p, _ := ParsePointer(doc, c.pointer)
		if got := doc.Delete(p).String(); got != c.want {
			t.Errorf("Delete(%s, %s) = %s, want %s", c.doc, c.pointer, got, c.want)
		}
	}
}

func TestEqualAndDiff(t *testing.T) {
	a := MustParse(`{"n":1,"o":{"x":[1,2]},"gone":true}`)
	b := MustParse(`{"o":{"x":[1,3,4]},"n":1.0,"new":null}`)
	if Equal(a, b) || !Equal(a.Get("n"), b.Get("n")) {
		t.Error("Equal compares by structure and numeric value")
	}
	var got []string
	for _, c := range Diff(a, b) {
		got = append(got, c.Path.String()+[]string{"+", "~", "-"}[c.Kind])
	}
	if want := "/o/x/1~ /o/x/2+ /gone- /new+"; strings.Join(got, " ") != want {
		t.Errorf("Diff = %s, want %s", strings.Join(got, " "), want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9"],"b":null}`, `[`, `"\ud800"`, `{"a":1,"a":2}`, `-`, `{"\n\\":["\"\u0001",true,null]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if (err == nil) != json.Valid([]byte(text)) && strings.Count(text, "[")+strings.Count(text, "{") < MaxDepth {
			t.Fatalf("Parse says %v, encoding/json says %v", err, json.Valid([]byte(text)))
		}
		if err != nil {
			return
		}
		again := MustParse(v.String())
		if !Equal(v, again) || v.Size() != len(v.String()) {
			t.Fatalf("%q does not survive printing", text)
		}
		if got := string(v.AppendQuoted(nil)); got != Quote(v.String()) {
			t.Fatalf("quoted at once: %s", got)
		}
	})
}

func benchText() string {
	var b strings.Builder
	b.WriteString(`{"rows":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"id":` + OfInt(int64(i)).String() + `,"name":"row with some text","address":{"street":"Main \"St\"","zip":"12345"},"price":19.99}`)
	}
	b.WriteString(`]}`)
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		MustParse(text)
	}
}

func BenchmarkEncodingJSON(b *testing.B) {
	text := []byte(benchText())
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSet(b *testing.B) {
	doc := MustParse(benchText())
	p := Path{Key("rows"), Index(500), Key("price")}
	for b.Loop() {
		if _, err := doc.Set(p, True); err != nil {
			b.Fatal(err)
		}
	}
}
