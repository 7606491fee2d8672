package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/graph"
	"asldbg/tui/jsonview"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/request"
	"asldbg/tui/theme"
	"asldbg/tui/timeline"
)

// Session is what the screen needs of a session; [sessions.Session] is one.
type Session interface {
	// Do carries out a command. An error says why it was refused.
	Do(ctx context.Context, c command.Command) error
	// Changed says that the View has changed; it is closed with the session.
	Changed() <-chan struct{}
	View() sessions.View
}

// Options say how the screen looks.
type Options struct {
	Theme theme.Theme
	Now   func() time.Time // the real time; nil: the clock's
}

// Model is the screen: what is seen of the session, and where the eyes are.
type Model struct {
	s Session
	o Options

	view sessions.View
	w, h int

	focus  [3]layout.Pane // of each layout.Screen, the pane with the focus
	zoom   bool
	around bool // looking around while a request is held
	travel bool // the timeline has the screen
	layers []layer
	find   *find

	graph   graph.Pane
	data    dataPane
	lanes   timeline.Lanes
	steps   timeline.Steps // of the travel screen
	events  timeline.Steps // beside the frames
	change  dataPane       // what a step changed
	request request.Pane
	lists   [layout.NumPanes]list.List
	marked  map[int]bool // marked steps

	note     string // what the last key did or why it did nothing; "" shows the session's message
	alarm    bool   // note is about something that failed
	lines    int    // of the message
	busy     bool   // a command is being carried out
	exported int    // N of the export that was copied last
	typed    []tea.KeyPressMsg
	ticks    bool // a clock tick is on its way
	// refused is the layer whose command is being carried out: it comes back
	// when the session refuses it.
	refused layer
	canvas  paint.Canvas
	seen    string // the last screen drawn
	cursor  *tea.Cursor
	stale   bool // seen is not what should be seen

	after func(time.Duration, tea.Msg) tea.Cmd // a message, later
}

// New makes the screen of a session.
func New(s Session, o Options) *Model {
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Model{s: s, o: o, marked: map[int]bool{}}
	m.after = func(d time.Duration, msg tea.Msg) tea.Cmd { return tea.Tick(d, func(time.Time) tea.Msg { return msg }) }
	m.focus = [...]layout.Pane{layout.Main: layout.Data, layout.Held: layout.Request, layout.Travel: layout.Lanes}
	m.look()
	if e := m.view.Exported; e != nil {
		m.exported = e.N
	}
	m.travel = m.view.Phase == sessions.Replay
	return m
}

type (
	changedMsg  struct{} // the session has another View
	listenMsg   struct{} // it is time to wait for the next one
	closedMsg   struct{} // the session is closed
	tickMsg     struct{} // a second has passed
	doneMsg     struct{ err error }
	leftMsg     struct{}
	externalMsg struct { // $EDITOR is done
		editing *editing
		text    string
		err     error
	}
)

// frameTime is the shortest time between two looks at a session that runs.
const frameTime = time.Second / 30

// Init starts listening to the session.
func (m *Model) Init() tea.Cmd { return tea.Batch(m.listen(), m.tick()) }

func (m *Model) listen() tea.Cmd {
	changed := m.s.Changed()
	return func() tea.Msg {
		if _, ok := <-changed; !ok {
			return closedMsg{}
		}
		return changedMsg{}
	}
}

// tick lets a second pass while something on screen tells its age.
func (m *Model) tick() tea.Cmd {
	r := m.held()
	if m.ticks || r == nil || r.HTTP == nil || !r.HTTP.Signed {
		return nil
	}
	m.ticks = true
	return m.after(time.Second, tickMsg{})
}

// Update takes one message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.stale = true
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeUnicodeCore && (msg.Value == ansi.ModeReset || msg.Value == ansi.ModeSet || msg.Value == ansi.ModePermanentlySet) {
			m.o.Theme.Clusters = true // the renderer measures as the terminal does, and so do we
		}
	case changedMsg:
		m.look()
		return m, tea.Batch(m.tick(), m.after(frameTime, listenMsg{}))
	case listenMsg:
		return m, m.listen()
	case tickMsg:
		m.ticks = false
		return m, m.tick()
	case doneMsg:
		return m, tea.Batch(m.done(msg.err), m.tick())
	case externalMsg:
		return m, m.edited(msg)
	case closedMsg, leftMsg:
		return m, tea.Quit
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.KeyPressMsg:
		return m, m.press(msg)
	}
	return m, nil
}

// look takes the newest View.
func (m *Model) look() {
	old := m.view
	m.view = m.s.View()
	v := &m.view
	if v.Phase != sessions.Held || old.Phase != sessions.Held || !sameCall(m.heldIn(&old), m.heldIn(v)) {
		m.around = false
	}
	if v.Revision != old.Revision && !m.alarm {
		m.note = ""
	}
	if old.Phase != v.Phase && v.Phase == sessions.Held {
		m.travel = false
		m.focus[layout.Held] = layout.Request
	}
	m.graph.Update(v)
	m.data.update(v)
	m.change.update(v)
	m.request.Update(m.held())
}

func sameCall(a, b *sessions.Request) bool {
	return a != nil && b != nil && a.Call.Effect == b.Call.Effect && a.Call.Attempt == b.Call.Attempt
}

// held is the request the user is asked about, nil if there is none.
func (m *Model) held() *sessions.Request { return m.heldIn(&m.view) }

func (m *Model) heldIn(v *sessions.View) *sessions.Request {
	if v.Phase != sessions.Held {
		return nil
	}
	return v.Request(v.Focus)
}

// frame is the focused frame, nil if there is none.
func (m *Model) frame() *interp.Frame { return m.view.Frame(m.view.Focus) }

// screen is the set of panes that is shown.
func (m *Model) screen() layout.Screen {
	switch {
	case m.travel:
		return layout.Travel
	case m.held() != nil && !m.around:
		return layout.Held
	}
	return layout.Main
}

// pane has the focus.
func (m *Model) pane() layout.Pane {
	p := m.focus[m.screen()]
	switch {
	case p == layout.Events && !layout.Wide(m.w, m.h):
		return layout.Timeline
	case p == layout.Pipeline && layout.Tabs(m.w, m.h):
		return layout.Data
	}
	return p
}

func (m *Model) situation() keymap.Situation {
	return keymap.Situation{View: &m.view, Pane: m.pane()}
}

// do gives a command to the session.
func (m *Model) do(c command.Command) tea.Cmd {
	m.busy, m.note, m.alarm = true, "", false
	s := m.s
	return func() tea.Msg { return doneMsg{s.Do(context.Background(), c)} }
}

// done goes on after a command: with what has been typed meanwhile.
func (m *Model) done(err error) tea.Cmd {
	m.busy = false
	m.look()
	refused := m.refused
	m.refused = nil
	if err != nil {
		m.say(err.Error(), true)
		if refused != nil {
			m.push(refused)
		}
		m.typed = nil
	}
	var cmds []tea.Cmd
	if e := m.view.Exported; e != nil && e.N != m.exported && e.File != "" {
		m.exported = e.N
		m.say("wrote it as "+e.What+" to "+e.File+", "+jsonview.Size(len(e.Text))+", without secrets", false)
	} else if e != nil && e.N != m.exported {
		m.exported = e.N
		m.say("copied as "+e.What+", "+jsonview.Size(len(e.Text))+", without secrets, where the terminal allows it", false)
		cmds = append(cmds, tea.SetClipboard(e.Text))
	}
	for len(m.typed) > 0 && !m.busy {
		k := m.typed[0]
		m.typed = m.typed[1:]
		cmds = append(cmds, m.press(k))
	}
	return tea.Batch(cmds...)
}

// say shows a note on the message line until the next key.
func (m *Model) say(text string, alarm bool) { m.note, m.alarm = text, alarm }
