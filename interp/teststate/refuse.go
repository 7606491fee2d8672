package teststate

import (
	"fmt"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// RefusedError is what AWS answers instead of trying the state.
type RefusedError struct {
	Exception string          // such as ValidationException
	Message   string          // AWS's words
	Found     asl.Diagnostics // what is wrong with the definition, where that is why
}

func (e *RefusedError) Error() string { return e.Exception + ": " + e.Message }

func invalid(format string, args ...any) error {
	return &RefusedError{Exception: "ValidationException", Message: fmt.Sprintf(format, args...)}
}

// checkMock checks what can be said about the mock without the state.
func (r *Request) checkMock() error {
	switch m := r.Mock; {
	case m == nil:
		if r.Configuration.MapIterationFailureCount != nil {
			return invalid("TestState does not support MapIterationFailureCount when a mock is not specified.")
		}
		return nil
	case (m.Result == nil) == (m.ErrorOutput == nil):
		return invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	case r.RevealSecrets:
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	}
	return nil
}

// checkState checks that state s can be tried like this.
func (r *Request) checkState(s *asl.State) error {
	switch s.Type {
	case asl.Parallel, asl.Map:
		if r.Mock == nil {
			return &RefusedError{Exception: "InvalidDefinition", Message: "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"}
		}
	case asl.Task:
		resource := interp.ParseResource(s.Resource)
		switch {
		case r.Mock != nil:
		case r.RoleARN == "":
			return invalid("RoleArn must be specified when testing a Task state")
		case resource.Kind == interp.ActivityResource, resource.Pattern != interp.RequestResponse:
			// AWS does not, without a mock; its words are not known.
			return invalid("TestState does not support Activity tasks and the service integration patterns .sync and .waitForTaskToken when a mock is not specified")
		}
	default:
		if r.Mock != nil {
			return invalid("State type '%s' is not supported when a mock is specified", s.Type)
		}
	}
	return nil
}

// mocked is what the mock makes of the work of s.
func (r *Request) mocked(s *asl.State) (o interp.Outcome, err error) {
	m := r.Mock
	if m == nil {
		return o, nil
	}
	if m.ErrorOutput != nil {
		o.Failure = m.ErrorOutput
		return o, nil
	}
	if o.Result, err = jsonval.Parse(*m.Result); err != nil {
		return o, invalid("Mocked result must be valid JSON")
	}
	switch s.Type {
	case asl.Parallel:
		switch {
		case !o.Result.Is(jsonval.Array):
			return o, invalid("Mocked result must be an array.")
		case o.Result.Len() != len(s.Branches):
			return o, invalid("Mocked result must contain the same number of items as number of Parallel branches.")
		}
	case asl.Map:
		written := s.Node.Get("ResultWriter") != nil
		switch n := r.Configuration.MapIterationFailureCount; {
		case written && !o.Result.Is(jsonval.Object):
			return o, invalid("Mocked result must be a JSON object.")
		case !written && !o.Result.Is(jsonval.Array):
			return o, invalid("Mocked result must be an array.")
		case n != nil && *n > o.Result.Len():
			return o, invalid("Map iteration failure count must be less than or equal to the number of Map iterations")
		}
	case asl.Task:
		if m.FieldValidationMode == "NONE" {
			break
		}
		if wrong := checkResult(interp.ParseResource(s.Resource), o.Result, m.FieldValidationMode != "PRESENT"); wrong != "" {
			return o, invalid("Mock result schema validation error: %s", wrong)
		}
	}
	return o, nil
}

// contextFields are what a context object may have, and of which kind it is.
var contextFields = map[string]map[string]jsonval.Kind{
	"Execution": {
		"Id": jsonval.String, "Input": jsonval.Undefined, "Name": jsonval.String, "RoleArn": jsonval.String,
		"StartTime": jsonval.String, "RedriveCount": jsonval.Number, "RedriveTime": jsonval.String,
	},
	"State":        {"Name": jsonval.String, "EnteredTime": jsonval.String, "RetryCount": jsonval.Number},
	"StateMachine": {"Id": jsonval.String, "Name": jsonval.String},
	"Task":         {"Token": jsonval.String},
}

// checkContext checks the context object somebody made.
func checkContext(c jsonval.Value, s *asl.State) error {
	refuse := func(format string, args ...any) error {
		return invalid("Invalid Context object provided: "+format, args...)
	}
	if !c.Is(jsonval.Object) {
		return refuse("must be a JSON object")
	}
	for part, fields := range c.Members() {
		known := contextFields[part]
		switch {
		case part == "Map":
			return refuse("'Map' field is not supported when mocking a Context object")
		case known == nil:
			return refuse("Field '%s' is not allowed", part)
		case part == "Task" && interp.ParseResource(s.Resource).Pattern == interp.RequestResponse:
			return refuse("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern")
		case !fields.Is(jsonval.Object):
			return refuse("%s must be an object", part)
		}
		for name, v := range fields.Members() {
			kind, ok := known[name]
			switch {
			case !ok:
				return refuse("Field '%s' is not allowed", name)
			case kind != jsonval.Undefined && !v.Is(kind):
				return refuse("%s.%s must be a %s", part, name, kind)
			}
		}
	}
	return nil
}
