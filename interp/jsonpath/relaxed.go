package jsonpath

import (
	"fmt"
	"strings"

	"asldbg/interp/jsonval"
)

// parseRelaxed reads JSON as the parser behind Jayway does, which forgives
// much: single quotes or none, empty places in lists, zeros before numbers and
// anything after the value.
func parseRelaxed(text string) (jsonval.Value, error) {
	if v, err := jsonval.Parse(text); err == nil {
		return v, nil
	}
	p := relaxed{text: text}
	return p.value("", 0)
}

type relaxed struct {
	text string
	pos  int
}

func (p *relaxed) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *relaxed) skipSpace() {
	p.pos += len(p.text[p.pos:]) - len(strings.TrimLeft(p.text[p.pos:], " \t\r\n"))
}

// value reads one value; an unquoted one ends before one of the stops.
func (p *relaxed) value(stops string, depth int) (jsonval.Value, error) {
	if depth > maxNesting {
		return jsonval.Value{}, fmt.Errorf("JSON nested deeper than %d levels", maxNesting)
	}
	p.skipSpace()
	switch c := p.peek(); c {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"', '\'':
		s, err := p.quoted(c)
		return jsonval.OfString(s), err
	}
	word := p.word(stops)
	switch word {
	case "":
		return jsonval.Value{}, fmt.Errorf("JSON value missing at character %d of %s", p.pos+1, short(p.text))
	case "true":
		return jsonval.True, nil
	case "false":
		return jsonval.False, nil
	case "null":
		return jsonval.NullValue, nil
	}
	if v, ok := relaxedNumber(word); ok {
		return v, nil
	}
	return jsonval.OfString(word), nil
}

// relaxedNumber reads a number that may have zeros before it.
func relaxedNumber(s string) (jsonval.Value, bool) {
	sign, digits := "", s
	if strings.HasPrefix(s, "-") {
		sign, digits = "-", s[1:]
	}
	for len(digits) > 1 && digits[0] == '0' && isDigit(digits[1]) {
		digits = digits[1:]
	}
	return jsonval.OfNumber(sign + digits)
}

func (p *relaxed) word(stops string) string {
	start := p.pos
	for p.pos < len(p.text) && strings.IndexByte(stops, p.text[p.pos]) < 0 {
		p.pos++
	}
	return strings.TrimRight(p.text[start:p.pos], " \t\r\n")
}

func (p *relaxed) quoted(quote byte) (string, error) {
	start := p.pos
	for p.pos++; p.pos < len(p.text); p.pos++ {
		switch p.text[p.pos] {
		case '\\':
			p.pos++
		case quote:
			s, ok := unescape(p.text[start+1 : p.pos])
			if !ok {
				return "", fmt.Errorf(`\u without four hexadecimal digits in %s`, short(p.text))
			}
			p.pos++
			return s, nil
		}
	}
	return "", fmt.Errorf("string is never closed in %s", short(p.text))
}

func (p *relaxed) array(depth int) (jsonval.Value, error) {
	var items []jsonval.Value
	p.pos++
	for {
		p.skipSpace()
		switch p.peek() {
		case 0:
			return jsonval.Value{}, fmt.Errorf("array is never closed in %s", short(p.text))
		case ']':
			p.pos++
			return jsonval.OfItems(items), nil
		case ',':
			p.pos++
			continue
		}
		v, err := p.value(",]", depth+1)
		if err != nil {
			return v, err
		}
		items = append(items, v)
	}
}

func (p *relaxed) object(depth int) (jsonval.Value, error) {
	var members []jsonval.Member
	p.pos++
	for {
		p.skipSpace()
		c := p.peek()
		switch c {
		case 0:
			return jsonval.Value{}, fmt.Errorf("object is never closed in %s", short(p.text))
		case '}':
			p.pos++
			return jsonval.OfMembers(members), nil
		case ',':
			p.pos++
			continue
		}
		key, err := "", error(nil)
		if c == '"' || c == '\'' {
			key, err = p.quoted(c)
			p.skipSpace()
		} else {
			key = p.word(":")
		}
		if err != nil {
			return jsonval.Value{}, err
		}
		if p.peek() != ':' {
			return jsonval.Value{}, fmt.Errorf("a : is missing after %s in %s", short(key), short(p.text))
		}
		p.pos++
		v, err := p.value(",}", depth+1)
		if err != nil {
			return v, err
		}
		members = append(members, jsonval.Member{Key: key, Value: v})
	}
}
