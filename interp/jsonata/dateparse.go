package jsonata

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"asldbg/interp/jsonata/jsregexp"
)

// now is $now.
func now(r *run, args []value) (value, *Error) {
	return r.formatDate(r.millis(), argument(args, 0), argument(args, 1))
}

// millis is $millis.
func millis(r *run, _ []value) (value, *Error) { return ofFloat(r.millis()), nil }

func (r *run) millis() float64 { return float64(r.env.Now.UnixMilli()) }

// fromMillis is $fromMillis.
func fromMillis(r *run, args []value) (value, *Error) {
	return r.formatDate(args[0].float(), argument(args, 1), argument(args, 2))
}

func (r *run) formatDate(millis float64, picture, offset value) (value, *Error) {
	text := isoPicture
	if picture.isString() {
		text = picture.text()
	}
	if err := r.afford(8 * len(text)); err != nil {
		return undefined, err
	}
	p, err := parseDatePicture(text)
	if err != nil {
		return undefined, err
	}
	z, err := parseZone(offset)
	if err != nil {
		return undefined, err
	}
	s, err := p.format(millis, z)
	return ofString(s), err
}

// toMillis is $toMillis.
func toMillis(r *run, args []value) (value, *Error) {
	picture := argument(args, 1)
	if !picture.isString() {
		f, ok := parseISO(args[0].text())
		switch {
		case ok:
			return ofFloat(f), nil
		case isoShape(args[0].text()):
			return ofFloat(math.NaN()), nil // there is no such day
		}
		return undefined, failValue("D3110", args[0])
	}
	if err := r.afford(8 * len(picture.text())); err != nil {
		return undefined, err
	}
	p, err := parseDatePicture(picture.text())
	if err != nil {
		return undefined, err
	}
	return r.parseDate(p, args[0].text())
}

// isoShape reports whether s is written as a date is, if perhaps an impossible
// one.
func isoShape(s string) bool {
	shape := regexp.MustCompile(`^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)
	return shape.MatchString(s)
}

// parseISO reads a date or a date and time as ISO 8601 writes it. One without an
// offset is in UTC.
func parseISO(s string) (millis float64, ok bool) {
	part := func(prefix string, digits int) (f float64, ok bool) {
		rest, found := strings.CutPrefix(s, prefix)
		if !found || len(rest) < digits {
			return 0, false
		}
		n, err := strconv.ParseUint(rest[:digits], 10, 32)
		if err != nil {
			return 0, false
		}
		s = rest[digits:]
		return float64(n), true
	}
	year, ok := part("", 4)
	if !ok {
		return 0, false
	}
	month, day := 1.0, 1.0
	if f, ok := part("-", 2); ok {
		month = f
		if f, ok := part("-", 2); ok {
			day = f
		}
	}
	var hour, minute, second, milli float64
	if strings.HasPrefix(s, "T") {
		var good [3]bool
		hour, good[0] = part("T", 2)
		minute, good[1] = part(":", 2)
		second, good[2] = part(":", 2)
		if good != [3]bool{true, true, true} {
			return 0, false
		}
		if rest, fraction := strings.CutPrefix(s, "."); fraction {
			s = strings.TrimLeft(rest, "0123456789")
			digits := rest[:len(rest)-len(s)]
			if digits == "" {
				return 0, false
			}
			milli, _ = strconv.ParseFloat((digits + "00")[:3], 64)
		}
	}
	offset, ok := parseOffset(s)
	sane := month >= 1 && month <= 12 && day >= 1 && day <= 31 && minute < 60 && second < 60 &&
		(hour < 24 || hour == 24 && minute == 0 && second == 0 && milli == 0)
	if !ok || !sane {
		return 0, false
	}
	if year < 100 {
		// Years are themselves here; 400 years are always as long.
		ms := utcMillis(year+400, month-1, day, hour, minute, second, milli)
		return ms - 146097*millisOfDay - offset, true
	}
	return utcMillis(year, month-1, day, hour, minute, second, milli) - offset, true
}

// parseOffset reads Z, +hh:mm, +hhmm or nothing, in milliseconds.
func parseOffset(s string) (millis float64, ok bool) {
	if s == "" || s == "Z" {
		return 0, true
	}
	digits := strings.Replace(s[1:], ":", "", 1)
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || len(digits) != 4 || n%100 > 59 || n >= 3000 || len(s) == 6 && s[3] != ':' || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	millis = float64(n/100*60+n%100) * 60_000
	if s[0] == '-' {
		millis = -millis
	}
	return millis, true
}

// readings are the components of a date that a text gave.
type readings map[byte]float64

// given reports whether a component is there and, as the reference asks, not 0.
func (d readings) given(component byte) bool {
	f, ok := d[component]
	return ok && f != 0 && f == f
}

// parseDate reads a text as a picture says.
func (r *run) parseDate(p datePicture, text string) (value, *Error) {
	pattern, err := p.pattern()
	if err != nil {
		return undefined, err
	}
	re, bad := jsregexp.Compile(pattern, "i")
	if bad != nil {
		return undefined, limit(bad.Error())
	}
	m, ok, err := r.find(re, text, 0, 0)
	if err != nil || !ok {
		return undefined, err
	}
	read := readings{}
	any := false
	for i := range p {
		if p[i].component == 0 {
			continue
		}
		any = true
		s, _ := m.group(i)
		f, ok, err := p[i].parse(s)
		if err != nil {
			return undefined, err
		}
		if ok {
			read[p[i].component] = f
		} else {
			delete(read, p[i].component)
		}
	}
	if !any {
		return undefined, nil
	}
	return read.millis(int64(r.millis()))
}

// pattern is the picture as a regular expression with a group for each part.
func (p datePicture) pattern() (string, *Error) {
	var b strings.Builder
	b.WriteByte('^')
	for i := range p {
		part, err := p[i].pattern()
		if err != nil {
			return "", err
		}
		b.WriteString("(" + part + ")")
	}
	b.WriteByte('$')
	return b.String(), nil
}

func (d *datePart) pattern() (string, *Error) {
	switch {
	case d.component == 0:
		return escapePattern(d.literal), nil
	case d.component == 'Z' || d.component == 'z':
		text := "[-+][0-9]+"
		if d.integer.distance > 0 {
			text += escapePattern(d.integer.separators[0].character) + "[0-9]+"
		}
		if d.component == 'z' {
			text = "GMT" + text
		}
		return text, nil
	case d.component == 'f':
		return "[0-9]+", nil
	case d.integer != nil:
		return d.integer.pattern()
	case strings.IndexByte("MxFP", d.component) < 0:
		return "", failValue("D3133", ofString(string(rune(d.component))))
	}
	return "[a-zA-Z]+", nil
}

func (p *integerPicture) pattern() (string, *Error) {
	switch p.kind {
	case letterInteger:
		return "[a-zA-Z]+", nil
	case romanInteger:
		return "[mdclxviMDCLXVI]+", nil
	case wordInteger:
		words := slices.Sorted(maps.Keys(wordValues))
		return "(?:" + strings.Join(append(words, "and", `[\-, ]`), "|") + ")+", nil
	case sequenceInteger:
		return "", failValue("D3130", ofString(p.token))
	}
	text := "[0-9]+"
	if p.width > 0 {
		text = "[0-9]{" + strconv.Itoa(p.width) + "}"
	}
	if p.ordinal {
		text += "(?:th|st|nd|rd)"
	}
	return text, nil
}

func escapePattern(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune(`.*+?^${}()|[]\`, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// parse reads one component; ok is false for a name it does not know.
func (d *datePart) parse(s string) (f float64, ok bool, err *Error) {
	switch {
	case d.component == 'Z' || d.component == 'z':
		return d.parseZone(strings.TrimPrefix(strings.ToUpper(s), "GMT")), true, nil
	case d.component == 'f':
		f, _ := strconv.ParseFloat("0."+s[:min(3, len(s))], 64)
		return f * 1000, true, nil
	case d.integer != nil:
		f, err := d.integer.parse(s)
		return f, true, err
	case d.component == 'P':
		switch s {
		case "am", "AM":
			return 0, true, nil
		case "pm", "PM":
			return 1, true, nil
		}
		return 0, false, nil
	}
	names := monthNames
	if d.component == 'F' {
		names = dayNames
	}
	for i, name := range names {
		if d.hasMax && d.maxWidth > 0 && len(name) > d.maxWidth {
			name = name[:d.maxWidth]
		}
		if s == name {
			f, ok = float64(i+1), true // of several that are cut alike, the last
		}
	}
	return f, ok, nil
}

// parseZone reads an offset, in minutes.
func (d *datePart) parseZone(s string) float64 {
	if d.integer.distance > 0 {
		hours, minutes, _ := strings.Cut(s, d.integer.separators[0].character)
		return leadingInteger(hours)*60 + leadingInteger(minutes)
	}
	if len(s) <= 3 {
		return leadingInteger(s) * 60
	}
	return leadingInteger(s[:3])*60 + leadingInteger(s[3:])
}

// fits reports whether the components given among all are ones of allowed, and at
// least one of them.
func (d readings) fits(all, allowed string) bool {
	some := false
	for i := range len(all) {
		if !d.given(all[i]) {
			continue
		}
		if strings.IndexByte(allowed, all[i]) < 0 {
			return false
		}
		some = true
	}
	return some
}

// millis is the time that the components tell. What is left of the first of them
// (the year, say) is as at the time now, what is right of the last is zero, and
// between them none may be missing.
func (d readings) millis(now int64) (value, *Error) {
	const dates, times = "YXMxWwdD", "PHhmsf"
	order := "YMD"
	dayOfYear, weekDate := false, false
	switch {
	case d.fits(dates, "YMD"):
	case d.fits(dates, "Yd"):
		order, dayOfYear = "YD", true
	case d.fits(dates, "Xxw"):
		order, weekDate = "XxwF", true
	case d.fits(dates, "XW"):
		order, weekDate = "XWF", true
	}
	if !d.fits(times, "Hmsf") && d.fits(times, "Phmsf") {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	started, ended := false, false
	for i := range len(order) {
		c := order[i]
		if _, ok := d[c]; ok {
			started = true
			if ended {
				return undefined, fail("D3136")
			}
			continue
		}
		switch {
		case !started:
			d[c] = dateComponent(now, c)
			if c == 'P' {
				d[c] = math.NaN() // a text in the reference: neither am nor pm
			}
		case c == 'M' || c == 'D':
			d[c], ended = 1, true
		default:
			d[c], ended = 0, true
		}
	}
	if weekDate {
		return undefined, fail("D3136") // the reference does not read these either
	}
	month := max(0, d['M']-1)
	if dayOfYear {
		first := utcMillis(d['Y'], 0, d['d'], 0, 0, 0, 0)
		if first != first {
			return ofFloat(first), nil
		}
		month, d['D'] = dateComponent(int64(first), 'M')-1, dateComponent(int64(first), 'D')
	}
	hour := d['H']
	if strings.Contains(order, "h") {
		if hour = d['h']; hour == 12 {
			hour = 0
		}
		if d['P'] == 1 {
			hour += 12
		}
	}
	ms := utcMillis(d['Y'], month, d['D'], hour, d['m'], d['s'], d['f'])
	if d.given('Z') {
		ms -= d['Z'] * 60_000
	} else if d.given('z') {
		ms -= d['z'] * 60_000
	}
	return ofFloat(ms), nil
}
