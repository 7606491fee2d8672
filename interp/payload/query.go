package payload

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonata"
	"asldbg/interp/jsonval"
)

// query is an expression of a JSONata state.
type query struct {
	text  string // between the delimiters, without the blanks there
	field string // as AWS names the place, such as Output/total or Arguments/list[0]
	expr  *jsonata.Expr
	needs StatesMembers
}

// StatesMembers is a set of members of $states.
type StatesMembers uint8

// The members of $states. Input and context are there in every field.
const (
	StatesInput StatesMembers = 1 << iota
	StatesContext
	StatesResult
	StatesErrorOutput

	statesEverywhere = StatesInput | StatesContext
	statesAll        = statesEverywhere | StatesResult | StatesErrorOutput
)

// statesMembers are the names of the members of $states.
var statesMembers = map[string]StatesMembers{
	"input": StatesInput, "context": StatesContext, "result": StatesResult, "errorOutput": StatesErrorOutput,
}

// Reading is a place where an expression of a JSONata template reads a variable
// or calls a function of the language, which a variable of that name would hide.
type Reading struct {
	At       jsonval.Path // the text it is in
	Offset   int          // bytes from the start of that text
	Name     string
	Path     []string // the names that follow at once
	Function bool
}

// AWS's codes of problems with an expression.
const (
	InvalidExpression     = "INVALID_JSONATA_EXPRESSION"     // it is no JSONata
	UnsupportedExpression = "UNSUPPORTED_JSONATA_EXPRESSION" // it refers to what is not there
)

// The delimiters of expressions.
const (
	opening = "{%"
	closing = "%}"
)

// IsQuery reports whether a text is an expression of a JSONata state.
func IsQuery(text string) bool {
	return len(text) >= len(opening)+len(closing) && strings.HasPrefix(text, opening) && strings.HasSuffix(text, closing)
}

// CompileJSONata reads the value of a field of a JSONata state: any JSON, in
// which texts that start with {% and end with %} are expressions. field is the
// place as AWS's causes name it, such as Choices[0]/Output; more are the members
// $states has there besides input and context. An error is a [Problems].
func CompileJSONata(v jsonval.Value, field string, more StatesMembers) (*Template, error) {
	c := compiler{template: &Template{source: v, field: field}, states: statesEverywhere | more}
	c.template.root = c.queryNode(v)
	if c.problems != nil {
		return nil, c.problems
	}
	return c.template, nil
}

// queryNode compiles v, which is at c.at.
func (c *compiler) queryNode(v jsonval.Value) node {
	n := node{}
	constant := true
	switch v.Kind() {
	case jsonval.String:
		n.query = c.query(v.Text())
		constant = n.query == nil
	case jsonval.Array:
		n.items = make([]node, v.Len())
		for i, item := range v.Items() {
			c.at = append(c.at, jsonval.Index(i))
			n.items[i] = c.queryNode(item)
			c.at = c.at[:len(c.at)-1]
			constant = constant && n.items[i].constant.Exists()
		}
	case jsonval.Object:
		n.members = make([]member, 0, v.Len())
		for key, value := range v.Members() {
			c.at = append(c.at, jsonval.Key(key))
			m := member{key: key, field: key, node: c.queryNode(value)}
			c.at = c.at[:len(c.at)-1]
			constant = constant && m.node.constant.Exists()
			n.members = append(n.members, m)
		}
	}
	if constant {
		return node{constant: v}
	}
	return n
}

// query compiles a text, nil where it is none or there is a problem with it.
func (c *compiler) query(text string) *query {
	if !IsQuery(text) {
		switch {
		case strings.HasPrefix(text, opening):
			c.problem(0, "", "the expression does not end with %s", closing)
		case strings.HasSuffix(text, closing):
			c.problem(0, "", "the expression does not start with %s", opening)
		}
		return nil
	}
	inner := text[len(opening) : len(text)-len(closing)]
	q := &query{text: strings.TrimSpace(inner), field: c.template.field + joined(c.at)}
	from := len(opening) + strings.Index(inner, q.text)
	var err error
	if q.expr, err = jsonata.Compile(q.text); err != nil {
		p := Problem{Code: InvalidExpression, AWSMessage: err.Error(), Message: err.Error(), Offset: from}
		if bad := (*jsonata.Error)(nil); errors.As(err, &bad) {
			p.Offset, p.AWSMessage, p.Message = from+bad.Start, bad.Message, bad.Message
		}
		c.refuse(p)
		return nil
	}
	named := make(map[string]bool)
	refuse := func(r jsonata.Reference, aws, ours, hint string) {
		if !named[aws] { // AWS tells of each once in an expression
			named[aws] = true
			c.refuse(Problem{Code: UnsupportedExpression, Offset: from + r.Start, AWSMessage: aws, Message: ours, Hint: hint})
		}
	}
	for _, r := range q.expr.References() {
		switch {
		case r.Kind == jsonata.RootReference:
			refuse(r, "Reference to '$$' is not supported.", "there is no $$ here", "the state's input is $states.input")
		case r.Kind == jsonata.InputReference:
			name, hint := r.Name, "the state's input is $states.input"
			if name == "" {
				name = "$"
			} else {
				hint = fmt.Sprintf("write $states.input.%s for the input's member, or $%s for a variable", name, name)
			}
			refuse(r, "Reference to '"+name+"' at the top level is not supported.", "there is nothing "+name+" could be read from", hint)
		case r.Kind == jsonata.VariableReference && r.Name == "states":
			c.statesMember(q, r, refuse)
		default:
			c.template.readings = append(c.template.readings, Reading{
				At: c.place(), Offset: from + r.Start, Name: r.Name, Path: r.Path, Function: r.Kind == jsonata.FunctionReference,
			})
		}
	}
	return q
}

// statesMember notes what an expression reads of $states.
func (c *compiler) statesMember(q *query, r jsonata.Reference, refuse func(r jsonata.Reference, aws, ours, hint string)) {
	if len(r.Path) == 0 {
		q.needs |= statesAll
		return
	}
	member := statesMembers[r.Path[0]]
	q.needs |= member
	if c.states&member == 0 {
		hint := map[StatesMembers]string{
			StatesResult:      "it is there in Output and Assign of Task, Parallel and Map states",
			StatesErrorOutput: "it is there in Output and Assign of a Catch",
		}[member]
		name := "$states." + r.Path[0]
		refuse(r, "Field '"+name+"' does not exist.", "there is no "+name+" in this field", hint)
	}
	c.template.readsToken = c.template.readsToken || member == StatesContext && (len(r.Path) == 1 || r.Path[1] == "Task")
}

// joined writes a place below a field as AWS does.
func joined(p jsonval.Path) string {
	var b strings.Builder
	for _, s := range p {
		if s.Index >= 0 {
			fmt.Fprintf(&b, "[%d]", s.Index)
		} else {
			b.WriteString("/" + s.Key)
		}
	}
	return b.String()
}

// Readings are the variables and functions the expressions of a JSONata template
// refer to, without $states. The slice is shared: do not change it.
func (t *Template) Readings() []Reading { return t.readings }

// ReadsToken reports whether a JSONata template may read the task token.
func (t *Template) ReadsToken() bool { return t.readsToken }

// QueryError is a part of a JSONata template that did not give what the state
// needs. AWS fails the state with States.QueryEvaluationError.
type QueryError struct {
	Field   string // as AWS names it; "" where it names none
	Message string // AWS's text, without what it says about the state
	Err     error  // the [*jsonata.Error] of an expression that failed
}

// Error is AWS's text.
func (e *QueryError) Error() string { return e.Message }

func (e *QueryError) Unwrap() error { return e.Err }

// queryLimits are AWS's limits of an evaluation, as they were measured: 100 levels
// (we do not count literals), a range of 873,782 numbers (48 bytes each here),
// and a second, which is counted as work here so that a run can be repeated.
var queryLimits = jsonata.Limits{Depth: 99, Steps: 20_000_000, Bytes: 873_782 * 48}

func (q *query) eval(env *Env) (jsonval.Value, *QueryError) {
	env.Needs = q.needs
	env.Query.Limits, env.Query.StepFunctions = queryLimits, true
	if env.Trace != nil {
		env.Query.Trace = func(start, end int, v jsonval.Value) { env.Trace(q.field, q.text, start, end, v) }
	}
	v, err := q.expr.Eval(context.Background(), jsonval.Value{}, &env.Query)
	var thrown *jsonata.Error
	switch {
	case err == nil && v.Exists():
		return v, nil
	case err == nil:
		return v, q.failed("returned nothing (undefined).", nil)
	case errors.Is(err, jsonata.ErrFunction):
		return v, q.failed("returned an unsupported result type.", err)
	case errors.As(err, &thrown) && thrown.Limit():
		message := thrown.Message
		if strings.HasPrefix(message, "Stack overflow") {
			message += " Depth=101 max=100"
		}
		return v, q.failed("threw an error during evaluation: "+message, err)
	}
	return v, q.failed("threw an error during evaluation. "+err.Error(), err)
}

func (q *query) failed(how string, err error) *QueryError {
	return &QueryError{q.field, "The JSONata expression '" + q.text + "' specified for the field '" + q.field + "' " + how, err}
}

// Expects returns the error of a template whose value v is not of the kind want,
// as AWS calls it: array, number, string, boolean.
func (t *Template) Expects(want string, v jsonval.Value) *QueryError {
	return t.wrong(unexpected(want, v))
}

// ExpectsAt is Expects for the value v of a member of the template.
func (t *Template) ExpectsAt(key, want string, v jsonval.Value) *QueryError {
	if m := t.root.member(key); m != nil && m.node.query != nil {
		return m.node.query.failed(unexpected(want, v), nil)
	}
	return t.wrong(unexpected(want, v))
}

func unexpected(want string, v jsonval.Value) string {
	return fmt.Sprintf("returned an unexpected result type. Expected '%s', but was '%s' for value: %s", want, v.Kind(), v)
}

// Unfit returns the error of a template whose value v is of the right kind and
// yet will not do. AWS's words are not known.
func (t *Template) Unfit(why string, v jsonval.Value) *QueryError {
	return t.wrong(fmt.Sprintf("returned a value that %s: %s", why, v))
}

// wrong is the error of the template as a whole.
func (t *Template) wrong(how string) *QueryError {
	if q := t.root.query; q != nil {
		return q.failed(how, nil)
	}
	return &QueryError{Field: t.field, Message: "The field '" + t.field + "' " + how}
}
