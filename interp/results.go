package interp

import "asldbg/interp/jsonval"

// results are the outputs of children by index. Changing one costs a few small
// copies however many there are: a Map of a million children is kept by as many
// Executions as a debugger likes.
type results struct {
	length int
	depth  int // levels of nodes above the leaves
	root   *resultNode
}

const resultFan = 32

// resultNode has kids or, as a leaf, values.
type resultNode struct {
	turn   uint32 // that made it and may change it
	kids   []*resultNode
	values []jsonval.Value
}

// set puts v at i, as turn; those between the last one and i are Undefined.
func (r *results) set(turn uint32, i int, v jsonval.Value) {
	r.length = max(r.length, i+1)
	for room := resultFan << (5 * r.depth); i >= room; room *= resultFan {
		top := &resultNode{turn: turn}
		if r.root != nil {
			top.kids = []*resultNode{r.root}
		}
		r.root = top
		r.depth++
	}
	at := &r.root
	for level := r.depth; ; level-- {
		n := own(at, turn)
		k := i >> (5 * level) % resultFan
		if level == 0 {
			for len(n.values) <= k {
				n.values = append(n.values, jsonval.Value{})
			}
			n.values[k] = v
			return
		}
		for len(n.kids) <= k {
			n.kids = append(n.kids, nil)
		}
		at = &n.kids[k]
	}
}

// own makes *at a node that turn may change.
func own(at **resultNode, turn uint32) *resultNode {
	n := *at
	switch {
	case n == nil:
		n = &resultNode{turn: turn}
	case n.turn != turn:
		n = &resultNode{
			turn: turn, kids: append(make([]*resultNode, 0, resultFan), n.kids...),
			values: append(make([]jsonval.Value, 0, len(n.values)+1), n.values...),
		}
	}
	*at = n
	return n
}

// all are the results in order, without those that were never set.
func (r *results) all() []jsonval.Value {
	out := make([]jsonval.Value, 0, r.length)
	var walk func(n *resultNode)
	walk = func(n *resultNode) {
		if n == nil {
			return
		}
		for _, k := range n.kids {
			walk(k)
		}
		for _, v := range n.values {
			if v.Exists() {
				out = append(out, v)
			}
		}
	}
	walk(r.root)
	return out
}
