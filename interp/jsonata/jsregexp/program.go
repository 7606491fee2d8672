package jsregexp

// Regexp is a compiled pattern. It may be used from several goroutines at once.
type Regexp struct {
	pattern    string
	program    []instruction
	groups     int // capturing groups and the whole match
	loops      int // counters
	ignoreCase bool
	multiline  bool
	prefix     string // that every match begins with
	anchored   bool   // matches begin at the start of the text only
}

// Compile reads a pattern; flags are letters among i (ignore case) and m (^ and $
// match at lines). An error is a [*SyntaxError].
func Compile(pattern, flags string) (*Regexp, error) {
	p := &parser{src: pattern}
	p.countGroups()
	root, err := p.choice()
	if err != nil {
		return nil, err
	}
	if p.more() {
		return nil, p.errorf(p.pos, "Unmatched ')'")
	}
	re := &Regexp{pattern: pattern, groups: p.groups + 1}
	for _, f := range flags {
		re.ignoreCase = re.ignoreCase || f == 'i'
		re.multiline = re.multiline || f == 'm'
	}
	c := compiler{Regexp: re}
	c.term(root)
	c.emit(instruction{op: opMatch})
	re.optimise(root)
	return re, nil
}

// String is the pattern.
func (re *Regexp) String() string { return re.pattern }

// optimise finds out where matches can begin at all.
func (re *Regexp) optimise(root *term) {
	list := []*term{root}
	if root.kind == termSequence {
		list = root.list
	}
	if len(list) > 0 && list[0].kind == termLineStart && !re.multiline {
		re.anchored = true
	}
	if re.ignoreCase {
		return
	}
	for _, t := range list {
		if t.kind != termChar || t.char >= 0xD800 && t.char < 0xE000 {
			break
		}
		re.prefix += string(t.char)
	}
}

type opcode uint8

const (
	opMatch opcode = iota
	opChar
	opSet
	opRun     // a character or set repeated: x min, y max
	opSplit   // goes to x, and to y if that fails
	opJump    // to x
	opSave    // position into capture x
	opReset   // forgets groups [x, y)
	opLoop    // counter x: before each round; y is where the loop ends
	opRound   // begins a round of loop x
	opAgain   // ends a round of loop x; y is its opLoop
	opZero    // sets counter x to 0
	opLine    // ^
	opLineEnd // $
	opEdge    // \b
	opBack    // what group x has matched
	opLook    // what is behind it up to y matches here
	opLooked  // ends that
)

// instruction is one step of a program.
type instruction struct {
	op      opcode
	back    bool // goes through the text from right to left
	lazy    bool
	negated bool
	char    rune
	set     *charSet // nil: char
	x, y    int
	min     int
	max     int
}

type compiler struct {
	*Regexp
	back bool // inside a look-behind
}

func (c *compiler) emit(i instruction) int {
	i.back = c.back
	c.program = append(c.program, i)
	return len(c.program) - 1
}

func (c *compiler) term(t *term) {
	switch t.kind {
	case termChar:
		c.emit(instruction{op: opChar, char: c.folded(t.char)})
	case termSet:
		c.emit(instruction{op: opSet, set: t.set})
	case termSequence:
		for i := range t.list {
			if c.back {
				i = len(t.list) - 1 - i
			}
			c.term(t.list[i])
		}
	case termChoice:
		c.choice(t.list)
	case termGroup:
		c.group(t)
	case termRepeat:
		c.repeat(t)
	case termLineStart:
		c.emit(instruction{op: opLine})
	case termLineEnd:
		c.emit(instruction{op: opLineEnd})
	case termWordEdge:
		c.emit(instruction{op: opEdge, negated: t.negated})
	case termBack:
		c.emit(instruction{op: opBack, x: t.group})
	case termLook:
		at := c.emit(instruction{op: opLook, negated: t.negated})
		back := c.back
		c.back = t.behind
		c.term(t.list[0])
		c.emit(instruction{op: opLooked})
		c.back = back
		c.program[at].y = len(c.program)
	}
}

func (c *compiler) folded(r rune) rune {
	if c.ignoreCase {
		return fold(r)
	}
	return r
}

func (c *compiler) choice(list []*term) {
	var ends []int
	for i, t := range list {
		if i == len(list)-1 {
			c.term(t)
			break
		}
		split := c.emit(instruction{op: opSplit})
		c.program[split].x = split + 1
		c.term(t)
		ends = append(ends, c.emit(instruction{op: opJump}))
		c.program[split].y = len(c.program)
	}
	for _, at := range ends {
		c.program[at].x = len(c.program)
	}
}

func (c *compiler) group(t *term) {
	if t.group == 0 {
		c.term(t.list[0])
		return
	}
	first, second := 2*t.group, 2*t.group+1
	if c.back {
		first, second = second, first
	}
	c.emit(instruction{op: opSave, x: first})
	c.term(t.list[0])
	c.emit(instruction{op: opSave, x: second})
}

func (c *compiler) repeat(t *term) {
	inner := t.list[0]
	if t.max == 0 {
		return
	}
	if inner.kind == termChar || inner.kind == termSet {
		c.emit(instruction{op: opRun, char: c.folded(inner.char), set: inner.set, min: t.min, max: t.max, lazy: t.lazy})
		return
	}
	counter := c.loops
	c.loops++
	c.emit(instruction{op: opZero, x: counter})
	loop := c.emit(instruction{op: opLoop, x: counter, min: t.min, max: t.max, lazy: t.lazy})
	c.emit(instruction{op: opRound, x: counter})
	if t.from < t.to {
		c.emit(instruction{op: opReset, x: 2 * t.from, y: 2 * t.to})
	}
	c.term(inner)
	c.emit(instruction{op: opAgain, x: counter, y: loop, min: t.min})
	c.program[loop].y = len(c.program)
}
