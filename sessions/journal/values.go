package journal

import (
	"asldbg/interp/jsonval"
)

// A value of numbered bytes or more is written once and referred to by its
// number afterwards; one of patched bytes or more is written as a change of an
// earlier one where that is shorter.
const (
	numbered = 48
	patched  = 256
)

// values is what a Writer has written.
type values struct {
	number map[key]int
	recent [4]base // the newest large ones, which the next may be a change of
	turn   int     // the place in recent to use next
}

// key tells values apart: two different ones with the same key are not to be
// expected in the lifetime of the universe.
type key struct {
	hash uint64
	size int
}

type base struct {
	number int
	value  jsonval.Value
}

// appendValue writes a value as the member key: whole, as a change, or as a
// reference.
func (w *Writer) appendValue(line []byte, member string, v jsonval.Value) []byte {
	if !v.Exists() {
		return line
	}
	v = w.secrets.clean(v)
	if !isNumbered(v) {
		return v.AppendJSON(name(line, member))
	}
	if number, ok := w.written.number[key{v.Hash(), v.Size()}]; ok {
		return appendInt(name(line, member+"#"), number)
	}
	if change, ok := w.written.change(v); ok {
		line = append(name(line, member+"~"), change...)
	} else {
		line = v.AppendJSON(name(line, member))
	}
	return appendInt(name(line, member+"#"), w.written.add(v))
}

func isNumbered(v jsonval.Value) bool { return v.Size() >= numbered }

// add gives a value its number.
func (n *values) add(v jsonval.Value) (number int) {
	if n.number == nil {
		n.number = make(map[key]int)
	}
	number = len(n.number) + 1
	n.number[key{v.Hash(), v.Size()}] = number
	if v.Size() >= patched {
		n.recent[n.turn] = base{number, v}
		n.turn = (n.turn + 1) % len(n.recent)
	}
	return number
}

// mostChanges is how many differences a change may have.
const mostChanges = 16

// change writes v as a change of a recent value, if it is a small one.
func (n *values) change(v jsonval.Value) (text []byte, ok bool) {
	if v.Size() < patched {
		return nil, false
	}
	best := v.Size() / 2
	for _, b := range n.recent {
		if b.value.Kind() != v.Kind() || b.value.Size() > 2*v.Size() || v.Size() > 2*b.value.Size() {
			continue
		}
		changes := jsonval.Diff(b.value, v)
		if len(changes) > mostChanges {
			continue
		}
		candidate := appendChange(nil, b.number, changes)
		if len(candidate) > best {
			continue
		}
		// Member order and number text must come out the same, which a
		// difference by structure does not promise.
		again, err := applyChange(b.value, jsonval.MustParse(string(candidate)))
		if err == nil && again.Hash() == v.Hash() && again.Size() == v.Size() {
			text, best = candidate, len(candidate)
		}
	}
	return text, text != nil
}

// appendChange writes [base, {pointer: value, …}, [pointer, …]].
func appendChange(line []byte, number int, changes []jsonval.Change) []byte {
	line = append(appendInt(append(line, '['), number), ",{"...)
	for _, c := range changes {
		if c.Kind != jsonval.Removed {
			line = member(line, c.Path.String(), c.New)
		}
	}
	line = append(line, "},["...)
	first := true
	for _, c := range changes {
		if c.Kind == jsonval.Removed {
			if !first {
				line = append(line, ',')
			}
			line, first = jsonval.AppendQuoted(line, c.Path.String()), false
		}
	}
	return append(line, "]]"...)
}

// applyChange is v changed as change says.
func applyChange(v, change jsonval.Value) (jsonval.Value, error) {
	for pointer, to := range change.At(1).Members() {
		p, err := jsonval.ParsePointer(v, pointer)
		if err != nil {
			return v, err
		}
		if v, err = v.Set(p, to); err != nil {
			return v, err
		}
	}
	for _, pointer := range change.At(2).Items() {
		p, err := jsonval.ParsePointer(v, pointer.Text())
		if err != nil {
			return v, err
		}
		v = v.Delete(p)
	}
	return v, nil
}
