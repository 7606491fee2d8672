package main_test

import (
	"os"
	"strings"
	"testing"

	"asldbg/tui/keymap"
)

// TestReadmeKeys compares the README's table of keys with the one table there
// is; -update writes it anew.
func TestReadmeKeys(t *testing.T) {
	const begin, end = "-update . -->\n", "<!-- end of keys -->"
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the table of keys")
	}
	want := before + begin + "\n" + keymap.Markdown() + "\n" + end + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatal("the README's table of keys is not that of tui/keymap: go test -run TestReadmeKeys -update .")
	}
	if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
