package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// jackson reads a text as AWS does, to say in its words why it is not JSON:
// those of Jackson, a JSON parser for Java. "Unrecognized token" and the form of
// the place are recorded from AWS, the others are how Jackson words the same.
type jackson struct {
	text    string
	pos     int
	message string // what is wrong, "" as long as nothing is
}

// notJSON is AWS's message and place for a text that is not JSON; both are ""
// for one that is.
func notJSON(text string) (message, place string) {
	j := jackson{text: text}
	j.value(0)
	if j.message == "" {
		return "", ""
	}
	return j.message, j.place(j.pos)
}

// expectedValue is Jackson's list of what may begin a value.
const expectedValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// place is [Source: (String)"…"; line: 1, column: 4].
func (j *jackson) place(pos int) string {
	const most = 500
	source, cut := j.text, ""
	if n := utf8.RuneCountInString(source); n > most {
		source, cut = string([]rune(source)[:most]), fmt.Sprintf("[truncated %d chars]", n-most)
	}
	before := j.text[:pos]
	line := strings.LastIndexByte(before, '\n') + 1
	return fmt.Sprintf("[Source: (String)\"%s\"%s; line: %d, column: %d]", source, cut,
		1+strings.Count(before, "\n"), 1+utf8.RuneCountInString(before[line:]))
}

func (j *jackson) fail(format string, args ...any) bool {
	if j.message == "" {
		j.message = fmt.Sprintf(format, args...)
	}
	return false
}

// unexpected fails at the next character, which Jackson has taken already.
func (j *jackson) unexpected(why string) bool {
	r, n := utf8.DecodeRuneInString(j.text[j.pos:])
	j.pos += n
	if r == '/' {
		why = "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
	}
	return j.fail("Unexpected character ('%c' (code %d)): %s", r, r, why)
}

// next is the next byte after blanks; 0 at the end.
func (j *jackson) next() byte {
	for j.pos < len(j.text) && strings.IndexByte(" \t\r\n", j.text[j.pos]) >= 0 {
		j.pos++
	}
	if j.pos == len(j.text) {
		return 0
	}
	return j.text[j.pos]
}

// value reads a value; false: something is wrong.
func (j *jackson) value(depth int) bool {
	switch c := j.next(); {
	case j.pos == len(j.text):
		return j.fail("No content to map due to end-of-input")
	case c == '{', c == '[':
		return depth < jsonval.MaxDepth && j.inside(c, depth)
	case c == '"':
		return j.str("was expecting closing quote for a string value")
	case c == '-' || c >= '0' && c <= '9':
		for j.pos < len(j.text) && strings.IndexByte("+-.eE0123456789", j.text[j.pos]) >= 0 {
			j.pos++
		}
		return true
	}
	first, _ := utf8.DecodeRuneInString(j.text[j.pos:])
	if !unicode.IsLetter(first) && first != '_' && first != '$' {
		return j.unexpected("expected a valid value " + expectedValue)
	}
	start := j.pos
	for i, r := range j.text[start:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' {
			break
		}
		j.pos = start + i + utf8.RuneLen(r)
	}
	switch word := j.text[start:j.pos]; word {
	case "true", "false", "null":
		return true
	default:
		return j.fail("Unrecognized token '%s': was expecting %s", word, expectedValue)
	}
}

// inside reads an object or array from its opening bracket on.
func (j *jackson) inside(bracket byte, depth int) bool {
	start := j.pos
	kind, closing := "Object", byte('}')
	if bracket == '[' {
		kind, closing = "Array", ']'
	}
	j.pos++
	for first := true; ; first = false {
		switch c := j.next(); {
		case j.pos == len(j.text):
			return j.fail("Unexpected end-of-input: expected close marker for %s (start marker at %s)", kind, j.place(start))
		case c == closing && first:
			j.pos++
			return true
		case bracket == '[':
		case c != '"':
			return j.unexpected("was expecting double-quote to start field name")
		default:
			if !j.str("expected close marker for field name") {
				return false
			}
			if j.next() != ':' {
				if j.pos == len(j.text) {
					return j.fail("Unexpected end-of-input within/between Object entries")
				}
				return j.unexpected("was expecting a colon to separate field name and value")
			}
			j.pos++
		}
		if j.next() == 0 && j.pos == len(j.text) {
			return j.fail("Unexpected end-of-input within/between %s entries", kind)
		}
		if !j.value(depth + 1) {
			return false
		}
		switch c := j.next(); {
		case c == ',':
			j.pos++
		case c == closing:
			j.pos++
			return true
		case j.pos == len(j.text):
			return j.fail("Unexpected end-of-input: expected close marker for %s (start marker at %s)", kind, j.place(start))
		case c == '}' || c == ']':
			j.pos++
			return j.fail("Unexpected close marker '%c': expected '%c' (for %s starting at %s)", c, closing, kind, j.place(start))
		default:
			return j.unexpected("was expecting comma to separate " + kind + " entries")
		}
	}
}

// str reads a string from its quote on; unclosed says what its end would be.
func (j *jackson) str(unclosed string) bool {
	for j.pos++; j.pos < len(j.text); j.pos++ {
		switch c := j.text[j.pos]; {
		case c == '"':
			j.pos++
			return true
		case c == '\\':
			j.pos++
		case c < 0x20:
			j.pos++
			return j.fail("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c)
		}
	}
	j.pos = len(j.text)
	return j.fail("Unexpected end-of-input: %s", unclosed)
}
