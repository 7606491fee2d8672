package interp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// StartsExecution reports whether a task of this resource starts an execution of
// the state machine that StateMachineArn of its parameters names: the optimised
// integration in its four patterns, and StartExecution and StartSyncExecution
// through the AWS SDK
// (https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html).
func (r Resource) StartsExecution() bool {
	return r.Service == "states" && r.Action == "startExecution" ||
		r.Service == "aws-sdk:sfn" && (r.Action == "startExecution" || r.Action == "startSyncExecution")
}

// WaitsForEnd reports whether the end of an execution a task starts answers the
// task; without a .sync that is so of StartSyncExecution.
func (r Resource) WaitsForEnd() bool { return r.Pattern == Sync || r.Action == "startSyncExecution" }

// named is an execution that was started by name: the name cannot be used again.
// It is a list, the latest first, that Executions share.
type named struct {
	arn    string
	root   FrameID
	input  jsonval.Value
	at     time.Time
	before *named
}

// startExecution runs the machine a task wants to be executed.
func (t *turn) startExecution(in StartExecution) error {
	f, err := t.caller(in.Effect)
	if err != nil {
		return err
	}
	r, params := f.node.resource, f.current()
	switch {
	case !r.StartsExecution() || f.submitted:
		return fmt.Errorf("state %q does not wait for an execution to start", f.node.Name)
	case in.Machine == nil:
		return errors.New("there is no machine to execute")
	}
	c, wrong := t.childOf(f, in, params)
	if wrong != nil {
		t.answer(f, Outcome{Failure: t.serviceFailure(r, wrong.code, wrong.message)})
		return nil
	}
	root, startedAt, wrong := t.sameName(c, params)
	switch {
	case wrong != nil:
		t.answer(f, Outcome{Failure: t.serviceFailure(r, wrong.code, wrong.message)})
		return nil
	case root == 0:
		root, startedAt = t.openNested(f, c), t.now
	}
	if r.WaitsForEnd() {
		f.awaits = root
		t.answered(in.Effect)
	}
	first := t.startResponse(r, c.ARN, startedAt)
	switch {
	case r.Pattern != RequestResponse:
		t.submit(f, first)
	case !r.WaitsForEnd():
		t.answer(f, Outcome{Result: first})
	}
	return nil
}

// refusal is an error of the service's API.
type refusal struct{ code, message string }

// childOf is the execution that a task's parameters describe.
func (t *turn) childOf(f *frame, in StartExecution, params jsonval.Value) (*Child, *refusal) {
	around, r := t.inside(f), f.node.resource
	c := &Child{
		StateMachineARN: in.StateMachineARN, RoleARN: in.RoleARN, Machine: in.Machine, Express: in.Express,
		Sync: r.Action == "startSyncExecution", StartedAt: t.now, Level: around.Level + 1,
	}
	if c.RoleARN == "" {
		c.RoleARN = around.RoleARN
	}
	if arn := params.Get("StateMachineArn").Text(); arn != in.StateMachineARN && strings.HasPrefix(arn, in.StateMachineARN+":") {
		c.qualified = arn
	}
	if c.Name = params.Get("Name").Text(); c.Name == "" {
		c.Name = t.random.uuid()
	} else if !validName(c.Name) {
		return nil, &refusal{"InvalidName", "Invalid Name: '" + c.Name + "'"}
	}
	var err error
	if c.Input, err = executionInput(params.Get("Input")); err != nil {
		return nil, &refusal{"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + err.Error() + "'"}
	}
	switch {
	case c.Sync && !c.Express:
		return nil, &refusal{"StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"}
	case r.Pattern == Sync && c.Express:
		// The service asks DescribeExecution how it went, which knows no Express
		// executions. Not recorded: this is what that operation says.
		return nil, &refusal{"InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"}
	}
	c.ARN = executionARN(Start{Name: c.Name, StateMachineARN: c.StateMachineARN, Express: c.Express}, &t.random)
	return c, nil
}

// executionInput is the input that Input of a task's parameters gives: a text is
// JSON, nothing is {}.
func executionInput(v jsonval.Value) (jsonval.Value, error) {
	switch v.Kind() {
	case jsonval.Undefined, jsonval.Null:
		return jsonval.EmptyObject, nil
	case jsonval.String:
		return jsonval.Parse(v.Text())
	}
	return v, nil
}

// validName reports whether an execution may have this name
// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
func validName(name string) bool {
	return utf8.RuneCountInString(name) <= 80 && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f && r <= 0x9f || strings.ContainsRune("?*<>{}[]\"#%\\^|~`$&,;:/", r)
	})
}

// sameName looks whether the name of c is taken: by an execution that still runs
// on the same input, which is then the one meant, or by any other, which is an
// error. Express executions may share names.
func (t *turn) sameName(c *Child, params jsonval.Value) (root FrameID, at time.Time, wrong *refusal) {
	if c.Express || params.Get("Name").Text() == "" {
		return 0, at, nil
	}
	if t.named == nil {
		t.named = &named{arn: t.main.ARN, root: 1, input: t.main.Input, at: t.main.StartedAt}
	}
	for n := t.named; n != nil; n = n.before {
		if n.arn != c.ARN {
			continue
		}
		if t.frame(n.root) != nil && jsonval.Equal(n.input, c.Input) {
			return n.root, n.at, nil
		}
		return 0, at, &refusal{"ExecutionAlreadyExists", "Execution Already Exists: '" + c.ARN + "'"}
	}
	t.named = &named{arn: c.ARN, root: t.lastFrame + 1, input: c.Input, at: t.now, before: t.named}
	return 0, at, nil
}

// openNested starts c from the task in f.
func (t *turn) openNested(f *frame, c *Child) FrameID {
	root := t.openExecution(f, -1, c.Machine.start, nil, c)
	root.nested, root.started = true, f.call
	if !f.node.resource.WaitsForEnd() {
		root.detached = true
		t.detached++
	}
	if n := c.Machine.file.Machine.TimeoutSeconds; n > 0 {
		t.endAt(root.id, t.now.Add(time.Duration(n)*time.Second))
	}
	t.enter(root, root.node, c.Input)
	return root.id
}

// started reports whether an execution that f's task has started, and that is to
// answer its token, still runs.
func (c *core) started(f *frame) bool {
	if !f.node.resource.StartsExecution() {
		return false
	}
	for _, g := range c.frames {
		if g.nested && g.parent == f.id && g.started == f.call {
			return true
		}
	}
	return false
}

// detach lets the execution f waits for go on without f.
func (t *turn) detach(f *frame) {
	if root := t.own(f.awaits); root != nil && root.parent == f.id && !root.detached {
		root.detached = true
		t.detached++
	}
	f.awaits = 0
}

// passOn gives the executions that outlive f, which is closed, to the frame
// around it.
func (t *turn) passOn(f *frame) {
	if f.detached {
		t.detached--
	}
	if t.detached == 0 {
		return
	}
	for _, g := range t.frames {
		if g.parent == f.id {
			t.own(g.id).parent = f.parent
		}
	}
}

// leaveDetached takes the frames of the main execution away. The executions its
// tasks wait for end with it, those nobody waits for go on.
func (t *turn) leaveDetached() {
	for _, g := range slices.Clone(t.frames) { // aborting takes frames away
		if g.nested && !g.detached && t.frame(g.id) != nil {
			t.abortExecution(t.own(g.id))
		}
	}
	var left []*frame
	open := make(map[FrameID]bool)
	if t.detached > 0 {
		for _, g := range t.frames {
			if g.detached || open[g.parent] {
				left, open[g.id] = append(left, g), true
			}
		}
	}
	waits := t.pending
	t.frames, t.pending, t.children = left, nil, 0
	for _, g := range left {
		if !open[g.parent] {
			t.own(g.id).parent = 0
		}
		if g.home == g.id {
			t.children++
		}
	}
	for _, w := range waits {
		if open[w.frame] {
			t.pending = append(t.pending, w)
		}
	}
}

// stopTheRest ends the executions that have outlived the main one.
func (t *turn) stopTheRest() {
	for len(t.frames) > 0 {
		t.abortExecution(t.own(t.frames[0].id)) // no frame is before the one around it
	}
}

// nestedEnded tells those who wait for an execution how it ended, but not the
// one around it where that has stopped it.
func (t *turn) nestedEnded(root *frame, s Status, output jsonval.Value, why *Failure) {
	for i := 0; i < len(t.frames); i++ {
		if t.frames[i].awaits != root.id || s == Aborted && t.frames[i].id == root.parent {
			continue
		}
		f := t.own(t.frames[i].id)
		f.awaits = 0
		end := t.description(root, s, output, why, f.node.resource)
		if s == Succeeded || f.node.resource.Pattern != Sync {
			t.answer(f, Outcome{Result: end})
		} else {
			t.answer(f, Outcome{Failure: Fail("States.TaskFailed", end.String())})
		}
	}
}
