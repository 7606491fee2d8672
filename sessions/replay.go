package sessions

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"asldbg/interp"
	"asldbg/sessions/journal"
)

// Open walks a recorded session: all its steps are computed again, up to the
// first difference, and the cursor stands at the first. Nothing runs before a
// fork. Options.Machine is the one compiled from the file's header, and the
// machines its tasks have started are in Options.Known; Start and StartAt are
// taken from the header.
func Open(ctx context.Context, f *journal.File, o Options) (*Session, error) {
	o.Start, o.StartAt = f.Header.Start, f.Header.StartAt
	if o.Title == "" {
		o.Title = f.Header.Title
		if f.Path != "" {
			o.Title = filepath.Base(f.Path)
		}
	}
	s := newSession(&o)
	g := s.engine
	report, err := g.retrace(ctx, f)
	if err != nil {
		return nil, err
	}
	if len(g.line.steps) == 0 {
		return nil, fmt.Errorf("session %s has not even begun: %s", f.Path, report)
	}
	g.replay, g.recorded = true, recordedText(&f.Header)
	if f.Path != "" {
		g.file = filepath.Base(f.Path)
	}
	g.replayed = report.at
	s.open(ctx, func(context.Context) {
		g.travel(1)
		if f.Torn != "" {
			g.trouble = "the last line of the file was not written to its end; it is left out"
		}
	})
	return s, nil
}

// Check computes a recorded session again with a machine compiled from the
// file's header, and with those its tasks have started, and compares every step.
// The error is only ctx's.
func Check(ctx context.Context, f *journal.File, m *interp.Machine, known []Known) (Report, error) {
	g := newEngine(&Options{Machine: m, Known: known, Start: f.Header.Start, StartAt: f.Header.StartAt})
	return g.retrace(ctx, f)
}

// Calls are the answered calls of a recorded session, as far as its steps can be
// computed again. The error is only ctx's.
func Calls(ctx context.Context, f *journal.File, m *interp.Machine, known []Known) ([]PastCall, error) {
	g := newEngine(&Options{Machine: m, Known: known, Start: f.Header.Start, StartAt: f.Header.StartAt})
	_, err := g.retrace(ctx, f)
	return g.past, err
}

// Report says how a replay compares with its recording.
type Report struct {
	Steps int // in the file
	Same  int // computed again and equal, from the first on

	Difference *Difference // the first; nil: there is none
	// ValuesFrom is the first step from which values were not compared, because
	// secrets were removed from the file; 0: all were.
	ValuesFrom int
	Torn       bool // the file's last line is not whole, and left out
}

// Difference is where a replay departs from its recording. It is a bug in us, or
// the machine was changed.
type Difference struct {
	Step, Line         int // of the recording
	Recorded, Computed string
}

func (d *Difference) String() string {
	return fmt.Sprintf("the entry of step %d differs (line %d)\n  recorded: %s\n  computed: %s", d.Step, d.Line, d.Recorded, d.Computed)
}

func (r Report) String() string { return r.at(r.Same) }

// at is the report as of step n.
func (r Report) at(n int) string {
	text := fmt.Sprintf("%d of %d steps computed again, all equal", min(n, r.Same), n)
	if d := r.Difference; d != nil && n >= r.Same {
		text = fmt.Sprintf("%d of %d steps computed again and equal; %s", r.Same, r.Steps, d)
	}
	if r.ValuesFrom > 0 && n >= r.ValuesFrom {
		text += fmt.Sprintf("; from step %d on their values could not be compared: secrets were removed from the file", r.ValuesFrom)
	}
	return text
}

// retrace fills the timeline with the steps of a file.
func (g *engine) retrace(ctx context.Context, f *journal.File) (Report, error) {
	r := Report{Steps: f.Steps(), Torn: f.Torn != ""}
	for i := range f.Entries {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		e := &f.Entries[i]
		if e.Removed && r.ValuesFrom == 0 {
			r.ValuesFrom = e.N
		}
		if r.Difference = g.retraceEntry(e, f.Notes); r.Difference != nil {
			g.line.cut(r.Same)
			break
		}
		r.Same = e.N + e.Count - 1
	}
	if n := len(g.line.steps); n > 0 {
		g.newest = g.line.at(n)
	}
	return r, nil
}

// retraceEntry takes the steps of one entry.
func (g *engine) retraceEntry(e *journal.Entry, notes []journal.Note) *Difference {
	differs := func(recorded, computed string) *Difference {
		return &Difference{Step: e.N, Line: e.Line, Recorded: recorded, Computed: computed}
	}
	var events []interp.Event
	switch {
	case e.Start:
		turn := g.o.Machine.Start(g.o.Start, g.o.StartAt)
		events = turn.Events
		g.retraced(stepOf("auto", nil, e.At, events), made{at: e.At}, turn)
	case e.Input == nil:
		for left := e.Count; left > 0; {
			turn, n := g.rerun(e, left)
			if n == 0 {
				return differs(fmt.Sprintf("%d advances", e.Count), fmt.Sprintf("%d advances, then nothing was ready", e.Count-left))
			}
			events = append(events, turn.Events...)
			left -= n
		}
	default:
		calls := g.newest.Pending()
		in, err := g.desk.withMachine(e.Input)
		var turn interp.Turn
		if err == nil {
			turn, err = g.newest.Step(in, e.At)
		}
		if err != nil {
			return differs(fmt.Sprintf("%s by %s", inputName(e.Input), e.By), "it does not fit: "+err.Error())
		}
		events = turn.Events
		step := stepOf(e.By, e.Input, e.At, events)
		if step.State == "" {
			step.Frame, step.State = g.placeOf(e.Input)
		}
		g.retraced(step, made{in, e.At}, turn)
		g.rememberRetraced(e, calls, notes)
	}
	return compare(e, events, differs)
}

// rerun makes up to left advances of a recorded run.
func (g *engine) rerun(e *journal.Entry, left int) (interp.Turn, int) {
	var events []interp.Event
	var cuts []int
	turn, n := g.newest.Run(e.At, min(left, g.line.room()), func(ev []interp.Event) bool {
		events, cuts = append(events, ev...), append(cuts, len(ev))
		// To see what failed, and to know at which step a call was made.
		return len(ev) == 0 || slices.ContainsFunc(ev, func(e interp.Event) bool { return e.Kind == interp.TaskScheduled })
	})
	turn.Events = events
	from := 0
	for _, c := range cuts {
		step := stepOf(e.By, nil, e.At, events[from:from+c:from+c])
		from += c
		if step.State == "" {
			g.nameSilent(&step, turn.After)
		}
		g.line.add(step, made{at: e.At}, turn.After)
	}
	g.learn(turn)
	return turn, n
}

func (g *engine) retraced(s StepInfo, m made, t interp.Turn) {
	g.line.add(s, m, t.After)
	g.learn(t)
}

// learn takes from a turn what a fork will need.
func (g *engine) learn(t interp.Turn) {
	g.newest = t.After
	g.learnParents(t.Events)
	for _, e := range t.Effects {
		if call, ok := e.(interp.Call); ok {
			g.countCall(call)
		}
	}
}

// compare finds the first difference between an entry and what was computed.
func compare(e *journal.Entry, events []interp.Event, differs func(recorded, computed string) *Difference) *Difference {
	var sum journal.Sum
	sum.Add(events)
	if !e.SumIs(sum) {
		recorded, computed := e.Told(), sum.String()
		if recorded == "" {
			recorded = fmt.Sprintf("%s by %s, with other events or values", inputName(e.Input), e.By)
		}
		if recorded == computed {
			recorded += ", with other values"
		}
		if v := lastValue(events); v != "" {
			computed += " " + v
		}
		return differs(recorded, computed)
	}
	if e.Events == nil {
		return nil
	}
	for i := range max(len(e.Events), len(events)) {
		switch {
		case i >= len(events):
			return differs(e.Events[i].String(), "nothing")
		case i >= len(e.Events):
			return differs("nothing", journal.Of(&events[i]).String())
		}
		if now := journal.Of(&events[i]); !journal.Same(e.Events[i], now, !e.Removed) {
			return differs(e.Events[i].String(), now.String())
		}
	}
	return nil
}

// lastValue is the value of the last event that has one.
func lastValue(events []interp.Event) string {
	for i := len(events) - 1; i >= 0; i-- {
		if v := events[i].Value; v.Exists() {
			return shorten(v.String(), 400)
		}
	}
	return ""
}

// rememberRetraced lists an answered call as the session did that recorded it;
// what went out is in its note.
func (g *engine) rememberRetraced(e *journal.Entry, pending []interp.Effect, notes []journal.Note) {
	var token interp.Token
	var effect interp.EffectID
	switch in := e.Input.(type) {
	case interp.Reply:
		effect = in.Effect
	case interp.Submitted:
		if e.By != "sent" {
			return
		}
		effect = in.Effect
	case interp.Callback:
		token = in.Token
	default:
		return
	}
	for _, p := range pending {
		call, ok := p.(interp.Call)
		if !ok || call.Effect != effect && (token == "" || call.Token != token) {
			continue
		}
		g.remember(&pendingCall{call: call}, e.By, answerIn(e.Input), nil)
		last := &g.past[len(g.past)-1]
		last.At = e.At
		for _, n := range notes {
			if n.Kind == "sent" && n.N == e.N {
				last.recorded(n.Data)
			}
		}
	}
}

// inputName is what an input is called in a difference.
func inputName(in interp.Input) string {
	switch in := in.(type) {
	case interp.Advance:
		return fmt.Sprintf("an advance of frame %d", in.Frame)
	case interp.Reply:
		return fmt.Sprintf("the answer of call %d", in.Effect)
	case interp.StartExecution:
		return fmt.Sprintf("the start of %s for call %d", in.StateMachineARN, in.Effect)
	case interp.Submitted:
		return fmt.Sprintf("the first response of call %d", in.Effect)
	case interp.Fire:
		return fmt.Sprintf("timer %d", in.Effect)
	case interp.Callback:
		return "the answer to a task token"
	case interp.Heartbeat:
		return "a heartbeat"
	case interp.Edit:
		return fmt.Sprintf("an edit in frame %d", in.Frame)
	}
	return "the execution's stop"
}
