package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// maxNesting is how many calls deep AWS lets one expression go
// (https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html).
const maxNesting = 10

// SyntaxError says why a text is not a call of an intrinsic function.
type SyntaxError struct {
	Call    string // the whole text
	Offset  int    // bytes from the start of Call
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// IsCall reports whether text looks like a call, States.X(...: whether Compile
// or a path parser should tell what is wrong with it.
func IsCall(text string) bool {
	rest, ok := strings.CutPrefix(text, "States.")
	n := 0
	for n < len(rest) && isWordByte(rest[n]) {
		n++
	}
	return ok && n > 0 && n < len(rest) && rest[n] == '('
}

// Compile reads a call. An error is a [*SyntaxError]: besides bad syntax, that
// is an unknown function, a wrong number of arguments and too deep nesting.
func Compile(text string) (*Call, error) {
	p := parser{text: text}
	root, err := p.call(1)
	if err != nil {
		return nil, err
	}
	if p.blanks(); p.pos < len(text) {
		return nil, p.errorf(p.pos, "%q after the end of the call", cut(text[p.pos:]))
	}
	return &Call{text: text, root: *root, paths: p.paths}, nil
}

type parser struct {
	text  string
	pos   int
	paths []*jsonpath.Path
}

func (p *parser) errorf(at int, format string, args ...any) error {
	return &SyntaxError{Call: p.text, Offset: at, Message: fmt.Sprintf(format, args...)}
}

func (p *parser) blanks() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// next is the next byte after blanks, 0 at the end.
func (p *parser) next() byte {
	p.blanks()
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.'
}

// word is the run of letters, digits and dots at p.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.text) && isWordByte(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

// call reads States.Name(argument, ...), being the depth-th of calls nested.
func (p *parser) call(depth int) (*invocation, error) {
	start := p.pos
	name := p.word()
	if p.pos == len(p.text) || p.text[p.pos] != '(' {
		return nil, p.errorf(p.pos, "a call looks like States.Format('{}', $.x): ( should follow the function's name")
	}
	f, err := p.function(start, name)
	if err != nil {
		return nil, err
	}
	if depth > maxNesting {
		return nil, p.errorf(start, "calls are nested deeper than %d levels", maxNesting)
	}
	n := &invocation{function: f}
	p.pos++
	if p.next() == ')' {
		p.pos++
		return n, p.checkArity(start, n)
	}
	for {
		a, err := p.argument(n, depth)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, a)
		switch p.next() {
		case ',':
			p.pos++
		case ')':
			p.pos++
			return n, p.checkArity(start, n)
		case 0:
			return nil, p.errorf(p.pos, "the closing parenthesis of %s is missing", name)
		default:
			return nil, p.errorf(p.pos, "%q where , or ) should follow an argument of %s", cut(p.text[p.pos:]), name)
		}
	}
}

func (p *parser) function(at int, name string) (*function, error) {
	for i := range functions {
		if functions[i].name == name {
			return &functions[i], nil
		}
	}
	for i := range functions {
		known := functions[i].name
		if strings.EqualFold(known, name) || strings.EqualFold(strings.TrimPrefix(known, "States."), name) {
			return nil, p.errorf(at, "there is no intrinsic function %s; did you mean %s?", name, known)
		}
	}
	return nil, p.errorf(at, "there is no intrinsic function %s", cut(name))
}

func (p *parser) checkArity(at int, n *invocation) error {
	f, got := n.function, len(n.args)
	switch {
	case got >= f.min && got <= f.max:
		return nil
	case f.max == many:
		return p.errorf(at, "%s takes at least %s, not %d", f.name, counted(f.min), got)
	case f.min < f.max:
		return p.errorf(at, "%s takes %d to %s, not %d", f.name, f.min, counted(f.max), got)
	}
	return p.errorf(at, "%s takes %s, not %d", f.name, counted(f.max), got)
}

func counted(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// argument reads the next argument of n.
func (p *parser) argument(n *invocation, depth int) (argument, error) {
	c := p.next()
	start := p.pos
	switch {
	case c == '\'':
		// States.Format undoes the escapes itself: only so does it see which
		// braces are placeholders.
		keepEscapes := n.function.name == formatName && len(n.args) == 0
		s, err := p.quoted(keepEscapes)
		return argument{value: jsonval.OfString(s)}, err
	case c == '$':
		path, err := p.path()
		return argument{path: path}, err
	case c == '-' || c >= '0' && c <= '9':
		for p.pos < len(p.text) && (isWordByte(p.text[p.pos]) || p.text[p.pos] == '-' || p.text[p.pos] == '+') {
			p.pos++
		}
		v, ok := jsonval.OfNumber(p.text[start:p.pos])
		if !ok {
			return argument{}, p.errorf(start, "%s is not a number as JSON writes it", cut(p.text[start:p.pos]))
		}
		return argument{value: v}, nil
	case c == 0:
		return argument{}, p.errorf(start, "an argument and the closing parenthesis of %s are missing", n.function.name)
	}
	switch word := p.word(); {
	case word == "true":
		return argument{value: jsonval.True}, nil
	case word == "false":
		return argument{value: jsonval.False}, nil
	case word == "null":
		return argument{value: jsonval.NullValue}, nil
	case strings.HasPrefix(word, "States."):
		p.pos = start
		call, err := p.call(depth + 1)
		return argument{call: call}, err
	case c == ',' || c == ')':
		return argument{}, p.errorf(start, "an argument of %s is missing before %q", n.function.name, c)
	}
	return argument{}, p.errorf(start, "%q is no argument: write texts in single quotes, paths with $, or a number, true, false, null or a call", cut(p.text[start:]))
}

// quoted reads a text in single quotes.
func (p *parser) quoted(keepEscapes bool) (string, error) {
	start := p.pos
	for i := start + 1; i < len(p.text); i++ {
		switch p.text[i] {
		case '\'':
			p.pos = i + 1
			text := p.text[start+1 : i]
			if !keepEscapes {
				text = unescaped(text)
			}
			return text, nil
		case '\\':
			if i+1 == len(p.text) || !isEscapable(p.text[i+1]) {
				return "", p.errorf(i, `\ is only allowed before ' { } and \`)
			}
			i++
		}
	}
	return "", p.errorf(start, "the text is never closed with a single quote")
}

// isEscapable reports whether a backslash may stand before c.
func isEscapable(c byte) bool { return c == '\'' || c == '{' || c == '}' || c == '\\' }

// unescaped is text with its escapes undone. A backslash before anything else,
// which only a text that was not written in a call can have, stays.
func unescaped(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && isEscapable(text[i+1]) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// path reads a path, which ends before a comma or parenthesis that is not
// inside brackets, parentheses or quotes of its own.
func (p *parser) path() (*jsonpath.Path, error) {
	start, depth := p.pos, 0
	var quote byte
	i := start
scan:
	for ; i < len(p.text); i++ {
		c := p.text[i]
		switch {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '\'' || c == '"'):
			quote = c
		case c == '[' || c == '(':
			depth++
		case depth > 0 && (c == ']' || c == ')'):
			depth--
		case depth == 0 && (c == ',' || c == ')'):
			break scan
		}
	}
	p.pos = min(i, len(p.text))
	path, err := jsonpath.Compile(strings.TrimRight(p.text[start:p.pos], " \t\r\n"))
	if err != nil {
		if bad := (*jsonpath.SyntaxError)(nil); errors.As(err, &bad) {
			return nil, p.errorf(start+bad.Offset, "in the path %s: %s", cut(bad.Path), bad.Message)
		}
		return nil, p.errorf(start, "%s", err)
	}
	p.paths = append(p.paths, path)
	return path, nil
}

// cut is text, shortened for a message.
func cut(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-3], "") + "..."
}
