package jsonata

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// integerPicture is how an integer is written and read: the pictures of
// $formatInteger and the numbers in those of dates (XPath and XQuery Functions
// and Operators 3.1, section 4.6).
type integerPicture struct {
	kind       integerKind
	style      letterCase
	ordinal    bool
	zero       rune // the digit 0
	mandatory  int  // digits
	optional   int
	distance   int // between the grouping separators, where it is always the same
	separators []separator
	token      string // of a sequence, which is not supported
	width      int    // of the text to read, 0 for any
}

type separator struct {
	position  int // digits to its right
	character string
}

type integerKind uint8

const (
	decimalInteger integerKind = iota
	letterInteger
	romanInteger
	wordInteger
	sequenceInteger
)

type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

// zeros are the digits 0 of Unicode's decimal digits, as far as the reference
// knows them.
var zeros = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
	0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
	0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

// parseIntegerPicture reads a picture.
func parseIntegerPicture(picture string) (*integerPicture, *Error) {
	p := &integerPicture{}
	if at := strings.LastIndexByte(picture, ';'); at >= 0 {
		p.ordinal = strings.HasPrefix(picture[at+1:], "o")
		picture = picture[:at]
	}
	switch picture {
	case "A", "a":
		p.kind = letterInteger
	case "I", "i":
		p.kind = romanInteger
	case "W", "w", "Ww":
		p.kind = wordInteger
	default:
		return p, p.digits(picture)
	}
	switch picture {
	case "A", "I", "W":
		p.style = upperCase
	case "Ww":
		p.style = titleCase
	}
	return p, nil
}

// digits reads a picture of digits and separators, from right to left.
func (p *integerPicture) digits(picture string) *Error {
	position := 0
	chars := []rune(picture)
	for i := range chars {
		c := chars[len(chars)-1-i]
		group := slices.IndexFunc(zeros, func(zero rune) bool { return c >= zero && c <= zero+9 })
		switch {
		case group >= 0:
			if p.mandatory > 0 && zeros[group] != p.zero {
				return fail("D3131")
			}
			p.zero = zeros[group]
			p.mandatory++
			position++
		case c == '#':
			p.optional++
			position++
		default:
			p.separators = append(p.separators, separator{position, string(c)})
		}
	}
	if p.mandatory == 0 {
		p.kind, p.token = sequenceInteger, picture
		return nil
	}
	places := make([]int, len(p.separators))
	for i, s := range p.separators {
		if s.character != p.separators[0].character {
			return nil
		}
		places[i] = s.position
	}
	p.distance = regularDistance(places)
	return nil
}

// format writes n, a whole number.
func (p *integerPicture) format(n float64) (string, *Error) {
	var text string
	if math.IsInf(n, 0) || n != n {
		return "", failValue("D1001", ofFloat(n))
	}
	abs := math.Abs(n)
	switch p.kind {
	case letterInteger:
		text = letterText(abs)
	case romanInteger:
		if abs > 1e8 { // a hundred thousand letters
			return "", failValue("D1001", ofFloat(n))
		}
		text = romanText(int(abs))
	case wordInteger:
		text = wordText(abs, p.ordinal)
		if p.style == lowerCase {
			text = strings.ToLower(text)
		}
	case sequenceInteger:
		return "", failValue("D3130", ofString(p.token))
	default:
		text = p.decimalText(abs)
	}
	if p.style == upperCase {
		text = strings.ToUpper(text)
	}
	if n < 0 {
		text = "-" + text
	}
	return text, nil
}

func (p *integerPicture) decimalText(n float64) string {
	text := numberText(n)
	if missing := p.mandatory - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	chars := []rune(text)
	for i := range chars {
		chars[i] += p.zero - '0'
	}
	if p.distance > 0 {
		for at := len(chars) - p.distance; at > 0; at -= p.distance {
			chars = slices.Insert(chars, at, []rune(p.separators[0].character)...)
		}
	} else {
		for _, s := range slices.Backward(p.separators) {
			at := len(chars) - s.position
			rest := slices.Clone(chars[slicePlace(float64(at), len(chars)):]) // as the reference cuts it
			chars = append(append(chars[:max(0, at)], []rune(s.character)...), rest...)
		}
	}
	if p.ordinal {
		return string(chars) + ordinalSuffix(string(chars[max(0, len(chars)-2):]))
	}
	return string(chars)
}

// ordinalSuffix is what follows the last one or two characters of 1st, 2nd, 11th.
func ordinalSuffix(last string) string {
	if len(last) < 2 || last[0] != '1' {
		switch last[len(last)-1] {
		case '1':
			return "st"
		case '2':
			return "nd"
		case '3':
			return "rd"
		}
	}
	return "th"
}

// letterText is n as spreadsheets name columns, in small letters.
func letterText(n float64) string {
	var letters []byte
	for n > 0 {
		letters = append(letters, 'a'+byte(math.Mod(n-1, 26)))
		n = math.Floor((n - 1) / 26)
	}
	slices.Reverse(letters)
	return string(letters)
}

var romanNumerals = []struct {
	value int
	text  string
}{
	{1000, "m"},
	{900, "cm"},
	{500, "d"},
	{400, "cd"},
	{100, "c"},
	{90, "xc"},
	{50, "l"},
	{40, "xl"},
	{10, "x"},
	{9, "ix"},
	{5, "v"},
	{4, "iv"},
	{1, "i"},
}

func romanText(n int) string {
	var b strings.Builder
	for _, numeral := range romanNumerals {
		for n >= numeral.value {
			b.WriteString(numeral.text)
			n -= numeral.value
		}
	}
	return b.String()
}

// formatInteger is $formatInteger.
func formatInteger(r *run, args []value) (value, *Error) {
	picture := argument(args, 1)
	if !picture.isString() {
		return undefined, wrongArgument(picture, 2)
	}
	if err := r.work(len(picture.text())); err != nil {
		return undefined, err
	}
	p, err := parseIntegerPicture(picture.text())
	if err != nil {
		return undefined, err
	}
	text, err := p.format(math.Floor(args[0].float()))
	if err != nil {
		return undefined, err
	}
	return ofString(text), r.afford(len(text))
}

// parseInteger is $parseInteger.
func parseInteger(r *run, args []value) (value, *Error) {
	picture := argument(args, 1)
	if !picture.isString() {
		return undefined, wrongArgument(picture, 2)
	}
	if err := r.work(len(picture.text()) + len(args[0].text())); err != nil {
		return undefined, err
	}
	p, err := parseIntegerPicture(picture.text())
	if err != nil {
		return undefined, err
	}
	f, err := p.parse(args[0].text())
	return ofFloat(f), err
}

// parse reads a number as the picture writes it; NaN is one that is none.
func (p *integerPicture) parse(text string) (float64, *Error) {
	switch p.kind {
	case letterInteger:
		first := 'a'
		if p.style == upperCase {
			first = 'A'
		}
		f, place := 0.0, 1.0
		for _, c := range slices.Backward([]rune(text)) {
			f += float64(c-first+1) * place
			place *= 26
		}
		return f, nil
	case romanInteger:
		if p.style != upperCase {
			text = strings.ToUpper(text)
		}
		return parseRoman(text), nil
	case wordInteger:
		return parseWords(strings.ToLower(text)), nil
	case sequenceInteger:
		return 0, failValue("D3130", ofString(p.token))
	}
	if p.ordinal {
		text = text[:max(0, len(text)-2)]
	}
	if p.distance > 0 {
		text = strings.ReplaceAll(text, ",", "")
	} else {
		for _, s := range p.separators {
			text = strings.ReplaceAll(text, s.character, "")
		}
	}
	if p.zero != '0' {
		text = strings.Map(func(c rune) rune { return c - p.zero + '0' }, text)
	}
	return leadingInteger(text), nil
}

// leadingInteger is JavaScript's parseInt.
func leadingInteger(text string) float64 {
	text = strings.TrimLeft(text, " \t\n\r\v\f\u00a0\ufeff")
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "+"), "-")
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	f, ok := parseNumber(text[:n])
	switch {
	case !ok:
		return math.NaN()
	case negative:
		return -f
	}
	return f
}

func parseRoman(text string) float64 {
	values := map[rune]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	total, highest := 0.0, 1.0
	for len(text) > 0 {
		c, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
		v, ok := values[c]
		switch {
		case !ok:
			return math.NaN()
		case v < highest:
			total -= v
		default:
			highest = v
			total += v
		}
	}
	return total
}
