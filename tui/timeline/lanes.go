package timeline

import (
	"slices"
	"sort"
	"strconv"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Lanes is the whole timeline, a lane for each frame. It is laid out as steps
// come in, and only what is on screen is drawn. The zero value is ready.
type Lanes struct {
	steps
	at    []place  // of each step
	rows  [][]item // of each row, from left to right
	forks []item   // where lanes leave others
	lanes map[interp.FrameID]*laneOf
	last  map[int]*laneOf // of each row, the lane in it that is not joined yet
	frame interp.FrameID
}

type place struct{ x, row int }

// item is something in a row: a step, or a text beside the steps.
type item struct {
	place
	step int    // index; -1 for a text
	text string // a state's name, a piece of a line
	role theme.Role
	n    int // the step from which on a text belongs to the past
}

// laneOf is a frame's lane.
type laneOf struct {
	x, row  int
	state   string
	parent  interp.FrameID
	label   string
	forkX   int
	open    []*laneOf // children that have not been joined
	entered string    // the state it was opened in
	after   bool      // it was opened when a sibling was over
	started bool
	over    bool
	alone   bool // an execution nobody waits for: it joins nothing
}

// Update looks at the steps of a new picture of the session.
func (l *Lanes) Update(now []sessions.StepInfo, width func(string) int) {
	from, same := l.see(now)
	if !same {
		*l = Lanes{steps: l.steps, lanes: map[interp.FrameID]*laneOf{}, last: map[int]*laneOf{}}
	}
	for i := from; i < len(now); i++ {
		l.step(i, &now[i], width)
	}
}

// Rows is how many rows the lanes take.
func (l *Lanes) Rows(v *sessions.View, width func(string) int) int {
	l.Update(v.Steps, width)
	return len(l.rows)
}

func (l *Lanes) lane(id interp.FrameID) *laneOf {
	ln := l.lanes[id]
	if ln == nil {
		ln = &laneOf{}
		l.lanes[id] = ln
	}
	return ln
}

func (l *Lanes) put(it item) {
	for len(l.rows) <= it.row {
		l.rows = append(l.rows, nil)
	}
	l.rows[it.row] = append(l.rows[it.row], it)
}

// step places one step.
func (l *Lanes) step(i int, s *sessions.StepInfo, width func(string) int) {
	f, state := owner(s)
	if f != 0 {
		l.frame = f
	}
	ln := l.lane(l.frame)
	if ln.parent == 0 && !ln.started {
		l.opens(s) // the step may be the first one of the frame it opens
	}
	switch {
	case ln.started && len(ln.open) > 0:
		l.join(ln, s.N)
	case !ln.started && ln.alone:
		l.leave(ln, l.lane(ln.parent), s)
	case !ln.started && ln.parent != 0:
		l.fork(ln, l.lane(ln.parent), s)
	}
	if !ln.started {
		ln.started, l.last[ln.row] = true, ln
	}
	if state == "" && ln.state == "" {
		state = ln.entered
	}
	if state != "" && state != ln.state {
		if ln.state != "" {
			ln.x += 2
		}
		ln.state = state
		name := ln.label + state + " "
		ln.label = ""
		l.put(item{place{ln.x, ln.row}, -1, name, theme.Plain, s.N})
		ln.x += width(name)
	}
	l.at = append(l.at, place{ln.x, ln.row})
	l.put(item{place: place{ln.x, ln.row}, step: i})
	ln.x++
	l.opens(s)
	for k := range s.Events {
		if e := &s.Events[k]; e.Kind == interp.FrameClosed || e.Kind == interp.FrameAborted {
			l.lane(e.Frame).over = true
		}
	}
}

// opens takes note of the frames a step opens.
func (l *Lanes) opens(s *sessions.StepInfo) {
	for k := range s.Events {
		e := &s.Events[k]
		if e.Kind == interp.StateEntered {
			l.lane(e.Frame).entered = e.State.Name
		}
		if e.Kind != interp.BranchStarted && e.Kind != interp.MapIterationStarted || l.lane(e.Frame).parent != 0 {
			continue
		}
		child := l.lane(e.Frame)
		child.parent, child.label = e.Parent, strconv.Itoa(int(e.Index))+" "
		parent := l.lane(e.Parent)
		if e.State.Type == asl.Task {
			child.label, child.alone = "", !interp.ParseResource(e.State.Resource).WaitsForEnd()
		}
		if child.alone {
			continue
		}
		child.after = slices.ContainsFunc(parent.open, func(sibling *laneOf) bool { return sibling.over })
		parent.open = append(parent.open, child)
	}
}

// fork starts a lane: the first child goes on in its parent's row, one that was
// opened when a sibling was over goes on in its row, others take the first row
// below that is free.
func (l *Lanes) fork(ln, parent *laneOf, s *sessions.StepInfo) {
	mark := func(row int, text string) {
		l.forks = append(l.forks, item{place{parent.forkX, row}, -1, text, theme.Border, s.N})
	}
	if parent.forkX < parent.x {
		parent.forkX = parent.x + 1
		mark(parent.row, "┬ ")
		ln.row, ln.x = parent.row, parent.forkX+2
		return
	}
	for _, sibling := range parent.open {
		if ln.after && sibling.over && l.last[sibling.row] == sibling {
			ln.row, ln.x = sibling.row, sibling.x+2
			return
		}
	}
	for ln.row = parent.row + 1; l.last[ln.row] != nil; ln.row++ {
		mark(ln.row, theme.GlyphLine)
	}
	mark(ln.row, "└ ")
	ln.x = parent.forkX + 2
}

// leave starts the lane of an execution that goes its own way: below its parent,
// which goes on in its row.
func (l *Lanes) leave(ln, parent *laneOf, s *sessions.StepInfo) {
	free := func(row int) bool {
		last := l.last[row]
		return last == nil || last.alone && last.over && last.x+2 <= parent.x
	}
	for ln.row = parent.row + 1; !free(ln.row); {
		ln.row++
	}
	ln.x = parent.x
	l.put(item{place{ln.x, ln.row}, -1, "└ ", theme.Border, s.N})
	ln.x += 2
}

// join ends the lanes of ln's children where ln goes on.
func (l *Lanes) join(ln *laneOf, n int) {
	end := ln.x
	for _, child := range ln.open {
		end = max(end, child.x)
	}
	if ln.forkX > ln.x {
		end++
		for _, child := range ln.open {
			if l.last[child.row] != child {
				continue // another lane has gone on in its row, or it took no step
			}
			for x := child.x + 1; x < end; x++ {
				l.put(item{place{x, child.row}, -1, theme.GlyphDash, theme.Border, n})
			}
			corner := "┘"
			if child.row == ln.row {
				corner = "┬"
				l.last[ln.row] = ln
			} else {
				delete(l.last, child.row)
			}
			l.put(item{place{end, child.row}, -1, corner, theme.Border, n})
		}
		ln.x = end + 2
	}
	for id, child := range l.lanes {
		if child.parent != 0 && l.lanes[child.parent] == ln && !child.alone {
			delete(l.lanes, id)
		}
	}
	ln.open, ln.state = nil, "" // its state is named again
	ln.forkX = 0
}

// widest is more columns than any item takes: a state's name has at most 80
// characters.
const widest = 200

// Draw fills a: lanes, then a row of times with the cursor and the marked
// steps, then a legend.
func (l *Lanes) Draw(a paint.Area, v *sessions.View, marked map[int]bool) {
	l.Update(v.Steps, a.Width)
	if len(v.Steps) == 0 {
		a.At(1, 0).Put(theme.Dim, "nothing has happened yet")
		return
	}
	height := max(a.H-2, 1)
	here := l.at[max(v.Cursor-1, 0)]
	left := max(here.x-(a.W-4)*2/3, 0)
	top := max(here.row-height+1, 0)
	body := a.Sub(1, 0, a.W-2, height)
	for y := range height {
		if top+y >= len(l.rows) {
			break
		}
		row := l.rows[top+y]
		from := sort.Search(len(row), func(i int) bool { return row[i].x > left-widest })
		for i := from; i < len(row) && row[i].x < left+body.W; i++ {
			row[i].draw(body, y, left, v)
		}
	}
	for i := range l.forks {
		if it := &l.forks[i]; it.row >= top && it.row < top+height && it.x >= left && it.x < left+body.W {
			it.draw(body, it.row-top, left, v)
		}
	}
	if a.H >= 2 {
		l.times(a.Rows(height, height+1), v, here, left, marked)
	}
	if a.H >= 3 {
		legend(a, len(l.rows)-height)
	}
}

func (it *item) draw(a paint.Area, y, left int, v *sessions.View) {
	text, role := it.text, it.role
	if it.step >= 0 {
		text, role = sign(&v.Steps[it.step], v.Cursor)
	} else if it.n > v.Cursor {
		role = theme.ToCome
	}
	a.At(it.x-left, y).Put(role, text)
}

func legend(a paint.Area, hidden int) {
	p := a.At(1, a.H-1)
	for _, g := range []struct {
		glyph sessions.Glyph
		word  string
	}{{sessions.GlyphEdited, "edited"}, {sessions.GlyphSent, "sent"}, {sessions.GlyphFailed, "failed"}, {sessions.GlyphWaiting, "waiting"}} {
		p.Put(glyphs[g.glyph].role, glyphs[g.glyph].text).Put(theme.Dim, " "+g.word+"  ")
	}
	if a.W > 100 {
		p.Put(theme.Dim, "   one column = one step, whatever time it took     * mark   ' jump to mark")
	}
	if hidden > 0 && a.W > 60 {
		text := strconv.Itoa(hidden) + " more lanes"
		a.At(a.W-1-len(text), a.H-1).Put(theme.Warn, text)
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
