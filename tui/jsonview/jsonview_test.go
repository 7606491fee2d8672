package jsonview

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func screen(v *View, w, h int) string {
	var c paint.Canvas
	c.Reset(w, h, theme.Theme{})
	v.Draw(c.All(), true)
	return "\n" + strings.TrimRight(ansi.Strip(c.String()), "\n") + "\n"
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func show(before, after string) *View {
	v := &View{}
	var b jsonval.Value
	if before != "" {
		b = jsonval.MustParse(before)
	}
	v.Show(b, jsonval.MustParse(after))
	return v
}

func TestDraw(t *testing.T) {
	v := show("", `{"a":"x","n":1.10,"o":{},"list":[1,{"k":null}],"t":true}`)
	check(t, screen(v, 40, 12), `
 ▶   1   {
     2     "a": "x",
     3     "n": 1.10,
     4     "o": {},
     5  ▾  "list": [
     6       1,
     7  ▾    {
     8         "k": null
     9       }
    10     ],
    11     "t": true
    12   }
`)
}

func TestChanges(t *testing.T) {
	before := `{"keep":1,"change":1999,"gone":{"x":1},"list":[1,2],"kind":"text"}`
	after := `{"keep":1,"change":1799,"list":[1],"kind":{"y":2},"new":{"z":3}}`
	v := show(before, after)
	check(t, screen(v, 44, 22), `
 ▶   1   {
     2     "keep": 1,
     3 ~   "change": 1799,   was 1999
     4  ▾  "list": [
     5       1
       -     2
     6     ],
       -   "kind": "text"
     7 +▾  "kind": {
     8 +     "y": 2
     9 +   },
    10 +▾  "new": {
    11 +     "z": 3
    12 +   }
       -▾  "gone": {
       -     "x": 1
       -   }
    13   }
`)
	v.SetMode(After)
	check(t, screen(v, 30, 5), `
 ▶   1   {
     2     "keep": 1,
     3     "change": 1799,
     4  ▾  "list": [
     5       1
`)
	v.SetMode(Both)
	check(t, screen(v, 61, 18), `
     1   {                    │ ▶   1   {
     2     "keep": 1,         │     2     "keep": 1,
     3 ~   "change": 1999,    │     3 ~   "change": 1799,
     4  ▾  "list": [          │     4  ▾  "list": [
     5       1                │     5       1
     6 -     2                │
     7     ],                 │     6     ],
     8 -   "kind": "text"     │
                              │     7 +▾  "kind": {
                              │     8 +     "y": 2
                              │     9 +   },
                              │    10 +▾  "new": {
                              │    11 +     "z": 3
                              │    12 +   }
     9 -▾  "gone": {          │
    10 -     "x": 1           │
    11 -   }                  │
    12   }                    │    13   }
`)
}

func TestANewDocumentHasNoMarks(t *testing.T) {
	v := show(`{"a":1}`, `{"b":2}`)
	if v.Changed() || !v.Replaced() {
		t.Error("documents without a common member are compared")
	}
}

func TestFoldsAndCursorSurviveAStep(t *testing.T) {
	v := show("", `{"a":{"x":1},"b":{"y":[1,2]},"c":3}`)
	v.GoTo(jsonval.Path{jsonval.Key("b"), jsonval.Key("y")})
	v.Fold() // y
	v.Fold() // up to b
	v.Fold() // b
	want := `
     1   {
     2  ▾  "a": {
     3       "x": 1
     4     },
 ▶   5  ▸  "b": { … 1 key, 11 B },
     6     "c": 3
     7   }
`
	check(t, screen(v, 44, 9), want)
	v.Show(jsonval.Value{}, jsonval.MustParse(`{"new":0,"a":{"x":1},"b":{"y":[1,2],"z":0},"c":3}`))
	at, value, _ := v.Cursor()
	if at.String() != "/b" || value.Len() != 2 {
		t.Errorf("the cursor is at %s", at)
	}
	v.Unfold()
	check(t, screen(v, 44, 10), `
     1   {
     2     "new": 0,
     3  ▾  "a": {
     4       "x": 1
     5     },
 ▶   6  ▾  "b": {
     7  ▸    "y": [ … 2 items, 5 B ],
     8       "z": 0
     9     },
    10     "c": 3
`)
	v.Top()
	v.FoldAll()
	if got := v.Lines(); got != 6 {
		t.Errorf("%d lines with everything folded", got)
	}
	v.UnfoldAll()
	if got := v.Lines(); got != 14 {
		t.Errorf("%d lines with everything open", got)
	}
	v.Show(jsonval.Value{}, jsonval.MustParse(`5`))
	if at, _, _ := v.Cursor(); len(at) != 0 {
		t.Errorf("the cursor is at %s of a number", at)
	}
}

func TestSearchUnfoldsWhatItFinds(t *testing.T) {
	v := show("", `{"a":{"Needle":1},"b":[{"q":"a NEEDLE here"}],"c":"needle"}`)
	v.FoldAll()
	var got []string
	for range 4 {
		n, total := v.Search("needle", 1)
		at, _, _ := v.Cursor()
		got = append(got, at.String())
		if total != 3 || n == 0 {
			t.Errorf("match %d of %d", n, total)
		}
	}
	check(t, strings.Join(got, " "), "/a/Needle /b/0/q /c /a/Needle")
	if n, total := v.Search("needle", 0); n != 1 || total != 3 {
		t.Errorf("the match under the cursor is %d of %d", n, total)
	}
	v.Search("needle", -1)
	if at, _, _ := v.Cursor(); at.String() != "/c" {
		t.Errorf("backwards from the first: %s", at)
	}
	if _, total := v.Search("nowhere", 1); total != 0 {
		t.Errorf("%d matches of nothing", total)
	}
}

func TestHostileText(t *testing.T) {
	v := show("", `{"\u001b[31m":"\u202eabc\n\u009b2J"}`)
	check(t, screen(v, 60, 3), `
 ▶   1   {
     2     "\u001B[31m": "\u202eabc\n\u009b2J"
     3   }
`)
}

func TestScrollKeepsTheCursorOnScreen(t *testing.T) {
	v := &View{}
	v.Show(jsonval.Value{}, big(1000))
	screen(v, 60, 10)
	v.Bottom()
	if s := screen(v, 60, 10); !strings.Contains(s, "▶") || !strings.HasSuffix(s, "}\n") {
		t.Error(s)
	}
	v.Page(-1)
	screen(v, 60, 30)
	v.Top()
	if s := screen(v, 60, 5); !strings.HasPrefix(s, "\n ▶") {
		t.Error(s)
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int]string{37: "37 B", 9999: "9999 B", 205_000: "200 KiB", 20 << 20: "20 MiB"} {
		if got := Size(n); got != want {
			t.Errorf("Size(%d) = %s, want %s", n, got, want)
		}
	}
	if note, alarm := SizeNote(Limit*4/5 - 1); alarm {
		t.Error(note)
	}
	if note, alarm := SizeNote(Limit*4/5 + 1); !alarm || note != "204 KiB, 80 % of the 256 KiB quota" {
		t.Error(note)
	}
}

// big is a document of about n*120 bytes.
func big(n int) jsonval.Value {
	items := make([]jsonval.Value, n)
	for i := range items {
		items[i] = jsonval.ObjectOf(
			jsonval.Member{Key: "id", Value: jsonval.OfInt(int64(i))},
			jsonval.Member{Key: "name", Value: jsonval.OfString("row with some text in it")},
			jsonval.Member{Key: "address", Value: jsonval.MustParse(`{"street":"Main \"St\"","zip":"12345","tags":[1,2,3]}`)},
		)
	}
	return jsonval.ObjectOf(jsonval.Member{Key: "rows", Value: jsonval.OfItems(items)})
}

func BenchmarkDraw200KiB(b *testing.B) {
	v := &View{}
	v.Show(jsonval.Value{}, big(1700))
	v.Move(5000)
	var c paint.Canvas
	for b.Loop() {
		c.Reset(200, 60, theme.Theme{Colour: true})
		v.Draw(c.All(), true)
	}
}

func BenchmarkShow200KiB(b *testing.B) {
	doc := big(1700)
	other, err := doc.Set(jsonval.Path{jsonval.Key("rows"), jsonval.Index(900), jsonval.Key("id")}, jsonval.True)
	if err != nil {
		b.Fatal(err)
	}
	v := &View{}
	b.ReportMetric(float64(doc.Size()), "bytes")
	for b.Loop() {
		v.Show(doc, other)
		v.Show(other, doc)
	}
}

func BenchmarkSearch200KiB(b *testing.B) {
	v := &View{}
	v.Show(jsonval.Value{}, big(1700))
	for b.Loop() {
		v.Search("12345", 1)
	}
}
