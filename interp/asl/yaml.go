package asl

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// The limits of a tree once YAML aliases are followed: more than a definition
// of AWS's 1 MB can need.
const (
	maxNodes = 1 << 20
	maxSize  = 1 << 24
)

func readYAML(text string) (*Node, error) {
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		return nil, yamlError(text, err)
	}
	b := yamlBuilder{lines: newYAMLTable(text), bare: true}
	return b.tree(&doc)
}

func yamlError(text string, err error) error {
	e := &SyntaxError{Message: err.Error()}
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		return e
	}
	e.Message = strings.TrimPrefix(at.Message, "yaml: ")
	if at.ContextMsg != "" {
		e.Message = at.ContextMsg + ": " + e.Message
	}
	lines := newYAMLTable(text)
	if at.Mark.Line > 0 {
		e.Offset = lines.offset(at.Mark.Line, at.Mark.Column)
	}
	switch {
	case strings.HasPrefix(text[e.Offset:], "\t"):
		e.Hint = "YAML is indented with blanks, not with tabs"
	case strings.Contains(at.Message, "mapping values are not allowed"):
		e.Hint = "text that holds a colon needs quotes"
	case at.ContextMark.Line > 0 && at.ContextMark.Line != at.Mark.Line:
		e.Hint = fmt.Sprintf("what it belongs to starts in line %d", at.ContextMark.Line)
	case strings.Contains(at.Message, "multiple"):
		e.Hint = "remove what follows ---"
	}
	return e
}

// TreeFromYAML builds the tree of a YAML (or JSON) value, n, that stands in
// source. Numbers keep their text; those JSON cannot write (010) become text.
// resolve, which may be nil, is asked first for every node: it says what a node
// such as CloudFormation's !Sub stands for. An error is a [*SyntaxError].
func TreeFromYAML(source string, n *yaml.Node, resolve func(*yaml.Node) (jsonval.Value, bool)) (*Node, error) {
	b := yamlBuilder{lines: newYAMLTable(source), resolve: resolve}
	return b.tree(n)
}

func (b *yamlBuilder) tree(n *yaml.Node) (*Node, error) {
	root, err := b.build(n, 0)
	if err != nil {
		return nil, err
	}
	root.KeyStart, root.Index = -1, -1
	return root, nil
}

type yamlBuilder struct {
	lines   lineTable
	bare    bool // a ${Name} without quotes may become a number
	resolve func(*yaml.Node) (jsonval.Value, bool)
	count   int          // values built
	size    int          // bytes of text in them
	aliases []*yaml.Node // anchors being followed
}

func (b *yamlBuilder) errorf(n *yaml.Node, format string, args ...any) error {
	return &SyntaxError{Offset: b.lines.offset(n.Line, n.Column), Message: fmt.Sprintf(format, args...)}
}

func (b *yamlBuilder) build(n *yaml.Node, depth int) (*Node, error) {
	b.count++
	if b.size += len(n.Value); b.count > maxNodes || b.size > maxSize {
		return nil, b.errorf(n, "more than %d values or %d bytes of text, once aliases are followed", maxNodes, maxSize)
	}
	if depth > jsonval.MaxDepth {
		return nil, b.errorf(n, "nested deeper than %d levels", jsonval.MaxDepth)
	}
	if b.resolve != nil {
		if v, ok := b.resolve(n); ok {
			return newNodes(v, b.lines.offset(n.Line, n.Column), b.lines.end(n)), nil
		}
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, b.errorf(n, "the text is empty")
		}
		return b.build(n.Content[0], depth)
	case yaml.AliasNode:
		return b.alias(n, depth)
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return nil, b.errorf(n, "the tag %s has no meaning in a state machine definition", n.Tag)
	}
	out := &Node{Start: b.lines.offset(n.Line, n.Column), KeyStart: -1, Index: -1}
	end := -1 // of the last node inside
	var err error
	switch n.Kind {
	case yaml.MappingNode:
		out.Value = jsonval.EmptyObject
		end, err = b.mapping(n, out, depth)
	case yaml.SequenceNode:
		out.Value = jsonval.EmptyArray
		for i, c := range n.Content {
			kid, err := b.build(c, depth+1)
			if err != nil {
				return nil, err
			}
			kid.Index, kid.Parent = i, out
			out.Kids = append(out.Kids, kid)
			end = kid.End
		}
	case yaml.ScalarNode:
		out.Value = scalar(n)
		_, length := placeholder(n.Value)
		out.bare = b.bare && n.Style == 0 && length > 0 && length == len(n.Value)
	default:
		err = b.errorf(n, "this is no YAML value")
	}
	if err != nil {
		return nil, err
	}
	if len(out.Kids) > 0 {
		out.Value = out.valueOfKids()
	}
	out.End = max(out.Start, b.lines.endAfter(n, end))
	return out, nil
}

// alias builds what an alias stands for. It takes the alias's place, what is
// inside keeps that of the anchor.
func (b *yamlBuilder) alias(n *yaml.Node, depth int) (*Node, error) {
	for _, a := range b.aliases {
		if a == n.Alias {
			return nil, b.errorf(n, "the anchor &%s contains itself", n.Value)
		}
	}
	b.aliases = append(b.aliases, n.Alias)
	out, err := b.build(n.Alias, depth+1)
	b.aliases = b.aliases[:len(b.aliases)-1]
	if err != nil {
		return nil, err
	}
	out.Start, out.End = b.lines.offset(n.Line, n.Column), b.lines.end(n)
	return out, nil
}

// mapping builds the members of n and reports where the last one ends.
func (b *yamlBuilder) mapping(n *yaml.Node, out *Node, depth int) (end int, err error) {
	end = -1
	seen := make(map[string]bool, len(n.Content)/2)
	var merged []*Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return 0, b.errorf(n.Content[i], "a member's name must be text")
		}
		kid, err := b.build(n.Content[i+1], depth+1)
		if err != nil {
			return 0, err
		}
		if key.Tag == "!!merge" {
			end = kid.End
			from, err := b.merge(n.Content[i+1], kid)
			if err != nil {
				return 0, err
			}
			merged = append(merged, from...)
			continue
		}
		if seen[key.Value] {
			return 0, b.errorf(key, "the member %q is there twice", key.Value)
		}
		seen[key.Value] = true
		kid.Key, kid.KeyStart, kid.Parent = key.Value, max(out.Start, b.lines.offset(n.Content[i].Line, n.Content[i].Column)), out
		if n.Content[i+1].Line == 0 { // a value that is not written
			kid.Start = max(kid.KeyStart, b.lines.end(n.Content[i]))
			kid.End = kid.Start
		}
		end = kid.End
		out.Kids = append(out.Kids, kid)
	}
	for _, k := range merged {
		if !seen[k.Key] {
			seen[k.Key] = true
			k.Parent = out
			out.Kids = append(out.Kids, k)
		}
	}
	return end, nil
}

// merge is the members a << brings in: those of one mapping or of a list of
// mappings, of which the first wins.
func (b *yamlBuilder) merge(n *yaml.Node, value *Node) ([]*Node, error) {
	switch {
	case value.Value.Is(jsonval.Object):
		return value.Kids, nil
	case value.Value.Is(jsonval.Array):
		var all []*Node
		for _, k := range value.Kids {
			if !k.Value.Is(jsonval.Object) {
				return nil, b.errorf(n, "<< takes mappings only")
			}
			all = append(all, k.Kids...)
		}
		return all, nil
	}
	return nil, b.errorf(n, "<< takes a mapping or a list of mappings")
}

// scalar is the JSON value of a scalar.
func scalar(n *yaml.Node) jsonval.Value {
	switch n.ShortTag() {
	case "!!null":
		return jsonval.NullValue
	case "!!bool":
		return jsonval.OfBool(strings.EqualFold(n.Value, "true"))
	case "!!int", "!!float":
		if v, ok := number(n.Value); ok {
			return v
		}
	}
	return jsonval.OfString(n.Value)
}

// number reads what YAML calls a number. What different YAML readers take for
// different numbers (010, 1_000) or JSON has no number for (.inf) is none.
func number(text string) (jsonval.Value, bool) {
	text = strings.TrimPrefix(text, "+")
	if v, ok := jsonval.OfNumber(text); ok {
		return v, true
	}
	if len(text) > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o') {
		if i, ok := new(big.Int).SetString(text, 0); ok {
			return jsonval.OfNumber(i.String())
		}
	}
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	if strings.HasPrefix(text, ".") {
		return jsonval.OfNumber(sign + "0" + text)
	}
	return jsonval.OfNumber(sign + strings.TrimSuffix(text, "."))
}
