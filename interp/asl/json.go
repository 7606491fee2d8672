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
	kids       []*Node // stack of the arrays and objects under construction
	pool       []Node
	duplicates []*Node // members whose name the object had already
}

// placeholderToken is a bare ${Name}: the text becomes JSON only when it has
// been replaced.
const placeholderToken jsonval.TokenKind = 0xFF

const byteOrderMark = "\uFEFF"

func readJSON(text string) (root *Node, duplicates []*Node, err error) {
	r := jsonReader{scan: jsonval.Scanner{Src: text, Relaxed: true}}
	if strings.HasPrefix(text, byteOrderMark) {
		r.scan.Pos = len(byteOrderMark)
	}
	t, err := r.next()
	if err != nil {
		return nil, nil, err
	}
	if root, err = r.value(t, 0); err != nil {
		return nil, nil, err
	}
	if t, err = r.next(); err != nil {
		return nil, nil, err
	}
	if t.Kind != jsonval.TokenEnd {
		return nil, nil, r.unexpected(t, "nothing may follow the definition")
	}
	return root, r.duplicates, nil
}

func (r *jsonReader) next() (jsonval.Token, error) {
	t, err := r.scan.Next()
	if err == nil {
		return t, nil
	}
	var bad *jsonval.SyntaxError
	if !errors.As(err, &bad) {
		return t, err
	}
	if _, n := placeholder(r.scan.Src[bad.Offset:]); n > 0 {
		r.scan.Pos = bad.Offset + n
		return jsonval.Token{Kind: placeholderToken, Start: bad.Offset, End: r.scan.Pos, Text: r.scan.Src[bad.Offset:r.scan.Pos]}, nil
	}
	return t, &SyntaxError{Offset: bad.Offset, Message: bad.Message, Hint: jsonHint(r.scan.Src[bad.Offset:])}
}

// jsonHint guesses what was meant by a text JSON does not know.
func jsonHint(at string) string {
	if strings.HasPrefix(at, "'") {
		return "JSON text stands in double quotes"
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

func (r *jsonReader) unexpected(t jsonval.Token, rule string) error {
	if t.Kind == jsonval.TokenEnd {
		return &SyntaxError{Offset: t.Start, Message: "the text ends too early: " + rule}
	}
	text := r.scan.Src[t.Start:t.End]
	if len(text) > 40 {
		text = strings.ToValidUTF8(text[:37], "") + "..."
	}
	e := &SyntaxError{Offset: t.Start, Message: fmt.Sprintf("unexpected %s: %s", text, rule)}
	if t.Kind == jsonval.TokenString || t.Kind == jsonval.TokenOpen {
		e.Hint = "is a comma missing before it?"
	}
	return e
}

func (r *jsonReader) node(t jsonval.Token, v jsonval.Value) *Node {
	if len(r.pool) == 0 {
		r.pool = make([]Node, 64)
	}
	n := &r.pool[0]
	r.pool = r.pool[1:]
	*n = Node{Value: v, Start: t.Start, End: t.End, KeyStart: -1, Index: -1}
	return n
}

func (r *jsonReader) value(t jsonval.Token, depth int) (*Node, error) {
	switch t.Kind {
	case jsonval.TokenString:
		return r.node(t, jsonval.OfString(t.Text)), nil
	case jsonval.TokenNumber:
		v, _ := jsonval.OfNumber(t.Text)
		return r.node(t, v), nil
	case jsonval.TokenTrue:
		return r.node(t, jsonval.True), nil
	case jsonval.TokenFalse:
		return r.node(t, jsonval.False), nil
	case jsonval.TokenNull:
		return r.node(t, jsonval.NullValue), nil
	case placeholderToken:
		n := r.node(t, jsonval.OfString(t.Text))
		n.bare = true
		return n, nil
	case jsonval.TokenOpen:
		if depth >= jsonval.MaxDepth {
			return nil, &SyntaxError{Offset: t.Start, Message: fmt.Sprintf("nested deeper than %d levels", jsonval.MaxDepth)}
		}
		if t.Char == '[' {
			n := r.node(t, jsonval.EmptyArray)
			return n, r.inside(n, ']', depth)
		}
		n := r.node(t, jsonval.EmptyObject)
		return n, r.inside(n, '}', depth)
	case jsonval.TokenEnd:
		return nil, &SyntaxError{Offset: t.Start, Message: "the text ends where a value should be"}
	}
	return nil, r.unexpected(t, "a value should be here")
}

// inside reads the kids of the array or object n up to its closing bracket.
func (r *jsonReader) inside(n *Node, closing byte, depth int) error {
	base := len(r.kids)
	for {
		t, err := r.next()
		if err != nil {
			return err
		}
		if t.Kind == jsonval.TokenClose && t.Char == closing {
			n.End = t.End // also after a comma
			break
		}
		kid, err := r.kid(n, t, closing, depth)
		if err != nil {
			return err
		}
		if closing == ']' {
			kid.Index = len(r.kids) - base
		}
		kid.Parent = n
		r.kids = append(r.kids, kid)
		if t, err = r.next(); err != nil {
			return err
		}
		if t.Kind == jsonval.TokenClose && t.Char == closing {
			n.End = t.End
			break
		}
		if t.Kind != jsonval.TokenComma {
			return r.unexpected(t, r.unclosed(n, closing))
		}
	}
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

// kid reads one item or member of n; t is its first token.
func (r *jsonReader) kid(n *Node, t jsonval.Token, closing byte, depth int) (*Node, error) {
	if t.Kind == jsonval.TokenEnd {
		return nil, r.unexpected(t, r.unclosed(n, closing))
	}
	if closing == ']' {
		return r.value(t, depth+1)
	}
	if t.Kind != jsonval.TokenString {
		return nil, r.unexpected(t, "a member's name in double quotes should be here")
	}
	key := t
	t, err := r.next()
	if err != nil {
		return nil, err
	}
	if t.Kind != jsonval.TokenColon {
		return nil, r.unexpected(t, "a : should follow the name "+r.scan.Src[key.Start:key.End])
	}
	if t, err = r.next(); err != nil {
		return nil, err
	}
	kid, err := r.value(t, depth+1)
	if err != nil {
		return nil, err
	}
	kid.Key, kid.KeyStart = key.Text, key.Start
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
