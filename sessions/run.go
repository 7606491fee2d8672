package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions/journal"
)

// Result is how an execution ended.
type Result struct {
	Status  interp.Status
	Output  jsonval.Value   // of a succeeded one
	Failure *interp.Failure // of a failed one
	Started time.Time       // the virtual clock at the start
	Ended   time.Time       // and at the end
	// Left are the ARNs of executions that tasks have started without waiting for
	// them, and that could not go on when everything else was over; LeftWhy is why.
	Left    []string
	LeftWhy error
	ARN     string
	Name    string
	File    string // the session file, "" for none
}

// slice is how many advances are made between two looks at the world.
const slice = 4096

// Run executes to the end without a screen: nothing is held and nothing stops
// it. A task that neither a mock nor a request may answer ends it with a
// [NeedsAnswerError]; ctx being done ends it with ctx's error. What was
// recorded until then is kept.
func Run(ctx context.Context, o Options) (Result, error) {
	r := runner{o: &o, desk: newDesk(&o), objects: newObjects(&o), now: o.startAt(), replies: make(chan reply), sent: make(map[interp.Token]bool)}
	ctx, stop := context.WithCancel(ctx)
	defer r.objects.close()
	defer r.drain()
	defer stop()
	if o.Record != nil {
		var err error
		if r.journal, err = o.Record(o.header(r.now)); err != nil {
			return Result{}, err
		}
	}
	turn := o.Machine.Start(o.Start, r.now)
	if r.journal != nil {
		r.journal.Start(r.now, turn.Events)
	}
	r.result.Started = r.now
	r.took(turn)
	err := r.toEnd(ctx)
	return r.finish(err)
}

// runner is a Run at work.
type runner struct {
	o       *Options
	desk    *desk
	exec    interp.Execution
	now     time.Time // the virtual clock
	journal *journal.Writer
	result  Result

	objects objects
	asked   []interp.Effect       // of S3, and not answered yet
	calls   []interp.Call         // nobody has looked at yet, oldest first
	tokens  []interp.Call         // wait for the answer to their token
	early   []interp.Callback     // answered tokens of requests under way: their task has not been submitted yet
	replies chan reply            // of requests and callbacks under way
	flying  int                   // how many of them
	sent    map[interp.Token]bool // the tokens in the requests under way
	asking  context.CancelFunc    // of the Callbacks under way; nil: none
}

// reply is what came back from the world.
type reply struct {
	call     interp.Call
	input    interp.Input // where err is nil
	exchange task.Exchange
	err      error
	callback bool
}

func (r *runner) toEnd(ctx context.Context) error {
	for !r.exec.Over() {
		if err := ctx.Err(); err != nil {
			return err
		}
		var sum journal.Sum
		turn, n := r.exec.Run(r.now, slice, r.seen(&sum))
		if n > 0 {
			if r.journal != nil {
				r.journal.Run(r.now, n, sum)
			}
			r.took(turn)
			if n == slice {
				continue
			}
		}
		if r.exec.Over() {
			break
		}
		err := r.next(ctx)
		var needs *NeedsAnswerError
		switch {
		case errors.As(err, &needs) && r.exec.Status() != interp.Running:
			r.leave(needs)
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// leave ends a run although executions it has started still run.
func (r *runner) leave(why error) {
	r.result.LeftWhy = why
	for _, f := range r.exec.Frames() {
		if f.Parent == 0 {
			r.result.Left = append(r.result.Left, f.Execution.ARN)
		}
	}
}

// seen is what is done with the events of each advance. They are summed up at
// once because a document's hash is cheap only while the one it was made from is
// the last that was hashed.
func (r *runner) seen(sum *journal.Sum) func([]interp.Event) bool {
	return func(ev []interp.Event) bool {
		if r.journal != nil {
			sum.Add(ev)
		}
		if r.o.Events != nil {
			r.o.Events(ev)
		}
		return false
	}
}

// took makes a turn the newest.
func (r *runner) took(t interp.Turn) {
	if r.exec = t.After; r.result.Ended.IsZero() && r.exec.Status() != interp.Running {
		r.result.Ended = r.now
	}
	if r.o.Events != nil {
		r.o.Events(t.Events)
	}
	for _, e := range t.Effects {
		switch e := e.(type) {
		case interp.Call:
			r.calls = append(r.calls, e)
		case interp.Read, interp.Write:
			r.asked = append(r.asked, e)
		}
	}
}

// input puts one input into the execution.
func (r *runner) input(by string, in interp.Input) error {
	turn, err := r.exec.Step(in, r.now)
	if err != nil {
		return err
	}
	r.now = turn.After.Now()
	if r.journal != nil {
		r.desk.recordMachine(r.journal, in)
		r.journal.Input(r.now, by, in, turn.Events)
	}
	r.took(turn)
	return nil
}

// next does what lets an execution go on in which nothing is ready.
func (r *runner) next(ctx context.Context) error {
	if len(r.asked) > 0 {
		e := r.asked[0]
		if r.asked = r.asked[1:]; !awaits(r.exec, e.ID()) {
			return nil // its Map Run was stopped meanwhile
		}
		in, err := r.objects.answer(ctx, e)
		if err != nil {
			return err
		}
		return r.input("s3", in)
	}
	if len(r.calls) > 0 {
		call := r.calls[0]
		if r.calls = r.calls[1:]; !awaits(r.exec, call.Effect) {
			return nil // its branch was stopped meanwhile
		}
		return r.answer(ctx, call)
	}
	r.tokens = stillAwaited(r.exec, r.tokens)
	if r.o.Callbacks != nil && len(r.outside()) > 0 {
		r.askCallbacks(ctx)
	}
	if len(r.tokens) == 0 && r.asking != nil {
		r.asking() // the token has lapsed
		return r.await(ctx, interp.Timer{}, false)
	}
	timer, ok := r.exec.NextTimer()
	switch {
	case r.flying > 0:
		return r.await(ctx, timer, ok)
	case len(r.tokens) > 0 && (!ok || isTokens(r.tokens, timer)):
		e := r.desk.needsAnswer(r.tokens[0], nil, "nobody answered it")
		e.Token = true
		return e
	case !ok:
		return errors.New("the execution cannot go on: nothing is ready and nothing is awaited")
	}
	if r.o.RealTime {
		return r.await(ctx, timer, ok)
	}
	return r.fire(timer)
}

func (r *runner) fire(t interp.Timer) error {
	if t.Due.After(r.now) {
		r.now = t.Due
	}
	return r.input("timer", interp.Fire{Effect: t.Effect})
}

// answer gives a call its mock's answer, or sends its request.
func (r *runner) answer(ctx context.Context, call interp.Call) error {
	_, n := r.desk.count(call)
	answer, problem := r.desk.mocked(call, n)
	if answer != nil {
		for _, in := range inputs(call, answer, hasTimer(r.exec, call.Frame)) {
			if err := r.input("mock", in); err != nil {
				return fmt.Errorf("the mock of state %q: %w", call.State.Name, err)
			}
		}
		return nil
	}
	if problem != "" {
		return r.desk.needsAnswer(call, nil, problem)
	}
	if r.desk.isWorkers(call.Resource) {
		r.expect(call)
		return nil
	}
	switch ours, why := r.desk.isOurs(call); {
	case ours:
		return r.answerOurs(call)
	case why != "":
		return r.desk.needsAnswer(call, nil, why)
	}
	p := r.desk.prepare(ctx, call, r.now)
	switch {
	case p.refused != nil:
		return r.input("sent", interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: p.refused}})
	case !p.http:
		return r.desk.needsAnswer(call, nil, p.problem)
	case !p.mayLeave:
		return r.desk.needsAnswer(call, &p, p.whyNot)
	case p.toDecide != "":
		return r.desk.needsAnswer(call, &p, p.toDecide)
	}
	if call.Token != "" && r.o.Callbacks != nil {
		r.expect(call) // a worker may be quicker than the answer to this request
	}
	r.flying++
	r.sent[call.Token] = true
	go func() {
		outcome, x, err := r.desk.send(ctx, p, false)
		r.replies <- reply{call: call, input: arrived(call, outcome), exchange: x, err: err}
	}()
	return nil
}

// answerOurs answers a call without the world.
func (r *runner) answerOurs(call interp.Call) error {
	for _, in := range r.desk.ours(r.exec, call) {
		if err := r.input("nested", in); err != nil {
			return err
		}
	}
	if call.Token != "" && awaits(r.exec, call.Effect) {
		r.tokens = append(r.tokens, call)
	}
	return nil
}

// askCallbacks waits for answers to task tokens, beside whatever else is under
// way.
func (r *runner) askCallbacks(ctx context.Context) {
	if r.asking != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	r.asking = cancel
	awaited := tokenWaits(r.exec, r.outside())
	r.flying++
	go func() {
		in, err := r.o.Callbacks(ctx, awaited)
		r.replies <- reply{input: in, err: err, callback: true}
	}()
}

// await lets real time pass until something arrives or the timer is due.
func (r *runner) await(ctx context.Context, timer interp.Timer, hasTimer bool) error {
	if r.journal != nil {
		if err := r.journal.Flush(); err != nil {
			return err
		}
	}
	began, at := time.Now(), r.now
	var due <-chan time.Time
	if hasTimer {
		t := time.NewTimer(timer.Due.Sub(r.now))
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-due:
		return r.fire(timer)
	case reply := <-r.replies:
		if r.flying--; reply.err == nil {
			r.now = at.Add(time.Since(began))
		}
		if hasTimer && r.now.After(timer.Due) {
			r.now = timer.Due // it was not fired: the reply came first
		}
		return r.arrived(ctx, reply)
	}
}

// arrived takes what came back from the world.
func (r *runner) arrived(ctx context.Context, p reply) error {
	if p.callback {
		r.asking()
		r.asking = nil
		if p.err != nil {
			if ctx.Err() != nil || errors.Is(p.err, context.Canceled) {
				return ctx.Err()
			}
			return fmt.Errorf("wait for task tokens: %w", p.err)
		}
		if in, ok := p.input.(interp.Callback); ok && r.sent[in.Token] {
			r.early = append(r.early, in)
			return nil
		}
		return r.called(p.input)
	}
	delete(r.sent, p.call.Token)
	if err := ctx.Err(); err != nil {
		return err // the request was given up: what it says is not the world's answer
	}
	if p.err != nil {
		return fmt.Errorf("state %q: %w", p.call.State.Name, p.err)
	}
	if !awaits(r.exec, p.call.Effect) {
		return nil // the task has timed out or was stopped meanwhile
	}
	if r.journal != nil {
		r.journal.Secret(p.exchange.Sent.Secrets()...)
	}
	if err := r.input("sent", p.input); err != nil {
		return err
	}
	if r.journal != nil {
		r.journal.Note(sentNote(p.call, &p.exchange, time.Now()))
	}
	if _, ok := p.input.(interp.Submitted); ok {
		r.expect(p.call)
	}
	for _, in := range r.early {
		if in.Token == p.call.Token {
			return r.called(in)
		}
	}
	return nil
}

// called takes an answer to a token. One that has lapsed meanwhile is nobody's.
func (r *runner) called(in interp.Input) error {
	if err := r.input("callback", in); err != nil && !errors.Is(err, interp.ErrNoSuchToken) {
		return err
	}
	return nil
}

// expect waits for a call's token from now on.
func (r *runner) expect(call interp.Call) {
	if slices.ContainsFunc(r.tokens, func(c interp.Call) bool { return c.Effect == call.Effect }) {
		return
	}
	r.tokens = append(r.tokens, call)
	if r.asking != nil {
		r.asking() // there is one token more to wait for
	}
}

// outside are the calls whose tokens somebody outside may answer.
func (r *runner) outside() []interp.Call {
	if r.o.Workers {
		return r.tokens
	}
	var out []interp.Call
	for _, c := range r.tokens {
		if c.Resource.Kind != interp.ActivityResource {
			out = append(out, c)
		}
	}
	return out
}

// drain waits for the requests under way, which have been given up.
func (r *runner) drain() {
	for ; r.flying > 0; r.flying-- {
		<-r.replies
	}
	if r.asking != nil {
		r.asking()
	}
}

func (r *runner) finish(err error) (Result, error) {
	x := r.exec
	r.result.Status, r.result.Output, r.result.Failure = x.Status(), x.Output(), x.Failure()
	r.result.ARN, r.result.Name = x.ARN(), x.Name()
	if x.Status() == interp.Running {
		r.result.Ended = r.now
	}
	if r.journal == nil {
		return r.result, err
	}
	r.result.File = r.journal.Path()
	if x.Status() != interp.Running {
		r.journal.Note(journal.Ended(x.Status().String(), time.Now()))
	}
	if closeErr := r.journal.Close(); err == nil {
		err = closeErr
	}
	return r.result, err
}

// stillAwaited keeps the calls nobody has answered.
func stillAwaited(x interp.Execution, calls []interp.Call) []interp.Call {
	kept := calls[:0]
	for _, c := range calls {
		if awaits(x, c.Effect) {
			kept = append(kept, c)
		}
	}
	return kept
}

// isTokens reports whether a timer is that of a task that waits for its token.
func isTokens(tokens []interp.Call, t interp.Timer) bool {
	for _, c := range tokens {
		if c.Frame == t.Frame {
			return true
		}
	}
	return false
}

// tokenWaits is a View of tasks that wait for their token.
func tokenWaits(x interp.Execution, calls []interp.Call) []TokenWait {
	var out []TokenWait
	for _, c := range calls {
		w := TokenWait{Frame: c.Frame, State: c.State.Name, Token: c.Token}
		for _, e := range x.Pending() {
			t, ok := e.(interp.Timer)
			switch {
			case !ok || t.Frame != c.Frame:
			case t.Reason == interp.HeartbeatTimer:
				w.Heartbeat = t.Due
			case t.Reason == interp.TimeoutTimer:
				w.Timeout = t.Due
			}
		}
		out = append(out, w)
	}
	return out
}
