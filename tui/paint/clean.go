package paint

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"asldbg/tui/theme"
)

// maxRunes is how many code points a character keeps, the others are written
// as escapes: enough for every living script, too few marks to paint over the
// lines above.
const maxRunes = 5

// Next is the first visible piece of s: a grapheme cluster, the escape of
// something that cannot be seen, or both. It gives the text to show, its width
// in columns and how many bytes of s it stands for. Escapes are pure ASCII; in
// ASCII mode everything is. At the end of s, size is 0.
func Next(s string, t theme.Theme) (piece string, width, size int) {
	char, width, escapes, size := next(s, t)
	return char + escapes, width + len(escapes), size
}

// next is Next with the character and the escapes that follow it apart; either
// may be empty.
func next(s string, t theme.Theme) (char string, width int, escapes string, size int) {
	if s == "" {
		return "", 0, "", 0
	}
	r, n := utf8.DecodeRuneInString(s)
	plain := 0x20 <= r && r < 0x7f
	switch {
	case plain && (len(s) == 1 || s[1] < utf8.RuneSelf || t.ASCII):
		return s[:1], 1, "", 1
	case r == utf8.RuneError && n == 1:
		return "", 0, `\x` + strconv.FormatUint(uint64(s[0]), 16), 1
	case t.ASCII || hidden(r) || joins(r):
		return "", 0, escaped(r), n
	}
	method := ansi.WcWidth
	if t.Clusters {
		method = ansi.GraphemeWidth
	}
	cluster, width := ansi.FirstGraphemeCluster(s, method)
	shown, rest := visible(cluster)
	if shown < len(cluster) {
		width = method.StringWidth(cluster[:shown])
	}
	if width == 0 {
		return "", 0, escaped(r), n
	}
	for _, r := range cluster[shown:rest] {
		escapes += escaped(r)
	}
	return cluster[:shown], width, escapes, rest
}

// visible is how many bytes of a cluster are shown as they are, and where the
// bytes end that are shown as escapes after them. Something hidden ends both.
func visible(cluster string) (shown, rest int) {
	n := 0
	for i, r := range cluster {
		if hidden(r) || r == utf8.RuneError {
			return min(shown, i), i
		}
		if n++; n <= maxRunes {
			shown = i + utf8.RuneLen(r)
		}
	}
	return shown, len(cluster)
}

// joins reports whether r, where a piece starts with it, would become part of
// the character before it, or take the blank after it in: it could shift what
// stands beside it.
func joins(r rune) bool {
	var buf [2 + utf8.UTFMax]byte
	row := append(utf8.AppendRune(append(buf[:0], ' '), r), ' ')
	before, _ := ansi.FirstGraphemeCluster(row, ansi.GraphemeWidth)
	itself, _ := ansi.FirstGraphemeCluster(row[1:], ansi.GraphemeWidth)
	return len(before) > 1 || len(itself) > len(row)-2
}

// hidden reports whether r is written as an escape: controls, format
// characters (bidi overrides and joiners are among them), surrogates, private
// use, line and paragraph separators, blanks other than the space, variation
// selectors, and regional indicators, whose width no two terminals agree on.
func hidden(r rune) bool {
	switch {
	case r < 0x20 || r == 0x7f:
		return true
	case r < 0x7f:
		return false
	case 0x1f1e6 <= r && r <= 0x1f1ff, 0x115f <= r && r <= 0x1160, r == 0x3164, r == 0xffa0, r == 0x2800:
		return true
	}
	return unicode.In(r, unicode.C, unicode.Z, unicode.Variation_Selector) || !unicode.IsPrint(r) && !unicode.IsMark(r)
}

// escaped writes r in ASCII, as JSON does where JSON can.
func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	h := strconv.FormatUint(uint64(r), 16)
	if r > 0xffff {
		return `\u{` + h + `}`
	}
	return `\u` + "0000"[len(h):] + h
}

// Clean is all of s as it is shown.
func Clean(s string, t theme.Theme) string {
	var b strings.Builder
	for {
		piece, _, n := Next(s, t)
		if n == 0 {
			return b.String()
		}
		b.WriteString(piece)
		s = s[n:]
	}
}

// Width is how many columns s takes when shown with [Clean].
func Width(s string, t theme.Theme) int {
	w := 0
	for {
		_, width, n := Next(s, t)
		if n == 0 {
			return w
		}
		w += width
		s = s[n:]
	}
}

// Wrap cuts s into lines of at most w columns, between words where it can.
// Line breaks in s are kept.
func Wrap(s string, w int, t theme.Theme) []string {
	var lines []string
	for _, par := range strings.Split(s, "\n") {
		start, space, width := 0, -1, 0
		for i := start; i < len(par); {
			_, pw, n := Next(par[i:], t)
			if par[i] == ' ' {
				space = i
			}
			if width+pw > max(w, 1) && i > start {
				end, next := i, i
				if space > start {
					end, next = space, space+1
				}
				lines = append(lines, par[start:end])
				i = max(i, next)
				start, space, width = next, -1, Width(par[next:i], t)
				continue
			}
			width += pw
			i += n
		}
		lines = append(lines, par[start:])
	}
	return lines
}
