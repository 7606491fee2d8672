package payload

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// The recordings are of AWS itself (../shared/conformance/localstack, made from
// LocalStack's snapshots). Whole machines are run elsewhere; these tests take
// the single templates of recorded states, with the recorded data on both
// sides.

// recordings ranges over the cases below the folder kind.
func recordings(t *testing.T, kind string, visit func(c *recording)) {
	t.Helper()
	dir := sharedDir(t)
	n := 0
	err := filepath.WalkDir(filepath.Join(dir, kind), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".json" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		v, err := jsonval.Parse(string(text))
		if err != nil {
			return err
		}
		n++
		visit(newRecording(v))
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d recordings of kind %s: %v", n, kind, err)
	}
}

// sharedDir is the folder of the recordings, beside the repository.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", "conformance", "localstack")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the recordings of AWS are not here: ", err)
	}
	return dir
}

// recording is one case and its wildcards.
type recording struct {
	jsonval.Value
	id     string
	any    map[string]bool // texts that stand for any value
	within []string        // tokens that stand for any text
}

func newRecording(v jsonval.Value) *recording {
	c := &recording{Value: v, id: v.Get("id").Text(), any: map[string]bool{}}
	for _, s := range v.Get("placeholders").Get("whole_value").Items() {
		c.any[s.Text()] = true
	}
	for _, s := range v.Get("placeholders").Get("anywhere").Items() {
		c.within = append(c.within, s.Text())
	}
	return c
}

// matches reports whether got is what was recorded.
func (c *recording) matches(want, got jsonval.Value) bool {
	switch {
	case want.Is(jsonval.String):
		return c.any[want.Text()] || got.Is(jsonval.String) && c.matchesText(want.Text(), got.Text())
	case want.Is(jsonval.Array) && got.Is(jsonval.Array) && want.Len() == got.Len():
		for i, v := range want.Items() {
			if !c.matches(v, got.At(i)) {
				return false
			}
		}
		return true
	case want.Is(jsonval.Object) && got.Is(jsonval.Object) && want.Len() == got.Len():
		for k, v := range want.Members() {
			if !c.matches(v, got.Get(k)) {
				return false
			}
		}
		return true
	}
	return jsonval.Equal(want, got)
}

func (c *recording) matchesText(want, got string) bool {
	pattern := regexp.QuoteMeta(want)
	for _, token := range c.within {
		pattern = strings.ReplaceAll(pattern, regexp.QuoteMeta(token), ".*")
	}
	return want == got || regexp.MustCompile("(?s)^"+pattern+"$").MatchString(got)
}

// states ranges over the JSONPath states of a machine and those inside it.
func states(machine jsonval.Value, language string, visit func(name string, state jsonval.Value)) {
	if l := machine.Get("QueryLanguage"); l.Exists() {
		language = l.Text()
	}
	for name, state := range machine.Get("States").Members() {
		if l := state.Get("QueryLanguage"); !l.Exists() && language == "JSONPath" || l.Text() == "JSONPath" {
			visit(name, state)
		}
		for _, inner := range state.Get("Branches").Items() {
			states(inner, language, visit)
		}
		for _, field := range []string{"ItemProcessor", "Iterator"} {
			states(state.Get(field), language, visit)
		}
	}
}

// AWS accepted the definition of every recorded execution.
func TestRecordedTemplatesCompile(t *testing.T) {
	n := 0
	recordings(t, "execution", func(c *recording) {
		states(c.Get("definition"), "JSONPath", func(name string, state jsonval.Value) {
			for _, field := range []string{"Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials"} {
				if v := state.Get(field); v.Exists() {
					n++
					if _, err := Compile(v); err != nil {
						t.Errorf("%s: %s of %s: %v", c.id, field, name, err)
					}
				}
			}
			for _, field := range []string{"ErrorPath", "CausePath"} {
				if v := state.Get(field); v.Exists() {
					n++
					if _, err := CompileExpr(v.Text()); err != nil {
						t.Errorf("%s: %s of %s: %v", c.id, field, name, err)
					}
				}
			}
		})
	})
	t.Logf("%d templates and expressions that AWS accepted", n)
}

// AWS refused these templates, in these words.
func TestRecordedRefusals(t *testing.T) {
	const code, where = "SCHEMA_VALIDATION_FAILED: ", " at /States/"
	n := 0
	recordings(t, "validation", func(c *recording) {
		message := c.Get("expect").Get("message").Text()
		_, message, found := strings.Cut(message, code)
		message, place, _ := strings.Cut(message, where)
		if !found || !strings.Contains(message, "must be a valid JSONPath") {
			return
		}
		n++
		name, field, _ := strings.Cut(strings.TrimSuffix(place, "'"), "/")
		_, err := Compile(c.Get("definition").Get("States").Get(name).Get(field))
		var problems Problems
		if !errors.As(err, &problems) || problems[0].AWSMessage != message {
			t.Errorf("%s: %v, want %s", c.id, err, message)
		}
	})
	if n == 0 {
		t.Error("no recorded refusal was found")
	}
	t.Logf("%d refusals", n)
}

// score counts what was compared and what was right.
type score struct{ right, all int }

func (s *score) add(right bool) bool {
	s.all++
	if right {
		s.right++
	}
	return right
}

// replay is a recorded execution while it is gone through.
type replay struct {
	*recording
	t         *testing.T
	states    map[string]jsonval.Value
	variables map[string]jsonval.Value
	input     jsonval.Value
	outputs   score
	failures  score
}

// env is what the expressions of the state name could reach.
func (r *replay) env(name string, input jsonval.Value) *Env {
	texts := func(pairs ...string) []jsonval.Member {
		var members []jsonval.Member
		for i := 0; i < len(pairs); i += 2 {
			members = append(members, jsonval.Member{Key: pairs[i], Value: jsonval.OfString(pairs[i+1])})
		}
		return members
	}
	object := func(members ...jsonval.Member) jsonval.Value { return jsonval.OfMembers(members) }
	const arn = "arn:aws:states:us-east-1:111111111111:"
	execution := texts("Id", arn+"execution:<ArnPart_0idx>:<ExecArnPart_0idx>", "StartTime", "date", "Name", "<ExecArnPart_0idx>", "RoleArn", "snf_role_arn")
	execution = append(execution, jsonval.Member{Key: "Input", Value: r.input})
	if strings.Contains(r.Get("expect").String(), "RedriveCount") { // newer than some recordings
		execution = append(execution, jsonval.Member{Key: "RedriveCount", Value: jsonval.OfInt(0)})
	}
	state := texts("Name", name, "EnteredTime", "date")
	if r.states[name].Get("Type").Text() == "Task" {
		state = append(state, jsonval.Member{Key: "RetryCount", Value: jsonval.OfInt(0)})
	}
	context := object(
		jsonval.Member{Key: "Execution", Value: object(execution...)},
		jsonval.Member{Key: "StateMachine", Value: object(texts("Id", arn+"stateMachine:<ArnPart_0idx>", "Name", "<ArnPart_0idx>")...)},
		jsonval.Member{Key: "State", Value: object(state...)},
	)
	if strings.HasSuffix(r.states[name].Get("Resource").Text(), ".waitForTaskToken") {
		context, _ = context.Set(jsonval.Path{jsonval.Key("Task"), jsonval.Key("Token")}, jsonval.OfString("<<task_token>:1>"))
	}
	if given := r.Get("request").Get("context"); given.Exists() {
		context = given
	}
	return &Env{Env: intrinsic.Env{
		Env: jsonpath.Env{
			Input:    input,
			Context:  func() jsonval.Value { return context },
			Variable: func(name string) jsonval.Value { return r.variables[name] },
		},
		Random: rand.NewPCG(1, 2),
	}}
}

// compare evaluates a state's template and compares the result.
func (r *replay) compare(name, field string, input, want jsonval.Value) jsonval.Value {
	tpl, err := Compile(r.states[name].Get(field))
	if err != nil {
		r.t.Errorf("%s: %s of %s: %v", r.id, field, name, err)
		return jsonval.Value{}
	}
	got, err := tpl.Eval(r.env(name, input))
	right := err == nil && r.matches(want, got)
	if !r.outputs.add(right) {
		r.t.Errorf("%s: %s of %s on %s = %s, %v, want %s", r.id, field, name, input, got, err, want)
	}
	return got
}

// compareAssigned compares Assign with a state's exit, which leaves no variables
// out but an empty list of them.
func (r *replay) compareAssigned(name string, input, exited jsonval.Value) {
	want := exited.Get("assignedVariables")
	if !want.Exists() {
		want = jsonval.EmptyObject
	}
	r.compare(name, "Assign", input, want)
}

func absent(state jsonval.Value, fields ...string) bool {
	for _, f := range fields {
		if state.Get(f).Exists() {
			return false
		}
	}
	return true
}

// run goes through the events: entered remembers the input of the state that
// the chain of events is in.
func (r *replay) run() {
	entered := map[int64]jsonval.Value{} // StateEntered details by event id
	results := map[int64]jsonval.Value{} // task results by event id
	for _, e := range r.Get("expect").Get("events").Items() {
		id, _ := e.Get("id").Int()
		previous, _ := e.Get("previousEventId").Int()
		if id == 0 {
			continue // sorted by the recorder: its place in the chain is lost
		}
		kind := e.Get("type").Text()
		before := entered[previous]
		name := before.Get("name").Text()
		state := r.states[name]
		switch {
		case kind == "ExecutionStarted":
			r.input = e.Get("executionStartedEventDetails").Get("input")
		case strings.HasSuffix(kind, "StateEntered"):
			entered[id] = e.Get("stateEnteredEventDetails")
		case kind == "TaskSucceeded" || kind == "LambdaFunctionSucceeded":
			results[id] = e.Get("taskSucceededEventDetails").Get("output")
			if kind[0] == 'L' {
				results[id] = e.Get("lambdaFunctionSucceededEventDetails").Get("output")
			}
		case kind == "TaskScheduled" || kind == "LambdaFunctionScheduled":
			sent := e.Get("taskScheduledEventDetails").Get("parameters")
			if kind[0] == 'L' {
				sent = e.Get("lambdaFunctionScheduledEventDetails").Get("input")
			}
			if state.Get("Parameters").Exists() && absent(state, "InputPath") {
				r.compare(name, "Parameters", before.Get("input"), sent)
			}
		case kind == "PassStateExited" && state.Exists():
			details := e.Get("stateExitedEventDetails")
			data := before.Get("input")
			if state.Get("Parameters").Exists() && absent(state, "InputPath", "Result", "ResultPath", "OutputPath") {
				data = r.compare(name, "Parameters", data, details.Get("output"))
			}
			if state.Get("Assign").Exists() && absent(state, "InputPath", "Result") {
				r.compareAssigned(name, data, details)
			}
		case kind == "TaskStateExited" && results[previous].Exists():
			details := e.Get("stateExitedEventDetails")
			name := details.Get("name").Text()
			state := r.states[name]
			if state.Get("ResultSelector").Exists() && absent(state, "ResultPath", "OutputPath") {
				r.compare(name, "ResultSelector", results[previous], details.Get("output"))
			}
			if state.Get("Assign").Exists() {
				r.compareAssigned(name, results[previous], details)
			}
		case kind == "ExecutionFailed" && state.Get("Parameters").Exists() && absent(state, "InputPath"):
			cause := e.Get("executionFailedEventDetails").Get("cause").Text()
			if strings.Contains(cause, "specified for the field") {
				r.compareFailure(name, before.Get("input"), cause)
			}
		}
		for k, v := range e.Get("stateExitedEventDetails").Get("assignedVariables").Members() {
			r.variables[k] = v
		}
	}
}

func (r *replay) compareFailure(name string, input jsonval.Value, cause string) {
	tpl, err := Compile(r.states[name].Get("Parameters"))
	if err != nil {
		r.t.Errorf("%s: %v", r.id, err)
		return
	}
	_, err = tpl.Eval(r.env(name, input))
	if !r.failures.add(err != nil && r.matchesText(cause[strings.Index(cause, "). ")+3:], err.Error())) {
		r.t.Errorf("%s: %s on %s: %v, want %s", r.id, name, input, err, cause)
	}
}

func TestRecordedStates(t *testing.T) {
	features := map[string]*score{}
	var failures score
	recordings(t, "execution", func(c *recording) {
		r := &replay{recording: c, t: t, states: map[string]jsonval.Value{}, variables: map[string]jsonval.Value{}}
		states(c.Get("definition"), "JSONPath", func(name string, state jsonval.Value) { r.states[name] = state })
		r.run()
		s := features[c.Get("feature").Text()]
		if s == nil {
			s = &score{}
			features[c.Get("feature").Text()] = s
		}
		s.right, s.all = s.right+r.outputs.right, s.all+r.outputs.all
		failures.right, failures.all = failures.right+r.failures.right, failures.all+r.failures.all
	})
	all := score{}
	for _, feature := range slices.Sorted(maps.Keys(features)) {
		s := features[feature]
		if s.all > 0 {
			t.Logf("%-20s %d of %d templates", feature, s.right, s.all)
		}
		all.right, all.all = all.right+s.right, all.all+s.all
	}
	t.Logf("all: %d of %d templates, %d of %d failures", all.right, all.all, failures.right, failures.all)
	if features["intrinsic_functions"].all == 0 || failures.all == 0 {
		t.Error("nothing was compared")
	}
}

// TestState calls show the data after each stage.
func TestRecordedStages(t *testing.T) {
	var s score
	recordings(t, "test_state", func(c *recording) {
		request, shown := c.Get("request"), c.Get("expect").Get("inspectionData")
		state, name := request.Get("definition"), "State"
		language := state.Get("QueryLanguage").Text()
		if state.Get("States").Exists() {
			name = request.Get("stateName").Text()
			state = state.Get("States").Get(name)
			if l := state.Get("QueryLanguage"); l.Exists() {
				language = l.Text()
			}
		}
		if language == "JSONata" || !shown.Exists() {
			return
		}
		r := &replay{recording: c, t: t, states: map[string]jsonval.Value{name: state}, variables: map[string]jsonval.Value{}}
		for k, v := range request.Get("variables").Members() {
			r.variables[k] = v
		}
		r.input = request.Get("input")
		if after := shown.Get("afterParameters"); after.Exists() && state.Get("Parameters").Exists() && state.Get("Type").Text() != "Map" {
			r.compare(name, "Parameters", shown.Get("afterInputPath"), after)
		}
		if after := shown.Get("afterResultSelector"); after.Exists() && state.Get("ResultSelector").Exists() {
			r.compare(name, "ResultSelector", shown.Get("result"), after)
		}
		s.right, s.all = s.right+r.outputs.right, s.all+r.outputs.all
	})
	t.Logf("%d of %d templates", s.right, s.all)
	if s.all == 0 {
		t.Error("nothing was compared")
	}
}
