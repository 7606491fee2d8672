package asl

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// end is where the text of n ends. The YAML reader only says where it starts.
func (t *lineTable) end(n *yaml.Node) int {
	inside := -1
	if n.Kind != yaml.AliasNode && len(n.Content) > 0 {
		inside = t.end(n.Content[len(n.Content)-1])
	}
	return t.endAfter(n, inside)
}

// endAfter is end where it is known that the last node inside n ends at inside.
func (t *lineTable) endAfter(n *yaml.Node, inside int) int {
	at := t.offset(n.Line, n.Column)
	if n.Kind == yaml.AliasNode {
		return min(at+len("*")+len(n.Value), len(t.source))
	}
	at = t.skipProperties(n, at)
	switch n.Kind {
	case yaml.ScalarNode:
		return t.scalarEnd(n, at)
	case yaml.MappingNode, yaml.SequenceNode:
		at = max(at, inside)
		if n.Style&yaml.FlowStyle != 0 {
			return t.bracketEnd(n, at)
		}
	}
	return at
}

// skipProperties passes over the tag and the anchor of n.
func (t *lineTable) skipProperties(n *yaml.Node, at int) int {
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return at
	}
	for at < len(t.source) && (t.source[at] == '!' || t.source[at] == '&') {
		for at < len(t.source) && !isBlank(t.source[at]) {
			at++
		}
		at = t.skipBlanks(at)
	}
	return at
}

// skipBlanks passes over blanks, line ends and comments.
func (t *lineTable) skipBlanks(at int) int {
	for at < len(t.source) {
		switch {
		case isBlank(t.source[at]):
			at++
		case t.source[at] == '#' || strings.HasPrefix(t.source[at:], "//"):
			n := strings.IndexByte(t.source[at:], '\n')
			if n < 0 {
				return len(t.source)
			}
			at += n
		default:
			return at
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// bracketEnd is behind the bracket that closes a flow mapping or sequence,
// looked for from the end of its last element.
func (t *lineTable) bracketEnd(n *yaml.Node, at int) int {
	closing := byte('}')
	if n.Kind == yaml.SequenceNode {
		closing = ']'
	}
	for at < len(t.source) {
		if at = t.skipBlanks(at); at < len(t.source) {
			at++
			if t.source[at-1] == closing {
				break
			}
		}
	}
	return at
}

func (t *lineTable) scalarEnd(n *yaml.Node, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := at + 1; i < len(t.source); i++ {
			switch t.source[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := at + 1; i < len(t.source); i++ {
			if t.source[i] != '\'' {
				continue
			}
			if i+1 < len(t.source) && t.source[i+1] == '\'' {
				i++
				continue
			}
			return i + 1
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(at)
	default:
		return t.plainEnd(n.Value, at)
	}
	return len(t.source)
}

// plainEnd follows a plain scalar, which may be folded over several lines.
func (t *lineTable) plainEnd(value string, at int) int {
	for i := 0; i < len(value) && at < len(t.source); {
		if isBlank(value[i]) {
			for i < len(value) && isBlank(value[i]) {
				i++
			}
			for at < len(t.source) && isBlank(t.source[at]) {
				at++
			}
			continue
		}
		i++
		at++
	}
	return at
}

// blockEnd follows a block scalar from its | or >: all lines that are empty or
// indented as deep as the first that is not.
func (t *lineTable) blockEnd(at int) int {
	line := strings.IndexByte(t.source[at:], '\n')
	if line < 0 {
		return len(t.source)
	}
	end, depth := at+line, -1
	for at = end + 1; at < len(t.source); {
		text := t.source[at:]
		if n := strings.IndexByte(text, '\n'); n >= 0 {
			text = text[:n]
		}
		if indent := len(text) - len(strings.TrimLeft(text, " ")); strings.TrimSpace(text) != "" {
			if depth < 0 {
				depth = indent
			}
			if indent < depth || indent == 0 {
				break
			}
			end = at + len(text)
		}
		at += len(text) + 1
	}
	return end
}
