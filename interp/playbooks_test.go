package interp_test

import (
	"os"
	"path/filepath"
	"testing"

	"asldbg/interp/playbook"
)

func TestPlaybooks(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no playbooks: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := playbook.Run(filepath.Base(f), string(text)); err != nil {
				t.Error(err)
			}
		})
	}
}
