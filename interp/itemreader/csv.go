package itemreader

import (
	"bufio"
	"errors"
	"io"
	"iter"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

var delimiters = map[string]byte{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// errHeaders is AWS's text (recording: csv_headers_decl_duplicate_headers).
const errHeaders said = "CSV headers cannot contain duplicates."

// CSV is the rows of a table, as objects of strings. A cell that is missing is
// "", those beyond the headers are dropped; a line of blanks is a row, an empty
// one is none (recordings: csv_headers_first_line, csv_first_row_extra_fields).
func CSV(in *bufio.Reader, c *asl.ItemReader) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) {
		t := table{in: in, delimiter: delimiters[c.CSVDelimiter]}
		headers := c.CSVHeaders
		if c.CSVHeaderLocation != "GIVEN" {
			first, err := t.row()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(jsonval.Value{}, err)
				}
				return
			}
			headers = append([]string(nil), first...)
		}
		seen := make(map[string]bool, len(headers))
		for _, h := range headers {
			if seen[h] {
				yield(jsonval.Value{}, errHeaders)
				return
			}
			seen[h] = true
		}
		for {
			cells, err := t.row()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(jsonval.Value{}, err)
				return
			}
			members := make([]jsonval.Member, len(headers))
			for i, h := range headers {
				members[i].Key = h
				members[i].Value = jsonval.OfString("")
				if i < len(cells) {
					members[i].Value = jsonval.OfString(cells[i])
				}
			}
			if !yield(jsonval.OfMembers(members), nil) {
				return
			}
		}
	}
}

// table reads rows (RFC 4180, any delimiter, and what is not in quotes may hold
// quotes).
type table struct {
	in        *bufio.Reader
	delimiter byte
	cells     []string // of the last row; used again for the next
	text      []byte   // of the cell being read
}

// row is the next row that is not empty; io.EOF after the last.
func (t *table) row() ([]string, error) {
	t.cells = t.cells[:0]
	size := 0
	for {
		end, quoted, err := t.cell()
		if err != nil {
			return nil, err
		}
		size += len(t.text) + 1
		switch {
		case size > maxItem:
			return nil, errTooBig
		case end == endOfText && len(t.cells) == 0 && len(t.text) == 0 && !quoted:
			return nil, io.EOF
		case end == endOfLine && len(t.cells) == 0 && len(t.text) == 0 && !quoted:
			continue // an empty line
		}
		t.cells = append(t.cells, string(t.text))
		if end != endOfCell {
			return t.cells, nil
		}
	}
}

// ending is what ended a cell.
type ending uint8

const (
	endOfCell ending = iota
	endOfLine
	endOfText
)

// cell reads the next cell into text.
func (t *table) cell() (end ending, quoted bool, err error) {
	t.text = t.text[:0]
	inside := false // quotes
	for n := 0; ; n++ {
		if len(t.text) > maxItem {
			return 0, quoted, errTooBig
		}
		b, err := t.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return endOfText, quoted, nil
		}
		if err != nil {
			return 0, quoted, err
		}
		switch {
		case inside && b == '"':
			next, _ := t.in.Peek(1)
			if len(next) == 1 && next[0] == '"' {
				_, _ = t.in.Discard(1) // it is in the buffer
				t.text = append(t.text, '"')
				continue
			}
			inside = false
		case inside:
			t.text = append(t.text, b)
		case b == '"' && n == 0:
			inside, quoted = true, true
		case b == t.delimiter:
			return endOfCell, quoted, nil
		case b == '\n':
			return endOfLine, quoted, nil
		case b == '\r':
			if next, _ := t.in.Peek(1); len(next) == 1 && next[0] == '\n' {
				continue
			}
			return endOfLine, quoted, nil
		default:
			t.text = append(t.text, b)
		}
	}
}
