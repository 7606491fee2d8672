package sessions

import (
	"context"
	"errors"
	"time"

	"asldbg/interp"
	"asldbg/interp/task"
	"asldbg/interp/teststate"
)

// TestState tries one state by itself. Where the call brings no mock, the
// request of its Task is sent if it may leave the machine; a [NeedsAnswerError]
// says that it may not, or that there is none. Of o, what is said of machines and
// of recording is not looked at.
func TestState(ctx context.Context, o Options, r teststate.Request) (teststate.Response, error) {
	d := newDesk(&o)
	r.Start, r.At = o.Start, o.startAt()
	r.Call = func(call interp.Call, within time.Duration) (teststate.Work, error) {
		return d.test(ctx, call, within, r.RevealSecrets)
	}
	return teststate.Run(r)
}

// test does the work of a state that is tried.
func (d *desk) test(ctx context.Context, call interp.Call, within time.Duration, reveal bool) (w teststate.Work, err error) {
	needs := func(p *prepared, why string) error {
		e := d.needsAnswer(call, p, why)
		e.Tried, e.Machine = true, ""
		return e
	}
	p := d.prepare(ctx, call, time.Now())
	switch {
	case p.refused != nil:
		w.Outcome.Failure = p.refused
		return w, nil
	case !p.http:
		return w, needs(nil, p.problem)
	case !p.mayLeave:
		return w, needs(&p, p.whyNot)
	case p.toDecide != "":
		return w, needs(&p, p.toDecide)
	}
	timed := ctx
	if within > 0 {
		var cancel context.CancelFunc
		timed, cancel = context.WithTimeout(ctx, within)
		defer cancel()
	}
	began := time.Now()
	outcome, x := p.perform(timed)
	w.Outcome, w.Took = outcome, time.Since(began)
	switch {
	case ctx.Err() != nil:
		return w, ctx.Err()
	case errors.Is(timed.Err(), context.DeadlineExceeded):
		w.Took = max(w.Took, within)
	}
	if t, ok := p.handler.(task.Tracer); ok {
		w.Request, w.Response = t.Trace(call, x, reveal)
	}
	return w, nil
}
