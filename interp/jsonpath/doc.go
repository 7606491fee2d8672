// Package jsonpath is JSONPath as AWS Step Functions understands it: Jayway's
// dialect, with ASL's three roots ($ the input, $$ the context object, $name a
// variable).
//
// The one idea: a path is compiled once into a flat list of steps, and whether
// it is definite (one value, or an error) or indefinite (always an array) is
// known at that moment, because ASL's rules hang on it.
//
// It does not write to documents; [jsonval.Value.Set] does, with the steps of a
// reference path.
package jsonpath
