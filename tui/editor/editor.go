package editor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Editor is a text being edited. Make one with [New] or [Line].
type Editor struct {
	lines    []string
	row, col int // col in bytes, between characters
	single   bool
	top      int // first row shown
	left     int // first column shown
	height   int
	undo     []state
	typing   bool // the last change was a character: the next one joins it
	checked  bool
	err      error
	errAt    int // the line with the mistake, -1: none
}

type state struct {
	lines    []string
	row, col int
}

// mostUndo is how many changes can be taken back.
const mostUndo = 200

// New edits a text of several lines.
func New(text string) *Editor { return &Editor{lines: strings.Split(tidy(text), "\n")} }

// Line edits one line, with the cursor at its end.
func Line(text string) *Editor {
	e := &Editor{single: true, lines: []string{strings.ReplaceAll(tidy(text), "\n", " ")}}
	e.end()
	return e
}

// tidy makes line ends alike and tabs visible.
func tidy(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "  ").Replace(text)
}

// Text is what stands in the editor.
func (e *Editor) Text() string { return strings.Join(e.lines, "\n") }

// SetText replaces everything and puts the cursor at the end.
func (e *Editor) SetText(text string) {
	e.remember()
	e.lines = strings.Split(tidy(text), "\n")
	e.row = len(e.lines) - 1
	e.end()
}

// JSON is the text as a JSON value. Its error names the line and the column.
func (e *Editor) JSON() (jsonval.Value, error) {
	text := e.Text()
	v, err := jsonval.Parse(text)
	var syntax *jsonval.SyntaxError
	if errors.As(err, &syntax) {
		line, column := position(text, syntax.Offset)
		return v, fmt.Errorf("line %d, column %d: %w", line, column, err)
	}
	return v, err
}

// position is the line and the column of a byte, both from 1.
func position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// ShowMistake moves the cursor to where the text stops being JSON.
func (e *Editor) ShowMistake() {
	var syntax *jsonval.SyntaxError
	if _, err := jsonval.Parse(e.Text()); errors.As(err, &syntax) {
		before := e.Text()[:min(syntax.Offset, len(e.Text()))]
		e.row = strings.Count(before, "\n")
		e.col = len(before) - strings.LastIndexByte(before, '\n') - 1
	}
}

// Key does what a key says, named as the terminal program names it; text is
// what it types. It reports whether the key meant anything here.
func (e *Editor) Key(name, text string) bool {
	typing := e.typing
	e.typing = false
	switch name {
	case "left", "ctrl+b":
		e.back()
	case "right", "ctrl+f":
		e.forward()
	case "up", "ctrl+p":
		return e.vertical(-1)
	case "down", "ctrl+n":
		return e.vertical(1)
	case "pgup":
		return e.vertical(-max(e.height-1, 1))
	case "pgdown":
		return e.vertical(max(e.height-1, 1))
	case "home", "ctrl+a":
		e.col = 0
	case "end", "ctrl+e":
		e.end()
	case "ctrl+home":
		e.row, e.col = 0, 0
	case "ctrl+end":
		e.row = len(e.lines) - 1
		e.end()
	case "enter", "shift+enter":
		if e.single {
			return false
		}
		e.remember()
		e.newline()
	case "tab":
		if e.single {
			return false
		}
		e.remember()
		e.put("  ")
	case "backspace", "ctrl+h":
		e.remember()
		e.rubOut()
	case "delete", "ctrl+d":
		e.remember()
		e.forwardDelete()
	case "ctrl+k":
		e.remember()
		e.lines[e.row] = e.lines[e.row][:e.col]
	case "ctrl+u":
		e.remember()
		e.lines[e.row] = e.lines[e.row][e.col:]
		e.col = 0
	case "ctrl+w", "alt+backspace":
		e.remember()
		e.rubWord()
	case "ctrl+z":
		e.takeBack()
	default:
		if text == "" {
			return false
		}
		if !typing {
			e.remember()
		}
		e.put(text)
		e.typing = true
	}
	return true
}

// Paste puts a text in at the cursor.
func (e *Editor) Paste(text string) {
	e.remember()
	e.typing = false
	parts := strings.Split(tidy(text), "\n")
	if e.single {
		e.put(strings.Join(parts, " "))
		return
	}
	for i, p := range parts {
		if i > 0 {
			rest := e.lines[e.row][e.col:]
			e.lines[e.row] = e.lines[e.row][:e.col]
			e.lines = slices.Insert(e.lines, e.row+1, rest)
			e.row, e.col = e.row+1, 0
		}
		e.put(p)
	}
}

// remember keeps the text for ctrl-z.
func (e *Editor) remember() {
	e.checked = false
	e.undo = append(e.undo, state{slices.Clone(e.lines), e.row, e.col})
	if len(e.undo) > mostUndo {
		e.undo = e.undo[1:]
	}
}

func (e *Editor) takeBack() {
	if n := len(e.undo); n > 0 {
		s := e.undo[n-1]
		e.lines, e.row, e.col, e.undo = s.lines, s.row, s.col, e.undo[:n-1]
		e.checked = false
	}
}

func (e *Editor) put(text string) {
	e.checked = false
	l := e.lines[e.row]
	e.lines[e.row] = l[:e.col] + text + l[e.col:]
	e.col += len(text)
}

// newline breaks the line and goes in as far as the line above.
func (e *Editor) newline() {
	l := e.lines[e.row]
	indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
	indent = indent[:min(len(indent), e.col)]
	before := strings.TrimRight(l[:e.col], " ")
	if strings.HasSuffix(before, "{") || strings.HasSuffix(before, "[") {
		indent += "  "
	}
	e.lines[e.row] = l[:e.col]
	e.lines = slices.Insert(e.lines, e.row+1, indent+strings.TrimLeft(l[e.col:], " "))
	e.row, e.col = e.row+1, len(indent)
}

func (e *Editor) end() { e.col = len(e.lines[e.row]) }

// before is the start of the character that ends at e.col.
func (e *Editor) before() int {
	l, at := e.lines[e.row], 0
	for at < e.col {
		_, _, n := paint.Next(l[at:], theme.Theme{Clusters: true})
		if at+n >= e.col {
			return at
		}
		at += n
	}
	return at
}

func (e *Editor) back() {
	switch {
	case e.col > 0:
		e.col = e.before()
	case e.row > 0:
		e.row--
		e.end()
	}
}

func (e *Editor) forward() {
	switch l := e.lines[e.row]; {
	case e.col < len(l):
		_, _, n := paint.Next(l[e.col:], theme.Theme{Clusters: true})
		e.col += n
	case e.row < len(e.lines)-1:
		e.row, e.col = e.row+1, 0
	}
}

// vertical moves the cursor by n rows, to about the same column.
func (e *Editor) vertical(n int) bool {
	if e.single {
		return false
	}
	t := theme.Theme{Clusters: true}
	want := paint.Width(e.lines[e.row][:e.col], t)
	e.row = min(max(e.row+n, 0), len(e.lines)-1)
	e.col = 0
	for l := e.lines[e.row]; e.col < len(l); {
		_, w, size := paint.Next(l[e.col:], t)
		if want -= w; want < 0 {
			break
		}
		e.col += size
	}
	return true
}

func (e *Editor) rubOut() {
	switch l := e.lines[e.row]; {
	case e.col > 0:
		at := e.before()
		e.lines[e.row] = l[:at] + l[e.col:]
		e.col = at
	case e.row > 0:
		e.col = len(e.lines[e.row-1])
		e.lines[e.row-1] += l
		e.lines = slices.Delete(e.lines, e.row, e.row+1)
		e.row--
	}
}

func (e *Editor) forwardDelete() {
	row, col := e.row, e.col
	e.forward()
	if e.row != row || e.col != col {
		e.rubOut()
	}
}

func (e *Editor) rubWord() {
	l := e.lines[e.row]
	head := strings.TrimRight(l[:e.col], " ")
	head = head[:strings.LastIndexAny(head, " \",:{}[]/.")+1]
	if len(head) == e.col && e.col > 0 {
		head = l[:e.before()]
	}
	e.lines[e.row] = head + l[e.col:]
	e.col = len(head)
}

// Draw fills a with the text and says where the terminal's cursor belongs, in
// a's coordinates. Lines are numbered where there are several.
func (e *Editor) Draw(a paint.Area) (x, y int) {
	gutter := 0
	if !e.single {
		gutter = max(len(fmt.Sprint(len(e.lines))), 3) + 2
	}
	if a.H < 1 || a.W <= gutter+2 {
		return 0, 0
	}
	e.height = a.H
	e.top = max(min(e.top, e.row), e.row-a.H+1)
	at := a.Width(e.lines[e.row][:e.col])
	room := a.W - gutter - 1
	e.left = max(min(e.left, at-min(8, at)), at-room+1)
	for y := range a.H {
		i := e.top + y
		if i >= len(e.lines) {
			break
		}
		if gutter > 0 {
			number := fmt.Sprint(i + 1)
			role := theme.Dim
			if e.checked && e.err != nil && i == e.errAt {
				role = theme.Failed
				a.At(0, y).Put(role, theme.GlyphFailed)
			}
			a.At(gutter-1-len(number), y).Put(role, number)
		}
		e.line(a.Sub(gutter, y, a.W-gutter, 1), e.lines[i])
	}
	return gutter + at - e.left, e.row - e.top
}

// line draws one line from column e.left on.
func (e *Editor) line(a paint.Area, l string) {
	col := 0
	for l != "" && col < e.left {
		_, w, n := paint.Next(l, a.Theme())
		col += w
		l = l[n:]
	}
	const widest = 8 // bytes a column may take; what is beyond is not shown
	if most := a.W * widest; len(l) > most {
		for most > 0 && !utf8.RuneStart(l[most]) {
			most--
		}
		l = l[:most]
	}
	a.At(col-e.left, 0).Say(theme.Plain, l)
}

// Check says how the text stands as JSON: its size, or the first mistake.
func (e *Editor) Check() (note string, ok bool) {
	if !e.checked {
		e.checked = true
		_, e.err = e.JSON()
		e.errAt = -1
		var syntax *jsonval.SyntaxError
		if errors.As(e.err, &syntax) {
			line, _ := position(e.Text(), syntax.Offset)
			e.errAt = line - 1
		}
	}
	if e.err != nil {
		return e.err.Error(), false
	}
	return "valid JSON", true
}
