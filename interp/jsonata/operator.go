package jsonata

import (
	"math"

	"asldbg/interp/jsonval"
)

// binary evaluates what stands between two operands. An error is placed at the
// operator.
func (r *run) binary(n *node, in value, f *frame) (value, *Error) {
	left, err := r.eval(n.lhs, in, f)
	if err != nil {
		return undefined, err
	}
	if n.op == opAnd || n.op == opOr {
		return r.logical(n, left, in, f)
	}
	right, err := r.eval(n.rhs, in, f)
	if err != nil {
		return undefined, err
	}
	var v value
	switch n.op {
	case opPlus, opMinus, opTimes, opDivide, opPercent:
		v, err = arithmetic(n.op, left, right)
	case opEqual, opNotEqual:
		if left.isUndefined() || right.isUndefined() {
			return falseValue, nil
		}
		if err := r.work(left.weight()); err != nil {
			return undefined, err.at(n)
		}
		v = ofBool(equal(left, right) == (n.op == opEqual))
	case opLess, opLessEqual, opGreater, opGreaterEqual:
		if err := r.work(left.weight()); err != nil {
			return undefined, err.at(n)
		}
		v, err = compare(n.op, left, right)
	case opConcat:
		v, err = r.concat(left, right)
	case opRange:
		v, err = r.span(left, right)
	case opIn:
		v, err = r.includes(left, right)
	}
	if err != nil {
		return undefined, err.at(n).withToken(operatorText[n.op])
	}
	return v, nil
}

// weight is about how much work looking through v is.
func (v value) weight() int {
	if v.ref == nil {
		if v.json.Is(jsonval.String) {
			return len(v.text()) / textPerStep
		}
		return v.json.Size() / 8
	}
	switch v.ref.kind {
	case jsonval.Array:
		n := v.len()
		for _, item := range v.ref.items {
			n += item.weight()
		}
		return n
	case jsonval.Object:
		n := v.size()
		for i := range n {
			_, m := v.memberAt(i)
			n += m.weight()
		}
		return n
	}
	return 0
}

// truth is the effective boolean value; undefined counts as false.
func (r *run) truth(v value) (bool, *Error) {
	switch v.kind() {
	case jsonval.Bool:
		return v.isTrue(), nil
	case jsonval.String:
		return v.text() != "", nil
	case jsonval.Number:
		f, ok, err := v.numeric()
		return ok && f != 0, err
	case jsonval.Object:
		return v.size() > 0, nil
	case jsonval.Array:
		if err := r.work(v.len()); err != nil {
			return false, err
		}
		for i := range v.len() {
			if t, err := r.truth(v.at(i)); t || err != nil {
				return t, err
			}
		}
	}
	return false, nil
}

func (r *run) logical(n *node, left, in value, f *frame) (value, *Error) {
	yes, err := r.truth(left)
	if err == nil && yes == (n.op == opAnd) {
		var right value
		if right, err = r.eval(n.rhs, in, f); err == nil {
			yes, err = r.truth(right)
		}
	}
	if err != nil {
		// The reference gives what goes wrong on the right side this place, too.
		return undefined, err.at(n).moved(n.pos).named(operatorText[n.op])
	}
	return ofBool(yes), nil
}

func arithmetic(op operator, left, right value) (value, *Error) {
	x, isNumber, err := left.numeric()
	if err != nil {
		return undefined, err
	}
	if !isNumber && !left.isUndefined() {
		return undefined, failValue("T2001", left)
	}
	y, isNumber, err := right.numeric()
	if err != nil {
		return undefined, err
	}
	if !isNumber && !right.isUndefined() {
		return undefined, failValue("T2002", right)
	}
	if left.isUndefined() || right.isUndefined() {
		return undefined, nil
	}
	switch op {
	case opPlus:
		return ofFloat(x + y), nil
	case opMinus:
		return ofFloat(x - y), nil
	case opTimes:
		return ofFloat(x * y), nil
	case opDivide:
		return ofFloat(x / y), nil
	}
	return ofFloat(math.Mod(x, y)), nil
}

func (r *run) negate(n *node, in value, f *frame) (value, *Error) {
	v, err := r.eval(n.lhs, in, f)
	if err != nil || v.isUndefined() {
		return undefined, err
	}
	x, isNumber, err := v.numeric()
	if err == nil && !isNumber {
		err = failValue("D1002", v)
	}
	if err != nil {
		return undefined, err.at(n).withToken("-")
	}
	return ofFloat(-x), nil
}

func compare(op operator, left, right value) (value, *Error) {
	comparable := func(v value) bool { return v.isUndefined() || v.isString() || v.isNumber() }
	if !comparable(left) || !comparable(right) {
		wrong := left
		if left.isString() || left.isNumber() {
			wrong = right
		}
		return undefined, failValue("T2010", wrong)
	}
	if left.isUndefined() || right.isUndefined() {
		return undefined, nil
	}
	if left.isString() != right.isString() {
		e := failValue("T2009", left)
		_, e.detail.value2 = quoted(right)
		return undefined, e
	}
	switch op {
	case opLess:
		return ofBool(before(left, right)), nil
	case opLessEqual:
		return ofBool(before(left, right) || same(left, right)), nil
	case opGreater:
		return ofBool(before(right, left)), nil
	}
	return ofBool(before(right, left) || same(left, right)), nil
}

func (r *run) concat(left, right value) (value, *Error) {
	a, err := r.stringify(left)
	if err != nil {
		return undefined, err
	}
	b, err := r.stringify(right)
	if err != nil {
		return undefined, err
	}
	if err := r.afford(len(a) + len(b)); err != nil {
		return undefined, err
	}
	return ofString(a + b), nil
}

// mostItems is how long a range may be.
const mostItems = 10_000_000

// span is the integers from left to right.
func (r *run) span(left, right value) (value, *Error) {
	bounds := [2]float64{}
	for i, v := range [...]value{left, right} {
		if v.isUndefined() {
			continue
		}
		f := math.NaN()
		if v.isNumber() {
			f = v.float()
		}
		if f != math.Trunc(f) || math.IsInf(f, 0) {
			return undefined, failValue([...]string{"T2003", "T2004"}[i], v)
		}
		bounds[i] = f
	}
	if left.isUndefined() || right.isUndefined() || bounds[0] > bounds[1] {
		return undefined, nil
	}
	size := bounds[1] - bounds[0] + 1
	if size > mostItems {
		return undefined, failValue("D2014", ofFloat(size))
	}
	if most := r.env.Limits.Bytes; most > 0 && size*valueBytes > float64(most) {
		return undefined, limit(tooMuchMemory) // though only items that are asked for will be made
	}
	return value{ref: &ref{kind: jsonval.Array, seq: true, depth: 1, ext: span{bounds[0], int(size)}}}, nil
}

// includes reports whether left is right or one of its items.
func (r *run) includes(left, right value) (value, *Error) {
	if left.isUndefined() || right.isUndefined() {
		return falseValue, nil
	}
	if !right.isArray() {
		return ofBool(same(left, right)), nil
	}
	if err := r.work(right.len()); err != nil {
		return undefined, err
	}
	for i := range right.len() {
		if same(left, right.at(i)) {
			return trueValue, nil
		}
	}
	return falseValue, nil
}

// array evaluates an array constructor. What its parts give is joined, except
// for parts that are constructors themselves.
func (r *run) array(n *node, in value, f *frame) (value, *Error) {
	var out []value
	for i, part := range n.list {
		v, err := r.eval(part, in, f)
		if err != nil {
			return undefined, err
		}
		if v.isUndefined() {
			continue
		}
		if len(n.list) == 1 && !n.cons && v.ref != nil && !part.isArrayNode() {
			if s, ok := v.ref.ext.(span); ok {
				// A range alone need not be written out.
				return value{ref: &ref{kind: jsonval.Array, depth: 1, ext: s}}, nil
			}
		}
		if out == nil {
			out = make([]value, 0, len(n.list)-i)
		}
		if part.isArrayNode() {
			out = append(out, v)
		} else if out, err = r.appendJoined(out, v); err != nil {
			return undefined, err.at(n)
		}
	}
	v := r.newArray(out)
	v.ref.cons = n.cons
	return v, nil
}

// appendJoined appends v, or its items where it is an array; undefined is
// nothing.
func (r *run) appendJoined(out []value, v value) ([]value, *Error) {
	switch {
	case v.isUndefined():
		return out, nil
	case v.isArray():
		return r.appendItems(out, v)
	}
	return append(out, v), nil
}

// joined is $append.
func (r *run) joined(a, b value) (value, *Error) {
	if a.isUndefined() {
		return b, nil
	}
	if b.isUndefined() {
		return a, nil
	}
	size := 0
	for _, v := range [...]value{a, b} {
		if size++; v.isArray() {
			size += v.len() - 1
		}
	}
	if err := r.afford(size * valueBytes); err != nil {
		return undefined, err
	}
	out, err := r.appendJoined(make([]value, 0, size), a)
	if err != nil {
		return undefined, err
	}
	if out, err = r.appendJoined(out, b); err != nil {
		return undefined, err
	}
	return r.newArray(out), nil
}
