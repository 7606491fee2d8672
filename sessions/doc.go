// Package sessions is the debugger without a screen.
//
// The one idea: a [Session] owns an execution, is changed only by commands
// ([Session.Do]) and shows itself whole ([Session.View]). Screens, scripts and
// servers are equal front ends: none keeps a second copy of the state.
//
// It does not draw, does not read keys and does not know HTTP: tasks are
// performed by the handlers it is given.
package sessions
