package sessions

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asldbg/interp"
	"asldbg/interp/task/s3dir"
)

const spread = `{"StartAt":"Each","States":{"Each":{"Type":"Map","ToleratedFailureCount":1,"ResultPath":"$.at",
	"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"},"Parameters":{"Bucket":"in","Key.$":"$.key"}},
	"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"p"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}},
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Pick","States":{
		"Pick":{"Type":"Choice","Choices":[{"Variable":"$.id","StringEquals":"7","Next":"Bad"}],"Default":"Good"},
		"Bad":{"Type":"Fail","Error":"Seven"},"Good":{"Type":"Pass","OutputPath":"$.id","End":true}}},"Next":"Done"},
	"Done":{"Type":"Succeed"}}}`

// withObjects gives o a folder with in/k.csv, of rows, and an empty bucket out.
func withObjects(t testing.TB, o *Options, rows int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	text := "id\n"
	for i := range rows {
		text += fmt.Sprintln(i)
	}
	for _, bucket := range []string{"in", "out"} {
		if err := os.Mkdir(filepath.Join(dir, bucket), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "in", "k.csv"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := s3dir.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Objects = d
	return dir
}

// written is what the Map Runs have written, by the files' names.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "out", "p", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(text)
	}
	return out
}

// TestObjects runs a distributed Map that reads and writes, and replays it
// without the objects.
func TestObjects(t *testing.T) {
	o := options(t, spread, `{"key":"k.csv"}`)
	objects := withObjects(t, &o, 1200)
	dir := record(t, &o)
	r, err := Run(context.Background(), o)
	if err != nil || r.Status != interp.Succeeded {
		t.Fatalf("%s %s, %v", r.Status, failureText(r.Failure), err)
	}
	files := written(t, objects)
	if n := strings.Count(files["SUCCEEDED_0.jsonl"], "\n"); n != 1199 || !strings.Contains(files["FAILED_0.jsonl"], `"Error":"Seven"`) || !strings.Contains(files["manifest.json"], `{"DestinationBucket":"out"`) {
		t.Errorf("%d results; failed: %s; manifest: %s", n, files["FAILED_0.jsonl"], files["manifest.json"])
	}
	checked(t, only(t, dir))
}

// TestObjectsInTheDebugger walks the same, and forks it.
func TestObjectsInTheDebugger(t *testing.T) {
	o := options(t, spread, `{"key":"k.csv"}`)
	objects := withObjects(t, &o, 3)
	s := start(t, o)
	v := s.View()
	for v.Phase != Ended {
		if v = do(t, s, "s"); len(v.Steps) > 500 {
			t.Fatalf("no end in sight: %s %q", at(v), v.Stop.Text)
		}
	}
	if v.Status != interp.Succeeded || written(t, objects)["SUCCEEDED_0.jsonl"] != "\"0\"\n\"1\"\n\"2\"\n" {
		t.Errorf("%s %s, %v", v.Status, failureText(v.Failure), written(t, objects))
	}
	v = do(t, s, "goto 3", "R")
	for range 20 {
		if v.Phase != Ended {
			v = do(t, s, "c")
		}
	}
	if v.Status != interp.Succeeded {
		t.Errorf("after the fork: %s %s", at(v), v.Stop.Text)
	}
}

// TestChildFailure: what a Map Run tolerates is no reason to stop.
func TestChildFailure(t *testing.T) {
	o := options(t, spread, `{"key":"k.csv"}`)
	withObjects(t, &o, 9)
	s := start(t, o)
	if v := do(t, s, "c"); v.Status != interp.Succeeded {
		t.Errorf("%s %s", at(v), v.Stop.Text)
	}
}

func TestWithoutObjects(t *testing.T) {
	o := options(t, spread, `{"key":"k.csv"}`)
	_, err := Run(context.Background(), o)
	var needs *NeedsAnswerError
	if want := "state \"Each\" (arn:aws:states:::s3:getObject) needs S3: its items are in s3://in/k.csv\n" +
		"Give it a folder: --s3-dir DIR, where DIR/BUCKET/KEY stands for s3://BUCKET/KEY"; !errors.As(err, &needs) || err.Error() != want {
		t.Errorf("%v", err)
	}
	s := start(t, o)
	if v := do(t, s, "c"); v.Stop.Reason != StopAnswer || !strings.Contains(v.Stop.Text, "--s3-dir DIR") {
		t.Errorf("%v %s", v.Stop.Reason, v.Stop.Text)
	}
}
