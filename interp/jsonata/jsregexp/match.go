package jsregexp

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// ErrMemory says that a match needs to remember too many places to go back to.
var ErrMemory = errors.New("the regular expression needs too much memory")

// maxStack is how many places to go back to a match may have.
const maxStack = 2_000_000

// tickEvery is how many steps pass between calls of tick.
const tickEvery = 256

// Find looks for the first match at byte at of text or later: the bytes where it
// starts and ends, then those of each group, -1 for one that took no part. It is
// nil where there is none. What it costs is told to tick as it goes, in steps; an
// error from tick ends it.
func (re *Regexp) Find(text string, at int, tick func(steps int) error) ([]int, error) {
	m := machine{re: re, text: text, tick: tick, saved: make([]int, 2*re.groups), left: tickEvery}
	if re.loops > 0 {
		m.count, m.began = make([]int, re.loops), make([]int, re.loops)
	}
	for ; at <= len(text); at++ {
		if re.anchored && at > 0 {
			break
		}
		if re.prefix != "" {
			next := strings.Index(text[at:], re.prefix)
			if next < 0 {
				break
			}
			at += next
			m.left -= next / 16
		} else if at < len(text) && !utf8.RuneStart(text[at]) {
			continue
		}
		for i := range m.saved {
			m.saved[i] = -1
		}
		m.stack = m.stack[:0]
		end, ok, err := m.run(0, at)
		if err != nil {
			return nil, err
		}
		if ok {
			m.saved[0], m.saved[1] = at, end
			return m.saved, tick(tickEvery - m.left)
		}
	}
	return nil, tick(tickEvery - m.left)
}

// machine is one search.
type machine struct {
	re    *Regexp
	text  string
	tick  func(int) error
	left  int // steps until the next tick
	saved []int
	count []int // of rounds, by loop
	began []int // where the round began, by loop
	stack []choicePoint
}

// choicePoint is a place to go back to, or a change to take back on the way.
type choicePoint struct {
	kind undo
	pc   int32
	pos  int // or the old value
	more int // goFewer: least position; goMore: rounds left; others: which
}

type undo uint8

const (
	goBack    undo = iota // go on at pc and pos
	goFewer               // the same with one character less than last time
	goMore                // the same with one character more
	undoSave              // saved[more] = pos
	undoCount             // count[more] = pos
	undoBegan             // began[more] = pos
)

func (m *machine) push(c choicePoint) { m.stack = append(m.stack, c) }

// run executes the program from pc. The stack below where it is now is not its
// own: a look-around runs on top of what surrounds it.
func (m *machine) run(pc, pos int) (end int, ok bool, err error) {
	base := len(m.stack)
	for {
		if m.left--; m.left < 0 {
			if err := m.tick(tickEvery - m.left); err != nil {
				return 0, false, err
			}
			if len(m.stack) > maxStack {
				return 0, false, ErrMemory
			}
			m.left = tickEvery
		}
		in := &m.re.program[pc]
		ok := true
		switch in.op {
		case opMatch, opLooked:
			return pos, true, nil
		case opChar, opSet:
			pos, ok = m.one(in, pos)
			pc++
		case opRun:
			pos, ok = m.characters(in, pc, pos)
			pc++
		case opSplit:
			m.push(choicePoint{goBack, int32(in.y), pos, 0})
			pc = in.x
		case opJump:
			pc = in.x
		case opSave:
			m.save(in.x, pos)
			pc++
		case opReset:
			for i := in.x; i < in.y; i++ {
				m.save(i, -1)
			}
			pc++
		case opZero:
			m.push(choicePoint{undoCount, 0, m.count[in.x], in.x})
			m.count[in.x] = 0
			pc++
		case opLoop:
			pc = m.loop(in, pc, pos)
		case opRound:
			m.push(choicePoint{undoCount, 0, m.count[in.x], in.x})
			m.push(choicePoint{undoBegan, 0, m.began[in.x], in.x})
			m.count[in.x]++
			m.began[in.x] = pos
			pc++
		case opAgain:
			// A round that took nothing only counts while rounds are owed.
			ok = m.count[in.x] <= in.min || pos != m.began[in.x]
			pc = in.y
		case opLine:
			ok = pos == 0 || m.re.multiline && m.lineEndsBefore(pos)
			pc++
		case opLineEnd:
			ok = pos == len(m.text) || m.re.multiline && m.lineEndsAt(pos)
			pc++
		case opEdge:
			before := pos > 0 && isWord(m.text[pos-1])
			after := pos < len(m.text) && isWord(m.text[pos])
			ok = (before != after) != in.negated
			pc++
		case opBack:
			pos, ok = m.again(in, pos)
			pc++
		case opLook:
			if ok, err = m.look(in, pc, pos); err != nil {
				return 0, false, err
			}
			pc = in.y
		}
		if !ok {
			if pc, pos, ok = m.retreat(base); !ok {
				return 0, false, nil
			}
		}
	}
}

func (m *machine) save(which, pos int) {
	m.push(choicePoint{undoSave, 0, m.saved[which], which})
	m.saved[which] = pos
}

// retreat takes changes back up to the last place where there is another way.
func (m *machine) retreat(base int) (pc, pos int, ok bool) {
	for len(m.stack) > base {
		top := len(m.stack) - 1
		c := &m.stack[top]
		switch c.kind {
		case undoSave:
			m.saved[c.more] = c.pos
		case undoCount:
			m.count[c.more] = c.pos
		case undoBegan:
			m.began[c.more] = c.pos
		case goBack:
			pc, pos = int(c.pc), c.pos
			m.stack = m.stack[:top]
			return pc, pos, true
		case goFewer:
			in := &m.re.program[c.pc]
			c.pos = m.step(c.pos, !in.back)
			pc, pos = int(c.pc)+1, c.pos
			if c.pos == c.more {
				m.stack = m.stack[:top]
			}
			return pc, pos, true
		case goMore:
			in := &m.re.program[c.pc]
			if next, ok := m.one(in, c.pos); ok {
				c.pos = next
				pc, pos = int(c.pc)+1, next
				if c.more--; c.more == 0 {
					m.stack = m.stack[:top]
				}
				return pc, pos, true
			}
		}
		m.stack = m.stack[:top]
	}
	return 0, 0, false
}

// one matches the character or set of in at pos.
func (m *machine) one(in *instruction, pos int) (next int, ok bool) {
	var c rune
	if in.back {
		if pos == 0 {
			return pos, false
		}
		next = m.step(pos, true)
		c, _ = decode(m.text[next:pos])
	} else {
		if pos == len(m.text) {
			return pos, false
		}
		if b := m.text[pos]; b < utf8.RuneSelf {
			c, next = rune(b), pos+1
		} else {
			var n int
			c, n = decode(m.text[pos:])
			next = pos + n
		}
	}
	if in.set != nil {
		return next, in.set.matches(c, m.re.ignoreCase)
	}
	if m.re.ignoreCase {
		c = fold(c)
	}
	return next, c == in.char
}

// step is one character from pos, which has one there.
func (m *machine) step(pos int, back bool) int {
	if !back {
		_, n := decode(m.text[pos:])
		return pos + n
	}
	for n := 1; n <= utf8.UTFMax && n <= pos; n++ {
		if utf8.RuneStart(m.text[pos-n]) {
			if _, size := decode(m.text[pos-n : pos]); size == n {
				return pos - n
			}
			break
		}
	}
	return pos - 1 // a byte that is no character, which decode takes for one
}

// characters matches a repeated character or set.
func (m *machine) characters(in *instruction, pc, pos int) (next int, ok bool) {
	n := 0
	for ; n < in.min; n++ {
		if pos, ok = m.one(in, pos); !ok {
			return pos, false
		}
	}
	if in.lazy {
		if in.max > in.min {
			m.push(choicePoint{goMore, int32(pc), pos, in.max - in.min})
		}
		return pos, true
	}
	least := pos
	for ; n < in.max; n++ {
		if next, ok = m.one(in, pos); !ok {
			break
		}
		pos = next
	}
	m.left -= min(n, 1<<20) / 8
	if pos != least {
		m.push(choicePoint{goFewer, int32(pc), pos, least})
	}
	return pos, true
}

// loop decides whether to go round once more.
func (m *machine) loop(in *instruction, pc, pos int) (next int) {
	switch n := m.count[in.x]; {
	case n < in.min:
		return pc + 1
	case n >= in.max:
		return in.y
	case in.lazy:
		m.push(choicePoint{goBack, int32(pc + 1), pos, 0})
		return in.y
	default:
		m.push(choicePoint{goBack, int32(in.y), pos, 0})
		return pc + 1
	}
}

func (m *machine) lineEndsBefore(pos int) bool {
	return isLineEnd(m.text[pos-1]) || pos >= 3 && isSeparator(m.text[pos-3:])
}

func (m *machine) lineEndsAt(pos int) bool {
	return isLineEnd(m.text[pos]) || isSeparator(m.text[pos:])
}

// isSeparator reports whether s begins with U+2028 or U+2029.
func isSeparator(s string) bool {
	return len(s) >= 3 && s[0] == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9)
}

// again matches what a group has matched; a group that took no part is nothing.
func (m *machine) again(in *instruction, pos int) (next int, ok bool) {
	from, to := m.saved[2*in.x], m.saved[2*in.x+1]
	if from < 0 || to < from {
		return pos, true
	}
	text := m.text[from:to]
	if !m.re.ignoreCase {
		m.left -= len(text) / 16
		if in.back {
			return pos - len(text), strings.HasSuffix(m.text[:pos], text)
		}
		return pos + len(text), strings.HasPrefix(m.text[pos:], text)
	}
	m.left -= len(text)
	for len(text) > 0 {
		var c rune
		var n int
		if in.back {
			n = len(text) - (&machine{text: text}).step(len(text), true)
			c, _ = decode(text[len(text)-n:])
			text = text[:len(text)-n]
		} else {
			c, n = decode(text)
			text = text[n:]
		}
		if pos, ok = m.one(&instruction{back: in.back, char: fold(c)}, pos); !ok {
			return pos, false
		}
	}
	return pos, true
}

// look runs a look-around. Having succeeded, it is not tried in other ways; what
// it captured stays, to be taken back on the way back.
func (m *machine) look(in *instruction, pc, pos int) (bool, error) {
	base := len(m.stack)
	_, ok, err := m.run(pc+1, pos)
	if err != nil {
		return false, err
	}
	if !ok {
		return in.negated, nil
	}
	if in.negated {
		for len(m.stack) > base {
			top := len(m.stack) - 1
			m.takeBack(m.stack[top])
			m.stack = m.stack[:top]
		}
		return false, nil
	}
	kept := m.stack[:base]
	for _, c := range m.stack[base:] {
		if c.kind >= undoSave {
			kept = append(kept, c)
		}
	}
	m.stack = kept
	return true, nil
}

func (m *machine) takeBack(c choicePoint) {
	switch c.kind {
	case undoSave:
		m.saved[c.more] = c.pos
	case undoCount:
		m.count[c.more] = c.pos
	case undoBegan:
		m.began[c.more] = c.pos
	}
}
