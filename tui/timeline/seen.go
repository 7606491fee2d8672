package timeline

import "asldbg/sessions"

// steps remembers which steps have been seen, so that a timeline of a million
// of them is looked at once, not at every picture.
type steps struct {
	n    int
	last sessions.StepInfo
}

// see takes the steps of a new picture. It says from which index on they are
// new; same is false where the ones before are other ones, and all are new.
func (s *steps) see(now []sessions.StepInfo) (from int, same bool) {
	from, same = s.n, s.n > 0 && s.n <= len(now) && sameStep(&now[s.n-1], &s.last)
	if !same {
		from = 0
	}
	if s.n = len(now); s.n > 0 {
		s.last = now[s.n-1]
	}
	return from, same
}

func sameStep(a, b *sessions.StepInfo) bool {
	if a.N != b.N || a.Text != b.Text || !a.At.Equal(b.At) || len(a.Events) != len(b.Events) {
		return false
	}
	return len(a.Events) == 0 || &a.Events[0] == &b.Events[0]
}
