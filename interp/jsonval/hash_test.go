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
	if got := MustParse(text).Hash(); got != 0x1c285ef570f07584 {
		t.Errorf("Hash(%s) = %#x", text, got)
	}
}

func TestHashFollowsChanges(t *testing.T) {
	doc := MustParse(`{"a":{"b":[1,2,3]},"c":"x"}`)
	before := doc.Hash()
	changed, err := doc.Set(Path{Key("a"), Key("b"), Index(1)}, OfInt(9))
	if err != nil {
		t.Fatal(err)
	}
	if want := MustParse(`{"a":{"b":[1,9,3]},"c":"x"}`).Hash(); changed.Hash() != want || doc.Hash() != before {
		t.Errorf("after Set: %x, want %x; the old one %x, want %x", changed.Hash(), want, doc.Hash(), before)
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
