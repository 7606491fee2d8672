package layout

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestFor draws the boxes of each layout.
func TestFor(t *testing.T) {
	for _, c := range []struct {
		w, h  int
		focus Pane
	}{
		{60, 16, Data},
		{80, 24, Data},
		{80, 24, Timeline},
		{80, 24, Request},
		{100, 32, Graph},
		{120, 40, Data},
		{159, 50, Data},
		{160, 45, Data},
		{200, 60, Data},
		{120, 40, Request},
		{200, 60, Signature},
		{120, 40, Lanes},
		{200, 60, Steps},
	} {
		name := fmt.Sprintf("%dx%d-%s", c.w, c.h, strings.ToLower(strings.Fields(c.focus.Short())[0]))
		t.Run(name, func(t *testing.T) {
			var canvas paint.Canvas
			canvas.Reset(c.w, c.h, theme.Theme{})
			for _, r := range For(c.w, c.h, c.focus) {
				a := canvas.All().Sub(r.X, r.Y, r.W, r.H)
				title := fmt.Sprintf("%s %dx%d", r.Pane.Title(), r.W, r.H)
				if r.H == 1 {
					a.At(1, 0).Put(theme.Plain, title)
					continue
				}
				a.Box(paint.Frame{Title: title, Focus: r.Pane == c.focus})
			}
			golden(t, name, canvas.String())
		})
	}
}

func golden(t *testing.T, name, screen string) {
	t.Helper()
	got := ansi.Strip(screen) + "\n"
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// TestPanesCoverTheBodyOnce goes through every size.
func TestPanesCoverTheBodyOnce(t *testing.T) {
	for w := 1; w <= 260; w++ {
		for h := 1; h <= 100; h += 1 + w%3 {
			for focus := range NumPanes {
				rects := For(w, h, focus)
				if !Fits(w, h) {
					if rects != nil {
						t.Fatalf("%dx%d: panes where nothing fits", w, h)
					}
					continue
				}
				area, shown := 0, false
				for i, r := range rects {
					area += r.W * r.H
					shown = shown || r.Pane == focus || Tabs(w, h) && (focus == Pipeline || focus == Events)
					if r.X < 0 || r.Y < 1 || r.X+r.W > w || r.Y+r.H > h-2 || r.W < 4 || r.H < 1 || r.H > 1 && r.H < 4 {
						t.Fatalf("%dx%d focus %s: %+v", w, h, focus.Title(), r)
					}
					for _, o := range rects[:i] {
						if r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H {
							t.Fatalf("%dx%d focus %s: %+v and %+v overlap", w, h, focus.Title(), o, r)
						}
					}
				}
				if area != w*(h-3) {
					t.Fatalf("%dx%d focus %s: panes cover %d of %d cells", w, h, focus.Title(), area, w*(h-3))
				}
				if !shown && !(focus == Events && !Wide(w, h)) {
					t.Fatalf("%dx%d: %s has the focus and is not shown", w, h, focus.Title())
				}
			}
		}
	}
}

func TestOrderNumbersWhatIsShown(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, s := range []Screen{Main, Held, Travel} {
			order := Order(size[0], size[1], s)
			for _, r := range For(size[0], size[1], order[0]) {
				if r.H > 1 && !slices.Contains(order, r.Pane) {
					t.Errorf("%v: %s has no number", size, r.Pane.Title())
				}
			}
			for _, p := range order {
				if p.Screen() != s {
					t.Errorf("%v: %s is on another screen", size, p.Title())
				}
			}
		}
	}
}
