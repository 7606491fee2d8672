package jsonview

import (
	"strings"

	"asldbg/interp/jsonval"
)

// Move moves the cursor by n lines, up where n is negative.
func (v *View) Move(n int) {
	v.cursor = min(max(v.cursor+n, 0), max(len(v.lines)-1, 0))
	v.scroll()
}

// Page moves the cursor by n screens.
func (v *View) Page(n int) { v.Move(n * max(v.height-1, 1)) }

// Top moves the cursor to the first line.
func (v *View) Top() { v.Move(-len(v.lines)) }

// Bottom moves the cursor to the last line.
func (v *View) Bottom() { v.Move(len(v.lines)) }

// GoTo moves the cursor to a place and unfolds what hides it.
func (v *View) GoTo(p jsonval.Path) {
	hidden := false
	for i := range len(p) {
		at := p[:i].String()
		if _, ok := v.folded[at]; ok {
			delete(v.folded, at)
			hidden = true
		}
	}
	if hidden {
		v.layOut(p)
		return
	}
	v.cursor = v.find(p)
	v.scroll()
}

// Fold folds the array or object the cursor is at; where there is nothing to
// fold, the cursor goes to what is around it.
func (v *View) Fold() {
	if v.cursor >= len(v.lines) {
		return
	}
	switch ln := v.lines[v.cursor]; ln.shape {
	case open, closed:
		v.fold(v.path(v.cursor))
	default:
		if ln.parent >= 0 {
			v.cursor = int(ln.parent)
			v.scroll()
		}
	}
}

// Unfold opens what is folded under the cursor; where nothing is, the cursor
// goes into it.
func (v *View) Unfold() {
	if v.cursor >= len(v.lines) {
		return
	}
	p := v.path(v.cursor)
	switch v.lines[v.cursor].shape {
	case folded:
		delete(v.folded, p.String())
		v.layOut(p)
	case open:
		v.Move(1)
	}
}

// FoldAll folds everything below the array or object around the cursor, and
// UnfoldAll opens it.
func (v *View) FoldAll() {
	at := v.path(v.cursor)
	v.each(at, v.after.Lookup(at), func(p jsonval.Path, inner jsonval.Value) {
		if len(p) > len(at) && inner.Len() > 0 {
			v.remember(p)
		}
	})
	v.layOut(at)
}

// UnfoldAll opens everything folded at and below the cursor.
func (v *View) UnfoldAll() {
	at := v.path(v.cursor)
	prefix := at.String()
	for pointer := range v.folded {
		if pointer == prefix || strings.HasPrefix(pointer, prefix+"/") {
			delete(v.folded, pointer)
		}
	}
	v.layOut(at)
}

func (v *View) fold(p jsonval.Path) {
	v.remember(p)
	v.layOut(p)
}

func (v *View) remember(p jsonval.Path) {
	if v.folded == nil {
		v.folded = map[string]jsonval.Path{}
	}
	v.folded[p.String()] = append(jsonval.Path(nil), p...)
}

// each calls f for inner, which stands at p, and for everything in it. The path
// is only good during the call.
func (v *View) each(p jsonval.Path, inner jsonval.Value, f func(jsonval.Path, jsonval.Value)) {
	f(p, inner)
	for i, item := range inner.Items() {
		v.each(append(p, jsonval.Index(i)), item, f)
	}
	for k, member := range inner.Members() {
		v.each(append(p, jsonval.Key(k)), member, f)
	}
}

// Search moves the cursor to a place whose name or scalar has query in it,
// whatever the case: the next one after the cursor where dir is 1, the one
// before where it is -1, the cursor's own included where it is 0. It says which
// of how many it is; total is 0 when there is none.
func (v *View) Search(query string, dir int) (n, total int) {
	if query == "" {
		return 0, 0
	}
	here := v.path(v.cursor)
	var first, last, prev, next, own jsonval.Path
	prevN, nextN, ownN := 0, 0, 0
	passed := false
	query = strings.ToLower(query)
	v.each(nil, v.after, func(p jsonval.Path, inner jsonval.Value) {
		atCursor := equal(p, here)
		passed = passed || atCursor
		if !matches(query, p, inner) {
			return
		}
		total++
		at := append(jsonval.Path{}, p...)
		if first == nil {
			first = at
		}
		last = at
		switch {
		case atCursor:
			own, ownN = at, total
		case !passed:
			prev, prevN = at, total
		case next == nil:
			next, nextN = at, total
		}
	})
	if total == 0 {
		return 0, 0
	}
	if next == nil {
		next, nextN = first, 1
	}
	if prev == nil {
		prev, prevN = last, total
	}
	switch {
	case dir == 0 && own != nil:
		v.GoTo(own)
		return ownN, total
	case dir < 0:
		v.GoTo(prev)
		return prevN, total
	}
	v.GoTo(next)
	return nextN, total
}

func equal(a, b jsonval.Path) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// matches reports whether query, in lower case, is in the name or the scalar
// at p.
func matches(query string, p jsonval.Path, v jsonval.Value) bool {
	if len(p) > 0 && p[len(p)-1].Index < 0 && contains(p[len(p)-1].Key, query) {
		return true
	}
	switch v.Kind() {
	case jsonval.String, jsonval.Number:
		return contains(v.Text(), query)
	case jsonval.Bool, jsonval.Null:
		return contains(v.String(), query)
	}
	return false
}

func contains(s, query string) bool { return strings.Contains(strings.ToLower(s), query) }

// scroll makes the cursor visible.
func (v *View) scroll() {
	h := max(v.height, 1)
	v.top = min(v.top, v.cursor)
	if v.cursor >= v.top+h {
		v.top = v.cursor - h + 1
	}
	v.top = max(min(v.top, len(v.lines)-h), 0)
}

// Folded reports whether the line under the cursor is folded.
func (v *View) Folded() bool { return v.cursor < len(v.lines) && v.lines[v.cursor].shape == folded }
