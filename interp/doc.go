// Package interp runs Amazon States Language as a pure function.
//
// The one idea: an [Execution] is a value. [Execution.Step] takes one [Input]
// and the time, and returns the execution afterwards together with what
// happened; it reads no clock, no network and no global state, and never
// changes the Execution it was called on. Time is an argument, chance comes
// from a seeded stream kept inside, so the same inputs give the same events,
// byte for byte: replay, undo and forks need nothing else.
//
// An execution is a small tree of frames: the root, one per Parallel branch,
// one per Map iteration, one per child execution. Each knows its state, the last
// [Stage] it finished and the data of every stage. What must be done by the world
// (a task's call, a timer) is an [Effect]; what the world answers is an [Input].
//
// It does not know how tasks are called, what a breakpoint is, or how AWS
// numbers history: those are interp/task, sessions and interp/history.
package interp
