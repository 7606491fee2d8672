package sessions

import (
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// stepOf tells a step's story: where it happened, in words, with its sign.
func stepOf(by string, in interp.Input, at time.Time, events []interp.Event) StepInfo {
	s := StepInfo{At: at, By: by, Events: events}
	for i := range events {
		e := &events[i]
		if e.State == nil {
			continue
		}
		if s.State == "" || e.Kind == interp.StateEntered {
			s.Frame, s.State = e.Frame, e.State.Name
		}
	}
	s.Text, s.Glyph = textOf(events), glyphOf(events)
	if s.Text == "" {
		s.Text = inputText(in)
	}
	return s
}

// textOf tells events in one line, those with most to say.
func textOf(events []interp.Event) string {
	if len(events) == 1 {
		return eventText(&events[0])
	}
	var parts []string
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case interp.BranchStarted, interp.FrameClosed, interp.FrameAborted:
			continue // beside what made them
		}
		if len(parts) == 3 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, eventText(e))
	}
	return strings.Join(parts, ", ")
}

// eventText tells one event, by AWS's name where AWS has it.
func eventText(e *interp.Event) string {
	name := e.Kind.String()
	switch e.Kind {
	case interp.StateEntered:
		return e.State.Type.String() + name + " " + e.State.Name
	case interp.StateExited:
		return e.State.Type.String() + name
	case interp.StageDone:
		return name + " " + e.Stage.Name(e.State) + " " + size(e.Value)
	case interp.Edited:
		return name + " " + size(e.Value)
	case interp.ChoiceMade:
		if e.Index < 0 {
			return name + " Default"
		}
		return fmt.Sprintf("%s rule %d", name, e.Index+1)
	case interp.WaitStarted:
		return name + " until " + clock(e.Due)
	case interp.RetryScheduled:
		return fmt.Sprintf("%s attempt %d in %s", name, e.Attempt+1, seconds(e.Due.Sub(e.At)))
	case interp.EvaluationFailed:
		if e.Where != "" {
			name += " " + e.Where + ":"
		}
		return name + " " + failureName(e.Failure)
	case interp.ErrorCaught:
		return name + " " + catchText(e.State, int(e.Index))
	case interp.TaskSucceeded, interp.TaskSubmitted:
		if code, ok := e.Value.Get("StatusCode").Int(); ok {
			return fmt.Sprintf("%s %d", name, code)
		}
		return name + " " + size(e.Value)
	case interp.MapStateStarted:
		return fmt.Sprintf("%s %d items", name, e.Index)
	case interp.MapIterationStarted, interp.MapIterationSucceeded, interp.MapIterationAborted:
		return fmt.Sprintf("%s %d", name, e.Index)
	}
	if e.Failure != nil {
		return name + " " + failureName(e.Failure)
	}
	return name
}

func inputText(in interp.Input) string {
	switch in.(type) {
	case interp.Fire:
		return "the time has come"
	case interp.Advance, nil:
		return "no more than that"
	}
	return ""
}

func glyphOf(events []interp.Event) Glyph {
	glyph := GlyphDone
	for i := range events {
		switch events[i].Kind {
		case interp.Edited:
			glyph = GlyphEdited
		case interp.TaskScheduled:
			glyph = GlyphSent
		case interp.WaitStarted, interp.RetryScheduled, interp.TaskSubmitted:
			glyph = GlyphWaiting
		case interp.TaskFailed, interp.TaskTimedOut, interp.EvaluationFailed, interp.ParallelStateFailed, interp.MapStateFailed,
			interp.ExecutionFailed, interp.ExecutionTimedOut, interp.ExecutionAborted:
			return GlyphFailed
		}
	}
	return glyph
}

// failureName is how an error is spoken of.
func failureName(f *interp.Failure) string {
	if f == nil || f.Error == nil || *f.Error == "" {
		return "an error without a name"
	}
	return *f.Error
}

// failureText is an error with its cause, shortened.
func failureText(f *interp.Failure) string {
	if f == nil || f.Cause == nil || *f.Cause == "" {
		return failureName(f)
	}
	return failureName(f) + ": " + strings.TrimSuffix(shorten(f.Reason(), 160), ".") // it stands in a sentence
}

func catchText(s *asl.State, i int) string {
	if i >= len(s.Catch) || s.Catch[i].Next == nil {
		return ""
	}
	return "─▶ " + s.Catch[i].Next.Name
}

func size(v jsonval.Value) string {
	if !v.Exists() {
		return ""
	}
	return fmt.Sprintf("%d B", v.Size())
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05Z") }

// seconds is a delay as people write it, such as 1.5 s or 2 h 20 m.
func seconds(d time.Duration) string {
	d = d.Round(10 * time.Millisecond)
	var parts []string
	if h := d / time.Hour; h > 0 {
		parts = append(parts, fmt.Sprintf("%d h", h))
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		parts = append(parts, fmt.Sprintf("%d m", m))
	}
	if s := d % time.Minute; s > 0 || len(parts) == 0 {
		parts = append(parts, fmt.Sprintf("%g s", s.Seconds()))
	}
	return strings.Join(parts, " ")
}

// shorten cuts a text to about n characters.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
