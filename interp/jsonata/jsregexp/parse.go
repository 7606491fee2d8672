package jsregexp

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// SyntaxError says why a pattern is no regular expression.
type SyntaxError struct {
	Offset  int // bytes from the start of the pattern
	Message string
}

// Error is the Message.
func (e *SyntaxError) Error() string { return e.Message }

// maxNesting bounds how deep groups may nest.
const maxNesting = 250

type termKind uint8

const (
	termEmpty termKind = iota
	termChar
	termSet
	termSequence
	termChoice
	termGroup
	termRepeat
	termLineStart
	termLineEnd
	termWordEdge
	termLook
	termBack
)

// term is a part of a pattern.
type term struct {
	kind     termKind
	char     rune
	set      *charSet
	list     []*term // sequence, choice; repeat, look and group: one
	group    int     // number of a capturing group, 0 for others; of a back reference
	from, to int     // repeat: the groups inside, [from, to)
	min, max int
	lazy     bool
	negated  bool // word edge, look
	behind   bool // look
}

const infinite = math.MaxInt

// parser reads a pattern.
type parser struct {
	src    string
	pos    int
	depth  int
	groups int      // that were opened so far
	total  int      // groups of the whole pattern
	names  []string // of groups, by number-1
	named  bool     // some group has a name
}

func (p *parser) errorf(at int, format string, args ...any) error {
	return &SyntaxError{at, fmt.Sprintf(format, args...)}
}

// countGroups finds out what \1 and \k can mean before they are read.
func (p *parser) countGroups() {
	class := false
	for i := 0; i < len(p.src); i++ {
		switch c := p.src[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(' && !strings.HasPrefix(p.src[i:], "(?"):
			p.total++
		case c == '(' && strings.HasPrefix(p.src[i:], "(?<") && i+3 < len(p.src) && p.src[i+3] != '=' && p.src[i+3] != '!':
			p.total++
			p.named = true
		}
	}
}

func (p *parser) more() bool { return p.pos < len(p.src) }

func (p *parser) take(s string) bool {
	if strings.HasPrefix(p.src[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

// char reads one character. Half of a surrogate pair, in three bytes, is one.
func (p *parser) char() rune {
	r, n := decode(p.src[p.pos:])
	p.pos += n
	return r
}

// decode is utf8.DecodeRuneInString that lets halves of surrogate pairs pass.
func decode(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, n
}

func (p *parser) choice() (*term, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, p.errorf(p.pos, "groups nest too deep")
	}
	defer func() { p.depth-- }()
	first, err := p.sequence()
	if err != nil || !p.more() || p.src[p.pos] != '|' {
		return first, err
	}
	c := &term{kind: termChoice, list: []*term{first}}
	for p.take("|") {
		next, err := p.sequence()
		if err != nil {
			return nil, err
		}
		c.list = append(c.list, next)
	}
	return c, nil
}

func (p *parser) sequence() (*term, error) {
	s := &term{kind: termSequence}
	for p.more() && p.src[p.pos] != '|' && p.src[p.pos] != ')' {
		start, groups := p.pos, p.groups
		t, repeatable, err := p.term()
		if err != nil {
			return nil, err
		}
		if t, err = p.quantified(t, repeatable, start, groups); err != nil {
			return nil, err
		}
		s.list = append(s.list, t)
	}
	if len(s.list) == 1 {
		return s.list[0], nil
	}
	return s, nil
}

// term reads one part without its quantifier.
func (p *parser) term() (t *term, repeatable bool, err error) {
	start := p.pos
	switch c := p.char(); c {
	case '^':
		return &term{kind: termLineStart}, false, nil
	case '$':
		return &term{kind: termLineEnd}, false, nil
	case '.':
		return &term{kind: termSet, set: dotSet}, true, nil
	case '(':
		return p.group(start)
	case '[':
		set, err := p.class(start)
		return &term{kind: termSet, set: set}, true, err
	case '\\':
		return p.escape(start)
	case '*', '+', '?':
		return nil, false, p.errorf(start, "Nothing to repeat")
	case '{':
		if _, _, ok := p.braces(start); ok {
			return nil, false, p.errorf(start, "Nothing to repeat")
		}
		return &term{kind: termChar, char: c}, true, nil
	default:
		return &term{kind: termChar, char: c}, true, nil
	}
}

func (p *parser) group(start int) (*term, bool, error) {
	t := &term{kind: termGroup}
	repeatable := true
	switch {
	case p.take("?:"):
	case p.take("?="):
		t.kind = termLook
	case p.take("?!"):
		t.kind, t.negated = termLook, true
	case p.take("?<="):
		t.kind, t.behind, repeatable = termLook, true, false
	case p.take("?<!"):
		t.kind, t.behind, t.negated, repeatable = termLook, true, true, false
	default:
		name := ""
		if p.take("?<") {
			end := strings.IndexByte(p.src[p.pos:], '>')
			if end <= 0 || !isName(p.src[p.pos:p.pos+end]) {
				return nil, false, p.errorf(start, "Invalid capture group name")
			}
			name = p.src[p.pos : p.pos+end]
			p.pos += end + 1
			if slices.Contains(p.names, name) {
				return nil, false, p.errorf(start, "Duplicate capture group name")
			}
		} else if p.take("?") {
			return nil, false, p.errorf(start, "Invalid group")
		}
		p.groups++
		t.group = p.groups
		p.names = append(p.names, name)
	}
	inner, err := p.choice()
	if err != nil {
		return nil, false, err
	}
	if !p.take(")") {
		return nil, false, p.errorf(start, "Unterminated group")
	}
	t.list = []*term{inner}
	return t, repeatable, nil
}

func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// quantified reads what says how often t comes.
func (p *parser) quantified(t *term, repeatable bool, start, groups int) (*term, error) {
	if !p.more() {
		return t, nil
	}
	at := p.pos
	low, high := 0, infinite
	switch p.src[p.pos] {
	case '*':
		p.pos++
	case '+':
		low = 1
		p.pos++
	case '?':
		high = 1
		p.pos++
	case '{':
		p.pos++
		var ok bool
		if low, high, ok = p.braces(at); !ok {
			p.pos = at
			return t, nil
		}
		if low > high {
			return nil, p.errorf(at, "numbers out of order in {} quantifier")
		}
	default:
		return t, nil
	}
	if !repeatable {
		return nil, p.errorf(at, "Nothing to repeat")
	}
	return &term{
		kind: termRepeat, list: []*term{t}, min: low, max: high, lazy: p.take("?"),
		from: groups + 1, to: p.groups + 1,
	}, nil
}

// braces reads on behind the brace at start: {2}, {2,}, {2,3}.
func (p *parser) braces(start int) (low, high int, ok bool) {
	i := start + 1
	number := func() (n int, ok bool) {
		for i < len(p.src) && p.src[i] >= '0' && p.src[i] <= '9' {
			if n < math.MaxInt32 {
				n = n*10 + int(p.src[i]-'0')
			}
			i++
			ok = true
		}
		return n, ok
	}
	if low, ok = number(); !ok {
		return 0, 0, false
	}
	high = low
	if i < len(p.src) && p.src[i] == ',' {
		i++
		if high, ok = number(); !ok {
			high = infinite
		}
	}
	if i >= len(p.src) || p.src[i] != '}' {
		return 0, 0, false
	}
	p.pos = i + 1
	return low, high, true
}

// escape reads what follows the backslash at start, outside classes.
func (p *parser) escape(start int) (*term, bool, error) {
	if !p.more() {
		return nil, false, p.errorf(start, `\ at end of pattern`)
	}
	switch c := p.src[p.pos]; {
	case c == 'b' || c == 'B':
		p.pos++
		return &term{kind: termWordEdge, negated: c == 'B'}, false, nil
	case c >= '1' && c <= '9':
		i, n := p.pos, 0
		for i < len(p.src) && p.src[i] >= '0' && p.src[i] <= '9' && n <= p.total {
			n = n*10 + int(p.src[i]-'0')
			i++
		}
		if n <= p.total {
			p.pos = i
			return &term{kind: termBack, group: n}, true, nil
		}
	case c == 'k' && p.named:
		end := strings.IndexByte(p.src[p.pos:], '>')
		if end < 0 || !strings.HasPrefix(p.src[p.pos:], "k<") {
			return nil, false, p.errorf(start, "Invalid named reference")
		}
		n := p.groupNamed(p.src[p.pos+2 : p.pos+end])
		if n == 0 {
			return nil, false, p.errorf(start, "Invalid named capture referenced")
		}
		p.pos += end + 1
		return &term{kind: termBack, group: n}, true, nil
	}
	if set := p.classEscape(); set != nil {
		return &term{kind: termSet, set: set}, true, nil
	}
	return &term{kind: termChar, char: p.charEscape()}, true, nil
}

// groupNamed is the number of a group by its name, which may still be to come.
func (p *parser) groupNamed(name string) int {
	number := 0
	for i := 0; i < len(p.src); i++ {
		switch {
		case p.src[i] == '\\':
			i++
		case p.src[i] == '[':
			for i++; i < len(p.src) && p.src[i] != ']'; i++ {
				if p.src[i] == '\\' {
					i++
				}
			}
		case p.src[i] != '(':
		case strings.HasPrefix(p.src[i:], "(?<"+name+">"):
			return number + 1
		case !strings.HasPrefix(p.src[i:], "(?"),
			strings.HasPrefix(p.src[i:], "(?<") && i+3 < len(p.src) && p.src[i+3] != '=' && p.src[i+3] != '!':
			number++
		}
	}
	return 0
}

// classEscape reads \d and the like, nil where it is something else.
func (p *parser) classEscape() *charSet {
	set := classEscapes[p.src[p.pos]]
	if set != nil {
		p.pos++
	}
	return set
}

// charEscape reads the escape of one character behind its backslash.
func (p *parser) charEscape() rune {
	c := p.char()
	switch c {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'v':
		return '\v'
	case 'f':
		return '\f'
	case 'r':
		return '\r'
	case 'c':
		if p.more() {
			if l := p.src[p.pos] | 0x20; l >= 'a' && l <= 'z' {
				p.pos++
				return rune(l) & 0x1F
			}
		}
		p.pos-- // \c stands for a backslash and a c
		return '\\'
	case 'x':
		if n, ok := p.hex(p.pos, 2); ok {
			p.pos += 2
			return n
		}
	case 'u':
		if n, ok := p.hex(p.pos, 4); ok {
			p.pos += 4
			if n >= 0xD800 && n < 0xDC00 && strings.HasPrefix(p.src[p.pos:], `\u`) {
				if low, ok := p.hex(p.pos+2, 4); ok && low >= 0xDC00 && low < 0xE000 {
					p.pos += 6
					return (n-0xD800)<<10 | (low - 0xDC00) + 0x10000
				}
			}
			return n
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n := c - '0'
		for range 2 {
			if !p.more() || p.src[p.pos] < '0' || p.src[p.pos] > '7' || n*8+rune(p.src[p.pos]-'0') > 0o377 {
				break
			}
			n = n*8 + rune(p.src[p.pos]-'0')
			p.pos++
		}
		return n
	}
	return c
}

func (p *parser) hex(at, digits int) (n rune, ok bool) {
	if at+digits > len(p.src) {
		return 0, false
	}
	for _, c := range []byte(p.src[at : at+digits]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		n = n<<4 | rune(d)
	}
	return n, true
}

// class reads a class behind its opening bracket, which is at start.
func (p *parser) class(start int) (*charSet, error) {
	set := &charSet{negated: p.take("^")}
	for {
		if !p.more() {
			return nil, p.errorf(start, "Unterminated character class")
		}
		if p.take("]") {
			break
		}
		at := p.pos
		low, class, err := p.classAtom()
		if err != nil {
			return nil, err
		}
		if !p.more() || p.src[p.pos] != '-' || strings.HasPrefix(p.src[p.pos:], "-]") || p.pos+1 >= len(p.src) {
			set.addAtom(low, class)
			continue
		}
		p.pos++
		high, other, err := p.classAtom()
		if err != nil {
			return nil, err
		}
		if class != nil || other != nil { // [\d-x]: the hyphen is itself
			set.addAtom(low, class)
			set.addRange('-', '-')
			set.addAtom(high, other)
			continue
		}
		if low > high {
			return nil, p.errorf(at, "Range out of order in character class")
		}
		set.addRange(low, high)
	}
	set.finish()
	return set, nil
}

// classAtom reads one character or escape in a class.
func (p *parser) classAtom() (c rune, class *charSet, err error) {
	start := p.pos
	if !p.take(`\`) {
		return p.char(), nil, nil
	}
	if !p.more() {
		return 0, nil, p.errorf(start, `\ at end of pattern`)
	}
	if class = p.classEscape(); class != nil {
		return 0, class, nil
	}
	if p.take("b") {
		return '\b', nil, nil
	}
	return p.charEscape(), nil, nil
}
