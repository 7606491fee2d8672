package journal

import (
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Event is an [interp.Event] as a file holds it: names instead of pointers, so
// that it can be compared with what another machine did.
type Event struct {
	Kind    interp.EventKind
	State   string
	Stage   interp.Stage
	Frame   interp.FrameID
	Parent  interp.FrameID
	Index   int
	Attempt int
	At      time.Time
	Value   jsonval.Value
	Failure *interp.Failure
	Task    *interp.TaskDetail
	Due     time.Time
	Where   string
}

// Of is e as a file holds it.
func Of(e *interp.Event) Event {
	out := Event{
		Kind: e.Kind, Stage: e.Stage, Frame: e.Frame, Parent: e.Parent, Index: int(e.Index), Attempt: int(e.Attempt),
		At: e.At, Value: e.Value, Failure: e.Failure, Task: e.Task, Due: e.Due, Where: e.Where,
	}
	if e.State != nil {
		out.State = e.State.Name
	}
	return out
}

// String is e on one line, as a difference shows it.
func (e Event) String() string {
	line := append([]byte(e.Kind.String()), ' ')
	line = append(line, e.State...)
	if e.Kind == interp.StageDone || e.Kind == interp.Edited {
		line = append(append(line, ' '), stageNames[e.Stage]...)
	}
	for _, n := range []struct {
		name string
		n    int
	}{{"frame", int(e.Frame)}, {"parent", int(e.Parent)}, {"index", e.Index}, {"attempt", e.Attempt}} {
		if n.n != 0 {
			line = append(append(append(line, ' '), n.name...), ' ')
			line = appendInt(line, n.n)
		}
	}
	if !e.Due.IsZero() {
		line = append(line, " due "+e.Due.UTC().Format(time.RFC3339Nano)...)
	}
	if e.Where != "" {
		line = append(line, " at "+e.Where...)
	}
	if t := e.Task; t != nil {
		line = fmt.Appendf(line, " timeout %d heartbeat %d role %q", t.TimeoutSeconds, t.HeartbeatSeconds, t.RoleARN)
	}
	if f := e.Failure; f != nil {
		line = append(line, " "+textOr(f.Error, "no error name")...)
		if f.Cause != nil {
			line = append(line, ": "+*f.Cause...)
		}
	}
	if e.Value.Exists() {
		line = e.Value.AppendJSON(append(line, ' '))
	}
	return strings.TrimSpace(string(line))
}

func textOr(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

// Same reports whether a and b tell the same. Without values, what may have
// been made from a removed secret is left out: values, causes, roles.
func Same(a, b Event, values bool) bool {
	same := a.Kind == b.Kind && a.State == b.State && a.Stage == b.Stage && a.Frame == b.Frame && a.Parent == b.Parent &&
		a.Index == b.Index && a.Attempt == b.Attempt && a.At.Equal(b.At) && a.Due.Equal(b.Due) && a.Where == b.Where &&
		(a.Task == nil) == (b.Task == nil) && (a.Failure == nil) == (b.Failure == nil)
	if !same {
		return false
	}
	if t, u := a.Task, b.Task; t != nil {
		if t.TimeoutSeconds != u.TimeoutSeconds || t.HeartbeatSeconds != u.HeartbeatSeconds || values && t.RoleARN != u.RoleARN {
			return false
		}
	}
	if f, g := a.Failure, b.Failure; f != nil {
		if !sameText(f.Error, g.Error) || values && !sameText(f.Cause, g.Cause) {
			return false
		}
	}
	return !values || a.Value.Size() == b.Value.Size() && a.Value.Hash() == b.Value.Hash()
}

func sameText(a, b *string) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// stageNames are the format's own: interp names stages after the state.
var stageNames = [...]string{
	"Entered", "InputPath", "Parameters", "ItemsPath", "Work", "Result", "ResultSelector", "ResultPath", "Assign", "OutputPath",
}

// appendEvent writes {"<kind>":"<state>", …}; what is zero is left out, and
// the time where it is the entry's.
func (w *Writer) appendEvent(line []byte, e *Event, at time.Time) []byte {
	line = append(line, '{')
	line = member(line, e.Kind.String(), jsonval.OfString(e.State))
	if e.Stage != 0 {
		line = member(line, "stage", jsonval.OfString(stageNames[e.Stage]))
	}
	for _, n := range []struct {
		name string
		n    int
	}{{"frame", int(e.Frame)}, {"parent", int(e.Parent)}, {"index", e.Index}, {"attempt", e.Attempt}} {
		if n.n != 0 {
			line = appendInt(name(line, n.name), n.n)
		}
	}
	if !e.At.Equal(at) {
		line = member(line, "at", timeValue(e.At))
	}
	if !e.Due.IsZero() {
		line = member(line, "due", timeValue(e.Due))
	}
	if e.Where != "" {
		line = member(line, "where", jsonval.OfString(e.Where))
	}
	if t := e.Task; t != nil {
		line = append(name(line, "task"), '{')
		line = appendInt(name(line, "timeout"), int(t.TimeoutSeconds))
		line = appendInt(name(line, "heartbeat"), int(t.HeartbeatSeconds))
		line = append(member(line, "role", jsonval.OfString(t.RoleARN)), '}')
	}
	if e.Failure != nil {
		line = w.appendFailure(line, e.Failure)
	}
	line = w.appendValue(line, "value", e.Value)
	return append(line, '}')
}

// appendFailure writes "failure":{"error":…,"cause":…}.
func (w *Writer) appendFailure(line []byte, f *interp.Failure) []byte {
	line = append(name(line, "failure"), '{')
	if f.Error != nil {
		line = member(line, "error", jsonval.OfString(w.secrets.text(*f.Error)))
	}
	if f.Cause != nil {
		line = member(line, "cause", jsonval.OfString(w.secrets.text(*f.Cause)))
	}
	return append(line, '}')
}

func (r *reader) event(v jsonval.Value, at time.Time) (Event, error) {
	if !v.Is(jsonval.Object) || v.Len() == 0 {
		return Event{}, fmt.Errorf("an event is not an object")
	}
	first := v.MemberAt(0)
	kind, ok := interp.EventKindNamed(first.Key)
	if !ok || !first.Value.Is(jsonval.String) {
		return Event{}, fmt.Errorf("%q is not an event and its state", first.Key)
	}
	p := parts{v: v}
	e := Event{
		Kind: kind, State: first.Value.Text(), Frame: interp.FrameID(p.int("frame")), Parent: interp.FrameID(p.int("parent")),
		Index: p.between("index", -1), Attempt: p.int("attempt"), At: at, Due: p.time("due"), Where: p.text("where"),
		Failure: p.failure("failure"),
	}
	if v.Get("at").Exists() {
		e.At = p.time("at")
	}
	if name := p.text("stage"); name != "" {
		e.Stage, ok = stageNamed(name)
		if !ok {
			p.fail("%q is not a stage", name)
		}
	}
	if t := p.object("task"); t.Exists() {
		task := parts{v: t}
		e.Task = &interp.TaskDetail{
			TimeoutSeconds: int64(task.int("timeout")), HeartbeatSeconds: int64(task.int("heartbeat")), RoleARN: task.text("role"),
		}
		if task.err != nil {
			return e, task.err
		}
	}
	e.Value = r.value(&p, "value")
	return e, p.err
}

func stageNamed(name string) (interp.Stage, bool) {
	for i, n := range stageNames {
		if n == name {
			return interp.Stage(i), true
		}
	}
	return 0, false
}

func (p *parts) failure(key string) *interp.Failure {
	v, ok := p.get(key, jsonval.Object)
	if !ok {
		return nil
	}
	in := parts{v: v}
	f := &interp.Failure{Error: in.textPointer("error"), Cause: in.textPointer("cause")}
	if in.err != nil {
		p.fail("%q: %w", key, in.err)
	}
	return f
}
