package paint

import (
	"strings"

	"asldbg/tui/theme"
)

// Frame is the border of a pane. The focus shows twice: a double line and a
// bold title.
type Frame struct {
	Title string // on the left; any text
	Note  string // on the right; any text
	Alarm bool   // the note is a warning
	Focus bool
}

// Box draws f along the edge of a and returns what is inside.
func (a Area) Box(f Frame) Area {
	if a.W < 2 || a.H < 2 {
		return a.Sub(0, 0, 0, 0)
	}
	line, title := theme.Border, theme.Strong
	if f.Focus {
		line, title = theme.Focus, theme.Focus
	}
	e := theme.BoxEdges(f.Focus)
	across := strings.Repeat(e.Horizontal, a.W-2)
	a.At(0, 0).Put(line, e.TopLeft).Put(line, across).Put(line, e.TopRight)
	a.At(0, a.H-1).Put(line, e.BottomLeft).Put(line, across).Put(line, e.BottomRight)
	for y := 1; y < a.H-1; y++ {
		a.At(0, y).Put(line, e.Vertical)
		a.At(a.W-1, y).Put(line, e.Vertical)
	}
	end := a.W - 2
	if f.Note != "" {
		if x := a.W - 4 - a.Width(f.Note); x > 4 && (f.Alarm || x > a.Width(f.Title)+4) {
			role := theme.Dim
			if f.Alarm {
				role = theme.Warn
			}
			a.At(x, 0).Put(line, " ").Say(role, f.Note).Put(line, " ")
			end = x
		}
	}
	if f.Title != "" {
		a.At(2, 0).Until(end).Put(line, " ").Say(title, f.Title).Put(line, " ")
	}
	return a.Sub(1, 1, a.W-2, a.H-2)
}
