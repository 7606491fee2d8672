package asl

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// isJSON5Name reports whether a file's name says JSON5 (https://spec.json5.org),
// which an object literal of JavaScript mostly is: names need no quotes, texts
// may stand in single ones.
func isJSON5Name(name string) bool { return strings.HasSuffix(name, ".json5") }

// nextJSON5 reads what JSON5 has and JSON has not: texts in single quotes and
// with other escapes, and names without quotes. ok is false for the rest, which
// is the scanner's. Numbers JSON does not know are left out: definitions have
// no use for hexadecimals and infinities.
func (r *jsonReader) nextJSON5() (ok bool, err error) {
	src := r.scan.Src
	start := afterBlanks(src, r.scan.Pos)
	if start >= len(src) {
		return false, nil
	}
	if c := src[start]; c == '\'' || c == '"' {
		text, n, bad := json5Text(src[start:])
		if n == 0 {
			return false, &SyntaxError{Offset: start + bad, Message: "the text that begins with " + src[start:start+1] + " is not one of JSON5"}
		}
		r.scan.Pos = start + n
		r.t = jsonval.Token{Kind: jsonval.TokenString, Start: start, End: start + n, Text: text}
		return true, nil
	}
	n := 0
	for i, c := range src[start:] {
		if !unicode.IsLetter(c) && c != '_' && c != '$' && (i == 0 || !unicode.IsDigit(c)) {
			break
		}
		n = i + utf8.RuneLen(c)
	}
	// Only a name is a word before a colon.
	if after := afterBlanks(src, start+n); n == 0 || after >= len(src) || src[after] != ':' {
		return false, nil
	}
	r.scan.Pos = start + n
	r.t = jsonval.Token{Kind: jsonval.TokenString, Start: start, End: start + n, Text: src[start : start+n]}
	return true, nil
}

// afterBlanks is where blanks and comments from i on end.
func afterBlanks(src string, i int) int {
	for i < len(src) {
		rest := src[i:]
		switch {
		case strings.IndexByte(" \t\r\n", src[i]) >= 0:
			i++
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				return len(src)
			}
			i += end + 1
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return len(src)
			}
			i += end + 4
		default:
			return i
		}
	}
	return i
}

// json5Text is the text at the start of s, with its quotes n bytes long. For
// what is no text n is 0, and bad is where it stops being one.
func json5Text(s string) (text string, n, bad int) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == s[0]:
			return strings.ToValidUTF8(b.String(), "\uFFFD"), i + 1, 0
		case c < 0x20 && c != '\t':
			return "", 0, i
		case c != '\\':
			b.WriteByte(c)
		default:
			escaped, length := json5Escape(s[i:])
			if length == 0 {
				return "", 0, i
			}
			b.WriteString(escaped)
			i += length - 1
		}
	}
	return "", 0, 0
}

// json5Escapes are the escapes of one letter.
var json5Escapes = map[byte]string{
	'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v", '0': "\x00", '\n': "",
}

// json5Escape is what the escape at the start of s stands for; n is its length,
// 0 for none.
func json5Escape(s string) (text string, n int) {
	if len(s) < 2 {
		return "", 0
	}
	switch c := s[1]; {
	case strings.HasPrefix(s[1:], "\r\n"):
		return "", 3
	case c == 'x' || c == 'u':
		digits := map[byte]int{'x': 2, 'u': 4}[c]
		if len(s) < 2+digits {
			return "", 0
		}
		code, err := strconv.ParseUint(s[2:2+digits], 16, 16)
		if err != nil {
			return "", 0
		}
		if c == 'u' {
			// Two that make one character belong together: let JSON read them.
			for _, end := range []int{12, 6} {
				if len(s) >= end {
					if v, err := jsonval.Parse(`"` + s[:end] + `"`); err == nil && (end == 6 || utf8.RuneCountInString(v.Text()) == 1) {
						return v.Text(), end
					}
				}
			}
			return "", 0
		}
		return string(rune(code)), 2 + digits
	case c >= '1' && c <= '9':
		return "", 0
	default:
		if known, ok := json5Escapes[c]; ok {
			return known, 2
		}
		_, size := utf8.DecodeRuneInString(s[1:])
		return s[1 : 1+size], 1 + size
	}
}
