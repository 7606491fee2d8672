package jsonval

import (
	"iter"
	"math"
	"strconv"
	"sync/atomic"
)

// Kind says what a [Value] is.
type Kind uint8

// The kinds. Undefined is the zero Value: no JSON value at all, such as a
// member that is not there. It never appears inside another Value.
const (
	Undefined Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"undefined", "null", "boolean", "number", "string", "array", "object"}

// String is the kind's name as JSON and AWS's messages write it.
func (k Kind) String() string { return kindNames[k] }

// Value is one immutable JSON value. The zero Value is Undefined.
type Value struct {
	kind Kind
	flag bool   // Bool
	text string // String: its characters; Number: as it was written
	node *node  // Array, Object
}

// Member is one name and value of an object.
type Member struct {
	Key   string
	Value Value
}

// node is the shared, frozen part of an array or object.
type node struct {
	items   []Value
	members []Member
	size    int                              // bytes of compact text
	index   atomic.Pointer[map[string]int32] // of a large object that is often searched
	asked   atomic.Int32                     // lookups without an index so far
	used    *atomic.Int32                    // of members' array, shared by all objects that were grown from it; nil: not growable
	hash    atomic.Uint64                    // of Hash, once it was asked for
}

// An object of indexed members or more gets an index once it has been searched
// often times: making one costs about as much as that.
const (
	indexed = 16
	often   = 8
)

// Simple values.
var (
	NullValue   = Value{kind: Null}
	True        = Value{kind: Bool, flag: true}
	False       = Value{kind: Bool}
	EmptyObject = Value{kind: Object, node: &node{size: 2}}
	EmptyArray  = Value{kind: Array, node: &node{size: 2}}
)

// OfBool returns b as a Value.
func OfBool(b bool) Value { return Value{kind: Bool, flag: b} }

// OfString returns s as a Value.
func OfString(s string) Value { return Value{kind: String, text: s} }

// OfInt returns n as a Value.
func OfInt(n int64) Value { return Value{kind: Number, text: strconv.FormatInt(n, 10)} }

// OfFloat returns f as a Value, written as ECMAScript writes numbers: without
// ".0" when integral. NaN and infinities, which JSON lacks, become null.
func OfFloat(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return NullValue
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return OfInt(int64(f))
	}
	abs := math.Abs(f)
	if abs < 1e-6 || abs >= 1e21 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		// Go pads the exponent to two digits, ECMAScript does not.
		if n := len(s); n >= 4 && s[n-2] == '0' && (s[n-3] == '-' || s[n-3] == '+') {
			s = s[:n-2] + s[n-1:]
		}
		return Value{kind: Number, text: s}
	}
	return Value{kind: Number, text: strconv.FormatFloat(f, 'f', -1, 64)}
}

// OfNumber returns the number written as text, which must be a JSON number;
// ok is false otherwise.
func OfNumber(text string) (v Value, ok bool) {
	if n := numberLen(text); n == 0 || n != len(text) {
		return Value{}, false
	}
	return Value{kind: Number, text: text}, true
}

// OfItems returns the array of items and takes the slice over.
func OfItems(items []Value) Value {
	if len(items) == 0 {
		return EmptyArray
	}
	size := 1 + len(items)
	for i := range items {
		size += items[i].Size()
	}
	return Value{kind: Array, node: &node{items: items, size: size}}
}

// ArrayOf returns the array of the given items.
func ArrayOf(items ...Value) Value { return OfItems(items) }

// OfMembers returns the object with these members and takes the slice over. A
// repeated key keeps its first place and its last value, as JSON parsers do.
func OfMembers(members []Member) Value {
	members = dropRepeated(members)
	if len(members) == 0 {
		return EmptyObject
	}
	size := 1 + len(members)
	for i := range members {
		size += quotedLen(members[i].Key) + 1 + members[i].Value.Size()
	}
	return Value{kind: Object, node: &node{members: members, size: size}}
}

// ObjectOf returns the object with the given members.
func ObjectOf(members ...Member) Value { return OfMembers(members) }

func dropRepeated(members []Member) []Member {
	if len(members) < 2 {
		return members
	}
	if len(members) <= indexed {
		for i := 1; i < len(members); i++ {
			for j := range i {
				if members[i].Key == members[j].Key {
					return mergeRepeated(members)
				}
			}
		}
		return members
	}
	seen := make(map[string]struct{}, len(members))
	for i := range members {
		seen[members[i].Key] = struct{}{}
	}
	if len(seen) == len(members) {
		return members
	}
	return mergeRepeated(members)
}

func mergeRepeated(members []Member) []Member {
	at := make(map[string]int, len(members))
	out := members[:0:0]
	for _, m := range members {
		if i, ok := at[m.Key]; ok {
			out[i].Value = m.Value
			continue
		}
		at[m.Key] = len(out)
		out = append(out, m)
	}
	return out
}

// Kind says what v is.
func (v Value) Kind() Kind { return v.kind }

// Exists reports whether v is a JSON value at all.
func (v Value) Exists() bool { return v.kind != Undefined }

// Is reports whether v is of kind k.
func (v Value) Is(k Kind) bool { return v.kind == k }

// Bool is v's truth value; false unless v is the Bool true.
func (v Value) Bool() bool { return v.flag }

// Text is a String's characters, or a Number as it was written; else "".
func (v Value) Text() string { return v.text }

// Float is a Number's value; ok is false for other kinds. A number too large
// for float64 is ±Inf.
func (v Value) Float() (f float64, ok bool) {
	if v.kind != Number {
		return 0, false
	}
	if n, ok := smallInt(v.text); ok {
		return float64(n), true
	}
	f, err := strconv.ParseFloat(v.text, 64)
	return f, err == nil || math.IsInf(f, 0)
}

// Int is a Number's value where it is integral ("3", "3.0", "3e2") and fits.
func (v Value) Int() (n int64, ok bool) {
	if v.kind != Number {
		return 0, false
	}
	if n, ok := smallInt(v.text); ok {
		return n, true
	}
	if n, err := strconv.ParseInt(v.text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(v.text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// smallInt reads up to 15 plain digits: exact as int64 and as float64.
func smallInt(s string) (int64, bool) {
	neg := len(s) > 0 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	if len(s) == 0 || len(s) > 15 {
		return 0, false
	}
	var n int64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if neg {
		if n == 0 {
			return 0, false // -0 is a float's business
		}
		n = -n
	}
	return n, true
}

// Len is the number of items or members; 0 for other kinds.
func (v Value) Len() int {
	if v.node == nil {
		return 0
	}
	return len(v.node.items) + len(v.node.members)
}

// At is item i of an array; Undefined when v is no array or i is outside it.
func (v Value) At(i int) Value {
	if v.kind != Array || i < 0 || i >= len(v.node.items) {
		return Value{}
	}
	return v.node.items[i]
}

// Get is the member key of an object; Undefined when there is none.
func (v Value) Get(key string) Value {
	if i := v.find(key); i >= 0 {
		return v.node.members[i].Value
	}
	return Value{}
}

// MemberAt is member i of an object in its order. It panics outside 0 to Len.
func (v Value) MemberAt(i int) Member { return v.node.members[i] }

// find is the place of key among the members, or -1.
func (v Value) find(key string) int {
	if v.kind != Object {
		return -1
	}
	n := v.node
	index := n.index.Load()
	if index == nil && (len(n.members) < indexed || n.asked.Add(1) <= often) {
		for i := range n.members {
			if n.members[i].Key == key {
				return i
			}
		}
		return -1
	}
	if index == nil {
		m := make(map[string]int32, len(n.members))
		for i := range n.members {
			m[n.members[i].Key] = int32(i)
		}
		index = &m
		n.index.Store(index)
	}
	if i, ok := (*index)[key]; ok {
		return int(i)
	}
	return -1
}

// Items ranges over an array's items with their indexes.
func (v Value) Items() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.kind != Array {
			return
		}
		for i, it := range v.node.items {
			if !yield(i, it) {
				return
			}
		}
	}
}

// Members ranges over an object's members in their order.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.kind != Object {
			return
		}
		for i := range v.node.members {
			if !yield(v.node.members[i].Key, v.node.members[i].Value) {
				return
			}
		}
	}
}

// Same reports whether a and b are one and the same value in memory: a cheap
// test that may say false for equal values, never true for different ones.
func Same(a, b Value) bool {
	return a.kind == b.kind && a.flag == b.flag && a.node == b.node && a.text == b.text
}

// Equal reports whether a and b are the same JSON value: numbers by their
// value (1 equals 1.0), objects whatever the order of their members.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case Number:
		if a.text == b.text {
			return true
		}
		x, _ := a.Float()
		y, _ := b.Float()
		return x == y
	case Array:
		if a.node == b.node {
			return true
		}
		if len(a.node.items) != len(b.node.items) {
			return false
		}
		for i := range a.node.items {
			if !Equal(a.node.items[i], b.node.items[i]) {
				return false
			}
		}
		return true
	case Object:
		if a.node == b.node {
			return true
		}
		if len(a.node.members) != len(b.node.members) {
			return false
		}
		for i := range a.node.members {
			m := &a.node.members[i]
			other := b.Get(m.Key)
			if !other.Exists() || !Equal(m.Value, other) {
				return false
			}
		}
		return true
	}
	return a.flag == b.flag && a.text == b.text
}
