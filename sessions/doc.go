// Package sessions is the debugger without a screen.
//
// The one idea: a [Session] owns an execution, is changed only by commands
// ([Session.Do]) and shows itself whole ([Session.View]). Screens, scripts and
// servers are equal front ends: none keeps a second copy of the state. [Run] is
// the same without stops, for those who only want the end.
//
// Time travel. Every input is a step: also each advance of a long continue, so
// that going back after it moves one stage. A step is kept as the input that
// made it; an execution is kept every 64 steps, as a cache. Commands that change
// something in the past fork: the steps after the cursor stay in the old session
// file, and a new one begins with those up to it. It does not need the old one.
//
// All stop. When one frame stops, all do; what arrives meanwhile waits in line.
// The virtual clock stands with them. It jumps to the next timer when nothing
// else can move, and runs with the real one only while a request is under way.
// It never jumps over a request somebody must answer, and over the timeout of
// an awaited task token only when told to go on a second time.
//
// A person is asked before something leaves: held requests are shown sealed, in
// [Request]; what changes something outside this machine, or goes out signed as
// somebody else than AWS would, wants a command that says yes.
//
// It does not draw, does not read keys and does not know HTTP: tasks are
// performed by the handlers it is given.
//
// Machines that are [Known] are executed here when a task starts them: the
// execution is one, children included, so holds, breakpoints, time travel and
// replay need nothing else. A mock wins over a known machine, a known machine
// over a handler.
package sessions
