package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/request"
	"asldbg/tui/theme"
)

// callList lists the calls that were answered, of all states.
type callList struct{ list list.List }

func newCallList(m *Model) *callList {
	l := &callList{}
	l.list.Move(len(m.view.Calls), len(m.view.Calls))
	return l
}

func (l *callList) title(m *Model) (title, note string) {
	return "Calls of this session", fmt.Sprintf("%d answered", len(m.view.Calls))
}

func (l *callList) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (l *callList) paste(*Model, string) {}

func (l *callList) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	n := len(m.view.Calls)
	b, _ := keymap.Of(k.String())
	switch {
	case k.String() == "enter" && l.list.Cursor < n:
		m.push(&callView{n: l.list.Cursor})
	case b.Do == keymap.Back || b.Do == keymap.Leave || b.Do == keymap.Calls:
		m.pop()
	case b.Do == keymap.ExportAs:
		m.push(newPalette(m, "export har to "))
	case b.Do == keymap.Find:
		m.find = &find{}
	default:
		scroll(&l.list, b.Do, n)
	}
	return nil
}

// scroll moves a list where an action says so.
func scroll(l *list.List, a keymap.Action, n int) {
	switch a {
	case keymap.Up:
		l.Move(-1, n)
	case keymap.Down:
		l.Move(1, n)
	case keymap.PageUp:
		l.Page(-1, n)
	case keymap.PageDown:
		l.Page(1, n)
	case keymap.First:
		l.Move(-n, n)
	case keymap.Last:
		l.Move(n, n)
	}
}

func (l *callList) draw(m *Model, a paint.Area) *tea.Position {
	request.DrawCalls(a, &m.view, indices(len(m.view.Calls)), &l.list, true)
	return nil
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (l *callList) search(m *Model, query string, dir int) (n, total int) {
	return l.list.Search(len(m.view.Calls), func(i int) string {
		c := &m.view.Calls[i]
		return c.State + " " + c.Method + " " + c.URL + " " + request.AnswerText(*c)
	}, query, dir)
}

func (l *callList) hints(*Model) []keymap.Hint {
	return hint("j k", "move", "enter", "open", "/", "find", "Y", "save all as HAR", "esc", "back")
}

// callView shows one call: what was sent, what came back, what Step Functions
// makes of it, and why it was refused.
type callView struct {
	n    int // in View.Calls
	tab  int
	list list.List

	columns [][]string // as drawn, for searching
}

// The parts of a call. Where there is room the first two share the screen.
const (
	rawPart = iota
	resultPart
	requestPart
	whyPart
)

// tabs lists what can be seen, each of them one or two parts.
func (c *callView) tabs(m *Model) (names []string, parts [][]int) {
	names, parts = []string{"Response", "Result", "Request"}, [][]int{{rawPart}, {resultPart}, {requestPart}}
	if !layout.Tabs(m.w, m.h) {
		names, parts = []string{"Response and result", "Request"}, [][]int{{rawPart, resultPart}, {requestPart}}
	}
	if c.call(m).Why != nil {
		names, parts = append(names, "Why"), append(parts, []int{whyPart})
	}
	return names, parts
}

func (c *callView) call(m *Model) *sessions.PastCall {
	if len(m.view.Calls) == 0 { // the session began anew behind it
		return &sessions.PastCall{}
	}
	c.n = min(c.n, len(m.view.Calls)-1)
	return &m.view.Calls[c.n]
}

func (c *callView) title(m *Model) (title, note string) { return request.CallTitle(c.n, c.call(m)) }

func (c *callView) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (c *callView) paste(*Model, string) {}

func (c *callView) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	call := c.call(m)
	_, parts := c.tabs(m)
	b, _ := keymap.Of(k.String())
	rows := 0
	for _, col := range c.columns {
		rows = max(rows, len(col))
	}
	switch {
	case b.Do == keymap.Back || b.Do == keymap.Leave || k.String() == "enter":
		m.pop()
	case b.Do == keymap.NextPane:
		c.show((c.tab + 1) % len(parts))
	case b.Do == keymap.PrevPane:
		c.show((c.tab + len(parts) - 1) % len(parts))
	case b.Do == keymap.PaneN && int(k.String()[0]-'1') < len(parts):
		c.show(int(k.String()[0] - '1'))
	case k.String() == "]" && c.n+1 < len(m.view.Calls):
		*c = callView{n: c.n + 1}
	case k.String() == "[" && c.n > 0:
		*c = callView{n: c.n - 1}
	case b.Do == keymap.WhyRefused && call.Why != nil:
		c.show(len(parts) - 1)
	case b.Do == keymap.Answer:
		return c.use(m)
	case b.Do == keymap.Copy && call.Request != nil:
		return m.do(command.Command{Verb: command.Export, Name: "curl", N: c.n + 1})
	case b.Do == keymap.Copy:
		m.say("nothing was sent: there is nothing to copy", true)
	case b.Do == keymap.ExportAs:
		m.push(newPalette(m, "export "))
	case b.Do == keymap.Find:
		m.find = &find{}
	default:
		scroll(&c.list, b.Do, rows)
	}
	return nil
}

func (c *callView) show(tab int) { c.tab, c.list, c.columns = tab, list.List{}, nil }

// use begins an answer to the held request with this call's.
func (c *callView) use(m *Model) tea.Cmd {
	if m.view.Request(m.view.Focus) == nil {
		m.say("no task wants an answer", true)
		return nil
	}
	a := c.call(m).Answer
	m.pop()
	if a.Failure != nil {
		m.push(newPalette(m, failLine(a.Failure)))
		return nil
	}
	m.push(m.mockEditor(a.Result))
	return nil
}

func (c *callView) search(query string, dir int) (n, total int) {
	rows := 0
	for _, col := range c.columns {
		rows = max(rows, len(col))
	}
	return c.list.Search(rows, func(i int) string {
		var text []string
		for _, col := range c.columns {
			if i < len(col) {
				text = append(text, col[i])
			}
		}
		return strings.Join(text, "\n")
	}, query, dir)
}

func (c *callView) draw(m *Model, a paint.Area) *tea.Position {
	call := c.call(m)
	y := 0
	for _, row := range request.CallHead(call) {
		lines := wrapped(row, a.W-2, a.Theme())
		for _, l := range lines[:min(len(lines), 2)] {
			l.Put(a.At(1, y).Until(a.W - 1))
			y++
		}
	}
	names, parts := c.tabs(m)
	c.tab = min(c.tab, len(parts)-1)
	p := a.At(1, y+1)
	for i, name := range names {
		text, role := fmt.Sprintf("%d %s", i+1, name), theme.Dim
		if i == c.tab {
			text, role = fmt.Sprintf("[%d] %s", i+1, name), theme.Strong
		}
		p.Put(role, text).Put(theme.Plain, "  ")
	}
	body := a.Rows(y+3, a.H)
	shown := parts[c.tab]
	width := (body.W - 1) / len(shown)
	c.columns = make([][]string, len(shown))
	var columns [][]request.Row
	for i, part := range shown {
		var all []request.Row
		if len(shown) > 1 {
			head := "as it came"
			if part == resultPart {
				head = "as Step Functions hands it on"
			}
			a.At(3+i*width, y+2).Put(theme.Dim, head)
		}
		for _, r := range rowsOf(part, call) {
			for _, l := range wrapped(r, width-4, a.Theme()) {
				all = append(all, l)
				c.columns[i] = append(c.columns[i], l.Text)
			}
		}
		columns = append(columns, all)
	}
	drawColumns(body, &c.list, columns, 3, width)
	return nil
}

// drawColumns draws rows side by side, each column width wide and the first at
// x, under one cursor.
func drawColumns(a paint.Area, l *list.List, columns [][]request.Row, x, width int) {
	rows := 0
	for _, col := range columns {
		rows = max(rows, len(col))
	}
	from, to := l.Window(a.H, rows)
	for y := from; y < to; y++ {
		if y == l.Cursor {
			a.At(0, y-from).Put(theme.Cursor, theme.GlyphClosed)
		}
		for i, col := range columns {
			if y < len(col) {
				col[y].Put(a.At(x+i*width, y-from).Until(x - 1 + (i+1)*width))
			}
		}
	}
}

// wrapped is a row over several lines of at most w columns.
func wrapped(r request.Row, w int, t theme.Theme) []request.Row {
	var out []request.Row
	for _, l := range paint.Wrap(r.Text, w, t) {
		out = append(out, request.Row{Role: r.Role, Text: l, Ours: r.Ours})
	}
	return out
}

func rowsOf(part int, c *sessions.PastCall) []request.Row {
	switch part {
	case rawPart:
		return request.ResponseRows(c)
	case resultPart:
		return request.ResultRows(c)
	case requestPart:
		return request.RequestRows(c)
	}
	return request.WhyRows(c.Why)
}

func (c *callView) hints(m *Model) []keymap.Hint {
	keys := []string{"tab", "next part", "j k", "scroll", "[ ]", "others", "/", "find", "y", "curl"}
	if m.view.Request(m.view.Focus) != nil {
		keys = append(keys, "m", "use as mock")
	}
	return hint(append(keys, "esc", "back")...)
}

// openCalls lists the answered calls; where there is one only, it opens it.
func (m *Model) openCalls() {
	switch n := len(m.view.Calls); n {
	case 0:
		m.say("no call has been answered yet", true)
	case 1:
		m.push(&callView{})
	default:
		m.push(newCallList(m))
	}
}

// whyRefused opens the newest call that was refused, at what explains it.
func (m *Model) whyRefused() {
	for i, c := range slices.Backward(m.view.Calls) {
		if c.Why != nil {
			v := &callView{n: i}
			_, parts := v.tabs(m)
			v.show(len(parts) - 1)
			m.push(v)
			return
		}
	}
	m.say("no call was refused with a reason that is known", true)
}
