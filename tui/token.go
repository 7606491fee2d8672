package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions/command"
	"asldbg/tui/editor"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// tokenAsk shows a task token that is awaited and takes its answer.
type tokenAsk struct {
	token  interp.Token
	choice list.List
}

var tokenAnswers = []struct{ key, name, does string }{
	{"s", "success", "you type the task's output"},
	{"f", "failure", "you choose an error and a cause"},
	{"h", "heartbeat", "the work goes on; the heartbeat clock starts anew"},
	{"y", "copy", "copy the token"},
}

func newTokenAsk(m *Model) *tokenAsk {
	t := &tokenAsk{token: m.view.Tokens[0].Token}
	for _, wait := range m.view.Tokens {
		if wait.Frame == m.view.Focus {
			t.token = wait.Token
		}
	}
	return t
}

func (t *tokenAsk) title(m *Model) (title, note string) {
	title = "Task token"
	for i, wait := range m.view.Tokens {
		if wait.Token == t.token {
			title += " of " + wait.State
			if n := len(m.view.Tokens); n > 1 {
				note = fmt.Sprintf("%d of %d, tab: next", i+1, n)
			}
		}
	}
	return title, note
}

func (t *tokenAsk) place(w, h int) (layout.Rect, bool) { return centered(w, h, 90, 17) }

func (t *tokenAsk) paste(*Model, string) {}

func (t *tokenAsk) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	switch name {
	case "esc", "q":
		m.pop()
		return nil
	case "up", "k":
		t.choice.Move(-1, len(tokenAnswers))
		return nil
	case "down", "j":
		t.choice.Move(1, len(tokenAnswers))
		return nil
	case "tab":
		for i, wait := range m.view.Tokens {
			if wait.Token == t.token {
				t.token = m.view.Tokens[(i+1)%len(m.view.Tokens)].Token
				break
			}
		}
		return nil
	case "enter":
		name = tokenAnswers[t.choice.Cursor].key
	}
	answer := command.Command{Verb: command.Token, TaskToken: string(t.token)}
	switch name {
	case "s":
		m.pop()
		m.push(t.success())
	case "f":
		m.pop()
		m.push(&tokenFailure{token: t.token, error: editor.Line("Callback.Failed"), cause: editor.Line("")})
	case "h":
		m.pop()
		answer.Name = "heartbeat"
		return m.do(answer)
	case "y":
		m.say("copied the token, where the terminal allows it", false)
		return tea.SetClipboard(string(t.token))
	}
	return nil
}

func (t *tokenAsk) draw(m *Model, a paint.Area) *tea.Position {
	y := 0
	for _, wait := range m.view.Tokens {
		if wait.Token != t.token {
			continue
		}
		a.At(1, 0).Put(theme.Dim, "SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat take this token:")
		if at := m.view.TokensAt; at != "" {
			a.At(1, 1).Put(theme.Dim, "--endpoint-url ").Put(theme.Plain, at)
		}
		y = 2
		for _, l := range paint.Wrap(string(wait.Token), a.W-4, a.Theme()) {
			a.At(2, y).Say(theme.Strong, l)
			y++
		}
		y++
		if wait.Submitted.Exists() {
			p := a.At(1, y).Put(theme.Dim, "first response  ")
			p.Until(a.W-1).Say(theme.Plain, wait.Submitted.String())
			y++
		}
		if !wait.Heartbeat.IsZero() {
			a.At(1, y).Put(theme.Dim, "heartbeat due   ").Put(theme.Plain, moment(wait.Heartbeat, m.view.Now))
			y++
		}
		if !wait.Timeout.IsZero() {
			a.At(1, y).Put(theme.Dim, "times out       ").Put(theme.Plain, moment(wait.Timeout, m.view.Now))
			y++
		}
		y++
	}
	if y == 0 {
		a.At(1, 0).Put(theme.Warn, "this token is no longer awaited")
		return nil
	}
	for i, c := range tokenAnswers {
		p := a.At(1, y+i)
		if i == t.choice.Cursor {
			p.Put(theme.Cursor, theme.GlyphHere)
		}
		p.To(3).Put(theme.Key, c.key).Put(theme.Strong, " "+c.name).To(16).Put(theme.Plain, c.does)
	}
	return nil
}

func (t *tokenAsk) hints(*Model) []keymap.Hint {
	return hint("s", "success", "f", "failure", "h", "heartbeat", "y", "copy", "esc", "back")
}

// success is the editor for the task's output.
func (t *tokenAsk) success() *editing {
	token := string(t.token)
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
