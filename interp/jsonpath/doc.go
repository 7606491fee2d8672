// Package jsonpath is JSONPath as AWS Step Functions understands it: Jayway's
// dialect, with ASL's three roots ($ the input, $$ the context object, $name a
// variable).
//
// The one idea: a path is compiled once into a flat list of steps, and whether
// it is definite (one value, or an error) or indefinite (always an array) is
// known at that moment, because ASL's rules hang on it. A path of plain names
// and indexes, as nearly all are, is looked up without allocating.
//
// Jayway's reading of a path is kept where it is odd, because AWS's is: slices
// have no step, one stray character after a complete step is passed over, what
// follows .. over an array is asked of the array's items. Two things differ on
// purpose. A name after a dot may have backslash escapes, as the States Language
// specification says ($.foo\@bar). And an unquoted word in a filter is a string
// ([?(@.Name==Receipt)]): Jayway refuses it today, state machines that AWS
// accepted have it.
//
// Regular expressions are Go's, which take linear time, so Java's look-around,
// back references and class intersections are refused when a path is compiled.
// Work on one evaluation is bounded; see [EvalError].
//
// It does not write to documents; [jsonval.Value.Set] does, with the steps of a
// reference path.
package jsonpath
