package jsonata

// seek notes the ancestors that v, a part of n, still seeks outside itself.
func (n *node) seek(v *node) {
	if v.extra == nil {
		return
	}
	if v.seeking == nil && v.kind != nodeParent {
		return
	}
	x := n.more()
	x.seeking = append(x.seeking, v.seeking...)
	if v.kind == nodeParent {
		x.seeking = append(x.seeking, v.label)
	}
}

// seekParent goes through n, a step before the one with the %, from its end. The
// step on which a's level gets to 0 is the one whose input is meant.
func (n *node) seekParent(a *ancestor) *Error {
	switch n.kind {
	case nodeName, nodeWildcard:
		if a.level--; a.level > 0 {
			return nil
		}
		if n.extra != nil && n.ancestor != nil {
			a.sym = n.ancestor.sym // several % mean the same
		}
		n.more().ancestor = a
		n.tuple = true
	case nodeParent:
		a.level++
	case nodeBlock:
		if len(n.list) > 0 {
			n.tuple = true
			return n.list[len(n.list)-1].seekParent(a)
		}
	case nodePath:
		n.tuple = true
		for i := len(n.list) - 1; i >= 0; i-- {
			if err := n.list[i].seekParent(a); err != nil {
				return err
			}
			if a.level <= 0 {
				break
			}
		}
	default:
		return fail("S0217").at(n).withToken(n.typeName())
	}
	return nil
}

// resolveAncestry looks among a path's steps for what its last step seeks.
func resolveAncestry(path *node) *Error {
	last := path.list[len(path.list)-1]
	if last.extra == nil {
		return nil
	}
	seeking := last.seeking
	if last.kind == nodeParent {
		seeking = append(seeking[:len(seeking):len(seeking)], last.label)
	}
	for _, a := range seeking {
		i := len(path.list) - 2
		for a.level > 0 {
			if i < 0 {
				x := path.more()
				x.seeking = append(x.seeking, a)
				break
			}
			step := path.list[i]
			i--
			// Of steps in a row that each bind a variable, all work on the input of
			// the first.
			for i >= 0 && step.bindsFocus() && path.list[i].bindsFocus() {
				step = path.list[i]
				i--
			}
			if err := step.seekParent(a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (n *node) bindsFocus() bool { return n.extra != nil && n.focus != 0 }

// typeName is what the reference calls n's kind.
func (n *node) typeName() string {
	switch n.kind {
	case nodeBinary:
		return "binary"
	case nodeNegate, nodeArray, nodeObject:
		return "unary"
	case nodeName:
		return "name"
	case nodeString:
		return "string"
	case nodeNumber:
		return "number"
	case nodeValue:
		return "value"
	case nodeRegex:
		return "regex"
	case nodeWildcard:
		return "wildcard"
	case nodeDescendant:
		return "descendant"
	case nodeParent:
		return "parent"
	case nodeVariable, nodeContext, nodeRoot:
		return "variable"
	case nodeCondition, nodeDefault, nodeCoalesce:
		return "condition"
	case nodeBlock:
		return "block"
	case nodeCall:
		return "function"
	case nodePartial:
		return "partial"
	case nodeLambda, nodeTail:
		return "lambda"
	case nodeTransform:
		return "transform"
	case nodePath:
		return "path"
	case nodeBind:
		return "bind"
	case nodeApply:
		return "apply"
	case nodeSort:
		return "sort"
	}
	return ""
}
