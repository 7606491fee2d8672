package main_test

import (
	"errors"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/apigw"
	"asldbg/interp/teststate"
)

// checkTestState makes a TestState call.
func checkTestState(_ *testing.T, c recorded) verdict {
	got, err := teststate.Run(c.request())
	var refused *teststate.RefusedError
	var found asl.Diagnostics
	switch {
	case errors.As(err, &found) && unsupported(found) != "":
		return verdict{apart: unsupported(found)}
	case errors.As(err, &refused):
		return verdict{outcome: newMatcher(c).differs(c.Get("expect"), jsonval.ObjectOf(
			jsonval.Member{Key: "exception", Value: jsonval.OfString(refused.Exception)},
			jsonval.Member{Key: "message", Value: jsonval.OfString(refused.Message)}), "")}
	case err != nil:
		return verdict{outcome: err.Error()}
	}
	var plain []jsonval.Member
	for name, v := range got.JSON().Members() {
		switch name {
		case "output":
			v = parsed(v)
		case "inspectionData":
			var data []jsonval.Member
			for name, w := range v.Members() {
				data = append(data, jsonval.Member{Key: name, Value: parsed(w)})
			}
			v = jsonval.OfMembers(data)
		}
		plain = append(plain, jsonval.Member{Key: name, Value: v})
	}
	return verdict{outcome: newMatcher(c).differs(c.Get("expect"), jsonval.OfMembers(plain), "")}
}

func (c recorded) request() teststate.Request {
	q := c.Get("request")
	r := teststate.Request{
		Definition: c.requested("definition").String(),
		Input:      c.requested("input"), Context: c.requested("context"), Variables: c.requested("variables"),
		InspectionLevel: q.Get("inspectionLevel").Text(), RevealSecrets: q.Get("revealSecrets").Bool(),
		Checks: []interp.ParameterCheck{apigw.Check}, Start: c.start("machine"), At: aMoment,
		Call: func(interp.Call, time.Duration) (teststate.Work, error) {
			return teststate.Work{Outcome: interp.Outcome{Result: c.Get("taskResult")}}, nil
		},
	}
	if text := q.Get("definitionText"); text.Exists() {
		r.Definition = text.Text()
	}
	if name := q.Get("stateName"); name.Exists() {
		text := name.Text()
		r.StateName = &text
	}
	if c.Get("roleGiven").Bool() {
		r.RoleARN = "arn:aws:iam::" + account + ":role/conformance"
	}
	configuration := q.Get("stateConfiguration")
	n, _ := configuration.Get("retrierRetryCount").Int()
	r.Configuration.RetrierRetryCount = int(n)
	if n, ok := configuration.Get("mapIterationFailureCount").Int(); ok {
		count := int(n)
		r.Configuration.MapIterationFailureCount = &count
	}
	if mock := q.Get("mock"); mock.Exists() {
		r.Mock = &teststate.Mock{FieldValidationMode: mock.Get("fieldValidationMode").Text()}
		if result := mock.Get("result"); result.Exists() {
			text := result.Text()
			r.Mock.Result = &text
		}
		if failure := mock.Get("errorOutput"); failure.Exists() {
			r.Mock.ErrorOutput = interp.Fail(failure.Get("error").Text(), failure.Get("cause").Text())
		}
	}
	return r
}

// requested is a field of the request that was recorded as the value of its
// text.
func (c recorded) requested(field string) jsonval.Value { return c.Get("request").Get(field) }
