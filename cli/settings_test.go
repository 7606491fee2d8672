package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadSettings(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yaml")
	tests := map[string]struct {
		text string
		want settings
		err  string
	}{
		"all": {
			"endpoints:\n  b.*: http://127.0.0.1:1\n  \"*\": http://127.0.0.1:2\nlive: [a, b]\nca-file: c.pem\n",
			settings{file: file, endpoints: []string{"b.*=http://127.0.0.1:1", "*=http://127.0.0.1:2"}, live: []string{"a", "b"}, caFile: filepath.Join(dir, "c.pem")},
			"",
		},
		"one pattern, whole path": {"live: \"*\"\nca-file: /c.pem", settings{file: file, live: []string{"*"}, caFile: "/c.pem"}, ""},
		"empty":                   {"", settings{file: file}, ""},
		"misspelt":                {"lives: a", settings{}, "it may have endpoints, live and ca-file"},
		"endpoints: a list":       {"\nendpoints: [a]", settings{}, file + ":2: endpoints is a map of hosts to URLs"},
		"live: a map":             {"live: {a: b}", settings{}, file + ":1: live is a list of patterns"},
		"no YAML":                 {"live: [", settings{}, file + ": "},
	}
	for name, test := range tests {
		if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readSettings(file)
		switch {
		case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)), test.err == "" && err != nil:
			t.Errorf("%s: error %v, want %q", name, err, test.err)
		case test.err == "":
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(settings{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
	if got, err := readSettings(filepath.Join(dir, "nowhere.yaml")); err != nil || got.file != "" {
		t.Errorf("no file: %+v, %v", got, err)
	}
}
