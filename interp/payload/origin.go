package payload

import "asldbg/interp/jsonval"

// Origin says what of the template made the place p of a result: the key of
// the member as the template has it, its expression ("" if it is a literal) and
// its place in the template. A place inside a computed value comes from the
// member that was computed. For the root, and for places the template does not
// make, ok is false.
//
// It is for the line: /RequestBody/cents came from "cents.$": "$.total".
func (t *Template) Origin(p jsonval.Path) (key, expr string, at jsonval.Path, ok bool) {
	v, n := t.source, &t.root
	if n.query != nil {
		key, expr = t.field, v.Text()
	}
	for _, step := range p {
		switch {
		case n.expr != nil || n.query != nil:
			return key, expr, at, true
		case step.Index >= 0:
			if v = v.At(step.Index); n.items != nil && v.Exists() {
				if n = &n.items[step.Index]; n.query != nil {
					expr = v.Text()
				}
			}
		default:
			if n.members != nil {
				m := n.member(step.Key)
				if m == nil {
					return "", "", nil, false
				}
				n, step.Key = &m.node, m.field
				if n.expr != nil || n.query != nil {
					expr = v.Get(step.Key).Text()
				}
			}
			key = step.Key
			v = v.Get(key)
		}
		if !v.Exists() {
			return "", "", nil, false
		}
		at = append(at, step)
	}
	return key, expr, at, len(p) > 0
}

// member is the member of n that makes the result's member key, nil if none
// does.
func (n *node) member(key string) *member {
	for i := range n.members {
		if n.members[i].key == key {
			return &n.members[i]
		}
	}
	return nil
}
