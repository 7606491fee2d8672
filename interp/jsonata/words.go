package jsonata

import (
	"math"
	"strings"
)

// English number words, as $formatInteger writes and $parseInteger reads them.
var (
	smallWords = strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen " +
		"Fifteen Sixteen Seventeen Eighteen Nineteen")
	smallOrdinals = strings.Fields("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh " +
		"Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth")
	tenWords       = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
	magnitudeWords = strings.Fields("Thousand Million Billion Trillion")
)

// wordText is a whole number that is not negative in words.
func wordText(n float64, ordinal bool) string {
	var b strings.Builder
	writeWords(&b, n, false, ordinal)
	return b.String()
}

// writeWords writes n; more is set where greater parts of the number precede it.
func writeWords(b *strings.Builder, n float64, more, ordinal bool) {
	rest, suffix := 0.0, "th"
	switch {
	case n <= 19:
		if more {
			b.WriteString(" and ")
		}
		if ordinal {
			b.WriteString(smallOrdinals[int(n)])
		} else {
			b.WriteString(smallWords[int(n)])
		}
		return
	case n < 100:
		if more {
			b.WriteString(" and ")
		}
		tens := tenWords[int(n/10)-2]
		switch rest := math.Mod(n, 10); {
		case rest > 0:
			b.WriteString(tens + "-")
			writeWords(b, rest, false, ordinal)
		case ordinal:
			b.WriteString(strings.TrimSuffix(tens, "y") + "ieth")
		default:
			b.WriteString(tens)
		}
		return
	}
	if more {
		b.WriteString(", ")
	}
	if n < 1000 {
		b.WriteString(smallWords[int(n/100)] + " Hundred")
		rest = math.Mod(n, 100)
	} else {
		factor, word := 1000.0, 0
		for n >= factor*1000 && word < len(magnitudeWords)-1 {
			factor, word = factor*1000, word+1
		}
		many := math.Floor(n / factor)
		writeWords(b, many, false, false)
		b.WriteString(" " + magnitudeWords[word])
		rest = n - many*factor
	}
	switch {
	case rest > 0:
		writeWords(b, rest, true, ordinal)
	case ordinal:
		b.WriteString(suffix)
	}
}

// wordValues is what each word stands for, in small letters.
var wordValues = func() map[string]float64 {
	m := map[string]float64{}
	add := func(word string, v float64) { m[strings.ToLower(word)] = v }
	for i := range smallWords {
		add(smallWords[i], float64(i))
		add(smallOrdinals[i], float64(i))
	}
	for i, word := range append(append([]string(nil), tenWords...), "Hundred") {
		add(word, float64(i+2)*10)
		add(word[:len(word)-1]+"ieth", float64(i+2)*10)
	}
	add("Hundredth", 100)
	for i, word := range magnitudeWords {
		add(word, math.Pow(1000, float64(i+1)))
		add(word+"th", math.Pow(1000, float64(i+1)))
	}
	return m
}()

// parseWords reads number words; NaN is a text with others.
func parseWords(text string) float64 {
	if text == "" {
		return math.NaN()
	}
	sums := []float64{0} // parts that are complete, then the one being read
	for text != "" {
		var word string
		word, text = cutWord(text)
		v, ok := wordValues[word]
		last := &sums[len(sums)-1]
		switch {
		case !ok:
			return math.NaN()
		case v >= 100:
			*last *= v
		case *last >= 1000:
			sums = append(sums, v)
		default:
			*last += v
		}
	}
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

// cutWord cuts at what may stand between words: a comma with a blank, " and ", a
// blank, a hyphen or a backslash.
func cutWord(s string) (word, rest string) {
	blank := func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
	for i := range len(s) {
		switch c := s[i]; {
		case c == ',' && i+1 < len(s) && blank(s[i+1]):
			return s[:i], s[i+2:]
		case blank(c) && i+4 < len(s) && s[i+1:i+4] == "and" && blank(s[i+4]):
			return s[:i], s[i+5:]
		case blank(c) || c == '-' || c == '\\':
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
