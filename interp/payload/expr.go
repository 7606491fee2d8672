package payload

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// Expr is what a ".$" member or an ErrorPath holds: a path or a call of an
// intrinsic function. Several goroutines can use it.
type Expr struct {
	path *jsonpath.Path // or
	call *intrinsic.Call
}

// SyntaxError says why a text is neither a path nor a call.
type SyntaxError struct {
	Expr    string // the whole text
	Offset  int    // bytes from the start of Expr
	Message string
	Err     error // what the path's or the call's compiler said, if one was asked
}

func (e *SyntaxError) Error() string { return e.Message }

func (e *SyntaxError) Unwrap() error { return e.Err }

// CompileExpr reads a path ($..., $$..., $name...) or a call. An error is a
// [*SyntaxError].
func CompileExpr(text string) (*Expr, error) {
	switch {
	case strings.HasPrefix(text, "$"):
		path, err := jsonpath.Compile(text)
		if err != nil {
			bad := &SyntaxError{Expr: text, Message: err.Error(), Err: err}
			if in := (*jsonpath.SyntaxError)(nil); errors.As(err, &in) {
				bad.Offset, bad.Message = in.Offset, in.Message
			}
			return nil, bad
		}
		return &Expr{path: path}, nil
	case intrinsic.IsCall(text):
		call, err := intrinsic.Compile(text)
		if err != nil {
			bad := &SyntaxError{Expr: text, Message: err.Error(), Err: err}
			if in := (*intrinsic.SyntaxError)(nil); errors.As(err, &in) {
				bad.Offset = in.Offset
			}
			return nil, bad
		}
		return &Expr{call: call}, nil
	}
	return nil, &SyntaxError{Expr: text, Message: "this is neither a path, which starts with $, nor a call such as States.Format('{}', $.x)"}
}

// alwaysFails is the error of a call that has only literal arguments and refuses
// them, such as States.MathAdd(1, 'x'); nil for others.
func (e *Expr) alwaysFails() error {
	if e.call == nil || len(e.call.Paths()) > 0 || strings.Contains(e.call.String(), "States.UUID") || strings.Contains(e.call.String(), "States.MathRandom") {
		return nil
	}
	_, err := e.call.Eval(&intrinsic.Env{})
	var refused *intrinsic.Error
	if errors.As(err, &refused) && refused.Detail != "" {
		return fmt.Errorf("%s always fails: %s", refused.Function, refused.Detail)
	}
	return err
}

// String is the expression as it was written.
func (e *Expr) String() string {
	if e.path != nil {
		return e.path.String()
	}
	return e.call.String()
}

// Path is the path e is; nil when it is a call.
func (e *Expr) Path() *jsonpath.Path { return e.path }

// Call is the call e is; nil when it is a path.
func (e *Expr) Call() *intrinsic.Call { return e.call }

// Paths are the paths e reads. The slice is shared: do not change it.
func (e *Expr) Paths() []*jsonpath.Path {
	if e.path != nil {
		return []*jsonpath.Path{e.path}
	}
	return e.call.Paths()
}

// Eval is e's value. An error is what the path's or the call's Eval says.
func (e *Expr) Eval(env *intrinsic.Env) (jsonval.Value, error) {
	if e.path != nil {
		return e.path.Eval(&env.Env)
	}
	return e.call.Eval(env)
}
