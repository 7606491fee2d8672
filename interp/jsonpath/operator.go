package jsonpath

import (
	"cmp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// operator is a relation's sign or word.
type operator int8

const (
	opEqual operator = iota
	opNotEqual
	opSame
	opNotSame
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opMatches
	opIn
	opNotIn
	opContains
	opSubsetOf
	opAnyOf
	opNoneOf
	opSize
	opEmpty
	opExists
	opAll
	opType
	opPredicate
)

// operatorNames has the operators in lower case; case does not matter.
var operatorNames = [...]string{
	opEqual: "==", opNotEqual: "!=", opSame: "===", opNotSame: "!==",
	opLess: "<", opLessEqual: "<=", opGreater: ">", opGreaterEqual: ">=",
	opMatches: "=~", opIn: "in", opNotIn: "nin", opContains: "contains",
	opSubsetOf: "subsetof", opAnyOf: "anyof", opNoneOf: "noneof",
	opSize: "size", opEmpty: "empty", opExists: "exists",
	opAll: "all", opType: "type", opPredicate: "matches",
}

func (c relation) holds(r *run, item jsonval.Value) (bool, error) {
	var leftRoom, rightRoom term
	left, err := c.left.term(r, item, &leftRoom)
	if err != nil {
		return false, err
	}
	right, err := c.right.term(r, item, &rightRoom)
	if err != nil {
		return false, err
	}
	switch c.op {
	case opEqual:
		return r.equal(left, right)
	case opNotEqual:
		ok, err := r.equal(left, right)
		return !ok && err == nil, err
	case opSame, opNotSame:
		ok, err := left.kind == right.kind, error(nil)
		if ok {
			ok, err = r.equal(left, right)
		}
		return ok == (c.op == opSame) && err == nil, err
	case opLess, opLessEqual, opGreater, opGreaterEqual:
		return c.op.orders(left, right), nil
	case opMatches:
		return r.matchesPattern(left, right)
	case opIn:
		return r.in(left, right)
	case opNotIn:
		ok, err := r.in(left, right)
		return !ok && err == nil, err
	case opContains:
		return r.holdsItem(left, right)
	case opSubsetOf, opAnyOf, opNoneOf:
		return r.compareLists(c.op, left, right)
	case opSize:
		return hasSize(left, right), nil
	case opEmpty:
		return isEmpty(left, right)
	case opExists:
		if left.kind != boolTerm || right.kind != boolTerm {
			return false, errMismatch
		}
		return left.value.Bool() == right.value.Bool(), nil
	}
	// all, type and matches take operands that cannot be written in a path.
	return false, errMismatch
}

// orders compares numbers with numbers and strings with strings; nothing else is
// less or greater.
func (op operator) orders(left, right *term) bool {
	var n int
	switch {
	case left.kind == numberTerm && right.kind == numberTerm:
		n = compareNumbers(left.number, right.number)
	case left.kind == stringTerm && right.kind == stringTerm:
		n = compareText(left.value.Text(), right.value.Text())
	default:
		return false
	}
	switch op {
	case opLess:
		return n < 0
	case opLessEqual:
		return n <= 0
	case opGreater:
		return n > 0
	}
	return n >= 0
}

// matchesPattern takes the pattern on either side; it must match all of the other
// side's text, or of one item's if that is an array.
func (r *run) matchesPattern(left, right *term) (bool, error) {
	if left.kind == patternTerm {
		left, right = right, left
	}
	if left.kind == patternTerm || right.kind != patternTerm {
		return false, nil
	}
	list := []term{*left}
	if left.kind == containerTerm {
		items, isArray, err := left.items()
		if err != nil {
			return false, err
		}
		if isArray {
			list = items
		}
	}
	for i := range list {
		text := list[i].input()
		if err := r.spend(len(text)); err != nil {
			return false, err
		}
		if right.pattern.MatchString(text) {
			return true, nil
		}
	}
	return false, nil
}

// input is the text a pattern is matched with.
func (t *term) input() string {
	switch t.kind {
	case stringTerm:
		return t.value.Text()
	case numberTerm:
		return t.decimal()
	case boolTerm:
		return t.value.String()
	}
	return ""
}

func (r *run) in(left, right *term) (bool, error) {
	list, ok, err := right.items()
	if err != nil || !ok {
		return false, err
	}
	return r.contains(list, left)
}

// holdsItem is contains: a part of a string, or an item of an array.
func (r *run) holdsItem(left, right *term) (bool, error) {
	switch {
	case left.kind == stringTerm && right.kind == stringTerm:
		return strings.Contains(left.value.Text(), right.value.Text()), nil
	case left.kind == containerTerm:
		return r.in(right, left)
	}
	return false, nil
}

func (r *run) compareLists(op operator, left, right *term) (bool, error) {
	theirs, ok, err := right.items()
	if err != nil || !ok {
		return false, err
	}
	ours, ok, err := left.items()
	if err != nil || !ok {
		return false, err
	}
	shared := 0
	for i := range ours {
		ok, err := r.contains(theirs, &ours[i])
		if err != nil {
			return false, err
		}
		if ok {
			shared++
		}
	}
	switch op {
	case opSubsetOf:
		return shared == len(ours), nil
	case opAnyOf:
		return shared > 0, nil
	}
	return shared == 0, nil
}

// hasSize compares a string's or array's length; an object's is -1 in Jayway.
func hasSize(left, right *term) bool {
	if right.kind != numberTerm {
		return false
	}
	want, ok := integerPart(right.number)
	switch {
	case !ok:
		return false
	case left.kind == stringTerm:
		return utf16Len(left.value.Text()) == want
	case left.kind != containerTerm || left.err() != nil:
		return false
	case left.value.Is(jsonval.Array):
		return left.value.Len() == want
	}
	return want == -1
}

func isEmpty(left, right *term) (bool, error) {
	empty := false
	switch left.kind {
	case stringTerm:
		empty = left.value.Text() == ""
	case containerTerm:
		empty = left.value.Len() == 0
	default:
		return false, nil
	}
	if right.kind != boolTerm {
		return false, errMismatch
	}
	return empty == right.value.Bool(), nil
}

// compareText orders strings as Java does, by UTF-16 units: as by characters,
// but those beyond U+FFFF come before U+E000.
func compareText(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if order := cmp.Compare(firstUnit(x), firstUnit(y)); order != 0 {
			return order
		}
		if x != y {
			return cmp.Compare(x, y)
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

func firstUnit(r rune) rune {
	if r > 0xFFFF {
		r, _ = utf16.EncodeRune(r)
	}
	return r
}
