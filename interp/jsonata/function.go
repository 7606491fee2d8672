package jsonata

import (
	"asldbg/interp/jsonata/jsregexp"
)

// function is a function as a value: a lambda with what it has captured, or one
// of ours.
type function struct {
	name   string // of one of the language's
	node   *node  // nodeLambda; nil for one of ours
	params []*node
	input  value
	frame  *frame
	native func(r *run, args []value) (value, *Error)
	regex  *jsregexp.Regexp // of a regular expression
	sig    *signature
	arity  int
	// handed is set for a function that was an argument: called from there it has
	// no context to take a missing argument from.
	handed bool
}

// tailCall is a call that the body of a function ends with, left to whoever
// called the function.
type tailCall struct {
	node  *node // nodeCall
	input value
	frame *frame
}

// call evaluates a call; first, if there is one, goes before its arguments.
func (r *run) call(n *node, in value, f *frame, first *value) (value, *Error) {
	proc, err := r.procedure(n, in, f, "T1005")
	if err != nil {
		return undefined, err
	}
	base := len(r.args)
	if first != nil {
		r.args = append(r.args, *first)
	}
	for _, a := range n.list {
		v, err := r.eval(a, in, f)
		if err != nil {
			return undefined, err
		}
		if fn := v.function(); fn != nil {
			handed := *fn
			handed.handed = true
			v = ofFunction(&handed)
		}
		r.args = append(r.args, v)
	}
	fn := proc.function()
	if fn == nil {
		return undefined, named(fail("T1006"), n).at(n)
	}
	v, err := r.apply(fn, r.args[base:len(r.args):len(r.args)], in, n)
	if err != nil {
		return undefined, named(err, n).at(n)
	}
	r.args = r.args[:base]
	return v, nil
}

// procedure is what a call or partial application names. A name that lacks its $
// is an error with this code.
func (r *run) procedure(n *node, in value, f *frame, code string) (value, *Error) {
	if n.lhs.kind == nodeVariable && n.lhs.extra == nil && !r.tracing {
		return r.variable(n.lhs, f), nil
	}
	proc, err := r.eval(n.lhs, in, f)
	if err != nil || !proc.isUndefined() || n.lhs.kind != nodePath {
		return proc, err
	}
	name := n.lhs.list[0].text
	if name == "" {
		return proc, nil
	}
	v, ok := f.lookup(r.expr.syms[name])
	if !ok {
		v = r.global(name, r.library[name])
	}
	if yes, _ := r.truth(v); yes || v.isFunction() {
		return undefined, fail(code).at(n).withToken(name)
	}
	return proc, nil
}

// named gives an error that has no token that of what is called.
func named(e *Error, n *node) *Error {
	called := n.lhs
	if called.kind == nodePath {
		called = called.list[0]
	}
	text := called.text
	switch called.kind {
	case nodeNumber, nodeValue:
		_, text = quoted(called.lit)
	case nodeArray:
		text = "["
	case nodeObject:
		text = "{"
	case nodeCall, nodePartial:
		text = "("
	case nodeWildcard:
		text = "*"
	case nodeDescendant:
		text = "**"
	case nodeRoot:
		text = "$"
	case nodeName, nodeVariable, nodeString, nodeContext:
	default:
		return e
	}
	return e.withToken(text)
}

// apply calls fn, and then what fn leaves to its caller. What goes wrong in there
// is placed at the call, as the reference does; at is nil where it stands nowhere
// in the text.
func (r *run) apply(fn *function, args []value, in value, at *node) (value, *Error) {
	v, err := r.invoke(fn, args, in)
	if err != nil && at != nil && !fn.handed {
		return undefined, named(err, at).at(at).moved(at.pos)
	}
	for err == nil && v.ref == tailRef {
		t := r.tail
		r.tail = tailCall{}
		var proc value
		if proc, err = r.procedure(t.node, t.input, t.frame, "T1006"); err != nil {
			break
		}
		base := len(r.args)
		for _, a := range t.node.list {
			var arg value
			if arg, err = r.eval(a, t.input, t.frame); err != nil {
				return undefined, err
			}
			r.args = append(r.args, arg)
		}
		if fn = proc.function(); fn == nil {
			err := named(fail("T1006"), t.node).at(t.node)
			if proc.isArray() || proc.isObject() {
				err.moved(t.node.lhs.pos)
			}
			return undefined, err
		}
		if v, err = r.invoke(fn, r.args[base:len(r.args):len(r.args)], in); err != nil {
			err = named(err, t.node).at(t.node)
			if t.node.lhs.kind != nodePath {
				err.moved(t.node.lhs.pos)
			}
			return undefined, err
		}
		r.args = r.args[:base]
		if err := r.work(1); err != nil {
			return undefined, err.at(t.node)
		}
	}
	return v, err
}

// applyWith is apply for functions that call functions.
func (r *run) applyWith(fn *function, args ...value) (value, *Error) {
	return r.apply(fn, args, nullValue, nil)
}

func (r *run) invoke(fn *function, args []value, in value) (value, *Error) {
	if fn.sig != nil {
		if fn.handed {
			in = nullValue
		}
		var err *Error
		if args, err = fn.sig.accept(args, in); err != nil {
			return undefined, err
		}
	}
	// What functions look through for nothing else to count it.
	work := 1
	for i := range args {
		switch {
		case args[i].isString():
			work += len(args[i].text()) / textPerStep
		case fn.sig != nil && fn.native == nil && args[i].isArray():
			work += args[i].len()
		}
	}
	if err := r.work(work); err != nil {
		return undefined, err
	}
	if fn.native != nil {
		return fn.native(r, args)
	}
	f := fn.frame
	if len(fn.params) > 0 || fn.node.binds {
		f = &frame{parent: fn.frame}
		for i, p := range fn.params {
			v := undefined
			if i < len(args) {
				v = args[i]
			}
			f.bind(p.sym, v)
		}
	}
	return r.eval(fn.node.lhs, fn.input, f)
}

// partial makes a function of a call some of whose arguments are left open.
func (r *run) partial(n *node, in value, f *frame) (value, *Error) {
	args := make([]value, len(n.list))
	for i, a := range n.list {
		if a.kind == nodePlaceholder {
			continue
		}
		var err *Error
		if args[i], err = r.eval(a, in, f); err != nil {
			return undefined, err
		}
	}
	proc, err := r.procedure(n, in, f, "T1007")
	if err != nil {
		return undefined, err
	}
	fn := proc.function()
	switch {
	case fn == nil:
		return undefined, named(fail("T1008"), n).at(n)
	case fn.node == nil:
		return ofFunction(partialNative(fn, n.list, args)), nil
	}
	bound := &frame{parent: fn.frame}
	open := make([]*node, 0, len(fn.params))
	for i, p := range fn.params {
		switch {
		case i < len(args) && n.list[i].kind == nodePlaceholder:
			open = append(open, p)
		case i < len(args):
			bound.bind(p.sym, args[i])
		default:
			bound.bind(p.sym, undefined)
		}
	}
	return ofFunction(&function{node: fn.node, params: open, input: fn.input, frame: bound, arity: len(open)}), nil
}

// partialNative is partial for a function of ours.
func partialNative(fn *function, list []*node, given []value) *function {
	arity := 0
	for _, a := range list {
		if a.kind == nodePlaceholder {
			arity++
		}
	}
	return &function{arity: arity, native: func(r *run, args []value) (value, *Error) {
		all := make([]value, len(given))
		copy(all, given)
		next := 0
		for i := range list {
			if list[i].kind != nodePlaceholder {
				continue
			}
			if next < len(args) {
				all[i] = args[next]
			}
			next++
		}
		return r.nestedApply(fn, all)
	}}
}

// nestedApply is apply for functions made of functions, which may be made of
// functions in turn.
func (r *run) nestedApply(fn *function, args []value) (value, *Error) {
	if r.depth++; r.depth > r.deep {
		return undefined, limit(tooDeep)
	}
	v, err := r.applyWith(fn, args...)
	r.depth--
	return v, err
}

// applyTo evaluates ~>: calls the right side with the left one, or, where both
// are functions, makes a function of the two.
func (r *run) applyTo(n *node, in value, f *frame) (value, *Error) {
	left, err := r.eval(n.lhs, in, f)
	if err != nil {
		return undefined, err
	}
	if n.rhs.kind == nodeCall {
		return r.call(n.rhs, in, f, &left)
	}
	right, err := r.eval(n.rhs, in, f)
	if err != nil {
		return undefined, err
	}
	second := right.function()
	if second == nil {
		return undefined, failValue("T2006", right).at(n)
	}
	first := left.function()
	if first == nil {
		v, err := r.applyWith(second, left)
		if err != nil {
			return undefined, err.at(n)
		}
		return v, nil
	}
	return ofFunction(&function{arity: 1, native: func(r *run, args []value) (value, *Error) {
		v, err := r.nestedApply(first, []value{argument(args, 0)})
		if err != nil {
			return undefined, err.withToken("f") // the reference writes this in JSONata
		}
		if v.isSequence() {
			v = (&node{}).settled(v)
		}
		if v, err = r.nestedApply(second, []value{v}); err != nil {
			return undefined, err.withToken("g")
		}
		return v, nil
	}}), nil
}

// argument is args[i], or undefined.
func argument(args []value, i int) value {
	if i < len(args) {
		return args[i]
	}
	return undefined
}

// regexFunction is a regular expression as a function: given a text, it tells
// about its first match there, and how to find the next.
func regexFunction(n *node) *function {
	re := n.regex
	var from func(r *run, text string, at, units int, next bool) (value, *Error)
	from = func(r *run, text string, at, units int, next bool) (value, *Error) {
		m, ok, err := r.find(re, text, at, units)
		if err != nil || !ok {
			return undefined, err
		}
		if next && m.end == m.start {
			return undefined, failValue("D1004", ofString(re.String())).at(n)
		}
		o := &object{members: []member{
			{"match", ofString(text[m.start:m.end])},
			{"start", ofInt(m.units)},
			{"end", ofInt(m.endUnits())},
			{"groups", r.newArray(m.groups())},
			{"next", ofFunction(&function{native: func(r *run, _ []value) (value, *Error) {
				if m.end >= len(text) {
					return undefined, nil
				}
				return from(r, text, m.end, m.endUnits(), true)
			}})},
		}}
		return r.newObject(o), nil
	}
	return &function{regex: re, arity: 2, native: func(r *run, args []value) (value, *Error) {
		text := argument(args, 0)
		if !text.isString() {
			s, err := r.stringify(text)
			if err != nil {
				return undefined, err
			}
			text = ofString(s)
		}
		at := unitOffset(text.text(), argument(args, 1))
		return from(r, text.text(), at, utf16Len(text.text()[:at]), false)
	}}
}

// kindOf is what $type says.
func kindOf(v value) string {
	if v.isFunction() {
		return "function"
	}
	return v.kind().String()
}
