package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"asldbg/sessions/command"
	"asldbg/tui/jsonview"
	"asldbg/tui/keymap"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// layer is something in front of the panes that takes the keys: a question, an
// editor, a text to read.
type layer interface {
	key(m *Model, k tea.KeyPressMsg) tea.Cmd
	paste(m *Model, text string)
	title(m *Model) (title, note string)
	// place is where its box stands; full says that nothing else is seen.
	place(w, h int) (r layout.Rect, full bool)
	// draw fills the box and says where the terminal's cursor belongs, nil for
	// nowhere.
	draw(m *Model, a paint.Area) *tea.Position
	hints(m *Model) []keymap.Hint
}

func (m *Model) push(l layer) { m.layers = append(m.layers, l) }

func (m *Model) pop() { m.layers = m.layers[:len(m.layers)-1] }

// whole is the whole body.
func whole(w, h int) (layout.Rect, bool) { return layout.Rect{X: 0, Y: 1, W: w, H: h - 3}, true }

// centered is a box of at most w by h in the middle of the body.
func centered(screenW, screenH, w, h int) (layout.Rect, bool) {
	if w > screenW-8 {
		w = screenW
	}
	h = min(h, screenH-3)
	return layout.Rect{X: (screenW - w) / 2, Y: 1 + (screenH-3-h)/2, W: w, H: h}, false
}

func hint(pairs ...string) []keymap.Hint {
	var out []keymap.Hint
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, keymap.Hint{Keys: pairs[i], Text: pairs[i+1], Tiny: pairs[i+1]})
	}
	return out
}

// lines is a list of rows to read: it scrolls and is searched.
type lines struct {
	list list.List
	rows []string
}

func (l *lines) paste(*Model, string) {}

func (l *lines) search(query string, dir int) (n, total int) {
	return l.list.Search(len(l.rows), func(i int) string { return l.rows[i] }, query, dir)
}

// scrollKey moves where a key says so, starts a search, or closes the layer.
func (l *lines) scrollKey(m *Model, k tea.KeyPressMsg) {
	name := k.String()
	b, _ := keymap.Of(name)
	n := len(l.rows)
	switch {
	case name == "enter" || b.Do == keymap.Back || b.Do == keymap.Leave || b.Do == keymap.Help:
		m.pop()
	case b.Do == keymap.Up:
		l.list.Move(-1, n)
	case b.Do == keymap.Down:
		l.list.Move(1, n)
	case b.Do == keymap.PageUp:
		l.list.Page(-1, n)
	case b.Do == keymap.PageDown:
		l.list.Page(1, n)
	case b.Do == keymap.First:
		l.list.Move(-n, n)
	case b.Do == keymap.Last:
		l.list.Move(n, n)
	case b.Do == keymap.Find:
		m.find = &find{}
	}
}

func (l *lines) hints(*Model) []keymap.Hint {
	return hint("j k", "scroll", "/", "find", "y", "copy", "esc", "back")
}

// reader shows a text in full.
type reader struct {
	lines
	name, text string
	copies     string // what y copies instead of text, "" for text
	width      int
}

func newReader(name, text string) *reader { return &reader{name: name, text: text} }

func (r *reader) title(*Model) (title, note string) { return r.name, jsonview.Size(len(r.text)) }

func (r *reader) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (r *reader) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "y" {
		m.say("copied, where the terminal allows it", false)
		if r.copies != "" {
			return tea.SetClipboard(r.copies)
		}
		return tea.SetClipboard(r.text)
	}
	r.scrollKey(m, k)
	return nil
}

func (r *reader) draw(_ *Model, a paint.Area) *tea.Position {
	if r.width != a.W || r.rows == nil {
		r.width = a.W
		r.rows = paint.Wrap(r.text, a.W-3, a.Theme())
	}
	from, to := r.list.Window(a.H, len(r.rows))
	for i := from; i < to; i++ {
		p := a.At(0, i-from)
		if i == r.list.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		p.To(2).Say(theme.Plain, r.rows[i])
	}
	return nil
}

// help lists every key: what it does, and why it does not work now.
type help struct {
	lines
	made  []helpRow
	width int
}

// helpRow is a row of the help: a head, or keys, or a part of what they do.
type helpRow struct {
	head, keys, text string
	at               int // the column of the text
	idle             bool
}

func (h *help) title(*Model) (title, note string) { return "Help: every key", "/ searches" }

func (h *help) place(w, height int) (layout.Rect, bool) { return whole(w, height) }

func (h *help) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	h.scrollKey(m, k)
	return nil
}

func (h *help) hints(*Model) []keymap.Hint {
	return hint("j k", "scroll", "/", "find", "esc", "back")
}

func (h *help) build(m *Model, a paint.Area) {
	h.made, h.rows, h.width = nil, nil, a.W
	s := m.situation()
	group := ""
	for _, b := range keymap.Bindings() {
		if b.Group != group {
			if group != "" {
				h.row(helpRow{}, "")
			}
			group = b.Group
			h.row(helpRow{head: group}, group)
		}
		h.entry(a, b.Labels(), b.Long, b.Can(s))
	}
	h.row(helpRow{}, "")
	const commands = "Commands, typed after : or in a script"
	h.row(helpRow{head: commands}, commands)
	for _, spec := range command.Specs() {
		h.entry(a, spec.Usage, spec.Help, "")
	}
}

// The columns of keys and of what they do.
const (
	helpKeys = 3
	helpText = 21
)

// entry adds keys and what they do, on as many rows as that takes. All of it is
// found in the first.
func (h *help) entry(a paint.Area, keys, text, why string) {
	found := keys + " " + text
	if why != "" {
		text += "  (now: " + why + ")"
	}
	text = a.Theme().Words(text)
	r := helpRow{keys: keys, at: helpText, idle: why != ""}
	if end := helpKeys + a.Width(keys) + 2; end > helpText {
		if r.at = end; end+a.Width(text) >= a.W {
			for i, part := range paint.Wrap(keys, a.W-helpKeys-1, a.Theme()) {
				if h.row(helpRow{keys: part}, found); i == 0 {
					found = ""
				}
			}
			r.keys, r.at = "", helpText
		}
	}
	for _, part := range paint.Wrap(text, a.W-r.at-1, a.Theme()) {
		r.text = part
		h.row(r, found)
		r.keys, found = "", ""
	}
}

func (h *help) row(r helpRow, found string) {
	h.made, h.rows = append(h.made, r), append(h.rows, found)
}

func (h *help) draw(m *Model, a paint.Area) *tea.Position {
	if h.width != a.W {
		h.build(m, a)
	}
	from, to := h.list.Window(a.H, len(h.made))
	for i := from; i < to; i++ {
		r := h.made[i]
		p := a.At(0, i-from)
		if i == h.list.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		if r.head != "" {
			p.To(1).Put(theme.Strong, r.head)
			continue
		}
		p.To(helpKeys).Put(theme.Key, r.keys)
		role := theme.Plain
		if r.idle {
			role = theme.Dim
		}
		p.To(r.at).Say(role, r.text)
	}
	return nil
}

// confirm asks whether to do something that cannot be taken back.
type confirm struct {
	text, yes, word string
	then            func(*Model) tea.Cmd
}

func (c *confirm) title(*Model) (title, note string) { return "Sure?", "" }

func (c *confirm) place(w, h int) (layout.Rect, bool) {
	const width = 64
	return centered(w, h, width, max(7, 5+len(paint.Wrap(c.text, width-6, theme.Theme{}))))
}

func (c *confirm) paste(*Model, string) {}

func (c *confirm) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch name := k.String(); name {
	case c.yes, "y":
		m.pop()
		return c.then(m)
	case "esc", "n":
		m.pop()
	default:
		m.say(fmt.Sprintf("%s to %s, esc to stay", c.yes, c.word), false)
	}
	return nil
}

func (c *confirm) draw(_ *Model, a paint.Area) *tea.Position {
	lines := paint.Wrap(c.text, a.W-4, a.Theme())
	if most := a.H - 2; len(lines) > most && most > 0 {
		lines = lines[:most] // what to press is always there
	}
	for y, l := range lines {
		a.At(2, y).Say(theme.Plain, l)
	}
	a.At(2, len(lines)+1).Put(theme.Key, c.yes).Put(theme.Plain, " "+c.word+"     ").Put(theme.Key, "esc").Put(theme.Plain, " stay")
	return nil
}

func (c *confirm) hints(*Model) []keymap.Hint { return hint(c.yes, c.word, "esc", "stay") }

// comparison shows two documents and how they differ.
type comparison struct {
	name, what string
	view       jsonview.View
}

func (c *comparison) title(*Model) (title, note string) {
	switch {
	case c.view.Changed():
		return c.name, "they differ"
	case c.view.Replaced():
		return c.name, "nothing in common"
	}
	return c.name, "equal"
}

func (c *comparison) place(w, h int) (layout.Rect, bool) { return whole(w, h) }

func (c *comparison) paste(*Model, string) {}

func (c *comparison) search(query string, dir int) (n, total int) { return c.view.Search(query, dir) }

func (c *comparison) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	b, _ := keymap.Of(k.String())
	switch b.Do {
	case keymap.Back, keymap.Leave, keymap.Compare:
		m.pop()
	case keymap.Up:
		c.view.Move(-1)
	case keymap.Down:
		c.view.Move(1)
	case keymap.PageUp:
		c.view.Page(-1)
	case keymap.PageDown:
		c.view.Page(1)
	case keymap.First:
		c.view.Top()
	case keymap.Last:
		c.view.Bottom()
	case keymap.Left:
		c.view.Fold()
	case keymap.Right:
		c.view.Unfold()
	case keymap.ViewMode:
		c.view.SetMode(c.view.Mode().Next())
	case keymap.Find:
		m.find = &find{}
	}
	return nil
}

func (c *comparison) draw(_ *Model, a paint.Area) *tea.Position {
	half := (a.W - 1) / 2
	if c.view.Mode() == jsonview.Both {
		a.At(5, 0).Put(theme.Dim, c.what)
		a.At(half+6, 0).Put(theme.Dim, "the body that is sent")
	} else {
		a.At(5, 0).Put(theme.Dim, "from "+c.what+" to the body that is sent")
	}
	c.view.Draw(a.Rows(2, a.H), true)
	return nil
}

func (c *comparison) hints(*Model) []keymap.Hint {
	return hint("j k", "move", "h l", "fold", "v", "view", "/", "find", "esc", "back")
}
