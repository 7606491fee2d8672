package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/paint"
	"asldbg/tui/pipeline"
	"asldbg/tui/request"
	"asldbg/tui/theme"
	"asldbg/tui/timeline"
)

// View paints the screen. Where nothing has happened since the last time, it is
// the same one.
func (m *Model) View() tea.View {
	if m.stale || m.seen == "" {
		m.stale = false
		m.paint()
	}
	v := tea.NewView(m.seen)
	v.AltScreen = true
	v.Cursor = m.cursor
	v.WindowTitle = paint.Clean("asldbg "+m.view.Title, m.o.Theme)
	return v
}

func (m *Model) paint() {
	m.cursor = nil
	m.canvas.Reset(m.w, m.h, m.o.Theme)
	a := m.canvas.All()
	if !layout.Fits(m.w, m.h) {
		w, h := layout.Needs()
		text := fmt.Sprintf("asldbg needs %dx%d, this is %dx%d; the session lives on, ctrl-c leaves", w, h, m.w, m.h)
		for y, l := range paint.Wrap(text, m.w, m.o.Theme) {
			a.At(0, y).Put(theme.Warn, l)
		}
		m.seen = m.canvas.String()
		return
	}
	m.top(a.At(1, 0), m.w)
	text, role := m.message()
	if m.find == nil {
		text = m.o.Theme.Words(text)
	}
	rows := paint.Wrap(text, m.w-2, m.o.Theme)
	m.lines = 1
	if len(rows) > 1 && m.h > m.needs() {
		m.lines = 2 // a long message takes a row from the panes
	}
	m.body(a)
	p := a.At(1, m.h-1-m.lines)
	if m.lines == 2 {
		p.Say(role, rows[0])
		text = strings.Join(rows[1:], " ")
		p = a.At(1, m.h-2)
	}
	p.Until(m.w-1).Say(role, text)
	if m.find != nil {
		m.finding(p)
	}
	m.keyLine(a.At(1, m.h-1))
	m.seen = m.canvas.String()
}

// needs is the height from which on the layout does not change when a row is
// taken from it.
func (m *Model) needs() int {
	for h := m.h; ; h-- {
		if !layout.Fits(m.w, h) || layout.Tabs(m.w, h) != layout.Tabs(m.w, m.h) {
			return h + 1
		}
	}
}

// body draws the panes, or the layer in front of them.
func (m *Model) body(a paint.Area) {
	if n := len(m.layers); n > 0 {
		front := m.layers[n-1]
		if r, full := front.place(m.w, m.h+1-m.lines); full {
			m.layer(a, front, r)
			return
		}
	}
	focus := m.pane()
	rects := layout.For(m.w, m.h+1-m.lines, focus)
	if m.zoom {
		rects = layout.Zoom(m.w, m.h+1-m.lines, focus)
	}
	for _, r := range rects {
		m.draw(a.Sub(r.X, r.Y, r.W, r.H), r, focus)
	}
	if n := len(m.layers); n > 0 {
		r, _ := m.layers[n-1].place(m.w, m.h+1-m.lines)
		m.layer(a, m.layers[n-1], r)
	}
}

func (m *Model) layer(a paint.Area, l layer, r layout.Rect) {
	box := a.Sub(r.X, r.Y, r.W, r.H)
	box.Clear()
	title, note := l.title(m)
	in := box.Box(paint.Frame{Title: title, Note: note, Focus: true})
	if at := l.draw(m, in); at != nil && m.find == nil {
		x, y := in.Origin()
		m.cursor = tea.NewCursor(x+at.X, y+at.Y)
	}
}

// draw draws one pane.
func (m *Model) draw(a paint.Area, r layout.Rect, focus layout.Pane) {
	v, has := &m.view, r.Pane == focus
	if r.H == 1 { // between the panes where there is room for one only
		switch r.Pane {
		case layout.Pipeline:
			pipeline.Line(a.At(1, 0), v, m.ending())
		case layout.Timeline:
			timeline.Line(a.At(1, 0), v)
		}
		return
	}
	frame, held := m.border(r.Pane), m.held()
	frame.Focus = has
	in := a.Box(frame)
	switch r.Pane {
	case layout.Pipeline:
		pipeline.Draw(in, v, m.ending())
	case layout.Graph:
		m.graph.Draw(in, v, has)
	case layout.Data:
		m.data.draw(in, v, has, m.wide())
	case layout.Frames:
		m.frames(in, has)
	case layout.Variables:
		m.variables(in, has)
	case layout.Breakpoints:
		m.breakpoints(in, has)
	case layout.Timeline, layout.Lanes:
		m.timeline(in, has)
	case layout.Events:
		m.events.Draw(in, v, has)
	case layout.Steps:
		m.steps.Draw(in, v, has)
	case layout.Change:
		m.changed(in, has)
	default:
		if held != nil {
			m.heldPane(in, r.Pane, held, has)
		}
	}
}

// timeline draws the steps, as a line where there are two rows, in lanes where
// there are more, and above their events where nothing else is shown.
func (m *Model) timeline(a paint.Area, focus bool) {
	v := &m.view
	switch {
	case a.H <= 2:
		timeline.Draw(a, v)
	case a.H >= 14 && (layout.Tabs(m.w, m.h) || m.zoom):
		rows := min(m.lanes.Rows(v, a.Width)+2, a.H/2)
		m.lanes.Draw(a.Rows(0, rows), v, m.marked)
		m.steps.Draw(a.Rows(rows+1, a.H), v, focus)
	default:
		m.lanes.Draw(a, v, m.marked)
	}
}

// ending is the frame whose stages are shown: none when the execution is over.
func (m *Model) ending() *interp.Frame {
	if m.view.Over && m.view.AtNewest() {
		return nil
	}
	return m.frame()
}

func (m *Model) heldPane(a paint.Area, p layout.Pane, r *sessions.Request, focus bool) {
	switch p {
	case layout.Request:
		m.request.Draw(a, r, focus)
	case layout.Signature:
		m.request.DrawSignature(a, r, m.o.Now(), focus)
	case layout.Answers:
		request.DrawAnswers(a, r)
	case layout.Earlier:
		m.request.DrawEarlier(a, &m.view, r, focus)
	}
}

// border is a pane's border: its number, its name and what is worth knowing at
// a glance.
func (m *Model) border(p layout.Pane) paint.Frame {
	v := &m.view
	f := paint.Frame{Title: p.Title()}
	switch p {
	case layout.Pipeline:
		if fr := m.ending(); fr != nil {
			f.Title += ": " + fr.State.Name
		}
	case layout.Graph:
		if fr := m.frame(); fr != nil && isNested(fr) {
			f.Title += ": " + machineOf(fr)
		}
	case layout.Data:
		f = m.data.frameOf(f.Title)
	case layout.Frames:
		if n := len(v.Frames); n > 1 {
			f.Note = fmt.Sprintf("%d frames", n)
		}
	case layout.Steps:
		f.Note = fmt.Sprintf("%d of %d", v.Cursor, len(v.Steps))
	case layout.Change:
		f.Title = fmt.Sprintf("What step %d changed", v.Cursor)
	case layout.Request:
		if r := m.held(); r != nil {
			f.Title, f.Note = request.Title(r)
			f.Alarm = true
		}
	case layout.Earlier:
		if r := m.held(); r != nil {
			f.Title = request.EarlierTitle(r)
		}
	}
	order := layout.Order(m.w, m.h, p.Screen())
	switch {
	case layout.Tabs(m.w, m.h) || m.zoom:
		f.Title = tabs(order, p)
	case slices.Contains(order, p):
		f.Title = fmt.Sprintf("%d %s", slices.Index(order, p)+1, f.Title)
	}
	return f
}

// tabs is the title of the only pane that is shown, among the names of the
// others.
func tabs(order []layout.Pane, p layout.Pane) string {
	var names []string
	for i, other := range order {
		name := fmt.Sprintf("%d %s", i+1, other.Short())
		if other == p {
			name = fmt.Sprintf("[%d] %s", i+1, other.Short())
		}
		names = append(names, name)
	}
	return strings.Join(names, "  ")
}

// changed draws what the step at the cursor changed.
func (m *Model) changed(a paint.Area, focus bool) {
	v := &m.view
	if v.Cursor == 0 || v.Cursor > len(v.Steps) {
		return
	}
	step := &v.Steps[v.Cursor-1]
	p := a.At(1, 0)
	f := m.frame()
	if f != nil {
		p.Say(theme.Strong, f.State.Name+" / "+pipeline.Current(f).Name(f.State)).Put(theme.Plain, "   ")
	}
	p.Put(theme.Dim, step.At.UTC().Format("15:04:05.000")+"  by "+step.By)
	p = a.At(1, 1)
	before := m.change.before
	if before == "" {
		before = "nothing"
	}
	p.Put(theme.Dim, "before: ").Say(theme.Dim, before)
	for _, e := range step.Events {
		if e.Kind == interp.RetryScheduled {
			p.Put(theme.Warn, fmt.Sprintf("   attempt %d %s %d", e.Attempt, theme.Arrow, e.Attempt+1))
		}
	}
	end := a.H
	if a.H >= 10 {
		end -= 2
		text := "R runs on from here as a new session; this one is kept"
		a.At(1, a.H-1).Put(theme.Key, "R").Put(theme.Dim, text[1:])
	}
	y := 3
	for i := range m.change.notes {
		if y < end/2 {
			y += m.change.notes[i].draw(a.Rows(y, end))
		}
	}
	if len(m.change.notes) > 0 {
		y++
	}
	if y < end {
		m.change.view.Draw(a.Rows(y, end), focus)
	}
}

// keyLine lists the keys that help now, as many as fit.
func (m *Model) keyLine(p *paint.Pen) {
	hints := m.hints()
	if m.find == nil && len(m.layers) == 0 {
		p.To(m.w-7).Put(theme.Key, "?").Put(theme.Dim, " help")
		p.To(1).Until(m.w - 8)
	}
	room := m.w - 11
	short := func(h keymap.Hint) string { return h.Text }
	if width(hints, short) > room {
		short = func(h keymap.Hint) string { return h.Tiny }
	}
	for len(hints) > 1 && width(hints, short) > room {
		hints = slices.Delete(hints, len(hints)-1, len(hints))
	}
	for _, h := range hints {
		p.Put(theme.Key, h.Keys).Put(theme.Plain, " "+short(h)+"  ")
	}
}

func width(hints []keymap.Hint, text func(keymap.Hint) string) int {
	n := 0
	for _, h := range hints {
		n += len(h.Keys) + 1 + len(text(h)) + 2
	}
	return n - 2
}

// hints are the keys that mean something now.
func (m *Model) hints() []keymap.Hint {
	switch {
	case m.find != nil:
		return []keymap.Hint{{Keys: "enter", Text: "next", Tiny: "next"}, {Keys: "up", Text: "previous", Tiny: "previous"}, {Keys: "esc", Text: "leave", Tiny: "leave"}}
	case len(m.layers) > 0:
		return m.layers[len(m.layers)-1].hints(m)
	}
	return keymap.Line(m.situation())
}

// finding adds to the query how many matches there are.
func (m *Model) finding(p *paint.Pen) {
	_, note := m.find.text()
	m.cursor = tea.NewCursor(p.X, m.h-2)
	p.Put(theme.Plain, "   ").Put(theme.Dim, note)
}

// message is what happened, or what can be done about it.
func (m *Model) message() (text string, role theme.Role) {
	v := &m.view
	switch {
	case m.find != nil:
		text, _ = m.find.text()
		return text, theme.Strong
	case m.note != "" && m.alarm:
		return m.note, theme.Warn
	case m.note != "":
		return m.note, theme.Plain
	case v.Error != "":
		return v.Error, theme.Failed
	}
	return m.story(), theme.Plain
}

// story is what has just happened, in words.
func (m *Model) story() string {
	v := &m.view
	r := m.held()
	switch {
	case v.Phase == sessions.Running && v.Message == "":
		return "Running: p pauses it."
	case v.Phase == sessions.Sending:
		return "A request is under way; its answer is awaited."
	case v.Phase == sessions.Replay && strings.HasSuffix(v.Replayed, "all equal"):
		return "Replay agrees with the recording: " + v.Replayed + "."
	case v.Phase == sessions.Replay && v.Replayed != "":
		return "Replay: " + strings.Join(strings.Fields(v.Replayed), " ")
	case r != nil && m.screen() == layout.Held:
		return request.Message(r)
	case r != nil:
		return "esc: back to the request. " + request.Message(r)
	case v.Phase == sessions.Waiting && v.TokensAt != "":
		text, lapses, _ := strings.Cut(v.Stop.Text, " Going on ")
		text = strings.TrimSuffix(text, ".") + ". t lists and answers it; from outside, " + v.TokensAt + " does."
		if lapses != "" {
			text += " c lets its time run out."
		}
		return text
	case v.Message != "":
		return v.Message
	case v.Stop.Text != "":
		return v.Stop.Text
	case v.Phase == sessions.Ended:
		return "The execution ended " + v.Status.String() + "."
	case v.Phase == sessions.Waiting && len(v.Tokens) > 0:
		return v.Tokens[0].State + " waits for its task token: t shows and answers it."
	}
	return ""
}
