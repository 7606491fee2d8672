package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme runs every command of the README that stands after a $ in a
// console block, and compares what it prints with the lines below it. A line of
// … stands for any lines. Commands that only make sense elsewhere (the test
// command, which is running already) are checked against the Makefile.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(t.TempDir(), "asldbg")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	state := t.TempDir()
	commands := consoleCommands(string(text))
	if len(commands) == 0 {
		t.Fatal("the README has no console block")
	}
	for _, c := range commands {
		t.Run(c.line, func(t *testing.T) {
			if strings.HasPrefix(c.line, "go test") {
				if !strings.Contains(string(makefile), "\n\t"+c.line+"\n") {
					t.Errorf("the Makefile does not run %q", c.line)
				}
				return
			}
			line := strings.Replace(c.line, "go run .", "asldbg", 1)
			if strings.HasPrefix(line, "go install") || strings.HasPrefix(line, "git clone") {
				t.Skip("needs the network")
			}
			cmd := exec.Command("bash", "-c", line)
			cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"), "XDG_STATE_HOME="+state, "NO_COLOR=1")
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Run(); err != nil && !strings.Contains(c.want, "asldbg:") {
				t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
			}
			if got := stdout.String() + stderr.String(); !matchesLines(strings.TrimRight(got, "\n"), c.want) {
				t.Errorf("it prints:\n%s\nthe README says:\n%s", got, c.want)
			}
		})
	}
}

type consoleCommand struct{ line, want string }

func consoleCommands(text string) []consoleCommand {
	var out []consoleCommand
	inside := false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && strings.HasPrefix(line, "$ "):
			out = append(out, consoleCommand{line: strings.TrimPrefix(line, "$ ")})
		case inside && len(out) > 0:
			last := &out[len(out)-1]
			last.want += line + "\n"
		}
	}
	for i := range out {
		out[i].want = strings.TrimRight(out[i].want, "\n")
	}
	return out
}

// matchesLines compares line by line; a wanted line of … covers any lines, and
// no wanted lines at all cover everything.
func matchesLines(got, want string) bool {
	if want == "" {
		return true
	}
	parts := strings.Split("\n"+want+"\n", "\n…\n")
	got = "\n" + got + "\n"
	if !strings.HasPrefix(got, parts[0]) && len(parts) > 1 || len(parts) == 1 && got != parts[0] {
		return false
	}
	for i, p := range parts {
		if i > 0 {
			p = "\n" + p
		}
		p = strings.TrimSuffix(p, "\n")
		at := strings.Index(got, p)
		if at < 0 {
			return false
		}
		got = got[at+len(p):]
	}
	return true
}
