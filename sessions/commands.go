package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions/command"
	"asldbg/sessions/query"
)

// do takes one command. An error says why it was refused; nothing has changed
// then.
func (g *engine) do(ctx context.Context, c command.Command) error {
	g.trouble = ""
	switch c.Verb {
	case command.Step, command.Next, command.Out, command.Continue:
		return g.start(c.Verb)
	case command.Pause:
		if g.goal == nil {
			return errors.New("it stands still already")
		}
		g.stopAt(StopPause, "Paused.")
		return nil
	case command.Back, command.BackState, command.BackOut, command.BackContinue,
		command.Forward, command.ForwardState, command.Goto:
		return g.goThrough(c)
	case command.Focus:
		return g.focusOn(interp.FrameID(c.Frame))
	case command.Break, command.Toggle, command.Clear:
		return g.setBreakpoint(c)
	case command.Hold:
		return g.setHold(c)
	case command.Export:
		return g.export(c)
	case command.WatchExpr, command.Unwatch:
		return g.setWatch(c)
	case command.Quit:
		return nil
	}
	if g.replay && c.Verb != command.Fork && c.Verb != command.Restart {
		return errors.New("this is a recording, nothing runs: fork runs on from here")
	}
	if g.goal != nil && g.goal.kind != toAnswer && c.Verb != command.Abort && c.Verb != command.Token {
		return errors.New("it is running: pause first")
	}
	return g.change(ctx, c)
}

// change takes a command that makes something happen. In the past that begins a
// fork.
func (g *engine) change(ctx context.Context, c command.Command) error {
	past := !g.atNewest()
	switch c.Verb {
	case command.Send, command.Tamper, command.EditRequest, command.UndoEdit, command.Sign, command.AuthTypes:
		if past {
			return fmt.Errorf("this is step %d of %d: requests can be sent and edited at the newest step; fork makes this one the newest",
				g.cursor, len(g.line.steps))
		}
		return g.request(ctx, c)
	case command.Fork:
		g.fork(ctx, "fork")
		g.stopAt(StopTravel, fmt.Sprintf("A new session, the same up to step %d. What is done from here on happens.", g.cursor))
		return nil
	case command.Restart:
		g.goal = nil
		g.cursor, g.exec = 1, g.line.at(1)
		g.fork(ctx, "restart")
		g.focus = 1
		g.stopAt(StopStart, "At the first state again, in a new session.")
		return nil
	}
	in, by, pending, err := g.inputOf(c)
	if err != nil {
		return err
	}
	if _, err := g.exec.Step(in, g.exec.Now()); err != nil {
		return err // it does not fit; nothing has changed
	}
	if past {
		g.fork(ctx, string(c.Verb))
	}
	return g.put(ctx, in, by, pending, c)
}

// inputOf is the input a command stands for, and the call it answers.
func (g *engine) inputOf(c command.Command) (in interp.Input, by string, call *interp.Call, err error) {
	if g.exec.Over() {
		return nil, "", nil, fmt.Errorf("the execution is over: %s", g.exec.Status())
	}
	switch c.Verb {
	case command.Abort:
		return interp.Stop{Failure: *failureOf(c)}, "user", nil, nil
	case command.Edit:
		v, err := g.edited(c)
		return interp.Edit{Frame: g.focus, Value: v}, "user", nil, err
	case command.FailTask:
		if call, err = g.pendingTask(); err != nil {
			return nil, "", nil, err
		}
		return interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: failureOf(c)}}, "user", call, nil
	case command.Mock, command.Skip:
		if call, err = g.pendingTask(); err != nil {
			return nil, "", nil, err
		}
		if c.Verb == command.Mock && !c.Value.Exists() && c.Name == "" {
			if p := g.callOf(call.Frame); p == nil || p.mock == nil || !g.atNewest() {
				return nil, "", nil, fmt.Errorf("the mock file has no answer for %s: say which, as JSON", call.State.Name)
			}
			return interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Result: jsonval.NullValue}}, "mock", call, nil
		}
		o, err := g.instead(c, call)
		return interp.Reply{Effect: call.Effect, Outcome: o}, "user", call, err
	case command.Token:
		return g.tokenInput(c)
	}
	return nil, "", nil, fmt.Errorf("%s is not for this", c.Verb)
}

// put makes the input of a command happen.
func (g *engine) put(ctx context.Context, in interp.Input, by string, call *interp.Call, c command.Command) error {
	resume := g.resumes(c)
	var p *pendingCall
	if call != nil {
		i := slices.IndexFunc(g.calls, func(p *pendingCall) bool { return p.call.Effect == call.Effect })
		p = g.calls[i]
		p.giveUp()
	}
	var events []interp.Event
	if by == "mock" {
		var err error
		if events, err = g.applyMock(ctx, p); err != nil {
			return err
		}
	} else {
		turn, err := g.input(ctx, by, in)
		if err != nil {
			return err
		}
		events = turn.Events
		if o := answerIn(in); p != nil && (o.Failure != nil || o.Result.Exists()) {
			g.remember(p, by, o, nil)
		}
	}
	switch {
	case g.newest.Over() || mainEnded(events):
		g.stopAtEnd()
	case g.goal != nil && resume:
		g.message = g.doneText()
	case resume:
		g.goal = &goal{kind: toStop}
	default:
		g.stopAt(StopStep, g.doneText())
	}
	return nil
}

// resumes reports whether an answer from outside lets a session go on that
// waits for nothing else.
func (g *engine) resumes(c command.Command) bool {
	return c.Verb == command.Token && c.TaskToken != "" && (g.goal != nil || g.stop.Reason == StopToken)
}

// pendingTask is the call that mock and fail answer.
func (g *engine) pendingTask() (*interp.Call, error) {
	if g.atNewest() {
		c, err := g.chosenCall()
		if err != nil {
			return nil, err
		}
		return &c.call, nil
	}
	for _, e := range g.exec.Pending() {
		if call, ok := e.(interp.Call); ok && call.Frame == g.focus {
			return &call, nil
		}
	}
	return nil, errNoRequest
}

// tokenInput answers the token named, or the one the focus is about.
func (g *engine) tokenInput(c command.Command) (in interp.Input, by string, call *interp.Call, err error) {
	by = "callback"
	token := interp.Token(c.TaskToken)
	for _, e := range g.exec.Pending() {
		candidate, ok := e.(interp.Call)
		switch {
		case !ok || candidate.Token == "":
		case token != "" && candidate.Token == token, token == "" && candidate.Frame == g.focus:
			call = &candidate
		case token == "" && call == nil && len(g.awaitedTokens()) == 1 && g.awaitedTokens()[0].call.Effect == candidate.Effect:
			call = &candidate
		}
	}
	switch {
	case call == nil && token != "":
		return nil, "", nil, interp.ErrNoSuchToken
	case call == nil:
		return nil, "", nil, errors.New("no task here waits for its token: focus the frame of one that does")
	case token == "":
		token, by = call.Token, "user"
	}
	switch c.Name {
	case "heartbeat":
		return interp.Heartbeat{Token: token}, by, nil, nil
	case "failure":
		return interp.Callback{Token: token, Outcome: interp.Outcome{Failure: failureOf(c)}}, by, call, nil
	}
	if !c.Value.Exists() {
		return nil, "", nil, errors.New("token success needs the task's output")
	}
	return interp.Callback{Token: token, Outcome: interp.Outcome{Result: c.Value}}, by, call, nil
}

// failureOf is the error a command names; what it does not name is not there.
func failureOf(c command.Command) *interp.Failure {
	f := &interp.Failure{}
	if c.Error != "" {
		f.Error = &c.Error
	}
	if c.Cause != "" {
		f.Cause = &c.Cause
	}
	return f
}

// edited is the focused frame's data with an edit in it.
func (g *engine) edited(c command.Command) (jsonval.Value, error) {
	f, ok := g.exec.Frame(g.focus)
	if !ok {
		return jsonval.Value{}, errors.New("there is no frame to edit")
	}
	if c.Pointer == "" {
		return c.Value, nil
	}
	data := f.DataAt(f.Stage)
	p, err := jsonval.ParsePointer(data, c.Pointer)
	if err != nil {
		return data, err
	}
	return data.Set(p, c.Value)
}

// request takes the commands about a held request.
func (g *engine) request(ctx context.Context, c command.Command) error {
	p, err := g.chosenCall()
	if err != nil {
		return err
	}
	name := p.call.State.Name
	switch {
	case p.state == callSending:
		return fmt.Errorf("the request of %s is under way", name)
	case p.state == callWaiting:
		return fmt.Errorf("%s has been called: it waits for its answer", name)
	case p.making:
		return fmt.Errorf("the request of %s is being made", name)
	}
	switch c.Verb {
	case command.EditRequest:
		return g.editRequest(ctx, p, c.Value)
	case command.Sign:
		return g.signAs(ctx, p, c)
	case command.AuthTypes:
		return g.compareAuth(ctx, p)
	case command.UndoEdit:
		if p.edited == 0 && !p.signing.special() {
			return fmt.Errorf("the request of %s was not edited", name)
		}
		back := p.prepared
		back.sealed, back.signing = p.original, signing{}
		p.take(back)
		p.edited = 0
		g.note("edited", "request of "+name+" as it was prepared")
		g.message = fmt.Sprintf("The request of %s is as it was prepared.", name)
		g.changed()
		return nil
	}
	switch {
	case p.state == callOurs:
		return fmt.Errorf("%s has nothing to send: %s", name, here(p.call))
	case !p.http:
		return fmt.Errorf("%s has nothing to send: %s", name, p.problem)
	case !p.mayLeave:
		return errors.New(p.whyNot)
	case !c.Sure && p.toDecide != "":
		return fmt.Errorf("%s: %s yes sends it so", p.toDecide, c.Verb)
	case !c.Sure && p.changesOutside():
		d := p.sealed.Draft()
		return fmt.Errorf("%s %s changes something outside this machine: %s yes sends it", d.Method, d.URL, c.Verb)
	case c.Verb == command.Tamper && !p.sealed.Signed():
		return fmt.Errorf("the request of %s is not signed: there is nothing to tamper with", name)
	}
	g.goal = &goal{kind: toAnswer, frame: p.call.Frame, effect: p.call.Effect}
	g.focus = p.call.Frame
	g.send(ctx, p, c.Verb == command.Tamper)
	return nil
}

// start sets a goal, or walks the recorded steps where the cursor stands in the
// past.
func (g *engine) start(v command.Verb) error {
	if g.replay || g.cursor < len(g.line.steps) {
		return g.walk(v)
	}
	if g.goal != nil && g.goal.kind != toAnswer {
		return errors.New("it is running already: pause stops it")
	}
	if g.newest.Over() {
		return fmt.Errorf("the execution is over: %s; back goes back in it", g.newest.Status())
	}
	g.settleFocus()
	next := &goal{frame: g.focus}
	switch v {
	case command.Next:
		next.kind = toState
	case command.Out:
		next.kind = toClose
	case command.Continue:
		next.kind = toStop
		next.lapse = g.stop.Reason == StopToken
	}
	g.goal = next
	g.message = ""
	g.changed()
	return nil
}

func (g *engine) focusOn(id interp.FrameID) error {
	f, ok := g.exec.Frame(id)
	if !ok {
		return fmt.Errorf("there is no frame %d", id)
	}
	g.focus = id
	g.message = "Now at " + f.State.Name + "."
	g.lookAtWatches(true)
	g.changed()
	return nil
}

func (g *engine) setBreakpoint(c command.Command) error {
	if c.Verb == command.Break {
		b, warning, err := newBreakpoint(g.desk.known, c)
		if err != nil {
			return err
		}
		b.ID = g.newID()
		g.breakpoints = append(g.breakpoints, b)
		g.message = fmt.Sprintf("Breakpoint %d: %s.", b.ID, c)
		if warning != "" {
			g.message += " " + warning + "."
		}
		g.note("breakpoint", c.String())
		g.changed()
		return nil
	}
	i := slices.IndexFunc(g.breakpoints, func(b *breakpoint) bool { return b.ID == c.N })
	if i < 0 {
		return fmt.Errorf("there is no breakpoint %d", c.N)
	}
	if c.Verb == command.Clear {
		g.breakpoints = slices.Delete(slices.Clone(g.breakpoints), i, i+1)
	} else {
		g.breakpoints[i].Off = !g.breakpoints[i].Off
	}
	g.note("breakpoint", c.String())
	g.changed()
	return nil
}

func (g *engine) newID() int {
	g.lastID++
	return g.lastID
}

func (g *engine) setWatch(c command.Command) error {
	if c.Verb == command.Unwatch {
		i := slices.IndexFunc(g.watches, func(w watch) bool { return w.ID == c.N })
		if i < 0 {
			return fmt.Errorf("there is no watch %d", c.N)
		}
		g.watches = slices.Delete(slices.Clone(g.watches), i, i+1)
		g.changed()
		return nil
	}
	q, err := query.Compile(c.Expr)
	if err != nil {
		return err
	}
	g.watches = append(g.watches, watch{Watch: Watch{ID: g.newID(), Expr: c.Expr}, query: q})
	g.lookAtWatches(false)
	g.changed()
	return nil
}
