package interp

import (
	"strings"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// context is the context object ($$) as f sees it; item is set while a Map
// prepares an iteration. Fields and their order are AWS's
// (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html);
// RetryCount is in Task states only (recordings: context_object).
func (c *core) context(f *frame, item *mapItem) jsonval.Value {
	if given := c.start.Context; given.Exists() {
		return given
	}
	object := func(members ...jsonval.Member) jsonval.Value { return jsonval.OfMembers(members) }
	text := func(key, s string) jsonval.Member { return jsonval.Member{Key: key, Value: jsonval.OfString(s)} }
	value := func(key string, v jsonval.Value) jsonval.Member { return jsonval.Member{Key: key, Value: v} }

	of := c.inside(f)
	execution := []jsonval.Member{
		text("Id", of.ARN),
		value("Input", of.Input),
		text("StartTime", isoTime(of.StartedAt)),
		text("Name", of.Name),
		text("RoleArn", of.RoleARN),
	}
	if !of.Sync {
		execution = append(execution, value("RedriveCount", jsonval.OfInt(0)))
	}
	state := []jsonval.Member{text("Name", f.node.Name), text("EnteredTime", isoTime(f.enteredAt))}
	if f.node.Type == asl.Task || f.node.Type == asl.Map || f.node.Type == asl.Parallel {
		state = append(state, value("RetryCount", jsonval.OfInt(int64(f.attempt))))
	}
	name := of.StateMachineARN[strings.LastIndexByte(of.StateMachineARN, ':')+1:]
	members := []jsonval.Member{
		value("Execution", object(execution...)),
		value("StateMachine", object(text("Id", of.StateMachineARN), text("Name", name))),
		value("State", object(state...)),
	}
	if f.token != "" {
		members = append(members, value("Task", object(text("Token", string(f.token)))))
	}
	if item != nil {
		of := []jsonval.Member{value("Index", jsonval.OfInt(int64(item.index))), value("Value", item.value)}
		if item.key != nil {
			of = append(of, text("Key", *item.key))
		}
		if item.source != "" {
			of = append(of, text("Source", item.source))
		}
		members = append(members, value("Map", object(value("Item", object(of...)))))
	}
	return object(members...)
}

// isoTime writes a time as AWS does in the context object: UTC, milliseconds
// left out where they are zero.
func isoTime(at time.Time) string {
	at = at.UTC()
	if at.Nanosecond()/1e6 == 0 {
		return at.Format("2006-01-02T15:04:05Z")
	}
	return at.Format("2006-01-02T15:04:05.000Z")
}

// replaceResource turns a state machine's ARN into one of another kind.
func replaceResource(arn, kind string) string {
	return strings.Replace(arn, ":stateMachine:", ":"+kind+":", 1)
}
