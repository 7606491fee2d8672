package jsonata

// Reference is a place where an expression refers to something outside itself.
type Reference struct {
	Kind ReferenceKind
	// Name is that of the variable, function or member; "" for the input as a
	// whole.
	Name string
	// Path is the names that follow at once: input and id in $states.input.id.
	Path       []string
	Start, End int // bytes of the text
}

// ReferenceKind says what a [Reference] refers to.
type ReferenceKind uint8

// The kinds of references.
const (
	VariableReference ReferenceKind = iota // $name, not bound by the expression
	FunctionReference                      // $name, of the language or of Step Functions
	InputReference                         // the input: name, $, * or ** outside paths and predicates
	RootReference                          // $$
)

// References lists what the expression refers to outside itself, in the order of
// evaluation.
func (e *Expr) References() []Reference {
	w := &walker{}
	w.enter(e.root)
	w.walk(e.root, true)
	return w.found
}

// walker goes through an expression.
type walker struct {
	found []Reference
	names *names
}

// names are the variables of a block or function.
type names struct {
	parent *names
	bound  map[int32]bool // up to here
	later  map[int32]bool // anywhere in it, which the bodies of functions see
	body   bool           // of a function
}

func (w *walker) enter(n *node) {
	w.names = &names{parent: w.names, bound: map[int32]bool{}, later: map[int32]bool{}}
	w.names.collect(n, true)
}

func (w *walker) leave() { w.names = w.names.parent }

// collect notes what is bound in a scope that n is the whole of.
func (s *names) collect(n *node, whole bool) {
	if n == nil || !whole && (n.kind == nodeBlock || n.kind == nodeLambda) {
		return
	}
	if n.kind == nodeBind {
		s.later[n.sym] = true
	}
	n.eachPart(func(part *node) { s.collect(part, false) })
}

// eachPart goes through the nodes right under n.
func (n *node) eachPart(do func(*node)) {
	third := n.third
	if n.kind == nodeDefault || n.kind == nodeCoalesce {
		third = nil // the left side once more
	}
	for _, part := range [...]*node{n.lhs, n.rhs, third} {
		if part != nil {
			do(part)
		}
	}
	for _, part := range n.list {
		do(part)
	}
	if n.extra == nil {
		return
	}
	for _, stages := range [...][]stage{n.predicates, n.stages} {
		for _, s := range stages {
			if s.filter != nil {
				do(s.filter)
			}
		}
	}
	if n.extra.group != nil {
		do(n.extra.group)
	}
}

// has reports whether the expression itself binds sym where the walker is.
func (s *names) has(sym int32) bool {
	inBody := false
	for ; s != nil; s = s.parent {
		if s.bound[sym] || inBody && s.later[sym] {
			return true
		}
		inBody = inBody || s.body
	}
	return false
}

// walk notes the references in n. input is set where n's input is that of the
// whole expression.
func (w *walker) walk(n *node, input bool) {
	switch n.kind {
	case nodePath:
		w.path(n, input)
		return
	case nodeName:
		if input {
			w.note(InputReference, n.text, nil, n)
		}
	case nodeContext, nodeWildcard, nodeDescendant:
		if input {
			w.note(InputReference, "", nil, n)
		}
	case nodeRoot:
		w.note(RootReference, "", nil, n)
	case nodeVariable:
		w.variable(n, nil)
	case nodeLambda:
		w.lambda(n, input)
		return
	case nodeBlock:
		w.enter(n)
		for _, e := range n.list {
			w.walk(e, input)
		}
		w.leave()
		w.after(n)
		return
	case nodeBind:
		w.walk(n.rhs, input)
		w.names.bound[n.sym] = true
		w.after(n)
		return
	case nodeTransform, nodeSort:
		input = false
	}
	for _, part := range [...]*node{n.lhs, n.rhs} {
		if part != nil {
			w.walk(part, input)
		}
	}
	if n.third != nil && n.kind != nodeDefault && n.kind != nodeCoalesce {
		w.walk(n.third, input)
	}
	for _, part := range n.list {
		w.walk(part, input)
	}
	w.after(n)
}

// after walks what follows n: its predicates and its group.
func (w *walker) after(n *node) {
	if n.extra == nil {
		return
	}
	for _, stages := range [...][]stage{n.predicates, n.stages} {
		for _, s := range stages {
			if s.filter == nil {
				w.names.bound[s.index] = true
			} else {
				w.walk(s.filter, false)
			}
		}
	}
	if n.extra.group != nil {
		w.walk(n.extra.group, false)
	}
}

func (w *walker) lambda(n *node, input bool) {
	w.enter(n)
	w.names.body = true
	for _, param := range n.list {
		w.names.bound[param.sym] = true
	}
	w.walk(n.lhs, input)
	w.leave()
	w.after(n)
}

// path walks the steps; what they bind is bound in the rest of them.
func (w *walker) path(n *node, input bool) {
	w.names = &names{parent: w.names, bound: map[int32]bool{}}
	defer w.leave()
	for i, step := range n.list {
		if step.extra != nil {
			w.names.bound[step.focus], w.names.bound[step.index] = true, true
		}
		switch {
		case i == 0 && step.kind == nodeName && input:
			w.note(InputReference, step.text, n.namesAfter(0), step)
			w.after(step)
		case i == 0 && step.kind == nodeVariable:
			w.variable(step, n.namesAfter(0))
			w.after(step)
		default:
			w.walk(step, input && i == 0)
		}
	}
	w.after(n)
}

// namesAfter is the names that follow step i of a path at once.
func (n *node) namesAfter(i int) []string {
	var out []string
	for ; i+1 < len(n.list) && n.list[i].extra == nil && n.list[i+1].kind == nodeName; i++ {
		out = append(out, n.list[i+1].text)
	}
	return out
}

func (w *walker) variable(n *node, path []string) {
	switch {
	case n.sym != 0 && w.names.has(n.sym):
	case builtins[n.text] != nil || stepFunctions[n.text] != nil:
		w.note(FunctionReference, n.text, path, n)
	default:
		w.note(VariableReference, n.text, path, n)
	}
}

func (w *walker) note(kind ReferenceKind, name string, path []string, n *node) {
	w.found = append(w.found, Reference{kind, name, path, int(n.start), int(n.end)})
}
