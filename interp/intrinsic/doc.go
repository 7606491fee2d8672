// Package intrinsic holds the 18 intrinsic functions of ASL's JSONPath
// language: their grammar and what each does.
//
// The one idea: a call is compiled once into a tree, its arity checked then;
// evaluation only meets missing paths and wrong values.
package intrinsic
