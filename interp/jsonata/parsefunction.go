package jsonata

// call reads arguments, and the rest of a function definition.
func (p *parser) call(n *node) *Error {
	n.kind = nodeCall
	for !p.is(opCloseParen) {
		if p.is(opQuestion) {
			n.kind = nodePartial
			n.list = append(n.list, &node{kind: nodePlaceholder, pos: int32(p.tok.end), start: int32(p.tok.start), end: int32(p.tok.end)})
			if err := p.advance(false); err != nil {
				return err
			}
		} else {
			arg, err := p.expression(0)
			if err != nil {
				return err
			}
			n.list = append(n.list, arg)
		}
		if !p.is(opComma) {
			break
		}
		if err := p.advance(false); err != nil {
			return err
		}
		if p.is(opCloseParen) { // f(1,) wants an argument, as the reference does
			_, err := p.expression(0)
			return err
		}
	}
	if err := p.expect(opCloseParen, true); err != nil {
		return err
	}
	if n.lhs.kind == nodeName && (n.lhs.text == "function" || n.lhs.text == "λ") {
		return p.lambda(n)
	}
	return nil
}

// lambda reads a function definition after its parameters.
func (p *parser) lambda(n *node) *Error {
	n.kind, n.lhs = nodeLambda, nil
	for i, param := range n.list {
		if !param.isVariable() {
			e := param.misplaced("S0208")
			e.Value, e.detail.value = quoted(ofInt(i + 1))
			return e
		}
	}
	if p.is(opLess) {
		at := p.tok
		text := []byte("<")
		for depth := 1; depth > 0 && !p.is(opOpenBrace) && p.tok.kind != tokEnd; {
			if err := p.advance(false); err != nil {
				return err
			}
			if p.is(opGreater) {
				depth--
			} else if p.is(opLess) {
				depth++
			}
			text = append(text, p.tok.shown()...)
		}
		end := p.tok.end
		if err := p.expect(opGreater, false); err != nil {
			return err
		}
		sig, err := parseSignature(string(text))
		if err != nil {
			err.Start, err.End, err.detail.located, err.detail.placed = at.start, end, true, true
			err.detail.pos += at.end
			return err
		}
		n.more().signature = sig
	}
	if err := p.expect(opOpenBrace, false); err != nil {
		return err
	}
	var err *Error
	if n.lhs, err = p.expression(0); err != nil {
		return err
	}
	return p.expect(opCloseBrace, false)
}
