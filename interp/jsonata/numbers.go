package jsonata

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// toNumber is $number.
func toNumber(_ *run, args []value) (value, *Error) {
	v := args[0]
	switch v.kind() {
	case jsonval.Number:
		return v, nil
	case jsonval.Bool:
		if v.isTrue() {
			return ofInt(1), nil
		}
		return ofInt(0), nil
	case jsonval.String:
		if f, ok := parseNumber(v.text()); ok {
			return ofFloat(f), nil
		}
		if looksBased(v.text()) {
			f, ok := parseNumber(strings.TrimSpace(v.text()))
			if !ok {
				f = math.NaN()
			}
			return ofFloat(f), nil
		}
	}
	return undefined, failValue("D3030", v).withIndex(1)
}

// looksBased reports whether s begins with a hexadecimal number, has an octal one
// in it or ends with a binary one: the reference then converts all of it, to no
// number if need be.
func looksBased(s string) bool {
	return regexp.MustCompile(`^0[xX][0-9A-Fa-f]|0[oO][0-7]|0[bB][01]+$`).MatchString(s)
}

// parseNumber reads a JSON number, which may have zeros before it, or a number
// in hexadecimal, octal or binary.
func parseNumber(s string) (f float64, ok bool) {
	if len(s) > 2 && s[0] == '0' {
		base := strings.IndexByte("bBoOxX", s[1]) / 2
		if strings.IndexByte("bBoOxX", s[1]) >= 0 {
			bits := [...]int{1, 3, 4}[base]
			for _, c := range []byte(s[2:]) {
				digit := strings.IndexByte("0123456789abcdef", c|0x20)
				if digit < 0 || digit >= 1<<bits || c < '0' {
					return 0, false
				}
				f = f*float64(int(1)<<bits) + float64(digit)
			}
			return f, !math.IsInf(f, 0)
		}
	}
	digits := strings.TrimPrefix(s, "-")
	zeros := len(digits) - len(strings.TrimLeft(digits, "0"))
	if zeros > 0 && (zeros == len(digits) || digits[zeros] < '0' || digits[zeros] > '9') {
		zeros--
	}
	j, ok := jsonval.OfNumber(s[:len(s)-len(digits)] + digits[zeros:])
	if !ok {
		return 0, false
	}
	f, _ = j.Float()
	return f, !math.IsInf(f, 0)
}

// floor is $floor.
func floor(_ *run, args []value) (value, *Error) { return ofFloat(math.Floor(args[0].float())), nil }

// ceil is $ceil.
func ceil(_ *run, args []value) (value, *Error) { return ofFloat(math.Ceil(args[0].float())), nil }

// abs is $abs.
func abs(_ *run, args []value) (value, *Error) { return ofFloat(math.Abs(args[0].float())), nil }

// roundTo is $round.
func roundTo(_ *run, args []value) (value, *Error) {
	places := 0.0
	if v := argument(args, 1); v.isNumber() && v.float() == v.float() {
		places = v.float()
	}
	return ofFloat(round(args[0].float(), places)), nil
}

// round rounds to so many decimal places, halves to even. It moves the decimal
// point in the number's text, since multiplying would lose digits.
func round(f, places float64) float64 {
	shifted := f
	if places != 0 {
		shifted = shiftPoint(f, places)
	}
	result := math.Floor(shifted)
	if shifted-result >= 0.5 {
		result++
	}
	if diff := result - shifted; math.Abs(diff) == 0.5 && math.Abs(math.Mod(result, 2)) == 1 {
		result--
	}
	if places != 0 {
		result = shiftPoint(result, -places)
	}
	if result == 0 {
		return 0
	}
	return result
}

// shiftPoint is f times ten to the power of places, a whole number.
func shiftPoint(f, places float64) float64 {
	if math.IsInf(f, 0) || f != f {
		return math.NaN() // no text that takes an exponent
	}
	if places != math.Trunc(places) || math.Abs(places) >= 1e21 {
		return math.NaN()
	}
	places = max(-1e6, min(places, 1e6)) // more makes no difference
	mantissa, exponent, _ := strings.Cut(numberText(f), "e")
	e, _ := strconv.Atoi(exponent)
	shifted, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+int(places)), 64)
	return shifted
}

// sqrt is $sqrt.
func sqrt(_ *run, args []value) (value, *Error) {
	f := args[0].float()
	if f < 0 {
		return undefined, failValue("D3060", args[0]).withIndex(1)
	}
	return ofFloat(math.Sqrt(f)), nil
}

// power is $power.
func power(_ *run, args []value) (value, *Error) {
	base, exponent := args[0].float(), math.NaN()
	if v := argument(args, 1); v.isNumber() {
		exponent = v.float()
	}
	var f float64
	switch {
	case exponent == math.Trunc(exponent) && math.Abs(exponent) <= 2000 && base != 0 && base-base == 0:
		f = wholePower(base, int(exponent))
	case base > 0 && base < 0x1p-1022:
		f = math.Exp2(exponent * math.Log2(base)) // Pow is far off here
	default:
		f = math.Pow(base, exponent)
	}
	if math.Abs(base) == 1 && (math.IsInf(exponent, 0) || exponent != exponent) {
		f = math.NaN() // as JavaScript has it
	}
	if f != f || math.IsInf(f, 0) {
		e := failValue("D3061", args[0]).withIndex(1)
		_, e.detail.exponent = quoted(argument(args, 1))
		return undefined, e
	}
	return ofFloat(f), nil
}

// wholePower is base to a whole power, right to the last digit, which math.Pow is
// not: 1.1 to the power of 3 is 1.3310000000000004.
func wholePower(base float64, exponent int) float64 {
	const precision = 200
	x := new(big.Float).SetPrec(precision).SetFloat64(base)
	product := new(big.Float).SetPrec(precision).SetInt64(1)
	for n := max(exponent, -exponent); n > 0; n >>= 1 {
		if n&1 == 1 {
			product.Mul(product, x)
		}
		x.Mul(x, x)
	}
	if exponent < 0 {
		product.Quo(big.NewFloat(1).SetPrec(precision), product)
	}
	f, _ := product.Float64()
	return f
}

// formatBase is $formatBase.
func formatBase(_ *run, args []value) (value, *Error) {
	radix := 10.0
	if v := argument(args, 1); v.isNumber() {
		radix = round(v.float(), 0)
	}
	if !(radix >= 2 && radix <= 36) {
		return undefined, failValue("D3100", ofFloat(radix))
	}
	f := round(args[0].float(), 0)
	if radix == 10 || math.IsInf(f, 0) || f != f {
		return ofString(numberText(f)), nil
	}
	// Digits beyond a double's 53 bits are zeros, as V8 writes them.
	rest := math.Abs(f)
	zeros := 0
	for rest/radix >= 1<<53 {
		rest /= radix
		zeros++
	}
	s := strconv.FormatInt(int64(rest), int(radix)) + strings.Repeat("0", zeros)
	if f < 0 {
		s = "-" + s
	}
	return ofString(s), nil
}
