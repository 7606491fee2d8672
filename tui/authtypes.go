package tui

import (
	"fmt"

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

// authTypes shows the held request under the three AuthTypes.
type authTypes struct {
	tab  int // where only one fits
	list list.List
	rows int
}

// compareAuth asks the session for the three requests and shows them.
func (m *Model) compareAuth() tea.Cmd {
	m.push(&authTypes{})
	return m.do(command.Command{Verb: command.AuthTypes})
}

func (t *authTypes) variants(m *Model) []sessions.AuthVariant {
	if r := m.view.Request(m.view.Focus); r != nil {
		return r.AuthTypes
	}
	return nil
}

func (t *authTypes) title(m *Model) (title, note string) {
	title = "The same call under the three AuthTypes"
	if n := len(t.variants(m)); layout.Tabs(m.w, m.h) && n > 0 {
		note = fmt.Sprintf("%d of %d, tab: next", t.tab%n+1, n)
	}
	return title, note
}

func (t *authTypes) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (t *authTypes) paste(*Model, string) {}

func (t *authTypes) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	b, _ := keymap.Of(k.String())
	switch b.Do {
	case keymap.Back, keymap.Leave, keymap.AuthTypes:
		m.pop()
	case keymap.NextPane:
		t.tab, t.list = t.tab+1, list.List{}
	default:
		scroll(&t.list, b.Do, t.rows)
	}
	return nil
}

func (t *authTypes) draw(m *Model, a paint.Area) *tea.Position {
	variants := t.variants(m)
	if len(variants) == 0 {
		a.At(1, 0).Put(theme.Dim, "The three requests are being made.")
		return nil
	}
	if layout.Tabs(m.w, m.h) {
		i := t.tab % len(variants)
		variants = variants[i : i+1]
	}
	width := (a.W - 1) / len(variants)
	var columns [][]request.Row
	t.rows = 0
	for i := range variants {
		var col []request.Row
		for _, r := range request.VariantRows(&variants[i]) {
			col = append(col, wrapped(r, width-3, a.Theme())...)
		}
		columns = append(columns, col)
		t.rows = max(t.rows, len(col))
	}
	drawColumns(a, &t.list, columns, 2, width)
	return nil
}

func (t *authTypes) hints(m *Model) []keymap.Hint {
	if layout.Tabs(m.w, m.h) {
		return hint("tab", "next AuthType", "j k", "scroll", "esc", "back")
	}
	return hint("j k", "scroll", "esc", "back")
}
