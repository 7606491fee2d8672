// Package pipeline shows the stages a state's data passes through.
//
// The one idea: a state is a row of stages, some behind, one here, some to come;
// each says in a few characters what it did to the data or will do. The names
// are those of [asldbg/interp.Stage].
//
// It does not show the data itself: that is jsonview's.
package pipeline
