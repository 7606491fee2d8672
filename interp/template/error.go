package template

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Error is one thing that is wrong with a template, or with what is asked of it.
type Error struct {
	File         string
	Line, Column int // both from 1; the column counts characters; 0: the file as a whole
	Message      string
	Hint         string // a way out, "" if we know none

	unset bool // only what --set would say is missing
}

// Error is one line: file:line:column: message; hint.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": " + e.Message)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// wrong is an Error at node n of the template.
func (t *Template) wrong(n *yaml.Node, hint, format string, args ...any) *Error {
	return &Error{File: t.File, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...), Hint: hint}
}
