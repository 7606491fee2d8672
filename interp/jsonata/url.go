package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What stays as it is in a URL, and what has a meaning there, besides letters and
// digits.
const (
	urlPlain    = "-_.!~*'()"
	urlReserved = ";/?:@&=+$,#"
)

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// encodeURL is $encodeUrl and $encodeUrlComponent, which leave alone different
// characters.
func encodeURL(name, plain string) func(r *run, args []value) (value, *Error) {
	return func(r *run, args []value) (value, *Error) {
		s := args[0].text()
		if !utf8.ValidString(s) {
			return undefined, malformed(name, args[0])
		}
		if err := r.afford(3 * len(s)); err != nil {
			return undefined, err
		}
		const hex = "0123456789ABCDEF"
		var b strings.Builder
		for i := range len(s) {
			if c := s[i]; isAlphanumeric(c) || strings.IndexByte(plain, c) >= 0 {
				b.WriteByte(c)
			} else {
				b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			}
		}
		return ofString(b.String()), nil
	}
}

// decodeURL is $decodeUrl and $decodeUrlComponent, which leave alone different
// escapes.
func decodeURL(name, kept string) func(r *run, args []value) (value, *Error) {
	return func(r *run, args []value) (value, *Error) {
		s := args[0].text()
		if err := r.afford(len(s)); err != nil {
			return undefined, err
		}
		var b strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] != '%' {
				b.WriteByte(s[i])
				continue
			}
			start := i
			var char []byte
			for {
				c, ok := percentByte(s, i)
				if !ok {
					return undefined, malformed(name, args[0])
				}
				char = append(char, c)
				i += 3
				if utf8.FullRune(char) {
					break
				}
			}
			i--
			c, size := utf8.DecodeRune(char)
			switch {
			case c == utf8.RuneError && size == 1 || size != len(char):
				return undefined, malformed(name, args[0])
			case c < utf8.RuneSelf && strings.IndexByte(kept, byte(c)) >= 0:
				b.WriteString(s[start : i+1])
			default:
				b.Write(char)
			}
		}
		return ofString(b.String()), nil
	}
}

func percentByte(s string, i int) (c byte, ok bool) {
	if i+3 > len(s) || s[i] != '%' {
		return 0, false
	}
	for _, d := range []byte(s[i+1 : i+3]) {
		v := strings.IndexByte("0123456789abcdef", d|0x20)
		if v < 0 || d < '0' {
			return 0, false
		}
		c = c<<4 | byte(v)
	}
	return c, true
}

func malformed(name string, v value) *Error {
	e := failValue("D3140", v)
	e.detail.name = name
	return e
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// base64encode is $base64encode: of the low byte of each UTF-16 unit, as the
// reference does.
func base64encode(r *run, args []value) (value, *Error) {
	s := args[0].text()
	if err := r.afford(2 * len(s)); err != nil {
		return undefined, err
	}
	in := make([]byte, 0, len(s))
	for _, c := range s {
		if c > 0xFFFF {
			c -= 0x10000
			in = append(in, byte(c>>10))
			c &= 0x3FF
		}
		in = append(in, byte(c))
	}
	out := make([]byte, 0, (len(in)+2)/3*4)
	for i := 0; i < len(in); i += 3 {
		n := uint(in[i]) << 16
		if i+1 < len(in) {
			n |= uint(in[i+1]) << 8
		}
		if i+2 < len(in) {
			n |= uint(in[i+2])
		}
		out = append(out, base64Digits[n>>18], base64Digits[n>>12&63], base64Digits[n>>6&63], base64Digits[n&63])
	}
	for i := range (3 - len(in)%3) % 3 {
		out[len(out)-1-i] = '='
	}
	return ofString(string(out)), nil
}

// base64decode is $base64decode: each byte becomes a character. What is no digit
// is passed over; of a UTF-16 unit the low byte counts, as in node.
func base64decode(r *run, args []value) (value, *Error) {
	s := args[0].text()
	if err := r.afford(2 * len(s)); err != nil {
		return undefined, err
	}
	var b strings.Builder
	bits, have := uint(0), 0
	for _, unit := range utf16.Encode([]rune(s)) {
		c := byte(unit)
		switch c {
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		if c == '=' {
			break
		}
		digit := strings.IndexByte(base64Digits, c)
		if digit < 0 {
			continue
		}
		bits, have = bits<<6|uint(digit), have+6
		if have >= 8 {
			have -= 8
			b.WriteRune(rune(bits >> have & 0xFF))
		}
	}
	return ofString(b.String()), nil
}
