package jsonata

import (
	"math"
	"strings"
)

// datePicture is a picture of dates and times (XPath and XQuery Functions and
// Operators 3.1, section 9.8.4), its texts and components in their order.
type datePicture []datePart

type datePart struct {
	literal   string // where component is 0
	component byte   // Y, M, D, …; unknown ones are kept with modifiers
	names     bool   // written in words
	style     letterCase
	integer   *integerPicture
	traveling bool // modifier t: no offset is written Z
	maxWidth  int  // of names, 0 for none
	hasMax    bool
	years     int // digits of the year, -1 for all
}

// defaultModifiers are the presentations of components that say none.
var defaultModifiers = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

// isoPicture is the picture of dates without one.
const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

func parseDatePicture(picture string) (datePicture, *Error) {
	var p datePicture
	literal := func(text string) {
		if text != "" {
			p = append(p, datePart{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		at := strings.IndexByte(picture, '[')
		if at < 0 {
			literal(picture)
			return p, nil
		}
		literal(picture[:at])
		if strings.HasPrefix(picture[at:], "[[") {
			p = append(p, datePart{literal: "["})
			picture = picture[at+2:]
			continue
		}
		end := strings.IndexByte(picture[at:], ']')
		if end < 0 {
			return nil, fail("D3135")
		}
		marker := strings.Join(strings.Fields(picture[at+1:at+end]), "")
		part, err := parseDatePart(marker)
		if err != nil {
			return nil, err
		}
		if n := len(p); n > 0 && part.isNumber() && p[n-1].integer != nil {
			// Numbers that touch are told apart by their widths.
			p[n-1].integer.width = p[n-1].integer.mandatory
		}
		p = append(p, part)
		picture = picture[at+end+1:]
	}
}

// isNumber reports whether the component is written in digits.
func (d datePart) isNumber() bool {
	return d.component != 0 && !d.names && strings.IndexByte("YMDdFWwXxHhmsf", d.component) >= 0
}

func parseDatePart(marker string) (d datePart, err *Error) {
	d.years = -1
	minWidth, hasMin := 0, false
	modifiers := ""
	if marker != "" {
		d.component, modifiers = marker[0], marker[1:]
	}
	if comma := strings.LastIndexByte(modifiers, ','); comma >= 0 {
		low, high, _ := strings.Cut(modifiers[comma+1:], "-")
		minWidth, hasMin = parseWidth(low)
		d.maxWidth, d.hasMax = parseWidth(high)
		modifiers = modifiers[:comma]
	}
	ordinal := ""
	if n := len(modifiers); n > 1 && strings.IndexByte("atco", modifiers[n-1]) >= 0 {
		ordinal = ";" + modifiers[n-1:]
		d.traveling = modifiers[n-1] == 't'
		modifiers = modifiers[:n-1]
	}
	if modifiers == "" {
		var known bool
		if modifiers, known = defaultModifiers[d.component]; !known {
			return d, failValue("D3132", ofString(strings.Trim(string(rune(d.component)), "\x00")))
		}
	}
	switch {
	case modifiers[0] == 'n':
		d.names = true
	case strings.HasPrefix(modifiers, "Nn"):
		d.names, d.style = true, titleCase
	case modifiers[0] == 'N':
		d.names, d.style = true, upperCase
	case d.isNumber():
		if d.integer, err = parseIntegerPicture(modifiers + ordinal); err != nil {
			return d, err
		}
		if hasMin && d.integer.kind == decimalInteger {
			d.integer.mandatory = max(d.integer.mandatory, minWidth)
		}
		if d.component == 'Y' {
			if w := d.integer.mandatory + d.integer.optional; w >= 2 {
				d.years = w
			}
			if d.hasMax {
				d.years, d.integer.mandatory = d.maxWidth, d.maxWidth
			}
		}
	}
	if d.component == 'Z' || d.component == 'z' {
		d.integer, err = parseIntegerPicture(modifiers)
	}
	return d, err
}

// mostWidth bounds the widths a picture may ask for.
const mostWidth = 1000

func parseWidth(s string) (width int, ok bool) {
	if s == "" || s == "*" {
		return 0, false
	}
	f := leadingInteger(s)
	if f != f {
		return 0, false
	}
	return int(max(0, min(f, mostWidth))), true
}

var (
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
	monthNames = strings.Fields("January February March April May June July August September October November December")
)

// zone is an offset from UTC as the reference takes it apart.
type zone struct{ hours, minutes int }

// parseZone reads an offset written +hhmm.
func parseZone(v value) (zone, *Error) {
	if !v.isString() {
		return zone{}, nil
	}
	offset := leadingInteger(v.text())
	if offset != offset || math.Abs(offset) > 9999 {
		return zone{}, wrongArgument(v, 3)
	}
	return zone{int(math.Floor(offset / 100)), int(offset) % 100}, nil
}

// format writes the time of so many milliseconds since 1970.
func (p datePicture) format(millis float64, z zone) (string, *Error) {
	millis = math.Trunc(millis + float64((60*z.hours+z.minutes)*60*1000))
	if !validMillis(millis) {
		return "", failValue("D1001", ofFloat(millis))
	}
	var b strings.Builder
	for i := range p {
		if p[i].component == 0 {
			b.WriteString(p[i].literal)
			continue
		}
		text, err := p[i].format(int64(millis), z)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (d *datePart) format(millis int64, z zone) (string, *Error) {
	switch d.component {
	case 'Z', 'z':
		return d.formatZone(z)
	case 'P':
		text := "am"
		if dateComponent(millis, 'H') >= 12 {
			text = "pm"
		}
		if d.names && d.style == upperCase {
			text = strings.ToUpper(text)
		}
		return text, nil
	case 'C', 'E':
		return "ISO", nil
	}
	if strings.IndexByte("YMDdFWwXxHhmsf", d.component) < 0 {
		return "undefined", nil // what the reference writes
	}
	n := dateComponent(millis, d.component)
	if d.component == 'Y' && d.years >= 0 {
		n = math.Mod(n, math.Pow(10, float64(d.years)))
	}
	if !d.names {
		return d.integer.format(n)
	}
	var name string
	switch d.component {
	case 'M', 'x':
		name = monthNames[int(n)-1]
	case 'F':
		name = dayNames[int(n)-1]
	default:
		return "", failValue("D3133", ofString(string(rune(d.component))))
	}
	switch d.style {
	case upperCase:
		name = strings.ToUpper(name)
	case lowerCase:
		name = strings.ToLower(name)
	}
	if d.hasMax && len(name) > d.maxWidth {
		name = name[:d.maxWidth]
	}
	return name, nil
}

func (d *datePart) formatZone(z zone) (text string, err *Error) {
	offset := z.hours*100 + z.minutes
	digits := d.integer.mandatory
	switch {
	case offset == 0 && d.traveling:
		return "Z", nil
	case d.integer.distance > 0 || digits == 3 || digits == 4:
		text, err = d.integer.format(float64(offset))
	case digits == 1 || digits == 2:
		if text, err = d.integer.format(float64(z.hours)); err == nil && z.minutes != 0 {
			minutes := &integerPicture{zero: '0', mandatory: 2}
			rest, _ := minutes.format(float64(z.minutes))
			text += ":" + rest
		}
	default:
		return "", failValue("D3134", ofInt(digits))
	}
	if offset >= 0 {
		text = "+" + text
	}
	if d.component == 'z' {
		text = "GMT" + text
	}
	return text, err
}
