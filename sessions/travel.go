package sessions

import (
	"errors"
	"fmt"

	"asldbg/interp"
	"asldbg/sessions/command"
)

// goThrough moves the cursor through what has happened.
func (g *engine) goThrough(c command.Command) error {
	if g.goal != nil {
		return errors.New("it is running: pause first")
	}
	n, err := g.target(c)
	if err != nil {
		return err
	}
	g.travel(n)
	return nil
}

// target is the step a command of time leads to.
func (g *engine) target(c command.Command) (int, error) {
	last := len(g.line.steps)
	switch c.Verb {
	case command.Goto:
		switch {
		case c.N == -1:
			return last, nil
		case c.N > last:
			return 0, fmt.Errorf("there is no step %d: the newest is %d", c.N, last)
		}
		return max(c.N, 1), nil
	case command.Forward, command.ForwardState:
		if g.cursor == last {
			return 0, errors.New("this is the newest step")
		}
		if c.Verb == command.Forward {
			return g.cursor + 1, nil
		}
		return g.find(g.cursor+1, last, 1, last, func(s *StepInfo) bool { return s.has(interp.StateEntered, g.focus) }), nil
	}
	if g.cursor == 1 {
		return 0, errors.New("this is the first step")
	}
	switch c.Verb {
	case command.BackState:
		return g.find(g.cursor-1, 1, -1, 1, func(s *StepInfo) bool { return s.has(interp.StateEntered, g.focus) }), nil
	case command.BackOut:
		return g.find(g.cursor-1, 1, -1, 1, func(s *StepInfo) bool {
			return s.has(interp.BranchStarted, g.focus) || s.has(interp.MapIterationStarted, g.focus)
		}), nil
	case command.BackContinue:
		n, h := g.findHit(g.cursor-1, 1, -1)
		if h == nil {
			return 0, errors.New("no breakpoint lies before this step")
		}
		return n, nil
	}
	return g.cursor - 1, nil
}

// find is the first step from..to that fits, otherwise if none does.
func (g *engine) find(from, to, by, otherwise int, fits func(*StepInfo) bool) int {
	for n := from; by*n <= by*to; n += by {
		if fits(&g.line.steps[n-1]) {
			return n
		}
	}
	return otherwise
}

// has reports whether an event of the kind happened to the frame.
func (s *StepInfo) has(kind interp.EventKind, frame interp.FrameID) bool {
	for i := range s.Events {
		if s.Events[i].Kind == kind && s.Events[i].Frame == frame {
			return true
		}
	}
	return false
}

// findHit is the first step from..to where a breakpoint stops.
func (g *engine) findHit(from, to, by int) (int, *hit) {
	for n := from; by*n <= by*to; n += by {
		s := &g.line.steps[n-1]
		if s.Glyph != GlyphFailed && !g.candidate(s.Events) {
			continue
		}
		x := g.line.at(n)
		var broken *interp.Frame
		if s.Glyph == GlyphFailed {
			broken = failed(x)
		}
		if h := g.quietly(func() *hit { return g.hitAt(x, s.Events, broken) }); h != nil {
			return n, h
		}
	}
	return 0, nil
}

// quietly looks for a hit without counting it.
func (g *engine) quietly(look func() *hit) *hit {
	before := make([]int, len(g.breakpoints))
	for i, b := range g.breakpoints {
		before[i] = b.Hits
	}
	h := look()
	for i, b := range g.breakpoints {
		b.Hits = before[i]
	}
	return h
}

// walk is step, next, out and continue in the past: along the recorded steps.
func (g *engine) walk(v command.Verb) error {
	last := len(g.line.steps)
	if g.cursor == last {
		return errors.New("this is the end of the recording: fork runs on from here, if the execution is not over")
	}
	n := g.cursor + 1
	switch v {
	case command.Step:
		// The focused frame's next step, if it has one before its state ends.
		n = g.find(n, last, 1, n, func(s *StepInfo) bool { return s.Frame == g.focus })
	case command.Next:
		n = g.find(n, last, 1, last, func(s *StepInfo) bool {
			return s.has(interp.StateEntered, g.focus) || s.has(interp.FrameClosed, g.focus) || s.has(interp.FrameAborted, g.focus)
		})
	case command.Out:
		n = g.find(n, last, 1, last, func(s *StepInfo) bool {
			return s.has(interp.FrameClosed, g.focus) || s.has(interp.FrameAborted, g.focus)
		})
	case command.Continue:
		stop, h := g.findHit(n, last, 1)
		if h == nil {
			g.travel(last)
			return nil
		}
		g.travel(stop)
		g.stop = Stop{Reason: StopBreakpoint, Breakpoint: h.id, Text: h.text + "."}
		g.message, g.focus = g.stop.Text, h.frame
		g.settleFocus()
		g.lookAtWatches(false)
		return nil
	}
	g.travel(n)
	return nil
}
