package jsonata

import (
	"math"
	"strconv"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// numberText is a number as JavaScript writes it.
func numberText(f float64) string {
	switch {
	case f != f:
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return jsonval.OfFloat(f).Text()
}

// shortNumber is a number with at most 15 significant digits: what $string makes
// of it, so that 0.1 + 0.2 reads 0.3.
func shortNumber(f float64) string {
	if f == math.Trunc(f) {
		return numberText(f)
	}
	text := numberText(f)
	if len(text) <= 16 {
		return text // a point and 15 digits, or less
	}
	f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	return numberText(f)
}

// stringify is $string; undefined gives the empty text.
func (r *run) stringify(v value) (string, *Error) {
	switch v.kind() {
	case jsonval.Undefined, kindFunction:
		return "", nil
	case jsonval.String:
		return v.text(), nil
	case jsonval.Null:
		return "null", nil
	case jsonval.Bool:
		return v.json.String(), nil
	case jsonval.Number:
		f := v.float()
		if f != f || math.IsInf(f, 0) {
			return "", failValue("D3001", v)
		}
		return shortNumber(f), nil
	}
	w := writer{run: r}
	if err := w.value(v); err != nil {
		return "", err
	}
	return string(w.buf), r.afford(len(w.buf))
}

// writer writes values as JavaScript's JSON.stringify does.
type writer struct {
	*run
	buf    []byte
	indent bool
	level  int
}

func (w *writer) line() {
	if w.indent {
		w.buf = append(w.buf, '\n')
		for range w.level {
			w.buf = append(w.buf, "  "...)
		}
	}
}

func (w *writer) value(v value) *Error {
	switch v.kind() {
	case jsonval.Undefined:
		w.buf = append(w.buf, "null"...)
	case kindFunction:
		w.buf = append(w.buf, `""`...)
	case jsonval.String:
		w.buf = appendQuoted(w.buf, v.text())
	case jsonval.Number:
		f, ok, err := v.numeric()
		if err != nil {
			return err
		}
		if !ok {
			w.buf = append(w.buf, "null"...)
			break
		}
		w.buf = append(w.buf, shortNumber(f)...)
	case jsonval.Array:
		if v.ref != nil && v.ref.outer {
			return w.value(v.ref.items[0])
		}
		return w.array(v)
	case jsonval.Object:
		return w.object(v)
	default:
		w.buf = v.json.AppendJSON(w.buf)
	}
	if len(w.buf) > w.bytes {
		return limit(tooMuchMemory)
	}
	return w.work(1)
}

func (w *writer) array(v value) *Error {
	if v.len() == 0 {
		w.buf = append(w.buf, "[]"...)
		return nil
	}
	w.buf = append(w.buf, '[')
	w.level++
	for i := range v.len() {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.line()
		if err := w.value(v.at(i)); err != nil {
			return err
		}
	}
	w.level--
	w.line()
	w.buf = append(w.buf, ']')
	return nil
}

func (w *writer) object(v value) *Error {
	w.buf = append(w.buf, '{')
	w.level++
	written := 0
	for i := range v.size() {
		key, m := v.memberAt(i)
		if m.isUndefined() {
			continue
		}
		if written++; written > 1 {
			w.buf = append(w.buf, ',')
		}
		w.line()
		w.buf = append(appendQuoted(w.buf, key), ':')
		if w.indent {
			w.buf = append(w.buf, ' ')
		}
		if err := w.value(m); err != nil {
			return err
		}
	}
	w.level--
	if written > 0 {
		w.line()
	}
	w.buf = append(w.buf, '}')
	return nil
}

// appendQuoted appends s as a JSON string, with the escapes JavaScript chooses.
func appendQuoted(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case isHalf(s[i:]):
			dst = append(dst, '\\', 'u', 'd', hex[8|s[i+1]>>2&7], hex[s[i+1]&3<<2|s[i+2]>>4&3], hex[s[i+2]&15])
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// isHalf reports whether s begins with half of a surrogate pair.
func isHalf(s string) bool {
	return len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[2] >= utf8.RuneSelf
}
