// Package asl turns the text of an Amazon States Language definition into a
// tree with positions, and says what is wrong with it.
//
// The one idea: reading never stops at the first mistake. [Parse] accepts JSON,
// JSON with comments and YAML, builds one [Node] tree with byte offsets from
// any of them, and from that the [StateMachine]; whatever does not fit becomes a
// [Diagnostic] with a line, a column, the state, the field and a way out.
// Paths, payload templates and intrinsic functions are compiled here, once.
//
// It does not run anything and does not read files: callers bring the text.
package asl
