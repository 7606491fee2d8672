package tui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp/jsonval"
	"asldbg/sessions/command"
	"asldbg/tui/editor"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/paint"
	"asldbg/tui/request"
	"asldbg/tui/theme"
)

// editing is a JSON document in the editor. What is typed changes nothing until
// it is accepted.
type editing struct {
	name    string
	about   string // one line on what the document is for
	ed      *editor.Editor
	before  string                      // the text to begin with
	check   func(v jsonval.Value) error // what else would be wrong with it; nil: nothing
	accept  func(m *Model, v jsonval.Value) tea.Cmd
	problem string // why it was not taken
	leaving bool   // esc was pressed, though there is something to lose
}

func newEditing(name, about string, v jsonval.Value, accept func(*Model, jsonval.Value) tea.Cmd) *editing {
	ed := editor.New(v.Indent())
	return &editing{name: name, about: about, ed: ed, before: ed.Text(), accept: accept}
}

// written reports whether there is something to lose.
func (e *editing) written() bool { return e.ed.Text() != e.before }

// take reads what was written; where it is not to be taken, problem says why.
func (e *editing) take() (v jsonval.Value, ok bool) {
	v, err := e.ed.JSON()
	if err != nil {
		e.ed.ShowMistake()
	} else if e.check != nil {
		err = e.check(v)
	}
	if err != nil {
		e.problem = err.Error()
	}
	return v, err == nil
}

func (e *editing) title(*Model) (title, note string) {
	note, _ = e.ed.Check()
	if e.problem != "" {
		note = "not taken"
	}
	return e.name, note
}

func (e *editing) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (e *editing) paste(_ *Model, text string) { e.ed.Paste(text) }

func (e *editing) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	e.problem = ""
	leaving := e.leaving
	e.leaving = false
	switch k.String() {
	case "esc":
		if e.written() && !leaving {
			e.leaving, e.problem = true, "esc again throws away what you wrote; ctrl-s accepts it"
			return nil
		}
		m.pop()
		m.say("nothing was changed", false)
	case "ctrl+s", "f2", "ctrl+enter":
		v, ok := e.take()
		if !ok {
			return nil
		}
		m.pop()
		return m.accept(e, v)
	default:
		e.ed.Key(k.String(), k.Text)
	}
	return nil
}

func (e *editing) draw(_ *Model, a paint.Area) *tea.Position {
	a.At(1, 0).Put(theme.Dim, e.about)
	x, y := e.ed.Draw(a.Rows(2, a.H-2))
	status := a.At(1, a.H-1)
	if e.problem != "" {
		status.Say(theme.Failed, e.problem)
	} else if note, ok := e.ed.Check(); ok {
		status.Put(theme.Done, note)
	} else {
		status.Say(theme.Warn, note)
	}
	return &tea.Position{X: x, Y: y + 2}
}

func (e *editing) hints(*Model) []keymap.Hint {
	return hint("ctrl-s", "accept", "esc", "keep nothing", "ctrl-z", "undo")
}

// edit edits the value under the cursor, or the held request; in $EDITOR where
// external says so.
func (m *Model) edit(external bool) tea.Cmd {
	e := m.editHere()
	if e == nil {
		return nil
	}
	if !external {
		m.push(e)
		return nil
	}
	app := &editorApp{text: e.ed.Text()}
	return tea.Exec(app, func(err error) tea.Msg { return externalMsg{e, app.text, err} })
}

// editHere is the editor for what the cursor is on, nil where there is nothing
// to edit.
func (m *Model) editHere() *editing {
	if r := m.held(); r != nil && r.HTTP != nil {
		before := request.EditText(r)
		e := newEditing("Request of "+r.Call.State.Name,
			"Change method, url, headers or body; it is sealed and signed again. A header that is null is left out.", before,
			func(m *Model, v jsonval.Value) tea.Cmd {
				edits := request.Edits(before, v)
				if !edits.Exists() {
					m.say("nothing was changed", false)
					return nil
				}
				return m.do(command.Command{Verb: command.EditRequest, Value: edits})
			})
		e.check = command.CheckRequest
		return e
	}
	at, value, gone := m.data.view.Cursor()
	if gone {
		m.say("this is only in the document before; it cannot be edited", true)
		return nil
	}
	if !value.Exists() {
		m.say("there is nothing here to edit", true)
		return nil
	}
	name := at.String()
	if name == "" {
		name = "the data " + m.data.title
	}
	about := "The execution goes on with what you make of it."
	if !m.view.AtNewest() {
		about = "You are in the past: this begins a new session that goes on with what you make of it."
	}
	return newEditing(name, about, value, func(m *Model, v jsonval.Value) tea.Cmd {
		if v.String() == value.String() {
			m.say("nothing was changed", false)
			return nil
		}
		return m.do(command.Command{Verb: command.Edit, Pointer: at.String(), Value: v})
	})
}

// mock answers the task instead of sending: with the mock file's next answer,
// or with what the user types.
func (m *Model) mock() tea.Cmd {
	r := m.view.Request(m.view.Focus)
	if r == nil {
		m.say("no task wants an answer", true)
		return nil
	}
	if r.HasMock {
		return m.do(command.Command{Verb: command.Mock})
	}
	m.push(m.mockEditor(request.MockText(&m.view, r)))
	return nil
}

func (m *Model) mockEditor(v jsonval.Value) *editing {
	name := "Answer"
	if f := m.frame(); f != nil {
		name += " of " + f.State.Name
	}
	return newEditing(name, "This becomes the task's result. Nothing is sent.", v, func(m *Model, v jsonval.Value) tea.Cmd {
		return m.do(command.Command{Verb: command.Mock, Value: v})
	})
}

// editorApp edits a text in $VISUAL or $EDITOR, in a file that only the user
// can read and that is removed afterwards.
type editorApp struct {
	text           string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// SetStdin is where the editor reads from.
func (e *editorApp) SetStdin(r io.Reader) { e.stdin = r }

// SetStdout is where the editor draws.
func (e *editorApp) SetStdout(w io.Writer) { e.stdout = w }

// SetStderr is where the editor complains.
func (e *editorApp) SetStderr(w io.Writer) { e.stderr = w }

// Run lets the user edit the text.
func (e *editorApp) Run() (err error) {
	dir, err := os.MkdirTemp("", "asldbg-")
	if err != nil {
		return fmt.Errorf("make a file for $EDITOR: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	name := dir + string(os.PathSeparator) + "value.json"
	if err := os.WriteFile(name, []byte(e.text+"\n"), 0o600); err != nil {
		return fmt.Errorf("make a file for $EDITOR: %w", err)
	}
	command := strings.Fields(editorCommand(os.Getenv))
	c := exec.Command(command[0], append(command[1:], name)...)
	c.Stdin, c.Stdout, c.Stderr = e.stdin, e.stdout, e.stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("run %s: %w; $EDITOR chooses another editor", command[0], err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read what %s wrote: %w", command[0], err)
	}
	e.text = strings.TrimRight(string(text), "\n")
	return nil
}

// editorCommand is the user's editor.
func editorCommand(getenv func(string) string) string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			return v
		}
	}
	return "vi"
}

// edited goes on after $EDITOR: what was written is accepted if it is JSON, and
// comes into the editor on screen if it is not.
func (m *Model) edited(msg externalMsg) tea.Cmd {
	if msg.err != nil {
		m.say(msg.err.Error(), true)
		return nil
	}
	e := msg.editing
	e.ed = editor.New(msg.text)
	v, ok := e.take()
	if !ok {
		m.push(e)
		return nil
	}
	return m.accept(e, v)
}

// accept gives an edited document to what wanted it; should the session refuse
// it, the editor comes back.
func (m *Model) accept(e *editing, v jsonval.Value) tea.Cmd {
	cmd := e.accept(m, v)
	if m.busy {
		m.refused = e
	}
	return cmd
}
