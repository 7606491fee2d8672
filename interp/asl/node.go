package asl

import (
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// Get is the member key of an object, nil if there is none. Of a member that is
// written twice it is the last, as everywhere in JSON.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := len(n.Kids) - 1; i >= 0; i-- {
		if k := n.Kids[i]; k.Index < 0 && k.Key == key {
			return k
		}
	}
	return nil
}

// At is the node at p below n, or the nearest node on the way there.
func (n *Node) At(p jsonval.Path) *Node {
	for _, s := range p {
		next := n.Get(s.Key)
		if s.Index >= 0 {
			next = nil
			if s.Index < len(n.Kids) {
				next = n.Kids[s.Index]
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// Pointer is the way from the root to n.
func (n *Node) Pointer() jsonval.Path {
	depth := 0
	for at := n; at.Parent != nil; at = at.Parent {
		depth++
	}
	p := make(jsonval.Path, depth)
	for at := n; at.Parent != nil; at = at.Parent {
		depth--
		p[depth] = jsonval.Step{Key: at.Key, Index: at.Index}
	}
	return p
}

// Location is the place as AWS writes it in validation messages, such as
// /States/C/Choices[0]/Next; the root is /.
func (n *Node) Location() string {
	if n.Parent == nil {
		return "/"
	}
	return "/" + joined(n.Pointer(), "/")
}

// joined writes a path with sep between members and indexes in brackets.
func joined(p jsonval.Path, sep string) string {
	var b strings.Builder
	for i, s := range p {
		if s.Index >= 0 {
			b.WriteString("[" + strconv.Itoa(s.Index) + "]")
			continue
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(s.Key)
	}
	return b.String()
}

// scope is the innermost state n stands in and the field below it, as a
// [Diagnostic] names them: "Buy or Sell?" and Choices[0].Variable. The state is
// "" at the top level, the field is "" for the state itself.
func (n *Node) scope() (state, field string) {
	p := n.Pointer()
	for len(p) > 1 && p[0].Key == "States" {
		state, p = p[1].Key, p[2:]
		inner := p
		switch {
		case len(p) > 1 && p[0].Key == "Branches" && p[1].Index >= 0:
			inner = p[2:]
		case len(p) > 0 && (p[0].Key == "ItemProcessor" || p[0].Key == "Iterator"):
			inner = p[1:]
		}
		if len(inner) == len(p) || len(inner) < 2 || inner[0].Key != "States" {
			break
		}
		p = inner
	}
	return state, joined(p, ".")
}

// Position turns an offset in Source into a line and a column, both from 1;
// the column counts characters.
func (f *File) Position(offset int) (line, column int) {
	return f.lines.position(offset)
}

func newFile(name, source string) *File {
	return &File{Name: name, Source: source, lines: newLineTable(source)}
}

// newNodes builds the nodes of a value that has no text of its own, such as
// that of a placeholder: all of them stand at start to end.
func newNodes(v jsonval.Value, start, end int) *Node {
	n := &Node{Value: v, Start: start, End: end, KeyStart: -1, Index: -1}
	for i, item := range v.Items() {
		kid := newNodes(item, start, end)
		kid.Index, kid.Parent = i, n
		n.Kids = append(n.Kids, kid)
	}
	for key, member := range v.Members() {
		kid := newNodes(member, start, end)
		kid.Key, kid.KeyStart, kid.Parent = key, start, n
		n.Kids = append(n.Kids, kid)
	}
	return n
}

// valueOfKids is the array or object the nodes below n make.
func (n *Node) valueOfKids() jsonval.Value {
	if n.Value.Is(jsonval.Array) {
		items := make([]jsonval.Value, len(n.Kids))
		for i, k := range n.Kids {
			items[i] = k.Value
		}
		return jsonval.OfItems(items)
	}
	members := make([]jsonval.Member, len(n.Kids))
	for i, k := range n.Kids {
		members[i] = jsonval.Member{Key: k.Key, Value: k.Value}
	}
	return jsonval.OfMembers(members)
}
