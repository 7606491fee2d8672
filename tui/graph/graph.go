package graph

import (
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/sessions"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Pane is the graph on screen: its cursor and what is scrolled away. The zero
// value is ready.
type Pane struct {
	file   *asl.File
	rows   []row
	nameW  int
	cursor int // a state's row
	top    int
	height int
	here   *asl.State // where the focused frame was when last drawn
}

// Update looks at a new picture of the session: where the focused frame enters
// another state, the cursor goes there.
func (p *Pane) Update(v *sessions.View) {
	if v.File != p.file {
		*p = Pane{file: v.File, height: p.height}
		if v.File != nil {
			p.rows = rowsOf(v.File.Machine)
		}
		for _, r := range p.rows {
			if r.kind == stateRow {
				p.nameW = max(p.nameW, len(r.state.Name)+r.indent-3)
			}
		}
	}
	if f := v.Frame(v.Focus); f != nil && f.State != p.here {
		p.here = f.State
		p.GoTo(f.State)
	}
}

// Cursor is the state under the cursor, nil in an empty machine.
func (p *Pane) Cursor() *asl.State {
	if p.cursor >= len(p.rows) {
		return nil
	}
	return p.rows[p.cursor].state
}

// GoTo moves the cursor to a state.
func (p *Pane) GoTo(s *asl.State) {
	for i, r := range p.rows {
		if r.kind == stateRow && r.state == s {
			p.cursor = i
		}
	}
}

// Move moves the cursor by n states.
func (p *Pane) Move(n int) {
	dir := 1
	if n < 0 {
		dir = -1
	}
	for i := p.cursor + dir; i >= 0 && i < len(p.rows) && n != 0; i += dir {
		if p.rows[i].kind == stateRow {
			p.cursor = i
			n -= dir
		}
	}
	if p.cursor < 4 {
		p.top = 0
	}
}

// Page moves the cursor by n screens.
func (p *Pane) Page(n int) { p.Move(n * max(p.height/2, 1)) }

// Search moves the cursor to a state whose name, type or resource has query in
// it; see [list.List.Search].
func (p *Pane) Search(query string, dir int) (n, total int) {
	var found []int
	query = strings.ToLower(query)
	for i, r := range p.rows {
		if r.kind == stateRow && query != "" &&
			strings.Contains(strings.ToLower(r.state.Name+" "+r.state.Type.String()+" "+r.state.Resource), query) {
			found = append(found, i)
		}
	}
	at := list.Nearest(found, p.cursor, dir)
	if at < 0 {
		return 0, 0
	}
	p.cursor = found[at]
	return at + 1, len(found)
}

// Draw fills a with the graph and a legend below it.
func (p *Pane) Draw(a paint.Area, v *sessions.View, focus bool) {
	body := a
	if a.H >= 10 {
		body = a.Rows(0, a.H-2)
		l := a.At(1, a.H-1)
		for _, s := range []struct {
			role        theme.Role
			glyph, word string
		}{
			{theme.Here, theme.GlyphHere, "here"},
			{theme.Done, theme.GlyphDone, "done"},
			{theme.ToCome, theme.GlyphToCome, "to come"},
			{theme.Failed, theme.GlyphFailed, "fail"},
			{theme.Break, theme.GlyphBreak, "break"},
		} {
			l.Put(s.role, s.glyph).Put(theme.Dim, " "+s.word+" ")
		}
	}
	p.height = body.H
	p.scroll()
	breaks := map[string]bool{}
	for _, b := range v.Breakpoints {
		if !b.Off && b.State != "" {
			breaks[b.State] = true
		}
	}
	for y := range body.H {
		i := p.top + y
		if i >= len(p.rows) {
			break
		}
		p.draw(body.At(0, y), i, v, breaks, focus)
	}
	if len(p.rows) == 0 {
		body.At(3, 0).Put(theme.Dim, "no states")
	}
}

// scroll shows the cursor with something above and below it.
func (p *Pane) scroll() {
	margin := min(4, p.height/3)
	p.top = min(p.top, max(p.cursor-margin, 0))
	p.top = max(p.top, p.cursor+margin+1-p.height)
	p.top = max(min(p.top, len(p.rows)-p.height), 0)
}

func (p *Pane) draw(pen *paint.Pen, i int, v *sessions.View, breaks map[string]bool, focus bool) {
	r := &p.rows[i]
	for _, x := range r.lines {
		pen.To(x).Put(theme.Border, theme.GlyphLine)
	}
	var m sessions.StateMark
	if r.state != nil {
		m = v.States[r.state]
	}
	switch r.kind {
	case edgeRow:
		if m.Done {
			pen.To(r.indent).Put(theme.Done, theme.GlyphLine)
		} else {
			pen.To(r.indent).Put(theme.Border, theme.GlyphDown)
		}
	case ruleRow:
		p.rule(pen, r, m)
	case errorsRow:
		if r.next {
			pen.To(r.indent).Put(theme.Border, theme.GlyphLine)
		}
		pen.To(r.indent+5).Put(theme.Dim, errorsText(r.state, m))
	case stateRow:
		if r.label != "" {
			fork := "├ "
			if r.lastArm {
				fork = "└ "
			}
			pen.To(r.labelAt).Put(theme.Border, fork).Put(theme.Dim, r.label)
		}
		if focus && i == p.cursor {
			pen.To(0).Put(theme.Cursor, theme.GlyphClosed)
		}
		p.state(pen, r, v, m, breaks[r.state.Name])
	}
}

// state writes the marks, the name, the type and what is special.
func (p *Pane) state(pen *paint.Pen, r *row, v *sessions.View, m sessions.StateMark, broken bool) {
	if m.Here {
		pen.To(1).Put(theme.Here, theme.GlyphHere)
	}
	role, glyph, name := theme.ToCome, theme.GlyphToCome, theme.Plain
	switch {
	case m.Here && m.Failed:
		role, glyph, name = theme.Failed, theme.GlyphFailed, theme.Here
	case m.Here:
		name = theme.Here
	case m.Failed:
		role, glyph = theme.Failed, theme.GlyphFailed
	case m.Done:
		role, glyph = theme.Done, theme.GlyphDone
	}
	if broken && glyph == theme.GlyphToCome {
		role, glyph = theme.Break, theme.GlyphBreak
	} else if broken {
		pen.To(r.indent-1).Put(theme.Break, theme.GlyphBreak)
	}
	pen.To(r.indent).Put(role, glyph)
	at, nameW, full := r.indent+2, max(p.nameW, 12), pen.Width()
	if r.indent == 3 {
		at++
	}
	typeAt := min(6+nameW+2, full-12)
	pen.To(at).Until(typeAt-1).Say(name, r.state.Name)
	pen.Until(full).To(typeAt).Put(theme.Dim, r.state.Type.String())
	detail, free := detailOf(r.state, m), full-pen.X-1
	if !r.next && r.state.Next != nil {
		next := theme.Arrow + " " + r.state.Next.Name
		if with := detail + "  " + next; detail != "" && pen.Measure(with) <= free {
			next = with
		}
		detail = next
	}
	// At the right edge; where it is too long for that, right behind the type.
	pen.To(max(full-pen.Measure(detail), pen.X+1)).Put(theme.Dim, detail)
}

// detailOf says in few words what a state does.
func detailOf(s *asl.State, m sessions.StateMark) string {
	var words []string
	switch s.Type {
	case asl.Task:
		words = append(words, Service(interp.ParseResource(s.Resource)))
	case asl.Parallel:
		words = append(words, plural(len(s.Branches), "branch", "branches"))
	case asl.Map:
		if s.ItemProcessor != nil && s.ItemProcessor.Distributed {
			words = append(words, "distributed")
		}
	}
	if m.Visits > 1 {
		words = append(words, strconv.Itoa(m.Visits)+" visits")
	}
	return strings.Join(words, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Service names what a task calls, in words.
func Service(r interp.Resource) string {
	name := r.Service
	switch {
	case r.Kind == interp.UnknownResource:
		return ""
	case r.Service == "apigateway":
		name = "api gateway"
	case strings.HasPrefix(r.Service, "aws-sdk:"):
		name = strings.TrimPrefix(r.Service, "aws-sdk:")
	case r.Service == "states":
		name = "step functions"
	}
	switch r.Pattern {
	case interp.WaitForTaskToken:
		return "wants token"
	case interp.Sync:
		return name + ", sync"
	}
	return name
}

// errorsText says what happens when the state fails.
func errorsText(s *asl.State, m sessions.StateMark) string {
	var parts []string
	if len(s.Retry) > 0 {
		most := int64(0)
		for _, r := range s.Retry {
			most = max(most, r.MaxAttempts)
		}
		parts = append(parts, "retry "+strconv.Itoa(m.Attempt)+" of "+strconv.FormatInt(most, 10))
	}
	var to []string
	for _, c := range s.Catch {
		if c.Next != nil && (len(to) == 0 || to[len(to)-1] != c.Next.Name) {
			to = append(to, c.Next.Name)
		}
	}
	if len(to) > 0 {
		parts = append(parts, "catch "+theme.Arrow+" "+strings.Join(to, ", "))
	}
	return strings.Join(parts, "    ")
}

// rule writes one way out of a Choice: its condition, where it leads, and
// whether it was taken.
func (p *Pane) rule(pen *paint.Pen, r *row, m sessions.StateMark) {
	s := r.state
	text, to := "default", s.Default
	if r.rule >= 0 {
		text, to = RuleText(s.Choices[r.rule]), s.Choices[r.rule].Next
	}
	name := ""
	if to != nil {
		name = to.Name
	}
	wide := len("default")
	target := 0
	for _, c := range s.Choices {
		wide = max(wide, pen.Measure(RuleText(c)))
		if c.Next != nil {
			target = max(target, pen.Measure(c.Next.Name))
		}
	}
	if s.Default != nil {
		target = max(target, pen.Measure(s.Default.Name))
	}
	decided := (m.Done || m.Here) && m.Rule >= -1
	taken := decided && m.Rule == r.rule
	role, line := theme.Plain, theme.Border
	if taken {
		role, line = theme.Done, theme.Done
	}
	room := pen.Width() - r.indent - len("+- ") - len(" -> ") - target
	if decided {
		room -= len(" +")
	}
	wide = max(min(wide, room), 7)
	fork := "├─ "
	if r.lastWay {
		fork = "└─ "
	}
	at := r.indent + 3
	pen.To(r.indent).Put(line, fork).Until(at+wide).Say(role, text)
	pen.Until(pen.Width())
	if pen.X < at+wide {
		pen.Put(line, " "+strings.Repeat(theme.GlyphDash, at+wide-pen.X)).Put(line, theme.Arrow+" ")
	} else {
		pen.To(at+wide).Put(line, " "+theme.Arrow+" ")
	}
	pen.Say(role, name)
	switch x := pen.Width() - len("taken"); {
	case taken && x > pen.X:
		pen.To(x).Put(theme.Done, "taken")
	case taken:
		pen.Put(theme.Done, " "+theme.GlyphDone)
	}
}
