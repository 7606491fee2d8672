package jsonpath

import (
	"math"
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// javaText is v as Java prints it in Jayway's messages: objects as {a=1}, what
// is inside arrays as JSON, strings without quotes.
func javaText(v jsonval.Value) string {
	switch v.Kind() {
	case jsonval.Number:
		return javaNumber(v.Text())
	case jsonval.String:
		return v.Text()
	case jsonval.Object:
		var b strings.Builder
		b.WriteByte('{')
		for name, child := range v.Members() {
			if b.Len() > 1 {
				b.WriteString(", ")
			}
			b.WriteString(name)
			b.WriteByte('=')
			b.WriteString(javaText(child))
		}
		b.WriteByte('}')
		return b.String()
	}
	return v.String()
}

// javaClass names the class v has in Jayway's default configuration.
func javaClass(v jsonval.Value) string {
	switch v.Kind() {
	case jsonval.Bool:
		return "java.lang.Boolean"
	case jsonval.String:
		return "java.lang.String"
	case jsonval.Array:
		return "net.minidev.json.JSONArray"
	case jsonval.Object:
		return "java.util.LinkedHashMap"
	case jsonval.Number:
		if !isIntegral(v.Text()) {
			return "java.lang.Double"
		}
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		switch {
		case err != nil:
			return "java.math.BigInteger"
		case n < math.MinInt32 || n > math.MaxInt32:
			return "java.lang.Long"
		}
		return "java.lang.Integer"
	}
	return "null"
}

// isIntegral reports whether Java reads the JSON number as an integer.
func isIntegral(number string) bool { return !strings.ContainsAny(number, ".eE") }

// javaNumber is a JSON number as Java prints it once parsed: integers as they
// are, others as Double.toString does (1.50 is 1.5, 1e10 is 1.0E10).
func javaNumber(number string) string {
	if isIntegral(number) {
		if number == "-0" {
			return "0"
		}
		return number
	}
	f, _ := strconv.ParseFloat(number, 64)
	if math.IsInf(f, 0) {
		return decimalText(number) // Java keeps a BigDecimal
	}
	if abs := math.Abs(f); abs == 0 || abs >= 1e-3 && abs < 1e7 {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if isIntegral(text) {
			text += ".0"
		}
		return text
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if isIntegral(mantissa) {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}

// decimalText is a decimal number as BigDecimal.toString prints it: 5.10 stays
// 5.10, 1e2 is 1E+2.
func decimalText(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	mantissa, exponent := cutExponent(number)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		digits, sign = "0", ""
	}
	scale := int64(len(fraction)) - exponent
	adjusted := int64(len(digits)) - 1 - scale
	if scale < 0 || adjusted < -6 {
		text := digits[:1]
		if len(digits) > 1 {
			text += "." + digits[1:]
		}
		text += "E"
		if adjusted > 0 {
			text += "+"
		}
		return sign + text + strconv.FormatInt(adjusted, 10)
	}
	if scale == 0 {
		return sign + digits
	}
	if missing := int(scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - int(scale)
	return sign + digits[:point] + "." + digits[point:]
}

// cutExponent splits a number into its mantissa and its exponent, which is kept
// within 13 digits.
func cutExponent(number string) (mantissa string, exponent int64) {
	const limit = 1e12
	i := strings.IndexAny(number, "eE")
	if i < 0 {
		return number, 0
	}
	n, err := strconv.ParseInt(number[i+1:], 10, 64)
	if err != nil || n > limit || n < -limit {
		n = limit
		if number[i+1] == '-' {
			n = -limit
		}
	}
	return number[:i], n
}
