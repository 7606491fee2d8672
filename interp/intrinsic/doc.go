// Package intrinsic holds the 18 intrinsic functions of ASL's JSONPath
// language: their grammar and what each does.
//
// The one idea: a call is compiled once into a tree, its arity checked then;
// evaluation only meets missing paths and wrong values.
//
// AWS's documentation tells the functions' good days only. What they do with
// fractions, wrong types and limits, and what they say then, is taken from
// recordings of AWS: LocalStack's snapshots, and the snapshots in
// github.com/gabrielmoreira/tiny-asl-machine (tests/conformance/cases). Where
// documentation and recordings disagree, as about rounding, recordings win.
// AWS's implementation is in Java and lets it show; java.go is that part.
//
// Two things are on purpose not as AWS does them. A wrong number of arguments
// is found at compile time, where AWS accepts the definition and fails the
// state. And UUID and unseeded MathRandom draw from the execution's own stream,
// so a run can be replayed.
package intrinsic
