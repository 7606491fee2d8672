package itemreader

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// errNotArray is AWS's text for a document in which there is nothing to iterate
// over.
const errNotArray said = "Attempting to map over non-iterable node."

// JSON is the items of the array at pointer (RFC 6901; "" is the document), one
// after the other: no more than one is in memory.
func JSON(in io.Reader, pointer string) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) {
		d := json.NewDecoder(in)
		if err := descend(d, pointer); err != nil {
			yield(jsonval.Value{}, err)
			return
		}
		t, err := d.Token()
		switch {
		case err != nil:
			yield(jsonval.Value{}, notJSON(err))
			return
		case t != json.Delim('['):
			yield(jsonval.Value{}, errNotArray)
			return
		}
		for d.More() {
			v, err := value(d)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if _, err := d.Token(); err != nil {
			yield(jsonval.Value{}, notJSON(err))
		}
	}
}

func value(d *json.Decoder) (jsonval.Value, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return jsonval.Value{}, notJSON(err)
	}
	if len(raw) > maxItem {
		return jsonval.Value{}, errTooBig
	}
	v, err := jsonval.Parse(string(raw))
	if err != nil {
		return jsonval.Value{}, notJSON(err)
	}
	return v, nil
}

func notJSON(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the object is not valid JSON: %w", err)
}

// descend leaves the decoder before the value that pointer leads to.
func descend(d *json.Decoder, pointer string) error {
	if pointer == "" {
		return nil
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for step := range strings.SplitSeq(pointer[1:], "/") {
		step = unescape.Replace(step)
		t, err := d.Token()
		if err != nil {
			return notJSON(err)
		}
		found := false
		for i := 0; !found && (t == json.Delim('{') || t == json.Delim('[')) && d.More(); i++ {
			name := strconv.Itoa(i)
			if t == json.Delim('{') {
				key, err := d.Token()
				if err != nil {
					return notJSON(err)
				}
				name, _ = key.(string)
			}
			if found = name == step; found {
				break
			}
			if err := skip(d); err != nil {
				return notJSON(err)
			}
		}
		if !found {
			return fmt.Errorf("there is nothing at %s", pointer)
		}
	}
	return nil
}

// skip passes over a value.
func skip(d *json.Decoder) error {
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// JSONL is the values of a text with one in each line. Empty lines are passed
// over.
func JSONL(in *bufio.Reader) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) {
		n := 0
		for line, err := range lines(in) {
			n++
			if err == nil && strings.TrimSpace(line) == "" {
				continue
			}
			var v jsonval.Value
			if err == nil {
				if v, err = jsonval.Parse(line); err != nil {
					err = fmt.Errorf("line %d is not valid JSON: %w", n, err)
				}
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// lines are the lines of a text, without their ends.
func lines(in *bufio.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var line []byte
		for {
			part, err := in.ReadSlice('\n')
			line = append(line, part...)
			switch {
			case len(line) > maxItem:
				yield("", errTooBig)
				return
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case err != nil && !errors.Is(err, io.EOF):
				yield("", err)
				return
			}
			if err != nil && len(line) == 0 {
				return
			}
			if !yield(strings.TrimRight(string(line), "\r\n"), nil) || err != nil {
				return
			}
			line = line[:0]
		}
	}
}
