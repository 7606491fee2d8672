package jsonata

// parser reads an expression by operator precedence (Pratt's method).
type parser struct {
	lexer
	tok     token
	lastEnd int // of the token before tok
	depth   int
	syms    map[string]int32 // of variables; numbers start at 1
	numSyms int32
}

// precedence is how strongly an operator binds what is left of it; 0 ends an
// expression.
var precedence = [numOperators]uint8{
	opDot: 75, opOpenBracket: 80, opOpenBrace: 70, opOpenParen: 80, opAt: 80, opHash: 80, opQuestion: 20,
	opPlus: 50, opMinus: 50, opTimes: 60, opDivide: 60, opPercent: 60, opEqual: 40, opLess: 40, opGreater: 40,
	opCaret: 40, opBind: 10, opNotEqual: 40, opLessEqual: 40, opGreaterEqual: 40, opApply: 40, opDefault: 40,
	opCoalesce: 40, opAnd: 30, opOr: 25, opIn: 40, opConcat: 50,
}

const negatePrecedence = 70

// parseExpression reads all of src.
func (p *parser) parseExpression() (*node, *Error) {
	if err := p.advance(false); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEnd {
		return nil, p.unexpected("S0201")
	}
	return n, nil
}

// sym is the number of the variable called name.
func (p *parser) sym(name string) int32 {
	if s, ok := p.syms[name]; ok {
		return s
	}
	if p.syms == nil {
		p.syms = map[string]int32{}
	}
	s := p.newSym()
	p.syms[name] = s
	return s
}

// newSym is a number no variable has.
func (p *parser) newSym() int32 {
	p.numSyms++
	return p.numSyms
}

// unexpected is an error at the token.
func (p *parser) unexpected(code string) *Error {
	e := p.lexError(code, p.tok.start, p.tok.end).withToken(p.tok.shown())
	switch p.tok.kind {
	case tokNumber, tokValue:
		e.detail.token = p.tok.shown()
	case tokRegex:
		e.detail.token = "{}" // a regular expression as JavaScript writes it in JSON
	}
	return e
}

func (p *parser) advance(afterOperand bool) *Error {
	p.lastEnd = p.tok.end
	t, err := p.next(afterOperand)
	if err != nil {
		return err
	}
	p.tok = t
	if t.kind == tokOperator && (t.op == opBang || t.op == opTilde) {
		return p.unexpected("S0204")
	}
	return nil
}

func (p *parser) is(op operator) bool { return p.tok.kind == tokOperator && p.tok.op == op }

// expect passes over op.
func (p *parser) expect(op operator, afterOperand bool) *Error {
	if !p.is(op) {
		code := "S0202"
		if p.tok.kind == tokEnd {
			code = "S0203"
		}
		e := p.unexpected(code)
		e.Value, e.detail.value = quoted(ofString(operatorText[op]))
		return e
	}
	return p.advance(afterOperand)
}

// expression reads on while operators bind more strongly than rbp.
func (p *parser) expression(rbp uint8) (*node, *Error) {
	// Each level of the text takes at most three of reading it.
	if p.depth++; p.depth > maxNesting {
		return nil, p.lexError(limitCode, p.tok.start, p.tok.end).because("the expression nests too deep")
	}
	t := p.tok
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.prefix(t)
	for err == nil && p.tok.kind == tokOperator && rbp < precedence[p.tok.op] {
		t = p.tok
		if err = p.advance(false); err != nil {
			break
		}
		left, err = p.infix(t, left)
	}
	p.depth--
	return left, err
}

// because sets the message of an error that is not the reference's.
func (e *Error) because(message string) *Error {
	e.Message = message
	return e
}

// closed completes a node that began at start.
func (p *parser) closed(n *node, start int) (*node, *Error) {
	n.start, n.end = int32(start), int32(p.lastEnd)
	return n, n.nested()
}

// prefix reads what begins with t.
func (p *parser) prefix(t token) (*node, *Error) {
	n := &node{pos: int32(t.end), text: t.text}
	var err *Error
	switch t.kind {
	case tokName:
		n.kind = nodeName
	case tokVariable:
		n.kind = nodeVariable
		switch t.text {
		case "":
			n.kind = nodeContext
		case "$":
			n.kind = nodeRoot
		default:
			n.sym = p.sym(t.text)
		}
	case tokString:
		n.kind, n.lit = nodeString, ofString(t.text)
	case tokNumber:
		n.kind, n.lit = nodeNumber, ofFloat(t.num)
	case tokValue:
		n.kind = nodeValue
		switch t.text {
		case "true":
			n.lit = trueValue
		case "false":
			n.lit = falseValue
		default:
			n.lit = nullValue
		}
	case tokRegex:
		n.kind, n.text = nodeRegex, t.shown()
		n.more().regex, err = compileRegex(&p.lexer, t)
	case tokEnd:
		n.kind = nodeEnd
	default:
		n.text = operatorText[t.op]
		switch t.op {
		case opAnd, opOr, opIn:
			n.kind = nodeKeyword
		case opMinus:
			n.kind = nodeNegate
			n.lhs, err = p.expression(negatePrecedence)
		case opTimes:
			n.kind = nodeWildcard
		case opDescend:
			n.kind = nodeDescendant
		case opPercent:
			n.kind = nodeParent
		case opOpenParen:
			err = p.block(n)
		case opOpenBracket:
			err = p.array(n)
		case opOpenBrace:
			err = p.object(n)
		case opBar:
			err = p.transform(n)
		default:
			err = p.lexError("S0211", t.start, t.end).withToken(t.shown())
		}
	}
	if err != nil {
		return nil, err
	}
	return p.closed(n, t.start)
}

func (p *parser) block(n *node) *Error {
	n.kind = nodeBlock
	for !p.is(opCloseParen) {
		e, err := p.expression(0)
		if err != nil {
			return err
		}
		n.list = append(n.list, e)
		if !p.is(opSemicolon) {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	return p.expect(opCloseParen, true)
}

func (p *parser) array(n *node) *Error {
	n.kind = nodeArray
	for !p.is(opCloseBracket) {
		item, err := p.expression(0)
		if err != nil {
			return err
		}
		if p.is(opRange) {
			r := &node{kind: nodeBinary, op: opRange, pos: int32(p.tok.end), lhs: item}
			if err := p.advance(false); err != nil {
				return err
			}
			if r.rhs, err = p.expression(0); err != nil {
				return err
			}
			if item, err = p.closed(r, int(r.lhs.start)); err != nil {
				return err
			}
		}
		n.list = append(n.list, item)
		if !p.is(opComma) {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
		if p.is(opCloseBracket) { // [1,] wants an item, as the reference does
			_, err := p.expression(0)
			return err
		}
	}
	return p.expect(opCloseBracket, true)
}

// object reads the pairs and the brace after them.
func (p *parser) object(n *node) *Error {
	n.kind = nodeObject
	if !p.is(opCloseBrace) {
		for {
			key, err := p.expression(0)
			if err != nil {
				return err
			}
			if err := p.expect(opColon, false); err != nil {
				return err
			}
			val, err := p.expression(0)
			if err != nil {
				return err
			}
			n.list = append(n.list, key, val)
			if !p.is(opComma) {
				break
			}
			if err := p.advance(false); err != nil {
				return err
			}
		}
	}
	return p.expect(opCloseBrace, true)
}

func (p *parser) transform(n *node) *Error {
	n.kind = nodeTransform
	var err *Error
	if n.lhs, err = p.expression(0); err != nil {
		return err
	}
	if err = p.expect(opBar, false); err != nil {
		return err
	}
	if n.rhs, err = p.expression(0); err != nil {
		return err
	}
	if p.is(opComma) {
		if err = p.advance(false); err != nil {
			return err
		}
		if n.third, err = p.expression(0); err != nil {
			return err
		}
	}
	return p.expect(opBar, false)
}

// infix reads what t makes of left.
func (p *parser) infix(t token, left *node) (*node, *Error) {
	n := &node{kind: nodeBinary, op: t.op, pos: int32(t.end), lhs: left}
	var err *Error
	switch t.op {
	case opOpenParen:
		err = p.call(n)
	case opOpenBracket:
		if p.is(opCloseBracket) {
			// An empty predicate belongs to the step before all its predicates.
			step := left
			for step.kind == nodeBinary && step.op == opOpenBracket {
				step = step.lhs
			}
			step.keepArray = true
			left.end = int32(p.tok.end)
			return left, p.advance(false)
		}
		if n.rhs, err = p.expression(0); err == nil {
			err = p.expect(opCloseBracket, true)
		}
	case opOpenBrace:
		n.rhs = &node{pos: n.pos, start: int32(t.start)}
		if err = p.object(n.rhs); err == nil {
			n.rhs.end = int32(p.lastEnd)
			err = n.rhs.nested()
		}
	case opCaret:
		err = p.orderBy(n)
	case opBind:
		if !left.isVariable() {
			return nil, left.misplaced("S0212")
		}
		n.rhs, err = p.expression(precedence[opBind] - 1)
	case opAt, opHash:
		if n.rhs, err = p.expression(precedence[t.op]); err != nil {
			break
		}
		if !n.rhs.isVariable() {
			return nil, fail("S0214").at(n.rhs).withToken(t.shown())
		}
		if n.rhs.sym == 0 { // @$ binds what cannot be read
			n.rhs.sym = p.newSym()
		}
	case opQuestion:
		n.kind = nodeCondition
		if n.rhs, err = p.expression(0); err == nil && p.is(opColon) {
			if err = p.advance(false); err == nil {
				n.third, err = p.expression(0)
			}
		}
	case opDefault, opCoalesce:
		n.kind = nodeDefault
		if t.op == opCoalesce {
			n.kind = nodeCoalesce
		}
		n.rhs, err = p.expression(0)
	default:
		n.rhs, err = p.expression(precedence[t.op])
	}
	if err != nil {
		return nil, err
	}
	return p.closed(n, int(left.start))
}

// misplaced is an error about a node that stands where it cannot.
func (n *node) misplaced(code string) *Error {
	e := fail(code).at(n)
	switch n.kind {
	case nodeNumber:
		e.detail.token = numberText(n.lit.float())
		return e.withToken(e.detail.token)
	case nodeValue:
		e.detail.token = n.lit.json.String()
		return e.withToken(e.detail.token)
	case nodeBinary:
		return e.withToken(operatorText[n.op])
	case nodeCall, nodePartial:
		return e.withToken("(")
	case nodeRoot:
		return e.withToken("$")
	case nodeRegex:
		e.detail.token = "{}"
	case nodePlaceholder, nodeCondition:
		return e.withToken("?")
	case nodeDefault:
		return e.withToken("?:")
	case nodeCoalesce:
		return e.withToken("??")
	case nodeEnd:
		return e.withToken("(end)")
	}
	return e.withToken(n.text)
}

// orderBy reads the terms of ^( … ).
func (p *parser) orderBy(n *node) *Error {
	if err := p.expect(opOpenParen, false); err != nil {
		return err
	}
	for {
		term := &node{kind: nodeTerm, pos: int32(p.tok.end)}
		start := p.tok.start
		if p.is(opLess) || p.is(opGreater) {
			term.descending = p.is(opGreater)
			if err := p.advance(false); err != nil {
				return err
			}
		}
		var err *Error
		if term.lhs, err = p.expression(0); err != nil {
			return err
		}
		if term, err = p.closed(term, start); err != nil {
			return err
		}
		n.list = append(n.list, term)
		if !p.is(opComma) {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
	}
	return p.expect(opCloseParen, false)
}
