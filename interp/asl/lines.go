package asl

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// lineTable turns offsets of a text into lines and columns, and back, without
// walking through the text: a definition may be one line of a megabyte.
type lineTable struct {
	source string
	starts []int32 // where each line starts
	marks  []int32 // where every 256th character is; nil: all are one byte
}

const markEvery = 256

// newLineTable is the table of a text whose lines end at \n only.
func newLineTable(text string) lineTable {
	t := lineTable{source: text, starts: make([]int32, 1, 64)}
	if strings.HasPrefix(text, byteOrderMark) {
		t.starts[0] = int32(len(byteOrderMark))
	}
	for at := 0; ; {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		at += n + 1
		t.starts = append(t.starts, int32(at))
	}
	t.mark()
	return t
}

// newYAMLTable is the table of a YAML text. YAML also ends lines at a lone CR
// and at three characters of Unicode, JSON does not.
func newYAMLTable(text string) lineTable {
	if looksLikeJSON(text) || !strings.ContainsAny(text, "\r\u0085\u2028\u2029") {
		return newLineTable(text)
	}
	t := lineTable{source: text, starts: []int32{0}}
	if strings.HasPrefix(text, byteOrderMark) {
		t.starts[0] = int32(len(byteOrderMark))
	}
	for i, c := range text {
		switch c {
		case '\r':
			if strings.HasPrefix(text[i+1:], "\n") {
				continue
			}
			fallthrough
		case '\n', '\u0085', '\u2028', '\u2029':
			t.starts = append(t.starts, int32(i+utf8.RuneLen(c)))
		}
	}
	t.mark()
	return t
}

func (t *lineTable) mark() {
	ascii := true
	for i := range len(t.source) {
		if t.source[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return
	}
	n := 0
	for i := range t.source {
		if n%markEvery == 0 {
			t.marks = append(t.marks, int32(i))
		}
		n++
	}
}

// characters is how many characters stand before offset.
func (t *lineTable) characters(offset int) int {
	if t.marks == nil {
		return offset
	}
	k := sort.Search(len(t.marks), func(i int) bool { return int(t.marks[i]) > offset }) - 1
	return k*markEvery + utf8.RuneCountInString(t.source[t.marks[k]:offset])
}

// line is the line, from 1, an offset is in.
func (t *lineTable) line(offset int) int {
	return max(1, sort.Search(len(t.starts), func(i int) bool { return int(t.starts[i]) > offset }))
}

// position is the line and the column, in characters, of an offset; both count
// from 1.
func (t *lineTable) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(t.source))
	line = t.line(offset)
	start := int(t.starts[line-1])
	return line, 1 + t.characters(max(offset, start)) - t.characters(start)
}

// offset is the opposite of position.
func (t *lineTable) offset(line, column int) int {
	line = min(max(line, 1), len(t.starts))
	at := int(t.starts[line-1])
	if t.marks == nil {
		return min(at+max(column, 1)-1, len(t.source))
	}
	n := t.characters(at) + max(column, 1) - 1
	if n/markEvery >= len(t.marks) {
		return len(t.source)
	}
	at = int(t.marks[n/markEvery])
	for n %= markEvery; n > 0 && at < len(t.source); n-- {
		_, size := utf8.DecodeRuneInString(t.source[at:])
		at += size
	}
	return at
}
