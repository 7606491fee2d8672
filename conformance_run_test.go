package main_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/mock"
	"asldbg/sessions"
)

// machine reads a case's definition, which AWS has accepted.
func (c recorded) machine() (m *interp.Machine, v verdict) {
	file, found := asl.Parse("definition.asl.json", c.definition(), asl.Options{Express: c.express()})
	if what := unsupported(found); what != "" {
		return nil, verdict{apart: what}
	}
	if err := found.Err(); err != nil {
		return nil, verdict{outcome: "AWS accepts the definition, we refuse it: " + err.Error()}
	}
	m, err := interp.Compile(file, apigw.Check)
	if err != nil {
		return nil, verdict{outcome: err.Error()}
	}
	return m, verdict{}
}

// unsupported is what asldbg itself says it cannot run yet.
func unsupported(found asl.Diagnostics) string {
	for _, d := range found {
		if d.Code == "not-supported-yet" {
			return strings.TrimSuffix(strings.TrimPrefix(d.Message, "asldbg cannot run "), " yet")
		}
	}
	return ""
}

// aMoment is when every execution here begins.
var aMoment = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

const account = "111111111111"

func (c recorded) start(name string) interp.Start {
	return interp.Start{
		Name:            c.Get("executionName").Text(),
		StateMachineARN: "arn:aws:states:us-east-1:" + account + ":stateMachine:" + name,
		RoleARN:         "arn:aws:iam::" + account + ":role/conformance",
		Express:         c.express(),
		Sync:            strings.HasSuffix(c.id, "#start_execution_sync_response"),
		Input:           c.Get("input"),
		Seed:            1,
	}
}

// checkExecution runs an execution whose tasks get the answers AWS recorded.
func checkExecution(t *testing.T, c recorded) verdict {
	machine, v := c.machine()
	if machine == nil {
		return v
	}
	for _, trait := range c.Get("traits").Items() {
		if trait.Text() == "unmocked-task" {
			return verdict{apart: "tasks whose answers were not recorded"}
		}
	}
	mocks, err := mock.Parse("mocks", c.world().String(), "", "")
	if err == nil {
		err = mocks.Check(machine.File().Machine)
	}
	if err != nil {
		return verdict{outcome: err.Error()}
	}
	if c.Get("stop").Exists() {
		return c.compare(c.stopped(machine))
	}
	return c.compare(run(t.Context(), sessions.Options{
		Machine: machine, Start: c.start("machine"), StartAt: aMoment, Mocks: mocks, Objects: c.objects(t),
	}))
}

// world is what the tasks get. The name of the worker that took an activity is
// not among the recorded answers: it comes from the history.
func (c recorded) world() jsonval.Value {
	var workers []jsonval.Value
	for _, e := range c.wants("events").Items() {
		if e.Get("type").Text() == "ActivityStarted" {
			name := e.Get("activityStartedEventDetails").Get("workerName")
			if !name.Exists() {
				name = jsonval.NullValue
			}
			workers = append(workers, name)
		}
	}
	mocks := c.Get("mocks")
	for state, answers := range mocks.Members() {
		for i, a := range answers.Items() {
			if len(workers) == 0 || interp.ParseResource(a.Get("resource").Text()).Kind != interp.ActivityResource {
				continue
			}
			mocks, _ = mocks.Set(jsonval.Path{jsonval.Key(state), jsonval.Index(i), jsonval.Key("submitted")}, workers[0])
			workers = workers[1:]
		}
	}
	return mocks
}

// ran is a run with its events.
type ran struct {
	sessions.Result
	events []interp.Event
}

func run(ctx context.Context, o sessions.Options) (ran, error) {
	var r ran
	o.Events = func(ev []interp.Event) { r.events = append(r.events, ev...) }
	var err error
	r.Result, err = sessions.Run(ctx, o)
	return r, err
}

// stopped runs until nothing moves any more and then stops the execution.
func (c recorded) stopped(machine *interp.Machine) (ran, error) {
	turn := machine.Start(c.start("machine"), aMoment)
	events := turn.Events
	turn, _ = turn.After.Run(aMoment, 0, nil)
	events = append(events, turn.Events...)
	if turn.After.Status() == interp.Running {
		var err error
		if turn, err = turn.After.Step(interp.Stop{}, aMoment); err != nil {
			return ran{}, err
		}
		events = append(events, turn.Events...)
	}
	x := turn.After
	return ran{sessions.Result{Status: x.Status(), Output: x.Output(), Failure: x.Failure()}, events}, nil
}

// compare holds a run against what AWS did.
func (c recorded) compare(r ran, err error) verdict {
	if err != nil {
		var needs *sessions.NeedsAnswerError
		if errors.As(err, &needs) {
			return verdict{outcome: fmt.Sprintf("state %q needs an answer: %s", needs.State, needs.Why)}
		}
		return verdict{outcome: err.Error()}
	}
	m := newMatcher(c)
	ours := jsonval.ObjectOf(
		jsonval.Member{Key: "events", Value: jsonval.OfItems(historyOf(r.events))},
		jsonval.Member{Key: "output", Value: r.Output},
	)
	for _, path := range c.Get("ignorePaths").Items() {
		p := newPruner(path.Text())
		c.Value, ours = p.prune(c.Value), p.prune(ours)
	}
	r.Output = ours.Get("output")
	v := verdict{outcome: m.outcomeDiffers(c, r.Result), whole: c.wants("events").Is(jsonval.Array)}
	switch {
	case !v.whole:
	case v.outcome != "":
		v.history = "the outcome differs"
	default:
		v.history = m.historyDiffers(c, items(ours.Get("events")))
	}
	return v
}

func (m *matcher) outcomeDiffers(c recorded, r sessions.Result) string {
	failure := "" // for the message
	if r.Failure != nil && r.Failure.Cause != nil {
		failure = ": " + *r.Failure.Cause
	}
	if want := c.wants("status").Text(); want != r.Status.String() {
		return fmt.Sprintf("status: AWS has %s, we have %s%s", want, r.Status, failure)
	}
	if r.Status == interp.Succeeded {
		return m.differs(c.wants("output"), r.Output, "output")
	}
	var why interp.Failure
	if r.Failure != nil {
		why = *r.Failure
	}
	for _, part := range []struct {
		name string
		got  *string
	}{{"error", why.Error}, {"cause", why.Cause}} {
		want := parsed(c.wants(part.name))
		switch {
		case !want.Exists() && part.got == nil:
		case !want.Exists():
			return fmt.Sprintf("%s: AWS has none, we have %s", part.name, *part.got)
		case part.got == nil:
			return fmt.Sprintf("%s: AWS has %s, we have none", part.name, short(want))
		default:
			if diff := m.differs(want, parsed(jsonval.OfString(*part.got)), part.name); diff != "" {
				return diff
			}
		}
	}
	return ""
}
