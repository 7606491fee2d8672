// Package cli is the command line: one file a command, flags, the wiring of the
// rooms, exit codes.
//
// The one idea: commands decide nothing about executions. They read files,
// choose handlers, hand both to a session and turn its end into an exit code.
package cli
