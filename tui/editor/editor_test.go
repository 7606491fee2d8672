package editor

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// typed is the text after the keys, words in <> being keys' names.
func typed(e *Editor, keys string) string {
	for keys != "" {
		if rest, ok := strings.CutPrefix(keys, "<"); ok {
			name, after, _ := strings.Cut(rest, ">")
			e.Key(name, "")
			keys = after
			continue
		}
		_, n := utf8.DecodeRuneInString(keys)
		e.Key(keys[:n], keys[:n])
		keys = keys[n:]
	}
	l := e.lines[e.row]
	out := append([]string{}, e.lines...)
	out[e.row] = l[:e.col] + "|" + l[e.col:]
	return strings.Join(out, "/")
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ text, keys, want string }{
		{"ab", "x", "x|ab"},
		{"ab", "<right>x<left><left>y", "y|axb"},
		{"ab/cd", "<end><right>x", "ab/x|cd"},
		{"ab/cd", "<down><left>x", "abx|/cd"},
		{"ab/cd", "<down><backspace>", "ab|cd"},
		{"ab/cd", "<end><delete>", "ab|cd"},
		{"ab", "<end><delete>", "ab|"},
		{"ab", "<backspace>", "|ab"},
		{"long line/x/long line", "<end><down><down>", "long line/x/l|ong line"},
		{"  {}", "<right><right><right><enter>x", "  {/    x|}"},
		{"  a", "<end><enter>", "  a/  |"},
		{"a b c", "<end><ctrl+w><ctrl+w>", "a |"},
		{"abc", "<right><ctrl+k>", "a|"},
		{"abc", "<right><ctrl+u>", "|bc"},
		{"", "abc<ctrl+z>", "|"},
		{"", "abc<left>d<ctrl+z>", "ab|c"},
		{"", "a<tab>", "a  |"},
		{"日本e\u0301", "<end><backspace><backspace>", "日|"},
		{"a/b/c", "<ctrl+end>x<ctrl+home>y", "y|a/b/cx"},
		{"abc", "<up><f7>", "|abc"},
	} {
		if got := typed(New(strings.ReplaceAll(c.text, "/", "\n")), c.keys); got != c.want {
			t.Errorf("%q %s = %q, want %q", c.text, c.keys, got, c.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	e := Line("ab")
	if got := typed(e, "c<enter><up><tab>"); got != "abc|" {
		t.Error(got)
	}
	if e.Key("enter", "") || e.Key("tab", "") || e.Key("up", "") {
		t.Error("a line takes enter, tab or up")
	}
	e.Paste("x\ny")
	if e.Text() != "abcx y" {
		t.Errorf("%q", e.Text())
	}
}

func TestPaste(t *testing.T) {
	e := New("ab")
	e.Key("right", "")
	e.Paste("1\r\n2\t3\n")
	if got := typed(e, ""); got != "a1/2  3/|b" {
		t.Error(got)
	}
}

func TestJSON(t *testing.T) {
	e := New("{\n  \"é\": 1,\n  \"b\" 2\n}")
	_, err := e.JSON()
	if err == nil || !strings.HasPrefix(err.Error(), "line 3, column 7: ") {
		t.Errorf("%v", err)
	}
	e.ShowMistake()
	if got := typed(e, ":"); got != `{/  "é": 1,/  "b" :|2/}` {
		t.Error(got)
	}
	if note, ok := e.Check(); !ok {
		t.Error(note)
	}
}

func TestDraw(t *testing.T) {
	e := New("{\n  \"a\": \"\x1b[2J" + strings.Repeat("x", 60) + "\"\n}")
	var c paint.Canvas
	draw := func() (string, int, int) {
		c.Reset(30, 3, theme.Theme{})
		x, y := e.Draw(c.All())
		return ansi.Strip(c.String()), x, y
	}
	if s, x, y := draw(); s != "   1 {\n   2   \"a\": \"\\u001b[2Jxxxxxxx…\n   3 }" || x != 5 || y != 0 {
		t.Errorf("%d %d\n%s", x, y, s)
	}
	typed(e, "<down><end>")
	if s, x, y := draw(); !strings.HasSuffix(strings.Split(s, "\n")[1], `xxx"`) || x != 28 || y != 1 {
		t.Errorf("%d %d\n%s", x, y, s)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("{}", "<enter>x<backspace><ctrl+w><up><ctrl+z>")
	f.Add("\xff\n\u0301", "<right><right><backspace><delete>")
	f.Fuzz(func(t *testing.T, text, keys string) {
		e := New(text)
		var c paint.Canvas
		typed(e, keys)
		c.Reset(20, 4, theme.Theme{})
		if x, y := e.Draw(c.All()); x < 0 || x > 20 || y < 0 || y >= 4 {
			t.Fatalf("the cursor is at %d, %d", x, y)
		}
		e.Check()
	})
}
