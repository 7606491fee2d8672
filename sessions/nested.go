package sessions

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/mock"
	"asldbg/sessions/journal"
)

// Known is a state machine that tasks may start: the session then executes it as
// a child execution.
type Known struct {
	ARN     string // "": any ARN whose machine is called Name
	Name    string
	Machine *interp.Machine // nil: it cannot run, and Problem says why
	Problem string
	RoleARN string // "": that of the execution which starts it
	Express bool
	AnyType bool        // nothing says whether it is Express: what starts it decides
	Mocks   *mock.Mocks // what its tasks answer; nil: none

	// For the session file.
	Definition    journal.Definition
	Substitutions map[string]string
}

// known are the machines that tasks may start, the main one among them.
func (o *Options) known() []*Known {
	var all []*Known
	for i := range o.Known {
		all = append(all, &o.Known[i])
	}
	return append(all, &Known{
		ARN: o.Start.StateMachineARN, Machine: o.Machine, RoleARN: o.Start.RoleARN, Express: o.Start.Express, Mocks: o.Mocks,
	})
}

// machine finds the machine a StateMachineArn names, also by the ARN of a version
// or an alias, and the machine's own ARN.
func (d *desk) machine(arn string) (k *Known, own string) {
	part := strings.Split(arn, ":") // arn:partition:states:region:account:stateMachine:name[:qualifier]
	if len(part) < 7 || len(part) > 8 || part[0] != "arn" || part[5] != "stateMachine" {
		return nil, arn
	}
	own = strings.Join(part[:7], ":")
	for _, k := range d.known {
		if k.ARN == own {
			return k, own
		}
	}
	for _, k := range d.known {
		if k.ARN == "" && k.Name == part[6] {
			return k, own
		}
	}
	return nil, own
}

// executing is the machine a call is made by; nil for one we have never heard of,
// as in the past of a recording.
func (d *desk) executing(call interp.Call) *Known {
	if call.Execution == nil {
		return d.known[len(d.known)-1]
	}
	for _, k := range d.known {
		if k.Machine == call.Execution.Machine {
			return k
		}
	}
	return nil
}

// deepest is how many executions may be started one inside another, or one after
// the other: more are a machine that starts itself without end.
const deepest = 10_000

// sendsTask is the action of a task that answers a task token: sendTaskSuccess,
// sendTaskFailure or sendTaskHeartbeat; "" for other resources.
func sendsTask(r interp.Resource) string {
	if r.Service == "aws-sdk:sfn" && strings.HasPrefix(r.Action, "sendTask") && r.Pattern == interp.RequestResponse {
		return r.Action
	}
	return ""
}

// isOurs reports whether a call is one the session can answer without the world:
// it starts a machine that is known, or answers a task token of this execution.
// Where it is of such a kind but cannot, and nobody else can, problem says why.
func (d *desk) isOurs(call interp.Call) (ours bool, problem string) {
	ours, problem = d.looksOurs(call)
	if d.handler(call.Resource) != nil {
		problem = ""
	}
	return ours, problem
}

func (d *desk) looksOurs(call interp.Call) (ours bool, problem string) {
	r := call.Resource
	switch {
	case sendsTask(r) != "":
		token := interp.Token(call.Input.Get("TaskToken").Text())
		if d.tokens[token] {
			return true, ""
		}
		return false, "its task token is none of this execution's"
	case !r.StartsExecution():
		return false, ""
	case call.Execution != nil && call.Execution.Level >= deepest:
		return false, fmt.Sprintf("%d executions have been started one by the other: this looks like a machine that starts itself without end", deepest)
	}
	arn := call.Input.Get("StateMachineArn").Text()
	k, _ := d.machine(arn)
	switch {
	case k == nil:
		return false, fmt.Sprintf("no machine is known as %s", jsonval.Quote(arn))
	case k.Machine == nil:
		return false, "the machine it starts cannot run: " + k.Problem
	}
	return true, ""
}

// unknownMachine is the ARN a call names that no machine is known by; "" if that
// is not what is wrong.
func (d *desk) unknownMachine(call interp.Call) string {
	if !call.Resource.StartsExecution() {
		return ""
	}
	arn := call.Input.Get("StateMachineArn").Text()
	if k, _ := d.machine(arn); k != nil {
		return ""
	}
	return arn
}

// ours are the inputs that answer a call of ours.
func (d *desk) ours(x interp.Execution, call interp.Call) []interp.Input {
	if action := sendsTask(call.Resource); action != "" {
		return answerToken(x, call, action)
	}
	k, own := d.machine(call.Input.Get("StateMachineArn").Text())
	express := k.Express || k.AnyType && call.Resource.Action == "startSyncExecution"
	return []interp.Input{interp.StartExecution{
		Effect: call.Effect, StateMachineARN: own, Machine: k.Machine, RoleARN: k.RoleARN, Express: express,
	}}
}

// answerToken is what a task does that answers a task token of this execution, or
// the error where the token has been answered before or has lapsed
// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html).
func answerToken(x interp.Execution, call interp.Call, action string) []interp.Input {
	params := call.Input
	token := interp.Token(params.Get("TaskToken").Text())
	refuse := func(code, message string) []interp.Input {
		why := interp.ServiceFailure(call.Resource, code, message, requestID(call))
		return []interp.Input{interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: why}}}
	}
	var in interp.Input
	switch action {
	case "sendTaskHeartbeat":
		in = interp.Heartbeat{Token: token}
	case "sendTaskFailure":
		in = interp.Callback{Token: token, Outcome: interp.Outcome{Failure: &interp.Failure{Error: optional(params.Get("Error")), Cause: optional(params.Get("Cause"))}}}
	default:
		output := params.Get("Output")
		if output.Is(jsonval.String) {
			var err error
			if output, err = jsonval.Parse(output.Text()); err != nil {
				return refuse("InvalidOutput", "Invalid Output: '"+err.Error()+"'")
			}
		}
		if !output.Exists() {
			output = jsonval.NullValue
		}
		in = interp.Callback{Token: token, Outcome: interp.Outcome{Result: output}}
	}
	if _, err := x.Step(in, x.Now()); err != nil {
		return refuse("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
	}
	return []interp.Input{in, interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Result: jsonval.EmptyObject}}}
}

// requestID is an id for the answer to a call: the same each time.
func requestID(call interp.Call) string {
	sum := sha256.Sum256(fmt.Append(nil, call.Effect, call.Input))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func optional(v jsonval.Value) *string {
	if !v.Is(jsonval.String) {
		return nil
	}
	s := v.Text()
	return &s
}

// record is the machine as a session file holds it, with the ARN it was started
// by.
func (k *Known) record(arn string) journal.Machine {
	m := journal.Machine{ARN: arn, RoleARN: k.RoleARN, Express: k.Express, Definition: k.Definition, Substitutions: k.Substitutions}
	if f := k.Machine.File(); m.Text == "" {
		m.Name, m.Text = f.Name, f.Source
	}
	return m
}

// recordMachine brings the machine an input starts into the session file, the
// first time.
func (d *desk) recordMachine(w *journal.Writer, in interp.Input) {
	start, ok := in.(interp.StartExecution)
	if !ok || start.Machine == d.known[len(d.known)-1].Machine {
		return
	}
	k, _ := d.machine(start.StateMachineARN)
	w.Machine(k.record(start.StateMachineARN))
}

// withMachine is an input as it was recorded, with the machine it starts.
func (d *desk) withMachine(in interp.Input) (interp.Input, error) {
	start, ok := in.(interp.StartExecution)
	if !ok {
		return in, nil
	}
	k, _ := d.machine(start.StateMachineARN)
	if k == nil || k.Machine == nil {
		return nil, fmt.Errorf("it starts %s, which is not known", start.StateMachineARN)
	}
	start.Machine = k.Machine
	return start, nil
}

// takeOurs answers the oldest call the session itself answers.
func (g *engine) takeOurs(ctx context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.state != callOurs || !g.covers(c.call.Frame) {
			continue
		}
		c.state = callWaiting
		var events []interp.Event
		for _, in := range g.desk.ours(g.newest, c.call) {
			turn, err := g.input(ctx, "nested", in)
			if err != nil {
				panic("sessions: an answer of our own does not fit: " + err.Error())
			}
			events = append(events, turn.Events...)
			if r, ok := in.(interp.Reply); ok {
				g.remember(c, "nested", r.Outcome, nil)
			}
		}
		c.submitted = firstResponse(events, c.call.Frame)
		if g.after(events) {
			return true, false
		}
		if g.goal.kind == toStage {
			g.stopAt(StopStep, g.doneText())
			return true, false
		}
		return true, true
	}
	return false, false
}

// here says what the session itself does about a call of ours.
func here(call interp.Call) string {
	if action := sendsTask(call.Resource); action != "" {
		return "going on answers the task token, as " + strings.ToUpper(action[:1]) + action[1:] + " does"
	}
	arn := call.Input.Get("StateMachineArn").Text()
	return "going on starts " + strings.Split(arn, ":")[6] + " here, as an execution of its own"
}

// firstResponse is what a task was submitted with.
func firstResponse(events []interp.Event, frame interp.FrameID) jsonval.Value {
	for i := range events {
		if e := &events[i]; e.Kind == interp.TaskSubmitted && e.Frame == frame {
			return e.Value
		}
	}
	return jsonval.Value{}
}

// mainEnded reports whether the main execution has ended.
func mainEnded(events []interp.Event) bool {
	for i := range events {
		if e := &events[i]; e.Child == 0 && e.Kind >= interp.ExecutionSucceeded && e.Kind <= interp.ExecutionAborted {
			return true
		}
	}
	return false
}
