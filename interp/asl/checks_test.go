package asl

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notFound are checks whose findings are not this package's.
var notFound = []string{"file-unreadable", "template"}

// TestChecks compares the table of checks with the codes of the findings: they
// are written Code: "x", or code := "x" and d.Code = "x".
func TestChecks(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`\b[cC]ode(?:: +| :?= )"([a-z][a-z-]*)"`)
	used := make(map[string]bool)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	for _, c := range notFound {
		used[c] = true
	}
	var listed []string
	for _, r := range Checks {
		listed = append(listed, r.Code)
		if !used[r.Code] {
			t.Errorf("no finding has the code %s: take it out of checks.go", r.Code)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(used)) {
		if !slices.Contains(listed, c) {
			t.Errorf("findings have the code %s: add it to checks.go", c)
		}
	}
	if !slices.IsSorted(listed) {
		t.Error("the checks are not sorted by code")
	}
}
