package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asldbg/interp/asl"
)

var hostile = asl.Diagnostic{
	File: "a,b:c%d.json", Line: 3, Column: 5, EndLine: 4, EndColumn: 1, State: "A\u009b", Field: "Next",
	Code: "next-unknown", Message: "100%\r\n<b>\x1b[31m\u202e::error::x",
}

// TestGitHubEscapes: a message cannot end its command or begin another one.
func TestGitHubEscapes(t *testing.T) {
	var out, said bytes.Buffer
	r := checkReport{}
	r.add(nil, asl.Diagnostics{hostile})
	if err := writeGitHub(streams{out: &out, err: &said}, &r); err != nil {
		t.Fatal(err)
	}
	want := `::error file=a%2Cb%3Ac%25d.json,line=3,endLine=4,title=asldbg next-unknown::state "A\u009b": 100%25%0D%0A<b>\u001B[31m\u202e::error::x` + "\n"
	if got := out.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestSARIF: what GitHub's code scanning and the format ask for is there.
func TestSARIF(t *testing.T) {
	var out bytes.Buffer
	r := checkReport{}
	r.add(nil, asl.Diagnostics{hostile, {File: "x", Code: "file-unreadable", Severity: asl.Warning, Message: "m"}})
	if err := writeSARIF(streams{out: &out}, &r); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\u009b\u202e") {
		t.Error("control characters are written as they are")
	}
	var log sarifLog
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("version %s, %d runs", log.Version, len(log.Runs))
	}
	run := log.Runs[0]
	seen := make(map[string]bool)
	for _, rule := range run.Tool.Driver.Rules {
		if rule.ID == "" || rule.Short.Text == "" || rule.Full.Text == "" || rule.Help.Text == "" || seen[rule.ID] {
			t.Errorf("rule %+v", rule)
		}
		seen[rule.ID] = true
	}
	for i, result := range run.Results {
		if result.RuleIndex < 0 || run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("result %d: rule %s has the index %d", i, result.RuleID, result.RuleIndex)
		}
	}
	// A colon in the first part of a relative URI would begin a scheme.
	if got, want := run.Results[0].Locations[0].Physical, (sarifPlace{sarifArtifact{"./a,b:c%25d.json"}, sarifRegion{3, 5, 4, 1}}); got != want {
		t.Errorf("place %+v, want %+v", got, want)
	}
	if got, want := run.Results[1].Locations[0].Physical.Region, (sarifRegion{StartLine: 1, StartColumn: 1}); got != want {
		t.Errorf("region of a file %+v, want %+v", got, want)
	}
	if run.Results[0].Level != "error" || run.Results[1].Level != "warning" {
		t.Errorf("levels %s, %s", run.Results[0].Level, run.Results[1].Level)
	}
}

func TestFileURI(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a b/ü.json":                         "a%20b/%C3%BC.json",
		"./a.json":                           "a.json",
		"../a.json":                          "../a.json",
		filepath.Join(here, "sub", "a.json"): "sub/a.json",
		"/elsewhere/a.json":                  "file:///elsewhere/a.json",
		"stdin":                              "stdin",
	} {
		if got := fileURI(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
