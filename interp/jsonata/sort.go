package jsonata

import "asldbg/interp/jsonval"

// sortStep orders the items, as ^( … ) says, and applies its predicates.
func (r *run) sortStep(step *node, cur value, many bool, f *frame) (value, *Error) {
	v, err := r.sortItems(step, cur, many, f)
	if err != nil || step.extra == nil {
		return v, err
	}
	for i := range step.stages {
		if v, err = r.filter(step.stages[i].filter, v, f); err != nil {
			return undefined, err
		}
	}
	return v, nil
}

func (r *run) sortItems(step *node, cur value, many bool, f *frame) (value, *Error) {
	if !many {
		return value{ref: &ref{kind: jsonval.Array, seq: true, items: []value{cur}, depth: cur.depth()}}, nil
	}
	if n := cur.len(); n <= 1 {
		switch {
		case cur.ref != nil && (cur.ref.seq && !cur.ref.keep || cur.ref.cons):
			return cur, nil
		case n == 0:
			return emptySequence, nil
		}
		return r.newSequence([]value{cur.at(0)}), nil
	}
	if err := r.affordItems(2 * cur.len()); err != nil {
		return undefined, err
	}
	items := make([]value, cur.len())
	for i := range items {
		items[i] = cur.at(i)
	}
	s := sorter{r: r, step: step, frame: f, items: items}
	order, err := s.sorted()
	if err != nil {
		return undefined, err
	}
	out := make([]value, len(items))
	for i, at := range order {
		out[i] = items[at]
	}
	return r.newArray(out), nil
}

func (r *run) sortTuples(step *node, ts []tuple, f *frame) ([]tuple, *Error) {
	s := sorter{r: r, step: step, frame: f, tuples: ts}
	order, err := s.sorted()
	if err != nil {
		return nil, err
	}
	out := make([]tuple, len(ts))
	for i, at := range order {
		out[i] = ts[at]
	}
	return out, nil
}

// sorter orders items or tuples by terms. Each term is evaluated at most once
// for each of them, and only when the terms before it are equal.
type sorter struct {
	r      *run
	step   *node
	frame  *frame
	items  []value
	tuples []tuple
	keys   [][]value // by item, as far as they were needed
}

// sorted is the indexes in order.
func (s *sorter) sorted() ([]int, *Error) {
	n := max(len(s.items), len(s.tuples))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	s.keys = make([][]value, n)
	s.r.charge(n * 2 * valueBytes)
	return mergeSort(order, s.after)
}

// key is what a term makes of an item.
func (s *sorter) key(i, term int) (value, *Error) {
	if term < len(s.keys[i]) {
		return s.keys[i][term], nil
	}
	expr := s.step.list[term].lhs
	var v value
	var err *Error
	if s.tuples != nil {
		v, err = s.r.eval(expr, s.tuples[i].at, s.tuples[i].frame(s.frame))
	} else {
		v, err = s.r.eval(expr, s.items[i], s.frame)
	}
	if err != nil {
		return undefined, err
	}
	s.keys[i] = append(s.keys[i], v)
	return v, nil
}

// after reports whether item a belongs after item b.
func (s *sorter) after(a, b int) (bool, *Error) {
	if err := s.r.work(1); err != nil {
		return false, err
	}
	for i, term := range s.step.list {
		x, err := s.key(a, i)
		if err != nil {
			return false, err
		}
		y, err := s.key(b, i)
		if err != nil {
			return false, err
		}
		if x.isUndefined() && y.isUndefined() {
			continue
		}
		if x.isUndefined() || y.isUndefined() {
			return x.isUndefined(), nil // last, whatever the direction
		}
		for _, v := range [...]value{x, y} {
			if !v.isString() && !v.isNumber() {
				return false, failValue("T2008", v).at(s.step)
			}
		}
		if x.isString() != y.isString() {
			e := failValue("T2007", x).at(s.step)
			_, e.detail.value2 = quoted(y)
			return false, e
		}
		if same(x, y) {
			continue
		}
		return before(x, y) == term.descending, nil
	}
	return false, nil
}

// before compares two strings or two numbers.
func before(x, y value) bool {
	if x.isString() {
		return less(x.text(), y.text())
	}
	return x.float() < y.float()
}

// mergeSort sorts by after(a, b): a belongs after b. It asks in the order the
// reference asks, which functions given to $sort can tell.
func mergeSort[T any](in []T, after func(a, b T) (bool, *Error)) ([]T, *Error) {
	if len(in) <= 1 {
		return in, nil
	}
	middle := len(in) / 2
	left, err := mergeSort(in[:middle], after)
	if err != nil {
		return nil, err
	}
	right, err := mergeSort(in[middle:], after)
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(in))
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if swap {
			out, right = append(out, right[0]), right[1:]
		} else {
			out, left = append(out, left[0]), left[1:]
		}
	}
	return append(append(out, left...), right...), nil
}
