package jsonata

import (
	"context"

	"asldbg/interp/jsonval"
)

// run is one evaluation of an expression.
type run struct {
	expr    *Expr
	env     *Env
	library map[string]*builtin
	own     map[string]*builtin // that go before those of the library, or nil
	input   value               // $$
	args    []value             // stack of arguments
	room    [2]value            // for the first of them
	tail    tailCall            // what tailRef stands for
	seed    uint64              // of chance where Env gives none
	done    <-chan struct{}     // of the context
	depth   int
	deep    int  // limit of depth
	left    int  // steps until the next look at the limits
	steps   int  // left after those
	bytes   int  // left
	full    bool // bytes ran out
	nested  bool // a value nests too deep
	tracing bool
}

// frame holds the variables of a block, a function call or a tuple.
type frame struct {
	parent *frame
	vars   []variable
	shared bool // vars belong to a tuple: copy before changing
	room   [2]variable
}

type variable struct {
	sym int32
	val value
}

// checkEvery is how many steps pass between looks at the context.
const checkEvery = 1024

// textPerStep is how many bytes of text count as a step.
const textPerStep = 32

// Approximate sizes that [Limits].Bytes counts.
const (
	valueBytes  = 48
	arrayBytes  = 64
	memberBytes = 64
)

// What is said of limits: where they have such a limit, in the words of the
// reference implementation and of AWS.
const (
	tooMuchMemory = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
	tooMuchWork   = "Expression evaluation timeout: Check for infinite loop"
	tooDeep       = "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive."
	tooNested     = "the value nests too deep"
)

// begin makes an empty run ready.
func (r *run) begin(ctx context.Context, e *Expr, env *Env) {
	or := func(n, otherwise int) int {
		if n > 0 {
			return n
		}
		return otherwise
	}
	r.expr, r.env, r.done, r.library, r.tracing = e, env, ctx.Done(), builtins, env.Trace != nil
	if env.StepFunctions {
		r.own = stepFunctions
	}
	r.args = r.room[:0]
	r.deep = or(env.Limits.Depth, DefaultDepth)
	r.steps = or(env.Limits.Steps, DefaultSteps)
	r.bytes = or(env.Limits.Bytes, DefaultBytes)
}

// check is called when left has run out.
func (r *run) check() *Error {
	if err := r.exceeded(); err != nil {
		return err
	}
	if r.steps += r.left; r.steps < 0 {
		return limit(tooMuchWork)
	}
	r.left = min(checkEvery, r.steps)
	r.steps -= r.left
	if r.done == nil {
		return nil
	}
	select {
	case <-r.done:
		return limit("") // Eval says why
	default:
		return nil
	}
}

// exceeded is the error of limits that were passed since the last look.
func (r *run) exceeded() *Error {
	switch {
	case r.full:
		return limit(tooMuchMemory)
	case r.nested:
		return limit(tooNested)
	}
	return nil
}

// work counts n steps.
func (r *run) work(n int) *Error {
	if r.left -= n; r.left < 0 {
		return r.check()
	}
	return nil
}

// charge counts n bytes. They have been made already, or are about as many as
// there were before: running out shows at the next step.
func (r *run) charge(n int) {
	if r.bytes -= n; r.bytes < 0 {
		r.full = true
		r.left = min(r.left, 0)
	}
}

// afford is charge for bytes that had better not be made if they are too many.
func (r *run) afford(n int) *Error {
	if n < 0 || n > r.bytes {
		return limit(tooMuchMemory)
	}
	r.charge(n)
	return nil
}

func (f *frame) bind(sym int32, v value) {
	for i := range f.vars {
		if f.vars[i].sym == sym {
			if f.shared {
				f.vars, f.shared = append([]variable(nil), f.vars...), false
			}
			f.vars[i].val = v
			return
		}
	}
	if f.vars == nil {
		f.vars = f.room[:0]
	}
	f.vars = append(f.vars, variable{sym, v})
}

func (f *frame) lookup(sym int32) (value, bool) {
	for ; f != nil; f = f.parent {
		for i := range f.vars {
			if f.vars[i].sym == sym {
				return f.vars[i].val, true
			}
		}
	}
	return undefined, false
}

// variable is what $name stands for.
func (r *run) variable(n *node, f *frame) value {
	if n.sym != 0 {
		if v, ok := f.lookup(n.sym); ok {
			return v
		}
		return r.global(n.text, r.library[n.text])
	}
	return r.global(n.text, n.builtin)
}

// global is a variable from outside, or a function.
func (r *run) global(name string, b *builtin) value {
	if r.env.Variables != nil {
		if v, ok := r.env.Variables(name); ok {
			return ofJSON(v)
		}
	}
	if own := r.own[name]; own != nil {
		b = own
	}
	if b == nil {
		return undefined
	}
	return b.value
}

// eval evaluates n. Its input is what names and $ refer to.
func (r *run) eval(n *node, in value, f *frame) (value, *Error) {
	if n.literal && !r.tracing {
		return n.lit, nil
	}
	if r.left--; r.left < 0 {
		if err := r.check(); err != nil {
			return undefined, err.at(n)
		}
	}
	if r.depth++; r.depth > r.deep {
		return undefined, limit(tooDeep).at(n)
	}
	var v value
	var err *Error
	switch n.kind {
	case nodePath:
		v, err = r.path(n, in, f)
	case nodeBinary:
		v, err = r.binary(n, in, f)
	case nodeString, nodeNumber, nodeValue:
		v = n.lit
	case nodeVariable:
		v = r.variable(n, f)
	case nodeContext:
		if v = in; in.ref != nil && in.ref.outer {
			v = in.ref.items[0]
		}
	case nodeRoot:
		v = r.input
	case nodeCall:
		v, err = r.call(n, in, f, nil)
	case nodeName:
		v, err = r.lookup(in, n.text)
	case nodeArray:
		v, err = r.array(n, in, f)
	case nodeObject:
		v, err = r.group(n, in, f)
	case nodeBlock:
		v, err = r.block(n, in, f)
	case nodeCondition, nodeDefault, nodeCoalesce:
		v, err = r.condition(n, in, f)
	case nodeTail:
		r.tail = tailCall{n.lhs, in, f}
		v = value{ref: tailRef}
	default:
		v, err = r.evalOther(n, in, f)
	}
	if err != nil {
		return undefined, err
	}
	if v.ref == tailRef {
		if n.extra != nil && n.predicates != nil {
			if v, err = r.filterTail(n, f); err != nil {
				return undefined, err
			}
		}
		r.depth--
		return v, nil
	}
	if x := n.extra; x != nil && (x.predicates != nil || x.group != nil && n.kind != nodePath) {
		for i := range x.predicates {
			if v, err = r.filter(x.predicates[i].filter, v, f); err != nil {
				return undefined, err
			}
		}
		if x.group != nil && n.kind != nodePath {
			if v, err = r.group(x.group, v, f); err != nil {
				return undefined, err
			}
		}
	}
	if v.ref != nil && v.ref.seq {
		v = n.settled(v)
	}
	if r.tracing {
		r.trace(n, v)
	}
	r.depth--
	return v, nil
}

// filterTail applies the predicates of a block that ends with a call left to the
// caller. The reference applies them to the call itself, not to what it gives:
// ($f())[0] is $f(), whatever it is, at the end of a function.
func (r *run) filterTail(n *node, f *frame) (value, *Error) {
	v, t := ofFunction(&function{}), r.tail
	for i := range n.predicates {
		var err *Error
		if v, err = r.filter(n.predicates[i].filter, v, f); err != nil {
			return undefined, err
		}
	}
	if v.len() == 0 {
		return undefined, nil
	}
	r.tail = t
	return value{ref: tailRef}, nil
}

// settled is what a sequence stands for: nothing, its one item, or itself.
func (n *node) settled(v value) value {
	if _, ok := v.tuples(); ok {
		return v
	}
	switch v.len() {
	case 0:
		return undefined
	case 1:
		if !n.keepArray && !v.ref.keep {
			return v.at(0)
		}
	}
	if n.keepArray && !v.ref.keep {
		kept := *v.ref
		kept.keep = true
		v.ref = &kept
	}
	return v
}

func (r *run) trace(n *node, v value) {
	if v.isFunction() {
		return
	}
	room := max(0, r.bytes/valueBytes)
	if j, ok := snapshot(v, &room, r.env.StepFunctions); ok {
		if r.expr.halves {
			j = cleaned(j)
		}
		r.env.Trace(int(n.start), int(n.end), j)
	}
}

// evalOther evaluates what comes less often.
func (r *run) evalOther(n *node, in value, f *frame) (value, *Error) {
	switch n.kind {
	case nodeNegate:
		return r.negate(n, in, f)
	case nodeWildcard:
		return r.wildcard(in)
	case nodeDescendant:
		return r.descendants(in)
	case nodeParent:
		v, _ := f.lookup(n.label.sym)
		return v, nil
	case nodeBind:
		v, err := r.eval(n.rhs, in, f)
		if err != nil {
			return undefined, err
		}
		f.bind(n.sym, v)
		return v, nil
	case nodeRegex:
		return ofFunction(regexFunction(n)), nil
	case nodeLambda:
		return ofFunction(&function{node: n, params: n.list, input: in, frame: f, arity: len(n.list), sig: n.signatureOf()}), nil
	case nodePartial:
		return r.partial(n, in, f)
	case nodeApply:
		return r.applyTo(n, in, f)
	case nodeTransform:
		return ofFunction(r.transformer(n, in, f)), nil
	}
	panic("jsonata: a node that resolve lets through and eval does not know")
}

func (n *node) signatureOf() *signature {
	if n.extra == nil {
		return nil
	}
	return n.signature
}

// condition evaluates ? :, ?: and ??.
func (r *run) condition(n *node, in value, f *frame) (value, *Error) {
	v, err := r.eval(n.lhs, in, f)
	if err != nil {
		return undefined, err
	}
	yes := !v.isUndefined()
	if n.kind != nodeCoalesce {
		if yes, err = r.truth(v); err != nil {
			return undefined, err.at(n.lhs)
		}
	}
	switch {
	case n.kind != nodeCondition && yes && n.third == nil:
		return v, nil
	case yes != (n.kind != nodeCondition):
		return r.eval(n.rhs, in, f)
	case n.third != nil:
		return r.eval(n.third, in, f)
	}
	return undefined, nil
}

func (r *run) block(n *node, in value, f *frame) (value, *Error) {
	if n.binds {
		f = &frame{parent: f}
	}
	var v value
	for _, e := range n.list {
		var err *Error
		if v, err = r.eval(e, in, f); err != nil {
			return undefined, err
		}
	}
	return v, nil
}

// newArray makes an array of items.
func (r *run) newArray(items []value) value {
	r.charge(arrayBytes + cap(items)*valueBytes)
	return value{ref: &ref{kind: jsonval.Array, items: items, depth: r.nest(items)}}
}

// newSequence makes a sequence of items.
func (r *run) newSequence(items []value) value {
	v := r.newArray(items)
	v.ref.seq = true
	return v
}

func (r *run) newObject(o *object) value {
	depth := int32(0)
	for i := range o.members {
		depth = max(depth, o.members[i].val.depth())
	}
	r.charge(arrayBytes + cap(o.members)*memberBytes)
	return value{ref: &ref{kind: jsonval.Object, ext: o, depth: r.deeper(depth)}}
}

// nest is how deep an array of items nests.
func (r *run) nest(items []value) int32 {
	depth := int32(0)
	for i := range items {
		depth = max(depth, items[i].depth())
	}
	return r.deeper(depth)
}

// deeper counts one level more. Too many show at the next step.
func (r *run) deeper(depth int32) int32 {
	if depth >= jsonval.MaxDepth {
		r.nested = true
		r.left = min(r.left, 0)
	}
	return depth + 1
}

func (v value) depth() int32 {
	if v.ref == nil {
		return 0
	}
	return v.ref.depth
}
