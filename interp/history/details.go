package history

import (
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// detail writes the event's details member and returns its name, "" for none.
func (d *deriver) detail(e *interp.Event, c *chain) string {
	b := &d.details
	*b = append(*b, '{')
	name := d.members(b, e, c)
	*b = append(*b, '}')
	return name
}

func (d *deriver) members(b *object, e *interp.Event, c *chain) string {
	task := d.taskKind(e)
	switch e.Kind {
	case interp.ExecutionStarted:
		d.payload(b, "input", e.Value)
		b.text("roleArn", e.Task.RoleARN)
		return "executionStartedEventDetails"
	case interp.ExecutionSucceeded:
		d.payload(b, "output", e.Value)
		return "executionSucceededEventDetails"
	case interp.ExecutionFailed:
		b.failure(e.Failure)
		return "executionFailedEventDetails"
	case interp.ExecutionAborted:
		b.failure(e.Failure)
		return "executionAbortedEventDetails"
	case interp.ExecutionTimedOut: // only history says so: the execution has no error
		b.text("error", "States.Timeout")
		return "executionTimedOutEventDetails"
	case interp.StateEntered:
		b.text("name", e.State.Name)
		d.payload(b, "input", e.Value)
		return "stateEnteredEventDetails"
	case interp.StateExited:
		b.text("name", e.State.Name)
		d.payload(b, "output", e.Value)
		if vars := c.vars; vars.Len() > 0 {
			b.key("assignedVariables")
			*b = append(*b, '{')
			for k, v := range vars.Members() {
				b.key(k)
				*b = v.AppendQuoted(*b)
			}
			*b = append(*b, '}')
			b.whole("assignedVariables")
		}
		c.vars = jsonval.Value{}
		return "stateExitedEventDetails"
	case interp.EvaluationFailed:
		b.failure(e.Failure)
		if e.Where != "" {
			b.text("location", e.Where)
		}
		b.text("state", e.State.Name)
		return "evaluationFailedEventDetails"
	case interp.MapStateStarted:
		b.number("length", int64(e.Index))
		return "mapStateStartedEventDetails"
	case interp.MapRunStarted:
		b.text("mapRunArn", e.Value.Text())
		return "mapRunStartedEventDetails"
	case interp.MapRunFailed:
		b.failure(e.Failure)
		return "mapRunFailedEventDetails"
	case interp.MapIterationStarted, interp.MapIterationSucceeded, interp.MapIterationFailed, interp.MapIterationAborted:
		b.text("name", e.State.Name)
		b.number("index", int64(e.Index))
		name := e.Kind.String()
		return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
	case interp.TaskScheduled:
		switch task {
		case interp.ServiceResource:
			d.service(b, e)
			b.text("region", d.region)
			b.key("parameters")
			*b = e.Value.AppendQuoted(*b)
		default:
			b.text("resource", e.State.Resource)
			d.payload(b, "input", e.Value)
		}
		b.seconds("timeoutInSeconds", e.Task.TimeoutSeconds)
		b.seconds("heartbeatInSeconds", e.Task.HeartbeatSeconds)
		if e.Task.RoleARN != "" {
			b.key("taskCredentials")
			*b = append(*b, '{')
			b.text("roleArn", e.Task.RoleARN)
			*b = append(*b, '}')
		}
	case interp.TaskStarted:
		switch task {
		case interp.LambdaResource:
			return ""
		case interp.ActivityResource:
			if e.Value.Is(jsonval.String) {
				b.text("workerName", e.Value.Text())
			}
		default:
			d.service(b, e)
		}
	case interp.TaskSubmitted, interp.TaskSucceeded:
		if task == interp.ServiceResource {
			d.service(b, e)
		}
		if e.Value.Exists() { // the first response may be unknown
			d.payload(b, "output", e.Value)
		}
	case interp.TaskFailed, interp.TaskTimedOut:
		if task == interp.ServiceResource {
			d.service(b, e)
		}
		b.failure(e.Failure)
	default:
		return ""
	}
	name := d.typeName(e, c)
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
}

// taskKind is the family of the event's task.
func (d *deriver) taskKind(e *interp.Event) interp.ResourceKind {
	if e.State == nil || e.State.Type != asl.Task {
		return interp.UnknownResource
	}
	return d.resource(e.State).Kind
}

// service adds what every event of a service integration says.
func (d *deriver) service(b *object, e *interp.Event) {
	r := d.resource(e.State)
	b.text("resourceType", r.Service)
	b.text("resource", r.Name())
}

// payload adds a payload as JSON text, and that it is whole. What one event ends
// with the next one often begins with, so its text is kept.
func (d *deriver) payload(b *object, key string, v jsonval.Value) {
	if !v.Exists() || !jsonval.Same(v, d.data) {
		d.data, d.text = v, v.AppendQuoted(d.text[:0])
	}
	b.key(key)
	*b = append(*b, d.text...)
	b.whole(key)
}

// object is the JSON text of an object in the making.
type object []byte

// key begins a member; keys are names of fields or variables, in which nothing is
// to be escaped.
func (o *object) key(key string) {
	if b := *o; b[len(b)-1] != '{' {
		*o = append(b, ',')
	}
	*o = append(append(append(*o, '"'), key...), '"', ':')
}

func (o *object) text(key, s string) {
	o.key(key)
	*o = jsonval.AppendQuoted(*o, s)
}

func (o *object) number(key string, n int64) {
	o.key(key)
	*o = strconv.AppendInt(*o, n, 10)
}

// whole says that nothing of the member was cut off.
func (o *object) whole(key string) {
	o.key(key + "Details")
	*o = append(*o, `{"truncated":false}`...)
}

func (o *object) failure(why *interp.Failure) {
	if why == nil {
		return
	}
	if why.Error != nil {
		o.text("error", *why.Error)
	}
	if why.Cause != nil {
		o.text("cause", *why.Cause)
	}
}

func (o *object) seconds(key string, n int64) {
	if n > 0 {
		o.number(key, n)
	}
}
