package jsonpath

import (
	"slices"
	"strings"
	"unicode"

	"asldbg/interp/jsonval"
)

// condition is what stands in [?( )].
type condition interface {
	holds(r *run, item jsonval.Value) (bool, error)
}

type (
	allOf []condition
	anyOf []condition
	not   struct{ of condition }
	// existence asks whether the path leads somewhere, null included.
	existence struct {
		path *Path
		want bool
	}
	relation struct {
		left, right operand
		op          operator
	}
)

func (c allOf) holds(r *run, item jsonval.Value) (bool, error) {
	for _, each := range c {
		if ok, err := each.holds(r, item); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c anyOf) holds(r *run, item jsonval.Value) (bool, error) {
	for _, each := range c {
		if ok, err := each.holds(r, item); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (c not) holds(r *run, item jsonval.Value) (bool, error) {
	ok, err := c.of.holds(r, item)
	return !ok && err == nil, err
}

// holds looks below the item, for a path from $ too: so does Jayway. All members
// an indefinite path asks for must be there.
func (c existence) holds(r *run, item jsonval.Value) (bool, error) {
	if c.path.isPlace {
		return item.Lookup(c.path.place).Exists() == c.want, nil
	}
	inner := search{run: r, path: c.path, strict: true, quiet: true, item: -1}
	_, err := inner.value(item)
	if err != nil && !isMiss(err) {
		return false, err
	}
	return (err == nil) == c.want, nil
}

// condition reads the filter's text, which includes its outer parentheses.
//
//	or      = and { "||" and }
//	and     = operand { "&&" operand }
//	operand = "(" or ")" | "!" operand | value [ operator value ]
func (r *reader) condition() (condition, error) {
	c, err := r.or()
	if err != nil {
		return nil, err
	}
	if r.skipBlanks(); r.pos < r.end {
		return nil, r.errorf(r.pos, "%s in a filter: && || or its end should be here", r.described(r.pos))
	}
	return c, nil
}

func (r *reader) or() (condition, error) {
	list, err := r.chain("||", r.and)
	if err != nil || len(list) == 1 {
		return first(list), err
	}
	return anyOf(list), nil
}

func (r *reader) and() (condition, error) {
	list, err := r.chain("&&", r.conditionOperand)
	if err != nil || len(list) == 1 {
		return first(list), err
	}
	return allOf(list), nil
}

func first(list []condition) condition {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func (r *reader) chain(sign string, read func() (condition, error)) ([]condition, error) {
	var list []condition
	for {
		c, err := read()
		if err != nil {
			return nil, err
		}
		list = append(list, c)
		next := r.skipFrom(r.pos)
		if next >= r.end || !strings.HasPrefix(r.text[next:r.end], sign) {
			return list, nil
		}
		r.pos = next + len(sign)
	}
}

func (r *reader) conditionOperand() (condition, error) {
	if err := r.enter(r.pos); err != nil {
		return nil, err
	}
	defer r.leave()
	r.skipBlanks()
	start := r.pos
	switch r.peek() {
	case '!':
		r.pos++
		r.skipBlanks()
		if c := r.peek(); c == '$' || c == '@' {
			r.pos = start
			return r.comparison()
		}
		of, err := r.conditionOperand()
		return not{of}, err
	case '(':
		r.pos++
		c, err := r.or()
		if err != nil {
			return nil, err
		}
		if r.skipBlanks(); r.peek() != ')' {
			return nil, r.errorf(r.pos, "%s in a filter: ) && || or an operator with blanks around it should be here", r.described(r.pos))
		}
		r.pos++
		return c, nil
	}
	return r.comparison()
}

// comparison reads a value, or two with an operator between them. Jayway takes
// what is no operator and value for the end of an existence test, so that a
// wrong operator is found only by what follows the value.
func (r *reader) comparison() (condition, error) {
	start := r.skipFrom(r.pos)
	left, err := r.value()
	if err != nil {
		return nil, err
	}
	end := r.pos
	op, ok := r.operator()
	if ok {
		right, err := r.value()
		if err != nil {
			return nil, err
		}
		return relation{left, right, op}, nil
	}
	r.pos = end
	if left.path == nil {
		return nil, r.errorf(start, "a value alone is no condition: an operator should follow, or a path with @ stand here")
	}
	return existence{left.path, !left.negated}, nil
}

// operator reads ==, in and the like; ok is false where there is none.
func (r *reader) operator() (op operator, ok bool) {
	r.skipBlanks()
	start := r.pos
	if isSign(r.peek()) {
		for isSign(r.peek()) {
			r.pos++
		}
	} else {
		for r.pos < r.end && r.peek() != ' ' {
			r.pos++
		}
	}
	i := slices.Index(operatorNames[:], strings.ToLower(r.text[start:r.pos]))
	return operator(i), i >= 0
}

func isSign(c byte) bool { return c == '<' || c == '>' || c == '=' || c == '~' || c == '!' }

// value reads a path or a literal.
func (r *reader) value() (operand, error) {
	r.skipBlanks()
	negated := false
	if r.peek() == '!' {
		r.pos++
		r.skipBlanks()
		negated = true
	}
	start := r.pos
	c := r.peek()
	switch {
	case c == '$' || c == '@':
		return r.innerPath(negated)
	case negated:
		return operand{}, r.errorf(start, "%s after !: a path or a parenthesis should follow", r.described(start))
	case c == '\'' || c == '"':
		end := r.closing(start, c)
		if end < 0 {
			return operand{}, r.errorf(start, "the string is never closed")
		}
		text, ok := unescape(r.text[start+1 : end])
		if !ok {
			return operand{}, r.errorf(start, `\u needs four hexadecimal digits`)
		}
		r.pos = end + 1
		return literal(term{kind: stringTerm, value: jsonval.OfString(text)}), nil
	case c == '{' || c == '[':
		end, err := r.matching(start, c, c+2, false) // ] and } come two after [ and {
		if err != nil {
			return operand{}, err
		}
		r.pos = end + 1
		return literal(jsonTerm(r.text[start:r.pos])), nil
	case c == '/':
		return r.pattern()
	}
	if word := r.bareWord(); word != "" {
		r.pos += len(word)
		switch word {
		case "true", "false":
			return literal(term{kind: boolTerm, value: jsonval.OfBool(word == "true")}), nil
		case "null":
			return literal(term{kind: nullTerm, value: jsonval.NullValue}), nil
		}
		return literal(term{kind: stringTerm, value: jsonval.OfString(word)}), nil
	}
	for c := r.peek(); isDigit(c) || c == '-' || c == '.' || c == 'e' || c == 'E'; c = r.peek() {
		r.pos++
	}
	text := r.text[start:r.pos]
	if !isDecimal(text) {
		if text == "" {
			return operand{}, r.errorf(start, "%s in a filter: a path with @ or a value should be here", r.described(start))
		}
		return operand{}, r.errorf(start, "%q is no number; text needs quotes", text)
	}
	return literal(term{kind: numberTerm, number: text, literal: true}), nil
}

// bareWord is the unquoted word that begins here: a letter or _, then also
// digits and - and dots.
func (r *reader) bareWord() string {
	for i, c := range r.text[r.pos:r.end] {
		if !unicode.IsLetter(c) && c != '_' && (i == 0 || !unicode.IsDigit(c) && c != '-' && c != '.') {
			return r.text[r.pos : r.pos+i]
		}
	}
	return r.text[r.pos:r.end]
}

// innerPath reads a path inside a filter. It ends at an operator sign, a blank or
// a parenthesis, which the first bracket of a run protects; one that closes an
// empty () of a function belongs to the path.
func (r *reader) innerPath(negated bool) (operand, error) {
	start := r.pos
	r.pos++
	for r.pos < r.end {
		if r.peek() == '[' {
			end, err := r.matching(r.pos, '[', ']', false)
			if err != nil {
				return operand{}, err
			}
			r.pos = end + 1
		}
		c := r.peek()
		if r.pos >= r.end || isSign(c) || c == ' ' || c == ')' && !r.closesCall(start) {
			break
		}
		r.pos++
	}
	if err := r.enter(start); err != nil {
		return operand{}, err
	}
	defer r.leave()
	path, err := r.path(start+1, r.pos)
	if err != nil {
		return operand{}, err
	}
	path.text = r.text[start:r.pos]
	return operand{path: path, absolute: r.text[start] == '$', negated: negated}, nil
}

// closesCall reports whether the parenthesis here closes name() of a path that
// begins at start.
func (r *reader) closesCall(start int) bool {
	i := r.pos - 1
	for r.at(i) == ' ' {
		i--
	}
	return i > start && r.at(i) == '(' && strings.IndexByte(r.text[start+1:i], '.') >= 0
}

// pattern reads /regular expression/flags.
func (r *reader) pattern() (operand, error) {
	start := r.pos
	end := r.closing(start, '/')
	if end < 0 {
		return operand{}, r.errorf(start, "the regular expression is never closed by /")
	}
	r.pos = end + 1
	for strings.IndexByte(regexFlags, r.peek()) >= 0 {
		r.pos++
	}
	re, err := compileRegex(r.text[start+1:end], r.text[end+1:r.pos])
	if err != nil {
		return operand{}, r.errorf(start, "regular expression %s: %v", r.text[start:r.pos], err)
	}
	return literal(term{kind: patternTerm, pattern: re}), nil
}

// isDecimal reports whether s is a number as Java's BigDecimal reads it.
func isDecimal(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	mantissa := strings.TrimLeft(s, "0123456789")
	digits := len(s) - len(mantissa)
	if strings.HasPrefix(mantissa, ".") {
		rest := strings.TrimLeft(mantissa[1:], "0123456789")
		digits += len(mantissa) - 1 - len(rest)
		mantissa = rest
	}
	if digits == 0 || mantissa == "" {
		return digits > 0
	}
	if mantissa[0] != 'e' && mantissa[0] != 'E' {
		return false
	}
	exponent := mantissa[1:]
	if exponent != "" && (exponent[0] == '-' || exponent[0] == '+') {
		exponent = exponent[1:]
	}
	return exponent != "" && len(exponent) <= 9 && strings.Trim(exponent, "0123456789") == ""
}

// javaTrim is String.trim: it takes off everything up to the blank.
func javaTrim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}
