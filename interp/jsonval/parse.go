package jsonval

// Parse reads one JSON value; an error is a [*SyntaxError].
func Parse(text string) (Value, error) {
	p := parser{Scanner: Scanner{Src: text}}
	t, err := p.Next()
	if err != nil {
		return Value{}, err
	}
	v, err := p.value(t, 0)
	if err != nil {
		return Value{}, err
	}
	end, err := p.Next()
	if err != nil {
		return Value{}, err
	}
	if end.Kind != TokenEnd {
		return Value{}, p.errorf(end.Start, "unexpected %s after the end of the JSON value", end.described(text))
	}
	return v, nil
}

// MustParse is Parse for texts that are part of the program.
func MustParse(text string) Value {
	v, err := Parse(text)
	if err != nil {
		panic("jsonval: " + err.Error() + ": " + text)
	}
	return v
}

type parser struct {
	Scanner
	items   []Value  // stack of array items under construction
	members []Member // stack of object members under construction
}

func (p *parser) value(t Token, depth int) (Value, error) {
	switch t.Kind {
	case TokenString:
		return Value{kind: String, text: t.Text}, nil
	case TokenNumber:
		return Value{kind: Number, text: t.Text}, nil
	case TokenTrue:
		return True, nil
	case TokenFalse:
		return False, nil
	case TokenNull:
		return NullValue, nil
	case TokenOpen:
		if depth >= MaxDepth {
			return Value{}, p.errorf(t.Start, "nested deeper than %d levels", MaxDepth)
		}
		if t.Char == '[' {
			return p.array(depth)
		}
		return p.object(depth)
	case TokenEnd:
		return Value{}, p.errorf(t.Start, "the text ends where a JSON value should be")
	}
	return Value{}, p.errorf(t.Start, "unexpected %s, a JSON value should be here", t.described(p.Src))
}

func (t Token) described(src string) string {
	if t.Kind == TokenEnd {
		return "end of the text"
	}
	text := src[t.Start:t.End]
	if len(text) > 40 {
		text = text[:37] + "..."
	}
	return "'" + text + "'"
}

func (p *parser) array(depth int) (Value, error) {
	base := len(p.items)
	t, err := p.Next()
	if err != nil {
		return Value{}, err
	}
	if t.Kind == TokenClose && t.Char == ']' {
		return EmptyArray, nil
	}
	for {
		v, err := p.value(t, depth+1)
		if err != nil {
			return Value{}, err
		}
		p.items = append(p.items, v)
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
		if t.Kind == TokenClose && t.Char == ']' {
			break
		}
		if t.Kind != TokenComma {
			return Value{}, p.errorf(t.Start, "unexpected %s in an array: , or ] should be here", t.described(p.Src))
		}
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
	}
	items := make([]Value, len(p.items)-base)
	copy(items, p.items[base:])
	p.items = p.items[:base]
	return OfItems(items), nil
}

func (p *parser) object(depth int) (Value, error) {
	base := len(p.members)
	t, err := p.Next()
	if err != nil {
		return Value{}, err
	}
	if t.Kind == TokenClose && t.Char == '}' {
		return EmptyObject, nil
	}
	for {
		if t.Kind != TokenString {
			return Value{}, p.errorf(t.Start, "unexpected %s: a member's name in double quotes should be here", t.described(p.Src))
		}
		key := t.Text
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
		if t.Kind != TokenColon {
			return Value{}, p.errorf(t.Start, "unexpected %s: a : should follow the member's name", t.described(p.Src))
		}
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
		v, err := p.value(t, depth+1)
		if err != nil {
			return Value{}, err
		}
		p.members = append(p.members, Member{key, v})
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
		if t.Kind == TokenClose && t.Char == '}' {
			break
		}
		if t.Kind != TokenComma {
			return Value{}, p.errorf(t.Start, "unexpected %s in an object: , or } should be here", t.described(p.Src))
		}
		if t, err = p.Next(); err != nil {
			return Value{}, err
		}
	}
	members := make([]Member, len(p.members)-base)
	copy(members, p.members[base:])
	p.members = p.members[:base]
	return OfMembers(members), nil
}
