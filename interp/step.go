package interp

import (
	"fmt"
	"slices"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// Start begins an execution: ExecutionStarted, and the first state is entered.
// Names and ARNs that s leaves out are made up from its seed.
func (m *Machine) Start(s Start, at time.Time) Turn {
	c := &core{now: at, random: random{s.Seed}}
	if s.Name == "" {
		s.Name = c.random.uuid()
	}
	if s.StateMachineARN == "" {
		s.StateMachineARN = "arn:aws:states:us-east-1:123456789012:stateMachine:asldbg"
	}
	if s.ARN == "" {
		s.ARN = executionARN(s, &c.random)
	}
	if s.RoleARN == "" {
		s.RoleARN = "arn:aws:iam::123456789012:role/asldbg"
	}
	if !s.Input.Exists() {
		s.Input = jsonval.EmptyObject
	}
	c.start = s
	c.main = &Child{
		Name: s.Name, ARN: s.ARN, StateMachineARN: s.StateMachineARN, RoleARN: s.RoleARN, Machine: m,
		Express: s.Express, Sync: s.Sync, Input: s.Input, StartedAt: at,
	}
	t := newTurn(c)
	t.emit(Event{Kind: ExecutionStarted, Value: s.Input, Task: &TaskDetail{RoleARN: s.RoleARN}})
	if n := m.file.Machine.TimeoutSeconds; n > 0 {
		t.endAt(0, at.Add(time.Duration(n)*time.Second))
	}
	first := m.start
	if s.At != nil {
		first = m.owner[s.At]
	}
	root := t.open(nil, -1, first, nil)
	if s.Variables.Exists() {
		root.scope.own = s.Variables
	}
	t.enter(root, first, s.Input)
	if s.Retried > 0 {
		root.attempt = s.Retried
		root.retries = slices.Repeat([]int{s.Retried}, len(first.Retry))
	}
	return t.done()
}

// Step takes one input and reports what followed. It never changes x: keep old
// Executions as long as you like, they share memory with the new ones.
//
// A failing state is not an error here: it is an Event. An error means that the
// input did not fit, such as a reply nobody awaits.
func (x Execution) Step(in Input, at time.Time) (Turn, error) {
	t := x.begin(at)
	if len(t.frames) == 0 {
		return Turn{}, fmt.Errorf("the execution is over: %s", t.status)
	}
	if err := t.take(in); err != nil {
		return Turn{}, err
	}
	return t.done(), nil
}

// Run advances ready frames in the fixed order until nothing is ready, limit
// advances are made (0: no limit), or until each reports true. It is Step in a
// loop: n, the number of advances made, is all that is needed to repeat it.
//
// Where each is given it is shown the events of every advance right after it,
// in a slice that is used again for the next one, and the Turn has none.
func (x Execution) Run(at time.Time, limit int, each func(ev []Event) (stop bool)) (out Turn, n int) {
	t := x.begin(at)
	for limit <= 0 || n < limit {
		f := t.nextReady()
		if f == nil {
			break
		}
		t.advance(t.own(f.id))
		n++
		if each == nil {
			continue
		}
		stop := each(t.events)
		if t.events = t.events[:0]; stop {
			break
		}
	}
	return t.done(), n
}

// turn is one Step or Run at work.
type turn struct {
	*core
	events  []Event
	effects []Effect

	// The one environment all expressions of the turn are evaluated in.
	expr   payload.Env
	of     *frame        // whose expression it is
	item   *mapItem      // the iteration being prepared, nil for none
	caught jsonval.Value // the Error Output while a catcher is evaluated, else Undefined

	instead *Outcome // of an Instead: what the work's children are replaced by
}

func newTurn(c *core) *turn {
	t := &turn{core: c}
	t.expr.Context = func() jsonval.Value { return t.context(t.of, t.item) }
	t.expr.Variable = func(name string) jsonval.Value { return t.of.scope.lookup(name) }
	t.expr.Random = &c.random
	t.expr.Query.Random, t.expr.Query.Now, t.expr.Query.Variables = &c.random, c.now, t.queried
	return t
}

func (x Execution) begin(at time.Time) *turn {
	c := *x.c
	c.turn++
	c.frames = slices.Clone(c.frames)
	c.pending = slices.Clone(c.pending)
	if at.After(c.now) {
		c.now = at
	}
	return newTurn(&c)
}

func (t *turn) done() Turn {
	return Turn{After: Execution{t.core}, Events: t.events, Effects: t.effects}
}

func (t *turn) take(in Input) error {
	switch in := in.(type) {
	case Advance:
		f := t.own(in.Frame)
		if f == nil {
			return fmt.Errorf("there is no frame %d", in.Frame)
		}
		if f.run != Ready {
			return fmt.Errorf("frame %d cannot advance: it waits in state %q", in.Frame, f.node.Name)
		}
		t.advance(f)
	case Reply:
		return t.replied(in)
	case Items:
		f, err := t.reader(in.Effect)
		if err != nil {
			return err
		}
		return t.tookItems(f, in)
	case Submitted:
		f, err := t.caller(in.Effect)
		if err != nil {
			return err
		}
		if f.node.resource.Pattern == RequestResponse || f.submitted {
			return fmt.Errorf("state %q awaits its result, not a first response", f.node.Name)
		}
		t.submit(f, in.Result)
	case Callback:
		f, err := t.tokenOwner(in.Token)
		if err != nil {
			return err
		}
		if !f.submitted && f.node.resource.Kind != ActivityResource {
			t.submit(f, jsonval.Value{}) // whoever answers has got it
		}
		t.answer(f, in.Outcome)
	case Heartbeat:
		f, err := t.tokenOwner(in.Token)
		if err != nil {
			return err
		}
		t.beat(f)
	case Fire:
		return t.fire(in.Effect)
	case Edit:
		return t.edit(in)
	case Instead:
		return t.workInstead(in)
	case StartExecution:
		return t.startExecution(in)
	case Stop:
		if t.status != Running {
			t.stopTheRest()
			return nil
		}
		t.end(0, Aborted, jsonval.Value{}, &in.Failure)
	default:
		return fmt.Errorf("unknown input %T", in)
	}
	return nil
}

// edit replaces the data of the frame's current stage.
func (t *turn) edit(in Edit) error {
	f := t.own(in.Frame)
	switch {
	case f == nil:
		return fmt.Errorf("there is no frame %d", in.Frame)
	case f.run != Ready:
		return fmt.Errorf("state %q is waiting: its data cannot be edited now", f.node.Name)
	case f.failure != nil:
		return fmt.Errorf("state %q has failed: there is no data to edit", f.node.Name)
	case f.group != nil:
		return fmt.Errorf("state %q is at work: edit the data of its branches or iterations", f.node.Name)
	case !in.Value.Exists():
		return fmt.Errorf("an edit needs a value")
	}
	g := f.stage
	for g > Entered && !f.data[g].Exists() {
		g--
	}
	if g == ItemsPath && !in.Value.Is(jsonval.Array) {
		return fmt.Errorf("the items of state %q are an array, not %s", f.node.Name, in.Value.Kind())
	}
	f.data[g] = in.Value
	t.emit(Event{Kind: Edited, Frame: f.id, State: f.node.State, Stage: g, Value: in.Value})
	return nil
}

// historyQuota is AWS's limit of events in an execution's history.
const historyQuota = 25000

// emit adds an event. The event that would be AWS's number 25,000 becomes the
// failure AWS puts there.
func (t *turn) emit(e Event) {
	e.At = t.now
	if t.children > 0 && e.Child == 0 {
		if f := t.frame(e.Frame); f != nil {
			e.Child = f.home
		}
	}
	if e.Kind.InHistory() && !t.record(&e) {
		return
	}
	t.events = append(t.events, e)
}

// record counts an event of the history of its execution; false: that is full.
func (t *turn) record(e *Event) bool {
	recorded, overflow, quota := &t.recorded, &t.overflow, !t.start.NoQuotas
	if e.Child != 0 {
		root := t.own(e.Child)
		recorded, overflow, quota = &root.recorded, &root.overflow, quota && !root.child.Express
	}
	if *recorded == historyQuota-1 && quota && !endsExecution(e.Kind) {
		*overflow = true
		return false
	}
	*recorded++
	return true
}

// lastRecorded is the id of the last event in the history of f's execution.
func (t *turn) lastRecorded(f *frame) int {
	if f.home != 0 {
		return t.frame(f.home).recorded
	}
	return t.recorded
}

func endsExecution(k EventKind) bool {
	return k >= ExecutionSucceeded && k <= ExecutionAborted
}

// end finishes the execution; f is the frame that brought the end, 0 for none.
func (t *turn) end(f FrameID, s Status, output jsonval.Value, why *Failure) {
	t.status, t.output, t.failure = s, output, why
	t.leaveDetached()
	t.emit(Event{Kind: endings[s], Frame: f, Value: output, Failure: why})
}

var endings = [...]EventKind{Succeeded: ExecutionSucceeded, Failed: ExecutionFailed, TimedOut: ExecutionTimedOut, Aborted: ExecutionAborted}

// open makes a frame below parent (nil: the root) that will start with first.
func (t *turn) open(parent *frame, branch int, first *node, item *mapItem) *frame {
	t.lastFrame++
	f := &frame{id: t.lastFrame, turn: t.turn, branch: branch, node: first, item: item, scope: &scope{own: jsonval.EmptyObject}}
	if parent != nil {
		f.parent = parent.id
		f.home, f.child = parent.home, parent.child
		f.scope.outer = parent.scope
	}
	t.frames = append(t.frames, f)
	return f
}

// enter puts f at the beginning of state n.
func (t *turn) enter(f *frame, n *node, input jsonval.Value) {
	f.node, f.stage, f.run, f.attempt, f.chosen = n, Entered, Ready, 0, -1
	f.data = [numStages]jsonval.Value{Entered: input}
	f.failure, f.fatal, f.lapsed, f.retries, f.group = nil, false, false, nil, nil
	f.enteredAt, f.found = t.now, f.scope
	t.emit(Event{Kind: StateEntered, Frame: f.id, State: n.State, Value: input})
	f.enteredID = t.lastRecorded(f)
	t.newAttempt(f)
}

// newAttempt prepares what every try of a state has anew.
func (t *turn) newAttempt(f *frame) {
	f.call, f.submitted, f.token, f.awaits = 0, false, "", 0
	if f.node.Type == asl.Task && f.node.resource.Pattern == WaitForTaskToken {
		f.token = t.random.token()
	}
}

// advance moves a ready frame by one stage.
func (t *turn) advance(f *frame) {
	switch {
	case f.failure != nil:
		t.recover(f)
	case f.group != nil:
		t.openNext(f)
	default:
		t.nextStage(f)
	}
	if root := t.frame(f.home); root != nil && root.overflow {
		t.endExecution(f, Failed, jsonval.Value{}, historyFull())
	}
	if t.overflow && t.status == Running {
		t.end(f.id, Failed, jsonval.Value{}, historyFull())
	}
}

func historyFull() *Failure {
	return Fail("States.Runtime", fmt.Sprintf("The execution reached the maximum number of history events (%d).", historyQuota))
}

// nextStage finishes f's next present stage, or leaves the state.
func (t *turn) nextStage(f *frame) {
	if g := t.coming(f); g < numStages {
		t.stageWork(f, g)
		return
	}
	t.leave(f)
}

// coming is f's next present stage, numStages for none.
func (t *turn) coming(f *frame) Stage {
	g := f.stage + 1
	for g < numStages && !f.node.present[g] {
		g++
	}
	return g
}

// current is the data f's stages have made so far.
func (f *frame) current() jsonval.Value {
	for g := f.stage; ; g-- {
		if f.data[g].Exists() {
			return f.data[g]
		}
	}
}

// finish records that stage g is done and what it made.
func (t *turn) finish(f *frame, g Stage, v jsonval.Value) {
	f.stage = g
	t.wake(f)
	f.data[g] = v
	t.emit(Event{Kind: StageDone, Frame: f.id, State: f.node.State, Stage: g, Value: v})
}

func (t *turn) stageWork(f *frame, g Stage) {
	switch g {
	case InputPath:
		t.applyPath(f, g, f.node.InputPath)
	case Parameters:
		t.applyTemplate(f, g, f.node.Parameters, f.current())
	case ItemsPath:
		if f.node.QueryLanguage == asl.JSONata {
			t.queryItems(f)
			return
		}
		t.findItems(f)
	case Work:
		t.work(f)
	case Result: // of Pass: the other types' results come from outside
		t.finish(f, g, f.node.Result)
	case ResultSelector:
		t.applyTemplate(f, g, f.node.ResultSelector, f.current())
	case ResultPath:
		v, err := merge(f.data[Entered], f.node.ResultPath, f.current())
		if err != nil {
			t.fail(f, Fail("States.ResultPathMatchFailure", t.prefix(f)+err.Error()), true)
			return
		}
		t.finish(f, g, v)
	case Assign:
		t.assign(f)
	case OutputPath:
		if f.node.QueryLanguage == asl.JSONata {
			t.queryOutput(f)
			return
		}
		t.applyPath(f, g, f.node.OutputPath)
	}
}

// work starts what the state is for.
func (t *turn) work(f *frame) {
	switch f.node.Type {
	case asl.Task:
		t.schedule(f)
	case asl.Choice:
		t.choose(f)
	case asl.Wait:
		t.wait(f)
	case asl.Fail:
		t.failState(f)
	case asl.Parallel:
		t.startBranches(f)
	case asl.Map:
		t.startIterations(f)
	}
}

// leave exits the state and goes where it points.
func (t *turn) leave(f *frame) {
	next := f.node.next
	if f.node.Type == asl.Choice {
		if next = f.node.byDef; f.chosen >= 0 {
			next = f.node.byRule[f.chosen]
		}
	}
	t.exit(f, f.current(), next)
}

// exit ends the state with this output; next nil ends the frame's machine.
func (t *turn) exit(f *frame, output jsonval.Value, next *node) {
	if t.tooBig(output) {
		t.fail(f, sizeFailure(f.node.Name), true)
		return
	}
	t.emit(Event{Kind: StateExited, Frame: f.id, State: f.node.State, Value: output})
	if next != nil {
		t.enter(f, next, output)
		return
	}
	f.run = Finished
	if f.parent == 0 || f.home == f.id {
		t.endExecution(f, Succeeded, output, nil)
		return
	}
	t.childSucceeded(f, output)
}

func executionARN(s Start, r *random) string {
	kind := "execution"
	if s.Express {
		kind = "express"
	}
	arn := replaceResource(s.StateMachineARN, kind) + ":" + s.Name
	if s.Express {
		arn += ":" + r.uuid()
	}
	return arn
}
