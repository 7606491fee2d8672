package history

import (
	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Event is one event as GetExecutionHistory answers it
// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html).
type Event struct {
	ID, PreviousEventID int
	Type                string
	Timestamp           int64  // milliseconds since 1970
	DetailsName         string // such as stateEnteredEventDetails; "" for events without details
	Details             string // the JSON text of an object, in which input, output and parameters are texts of JSON
}

// Of turns the events of one execution, from ExecutionStarted on, into AWS's.
// region is the machine's. Those of child executions are left out, as AWS keeps
// a history of its own for each.
func Of(events []interp.Event, region string) []Event { return OfChild(events, 0, region) }

// OfChild is the history of a child execution, which its root names.
func OfChild(events []interp.Event, root interp.FrameID, region string) []Event {
	d := newDeriver(region)
	d.child = root
	var out []Event
	for i := range events {
		if e, ok := d.take(&events[i]); ok {
			e.Details = string(d.details)
			out = append(out, e)
		}
	}
	return out
}

// chain is where a frame's line of events stands.
type chain struct {
	parent  *chain
	last    int // id the next event of the frame points at
	started int // its MapStateStarted or ParallelStateStarted
	open    int // children open now
	inner   int // the last event inside the child that closed last
	done    int // the last MapIterationSucceeded, 0 for none yet
	run     int // its MapRunStarted, 0 for none
	vars    jsonval.Value

	submitted bool // its task has been taken by the service

	entered int // its last StateEntered
	before  int // what that points at
}

type deriver struct {
	region string
	child  interp.FrameID // whose events count, 0: the main execution's
	count  int            // events so far: the last one's id
	frames map[interp.FrameID]*chain
	failed int // the event that made a Parallel or Map stop its other children

	resources map[*asl.State]interp.Resource

	details object        // of the event last taken
	data    jsonval.Value // the payload last written,
	text    []byte        // and how
}

func newDeriver(region string) *deriver {
	return &deriver{region: region, frames: make(map[interp.FrameID]*chain), resources: make(map[*asl.State]interp.Resource)}
}

func (d *deriver) chain(id interp.FrameID) *chain {
	c := d.frames[id]
	if c == nil {
		c = &chain{}
		d.frames[id] = c
	}
	return c
}

// take derives from one event; ok is false where AWS has none. The details are
// left in d. The cases are AWS's behaviour as its recordings show it.
func (d *deriver) take(e *interp.Event) (out Event, ok bool) {
	if e.Child != d.child {
		return out, false
	}
	c := d.chain(e.Frame)
	id := d.count + 1
	prev := c.last
	switch e.Kind {
	case interp.ExecutionStarted, interp.ExecutionAborted, interp.ExecutionTimedOut:
		prev = 0
	case interp.BranchStarted:
		c.parent = d.chain(e.Parent)
		c.last = c.parent.started
		c.parent.open++
	case interp.MapIterationStarted:
		c.parent = d.chain(e.Parent)
		if prev = c.parent.started; c.parent.open == 0 && c.parent.inner > 0 {
			prev = c.parent.inner
		}
		c.parent.open++
		c.last = id
	case interp.ParallelStateStarted, interp.MapStateStarted:
		c.started, c.last, c.inner, c.done, c.open, c.run = id, id, 0, 0, 0, 0
	case interp.MapRunStarted:
		c.run, c.last = id, id
	case interp.MapIterationSucceeded:
		c.parent.done = id
	case interp.ParallelStateSucceeded, interp.MapStateSucceeded:
		// The state's exit points at the same event as this one; that of a
		// distributed Map has pointed at MapRunStarted since 2024-11.
		if c.run > 0 {
			c.last = c.run
			break
		}
		if prev = c.started; c.done > 0 {
			prev = c.done
		} else if c.inner > 0 {
			prev = c.inner
		}
		c.last = prev
	case interp.FrameClosed:
		if c.parent == nil {
			break // the root of a child execution
		}
		c.parent.open--
		c.parent.inner = c.last
		if e.Failure != nil {
			d.failed, c.parent.last = c.last, c.last
		}
	case interp.FrameAborted:
		if c.parent != nil {
			c.parent.open--
		}
	case interp.TaskStateAborted, interp.WaitStateAborted, interp.MapIterationAborted:
		prev = d.failed
	case interp.MapIterationFailed:
		// a side branch: what follows points at the failing event
	case interp.VariablesAssigned:
		c.vars = e.Value
	case interp.StateEntered:
		c.entered, c.before, c.last = id, prev, id
	case interp.EvaluationFailed:
		// AWS was recorded to point at the event before StateEntered, unless it
		// is the work of the state that has failed (undefined_reference,
		// wait_timestamp_jsonata).
		if c.last == c.entered && e.Stage != interp.Work {
			prev = c.before
		}
		c.vars, c.last, d.failed = jsonval.Value{}, id, id
	case interp.TaskScheduled:
		c.submitted, c.last = false, id
	case interp.TaskSubmitted:
		c.submitted, c.last = true, id
	default:
		if e.Kind.InHistory() {
			c.last = id
		}
	}
	if !e.Kind.InHistory() {
		return Event{}, false
	}
	d.count = id
	out = Event{ID: id, PreviousEventID: prev, Type: d.typeName(e, c), Timestamp: e.At.UnixMilli()}
	d.details = d.details[:0]
	out.DetailsName = d.detail(e, c)
	return out, true
}

// typeName is the event's type: states' events carry the state's type, tasks'
// events the resource's family. A task that fails where it should first have
// been taken by the service has failed to be submitted.
func (d *deriver) typeName(e *interp.Event, c *chain) string {
	switch e.Kind {
	case interp.StateEntered:
		return enteredNames[e.State.Type]
	case interp.StateExited:
		return exitedNames[e.State.Type]
	}
	name := e.Kind.String()
	if e.Kind < interp.TaskScheduled || e.Kind > interp.TaskTimedOut {
		return name
	}
	switch r := d.resource(e.State); {
	case r.Kind == interp.LambdaResource:
		return "LambdaFunction" + name[len("Task"):]
	case r.Kind == interp.ActivityResource:
		return "Activity" + name[len("Task"):]
	case e.Kind == interp.TaskFailed && r.Pattern != interp.RequestResponse && !c.submitted:
		return "TaskSubmitFailed"
	}
	return name
}

// The types of the events of entering and leaving a state.
var enteredNames, exitedNames = func() (entered, exited [8]string) {
	for t := range entered {
		name := asl.StateType(t).String()
		entered[t], exited[t] = name+"StateEntered", name+"StateExited"
	}
	return
}()

// resource is a task's, taken apart once.
func (d *deriver) resource(s *asl.State) interp.Resource {
	r, ok := d.resources[s]
	if !ok {
		r = interp.ParseResource(s.Resource)
		d.resources[s] = r
	}
	return r
}
