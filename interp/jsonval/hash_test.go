package jsonval

import (
	"strings"
	"testing"
)

func TestHash(t *testing.T) {
	texts := []string{
		"null", "true", "false", "0", "1", "1.0", "10", `""`, `"1"`, `"null"`, `"a"`, `"ab"`, `"abcdefgh"`, `"abcdefgh\u0000"`,
		"[]", "{}", "[[]]", "[1]", "[1,1]", "[[1],1]", "[1,[1]]", `["ab"]`, `["a","b"]`, `{"a":1}`, `{"a":[1]}`, `{"b":1,"a":1}`, `{"a":1,"b":1}`,
	}
	seen := map[uint64]string{Value{}.Hash(): "undefined"}
	for _, text := range texts {
		h := MustParse(text).Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s have the same hash", text, other)
		}
		seen[h] = text
		if again := MustParse(text).Hash(); again != h {
			t.Errorf("%s: %x, then %x", text, h, again)
		}
	}
	// Session files hold hashes: these must never change.
	const text = `{"orderId":"A-1041","total":1999,"items":[true,null]}`
	if got := MustParse(text).Hash(); got != 0xbfa5b5b86a266345 {
		t.Errorf("Hash(%s) = %#x", text, got)
	}
}

func TestHashFollowsChanges(t *testing.T) {
	doc := MustParse(`{"a":{"b":[1,2,3]},"c":"x"}`)
	before := doc.Hash() // from here on hashes are passed on
	for _, c := range []struct {
		at   Path
		to   string
		want string
	}{
		{Path{Key("a"), Key("b"), Index(1)}, "9", `{"a":{"b":[1,9,3]},"c":"x"}`},
		{Path{Key("c")}, `{"x":[]}`, `{"a":{"b":[1,2,3]},"c":{"x":[]}}`},
		{Path{Key("d")}, "null", `{"a":{"b":[1,2,3]},"c":"x","d":null}`},
		{Path{Key("a"), Key("e"), Key("f")}, "1.0", `{"a":{"b":[1,2,3],"e":{"f":1.0}},"c":"x"}`},
	} {
		changed, err := doc.Set(c.at, MustParse(c.to))
		if err != nil {
			t.Fatal(err)
		}
		if want := MustParse(c.want); changed.String() != c.want || changed.Hash() != want.Hash() {
			t.Errorf("%s: hash %x, want %x", changed, changed.Hash(), want.Hash())
		}
	}
	if doc.Hash() != before {
		t.Error("the hash of the document itself has changed")
	}
}

func BenchmarkHash(b *testing.B) {
	text := `{"list":[` + strings.Repeat(`{"id":12345,"name":"some text here","ok":true},`, 4000) + `1]}`
	b.Run("first", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			b.StopTimer()
			v := MustParse(text)
			b.StartTimer()
			v.Hash()
		}
	})
	b.Run("one change", func(b *testing.B) {
		v := MustParse(text)
		v.Hash()
		for b.Loop() {
			w, err := v.Set(Path{Key("n")}, OfInt(1))
			if err != nil {
				b.Fatal(err)
			}
			w.Hash()
		}
	})
}
