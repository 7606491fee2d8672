package jsonata

import (
	"asldbg/interp/jsonval"
)

// tuple is one item on its way along a path whose steps bind variables (@ and #)
// or are asked for their input later (%).
type tuple struct {
	at   value
	vars []variable // shared with other tuples: copied before it is changed
}

// with is t with one more variable.
func (t tuple) with(sym int32, v value) tuple {
	vars := make([]variable, len(t.vars), len(t.vars)+1)
	copy(vars, t.vars)
	t.vars = setVariable(vars, sym, v)
	return t
}

func setVariable(vars []variable, sym int32, v value) []variable {
	for i := range vars {
		if vars[i].sym == sym {
			vars[i].val = v
			return vars
		}
	}
	return append(vars, variable{sym, v})
}

// frame is the tuple's variables as a frame in f.
func (t *tuple) frame(f *frame) *frame {
	return &frame{parent: f, vars: t.vars[:len(t.vars):len(t.vars)], shared: true}
}

// tupleStream is tuples as a value: a path inside a path hands them on.
func tupleStream(ts []tuple) value {
	return value{ref: &ref{kind: jsonval.Array, seq: true, ext: ts}}
}

// tuplePath evaluates the steps from the first that needs tuples.
func (r *run) tuplePath(n *node, from int, cur value, many bool, f *frame) (value, *Error) {
	var ts []tuple
	started := false
	for i := from; i < len(n.list); i++ {
		step := n.list[i]
		var err *Error
		if i == 0 && step.cons {
			items, err := r.firstArray(step, cur, many, f)
			if err != nil {
				return undefined, err
			}
			if !step.bindsFocus() {
				cur, many = items, true
			}
			continue
		}
		if !started {
			started = true
			if step.kind == nodeSort {
				if ts, err = r.firstSort(step, cur, many, f); err != nil {
					return undefined, err
				}
				continue
			}
			if many {
				err = r.affordItems(cur.len())
			}
			if err != nil {
				return undefined, err
			}
			ts = itemTuples(cur, many)
		}
		if ts, err = r.tupleStep(step, ts, f); err != nil {
			return undefined, err
		}
	}
	if n.extra != nil && n.extra.group != nil {
		return r.groupTuples(n.extra.group, ts, f)
	}
	if n.tuple {
		return tupleStream(ts), nil
	}
	items := make([]value, len(ts))
	for i := range ts {
		items[i] = ts[i].at
	}
	v := r.newSequence(items)
	v.ref.keep = n.keepOne
	return v, nil
}

// itemTuples makes the items a tuple each.
func itemTuples(cur value, many bool) []tuple {
	if !many {
		return []tuple{{at: cur}}
	}
	ts := make([]tuple, cur.len())
	for i := range ts {
		ts[i].at = cur.at(i)
	}
	return ts
}

// firstSort sorts items that are no tuples yet and numbers them.
func (r *run) firstSort(step *node, cur value, many bool, f *frame) ([]tuple, *Error) {
	sorted, err := r.sortItems(step, cur, many, f)
	if err != nil {
		return nil, err
	}
	ts := itemTuples(sorted, true)
	for i := range ts {
		if step.extra != nil && step.index != 0 {
			ts[i] = ts[i].with(step.index, ofInt(i))
		}
	}
	return r.tupleStages(step, ts, f)
}

// tupleStep evaluates a step on each tuple.
func (r *run) tupleStep(step *node, ts []tuple, f *frame) ([]tuple, *Error) {
	if step.kind == nodeSort {
		sorted, err := r.sortTuples(step, ts, f)
		if err != nil {
			return nil, err
		}
		return r.tupleStages(step, sorted, f)
	}
	var out []tuple
	for i := range ts {
		t, before := &ts[i], len(out)
		v, err := r.eval(step, t.at, t.frame(f))
		if err != nil {
			return nil, err
		}
		if inner, ok := v.tuples(); ok {
			for _, in := range inner {
				out = append(out, t.and(in))
			}
		} else if v.isArray() {
			for k := range v.len() {
				out = append(out, t.next(step, v.at(k), k))
			}
		} else if !v.isUndefined() {
			out = append(out, t.next(step, v, 0))
		}
		found := len(out) - before
		r.charge(found * (len(t.vars) + 2) * valueBytes)
		if err := r.work(1 + found); err != nil {
			return nil, err
		}
	}
	return r.tupleStages(step, out, f)
}

// and is t with what an inner path has found.
func (t *tuple) and(in tuple) tuple {
	vars := make([]variable, len(t.vars), len(t.vars)+len(in.vars))
	copy(vars, t.vars)
	for _, v := range in.vars {
		vars = setVariable(vars, v.sym, v.val)
	}
	return tuple{in.at, vars}
}

// next is the tuple after a step has found v, its result of this number.
func (t *tuple) next(step *node, v value, number int) tuple {
	x := step.extra
	if x == nil || x.focus == 0 && x.index == 0 && x.ancestor == nil {
		return tuple{v, t.vars}
	}
	vars := make([]variable, len(t.vars), len(t.vars)+3)
	copy(vars, t.vars)
	at := v
	if x.focus != 0 {
		vars, at = setVariable(vars, x.focus, v), t.at
	}
	if x.index != 0 {
		vars = setVariable(vars, x.index, ofInt(number))
	}
	if x.ancestor != nil {
		vars = setVariable(vars, x.ancestor.sym, t.at)
	}
	return tuple{at, vars}
}

// tupleStages applies a step's predicates and numbers what is left.
func (r *run) tupleStages(step *node, ts []tuple, f *frame) ([]tuple, *Error) {
	if step.extra == nil {
		return ts, nil
	}
	for i := range step.stages {
		s := &step.stages[i]
		if s.filter == nil {
			numbered := make([]tuple, len(ts))
			for k := range ts {
				numbered[k] = ts[k].with(s.index, ofInt(k))
			}
			ts = numbered
			continue
		}
		var err *Error
		if ts, err = r.filterTuples(s.filter, ts, f); err != nil {
			return nil, err
		}
	}
	return ts, nil
}

func (r *run) filterTuples(predicate *node, ts []tuple, f *frame) ([]tuple, *Error) {
	if predicate.kind == nodeNumber {
		i, ok := index(predicate.lit.float(), len(ts))
		if !ok {
			return nil, nil
		}
		return ts[i : i+1 : i+1], nil
	}
	var out []tuple
	for i := range ts {
		verdict, err := r.eval(predicate, ts[i].at, ts[i].frame(f))
		if err != nil {
			return nil, err
		}
		times, err := r.chosen(verdict, i, len(ts))
		if err != nil {
			return nil, err.at(predicate)
		}
		for range times {
			out = append(out, ts[i])
		}
	}
	return out, nil
}
