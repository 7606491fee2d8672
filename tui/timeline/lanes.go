package timeline

import (
	"strconv"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Lanes is the whole timeline, a lane for each frame. The zero value is ready.
type Lanes struct {
	steps []sessions.StepInfo // what the picture is of
	drawn []mark              // in the order they are drawn
	at    []place             // of each step
	rows  int
}

type place struct{ x, row int }

// mark is something drawn beside the steps: a state's name, or a line.
type mark struct {
	place
	text string
	role theme.Role
	n    int // the step from which on it belongs to the past
}

// Update looks at the steps of a new picture of the session.
func (l *Lanes) Update(steps []sessions.StepInfo, width func(string) int) {
	if len(steps) == len(l.steps) && (len(steps) == 0 || &steps[0] == &l.steps[0]) {
		return
	}
	l.steps = steps
	l.layOut(width)
}

// Rows is how many rows the lanes take.
func (l *Lanes) Rows(v *sessions.View, width func(string) int) int {
	l.Update(v.Steps, width)
	return l.rows
}

// laneOf is a frame's lane while it is laid out.
type laneOf struct {
	x, row  int
	state   string
	parent  interp.FrameID
	label   string
	forkX   int
	open    []interp.FrameID // children that have not been joined
	started bool
}

// layOut places every step.
func (l *Lanes) layOut(width func(string) int) {
	l.drawn, l.at, l.rows = nil, make([]place, len(l.steps)), 1
	lanes := map[interp.FrameID]*laneOf{}
	lane := func(id interp.FrameID) *laneOf {
		ln := lanes[id]
		if ln == nil {
			ln = &laneOf{}
			lanes[id] = ln
		}
		return ln
	}
	used := map[int]bool{0: true} // rows that have an open lane
	var frame interp.FrameID
	for i := range l.steps {
		s := &l.steps[i]
		f, state := owner(s)
		if f != 0 {
			frame = f
		}
		ln := lane(frame)
		switch {
		case !ln.started && ln.parent != 0:
			l.fork(ln, lane(ln.parent), s, used)
		case len(ln.open) > 0:
			l.join(ln, lanes, s.N, used)
		}
		ln.started = true
		if state != "" && state != ln.state {
			if ln.state != "" {
				ln.x += 2
			}
			ln.state = state
			name := ln.label + state + " "
			ln.label = ""
			l.drawn = append(l.drawn, mark{place{ln.x, ln.row}, name, theme.Plain, s.N})
			ln.x += width(name)
		}
		l.at[i] = place{ln.x, ln.row}
		ln.x++
		for _, e := range s.Events {
			if e.Kind == interp.BranchStarted || e.Kind == interp.MapIterationStarted {
				child := lane(e.Frame)
				child.parent, child.label = e.Parent, strconv.Itoa(int(e.Index))+" "
				lane(child.parent).open = append(lane(child.parent).open, e.Frame)
			}
		}
	}
}

// fork starts a lane: the first child goes on in its parent's row, others take
// the first row below that is free.
func (l *Lanes) fork(ln, parent *laneOf, s *sessions.StepInfo, used map[int]bool) {
	if parent.forkX < parent.x {
		parent.forkX = parent.x + 1
		l.drawn = append(l.drawn, mark{place{parent.forkX, parent.row}, "┬ ", theme.Border, s.N})
		ln.row = parent.row
	} else {
		for ln.row = parent.row + 1; used[ln.row]; ln.row++ {
			l.drawn = append(l.drawn, mark{place{parent.forkX, ln.row}, theme.GlyphLine, theme.Border, s.N})
		}
		l.drawn = append(l.drawn, mark{place{parent.forkX, ln.row}, "└ ", theme.Border, s.N})
	}
	used[ln.row] = true
	l.rows = max(l.rows, ln.row+1)
	ln.x = parent.forkX + 2
}

// join ends the lanes of ln's children where ln goes on.
func (l *Lanes) join(ln *laneOf, lanes map[interp.FrameID]*laneOf, n int, used map[int]bool) {
	end := ln.x
	for _, id := range ln.open {
		if lanes[id].started {
			end = max(end, lanes[id].x)
		}
	}
	if ln.forkX > ln.x {
		end++
		for _, id := range ln.open {
			child := lanes[id]
			if !child.started {
				continue
			}
			for x := child.x + 1; x < end; x++ {
				l.drawn = append(l.drawn, mark{place{x, child.row}, theme.GlyphDash, theme.Border, n})
			}
			corner := "┘"
			if child.row == ln.row {
				corner = "┬"
			}
			l.drawn = append(l.drawn, mark{place{end, child.row}, corner, theme.Border, n})
			if child.row != ln.row {
				delete(used, child.row)
			}
		}
		ln.x = end + 2
	}
	ln.open, ln.state = nil, "" // its state is named again
	ln.forkX = 0
}

// Draw fills a: lanes, then a row of times with the cursor and the marked
// steps, then a legend.
func (l *Lanes) Draw(a paint.Area, v *sessions.View, marked map[int]bool) {
	l.Update(v.Steps, a.Width)
	if len(v.Steps) == 0 {
		a.At(1, 0).Put(theme.Dim, "nothing has happened yet")
		return
	}
	rows := max(a.H-2, 1)
	here := l.at[max(v.Cursor-1, 0)]
	left := max(here.x-(a.W-4)*2/3, 0)
	top := max(here.row-rows+1, 0)
	body := a.Sub(1, 0, a.W-2, rows)
	show := func(p place, role theme.Role, text string) {
		if x, y := p.x-left, p.row-top; y >= 0 && y < rows && x < body.W && x > -len(text) {
			body.At(x, y).Put(role, text)
		}
	}
	for _, m := range l.drawn {
		role := m.role
		if m.n > v.Cursor {
			role = theme.ToCome
		}
		show(m.place, role, m.text)
	}
	for i := range v.Steps {
		text, role := sign(&v.Steps[i], v.Cursor)
		show(l.at[i], role, text)
	}
	if a.H >= 2 {
		l.times(a.Rows(rows, rows+1), v, here, left, marked)
	}
	if a.H >= 3 {
		p := a.At(1, a.H-1)
		for _, g := range []sessions.Glyph{sessions.GlyphEdited, sessions.GlyphSent, sessions.GlyphFailed, sessions.GlyphWaiting} {
			p.Put(glyphs[g].role, glyphs[g].text).Put(theme.Dim, " "+[]string{"", "edited", "sent", "failed", "waiting"}[g]+"  ")
		}
		if a.W > 100 {
			p.Put(theme.Dim, "   one column = one step, whatever time it took     * mark   ' jump to mark")
		}
		if hidden := l.rows - rows; hidden > 0 && a.W > 60 {
			text := strconv.Itoa(hidden) + " more lanes"
			a.At(a.W-1-len(text), a.H-1).Put(theme.Warn, text)
		}
	}
}

// times writes when it began, where the cursor is and when, and when it ended.
func (l *Lanes) times(a paint.Area, v *sessions.View, here place, left int, marked map[int]bool) {
	clock := func(i int) string { return v.Steps[i].At.UTC().Format("15:04:05.000") }
	text := theme.GlyphUp + strconv.Itoa(v.Cursor)
	if v.Cursor > 1 && v.Cursor < len(v.Steps) {
		text += "  " + clock(v.Cursor-1)
	}
	const clockW = len("15:04:05.000")
	at := min(1+here.x-left, a.W-1-a.Width(text))
	if at > 1+clockW {
		a.At(1, 0).Put(theme.Dim, clock(0))
	}
	if end := a.W - 1 - clockW; at+a.Width(text) < end {
		a.At(end, 0).Put(theme.Dim, clock(len(v.Steps)-1))
	}
	for n := range marked {
		if n >= 1 && n <= len(l.at) && l.at[n-1].x-left >= 0 {
			a.At(1+l.at[n-1].x-left, 0).Put(theme.Break, "*")
		}
	}
	a.At(at, 0).Put(theme.Here, text)
}
