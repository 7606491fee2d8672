package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"asldbg/interp/itemreader"
	"asldbg/interp/task/s3dir"
)

// objects is the S3 of a case: what its fixtures say.
func (c recorded) objects(t *testing.T) itemreader.Objects {
	t.Helper()
	dir := t.TempDir()
	for _, o := range c.Get("fixtures").Get("s3").Items() {
		name := filepath.Join(dir, o.Get("Bucket").Text(), filepath.FromSlash(o.Get("Key").Text()))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(o.Get("Body").Text()), 0o600); err != nil {
			t.Fatal(err)
		}
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
	return d
}
