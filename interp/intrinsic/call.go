package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// Call is one compiled call of an intrinsic function, with the calls nested in
// it. Several goroutines can use it.
type Call struct {
	text  string
	root  invocation
	paths []*jsonpath.Path
}

// Random is a stream of random bits: the execution's own.
type Random interface{ Uint64() uint64 }

// Env is what an expression can reach. Only States.UUID and States.MathRandom
// without a seed draw from Random.
type Env struct {
	jsonpath.Env
	Random Random
}

// String is the call as it was written.
func (c *Call) String() string { return c.text }

// Name is the outermost function's name, such as States.Format.
func (c *Call) Name() string { return c.root.function.name }

// Paths are the paths in the call, those of nested calls included, in the
// order they are written. The slice is shared: do not change it.
func (c *Call) Paths() []*jsonpath.Path { return c.paths }

// Eval calls the function. An error is an [*Error].
func (c *Call) Eval(env *Env) (jsonval.Value, error) {
	v, p := c.root.eval(env)
	if p != nil {
		return jsonval.Value{}, c.failed(p, env)
	}
	return v, nil
}

// Kind says what an [Error] is about.
type Kind uint8

// The kinds of an Error. AWS fails the state with States.Runtime for both; the
// States.IntrinsicFailure of the specification has not been seen.
const (
	MissingPath Kind = iota // a path given as an argument found nothing, or cannot be applied
	BadValue                // a function refused its arguments
)

// Error is a call that failed.
type Error struct {
	Call     string // the whole expression, as written
	Function string // the function that refused, which may be a nested one; "" of MissingPath
	Path     string // the argument that found nothing, as written; "" of BadValue
	Kind     Kind
	Message  string // AWS's text, without what it says about the state
	Detail   string // what is wrong, in our words: AWS's mostly do not tell; may be ""
}

// Error is AWS's text.
func (e *Error) Error() string { return e.Message }

// invocation is a function and what it is called with.
type invocation struct {
	function *function
	args     []argument
}

// argument is a nested call, a path or, with neither, a literal value.
type argument struct {
	call  *invocation
	path  *jsonpath.Path
	value jsonval.Value
}

func (n *invocation) eval(env *Env) (jsonval.Value, *problem) {
	args := make([]jsonval.Value, len(n.args))
	for i := range n.args {
		switch a := &n.args[i]; {
		case a.call != nil:
			v, p := a.call.eval(env)
			if p != nil {
				return v, p
			}
			args[i] = v
		case a.path != nil:
			v, err := a.path.Eval(&env.Env)
			if err != nil {
				return v, &problem{path: a.path, missing: err}
			}
			args[i] = v
		default:
			args[i] = a.value
		}
	}
	v, p := n.function.apply(args, env)
	if p != nil && p.function == nil {
		p.function = n.function
	}
	return v, p
}

// problem is why an invocation failed; the Call makes the Error of it, as AWS
// quotes the whole expression.
type problem struct {
	function *function
	path     *jsonpath.Path // the argument that found nothing
	missing  error          // why it did not
	message  string         // AWS's words, "" for: Invalid arguments in <function>
	detail   string
}

func (c *Call) failed(p *problem, env *Env) *Error {
	if p.path == nil {
		message := p.message
		if message == "" {
			message = "Invalid arguments in " + p.function.name
		}
		return &Error{
			Call: c.text, Function: p.function.name, Kind: BadValue,
			Message: fmt.Sprintf("There was an error while evaluating the intrinsic function: %s. %s", c.text, message),
			Detail:  p.detail,
		}
	}
	// AWS evaluates $$ paths as $ paths on the context object, and its message
	// shows that; the input it quotes is the state's nevertheless.
	shown := p.path.String()
	if p.path.Root() == jsonpath.Context {
		shown = strings.TrimPrefix(shown, "$")
	}
	why := p.missing.Error() // AWS lets its JSONPath library speak, but not about what is merely not there
	var notFound *jsonpath.NotFoundError
	if errors.As(p.missing, &notFound) && notFound.Reason != jsonpath.WrongType {
		why = fmt.Sprintf("The JsonPath argument for the field '%s' could not be found in the input '%s'", shown, env.Input)
	}
	return &Error{
		Call: c.text, Path: p.path.String(), Kind: MissingPath,
		Message: fmt.Sprintf("The function '%s' had the following error: %s", c.text, why),
		Detail:  p.missing.Error(),
	}
}
