package jsonpath

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// unescape decodes the backslashes of a quoted name or string as Jayway does:
// \n \r \t \b \f and \uXXXX mean what they mean in Java, a backslash before any
// other character is dropped. ok is false where \u has no number after it.
func unescape(s string) (text string, ok bool) {
	if !strings.Contains(s, `\`) {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			if len(s)-i <= 4 {
				return b.String(), true // Jayway drops a number cut short by the end
			}
			unit, ok := hexUnit(s[i:])
			if !ok {
				return "", false
			}
			n, unit := joinSurrogates(s[i+5:], unit)
			b.WriteRune(unit)
			i += 4 + n
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// hexUnit reads uXXXX at the start of s.
func hexUnit(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(n), err == nil
}

// joinSurrogates completes a high surrogate by the \uXXXX at the start of rest,
// of which it takes n bytes.
func joinSurrogates(rest string, unit rune) (n int, r rune) {
	if utf16.IsSurrogate(unit) && strings.HasPrefix(rest, `\`) {
		if low, ok := hexUnit(rest[1:]); ok {
			if both := utf16.DecodeRune(unit, low); both != '\uFFFD' {
				return 6, both
			}
		}
	}
	return 0, unit // WriteRune makes a lone surrogate U+FFFD
}
