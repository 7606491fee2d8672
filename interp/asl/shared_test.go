package asl

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// shared is a folder with the data several projects test with, beside the
// repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the shared test data is not there: %s", path)
	}
	return path
}

// records reads all JSON files below a shared folder, by their path in it.
func records(t *testing.T, name string) map[string]jsonval.Value {
	t.Helper()
	root := shared(t, name)
	all := make(map[string]jsonval.Value)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		v, err := jsonval.Parse(string(text))
		all[strings.TrimPrefix(path, root+string(filepath.Separator))] = v
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// onlyUnsupported reports whether all errors in ds are about what cannot be run
// yet, and whether there are any.
func onlyUnsupported(ds Diagnostics) (only, any bool) {
	only = true
	for _, d := range ds {
		if d.Severity == Error {
			any = true
			only = only && d.Code == "not-supported-yet"
		}
	}
	return only, any
}

// TestRecordedMachines checks that every machine AWS has run is accepted.
func TestRecordedMachines(t *testing.T) {
	accepted, unsupported := 0, 0
	cases := records(t, "conformance/localstack/execution")
	for _, name := range sortedKeys(cases) {
		c := cases[name]
		definition := c.Get("definition")
		_, ds := Parse("t", definition.String(), Options{Express: c.Get("type").Text() == "EXPRESS"})
		traits := c.Get("traits").String()
		runnable := !strings.Contains(traits, `"jsonata"`) && !strings.Contains(traits, `"distributed-map"`)
		only, any := onlyUnsupported(ds)
		switch {
		case !any:
			accepted++
		case only && !runnable:
			unsupported++
		default:
			t.Errorf("%s:\n%v", name, ds)
		}
		if aws := ds.AWS(); aws != "" && only {
			t.Errorf("%s: AWS accepted it, but AWS() is %s", name, aws)
		}
	}
	t.Logf("%d recorded machines accepted, %d need JSONata or a distributed Map", accepted, unsupported)
}

// TestRecordedRefusals compares with what AWS said of definitions it refused.
func TestRecordedRefusals(t *testing.T) {
	cases := records(t, "conformance/localstack/validation")
	agreed := 0
	for _, name := range sortedKeys(cases) {
		c := cases[name]
		text := c.Get("definitionText").Text()
		if d := c.Get("definition"); d.Exists() {
			text = d.String()
		}
		_, ds := Parse("t", text, Options{Express: c.Get("type").Text() == "EXPRESS"})
		want := strings.TrimSuffix(strings.TrimPrefix(c.Get("expect").Get("message").Text(), "Invalid State Machine Definition: '"), "'")
		for i, d := range c.Get("expect").Get("diagnostics").Items() {
			if i > 0 {
				want += ", "
			}
			place := "null"
			if l := d.Get("location"); l.Exists() {
				place = l.Text()
			}
			want += fmt.Sprintf("%s: %s at %s", d.Get("code").Text(), d.Get("message").Text(), place)
		}
		if got := ds.AWS(); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s\nfrom %v", name, got, want, ds)
		} else {
			agreed++
		}
	}
	t.Logf("%d of %d recorded refusals agree", agreed, len(cases))
}

// TestRecordedTestState does the same for definitions that TestState refused.
func TestRecordedTestState(t *testing.T) {
	cases := records(t, "conformance/localstack/test_state")
	for _, name := range sortedKeys(cases) {
		c := cases[name]
		want, refused := strings.CutPrefix(c.Get("expect").Get("message").Text(), "Invalid State Machine Definition: '")
		if !refused {
			continue
		}
		_, ds := Parse("t", c.Get("request").Get("definition").String(), Options{})
		if got := ds.AWS(); got != strings.TrimSuffix(want, "'") {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}
