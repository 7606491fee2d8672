package interp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// schedule asks the world for a task's work.
func (t *turn) schedule(f *frame) {
	n, params := f.node, f.current()
	detail := &TaskDetail{}
	for _, limit := range []struct {
		name  string
		field *int64
		seconds
	}{
		{"TimeoutSecondsPath", &detail.TimeoutSeconds, n.TimeoutSeconds},
		{"HeartbeatSecondsPath", &detail.HeartbeatSeconds, n.HeartbeatSeconds},
	} {
		if limit.seconds == nil {
			continue
		}
		v, bad := t.number(f, limit.name, limit.seconds)
		if bad {
			return
		}
		if v == 0 {
			t.failTimeout(f, limit.name, limit.seconds)
			return
		}
		*limit.field = v
	}
	if n.Credentials != nil {
		v, err := n.Credentials.Eval(t.env(f, f.effectiveInput()))
		if err != nil {
			t.failField(f, Work, err)
			return
		}
		role := v.Get("RoleArn")
		if !role.Is(jsonval.String) {
			t.failRole(f, role)
			return
		}
		if detail.RoleARN = role.Text(); detail.RoleARN == "" { // AWS's words are not known
			t.failRuntime(f, "The value for the field 'RoleArn' must not be empty")
			return
		}
	}
	if n.resource.Kind == ServiceResource && !params.Is(jsonval.Object) && n.QueryLanguage == asl.JSONata && n.Parameters != nil {
		t.failQuery(f, Parameters, n.Parameters.Expects("object", params))
		return
	}
	problems := missingParameters(n.resource, params)
	for _, check := range t.inside(f).Machine.checks {
		problems = append(problems, check(n.resource, params)...)
	}
	if len(problems) > 0 {
		t.failRuntime(f, fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", params, strings.Join(problems, ", ")))
		return
	}
	if !t.sendable(f, params) {
		return
	}
	t.emit(Event{Kind: TaskScheduled, Frame: f.id, State: n.State, Value: params, Task: detail, Attempt: int32(f.attempt)})
	if n.resource.Kind != ActivityResource { // which starts when a worker takes it
		t.emit(Event{Kind: TaskStarted, Frame: f.id, State: n.State})
	}
	f.run = Waiting
	f.call = t.newEffect()
	t.ask(f.id, Call{
		Effect: f.call, Frame: f.id, State: n.State, Resource: n.resource, Input: params,
		RoleARN: detail.RoleARN, Machine: t.machineARN(f), Token: f.token, Attempt: f.attempt, Entered: f.enteredID, Path: t.iterations(f), Execution: f.child,
	})
	if s := detail.TimeoutSeconds; s > 0 {
		t.timer(f, TimeoutTimer, t.now.Add(time.Duration(s)*time.Second))
	}
	if s := detail.HeartbeatSeconds; s > 0 && n.resource.Kind != ActivityResource {
		t.timer(f, HeartbeatTimer, t.now.Add(time.Duration(s)*time.Second))
	}
}

// failTimeout fails f over a time limit of 0. In JSONPath AWS's words are those
// for any number that will not do.
func (t *turn) failTimeout(f *frame, field string, n seconds) {
	if n.Query != nil {
		t.failField(f, Work, n.Query.Unfit("must be positive", jsonval.OfInt(0)))
		return
	}
	t.failRuntime(f, fmt.Sprintf("The %s field refers to value %q which is not a valid integer: %s", field, "0", n.Path))
}

// failRole fails f over a role that is no text.
func (t *turn) failRole(f *frame, role jsonval.Value) {
	if f.node.QueryLanguage == asl.JSONata {
		t.failField(f, Work, f.node.Credentials.ExpectsAt("RoleArn", "string", role))
		return
	}
	t.failRuntime(f, fmt.Sprintf("The value for the field 'RoleArn.$' must be a STRING, but was: %s", role))
}

// missingParameters is what AWS says of parameters a service cannot do without.
func missingParameters(r Resource, params jsonval.Value) (problems []string) {
	if r.Kind != ServiceResource {
		return nil
	}
	if !params.Is(jsonval.Object) {
		problems = append(problems, "The value must be an object, but was '"+params.Kind().String()+"'")
	}
	for _, name := range asl.MissingParameters(r.Service, r.Action, func(name string) bool { return params.Get(name).Exists() }) {
		problems = append(problems, "The field '"+name+"' is required but was missing")
	}
	return problems
}

// machineARN is the state machine f's execution is of: children of a Map are of
// the Map's own.
func (t *turn) machineARN(f *frame) string {
	arn := t.start.StateMachineARN
	if f.child != nil {
		arn = f.child.StateMachineARN
	}
	arn, _, _ = strings.Cut(arn, "/")
	return arn
}

// submit takes a task's first response. An activity's is the name of the worker
// that has taken it, or null, and its heartbeats count from then on.
func (t *turn) submit(f *frame, first jsonval.Value) {
	f.submitted = true
	if f.node.resource.Kind != ActivityResource {
		t.emit(Event{Kind: TaskSubmitted, Frame: f.id, State: f.node.State, Value: first})
		return
	}
	t.emit(Event{Kind: TaskStarted, Frame: f.id, State: f.node.State, Value: first})
	if f.node.HeartbeatSeconds != nil {
		t.startHeartbeat(f)
	}
}

// iterations lists the Map iterations around f, outermost first, but not those
// around a task that has started its execution.
func (t *turn) iterations(f *frame) []Iteration {
	var path []Iteration
	for ; f != nil && f.parent != 0 && !f.nested; f = t.frame(f.parent) {
		if f.item != nil {
			path = append(path, Iteration{t.frame(f.parent).node.Name, f.item.index})
		}
	}
	slices.Reverse(path)
	return path
}

// answer ends a task.
func (t *turn) answer(f *frame, o Outcome) {
	if (o.Failure == nil) == !o.Result.Exists() {
		o = Outcome{Failure: Fail("States.Runtime", "the outcome of a task must be either a result or a failure")}
	}
	timedOut := o.Failure != nil && o.Failure.Error != nil && *o.Failure.Error == "States.Timeout"
	r := f.node.resource
	if succeeded := o.Failure == nil; !f.submitted && !timedOut &&
		(r.Kind == ActivityResource || succeeded && r.Pattern != RequestResponse) {
		t.submit(f, jsonval.Value{}) // it was taken, though nobody said so
	}
	t.cancel(f.id)
	if f.awaits != 0 { // its time was up: the execution it has started goes on
		t.detach(f)
	}
	if o.Failure == nil && t.tooBig(o.Result) {
		what := r.Service
		if r.Kind != ServiceResource {
			what = r.ARN
		}
		o = Outcome{Failure: sizeFailure(what)}
	}
	if o.Failure == nil {
		t.emit(Event{Kind: TaskSucceeded, Frame: f.id, State: f.node.State, Value: o.Result})
		f.stage = Result
		t.wake(f)
		f.data[Result] = o.Result
		return
	}
	kind := TaskFailed
	if timedOut {
		kind = TaskTimedOut
	}
	t.emit(Event{Kind: kind, Frame: f.id, State: f.node.State, Failure: o.Failure})
	fatal := o.Failure.Error != nil && *o.Failure.Error == "States.Runtime"
	t.fail(f, o.Failure, fatal)
}

// replied takes the answer to a call, or to what else waits for one.
func (t *turn) replied(in Reply) error {
	for _, w := range t.pending {
		if w.effect.ID() != in.Effect {
			continue
		}
		switch w.effect.(type) {
		case Write:
			t.wrote(t.own(w.frame), in.Effect, in.Outcome)
			return nil
		case Read:
			if in.Outcome.Failure == nil {
				return fmt.Errorf("effect %d asks for items", in.Effect)
			}
			t.endMapRun(t.own(w.frame), in.Outcome.Failure)
			return nil
		}
	}
	f, err := t.caller(in.Effect)
	if err != nil {
		return err
	}
	t.answer(f, in.Outcome)
	return nil
}

// reader is the frame of the Map that awaits items.
func (t *turn) reader(id EffectID) (*frame, error) {
	for _, w := range t.pending {
		if _, ok := w.effect.(Read); ok && w.effect.ID() == id {
			return t.own(w.frame), nil
		}
	}
	return nil, fmt.Errorf("nobody awaits items as effect %d", id)
}

// caller is the frame that awaits the answer of a call.
func (t *turn) caller(id EffectID) (*frame, error) {
	for _, w := range t.pending {
		if w.effect.ID() != id {
			continue
		}
		if _, ok := w.effect.(Call); !ok {
			return nil, fmt.Errorf("effect %d is not a call", id)
		}
		return t.own(w.frame), nil
	}
	return nil, fmt.Errorf("nobody awaits an answer of effect %d", id)
}

// ErrNoSuchToken says that no task awaits the token: it never did, has been
// answered, or has timed out.
var ErrNoSuchToken = errors.New("no task awaits this token")

func (t *turn) tokenOwner(token Token) (*frame, error) {
	for _, f := range t.frames {
		if f.token == token && token != "" && f.run == Waiting && f.call != 0 && f.failure == nil {
			return t.own(f.id), nil
		}
	}
	return nil, ErrNoSuchToken
}

// beat starts the heartbeat clock of f's task again.
func (t *turn) beat(f *frame) {
	t.emit(Event{Kind: HeartbeatSeen, Frame: f.id, State: f.node.State})
	for i, w := range t.pending {
		timer, ok := w.effect.(Timer)
		if !ok || w.frame != f.id || timer.Reason != HeartbeatTimer {
			continue
		}
		t.pending = slices.Delete(t.pending, i, i+1)
		t.startHeartbeat(f)
		return
	}
}

// startHeartbeat sets the clock that heartbeats reset.
func (t *turn) startHeartbeat(f *frame) {
	if s, bad := t.number(f, "HeartbeatSecondsPath", f.node.HeartbeatSeconds); !bad {
		t.timer(f, HeartbeatTimer, t.now.Add(time.Duration(s)*time.Second))
	}
}

func (t *turn) newEffect() EffectID {
	t.lastEffect++
	return t.lastEffect
}

// ask adds an effect.
func (t *turn) ask(f FrameID, e Effect) {
	t.pending = append(t.pending, pending{f, e})
	t.effects = append(t.effects, e)
}

// timer asks for a Fire.
func (t *turn) timer(f *frame, why TimerReason, due time.Time) {
	t.ask(f.id, Timer{Effect: t.newEffect(), Frame: f.id, State: f.node.State, Reason: why, Due: due})
	t.outlives(f, due)
}

// answered takes an effect off the list.
func (t *turn) answered(id EffectID) {
	t.pending = slices.DeleteFunc(t.pending, func(w pending) bool { return w.effect.ID() == id })
}

// cancel takes back all effects of a frame. The time of a child execution runs
// on until its root is closed.
func (t *turn) cancel(f FrameID) {
	t.pending = slices.DeleteFunc(t.pending, func(w pending) bool { return w.frame == f && !w.limitsExecution() })
}

// fire is what a timer does when it is due. Tasks whose time is up at the same
// moment time out together: AWS says so of all of them before it looks what
// follows from the first (recorded: test_service_lambda_map_timeout).
func (t *turn) fire(id EffectID) error {
	i := slices.IndexFunc(t.pending, func(w pending) bool { return w.effect.ID() == id })
	if i < 0 {
		return fmt.Errorf("there is no timer %d", id)
	}
	timer, ok := t.pending[i].effect.(Timer)
	if !ok {
		return fmt.Errorf("effect %d is not a timer", id)
	}
	if timer.Due.After(t.now) {
		t.now = timer.Due
	}
	t.pending = slices.Delete(t.pending, i, i+1)
	f := t.own(timer.Frame)
	switch timer.Reason {
	case ExecutionTimer: // without an error (recorded: test_global_timeout)
		if f == nil {
			t.end(0, TimedOut, jsonval.Value{}, nil)
			break
		}
		t.endExecution(f, TimedOut, jsonval.Value{}, nil)
	case WaitTimer:
		f.stage = Work
		t.wake(f)
	case RetryTimer:
		t.retryNow(f)
	case TimeoutTimer, HeartbeatTimer:
		t.timeOut(f)
		f.lapsed = timer.Reason == HeartbeatTimer
		for _, w := range slices.Clone(t.pending) { // answering takes effects away
			if other, ok := w.effect.(Timer); ok && other.Reason == TimeoutTimer && !other.Due.After(timer.Due) {
				t.timeOut(t.own(w.frame))
			}
		}
	}
	return nil
}

// timeOut ends a task whose time is up.
func (t *turn) timeOut(f *frame) {
	name := "States.Timeout"
	t.answer(f, Outcome{Failure: &Failure{Error: &name}})
}
