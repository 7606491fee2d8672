package main_test

import (
	"fmt"
	"testing"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/mock"
	"asldbg/sessions"
)

// checkMocked runs a test case of Step Functions Local's mock file. AWS was
// recorded with the real services, so that parts of the answers are ignored.
func checkMocked(t *testing.T, c recorded) verdict {
	machine, v := c.machine()
	if machine == nil {
		return v
	}
	name, testCase := c.Get("stateMachineName").Text(), c.Get("testCase").Text()
	mocks, err := mock.Parse("MockConfigFile.json", c.withRealServices(machine.File().Machine).String(), name, testCase)
	if err != nil {
		return verdict{outcome: err.Error()}
	}
	r, err := run(t.Context(), sessions.Options{
		Machine: machine, Start: c.start(name), StartAt: aMoment, Mocks: mocks,
	})
	if checks := c.wants("checks"); err == nil && checks.Exists() {
		return verdict{outcome: newMatcher(c).checksDiffer(checks, historyOf(r.events))}
	}
	return c.compare(r, err)
}

// withRealServices is the mock file in which those tasks answer {} which the
// test case leaves to real services.
func (c recorded) withRealServices(sm *asl.StateMachine) jsonval.Value {
	const real = "a real service"
	config := c.Get("mockConfig")
	test := jsonval.Path{
		jsonval.Key("StateMachines"), jsonval.Key(c.Get("stateMachineName").Text()),
		jsonval.Key("TestCases"), jsonval.Key(c.Get("testCase").Text()),
	}
	for _, s := range sm.States {
		if s.Type == asl.Task && !config.Lookup(test).Get(s.Name).Exists() {
			config, _ = config.Set(append(test, jsonval.Key(s.Name)), jsonval.OfString(real))
		}
	}
	config, _ = config.Set(jsonval.Path{jsonval.Key("MockedResponses"), jsonval.Key(real)}, jsonval.MustParse(`{"0-99": {"Return": {}}}`))
	return config
}

// checksDiffer makes the checks LocalStack's own test makes. It calls the events
// of a Lambda function's ARN task events; AWS does not (see AWS-FACTS.md).
func (m *matcher) checksDiffer(checks jsonval.Value, events []jsonval.Value) string {
	for _, check := range checks.Items() {
		path := check.Get("path")
		n, _ := path.At(1).Int()
		if n < 0 {
			n += int64(len(events))
		}
		if n >= int64(len(events)) {
			return fmt.Sprintf("%s: we have %d events", path, len(events))
		}
		got := events[n]
		for _, key := range path.Items() {
			if !key.Is(jsonval.String) || key.Text() == "events" {
				continue
			}
			v := got.Get(key.Text())
			if !v.Exists() && key.Text() == "taskFailedEventDetails" {
				v = got.Get("lambdaFunctionFailedEventDetails")
			}
			got = v
		}
		want := check.Get("equals")
		if why := m.differs(parsed(want), parsed(got), path.String()); why != "" {
			return why
		}
	}
	return ""
}

// checkValidation checks a definition. The verdict is the outcome; the findings,
// word for word, stand in the place of a history.
func checkValidation(_ *testing.T, c recorded) verdict {
	_, found := asl.Parse("definition.asl.json", c.definition(), asl.Options{Express: c.express()})
	refused, fails := found.AWS(), c.wants("result").Text() == "FAIL"
	v := verdict{whole: true}
	switch {
	case fails != (refused != ""):
		v.outcome = fmt.Sprintf("AWS says %s, we say %q", short(c.wants("result")), refused)
		v.history = v.outcome
	case c.wants("message").Exists():
		v.history = newMatcher(c).differs(c.wants("message"), jsonval.OfString("Invalid State Machine Definition: '"+refused+"'"), "message")
	default:
		v.history = newMatcher(c).differs(c.wants("diagnostics"), diagnosticsOf(found), "diagnostics")
	}
	return v
}

// diagnosticsOf is what ValidateStateMachineDefinition would answer.
func diagnosticsOf(found asl.Diagnostics) jsonval.Value {
	var out []jsonval.Value
	for _, d := range found {
		if d.Severity != asl.Error || d.AWSCode == "" {
			continue
		}
		members := []jsonval.Member{
			{Key: "severity", Value: jsonval.OfString("ERROR")},
			{Key: "code", Value: jsonval.OfString(d.AWSCode)},
			{Key: "message", Value: jsonval.OfString(d.AWSMessage)},
		}
		if d.Location != "" {
			members = append(members, jsonval.Member{Key: "location", Value: jsonval.OfString(d.Location)})
		}
		out = append(out, jsonval.OfMembers(members))
	}
	return jsonval.OfItems(out)
}

// checkReferences compares DescribeStateMachine's variableReferences.
func checkReferences(_ *testing.T, c recorded) verdict {
	machine, v := c.machine()
	if machine == nil {
		return v
	}
	var got []jsonval.Member
	for state, names := range machine.File().VariableReferences() {
		items := make([]jsonval.Value, len(names))
		for i, name := range names {
			items[i] = jsonval.OfString(name)
		}
		got = append(got, jsonval.Member{Key: state, Value: jsonval.OfItems(items)})
	}
	return verdict{outcome: newMatcher(c).differs(c.wants("variableReferences"), jsonval.OfMembers(got), "")}
}
