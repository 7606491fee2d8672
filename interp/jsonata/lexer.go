package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokName
	tokVariable
	tokString
	tokNumber
	tokValue // true, false, null
	tokRegex
	tokOperator
)

// operator is an operator or a punctuation mark.
type operator uint8

const (
	opNone operator = iota
	opDot
	opOpenBracket
	opCloseBracket
	opOpenBrace
	opCloseBrace
	opOpenParen
	opCloseParen
	opComma
	opAt
	opHash
	opSemicolon
	opColon
	opQuestion
	opPlus
	opMinus
	opTimes
	opDivide
	opPercent
	opBar
	opEqual
	opLess
	opGreater
	opCaret
	opDescend
	opRange
	opBind
	opNotEqual
	opLessEqual
	opGreaterEqual
	opApply
	opDefault
	opCoalesce
	opAnd
	opOr
	opIn
	opConcat
	opBang
	opTilde
	numOperators
)

var operatorText = [numOperators]string{
	opDot: ".", opOpenBracket: "[", opCloseBracket: "]", opOpenBrace: "{", opCloseBrace: "}",
	opOpenParen: "(", opCloseParen: ")", opComma: ",", opAt: "@", opHash: "#", opSemicolon: ";",
	opColon: ":", opQuestion: "?", opPlus: "+", opMinus: "-", opTimes: "*", opDivide: "/",
	opPercent: "%", opBar: "|", opEqual: "=", opLess: "<", opGreater: ">", opCaret: "^",
	opDescend: "**", opRange: "..", opBind: ":=", opNotEqual: "!=", opLessEqual: "<=",
	opGreaterEqual: ">=", opApply: "~>", opDefault: "?:", opCoalesce: "??", opAnd: "and",
	opOr: "or", opIn: "in", opConcat: "&", opBang: "!", opTilde: "~",
}

// singles are the operators of one character, and so the characters that end a
// name.
var singles = func() (t [utf8.RuneSelf]operator) {
	for op, text := range operatorText {
		if len(text) == 1 {
			t[text[0]] = operator(op)
		}
	}
	return
}()

// double are the operators of two characters.
func double(c, next byte) operator {
	switch {
	case c == '.' && next == '.':
		return opRange
	case c == ':' && next == '=':
		return opBind
	case c == '!' && next == '=':
		return opNotEqual
	case c == '>' && next == '=':
		return opGreaterEqual
	case c == '<' && next == '=':
		return opLessEqual
	case c == '*' && next == '*':
		return opDescend
	case c == '~' && next == '>':
		return opApply
	case c == '?' && next == ':':
		return opDefault
	case c == '?' && next == '?':
		return opCoalesce
	}
	return opNone
}

// token is one word of an expression.
type token struct {
	kind       tokenKind
	op         operator
	start, end int    // bytes
	text       string // name, string, the regular expression between its slashes, true, false, null
	flags      string // of a regular expression
	num        float64
}

// shown is a token's text as the reference reports it.
func (t token) shown() string {
	switch t.kind {
	case tokOperator:
		return operatorText[t.op]
	case tokNumber:
		return numberText(t.num)
	case tokEnd:
		return "(end)"
	case tokRegex:
		flags := "g"
		if strings.Contains(t.flags, "i") {
			flags += "i"
		}
		if strings.Contains(t.flags, "m") {
			flags += "m"
		}
		return "/" + t.text + "/" + flags
	}
	return t.text
}

// lexer cuts the text of an expression into tokens.
type lexer struct {
	src    string
	pos    int
	halves bool // a string has half of a surrogate pair
}

// lexError is an error at byte pos.
func (l *lexer) lexError(code string, start, pos int) *Error {
	e := fail(code)
	e.Start, e.End = start, min(max(pos, start+1), len(l.src))
	e.detail.located, e.detail.placed, e.detail.pos = true, true, pos
	return e
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' }

// next is the next token. After an operand, a slash is the division operator;
// elsewhere it begins a regular expression.
func (l *lexer) next(afterOperand bool) (token, *Error) {
	src := l.src
	for {
		for l.pos < len(src) && isBlank(src[l.pos]) {
			l.pos++
		}
		if !strings.HasPrefix(src[l.pos:], "/*") {
			break
		}
		end := strings.Index(src[l.pos+2:], "*/")
		if end < 0 {
			return token{}, l.lexError("S0106", l.pos, l.pos)
		}
		l.pos += 2 + end + 2
	}
	start := l.pos
	if start == len(src) {
		return token{kind: tokEnd, start: start, end: start}, nil
	}
	c := src[start]
	if c == '/' && !afterOperand {
		return l.regex()
	}
	if c < utf8.RuneSelf && singles[c] != opNone {
		op := singles[c]
		l.pos++
		if l.pos < len(src) {
			if two := double(c, src[l.pos]); two != opNone {
				op = two
				l.pos++
			}
		}
		return token{kind: tokOperator, op: op, start: start, end: l.pos}, nil
	}
	switch {
	case c == '"' || c == '\'':
		return l.str(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		end := strings.IndexByte(src[start+1:], '`')
		if end < 0 {
			l.pos = len(src)
			return token{}, l.lexError("S0105", start, len(src))
		}
		l.pos = start + 1 + end + 1
		return token{kind: tokName, start: start, end: l.pos, text: src[start+1 : l.pos-1]}, nil
	}
	for l.pos < len(src) && !isBlank(src[l.pos]) && (src[l.pos] >= utf8.RuneSelf || singles[src[l.pos]] == opNone) {
		l.pos++
	}
	t := token{kind: tokName, start: start, end: l.pos, text: src[start:l.pos]}
	switch t.text {
	case "and":
		t.kind, t.op = tokOperator, opAnd
	case "or":
		t.kind, t.op = tokOperator, opOr
	case "in":
		t.kind, t.op = tokOperator, opIn
	case "true", "false", "null":
		t.kind = tokValue
	default:
		if c == '$' {
			t.kind, t.text = tokVariable, t.text[1:]
		}
	}
	return t, nil
}

func (l *lexer) number() (token, *Error) {
	src, start := l.src, l.pos
	i := start
	digits := func() {
		for i < len(src) && src[i] >= '0' && src[i] <= '9' {
			i++
		}
	}
	isDigit := func(at int) bool { return at < len(src) && src[at] >= '0' && src[at] <= '9' }
	if src[i] == '0' {
		i++
	} else {
		digits()
	}
	if i < len(src) && src[i] == '.' && isDigit(i+1) {
		i++
		digits()
	}
	if i < len(src) && (src[i] == 'e' || src[i] == 'E') {
		sign := i + 1
		if sign < len(src) && (src[sign] == '+' || src[sign] == '-') {
			sign++
		}
		if isDigit(sign) {
			i = sign
			digits()
		}
	}
	f, _ := strconv.ParseFloat(src[start:i], 64)
	if math.IsInf(f, 0) {
		return token{}, l.lexError("S0102", start, start).withToken(src[start:i])
	}
	l.pos = i
	return token{kind: tokNumber, start: start, end: i, num: f}, nil
}

func (l *lexer) str(quote byte) (token, *Error) {
	src, start := l.src, l.pos
	i := start + 1
	for i < len(src) && src[i] != quote && src[i] != '\\' {
		i++
	}
	if i < len(src) && src[i] == quote {
		l.pos = i + 1
		return token{kind: tokString, start: start, end: i + 1, text: src[start+1 : i]}, nil
	}
	buf := []byte(src[start+1 : i])
	for i < len(src) {
		c := src[i]
		if c == quote {
			l.pos = i + 1
			return token{kind: tokString, start: start, end: l.pos, text: string(buf)}, nil
		}
		i++
		if c != '\\' {
			buf = append(buf, c)
			continue
		}
		if i == len(src) {
			// The reference takes the missing character for one it does not know.
			return token{}, l.lexError("S0103", start, i).withToken("")
		}
		switch e := src[i]; e {
		case '"', '\\', '/':
			buf = append(buf, e)
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			unit, ok := hexUnit(src, i+1)
			if !ok {
				return token{}, l.lexError("S0104", i-1, i)
			}
			buf = l.appendUnit(buf, unit)
			i += 4
		default:
			_, size := utf8.DecodeRuneInString(src[i:])
			return token{}, l.lexError("S0103", i-1, i).withToken(src[i : i+size])
		}
		i++
	}
	return token{}, l.lexError("S0101", start, len(src))
}

func hexUnit(s string, i int) (unit rune, ok bool) {
	if i+4 > len(s) {
		return 0, false
	}
	n, err := strconv.ParseUint(s[i:i+4], 16, 16)
	return rune(n), err == nil
}

// appendUnit appends a UTF-16 unit. Half of a surrogate pair is written in three
// bytes, until its other half comes.
func (l *lexer) appendUnit(buf []byte, unit rune) []byte {
	if unit < 0xD800 || unit > 0xDFFF {
		return utf8.AppendRune(buf, unit)
	}
	if n := len(buf); unit >= 0xDC00 && n >= 3 && buf[n-3] == 0xED && buf[n-2] >= 0xA0 && buf[n-2] < 0xB0 {
		high := rune(0xD000) | rune(buf[n-2]&0x3F)<<6 | rune(buf[n-1]&0x3F)
		return utf8.AppendRune(buf[:n-3], (high-0xD800)<<10|(unit-0xDC00)+0x10000)
	}
	l.halves = true
	return append(buf, 0xED, 0x80|byte(unit>>6&0x3F), 0x80|byte(unit&0x3F))
}

// regex scans a regular expression up to its slash and flags. Slashes inside
// brackets of any kind do not end it.
func (l *lexer) regex() (token, *Error) {
	src, start := l.src, l.pos
	depth := 0
	for i := start + 1; i < len(src); i++ {
		escaped := src[i-1] == '\\'
		switch c := src[i]; c {
		case '/':
			if depth != 0 || oddBackslashes(src[start+1:i]) {
				continue
			}
			if i == start+1 {
				return token{}, l.lexError("S0301", start, i)
			}
			end := i + 1
			for end < len(src) && (src[end] == 'i' || src[end] == 'm') {
				end++
			}
			l.pos = end
			return token{kind: tokRegex, start: start, end: end, text: src[start+1 : i], flags: src[i+1 : end]}, nil
		case '(', '[', '{':
			if !escaped {
				depth++
			}
		case ')', ']', '}':
			if !escaped {
				depth--
			}
		}
	}
	return token{}, l.lexError("S0302", start, len(src))
}

func oddBackslashes(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 1
}
