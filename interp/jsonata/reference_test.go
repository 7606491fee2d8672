package jsonata

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"asldbg/interp/jsonval"
)

var (
	generated     = flag.Int("generated", 2000, "how many expressions TestReference makes")
	generatorSeed = flag.Uint64("generator-seed", 1, "of those expressions")
)

// TestReference compares the engine with the reference implementation, the npm
// package jsonata on node, on expressions made at random: values, and the codes,
// positions and tokens of errors. Without node and the package it is skipped;
// JSONATA_REFERENCE is a folder from which node finds it:
//
//	npm install --prefix /tmp/reference jsonata
//	JSONATA_REFERENCE=/tmp/reference go test ./interp/jsonata -run TestReference -generated 100000
func TestReference(t *testing.T) {
	g := newGenerator(t, *generatorSeed)
	ref := startReference(t, g.docs)
	defer func() { ref.stop() }()
	const batch = 250
	differ, crashes, failed := 0, 0, 0
	for done := 0; done < *generated && differ < 40; done += batch {
		questions := make([]question, batch)
		for i := range questions {
			questions[i] = g.question()
		}
		answers, ok := ref.ask(questions)
		if !ok { // an expression that does not end
			ref.stop()
			ref = startReference(t, g.docs)
		}
		for i, a := range answers {
			switch {
			case a.Crash != "":
				crashes++
				evalText(questions[i].Expr, g.input(questions[i].Doc), nil) // must not crash
				continue
			case a.Code == "D1011" || a.Code == "D1012" || a.Code == "U1001" || a.Code == "D2014":
				continue // limits, which are others here
			case a.Code != "":
				failed++
			}
			if got, want := g.compare(questions[i], a); got != want {
				differ++
				t.Errorf("%s\non document %d\n got %s\nwant %s", questions[i].Expr, questions[i].Doc, got, want)
			}
		}
	}
	t.Logf("%d expressions, %d of them fail, %d crash the reference implementation", *generated, failed, crashes)
}

// referenceNow is what $now tells both.
var referenceNow = time.UnixMilli(1700000000123)

// question is an expression and the number of the document it is asked of, -1
// for none.
type question struct {
	Expr string `json:"expr"`
	Doc  int    `json:"doc"`
}

// answer is what testdata/reference.mjs says.
type answer struct {
	Value    json.RawMessage `json:"value"`
	None     bool            `json:"none"`
	Code     string          `json:"code"`
	Position *int            `json:"position"`
	Token    *string         `json:"token"`
	Crash    string          `json:"crash"`
}

// compare gives our answer and the reference's as texts, the same where they
// agree or cannot be compared.
func (g *generator) compare(q question, a answer) (got, want string) {
	v, err := evalText(q.Expr, g.input(q.Doc), &Env{Now: referenceNow})
	var e *Error
	switch {
	case errors.As(err, &e):
		got = errorText(e.Code, &e.Position, &e.Token)
	case err != nil || !v.Exists():
		got = "nothing"
	default:
		got = v.String()
	}
	if a.Code != "" {
		if e != nil && (strings.Contains(q.Expr, "~>") || mentionedTwice(q.Expr)) {
			// The reference may give the place of another call, or one in a text of
			// its own.
			return errorText(e.Code, nil, nil), errorText(a.Code, nil, nil)
		}
		if e != nil {
			position, token := &e.Position, &e.Token
			if a.Position == nil {
				position = nil
			}
			if a.Token == nil {
				token = nil
			}
			got = errorText(e.Code, position, token)
		}
		return got, errorText(a.Code, a.Position, a.Token)
	}
	if a.None || a.Value == nil {
		return got, "nothing"
	}
	w, bad := jsonval.Parse(string(a.Value))
	switch {
	case bad != nil || strings.Contains(string(a.Value), `\ud`): // halves of surrogate pairs
		return "", ""
	case strings.Contains(string(a.Value), "NaN"): // a wrong time zone, parts of a number that is none
		return "", ""
	case err == nil && near(v, w):
		return "", ""
	}
	return got, w.String()
}

func errorText(code string, position *int, token *string) string {
	text := "error " + code
	if position != nil {
		text += fmt.Sprintf(" at %d", *position)
	}
	if token != nil {
		text += " " + *token
	}
	return text
}

var mention = regexp.MustCompile(`\$\w+`)

// mentionedTwice reports whether some function is.
func mentionedTwice(expr string) bool {
	seen := map[string]bool{}
	for _, name := range mention.FindAllString(expr, -1) {
		if seen[name] && builtins[name[1:]] != nil {
			return true
		}
		seen[name] = true
	}
	return false
}

// reference is a node process that runs the reference implementation.
type reference struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startReference(t *testing.T, docs []string) *reference {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node on the PATH, which the reference implementation needs")
	}
	cmd := exec.Command(node, filepath.Join("testdata", "reference.mjs"), strings.Join(functionNames, " "), fmt.Sprint(referenceNow.UnixMilli()))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	cmd.Env = append(os.Environ(), "TZ=UTC")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &reference{cmd, in, bufio.NewReaderSize(out, 1<<20)}
	for _, doc := range docs {
		r.write(map[string]string{"text": doc})
	}
	if a, ok := r.ask([]question{{"1 + 1", -1}}); !ok || string(a[0].Value) != "2" {
		r.stop()
		if strings.Contains(complaint.String(), "Cannot find module 'jsonata'") {
			t.Skip("node does not find the npm package jsonata; set JSONATA_REFERENCE to a folder where it is installed")
		}
		t.Fatalf("the reference implementation does not answer: %s", complaint.String())
	}
	return r
}

func (r *reference) write(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = r.in.Write(append(text, '\n'))
	return err
}

// ask puts questions; ok is unset where the answers stop before the last.
func (r *reference) ask(questions []question) (answers []answer, ok bool) {
	go func() {
		for _, q := range questions {
			if r.write(q) != nil {
				return
			}
		}
	}()
	stuck := time.AfterFunc(20*time.Second, func() { r.cmd.Process.Kill() })
	defer stuck.Stop()
	for range questions {
		line, err := r.out.ReadBytes('\n')
		var a answer
		if err != nil || json.Unmarshal(line, &a) != nil {
			return answers, false
		}
		answers = append(answers, a)
	}
	return answers, true
}

func (r *reference) stop() {
	r.in.Close()
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// pick is one of list by chance.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
