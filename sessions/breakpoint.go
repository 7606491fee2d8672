package sessions

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions/command"
	"asldbg/sessions/query"
)

// breakpoint is a Breakpoint with its condition compiled.
type breakpoint struct {
	Breakpoint
	cond *query.Query // nil: always
}

// hit is a breakpoint that stops the session, and why.
type hit struct {
	id    int
	frame interp.FrameID
	text  string
}

// newBreakpoint checks a break command against the machines.
func newBreakpoint(machines []*Known, c command.Command) (*breakpoint, string, error) {
	b := &breakpoint{Breakpoint: Breakpoint{State: c.Name, Stage: c.Stage, Condition: c.Expr}}
	if c.Expr != "" {
		var err error
		if b.cond, err = query.Compile(c.Expr); err != nil {
			return nil, "", err
		}
	}
	if c.Name == "" {
		return b, "", nil
	}
	var all []*asl.State
	for _, m := range slices.Backward(machines) { // the main one first
		if m.Machine != nil {
			all = append(all, slices.Collect(m.Machine.File().Machine.All())...)
		}
	}
	var warning string
	err := errNoState
	for _, s := range all {
		if s.Name == c.Name && err != nil { // another machine's may fit where this one does not
			warning, err = checkPlace(s, c.Stage)
		}
	}
	if err == errNoState {
		names := make([]string, len(all))
		for i, s := range all {
			names[i] = s.Name
		}
		hint := ""
		if n := command.Nearest(c.Name, names); n != "" {
			hint = fmt.Sprintf("; did you mean %q?", n)
		}
		return nil, "", fmt.Errorf("there is no state %q%s", c.Name, hint)
	}
	return b, warning, err
}

// errNoState says that a breakpoint names a state that no machine has.
var errNoState = errors.New("no such state")

// checkPlace says why a state cannot, or will not, stop at a place.
func checkPlace(s *asl.State, place string) (warning string, err error) {
	if place == "" || slices.Contains([]string{"error", "retry", "token"}, place) {
		return "", nil
	}
	for _, g := range interp.Stages(s) {
		if !slices.Contains(placesOf(s, g), place) {
			continue
		}
		if !interp.Present(s, g) {
			return fmt.Sprintf("%s has no %s of its own: the stage is passed over", s.Name, place), nil
		}
		return "", nil
	}
	return "", fmt.Errorf("a %s state such as %s has no %s", s.Type, s.Name, place)
}

// placesOf are the names a stage of s goes by in breakpoints.
func placesOf(s *asl.State, g interp.Stage) []string {
	switch g {
	case interp.Entered:
		return []string{"Entered"}
	case interp.Parameters:
		return []string{"Parameters", "Arguments"}
	case interp.ItemsPath:
		return []string{"ItemsPath", "Items"}
	case interp.OutputPath:
		return []string{"OutputPath", "Output"}
	}
	return []string{g.Name(s)}
}

// placeOf is the stage of which an event tells that it was reached.
func placeOf(e *interp.Event) (g interp.Stage, ok bool) {
	switch e.Kind {
	case interp.StateEntered:
		return interp.Entered, true
	case interp.StageDone:
		return e.Stage, true
	case interp.TaskScheduled, interp.ChoiceMade, interp.WaitStarted, interp.ParallelStateStarted, interp.MapStateStarted:
		return interp.Work, true
	case interp.TaskSucceeded:
		return interp.Result, true
	case interp.VariablesAssigned:
		return interp.Assign, true
	}
	return 0, false
}

// at reports whether an event is where b stops.
func (b *breakpoint) at(e *interp.Event) bool {
	if b.Off || e.State == nil || b.State != "" && b.State != e.State.Name {
		return false
	}
	switch b.Stage {
	case "retry":
		return e.Kind == interp.RetryScheduled
	case "token":
		return isTokenEvent(e)
	case "error":
		return false // not an event: a frame that has failed
	}
	g, ok := placeOf(e)
	if b.Stage == "" {
		return ok && g == interp.Entered
	}
	return ok && slices.Contains(placesOf(e.State, g), b.Stage)
}

// isTokenEvent reports whether from here on a task waits for its token.
func isTokenEvent(e *interp.Event) bool {
	if e.Kind != interp.TaskSubmitted && e.Kind != interp.TaskScheduled {
		return false
	}
	r := interp.ParseResource(e.State.Resource)
	return r.Pattern == interp.WaitForTaskToken && (e.Kind == interp.TaskSubmitted || r.Kind == interp.ActivityResource)
}

// candidate reports whether some breakpoint may stop at one of the events.
func (g *engine) candidate(events []interp.Event) bool {
	for _, b := range g.breakpoints {
		for i := range events {
			if b.at(&events[i]) {
				return true
			}
		}
	}
	return false
}

// hitAt counts the breakpoints that these events, or the failure of broken,
// reach with a true condition, and returns the first of them.
func (g *engine) hitAt(x interp.Execution, events []interp.Event, broken *interp.Frame) *hit {
	var first *hit
	for _, b := range g.breakpoints {
		var h *hit
		if b.Stage == "error" {
			if broken != nil && !b.Off && (b.State == "" || b.State == broken.State.Name) {
				h = g.holds(b, x, broken.ID, broken.State, "which failed with "+failureText(broken.Failure), errorValue(broken.Failure))
			}
		} else {
			for i := range events {
				if e := &events[i]; b.at(e) {
					h = g.holds(b, x, e.Frame, e.State, whereText(e), valueThere(x, e))
					break
				}
			}
		}
		if h != nil {
			b.Hits++
			if first == nil {
				first = h
			}
		}
	}
	return first
}

// holds is the hit of b, if its condition is true. One that cannot be evaluated
// stops too, and says so.
func (g *engine) holds(b *breakpoint, x interp.Execution, frame interp.FrameID, s *asl.State, where string, data jsonval.Value) *hit {
	h := &hit{id: b.ID, frame: frame, text: fmt.Sprintf("Stopped at breakpoint %d in %s %s", b.ID, s.Name, where)}
	h.text = strings.TrimSpace(h.text)
	if b.cond == nil {
		return h
	}
	at := sceneOf(x, frame)
	at.Data = data
	v, err := b.cond.Run(&g.cache, at)
	switch {
	case err != nil:
		h.text += ": its condition failed: " + err.Error()
		return h
	case !b.cond.IsTrue(v):
		return nil
	}
	h.text += fmt.Sprintf(": %s is true", b.cond)
	if left := b.cond.Compared(); left != nil {
		if v, err := left.Run(&g.cache, at); err == nil && v.Exists() {
			h.text += " (" + shorten(v.String(), 60) + ")"
		}
	} else if v.String() != "true" {
		h.text = strings.TrimSuffix(h.text, " is true") + " is " + shorten(v.String(), 60)
	}
	return h
}

// whereText is where an event stops, after "in <state>".
func whereText(e *interp.Event) string {
	switch e.Kind {
	case interp.StateEntered:
		return "at its beginning"
	case interp.TaskScheduled:
		return "at its request"
	case interp.RetryScheduled:
		return "before retry " + fmt.Sprint(e.Attempt)
	case interp.TaskSubmitted:
		return "waiting for its task token"
	}
	g, _ := placeOf(e)
	return "after " + g.Name(e.State)
}

// valueThere is the data a condition looks at.
func valueThere(x interp.Execution, e *interp.Event) jsonval.Value {
	if e.Kind == interp.RetryScheduled {
		return errorValue(e.Failure)
	}
	if e.Value.Exists() && e.Kind != interp.VariablesAssigned {
		return e.Value
	}
	if f, ok := x.Frame(e.Frame); ok {
		return f.DataAt(f.Stage)
	}
	return jsonval.NullValue
}

// errorValue is a failure as catchers see it.
func errorValue(f *interp.Failure) jsonval.Value {
	text := func(s *string) jsonval.Value {
		if s == nil {
			return jsonval.NullValue
		}
		return jsonval.OfString(*s)
	}
	if f == nil {
		return jsonval.NullValue
	}
	return jsonval.ObjectOf(jsonval.Member{Key: "Error", Value: text(f.Error)}, jsonval.Member{Key: "Cause", Value: text(f.Cause)})
}
