package sessions

import (
	"context"
	"fmt"
	"slices"

	"asldbg/interp"
)

// goal is what the session is on its way to.
type goal struct {
	kind   goalKind
	frame  interp.FrameID  // the frame it is about
	effect interp.EffectID // of toAnswer
	// lapse: time may pass that a task token would be answered in.
	lapse bool
}

type goalKind uint8

const (
	toStage  goalKind = iota // the frame's next stage
	toState                  // its next state
	toClose                  // the end of its branch or iteration
	toStop                   // whatever stops it
	toAnswer                 // the answer of a request just sent
	toShow                   // the request of the stage just finished can be seen
)

// covers reports whether a frame may move on the way.
func (g *engine) covers(frame interp.FrameID) bool {
	switch g.goal.kind {
	case toStop:
		return true
	case toStage, toAnswer, toShow:
		return frame == g.goal.frame
	}
	return g.below(frame, g.goal.frame)
}

// coversAll reports whether the fixed order of Run is the order to move in.
func (g *engine) coversAll() bool {
	switch g.goal.kind {
	case toStop:
		return true
	case toState, toClose:
		return g.goal.frame == 1
	}
	return false
}

// move makes one move towards the goal. It returns false when there is no goal
// (any more) or the world must answer first.
func (g *engine) move(ctx context.Context) bool {
	if g.goal == nil {
		return false
	}
	if g.newest.Over() {
		g.stopAtEnd()
		return false
	}
	for _, next := range []func(context.Context) (bool, bool){
		g.takeReply, g.fireDue, g.minePreparing, g.announce, g.shown, g.advance, g.takeMock, g.takeOurs, g.useObjects, g.sendFree, g.mineUnderWay, g.askAgain, g.passTime,
	} {
		if done, goOn := next(ctx); done {
			if goOn && g.goal != nil {
				g.standStill()
			}
			return goOn && g.goal != nil
		}
	}
	g.stopAt(StopStep, "Nothing here can move: other frames must go on first.")
	return false
}

// Each of the moves below reports whether it did something, and whether to go
// on at once; (true, false) without a stop means: wait for the world.

// takeReply takes an answer that has arrived.
func (g *engine) takeReply(ctx context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.arrived == nil || !g.covers(c.call.Frame) {
			continue
		}
		wanted := g.goal.kind == toAnswer && g.goal.effect == c.call.Effect
		events := g.applyReply(ctx, c)
		if g.after(events) {
			return true, false
		}
		switch {
		case c.waitsForToken() && (wanted || g.goal.kind == toStage):
			g.stopAtToken(c, hasTimer(g.newest, c.call.Frame))
		case wanted || g.goal.kind == toStage:
			g.stopAt(StopStep, g.doneText())
		default:
			return true, true
		}
		return true, false
	}
	return false, false
}

// fireDue fires timers that have become due while the clock ran.
func (g *engine) fireDue(ctx context.Context) (done, goOn bool) {
	t, ok := g.newest.NextTimer()
	if !ok || t.Due.After(g.now) || g.runsSince.IsZero() {
		return false, false
	}
	return g.fire(ctx, t)
}

// minePreparing waits for requests that are being made.
func (g *engine) minePreparing(context.Context) (done, goOn bool) {
	return slices.ContainsFunc(g.calls, func(c *pendingCall) bool {
		return c.state == callPreparing && g.covers(c.call.Frame)
	}), false
}

// announce stops at a request nobody has seen yet and somebody must answer.
func (g *engine) announce(context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.seen || !g.covers(c.call.Frame) || !g.needsPerson(c) {
			continue
		}
		g.stopAtCall(c)
		return true, false
	}
	return false, false
}

// shown ends the way to a request that nobody needs to answer.
func (g *engine) shown(context.Context) (done, goOn bool) {
	if g.goal.kind != toShow {
		return false, false
	}
	text := g.doneText()
	if c := g.callOf(g.goal.frame); c != nil && c.state == callOurs {
		text += " Nothing is sent: " + here(c.call) + "."
	}
	g.stopAt(StopStep, text)
	return true, false
}

// advance moves ready frames.
func (g *engine) advance(ctx context.Context) (done, goOn bool) {
	if g.coversAll() {
		last, n := g.advances(ctx, slice, g.worthALook)
		if n == 0 {
			return false, false
		}
		return true, !g.worthALook(last) || !g.after(last)
	}
	for _, id := range g.newest.Ready() {
		if !g.covers(id) {
			continue
		}
		by := "auto"
		if g.goal.kind == toStage {
			by = "user"
		}
		turn, err := g.input(ctx, by, interp.Advance{Frame: id})
		if err != nil {
			panic("sessions: a ready frame does not advance: " + err.Error())
		}
		if g.after(turn.Events) {
			return true, false
		}
		if g.goal.kind == toStage {
			if g.callOf(id) != nil {
				g.goal.kind = toShow
				return true, true
			}
			g.stopAt(StopStep, g.doneText())
			return true, false
		}
		return true, true
	}
	return false, false
}

// worthALook is where Run pauses on the way: at calls, failures (a stage that
// fails has no events) and wherever a breakpoint or the goal may be.
func (g *engine) worthALook(events []interp.Event) bool {
	if len(events) == 0 || mainEnded(events) {
		return true
	}
	for i := range events {
		e := &events[i]
		if e.Failure != nil || e.Kind == interp.TaskScheduled || g.reached(e) {
			return true
		}
	}
	return g.candidate(events)
}

// reached reports whether an event is the goal.
func (g *engine) reached(e *interp.Event) bool {
	if e.Frame != g.goal.frame {
		return false
	}
	switch g.goal.kind {
	case toState:
		return e.Kind == interp.StateEntered || e.Kind == interp.FrameClosed || e.Kind == interp.FrameAborted
	case toClose:
		return e.Kind == interp.FrameClosed || e.Kind == interp.FrameAborted
	}
	return false
}

// after looks at what has just happened and stops where it should.
func (g *engine) after(events []interp.Event) (stopped bool) {
	x := g.newest
	var broken *interp.Frame
	if len(events) == 0 || slices.ContainsFunc(events, func(e interp.Event) bool { return e.Failure != nil }) {
		broken = failed(x)
	}
	if h := g.hitAt(x, events, broken); h != nil {
		g.note("stopped", h.text)
		g.stopIn(StopBreakpoint, h.id, h.frame, h.text+".")
		return true
	}
	if x.Over() || mainEnded(events) {
		g.stopAtEnd()
		return true
	}
	if broken != nil && g.goal.kind != toStage && g.goal.kind != toAnswer && g.goal.kind != toShow {
		if x.IfFailed(broken.ID, nil).Ends() {
			g.stopIn(StopFailure, 0, broken.ID, fmt.Sprintf("%s failed with %s, and nothing catches it: going on ends the execution.",
				broken.State.Name, g.whyFailed(broken.Failure)))
			return true
		}
	}
	for i := range events {
		if g.reached(&events[i]) {
			g.stopAt(StopStep, g.doneText())
			return true
		}
	}
	return false
}

// doneText says what the last step was.
func (g *engine) doneText() string {
	if f := failed(g.newest); f != nil {
		return fmt.Sprintf("%s failed with %s; %s.", f.State.Name, g.whyFailed(f.Failure), fateText(g.newest.IfFailed(f.ID, nil)))
	}
	s := g.line.steps[len(g.line.steps)-1]
	if s.State == "" {
		return s.Text + "."
	}
	return s.State + ": " + s.Text + "."
}

// whyFailed is a failure with its cause, or in words where the last call is known
// to be what was refused.
func (g *engine) whyFailed(f *interp.Failure) string {
	if n := len(g.past); n > 0 && g.past[n-1].Step == len(g.line.steps) && g.past[n-1].Why != nil {
		return failureName(f) + ": " + g.past[n-1].Why.Title
	}
	return failureText(f)
}

func (g *engine) stopAtEnd() {
	x := g.newest
	text := "The execution " + map[interp.Status]string{
		interp.Succeeded: "succeeded", interp.Failed: "failed", interp.TimedOut: "timed out", interp.Aborted: "was stopped",
	}[x.Status()]
	if x.Failure() != nil && (x.Failure().Error != nil || x.Failure().Cause != nil) {
		text += " with " + failureText(x.Failure())
	}
	if text += "."; !x.Over() {
		text += " An execution it has started runs on: it can be followed to its end."
	}
	g.stopAt(StopEnd, text)
}

// passTime lets the clock jump to the next timer, or wait for it.
func (g *engine) passTime(ctx context.Context) (done, goOn bool) {
	next, ok := g.newest.NextTimer()
	mine, has := next, ok
	if !g.coversAll() {
		mine, has = g.nextTimerOf()
	}
	if waits := g.awaitedTokens(); len(waits) > 0 {
		if c := waits[0]; !has || !g.goal.lapse && (mine.Reason == interp.ExecutionTimer || isTokens(callsOf(waits), mine)) {
			g.stopAtToken(c, has)
			return true, false
		}
	}
	switch {
	case !has:
		return false, false
	case g.o.RealTime:
		g.letRun()
		return true, false
	case next.Effect != mine.Effect && (next.Reason == interp.TimeoutTimer || next.Reason == interp.HeartbeatTimer):
		f, _ := g.newest.Frame(next.Frame)
		g.stopAt(StopStep, fmt.Sprintf("Until %s %s would time out, at %s: answer it first.", clock(mine.Due), f.State.Name, clock(next.Due)))
		return true, false
	}
	return g.fire(ctx, next)
}

// nextTimerOf is the first timer of the frames the goal covers.
func (g *engine) nextTimerOf() (first interp.Timer, ok bool) {
	for _, e := range g.newest.Pending() {
		if t, isTimer := e.(interp.Timer); isTimer && t.Frame != 0 && g.covers(t.Frame) && (!ok || t.Due.Before(first.Due)) {
			first, ok = t, true
		}
	}
	return first, ok
}

func (g *engine) fire(ctx context.Context, t interp.Timer) (done, goOn bool) {
	if t.Due.After(g.now) {
		g.now = t.Due
	}
	turn, err := g.input(ctx, "timer", interp.Fire{Effect: t.Effect})
	if err != nil {
		panic("sessions: a pending timer cannot be fired: " + err.Error())
	}
	if g.after(turn.Events) {
		return true, false
	}
	if g.goal.kind == toStage && g.covers(t.Frame) {
		g.stopAt(StopStep, g.doneText())
		return true, false
	}
	return true, true
}
