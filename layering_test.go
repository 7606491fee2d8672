package main_test

import (
	"os/exec"
	"strings"
	"testing"
)

// rooms are the rooms of this program from the top down, and all that is below
// them. Imports go to the same level or a lower one.
var rooms = []struct {
	path  string // the longest that fits counts
	level int
}{
	{"asldbg", 0},
	{"asldbg/cli", 1},
	{"asldbg/tui", frontEnd},
	{"asldbg/sessions/dap", frontEnd},
	{"asldbg/sessions/sfnapi", frontEnd},
	{"asldbg/sessions", 3},
	{"asldbg/interp/task", tasks},
	{"asldbg/interp", interpreter},
	{"asldbg/examples", 6},
}

const (
	frontEnd    = 2
	tasks       = 4
	interpreter = 5
)

// room finds a package's room; "" is none we know.
func room(pkg string) (path string, level int) {
	for _, r := range rooms {
		if (pkg == r.path || r.path != "asldbg" && strings.HasPrefix(pkg, r.path+"/")) && len(r.path) > len(path) {
			path, level = r.path, r.level
		}
	}
	return path, level
}

// forbidden says why from must not import to, "" if it may.
func forbidden(from, to string) string {
	fromRoom, fromLevel := room(from)
	if fromLevel == interpreter {
		// The interpreter is a pure function.
		for _, world := range []string{"net", "os", "syscall", "log"} {
			if to == world || strings.HasPrefix(to, world+"/") {
				return "the interpreter is pure: it does not reach outside"
			}
		}
	}
	if to != "asldbg" && !strings.HasPrefix(to, "asldbg/") {
		return ""
	}
	toRoom, toLevel := room(to)
	switch {
	case fromRoom == "" || toRoom == "":
		return "a room that is not in the picture: add it to rooms"
	case toLevel < fromLevel:
		return "imports only go down"
	case fromLevel == 0 && toRoom != "asldbg/cli":
		return "main calls cli, nothing else"
	case fromLevel == frontEnd && toLevel == frontEnd && fromRoom != toRoom:
		return "a front end never imports another front end"
	case fromLevel == frontEnd && toLevel == tasks && to != toRoom:
		return "a front end never imports a handler: cli wires them"
	}
	return ""
}

// TestLayering checks the imports of all packages against the rooms.
func TestLayering(t *testing.T) {
	out, err := exec.Command("go", "list", "-e", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(packages) < 10 {
		t.Errorf("go list found %d packages only", len(packages))
	}
	for _, line := range packages {
		pkg := strings.Fields(line)
		for _, imported := range pkg[1:] {
			if why := forbidden(pkg[0], imported); why != "" {
				t.Errorf("%s imports %s: %s", pkg[0], imported, why)
			}
		}
	}
}

func TestForbidden(t *testing.T) {
	for _, test := range []struct {
		from, to string
		fine     bool
	}{
		{"asldbg", "asldbg/cli", true},
		{"asldbg", "asldbg/sessions", false},
		{"asldbg/cli", "asldbg/interp/task/apigw", true},
		{"asldbg/cli", "asldbg/tui/theme", true},
		{"asldbg/tui", "asldbg/tui/theme", true},
		{"asldbg/tui/theme", "asldbg/tui", true}, // cycles are the compiler's business
		{"asldbg/tui", "asldbg/sessions/command", true},
		{"asldbg/tui", "asldbg/interp/task", true},
		{"asldbg/tui", "asldbg/interp/task/mock", false},
		{"asldbg/tui", "asldbg/sessions/dap", false},
		{"asldbg/sessions/dap", "asldbg/sessions/sfnapi", false},
		{"asldbg/sessions/sfnapi", "asldbg/tui/theme", false},
		{"asldbg/sessions/sfnapi", "asldbg/interp/jsonval", true},
		{"asldbg/sessions", "asldbg/sessions/dap", false},
		{"asldbg/sessions", "asldbg/tui", false},
		{"asldbg/sessions", "asldbg/interp/task", true},
		{"asldbg/interp/task/apigw", "asldbg/sessions", false},
		{"asldbg/interp/task/apigw", "asldbg/interp", true},
		{"asldbg/interp/task/apigw", "net/http", true},
		{"asldbg/interp", "asldbg/interp/task", false},
		{"asldbg/interp/asl", "asldbg/interp", true},
		{"asldbg/interp", "os", false},
		{"asldbg/interp/template", "os/exec", false},
		{"asldbg/interp/asl", "net/url", false},
		{"asldbg/interp", "time", true},
		{"asldbg/interp", "github.com/spf13/cobra", true},
		{"asldbg/cli", "asldbg/elsewhere", false},
		{"asldbg/elsewhere", "asldbg/interp", false},
	} {
		if why := forbidden(test.from, test.to); (why == "") != test.fine {
			t.Errorf("%s imports %s: got %q", test.from, test.to, why)
		}
	}
}
