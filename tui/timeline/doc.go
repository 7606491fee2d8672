// Package timeline shows the steps of a session, past and future.
//
// The one idea: one column is one step, whatever time it took, so the picture
// has the same scale as the keys that go through it. Branches and iterations
// have lanes of their own below the lane they leave.
//
// It does not move through time: that is the session's, by command.
package timeline
