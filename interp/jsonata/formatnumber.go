package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// decimalFormat is the characters that mean something in a picture of
// $formatNumber (XPath and XQuery Functions and Operators 3.1, section 4.7).
type decimalFormat struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, pattern, zero string
	family                                                                      []string // the digits 0 to 9
}

func newDecimalFormat(options value) decimalFormat {
	f := decimalFormat{
		decimal: ".", grouping: ",", exponent: "e", minus: "-", percent: "%", perMille: "‰",
		digit: "#", pattern: ";", zero: "0",
	}
	if options.isObject() {
		for name, field := range map[string]*string{
			"decimal-separator": &f.decimal, "grouping-separator": &f.grouping, "exponent-separator": &f.exponent,
			"minus-sign": &f.minus, "percent": &f.percent, "per-mille": &f.perMille, "digit": &f.digit,
			"pattern-separator": &f.pattern, "zero-digit": &f.zero,
		} {
			if v := options.get(name); v.isString() {
				*field = v.text()
			}
		}
	}
	first, _ := firstChar(f.zero)
	for i := range rune(10) {
		f.family = append(f.family, string(first+i))
	}
	return f
}

func firstChar(s string) (c rune, ok bool) {
	for _, c := range s {
		return c, true
	}
	return 0, false
}

func (f *decimalFormat) isDigit(c string) bool { return slices.Contains(f.family, c) }

// isActive reports whether c has a meaning in a picture.
func (f *decimalFormat) isActive(c string) bool {
	return f.isDigit(c) || c == f.decimal || c == f.exponent || c == f.grouping || c == f.digit || c == f.pattern
}

// count is how many characters of part are digits, optional ones among them where
// they are asked for.
func (f *decimalFormat) count(part string, optional bool) int {
	n := 0
	for _, c := range splitChars(part) {
		if f.isDigit(c) || optional && c == f.digit {
			n++
		}
	}
	return n
}

// subPicture is what a picture says about positive or negative numbers.
type subPicture struct {
	text, prefix, suffix, active, mantissa, exponent, integer, fraction string
	hasExponent                                                         bool
}

func (f *decimalFormat) split(text string) subPicture {
	p := subPicture{text: text}
	chars := splitChars(text)
	marks := func(c string) bool { return f.isActive(c) && c != f.exponent }
	if i := slices.IndexFunc(chars, marks); i >= 0 {
		p.prefix = strings.Join(chars[:i], "")
	}
	for i := len(chars) - 1; i >= 0; i-- {
		if marks(chars[i]) {
			p.suffix = strings.Join(chars[i+1:], "")
			break
		}
	}
	if len(p.prefix)+len(p.suffix) < len(text) {
		p.active = text[len(p.prefix) : len(text)-len(p.suffix)]
	}
	p.mantissa = p.active
	if f.exponent != "" {
		if at := strings.Index(text[len(p.prefix):], f.exponent); at >= 0 && len(p.prefix)+at <= len(text)-len(p.suffix) {
			// The reference counts from the picture's start here, and from the active
			// part's there.
			at = charCount(text[:len(p.prefix)+at])
			p.hasExponent = true
			p.mantissa = p.active[:charOffset(p.active, at)]
			p.exponent = p.active[charOffset(p.active, at+1):]
		}
	}
	integer, fraction, point := strings.Cut(p.mantissa, f.decimal)
	p.integer, p.fraction = integer, fraction
	if !point {
		p.fraction = p.suffix
	}
	return p
}

// validate checks the rules of section 4.7.3; of several that are broken, the
// last counts.
func (f *decimalFormat) validate(p subPicture) *Error {
	code := ""
	broken := func(when bool, c string) {
		if when {
			code = c
		}
	}
	chars := splitChars(p.active)
	point := strings.Index(p.text, f.decimal)
	broken(strings.Count(p.text, f.decimal) > 1, "D3081")
	broken(strings.Count(p.text, f.percent) > 1, "D3082")
	broken(strings.Count(p.text, f.perMille) > 1, "D3083")
	broken(strings.Contains(p.text, f.percent) && strings.Contains(p.text, f.perMille), "D3084")
	broken(f.count(p.mantissa, true) == 0, "D3085")
	broken(slices.ContainsFunc(chars, func(c string) bool { return !f.isActive(c) }), "D3086")
	if point >= 0 {
		beside := strings.HasSuffix(p.text[:point], f.grouping) || strings.HasPrefix(p.text[point+len(f.decimal):], f.grouping)
		broken(beside, "D3087")
	} else {
		broken(p.integer != "" && strings.HasSuffix(p.integer, f.grouping), "D3088")
	}
	broken(strings.Contains(p.text, f.grouping+f.grouping), "D3089")
	if at := strings.Index(p.integer, f.digit); at >= 0 {
		broken(f.count(p.integer[:at], false) > 0, "D3090")
	}
	if at := strings.LastIndex(p.fraction, f.digit); at >= 0 {
		broken(f.count(p.fraction[at:], false) > 0, "D3091")
	}
	if p.hasExponent {
		percent := strings.Contains(p.text, f.percent) || strings.Contains(p.text, f.perMille)
		broken(p.exponent != "" && percent, "D3092")
		broken(p.exponent == "" || f.count(p.exponent, false) != len(splitChars(p.exponent)), "D3093")
	}
	if code != "" {
		return fail(code)
	}
	return nil
}

// layout is what a sub-picture asks for (section 4.7.4).
type layout struct {
	subPicture
	integerGroups, fractionGroups []int // places of grouping separators, from the point
	regular                       int   // distance of the former, where it is always the same
	minInteger, scaling           int
	minFraction, maxFraction      int
	minExponent                   int
}

func (f *decimalFormat) layout(p subPicture) layout {
	l := layout{subPicture: p}
	if f.grouping != "" {
		for at, rest := 0, p.integer; ; {
			next := strings.Index(rest, f.grouping)
			if next < 0 {
				break
			}
			at += next
			l.integerGroups = append(l.integerGroups, f.count(p.integer[at:], true))
			at += len(f.grouping)
			rest = p.integer[at:]
		}
		if at := strings.Index(p.fraction, f.grouping); at >= 0 {
			l.fractionGroups = append(l.fractionGroups, f.count(p.fraction[:at], true))
			// The reference looks for the others in the integer part.
			for from := at + 1; from < len(p.integer); {
				next := strings.Index(p.integer[from:], f.grouping)
				if next < 0 {
					break
				}
				from += next
				l.fractionGroups = append(l.fractionGroups, f.count(p.fraction[:min(from, len(p.fraction))], true))
				from++
			}
		}
	}
	l.regular = regularDistance(l.integerGroups)
	l.minInteger = f.count(p.integer, false)
	l.scaling = l.minInteger
	l.minFraction, l.maxFraction = f.count(p.fraction, false), f.count(p.fraction, true)
	if l.minInteger == 0 && l.maxFraction == 0 {
		if p.hasExponent {
			l.minFraction, l.maxFraction = 1, 1
		} else {
			l.minInteger = 1
		}
	}
	if p.hasExponent && l.minInteger == 0 && strings.Contains(p.integer, f.digit) {
		l.minInteger = 1
	}
	if l.minInteger == 0 && l.minFraction == 0 {
		l.minFraction = 1
	}
	if p.hasExponent {
		l.minExponent = f.count(p.exponent, false)
	}
	return l
}

// regularDistance is the distance at which all places stand, or 0.
func regularDistance(places []int) int {
	if len(places) == 0 {
		return 0
	}
	factor := 0
	for _, p := range places {
		for p != 0 {
			factor, p = p, factor%p
		}
	}
	for i := range places {
		if !slices.Contains(places, (i+1)*factor) {
			return 0
		}
	}
	return factor
}

// formatNumber is $formatNumber.
func formatNumber(r *run, args []value) (value, *Error) {
	f := newDecimalFormat(argument(args, 2))
	picture := argument(args, 1)
	if !picture.isString() {
		return undefined, wrongArgument(picture, 2)
	}
	if err := r.work(len(picture.text())); err != nil {
		return undefined, err
	}
	parts := strings.Split(picture.text(), f.pattern)
	if f.pattern == "" {
		parts = splitChars(picture.text())
	}
	if len(parts) > 2 {
		return undefined, fail("D3080")
	}
	if len(parts) == 0 {
		parts = []string{""}
	}
	layouts := make([]layout, 0, 2)
	for _, text := range parts {
		p := f.split(text)
		if err := f.validate(p); err != nil {
			return undefined, err
		}
		layouts = append(layouts, f.layout(p))
	}
	if len(layouts) == 1 {
		negative := layouts[0]
		negative.prefix = f.minus + negative.prefix
		layouts = append(layouts, negative)
	}
	n := args[0].float()
	l := layouts[0]
	if !(n >= 0) {
		l = layouts[1]
	}
	if f.percent != "" && strings.Contains(l.text, f.percent) {
		n *= 100
	} else if f.perMille != "" && strings.Contains(l.text, f.perMille) {
		n *= 1000
	}
	if l.maxFraction > 100 || l.minInteger > 1000 || l.minExponent > 1000 {
		return undefined, wrongArgument(picture, 2)
	}
	return ofString(f.format(n, l)), nil
}

// format writes n as l says (section 4.7.5).
func (f *decimalFormat) format(n float64, l layout) string {
	mantissa, exponent := n, 0
	if l.minExponent > 0 {
		high, low := math.Pow(10, float64(l.scaling)), math.Pow(10, float64(l.scaling-1))
		if mantissa != 0 && !math.IsInf(mantissa, 0) {
			for math.Abs(mantissa) < low {
				mantissa *= 10
				exponent--
			}
			for math.Abs(mantissa) > high {
				mantissa /= 10
				exponent++
			}
		}
	}
	text := f.decimalText(math.Abs(round(mantissa, float64(l.maxFraction))), l)
	if l.minExponent > 0 {
		digits := strconv.Itoa(max(exponent, -exponent))
		if missing := l.minExponent - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		text += f.exponent
		if exponent < 0 {
			text += f.minus
		}
		text += f.digits(digits)
	}
	return l.prefix + text + l.suffix
}

// decimalText writes a number that is not negative. It cuts and pads the text as
// the reference does, since pictures with odd groups show in which order.
func (f *decimalFormat) decimalText(n float64, l layout) string {
	text := numberText(n)
	if n < 1e21 {
		text = strconv.FormatFloat(n, 'f', l.maxFraction, 64)
	}
	integer, fraction, _ := strings.Cut(text, ".")
	integer = strings.TrimLeft(integer, "0")
	fraction = strings.TrimRight(fraction, "0")
	integer = strings.Repeat("0", max(0, l.minInteger-len(integer))) + integer
	fraction += strings.Repeat("0", max(0, l.minFraction-len(fraction)))
	chars := splitChars(f.digits(integer))
	point := len(chars)
	chars = append(chars, f.decimal)
	chars = append(chars, splitChars(f.digits(fraction))...)
	insert := func(at int) {
		i := slicePlace(float64(at), len(chars))
		chars = slices.Insert(chars, i, f.grouping)
		if i <= point {
			point++
		}
	}
	if l.regular > 0 {
		for at := point - l.regular; at > 0; at -= l.regular {
			insert(at)
		}
	} else {
		at := point
		for _, place := range l.integerGroups {
			insert(at - place)
			at++
		}
	}
	for _, place := range l.fractionGroups {
		insert(place + point + 1)
	}
	if !strings.Contains(l.text, f.decimal) || point == len(chars)-1 {
		chars = chars[:len(chars)-1]
	}
	return strings.Join(chars, "")
}

// digits writes digits in the format's own.
func (f *decimalFormat) digits(s string) string {
	if f.zero == "0" {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= '0' && c <= '9' {
			b.WriteString(f.family[c-'0'])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
