package sessions

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions/journal"
)

// kept makes a Run keep its events.
func kept(o *Options) *[]interp.Event {
	var events []interp.Event
	o.Events = func(ev []interp.Event) { events = append(events, ev...) }
	return &events
}

func TestRun(t *testing.T) {
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"ApiGateway.500"}},{"return":{"id":"ch_88"}}]}`)
	events := kept(&o)
	dir := record(t, &o)
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != interp.Succeeded || r.Output.Get("charge").String() != `{"id":"ch_88"}` || r.Ended.Sub(r.Started) != 62*time.Second || r.Name != "a" {
		t.Errorf("%+v", r)
	}
	if n := len(*events); n < 30 || (*events)[n-1].Kind != interp.ExecutionSucceeded {
		t.Errorf("%d events", n)
	}
	f := only(t, dir)
	if r.File != f.Path {
		t.Errorf("recorded in %s, said to be in %s", f.Path, r.File)
	}
	checked(t, f)
	if journal.Look(f.Path).Ended != "SUCCEEDED" {
		t.Error("the file does not say how the execution ended")
	}
}

func TestRunFails(t *testing.T) {
	o := options(t, order, `{"id":"A-1041","total":0}`)
	r, err := Run(context.Background(), o)
	if err != nil || r.Status != interp.Failed || *r.Failure.Error != "SoldOut" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestRunNeedsAnswer(t *testing.T) {
	only, err := task.NewPolicy([]string{"*.elsewhere.com"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		machine string
		change  func(*Options)
		token   bool
		want    []string
	}{
		"nobody handles": {charge, func(*Options) {}, false, []string{
			`state "Charge" (` + function + `) needs an answer: nothing here can do the work of`, `its input: {"cents":1999}`, "--mocks FILE", "--live", "--endpoint", "asldbg debug",
		}},
		"offline": {charge, func(o *Options) { o.Handlers = []task.Handler{answers(`{}`)} }, false, []string{
			"needs an answer: nothing may leave this machine", "POST https://api.example.com/charges", "X-Api-Key: (hidden, 12 chars)", `{"cents":1999}`,
		}},
		"another host is live": {charge, func(o *Options) { o.Handlers, o.Policy = []task.Handler{answers(`{}`)}, only }, false, []string{
			"--live=*.elsewhere.com does not cover this call",
		}},
		"mocks ran out": {charge, func(o *Options) { o.Mocks = mocks(t, `{"Charge":[]}`) }, false, []string{
			`needs answer number 1`,
		}},
		"token": {callback, func(o *Options) {
			o.Handlers, o.Policy = []task.Handler{lambda{answers(`{"StatusCode":202}`)}}, live(t)
		}, true, []string{
			`state "Ship" (arn:aws:states:::lambda:invoke.waitForTaskToken) needs the answer to its task token`, "SendTaskSuccess",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t, c.machine, `{"cents":1999}`)
			c.change(&o)
			r, err := Run(context.Background(), o)
			var needs *NeedsAnswerError
			if !errors.As(err, &needs) || needs.Token != c.token || r.Status != interp.Running {
				t.Fatalf("%v %+v", err, r)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%s", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret-key-1") {
				t.Errorf("the error tells a secret:\n%s", err)
			}
		})
	}
}

func TestRunSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(_ context.Context, n int, _ task.Sealed) interp.Outcome {
			time.Sleep(time.Second)
			if n == 0 {
				return interp.Outcome{Failure: interp.Fail("Lambda.ServiceException", "try later")}
			}
			return interp.Outcome{Result: jsonval.MustParse(`{"n":1}`)}
		}}
		o := options(t, charge, `{}`)
		o.Handlers, o.Policy = []task.Handler{a}, live(t)
		dir := record(t, &o)
		began := time.Now()
		r, err := Run(context.Background(), o)
		// Two calls of a second each; the retry's 2 s are jumped over.
		if err != nil || r.Output.String() != `{"n":1}` || time.Since(began) != 2*time.Second || r.Ended.Sub(r.Started) != 4*time.Second {
			t.Errorf("%v %+v after %v", err, r, time.Since(began))
		}
		checked(t, only(t, dir))
	})
}

// TestRunTimesOut: a request that takes longer than TimeoutSeconds is given up.
func TestRunTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(ctx context.Context, _ int, _ task.Sealed) interp.Outcome {
			select {
			case <-time.After(time.Hour):
			case <-ctx.Done():
			}
			return interp.Outcome{Failure: interp.Fail("late", "")}
		}}
		o := options(t, charge, `{}`)
		o.Handlers, o.Policy = []task.Handler{a}, live(t)
		began := time.Now()
		r, err := Run(context.Background(), o)
		if err != nil || r.Output.String() != `{"Error":"States.Timeout","Cause":""}` || time.Since(began) != 30*time.Second {
			t.Errorf("%v %s after %v", err, r.Output, time.Since(began))
		}
	})
}

func TestRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(_ context.Context, n int, _ task.Sealed) interp.Outcome {
			time.Sleep(time.Duration(3-n) * time.Second)
			return interp.Outcome{Result: jsonval.MustParse(`1`)}
		}}
		o := options(t, `{"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{
		  "A":{"Type":"Task","Resource":"FN","End":true}}}}}}`, `[1,2,3]`)
		o.Handlers, o.Policy = []task.Handler{a}, live(t)
		began := time.Now()
		r, err := Run(context.Background(), o)
		if err != nil || r.Output.String() != `[1,1,1]` || time.Since(began) != 3*time.Second {
			t.Errorf("%v %s after %v", err, r.Output, time.Since(began))
		}
	})
}

func TestRunCallbacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(t, callback, `{}`)
		o.Handlers, o.Policy = []task.Handler{lambda{answers(`{"StatusCode":202}`)}}, live(t)
		beats := 0
		o.Callbacks = func(ctx context.Context, awaited []TokenWait) (interp.Input, error) {
			if len(awaited) != 1 || awaited[0].State != "Ship" || awaited[0].Token == "" {
				t.Errorf("%+v", awaited)
			}
			time.Sleep(50 * time.Second) // HeartbeatSeconds is 60
			if beats++; beats < 3 {
				return interp.Heartbeat{Token: awaited[0].Token}, nil
			}
			return interp.Callback{Token: awaited[0].Token, Outcome: interp.Outcome{Result: jsonval.MustParse(`"shipped"`)}}, nil
		}
		r, err := Run(context.Background(), o)
		if err != nil || r.Output.String() != `"shipped"` || r.Ended.Sub(r.Started) != 150*time.Second {
			t.Errorf("%v %+v", err, r)
		}
	})
}

// TestRunCallbackEarly: a worker that is quicker than the API's answer waits for
// it: the response is in the history, and where the call fails, the task does.
func TestRunCallbackEarly(t *testing.T) {
	for _, test := range []struct {
		name    string
		answer  interp.Outcome // of the request, after 10 s
		token   interp.Outcome // of its token, after 1 s
		want    string         // how the task went
		results string
	}{
		{"success", interp.Outcome{Result: jsonval.MustParse(`{"StatusCode":202}`)}, interp.Outcome{Result: jsonval.MustParse(`"shipped"`)}, `TaskSubmitted {"StatusCode":202} TaskSucceeded "shipped"`, `"shipped"`},
		{"failure", interp.Outcome{Result: jsonval.MustParse(`{"StatusCode":202}`)}, interp.Outcome{Failure: interp.Fail("Denied", "")}, `TaskSubmitted {"StatusCode":202} TaskFailed Denied`, ``},
		{"of a call that fails", interp.Outcome{Failure: interp.Fail("Lambda.Unknown", "")}, interp.Outcome{Result: jsonval.MustParse(`"shipped"`)}, `TaskFailed Lambda.Unknown`, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := options(t, callback, `{}`)
				o.Policy = live(t)
				o.Handlers = []task.Handler{lambda{&api{send: func(context.Context, int, task.Sealed) interp.Outcome {
					time.Sleep(10 * time.Second)
					return test.answer
				}}}}
				answered := false
				o.Callbacks = func(ctx context.Context, awaited []TokenWait) (interp.Input, error) {
					time.Sleep(time.Second)
					if answered {
						<-ctx.Done()
						return nil, ctx.Err()
					}
					answered = true
					return interp.Callback{Token: awaited[0].Token, Outcome: test.token}, nil
				}
				var went []string
				o.Events = func(events []interp.Event) {
					for _, e := range events {
						switch e.Kind {
						case interp.TaskSubmitted, interp.TaskSucceeded:
							went = append(went, e.Kind.String(), e.Value.String())
						case interp.TaskFailed:
							went = append(went, e.Kind.String(), *e.Failure.Error)
						}
					}
				}
				r, err := Run(context.Background(), o)
				if got := strings.Join(went, " "); err != nil || got != test.want || r.Output.String() != test.results || r.Ended.Sub(r.Started) != 10*time.Second {
					t.Errorf("%v: %s, output %s after %v", err, got, r.Output, r.Ended.Sub(r.Started))
				}
			})
		})
	}
}

// TestRunCallbackLapses: real time passes while somebody could still answer.
func TestRunCallbackLapses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(t, strings.Replace(callback, `"End":true}}`, `"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Late"}],"Next":"Late"},"Late":{"Type":"Wait","Seconds":3600,"End":true}}`, 1), `{}`)
		o.Handlers, o.Policy = []task.Handler{lambda{answers(`{"StatusCode":202}`)}}, live(t)
		o.Callbacks = func(ctx context.Context, _ []TokenWait) (interp.Input, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		began := time.Now()
		r, err := Run(context.Background(), o)
		if err != nil || r.Output.Get("Error").Text() != "States.Timeout" || time.Since(began) != time.Minute {
			t.Errorf("%v %+v after %v", err, r, time.Since(began))
		}
	})
}

func TestRunRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(t, order, orderInput)
		o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"ch_88"}}]}`)
		o.RealTime = true
		began := time.Now()
		r, err := Run(context.Background(), o)
		if err != nil || r.Status != interp.Succeeded || time.Since(began) != time.Minute {
			t.Errorf("%v %s after %v", err, r.Status, time.Since(began))
		}
	})
}

func TestRunInterrupted(t *testing.T) {
	o := options(t, order, orderInput)
	o.Start.NoQuotas = true
	o.Machine = compile(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
	  "B":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}`)
	dir := record(t, &o)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := Run(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	f := only(t, dir)
	if r := checked(t, f); r.Steps < slice {
		t.Errorf("%d steps were kept", r.Steps)
	}
}

func TestRunMockSubmits(t *testing.T) {
	o := options(t, callback, `{}`)
	events := kept(&o)
	o.Mocks = mocks(t, `{"Ship":[{"submitted":{"StatusCode":202},"return":{"label":7}}]}`)
	r, err := Run(context.Background(), o)
	if err != nil || r.Output.String() != `{"label":7}` {
		t.Fatalf("%v %+v", err, r)
	}
	var kinds []string
	for _, e := range *events {
		if e.Kind.InHistory() {
			kinds = append(kinds, e.Kind.String())
		}
	}
	want := []string{
		"ExecutionStarted", "StateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "StateExited", "ExecutionSucceeded",
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}

// BenchmarkRun compares Run with the interpreter alone, and with recording.
func BenchmarkRun(b *testing.B) {
	o := options(b, `{"StartAt":"More","States":{
	  "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":10000,"Next":"Add"}],"Default":"Done"},
	  "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"More"},
	  "Done":{"Type":"Succeed"}}}`, `{"n":0}`)
	o.Start.NoQuotas = true
	b.Run("interp", func(b *testing.B) {
		for b.Loop() {
			turn := o.Machine.Start(o.Start, noon)
			for n := 1; n > 0; {
				turn, n = turn.After.Run(noon, slice, nil)
			}
		}
	})
	run := func(o Options) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if r, err := Run(context.Background(), o); err != nil || r.Status != interp.Succeeded {
					b.Fatal(err, r.Status)
				}
			}
		}
	}
	b.Run("run", run(o))
	record(b, &o)
	b.Run("recorded", run(o))
}

// BenchmarkContinue is the same machine in a Session, every advance a step.
func BenchmarkContinue(b *testing.B) {
	o := options(b, `{"StartAt":"More","States":{
	  "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":10000,"Next":"Add"}],"Default":"Done"},
	  "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"More"},
	  "Done":{"Type":"Succeed"}}}`, `{"n":0}`)
	o.Start.NoQuotas = true
	for b.Loop() {
		s, err := New(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		if v := do(b, s, "c"); v.Phase != Ended {
			b.Fatal(at(v))
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
