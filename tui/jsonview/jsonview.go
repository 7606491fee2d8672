package jsonview

import (
	"asldbg/interp/jsonval"
)

// Mode says what of two documents is shown.
type Mode uint8

// The modes.
const (
	Changes Mode = iota // the later document with marks, and what is gone from the earlier one
	After               // the later document alone
	Both                // the two side by side
	numModes
)

var modeNames = [...]string{"changes", "after", "both"}

// String is the mode's name on the screen.
func (m Mode) String() string { return modeNames[m] }

// Next is the mode after m.
func (m Mode) Next() Mode { return (m + 1) % numModes }

// View is a document on screen, with its folds and its cursor. The zero value
// shows nothing.
type View struct {
	before, after jsonval.Value
	mode          Mode
	folded        map[string]jsonval.Path // by JSON pointer

	lines    []line
	left     []line // of the document before, side by side with one it has nothing in common with
	old      map[int32]jsonval.Value
	marks    int
	total    int // lines of the document after, as laid out
	replaced bool

	cursor, top int
	height      int // rows of the last drawing
}

// Show changes the documents. An Undefined before means there is nothing to
// compare with. The cursor and the folds stay where they are, by pointer.
func (v *View) Show(before, after jsonval.Value) {
	if jsonval.Same(v.before, before) && jsonval.Same(v.after, after) && v.lines != nil {
		return
	}
	at := v.path(v.cursor)
	v.before, v.after = before, after
	v.layOut(at)
}

// Mode is what is shown of the two documents.
func (v *View) Mode() Mode { return v.mode }

// SetMode changes what is shown of the two documents.
func (v *View) SetMode(m Mode) {
	if m == v.mode {
		return
	}
	at := v.path(v.cursor)
	v.mode = m
	v.layOut(at)
}

// Document is the later document.
func (v *View) Document() jsonval.Value { return v.after }

// Lines is how many lines the later document has, as it is folded.
func (v *View) Lines() int { return v.total }

// Changed reports whether any line has a mark.
func (v *View) Changed() bool { return v.marks > 0 }

// Replaced reports whether the later document has nothing in common with the
// earlier one; then no marks are shown.
func (v *View) Replaced() bool { return v.replaced }

// Cursor is the place and the value of the line under the cursor. Gone says
// that it is only in the earlier document.
func (v *View) Cursor() (at jsonval.Path, value jsonval.Value, gone bool) {
	if v.cursor >= len(v.lines) {
		return nil, v.after, false
	}
	return v.path(v.cursor), v.lines[v.cursor].value, v.lines[v.cursor].mark == removed
}

// layOut makes the lines anew and puts the cursor back to the place at.
func (v *View) layOut(at jsonval.Path) {
	l := layout{lines: make([]line, 0, len(v.lines)+16), old: map[int32]jsonval.Value{}}
	var c *changes
	v.replaced = v.before.Exists() && replaced(v.before, v.after)
	if v.mode != After && v.before.Exists() && !v.replaced {
		c = compare(v.before, v.after)
	}
	if v.after.Exists() {
		l.value(v.after, jsonval.Step{}, -1, 0, same, c, foldTree(v.folded), true)
	}
	v.lines, v.old, v.marks, v.total, v.left = l.lines, l.old, l.marks, int(l.n), nil
	if v.mode == Both && v.replaced {
		v.layOutBefore()
	}
	v.cursor = v.find(at)
	v.scroll()
}

// layOutBefore makes the lines of the document before, which has nothing in
// common with the one after, and makes the list as long as the longer of both.
func (v *View) layOutBefore() {
	l := layout{}
	l.value(v.before, jsonval.Step{}, -1, 0, same, nil, foldTree(v.folded), true)
	v.left = l.lines
	for len(v.lines) > 0 && len(v.lines) < len(v.left) {
		v.lines = append(v.lines, line{parent: -1, shape: blank})
	}
}

// path is the place line i shows; the line that closes an array or object
// shows the same place as the one that opens it.
func (v *View) path(i int) jsonval.Path {
	if i >= len(v.lines) {
		return nil
	}
	if v.lines[i].shape == closed {
		i = int(v.lines[i].parent)
	}
	depth := 0
	for at := i; v.lines[at].parent >= 0; at = int(v.lines[at].parent) {
		depth++
	}
	p := make(jsonval.Path, depth)
	for at := i; v.lines[at].parent >= 0; at = int(v.lines[at].parent) {
		depth--
		p[depth] = v.lines[at].step
	}
	return p
}

// find is the line that shows a place, or the nearest place around it.
func (v *View) find(p jsonval.Path) int {
	at, from := 0, 1
	for _, s := range p {
		next := -1
		for i := from; i < len(v.lines); i++ {
			ln := &v.lines[i]
			if ln.parent < int32(at) {
				break // past the end of what line at opens
			}
			if ln.parent == int32(at) && ln.step == s && ln.shape != closed && (next < 0 || ln.mark != removed) {
				next = i
				if ln.mark != removed {
					break
				}
			}
		}
		if next < 0 {
			return at
		}
		at, from = next, next+1
	}
	return min(at, max(len(v.lines)-1, 0))
}
