package list

import "testing"

func TestWindowFollowsTheCursor(t *testing.T) {
	var l List
	for _, c := range []struct{ move, h, from, to, cursor int }{
		{0, 5, 0, 5, 0},
		{4, 5, 0, 5, 4},
		{1, 5, 1, 6, 5},
		{100, 5, 15, 20, 19},
		{-1, 5, 15, 20, 18},
		{-100, 5, 0, 5, 0},
		{100, 30, 0, 20, 19},
		{0, 1, 19, 20, 19},
	} {
		l.Move(c.move, 20)
		if from, to := l.Window(c.h, 20); from != c.from || to != c.to || l.Cursor != c.cursor {
			t.Errorf("%+v: %d to %d, cursor %d", c, from, to, l.Cursor)
		}
	}
	if from, to := l.Window(5, 0); from != 0 || to != 0 || l.Cursor != 0 {
		t.Errorf("of an empty list: %d to %d, cursor %d", from, to, l.Cursor)
	}
}

func TestSearchGoesRound(t *testing.T) {
	lines := []string{"one", "Two", "three", "two again"}
	text := func(i int) string { return lines[i] }
	var l List
	for _, c := range []struct{ dir, n, cursor int }{{0, 1, 1}, {0, 1, 1}, {1, 2, 3}, {1, 1, 1}, {-1, 2, 3}, {-1, 1, 1}} {
		if n, of := l.Search(len(lines), text, "TWO", c.dir); n != c.n || of != 2 || l.Cursor != c.cursor {
			t.Errorf("%+v: match %d of %d, cursor %d", c, n, of, l.Cursor)
		}
	}
	if n, of := l.Search(len(lines), text, "four", 1); n != 0 || of != 0 || l.Cursor != 1 {
		t.Errorf("found %d of %d", n, of)
	}
}
