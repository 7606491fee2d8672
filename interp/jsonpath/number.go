package jsonpath

import (
	"cmp"
	"strconv"
	"strings"
)

// compareNumbers orders two decimal numbers by their exact value, whatever
// their exponents.
func compareNumbers(a, b string) int {
	if a == b {
		return 0
	}
	if m, ok := smallInteger(a); ok {
		if n, ok := smallInteger(b); ok {
			return cmp.Compare(m, n)
		}
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if n := cmp.Compare(x, y); n != 0 && errX == nil && errY == nil {
		return n // rounding keeps the order
	}
	return parseDecimal(a).compare(parseDecimal(b))
}

// smallInteger reads up to 15 digits.
func smallInteger(s string) (n int64, ok bool) {
	for i := range len(s) {
		if !isDigit(s[i]) || i == 15 {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, s != ""
}

// decimal is 0.digits × 10^point; digits may hold the dot and starts with no
// zero.
type decimal struct {
	sign   int // -1, 0, 1
	digits string
	point  int64
}

func parseDecimal(s string) decimal {
	d := decimal{sign: 1}
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			d.sign = -1
		}
		s = s[1:]
	}
	mantissa, exponent := cutExponent(s)
	whole := strings.IndexByte(mantissa, '.')
	if whole < 0 {
		whole = len(mantissa)
	}
	first := strings.IndexAny(mantissa, "123456789")
	if first < 0 {
		return decimal{}
	}
	d.digits = mantissa[first:]
	d.point = exponent + int64(whole-first)
	if first > whole {
		d.point++ // the dot itself is no digit
	}
	return d
}

func (d decimal) compare(e decimal) int {
	if d.sign != e.sign || d.sign == 0 {
		return cmp.Compare(d.sign, e.sign)
	}
	n := cmp.Compare(d.point, e.point)
	for i, j := 0, 0; n == 0 && (i < len(d.digits) || j < len(e.digits)); i, j = i+1, j+1 {
		var x, y byte
		x, i = digitAt(d.digits, i)
		y, j = digitAt(e.digits, j)
		n = cmp.Compare(x, y)
	}
	return n * d.sign
}

// digitAt is the digit at i or just behind the dot there; past the end it is 0.
func digitAt(s string, i int) (byte, int) {
	if i < len(s) && s[i] == '.' {
		i++
	}
	if i >= len(s) {
		return '0', i
	}
	return s[i], i
}

// integerPart is the number without its fraction; ok is false outside of 32 bits.
func integerPart(s string) (n int, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f <= -1<<31-1 || f >= 1<<31 {
		return 0, false
	}
	return int(f), true
}
