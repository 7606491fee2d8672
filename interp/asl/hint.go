package asl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// DidYouMean is a hint that names the one of words which word most likely was
// meant to be, "" where none is near.
func DidYouMean(word string, words []string) string {
	if w := nearest(word, words); w != "" {
		return fmt.Sprintf("did you mean %q?", w)
	}
	return ""
}

// nearest is the one of words that needs the fewest edits to become word: at
// most one in three letters, and at most three. Case does not count.
func nearest(word string, words []string) string {
	best := ""
	length := utf8.RuneCountInString(word)
	limit := min(3, max(1, length/3))
	folded := []rune(strings.ToLower(word))
	var d editDistance
	for _, w := range words {
		if n := utf8.RuneCountInString(w); n-length > limit || length-n > limit || w == word {
			continue
		}
		// An equally near word later in the list does not replace an earlier one.
		if n := d.between(folded, []rune(strings.ToLower(w)), limit); n <= limit {
			best, limit = w, n-1
		}
	}
	return best
}

// editDistance counts insertions, deletions, changes and swaps of neighbours.
type editDistance struct{ rows [3][]int }

// between gives up with more than limit as soon as that is certain.
func (d *editDistance) between(a, b []rune, limit int) int {
	for i := range d.rows {
		if cap(d.rows[i]) <= len(b) {
			d.rows[i] = make([]int, len(b)+1)
		}
		d.rows[i] = d.rows[i][:len(b)+1]
	}
	before, last, row := d.rows[0], d.rows[1], d.rows[2]
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
