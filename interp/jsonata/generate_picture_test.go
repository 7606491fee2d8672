package jsonata

import (
	"fmt"
	"strings"
)

var integerTexts = []string{"123", "1,234", "xiv", "MMXIX", "twelve", "one thousand and one", "Third", "TWENTY-FIRST", "ab", "Z", "0012", "-5", "3rd", "12th", "one hundred and twenty-three million", "", "٣"}

var dateTexts = []string{"2018-03-23", "2018-03-23T10:33:36.617Z", "2018", "2018-03", "2018-03-23T10:33:36+01:00", "23/03/2018", "March 23rd, 2018", "10:33 pm", "Friday, 23 March 2018", "2018-W12-5", "2018-082", "twenty-third of March", "2018-3-5", "1521801216617", "", "x", "2018-02-30", "2018-13-01", "Fri 23 Mar", "2018-03-23 10:33:36", "2018-03-23T10:33:36.617+0530"}

func (g *generator) millis() string {
	return pick(g.Rand, []string{"0", "1521801216617", "1", "-1", "1e12", "951782400000", "1577836800000", "1609459199999", "1230768000000", "253402300799999", fmt.Sprint(g.Int64N(4e12) - 1e12)})
}

func (g *generator) integerPicture() string {
	return pick(g.Rand, []string{"0", "1", "001", "#,##0", "i", "I", "w", "W", "Ww", "a", "A", "w;o", "Ww;o", "W;o", "0;o", "##1;o", "0001", "1,000", "#,##,##0", "١", "00#", "0,0,0", "#.##0", "", "#", "x", "w;c", "0;o(-er)", "Aa", "#0,00", "000;", "N"})
}

func (g *generator) datePicture() string {
	if g.IntN(4) == 0 {
		return pick(g.Rand, []string{"[Y0001]-[M01]-[D01]", "[D1o] [MNn] [Y]", "[h]:[m01] [Pn]", "[H01]:[m01]:[s01].[f001]", "[FNn], [D] [MNn,3-3] [Y]", "[Y]-[W01]-[F1]", "[X]-W[W01]-[F0]", "[Y]-[d001]", "[Dwo] of [MNn]", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]", "[h#1]:[m01][P]", "[M01]/[D01]/[Y0001] at [H01]:[m01]:[s01]"})
	}
	var b strings.Builder
	for range 1 + g.IntN(4) {
		b.WriteString(pick(g.Rand, []string{"", "", "-", " ", "/", "]]", "[[", ":", "at", ","}))
		b.WriteString("[" + pick(g.Rand, []string{"Y", "M", "D", "d", "F", "W", "w", "X", "x", "H", "h", "P", "m", "s", "f", "Z", "z", "C", "E", "Y", "M", "D", "H", "m", "Q"}))
		b.WriteString(pick(g.Rand, []string{"", "", "1", "01", "001", "0001", "N", "n", "Nn", "w", "W", "Ww", "i", "I", "a", "A", "1o", "wo", "Wwo", "0", "#1", "#", "01:01", "0101", "01:01t", "0t", "9,999", "o", "5"}))
		b.WriteString(pick(g.Rand, []string{"", "", "", ",2", ",2-2", ",3-3", ",*-2", ",4", ",1-*", ",3"}))
		if g.IntN(40) > 0 {
			b.WriteByte(']')
		}
	}
	return b.String()
}

func (g *generator) numberPicture() string {
	if g.IntN(3) == 0 {
		return pick(g.Rand, []string{"#,##0.00", "0", "#", "00.00", "#,###.##", "0.0e0", "##0.0##e00", "01%", "#0.0‰", "$#,##0.00;($#,##0.00)", "0;", "#.#", "abc0def", "0.0.0", "#,", ",0", "0,.0", "#0#", "0%‰", "1,234.5", "[0]", "¤0", "#,##0;-#,##0", "###,##0.00#", "0.###e0", "#00.0#%", "0.00##;neg 0.0", "#,####,##0", "0.0,00", "000,000.000,000", "pre#0post", "0 0", "e0", "0e", "0e#", "#.0e00"})
	}
	var b strings.Builder
	for range 1 + g.IntN(8) {
		b.WriteString(pick(g.Rand, []string{"#", "#", "0", "0", "0", ",", ".", "9", "e", "%", "-", "x", " ", ";", "‰"}))
	}
	return b.String()
}

// picture is a call of a function that takes a picture.
func (g *generator) picture() string {
	switch g.IntN(9) {
	case 0, 1:
		n := pick(g.Rand, []string{"0", "1", "-1", "0.5", "12345.678", "-0.045", "1e-7", "1e15", "0.999", "99.95", "1234567890", "0.1", fmt.Sprint(g.Float64()), fmt.Sprint(g.NormFloat64() * 1e4), fmt.Sprint(g.IntN(1e6))})
		options := pick(g.Rand, []string{"", "", "", "", `,{"decimal-separator":","}`, `,{"grouping-separator":" "}`, `,{"zero-digit":"٠"}`, `,{"minus-sign":"~"}`, `,{"percent":"pct"}`, `,{"per-mille":"pm"}`, `,{"exponent-separator":"E"}`, `,{"digit":"_"}`, `,{"pattern-separator":"!"}`})
		return "$formatNumber(" + n + "," + g.quote(g.numberPicture()) + options + ")"
	case 2, 3:
		n := pick(g.Rand, []string{fmt.Sprint(g.IntN(120)), fmt.Sprint(g.IntN(1e4)), fmt.Sprint(g.IntN(1e9)), fmt.Sprint(g.Int64N(1e15)), "-" + fmt.Sprint(g.IntN(1e5)), "1e18", "12.99"})
		return "$formatInteger(" + n + "," + g.quote(g.integerPicture()) + ")"
	case 4:
		p := g.quote(g.integerPicture())
		return "$parseInteger($formatInteger(" + fmt.Sprint(g.IntN(1e6)) + "," + pick(g.Rand, []string{p, p, g.quote(g.integerPicture())}) + ")," + p + ")"
	case 5:
		return "$fromMillis(" + g.millis() + "," + g.quote(g.datePicture()) + pick(g.Rand, []string{"", "", `,"+0100"`, `,"-0530"`, `,"+1245"`, `,"0000"`}) + ")"
	case 6:
		return "$fromMillis(" + fmt.Sprint(g.Int64N(4e12)-1e12) + "," + g.quote(g.datePicture()) + ")"
	case 7:
		return "$toMillis(" + g.quote(pick(g.Rand, dateTexts)) + "," + g.quote(g.datePicture()) + ")"
	default:
		p := g.quote(g.datePicture())
		return "$toMillis($fromMillis(" + g.millis() + "," + p + ")," + p + ")"
	}
}
