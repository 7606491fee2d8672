package itemreader

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// maxItem is how many bytes an item may have, before any ItemSelector.
const maxItem = 8 << 20

var errTooBig = fmt.Errorf("an item has more than %d bytes", maxItem)

// stream is the items of something, up to the first error.
type stream = iter.Seq2[jsonval.Value, error]

func failed(err error) stream {
	return func(yield func(jsonval.Value, error) bool) { yield(jsonval.Value{}, err) }
}

// items is what a reader's parameters lead to.
func (r *Reader) items(ctx context.Context, c *asl.ItemReader, params jsonval.Value) stream {
	bucket, key := params.Get("Bucket").Text(), params.Get("Key").Text()
	switch {
	case bucket == "":
		return failed(errors.New("the parameters of the ItemReader have no Bucket"))
	case c.Lists():
		return r.listed(ctx, c, bucket, params.Get("Prefix").Text())
	case key == "":
		return failed(errors.New("the parameters of the ItemReader have no Key"))
	case c.ManifestType == "ATHENA_DATA":
		return r.athena(ctx, c, bucket, key)
	case c.ManifestType == "S3_INVENTORY" || c.InputType == "MANIFEST":
		return r.inventory(ctx, bucket, key)
	}
	return r.object(ctx, c, bucket, key)
}

// listed is a listing, or what is in the objects it lists.
func (r *Reader) listed(ctx context.Context, c *asl.ItemReader, bucket, prefix string) stream {
	return func(yield func(jsonval.Value, error) bool) {
		for o, err := range r.objects.List(ctx, bucket, prefix) {
			switch {
			case err != nil:
				yield(jsonval.Value{}, err)
				return
			case c.Transformation == "LOAD_AND_FLATTEN":
				if !all(r.object(ctx, c, bucket, o.Key), yield) {
					return
				}
			case !yield(o.item(), nil):
				return
			}
		}
	}
}

// all yields a stream; false when nothing may follow it.
func all(s stream, yield func(jsonval.Value, error) bool) bool {
	for v, err := range s {
		if !yield(v, err) || err != nil {
			return false
		}
	}
	return true
}

// item is the object as listObjectsV2 tells of it (recording:
// item_reader_base_list_objects_v2).
func (o Object) item() jsonval.Value {
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Etag", Value: jsonval.OfString(o.ETag)},
		jsonval.Member{Key: "LastModified", Value: jsonval.OfInt(o.LastModified.Unix())},
		jsonval.Member{Key: "Key", Value: jsonval.OfString(o.Key)},
		jsonval.Member{Key: "Size", Value: jsonval.OfInt(o.Size)},
		jsonval.Member{Key: "StorageClass", Value: jsonval.OfString("STANDARD")})
}

// object is what is in one object, read as the reader's configuration says.
func (r *Reader) object(ctx context.Context, c *asl.ItemReader, bucket, key string) stream {
	return r.with(ctx, bucket, key, func(in *bufio.Reader) stream {
		switch c.InputType {
		case "CSV":
			return CSV(in, c)
		case "JSONL":
			return JSONL(in)
		case "JSON":
			return JSON(in, c.ItemsPointer)
		}
		return failed(fmt.Errorf("asldbg cannot read %s", c.InputType))
	})
}

// with is the items that parse finds in an object.
func (r *Reader) with(ctx context.Context, bucket, key string, parse func(*bufio.Reader) stream) stream {
	return func(yield func(jsonval.Value, error) bool) {
		file, err := r.objects.Open(ctx, bucket, key)
		if err != nil {
			yield(jsonval.Value{}, err)
			return
		}
		defer file.Close() // it was only read
		in, err := plain(file)
		if err != nil {
			yield(jsonval.Value{}, err)
			return
		}
		all(parse(in), yield)
	}
}

// plain reads what was written, also where it is compressed, without a byte
// order mark.
func plain(file io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(file, 1<<16)
	head, _ := in.Peek(4) // what a short file lacks is no sign of anything
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("the object looks like gzip, but: %w", err)
		}
		in = bufio.NewReaderSize(unzipped, 1<<16)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return nil, errors.New("asldbg cannot read zstd: use gzip, or nothing")
	}
	if mark, _ := in.Peek(3); string(mark) == "\uFEFF" {
		_, _ = in.Discard(3) // they are in the buffer
	}
	return in, nil
}

// inventory is the rows of an S3 Inventory, of which manifest.json is given
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html).
func (r *Reader) inventory(ctx context.Context, bucket, key string) stream {
	return r.with(ctx, bucket, key, func(in *bufio.Reader) stream {
		text, err := io.ReadAll(io.LimitReader(in, maxItem+1))
		if err != nil {
			return failed(err)
		}
		m, err := jsonval.Parse(string(text))
		if err != nil {
			return failed(fmt.Errorf("the manifest is not JSON: %w", err))
		}
		if f := m.Get("fileFormat").Text(); f != "CSV" {
			return failed(fmt.Errorf("asldbg reads inventories in CSV, not in %s", m.Get("fileFormat")))
		}
		rows := &asl.ItemReader{InputType: "CSV", CSVHeaderLocation: "GIVEN"}
		for name := range strings.SplitSeq(m.Get("fileSchema").Text(), ",") {
			rows.CSVHeaders = append(rows.CSVHeaders, strings.TrimSpace(name))
		}
		from := bucket
		if arn := m.Get("destinationBucket").Text(); arn != "" {
			from = arn[strings.LastIndexByte(arn, ':')+1:]
		}
		return func(yield func(jsonval.Value, error) bool) {
			for _, file := range m.Get("files").Items() {
				if !all(r.object(ctx, rows, from, file.Get("key").Text()), yield) {
					return
				}
			}
		}
	})
}

// athena is what is in the objects an UNLOAD of Athena has listed, one URI a
// line.
func (r *Reader) athena(ctx context.Context, c *asl.ItemReader, bucket, key string) stream {
	return r.with(ctx, bucket, key, func(in *bufio.Reader) stream {
		return func(yield func(jsonval.Value, error) bool) {
			for line, err := range lines(in) {
				if err != nil {
					yield(jsonval.Value{}, err)
					return
				}
				line = strings.Trim(strings.TrimSpace(line), `"`)
				if line == "" {
					continue
				}
				from, name, ok := strings.Cut(strings.TrimPrefix(line, "s3://"), "/")
				if !ok || !strings.HasPrefix(line, "s3://") {
					yield(jsonval.Value{}, fmt.Errorf("the manifest has %q where an s3://BUCKET/KEY should be", line))
					return
				}
				if !all(r.object(ctx, c, from, name), yield) {
					return
				}
			}
		}
	})
}
