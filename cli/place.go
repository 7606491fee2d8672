package cli

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonata"
)

// placed is an error of an expression with the place shown under it:
//
//	T2002: The right side of the "+" operator must evaluate to a number
//	  1 + "a"
//	  ^^^^^^^
func placed(expr string, err error) string {
	var e *jsonata.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	begin := strings.LastIndexByte(expr[:e.Start], '\n') + 1
	line, _, more := strings.Cut(expr[begin:], "\n")
	start, end := e.Start-begin, min(e.End-begin, len(line))
	head := err.Error()
	if at := expr[e.Start:e.End]; e.Code == "T1006" && strings.HasPrefix(at, "$eval") {
		head += "; Step Functions has no $eval, $parse reads JSON"
	}
	if begin > 0 || more {
		head += fmt.Sprintf("\nline %d, column %d:", strings.Count(expr[:begin], "\n")+1, utf8.RuneCountInString(line[:start])+1)
	}
	before, at, after := column(line[:start]), column(line[start:end]), column(line[end:])
	before, at, after = lastRunes(before, 30), firstRunes(at, 60), firstRunes(after, 30)
	return head + "\n  " + before + at + after + "\n  " +
		strings.Repeat(" ", utf8.RuneCountInString(before)) + strings.Repeat("^", max(1, utf8.RuneCountInString(at)))
}

// column is text in which every character is one wide, as far as that goes.
func column(s string) string { return clean(strings.ReplaceAll(s, "\t", " ")) }

// firstRunes cuts s after n characters.
func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// lastRunes cuts s before its last n characters.
func lastRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n+1:])
	}
	return s
}
