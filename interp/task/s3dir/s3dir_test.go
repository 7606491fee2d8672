package s3dir_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asldbg/interp/itemreader"
	"asldbg/interp/task/s3dir"
)

func open(t *testing.T, files ...string) *s3dir.Dir {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		name = filepath.Join(dir, "s3", name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := s3dir.Open(filepath.Join(dir, "s3"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestListIsInTheOrderOfKeys(t *testing.T) {
	d := open(t, "b/a/x", "b/a-b", "b/a0", "b/a/y/z", "b/c", "other/a")
	for prefix, want := range map[string]string{
		"":    "a-b a/x a/y/z a0 c",
		"a/":  "a/x a/y/z",
		"a/y": "a/y/z",
		"a":   "a-b a/x a/y/z a0",
		"d":   "",
	} {
		var keys []string
		for o, err := range d.List(t.Context(), "b", prefix) {
			if err != nil || o.Size != 4 || o.ETag != `"1cb251ec0d568de6a929b520c4aed8d1"` || o.LastModified.IsZero() {
				t.Fatalf("%+v, %v", o, err)
			}
			keys = append(keys, o.Key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("prefix %q: %s, want %s", prefix, got, want)
		}
	}
	for range d.List(t.Context(), "b", "") {
		break // nothing may follow
	}
}

func TestOpen(t *testing.T) {
	d := open(t, "b/folder/k")
	for _, c := range []struct {
		bucket, key string
		want        error
	}{
		{"b", "folder/k", nil},
		{"b", "folder", itemreader.ErrNoSuchKey},
		{"b", "folder/", itemreader.ErrNoSuchKey},
		{"b", "none", itemreader.ErrNoSuchKey},
		{"b", "../../secret", itemreader.ErrNoSuchKey},
		{"b", "/etc/passwd", itemreader.ErrNoSuchKey},
		{"none", "k", itemreader.ErrNoSuchBucket},
		{"..", "secret", itemreader.ErrNoSuchBucket},
		{".", "b/folder/k", itemreader.ErrNoSuchBucket},
		{"b/folder", "k", itemreader.ErrNoSuchBucket},
		{"", "k", itemreader.ErrNoSuchBucket},
	} {
		f, err := d.Open(t.Context(), c.bucket, c.key)
		if !errors.Is(err, c.want) {
			t.Errorf("s3://%s/%s: %v, want %v", c.bucket, c.key, err, c.want)
		}
		if err == nil {
			text, err := io.ReadAll(f)
			if err != nil || string(text) != "text" {
				t.Errorf("%s, %v", text, err)
			}
			f.Close() // it was only read
		}
	}
	for _, err := range d.List(t.Context(), "none", "") {
		if !errors.Is(err, itemreader.ErrNoSuchBucket) {
			t.Errorf("a bucket that is not there is listed: %v", err)
		}
	}
}

func TestWrite(t *testing.T) {
	d := open(t, "b/k")
	for _, c := range []struct {
		text, want string
		more       bool
	}{{"one", "one", false}, {"two", "onetwo", true}, {"three", "three", false}} {
		if err := d.Write(t.Context(), "b", "new/folder/k", c.text, c.more); err != nil {
			t.Fatal(err)
		}
		f, err := d.Open(t.Context(), "b", "new/folder/k")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		f.Close() // it was only read
		if err != nil || string(text) != c.want {
			t.Errorf("%s, %v; want %s", text, err, c.want)
		}
	}
	if err := d.Write(t.Context(), "none", "k", "", false); !errors.Is(err, itemreader.ErrNoSuchBucket) {
		t.Error(err)
	}
	if err := d.Write(t.Context(), "b", "../../out", "", false); err == nil {
		t.Error("it was written outside")
	}
}
