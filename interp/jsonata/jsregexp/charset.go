package jsregexp

import (
	"slices"
	"unicode"
)

// charSet is a set of characters.
type charSet struct {
	ranges  []charRange // sorted, apart from each other
	negated bool
	ascii   [2]uint64 // the ranges' share of ASCII
}

type charRange struct{ low, high rune }

func (s *charSet) addRange(low, high rune) { s.ranges = append(s.ranges, charRange{low, high}) }

// addAtom adds a class, or the character where class is nil.
func (s *charSet) addAtom(c rune, class *charSet) {
	if class == nil {
		s.addRange(c, c)
		return
	}
	if !class.negated {
		s.ranges = append(s.ranges, class.ranges...)
		return
	}
	next := rune(0)
	for _, r := range class.ranges {
		if r.low > next {
			s.addRange(next, r.low-1)
		}
		next = r.high + 1
	}
	s.addRange(next, unicode.MaxRune)
}

// finish puts the ranges in order.
func (s *charSet) finish() {
	slices.SortFunc(s.ranges, func(a, b charRange) int { return int(a.low) - int(b.low) })
	out := s.ranges[:0]
	for _, r := range s.ranges {
		if n := len(out); n > 0 && r.low <= out[n-1].high+1 {
			out[n-1].high = max(out[n-1].high, r.high)
			continue
		}
		out = append(out, r)
	}
	s.ranges = out
	for _, r := range out {
		for c := r.low; c <= r.high && c < 128; c++ {
			s.ascii[c>>6] |= 1 << (c & 63)
		}
	}
}

// has reports whether c is in the ranges.
func (s *charSet) has(c rune) bool {
	if c < 128 {
		return s.ascii[c>>6]>>(c&63)&1 != 0
	}
	low, high := 0, len(s.ranges)
	for low < high {
		mid := (low + high) / 2
		switch r := s.ranges[mid]; {
		case c < r.low:
			high = mid
		case c > r.high:
			low = mid + 1
		default:
			return true
		}
	}
	return false
}

// matches reports whether the set takes c.
func (s *charSet) matches(c rune, ignoreCase bool) bool {
	in := s.has(c)
	if !in && ignoreCase {
		same := fold(c)
		for other := unicode.SimpleFold(c); other != c && !in; other = unicode.SimpleFold(other) {
			in = fold(other) == same && s.has(other)
		}
	}
	return in != s.negated
}

// fold is what characters that differ only in case have in common: the upper
// case, unless that would make ASCII of what is none (ECMA-262, 22.2.2.7.3).
func fold(c rune) rune {
	if c < 128 {
		if c >= 'a' && c <= 'z' {
			return c - 32
		}
		return c
	}
	if up := unicode.ToUpper(c); up >= 128 {
		return up
	}
	return c
}

func makeSet(negated bool, bounds ...rune) *charSet {
	s := &charSet{negated: negated}
	for i := 0; i < len(bounds); i += 2 {
		s.addRange(bounds[i], bounds[i+1])
	}
	s.finish()
	return s
}

var (
	digits = []rune{'0', '9'}
	word   = []rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	space  = []rune{
		'\t', '\r', ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A,
		0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF,
	}
	dotSet       = makeSet(true, '\n', '\n', '\r', '\r', 0x2028, 0x2029)
	classEscapes = map[byte]*charSet{
		'd': makeSet(false, digits...), 'D': makeSet(true, digits...),
		'w': makeSet(false, word...), 'W': makeSet(true, word...),
		's': makeSet(false, space...), 'S': makeSet(true, space...),
	}
)

func isLineEnd(c byte) bool { return c == '\n' || c == '\r' }

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
