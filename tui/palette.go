package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"asldbg/sessions/command"
	"asldbg/tui/editor"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/request"
	"asldbg/tui/theme"
)

// palette takes a command by its name, and offers what can follow.
type palette struct {
	ed      *editor.Editor
	list    list.List
	picked  bool // the arrow keys have chosen a candidate
	shown   []candidate
	problem string
}

// candidate is a line the typed one can become.
type candidate struct {
	line   string
	note   string
	action keymap.Action // of view actions, which have no written form
}

func newPalette(m *Model, line string) *palette {
	p := &palette{ed: editor.Line(line)}
	p.shown = p.candidates(m)
	if _, err := command.Parse(line); err == nil && strings.HasSuffix(line, " ") {
		p.picked = len(p.shown) > 0 // the verb alone means something else than what was asked for
	}
	return p
}

func (p *palette) title(*Model) (title, note string) { return "Command", "" }

// place keeps the first row where it is while candidates come and go.
func (p *palette) place(w, h int) (layout.Rect, bool) {
	r, full := centered(w, h, 100, 22)
	r.H = min(r.H, max(len(p.shown)+5, 8))
	return r, full
}

func (p *palette) paste(m *Model, text string) {
	p.ed.Paste(text)
	p.typed(m)
}

func (p *palette) typed(m *Model) {
	p.problem, p.list = "", list.List{}
	p.shown = p.candidates(m)
	// An error that was searched for is meant, not one of the name typed.
	text := strings.TrimLeft(p.ed.Text(), " ")
	p.picked = len(p.shown) > 0 && firstWord(text) == string(command.FailTask) && strings.Contains(text, " ") && !hasPrefix(p.shown[0].line, text)
}

func (p *palette) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		m.pop()
	case "up", "ctrl+p":
		p.picked = p.list.Cursor > 0
		p.list.Move(-1, len(p.shown))
	case "down", "ctrl+n":
		if p.picked {
			p.list.Move(1, len(p.shown))
		}
		p.picked = len(p.shown) > 0
	case "pgup":
		p.list.Page(-1, len(p.shown))
	case "pgdown":
		p.picked = len(p.shown) > 0
		p.list.Page(1, len(p.shown))
	case "tab":
		if c, ok := p.candidate(); ok && c.action == "" {
			p.ed.SetText(c.line)
			p.typed(m)
		}
	case "enter":
		return p.enter(m)
	default:
		if p.ed.Key(k.String(), k.Text) {
			p.typed(m)
		}
	}
	return nil
}

func (p *palette) candidate() (candidate, bool) {
	if p.list.Cursor >= len(p.shown) {
		return candidate{}, false
	}
	return p.shown[p.list.Cursor], true
}

// enter carries out the candidate that was picked, or the line as it is typed;
// a line that needs more takes the first candidate.
func (p *palette) enter(m *Model) tea.Cmd {
	c, any := p.candidate()
	line := strings.TrimSpace(p.ed.Text())
	cmd, err := command.Parse(line)
	if !p.picked && err != nil && any && firstWord(line) == string(command.Hold) {
		p.picked = true // what lets requests go is chosen, not guessed
		return nil
	}
	if p.picked || err != nil && any {
		if c.action != "" {
			m.pop()
			return m.act(c.action, "")
		}
		p.ed.SetText(c.line)
		p.typed(m)
		if cmd, err = command.Parse(strings.TrimSpace(c.line)); err != nil {
			return nil // it needs more
		}
	}
	if err != nil {
		p.problem = err.Error()
		return nil
	}
	m.pop()
	if cmd.Verb == command.Quit {
		return m.askToLeave()
	}
	m.refused = p
	return m.do(cmd)
}

func (p *palette) draw(m *Model, a paint.Area) *tea.Position {
	a.At(1, 0).Put(theme.Key, ":")
	x, _ := p.ed.Draw(a.Sub(3, 0, a.W-4, 1))
	help := a.Sub(3, 1, a.W-4, 2)
	say := func(r theme.Role, text string) {
		for y, line := range paint.Wrap(a.Theme().Words(text), help.W, a.Theme()) {
			help.At(0, y).Say(r, line)
		}
	}
	switch spec, ok := command.Find(firstWord(p.ed.Text())); {
	case p.problem != "":
		say(theme.Failed, p.problem)
	case ok:
		say(theme.Dim, spec.Usage+": "+spec.Help)
	default:
		say(theme.Dim, "type a command; up and down choose, tab completes, enter does it")
	}
	body := a.Rows(3, a.H)
	from, to := p.list.Window(body.H, len(p.shown))
	noteAt := 18
	for _, c := range p.shown[from:to] {
		noteAt = max(noteAt, min(a.Width(c.line)+5, a.W*3/5))
	}
	for i := from; i < to; i++ {
		c := p.shown[i]
		pen := body.At(1, i-from)
		role := theme.Plain
		if i == p.list.Cursor && p.picked {
			pen.Put(theme.Cursor, theme.GlyphHere)
			role = theme.Strong
		}
		pen.To(3).Until(noteAt-1).Say(role, c.line)
		pen.Until(a.W-1).To(noteAt).Say(theme.Dim, c.note)
	}
	if len(p.shown) == 0 && p.problem == "" {
		body.At(3, 0).Put(theme.Dim, "nothing is known that could follow")
	}
	return &tea.Position{X: 3 + x, Y: 0}
}

func (p *palette) hints(*Model) []keymap.Hint {
	return hint("enter", "do it", "up down", "choose", "tab", "complete", "esc", "back")
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(s, " "), " ")
	return word
}

// candidates lists what the typed line can become.
func (p *palette) candidates(m *Model) []candidate {
	text := strings.TrimLeft(p.ed.Text(), " ")
	if !strings.Contains(text, " ") {
		return verbs(m, text)
	}
	spec, ok := command.Find(firstWord(text))
	if !ok {
		return nil
	}
	var known, found []candidate
	typed := strings.ToLower(strings.TrimSpace(text[len(firstWord(text)):]))
	for _, c := range m.arguments(spec.Verb) {
		c.line = string(spec.Verb) + " " + c.line
		switch {
		case hasPrefix(c.line, text):
			known = append(known, c)
		case strings.Contains(strings.ToLower(c.line+" "+c.note), typed):
			found = append(found, c)
		}
	}
	if known = append(known, found...); known == nil {
		for _, line := range command.Complete(text, m.states()) {
			known = append(known, candidate{line: line})
		}
	}
	return known
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// verbs lists the commands and view actions a word can mean: those that begin
// with it first, then those that have it somewhere.
func verbs(m *Model, word string) []candidate {
	var first, second []candidate
	add := func(c candidate, also string) {
		switch {
		case hasPrefix(c.line, word):
			first = append(first, c)
		case strings.Contains(strings.ToLower(c.line+" "+also), strings.ToLower(word)):
			second = append(second, c)
		}
	}
	for _, spec := range command.Specs() {
		note := spec.Help
		if spec.Short != "" {
			note = spec.Short + "  " + note
		}
		line := string(spec.Verb)
		if spec.Arg != command.NoArg {
			line += " "
		}
		add(candidate{line: line, note: note}, spec.Help)
	}
	s := m.situation()
	for _, a := range []keymap.Action{
		keymap.Calls, keymap.WhyRefused, keymap.PolicyOf, keymap.Zoom, keymap.ViewMode, keymap.Explain, keymap.Copy, keymap.Compare, keymap.OnlyAWS, keymap.SetMark, keymap.GoMark, keymap.Help,
	} {
		if b, ok := keymap.By(a); ok && b.Can(s) == "" {
			add(candidate{line: string(a), note: b.Label() + "  " + b.Long, action: a}, b.Long)
		}
	}
	return append(first, second...)
}

// arguments lists what a verb can take here, as the session stands.
func (m *Model) arguments(v command.Verb) []candidate {
	var out []candidate
	switch v {
	case command.FailTask:
		r := m.view.Request(m.view.Focus)
		if r == nil {
			return nil
		}
		for _, e := range r.Likely {
			line := command.Command{Verb: v, Error: e.Error, Cause: e.Cause}.String()
			out = append(out, candidate{line: strings.TrimPrefix(line, string(v)+" "), note: theme.Arrow + " " + e.Leads() + "   " + e.About})
		}
	case command.Mock:
		out = append(out, candidate{line: "template", note: "an answer it could plausibly get"})
		for i := range m.view.Calls {
			c := &m.view.Calls[i]
			out = append(out, candidate{line: fmt.Sprintf("earlier %d", i+1), note: c.State + ": " + request.AnswerText(*c)})
		}
		out = append(out, candidate{line: "file ", note: "of JSON, by its path"})
	case command.Hold:
		out = m.holdCandidates()
	case command.Sign:
		out = append(out,
			candidate{line: "now", note: "and anew when that is too long ago"},
			candidate{line: "-10m", note: "as of ten minutes ago: the API calls it expired"},
			candidate{line: "10m", note: "as of ten minutes from now: not yet current"},
			candidate{line: "region ", note: "as if the API were in another one"},
			candidate{line: "keep", note: "the signature it was first given, whatever was edited since"})
	case command.Export:
		for _, f := range [][2]string{
			{"curl", "a curl command that signs it anew"},
			{"httpie", "an HTTPie command"},
			{"raw", "the message as it goes over the wire"},
			{"policy", "the least IAM statement that lets it through"},
			{"har", "all calls that were sent, as an HTTP Archive"},
			{"har to ", "the same, to a file"},
		} {
			out = append(out, candidate{line: f[0], note: f[1]})
		}
	case command.Focus:
		for i := range m.view.Frames {
			f := &m.view.Frames[i]
			out = append(out, candidate{line: fmt.Sprint(f.ID), note: frameName(&m.view, f) + "  " + f.State.Name})
		}
	case command.Toggle, command.Clear:
		for _, b := range m.view.Breakpoints {
			out = append(out, candidate{line: fmt.Sprint(b.ID), note: placeOf(b)})
		}
	case command.Unwatch:
		for _, w := range m.view.Watches {
			out = append(out, candidate{line: fmt.Sprint(w.ID), note: w.Expr})
		}
	case command.Goto:
		out = append(out, candidate{line: "start"}, candidate{line: "end", note: "the newest step"})
		for i := range m.view.Steps {
			if s := &m.view.Steps[i]; m.marked[s.N] {
				out = append(out, candidate{line: fmt.Sprint(s.N), note: "marked: " + s.Text})
			}
		}
	}
	return out
}

// holdCandidates are the holds worth switching here.
func (m *Model) holdCandidates() []candidate {
	on, off := "on", "off"
	if !m.view.HoldAll {
		on, off = off, on
	}
	var out []candidate
	if r := m.view.Request(m.view.Focus); r != nil && r.HTTP != nil {
		for _, c := range [][2]string{{"state", r.Call.State.Name}, {"host", request.Host(r.HTTP.URL)}, {"method", r.HTTP.Method}} {
			line := command.Command{Verb: command.Hold, On: off == "on", Name: c[0], Text: c[1]}.String()
			out = append(out, candidate{line: strings.TrimPrefix(line, "hold "), note: "requests like this one, by " + c[0]})
		}
	}
	for _, h := range m.view.Holds {
		h.On = !h.On
		out = append(out, candidate{line: h.String(), note: "the other way again"})
	}
	return append(out, candidate{line: off, note: "all requests"}, candidate{line: on, note: "all requests, as it is now, without exceptions"})
}

// states lists the definition's state names, those of branches too.
func (m *Model) states() []string {
	var names []string
	if m.view.File != nil {
		for s := range m.view.File.Machine.All() {
			names = append(names, s.Name)
		}
	}
	return names
}
