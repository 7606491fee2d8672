package asl

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPosition(t *testing.T) {
	f := newFile("t", "aé\n\nb")
	var got []string
	for _, offset := range []int{-1, 0, 1, 3, 4, 5, 6, 100} {
		line, column := f.Position(offset)
		got = append(got, fmt.Sprintf("%d:%d", line, column))
	}
	if want := []string{"1:1", "1:1", "1:2", "1:3", "2:1", "3:1", "3:2", "3:2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestLineTable goes through texts longer than the distance of two marks.
func TestLineTable(t *testing.T) {
	for _, text := range []string{
		"", "\n", byteOrderMark, byteOrderMark + "x\ny", strings.Repeat("abc\n", 300), strings.Repeat("é", 600) + "\n" + strings.Repeat("x€", 600),
		strings.Repeat("日本\n語", 500), strings.Repeat("x", markEvery) + "é" + strings.Repeat("y", markEvery-1), "a\xff\xfe\nb",
	} {
		table := newLineTable(text)
		line, column := 1, 1
		for i := len(text) - len(strings.TrimPrefix(text, byteOrderMark)); i <= len(text); {
			if l, c := table.position(i); l != line || c != column {
				t.Fatalf("%.20q: position(%d) = %d:%d, want %d:%d", text, i, l, c, line, column)
			}
			if at := table.offset(line, column); at != i {
				t.Fatalf("%.20q: offset(%d, %d) = %d, want %d", text, line, column, at, i)
			}
			if i == len(text) {
				break
			}
			_, size := utf8.DecodeRuneInString(text[i:])
			column++
			if text[i] == '\n' {
				line, column = line+1, 1
			}
			i += size
		}
	}
}
