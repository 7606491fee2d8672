package jsonval

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset  int // bytes from the start of the text
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// MaxDepth is how deep arrays and objects may nest, as in AWS's own parser.
const MaxDepth = 1000

// TokenKind says what a [Token] is.
type TokenKind uint8

// The token kinds. TokenEnd comes once at the end of the text.
const (
	TokenEnd    TokenKind = iota
	TokenOpen             // { or [
	TokenClose            // } or ]
	TokenComma            // ,
	TokenColon            // :
	TokenString           // Text is the decoded string
	TokenNumber           // Text is the number as written
	TokenTrue
	TokenFalse
	TokenNull
)

// Token is one piece of JSON text, at bytes Start to End.
type Token struct {
	Kind       TokenKind
	Char       byte // of TokenOpen and TokenClose
	Start, End int
	Text       string
}

// Scanner cuts JSON text into tokens. With Relaxed set it passes over // and
// /* */ comments; commas at the end of a list are the parser's business.
type Scanner struct {
	Src     string
	Pos     int
	Relaxed bool
}

func (s *Scanner) errorf(at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Message: fmt.Sprintf(format, args...)}
}

// Next returns the next token, or a [SyntaxError].
func (s *Scanner) Next() (Token, error) {
	src, i := s.Src, s.Pos
	for i < len(src) {
		switch src[i] {
		case ' ', '\n', '\r', '\t':
			i++
			continue
		case '/':
			if s.Relaxed {
				n, err := s.comment(i)
				if err != nil {
					return Token{}, err
				}
				i = n
				continue
			}
		}
		break
	}
	if i >= len(src) {
		s.Pos = i
		return Token{Kind: TokenEnd, Start: i, End: i}, nil
	}
	switch c := src[i]; c {
	case '{', '[':
		s.Pos = i + 1
		return Token{Kind: TokenOpen, Char: c, Start: i, End: i + 1}, nil
	case '}', ']':
		s.Pos = i + 1
		return Token{Kind: TokenClose, Char: c, Start: i, End: i + 1}, nil
	case ',':
		s.Pos = i + 1
		return Token{Kind: TokenComma, Start: i, End: i + 1}, nil
	case ':':
		s.Pos = i + 1
		return Token{Kind: TokenColon, Start: i, End: i + 1}, nil
	case '"':
		return s.str(i)
	case 't':
		return s.word(i, "true", TokenTrue)
	case 'f':
		return s.word(i, "false", TokenFalse)
	case 'n':
		return s.word(i, "null", TokenNull)
	default:
		if c == '-' || c >= '0' && c <= '9' {
			n := numberLen(src[i:])
			if n == 0 || i+n < len(src) && (isWordChar(src[i+n]) || src[i+n] == '.') {
				return Token{}, s.errorf(i, "%q is not a JSON number", s.wordAt(i))
			}
			s.Pos = i + n
			return Token{Kind: TokenNumber, Start: i, End: i + n, Text: src[i : i+n]}, nil
		}
		if isWordChar(c) {
			return Token{}, s.errorf(i, "%q is not a JSON value: text needs double quotes", s.wordAt(i))
		}
		r, _ := utf8.DecodeRuneInString(src[i:])
		return Token{}, s.errorf(i, "unexpected character %q", r)
	}
}

func (s *Scanner) comment(i int) (int, error) {
	rest := s.Src[i:]
	switch {
	case strings.HasPrefix(rest, "//"):
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return i + n + 1, nil
		}
		return len(s.Src), nil
	case strings.HasPrefix(rest, "/*"):
		if n := strings.Index(rest[2:], "*/"); n >= 0 {
			return i + n + 4, nil
		}
		return 0, s.errorf(i, "comment is never closed")
	}
	return 0, s.errorf(i, "unexpected character '/'")
}

func isWordChar(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c == '+' || c == '-'
}

// wordAt is the run of word characters at i, for messages.
func (s *Scanner) wordAt(i int) string {
	j := i
	for j < len(s.Src) && j < i+40 && (isWordChar(s.Src[j]) || s.Src[j] == '.') {
		j++
	}
	return s.Src[i:j]
}

func (s *Scanner) word(i int, word string, kind TokenKind) (Token, error) {
	end := i + len(word)
	if !strings.HasPrefix(s.Src[i:], word) || end < len(s.Src) && isWordChar(s.Src[end]) {
		return Token{}, s.errorf(i, "%q is not a JSON value: text needs double quotes", s.wordAt(i))
	}
	s.Pos = end
	return Token{Kind: kind, Start: i, End: end}, nil
}

// str scans the string whose quote is at i.
func (s *Scanner) str(i int) (Token, error) {
	src := s.Src
	for j := i + 1; j < len(src); j++ {
		switch c := src[j]; {
		case c == '"':
			s.Pos = j + 1
			text := src[i+1 : j]
			return Token{Kind: TokenString, Start: i, End: j + 1, Text: validUTF8(text)}, nil
		case c == '\\':
			return s.escaped(i, j)
		case c < 0x20:
			return Token{}, s.errorf(j, "control character %U in a string must be written as an escape", c)
		}
	}
	return Token{}, s.errorf(i, "string is never closed")
}

func validUTF8(text string) string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return strings.ToValidUTF8(text, "\uFFFD")
		}
	}
	return text
}

// escaped scans on from the first backslash, at j, of the string at i.
func (s *Scanner) escaped(i, j int) (Token, error) {
	src := s.Src
	buf := make([]byte, 0, max(32, j-i+16))
	buf = append(buf, src[i+1:j]...)
	for j < len(src) {
		c := src[j]
		switch {
		case c == '"':
			s.Pos = j + 1
			return Token{Kind: TokenString, Start: i, End: j + 1, Text: validUTF8(string(buf))}, nil
		case c < 0x20:
			return Token{}, s.errorf(j, "control character %U in a string must be written as an escape", c)
		case c != '\\':
			buf = append(buf, c)
			j++
			continue
		}
		if j+1 >= len(src) {
			break
		}
		switch e := src[j+1]; e {
		case '"', '\\', '/':
			buf = append(buf, e)
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			r, n := unicodeEscape(src[j:])
			if n == 0 {
				return Token{}, s.errorf(j, `\u needs four hexadecimal digits`)
			}
			buf = utf8.AppendRune(buf, r)
			j += n
			continue
		default:
			return Token{}, s.errorf(j, `\%c is not an escape JSON knows`, e)
		}
		j += 2
	}
	return Token{}, s.errorf(i, "string is never closed")
}

// unicodeEscape reads \uXXXX, or two that form a surrogate pair, at the start
// of s; n is the number of bytes read, 0 for a bad escape.
func unicodeEscape(s string) (r rune, n int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(s[6:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// numberLen is the length of the JSON number at the start of s, 0 if none.
func numberLen(s string) int {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	digits := func() bool {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if !digits() {
		return 0
	}
	if i < len(s) && s[i] == '.' {
		i++
		if !digits() {
			return 0
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}
