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

// meant is the hint that name was perhaps one of known, "" where none is near.
func meant(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d < least || d == least && best == "" {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance counts the edits that make a of b: a letter added, removed, changed
// or swapped with the next.
func distance(a, b string) int {
	if abs(len(a)-len(b)) > 3 {
		return len(a) + len(b)
	}
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func abs(n int) int { return max(n, -n) }
