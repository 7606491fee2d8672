package command

import (
	"strconv"
	"strings"
)

// Nearest is the word of list most like word, "" if none is much like it: it
// begins with word, or at most a third of its letters differ.
func Nearest(word string, list []string) string {
	best, bestCost := "", 1+max(1, len([]rune(word))/3)
	for _, candidate := range list {
		if len(word) > 4*len(candidate) {
			continue // nothing like it, and long words cost time
		}
		cost := distance(strings.ToLower(word), strings.ToLower(candidate))
		if len(word) > 1 && len(candidate) > len(word) && strings.EqualFold(candidate[:len(word)], word) {
			cost = min(cost, 1)
		}
		if cost < bestCost {
			best, bestCost = candidate, cost
		}
	}
	return best
}

func didYouMean(word string, list []string) string {
	if n := Nearest(word, list); n != "" {
		return "; did you mean " + strconv.Quote(n) + "?"
	}
	return ""
}

func verbs() []string {
	specs := Specs()
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = string(s.Verb)
	}
	return names
}

// distance counts the letters to add, drop, replace or swap with their
// neighbour to turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range t {
		rows[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(s)][len(t)]
}
