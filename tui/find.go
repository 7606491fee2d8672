package tui

import (
	"fmt"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// find is a search under way. It is gone when it is left.
type find struct {
	query    string
	n, total int
}

// findKey takes a key while searching: letters are the query, enter is the
// next match, up the one before, esc leaves the cursor where it is.
func (m *Model) findKey(k tea.KeyPressMsg) tea.Cmd {
	f := m.find
	switch name := k.String(); {
	case name == "esc":
		m.find = nil
	case name == "enter" || name == "down":
		m.findNext(1)
	case name == "up" || name == "shift+enter":
		m.findNext(-1)
	case name == "backspace":
		_, n := utf8.DecodeLastRuneInString(f.query)
		f.query = f.query[:len(f.query)-n]
		m.findNext(0)
	case name == "ctrl+u":
		f.query = ""
	case k.Text != "":
		f.query += k.Text
		m.findNext(0)
	}
	return nil
}

func (m *Model) findNext(dir int) {
	m.find.n, m.find.total = m.searcher()(m.find.query, dir)
}

// searcher searches what is in front: a layer that can be searched, or the pane
// with the focus.
func (m *Model) searcher() func(query string, dir int) (n, total int) {
	if n := len(m.layers); n > 0 {
		switch s := m.layers[n-1].(type) {
		case interface {
			search(query string, dir int) (n, total int)
		}:
			return s.search
		case interface {
			search(m *Model, query string, dir int) (n, total int)
		}:
			return func(query string, dir int) (n, total int) { return s.search(m, query, dir) }
		}
	}
	return m.scroller().search
}

// text is what the message line shows.
func (f *find) text() (prompt, note string) {
	switch {
	case f.query == "":
		note = "type what to find"
	case f.total == 0:
		note = "not found"
	default:
		note = fmt.Sprintf("%d of %d", f.n, f.total)
	}
	return "/" + f.query, note
}
