package jsonpath

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// regexFlags are the flags that may follow a pattern, as in java.util.regex: d
// Unix lines, i ignore case, x comments, m multiline, s dot matches all, u and U
// Unicode.
const regexFlags = "dixmsuU"

// compileRegex makes a Java regular expression one of Go's that must match the
// whole text. What Go's cannot do is an error.
func compileRegex(pattern, flags string) (*regexp.Regexp, error) {
	if strings.Contains(flags, "U") {
		return nil, errors.New("flag U (Unicode classes) is not supported; name the classes, as \\p{L}")
	}
	goPattern, err := translateRegex(pattern, flags)
	if err != nil {
		return nil, err
	}
	goFlags := ""
	for _, f := range "ims" {
		if strings.ContainsRune(flags, f) {
			goFlags += string(f)
		}
	}
	if goFlags != "" {
		goFlags = "(?" + goFlags + ")"
	}
	return regexp.Compile(goFlags + `\A(?:` + goPattern + `)\z`)
}

// translateRegex rewrites what is written differently in the two languages.
func translateRegex(pattern, flags string) (string, error) {
	dot := `[^\n\r\x{85}\x{2028}\x{2029}]`
	if strings.Contains(flags, "d") {
		dot = `[^\n]`
	}
	if strings.Contains(flags, "s") {
		dot = "."
	}
	comments := strings.Contains(flags, "x")
	var b strings.Builder
	class := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\':
			n, text, err := translateEscape(pattern[i:], class)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			i += n - 1
		case comments && (c == ' ' || c >= '\t' && c <= '\r'):
		case comments && c == '#':
			for i+1 < len(pattern) && pattern[i] != '\n' {
				i++
			}
		case class && c == '[':
			return "", errors.New("a class inside a class is not supported")
		case class && strings.HasPrefix(pattern[i:], "&&"):
			return "", errors.New("&& in a class is not supported")
		case class:
			class = c != ']'
			b.WriteByte(c)
		case c == '[':
			class = true
			b.WriteByte(c)
			if strings.HasPrefix(pattern[i+1:], "^") {
				b.WriteByte('^')
				i++
			}
			if strings.HasPrefix(pattern[i+1:], "]") { // a first ] is a character
				b.WriteByte(']')
				i++
			}
		case c == '.':
			b.WriteString(dot)
		case strings.HasPrefix(pattern[i:], "(?") && dotAll(pattern[i+2:]):
			dot = "."
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// dotAll reports whether the group that begins with these letters switches s on.
func dotAll(group string) bool {
	letters := group[:len(group)-len(strings.TrimLeft(group, "imsdxu"))]
	return strings.Contains(letters, "s")
}

// javaClasses are Java's names for ASCII classes.
var javaClasses = map[string]string{
	"Lower": "lower", "Upper": "upper", "ASCII": "ascii", "Alpha": "alpha", "Digit": "digit", "Alnum": "alnum",
	"Punct": "punct", "Graph": "graph", "Print": "print", "Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space",
}

// translateEscape rewrites the escape at the start of s, of n bytes.
func translateEscape(s string, class bool) (n int, text string, err error) {
	if len(s) < 2 {
		return 0, "", errors.New("ends with a backslash")
	}
	switch s[1] {
	case 'u':
		unit, ok := hexUnit(s[1:])
		if !ok {
			return 0, "", errors.New(`\u needs four hexadecimal digits`)
		}
		more, r := joinSurrogates(s[6:], unit)
		return 6 + more, fmt.Sprintf(`\x{%X}`, r), nil
	case 'e':
		return 2, `\x1B`, nil
	case 'h':
		if class {
			return 2, `\t \x{A0}`, nil
		}
		return 2, `[\t \x{A0}]`, nil
	case 's':
		if class {
			return 2, `\s\v`, nil
		}
		return 2, `[\s\v]`, nil
	case 'Q':
		end := strings.Index(s, `\E`)
		quoted := s[2:]
		n = len(s)
		if end >= 0 {
			quoted, n = s[2:end], end+2
		}
		return n, regexp.QuoteMeta(quoted), nil
	case 'p', 'P':
		end := strings.IndexByte(s, '}')
		if !strings.HasPrefix(s[2:], "{") || end < 0 {
			break
		}
		name := s[3:end]
		if ascii, ok := javaClasses[name]; ok {
			if s[1] == 'P' {
				ascii = "^" + ascii
			}
			text = "[:" + ascii + ":]"
			if !class {
				text = "[" + text + "]"
			}
			return end + 1, text, nil
		}
		return end + 1, `\` + s[1:2] + "{" + strings.TrimPrefix(name, "Is") + "}", nil
	}
	// Go refuses what it does not know, back references too.
	return 2, s[:2], nil
}
