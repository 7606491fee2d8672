package history

import (
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// details is the event's details member and its name.
func (d *deriver) details(e *interp.Event, c *chain) (string, jsonval.Value) {
	var b object
	task := taskKind(e)
	switch e.Kind {
	case interp.ExecutionStarted:
		b.data("input", e.Value)
		b.text("roleArn", e.Task.RoleARN)
		return "executionStartedEventDetails", b.value()
	case interp.ExecutionSucceeded:
		b.data("output", e.Value)
		return "executionSucceededEventDetails", b.value()
	case interp.ExecutionFailed:
		b.failure(e.Failure)
		return "executionFailedEventDetails", b.value()
	case interp.ExecutionAborted:
		b.failure(e.Failure)
		return "executionAbortedEventDetails", b.value()
	case interp.ExecutionTimedOut:
		b.failure(e.Failure)
		return "executionTimedOutEventDetails", b.value()
	case interp.StateEntered:
		b.text("name", e.State.Name)
		b.data("input", e.Value)
		return "stateEnteredEventDetails", b.value()
	case interp.StateExited:
		b.text("name", e.State.Name)
		b.data("output", e.Value)
		if vars := c.vars; vars.Len() > 0 {
			var names object
			for k, v := range vars.Members() {
				names.text(k, v.String())
			}
			b.add("assignedVariables", names.value())
			b.add("assignedVariablesDetails", notTruncated)
		}
		c.vars = jsonval.Value{}
		return "stateExitedEventDetails", b.value()
	case interp.EvaluationFailed:
		b.failure(e.Failure)
		if e.Where != "" {
			b.text("location", e.Where)
		}
		b.text("state", e.State.Name)
		return "evaluationFailedEventDetails", b.value()
	case interp.MapStateStarted:
		b.add("length", jsonval.OfInt(int64(e.Index)))
		return "mapStateStartedEventDetails", b.value()
	case interp.MapRunStarted:
		b.add("mapRunArn", e.Value)
		return "mapRunStartedEventDetails", b.value()
	case interp.MapRunFailed:
		b.failure(e.Failure)
		return "mapRunFailedEventDetails", b.value()
	case interp.MapIterationStarted, interp.MapIterationSucceeded, interp.MapIterationFailed, interp.MapIterationAborted:
		b.text("name", e.State.Name)
		b.add("index", jsonval.OfInt(int64(e.Index)))
		name := e.Kind.String()
		return strings.ToLower(name[:1]) + name[1:] + "EventDetails", b.value()
	case interp.TaskScheduled:
		switch task {
		case interp.ServiceResource:
			d.service(&b, e)
			b.text("region", d.region)
			b.text("parameters", e.Value.String())
		default:
			b.text("resource", e.State.Resource)
			b.data("input", e.Value)
		}
		b.seconds("timeoutInSeconds", e.Task.TimeoutSeconds)
		b.seconds("heartbeatInSeconds", e.Task.HeartbeatSeconds)
		if e.Task.RoleARN != "" {
			b.add("taskCredentials", jsonval.ObjectOf(jsonval.Member{Key: "roleArn", Value: jsonval.OfString(e.Task.RoleARN)}))
		}
	case interp.TaskStarted:
		switch task {
		case interp.LambdaResource:
			return "", jsonval.Value{}
		case interp.ActivityResource:
			if e.Value.Is(jsonval.String) {
				b.text("workerName", e.Value.Text())
			}
		default:
			d.service(&b, e)
		}
	case interp.TaskSubmitted, interp.TaskSucceeded:
		if task == interp.ServiceResource {
			d.service(&b, e)
		}
		if e.Value.Exists() { // the first response may be unknown
			b.data("output", e.Value)
		}
	case interp.TaskFailed, interp.TaskTimedOut:
		if task == interp.ServiceResource {
			d.service(&b, e)
		}
		b.failure(e.Failure)
	default:
		return "", jsonval.Value{}
	}
	name := typeName(e, c)
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails", b.value()
}

// taskKind is the family of the event's task.
func taskKind(e *interp.Event) interp.ResourceKind {
	if e.State == nil {
		return interp.UnknownResource
	}
	return kindOf(e.State)
}

// service adds what every event of a service integration says.
func (d *deriver) service(b *object, e *interp.Event) {
	r := interp.ParseResource(e.State.Resource)
	b.text("resourceType", r.Service)
	b.text("resource", r.Name())
}

var notTruncated = jsonval.ObjectOf(jsonval.Member{Key: "truncated", Value: jsonval.False})

// object collects members.
type object struct{ members []jsonval.Member }

func (o *object) value() jsonval.Value { return jsonval.OfMembers(o.members) }

func (o *object) add(key string, v jsonval.Value) {
	o.members = append(o.members, jsonval.Member{Key: key, Value: v})
}

func (o *object) text(key, s string) { o.add(key, jsonval.OfString(s)) }

// data adds a payload as JSON text, and that it is whole.
func (o *object) data(key string, v jsonval.Value) {
	o.text(key, v.String())
	o.add(key+"Details", notTruncated)
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
		o.add(key, jsonval.OfInt(n))
	}
}
