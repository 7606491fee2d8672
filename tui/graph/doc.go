// Package graph shows the states of a machine and the way through them.
//
// The one idea: a machine is a list of rows. The first chain of Next is drawn
// from top to bottom with its arrows; whatever else can be reached follows, each
// naming where it goes. Branches and map processors are the same, further in.
// A list can be scrolled, searched and read in 40 columns, which a drawing of
// boxes cannot.
//
// It does not decide anything: where execution stands and which rule was taken
// is in the session's View.
package graph
