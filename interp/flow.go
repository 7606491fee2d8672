package interp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// env is what f's expressions can reach, with $ being input.
func (t *turn) env(f *frame, input jsonval.Value) *payload.Env { return t.envOf(f, input, nil) }

// envOf is env while a Map prepares the iteration of item.
func (t *turn) envOf(f *frame, input jsonval.Value, item *mapItem) *payload.Env {
	t.of, t.item, t.caught, t.expr.Input = f, item, jsonval.Value{}, input
	return &t.expr
}

// effectiveInput is the state's input after InputPath, before Parameters: what $
// means in Credentials, …SecondsPath and a Map's ItemSelector.
func (f *frame) effectiveInput() jsonval.Value {
	if v := f.data[InputPath]; v.Exists() {
		return v
	}
	return f.data[Entered]
}

// applyPath is InputPath and OutputPath.
func (t *turn) applyPath(f *frame, g Stage, p *asl.PathField) {
	if p.Null {
		t.finish(f, g, jsonval.EmptyObject)
		return
	}
	v, err := p.Path.Eval(&t.env(f, f.current()).Env.Env)
	if err != nil {
		t.failPath(f, p.Path, err)
		return
	}
	t.finish(f, g, v)
}

func (t *turn) applyTemplate(f *frame, g Stage, tpl *payload.Template, input jsonval.Value) {
	v, err := tpl.Eval(t.env(f, input))
	if err != nil {
		t.failField(f, g, err)
		return
	}
	t.finish(f, g, v)
}

// merge puts a result into the raw input where a ResultPath says.
func merge(raw jsonval.Value, p *asl.PathField, result jsonval.Value) (jsonval.Value, error) {
	switch {
	case p == nil:
		return result, nil
	case p.Null:
		return raw, nil
	}
	steps := p.Path.Steps()
	if len(steps) == 0 {
		return result, nil
	}
	v, err := raw.Set(steps, result)
	if err != nil {
		return v, causeError(fmt.Sprintf("Unable to apply step %q to input %s", strings.TrimPrefix(p.Path.String(), "$."), raw))
	}
	return v, nil
}

// assign evaluates the Assign field that applies.
func (t *turn) assign(f *frame) {
	tpl, input := f.node.Assign, f.current()
	switch f.node.Type {
	case asl.Choice:
		if f.chosen >= 0 {
			tpl = f.node.Choices[f.chosen].Assign
		}
	case asl.Task, asl.Parallel, asl.Map:
		input = f.data[Result] // the raw result
	case asl.Pass:
		for _, g := range []Stage{Result, Parameters, InputPath, Entered} {
			if f.data[g].Exists() {
				input = f.data[g]
				break
			}
		}
	}
	if tpl != nil && !t.assignFrom(f, tpl, input) {
		return
	}
	f.stage, f.run = Assign, Ready
}

// assignFrom assigns what tpl says. All expressions see the old values.
func (t *turn) assignFrom(f *frame, tpl *payload.Template, input jsonval.Value) bool {
	v, err := tpl.Eval(t.env(f, input))
	if err != nil {
		t.failField(f, Assign, err)
		return false
	}
	return t.setVariables(f, v)
}

// setVariables assigns the members of v; false: f has failed over it.
func (t *turn) setVariables(f *frame, v jsonval.Value) bool {
	own := f.scope.own
	for k, w := range v.Members() {
		own, _ = own.Set(jsonval.Path{jsonval.Key(k)}, w) // an object takes any key
	}
	if !t.storable(f, v, own) {
		return false
	}
	f.scope = &scope{outer: f.scope.outer, own: own}
	t.emit(Event{Kind: VariablesAssigned, Frame: f.id, State: f.node.State, Value: v})
	return true
}

// prefix begins every runtime cause.
func (t *turn) prefix(f *frame) string { return runtimePrefix(f.node.Name, f.enteredID) }

func runtimePrefix(state string, entered int) string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ", state, entered)
}

// Reason is the cause without the words that place it in an execution, which
// runtimePrefix makes.
func (f *Failure) Reason() string {
	if f.Cause == nil {
		return ""
	}
	if rest, ok := strings.CutPrefix(*f.Cause, "An error occurred while executing the state '"); ok {
		if _, rest, ok = strings.Cut(rest, "' (entered at the event id #"); ok {
			if _, text, ok := strings.Cut(rest, "). "); ok {
				return text
			}
		}
	}
	return *f.Cause
}

// Runtime is a States.Runtime failure over a call, with a cause as AWS words it.
func (c Call) Runtime(text string) *Failure {
	return Fail("States.Runtime", runtimePrefix(c.State.Name, c.Entered)+text)
}

// failRuntime fails f with States.Runtime, which nothing catches.
func (t *turn) failRuntime(f *frame, text string) {
	t.fail(f, Fail("States.Runtime", t.prefix(f)+text), true)
}

// failPath is failRuntime for a path that found nothing.
func (t *turn) failPath(f *frame, p *jsonpath.Path, err error) {
	var missing *jsonpath.NotFoundError
	if errors.As(err, &missing) && missing.Reason != jsonpath.WrongType {
		t.failRuntime(f, fmt.Sprintf("Invalid path '%s' : %s", p, missing.Message))
		return
	}
	t.failRuntime(f, err.Error())
}

// failField fails f over a field whose value could not be computed, in stage g.
// For JSONPath AWS gives States.Runtime also where a function refuses its
// arguments, although the language has States.IntrinsicFailure for that.
func (t *turn) failField(f *frame, g Stage, err error) {
	if wrong := (*payload.QueryError)(nil); errors.As(err, &wrong) {
		t.failQuery(f, g, wrong)
		return
	}
	t.failRuntime(f, err.Error())
}

// seconds is a field with a …Path form.
type seconds = *asl.NumberField

// number is the value of such a field; bad when f has failed over it.
func (t *turn) number(f *frame, field string, n seconds) (v int64, bad bool) {
	if n.Query != nil {
		v, err := t.queryInteger(f, n.Query)
		if err == nil && v < 0 {
			err = n.Query.Unfit("cannot be negative", jsonval.OfInt(v))
		}
		if err != nil {
			t.failField(f, Work, err)
		}
		return v, err != nil
	}
	if v, bad = t.integer(f, field, n); !bad && v < 0 {
		t.failRuntime(f, fmt.Sprintf("The %s field refers to value %q which is not a valid integer: %s", field, fmt.Sprint(v), n.Path))
		return 0, true
	}
	return v, bad
}

// integer is number, negative ones included.
func (t *turn) integer(f *frame, field string, n seconds) (v int64, bad bool) {
	if n.Query != nil {
		v, err := t.queryInteger(f, n.Query)
		if err != nil {
			t.failField(f, Work, err)
		}
		return v, err != nil
	}
	if n.Path == nil {
		return n.Literal, false
	}
	found, err := n.Path.Eval(&t.env(f, f.effectiveInput()).Env.Env)
	if err != nil {
		t.failPath(f, n.Path, err)
		return 0, true
	}
	v, ok := found.Int()
	if found.Is(jsonval.String) { // AWS reads the number out of a text, too
		if n, isNumber := jsonval.OfNumber(found.Text()); isNumber {
			v, ok = n.Int()
		}
	}
	if !ok {
		t.failRuntime(f, fmt.Sprintf("The %s field refers to value %q which is not a valid integer: %s", field, plain(found), n.Path))
		return 0, true
	}
	return v, false
}

// percentage is ToleratedFailurePercentage; bad when f has failed over it.
func (t *turn) percentage(f *frame, n *asl.PercentageField) (v float64, bad bool) {
	v = n.Literal
	if n.Query != nil {
		found, err := t.queryKind(f, n.Query, jsonval.Number)
		if err != nil {
			t.failField(f, Work, err)
			return 0, true
		}
		if v, _ = found.Float(); v < 0 || v > 100 {
			t.failField(f, Work, n.Query.Unfit("is not between 0 and 100", found))
			return 0, true
		}
	} else if n.Path != nil {
		found, err := n.Path.Eval(&t.env(f, f.effectiveInput()).Env.Env)
		if err != nil {
			t.failPath(f, n.Path, err)
			return 0, true
		}
		number, ok := found, true
		if found.Is(jsonval.String) {
			number, ok = jsonval.OfNumber(found.Text())
		}
		if v, _ = number.Float(); !ok || !number.Is(jsonval.Number) {
			t.failRuntime(f, fmt.Sprintf("The ToleratedFailurePercentagePath field refers to value %q which is not a valid float: %s", plain(found), n.Path))
			return 0, true
		}
	}
	if v < 0 || v > 100 {
		t.failRuntime(f, "ToleratedFailurePercentage must be between 0 and 100.")
		return 0, true
	}
	return v, false
}

// plain is a value as AWS prints it inside messages: strings without quotes.
func plain(v jsonval.Value) string {
	if v.Is(jsonval.String) {
		return v.Text()
	}
	return v.String()
}

// wait is a Wait state's delay.
func (t *turn) wait(f *frame) {
	due, bad := t.waitUntil(f)
	if bad {
		return
	}
	if due.Before(t.now) {
		due = t.now
	}
	if due.Sub(t.now) > maxWait {
		t.failRuntime(f, "Wait state delay is too long.")
		return
	}
	f.run = Waiting
	t.emit(Event{Kind: WaitStarted, Frame: f.id, State: f.node.State, Due: due})
	t.timer(f, WaitTimer, due)
}

// maxWait is the longest delay AWS was seen to accept (2^31 seconds).
const maxWait = (1<<31 - 1) * time.Second

func (t *turn) waitUntil(f *frame) (due time.Time, bad bool) {
	if s := f.node.Seconds; s != nil {
		if s.Query != nil {
			n, bad := t.number(f, "Seconds", s)
			return t.now.Add(time.Duration(min(n, int64(maxWait/time.Second)+1)) * time.Second), bad
		}
		if s.Path == nil {
			return t.now.Add(time.Duration(s.Literal) * time.Second), false
		}
		v, err := s.Path.Eval(&t.env(f, f.current()).Env.Env)
		if err != nil {
			t.failRuntime(f, fmt.Sprintf("The SecondsPath parameter does not reference an input value: %s", s.Path))
			return due, true
		}
		n, ok := v.Int()
		switch {
		case !ok:
			t.failRuntime(f, fmt.Sprintf("The SecondsPath parameter cannot be parsed as a long value: %s == %s", s.Path, plain(v)))
			return due, true
		case n < 0:
			t.failRuntime(f, fmt.Sprintf("The SecondsPath parameter references a negative value: %s == %d", s.Path, n))
			return due, true
		}
		n = min(n, int64(maxWait/time.Second)+1)
		return t.now.Add(time.Duration(n) * time.Second), false
	}
	if q := f.node.Timestamp.Query; q != nil {
		return t.queryTimestamp(f, q)
	}
	text := f.node.Timestamp.Literal
	if p := f.node.Timestamp.Path; p != nil {
		v, err := p.Eval(&t.env(f, f.current()).Env.Env)
		if err != nil {
			t.failRuntime(f, fmt.Sprintf("The TimestampPath parameter does not reference an input value: %s", p))
			return due, true
		}
		at, ok := timestamp(v)
		if !ok {
			t.failRuntime(f, fmt.Sprintf("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", p, plain(v)))
			return due, true
		}
		return at, false
	}
	at, _ := timestamp(jsonval.OfString(text)) // asl has checked it
	return at, false
}

// failState is a Fail state.
func (t *turn) failState(f *frame) {
	var why Failure
	for _, field := range []struct {
		name string
		text *asl.TextField
		to   **string
	}{{"ErrorPath", f.node.Error, &why.Error}, {"CausePath", f.node.Cause, &why.Cause}} {
		if field.text == nil {
			continue
		}
		s := field.text.Literal
		if q := field.text.Query; q != nil {
			v, err := t.queryKind(f, q, jsonval.String)
			if err != nil {
				t.failField(f, Work, err)
				return
			}
			s = v.Text()
		}
		if e := field.text.Expr; e != nil {
			v, err := e.Eval(&t.env(f, f.data[Entered]).Env)
			if err != nil {
				t.failRuntime(f, failFieldMessage(field.name, e, f.data[Entered], t, f, err))
				return
			}
			if !v.Is(jsonval.String) {
				t.failRuntime(f, fmt.Sprintf("The JSONPath '%s' specified for the field '%s' must refer to a string, but was: %s", e, field.name, v))
				return
			}
			s = v.Text()
		}
		*field.to = &s
	}
	t.fail(f, &why, why.Error != nil && *why.Error == "States.Runtime")
	t.recover(f)
}

func failFieldMessage(field string, e *payload.Expr, input jsonval.Value, t *turn, f *frame, err error) string {
	if p := e.Path(); p != nil {
		if p.Root() == jsonpath.Context {
			input = t.context(f, nil)
		}
		return fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", p, field, input)
	}
	return err.Error()
}
