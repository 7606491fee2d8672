package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/jsonview"
	"asldbg/tui/layout"
	"asldbg/tui/pipeline"
	"asldbg/tui/request"
)

// open opens what is under the cursor.
func (m *Model) open() tea.Cmd {
	v := &m.view
	switch p := m.pane(); p {
	case layout.Data:
		return m.openValue(&m.data.view)
	case layout.Change:
		return m.openValue(&m.change.view)
	case layout.Pipeline:
		m.explain()
	case layout.Graph:
		m.openState()
	case layout.Frames:
		if i := m.listOf(p).Cursor; i < len(v.Frames) {
			return m.do(command.Command{Verb: command.Focus, Frame: int(v.Frames[i].ID)})
		}
	case layout.Variables:
		m.openVariable()
	case layout.Breakpoints:
		if b := m.breakpoint(); b != nil {
			return m.do(command.Command{Verb: command.Toggle, N: b.ID})
		}
		if i := m.listOf(p).Cursor - len(v.Breakpoints); i >= 0 && i < len(v.Holds) {
			h := v.Holds[i]
			return m.do(command.Command{Verb: command.Hold, On: !h.On, Name: h.Kind, Text: h.Name})
		}
	case layout.Timeline:
		m.travel = true
	case layout.Steps, layout.Lanes:
		return m.goTo(m.steps.Cursor())
	case layout.Events:
		return m.goTo(m.events.Cursor())
	case layout.Signature:
		if r := m.held(); r != nil {
			if parts := request.SignatureParts(r); m.request.Parts.Cursor < len(parts) {
				part := parts[m.request.Parts.Cursor]
				switch part.Name {
				case request.AuthTypesPart:
					return m.compareAuth()
				case request.PolicyPart:
					m.openPolicy(r.Access)
				default:
					m.push(newReader(part.Name, part.Text))
				}
			}
		}
	case layout.Earlier:
		m.openEarlier()
	case layout.Request:
		if text, ok := m.request.Line(); ok {
			m.push(newReader("Line of the request", text))
		}
	case layout.Answers:
		m.say("tab goes to the signature and to earlier calls, which enter opens", false)
	}
	return nil
}

// goTo moves through time to a step.
func (m *Model) goTo(n int) tea.Cmd {
	if n == 0 {
		return nil
	}
	return m.do(command.Command{Verb: command.Goto, N: n})
}

// openValue unfolds what is folded; a long text is shown in full.
func (m *Model) openValue(v *jsonview.View) tea.Cmd {
	at, value, _ := v.Cursor()
	if value.Len() > 0 {
		if v.Folded() {
			v.Unfold()
		} else {
			v.Fold()
		}
		return nil
	}
	name := at.String()
	if name == "" {
		name = "the document"
	}
	m.push(newReader(name, readable(value)))
	return nil
}

// readable is a value as text to read: a text that is JSON itself is laid out.
func readable(v jsonval.Value) string {
	if !v.Is(jsonval.String) {
		return v.Indent()
	}
	if inner, err := jsonval.Parse(v.Text()); err == nil && inner.Len() > 0 {
		return inner.Indent()
	}
	return v.Text()
}

// openState shows a state as the definition has it.
func (m *Model) openState() {
	s := m.graph.Cursor()
	if s == nil || s.Node == nil || m.view.File == nil {
		return
	}
	line, _ := m.view.File.Position(s.Node.Start)
	m.push(newReader(fmt.Sprintf("%s, %s line %d", s.Name, m.view.File.Name, line), m.view.File.Source[s.Node.Start:s.Node.End]))
}

func (m *Model) openVariable() {
	i := m.listOf(layout.Variables).Cursor
	if f := m.frame(); f != nil && i < f.Variables.Len() {
		member := f.Variables.MemberAt(i)
		m.push(newReader("$"+member.Key, readable(member.Value)))
		return
	} else if f != nil {
		i -= f.Variables.Len()
	}
	if i < len(m.view.Watches) {
		w := m.view.Watches[i]
		text := w.Error
		if text == "" {
			text = readable(w.Value)
		}
		m.push(newReader(fmt.Sprintf("watch %d: %s", w.ID, w.Expr), text))
	}
}

// openPolicy shows the statement a call needs.
func (m *Model) openPolicy(a *sessions.Access) {
	r := newReader(request.PolicyPart, request.PolicyText(a))
	r.copies = a.Policy()
	m.push(r)
}

// openEarlier opens an earlier call like the held one.
func (m *Model) openEarlier() {
	r := m.held()
	if r == nil {
		return
	}
	calls := request.Similar(&m.view, r)
	if i := m.request.Earlier.Cursor; i < len(calls) {
		m.push(&callView{n: calls[i]})
	}
}

func failLine(f *interp.Failure) string {
	c := command.Command{Verb: command.FailTask}
	if f.Error != nil {
		c.Error = *f.Error
	}
	if f.Cause != nil {
		c.Cause = *f.Cause
	}
	return c.String()
}

// copyOut copies the value under the cursor, or the request.
func (m *Model) copyOut() tea.Cmd {
	if r := m.held(); m.screen() == layout.Held && r.HTTP != nil {
		return m.do(command.Command{Verb: command.Export, Name: "curl"})
	}
	text := ""
	switch {
	case m.pane() == layout.Change:
		_, v, _ := m.change.view.Cursor()
		text = v.Indent()
	default:
		_, v, _ := m.data.view.Cursor()
		text = v.Indent()
	}
	if text == "" {
		m.say("there is nothing to copy", true)
		return nil
	}
	m.say("copied the value, "+jsonview.Size(len(text))+", where the terminal allows it", false)
	return tea.SetClipboard(text)
}

func (m *Model) compare() {
	r := m.held()
	if r == nil {
		m.say("no request is held", true)
		return
	}
	before, name, after := request.Compare(r)
	l := &comparison{name: name + " and the body", what: name}
	l.view.SetMode(jsonview.Both)
	l.view.Show(before, after)
	m.push(l)
}

// explain tells what the stage does.
func (m *Model) explain() {
	f := m.frame()
	if f == nil {
		m.say("the execution is over; there is no stage to explain", true)
		return
	}
	g := pipeline.Current(f)
	rule, written := pipeline.Explain(m.view.File, f.State, g)
	text := rule
	if written != "" {
		text += "\n\n" + written
	}
	if at, origin := m.data.origin(&m.view); origin != "" {
		text += "\n\n" + at + "  " + origin
	}
	if how := pipeline.Evaluated(m.view.Evaluated()); how != "" {
		text += "\n\n" + how
	}
	m.push(newReader(f.State.Name+" / "+g.Name(f.State), text))
}
