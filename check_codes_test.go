package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"asldbg/interp/asl"
)

// TestCheckCodes compares the codes in docs/check.md with those there are;
// -update writes them anew.
func TestCheckCodes(t *testing.T) {
	const page, begin, end = "docs/check.md", "-update . -->\n", "<!-- end of codes -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal(page + " has no place for the codes")
	}
	var codes strings.Builder
	codes.WriteString("\n| code | what is asked for |\n| --- | --- |\n")
	for _, c := range asl.Checks {
		fmt.Fprintf(&codes, "| `%s` | %s |\n", c.Code, c.Summary)
	}
	want := before + begin + codes.String() + "\n" + end + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatal(page + " does not have the codes of interp/asl: go test -run TestCheckCodes -update .")
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
