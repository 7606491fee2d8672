package pipeline

import (
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
	"asldbg/tui/theme"
)

// Item is one stage as it is shown.
type Item struct {
	Name  string
	Mark  string // a glyph, "" for what is no stage
	Role  theme.Role
	Value string // the size of the data, or what the stage will do
	Here  bool
	Faint bool // the state has no field for it: it takes the default
}

// Current is the stage frame f stands at: the one it finished last, or the one
// it waits or failed in.
func Current(f *interp.Frame) interp.Stage {
	if f.Failure == nil && len(f.Waits) == 0 {
		return f.Stage
	}
	for _, g := range interp.Stages(f.State) {
		if g > f.Stage && interp.Present(f.State, g) {
			return g
		}
	}
	return f.Stage
}

// Items lists the stages of the state frame f is in, then what follows it. A
// stage without a field is left out where its absence changes nothing.
func Items(v *sessions.View, f *interp.Frame) []Item {
	s, here := f.State, Current(f)
	var items []Item
	for _, g := range interp.Stages(s) {
		present := interp.Present(s, g)
		if !present && g == interp.Assign {
			continue
		}
		it := Item{Name: g.Name(s), Faint: !present && g != interp.Entered}
		switch {
		case g == here && f.Failure != nil:
			it.Mark, it.Role, it.Here = theme.GlyphFailed, theme.Failed, true
			if it.Value = failureName(f.Failure); len(f.Waits) > 0 {
				it.Value = waiting(v, f)
			}
		case g == here:
			it.Mark, it.Role, it.Here = theme.GlyphHere, theme.Here, true
			it.Value = sizeAt(f, g)
			if len(f.Waits) > 0 {
				it.Value = waiting(v, f)
			}
		case g < here:
			it.Mark, it.Role = theme.GlyphDone, theme.Done
			it.Value = sizeAt(f, g)
		default:
			it.Mark, it.Role = theme.GlyphToCome, theme.ToCome
			it.Value = plan(v, s, g)
		}
		items = append(items, it)
	}
	return append(items, Item{Name: after(v, s), Role: theme.Plain})
}

// sizeAt is the size of the data after stage g, "" for the stages that make
// none.
func sizeAt(f *interp.Frame, g interp.Stage) string {
	d := f.Data[g]
	if !d.Exists() {
		return ""
	}
	return jsonview.Size(d.Size())
}

func failureName(f *interp.Failure) string {
	if f.Error == nil {
		return "failed"
	}
	return *f.Error
}

// waiting says what a frame waits for.
func waiting(v *sessions.View, f *interp.Frame) string {
	if r := v.Request(f.ID); r != nil {
		switch {
		case r.State == sessions.RequestSent:
			return "sent"
		case r.Here != "":
			return "ready"
		case r.State == sessions.RequestHeld && r.MayLeave:
			return "held"
		}
		return "asks"
	}
	for _, t := range v.Tokens {
		if t.Frame == f.ID {
			return "token"
		}
	}
	for _, w := range f.Waits {
		t, ok := w.(interp.Timer)
		switch {
		case ok && t.Reason == interp.WaitTimer:
			return "until " + t.Due.UTC().Format("15:04:05")
		case ok && t.Reason == interp.RetryTimer:
			return "retry " + t.Due.UTC().Format("15:04:05")
		}
	}
	return "waits"
}

// plan says what a stage that is still to come will do.
func plan(v *sessions.View, s *asl.State, g interp.Stage) string {
	if g == interp.Work {
		if s.Type == asl.Task && v.HoldAll {
			return "hold"
		}
		return ""
	}
	n := Field(s, g)
	if n == nil {
		return ""
	}
	switch n.Value.Kind() {
	case jsonval.String:
		return n.Value.Text()
	case jsonval.Null:
		return "null"
	case jsonval.Object:
		var keys []string
		for k := range n.Value.Members() {
			keys = append(keys, strings.TrimSuffix(k, ".$"))
		}
		return strings.Join(keys, " ")
	}
	return ""
}

// fieldNames lists the names a stage's field has in the definition.
var fieldNames = map[interp.Stage][]string{
	interp.InputPath: {"InputPath"}, interp.Parameters: {"Parameters", "Arguments", "ItemSelector"},
	interp.ItemsPath: {"ItemsPath", "Items"}, interp.ResultSelector: {"ResultSelector"}, interp.ResultPath: {"ResultPath"},
	interp.Assign: {"Assign"}, interp.OutputPath: {"OutputPath", "Output"},
	interp.Work:   {"Resource", "Choices", "Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Branches", "ItemProcessor", "Iterator", "Error"},
	interp.Result: {"Result"},
}

// Field is the field of the definition that says what stage g of s does, nil
// if there is none.
func Field(s *asl.State, g interp.Stage) *asl.Node {
	for _, name := range fieldNames[g] {
		if n := s.Node.Get(name); n != nil {
			return n
		}
	}
	return nil
}

// after says what comes when the state is over.
func after(v *sessions.View, s *asl.State) string {
	switch {
	case s.Type == asl.Fail:
		return "FAILED"
	case s.Type == asl.Choice:
		switch m := v.States[s]; {
		case m.Rule == -1 && s.Default != nil:
			return "Next: " + s.Default.Name
		case m.Rule >= 0 && m.Rule < len(s.Choices) && s.Choices[m.Rule].Next != nil && m.Visits > 0:
			return "Next: " + s.Choices[m.Rule].Next.Name
		}
		return "Next: one of " + ways(s)
	case s.Next != nil:
		return "Next: " + s.Next.Name
	case s.Parent == nil:
		return "SUCCEEDED"
	case s.Parent.Type == asl.Map:
		return "iteration over"
	}
	return "branch over"
}

func ways(s *asl.State) string {
	n := len(s.Choices)
	if s.Default != nil {
		n++
	}
	return map[bool]string{true: "1 way", false: itoa(n) + " ways"}[n == 1]
}

// Change is what the stage frame f has finished did: the documents before and
// after, and the name of the one before, "" where nothing was there before.
func Change(f *interp.Frame) (before jsonval.Value, name string, after jsonval.Value) {
	after = f.DataAt(f.Stage)
	switch f.Stage {
	case interp.Entered, interp.Result:
		return jsonval.Value{}, "", after
	case interp.ResultPath:
		return f.Data[interp.Entered], "the state input", after
	}
	for g := int(f.Stage) - 1; g >= 0; g-- {
		if d := f.Data[g]; d.Exists() {
			name = "after " + interp.Stage(g).Name(f.State)
			if g == int(interp.Entered) {
				name = "the state input"
			}
			return d, name, after
		}
	}
	return jsonval.Value{}, "", after
}
