package jsonpath

import "asldbg/interp/jsonval"

// Root says what a path starts from.
type Root uint8

// The roots.
const (
	Input    Root = iota // $
	Context              // $$, the context object
	Variable             // $name
)

// Env is what a path can reach.
type Env struct {
	Input    jsonval.Value
	Context  func() jsonval.Value            // made only when a path asks for it
	Variable func(name string) jsonval.Value // Undefined: not assigned
}

// Path is a compiled path; it can be used by several goroutines.
type Path struct {
	text string
	root Root
	name string // of a Variable
	// to be continued by the implementation
}

// SyntaxError says why a text is not a path.
type SyntaxError struct {
	Path    string
	Offset  int // bytes from the start of Path
	Message string
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

// NotFoundError says what a definite path did not find. Message is Jayway's
// text without a prefix, as AWS prints it: "No results for path: $['A']",
// "Missing property in path $['a']", "Filter: [0] can only be applied to
// arrays. Current context is: 1".
type NotFoundError struct {
	Path    string
	Reason  Reason
	Message string
}

var _ = jsonval.Value{}
