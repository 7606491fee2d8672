package payload

import (
	"errors"
	"fmt"
	"slices"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// FieldError is a member of a template that could not be computed. AWS fails
// the state with States.Runtime.
type FieldError struct {
	Field   string // the member's own key, such as k.$
	Expr    string // its value in the template
	Missing bool   // a path found nothing or cannot be applied; else a function refused its arguments
	Message string // AWS's text, without what it says about the state
	Err     error  // a [*jsonpath.NotFoundError] or [*intrinsic.Error]

	at jsonval.Path // from the member up to the root
}

// Error is AWS's text.
func (e *FieldError) Error() string { return e.Message }

func (e *FieldError) Unwrap() error { return e.Err }

// At is the member's place in the template.
func (e *FieldError) At() jsonval.Path {
	at := slices.Clone(e.at)
	slices.Reverse(at)
	return at
}

func newFieldError(field string, expr *Expr, env *intrinsic.Env, err error) *FieldError {
	// What calls say stands for itself, and so does what AWS's JSONPath library
	// says of paths that cannot be applied.
	e := &FieldError{Field: field, Expr: expr.String(), Missing: true, Message: err.Error(), Err: err}
	var call *intrinsic.Error
	var missing *jsonpath.NotFoundError
	if errors.As(err, &call) {
		e.Missing = call.Kind == intrinsic.MissingPath
	} else if errors.As(err, &missing) && missing.Reason != jsonpath.WrongType {
		input := env.Input
		if expr.path.Root() == jsonpath.Context && env.Context != nil {
			input = env.Context()
		}
		e.Message = fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", expr, field, input)
	}
	return e
}
