package interp

import (
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// queried is what JSONata expressions find under a name: $states, and the
// variables as they were when the state was entered.
func (t *turn) queried(name string) (v jsonval.Value, ok bool) {
	if name == "states" {
		return t.states(t.expr.Needs), true
	}
	v = t.of.found.lookup(name)
	return v, v.Exists()
}

// states is $states, as far as it is needed.
func (t *turn) states(need payload.StatesMembers) jsonval.Value {
	f := t.of
	members := make([]jsonval.Member, 0, 3)
	add := func(which payload.StatesMembers, key string, v jsonval.Value) {
		if need&which != 0 && v.Exists() {
			members = append(members, jsonval.Member{Key: key, Value: v})
		}
	}
	add(payload.StatesInput, "input", f.data[Entered])
	if need&payload.StatesContext != 0 {
		add(payload.StatesContext, "context", t.context(f, t.item))
	}
	add(payload.StatesResult, "result", f.data[Result])
	add(payload.StatesErrorOutput, "errorOutput", t.caught)
	return jsonval.OfMembers(members)
}

// failQuery fails f with States.QueryEvaluationError in stage g. History tells of
// it before what follows.
func (t *turn) failQuery(f *frame, g Stage, wrong *payload.QueryError) {
	t.fail(f, t.evaluationFailed(f, g, wrong), false)
}

func (t *turn) evaluationFailed(f *frame, g Stage, wrong *payload.QueryError) *Failure {
	why := Fail("States.QueryEvaluationError", t.prefix(f)+wrong.Message)
	t.emit(Event{Kind: EvaluationFailed, Frame: f.id, State: f.node.State, Stage: g, Where: wrong.Field, Failure: why})
	if f.group != nil {
		t.abortBelow(f)
	}
	return why
}

// queryOutput is the Output stage: the field of the rule that was chosen, or the
// state's own.
func (t *turn) queryOutput(f *frame) {
	tpl := f.node.Output
	if f.node.Type == asl.Choice && f.chosen >= 0 {
		tpl = f.node.Choices[f.chosen].Output
	}
	if tpl == nil {
		t.finish(f, OutputPath, f.current())
		return
	}
	t.applyTemplate(f, OutputPath, tpl, jsonval.Value{})
}

// queryItems decides what a Map iterates over. An inline one was seen to refuse
// objects (recordings: test_map_state_items_input_types), which a distributed one
// takes (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html).
func (t *turn) queryItems(f *frame) {
	items := f.data[Entered]
	if tpl := f.node.Items; tpl != nil {
		v, err := tpl.Eval(t.env(f, jsonval.Value{}))
		if err != nil {
			t.failField(f, ItemsPath, err)
			return
		}
		items = v
	}
	switch {
	case items.Is(jsonval.Array), items.Is(jsonval.Object) && f.node.ItemProcessor.Distributed:
		t.finish(f, ItemsPath, items)
	case f.node.Items != nil:
		t.failQuery(f, ItemsPath, f.node.Items.Expects("array", items))
	default:
		t.failQuery(f, ItemsPath, &payload.QueryError{Message: "Map state input must be an array but was: " + items.String()})
	}
}

// queryCatch goes to catcher i, whose Assign and Output see the same variables.
// When one of them fails, the state has failed for good.
func (t *turn) queryCatch(f *frame, i int, out jsonval.Value) {
	c := f.node.Catch[i]
	env := t.env(f, jsonval.Value{})
	t.caught = out
	output, assigned := out, jsonval.Value{}
	var err error
	if c.Output != nil {
		output, err = c.Output.Eval(env)
	}
	if c.Assign != nil && err == nil {
		assigned, err = c.Assign.Eval(env)
	}
	if err != nil {
		f.failure = t.evaluationFailed(f, Result, err.(*payload.QueryError)) // the only errors of JSONata templates
		t.tellFailed(f)
		t.frameFailed(f)
		return
	}
	t.caughtBy(f, i, out)
	if assigned.Exists() && !t.setVariables(f, assigned) {
		return
	}
	f.failure = nil
	t.exit(f, output, f.node.byCatch[i])
}

// queryKind is the value of a field that must be of this kind.
func (t *turn) queryKind(f *frame, q *payload.Template, k jsonval.Kind) (jsonval.Value, error) {
	v, err := q.Eval(t.env(f, jsonval.Value{}))
	if err == nil && !v.Is(k) {
		err = q.Expects(k.String(), v)
	}
	return v, err
}

// queryInteger is the value of a field that must be a whole number.
func (t *turn) queryInteger(f *frame, q *payload.Template) (int64, error) {
	v, err := t.queryKind(f, q, jsonval.Number)
	if err != nil {
		return 0, err
	}
	n, ok := v.Int()
	if !ok {
		return 0, q.Unfit("is not a whole number", v)
	}
	return n, nil
}

// queryTimestamp is a Wait state's Timestamp; bad when f has failed over it.
func (t *turn) queryTimestamp(f *frame, q *payload.Template) (due time.Time, bad bool) {
	v, err := t.queryKind(f, q, jsonval.String)
	if err != nil {
		t.failField(f, Work, err)
		return due, true
	}
	due, ok := timestamp(v)
	if !ok {
		t.failQuery(f, Work, &payload.QueryError{
			Field: "Timestamp", Message: "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: " + v.Text(),
		})
	}
	return due, !ok
}
