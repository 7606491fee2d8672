package jsonata

import "asldbg/interp/jsonval"

// caller calls a function for each of many items, with as many of item, position
// and whole as the function takes.
type caller struct {
	*run
	fn   *function
	args [4]value
}

func (r *run) caller(fn value) (*caller, *Error) {
	f := fn.function()
	if f == nil {
		return nil, fail("T1006")
	}
	return &caller{run: r, fn: f}, nil
}

func (c *caller) on(item, position, whole value) (value, *Error) {
	if err := c.work(1); err != nil {
		return undefined, err
	}
	c.args[0] = item
	n := 1
	if c.fn.arity >= 2 {
		c.args[1] = position
		n = 2
	}
	if c.fn.arity >= 3 {
		c.args[2] = whole
		n = 3
	}
	return c.applyWith(c.fn, c.args[:n:n]...)
}

// says is on as a yes or no.
func (c *caller) says(item, position, whole value) (bool, *Error) {
	v, err := c.on(item, position, whole)
	if err != nil {
		return false, err
	}
	return c.truth(v)
}

// mapItems is $map.
func mapItems(r *run, args []value) (value, *Error) {
	in := args[0]
	c, err := r.caller(argument(args, 1))
	if err != nil {
		return undefined, err
	}
	out := make([]value, 0, min(in.len(), 1000))
	for i := range in.len() {
		v, err := c.on(in.at(i), ofInt(i), in)
		if err != nil {
			return undefined, err
		}
		if !v.isUndefined() {
			out = append(out, v)
		}
	}
	return r.newSequence(out), nil
}

// filterItems is $filter.
func filterItems(r *run, args []value) (value, *Error) {
	in := args[0]
	c, err := r.caller(argument(args, 1))
	if err != nil {
		return undefined, err
	}
	var out []value
	for i := range in.len() {
		item := in.at(i)
		yes, err := c.says(item, ofInt(i), in)
		if err != nil {
			return undefined, err
		}
		if yes {
			out = append(out, item)
		}
	}
	return r.newSequence(out), nil
}

// single is $single.
func single(r *run, args []value) (value, *Error) {
	in := args[0]
	var c *caller
	if fn := argument(args, 1); !fn.isUndefined() {
		var err *Error
		if c, err = r.caller(fn); err != nil {
			return undefined, err
		}
	}
	var found value
	matches := 0
	for i := range in.len() {
		item, yes := in.at(i), true
		if c != nil {
			var err *Error
			if yes, err = c.says(item, ofInt(i), in); err != nil {
				return undefined, err
			}
		}
		if !yes {
			continue
		}
		if matches++; matches > 1 {
			return undefined, fail("D3138").withIndex(i)
		}
		found = item
	}
	if matches == 0 {
		return undefined, fail("D3139")
	}
	return found, nil
}

// reduce is $reduce.
func reduce(r *run, args []value) (value, *Error) {
	in := args[0]
	c, err := r.caller(argument(args, 1))
	if err != nil {
		return undefined, err
	}
	if c.fn.arity < 2 {
		return undefined, fail("D3050").withIndex(1)
	}
	result, i := argument(args, 2), 0
	if result.isUndefined() && in.len() > 0 {
		result, i = in.at(0), 1
	}
	for ; i < in.len(); i++ {
		if err := r.work(1); err != nil {
			return undefined, err
		}
		c.args = [4]value{result, in.at(i), ofInt(i), in}
		n := min(c.fn.arity, len(c.args))
		if result, err = r.applyWith(c.fn, c.args[:n:n]...); err != nil {
			return undefined, err
		}
	}
	return result, nil
}

// each is $each.
func each(r *run, args []value) (value, *Error) {
	in := argument(args, 0)
	if !in.isObject() || in.size() == 0 {
		return emptySequence, nil
	}
	c, err := r.caller(argument(args, 1))
	if err != nil {
		return undefined, err
	}
	var out []value
	for i := range in.size() {
		key, m := in.memberAt(i)
		v, err := c.on(m, ofString(key), in)
		if err != nil {
			return undefined, err
		}
		if !v.isUndefined() {
			out = append(out, v)
		}
	}
	return r.newSequence(out), nil
}

// sift is $sift.
func sift(r *run, args []value) (value, *Error) {
	in := argument(args, 0)
	if !in.isObject() || in.size() == 0 {
		return undefined, nil
	}
	c, err := r.caller(argument(args, 1))
	if err != nil {
		return undefined, err
	}
	o := &object{}
	for i := range in.size() {
		key, m := in.memberAt(i)
		yes, err := c.says(m, ofString(key), in)
		if err != nil {
			return undefined, err
		}
		if yes {
			o.set(key, m)
		}
	}
	if len(o.members) == 0 {
		return undefined, nil
	}
	return r.newObject(o), nil
}

// spread is $spread.
func spread(r *run, args []value) (value, *Error) {
	in := argument(args, 0)
	switch in.kind() {
	case jsonval.Object:
		out := make([]value, in.size())
		for i := range out {
			key, m := in.memberAt(i)
			out[i] = r.newObject(&object{members: []member{{key, m}}})
		}
		return r.newSequence(out), nil
	case jsonval.Array:
		var out []value
		for i := range in.len() {
			v, err := spread(r, []value{in.at(i)})
			if err != nil {
				return undefined, err
			}
			if out, err = r.appendJoined(out, v); err != nil {
				return undefined, err
			}
		}
		if in.len() == 0 {
			return emptySequence, nil
		}
		return r.newArray(out), nil
	}
	return in, nil
}

// merge is $merge.
func merge(r *run, args []value) (value, *Error) {
	in := args[0]
	o := &object{}
	for i := range in.len() {
		item := in.at(i)
		if err := r.work(1 + item.size()); err != nil {
			return undefined, err
		}
		for k := range item.size() {
			o.set(item.memberAt(k))
		}
	}
	return r.newObject(o), nil
}
