package payload

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonata"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// Template is a compiled payload template of a JSONPath state, or the value of a
// field of a JSONata state. Several goroutines can use it.
type Template struct {
	source jsonval.Value
	root   node
	paths  []*jsonpath.Path // JSONPath

	// JSONata
	field      string
	readings   []Reading
	readsToken bool
}

// Env is what the expressions of templates can reach: the embedded one those of
// JSONPath, Query those of JSONata. It is for one evaluation at a time.
type Env struct {
	intrinsic.Env
	Query jsonata.Env // its Variables makes $states, too
	// Needs is which members of $states the expression reads, while it is being
	// evaluated: the others need not be made.
	Needs StatesMembers
	// Trace, if it is not nil, is told the value of each part of a JSONata
	// expression: field is the expression's place, start and end are the part's
	// bytes in text.
	Trace func(field, text string, start, end int, v jsonval.Value)
}

// node is one value of a template: a constant, an expression, or an object or
// array with something computed in it.
type node struct {
	constant jsonval.Value // exists: nothing below is computed
	expr     *Expr         // JSONPath
	query    *query        // JSONata
	members  []member
	items    []node
}

// member is one member of a template's object.
type member struct {
	key   string // in the result
	field string // in the template: key, or key + ".$"
	node  node
}

// Problem is one thing that is wrong with a template.
type Problem struct {
	At         jsonval.Path // the member, or the root
	Offset     int          // bytes from the start of the member's text; 0 if that is no text
	Code       string       // AWS's; "" for its general one
	AWSMessage string       // "" if AWS's words are not known
	Message    string       // ours
	Hint       string       // a way out, "" if we know none
}

// Problems are all that is wrong with a template, in its order.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Message
		if len(p.At) > 0 {
			lines[i] = p.At.String() + ": " + p.Message
		}
	}
	return strings.Join(lines, "\n")
}

// suffix marks the members that are computed.
const suffix = ".$"

// Compile reads a template: mostly an object, but AWS takes any JSON (its own
// samples deploy Parameters that are an array). An error is a [Problems].
func Compile(v jsonval.Value) (*Template, error) {
	c := compiler{template: &Template{source: v}}
	c.template.root = c.node(v)
	if c.problems != nil {
		return nil, c.problems
	}
	return c.template, nil
}

func article(k jsonval.Kind) string {
	switch k {
	case jsonval.Null, jsonval.Undefined:
		return k.String()
	case jsonval.Array, jsonval.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

type compiler struct {
	template *Template
	at       jsonval.Path  // where the compiler is
	states   StatesMembers // what $states has here
	problems Problems
}

func (c *compiler) problem(offset int, aws, format string, args ...any) {
	c.refuse(Problem{Offset: offset, AWSMessage: aws, Message: fmt.Sprintf(format, args...)})
}

// refuse adds a problem at the place where the compiler is.
func (c *compiler) refuse(p Problem) {
	p.At = c.place()
	c.problems = append(c.problems, p)
}

func (c *compiler) place() jsonval.Path { return slices.Clone(c.at) }

// node compiles v, which is at c.at.
func (c *compiler) node(v jsonval.Value) node {
	n := node{}
	constant := true
	switch v.Kind() {
	case jsonval.Array:
		n.items = make([]node, v.Len())
		for i, item := range v.Items() {
			c.at = append(c.at, jsonval.Index(i))
			n.items[i] = c.node(item)
			c.at = c.at[:len(c.at)-1]
			constant = constant && n.items[i].constant.Exists()
		}
	case jsonval.Object:
		n.members = make([]member, 0, v.Len())
		written := make(map[string]string, v.Len()) // key in the result to key in the template
		for field, value := range v.Members() {
			c.at = append(c.at, jsonval.Key(field))
			m := member{key: strings.TrimSuffix(field, suffix), field: field}
			if m.key != field {
				constant = false
				m.node.expr = c.expr(field, value)
			} else {
				m.node = c.node(value)
				constant = constant && m.node.constant.Exists()
			}
			if other, ok := written[m.key]; ok {
				c.problem(0, "", "%q and %q would both become the member %q", other, field, m.key)
			}
			written[m.key] = field
			n.members = append(n.members, m)
			c.at = c.at[:len(c.at)-1]
		}
	}
	if constant {
		return node{constant: v}
	}
	return n
}

// expr compiles the value of the computed member field.
func (c *compiler) expr(field string, v jsonval.Value) *Expr {
	aws := fmt.Sprintf("The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", field)
	if !v.Is(jsonval.String) {
		c.problem(0, aws, "%q should be a path or a call of an intrinsic function, but is %s; without the .$ it would be taken as it is", field, article(v.Kind()))
		return nil
	}
	e, err := CompileExpr(v.Text())
	if err != nil {
		at := 0
		if bad := (*SyntaxError)(nil); errors.As(err, &bad) {
			at = bad.Offset
		}
		c.problem(at, aws, "%s", err)
		return nil
	}
	if err := e.alwaysFails(); err != nil {
		c.problem(0, aws, "%s", err)
	}
	c.template.paths = append(c.template.paths, e.Paths()...)
	return e
}

// Source is the template as it was written.
func (t *Template) Source() jsonval.Value { return t.source }

// Paths are all paths in the template, in its order. The slice is shared: do
// not change it.
func (t *Template) Paths() []*jsonpath.Path { return t.paths }

// Constant is the value of a template in which nothing is computed; ok is false
// for others.
func (t *Template) Constant() (v jsonval.Value, ok bool) {
	return t.root.constant, t.root.constant.Exists()
}

// Eval computes the template's value. An error is a [*FieldError], in a JSONata
// template a [*QueryError].
func (t *Template) Eval(env *Env) (jsonval.Value, error) { return t.root.eval(env) }

// eval is for nodes that are not a JSONPath expression.
func (n *node) eval(env *Env) (jsonval.Value, error) {
	switch {
	case n.constant.Exists():
		return n.constant, nil
	case n.query != nil:
		v, err := n.query.eval(env)
		if err != nil {
			return jsonval.Value{}, err
		}
		return v, nil
	case n.members != nil:
		members := make([]jsonval.Member, len(n.members))
		for i := range n.members {
			m := &n.members[i]
			v, err := m.eval(env)
			if err != nil {
				return jsonval.Value{}, below(err, jsonval.Key(m.field))
			}
			members[i] = jsonval.Member{Key: m.key, Value: v}
		}
		return jsonval.OfMembers(members), nil
	}
	items := make([]jsonval.Value, len(n.items))
	for i := range n.items {
		v, err := n.items[i].eval(env)
		if err != nil {
			return jsonval.Value{}, below(err, jsonval.Index(i))
		}
		items[i] = v
	}
	return jsonval.OfItems(items), nil
}

// below adds a step to the place of an error.
func below(err error, s jsonval.Step) error {
	if e, ok := err.(*FieldError); ok {
		e.at = append(e.at, s)
	}
	return err
}

func (m *member) eval(env *Env) (jsonval.Value, error) {
	if m.node.expr == nil {
		return m.node.eval(env)
	}
	v, err := m.node.expr.Eval(&env.Env)
	if err == nil {
		return v, nil
	}
	if m.node.expr.isPastTheEnd(err) {
		return jsonval.NullValue, nil
	}
	return v, newFieldError(m.field, m.node.expr, &env.Env, err)
}

// isPastTheEnd reports whether err says that the path's last step is an index
// past the end of an array. As a member's value that is null (measured on AWS).
func (e *Expr) isPastTheEnd(err error) bool {
	var missing *jsonpath.NotFoundError
	if e.path == nil || !errors.As(err, &missing) || missing.Reason != jsonpath.OutOfRange {
		return false
	}
	normal := e.path.Normal() // such as $['a'][0]
	last := normal[len(normal)-2]
	return last >= '0' && last <= '9'
}
