package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/jsonview"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/pipeline"
	"asldbg/tui/request"
)

// mostTyped is how many keys wait while a command is carried out.
const mostTyped = 64

// press takes a key.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	switch {
	case name == "ctrl+c" && m.busy:
		return m.quit()
	case name == "ctrl+c" && len(m.layers) > 0:
		return m.leaveLayers()
	case name != "ctrl+c" && !layout.Fits(m.w, m.h):
		return nil // nobody would see what it does
	}
	if m.busy {
		if len(m.typed) < mostTyped {
			m.typed = append(m.typed, k)
		}
		return nil
	}
	m.note, m.alarm = "", false
	switch {
	case m.find != nil:
		return m.findKey(k)
	case len(m.layers) > 0:
		return m.layers[len(m.layers)-1].key(m, k)
	}
	b, ok := keymap.Of(name)
	if !ok {
		if k.Text != "" {
			m.say(fmt.Sprintf("%s does nothing here; ? lists the keys", name), false)
		}
		return nil
	}
	if why := b.Can(m.situation()); why != "" {
		m.say(why, true)
		return nil
	}
	if v := b.Verb(); v != "" {
		return m.do(command.Command{Verb: v})
	}
	return m.act(b.Do, name)
}

func (m *Model) paste(text string) {
	switch {
	case !layout.Fits(m.w, m.h):
	case m.find != nil:
		m.find.query += strings.Join(strings.Fields(text), " ")
		m.findNext(0)
	case len(m.layers) > 0:
		m.layers[len(m.layers)-1].paste(m, text)
	}
}

// act does what a view action says.
func (m *Model) act(a keymap.Action, key string) tea.Cmd {
	switch a {
	case keymap.Left, keymap.Right, keymap.FoldAll, keymap.OpenAll:
		m.fold(a)
	case keymap.Up:
		m.scroller().move(-1)
	case keymap.Down:
		m.scroller().move(1)
	case keymap.PageUp:
		m.scroller().page(-1)
	case keymap.PageDown:
		m.scroller().page(1)
	case keymap.First, keymap.Last:
		return m.ends(a)
	case keymap.NextPane:
		m.turn(1)
	case keymap.PrevPane:
		m.turn(-1)
	case keymap.PaneN:
		m.choose(int(key[0] - '1'))
	case keymap.Zoom:
		m.zoom = !m.zoom
	case keymap.ViewMode:
		m.data.turn(m.wide())
	case keymap.Open:
		return m.open()
	case keymap.Find:
		m.find = &find{}
	case keymap.Copy:
		return m.copyOut()
	case keymap.Compare:
		m.compare()
	case keymap.Explain:
		m.explain()
	case keymap.OnlyAWS:
		m.steps.SetOnly(!m.steps.Only())
		m.steps.Update(&m.view)
	case keymap.SetMark:
		m.setMark()
	case keymap.GoMark:
		return m.goMark()
	case keymap.BreakHere:
		return m.breakHere()
	case keymap.BreakIf:
		m.push(newPalette(m, "break "+m.placeHere()+" if "))
	case keymap.AddWatch:
		m.push(newPalette(m, "watch "))
	case keymap.EditHere:
		return m.edit(false)
	case keymap.EditorApp:
		return m.edit(true)
	case keymap.Answer:
		return m.mock()
	case keymap.FailWith:
		m.push(newPalette(m, "fail "))
	case keymap.GiveToken:
		m.push(newInbox(m))
	case keymap.SendAsk:
		return m.sendAsk(command.Send)
	case keymap.TamperAsk:
		return m.sendAsk(command.Tamper)
	case keymap.MockFrom:
		m.push(newPalette(m, "mock "))
	case keymap.SignAs:
		m.push(newPalette(m, "sign "))
	case keymap.HoldWhich:
		m.push(newPalette(m, "hold "))
	case keymap.ExportAs:
		m.push(newPalette(m, "export "))
	case keymap.Calls:
		m.openCalls()
	case keymap.WhyRefused:
		m.whyRefused()
	case keymap.AuthTypes:
		return m.compareAuth()
	case keymap.PolicyOf:
		if r := m.view.Request(m.view.Focus); r != nil && r.Access != nil {
			m.openPolicy(r.Access)
		}
	case keymap.AbortAsk:
		m.push(&confirm{
			text: "Stop the execution, as StopExecution does? What was recorded is kept.", yes: "X", word: "abort",
			then: func(m *Model) tea.Cmd { return m.do(command.Command{Verb: command.Abort}) },
		})
	case keymap.Palette:
		m.push(newPalette(m, ""))
	case keymap.Help:
		m.push(&help{})
	case keymap.Back:
		m.back()
	case keymap.Leave:
		return m.askToLeave()
	}
	return nil
}

// fold folds and unfolds where there is something to fold.
func (m *Model) fold(a keymap.Action) {
	var v *jsonview.View
	switch m.pane() {
	case layout.Data:
		v = &m.data.view
	case layout.Change:
		v = &m.change.view
	default:
		m.say("there is nothing to fold here; tab goes to the next pane", false)
		return
	}
	switch a {
	case keymap.Left:
		v.Fold()
	case keymap.Right:
		v.Unfold()
	case keymap.FoldAll:
		v.FoldAll()
	case keymap.OpenAll:
		v.UnfoldAll()
	}
}

// scroller is the cursor of a pane.
type scroller struct {
	move, page func(n int)
	search     func(query string, dir int) (n, total int)
}

// scroller is the cursor of the pane with the focus.
func (m *Model) scroller() scroller {
	v := &m.view
	switch p := m.pane(); p {
	case layout.Graph:
		return scroller{m.graph.Move, m.graph.Page, m.graph.Search}
	case layout.Data, layout.Pipeline:
		return scroller{m.data.view.Move, m.data.view.Page, m.data.view.Search}
	case layout.Change:
		return scroller{m.change.view.Move, m.change.view.Page, m.change.view.Search}
	case layout.Steps, layout.Lanes, layout.Timeline:
		m.steps.Update(v)
		return scroller{m.steps.Move, m.steps.Page, func(q string, dir int) (int, int) { return m.steps.Search(v, q, dir) }}
	case layout.Events:
		m.events.Update(v)
		return scroller{m.events.Move, m.events.Page, func(q string, dir int) (int, int) { return m.events.Search(v, q, dir) }}
	case layout.Request:
		n := m.request.Lines()
		return scroller{
			func(d int) { m.request.Body.Move(d, n) }, func(d int) { m.request.Body.Page(d, n) }, m.request.Search,
		}
	default:
		l, rows := m.listOf(p), m.rows(p)
		return scroller{
			func(d int) { l.Move(d, len(rows)) }, func(d int) { l.Page(d, len(rows)) },
			func(q string, dir int) (int, int) {
				return l.Search(len(rows), func(i int) string { return rows[i] }, q, dir)
			},
		}
	}
}

// ends goes to the first or the last line, on the timeline to the first or the
// newest step.
func (m *Model) ends(a keymap.Action) tea.Cmd {
	const far = 1 << 30
	switch p := m.pane(); {
	case p == layout.Lanes || p == layout.Timeline:
		n := 1
		if a == keymap.Last {
			n = -1
		}
		return m.do(command.Command{Verb: command.Goto, N: n})
	case a == keymap.Last:
		m.scroller().move(far)
	default:
		m.scroller().move(-far)
	}
	return nil
}

// turn gives the focus to the next pane, or the one before.
func (m *Model) turn(by int) {
	order := layout.Order(m.w, m.h, m.screen())
	at := slices.Index(order, m.pane())
	m.focus[m.screen()] = order[(at+by+len(order))%len(order)]
}

// choose gives the focus to the pane with a number; the timeline, chosen again,
// gets the screen.
func (m *Model) choose(i int) {
	order := layout.Order(m.w, m.h, m.screen())
	if i >= len(order) {
		m.say(fmt.Sprintf("there is no pane %d here", i+1), true)
		return
	}
	if order[i] == layout.Timeline && m.pane() == layout.Timeline {
		m.travel = true
		return
	}
	m.focus[m.screen()] = order[i]
}

// back goes one layer back.
func (m *Model) back() {
	switch {
	case m.zoom:
		m.zoom = false
	case m.travel && m.view.Phase != sessions.Replay:
		m.travel = false
	case m.travel:
		m.travel = false
		n := slices.Index(layout.Order(m.w, m.h, layout.Main), layout.Timeline) + 1
		m.say(fmt.Sprintf("%d twice brings the whole timeline back", n), false)
	case m.held() != nil:
		m.around = !m.around
	}
}

// wide reports whether before and after fit side by side.
func (m *Model) wide() bool { return layout.Wide(m.w, m.h) }

func (m *Model) setMark() {
	n := m.view.Cursor
	if m.marked[n] {
		delete(m.marked, n)
		m.say(fmt.Sprintf("step %d is no longer marked", n), false)
		return
	}
	m.marked[n] = true
	m.say(fmt.Sprintf("step %d is marked; ' jumps there", n), false)
}

// goMark jumps to the next marked step, going round.
func (m *Model) goMark() tea.Cmd {
	next, lowest := 0, 0
	for n := range m.marked {
		if n > m.view.Cursor && (next == 0 || n < next) {
			next = n
		}
		if lowest == 0 || n < lowest {
			lowest = n
		}
	}
	if next == 0 {
		next = lowest
	}
	if next == 0 {
		m.say("no step is marked; * marks this one", true)
	}
	return m.goTo(next)
}

// breakHere sets or removes a breakpoint at what the cursor is on.
func (m *Model) breakHere() tea.Cmd {
	if m.pane() == layout.Breakpoints {
		if b := m.breakpoint(); b != nil {
			return m.do(command.Command{Verb: command.Clear, N: b.ID})
		}
	}
	state := ""
	if s := m.graph.Cursor(); s != nil && m.pane() == layout.Graph {
		state = s.Name
	} else if f := m.frame(); f != nil {
		state = f.State.Name
	}
	if state == "" {
		m.say("there is no state here to break at", true)
		return nil
	}
	for _, b := range m.view.Breakpoints {
		if b.State == state && (b.Stage == "" || b.Stage == "Entered") && b.Condition == "" {
			return m.do(command.Command{Verb: command.Clear, N: b.ID})
		}
	}
	return m.do(command.Command{Verb: command.Break, Name: state})
}

// placeHere is where the cursor is, as the break command has it.
func (m *Model) placeHere() string {
	if s := m.graph.Cursor(); s != nil && m.pane() == layout.Graph {
		return command.QuoteState(s.Name)
	}
	if f := m.frame(); f != nil {
		stage := pipeline.Current(f)
		name := stage.Name(f.State)
		if stage == interp.Entered {
			name = "Entered"
		}
		return command.QuoteState(f.State.Name) + ":" + name
	}
	return "*"
}

func signedAs(h *sessions.HTTPRequest) string {
	if h.Identity == "" {
		return ""
	}
	return ", signed as " + h.Identity
}

// leaveLayers leaves from a layer; it asks first, once, where something is lost.
func (m *Model) leaveLayers() tea.Cmd {
	switch top := m.layers[len(m.layers)-1].(type) {
	case *confirm:
		return m.quit()
	case *editing:
		if top.written() {
			m.push(&confirm{text: "What you wrote has not been accepted and will be lost. Leave?", yes: "q", word: "leave", then: (*Model).quit})
			return nil
		}
	}
	return m.askToLeave()
}

// askToLeave leaves; it asks first when a request is held.
func (m *Model) askToLeave() tea.Cmd {
	text := ""
	switch m.view.Phase {
	case sessions.Held:
		if r := m.held(); r != nil && r.HTTP != nil && r.MayLeave {
			text = fmt.Sprintf("A request is held in %s: nothing has been sent, and nothing will be. Leave?", r.Call.State.Name)
		}
	case sessions.Sending:
		text = "A request is under way: its answer will be lost. Leave?"
	}
	if text == "" {
		return m.quit()
	}
	m.push(&confirm{text: text, yes: "q", word: "leave", then: (*Model).quit})
	return nil
}

// sendAsk sends the held request; where that changes something outside this
// machine, or is signed as somebody else than AWS would, it asks once more.
func (m *Model) sendAsk(v command.Verb) tea.Cmd {
	r := m.view.Request(m.view.Focus)
	text := ""
	switch {
	case r == nil || r.HTTP == nil:
	case r.HTTP.Principal != nil:
		text = fmt.Sprintf("AWS signs this as %s. Here it goes to %s signed as you, who may have other rights. Send it?", r.HTTP.Principal.Service, request.Goes(r))
	case r.Writes:
		text = fmt.Sprintf("%s %s at %s%s, changes something outside this machine. Send it?", r.HTTP.Method, request.Target(r.HTTP.URL), request.Goes(r), signedAs(r.HTTP))
	}
	if text != "" && v == command.Tamper {
		text = "With a wrong signature: " + text
	}
	if text == "" {
		return m.do(command.Command{Verb: v})
	}
	m.push(&confirm{
		text: text, yes: "y", word: "send",
		then: func(m *Model) tea.Cmd { return m.do(command.Command{Verb: v, Sure: true}) },
	})
	return nil
}

// quit leaves without asking.
func (m *Model) quit() tea.Cmd {
	return func() tea.Msg { return leftMsg{} }
}
