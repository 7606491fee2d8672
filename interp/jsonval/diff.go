package jsonval

// ChangeKind says how a place of a document changed.
type ChangeKind uint8

// The kinds of change.
const (
	Added ChangeKind = iota
	Changed
	Removed
)

// Change is one difference between two documents.
type Change struct {
	Path     Path
	Kind     ChangeKind
	Old, New Value // Old is Undefined when Added, New when Removed
}

// Diff lists what turns before into after, by structure: members by their
// names, items by their indexes. Shared parts cost nothing.
func Diff(before, after Value) []Change { return diff(nil, nil, before, after) }

func diff(out []Change, at Path, a, b Value) []Change {
	here := func() Path { return append(Path(nil), at...) }
	switch {
	case Same(a, b):
		return out
	case !a.Exists():
		return append(out, Change{here(), Added, a, b})
	case !b.Exists():
		return append(out, Change{here(), Removed, a, b})
	case a.kind == Object && b.kind == Object:
		for k, old := range a.Members() {
			out = diff(out, append(at, Key(k)), old, b.Get(k))
		}
		for k, v := range b.Members() {
			if a.find(k) < 0 {
				out = diff(out, append(at, Key(k)), Value{}, v)
			}
		}
		return out
	case a.kind == Array && b.kind == Array:
		for i := range max(a.Len(), b.Len()) {
			out = diff(out, append(at, Index(i)), a.At(i), b.At(i))
		}
		return out
	case !Equal(a, b):
		return append(out, Change{here(), Changed, a, b})
	}
	return out
}
