package jsonview

import "asldbg/interp/jsonval"

// shape is what a line shows of its value.
type shape uint8

const (
	leaf   shape = iota // a scalar, or an array or object without content
	open                // [ or {
	folded              // a whole array or object on one line
	closed              // ] or }
	blank               // nothing, beside a longer document
)

// mark says how a line changed.
type mark byte

const (
	same    mark = ' '
	added   mark = '+'
	changed mark = '~'
	removed mark = '-'
)

// line is one line of the layout.
type line struct {
	value  jsonval.Value
	step   jsonval.Step // its name or index in the parent
	parent int32        // the line that opens what it is in, -1 at the root
	number int32        // in the document after, 0 for removed lines
	before int32        // in the document before, 0 for added lines
	depth  int16
	shape  shape
	mark   mark
	last   bool // no comma follows
}

// changes is a tree of what differs between two documents, by place.
type changes struct {
	kind jsonval.ChangeKind
	here bool // this very place was added, changed or removed
	old  jsonval.Value
	kids map[jsonval.Step]*changes
	gone []jsonval.Change // removed from this array or object, in order
}

// compare finds what turns before into after; nil when nothing does.
func compare(before, after jsonval.Value) *changes {
	list := jsonval.Diff(before, after)
	if len(list) == 0 {
		return nil
	}
	root := &changes{}
	for _, c := range list {
		at := root
		path := c.Path
		if c.Kind == jsonval.Removed && len(path) > 0 {
			path = path[:len(path)-1]
		}
		for _, s := range path {
			next := at.kids[s]
			if next == nil {
				next = &changes{}
				if at.kids == nil {
					at.kids = map[jsonval.Step]*changes{}
				}
				at.kids[s] = next
			}
			at = next
		}
		if c.Kind == jsonval.Removed && len(c.Path) > 0 {
			at.gone = append(at.gone, c)
			continue
		}
		at.here, at.kind, at.old = true, c.Kind, c.Old
	}
	return root
}

// replaced reports whether after is a new document rather than a changed one:
// objects that have no member's name in common.
func replaced(before, after jsonval.Value) bool {
	if !before.Is(jsonval.Object) || !after.Is(jsonval.Object) || before.Len() == 0 || after.Len() == 0 {
		return before.Kind() != after.Kind()
	}
	for k := range after.Members() {
		if before.Get(k).Exists() {
			return false
		}
	}
	return true
}

// folds is a tree of what is folded, by place.
type folds struct {
	folded bool
	kids   map[jsonval.Step]*folds
}

func (f *folds) at(s jsonval.Step) *folds {
	if f == nil {
		return nil
	}
	return f.kids[s]
}

// foldTree turns folded places into a tree.
func foldTree(places map[string]jsonval.Path) *folds {
	root := &folds{}
	for _, p := range places {
		at := root
		for _, s := range p {
			next := at.kids[s]
			if next == nil {
				next = &folds{}
				if at.kids == nil {
					at.kids = map[jsonval.Step]*folds{}
				}
				at.kids[s] = next
			}
			at = next
		}
		at.folded = true
	}
	return root
}

// layout builds the lines of after, with what is gone from before in between.
type layout struct {
	lines    []line
	old      map[int32]jsonval.Value // of a changed line: what it was
	marks    int                     // lines with a mark
	n, nWere int32
}

func (l *layout) add(v jsonval.Value, s jsonval.Step, parent int32, depth int, sh shape, m mark, last bool) int32 {
	ln := line{value: v, step: s, parent: parent, depth: int16(depth), shape: sh, mark: m, last: last}
	if m != removed {
		l.n++
		ln.number = l.n
	}
	if m != added {
		l.nWere++
		ln.before = l.nWere
	}
	if m != same {
		l.marks++
	}
	l.lines = append(l.lines, ln)
	return int32(len(l.lines) - 1)
}

// value lays out v and everything in it. A mark other than same is that of all
// lines; c says what changed inside otherwise.
func (l *layout) value(v jsonval.Value, s jsonval.Step, parent int32, depth int, m mark, c *changes, f *folds, last bool) {
	if c != nil && c.here {
		switch {
		case c.kind == jsonval.Added:
			m = added
		case c.old.Len() > 0 || v.Len() > 0: // at least one of the two has lines of its own
			l.value(c.old, s, parent, depth, removed, nil, f, true)
			m = added
		default:
			at := l.add(v, s, parent, depth, leaf, changed, last)
			l.old[at] = c.old
			return
		}
		c = nil
	}
	if v.Len() == 0 && (c == nil || len(c.gone) == 0) {
		l.add(v, s, parent, depth, leaf, m, last)
		return
	}
	if f != nil && f.folded {
		if c != nil {
			m = changed
		}
		l.add(v, s, parent, depth, folded, m, last)
		return
	}
	at := l.add(v, s, parent, depth, open, m, true)
	n := v.Len()
	var gone []jsonval.Change
	if c != nil {
		gone = c.gone
	}
	kid := func(i int, step jsonval.Step, kv jsonval.Value) {
		var kc *changes
		if c != nil {
			kc = c.kids[step]
		}
		l.value(kv, step, at, depth+1, m, kc, f.at(step), i == n-1)
	}
	if v.Is(jsonval.Array) {
		for i, item := range v.Items() {
			kid(i, jsonval.Index(i), item)
		}
	} else {
		i := 0
		for k, member := range v.Members() {
			kid(i, jsonval.Key(k), member)
			i++
		}
	}
	for _, g := range gone {
		step := g.Path[len(g.Path)-1]
		l.value(g.Old, step, at, depth+1, removed, nil, f.at(step), true)
	}
	l.add(v, s, at, depth, closed, m, last)
}
