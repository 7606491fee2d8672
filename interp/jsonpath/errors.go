package jsonpath

import (
	"errors"
	"fmt"
)

// SyntaxError says why a text is not a path.
type SyntaxError struct {
	Path    string
	Offset  int // bytes from the start of Path
	Message string
}

// Error names the path, the place and the reason.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("path %s: at character %d: %s", e.Path, characters(e.Path, e.Offset)+1, e.Message)
}

// characters counts the characters of s before byte n.
func characters(s string, n int) int {
	count := 0
	for i := range s {
		if i >= n {
			break
		}
		count++
	}
	return count
}

// Reason says why a path found nothing.
type Reason uint8

// The reasons of a [NotFoundError].
const (
	MissingLeaf     Reason = iota // the last step's member is not there
	MissingProperty               // a member on the way is not there, or is null or a scalar
	OutOfRange                    // an index past the end of an array that is there
	WrongType                     // for example an index into something that is no array
	Unassigned                    // the variable has no value
)

// NotFoundError says what a path did not find. Message is Jayway's text without
// a prefix, as AWS prints it: "No results for path: $['A']", "Missing property
// in path $['a']", "Filter: [0] can only be applied to arrays. Current context
// is: 1".
type NotFoundError struct {
	Path    string
	Reason  Reason
	Message string
}

// Error is the Message.
func (e *NotFoundError) Error() string { return e.Message }

// EvalError says why a path could not be evaluated, though nothing is missing: a
// filter on a scalar, a function that is not there or does not fit, values that
// a filter cannot compare, or more work than visiting ten million values.
// Message is Jayway's text where it has one.
type EvalError struct {
	Path    string
	Message string
	// skips is set where Jayway throws its InvalidPathException: inside a filter
	// that only makes the filter false.
	skips bool
	// pastEnd is set where Jayway meets Java's IndexOutOfBoundsException, which
	// it takes for an index past the end of the array it is working on.
	pastEnd bool
}

// Error is the Message.
func (e *EvalError) Error() string { return e.Message }

// Errors that never leave the package.
var (
	errMissing  = errors.New("missing") // a NotFoundError nobody will read
	errMismatch = errors.New("operand of another type than the operator takes")
)

// isMiss reports whether err says that something is not there.
func isMiss(err error) bool {
	if err == errMissing {
		return true
	}
	var miss *NotFoundError
	return errors.As(err, &miss)
}

// isPastEnd reports whether an array step has to take no notice of err.
func isPastEnd(err error) bool {
	var eval *EvalError
	return errors.As(err, &eval) && eval.pastEnd
}

// skipsItem reports whether err only makes the filter it happened in false.
func skipsItem(err error) bool {
	if err == errMismatch || isMiss(err) {
		return true
	}
	var eval *EvalError
	return errors.As(err, &eval) && eval.skips
}
