package jsonata

import (
	"errors"
	"math"
	"strings"

	"asldbg/interp/jsonata/jsregexp"
)

// compileRegex compiles the regular expression of a token.
func compileRegex(l *lexer, t token) (*jsregexp.Regexp, *Error) {
	re, err := jsregexp.Compile(t.text, t.flags)
	if err != nil {
		at := t.start + 1
		var syntax *jsregexp.SyntaxError
		if errors.As(err, &syntax) {
			at += syntax.Offset
		}
		return nil, l.lexError(regexCode, at, t.end).because("Invalid regular expression: /" + t.text + "/: " + err.Error())
	}
	return re, nil
}

// regexCode is for regular expressions that JavaScript would not take either; the
// reference reports them without a code.
const regexCode = "S0303"

// found is a match in a text: where it is, in bytes, and its groups.
type found struct {
	text       string
	start, end int
	units      int    // UTF-16 units up to start, as JavaScript counts
	index      value  // units, or what a matcher of the user's says
	groupsAt   []int  // pairs, -1 for a group that took no part
	given      value  // the groups of a matcher of the user's
	matched    string // what that says it has matched
}

// match is the text that matched.
func (m found) match() string {
	if m.groupsAt == nil {
		return m.matched
	}
	return m.text[m.start:m.end]
}

// endUnits is the end as JavaScript counts.
func (m found) endUnits() int { return m.units + utf16Len(m.match()) }

func (m found) groupCount() int {
	if m.groupsAt == nil && m.given.isArray() {
		return m.given.len()
	}
	return len(m.groupsAt) / 2
}

// group is group i, from 0; ok is false for one that took no part.
func (m found) group(i int) (text string, ok bool) {
	if m.groupsAt == nil {
		v := m.given.at(i)
		return v.text(), v.isString()
	}
	if m.groupsAt[2*i] < 0 {
		return "", false
	}
	return m.text[m.groupsAt[2*i]:m.groupsAt[2*i+1]], true
}

// groups are the groups as values, undefined for those that took no part.
func (m found) groups() []value {
	out := make([]value, m.groupCount())
	for i := range out {
		if text, ok := m.group(i); ok {
			out[i] = ofString(text)
		}
	}
	return out
}

// find looks for a regular expression from byte at on, which is so many UTF-16
// units into the text.
func (r *run) find(re *jsregexp.Regexp, text string, at, units int) (m found, ok bool, err *Error) {
	loc, e := re.Find(text, at, func(steps int) error {
		if err := r.work(steps); err != nil {
			return err
		}
		return nil
	})
	if e != nil {
		var limited *Error
		if !errors.As(e, &limited) {
			limited = limit(e.Error())
		}
		return m, false, limited
	}
	if loc == nil {
		return m, false, nil
	}
	units += utf16Len(text[at:loc[0]])
	return found{text: text, start: loc[0], end: loc[1], units: units, index: ofInt(units), groupsAt: loc[2:]}, true, nil
}

// matches goes from match to match of a regular expression, or of a function that
// answers like one.
type matches struct {
	run     *run
	regex   *jsregexp.Regexp
	text    string
	at      int // where to go on, in bytes
	units   int // and in UTF-16 units
	started bool
	teller  *function // that tells the next match
	source  value
}

func (r *run) matches(matcher value, text string) *matches {
	ms := &matches{run: r, text: text, source: matcher}
	if fn := matcher.function(); fn != nil {
		ms.regex, ms.teller = fn.regex, fn
	}
	return ms
}

func (ms *matches) next() (m found, ok bool, err *Error) {
	if ms.regex == nil {
		return ms.call()
	}
	if ms.started && ms.at >= len(ms.text) {
		return m, false, nil
	}
	m, ok, err = ms.run.find(ms.regex, ms.text, ms.at, ms.units)
	if err != nil || !ok {
		return m, false, err
	}
	if ms.started && m.end == m.start {
		return m, false, failValue("D1004", ofString(ms.regex.String()))
	}
	ms.started, ms.at, ms.units = true, m.end, m.endUnits()
	return m, true, nil
}

// call asks a function of the user's.
func (ms *matches) call() (m found, ok bool, err *Error) {
	if ms.teller == nil {
		if ms.started {
			return m, false, nil
		}
		return m, false, wrongArgument(ms.source, 2)
	}
	args := []value{undefined}
	if !ms.started {
		ms.started = true
		args[0] = ofString(ms.text)
	}
	v, err := ms.run.applyWith(ms.teller, args...)
	if err != nil || v.isUndefined() {
		return m, false, err
	}
	start, end, groups, next := v.member("start"), v.member("end"), v.member("groups"), v.member("next")
	if !start.isNumber() && !end.isNumber() && !groups.isArray() && !next.isFunction() {
		return m, false, fail("T1010")
	}
	ms.teller = next.function()
	m = found{
		text: ms.text, start: unitOffset(ms.text, start), end: unitOffset(ms.text, end),
		index: start, given: groups, matched: v.member("match").text(),
	}
	m.units = utf16Len(ms.text[:m.start])
	return m, true, ms.run.work(1 + len(ms.text)/textPerStep)
}

// member is get for what may be no object.
func (v value) member(key string) value {
	if !v.isObject() {
		return undefined
	}
	return v.get(key)
}

// unitOffset is the byte where UTF-16 unit v of s is.
func unitOffset(s string, v value) int {
	if !v.isNumber() {
		return 0
	}
	left := v.float()
	for i, c := range s {
		if left <= 0 {
			return i
		}
		if left--; c > 0xFFFF {
			left--
		}
	}
	return len(s)
}

// contains is $contains.
func contains(r *run, args []value) (value, *Error) {
	token := argument(args, 1)
	switch {
	case token.isUndefined():
		return undefined, nil
	case token.isString():
		return ofBool(strings.Contains(args[0].text(), token.text())), nil
	}
	_, ok, err := r.matches(token, args[0].text()).next()
	return ofBool(ok), err
}

// match is $match.
func match(r *run, args []value) (value, *Error) {
	most, err := count32(argument(args, 2), "D3040", 3)
	if err != nil || most == 0 {
		return emptySequence, err
	}
	var out []value
	ms := r.matches(argument(args, 1), args[0].text())
	for taken := 0.0; ; taken++ {
		// The reference looks for one more than it takes.
		m, ok, err := ms.next()
		if err != nil {
			return undefined, err
		}
		if !ok || taken >= most {
			break
		}
		out = append(out, r.newObject(&object{members: []member{
			{"match", ofString(m.match())},
			{"index", m.index},
			{"groups", r.newArray(m.groups())},
		}}))
	}
	return r.newSequence(out), nil
}

// replace is $replace.
func replace(r *run, args []value) (value, *Error) {
	text, pattern, replacement := args[0].text(), argument(args, 1), argument(args, 2)
	if pattern.isString() && pattern.text() == "" {
		return undefined, failValue("D3010", pattern).withIndex(2)
	}
	most, err := count32(argument(args, 3), "D3011", 4)
	if err != nil || most == 0 {
		return args[0], err
	}
	if pattern.isString() {
		switch {
		case !strings.Contains(text, pattern.text()):
			return args[0], nil
		case replacement.isUndefined():
			replacement = ofString("undefined") // as JavaScript joins texts
		case !replacement.isString():
			return undefined, failValue("D3012", replacement)
		}
		return r.replaceText(text, pattern.text(), replacement.text(), most)
	}
	var buf []byte
	at := 0
	ms := r.matches(pattern, text)
	for taken := 0.0; ; taken++ {
		m, ok, err := ms.next()
		if err != nil {
			return undefined, err
		}
		if !ok || taken >= most {
			break
		}
		buf = append(buf, cut(text, at, max(at, m.start))...)
		if replacement.isString() {
			buf = m.expand(buf, replacement.text())
		} else if buf, err = r.replaced(buf, m, replacement); err != nil {
			return undefined, err
		}
		at = min(m.start+len(m.match()), len(text))
		if len(buf) > r.bytes {
			return undefined, limit(tooMuchMemory)
		}
	}
	buf = append(buf, cut(text, at, len(text))...)
	return ofString(string(buf)), r.afford(2 * len(buf))
}

func (r *run) replaceText(text, pattern, replacement string, most float64) (value, *Error) {
	times := float64(strings.Count(text, pattern))
	times = min(times, math.Ceil(most))
	if size := times * float64(len(replacement)); size > float64(r.bytes) {
		return undefined, limit(tooMuchMemory)
	}
	out := strings.Replace(text, pattern, replacement, int(times))
	return ofString(out), r.afford(len(out))
}

// replaced appends what a function makes of a match.
func (r *run) replaced(buf []byte, m found, fn value) ([]byte, *Error) {
	f := fn.function()
	if f == nil {
		return nil, failValue("D3012", fn)
	}
	arg := r.newObject(&object{members: []member{
		{"match", ofString(m.match())},
		{"start", ofInt(m.units)},
		{"end", ofInt(m.endUnits())},
		{"groups", r.newArray(m.groups())},
	}})
	v, err := r.applyWith(f, arg)
	if err != nil {
		return nil, err
	}
	if v.isSequence() {
		v = (&node{}).settled(v)
	}
	if !v.isString() {
		return nil, failValue("D3012", v)
	}
	return append(buf, v.text()...), nil
}

// expand appends a replacement with its $1 filled in.
func (m found) expand(buf []byte, with string) []byte {
	groups := m.groupCount()
	digits := 1 // that may follow a $
	for n := groups; n >= 10; n /= 10 {
		digits++
	}
	for {
		before, rest, dollar := strings.Cut(with, "$")
		buf = append(buf, before...)
		if !dollar {
			return buf
		}
		switch {
		case strings.HasPrefix(rest, "$"):
			buf = append(buf, '$')
			with = rest[1:]
			continue
		case strings.HasPrefix(rest, "0"):
			buf = append(buf, m.match()...)
			with = rest[1:]
			continue
		}
		number, n := leadingNumber(rest, digits)
		if digits > 1 && number > groups {
			number, n = leadingNumber(rest, digits-1)
		}
		if n == 0 {
			buf = append(buf, '$')
		} else if number <= groups {
			text, _ := m.group(number - 1)
			buf = append(buf, text...)
		}
		with = rest[n:]
	}
}

// leadingNumber reads up to most digits; n is how many there are.
func leadingNumber(s string, most int) (number, n int) {
	for n < most && n < len(s) && s[n] >= '0' && s[n] <= '9' {
		number = number*10 + int(s[n]-'0')
		n++
	}
	return number, n
}
