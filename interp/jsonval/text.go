package jsonval

import "unicode/utf8"

// Size is the number of bytes of v's compact text, without writing it.
// AWS's payload quota (262,144) counts these.
func (v Value) Size() int {
	switch v.kind {
	case Null:
		return 4
	case Bool:
		if v.flag {
			return 4
		}
		return 5
	case Number:
		return len(v.text)
	case String:
		return quotedLen(v.text)
	case Array, Object:
		return v.node.size
	}
	return 0
}

// String is v's compact JSON text, "" for Undefined.
func (v Value) String() string {
	return string(v.AppendJSON(make([]byte, 0, v.Size())))
}

// AppendJSON appends v's compact text: members in their order, numbers as they
// were written, only what must be escaped escaped, as AWS's service writes it.
func (v Value) AppendJSON(dst []byte) []byte { return v.appendText(dst, AppendQuoted) }

// appendText appends v's text with its strings and keys written by quoted.
func (v Value) appendText(dst []byte, quoted func([]byte, string) []byte) []byte {
	switch v.kind {
	case Null:
		return append(dst, "null"...)
	case Bool:
		if v.flag {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case Number:
		return append(dst, v.text...)
	case String:
		return quoted(dst, v.text)
	case Array:
		dst = append(dst, '[')
		for i := range v.node.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = v.node.items[i].appendText(dst, quoted)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range v.node.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(quoted(dst, v.node.members[i].Key), ':')
			dst = v.node.members[i].Value.appendText(dst, quoted)
		}
		return append(dst, '}')
	}
	return dst
}

// Indent is v's text over several lines, each level two blanks further in.
func (v Value) Indent() string { return string(v.appendIndented(nil, "\n")) }

func (v Value) appendIndented(dst []byte, line string) []byte {
	if v.Len() == 0 {
		return v.AppendJSON(dst)
	}
	inner := line + "  "
	if v.kind == Array {
		dst = append(dst, '[')
		for i := range v.node.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, inner...)
			dst = v.node.items[i].appendIndented(dst, inner)
		}
		return append(append(dst, line...), ']')
	}
	dst = append(dst, '{')
	for i := range v.node.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, inner...)
		dst = AppendQuoted(dst, v.node.members[i].Key)
		dst = append(dst, ": "...)
		dst = v.node.members[i].Value.appendIndented(dst, inner)
	}
	return append(append(dst, line...), '}')
}

const hexDigits = "0123456789ABCDEF"

// escapes holds, for each ASCII character, its length in a JSON string.
var escapes = func() (t [utf8.RuneSelf]uint8) {
	for c := range t {
		switch {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			t[c] = 2
		case c < 0x20:
			t[c] = 6
		default:
			t[c] = 1
		}
	}
	return
}()

func quotedLen(s string) int {
	n := 2 + len(s)
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			n += int(escapes[c]) - 1
		}
	}
	return n
}

// AppendQuoted appends s as a JSON string.
func AppendQuoted(dst []byte, s string) []byte {
	return append(appendEscaped(append(dst, '"'), s), '"')
}

func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || escapes[c] == 1 {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, s[start:]...)
}

// AppendQuoted appends v's compact text as a JSON string, as AWS's history holds
// payloads. Undefined is the empty string.
func (v Value) AppendQuoted(dst []byte) []byte {
	return append(v.appendText(append(dst, '"'), appendTwice), '"')
}

// appendTwice appends s quoted twice over, without the outer quotation marks.
func appendTwice(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf && escapes[c] != 1 {
			return appendEscaped(dst, Quote(s))
		}
	}
	dst = append(dst, '\\', '"')
	dst = append(dst, s...)
	return append(dst, '\\', '"')
}

// Quote is s as a JSON string.
func Quote(s string) string { return string(AppendQuoted(nil, s)) }
