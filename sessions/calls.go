package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/mock"
)

// pendingCall is a task's call before it is answered.
type pendingCall struct {
	call  interp.Call
	state callState
	seen  bool // a stop has shown it

	mock      *mock.Answer // the mock file's answer, nil for none
	submitted jsonval.Value

	prepared
	original task.Sealed // as it was prepared
	edited   int
	tokenAt  time.Time // virtual: when it was called
	making   bool      // the request is being made or sealed again
	looked   bool      // a mock's: the request was made for looking at
	shown    *HTTPRequest

	cancel  context.CancelFunc // of a request under way
	began   time.Time          // real
	arrived *reply             // the answer, until somebody goes on
	took    time.Duration

	likely    []Likely // nil: nobody has asked yet
	access    *Access
	authTypes []AuthVariant
}

// take makes p the request of a call.
func (c *pendingCall) take(p prepared) { c.prepared, c.shown, c.authTypes = p, nil, nil }

type callState uint8

const (
	callMocked    callState = iota // the mock file's answer is to be taken
	callPreparing                  // its request is being made
	callPrepared                   // the request can be sent, or shown
	callFailed                     // there is no request: problem says why
	callSending                    // it is under way
	callWaiting                    // for its token, or for its time to run out
	callOurs                       // the session itself answers it
)

// asked is a call that was made once, for counting.
type asked struct {
	step   int
	effect interp.EffectID
	key    string // of mock.Mocks.Key
	n      int    // calls of this key before it
}

// registerCall takes a new call.
func (g *engine) registerCall(ctx context.Context, call interp.Call) {
	g.openCall(ctx, call, g.countCall(call))
}

func (g *engine) countCall(call interp.Call) (n int) {
	key, n := g.desk.count(call)
	g.asked = append(g.asked, asked{len(g.line.steps), call.Effect, key, n})
	return n
}

// openCall decides what is to become of call number n of its kind.
func (g *engine) openCall(ctx context.Context, call interp.Call, n int) *pendingCall {
	c := &pendingCall{call: call, tokenAt: g.now}
	g.calls = append(g.calls, c)
	var problem string
	c.mock, problem = g.desk.mocked(call, n)
	switch {
	case c.mock != nil:
		c.state = callMocked
	case problem != "":
		c.state, c.problem = callFailed, problem
	case g.desk.isWorkers(call.Resource):
		c.state = callWaiting
	default:
		g.openUnmocked(ctx, c)
	}
	return c
}

// openUnmocked decides about a call that the mock file has no answer for.
func (g *engine) openUnmocked(ctx context.Context, c *pendingCall) {
	ours, problem := g.desk.isOurs(c.call)
	switch {
	case ours:
		c.state = callOurs
	case problem != "":
		c.state, c.problem = callFailed, problem
		if g.desk.unknownMachine(c.call) != "" {
			c.problem += "; --machine ARN=FILE says where its definition is"
		}
	default:
		c.state = callPreparing
		g.prepare(ctx, c)
	}
}

// recount takes up the calls that are pending after a fork.
func (g *engine) recount(ctx context.Context) {
	clear(g.desk.counts)
	g.asked = slices.DeleteFunc(slices.Clone(g.asked), func(a asked) bool { return a.step > g.cursor })
	for _, a := range g.asked {
		g.desk.counts[a.key] = a.n + 1
	}
	for _, e := range g.newest.Pending() {
		call, ok := e.(interp.Call)
		if !ok {
			continue
		}
		i := slices.IndexFunc(g.asked, func(a asked) bool { return a.effect == call.Effect })
		c := g.openCall(ctx, call, g.asked[i].n)
		for i, m := range g.line.made {
			switch in := m.in.(type) {
			case interp.Submitted:
				if in.Effect == call.Effect {
					c.state, c.submitted = callWaiting, in.Result
				}
			case interp.StartExecution:
				if in.Effect == call.Effect {
					c.state, c.submitted = callWaiting, firstResponse(g.line.steps[i].Events, call.Frame)
				}
			}
		}
	}
}

// prepare makes a call's request, away from the goroutine that owns g.
func (g *engine) prepare(ctx context.Context, c *pendingCall) {
	c.making = true
	now := g.now
	g.away(func() func(context.Context) {
		p := g.desk.prepare(ctx, c.call, now)
		return func(context.Context) {
			c.making = false
			if !slices.Contains(g.calls, c) {
				return
			}
			g.changed()
			c.take(p)
			c.original = p.sealed
			if c.state != callPreparing {
				return // a mock's: the request is only for looking at
			}
			switch {
			case p.refused != nil:
				c.state = callWaiting
				c.arrived = &reply{call: c.call, input: interp.Reply{Effect: c.call.Effect, Outcome: interp.Outcome{Failure: p.refused}}}
			case p.http:
				c.state = callPrepared
			default:
				c.state = callFailed
			}
		}
	})
}

// seeCalls notes that a stop shows the calls of the focused frame.
func (g *engine) seeCalls() {
	for _, c := range g.calls {
		if c.call.Frame == g.focus {
			c.seen = true
		}
	}
}

// makeShown makes the requests that are only for looking at: of the focused
// frame, when a mock will answer.
func (g *engine) makeShown(ctx context.Context) {
	if g.goal != nil || !g.atNewest() {
		return
	}
	if c := g.callOf(g.focus); c != nil && c.state == callMocked && !c.looked {
		c.looked = true
		g.prepare(ctx, c)
	}
}

// needsPerson reports whether only a person can get a call answered.
func (g *engine) needsPerson(c *pendingCall) bool {
	return c.state == callFailed || c.state == callPrepared && (!c.mayLeave || g.isHeld(c))
}

// callOf is the unanswered call of a frame, nil if there is none.
func (g *engine) callOf(frame interp.FrameID) *pendingCall {
	for _, c := range g.calls {
		if c.call.Frame == frame {
			return c
		}
	}
	return nil
}

// dropAnswered forgets calls that are not pending any more and gives up their
// requests.
func (g *engine) dropAnswered() {
	if len(g.calls) == 0 {
		return
	}
	pending := make(map[interp.EffectID]bool)
	for _, e := range g.newest.Pending() {
		pending[e.ID()] = true
	}
	g.calls = slices.DeleteFunc(slices.Clone(g.calls), func(c *pendingCall) bool {
		if pending[c.call.Effect] {
			return false
		}
		if c.call.Token != "" && c.state != callMocked {
			g.over = append(g.over, c.call.Token)
		}
		c.giveUp()
		return true
	})
}

func (c *pendingCall) giveUp() {
	if c.cancel != nil {
		c.cancel()
	}
}

func (g *engine) giveUpCalls() {
	for _, c := range g.calls {
		c.giveUp()
	}
	g.calls = nil
}

// send lets a request out.
func (g *engine) send(ctx context.Context, c *pendingCall, tamper bool) {
	ctx, c.cancel = context.WithCancel(ctx)
	c.state, c.began = callSending, time.Now()
	g.flush() // what led to the request is in the file before it leaves
	p := c.prepared
	g.changed()
	g.away(func() func(context.Context) {
		outcome, x, err := g.desk.send(ctx, p, tamper)
		took := time.Since(c.began)
		return func(context.Context) {
			c.cancel()
			if !slices.Contains(g.calls, c) {
				return // given up
			}
			g.changed()
			if err != nil {
				c.state = callPrepared
				g.trouble = err.Error()
				g.stopAtCall(c)
				return
			}
			c.took = took
			c.arrived = &reply{call: c.call, input: arrived(c.call, outcome), exchange: x}
			if g.goal == nil {
				g.message = fmt.Sprintf("The answer to %s has arrived: it is taken when you go on.", c.call.State.Name)
			}
		}
	})
}

// applyReply takes an answer that has arrived into the execution.
func (g *engine) applyReply(ctx context.Context, c *pendingCall) []interp.Event {
	p := c.arrived
	c.arrived = nil
	wasSent := c.state == callSending
	if in, ok := p.input.(interp.Submitted); ok {
		c.state, c.submitted = callWaiting, in.Result
	}
	if g.journal != nil && wasSent {
		g.journal.Secret(p.exchange.Sent.Secrets()...)
	}
	turn, err := g.input(ctx, "sent", p.input)
	if err != nil {
		panic("sessions: an awaited answer does not fit: " + err.Error())
	}
	if !wasSent {
		return turn.Events
	}
	if g.journal != nil {
		g.journal.Note(sentNote(c.call, &p.exchange, time.Now()))
	}
	g.remember(c, "sent", answerIn(p.input), &p.exchange)
	return turn.Events
}

func answerIn(in interp.Input) interp.Outcome {
	switch in := in.(type) {
	case interp.Reply:
		return in.Outcome
	case interp.Submitted:
		return interp.Outcome{Result: in.Result}
	case interp.Callback:
		return in.Outcome
	}
	return interp.Outcome{}
}

// remember lists an answered call. x is nil where nothing was sent.
func (g *engine) remember(c *pendingCall, by string, o interp.Outcome, x *task.Exchange) {
	past := PastCall{
		Step: len(g.line.steps), At: g.now, State: c.call.State.Name, Attempt: c.call.Attempt, Resource: c.call.Resource.ARN,
		By: by, Status: httpStatus(o), Answer: o, Took: c.took,
	}
	if x != nil {
		past.sent(x)
		past.Access = g.desk.access(c.call)
	}
	g.past = append(g.past, past)
}

// httpStatus is the HTTP status an answer tells of, 0 for none: in API Gateway's
// and HTTP's results, and at the end of their errors' names.
func httpStatus(o interp.Outcome) int {
	if n, ok := o.Result.Get("StatusCode").Int(); ok && n >= 100 && n < 600 {
		return int(n)
	}
	if o.Failure == nil || o.Failure.Error == nil {
		return 0
	}
	name := *o.Failure.Error
	n, err := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:])
	if err != nil || n < 100 || n > 599 {
		return 0
	}
	return n
}

// takeMock takes the mock file's answer to the oldest call that has one.
func (g *engine) takeMock(ctx context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.state != callMocked || !g.covers(c.call.Frame) {
			continue
		}
		events, err := g.applyMock(ctx, c)
		if err != nil {
			c.state, c.problem = callFailed, err.Error()
			return true, true
		}
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

// applyMock puts a mock's answer into the execution. A timeout without an
// answer leaves the call to its timers.
func (g *engine) applyMock(ctx context.Context, c *pendingCall) (events []interp.Event, err error) {
	c.state = callWaiting
	for _, in := range inputs(c.call, c.mock, hasTimer(g.newest, c.call.Frame)) {
		if _, again := in.(interp.Submitted); again && c.submitted.Exists() {
			continue
		}
		turn, err := g.input(ctx, "mock", in)
		if err != nil {
			return events, fmt.Errorf("the mock's answer does not fit: %w", err)
		}
		events = append(events, turn.Events...)
		if r, ok := in.(interp.Reply); ok {
			g.remember(c, "mock", r.Outcome, nil)
		}
	}
	return events, nil
}

// sendFree sends what nobody wants to see first.
func (g *engine) sendFree(ctx context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.state == callPrepared && !g.needsPerson(c) && g.covers(c.call.Frame) {
			g.send(ctx, c, false)
			done = true
		}
	}
	return done, true
}

// mineUnderWay waits for answers.
func (g *engine) mineUnderWay(context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if c.state == callSending && g.covers(c.call.Frame) {
			g.letRun()
			return true, false
		}
	}
	return false, false
}

// askAgain stops at a request that was shown before, since nothing else moves.
func (g *engine) askAgain(context.Context) (done, goOn bool) {
	for _, c := range g.calls {
		if g.needsPerson(c) && g.covers(c.call.Frame) {
			g.stopAtCall(c)
			return true, false
		}
	}
	return false, false
}

// stopAtCall stops where a person must decide about a request.
func (g *engine) stopAtCall(c *pendingCall) {
	name := c.call.State.Name
	why, text := StopAnswer, ""
	switch {
	case c.state == callFailed:
		text = fmt.Sprintf("%s needs an answer: %s.", name, c.problem)
	case c.mayLeave:
		d := c.sealed.Draft()
		why, text = StopHold, fmt.Sprintf("Held: %s would send %s %s. Nothing has been sent.", name, d.Method, d.URL)
		if c.toDecide != "" {
			text += " " + strings.ToUpper(c.toDecide[:1]) + c.toDecide[1:] + "."
		}
	default:
		text = fmt.Sprintf("%s needs an answer: %s.", name, c.whyNot)
	}
	if !c.seen {
		g.note("held", text)
	}
	c.seen = true
	g.stopIn(why, 0, c.call.Frame, text)
}

// awaitedTokens are the calls under the goal that wait for their token.
func (g *engine) awaitedTokens() []*pendingCall {
	var out []*pendingCall
	for _, c := range g.calls {
		if c.waitsForToken() && (g.goal == nil || g.covers(c.call.Frame)) {
			out = append(out, c)
		}
	}
	return out
}

func (c *pendingCall) waitsForToken() bool {
	return c.state == callWaiting && c.mock == nil && c.arrived == nil && c.call.Resource.Pattern == interp.WaitForTaskToken
}

func callsOf(waits []*pendingCall) []interp.Call {
	out := make([]interp.Call, len(waits))
	for i, c := range waits {
		out[i] = c.call
	}
	return out
}

func (g *engine) stopAtToken(c *pendingCall, lapses bool) {
	text := fmt.Sprintf("%s waits for the answer to its task token.", c.call.State.Name)
	if lapses && len(g.newest.Ready()) == 0 {
		text += " Going on without one lets its time run out."
	}
	g.stopIn(StopToken, 0, c.call.Frame, text)
}

// errNoRequest says that a command about a request has none.
var errNoRequest = errors.New("no task waits for an answer here")

// chosenCall is the call a command is about: the focused frame's, or the only
// one there is.
func (g *engine) chosenCall() (*pendingCall, error) {
	if c := g.callOf(g.focus); c != nil {
		return c, nil
	}
	if len(g.calls) == 1 {
		return g.calls[0], nil
	}
	if len(g.calls) > 1 {
		return nil, fmt.Errorf("%d tasks wait for answers: focus the frame of the one you mean", len(g.calls))
	}
	return nil, errNoRequest
}
