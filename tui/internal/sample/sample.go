package sample

import (
	_ "embed"
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
)

//go:embed order.asl.json
var order string

// Input is what the walk starts with.
const Input = `{"body":{"order":"A-1041","total":1999,"stock":5,"items":["mug","lid","box"],` +
	`"customer":{"name":"Zoë","tier":"gold","since":2019,"mail":"zoe@example.com"}}}`

// Begin is when the walk starts.
func Begin() time.Time { return time.Date(2026, 1, 2, 12, 4, 7, 900e6, time.UTC) }

// Walk is an execution on its way.
type Walk struct {
	File  *asl.File
	x     interp.Execution
	steps []sessions.StepInfo
	at    time.Time
	marks map[*asl.State]sessions.StateMark
	// moments are the executions after each step, for looking back.
	moments []moment
}

type moment struct {
	step int
	x    interp.Execution
}

// Order starts the order example. It panics where the example does not
// compile: it is part of the program.
func Order() *Walk { return Start("order.asl.json", order, Input) }

// Start starts a machine.
func Start(name, text, input string) *Walk {
	f, ds := asl.Parse(name, text, asl.Options{})
	if err := ds.Err(); err != nil {
		panic(err)
	}
	m, err := interp.Compile(f)
	if err != nil {
		panic(err)
	}
	w := &Walk{File: f, at: Begin(), marks: map[*asl.State]sessions.StateMark{}}
	turn := m.Start(interp.Start{Input: jsonval.MustParse(input), Seed: 1}, w.at)
	w.took(turn, "auto")
	return w
}

// took remembers a turn as a step, as sessions does.
func (w *Walk) took(t interp.Turn, by string) {
	w.x = t.After
	step := sessions.StepInfo{N: len(w.steps) + 1, At: w.at, By: by, Events: t.Events}
	var texts []string
	for _, e := range t.Events {
		if e.State != nil && (step.State == "" || e.Kind == interp.StateEntered) {
			step.Frame, step.State = e.Frame, e.State.Name
		}
		w.mark(e)
		step.Glyph = glyph(e, by, step.Glyph)
		if e.Kind != interp.BranchStarted && e.Kind != interp.FrameClosed {
			texts = append(texts, text(e))
		}
	}
	step.Text = strings.Join(texts, ", ")
	w.steps = append(w.steps, step)
	w.moments = append(w.moments, moment{step.N, t.After})
	w.at = w.at.Add(20 * time.Millisecond)
}

func (w *Walk) mark(e interp.Event) {
	m := w.marks[e.State]
	switch e.Kind {
	case interp.StateEntered:
		m = sessions.StateMark{Visits: m.Visits + 1, Here: true, Rule: -2}
	case interp.StateExited:
		m.Here, m.Done = false, true
	case interp.ChoiceMade:
		m.Rule = int(e.Index)
	case interp.TaskFailed:
		m.Failed = true
	case interp.RetryScheduled:
		m.Failed, m.Attempt = false, int(e.Attempt)
	case interp.ExecutionFailed:
		for s, other := range w.marks {
			if other.Here {
				other.Failed = true
				w.marks[s] = other
			}
		}
		return
	default:
		return
	}
	w.marks[e.State] = m
}

func text(e interp.Event) string {
	name := e.Kind.String()
	switch {
	case e.Kind == interp.StageDone || e.Kind == interp.Edited:
		return fmt.Sprintf("%s %s %d B", name, e.Stage.Name(e.State), e.Value.Size())
	case e.State != nil && e.Kind == interp.StateEntered:
		return e.State.Type.String() + name + " " + e.State.Name
	case e.State != nil && e.Kind == interp.StateExited:
		return e.State.Type.String() + name
	case e.Failure != nil && e.Failure.Error != nil:
		return name + " " + *e.Failure.Error
	}
	return name
}

func glyph(e interp.Event, by string, was sessions.Glyph) sessions.Glyph {
	switch {
	case e.Kind == interp.TaskScheduled && by != "mock":
		return sessions.GlyphSent
	case e.Kind == interp.TaskFailed || e.Kind == interp.ExecutionFailed:
		return sessions.GlyphFailed
	case e.Kind == interp.Edited:
		return sessions.GlyphEdited
	case e.Kind == interp.TaskSubmitted || e.Kind == interp.RetryScheduled:
		return sessions.GlyphWaiting
	}
	return was
}

// Give hands the execution an input.
func (w *Walk) Give(in interp.Input, by string) *Walk {
	turn, err := w.x.Step(in, w.at)
	if err != nil {
		panic(err)
	}
	w.took(turn, by)
	return w
}

// Until advances until the frame that is next is in state at stage, or nothing
// can move.
func (w *Walk) Until(state string, stage interp.Stage) *Walk {
	for range 1000 {
		for _, f := range w.x.Frames() {
			if f.State.Name == state && f.Stage == stage {
				return w
			}
		}
		if len(w.x.Ready()) == 0 {
			return w
		}
		w.Give(interp.Advance{Frame: w.x.Ready()[0]}, "auto")
	}
	panic("the example does not come to rest")
}

// Calls lists the calls that wait for an answer.
func (w *Walk) Calls() []interp.Call {
	var calls []interp.Call
	for _, e := range w.x.Pending() {
		if c, ok := e.(interp.Call); ok {
			calls = append(calls, c)
		}
	}
	return calls
}

// Reply answers the oldest call with a JSON text.
func (w *Walk) Reply(result string) *Walk {
	return w.Give(interp.Reply{Effect: w.Calls()[0].Effect, Outcome: interp.Outcome{Result: jsonval.MustParse(result)}}, "sent")
}

// Fail answers the oldest call with an error.
func (w *Walk) Fail(name, cause string) *Walk {
	return w.Give(interp.Reply{Effect: w.Calls()[0].Effect, Outcome: interp.Outcome{Failure: interp.Fail(name, cause)}}, "sent")
}

// View pictures the walk, paused in the frame that is next.
func (w *Walk) View() sessions.View {
	v := sessions.View{
		Revision: uint64(len(w.steps)), Title: w.File.Name, File: w.File, Phase: sessions.Paused, Status: w.x.Status(), Over: w.x.Over(),
		Network: "OFFLINE nothing is sent", Now: w.at, Frames: w.x.Frames(), States: w.marks,
		Output: w.x.Output(), Failure: w.x.Failure(), Steps: w.steps, Cursor: len(w.steps),
	}
	if v.Status != interp.Running {
		v.Phase = sessions.Ended
		v.Stop = sessions.Stop{Reason: sessions.StopEnd}
		return v
	}
	if ready := w.x.Ready(); len(ready) > 0 {
		v.Focus = ready[0]
	} else if len(v.Frames) > 0 {
		v.Focus = v.Frames[len(v.Frames)-1].ID
	}
	for _, f := range v.Frames {
		if f.ID == v.Focus && v.Focus == 0 {
			v.Focus = f.ID
		}
	}
	return v
}

// Fire lets the timer that is due first be due.
func (w *Walk) Fire() *Walk {
	timer, ok := w.x.NextTimer()
	if !ok {
		panic("no timer is pending")
	}
	w.at = timer.Due
	return w.Give(interp.Fire{Effect: timer.Effect}, "timer")
}
