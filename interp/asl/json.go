package asl

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonval"
)

// SyntaxError says where a text stops being JSON or YAML.
type SyntaxError struct {
	Offset  int // bytes from the start of the text
	Message string
	Hint    string // a way out, "" if we know none
}

func (e *SyntaxError) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "; " + e.Hint
}

// jsonReader builds a tree from JSON that may have comments, commas after the
// last element, and ${Name} placeholders where a value should be.
type jsonReader struct {
	scan       jsonval.Scanner
	json5      bool          // it may be JSON5
	t          jsonval.Token // the current one
	kids       []*Node       // stack of the arrays and objects under construction
	pool       []Node
	duplicates []*Node // members whose name the object had already
}

// placeholderToken is a bare ${Name}: the text becomes JSON only when it has
// been replaced.
const placeholderToken jsonval.TokenKind = 0xFF

const byteOrderMark = "\uFEFF"

func readJSON(name, text string) (root *Node, duplicates []*Node, err error) {
	r := jsonReader{scan: jsonval.Scanner{Src: text, Relaxed: true}, json5: isJSON5Name(name)}
	if strings.HasPrefix(text, byteOrderMark) {
		r.scan.Pos = len(byteOrderMark)
	}
	if err = r.next(); err != nil {
		return nil, nil, err
	}
	if root, err = r.value(0); err != nil {
		return nil, nil, err
	}
	if err = r.next(); err != nil {
		return nil, nil, err
	}
	if r.t.Kind != jsonval.TokenEnd {
		return nil, nil, r.unexpected("nothing may follow the definition")
	}
	return root, r.duplicates, nil
}

// next moves on to the next token.
func (r *jsonReader) next() error {
	if r.json5 {
		if ok, err := r.nextJSON5(); ok || err != nil {
			return err
		}
	}
	var err error
	if r.t, err = r.scan.Next(); err == nil {
		return nil
	}
	var bad *jsonval.SyntaxError
	if !errors.As(err, &bad) {
		return err
	}
	at := r.scan.Src[bad.Offset:]
	if _, n := placeholder(at); n > 0 {
		r.scan.Pos = bad.Offset + n
		r.t = jsonval.Token{Kind: placeholderToken, Start: bad.Offset, End: r.scan.Pos, Text: at[:n]}
		return nil
	}
	return &SyntaxError{Offset: bad.Offset, Message: bad.Message, Hint: jsonHint(at)}
}

// jsonHint guesses what was meant by a text JSON does not know.
func jsonHint(at string) string {
	if strings.HasPrefix(at, "'") {
		return "JSON text stands in double quotes; JSON5 is read from files called .json5"
	}
	if strings.HasPrefix(at, "\n") || strings.HasPrefix(at, "\r") {
		return "is the closing quote missing?"
	}
	for _, w := range [...][2]string{{"True", "true"}, {"False", "false"}, {"None", "null"}, {"Null", "null"}} {
		if strings.HasPrefix(at, w[0]) {
			return fmt.Sprintf("did you mean %s?", w[1])
		}
	}
	return ""
}

// unexpected is an error about the current token.
func (r *jsonReader) unexpected(rule string) error {
	if r.t.Kind == jsonval.TokenEnd {
		return &SyntaxError{Offset: r.t.Start, Message: "the text ends too early: " + rule}
	}
	text := r.scan.Src[r.t.Start:r.t.End]
	if len(text) > 40 {
		text = strings.ToValidUTF8(text[:37], "") + "..."
	}
	e := &SyntaxError{Offset: r.t.Start, Message: fmt.Sprintf("unexpected %s: %s", text, rule)}
	if r.t.Kind == jsonval.TokenString || r.t.Kind == jsonval.TokenOpen {
		e.Hint = "is a comma missing before it?"
	}
	return e
}

// node is a new node at the current token.
func (r *jsonReader) node(v jsonval.Value) *Node {
	if len(r.pool) == 0 {
		r.pool = make([]Node, 64)
	}
	n := &r.pool[0]
	r.pool = r.pool[1:]
	n.Value, n.Start, n.End, n.KeyStart, n.Index = v, r.t.Start, r.t.End, -1, -1
	return n
}

// value reads the value that starts with the current token.
func (r *jsonReader) value(depth int) (*Node, error) {
	switch r.t.Kind {
	case jsonval.TokenString:
		return r.node(jsonval.OfString(r.t.Text)), nil
	case jsonval.TokenNumber:
		v, _ := jsonval.OfNumber(r.t.Text)
		return r.node(v), nil
	case jsonval.TokenTrue:
		return r.node(jsonval.True), nil
	case jsonval.TokenFalse:
		return r.node(jsonval.False), nil
	case jsonval.TokenNull:
		return r.node(jsonval.NullValue), nil
	case placeholderToken:
		n := r.node(jsonval.OfString(r.t.Text))
		n.bare = true
		return n, nil
	case jsonval.TokenOpen:
		if depth >= jsonval.MaxDepth {
			return nil, &SyntaxError{Offset: r.t.Start, Message: fmt.Sprintf("nested deeper than %d levels", jsonval.MaxDepth)}
		}
		if r.t.Char == '[' {
			n := r.node(jsonval.EmptyArray)
			return n, r.inside(n, ']', depth)
		}
		n := r.node(jsonval.EmptyObject)
		return n, r.inside(n, '}', depth)
	case jsonval.TokenEnd:
		return nil, &SyntaxError{Offset: r.t.Start, Message: "the text ends where a value should be"}
	}
	return nil, r.unexpected("a value should be here")
}

// inside reads the kids of the array or object n up to its closing bracket.
func (r *jsonReader) inside(n *Node, closing byte, depth int) error {
	base := len(r.kids)
	for {
		if err := r.next(); err != nil {
			return err
		}
		if r.closes(closing) { // also after a comma
			break
		}
		kid, err := r.kid(n, closing, depth)
		if err != nil {
			return err
		}
		if closing == ']' {
			kid.Index = len(r.kids) - base
		}
		kid.Parent = n
		r.kids = append(r.kids, kid)
		if err := r.next(); err != nil {
			return err
		}
		if r.closes(closing) {
			break
		}
		if r.t.Kind != jsonval.TokenComma {
			return r.unexpected(r.unclosed(n, closing))
		}
	}
	n.End = r.t.End
	if len(r.kids) == base {
		return nil
	}
	n.Kids = make([]*Node, len(r.kids)-base)
	copy(n.Kids, r.kids[base:])
	r.kids = r.kids[:base]
	n.Value = n.valueOfKids()
	if n.Value.Len() < len(n.Kids) {
		r.findDuplicates(n)
	}
	return nil
}

func (r *jsonReader) closes(bracket byte) bool {
	return r.t.Kind == jsonval.TokenClose && r.t.Char == bracket
}

// kid reads one item or member of n, from the current token on.
func (r *jsonReader) kid(n *Node, closing byte, depth int) (*Node, error) {
	if r.t.Kind == jsonval.TokenEnd {
		return nil, r.unexpected(r.unclosed(n, closing))
	}
	if closing == ']' {
		return r.value(depth + 1)
	}
	if r.t.Kind != jsonval.TokenString {
		return nil, r.unexpected("a member's name in double quotes should be here")
	}
	key, start, end := r.t.Text, r.t.Start, r.t.End
	if err := r.next(); err != nil {
		return nil, err
	}
	if r.t.Kind != jsonval.TokenColon {
		return nil, r.unexpected("a : should follow the name " + r.scan.Src[start:end])
	}
	if err := r.next(); err != nil {
		return nil, err
	}
	kid, err := r.value(depth + 1)
	if err != nil {
		return nil, err
	}
	kid.Key, kid.KeyStart = key, start
	return kid, nil
}

func (r *jsonReader) unclosed(n *Node, closing byte) string {
	line := 1 + strings.Count(r.scan.Src[:n.Start], "\n")
	return fmt.Sprintf(", or %c should be here, the %c of line %d is open", closing, r.scan.Src[n.Start], line)
}

func (r *jsonReader) findDuplicates(n *Node) {
	seen := make(map[string]bool, len(n.Kids))
	for _, k := range n.Kids {
		if seen[k.Key] {
			r.duplicates = append(r.duplicates, k)
		}
		seen[k.Key] = true
	}
}
