// Package s3dir is S3 on disk: DIR/BUCKET/KEY stands for s3://BUCKET/KEY.
//
// It never leaves the folder: a key that would is one that does not exist. It
// has no versions, no metadata and no limits of its own.
package s3dir

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"asldbg/interp/itemreader"
)

// Dir is a folder of buckets. It implements [itemreader.Objects].
type Dir struct{ root *os.Root }

// Open opens the folder, which must exist.
func Open(dir string) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open %s as S3: %w", dir, err)
	}
	return &Dir{root}, nil
}

// Close gives the folder back.
func (d *Dir) Close() error { return d.root.Close() }

// Open reads an object.
func (d *Dir) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	if err := d.bucket(bucket); err != nil {
		return nil, err
	}
	if !fs.ValidPath(key) {
		return nil, itemreader.ErrNoSuchKey
	}
	f, err := d.root.Open(bucket + "/" + key)
	if err != nil {
		return nil, told(err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		f.Close() // nothing was written
		return nil, itemreader.ErrNoSuchKey
	}
	return f, nil
}

// bucket says whether there is such a bucket.
func (d *Dir) bucket(name string) error {
	if !fs.ValidPath(name) || strings.Contains(name, "/") || name == "." {
		return itemreader.ErrNoSuchBucket
	}
	if info, err := d.root.Stat(name); err != nil || !info.IsDir() {
		return itemreader.ErrNoSuchBucket
	}
	return nil
}

// told is an error in S3's words, as far as S3 has it.
func told(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return itemreader.ErrNoSuchKey
	}
	return err
}

// List gives the objects whose keys begin with prefix.
func (d *Dir) List(_ context.Context, bucket, prefix string) iter.Seq2[itemreader.Object, error] {
	return func(yield func(itemreader.Object, error) bool) {
		if err := d.bucket(bucket); err != nil {
			yield(itemreader.Object{}, err)
			return
		}
		d.list(bucket, "", prefix, yield)
	}
}

// list gives the objects below folder, "" or with a / at its end; false when
// nobody wants more.
func (d *Dir) list(bucket, folder, prefix string, yield func(itemreader.Object, error) bool) bool {
	entries, err := fs.ReadDir(d.root.FS(), path.Join(bucket, folder))
	if err != nil {
		yield(itemreader.Object{}, err)
		return false
	}
	// A folder's keys all go on with a /.
	name := func(e fs.DirEntry) string {
		if e.IsDir() {
			return e.Name() + "/"
		}
		return e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(name(a), name(b)) })
	for _, e := range entries {
		key := folder + name(e)
		if e.IsDir() {
			if (strings.HasPrefix(key, prefix) || strings.HasPrefix(prefix, key)) && !d.list(bucket, key, prefix, yield) {
				return false
			}
			continue
		}
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		o, err := d.object(bucket, key)
		if !yield(o, err) || err != nil {
			return false
		}
	}
	return true
}

func (d *Dir) object(bucket, key string) (o itemreader.Object, err error) {
	f, err := d.root.Open(bucket + "/" + key)
	if err != nil {
		return o, err
	}
	defer f.Close()  // it was only read
	sum := md5.New() // S3's tag of an object written in one go
	size, err := io.Copy(sum, f)
	if err != nil {
		return o, err
	}
	info, err := f.Stat()
	if err != nil {
		return o, err
	}
	return itemreader.Object{Key: key, ETag: `"` + hex.EncodeToString(sum.Sum(nil)) + `"`, Size: size, LastModified: info.ModTime()}, nil
}

// Write makes an object, or goes on with one. The bucket must exist.
func (d *Dir) Write(_ context.Context, bucket, key, text string, more bool) error {
	if err := d.bucket(bucket); err != nil {
		return err
	}
	if !fs.ValidPath(key) {
		return fmt.Errorf("the key %q cannot be a file", key)
	}
	name := bucket + "/" + key
	if err := d.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if more {
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	f, err := d.root.OpenFile(name, flags, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
