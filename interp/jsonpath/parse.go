package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// parser reads one text; paths inside filters are read from the same text, so
// that offsets fit. Reading follows Jayway's compiler: where that looks only for
// the next closing character, so does this.
type parser struct {
	text    string
	depth   int  // of filters, parentheses and function arguments
	literal bool // backslashes in bracketed names are kept
}

// maxNesting bounds filters within filters and the like.
const maxNesting = 100

func (p *parser) errorf(at int, format string, args ...any) error {
	return &SyntaxError{Path: p.text, Offset: min(at, len(p.text)), Message: fmt.Sprintf(format, args...)}
}

func (p *parser) enter(at int) error {
	if p.depth++; p.depth > maxNesting {
		return p.errorf(at, "nested deeper than %d levels", maxNesting)
	}
	return nil
}

func (p *parser) leave() { p.depth-- }

// root reads $, $$ or $name; the path's steps begin at byte at.
func (p *parser) root() (root Root, name string, at int, err error) {
	if !strings.HasPrefix(p.text, "$") {
		return 0, "", 0, p.errorf(0, "a path starts with $, $$ or $name")
	}
	if strings.HasPrefix(p.text, "$$") {
		return Context, "", 2, nil
	}
	at = 1
	for at < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[at:])
		if !isNameRune(r, at == 1) {
			break
		}
		at += n
	}
	if at == 1 {
		return Input, "", 1, nil
	}
	return Variable, p.text[1:at], at, nil
}

// isNameRune reports whether r may stand in a variable's name: Unicode's
// ID_Start and ID_Continue.
func isNameRune(r rune, first bool) bool {
	if unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
		return !unicode.In(r, unicode.Pattern_Syntax, unicode.Pattern_White_Space)
	}
	return !first && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// trimmedEnd is the end of the text without blanks after it.
func (p *parser) trimmedEnd(from int) int {
	return from + len(strings.TrimRight(p.text[from:], " "))
}

// path reads the steps between from, just after the root, and to.
func (p *parser) path(from, to int) (*Path, error) {
	r := reader{parser: p, pos: from, end: to}
	if from < to {
		if c := r.peek(); c != '.' && c != '[' {
			return nil, r.errorf(from, "%s after the path's root: . or [ should follow", r.described(from))
		}
		if p.text[to-1] == '.' {
			return nil, r.errorf(to-1, "a path cannot end with a dot")
		}
		for {
			if err := r.step(); err != nil {
				return nil, err
			}
			// Jayway takes no notice of one character after a complete step.
			if _, n := utf8.DecodeRuneInString(p.text[r.pos:to]); r.pos+n >= to {
				break
			}
		}
	}
	return invertCall(r.steps), nil
}

// reader reads the text between pos and end.
type reader struct {
	*parser
	pos, end int
	steps    []step
}

// at is the byte at i, 0 outside of what is read.
func (r *reader) at(i int) byte {
	if i < 0 || i >= r.end {
		return 0
	}
	return r.text[i]
}

func (r *reader) peek() byte { return r.at(r.pos) }

func (r *reader) skipBlanks() {
	r.pos = r.skipFrom(r.pos)
}

// skipFrom is the next place from i on that is no blank.
func (r *reader) skipFrom(i int) int {
	for r.at(i) == ' ' {
		i++
	}
	return i
}

func (r *reader) described(i int) string {
	if i >= r.end {
		return "nothing"
	}
	c, _ := utf8.DecodeRuneInString(r.text[i:r.end])
	return strconv.QuoteRune(c)
}

// step reads one step, with the dots before it.
func (r *reader) step() error {
	start := r.pos
	if r.peek() == '.' {
		r.pos++
		if r.peek() == '.' {
			r.pos++
			r.steps = append(r.steps, step{kind: stepDescend})
		}
	}
	if r.pos >= r.end {
		return r.errorf(start, "a path cannot end with a dot")
	}
	switch r.peek() {
	case '.':
		return r.errorf(r.pos, "too many dots")
	case ' ':
		return r.errorf(r.pos, "a name cannot start with a blank; write [' name']")
	case '[':
		return r.bracket()
	case '*':
		r.pos++
		r.steps = append(r.steps, step{kind: stepAll})
		return nil
	}
	return r.word()
}

// word reads a member's name or a function call.
func (r *reader) word() error {
	start, escaped := r.pos, false
	for r.pos < r.end {
		switch c := r.peek(); c {
		case '.', '[':
			r.name(start, escaped)
			return nil
		case '(':
			return r.function(start)
		case ' ':
			return r.errorf(r.pos, "a name with a blank needs brackets and quotes: ['%s…']", r.text[start:r.pos+1])
		case '\\':
			escaped = true
			r.pos++
		}
		r.pos++
	}
	r.pos = min(r.pos, r.end)
	r.name(start, escaped)
	return nil
}

func (r *reader) name(start int, escaped bool) {
	name := r.text[start:r.pos]
	if escaped {
		name = unescapeName(name)
	}
	r.steps = append(r.steps, step{kind: stepMember, name: name, quote: '\''})
}

// unescapeName takes the backslashes out of a name after a dot: \uXXXX is that
// character, any other character stands for itself (States Language, "Paths").
func unescapeName(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if unit, ok := hexUnit(s[i+1:]); ok {
			var n int
			n, unit = joinSurrogates(s[i+6:], unit)
			b.WriteRune(unit)
			i += 5 + n
			continue
		}
		i++
		b.WriteByte(s[i])
	}
	return b.String()
}

// bracket reads everything that starts with [.
func (r *reader) bracket() error {
	open := r.pos
	first := r.skipFrom(open + 1)
	switch c := r.at(first); {
	case c == '\'' || c == '"':
		return r.names(first, c)
	case c == '-' || c == ':' || isDigit(c):
		return r.numbers()
	case c == '*':
		end := r.skipFrom(first + 1)
		if r.at(end) != ']' {
			return r.errorf(end, "%s after [*: ] should follow", r.described(end))
		}
		r.pos = end + 1
		r.steps = append(r.steps, step{kind: stepAll})
		return nil
	case c == '?':
		return r.filter(first)
	}
	return r.errorf(first, "%s after [: a name in quotes, an index, a slice, * or ?( should follow", r.described(first))
}

// names reads ['a'] or ['a','b']; the first quote is at first.
func (r *reader) names(first int, quote byte) error {
	var names []string
	i := first
	for {
		start := i + 1
		i = r.closing(i, quote)
		if i < 0 {
			return r.errorf(start-1, "the quote is never closed")
		}
		name, ok := unescape(r.text[start:i])
		if !ok {
			return r.errorf(start, `\u needs four hexadecimal digits`)
		}
		if r.literal {
			name = r.text[start:i]
		}
		names = append(names, name)
		i = r.skipFrom(i + 1)
		if r.at(i) == ']' {
			break
		}
		if r.at(i) != ',' {
			return r.errorf(i, "%s after a name: , or ] should follow", r.described(i))
		}
		// Between names Jayway reads on to the next quote of the same kind.
		comma := i
		for i++; r.at(i) != quote; i++ {
			switch r.at(i) {
			case 0, ',', ']':
				return r.errorf(comma, "a name in %cquotes%c should follow the comma", quote, quote)
			case '\\':
				i++
			}
		}
	}
	r.pos = i + 1
	s := step{kind: stepMember, name: names[0], quote: quote}
	if len(names) > 1 {
		s = step{kind: stepMembers, names: names, quote: quote}
	}
	r.steps = append(r.steps, s)
	return nil
}

// closing is the next place after i of a c that no backslash escapes, or -1.
func (r *reader) closing(i int, c byte) int {
	for i++; i < r.end; i++ {
		switch r.text[i] {
		case '\\':
			i++
		case c:
			return i
		}
	}
	return -1
}

// numbers reads [1], [1,2] or a slice.
func (r *reader) numbers() error {
	open := r.pos + 1
	n := strings.IndexByte(r.text[open:r.end], ']')
	if n < 0 {
		return r.errorf(r.pos, "the bracket is never closed")
	}
	text := javaTrim(r.text[open : open+n])
	if bad := strings.Trim(text, "0123456789,-: "); bad != "" {
		return r.errorf(open, "%q is no index or slice; a name needs quotes", text)
	}
	s, message := slice(text)
	if !strings.Contains(text, ":") {
		s, message = indexes(text)
	}
	if message != "" {
		return r.errorf(open, "%s", message)
	}
	r.pos = open + n + 1
	r.steps = append(r.steps, s)
	return nil
}

func indexes(text string) (s step, message string) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 32)
		if err != nil {
			return s, fmt.Sprintf("%q is no index", part)
		}
		s.indexes = append(s.indexes, int(n))
	}
	s.kind = stepIndexes
	if len(s.indexes) == 1 {
		s = step{kind: stepIndex, index: s.indexes[0]}
	}
	return s, ""
}

// slice reads [a:b]. Whatever stands after a second colon, Jayway ignores.
func slice(text string) (s step, message string) {
	if strings.ContainsAny(text, ", ") {
		return s, fmt.Sprintf("slice %q has a blank or a comma in it", text)
	}
	parts := append(strings.Split(text, ":"), "")
	s.kind = stepSlice
	for i, part := range parts[:2] {
		if part == "" {
			continue
		}
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil {
			return s, fmt.Sprintf("%q is no index", part)
		}
		if i == 0 {
			s.index, s.hasFrom = int(n), true
		} else {
			s.to, s.hasTo = int(n), true
		}
	}
	if !s.hasFrom && !s.hasTo {
		return s, fmt.Sprintf("slice [%s] has neither a start nor an end; [*] is all items", text)
	}
	return s, ""
}

// filter reads [?( … )]; the question mark is at mark.
func (r *reader) filter(mark int) error {
	open := r.skipFrom(mark + 1)
	if r.at(open) != '(' {
		return r.errorf(open, "%s after [?: ( should follow, as in [?(@.a == 1)]", r.described(open))
	}
	end, err := r.matching(open, '(', ')', true)
	if err != nil {
		return err
	}
	bracket := r.skipFrom(end + 1)
	if r.at(bracket) != ']' {
		return r.errorf(bracket, "%s after the filter's ): ] should follow", r.described(bracket))
	}
	f := reader{parser: r.parser, pos: open, end: end + 1}
	c, err := f.condition()
	if err != nil {
		return err
	}
	r.pos = bracket + 1
	r.steps = append(r.steps, step{kind: stepFilter, filter: c})
	return nil
}

// matching is the place of the close that belongs to the open at start. It
// passes over strings and, with regex set, over /patterns/.
func (r *reader) matching(start int, open, end byte, regex bool) (int, error) {
	depth := 1
	for i := start + 1; i < r.end; i++ {
		skip := func(quote byte) error {
			from := i
			if i = r.closing(i, quote); i < 0 {
				return r.errorf(from, "%c is never closed", quote)
			}
			i++
			return nil
		}
		if c := r.at(i); c == '\'' || c == '"' {
			if err := skip(c); err != nil {
				return 0, err
			}
		}
		if regex && r.at(i) == '/' {
			if err := skip('/'); err != nil {
				return 0, err
			}
		}
		switch r.at(i) {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return i, nil
			}
		}
	}
	return 0, r.errorf(start, "%c is never closed", open)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
