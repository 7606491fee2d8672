package tui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/editor"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// inbox lists the task tokens that are awaited, and takes their answers.
type inbox struct{ list list.List }

func newInbox(m *Model) *inbox {
	b := &inbox{}
	for i, wait := range m.view.Tokens {
		if wait.Frame == m.view.Focus {
			b.list.Cursor = i
		}
	}
	return b
}

// wait is the token under the cursor, nil if none is awaited any more.
func (b *inbox) wait(m *Model) *sessions.TokenWait {
	n := len(m.view.Tokens)
	if n == 0 {
		return nil
	}
	b.list.Move(0, n)
	return &m.view.Tokens[b.list.Cursor]
}

func (b *inbox) title(m *Model) (title, note string) {
	note = fmt.Sprintf("%d awaited", len(m.view.Tokens))
	if m.clockHeld() {
		note += ", their time stands still: the clock is held"
	}
	return "Task tokens", note
}

func (b *inbox) place(w, h int) (layout.Rect, bool) { return centered(w, h, 116, 26) }

func (b *inbox) paste(*Model, string) {}

func (b *inbox) search(m *Model, query string, dir int) (n, total int) {
	return b.list.Search(len(m.view.Tokens), func(i int) string {
		w := &m.view.Tokens[i]
		return w.State + " " + string(w.Token)
	}, query, dir)
}

func (b *inbox) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	bound, _ := keymap.Of(name)
	wait := b.wait(m)
	switch {
	case bound.Do == keymap.Back || bound.Do == keymap.Leave || bound.Do == keymap.GiveToken:
		m.pop()
		return nil
	case bound.Do == keymap.Find:
		m.find = &find{}
		return nil
	case wait == nil:
		return nil
	}
	token := wait.Token
	answer := command.Command{Verb: command.Token, TaskToken: string(token)}
	switch name {
	case "s", "enter":
		m.pop()
		m.push(successEditor(token))
	case "f":
		m.pop()
		m.push(&tokenFailure{token: token, error: editor.Line("Callback.Failed"), cause: editor.Line("")})
	case "h":
		m.pop()
		answer.Name = "heartbeat"
		return m.do(answer)
	case "y":
		m.say("copied the command, where the terminal allows it", false)
		return tea.SetClipboard(m.view.SendTaskSuccess(wait) + "\n")
	case "Y":
		m.say("copied the token, where the terminal allows it", false)
		return tea.SetClipboard(string(token))
	default:
		scroll(&b.list, bound.Do, len(m.view.Tokens))
	}
	return nil
}

func (b *inbox) draw(m *Model, a paint.Area) *tea.Position {
	wait := b.wait(m)
	if wait == nil {
		a.At(1, 0).Put(theme.Warn, "no token is awaited any more")
		return nil
	}
	now, n := m.view.Now, len(m.view.Tokens)
	states := 5
	for _, w := range m.view.Tokens {
		states = min(max(states, a.Width(w.State)), max(a.W/4, 12))
	}
	columns := []int{3, 3 + states + 2, 3 + states + 14, 3 + states + 30, 3 + states + 46}
	head := a.At(0, 0)
	for i, name := range []string{"state", "age", "heartbeat in", "timeout in", "token"} {
		head.To(columns[i]).Put(theme.Dim, name)
	}
	rows := a.Rows(1, 1+min(n, max(a.H-12, 3)))
	from, to := b.list.Window(rows.H, n)
	for i := from; i < to; i++ {
		w := &m.view.Tokens[i]
		p := rows.At(0, i-from)
		role := theme.Plain
		if i == b.list.Cursor {
			p.Put(theme.Cursor, theme.GlyphHere)
			role = theme.Strong
		}
		for j, text := range []string{w.State, lasting(now.Sub(w.Since)), until(w.Heartbeat, now), until(w.Timeout, now), string(w.Token)} {
			end := a.W
			if j+1 < len(columns) {
				end = columns[j+1] - 1
			}
			p.To(columns[j]).Until(end).Say(role, text)
			p.Until(a.W)
		}
	}
	b.details(m, wait, a.Rows(rows.H+2, a.H))
	return nil
}

// details tell how the token under the cursor is answered from outside.
func (b *inbox) details(m *Model, wait *sessions.TokenWait, a paint.Area) {
	y := 0
	text := func(r theme.Role, s string, most int) {
		for i, l := range paint.Wrap(s, a.W-4, a.Theme()) {
			if i < most && y < a.H {
				a.At(2, y).Say(r, l)
				y++
			}
		}
	}
	text(theme.Strong, string(wait.Token), 4)
	if wait.Submitted.Exists() {
		a.At(1, y).Put(theme.Dim, "first response  ").Until(a.W-1).Say(theme.Plain, wait.Submitted.String())
		y++
	}
	y++
	if m.view.TokensAt == "" {
		text(theme.Dim, "Nobody listens for it outside: answer it here.", 1)
	} else {
		a.At(1, y).Put(theme.Dim, "From another terminal, at ").Say(theme.Plain, m.view.TokensAt).Put(theme.Dim, ", or by any AWS SDK with that endpoint:")
		y++
		text(theme.Plain, m.view.SendTaskSuccess(wait), 6)
	}
	y++
	for _, c := range []struct{ key, name, does string }{
		{"s", "success", "you type the task's output"},
		{"f", "failure", "you choose an error and a cause"},
		{"h", "heartbeat", "the work goes on; the heartbeat clock starts anew"},
		{"y", "copy", "the command; Y copies the token alone"},
	} {
		a.At(3, y).Put(theme.Key, c.key).Put(theme.Strong, " "+c.name).To(16).Put(theme.Plain, c.does)
		y++
	}
}

// until is how long it is to a moment, which may be none.
func until(at, now time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return lasting(at.Sub(now))
}

// lasting is a time span in its two largest units.
func lasting(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf("%d d %d h", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d m", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d m %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

func (b *inbox) hints(*Model) []keymap.Hint {
	return hint("s", "success", "f", "failure", "h", "heartbeat", "y", "copy", "/", "find", "esc", "back")
}

// successEditor is the editor for the task's output.
func successEditor(t interp.Token) *editing {
	token := string(t)
	return newEditing("Output for the task token", "SendTaskSuccess: this becomes the task's result.", jsonval.EmptyObject,
		func(m *Model, v jsonval.Value) tea.Cmd {
			return m.do(command.Command{Verb: command.Token, Name: "success", Value: v, TaskToken: token})
		})
}

// tokenFailure asks for the error and the cause of a SendTaskFailure.
type tokenFailure struct {
	token        interp.Token
	error, cause *editor.Editor
	inCause      bool
}

func (t *tokenFailure) title(*Model) (title, note string) { return "Failure for the task token", "" }

func (t *tokenFailure) place(w, h int) (layout.Rect, bool) { return centered(w, h, 90, 9) }

func (t *tokenFailure) field() *editor.Editor {
	if t.inCause {
		return t.cause
	}
	return t.error
}

func (t *tokenFailure) paste(_ *Model, text string) { t.field().Paste(text) }

func (t *tokenFailure) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		m.pop()
	case "tab", "shift+tab", "up", "down":
		t.inCause = !t.inCause
	case "enter":
		if !t.inCause {
			t.inCause = true
			return nil
		}
		m.pop()
		m.refused = t
		return m.do(command.Command{
			Verb: command.Token, Name: "failure", Error: t.error.Text(), Cause: t.cause.Text(), TaskToken: string(t.token),
		})
	default:
		t.field().Key(k.String(), k.Text)
	}
	return nil
}

func (t *tokenFailure) draw(_ *Model, a paint.Area) *tea.Position {
	a.At(1, 0).Put(theme.Dim, "SendTaskFailure: Retry and Catch look at the error; the cause is a text.")
	a.At(1, 2).Put(theme.Strong, "error")
	a.At(1, 4).Put(theme.Strong, "cause")
	ex, _ := t.error.Draw(a.Sub(8, 2, a.W-9, 1))
	cx, _ := t.cause.Draw(a.Sub(8, 4, a.W-9, 1))
	a.At(8, 6).Put(theme.Dim, "enter goes on, from the cause it answers; tab goes between the two")
	if t.inCause {
		return &tea.Position{X: 8 + cx, Y: 4}
	}
	return &tea.Position{X: 8 + ex, Y: 2}
}

func (t *tokenFailure) hints(*Model) []keymap.Hint {
	return hint("enter", "go on", "tab", "other field", "esc", "back")
}
