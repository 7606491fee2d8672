package asl

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// inText is the offset in the source of byte i of the text that the string n is,
// escapes and the indentation of YAML's blocks counted in; ok is false where
// text and source do not match.
func (f *File) inText(n *Node, i int) (offset int, ok bool) {
	text := n.Value.Text()
	if !n.Value.Is(jsonval.String) || i < 0 || i > len(text) || n.Start >= len(f.Source) {
		return 0, false
	}
	src, at := f.Source[:n.End], n.Start
	quote := src[at]
	switch quote {
	case '"', '\'':
		at++
	case '|', '>': // a block of YAML begins on the next line
		line := strings.IndexByte(src[at:], '\n')
		if line < 0 {
			return 0, false
		}
		at = skipBlanks(src, at+line+1)
	}
	for done := 0; done < i; {
		want, size := utf8.DecodeRuneInString(text[done:])
		got, width := rune(-1), 0
		if at < len(src) {
			got, width = utf8.DecodeRuneInString(src[at:])
		}
		switch {
		case got == '\\' && quote == '"':
			got, width = escaped(src[at:])
		case got == '\'' && quote == '\'' && strings.HasPrefix(src[at:], "''"):
			width = 2
		case got == '\n' && want == ' ': // folded
			got = ' '
			width = skipBlanks(src, at+1) - at
		case got == '\n':
			width = skipBlanks(src, at+1) - at
		}
		if got != want {
			return 0, false
		}
		done += size
		at += width
	}
	return at, true
}

func skipBlanks(src string, at int) int {
	for at < len(src) && src[at] == ' ' {
		at++
	}
	return at
}

// escaped reads an escape of a quoted string.
func escaped(s string) (r rune, width int) {
	if len(s) < 2 {
		return -1, 0
	}
	if s[1] != 'u' {
		const letters, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		if i := strings.IndexByte(letters, s[1]); i >= 0 {
			return rune(meant[i]), 2
		}
		return -1, 0
	}
	if r = hex(s); r < 0 {
		return -1, 0
	}
	if utf16.IsSurrogate(r) && len(s) >= 12 && s[6] == '\\' {
		if pair := utf16.DecodeRune(r, hex(s[6:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

// hex is the number of \uXXXX, negative if there is none.
func hex(s string) rune {
	if len(s) < 6 {
		return -1
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
