package jsonpath

import (
	"math/big"
	"testing"

	"asldbg/interp/jsonval"
)

func TestCompareNumbers(t *testing.T) {
	numbers := []string{ // ascending
		"-1e99999999999999999999", "-1e99999999999", "-1e400", "-12345678901234567891", "-12345678901234567890", "-1.5", "-1.05", "-0.001", "-1e-400", "0", "1e-99999999999999999999", "1e-400", "1e-300",
		"0.001", "0.0010000000000000000001", "0.1", "1", "1.0000000000000000000001", "9.99", "10", "9007199254740992", "9007199254740993", "1e400", "2e400", "1e99999999999", "1e99999999999999999999",
	}
	for i, a := range numbers {
		for j, b := range numbers {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := compareNumbers(a, b); got != want {
				t.Errorf("compareNumbers(%s, %s) = %d", a, b, got)
			}
		}
	}
	for _, same := range [][2]string{{"1", "1.0"}, {"1e2", "100"}, {"0", "-0"}, {"0.0", "0e9"}, {"120e-2", "1.2"}, {".5", "0.50"}, {"5.", "+5"}, {"1E400", "10e399"}, {"0.0001e404", "1e400"}} {
		if compareNumbers(same[0], same[1]) != 0 {
			t.Errorf("%s and %s differ", same[0], same[1])
		}
	}
}

func FuzzCompareNumbers(f *testing.F) {
	f.Add("1.50", "15e-1")
	f.Add("-0.001", "1e-3")
	f.Add("12345678901234567890", "12345678901234567891")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !isDecimal(a) || !isDecimal(b) {
			return
		}
		if _, x := cutExponent(a); x > 500 || x < -500 {
			return
		}
		if _, y := cutExponent(b); y > 500 || y < -500 {
			return
		}
		x, okX := new(big.Rat).SetString(a)
		y, okY := new(big.Rat).SetString(b)
		if !okX || !okY {
			t.Fatalf("isDecimal takes %q and %q", a, b)
		}
		if got := compareNumbers(a, b); got != x.Cmp(y) {
			t.Fatalf("compareNumbers(%s, %s) = %d", a, b, got)
		}
	})
}

func TestJavaTexts(t *testing.T) {
	for number, want := range map[string]string{
		"1": "1", "-0": "0", "1.50": "1.5", "1e2": "100.0", "1e7": "1.0E7", "9999999.5": "9999999.5", "0.001": "0.001", "0.00012": "1.2E-4",
		"12345678901234567890": "12345678901234567890", "-0.0": "-0.0", "1.25e-10": "1.25E-10", "1e400": "1E+400",
	} {
		if got := javaNumber(number); got != want {
			t.Errorf("javaNumber(%s) = %s, want %s", number, got, want)
		}
	}
	for number, want := range map[string]string{
		"5.10": "5.10", "1e2": "1E+2", "0.000001": "0.000001", "0.0000001": "1E-7", "12e-9": "1.2E-8", "-1.5": "-1.5", "007": "7", ".5": "0.5", "5.": "5", "-0": "0", "0e5": "0E+5", "-120": "-120",
	} {
		if got := decimalText(number); got != want {
			t.Errorf("decimalText(%s) = %s, want %s", number, got, want)
		}
	}
	doc := jsonval.MustParse(`{"a":{"b":null,"c":[{"d":"x"},1.50]},"t":true,"s":"q"}`)
	if got, want := javaText(doc), `{a={b=null, c=[{"d":"x"},1.50]}, t=true, s=q}`; got != want {
		t.Errorf("javaText = %s, want %s", got, want)
	}
	for text, want := range map[string]string{
		`1`: "java.lang.Integer", `3000000000`: "java.lang.Long", `30000000000000000000`: "java.math.BigInteger", `1.5`: "java.lang.Double",
		`"s"`: "java.lang.String", `true`: "java.lang.Boolean", `[]`: "net.minidev.json.JSONArray", `{}`: "java.util.LinkedHashMap", `null`: "null",
	} {
		if got := javaClass(jsonval.MustParse(text)); got != want {
			t.Errorf("javaClass(%s) = %s, want %s", text, got, want)
		}
	}
}

func TestCompareText(t *testing.T) {
	ordered := []string{"", "a", "aa", "ab", "b", "é", "ퟯ", "😀", "😁", "\uE000", "\uFFFD"}
	for i, a := range ordered {
		for j, b := range ordered {
			got := compareText(a, b)
			if (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("compareText(%q, %q) = %d", a, b, got)
			}
		}
	}
}
