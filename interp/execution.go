package interp

import (
	"slices"
	"time"

	"asldbg/interp/jsonval"
)

// Execution is one execution at one moment. It is a value: keep as many as you
// like, they share what did not change.
type Execution struct{ c *core }

// core is the inside of an Execution. A turn works on a shallow copy; frames
// and groups carry the number of the turn that made them, and are copied before
// the first change in a later turn.
type core struct {
	start Start
	main  *Child

	turn    uint32
	now     time.Time
	status  Status
	output  jsonval.Value
	failure *Failure

	frames  []*frame  // in the order they opened
	pending []pending // unanswered effects, in the order they were made
	random  random

	lastFrame  FrameID
	lastEffect EffectID
	children   int     // child executions that are open
	detached   int     // of them, those nobody waits for
	named      *named  // the executions that were started by name
	readyFrom  FrameID // no frame before it is ready, but for openers
	recorded   int     // events of AWS's history so far: the last one's id
	overflow   bool    // the history is full
	assigned   int     // bytes of variables there can be at most: see storable
}

// frame is one thread of control: the root, a branch or an iteration.
type frame struct {
	id, parent FrameID
	turn       uint32
	branch     int // index of the branch or iteration, -1 for the root

	node      *node
	stage     Stage
	run       FrameState
	attempt   int
	chosen    int // Choice: the rule that matched, -1 for Default
	enteredAt time.Time
	enteredID int // the id AWS gives the StateEntered event
	data      [numStages]jsonval.Value
	failure   *Failure
	fatal     bool // failure is an interpreter-level one: nothing catches it
	lapsed    bool // failure is a heartbeat that did not come

	retries   []int // by retrier, how often it has retried; nil: never
	call      EffectID
	submitted bool
	token     Token
	scope     *scope
	found     *scope // what scope was when the state was entered
	item      *mapItem
	group     *group
	awaits    FrameID // the root of the execution its task waits for, 0 for none

	// In a child execution.
	home  FrameID // its root, 0 in the main one
	child *Child
	// Of its root.
	items    int // how many it was started for
	recorded int // events of its history so far
	overflow bool
	nested   bool     // a task has started it, not a Map
	started  EffectID // the call of that task
	detached bool     // and nobody waits for its end
}

// pending is an effect nobody has answered.
type pending struct {
	frame  FrameID
	effect Effect
}

// limitsExecution reports whether it is the timer of a child execution.
func (w pending) limitsExecution() bool {
	t, ok := w.effect.(Timer)
	return ok && t.Reason == ExecutionTimer
}

// mapItem is what an iteration was opened for.
type mapItem struct {
	index  int
	key    *string // of an item that is a member of an object
	value  jsonval.Value
	source string // "": not told
}

// group is a Parallel or Map at work. It belongs to its state's frame.
type group struct {
	turn    uint32
	width   int // how many children may be open at once
	next    int // the next child to open
	open    int // children open now
	done    int // children that succeeded
	results []jsonval.Value
	run     *mapRun // of a distributed Map, which has its results there
}

func (g *group) full() bool { return g.open >= g.width || g.next >= len(g.results) }

// frame finds a frame for reading, nil if it is closed or never was.
func (c *core) frame(id FrameID) *frame {
	i, ok := c.frameIndex(id)
	if !ok {
		return nil
	}
	return c.frames[i]
}

func (c *core) frameIndex(id FrameID) (int, bool) {
	return slices.BinarySearchFunc(c.frames, id, func(f *frame, id FrameID) int { return int(f.id) - int(id) })
}

// own returns the frame ready to be changed by this turn.
func (c *core) own(id FrameID) *frame {
	i, ok := c.frameIndex(id)
	if !ok {
		return nil
	}
	f := c.frames[i]
	if f.turn != c.turn {
		mine := *f
		mine.turn = c.turn
		mine.retries = slices.Clone(f.retries)
		f = &mine
		c.frames[i] = f
	}
	return f
}

// ownGroup returns f's group ready to be changed; f must be owned.
func (c *core) ownGroup(f *frame) *group {
	if g := f.group; g.turn != c.turn {
		mine := *g
		mine.turn = c.turn
		mine.results = slices.Clone(g.results)
		if g.run != nil {
			run := *g.run
			mine.run = &run
		}
		f.group = &mine
	}
	return f.group
}

// opener reports whether f, being ready, is a Map that may open another
// iteration.
func (f *frame) opener() bool { return f.group != nil }

// nextReady is the frame Run moves next: the ready one that opened first. A Map
// opens another iteration only when nothing else can move, as AWS was seen to
// do with states that do not wait.
func (c *core) nextReady() *frame {
	from, _ := c.frameIndex(c.readyFrom)
	for _, f := range c.frames[from:] {
		if f.run == Ready && !f.opener() {
			c.readyFrom = f.id
			return f
		}
	}
	c.readyFrom = c.lastFrame + 1
	for _, f := range slices.Backward(c.frames) {
		if f.run == Ready {
			return f // the innermost one opened last
		}
	}
	return nil
}

// wake makes a frame ready.
func (c *core) wake(f *frame) {
	f.run = Ready
	c.readyFrom = min(c.readyFrom, f.id)
}

// Ready lists the frames an Advance can move, the one Run would take first.
func (x Execution) Ready() []FrameID {
	var ids, openers []FrameID
	for _, f := range x.c.frames {
		switch {
		case f.run != Ready:
		case f.opener():
			openers = append([]FrameID{f.id}, openers...)
		default:
			ids = append(ids, f.id)
		}
	}
	return append(ids, openers...)
}

// Frames is a picture of all frames, depth first.
func (x Execution) Frames() []Frame {
	out := make([]Frame, 0, len(x.c.frames))
	inside := make(map[FrameID][]*frame)
	for _, f := range x.c.frames {
		inside[f.parent] = append(inside[f.parent], f)
	}
	waits := make(map[FrameID][]Effect)
	for _, w := range x.c.pending {
		if !w.limitsExecution() {
			waits[w.frame] = append(waits[w.frame], w.effect)
		}
	}
	var below func(parent FrameID, depth int)
	below = func(parent FrameID, depth int) {
		for _, f := range inside[parent] {
			out = append(out, x.picture(f, depth, waits[f.id]))
			below(f.id, depth+1)
		}
	}
	below(0, 0)
	return out
}

// Frame is a picture of one frame.
func (x Execution) Frame(id FrameID) (Frame, bool) {
	f := x.c.frame(id)
	if f == nil {
		return Frame{}, false
	}
	var waits []Effect
	for _, w := range x.c.pending {
		if w.frame == f.id && !w.limitsExecution() {
			waits = append(waits, w.effect)
		}
	}
	depth := 0
	for g := x.c.frame(f.parent); g != nil; g = x.c.frame(g.parent) {
		depth++
	}
	return x.picture(f, depth, waits), true
}

func (x Execution) picture(f *frame, depth int, waits []Effect) Frame {
	p := Frame{
		ID: f.id, Parent: f.parent, Depth: depth, Branch: f.branch,
		State: f.node.State, Stage: f.stage, Run: f.run, EnteredAt: f.enteredAt,
		Attempt: f.attempt, Data: f.data, Failure: f.failure, Token: f.token,
		Variables: f.scope.all(), Rule: f.chosen, Waits: waits, Execution: f.child,
	}
	if f.awaits != 0 || f.submitted && f.run == Waiting && x.c.started(f) {
		p.Children, p.ChildrenAll = 1, 1
	}
	if g := f.group; g != nil {
		p.Children, p.ChildrenDone, p.ChildrenAll = g.open, g.done, len(g.results)
		switch {
		case g.run == nil:
		case g.run.batcher: // how many batches there will be is not known
			p.ChildrenAll = g.next
		default:
			p.ChildrenAll = g.run.arrived
		}
	}
	return p
}

// Pending lists the effects nobody has answered, oldest first.
func (x Execution) Pending() []Effect {
	out := make([]Effect, len(x.c.pending))
	for i, w := range x.c.pending {
		out[i] = w.effect
	}
	return out
}

// NextTimer is the pending timer that is due first; of several the oldest.
func (x Execution) NextTimer() (Timer, bool) {
	var best Timer
	found := false
	for _, w := range x.c.pending {
		if t, ok := w.effect.(Timer); ok && (!found || t.Due.Before(best.Due)) {
			best, found = t, true
		}
	}
	return best, found
}

// Machine is what x executes.
func (x Execution) Machine() *Machine { return x.c.main.Machine }

// Status says whether x still runs and how it ended.
func (x Execution) Status() Status { return x.c.status }

// Over reports whether nothing is left that could go on. Executions that x has
// started without waiting for them may run longer than x: then x has ended, but
// is not over.
func (x Execution) Over() bool { return len(x.c.frames) == 0 }

// Output is the output of an execution that has SUCCEEDED.
func (x Execution) Output() jsonval.Value { return x.c.output }

// Failure is the error and cause of an execution that ended otherwise.
func (x Execution) Failure() *Failure { return x.c.failure }

// Now is the time of the last input.
func (x Execution) Now() time.Time { return x.c.now }

// Input is what the execution was started with.
func (x Execution) Input() jsonval.Value { return x.c.start.Input }

// Name is the execution's name.
func (x Execution) Name() string { return x.c.start.Name }

// ARN is the execution's ARN.
func (x Execution) ARN() string { return x.c.start.ARN }

// Context is the context object as the frame sees it; Undefined where there is
// no such frame.
func (x Execution) Context(id FrameID) jsonval.Value {
	f := x.c.frame(id)
	if f == nil {
		return jsonval.Value{}
	}
	return x.c.context(f, nil)
}

// scope is one set of variables. Branches and iterations read those outside
// and write their own. Scopes never change: assigning makes a new one.
type scope struct {
	outer *scope
	own   jsonval.Value // an object
}

func (s *scope) lookup(name string) jsonval.Value {
	for ; s != nil; s = s.outer {
		if v := s.own.Get(name); v.Exists() {
			return v
		}
	}
	return jsonval.Value{}
}

// all is an object of every variable s can see, the innermost winning.
func (s *scope) all() jsonval.Value {
	if s == nil {
		return jsonval.EmptyObject
	}
	if s.outer == nil {
		return s.own
	}
	var members []jsonval.Member
	for k, v := range s.outer.all().Members() {
		members = append(members, jsonval.Member{Key: k, Value: v})
	}
	for k, v := range s.own.Members() {
		members = append(members, jsonval.Member{Key: k, Value: v})
	}
	return jsonval.OfMembers(members)
}

// random is a SplitMix64 stream (Steele, Lea and Flood, 2014): the whole state
// is one number, so an Execution can be copied with it.
type random struct{ state uint64 }

// Uint64 is the next number of the stream.
func (r *random) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// float is a number in [0, 1).
func (r *random) float() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// uuid is a random UUID (version 4).
func (r *random) uuid() string {
	const hex = "0123456789abcdef"
	a, b := r.Uint64(), r.Uint64()
	a = a&^0xf000 | 0x4000
	b = b&^(0xc0<<56) | 0x80<<56
	var out [36]byte
	n := 0
	for i := range 16 {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out[n] = '-'
			n++
		}
		half := a
		if i >= 8 {
			half = b
		}
		octet := byte(half >> (56 - 8*(i%8)))
		out[n], out[n+1] = hex[octet>>4], hex[octet&15]
		n += 2
	}
	return string(out[:])
}

// token is a task token: long and opaque, as AWS's are.
func (r *random) token() Token {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var b [88]byte
	copy(b[:], "AQCs")
	for i := 4; i < len(b); i++ {
		b[i] = letters[r.Uint64()>>58]
	}
	return Token(b[:])
}
