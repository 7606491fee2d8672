package asl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how bad a [Diagnostic] is.
type Severity uint8

// The severities. Only an Error keeps a definition from running.
const (
	Error Severity = iota
	Warning
)

// String is error or warning.
func (s Severity) String() string { return [...]string{"error", "warning"}[s] }

// Diagnostic is one thing that is wrong with a definition.
type Diagnostic struct {
	File         string
	Line, Column int // both from 1; the column counts characters

	// EndLine and EndColumn are behind the last character of what is meant; the
	// place itself where its extent is not known.
	EndLine, EndColumn int

	State       string
	Field       string // such as Next or Choices[0].Variable
	Severity    Severity
	Code        string // ours, such as next-unknown
	AWSCode     string // AWS's, such as MISSING_TRANSITION_TARGET; "" if AWS has none
	AWSMessage  string // AWS's own words, without " at <location>"; "" if AWS has none
	Location    string // AWS's place, such as /States/A/Next; "" for none
	Message     string // ours
	Hint        string // a way out, "" if we know none
	Consequence bool   // goes away with another finding, such as a state no longer reached because of a misspelt Next
}

// String is one line: file:line:column: state "S": message; hint  [code].
func (d Diagnostic) String() string {
	warning := ""
	if d.Severity == Warning {
		warning = "warning: "
	}
	return d.Place() + ": " + warning + d.Text() + "  [" + d.Code + "]"
}

// Place is file:line:column; the file alone where the finding is about all of
// it.
func (d Diagnostic) Place() string {
	if d.Line == 0 {
		return d.File
	}
	return fmt.Sprintf("%s:%d:%d", d.File, d.Line, d.Column)
}

// Text is state "S": message; hint.
func (d Diagnostic) Text() string {
	text := d.Message
	if d.State != "" {
		text = fmt.Sprintf("state %q: ", d.State) + text
	}
	if d.Hint != "" {
		text += "; " + d.Hint
	}
	return text
}

// Diagnostics are all findings in a definition, in source order.
type Diagnostics []Diagnostic

// Error lists the findings, one a line, without mere consequences.
func (ds Diagnostics) Error() string {
	lines := make([]string, 0, len(ds))
	for _, d := range ds {
		if !d.Consequence {
			lines = append(lines, d.String())
		}
	}
	return strings.Join(lines, "\n")
}

// AWS is what AWS's InvalidDefinition says of the same definition between its
// quotes: CODE: message at place, for each error AWS knows too; "" where it
// accepts the definition. Where its words are not known, ours stand in. Targets
// that are missing come first, as they do there.
func (ds Diagnostics) AWS() string {
	var all []string
	ds = slices.Clone(ds)
	slices.SortStableFunc(ds, func(x, y Diagnostic) int { return cmp.Compare(y.missingTarget(), x.missingTarget()) })
	for _, d := range ds {
		if d.Severity != Error || d.AWSCode == "" {
			continue
		}
		message, place := d.AWSMessage, d.Location
		if message == "" {
			message = d.Message
		}
		if place == "" {
			place = "null"
		}
		all = append(all, d.AWSCode+": "+message+" at "+place)
	}
	return strings.Join(all, ", ")
}

// missingTarget is 1 of a transition to no state, 0 of anything else.
func (d Diagnostic) missingTarget() int {
	if strings.HasPrefix(d.AWSMessage, "Missing 'Next' target") {
		return 1
	}
	return 0
}

// Err is ds as an error when one of them is an [Error], else nil.
func (ds Diagnostics) Err() error {
	for _, d := range ds {
		if d.Severity == Error {
			return ds
		}
	}
	return nil
}
