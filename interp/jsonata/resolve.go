package jsonata

// resolver rearranges a parsed expression for evaluation: dots become one list
// of steps, predicates stages of steps, and every % learns whose input it means.
type resolver struct {
	*parser
	scope     *node   // the nodeBlock or nodeLambda around, whose frame := fills
	variables []*node // all nodeVariable
	literals  []*node // all nodeString, nodeNumber and nodeValue, some of them steps
	paths     []*node // all nodePath
	bound     []bool  // by sym: something in the expression binds it
}

func (r *resolver) bind(sym int32) {
	for int(sym) >= len(r.bound) {
		r.bound = append(r.bound, false)
	}
	r.bound[sym] = true
}

// resolveExpression resolves the whole expression.
func (r *resolver) resolveExpression(n *node) (*node, *Error) {
	root, err := r.resolve(n)
	if err != nil {
		return nil, err
	}
	if root.kind == nodeParent || root.extra != nil && root.seeking != nil {
		return nil, fail("S0217").at(root).withToken(root.typeName())
	}
	for _, n := range r.literals {
		n.literal = n.extra == nil && (n.kind == nodeString || n.kind == nodeNumber || n.kind == nodeValue)
	}
	for _, n := range r.paths {
		n.plain = n.isPlain()
	}
	for _, v := range r.variables {
		if int(v.sym) < len(r.bound) && r.bound[v.sym] {
			continue
		}
		v.sym = 0
		v.builtin = builtins[v.text]
	}
	return root, nil
}

func (r *resolver) resolve(n *node) (*node, *Error) {
	result, err := r.rearranged(n)
	if err != nil {
		return nil, err
	}
	if n.keepArray {
		result.keepArray = true
	}
	result.start, result.end = min(result.start, n.start), max(result.end, n.end)
	return result, nil
}

func (r *resolver) rearranged(n *node) (*node, *Error) {
	switch n.kind {
	case nodeBinary:
		switch n.op {
		case opDot:
			return r.dot(n)
		case opOpenBracket:
			return r.predicate(n)
		case opOpenBrace:
			return r.group(n)
		case opCaret:
			return r.sort(n)
		case opAt, opHash:
			return r.binding(n)
		case opBind:
			n.kind, n.sym = nodeBind, n.lhs.sym
			r.bind(n.sym)
			r.scope.binds = true
			return n, r.operands(n, &n.rhs)
		case opApply:
			n.kind = nodeApply
			if err := r.operands(nil, &n.lhs, &n.rhs); err != nil {
				return nil, err
			}
			n.keepArray = n.keepArray || n.lhs.keepArray || n.rhs.keepArray
			return n, nil
		}
		return n, r.operands(n, &n.lhs, &n.rhs)
	case nodeNegate:
		if err := r.operands(n, &n.lhs); err != nil {
			return nil, err
		}
		if n.lhs.kind == nodeNumber {
			n.lhs.lit = ofFloat(-n.lhs.lit.float())
			return n.lhs, nil
		}
		return n, nil
	case nodeName, nodeKeyword:
		n.kind = nodeName
		return r.onePath(n), nil
	case nodeString, nodeNumber, nodeValue:
		r.literals = append(r.literals, n)
		return n, nil
	case nodeParent:
		n.sym = r.newSym()
		n.more().label = &ancestor{level: 1, sym: n.sym}
		return n, nil
	case nodeVariable:
		r.variables = append(r.variables, n)
		return n, nil
	case nodeCondition, nodeDefault, nodeCoalesce:
		return n, r.operands(n, &n.lhs, &n.rhs, &n.third)
	case nodeArray, nodeObject:
		return n, r.list(n)
	case nodeCall, nodePartial:
		if err := r.list(n); err != nil {
			return nil, err
		}
		return n, r.operands(nil, &n.lhs)
	case nodeLambda:
		outer := r.scope
		r.scope = n
		for _, param := range n.list {
			r.bind(param.sym)
		}
		if err := r.operands(nil, &n.lhs); err != nil {
			return nil, err
		}
		r.scope = outer
		n.lhs = tailCalls(n.lhs)
		return n, nil
	case nodeTransform:
		return n, r.operands(nil, &n.lhs, &n.rhs, &n.third)
	case nodeBlock:
		outer := r.scope
		r.scope = n
		if err := r.list(n); err != nil {
			return nil, err
		}
		r.scope = outer
		for _, e := range n.list {
			if e.cons || e.kind == nodePath && e.list[0].cons {
				n.cons = true
			}
		}
		return n, nil
	case nodeEnd:
		return nil, n.misplaced("S0207")
	}
	return n, nil
}

// operands resolves operands that are there; what they seek, n seeks.
func (r *resolver) operands(n *node, operands ...**node) *Error {
	for _, o := range operands {
		if *o == nil {
			continue
		}
		resolved, err := r.resolve(*o)
		if err != nil {
			return err
		}
		*o = resolved
		if n != nil {
			n.seek(resolved)
		}
	}
	return nil
}

func (r *resolver) list(n *node) *Error {
	for i := range n.list {
		if err := r.operands(n, &n.list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) onePath(step *node) *node {
	p := &node{
		kind: nodePath, list: []*node{step}, keepOne: step.keepArray,
		pos: step.pos, start: step.start, end: step.end,
	}
	r.paths = append(r.paths, p)
	return p
}

// asPath is n as a path; predicates of what becomes a step stay with it.
func (r *resolver) asPath(n *node) *node {
	if n.kind == nodePath {
		return n
	}
	p := r.onePath(n)
	p.keepOne = false
	return p
}

// isPlain reports whether a path is nothing but names, perhaps after a variable.
func (n *node) isPlain() bool {
	if n.extra != nil || n.keepOne || n.keepArray || n.tuple {
		return false
	}
	for i, step := range n.list {
		named := step.kind == nodeName || i == 0 && (step.kind == nodeVariable || step.kind == nodeContext)
		if !named || step.extra != nil || step.keepArray || step.tuple {
			return false
		}
	}
	return true
}

func (r *resolver) dot(n *node) (*node, *Error) {
	left, err := r.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	path := r.asPath(left)
	unchecked := 0
	if n.lhs.kind == nodeBinary && n.lhs.op == opDot {
		unchecked = len(path.list)
	}
	if left.kind == nodeParent {
		path.more().seeking = []*ancestor{left.label}
	}
	right, err := r.resolve(n.rhs)
	if err != nil {
		return nil, err
	}
	if right.kind == nodePath {
		path.list = append(path.list, right.list...)
	} else {
		if right.extra != nil && right.predicates != nil {
			right.stages, right.predicates = right.predicates, nil
		}
		path.list = append(path.list, right)
	}
	for _, step := range path.list[unchecked:] {
		switch step.kind {
		case nodeNumber, nodeValue:
			e := step.misplaced("S0213")
			e.Value, e.detail.value = quoted(step.lit)
			return nil, e
		case nodeString:
			step.kind = nodeName
		}
		path.keepOne = path.keepOne || step.keepArray
	}
	for _, step := range []*node{path.list[0], path.list[len(path.list)-1]} {
		if step.isArrayNode() {
			step.cons = true
		}
	}
	path.start, path.end = n.start, n.end
	return path, resolveAncestry(path)
}

// lastStep is the last step of a path, or n itself.
func (n *node) lastStep() *node {
	if n.kind == nodePath {
		return n.list[len(n.list)-1]
	}
	return n
}

func (r *resolver) predicate(n *node) (*node, *Error) {
	result, err := r.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result.lastStep()
	if step.extra != nil && step.extra.group != nil {
		return nil, fail("S0209").at(n)
	}
	filter, err := r.resolve(n.rhs)
	if err != nil {
		return nil, err
	}
	if filter.extra != nil && filter.seeking != nil {
		for _, a := range filter.seeking {
			if a.level != 1 {
				a.level--
			} else if err := step.seekParent(a); err != nil {
				return nil, err
			}
		}
		step.seek(filter)
	}
	x := step.more()
	if result.kind == nodePath {
		x.stages = append(x.stages, stage{filter: filter})
	} else {
		x.predicates = append(x.predicates, stage{filter: filter})
	}
	return result, nil
}

func (r *resolver) group(n *node) (*node, *Error) {
	result, err := r.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	if result.extra != nil && result.extra.group != nil {
		return nil, fail("S0210").at(n)
	}
	n.rhs.kind = nodeObject
	for i := range n.rhs.list {
		if err := r.operands(nil, &n.rhs.list[i]); err != nil {
			return nil, err
		}
	}
	result.more().group = n.rhs
	return result, nil
}

func (r *resolver) sort(n *node) (*node, *Error) {
	left, err := r.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	path := r.asPath(left)
	step := &node{kind: nodeSort, pos: n.pos, start: n.start, end: n.end, list: n.list}
	for _, term := range step.list {
		if err := r.operands(step, &term.lhs); err != nil {
			return nil, err
		}
	}
	path.list = append(path.list, step)
	return path, resolveAncestry(path)
}

// binding resolves @$name and #$name.
func (r *resolver) binding(n *node) (*node, *Error) {
	result, err := r.resolve(n.lhs)
	if err != nil {
		return nil, err
	}
	step := result.lastStep()
	r.bind(n.rhs.sym)
	if n.op == opAt {
		if step.extra != nil && (step.stages != nil || step.predicates != nil) {
			return nil, fail("S0215").at(n)
		}
		if step.kind == nodeSort {
			return nil, fail("S0216").at(n)
		}
		step.keepArray = step.keepArray || n.keepArray
		step.more().focus = n.rhs.sym
		step.tuple = true
		return result, nil
	}
	x := step.more()
	if result.kind != nodePath {
		result = r.asPath(result)
		if x.predicates != nil {
			x.stages, x.predicates = x.predicates, nil
		}
	}
	if x.stages == nil {
		x.index = n.rhs.sym
	} else {
		x.stages = append(x.stages, stage{index: n.rhs.sym})
	}
	step.tuple = true
	return result, nil
}

// tailCalls marks the calls a function ends with: they are made by its caller,
// so that functions which end by calling each other need no stack.
func tailCalls(n *node) *node {
	if n.extra != nil && (n.group != nil || n.predicates != nil && n.kind == nodeCall) {
		return n // there is more to do after the call
	}
	switch n.kind {
	case nodeCall:
		return &node{kind: nodeTail, lhs: n, pos: n.pos, start: n.start, end: n.end}
	case nodeCondition:
		n.rhs = tailCalls(n.rhs)
		if n.third != nil {
			n.third = tailCalls(n.third)
		}
	case nodeDefault, nodeCoalesce:
		n.rhs = tailCalls(n.rhs)
		if n.lhs.kind == nodeCall {
			n.third = tailCalls(n.lhs) // called twice: to test it, and for the caller
		}
	case nodeBlock:
		if last := len(n.list) - 1; last >= 0 {
			n.list[last] = tailCalls(n.list[last])
		}
	}
	return n
}
