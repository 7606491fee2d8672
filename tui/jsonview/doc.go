// Package jsonview shows a JSON document, or how one became another.
//
// The one idea: two documents are laid out once as a list of lines, each
// knowing its place and how it changed; a screen only draws the lines it shows.
// Folds and the cursor are kept by JSON pointer, so they survive a step to
// another document and a resize.
//
// It does not know where the documents come from or what the keys are called.
package jsonview
