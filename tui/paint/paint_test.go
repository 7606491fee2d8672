package paint

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"asldbg/tui/theme"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want, ascii string }{
		{"plain text", "plain text", "plain text"},
		{"café 日本", "café 日本", `caf\u00e9 \u65e5\u672c`},
		{"\x1b[31mred", `\u001b[31mred`, `\u001b[31mred`},
		{"a\nb\tc\r\x00\x7f", `a\nb\tc\r\u0000\u007f`, `a\nb\tc\r\u0000\u007f`},
		{"\u202eevil\u2066", `\u202eevil\u2066`, `\u202eevil\u2066`},
		{"\xff\xc3", `\xff\xc3`, `\xff\xc3`},
		{"c1\u009b31m", `c1\u009b31m`, `c1\u009b31m`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`, `zero\u200bwidth\ufeff`},
		{"e\u0301", "e\u0301", `e\u0301`},
		{"👨‍👩‍👧", `👨\u200d👩\u200d👧`, `\u{1f468}\u200d\u{1f469}\u200d\u{1f467}`},
		{"🇩🇪", `\u{1f1e9}\u{1f1ea}`, `\u{1f1e9}\u{1f1ea}`},
		{"👍🏽กำक्षि", "👍🏽กำक्षि", `\u{1f44d}\u{1f3fd}\u0e01\u0e33\u0915\u094d\u0937\u093f`},
		{"a\u0301\u0301\u0301\u0301\u0301b", "a\u0301\u0301\u0301\u0301" + `\u0301b`, `a\u0301\u0301\u0301\u0301\u0301b`},
		{"no\u00a0break", `no\u00a0break`, `no\u00a0break`},
		{"\u0301x", `\u0301x`, `\u0301x`},
	} {
		if got := Clean(c.in, theme.Theme{}); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
		if got := Clean(c.in, theme.Theme{ASCII: true}); got != c.ascii {
			t.Errorf("Clean(%q) in ASCII = %q, want %q", c.in, got, c.ascii)
		}
	}
}

func TestPenCutsAtTheEdge(t *testing.T) {
	var c Canvas
	c.Reset(10, 5, theme.Theme{})
	a := c.All()
	a.At(0, 0).Put(theme.Plain, "0123456789")
	a.At(0, 1).Put(theme.Plain, "0123456789x")
	a.At(0, 2).Say(theme.Plain, "012345678日")
	a.At(0, 3).Until(4).Say(theme.Plain, "abcdef").To(6).Until(10).Put(theme.Plain, "gh")
	a.At(7, 4).Say(theme.Plain, "x\x1b")
	a.At(-2, 9).Put(theme.Plain, "nowhere")
	want := "0123456789\n012345678…\n012345678…\nabc…  gh\n       x…"
	if got := c.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		w    int
		want string
	}{
		{"one two three", 7, "one two|three"},
		{"one two three", 8, "one two|three"},
		{"unbreakable", 4, "unbr|eaka|ble"},
		{"a\nb", 9, "a|b"},
		{"", 9, ""},
		{"日本語 x", 4, "日本|語 x"},
		{"x\x1b", 3, `x|` + "\x1b"},
		{"ab", 0, "a|b"},
	} {
		if got := strings.Join(Wrap(c.in, c.w, theme.Theme{}), "|"); got != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.w, got, c.want)
		}
	}
}

func TestWideCellsAreNeverHalved(t *testing.T) {
	var c Canvas
	c.Reset(6, 1, theme.Theme{})
	c.All().At(0, 0).Say(theme.Plain, "日本語")
	c.All().At(1, 0).Put(theme.Plain, "x")
	c.All().At(4, 0).Put(theme.Plain, "y")
	if got := c.String(); got != " x本y" {
		t.Errorf("%q", got)
	}
}

func TestBox(t *testing.T) {
	var c Canvas
	c.Reset(24, 4, theme.Theme{})
	in := c.All().Box(Frame{Title: "3 Data", Note: "13 lines", Focus: true})
	in.At(0, 0).Put(theme.Plain, "x")
	want := "╔═ 3 Data ══ 13 lines ═╗\n║x                     ║\n║                      ║\n╚══════════════════════╝"
	if got := ansi.Strip(c.String()); got != want {
		t.Errorf("\n%s", got)
	}
	c.Reset(24, 3, theme.Theme{ASCII: true})
	c.All().Box(Frame{Title: "a very long title that is cut", Note: "note"})
	if got := ansi.Strip(c.String()); got != "+- a very long title ~-+\n|                      |\n+----------------------+" {
		t.Errorf("\n%s", got)
	}
}

// FuzzClean: nothing that is shown can move the cursor or disagree about its
// width, and every byte is accounted for.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"\x1b[2J", "a\u0301\u0301\u0301\u0301\u0301\u0301", "🇩🇪👨‍👩‍👧❤️", "\u202e\u2067", "\xed\xa0\x80", "กำ", "각", "क्षि"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, ascii bool) {
		for _, clusters := range []bool{false, true} {
			th, method := theme.Theme{ASCII: ascii, Clusters: clusters}, ansi.WcWidth
			if clusters {
				method = ansi.GraphemeWidth
			}
			seen, width, out := 0, 0, ""
			for rest := s; rest != ""; {
				piece, w, n := Next(rest, th)
				if n <= 0 || n > len(rest) || piece == "" || w < 1 {
					t.Fatalf("Next(%q) = %q, %d, %d", rest, piece, w, n)
				}
				seen, width, rest, out = seen+n, width+w, rest[n:], out+piece
			}
			if seen != len(s) || !utf8.ValidString(out) || ansi.Strip(out) != out {
				t.Fatalf("Clean(%q) = %q", s, out)
			}
			if got := method.StringWidth(out); got != width {
				t.Fatalf("%q is %d columns to us, %d to the terminal", out, width, got)
			}
			for _, r := range out {
				if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x061c || 0x200b <= r && r <= 0x200f || 0x202a <= r && r <= 0x202e ||
					0x2066 <= r && r <= 0x2069 || r == 0xfeff || ascii && r > 0x7e {
					t.Fatalf("Clean(%q) lets %U through", s, r)
				}
			}
			var c Canvas
			c.Reset(40, 1, th)
			c.All().At(0, 0).Say(theme.Plain, s)
			c.All().At(39, 0).Put(theme.Plain, "|")
			if row := c.String(); method.StringWidth(row) != 40 {
				t.Fatalf("%q is %d columns", row, method.StringWidth(row))
			}
		}
	})
}

func BenchmarkString200x60(b *testing.B) {
	var c Canvas
	b.ReportAllocs()
	for b.Loop() {
		c.Reset(200, 60, theme.Theme{Colour: true})
		for y := range 60 {
			c.All().At(0, y).Put(theme.Name, strings.Repeat("x", 100)).Put(theme.Dim, strings.Repeat("y", 100))
		}
		_ = c.String()
	}
}
