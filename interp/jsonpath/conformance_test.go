package jsonpath

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// conformanceCase is one case of shared/conformance/jsonpath: what Jayway made
// of a selector on a document.
type conformanceCase struct {
	ID          string          `json:"id"`
	Selector    string          `json:"selector"`
	Document    json.RawMessage `json:"document"`
	DocumentRef string          `json:"document_ref"`
	Definite    *bool           `json:"definite"`
	Expected    json.RawMessage `json:"expected"`
	Error       string          `json:"error"`
	Message     string          `json:"jayway_message"`
	Uses        []string        `json:"uses"`
}

// allowed are the cases, by their selectors, that we do not answer as recorded,
// and why.
var allowed = map[string]string{
	"$.store.book[?(@.category in ['reference', 'fiction'])]": "recorded as [] on a document without store; " +
		"all 11 other indefinite paths whose first name is missing were recorded as not found",
}

func TestConformance(t *testing.T) {
	dir := filepath.Join(repositoryRoot(t), "..", "shared", "conformance", "jsonpath")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skip("no conformance cases: they are in ../shared beside the repository, which is not there")
	}
	var documents map[string]json.RawMessage
	readJSON(t, filepath.Join(dir, "documents.json"), &documents)
	good, total := 0, 0
	for _, file := range files {
		var suite struct {
			Cases []conformanceCase `json:"cases"`
		}
		if name := filepath.Base(file); name == "documents.json" || name == "meta.json" {
			continue
		}
		readJSON(t, file, &suite)
		passed := 0
		for _, c := range suite.Cases {
			if c.Document == nil {
				c.Document = documents[c.DocumentRef]
			}
			if problem := c.problem(t); problem == "" {
				passed++
				if reason, ok := allowed[c.Selector]; ok {
					t.Errorf("%s passes, though it is allowed to fail: %s", c.ID, reason)
				}
			} else if _, ok := allowed[c.Selector]; !ok {
				t.Errorf("%s: %s on %.200s: %s", c.ID, c.Selector, c.Document, problem)
			}
		}
		t.Logf("%4d of %4d  %s", passed, len(suite.Cases), filepath.Base(file))
		good, total = good+passed, total+len(suite.Cases)
	}
	t.Logf("%4d of %4d", good, total)
}

// problem is what differs from Jayway, "" for nothing.
func (c *conformanceCase) problem(t *testing.T) string {
	doc, err := jsonval.Parse(string(c.Document))
	if err != nil {
		t.Fatalf("%s: document: %v", c.ID, err)
	}
	p, err := Compile(c.Selector)
	if err != nil {
		if c.Error == "invalid_path" {
			return ""
		}
		return "Compile: " + err.Error()
	}
	if c.Definite != nil && p.Definite() != *c.Definite {
		return "Definite is wrong"
	}
	got, err := p.Find(doc)
	var miss *NotFoundError
	var eval *EvalError
	switch {
	case c.Error == "not_found":
		if !errors.As(err, &miss) {
			return "no NotFoundError but " + got.String() + " " + errorText(err)
		}
		// The recording has ? for half a surrogate pair.
		if c.Message != "" && strings.ReplaceAll(miss.Message, "\uFFFD", "?") != c.Message {
			return "says " + miss.Message + ", not " + c.Message
		}
		return ""
	case c.Error == "invalid_path": // Jayway has one exception for bad paths and paths that do not fit
		if !errors.As(err, &eval) || !eval.skips {
			return "no error but " + got.String() + " " + errorText(err)
		}
		if c.Message != "" && eval.Message != c.Message {
			return "says " + eval.Message + ", not " + c.Message
		}
		return ""
	case c.Error != "":
		if !errors.As(err, &eval) {
			return "no EvalError but " + got.String() + " " + errorText(err)
		}
		return ""
	case err != nil:
		return err.Error()
	}
	want := jsonval.MustParse(string(c.Expected))
	if slices.Contains(c.Uses, "descent") && sameItems(got, want) || jsonval.Equal(got, want) {
		return ""
	}
	return "found " + got.String() + ", not " + want.String()
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// sameItems compares arrays whatever the order of their items.
func sameItems(a, b jsonval.Value) bool {
	if !a.Is(jsonval.Array) || a.Len() != b.Len() {
		return false
	}
	rest := make([]jsonval.Value, 0, b.Len())
	for _, item := range b.Items() {
		rest = append(rest, item)
	}
	for _, item := range a.Items() {
		i := slices.IndexFunc(rest, func(v jsonval.Value) bool { return jsonval.Equal(v, item) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// TestCorpusPaths compiles every path of the state machines in the corpus.
func TestCorpusPaths(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(repositoryRoot(t), "..", "shared", "corpus", "*", "*.json"))
	if len(files) == 0 {
		t.Skip("no corpus: it is in ../shared beside the repository, which is not there")
	}
	paths := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonval.Parse(string(text))
		if err != nil {
			continue // some are broken on purpose
		}
		collectPaths(doc, paths)
	}
	good := 0
	for text := range paths {
		if _, err := Compile(text); err == nil {
			good++
		} else {
			t.Logf("%v", err)
		}
	}
	t.Logf("%d of %d paths compile", good, len(paths))
}

func collectPaths(v jsonval.Value, paths map[string]bool) {
	for _, item := range v.Items() {
		collectPaths(item, paths)
	}
	for name, child := range v.Members() {
		if text := child.Text(); strings.HasPrefix(text, "$") && child.Is(jsonval.String) &&
			(strings.HasSuffix(name, ".$") || strings.HasSuffix(name, "Path") || name == "Variable") {
			paths[text] = true
		}
		collectPaths(child, paths)
	}
}

func repositoryRoot(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

func readJSON(t *testing.T, file string, into any) {
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
