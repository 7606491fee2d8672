package cli

import (
	"errors"
	"fmt"
	"io"

	"asldbg/interp/asl"
)

// Exit codes, as --help promises them.
const (
	exitOK          = 0
	exitFailed      = 1   // the execution failed, or an expression raised an error
	exitUsage       = 2   // wrong usage, or an invalid definition
	exitNeedsAnswer = 3   // a task needs an answer nobody gave
	exitNoResult    = 4   // eval: no result
	exitDiffers     = 5   // replay: differs from what was recorded
	exitInterrupted = 130 // interrupted
)

// exitError ends the program with a code. An empty err prints nothing.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is an error that wrong usage or bad input causes.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// report prints err as the program's last word and returns the exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	code := exitUsage
	var exit *exitError
	if errors.As(err, &exit) {
		if code = exit.code; exit.err == nil {
			return code
		}
	}
	var found asl.Diagnostics
	if errors.As(err, &found) {
		fmt.Fprintln(w, found.Error())
		return code
	}
	fmt.Fprintln(w, "asldbg: "+err.Error())
	return code
}
