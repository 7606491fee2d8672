package jsonval

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
)

// Step is one step of a [Path]: a member's key, or, where Index is not
// negative, an array index.
type Step struct {
	Key   string
	Index int
}

// Key is the step to the member k.
func Key(k string) Step { return Step{Key: k, Index: -1} }

// Index is the step to item i.
func Index(i int) Step { return Step{Index: i} }

// Path is a place in a document, from the root down.
type Path []Step

// String is the path as a JSON Pointer (RFC 6901); the root is "".
func (p Path) String() string {
	var b strings.Builder
	for _, s := range p {
		b.WriteByte('/')
		if s.Index >= 0 {
			b.WriteString(strconv.Itoa(s.Index))
			continue
		}
		k := strings.ReplaceAll(s.Key, "~", "~0")
		b.WriteString(strings.ReplaceAll(k, "/", "~1"))
	}
	return b.String()
}

// ParsePointer reads a JSON Pointer. Whether "0" is an index or a key depends
// on the document, so it takes the one it is meant for.
func ParsePointer(doc Value, pointer string) (Path, error) {
	if pointer == "" {
		return nil, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("JSON pointer %q does not start with /", pointer)
	}
	var p Path
	at := doc
	for _, part := range strings.Split(pointer[1:], "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		if at.kind == Array {
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 {
				return nil, fmt.Errorf("JSON pointer %q: %q is not an index of the array at %q", pointer, part, p.String())
			}
			p, at = append(p, Index(i)), at.At(i)
			continue
		}
		p, at = append(p, Key(part)), at.Get(part)
	}
	return p, nil
}

// Lookup is the value at p; Undefined where there is none.
func (v Value) Lookup(p Path) Value {
	for _, s := range p {
		if s.Index >= 0 {
			v = v.At(s.Index)
		} else {
			v = v.Get(s.Key)
		}
	}
	return v
}

// PathError says why a document could not be changed at a place.
type PathError struct {
	At     Path   // the place that stands in the way
	Reason string // for example: is a string, not an object
}

func (e *PathError) Error() string {
	where := e.At.String()
	if where == "" {
		where = "the root"
	}
	return where + " " + e.Reason
}

// Set returns v with w at p. Objects that are missing on the way are made; an
// index must be one the array has. A [PathError] says what stands in the way.
func (v Value) Set(p Path, w Value) (Value, error) { return v.set(p, 0, w) }

func (v Value) set(p Path, depth int, w Value) (Value, error) {
	if depth == len(p) {
		return w, nil
	}
	s := p[depth]
	if s.Index >= 0 {
		if v.kind != Array {
			return Value{}, &PathError{p[:depth], "is " + v.described() + ", not an array"}
		}
		if s.Index >= len(v.node.items) {
			return Value{}, &PathError{p[:depth], fmt.Sprintf("has no item %d, only %d items", s.Index, len(v.node.items))}
		}
		old := v.node.items[s.Index]
		child, err := old.set(p, depth+1, w)
		if err != nil {
			return Value{}, err
		}
		items := make([]Value, len(v.node.items))
		copy(items, v.node.items)
		items[s.Index] = child
		changed := &node{items: items, size: v.node.size - old.Size() + child.Size()}
		if h := v.node.hash.Load(); h != 0 {
			changed.hash.Store(h - itemHash(s.Index, old) + itemHash(s.Index, child))
		}
		return Value{kind: Array, node: changed}, nil
	}
	if v.kind == Undefined {
		v = EmptyObject
	}
	if v.kind != Object {
		return Value{}, &PathError{p[:depth], "is " + v.described() + ", not an object"}
	}
	i := v.find(s.Key)
	if i < 0 {
		child, err := Value{}.set(p, depth+1, w)
		if err != nil {
			return Value{}, err
		}
		size := v.node.size + quotedLen(s.Key) + 1 + child.Size()
		if len(v.node.members) > 0 {
			size++ // the comma
		}
		grown := v.node.grow(Member{s.Key, child})
		grown.size = size
		if h := v.node.hash.Load(); h != 0 {
			grown.hash.Store(h + memberHash(len(v.node.members), s.Key, child))
		}
		return Value{kind: Object, node: grown}, nil
	}
	old := v.node.members[i].Value
	child, err := old.set(p, depth+1, w)
	if err != nil {
		return Value{}, err
	}
	members := make([]Member, len(v.node.members))
	copy(members, v.node.members)
	members[i].Value = child
	changed := &node{members: members, size: v.node.size - old.Size() + child.Size()}
	changed.index.Store(v.node.index.Load()) // same keys in the same places
	if h := v.node.hash.Load(); h != 0 {
		changed.hash.Store(h - memberHash(i, s.Key, old) + memberHash(i, s.Key, child))
	}
	return Value{kind: Object, node: changed}, nil
}

// Delete returns v without the member or item at p; v itself where there is
// none. Deleting the root gives Undefined.
func (v Value) Delete(p Path) Value {
	if len(p) == 0 {
		return Value{}
	}
	last := p[len(p)-1]
	parent := v.Lookup(p[:len(p)-1])
	switch {
	case last.Index >= 0 && parent.kind == Array && last.Index < parent.Len():
		items := make([]Value, 0, parent.Len()-1)
		items = append(items, parent.node.items[:last.Index]...)
		parent = OfItems(append(items, parent.node.items[last.Index+1:]...))
	case last.Index < 0 && parent.find(last.Key) >= 0:
		i := parent.find(last.Key)
		members := make([]Member, 0, parent.Len()-1)
		members = append(members, parent.node.members[:i]...)
		parent = OfMembers(append(members, parent.node.members[i+1:]...))
	default:
		return v
	}
	out, err := v.Set(p[:len(p)-1], parent)
	if err != nil {
		panic("jsonval: Delete found a parent that Set cannot: " + err.Error())
	}
	return out
}

func (v Value) described() string {
	switch v.kind {
	case Null:
		return "null"
	case Array, Object:
		return "an " + v.kind.String()
	}
	return "a " + v.kind.String()
}

// grow returns a new node with one member more. Objects that grow member by
// member share one array: each sees only its own beginning of it, and the first
// to claim the next free place gets it.
func (n *node) grow(m Member) *node {
	have := len(n.members)
	if n.used != nil && have < cap(n.members) && n.used.CompareAndSwap(int32(have), int32(have+1)) {
		members := n.members[:have+1]
		members[have] = m
		return &node{members: members, used: n.used}
	}
	members := make([]Member, have+1, have+1+have/2)
	copy(members, n.members)
	members[have] = m
	used := new(atomic.Int32)
	used.Store(int32(have + 1))
	return &node{members: members, used: used}
}
