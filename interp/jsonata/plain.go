package jsonata

import "asldbg/interp/jsonval"

// plainSteps goes as many steps as lead from a single value to a single value. It
// leaves the step that meets an array, or goes on from one, to path.
func (r *run) plainSteps(n *node, in value, f *frame) (done int, cur value) {
	cur = in
	if first := n.list[0]; first.kind != nodeName {
		if first.kind == nodeVariable {
			cur = r.variable(first, f)
		} else if in.ref != nil && in.ref.outer {
			return 0, in
		}
		if cur.isArray() {
			return 0, in
		}
		done = 1
	}
	r.left -= len(n.list)
	for ; done < len(n.list) && cur.ref != nil; done++ {
		switch cur.ref.kind {
		case jsonval.Array:
			return done, cur
		case jsonval.Object:
			cur = cur.get(n.list[done].text)
		default:
			return len(n.list), undefined
		}
	}
	if done == len(n.list) {
		return done, cur
	}
	// From here on all is JSON, which is cheaper to pass around.
	j := cur.json
	for ; done < len(n.list); done++ {
		if j.Is(jsonval.Array) {
			break
		}
		j = j.Get(n.list[done].text)
	}
	return done, value{json: j}
}

// collector follows names through arrays of objects of the input, without making
// the arrays between the steps. It gives up on what is not of the input and on
// arrays in arrays, which path knows.
type collector struct {
	names []*node
	out   []jsonval.Value
	found int           // values of the last name
	first jsonval.Value // of them
	steps int
}

// from follows the names from number k on, for each item of array.
func (c *collector) from(array jsonval.Value, k int) bool {
	n := array.Len()
	c.steps += n
	for i := range n {
		cur := array.At(i)
		if cur.Is(jsonval.Array) {
			return false
		}
		for j := k; cur.Is(jsonval.Object); j++ {
			cur = cur.Get(c.names[j].text)
			if j == len(c.names)-1 {
				c.add(cur)
				break
			}
			if cur.Is(jsonval.Array) {
				if !c.from(cur, j+1) {
					return false
				}
				break
			}
		}
	}
	return true
}

// add adds a value of the last name.
func (c *collector) add(v jsonval.Value) {
	if !v.Exists() {
		return
	}
	if c.found++; c.found == 1 {
		c.first = v
	}
	if c.out == nil {
		c.out = make([]jsonval.Value, 0, 4)
	}
	if !v.Is(jsonval.Array) {
		c.out = append(c.out, v)
		return
	}
	n := v.Len()
	c.steps += n
	for i := range n {
		c.out = append(c.out, v.At(i))
	}
}

// collected is what a collector has found as the value of the path.
func (r *run) collected(c *collector) (value, *Error) {
	if err := r.work(c.steps); err != nil {
		return undefined, err
	}
	switch {
	case c.found == 0:
		return emptySequence, nil
	case c.found == 1 && c.first.Is(jsonval.Array):
		return value{json: c.first}, nil
	case len(c.out) == 1:
		return value{json: c.out[0]}, nil
	}
	r.charge(arrayBytes + cap(c.out)*valueBytes)
	return value{ref: &ref{kind: jsonval.Array, seq: true, depth: 1, ext: c.out}}, nil
}
