package asl

import (
	"fmt"
	"time"

	"asldbg/interp/jsonval"
)

// timestamp is the Timestamp of a Wait state.
func (a *analysis) timestamp(s *State, n *Node) *TimestampField {
	if dynamic(s, n) {
		return &TimestampField{Node: n, Query: a.query(s, n, 0)}
	}
	if !a.is(n, jsonval.String) || !a.isTimestamp(n) {
		return nil
	}
	return &TimestampField{Node: n, Literal: n.Value.Text()}
}

// isTimestamp reports whether the string n is a timestamp, and refuses it
// otherwise.
func (a *analysis) isTimestamp(n *Node) bool {
	if isRFC3339(n.Value.Text()) {
		return true
	}
	a.refuse(n, Diagnostic{
		Code: "timestamp", AWSMessage: "String does not match RFC3339 timestamp",
		Message: fmt.Sprintf("%s %q is not a timestamp", n.Key, n.Value.Text()),
		Hint:    "write it as 2016-03-14T01:59:00Z or 2016-03-14T01:59:00+01:00",
	})
	return false
}

// isRFC3339 is stricter than package time: T and Z are capitals, every number
// has all its digits, and the fraction follows a dot.
func isRFC3339(s string) bool {
	const form = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(form) {
		return false
	}
	for i := range len(form) {
		if c := s[i]; form[i] == 'd' && (c < '0' || c > '9') || form[i] != 'd' && c != form[i] {
			return false
		}
	}
	if s[len(form)] == ',' {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}
