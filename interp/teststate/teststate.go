package teststate

import (
	"fmt"
	"slices"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Request is a TestState call. Members and their meaning are the API's.
type Request struct {
	Definition      string  // a state, or with StateName a state machine
	StateName       *string // nil: the definition is a state
	RoleARN         string
	Input           jsonval.Value // Undefined: {}
	Context         jsonval.Value // Undefined: one is made
	Variables       jsonval.Value // an object; Undefined: none
	Mock            *Mock         // nil: the work is done
	Configuration   Configuration
	InspectionLevel string // INFO (also ""), DEBUG or TRACE
	RevealSecrets   bool

	// What is not part of the call.
	File          string                                         // as findings name it; "": definition.asl.json
	Substitutions map[string]string                              // the values of ${Name} placeholders
	Call          func(interp.Call, time.Duration) (Work, error) // does a Task's work where there is no mock, within so much time (0: any); an error ends the test
	Checks        []interp.ParameterCheck                        // as for interp.Compile
	Start         interp.Start                                   // names and ARNs of the execution, and its seed
	At            time.Time                                      // when the state begins
}

// Work is what came of a Task's work.
type Work struct {
	Outcome interp.Outcome
	Took    time.Duration
	// Request and Response are an HTTP task's, as level TRACE shows them: objects of
	// texts. Undefined: there is none.
	Request, Response jsonval.Value
}

// Mock is what the state's work ends with: exactly one of the two.
type Mock struct {
	Result              *string // JSON text
	ErrorOutput         *interp.Failure
	FieldValidationMode string // STRICT (also ""), PRESENT or NONE
}

// Configuration is the stateConfiguration.
type Configuration struct {
	RetrierRetryCount        int
	MapIterationFailureCount *int
}

// Status is how a test ended.
type Status string

// The statuses.
const (
	Succeeded   Status = "SUCCEEDED"
	Failed      Status = "FAILED"
	Retriable   Status = "RETRIABLE"
	CaughtError Status = "CAUGHT_ERROR"
)

// Response is what TestState answers.
type Response struct {
	Status     Status
	Output     jsonval.Value   // Undefined: there is none
	Failure    *interp.Failure // nil: it succeeded
	NextState  string          // "": there is none
	Inspection jsonval.Value   // an object; Undefined at level INFO
}

// Run tries a state. An error is a [*RefusedError] where AWS refuses the call,
// else it says what this program cannot do, such as [asl.Diagnostics].
func Run(r Request) (Response, error) {
	if err := r.checkMock(); err != nil {
		return Response{}, err
	}
	file, state, err := r.find()
	if err != nil {
		return Response{}, err
	}
	if err := r.checkState(state); err != nil {
		return Response{}, err
	}
	if r.Context.Exists() {
		if err := checkContext(r.Context, state); err != nil {
			return Response{}, err
		}
	}
	outcome, err := r.mocked(state)
	if err != nil {
		return Response{}, err
	}
	machine, err := interp.Compile(file, r.Checks...)
	if err != nil {
		return Response{}, err
	}
	start := r.Start
	start.Express, start.Sync = true, true
	start.At, start.Input, start.Context, start.Variables = state, r.Input, r.Context, r.Variables
	start.Retried, start.RoleARN = r.Configuration.RetrierRetryCount, r.RoleARN
	t := trial{request: &r, state: state, mock: outcome, at: r.At}
	if err := t.took(machine.Start(start, r.At), nil); err != nil {
		return Response{}, err
	}
	for !t.over {
		in, err := t.next()
		if err == nil {
			err = t.took(t.x.Step(in, t.at))
		}
		if err != nil {
			return Response{}, err
		}
	}
	return t.response(), nil
}

// root is the frame the state runs in.
const root interp.FrameID = 1

// trial is an execution that is in the state, or has just left it.
type trial struct {
	request *Request
	state   *asl.State
	mock    interp.Outcome
	at      time.Time
	x       interp.Execution
	frame   interp.Frame // as it was in the state last
	over    bool

	// What the events told.
	status      Status
	output      jsonval.Value
	failure     *interp.Failure
	nextState   string
	concurrency jsonval.Value // of a Map
	tolerance   interp.Tolerance
	catcher     int
	backoff     time.Duration

	work Work // done without a mock
}

// next is what makes the execution go on.
func (t *trial) next() (interp.Input, error) {
	if t.frame.Run == interp.Ready {
		works := t.state.Type == asl.Parallel || t.state.Type == asl.Map
		if works && t.frame.Failure == nil && t.coming() == interp.Work {
			t.tolerance = t.x.Tolerance(root)
			if n := t.request.Configuration.MapIterationFailureCount; n != nil && t.mock.Failure == nil && t.tolerance.Exceeded(*n, t.mock.Result.Len()) {
				t.mock = interp.Outcome{Failure: interp.ToleranceExceeded()}
			}
			return interp.Instead{Frame: root, Outcome: t.mock}, nil
		}
		return interp.Advance{Frame: root}, nil
	}
	call, called := t.call()
	switch {
	case !called:
	case t.request.Mock != nil:
		return interp.Reply{Effect: call.Effect, Outcome: t.mock}, nil
	case t.request.Call != nil:
		return t.done(call)
	default:
		return nil, fmt.Errorf("state %q: nobody does the work of %s", t.state.Name, call.Resource.ARN)
	}
	if timer, ok := t.timer(); ok {
		t.at = timer.Due
		return interp.Fire{Effect: timer.Effect}, nil
	}
	return nil, fmt.Errorf("state %q cannot go on: nothing is ready and nothing is awaited", t.state.Name)
}

// call is the Task's, where it is to be answered.
func (t *trial) call() (interp.Call, bool) {
	for _, e := range t.x.Pending() {
		if call, ok := e.(interp.Call); ok {
			return call, true
		}
	}
	return interp.Call{}, false
}

// timer is what ends the state's waiting; the execution's own time does not
// count.
func (t *trial) timer() (interp.Timer, bool) {
	for _, e := range t.frame.Waits {
		if timer, ok := e.(interp.Timer); ok {
			return timer, true
		}
	}
	return interp.Timer{}, false
}

// done has a call's work done; what takes longer than the state may wait comes
// too late.
func (t *trial) done(call interp.Call) (interp.Input, error) {
	timer, limited := t.timer()
	var within time.Duration
	if limited {
		within = timer.Due.Sub(t.at)
	}
	var err error
	if t.work, err = t.request.Call(call, within); err != nil {
		return nil, err
	}
	if limited && t.work.Took >= within {
		t.at = timer.Due
		return interp.Fire{Effect: timer.Effect}, nil
	}
	t.at = t.at.Add(t.work.Took)
	return interp.Reply{Effect: call.Effect, Outcome: t.work.Outcome}, nil
}

// took looks at what a turn brought.
func (t *trial) took(turn interp.Turn, err error) error {
	if err != nil {
		return err
	}
	t.x = turn.After
	left := false
	for _, e := range turn.Events {
		switch e.Kind {
		case interp.MapStateStarted:
			t.concurrency = e.Value
		case interp.RetryScheduled:
			t.over, t.status, t.failure, t.backoff = true, Retriable, e.Failure, e.Due.Sub(e.At)
		case interp.ErrorCaught:
			t.status, t.failure, t.catcher = CaughtError, e.Failure, int(e.Index)
		case interp.StateExited:
			left, t.over, t.output = true, true, e.Value
			if t.status == "" {
				t.status = Succeeded
			}
		case interp.StateEntered:
			if left {
				t.nextState = e.State.Name
			}
		case interp.ExecutionFailed:
			t.over, t.status, t.failure = true, Failed, e.Failure
		}
	}
	if f, ok := t.x.Frame(root); ok && !left {
		t.frame = f
	}
	return nil
}

// coming is the stage the state has not finished yet; it is past the last one
// where the state has finished all.
func (t *trial) coming() interp.Stage {
	g := t.frame.Stage + 1
	for g <= interp.OutputPath && !interp.Present(t.state, g) {
		g++
	}
	return g
}

func (t *trial) response() Response {
	r := Response{Status: t.status, Output: t.output, Failure: t.plainFailure(), NextState: t.nextState}
	if !slices.Contains([]string{"", "INFO"}, t.request.InspectionLevel) {
		r.Inspection = t.inspection()
	}
	return r
}

// plainFailure is the failure without the words that place it in an execution,
// which TestState leaves out.
func (t *trial) plainFailure() *interp.Failure {
	if t.failure == nil || t.failure.Cause == nil {
		return t.failure
	}
	text := t.failure.Reason()
	return &interp.Failure{Error: t.failure.Error, Cause: &text}
}
