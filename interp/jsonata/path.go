package jsonata

import (
	"math"

	"asldbg/interp/jsonval"
)

// path evaluates steps one after the other. The items between two steps are cur
// itself or, where many is set, the items of the array cur.
func (r *run) path(n *node, in value, f *frame) (value, *Error) {
	cur, many := in, false
	first := n.list[0]
	if in.isArray() && !first.isVariable() {
		many = true
	}
	done := 0
	if n.plain && !many && !r.tracing {
		if done, cur = r.plainSteps(n, in, f); done == len(n.list) {
			return cur, nil
		}
		if many = done > 0 && cur.isArray(); many && cur.ref == nil {
			c := collector{names: n.list[done:]}
			if c.from(cur.json, 0) {
				return r.collected(&c)
			}
		}
	}
	for i := done; i < len(n.list); i++ {
		step := n.list[i]
		if step.tuple {
			return r.tuplePath(n, i, cur, many, f)
		}
		last := i == len(n.list)-1
		var err *Error
		switch {
		case i == 0 && step.cons:
			cur, err = r.firstArray(step, cur, many, f)
			many = true
		case step.kind == nodeSort:
			if cur, err = r.sortStep(step, cur, many, f); err != nil {
				return undefined, err
			}
			many = true
		case !many:
			cur, many, err = r.stepOne(step, cur, f, last)
		default:
			cur, many, err = r.stepMany(step, cur, f, last)
		}
		if err != nil {
			return undefined, err
		}
		if many && cur.len() == 0 {
			if !last && !(i == 0 && step.cons) {
				cur = emptySequence
			}
			break
		}
	}
	return r.pathResult(n, cur, many, f)
}

// firstArray evaluates an array constructor that a path begins with: once, not
// for each item of the input.
func (r *run) firstArray(step *node, in value, many bool, f *frame) (value, *Error) {
	if !many {
		in = value{ref: &ref{kind: jsonval.Array, seq: true, items: []value{in}, depth: in.depth()}}
	}
	v, err := r.eval(step, in, f)
	if err == nil && !v.isArray() {
		// With a predicate it may be no array; the reference finds nothing in that.
		v = emptySequence
	}
	return v, err
}

var emptySequence = value{ref: emptySeq}

// pathResult is what the items left after the last step make.
func (r *run) pathResult(n *node, cur value, many bool, f *frame) (value, *Error) {
	grouped := n.extra != nil && n.extra.group != nil
	if !many && (n.keepOne || grouped) {
		cur = r.newSequence([]value{cur})
	}
	if n.keepOne {
		if many && cur.ref != nil && cur.ref.cons && !cur.ref.seq {
			cur = r.newSequence([]value{cur})
		}
		if cur.isSequence() && !cur.ref.keep {
			kept := *cur.ref
			kept.keep = true
			cur.ref = &kept
		}
	}
	if grouped {
		return r.group(n.extra.group, cur, f)
	}
	return cur, nil
}

// stepOne evaluates a step on a single item.
func (r *run) stepOne(step *node, item value, f *frame, last bool) (cur value, many bool, err *Error) {
	v, err := r.stepValue(step, item, f)
	switch {
	case err != nil:
		return undefined, false, err
	case v.isUndefined():
		return emptySequence, true, nil
	case !v.isArray() || v.ref != nil && v.ref.cons && !last:
		return v, false, nil
	case !last || v.ref == nil || !v.ref.seq || !v.ref.keep:
		return v, true, nil
	}
	plain := *v.ref
	plain.keep = false
	return value{ref: &plain}, true, nil
}

// stepMany evaluates a step on each item and joins the results.
func (r *run) stepMany(step *node, items value, f *frame, last bool) (cur value, many bool, err *Error) {
	var out []value
	var only value // the result, where there is one only
	results := 0
	for i := range items.len() {
		v, err := r.stepValue(step, items.at(i), f)
		if err != nil {
			return undefined, false, err
		}
		if v.isUndefined() {
			continue
		}
		if results++; results == 1 {
			only = v
			continue
		}
		if results == 2 {
			if out, err = r.appendFlat(make([]value, 0, min(items.len()-i+1, 1000)), only); err != nil {
				return undefined, false, err
			}
		}
		if out, err = r.appendFlat(out, v); err != nil {
			return undefined, false, err
		}
	}
	switch results {
	case 0:
		return emptySequence, true, nil
	case 1:
		if last && only.isArray() && !only.isSequence() {
			return only, true, nil
		}
		if out, err = r.appendFlat(nil, only); err != nil {
			return undefined, false, err
		}
	}
	return r.newSequence(out), true, nil
}

// appendFlat appends v, or its items where it is an array to be flattened.
func (r *run) appendFlat(out []value, v value) ([]value, *Error) {
	if !v.isArray() || v.ref != nil && v.ref.cons {
		return append(out, v), nil
	}
	return r.appendItems(out, v)
}

// appendItems appends the items of an array.
func (r *run) appendItems(out []value, array value) ([]value, *Error) {
	n := array.len()
	if n > 1000 {
		if err := r.afford(n * valueBytes); err != nil {
			return nil, err
		}
	}
	if array.ref != nil && array.ref.ext == nil {
		out = append(out, array.ref.items...)
	} else {
		for i := range n {
			out = append(out, array.at(i))
		}
	}
	return out, r.work(n)
}

// stepValue evaluates a step and its predicates on one item.
func (r *run) stepValue(step *node, item value, f *frame) (value, *Error) {
	if step.kind == nodeName && step.extra == nil && !r.tracing && !step.keepArray && item.isObject() {
		if r.left--; r.left < 0 {
			if err := r.check(); err != nil {
				return undefined, err.at(step)
			}
		}
		return item.get(step.text), nil
	}
	v, err := r.eval(step, item, f)
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

// filter keeps the items of v that a predicate says so of: a number is the index
// of the one to keep, anything else is true or false.
func (r *run) filter(predicate *node, v value, f *frame) (value, *Error) {
	if ts, ok := v.tuples(); ok {
		kept, err := r.filterTuples(predicate, ts, f)
		return tupleStream(kept), err
	}
	if !v.isArray() {
		v = value{ref: &ref{kind: jsonval.Array, seq: true, items: []value{v}, depth: v.depth()}}
	}
	count := v.len()
	if predicate.kind == nodeNumber {
		i, ok := index(predicate.lit.float(), count)
		if !ok {
			return emptySequence, nil
		}
		item := v.at(i)
		switch {
		case item.isArray():
			return item, nil
		case item.isUndefined():
			return emptySequence, nil
		}
		return value{ref: &ref{kind: jsonval.Array, seq: true, items: []value{item}, depth: item.depth()}}, nil
	}
	var out []value
	for i := range count {
		item := v.at(i)
		verdict, err := r.eval(predicate, item, f)
		if err != nil {
			return undefined, err
		}
		times, err := r.chosen(verdict, i, count)
		if err != nil {
			return undefined, err.at(predicate)
		}
		for range times {
			out = append(out, item)
		}
	}
	if out == nil {
		return emptySequence, nil
	}
	return r.newSequence(out), nil
}

// chosen is how often a predicate's verdict on the item with this index takes it.
func (r *run) chosen(verdict value, i, count int) (times int, err *Error) {
	if verdict.ref == nil && verdict.json.Is(jsonval.Bool) {
		if verdict.json.Bool() {
			return 1, nil
		}
		return 0, nil
	}
	if f, ok, err := verdict.numeric(); err != nil {
		return 0, err
	} else if ok {
		if at, ok := index(f, count); ok && at == i {
			return 1, nil
		}
		return 0, nil
	}
	if verdict.isArray() {
		n := verdict.len()
		if err := r.work(n); err != nil {
			return 0, err
		}
		numbers := true
		for k := range n {
			f, ok, err := verdict.at(k).numeric()
			if err != nil {
				return 0, err
			}
			if !ok {
				numbers = false
				break
			}
			if at, ok := index(f, count); ok && at == i {
				times++
			}
		}
		if numbers {
			return times, nil
		}
	}
	yes, err := r.truth(verdict)
	if yes {
		return 1, err
	}
	return 0, err
}

// index is the item that the number f means of count, from the end where it is
// negative.
func index(f float64, count int) (i int, ok bool) {
	f = math.Floor(f)
	if f < 0 {
		f += float64(count)
	}
	return int(f), f >= 0 && f < float64(count)
}

// lookup is the member key of an object, or those of an array's items.
func (r *run) lookup(in value, key string) (value, *Error) {
	switch in.kind() {
	case jsonval.Object:
		return in.get(key), nil
	case jsonval.Array:
		out, err := r.appendMembers(nil, in, key)
		if err != nil || out == nil {
			return emptySequence, err
		}
		return r.newSequence(out), nil
	}
	return undefined, nil
}

func (r *run) appendMembers(out []value, in value, key string) ([]value, *Error) {
	n := in.len()
	if err := r.work(n); err != nil {
		return nil, err
	}
	for i := range n {
		item := in.at(i)
		switch item.kind() {
		case jsonval.Object:
			v := item.get(key)
			if v.isUndefined() {
				continue
			}
			if !v.isArray() {
				out = append(out, v)
				continue
			}
			var err *Error
			if out, err = r.appendItems(out, v); err != nil {
				return nil, err
			}
		case jsonval.Array:
			var err *Error
			if out, err = r.appendMembers(out, item, key); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// wildcard is all values of an object's members, arrays among them flattened.
func (r *run) wildcard(in value) (value, *Error) {
	if in.ref != nil && in.ref.outer {
		in = in.ref.items[0]
	}
	var out []value
	plain := false // an array among the values makes the result one
	add := func(v value) (err *Error) {
		if !v.isArray() {
			out = append(out, v)
			return r.work(1)
		}
		plain = true
		out, err = r.appendLeaves(out, v)
		return err
	}
	switch in.kind() {
	case jsonval.Object:
		for i := range in.size() {
			_, v := in.memberAt(i)
			if err := add(v); err != nil {
				return undefined, err
			}
		}
	case jsonval.Array:
		for i := range in.len() {
			if err := add(in.at(i)); err != nil {
				return undefined, err
			}
		}
	}
	if plain {
		return r.newArray(out), nil
	}
	return r.newSequence(out), nil
}

// appendLeaves appends what is in an array and the arrays in it.
func (r *run) appendLeaves(out []value, v value) ([]value, *Error) {
	if !v.isArray() {
		return append(out, v), r.work(1)
	}
	for i := range v.len() {
		var err *Error
		if out, err = r.appendLeaves(out, v.at(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// descendants is a value and all that is in it, arrays flattened.
func (r *run) descendants(in value) (value, *Error) {
	if in.isUndefined() {
		return undefined, nil
	}
	out, err := r.appendDescendants(nil, in)
	if err != nil {
		return undefined, err
	}
	if len(out) == 1 {
		return out[0], nil
	}
	return r.newSequence(out), nil
}

func (r *run) appendDescendants(out []value, v value) ([]value, *Error) {
	err := r.work(1)
	if err != nil {
		return nil, err
	}
	switch v.kind() {
	case jsonval.Array:
		for i := range v.len() {
			if out, err = r.appendDescendants(out, v.at(i)); err != nil {
				return nil, err
			}
		}
		return out, nil
	case jsonval.Object:
		out = append(out, v)
		for i := range v.size() {
			_, m := v.memberAt(i)
			if out, err = r.appendDescendants(out, m); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return append(out, v), nil
}
