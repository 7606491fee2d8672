package jsonata

import "strings"

// group makes an object of pairs: each item gives its key, and each value is
// evaluated on all the items that gave its key.
func (r *run) group(pairs *node, in value, f *frame) (value, *Error) {
	if ts, ok := in.tuples(); ok {
		return r.groupTuples(pairs, ts, f)
	}
	one := !in.isArray()
	count := 1
	if !one && in.len() > 0 {
		count = in.len()
	}
	if count == 1 && len(pairs.list) <= 2*manyMembers {
		if !one {
			if in.len() == 0 {
				in = undefined
			} else {
				in = in.at(0)
			}
		}
		return r.object(pairs, in, f)
	}
	g := groups{run: r, pairs: pairs}
	for i := range count {
		item := in
		if !one {
			item = in.at(i)
		}
		for p := 0; p < len(pairs.list); p += 2 {
			key, err := r.eval(pairs.list[p], item, f)
			if err != nil {
				return undefined, err
			}
			if err := g.add(key, p, i); err != nil {
				return undefined, err
			}
		}
	}
	o := &object{}
	for _, e := range g.entries {
		context := in
		if !one {
			var err *Error
			if context, err = r.gather(e.items, in.at); err != nil {
				return undefined, err
			}
		}
		v, err := r.eval(pairs.list[e.pair+1], context, f)
		if err != nil {
			return undefined, err
		}
		if !v.isUndefined() {
			o.set(e.key, v)
		}
	}
	return r.newObject(o), nil
}

// object is group for a single item and few pairs: nothing to gather.
func (r *run) object(pairs *node, item value, f *frame) (value, *Error) {
	o := &object{members: make([]member, 0, len(pairs.list)/2)}
	for p := 0; p < len(pairs.list); p += 2 {
		key, err := r.eval(pairs.list[p], item, f)
		if err != nil {
			return undefined, err
		}
		if key.isUndefined() {
			continue
		}
		if err := checkKey(pairs, key); err != nil {
			return undefined, err
		}
		// The pair's place holds its value below; a key is evaluated for all pairs
		// before any value is.
		for i := range o.members {
			if o.members[i].key == key.text() {
				return undefined, failValue("D1009", key).at(pairs)
			}
		}
		o.members = append(o.members, member{key.text(), ofInt(p + 1)})
	}
	kept := o.members[:0]
	for _, m := range o.members {
		v, err := r.eval(pairs.list[int(m.val.num)], item, f)
		if err != nil {
			return undefined, err
		}
		if !v.isUndefined() {
			kept = append(kept, member{m.key, v})
		}
	}
	o.members = kept
	o.reindex()
	return r.newObject(o), nil
}

func checkKey(pairs *node, key value) *Error {
	if !key.isString() {
		return failValue("T1003", key).at(pairs)
	}
	if s := key.text(); strings.HasPrefix(s, "_jsonata_") && (s == "_jsonata_lambda" || s == "_jsonata_function") {
		return failValue("D1013", key).at(pairs)
	}
	return nil
}

// groups collects which items gave which keys.
type groups struct {
	*run
	pairs   *node
	entries []groupEntry
	index   map[string]int
}

type groupEntry struct {
	key   string
	pair  int // where the key is in pairs.list
	items []int
}

// add notes that an item gave key at the pair.
func (g *groups) add(key value, pair, item int) *Error {
	if key.isUndefined() {
		return nil
	}
	if err := checkKey(g.pairs, key); err != nil {
		return err
	}
	if err := g.work(len(key.text()) / textPerStep); err != nil {
		return err
	}
	if g.index == nil {
		g.index = map[string]int{}
	}
	if i, ok := g.index[key.text()]; ok {
		e := &g.entries[i]
		if e.pair != pair {
			return failValue("D1009", key).at(g.pairs)
		}
		e.items = append(e.items, item)
		return nil
	}
	g.charge(memberBytes * 2)
	g.index[key.text()] = len(g.entries)
	g.entries = append(g.entries, groupEntry{key.text(), pair, []int{item}})
	return nil
}

// gather is the items of a group: the one there is, or all in one array.
func (r *run) gather(items []int, at func(int) value) (value, *Error) {
	if len(items) == 1 {
		return at(items[0]), nil
	}
	var v value
	for _, i := range items {
		next := at(i)
		switch {
		case v.isUndefined():
			v = next
		case !next.isUndefined():
			return r.gatherAll(items, at)
		}
	}
	return v, nil
}

// gatherAll is gather for at least two values.
func (r *run) gatherAll(items []int, at func(int) value) (value, *Error) {
	out := make([]value, 0, len(items))
	for _, i := range items {
		var err *Error
		if out, err = r.appendJoined(out, at(i)); err != nil {
			return undefined, err
		}
	}
	return r.newArray(out), nil
}

// groupTuples is group for tuples: their variables are gathered too.
func (r *run) groupTuples(pairs *node, ts []tuple, f *frame) (value, *Error) {
	g := groups{run: r, pairs: pairs}
	for i := range ts {
		inner := ts[i].frame(f)
		for p := 0; p < len(pairs.list); p += 2 {
			key, err := r.eval(pairs.list[p], ts[i].at, inner)
			if err != nil {
				return undefined, err
			}
			if err := g.add(key, p, i); err != nil {
				return undefined, err
			}
		}
	}
	o := &object{}
	for _, e := range g.entries {
		all, err := r.gatherTuples(ts, e.items)
		if err != nil {
			return undefined, err
		}
		v, err := r.eval(pairs.list[e.pair+1], all.at, all.frame(f))
		if err != nil {
			return undefined, err
		}
		if !v.isUndefined() {
			o.set(e.key, v)
		}
	}
	return r.newObject(o), nil
}

// gatherTuples is the tuples of a group as one.
func (r *run) gatherTuples(ts []tuple, items []int) (tuple, *Error) {
	at, err := r.gather(items, func(i int) value { return ts[i].at })
	all := tuple{at: at, vars: append([]variable(nil), ts[items[0]].vars...)}
	for k := range all.vars {
		if err != nil {
			break
		}
		sym := all.vars[k].sym
		all.vars[k].val, err = r.gather(items, func(i int) value {
			v, _ := (&frame{vars: ts[i].vars}).lookup(sym)
			return v
		})
	}
	return all, err
}
