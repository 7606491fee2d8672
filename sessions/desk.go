package sessions

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp"
	"asldbg/interp/task"
	"asldbg/interp/task/mock"
)

// desk is where a call becomes an answer from the mock file, or a request. It
// knows nothing of executions but how many calls of a kind went before.
type desk struct {
	handlers    []task.Handler
	policy      task.Policy
	credentials aws.CredentialsProvider
	machineARN  string
	asSelf      bool
	counts      map[string]int        // calls by mock.Mocks.Key
	known       []*Known              // the machines tasks may start; the main one is the last
	tokens      map[interp.Token]bool // all that were ever given out
}

func newDesk(o *Options) *desk {
	d := &desk{
		machineARN: o.Start.StateMachineARN,
		handlers:   o.Handlers, policy: o.Policy, credentials: o.Credentials, asSelf: o.AsSelf,
		counts: make(map[string]int), known: o.known(), tokens: make(map[interp.Token]bool),
	}
	if d.credentials == nil {
		d.credentials = aws.CredentialsProviderFunc(exampleCredentials)
	}
	return d
}

// exampleCredentials belong to nobody.
func exampleCredentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "EXAMPLE", Source: task.ExampleSource}, nil
}

// count says how many calls of the same kind went before a new one, and counts
// it.
func (d *desk) count(call interp.Call) (key string, n int) {
	if call.Token != "" {
		d.tokens[call.Token] = true
	}
	mocks := d.mocks(call)
	if mocks == nil {
		return "", 0
	}
	if key = mocks.Key(call); call.Execution != nil && call.Execution.Level > 0 {
		key = call.Execution.Machine.File().Name + " " + key // a machine counts for itself
	}
	n = d.counts[key]
	d.counts[key]++
	return key, n
}

// mocks are those for the machine a call is made by, nil for none.
func (d *desk) mocks(call interp.Call) *mock.Mocks {
	if k := d.executing(call); k != nil {
		return k.Mocks
	}
	return nil
}

// mocked is the mock file's answer to call number n of its kind. Without one,
// problem says why the file has none although it names the state.
func (d *desk) mocked(call interp.Call, n int) (answer *mock.Answer, problem string) {
	mocks := d.mocks(call)
	if mocks == nil {
		return nil, ""
	}
	a, ok, err := mocks.Answer(call, n)
	switch {
	case err != nil:
		return nil, err.Error()
	case !ok:
		return nil, ""
	}
	return &a, ""
}

// isWorkers reports whether only a worker can answer a call: there is nothing
// to send, but there is a token.
func (d *desk) isWorkers(r interp.Resource) bool {
	return r.Kind == interp.ActivityResource && d.handler(r) == nil
}

// inputs are what a mock's answer puts into the execution. Of a Timeout there is
// only the first response: the task's own timer ends it, or, where it has none,
// the answer does.
func inputs(call interp.Call, a *mock.Answer, hasTimer bool) []interp.Input {
	var in []interp.Input
	if a.Submitted.Exists() && call.Resource.Pattern != interp.RequestResponse {
		in = append(in, interp.Submitted{Effect: call.Effect, Result: a.Submitted})
	}
	switch {
	case !a.Timeout:
		in = append(in, interp.Reply{Effect: call.Effect, Outcome: a.Outcome})
	case !hasTimer:
		name := "States.Timeout"
		in = append(in, interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: &interp.Failure{Error: &name}}})
	}
	return in
}

// prepared is what is known about a call that no mock answers.
type prepared struct {
	handler  task.Handler
	of       interp.Call
	sealed   task.Sealed
	http     bool   // there is a request: sealed
	mayLeave bool   // and it may be sent
	whyNot   string // when not: what would allow it
	closed   bool   // it is the network that is closed to it
	toDecide string // only a person may send it: why
	endpoint string
	signing  signing
	problem  string          // why there is no request
	refused  *interp.Failure // the service would refuse the parameters
}

// prepare makes the request of a call. What may not leave the machine is sealed
// as of the virtual clock, so that it looks the same each time.
func (d *desk) prepare(ctx context.Context, call interp.Call, now time.Time) prepared {
	p := prepared{handler: d.handler(call.Resource), of: call}
	if p.handler == nil {
		p.problem = "nothing here can do the work of " + call.Resource.ARN + ": answer it with a mock"
		return p
	}
	draft, err := p.handler.Prepare(ctx, call)
	if err != nil {
		var refused *task.ParameterError
		if errors.As(err, &refused) {
			p.refused = call.Runtime(fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]",
				call.Input, strings.Join(refused.Problems, ", ")))
		}
		p.problem = err.Error()
		return p
	}
	d.seal(ctx, &p, draft, now)
	return p
}

func (d *desk) handler(r interp.Resource) task.Handler {
	for _, h := range d.handlers {
		if h.Handles(r) {
			return h
		}
	}
	return nil
}

// seal decides where the draft may go and seals it.
func (d *desk) seal(ctx context.Context, p *prepared, draft task.Draft, now time.Time) {
	p.endpoint, p.mayLeave, p.whyNot = d.policy.Decide(p.of.Resource, hostOf(draft.URL))
	draft.Endpoint = p.endpoint
	for _, before := range draft.Before {
		_, ok, why := d.policy.Decide(p.of.Resource, hostOf(before))
		p.need(ok, "it asks "+hostOf(before)+" for a token first, but "+why)
	}
	signer := d.credentials
	if s := draft.Scope; s != nil && s.Assume {
		endpoint, ok, why := d.policy.Decide(assumeRole, stsHost(s.Region))
		s.STSEndpoint = endpoint
		if !ok {
			signer = aws.CredentialsProviderFunc(signer.Retrieve) // the caller's own
			p.need(p.endpoint != "", "the role "+s.RoleARN+" is assumed first, but "+why)
		}
	}
	if p.closed = !p.mayLeave; !p.closed {
		now = time.Now()
	}
	if !p.signing.at.IsZero() {
		now = p.signing.at
	}
	if p.signing.region != "" && draft.Scope != nil {
		draft.Scope.Region = p.signing.region
	}
	var sealed task.Sealed
	var err error
	if p.signing.keep != nil {
		sealed, err = draft.SealKeeping(*p.signing.keep)
	} else {
		sealed, err = draft.Seal(ctx, signer, now)
	}
	if err != nil {
		p.problem, p.http = err.Error(), false
		return
	}
	if e := sealed.Expires(); !e.IsZero() && !time.Now().Before(e) {
		p.need(p.endpoint != "", fmt.Sprintf("the credentials %s expired at %s: sign in again", sealed.Identity(), e.Local().Format(time.DateTime)))
	}
	p.toDecide = ""
	if s := draft.Principal; s != nil && !d.asSelf {
		p.toDecide = "AWS signs this request as " + s.Service + ", which nobody else can; here it is signed as you"
	}
	p.sealed, p.http, p.problem = sealed, true, ""
}

// changesOutside reports whether sending the request would change something that
// is not on this machine.
func (p *prepared) changesOutside() bool { return p.sealed.Writes() && p.sealed.Outside() }

// assumeRole is what Credentials.RoleArn asks of STS.
var assumeRole = interp.ParseResource("arn:aws:states:::aws-sdk:sts:assumeRole")

func stsHost(region string) string {
	host := "sts." + region + ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		host += ".cn"
	}
	return host
}

// need keeps a request here unless ok.
func (p *prepared) need(ok bool, whyNot string) {
	if p.mayLeave && !ok {
		p.mayLeave, p.whyNot = false, whyNot
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// send performs the request. A signature that went stale is made anew first; the
// exchange says what really went out. An error means that nothing did.
func (d *desk) send(ctx context.Context, p prepared, tamper bool) (o interp.Outcome, x task.Exchange, err error) {
	if p.sealed.Stale(time.Now()) && !p.signing.pinned() {
		d.seal(ctx, &p, p.sealed.Draft(), time.Now())
		switch {
		case !p.http:
			return o, x, fmt.Errorf("sign the request again: %s", p.problem)
		case !p.mayLeave:
			return o, x, errors.New(p.whyNot)
		}
	}
	if tamper {
		p.sealed = p.sealed.Tamper()
	}
	o, x = p.perform(ctx)
	x.Response = x.Shown() // a result stays as it came: it is the execution's
	return o, x, nil
}

// perform sends the request as it is. The cause of a States.Runtime names the
// state, as everywhere.
func (p *prepared) perform(ctx context.Context) (interp.Outcome, task.Exchange) {
	o, x := p.handler.Send(ctx, p.sealed)
	if f := o.Failure; f != nil && f.Error != nil && *f.Error == "States.Runtime" && f.Cause != nil {
		o.Failure = p.of.Runtime(*f.Cause)
	}
	return o, x
}

// arrived is the input that an answer of the world is.
func arrived(call interp.Call, o interp.Outcome) interp.Input {
	if call.Resource.Pattern == interp.WaitForTaskToken && o.Failure == nil {
		return interp.Submitted{Effect: call.Effect, Result: o.Result}
	}
	return interp.Reply{Effect: call.Effect, Outcome: o}
}

// hasTimer reports whether a timer of the frame's task is pending.
func hasTimer(x interp.Execution, frame interp.FrameID) bool {
	for _, e := range x.Pending() {
		if t, ok := e.(interp.Timer); ok && t.Frame == frame && t.Reason != interp.ExecutionTimer {
			return true
		}
	}
	return false
}

// awaits reports whether the effect is still to be answered.
func awaits(x interp.Execution, id interp.EffectID) bool {
	for _, e := range x.Pending() {
		if e.ID() == id {
			return true
		}
	}
	return false
}
