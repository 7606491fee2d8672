package jsonata

import "asldbg/interp/jsonval"

// transform is one use of | pattern | update, delete |. It changes a copy of its
// own, whose objects name it as their owner.
type transform struct {
	*run
	node  *node
	frame *frame
}

// objectOrArray is the signature of transforms.
var objectOrArray = mustSignature("<(oa):o>")

// transformer makes the function that a transform is.
func (r *run) transformer(n *node, in value, f *frame) *function {
	return &function{arity: 1, sig: objectOrArray, native: func(r *run, args []value) (value, *Error) {
		if argument(args, 0).isUndefined() {
			return undefined, nil
		}
		t := &transform{run: r, node: n, frame: f}
		return t.of(args[0])
	}}
}

// of is what the transform makes of v.
func (t *transform) of(v value) (value, *Error) {
	v, err := t.cloned(v)
	if err != nil {
		return undefined, err
	}
	matches, err := t.eval(t.node.lhs, v, t.frame)
	if err != nil {
		return undefined, err
	}
	if !matches.isArray() {
		if err := t.change(matches); err != nil {
			return undefined, err
		}
		return v, nil
	}
	for i := range matches.len() {
		if err := t.change(matches.at(i)); err != nil {
			return undefined, err
		}
	}
	return v, nil
}

// cloned is the copy to work on, made by $clone, which the expression may define.
func (t *transform) cloned(v value) (value, *Error) {
	clone, bound := t.frame.lookup(t.expr.syms["clone"])
	if !bound {
		clone = t.global("clone", t.library["clone"])
	}
	fn := clone.function()
	if fn == nil {
		return undefined, fail("T2013").at(t.node)
	}
	if bound {
		var err *Error
		if v, err = t.applyWith(fn, v); err != nil {
			return undefined, err
		}
	}
	return t.copied(v)
}

// copied is a copy of v down to its last object.
func (t *transform) copied(v value) (value, *Error) {
	if err := t.work(1); err != nil {
		return undefined, err
	}
	switch v.kind() {
	case jsonval.Array:
		if err := t.affordItems(v.len()); err != nil {
			return undefined, err
		}
		items := make([]value, v.len())
		for i := range items {
			var err *Error
			if items[i], err = t.copied(v.at(i)); err != nil {
				return undefined, err
			}
			if items[i].isUndefined() {
				items[i] = nullValue
			}
		}
		return t.newArray(items), nil
	case jsonval.Object:
		o := &object{members: make([]member, v.size()), owner: t}
		for i := range o.members {
			key, m := v.memberAt(i)
			m, err := t.copied(m)
			if err != nil {
				return undefined, err
			}
			o.members[i] = member{key, m}
		}
		o.reindex()
		return t.newObject(o), nil
	case kindFunction:
		return ofString(""), nil
	}
	return v, nil
}

// change updates one match.
func (t *transform) change(match value) *Error {
	if match.isUndefined() {
		return nil
	}
	update, err := t.eval(t.node.rhs, match, t.frame)
	if err != nil {
		return err
	}
	if !update.isUndefined() && !update.isObject() {
		return failValue("T2011", update).at(t.node.rhs)
	}
	var own *object
	if match.ref != nil {
		if o, ok := match.ref.ext.(*object); ok && o.owner == t {
			own = o
		}
	}
	if own != nil && update.isObject() {
		for i := range update.size() {
			key, m := update.memberAt(i)
			if m, err = t.frozen(m); err != nil {
				return err
			}
			own.set(key, m)
		}
	}
	if t.node.third == nil {
		return nil
	}
	names, err := t.eval(t.node.third, match, t.frame)
	if err != nil || names.isUndefined() {
		return err
	}
	if names.isString() {
		names = t.newArray([]value{names})
	}
	bad := !names.isArray()
	for i := 0; !bad && i < names.len(); i++ {
		bad = !names.at(i).isString()
	}
	if bad {
		return failValue("T2012", names).at(t.node.third)
	}
	for i := 0; own != nil && i < names.len(); i++ {
		own.remove(names.at(i).text())
	}
	return nil
}

// frozen is m such that later changes of the copy do not show in it, and so that
// an object can never come to be inside itself.
func (t *transform) frozen(m value) (value, *Error) {
	if !m.isArray() && !m.isObject() {
		return m, nil
	}
	room := max(0, t.bytes/valueBytes)
	j, ok := snapshot(m, &room, false)
	if !ok {
		return undefined, limit(tooMuchMemory)
	}
	t.charge(j.Size())
	return ofJSON(j), t.work(j.Size() / 8)
}
