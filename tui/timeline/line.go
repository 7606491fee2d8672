package timeline

import (
	"fmt"
	"strconv"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

var glyphs = map[sessions.Glyph]struct {
	text string
	role theme.Role
}{
	sessions.GlyphDone:    {theme.GlyphDone, theme.Done},
	sessions.GlyphEdited:  {theme.GlyphEdited, theme.Changed},
	sessions.GlyphSent:    {theme.GlyphSent, theme.Here},
	sessions.GlyphFailed:  {theme.GlyphFailed, theme.Failed},
	sessions.GlyphWaiting: {theme.GlyphWaiting, theme.Warn},
}

// sign is a step's glyph as it looks while the cursor is at step cursor.
func sign(s *sessions.StepInfo, cursor int) (string, theme.Role) {
	g := glyphs[s.Glyph]
	switch {
	case s.N == cursor:
		return g.text, theme.Here
	case s.N > cursor:
		return g.text, theme.ToCome
	}
	return g.text, g.role
}

// Where says where in time the session stands, such as "12 of 12, the newest".
func Where(v *sessions.View) string {
	text := fmt.Sprintf("%d of %d", v.Cursor, len(v.Steps))
	if v.AtNewest() {
		return text + ", the newest"
	}
	return text
}

// owner is the frame and the state a step belongs to; "" where it belongs to
// the group before it: it has no events, or it is the one of a Parallel or Map
// that opens its first frames, which then take their own steps.
func owner(s *sessions.StepInfo) (frame interp.FrameID, state string) {
	if len(s.Events) > 0 {
		if k := s.Events[0].Kind; k == interp.ParallelStateStarted || k == interp.MapStateStarted {
			return s.Events[0].Frame, ""
		}
	}
	return s.Frame, s.State
}

// starts reports whether step i begins a new group: another state or frame.
func starts(steps []sessions.StepInfo, i int) bool {
	frame, state := owner(&steps[i])
	if i == 0 || state == "" {
		return i == 0
	}
	for i--; i >= 0; i-- {
		if f, s := owner(&steps[i]); s != "" {
			return f != frame || s != state
		}
	}
	return true
}

// stateOf names the group step i belongs to.
func stateOf(steps []sessions.StepInfo, i int) string {
	for ; i >= 0; i-- {
		if _, s := owner(&steps[i]); s != "" {
			return s
		}
	}
	return ""
}

// window is the range of steps shown in w columns: some before the cursor, then
// as many after it as fit.
func window(steps []sessions.StepInfo, cursor, w int, width func(string) int) (from, to int) {
	cost := func(i int) int {
		if starts(steps, i) {
			return 1 + 2 + width(stateOf(steps, i)) + 1
		}
		return 1
	}
	from = min(max(cursor, 0), len(steps))
	room := w * 3 / 4
	for from > 0 && cost(from-1) <= room {
		from--
		room -= cost(from)
	}
	if from > 0 { // the group that is cut is named again
		room -= width(stateOf(steps, min(from, len(steps)-1))) + 6
	}
	room += w - w*3/4
	for to = cursor; to < len(steps) && cost(to) <= room; to++ {
		room -= cost(to)
	}
	return from, to
}

// Draw fills the two rows of a: the steps in groups by state, and below each
// group the number of its first step, then where the cursor stands.
func Draw(a paint.Area, v *sessions.View) {
	if len(v.Steps) == 0 {
		a.At(1, 0).Put(theme.Dim, "nothing has happened yet")
		return
	}
	p := a.At(1, 0)
	from, to := window(v.Steps, v.Cursor, a.W-18, a.Width)
	first := min(from, len(v.Steps)-1)
	p.Put(theme.Dim, v.Steps[first].At.UTC().Format("15:04:05.000")).Put(theme.Plain, "  ")
	steps, numbers := p.X, a.At(1, 1)
	tail := Where(v)
	if a.W >= 90 {
		tail += "    [ back  ] forward  G newest"
	}
	tailAt := a.W - 1 - a.Width(tail)
	draw(p.To(steps), v, from, to, func(x, n int) {
		if text := strconv.Itoa(n); x >= numbers.X && x+len(text) < tailAt-1 {
			numbers.To(x).Put(theme.Dim, text+" ")
		}
	})
	a.At(tailAt, 1).Put(theme.Dim, tail)
}

// Line writes where the cursor stands and the steps around it on one row.
func Line(p *paint.Pen, v *sessions.View) {
	p.Put(theme.Dim, fmt.Sprintf("%d of %d", v.Cursor, len(v.Steps))).Put(theme.Plain, "  ")
	from, to := window(v.Steps, v.Cursor, p.Width()-p.X-2, p.Measure)
	draw(p, v, from, to, func(int, int) {})
}

// draw writes the steps from from to to; group is told where each group
// begins.
func draw(p *paint.Pen, v *sessions.View, from, to int, group func(x, n int)) {
	if from > 0 {
		p.Put(theme.Dim, theme.GlyphCut)
	}
	for i := from; i < to; i++ {
		s := &v.Steps[i]
		if i == from || starts(v.Steps, i) {
			if i > from {
				p.Put(theme.Plain, "  ")
			}
			role := theme.Plain
			if s.N > v.Cursor {
				role = theme.Dim
			}
			p.Say(role, stateOf(v.Steps, i)).Put(theme.Plain, " ")
			group(p.X, s.N)
		}
		text, role := sign(s, v.Cursor)
		if s.N == v.Cursor {
			text = theme.GlyphHere
		}
		p.Put(role, text)
	}
	if to < len(v.Steps) {
		p.Put(theme.Dim, theme.GlyphCut)
	}
}
