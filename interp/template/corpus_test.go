package template

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// corpusRecord is what this test needs of a record of ../shared/corpus, see
// the README there.
type corpusRecord struct {
	ID           string            `json:"id"`
	Path         string            `json:"path"`
	Container    string            `json:"container"`
	Name         string            `json:"name"`
	DefinitionAt string            `json:"definition_at"`
	Text         string            `json:"text"`
	Files        map[string]string `json:"files"`
	Definition   json.RawMessage   `json:"definition"`
	MachineType  string            `json:"machine_type"`
}

// corpusSet is what some records need besides values for their parameters, by
// the end of their id, and why.
var corpusSet = map[string]map[string]string{
	// Names of buckets: !Select [7, !Split ["-", !Ref AWS::StackId]], which needs a stack with a dash in its name.
	"lambda/main.yml#DataGenerationStateMachine":  {"AWS::StackName": "monte-carlo"},
	"lambda/main.yml#DataProcessorStateMachine":   {"AWS::StackName": "monte-carlo"},
	"fargate/main.yml#DataGenerationStateMachine": {"AWS::StackName": "monte-carlo"},
	"fargate/main.yml#DataProcessorStateMachine":  {"AWS::StackName": "monte-carlo"},
	"ec2/main.yml#DataGenerationStateMachine":     {"AWS::StackName": "monte-carlo"},
	"ec2/main.yml#DataProcessorStateMachine":      {"AWS::StackName": "monte-carlo"},
	// The template forgets to give these placeholders a value.
	"stateless-roundrobin/template.yaml#StateMachineArn":        {"ModuloFunctionName": "modulo", "CallToAPIFunctionName": "api"},
	"synchronous-job/template.yaml#statemachineRequestResponse": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t"},
}

func corpus(t *testing.T) []corpusRecord {
	t.Helper()
	root, err := os.Getwd()
	for err == nil {
		if _, gone := os.Stat(filepath.Join(root, "go.mod")); gone == nil {
			break
		}
		if filepath.Dir(root) == root {
			t.Fatal("no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	folder := filepath.Join(root, "..", "shared", "corpus")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("there is no corpus: %v", err)
	}
	var records []corpusRecord
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var r corpusRecord
		if err := json.Unmarshal(text, &r); err != nil {
			return err
		}
		records = append(records, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// folder is the record as a folder with a template.
func (r corpusRecord) folder() (fsys fstest.MapFS, template string) {
	template = path.Join("a/b", path.Base(r.Path)) // some files are in ../
	fsys = fstest.MapFS{template: {Data: []byte(r.Text)}}
	for name, text := range r.Files {
		fsys[path.Join("a/b", name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys, template
}

// TestCorpus loads every SAM and CloudFormation record. Where a parameter has
// no Default it gets a value, as a user would give it with --set.
func TestCorpus(t *testing.T) {
	all, unchanged, good := 0, 0, 0
	for _, r := range corpus(t) {
		if r.Container != "sam" && r.Container != "cfn" {
			continue
		}
		all++
		fsys, name := r.folder()
		why := load(r, fsys, name, nil)
		if why == "" {
			unchanged++
			good++
			continue
		}
		set := map[string]string{}
		tmpl, err := Load(fsys, name, Options{})
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		for p, n := range tmpl.parameters {
			if member(n, "Default") == nil {
				set[p] = "a-value"
			}
		}
		for end, values := range corpusSet {
			if strings.HasSuffix(r.ID, end) {
				maps.Copy(set, values)
			}
		}
		if why = load(r, fsys, name, set); why != "" {
			t.Errorf("%s: %s", r.ID, why)
			continue
		}
		good++
	}
	t.Logf("%d of %d records give the definition they should; %d of them as they are, the others need --set", good, all, unchanged)
}

// TestStockTrading: AWS's own API Gateway example runs as it is.
func TestStockTrading(t *testing.T) {
	for _, r := range corpus(t) {
		if r.Name != "StockTradingStateMachine" || !strings.Contains(r.ID, "example-step-functions-integration-api-gateway") {
			continue
		}
		fsys, name := r.folder()
		tmpl, err := Load(fsys, name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		m, f := definitionOf(t, tmpl, "")
		if f.Machine == nil || len(f.Machine.States) != 5 {
			t.Errorf("got %+v", f.Machine)
		}
		if host := m.Substitutions["APIEndPoint"]; !regexp.MustCompile(`^[0-9a-z]+\.execute-api\.us-east-1\.amazonaws\.com$`).MatchString(host) {
			t.Errorf("the host is %q", host)
		}
		return
	}
	t.Error("the record is not in the corpus")
}

// TestCorpusLooks: a cheap look tells templates from definitions.
func TestCorpusLooks(t *testing.T) {
	for _, r := range corpus(t) {
		if got := IsTemplate(r.Text); got != (r.Container != "asl") {
			t.Errorf("%s, a %s: got %v", r.ID, r.Container, got)
		}
	}
}

// load says why a record does not give the definition it should, "" if it does.
func load(r corpusRecord, fsys fs.FS, name string, set map[string]string) string {
	tmpl, err := Load(fsys, name, Options{Set: set})
	if err != nil {
		return err.Error()
	}
	m, err := tmpl.Machine(r.Name)
	if err != nil {
		return err.Error()
	}
	f, ds := m.Parse()
	if f.Root == nil {
		return ds.Error()
	}
	for _, d := range ds {
		if d.Code == "definition-substitution" {
			return d.String()
		}
	}
	if r.Definition == nil {
		return ""
	}
	want, err := jsonval.Parse(string(r.Definition))
	if err != nil {
		return err.Error()
	}
	return differs(expected(tmpl, m, want), f)
}

// expected is a definition of the corpus, in which nothing is filled in, with
// its placeholders and functions worked out one by one.
func expected(t *Template, m *Machine, v jsonval.Value) jsonval.Value {
	fill := func(s string) string {
		return regexp.MustCompile(`\$\{[^{}]+\}`).ReplaceAllStringFunc(s, func(p string) string {
			name := p[2 : len(p)-1]
			if s, ok := m.Substitutions[name]; ok {
				return s
			}
			s, err := t.placeholder(name, nil, t.root)
			if err != nil {
				return err.Error()
			}
			return s
		})
	}
	switch v.Kind() {
	case jsonval.String:
		return jsonval.OfString(fill(v.Text()))
	case jsonval.Array:
		var all []jsonval.Value
		for _, item := range v.Items() {
			all = append(all, expected(t, m, item))
		}
		return jsonval.OfItems(all)
	case jsonval.Object:
		r := jsonReader{scan: jsonval.Scanner{Src: v.String()}, line: 1, column: 1}
		if n, err := r.document(); err == nil {
			if _, _, ok := function(n); ok {
				v, err := t.eval(n)
				if err != nil {
					return jsonval.OfString(err.Error())
				}
				return v
			}
		}
		var all []jsonval.Member
		for key, member := range v.Members() {
			all = append(all, jsonval.Member{Key: fill(key), Value: expected(t, m, member)})
		}
		return jsonval.OfMembers(all)
	}
	return v
}

// differs names the first difference, "" for none. In YAML, Seconds: ${Wait}
// becomes a number; the corpus has it as a text.
func differs(want jsonval.Value, f *asl.File) string {
	for _, c := range jsonval.Diff(want, f.Root.Value) {
		yaml := path.Ext(f.Name) != ".json"
		if !yaml || !c.New.Is(jsonval.Number) || c.Old.Text() != c.New.Text() {
			return fmt.Sprintf("%s: got %s, want %s", c.Path, c.New, c.Old)
		}
	}
	return ""
}
