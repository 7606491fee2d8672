package theme

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestFor(t *testing.T) {
	for _, c := range []struct {
		name  string
		ascii bool
		mode  Mode
		env   map[string]string
		want  Theme
	}{
		{name: "plain terminal", want: Theme{Colour: true}},
		{name: "any NO_COLOR", env: map[string]string{"NO_COLOR": "yes"}},
		{name: "empty NO_COLOR", env: map[string]string{"NO_COLOR": ""}, want: Theme{Colour: true}},
		{name: "--color always wins", mode: Always, env: map[string]string{"NO_COLOR": "1"}, want: Theme{Colour: true}},
		{name: "--color never wins", mode: Never, env: map[string]string{"CLICOLOR_FORCE": "1"}},
		{name: "CLICOLOR=0", env: map[string]string{"CLICOLOR": "0"}},
		{name: "forced", env: map[string]string{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, want: Theme{Colour: true}},
		{name: "dumb", env: map[string]string{"TERM": "dumb"}},
		{name: "--ascii", ascii: true, want: Theme{ASCII: true, Colour: true}},
		{name: "C locale", env: map[string]string{"LANG": "C"}, want: Theme{ASCII: true, Colour: true}},
		{name: "LC_ALL before LANG", env: map[string]string{"LC_ALL": "C.UTF-8", "LANG": "C"}, want: Theme{Colour: true}},
	} {
		mode := c.mode
		if mode == "" {
			mode = Auto
		}
		if got := For(c.ascii, mode, func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestGlyphsAreOneColumnAndHaveAStandIn(t *testing.T) {
	all := []string{
		GlyphHere, GlyphDone, GlyphToCome, GlyphFailed, GlyphBreak, GlyphClosed, GlyphOpen, GlyphDown, GlyphUp,
		GlyphLine, GlyphDash, GlyphEdited, GlyphSent, GlyphCut,
	}
	for _, e := range []Edges{BoxEdges(true), BoxEdges(false)} {
		all = append(all, e.TopLeft, e.TopRight, e.BottomRight, e.BottomLeft, e.Horizontal, e.Vertical)
	}
	for _, g := range all {
		if ansi.StringWidth(g) != 1 || ansi.StringWidthWc(g) != 1 {
			t.Errorf("%s is not one column wide", g)
		}
		if stand := (Theme{ASCII: true}).Words(g); len(stand) != 1 {
			t.Errorf("%s has no ASCII stand-in", g)
		}
		if (Theme{}).Words(g) != g {
			t.Errorf("%s is not shown as it is", g)
		}
	}
}

func TestWithoutColourOnlyAttributesAreUsed(t *testing.T) {
	for r := range NumRoles {
		s := (Theme{}).SGR(r)
		if s == "" {
			continue
		}
		for code := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(s, "\x1b[0;"), "m"), ";") {
			if !slices.Contains([]string{"1", "2", "4", "7"}, code) { // bold, faint, underline, reverse
				t.Errorf("role %d: %q", r, s)
			}
		}
	}
	if (Theme{Colour: true}).SGR(Failed) != "\x1b[0;1;31m" {
		t.Errorf("Failed: %q", (Theme{Colour: true}).SGR(Failed))
	}
}
