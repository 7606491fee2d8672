package itemreader_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/itemreader"
	"asldbg/interp/jsonval"
)

// memory is objects by bucket/key.
type memory map[string]string

func (m memory) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	text, ok := m[bucket+"/"+key]
	if !ok {
		return nil, itemreader.ErrNoSuchKey
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

func (m memory) List(_ context.Context, bucket, prefix string) iter.Seq2[itemreader.Object, error] {
	return func(yield func(itemreader.Object, error) bool) {
		var names []string
		for name := range m {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			key, ok := strings.CutPrefix(name, bucket+"/")
			if ok && strings.HasPrefix(key, prefix) &&
				!yield(itemreader.Object{Key: key, ETag: `"e"`, Size: int64(len(m[name])), LastModified: time.Unix(1767355200, 0)}, nil) {
				return
			}
		}
	}
}

func (m memory) Write(_ context.Context, bucket, key, text string, more bool) error {
	if more {
		text = m[bucket+"/"+key] + text
	}
	m[bucket+"/"+key] = text
	return nil
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a Buffer takes everything
	_ = w.Close()
	return b.String()
}

// read asks for at most n items from the from'th on, as a Map would.
func read(t *testing.T, r *itemreader.Reader, s *asl.State, params string, from, n int) string {
	t.Helper()
	in, err := r.Read(t.Context(), interp.Read{Effect: 3, Frame: 1, State: s, Parameters: jsonval.MustParse(params), From: from, Max: n})
	if err != nil {
		t.Fatal(err)
	}
	switch in := in.(type) {
	case interp.Items:
		text := jsonval.OfItems(in.Items).String()
		if !in.Last {
			text += " more"
		}
		return text
	case interp.Reply:
		return *in.Outcome.Failure.Error + ": " + *in.Outcome.Failure.Cause
	}
	t.Fatalf("the answer is %T", in)
	return ""
}

const (
	getObject = "arn:aws:states:::s3:getObject"
	list      = "arn:aws:states:::s3:listObjectsV2"
)

func TestReader(t *testing.T) {
	objects := memory{
		"b/a.json":          `[{"id": 1, "n": 1.10}, "x", [null]]`,
		"b/deep.json":       `{"skip": {"items": [0]}, "data": [[9], {"a/b": [1, 2]}], "rest": 0}`,
		"b/a.csv":           "id,name\r\n1,\"a \"\"b\"\", c\"\n\n2\n3,x,y,z\n   \n\"\",\"two\nlines\"",
		"b/mark.csv":        "\uFEFFid\n1",
		"b/pipe.csv":        "1|x|y\n2||\n",
		"b/twice.csv":       "a,b,a\n1,2,3",
		"b/empty":           "",
		"b/a.jsonl":         "{\"a\": 1}\n\n2\r\n",
		"b/bad.jsonl":       "1\n{\n",
		"b/bad.json":        "[1, }",
		"b/cut.json":        "[1, 2",
		"b/a.json.gz":       zipped(`[1]`),
		"b/zstd":            "\x28\xb5\x2f\xfd....",
		"b/list/1":          "[1, 2]",
		"b/list/2":          "[3]",
		"b/inventory.json":  `{"destinationBucket": "arn:aws:s3:::inv", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size", "files": [{"key": "1.csv.gz"}, {"key": "2.csv"}]}`,
		"b/parquet.json":    `{"fileFormat": "Parquet"}`,
		"inv/1.csv.gz":      zipped("\"b\",\"k1\",\"5\"\n"),
		"inv/2.csv":         "\"b\",\"k2\",\"6\"\n",
		"b/unload.csv":      "s3://b/list/1\n\"s3://b/list/2\"\n",
		"b/bad-unload.csv":  "list/1\n",
		"b/line\u2028end.j": "[]",
	}
	for _, c := range []struct{ name, reader, params, want string }{
		{"JSON", `InputType=JSON`, `{"Bucket":"b","Key":"a.json"}`, `[{"id":1,"n":1.10},"x",[null]]`},
		{"JSON, gzip", `InputType=JSON`, `{"Bucket":"b","Key":"a.json.gz"}`, `[1]`},
		{"pointer", `InputType=JSON ItemsPointer=/data/1/a~1b`, `{"Bucket":"b","Key":"deep.json"}`, `[1,2]`},
		{"pointer to nothing", `InputType=JSON ItemsPointer=/data/7`, `{"Bucket":"b","Key":"deep.json"}`, `States.ItemReaderFailed: there is nothing at /data/7`},
		{"pointer through a number", `InputType=JSON ItemsPointer=/rest/x`, `{"Bucket":"b","Key":"deep.json"}`, `States.ItemReaderFailed: there is nothing at /rest/x`},
		{"no array", `InputType=JSON`, `{"Bucket":"b","Key":"deep.json"}`, `States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		{"no JSON", `InputType=JSON`, `{"Bucket":"b","Key":"bad.json"}`, `States.ItemReaderFailed: the object is not valid JSON: invalid character '}' looking for beginning of value`},
		{"cut off", `InputType=JSON`, `{"Bucket":"b","Key":"cut.json"}`, `States.ItemReaderFailed: the object is not valid JSON: unexpected EOF`},
		{"nothing", `InputType=JSON`, `{"Bucket":"b","Key":"empty"}`, `States.ItemReaderFailed: the object is not valid JSON: unexpected EOF`},
		{
			"CSV", `InputType=CSV CSVHeaderLocation=FIRST_ROW`, `{"Bucket":"b","Key":"a.csv"}`,
			`[{"id":"1","name":"a \"b\", c"},{"id":"2","name":""},{"id":"3","name":"x"},{"id":"   ","name":""},{"id":"","name":"two\nlines"}]`,
		},
		{"CSV, byte order mark", `InputType=CSV`, `{"Bucket":"b","Key":"mark.csv"}`, `[{"id":"1"}]`},
		{"CSV, given", `InputType=CSV CSVHeaderLocation=GIVEN CSVDelimiter=PIPE CSVHeaders=k,v`, `{"Bucket":"b","Key":"pipe.csv"}`, `[{"k":"1","v":"x"},{"k":"2","v":""}]`},
		{"CSV, twice", `InputType=CSV`, `{"Bucket":"b","Key":"twice.csv"}`, `States.ItemReaderFailed: CSV headers cannot contain duplicates.`},
		{"CSV, nothing", `InputType=CSV`, `{"Bucket":"b","Key":"empty"}`, `[]`},
		{"JSONL", `InputType=JSONL`, `{"Bucket":"b","Key":"a.jsonl"}`, `[{"a":1},2]`},
		{"JSONL, bad", `InputType=JSONL`, `{"Bucket":"b","Key":"bad.jsonl"}`, `States.ItemReaderFailed: line 2 is not valid JSON: `},
		{"zstd", `InputType=JSONL`, `{"Bucket":"b","Key":"zstd"}`, `States.ItemReaderFailed: asldbg cannot read zstd: use gzip, or nothing`},
		{"no object", `InputType=JSON`, `{"Bucket":"b","Key":"none"}`, `States.ItemReaderFailed: The specified key does not exist.`},
		{"no bucket", `InputType=JSON`, `{"Key":"none"}`, `States.ItemReaderFailed: the parameters of the ItemReader have no Bucket`},
		{"no key", `InputType=JSON`, `{"Bucket":"b"}`, `States.ItemReaderFailed: the parameters of the ItemReader have no Key`},
		{
			"listing", `List`, `{"Bucket":"b","Prefix":"list/"}`,
			`[{"Etag":"\"e\"","LastModified":1767355200,"Key":"list/1","Size":6,"StorageClass":"STANDARD"},{"Etag":"\"e\"","LastModified":1767355200,"Key":"list/2","Size":3,"StorageClass":"STANDARD"}]`,
		},
		{"listing, loaded", `List InputType=JSON Transformation=LOAD_AND_FLATTEN`, `{"Bucket":"b","Prefix":"list/"}`, `[1,2,3]`},
		{"listing, loaded, bad", `List InputType=JSON Transformation=LOAD_AND_FLATTEN`, `{"Bucket":"b","Prefix":"bad.json"}`, `States.ItemReaderFailed: the object is not valid JSON: `},
		{"inventory", `InputType=MANIFEST`, `{"Bucket":"b","Key":"inventory.json"}`, `[{"Bucket":"b","Key":"k1","Size":"5"},{"Bucket":"b","Key":"k2","Size":"6"}]`},
		{"inventory, Parquet", `ManifestType=S3_INVENTORY`, `{"Bucket":"b","Key":"parquet.json"}`, `States.ItemReaderFailed: asldbg reads inventories in CSV, not in "Parquet"`},
		{"UNLOAD", `InputType=JSON ManifestType=ATHENA_DATA`, `{"Bucket":"b","Key":"unload.csv"}`, `[1,2,3]`},
		{"UNLOAD, bad", `InputType=JSON ManifestType=ATHENA_DATA`, `{"Bucket":"b","Key":"bad-unload.csv"}`, `States.ItemReaderFailed: the manifest has "list/1" where an s3://BUCKET/KEY should be`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := itemreader.New(objects)
			defer r.Close()
			if got := read(t, r, state(c.reader), c.params, 0, 100); got != c.want && !(strings.HasSuffix(c.want, ": ") && strings.HasPrefix(got, c.want)) {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// state is a Map whose reader has these fields.
func state(fields string) *asl.State {
	r := &asl.ItemReader{Resource: getObject}
	for f := range strings.FieldsSeq(fields) {
		key, value, _ := strings.Cut(f, "=")
		switch key {
		case "List":
			r.Resource = list
		case "InputType":
			r.InputType = value
		case "Transformation":
			r.Transformation = value
		case "ManifestType":
			r.ManifestType = value
		case "CSVHeaderLocation":
			r.CSVHeaderLocation = value
		case "CSVDelimiter":
			r.CSVDelimiter = value
		case "CSVHeaders":
			r.CSVHeaders = strings.Split(value, ",")
		case "ItemsPointer":
			r.ItemsPointer = value
		}
	}
	return &asl.State{ItemReader: r}
}

// TestAnyPlace: questions may go on, start again, or come from the middle.
func TestAnyPlace(t *testing.T) {
	r := itemreader.New(memory{"b/k": "[0, 1, 2, 3, 4]"})
	defer r.Close()
	s := state("InputType=JSON")
	for _, c := range []struct {
		from, n int
		want    string
	}{{0, 2, "[0,1] more"}, {2, 2, "[2,3] more"}, {1, 1, "[1] more"}, {2, 9, "[2,3,4]"}, {0, 5, "[0,1,2,3,4] more"}, {5, 5, "[]"}, {7, 1, "[]"}} {
		if got := read(t, r, s, `{"Bucket":"b","Key":"k"}`, c.from, c.n); got != c.want {
			t.Errorf("%d from %d: %s, want %s", c.n, c.from, got, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, interp.Read{State: s, Parameters: jsonval.MustParse(`{"Bucket":"b","Key":"k"}`), Max: 1}); err == nil {
		t.Error("a question that was given up has an answer")
	}
}

// endless is a JSON array, or a CSV cell, without an end.
type endless struct{ at int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "[1,1,1,1"[min(e.at, 7)]
		if e.at++; e.at == 8 {
			e.at = 6
		}
	}
	return len(p), nil
}

// TestStreams: the first items of a text without an end are there at once.
func TestStreams(t *testing.T) {
	n := 0
	for _, err := range itemreader.JSON(&endless{}, "") {
		if n++; err != nil || n == 1000 {
			break
		}
	}
	if n != 1000 {
		t.Errorf("%d items", n)
	}
	for _, s := range []iter.Seq2[jsonval.Value, error]{
		itemreader.CSV(bufio.NewReader(&endless{}), &asl.ItemReader{CSVHeaderLocation: "GIVEN", CSVDelimiter: "PIPE", CSVHeaders: []string{"a"}}),
		itemreader.JSONL(bufio.NewReader(&endless{})),
	} {
		for v, err := range s {
			if err == nil || !strings.Contains(err.Error(), "more than 8388608 bytes") {
				t.Errorf("an item without an end: %v, %d bytes", err, v.Size())
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2", "\"", "\"a\"\"b\"x,\r\n\r", "a\n\n\"\"\n,", "\n\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for v, err := range itemreader.CSV(bufio.NewReader(strings.NewReader(text)), &asl.ItemReader{CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"a", "b"}}) {
			if n++; err != nil {
				t.Fatal(err)
			}
			if v.Len() != 2 || !v.Get("a").Is(jsonval.String) || !v.Get("b").Is(jsonval.String) {
				t.Fatalf("row %d is %s", n, v)
			}
		}
		if lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1; n > lines {
			t.Fatalf("%d rows in %d lines", n, lines)
		}
		// What a writer of RFC 4180 makes of any cell is read back as it was.
		quoted := `"` + strings.ReplaceAll(text, `"`, `""`) + `",x` + "\n"
		for v := range itemreader.CSV(bufio.NewReader(strings.NewReader(quoted)), &asl.ItemReader{CSVHeaderLocation: "GIVEN", CSVHeaders: []string{"a", "b"}}) {
			if v.Get("a").Text() != text || v.Get("b").Text() != "x" {
				t.Fatalf("%q came back as %s", text, v)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add("[1, {}]", "")
	f.Add(`{"a": {"b": [1]}}`, "/a/b")
	f.Add("1\n2\n\n", "/0")
	f.Add(`[[[1]]]`, "/0/0")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		if pointer != "" && pointer[0] != '/' {
			return
		}
		var got []jsonval.Value
		failed := false
		for v, err := range itemreader.JSON(strings.NewReader(text), pointer) {
			if failed {
				t.Fatal("something follows an error")
			}
			if failed = err != nil; !failed {
				got = append(got, v)
			}
		}
		if whole, err := jsonval.Parse(text); err == nil && pointer == "" && whole.Is(jsonval.Array) && !failed {
			if v := jsonval.OfItems(got); fmt.Sprint(v) != fmt.Sprint(whole) {
				t.Fatalf("the items of %s are %s", whole, v)
			}
		}
		n := 0
		for range itemreader.JSONL(bufio.NewReader(strings.NewReader(text))) {
			n++
		}
		if n > strings.Count(text, "\n")+1 {
			t.Fatalf("%d values in %d lines", n, strings.Count(text, "\n")+1)
		}
	})
}
