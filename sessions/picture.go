package sessions

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/sessions/journal"
)

// before is the execution before the step at the cursor, nil where that was no
// advance of the focused frame, or of a state without JSONata.
func (g *engine) before() *interp.Execution {
	n := g.cursor
	if n < 2 || n > len(g.line.steps) || g.line.steps[n-1].Frame != g.focus {
		return nil
	}
	if _, advance := g.line.made[n-1].in.(interp.Advance); !advance && g.line.made[n-1].in != nil {
		return nil
	}
	jsonata := func(e interp.Event) bool { return e.State != nil && e.State.QueryLanguage == asl.JSONata }
	if f := failed(g.exec); !slices.ContainsFunc(g.line.steps[n-1].Events, jsonata) && (f == nil || f.State.QueryLanguage != asl.JSONata) {
		return nil
	}
	x := g.line.at(n - 1)
	return &x
}

// picture makes the View of this moment.
func (g *engine) picture() *View {
	x := g.exec
	v := &View{
		Revision: g.revision, Title: g.o.title(), File: g.o.Machine.File(),
		Phase: g.phase(), Status: x.Status(), Over: x.Over(), Stop: g.stop, Message: g.message, Error: g.trouble,
		Live: g.o.Policy.Leaves(), Network: g.o.Network, Now: g.now,
		Focus: g.focus, Frames: g.frames(), HoldAll: g.holdAll, Holds: g.holdRules, Exported: g.exported,
		Steps: g.line.steps[:len(g.line.steps):len(g.line.steps)], Cursor: g.cursor,
		Recorded: g.recorded,
	}
	if f := v.Frame(g.focus); f != nil && f.Execution != nil {
		v.File = f.Execution.Machine.File()
	}
	v.States = g.marks.after(g.line.steps, g.cursor, v.Frames)
	switch {
	case v.Live:
		v.Network = strings.TrimSpace("LIVE " + v.Network)
	case v.Network == "":
		v.Network = "OFFLINE nothing is sent"
	default:
		v.Network = "OFFLINE " + v.Network
	}
	if x.Status() == interp.Succeeded {
		v.Output = x.Output()
	} else {
		v.Failure = x.Failure()
	}
	if g.cursor < len(g.line.steps) {
		v.Now = x.Now()
	}
	if g.journal != nil {
		v.Recorded = "recording to " + g.journal.Path()
	}
	if g.replayed != nil {
		v.Replayed = g.replayed(g.cursor)
	}
	v.before = g.before()
	v.Requests, v.Tokens = g.requests()
	v.TokensOver = g.over[:len(g.over):len(g.over)]
	if v.awaitsOutside() && !g.replay && g.o.TokensAt != nil {
		var err error
		if v.TokensAt, err = g.o.TokensAt(); err != nil && v.Error == "" {
			v.Error = err.Error()
		}
	}
	for n := len(g.past); n > 0; n-- {
		if g.past[n-1].Step <= g.cursor {
			v.Calls = g.past[:n:n]
			break
		}
	}
	for _, b := range g.breakpoints {
		v.Breakpoints = append(v.Breakpoints, b.Breakpoint)
	}
	for _, w := range g.watches {
		v.Watches = append(v.Watches, w.Watch)
	}
	return v
}

func (g *engine) phase() Phase {
	switch {
	case g.replay:
		return Replay
	case g.exec.Over():
		return Ended
	case g.goal != nil:
		for _, c := range g.calls {
			if c.state == callSending && g.covers(c.call.Frame) && !g.runsSince.IsZero() {
				return Sending
			}
		}
		return Running
	case !g.atNewest():
		return Paused
	}
	if c := g.callOf(g.focus); c != nil && c.state != callSending && c.state != callWaiting && c.state != callOurs {
		return Held
	}
	if g.onlyTokens() {
		return Waiting
	}
	return Paused
}

// onlyTokens reports whether nothing can move until a task token is answered,
// or its time has run out.
func (g *engine) onlyTokens() bool {
	waits := g.awaitedTokens()
	if len(waits) == 0 || len(waits) < len(g.calls) || len(g.newest.Ready()) > 0 {
		return false
	}
	t, ok := g.newest.NextTimer()
	return !ok || t.Reason == interp.ExecutionTimer || isTokens(callsOf(waits), t)
}

// frames are those of the moment; of an execution that is over, as they were
// before its last step, so that its last data can be seen.
func (g *engine) frames() []interp.Frame {
	if !g.exec.Over() || g.cursor < 2 {
		return g.exec.Frames()
	}
	frames := g.line.at(g.cursor - 1).Frames()
	for i := range frames {
		frames[i].Run, frames[i].Waits = interp.Finished, nil
	}
	return frames
}

// requests are the calls nobody has answered and the tokens awaited.
func (g *engine) requests() (out []Request, tokens []TokenWait) {
	if !g.atNewest() {
		for _, e := range g.exec.Pending() {
			if call, ok := e.(interp.Call); ok {
				out = append(out, Request{Call: call, State: RequestAsks, Problem: "in the past nothing is sent"})
			}
		}
		return out, nil
	}
	var waiting []interp.Call
	for _, c := range g.calls {
		if c.waitsForToken() {
			waiting = append(waiting, c.call)
		}
		if c.state != callWaiting {
			out = append(out, g.shownRequest(c))
		}
	}
	tokens = tokenWaits(g.newest, waiting)
	for i := range tokens {
		c := g.callOf(tokens[i].Frame)
		tokens[i].Submitted, tokens[i].Since = c.submitted, c.tokenAt
	}
	return out, tokens
}

// shownRequest is one call as a View shows it.
func (g *engine) shownRequest(c *pendingCall) Request {
	r := Request{
		Call: c.call, Problem: c.problem, Edited: c.edited, HasMock: c.mock != nil,
		MayLeave: c.http && c.mayLeave, WhyNot: c.whyNot, Endpoint: c.endpoint,
	}
	switch {
	case c.state == callSending:
		r.State = RequestSent
	case c.state == callFailed && c.handler != nil:
		r.State = RequestFailed
	case c.state == callFailed, c.state == callMocked && !c.http:
		r.State = RequestAsks
	case c.state == callOurs:
		r.State, r.Here = RequestAsks, here(c.call)
	default:
		r.State = RequestHeld
	}
	if c.making {
		r.Problem = "the request is being made"
	}
	if c.http {
		if c.shown == nil {
			c.shown = httpRequest(c.sealed)
			c.shown.Pinned = c.signing.String()
			if c.edited > 0 || c.signing.special() {
				c.shown.Original = httpRequest(c.original)
				c.shown.ChangedSince = changedSince(c.original, c.sealed)
			}
		}
		r.HTTP = c.shown
	}
	if g.goal == nil && c.likely == nil {
		c.likely, c.access = LikelyErrors(g.newest, c.call), g.desk.access(c.call)
	}
	r.Likely, r.Access, r.AuthTypes, r.Next = c.likely, c.access, c.authTypes, leadsTo(c.call)
	r.Template = template(c.call, c.call.Input.Get("Method").Text())
	r.Free = r.MayLeave && !g.isHeld(c) || c.state == callOurs
	r.Outside = r.MayLeave && c.sealed.Outside()
	r.Writes = r.Outside && c.sealed.Writes()
	return r
}

// recordedText is such as "recorded 2026-01-02 by asldbg 0.4".
func recordedText(h *journal.Header) string {
	text := "recorded " + h.Time.Format("2006-01-02")
	if h.Program != "" {
		text += " by " + h.Program
	}
	if h.Parent != "" {
		text += fmt.Sprintf(", forked from %s after step %d", h.Parent, h.At)
	}
	return text
}
