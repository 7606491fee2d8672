package jsonata

import (
	"asldbg/interp/jsonata/jsregexp"
)

// node is a part of an expression, first as it was parsed, then as resolve
// rearranged it for evaluation. Kinds up to nodeEnd are for both.
type node struct {
	kind       nodeKind
	op         operator // nodeBinary
	keepArray  bool     // followed by []: one item stays an array
	keepOne    bool     // nodePath: some step has keepArray
	cons       bool     // nodeArray at the ends of a path, nodeBlock with one first: not flattened
	tuple      bool     // carries variables along the path
	descending bool     // nodeTerm
	literal    bool     // lit is all there is to it
	plain      bool     // nodePath: of names only, perhaps after a variable
	binds      bool     // nodeBlock, nodeLambda: its own scope has a :=
	pos        int32    // bytes up to the end of the token that made it, which errors report
	start, end int32    // its range in bytes
	depth      int32    // of the tree under it
	sym        int32    // nodeVariable, nodeBind, nodeParent: what it names
	text       string   // nodeName, nodeString, nodeVariable
	lit        value    // nodeString, nodeNumber, nodeValue
	// The operands. nodeCall, nodePartial: lhs is the procedure. nodeLambda: lhs
	// is the body. nodeCondition: lhs ? rhs : third. nodeTransform: | lhs | rhs, third |.
	lhs, rhs, third *node
	// nodePath: steps. nodeArray: items. nodeBlock: expressions. nodeCall,
	// nodePartial: arguments. nodeLambda: parameters. nodeObject: keys and values
	// in turn. nodeSort: terms.
	list    []*node
	builtin *builtin // nodeVariable
	*extra
}

// extra is what few nodes have.
type extra struct {
	predicates []stage   // of a node that is no step
	stages     []stage   // of a step
	group      *node     // the nodeObject after it
	focus      int32     // of @$focus, or 0
	index      int32     // of #$index, or 0
	ancestor   *ancestor // what % in a later step calls this step's input
	seeking    []*ancestor
	label      *ancestor // nodeParent
	signature  *signature
	regex      *jsregexp.Regexp
}

// stage is a predicate of a step, or binds the position of its items.
type stage struct {
	filter *node // nil: binds index
	index  int32
}

// ancestor is the value a % refers to: the input of a step further up.
type ancestor struct {
	level int   // steps still to go up
	sym   int32 // the name it travels under
}

// nodeKind says what a node is.
type nodeKind uint8

const (
	nodeBinary nodeKind = iota
	nodeNegate
	nodeArray
	nodeObject
	nodeName
	nodeString
	nodeNumber
	nodeValue
	nodeRegex
	nodeWildcard
	nodeDescendant
	nodeParent
	nodeVariable
	nodeCondition
	nodeDefault  // ?:
	nodeCoalesce // ??
	nodeBlock
	nodeCall
	nodePartial
	nodePlaceholder // ? among the arguments of a nodePartial
	nodeLambda
	nodeTransform
	nodeTerm
	nodeKeyword // and, or, in as an operand: a name
	nodeEnd     // the text ended here; resolve refuses it

	nodePath
	nodeContext // $
	nodeRoot    // $$
	nodeBind
	nodeApply
	nodeSort
	nodeTail // a nodeCall in a place where the caller can make the call
)

// more is the node's extra, made when first needed.
func (n *node) more() *extra {
	if n.extra == nil {
		n.extra = &extra{}
	}
	return n.extra
}

// isVariable reports whether n begins with a $.
func (n *node) isVariable() bool {
	return n.kind == nodeVariable || n.kind == nodeContext || n.kind == nodeRoot
}

// isArrayNode reports whether n is written [ … ].
func (n *node) isArrayNode() bool { return n.kind == nodeArray }

// maxNesting bounds how deep an expression may nest, and so how deep reading it
// recurses.
const maxNesting = 5000

// nested sets how deep the tree under n is, or fails.
func (n *node) nested() *Error {
	depth := int32(0)
	for _, c := range [...]*node{n.lhs, n.rhs, n.third} {
		if c != nil {
			depth = max(depth, c.depth)
		}
	}
	for _, c := range n.list {
		depth = max(depth, c.depth)
	}
	if n.depth = depth + 1; n.depth > maxNesting {
		return limit("the expression nests too deep").at(n)
	}
	return nil
}
