package sessions

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions/journal"
	"asldbg/sessions/query"
)

// engine is the inside of a Session. One goroutine owns it.
type engine struct {
	o     *Options
	desk  *desk
	cache query.Cache
	// away does work on another goroutine, and what follows from it on the one
	// that owns the engine.
	away func(work func() func(context.Context))

	line timeline
	exec interp.Execution // at the cursor
	// newest is the execution after the last step; the cursor may stand before it.
	newest interp.Execution
	cursor int
	now    time.Time // the virtual clock at the newest step
	recording

	replay   bool   // the steps are a recording: nothing runs
	file     string // its name
	recorded string // what View.Recorded says of it
	replayed func(cursor int) string

	objects   objects
	calls     []*pendingCall // unanswered ones, oldest first
	asked     []asked        // all that were ever made, for counting
	past      []PastCall
	over      []interp.Token // that were awaited and are not any more
	holdAll   bool
	holdRules []HoldRule

	exported *Export // the last one

	focus       interp.FrameID
	parents     map[interp.FrameID]interp.FrameID
	breakpoints []*breakpoint
	watches     []watch
	lastID      int // of breakpoints and watches

	goal    *goal
	stop    Stop
	message string
	trouble string // View.Error

	// While the world is waited for, the virtual clock runs with the real one.
	runsSince time.Time // real; zero: the clock stands
	runsFrom  time.Time // virtual

	marks    *marks
	revision uint64
}

// recording writes the session file.
type recording struct {
	journal *journal.Writer // nil: nothing is recorded
	run     int             // advances in the fixed order not yet written
	runSum  journal.Sum
	runAt   time.Time
}

func newEngine(o *Options) *engine {
	return &engine{
		o: o, desk: newDesk(o), objects: newObjects(o), now: o.startAt(), holdAll: o.Hold, focus: 1,
		parents: make(map[interp.FrameID]interp.FrameID), marks: newMarks(o.known()),
	}
}

// begin starts the execution: step 1.
func (g *engine) begin(ctx context.Context) {
	turn := g.o.Machine.Start(g.o.Start, g.now)
	if g.journal != nil {
		g.journal.Start(g.now, turn.Events)
	}
	g.line.add(stepOf("auto", nil, g.now, turn.Events), made{at: g.now}, turn.After)
	g.took(ctx, turn)
	g.stopAt(StopStart, "At the first state, "+g.o.Machine.File().Machine.StartAt.Name+".")
}

// took makes a turn the newest moment, and the cursor stand there.
func (g *engine) took(ctx context.Context, t interp.Turn) {
	g.exec, g.newest, g.cursor = t.After, t.After, len(g.line.steps)
	g.learnParents(t.Events)
	for _, e := range t.Effects {
		if call, ok := e.(interp.Call); ok {
			g.registerCall(ctx, call)
		}
	}
	g.dropAnswered()
	g.changed()
}

func (g *engine) learnParents(events []interp.Event) {
	for i := range events {
		if e := &events[i]; e.Parent != 0 {
			g.parents[e.Frame] = e.Parent
		}
	}
}

// changed says that a View would look different.
func (g *engine) changed() { g.revision++ }

// input puts one input into the execution: one step.
func (g *engine) input(ctx context.Context, by string, in interp.Input) (interp.Turn, error) {
	turn, err := g.newest.Step(in, g.now)
	if err != nil {
		return turn, err
	}
	at := turn.After.Now()
	if at.After(g.now) {
		g.now = at
	}
	g.flushRun()
	if g.journal != nil {
		g.desk.recordMachine(g.journal, in)
		g.journal.Input(g.now, by, in, turn.Events)
	}
	step := stepOf(by, in, g.now, turn.Events)
	if step.State == "" {
		step.Frame, step.State = g.placeOf(in)
		if f := failed(turn.After); f != nil && f.ID == step.Frame {
			g.nameSilent(&step, turn.After)
		}
	}
	g.line.add(step, made{in, g.now}, turn.After)
	g.took(ctx, turn)
	return turn, nil
}

// placeOf is where an input without events went.
func (g *engine) placeOf(in interp.Input) (interp.FrameID, string) {
	frame := g.focus
	switch in := in.(type) {
	case interp.Advance:
		frame = in.Frame
	case interp.Fire:
		for _, e := range g.newest.Pending() {
			if t, ok := e.(interp.Timer); ok && t.Effect == in.Effect {
				frame = t.Frame
			}
		}
	}
	if f, ok := g.newest.Frame(frame); ok {
		return frame, f.State.Name
	}
	return frame, ""
}

// advances makes up to limit advances in the fixed order, one step each, until
// some of their events are worth a look.
func (g *engine) advances(ctx context.Context, limit int, until func([]interp.Event) bool) (last []interp.Event, n int) {
	if !g.runAt.Equal(g.now) {
		g.flushRun()
	}
	var events []interp.Event
	cuts := make([]int, 0, keepEvery)
	turn, n := g.newest.Run(g.now, min(limit, g.line.room()), func(ev []interp.Event) bool {
		events, cuts = append(events, ev...), append(cuts, len(ev))
		if g.journal != nil {
			g.runSum.Add(ev)
		}
		return until(ev)
	})
	if n == 0 {
		return nil, 0
	}
	if g.journal != nil {
		if g.run == 0 {
			g.runAt = g.now
		}
		g.run += n
	}
	turn.Events = events
	from := 0
	for _, c := range cuts {
		last = events[from : from+c : from+c]
		from += c
		step := stepOf("auto", nil, g.now, last)
		if step.State == "" {
			g.nameSilent(&step, turn.After)
		}
		g.line.add(step, made{at: g.now}, turn.After) // kept only where the turn ends
	}
	g.took(ctx, turn)
	return last, n
}

// nameSilent says where a step without events was made: a stage that fails has
// none, nor has an Assign with nothing to do.
func (g *engine) nameSilent(s *StepInfo, x interp.Execution) {
	if f := failed(x); f != nil {
		s.Frame, s.State, s.Glyph = f.ID, f.State.Name, GlyphFailed
		s.Text = "failed " + failureName(f.Failure)
		return
	}
	before := g.line.steps[len(g.line.steps)-1]
	s.Frame, s.State = before.Frame, before.State
}

// flushRun writes the advances not yet written.
func (g *engine) flushRun() {
	if g.run > 0 {
		g.journal.Run(g.runAt, g.run, g.runSum)
		g.run, g.runSum = 0, journal.Sum{}
	}
}

// flush brings everything into the session file. A file that cannot be written
// ends the recording, not the session.
func (g *engine) flush() {
	if g.journal == nil {
		return
	}
	g.flushRun()
	if err := g.journal.Flush(); err != nil {
		g.trouble = err.Error() + "; nothing more is recorded"
		_ = g.journal.Close() // it has just said what is wrong
		g.journal = nil
		g.changed()
	}
}

// note writes a note beside the steps.
func (g *engine) note(kind, text string) { g.noteWith(kind, text, jsonval.Value{}) }

func (g *engine) noteWith(kind, text string, data jsonval.Value) {
	if g.journal != nil {
		g.flushRun()
		g.journal.Note(journal.Note{Kind: kind, Text: text, Time: time.Now(), Data: data})
	}
}

// stopAt ends the goal: everything stands still.
func (g *engine) stopAt(why StopReason, text string) { g.stopIn(why, 0, g.focus, text) }

func (g *engine) stopIn(why StopReason, breakpoint int, frame interp.FrameID, text string) {
	g.standStill()
	g.goal = nil
	g.stop = Stop{Reason: why, Breakpoint: breakpoint, Text: text}
	g.message = text
	g.focus = frame
	g.settleFocus()
	g.lookAtWatches(true)
	g.seeCalls()
	if why == StopEnd {
		g.note("ended", g.newest.Status().String())
	}
	g.changed()
}

// settleFocus moves the focus to a frame that exists and can be moved: from one
// that is gone to the one around it, from one whose branches are open into them.
func (g *engine) settleFocus() {
	f, ok := g.exec.Frame(g.focus)
	for !ok && g.focus > 1 {
		g.focus = max(g.parents[g.focus], 1)
		f, ok = g.exec.Frame(g.focus)
	}
	if !ok {
		if frames := g.frames(); len(frames) > 0 { // the main frame, or what has outlived it
			g.focus = frames[0].ID
		}
		f, ok = g.exec.Frame(g.focus)
	}
	for ok && f.Children > 0 {
		child := g.firstChild(f.ID)
		if child == 0 {
			return
		}
		g.focus = child
		f, ok = g.exec.Frame(child)
	}
}

// firstChild is the first frame below parent that is ready, else the first; of
// the executions a task has started, it is the last.
func (g *engine) firstChild(parent interp.FrameID) interp.FrameID {
	var first interp.FrameID
	around, _ := g.exec.Frame(parent)
	for _, f := range g.exec.Frames() {
		if f.Parent != parent {
			continue
		}
		if around.State.Type == asl.Task {
			first = f.ID
			continue
		}
		if f.Run == interp.Ready || g.leadsToReady(f) {
			return f.ID
		}
		if first == 0 {
			first = f.ID
		}
	}
	return first
}

func (g *engine) leadsToReady(f interp.Frame) bool {
	if f.Children == 0 {
		return false
	}
	for _, id := range g.exec.Ready() {
		if g.below(id, f.ID) {
			return true
		}
	}
	return false
}

// below reports whether frame is top or below it.
func (g *engine) below(frame, top interp.FrameID) bool {
	for frame != 0 && frame != top {
		frame = g.parents[frame]
	}
	return frame == top
}

// atNewest reports whether the cursor stands where things happen.
func (g *engine) atNewest() bool { return !g.replay && g.cursor == len(g.line.steps) }

// travel puts the cursor after step n. Nothing runs there.
func (g *engine) travel(n int) {
	if g.cursor = n; n == len(g.line.steps) {
		g.exec = g.newest
	} else {
		g.exec = g.line.at(n)
	}
	g.focus = g.line.steps[n-1].Frame
	if g.focus == 0 {
		g.focus = 1
	}
	text := fmt.Sprintf("Step %d of %d: %s.", n, len(g.line.steps), g.line.steps[n-1].Text)
	g.stop = Stop{Reason: StopTravel, Text: text}
	g.message = text
	g.settleFocus()
	g.lookAtWatches(true)
	g.changed()
}

// fork makes the cursor the newest moment. What came after stays in the old
// session file; a new one begins with the steps up to here. A fork that cannot
// be recorded goes on without, and says so.
func (g *engine) fork(ctx context.Context, what string) {
	g.giveUpCalls()
	parent, n := g.file, g.cursor
	if g.journal != nil {
		g.note("forked", fmt.Sprintf("%s after step %d", what, n))
		parent = filepath.Base(g.journal.Path())
		if err := g.closeJournal(); err != nil {
			g.trouble = err.Error()
		}
	}
	g.line.cut(n)
	g.newest, g.now, g.replay, g.replayed, g.recorded = g.exec, g.exec.Now(), false, nil, ""
	g.past = slices.DeleteFunc(slices.Clone(g.past), func(p PastCall) bool { return p.Step > n })
	g.recount(ctx)
	if g.o.Record == nil {
		return
	}
	h := g.o.header(g.line.steps[0].At)
	h.Parent, h.At = parent, n
	w, err := g.o.Record(h)
	if err != nil {
		g.trouble = "this session is not recorded: " + err.Error()
		return
	}
	g.journal = w
	g.copySteps()
}

// copySteps writes the steps there are into a new session file.
func (g *engine) copySteps() {
	for i, s := range g.line.steps {
		m := g.line.made[i]
		switch {
		case i == 0:
			g.journal.Start(m.at, s.Events)
		case m.in == nil:
			if g.run > 0 && !g.runAt.Equal(m.at) {
				g.flushRun()
			}
			if g.run == 0 {
				g.runAt = m.at
			}
			g.run++
			g.runSum.Add(s.Events)
		default:
			g.flushRun()
			g.desk.recordMachine(g.journal, m.in)
			g.journal.Input(m.at, s.By, m.in, s.Events)
		}
	}
}

func (g *engine) closeJournal() error {
	w := g.journal
	g.flushRun()
	g.journal = nil
	return w.Close()
}

// tick lets the virtual clock catch up with the real one while it runs.
func (g *engine) tick() {
	if g.runsSince.IsZero() {
		return
	}
	now := g.runsFrom.Add(time.Since(g.runsSince))
	if t, ok := g.newest.NextTimer(); ok && now.After(t.Due) {
		now = t.Due // it has not been fired yet
	}
	if now.After(g.now) {
		g.now = now
	}
}

// letRun starts the clock.
func (g *engine) letRun() {
	if g.runsSince.IsZero() {
		g.runsSince, g.runsFrom = time.Now(), g.now
	}
}

// standStill stops it.
func (g *engine) standStill() {
	g.tick()
	g.runsSince = time.Time{}
}

// alarm is how long until the next timer is due, while the clock runs.
func (g *engine) alarm() (time.Duration, bool) {
	if g.runsSince.IsZero() {
		return 0, false
	}
	t, ok := g.newest.NextTimer()
	if !ok {
		return 0, false
	}
	return max(t.Due.Sub(g.now), 0), true
}
