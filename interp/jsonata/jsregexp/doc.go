// Package jsregexp is JavaScript's regular expressions: with look-ahead and
// look-behind, back references, lazy quantifiers, named groups and the leniency
// of web browsers (ECMA-262, section 22.2 and annex B.1.2), flags i and m.
//
// The one idea: a pattern is compiled to a small program for a backtracking
// machine that keeps its own stack and reports its steps, so that a pattern that
// takes for ever can be ended, and none can overflow the goroutine's stack.
// A library that does the same in JavaScript's dialect limits itself by the
// clock, which a replayed execution must not depend on.
//
// One thing differs on purpose: texts are characters, not UTF-16 units, so a dot
// takes the whole of an emoji where JavaScript without its flag u takes half.
package jsregexp
