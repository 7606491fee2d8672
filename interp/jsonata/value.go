package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// value is what expressions compute with: a JSON value as it came, a number, an
// array or object made here, a function, or undefined (the zero value).
type value struct {
	json jsonval.Value // where ref is nil
	num  float64       // where ref is numberRef
	ref  *ref
}

// kindFunction goes on where jsonval's kinds end.
const kindFunction = jsonval.Object + 1

// ref is what a value made here points at. It is not changed once a value
// points at it; only a transform changes the copy it has just made.
type ref struct {
	kind  jsonval.Kind
	seq   bool  // Array: a sequence, which one item stands for itself in
	keep  bool  // sequence: but not in this one
	cons  bool  // Array: a constructor in a path, not to be flattened
	outer bool  // sequence: wraps an input that is an array
	depth int32 // Array, Object: of nesting, counting what was made here
	items []value
	ext   any // *object, *function, span, []tuple, []jsonval.Value
}

// object is the part of an object made here.
type object struct {
	members []member
	index   map[string]int // of a large object
	owner   *transform     // whose copy it is; it alone may change it
}

type member struct {
	key string
	val value
}

// span is an array of consecutive integers that was never written out.
type span struct {
	first float64
	count int
}

// Marks.
var (
	numberRef = &ref{kind: jsonval.Number}
	tailRef   = &ref{kind: kindFunction} // a call left to the caller, in run.tail
	emptySeq  = &ref{kind: jsonval.Array, seq: true}
)

var (
	undefined  = value{}
	nullValue  = value{json: jsonval.NullValue}
	trueValue  = value{json: jsonval.True}
	falseValue = value{json: jsonval.False}
)

func ofJSON(v jsonval.Value) value { return value{json: v} }
func ofFloat(f float64) value      { return value{num: f, ref: numberRef} }
func ofInt(n int) value            { return value{num: float64(n), ref: numberRef} }
func ofString(s string) value      { return value{json: jsonval.OfString(s)} }
func ofFunction(f *function) value { return value{ref: &ref{kind: kindFunction, ext: f}} }
func ofBool(b bool) value {
	if b {
		return trueValue
	}
	return falseValue
}

func (v value) kind() jsonval.Kind {
	if v.ref != nil {
		return v.ref.kind
	}
	return v.json.Kind()
}

func (v value) isUndefined() bool { return v.ref == nil && !v.json.Exists() }
func (v value) isArray() bool     { return v.kind() == jsonval.Array }
func (v value) isObject() bool    { return v.kind() == jsonval.Object }
func (v value) isString() bool    { return v.ref == nil && v.json.Is(jsonval.String) }
func (v value) isNumber() bool    { return v.kind() == jsonval.Number }
func (v value) isFunction() bool  { return v.kind() == kindFunction }
func (v value) isSequence() bool  { return v.ref != nil && v.ref.seq }

// isTrue reports whether v is the boolean true.
func (v value) isTrue() bool { return v.ref == nil && v.json.Bool() }

// text is a string's characters.
func (v value) text() string { return v.json.Text() }

// float is a number's value.
func (v value) float() float64 {
	if v.ref == numberRef {
		return v.num
	}
	return floatOf(v.json)
}

// floatOf is a JSON number's value.
func floatOf(j jsonval.Value) float64 {
	if f, ok := shortDecimal(j.Text()); ok {
		return f
	}
	f, _ := j.Float()
	return f
}

// shortDecimal reads numbers as most are, up to 15 digits and a point, which is
// exact and takes a third of the time.
func shortDecimal(s string) (f float64, ok bool) {
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if len(s) > 16 {
		return 0, false
	}
	n, places := 0, -1
	for i := range len(s) {
		if c := s[i] - '0'; c <= 9 {
			n = n*10 + int(c)
		} else if s[i] == '.' {
			places = len(s) - i - 1
		} else {
			return 0, false
		}
	}
	if places < 0 && len(s) > 15 {
		return 0, false
	}
	f = float64(n)
	if places > 0 {
		f /= tens[places]
	}
	if negative {
		f = -f
	}
	return f, true
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16}

// numeric is v's value where it is a number; infinity is an error, as wherever
// the reference asks whether something is a number.
func (v value) numeric() (f float64, ok bool, err *Error) {
	if !v.isNumber() {
		return 0, false, nil
	}
	f = v.float()
	if math.IsInf(f, 0) {
		return 0, false, failValue("D1001", v)
	}
	return f, f == f, nil
}

// function is v's function, nil where v is none.
func (v value) function() *function {
	if v.ref == nil {
		return nil
	}
	f, _ := v.ref.ext.(*function)
	return f
}

// tuples are a tuple stream's.
func (v value) tuples() (ts []tuple, ok bool) {
	if v.ref == nil || v.ref.ext == nil {
		return nil, false
	}
	ts, ok = v.ref.ext.([]tuple)
	return ts, ok
}

// len is the number of items of an array.
func (v value) len() int {
	if v.ref == nil {
		return v.json.Len()
	}
	if v.ref.ext != nil {
		switch x := v.ref.ext.(type) {
		case span:
			return x.count
		case []tuple:
			return len(x)
		case []jsonval.Value:
			return len(x)
		}
	}
	return len(v.ref.items)
}

// at is item i of an array, which must have it.
func (v value) at(i int) value {
	if v.ref == nil {
		return value{json: v.json.At(i)}
	}
	if v.ref.ext != nil {
		switch x := v.ref.ext.(type) {
		case span:
			return ofFloat(x.first + float64(i))
		case []tuple:
			return x[i].at
		case []jsonval.Value:
			return value{json: x[i]}
		}
	}
	return v.ref.items[i]
}

// get is an object's member, undefined where there is none.
func (v value) get(key string) value {
	if v.ref == nil {
		return value{json: v.json.Get(key)}
	}
	o, ok := v.ref.ext.(*object)
	if !ok {
		return undefined
	}
	if i := o.find(key); i >= 0 {
		return o.members[i].val
	}
	return undefined
}

// size is the number of an object's members.
func (v value) size() int {
	if v.ref == nil {
		return v.json.Len()
	}
	return len(v.ref.ext.(*object).members)
}

// memberAt is member i of an object in its order.
func (v value) memberAt(i int) (string, value) {
	if v.ref == nil {
		m := v.json.MemberAt(i)
		return m.Key, value{json: m.Value}
	}
	m := &v.ref.ext.(*object).members[i]
	return m.key, m.val
}

// manyMembers is from when on an object made here has an index.
const manyMembers = 12

func (o *object) find(key string) int {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].key == key {
			return i
		}
	}
	return -1
}

// set adds or changes a member.
func (o *object) set(key string, v value) {
	if i := o.find(key); i >= 0 {
		o.members[i].val = v
		return
	}
	o.members = append(o.members, member{key, v})
	if o.index != nil {
		o.index[key] = len(o.members) - 1
	} else if len(o.members) >= manyMembers {
		o.reindex()
	}
}

func (o *object) reindex() {
	o.index = nil
	if len(o.members) < manyMembers {
		return
	}
	o.index = make(map[string]int, 2*len(o.members))
	for i := range o.members {
		o.index[o.members[i].key] = i
	}
}

// remove takes members away.
func (o *object) remove(key string) {
	i := o.find(key)
	if i < 0 {
		return
	}
	o.members = append(o.members[:i], o.members[i+1:]...)
	o.reindex()
}

// same reports whether a and b are the same primitive or one and the same array,
// object or function: what === says in JavaScript.
func same(a, b value) bool {
	k := a.kind()
	if k != b.kind() {
		return false
	}
	switch k {
	case jsonval.Number:
		return a.float() == b.float()
	case jsonval.String:
		return a.text() == b.text()
	case jsonval.Array, jsonval.Object, kindFunction:
		return a.ref == b.ref && (a.ref != nil || jsonval.Same(a.json, b.json))
	}
	return a.isTrue() == b.isTrue()
}

// equal reports whether a and b are equal through and through, whatever the order
// of members.
func equal(a, b value) bool {
	if a.ref == nil && b.ref == nil {
		return jsonval.Equal(a.json, b.json)
	}
	if same(a, b) {
		return true
	}
	if a.kind() != b.kind() {
		return false
	}
	switch a.kind() {
	case jsonval.Array:
		if a.len() != b.len() {
			return false
		}
		for i := range a.len() {
			if !equal(a.at(i), b.at(i)) {
				return false
			}
		}
		return true
	case jsonval.Object:
		if a.size() != b.size() {
			return false
		}
		for i := range a.size() {
			key, x := a.memberAt(i)
			y := b.get(key)
			if y.isUndefined() || !equal(x, y) {
				return false
			}
		}
		return true
	}
	return false
}

// less compares strings as JavaScript does, by UTF-16 units.
func less(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) || i == len(b) {
		return len(a) < len(b)
	}
	x, y := a[i], b[i]
	// Only surrogates stand in another order than the bytes of UTF-8: they come
	// before U+E000 to U+FFFF.
	if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
		return x >= 0xF0
	}
	return x < y
}

// snapshot is v as JSON. What JSON lacks is treated as JavaScript's
// JSON.stringify does: functions and undefined are left out of objects and are
// null in arrays, and so are numbers that are not finite, if they are not to be
// named. It counts down room by the values it makes; ok is false where room does
// not suffice.
func snapshot(v value, room *int, named bool) (j jsonval.Value, ok bool) {
	if v.ref == nil {
		return v.json, true
	}
	switch v.ref.kind {
	case jsonval.Number:
		if named && (math.IsInf(v.num, 0) || v.num != v.num) {
			return jsonval.OfString(numberText(v.num)), true
		}
		return jsonval.OfFloat(v.num), true
	case jsonval.Array:
		if v.ref.outer {
			return snapshot(v.ref.items[0], room, named)
		}
		if *room -= v.len(); *room < 0 {
			return j, false
		}
		if items, ok := v.ref.ext.([]jsonval.Value); ok {
			return jsonval.OfItems(items), true
		}
		items := make([]jsonval.Value, v.len())
		for i := range items {
			if items[i], ok = snapshot(v.at(i), room, named); !ok {
				return j, false
			}
			if !items[i].Exists() {
				items[i] = jsonval.NullValue
			}
		}
		return jsonval.OfItems(items), true
	case jsonval.Object:
		made := v.ref.ext.(*object).members
		if *room -= len(made); *room < 0 {
			return j, false
		}
		members := make([]jsonval.Member, 0, len(made))
		for i := range made {
			m, ok := snapshot(made[i].val, room, named)
			if !ok {
				return j, false
			}
			if m.Exists() {
				members = append(members, jsonval.Member{Key: made[i].key, Value: m})
			}
		}
		return jsonval.OfMembers(members), true
	}
	return j, true
}

// validText replaces what cannot be UTF-8: halves of surrogate pairs, which
// expressions can write and cut but JSON texts cannot carry.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
