package template

import (
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// maxNodes is how many nodes a template may have once its aliases are
// followed. CloudFormation takes templates of at most 1 MB.
const maxNodes = 1_000_000

// parse reads a template's text as a tree with lines and columns. JSON is read
// by our own scanner: YAML readers refuse its surrogate pairs.
func (t *Template) parse() (*yaml.Node, error) {
	if strings.HasPrefix(strings.TrimLeft(t.Source, " \t\r\n"), "{") {
		r := jsonReader{scan: jsonval.Scanner{Src: t.Source, Relaxed: true}, line: 1, column: 1}
		root, err := r.document()
		if err != nil {
			r.move(err.Offset)
			return nil, &Error{File: t.File, Line: r.line, Column: r.column, Message: err.Message}
		}
		return root, nil
	}
	var doc, second yaml.Node
	loader, err := yaml.NewLoader(strings.NewReader(t.Source))
	if err == nil {
		err = loader.Load(&doc)
	}
	switch {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		return nil, &Error{File: t.File, Line: 1, Column: 1, Message: "the template is empty"}
	case err != nil:
		return nil, t.broken(err)
	case loader.Load(&second) == nil:
		return nil, t.wrong(&second, "remove what follows ---", "a second document starts here")
	}
	root := doc.Content[0]
	if _, err := t.weigh(root, nil, map[*yaml.Node]int{}); err != nil {
		return nil, err
	}
	return root, nil
}

// broken is a YAML reader's error with its place.
func (t *Template) broken(err error) *Error {
	e := &Error{File: t.File, Line: 1, Column: 1, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	var at *yaml.LoadError
	if errors.As(err, &at) {
		e.Message = at.Message
		if at.Mark.Line > 0 {
			e.Line, e.Column = at.Mark.Line, max(at.Mark.Column, 1)
		}
	}
	return e
}

// weigh counts the nodes below n with aliases followed, so that nobody after
// it has to fear anchors that contain themselves or multiply without end.
func (t *Template) weigh(n *yaml.Node, above []*yaml.Node, known map[*yaml.Node]int) (int, error) {
	if w, ok := known[n]; ok {
		return w, nil
	}
	for _, a := range above {
		if a == n {
			return 0, t.wrong(n, "", "the anchor %q contains itself", n.Anchor)
		}
	}
	if above = append(above, n); len(above) > jsonval.MaxDepth {
		return 0, t.wrong(n, "", "nested deeper than %d levels", jsonval.MaxDepth)
	}
	kids := n.Content
	if n.Kind == yaml.AliasNode {
		kids = []*yaml.Node{n.Alias}
	}
	weight := 1
	for _, k := range kids {
		w, err := t.weigh(k, above, known)
		if err != nil {
			return 0, err
		}
		if weight += w; weight > maxNodes {
			return 0, t.wrong(n, "", "the template is too large: more than %d values", maxNodes)
		}
	}
	known[n] = weight
	return weight, nil
}

// deref is the node n stands for: n itself, or the one its alias names.
func deref(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// members ranges over a mapping's keys and values; over nothing for other nodes
// and nil.
func members(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		if n == nil {
			return
		}
		n = deref(n)
		if n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(deref(n.Content[i]), deref(n.Content[i+1])) {
				return
			}
		}
	}
}

// member is a mapping's value of that name, nil if there is none.
func member(n *yaml.Node, path ...string) *yaml.Node {
	for _, name := range path {
		var found *yaml.Node
		for k, v := range members(n) {
			if k.Value == name {
				found = v
			}
		}
		n = found
	}
	return n
}

// literal is the JSON value of a plain scalar. Numbers JSON cannot write (010,
// 0x1F) stay the text they are.
func literal(n *yaml.Node) jsonval.Value {
	switch n.ShortTag() {
	case "!!null":
		return jsonval.NullValue
	case "!!bool":
		return jsonval.OfBool(strings.EqualFold(n.Value, "true"))
	case "!!int", "!!float":
		if v, ok := jsonval.OfNumber(n.Value); ok {
			return v
		}
	}
	return jsonval.OfString(n.Value)
}

// jsonReader builds from JSON text the tree a YAML reader would build.
type jsonReader struct {
	scan         jsonval.Scanner
	pos          int // line and column are those of this byte
	line, column int
	depth        int
}

func (r *jsonReader) document() (*yaml.Node, *jsonval.SyntaxError) {
	tok, err := r.next()
	if err != nil {
		return nil, err
	}
	root, err := r.value(tok)
	if err != nil {
		return nil, err
	}
	tok, err = r.next()
	if err == nil && tok.Kind != jsonval.TokenEnd {
		err = &jsonval.SyntaxError{Offset: tok.Start, Message: "text after the end of the template"}
	}
	return root, err
}

func (r *jsonReader) next() (jsonval.Token, *jsonval.SyntaxError) {
	tok, err := r.scan.Next()
	if err != nil {
		var at *jsonval.SyntaxError
		if !errors.As(err, &at) {
			at = &jsonval.SyntaxError{Offset: r.scan.Pos, Message: err.Error()}
		}
		return tok, at
	}
	return tok, nil
}

// move sets line and column to those of a byte at or after pos.
func (r *jsonReader) move(to int) {
	for r.pos < min(to, len(r.scan.Src)) {
		c, size := utf8.DecodeRuneInString(r.scan.Src[r.pos:])
		r.pos += size
		r.column++
		if c == '\n' {
			r.line, r.column = r.line+1, 1
		}
	}
}

func (r *jsonReader) value(tok jsonval.Token) (*yaml.Node, *jsonval.SyntaxError) {
	r.move(tok.Start)
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: tok.Text, Line: r.line, Column: r.column}
	switch tok.Kind {
	case jsonval.TokenString:
		n.Tag, n.Style = "!!str", yaml.DoubleQuotedStyle
	case jsonval.TokenNumber:
		n.Tag = "!!float"
	case jsonval.TokenTrue:
		n.Tag, n.Value = "!!bool", "true"
	case jsonval.TokenFalse:
		n.Tag, n.Value = "!!bool", "false"
	case jsonval.TokenNull:
		n.Tag, n.Value = "!!null", "null"
	case jsonval.TokenOpen:
		n.Style, n.Value = yaml.FlowStyle, ""
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		if tok.Char == '{' {
			n.Kind, n.Tag = yaml.MappingNode, "!!map"
		}
		return n, r.inside(n)
	default:
		return nil, &jsonval.SyntaxError{Offset: tok.Start, Message: "a value is missing here"}
	}
	return n, nil
}

// inside reads the members or items of n up to its closing bracket.
func (r *jsonReader) inside(n *yaml.Node) *jsonval.SyntaxError {
	if r.depth++; r.depth > jsonval.MaxDepth {
		return &jsonval.SyntaxError{Offset: r.pos, Message: "nested too deeply"}
	}
	defer func() { r.depth-- }()
	closing := byte(']')
	if n.Kind == yaml.MappingNode {
		closing = '}'
	}
	for {
		tok, err := r.next()
		if err != nil {
			return err
		}
		if tok.Kind == jsonval.TokenClose && tok.Char == closing {
			return nil
		}
		if n.Kind == yaml.MappingNode {
			if tok.Kind != jsonval.TokenString {
				return &jsonval.SyntaxError{Offset: tok.Start, Message: `a member's name in "quotes" is missing here`}
			}
			key, _ := r.value(tok)
			n.Content = append(n.Content, key)
			if tok, err = r.next(); err == nil && tok.Kind != jsonval.TokenColon {
				err = &jsonval.SyntaxError{Offset: tok.Start, Message: "a : is missing here"}
			}
			if err == nil {
				tok, err = r.next()
			}
			if err != nil {
				return err
			}
		}
		v, err := r.value(tok)
		if err != nil {
			return err
		}
		n.Content = append(n.Content, v)
		if tok, err = r.next(); err != nil {
			return err
		}
		switch {
		case tok.Kind == jsonval.TokenComma:
		case tok.Kind == jsonval.TokenClose && tok.Char == closing:
			return nil
		default:
			return &jsonval.SyntaxError{Offset: tok.Start, Message: "a , or " + string(closing) + " is missing here"}
		}
	}
}
