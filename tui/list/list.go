// Package list is a cursor in a list that is drawn a screenful at a time.
//
// The one idea: panes keep what they list; a [List] only knows which line the
// cursor is on and which line is at the top, so every list scrolls and is
// searched in the same way.
package list

import "strings"

// List is a place in a list. The zero value is its top.
type List struct {
	Cursor int
	top    int
	height int  // rows of the last drawing
	center bool // the next drawing has the cursor in the middle
}

// Move moves the cursor by n lines of a list of total lines.
func (l *List) Move(n, total int) { l.Cursor = min(max(l.Cursor+n, 0), max(total-1, 0)) }

// Page moves the cursor by n screens.
func (l *List) Page(n, total int) { l.Move(n*max(l.height-1, 1), total) }

// Window says which of total lines are shown in h rows: the cursor among them.
func (l *List) Window(h, total int) (from, to int) {
	l.height = h
	l.Move(0, total)
	if l.center {
		l.center, l.top = false, max(l.Cursor-h/2, 0)
	}
	l.top = min(l.top, l.Cursor)
	l.top = max(l.top, l.Cursor-h+1)
	l.top = max(min(l.top, total-h), 0)
	return l.top, min(l.top+h, total)
}

// Center puts the cursor on line at; the next Window has lines above and below
// it.
func (l *List) Center(at int) { l.Cursor, l.center = at, true }

// Search moves the cursor to a line that has query in it, whatever the case: the
// next after the cursor where dir is 1, the one before where it is -1, the
// cursor's own or the next where it is 0; it goes round at the ends. It says
// which of how many it is; both are 0 when there is none.
func (l *List) Search(total int, text func(int) string, query string, dir int) (n, of int) {
	if query == "" {
		return 0, 0
	}
	query = strings.ToLower(query)
	var found []int
	for i := range total {
		if strings.Contains(strings.ToLower(text(i)), query) {
			found = append(found, i)
		}
	}
	at := Nearest(found, l.Cursor, dir)
	if at < 0 {
		return 0, 0
	}
	l.Cursor = found[at]
	return at + 1, len(found)
}

// Nearest picks one of places, which grow: the next after from where dir is 1,
// the one before where it is -1, from's own or the next where it is 0; it goes
// round at the ends. It is -1 for no places.
func Nearest(places []int, from, dir int) int {
	if len(places) == 0 {
		return -1
	}
	if dir < 0 {
		for i := len(places) - 1; i >= 0; i-- {
			if places[i] < from {
				return i
			}
		}
		return len(places) - 1
	}
	for i, at := range places {
		if at > from || dir == 0 && at == from {
			return i
		}
	}
	return 0
}
