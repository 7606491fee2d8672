package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"
)

// charCount is the number of characters (code points) of s.
func charCount(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// charOffset is where character n of s begins, in bytes.
func charOffset(s string, n int) int {
	if n <= 0 {
		return 0
	}
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return len(s)
}

// substring is $substring.
func substring(_ *run, args []value) (value, *Error) {
	s := args[0].text()
	count := charCount(s)
	start, end := 0.0, math.Inf(1)
	if v := argument(args, 1); v.isNumber() {
		start = v.float()
	}
	if float64(count)+start < 0 {
		start = 0
	}
	if length := argument(args, 2); length.isNumber() {
		if length.float() <= 0 || !argument(args, 1).isNumber() {
			return ofString(""), nil
		}
		if end = start + length.float(); start < 0 {
			end += float64(count)
		}
	}
	from, to := slicePlace(start, count), slicePlace(end, count)
	if from >= to {
		return ofString(""), nil
	}
	if count == len(s) {
		return ofString(s[from:to]), nil
	}
	return ofString(s[charOffset(s, from):charOffset(s, to)]), nil
}

// slicePlace is what JavaScript's slice takes the position f in count things for.
func slicePlace(f float64, count int) int {
	if f = math.Trunc(f); f < 0 {
		f += float64(count)
	}
	if f != f {
		return 0
	}
	return int(max(0, min(f, float64(count))))
}

// substringBefore is $substringBefore.
func substringBefore(_ *run, args []value) (value, *Error) {
	before, _, found := strings.Cut(args[0].text(), argument(args, 1).text())
	if !found || !argument(args, 1).isString() {
		return args[0], nil
	}
	return ofString(before), nil
}

// substringAfter is $substringAfter.
func substringAfter(_ *run, args []value) (value, *Error) {
	_, after, found := strings.Cut(args[0].text(), argument(args, 1).text())
	if !found || !argument(args, 1).isString() {
		return args[0], nil
	}
	return ofString(after), nil
}

// length is $length.
func length(_ *run, args []value) (value, *Error) {
	return ofInt(charCount(args[0].text())), nil
}

// trim is $trim: blanks become one space, those around the text go.
func trim(r *run, args []value) (value, *Error) {
	s := args[0].text()
	isBlank := func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
	trimmed := strings.TrimFunc(s, isBlank)
	if !strings.ContainsAny(trimmed, "\t\n\r") && !strings.Contains(trimmed, "  ") {
		return ofString(trimmed), nil
	}
	return ofString(strings.Join(strings.FieldsFunc(trimmed, isBlank), " ")), r.afford(len(s))
}

// pad is $pad.
func pad(r *run, args []value) (value, *Error) {
	s, with := args[0].text(), " "
	if p := argument(args, 2); p.isString() && p.text() != "" {
		with = p.text()
	}
	if !argument(args, 1).isNumber() {
		return args[0], nil
	}
	width := math.Trunc(args[1].float())
	missing := math.Abs(width) - float64(charCount(s))
	if !(missing > 0) { // or no number
		return args[0], nil
	}
	each := charCount(with)
	times := math.Ceil(missing / float64(each))
	if times*float64(len(with)) > float64(r.bytes) {
		return undefined, limit(tooMuchMemory)
	}
	padding := strings.Repeat(with, int(times))
	padding = padding[:charOffset(padding, int(missing))]
	if err := r.afford(2*len(padding) + len(s)); err != nil {
		return undefined, err
	}
	if width > 0 {
		return ofString(s + padding), nil
	}
	return ofString(padding + s), nil
}

// join is $join.
func join(r *run, args []value) (value, *Error) {
	list, separator := args[0], argument(args, 1).text()
	size := len(separator) * list.len()
	for i := range list.len() {
		size += len(list.at(i).text())
	}
	if err := r.afford(size); err != nil {
		return undefined, err
	}
	var b strings.Builder
	b.Grow(size)
	for i := range list.len() {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(list.at(i).text())
	}
	return ofString(b.String()), r.work(list.len())
}

// lowercase is $lowercase.
func lowercase(r *run, args []value) (value, *Error) {
	s := args[0].text()
	if err := r.afford(len(s)); err != nil {
		return undefined, err
	}
	if !strings.ContainsAny(s, "Σİ") {
		return ofString(strings.ToLower(s)), nil
	}
	var b strings.Builder
	for i, c := range s {
		switch {
		case c == 'Σ' && endsWord(s, i):
			b.WriteRune('ς')
		case c == 'İ':
			b.WriteString("i̇")
		default:
			b.WriteString(strings.ToLower(string(c)))
		}
	}
	return ofString(b.String()), nil
}

// endsWord reports whether the character at i comes after a letter and before
// none.
func endsWord(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	_, size := utf8.DecodeRuneInString(s[i:])
	after, _ := utf8.DecodeRuneInString(s[i+size:])
	return isCased(before) && !isCased(after)
}

func isCased(c rune) bool {
	return c != utf8.RuneError && strings.ToLower(string(c)) != strings.ToUpper(string(c))
}

// uppercase is $uppercase.
func uppercase(r *run, args []value) (value, *Error) {
	s := args[0].text()
	if err := r.afford(3 * len(s)); err != nil {
		return undefined, err
	}
	special := func(c rune) bool { return c >= utf8.RuneSelf && longUpper[c] != "" }
	if !strings.ContainsFunc(s, special) {
		return ofString(strings.ToUpper(s)), nil
	}
	var b strings.Builder
	for _, c := range s {
		if long := longUpper[c]; long != "" {
			b.WriteString(long)
			continue
		}
		b.WriteString(strings.ToUpper(string(c)))
	}
	return ofString(b.String()), nil
}

// split is $split.
func split(r *run, args []value) (value, *Error) {
	text := args[0].text()
	most, err := count32(argument(args, 2), "D3020", 3)
	if err != nil {
		return undefined, err
	}
	if most == 0 {
		return r.newArray(nil), nil
	}
	separator := argument(args, 1)
	var parts []string
	if separator.isString() {
		most = math.Floor(most)
		if err := r.affordItems(strings.Count(text, separator.text())); err != nil {
			return undefined, err
		}
		switch {
		case text == "" && separator.text() == "":
		case separator.text() == "":
			parts = splitChars(text)
		default:
			parts = strings.Split(text, separator.text())
		}
		if float64(len(parts)) > most {
			parts = parts[:int(most)]
		}
	} else {
		start, taken := 0, 0.0
		ms := r.matches(separator, text)
		for {
			// The reference looks for one more than it takes.
			m, ok, err := ms.next()
			if err != nil {
				return undefined, err
			}
			if !ok || taken >= most {
				break
			}
			parts = append(parts, cut(text, start, m.start))
			start = m.end
			taken++
		}
		if taken < most {
			parts = append(parts, cut(text, start, len(text)))
		}
	}
	out := make([]value, len(parts))
	for i := range parts {
		out[i] = ofString(parts[i])
	}
	return r.newArray(out), nil
}

// cut is text[from:to], whatever a matcher of the user's has made of them.
func cut(text string, from, to int) string {
	from, to = min(max(from, 0), len(text)), min(max(to, 0), len(text))
	return text[min(from, to):max(from, to)]
}

func splitChars(s string) []string {
	out := make([]string, 0, len(s))
	for len(s) > 0 {
		n := charOffset(s, 1)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

// count32 is a limit on how many to take; without one it is infinite.
func count32(v value, code string, index int) (float64, *Error) {
	if !v.isNumber() {
		return math.Inf(1), nil
	}
	f := v.float()
	if f < 0 {
		return 0, failValue(code, v).withIndex(index)
	}
	return f, nil
}

// wrongArgument is for an argument that the signature lets through and the
// function can do nothing with: undefined, mostly.
func wrongArgument(v value, index int) *Error {
	return failValue("T0410", v).withIndex(index)
}
