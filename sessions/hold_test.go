package sessions

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions/command"
	"asldbg/sessions/journal"
)

// charge is one task and nothing else.
const charge = `{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"FN","TimeoutSeconds":30,
  "Retry":[{"ErrorEquals":["Lambda.ServiceException"],"IntervalSeconds":2,"MaxAttempts":2}],
  "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Refund"}],"End":true},
  "Refund":{"Type":"Pass","End":true}}}`

// held is a session stopped at charge's request, which may leave.
func held(t testing.TB, a *api, change func(*Options)) *Session {
	t.Helper()
	o := options(t, charge, `{"cents":1999}`)
	o.Handlers, o.Policy, o.Hold = []task.Handler{a}, live(t), true
	if change != nil {
		change(&o)
	}
	s := start(t, o)
	if v := do(t, s, "c"); v.Phase != Held || v.Stop.Reason != StopHold {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	return s
}

func TestHoldAndSend(t *testing.T) {
	a := answers(`{"StatusCode":201}`)
	s := held(t, a, nil)
	v := s.View()
	if v.Stop.Text != "Held: Charge would send POST https://api.example.com/charges. Nothing has been sent." || len(a.sent) != 0 {
		t.Errorf("%q, %d sent", v.Stop.Text, len(a.sent))
	}
	r := v.Request(1)
	if r.State != RequestHeld || !r.MayLeave || r.Likely[0].Error != "Lambda.ServiceException" || r.Likely[0].Leads() != "retry 1 in 2 s, 1 left, then catch ─▶ Refund" {
		t.Errorf("%+v", r)
	}
	h := r.HTTP
	if !h.Signed || h.Service != "execute-api" || h.Region != "eu-west-1" || string(h.Body) != `{"cents":1999}` || h.GoodFor != 4*time.Minute {
		t.Errorf("%+v", h)
	}
	for _, line := range h.Header {
		if line.Name == "X-Api-Key" && (!line.Secret || line.Value != "(hidden, 12 chars)") {
			t.Errorf("%+v", line)
		}
	}
	v = do(t, s, "c") // nothing else can move
	if v.Phase != Held || v.Stop.Reason != StopHold || len(a.sent) != 0 {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, "a yes")
	if at(v) != "PAUSED Charge/Result" || v.Frame(1).DataAt(interp.Result).String() != `{"StatusCode":201}` || v.Stop.Text != "Charge: TaskSucceeded 201." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	if string(a.sent[0].Wire()) != string(h.Wire) {
		t.Errorf("shown:\n%s\nsent:\n%s", h.Wire, a.sent[0].Wire())
	}
	want := PastCall{Step: len(v.Steps), At: noon, State: "Charge", Resource: function, Method: "POST", URL: "https://api.example.com/charges", By: "sent", Status: 201}
	got := v.Calls[0]
	if got.Answer.Result.String() != `{"StatusCode":201}` {
		t.Errorf("%+v", got.Answer)
	}
	if got.Request == nil || string(got.Request.Wire) != string(h.Wire) {
		t.Error("the call does not tell what was sent")
	}
	got.Answer, got.Took, got.At, got.Request = interp.Outcome{}, 0, noon, nil
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	refuse(t, s, "a", "no task waits for an answer here")
}

func TestOfflineAsks(t *testing.T) {
	a := answers(`{}`)
	o := options(t, charge, `{"cents":1999}`)
	o.Handlers = []task.Handler{a}
	s := start(t, o)
	v := do(t, s, "s")
	const why = "nothing may leave this machine: --live=api.example.com would allow it, --endpoint api.example.com=URL would send it to URL instead"
	if v.Phase != Held || v.Stop.Reason != StopAnswer || v.Stop.Text != "Charge needs an answer: "+why+"." {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	r := v.Request(1)
	if r.State != RequestHeld || r.MayLeave || r.WhyNot != why || !r.HTTP.SignedAt.Equal(noon) || !strings.Contains(r.HTTP.Identity, "example credentials") {
		t.Errorf("%+v", r)
	}
	if v.Live || v.Network != "OFFLINE nothing is sent" {
		t.Errorf("%v %q", v.Live, v.Network)
	}
	refuse(t, s, "a", why)
	refuse(t, s, "tamper", why)
	refuse(t, s, "m", "the mock file has no answer for Charge: say which, as JSON")
	v = do(t, s, `m {"mine":true}`)
	if at(v) != "PAUSED Charge/Result" || v.Calls[0].By != "user" {
		t.Errorf("%s %+v", at(v), v.Calls)
	}
	if len(a.sent) != 0 {
		t.Error("something was sent")
	}
}

func TestNobodyHandles(t *testing.T) {
	s := start(t, options(t, charge, `{"cents":1999}`))
	v := do(t, s, "c")
	if r := v.Request(1); v.Stop.Reason != StopAnswer || r.State != RequestAsks || r.HTTP != nil || r.Problem != "nothing here can do the work of "+function+": answer it with a mock" {
		t.Errorf("%q %+v", v.Stop.Text, r)
	}
	v = do(t, s, "f Lambda.ServiceException try later")
	if v.Stop.Text != "Charge failed with Lambda.ServiceException: try later; Charge tries again in 2 s (retry 1)." {
		t.Errorf("%q", v.Stop.Text)
	}
	v = do(t, s, "c", "f Other")
	if v.Stop.Text != "Charge failed with Other; Charge catches it and goes to Refund." || !v.Now.Equal(noon.Add(2*time.Second)) {
		t.Errorf("%q", v.Stop.Text)
	}
}

func TestRefusedParameters(t *testing.T) {
	o := options(t, charge, `{"refuse":true}`)
	o.Handlers, o.Policy = []task.Handler{answers(`{}`)}, live(t)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Stop.Reason != StopFailure || !strings.HasPrefix(v.Stop.Text, "Charge failed with States.Runtime: The Parameters '{\"refuse\":true}' could not be used to start the Task: [The value is refused]") {
		t.Errorf("%q", v.Stop.Text)
	}
}

func TestEditRequest(t *testing.T) {
	a := answers(`{"StatusCode":201}`)
	s := held(t, a, nil)
	v := do(t, s, `edit-request {"body":{"cents":1799},"headers":{"x-api-key":null,"X-More":["1","2"]}}`)
	r := v.Request(1)
	if r.Edited != 1 || string(r.HTTP.Body) != `{"cents":1799}` || string(r.HTTP.Original.Body) != `{"cents":1999}` {
		t.Fatalf("%+v", r)
	}
	changed := strings.Join(r.HTTP.ChangedSince, ", ")
	if !strings.HasPrefix(changed, "headers") || !strings.HasSuffix(changed, "body hash, signature") {
		t.Errorf("changed: %s", changed)
	}
	v = do(t, s, `edit-request {"method":"not a method"}`)
	if r := v.Request(1); r.Edited != 1 || v.Error != `the request stays as it was: "not a method" is not a method that can be sent` {
		t.Errorf("%q %+v", v.Error, r)
	}
	if v = do(t, s, "u"); v.Request(1).Edited != 0 || string(v.Request(1).HTTP.Body) != `{"cents":1999}` {
		t.Errorf("%+v", v.Request(1))
	}
	refuse(t, s, "u", "the request of Charge was not edited")
	do(t, s, `edit-request {"body":"as it is"}`, "a yes")
	if got := string(a.sent[0].Draft().Body); got != "as it is" {
		t.Errorf("sent %q", got)
	}
}

func TestTamper(t *testing.T) {
	a := answers("!ApiGateway.403")
	s := held(t, a, nil)
	v := s.View()
	right := string(v.Request(1).HTTP.Wire)
	v = do(t, s, "tamper yes")
	if v.Calls[0].Status != 403 {
		t.Errorf("%+v", v.Calls)
	}
	wrong := string(a.sent[0].Wire())
	if wrong == right || len(wrong) != len(right) {
		t.Errorf("right:\n%s\nwrong:\n%s", right, wrong)
	}
}

// TestStaleSeal: a request held for longer than its signature is good for is
// signed anew when it is sent.
func TestStaleSeal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answers(`{}`)
		var dir string
		s := held(t, a, func(o *Options) { dir = record(t, o) })
		v := s.View()
		first := v.Request(1).HTTP
		time.Sleep(5 * time.Minute) // of the bubble's clock
		do(t, s, "a yes")
		if got := a.sent[0].SignedAt(); !got.Equal(first.SignedAt.Add(5 * time.Minute)) {
			t.Errorf("signed at %v, first at %v", got, first.SignedAt)
		}
		if !s.View().Now.Before(noon.Add(time.Second)) {
			t.Errorf("the virtual clock went on to %v while the request was held", s.View().Now)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		f := only(t, dir)
		found := false
		for _, n := range f.Notes {
			found = found || n.Kind == "sent" && n.Data.Get("signedAt").Text() == a.sent[0].SignedAt().UTC().Format(time.RFC3339)
		}
		if !found {
			t.Errorf("what really went out is not in the journal: %+v", f.Notes)
		}
	})
}

// TestWithoutHold sends at once, and real time passes meanwhile.
func TestWithoutHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(ctx context.Context, n int, _ task.Sealed) interp.Outcome {
			select {
			case <-time.After(time.Duration(20-n*18) * time.Second): // 20 s, then 2 s
			case <-ctx.Done():
			}
			return interp.Outcome{Failure: interp.Fail("Lambda.ServiceException", "slow")}
		}}
		o := options(t, strings.Replace(charge, `"TimeoutSeconds":30`, `"TimeoutSeconds":15`, 1), `{}`)
		o.Handlers, o.Policy = []task.Handler{a}, live(t)
		s := start(t, o)
		if err := s.Do(context.Background(), command.Command{Verb: command.Continue}); err != nil {
			t.Fatal(err)
		}
		if v := s.View(); v.Phase != Sending || v.Request(1).State != RequestSent {
			t.Errorf("%s", at(v))
		}
		if err := s.Wait(context.Background()); err != nil {
			t.Fatal(err)
		}
		v := s.View()
		// The first call takes longer than TimeoutSeconds: States.Timeout is caught.
		if v.Phase != Ended || !v.Now.Equal(noon.Add(15*time.Second)) || v.Output.String() != `{"Error":"States.Timeout","Cause":""}` {
			t.Errorf("%s %v %s", at(v), v.Now, v.Output)
		}
	})
}

// TestReplyWaitsInLine: an answer that arrives while the session stands still
// is taken when somebody goes on.
func TestReplyWaitsInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(ctx context.Context, _ int, _ task.Sealed) interp.Outcome {
			time.Sleep(3 * time.Second)
			return interp.Outcome{Result: jsonval.MustParse(`{"StatusCode":200}`)}
		}}
		s := held(t, a, nil)
		send(t, s, "a yes")
		time.Sleep(time.Second)
		v := do(t, s, "p")
		if v.Phase != Paused || v.Request(1).State != RequestSent || !v.Now.Equal(noon.Add(time.Second)) {
			t.Fatalf("%s %v", at(v), v.Now)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if v = s.View(); v.Message != "The answer to Charge has arrived: it is taken when you go on." || len(v.Calls) != 0 {
			t.Errorf("%q %+v", v.Message, v.Calls)
		}
		v = do(t, s, "s")
		if at(v) != "PAUSED Charge/Result" || !v.Now.Equal(noon.Add(time.Second)) || v.Calls[0].Took != 3*time.Second {
			t.Errorf("%s %v %+v", at(v), v.Now, v.Calls)
		}
	})
}

func TestAbortWhileSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{send: func(ctx context.Context, _ int, _ task.Sealed) interp.Outcome {
			<-ctx.Done()
			return interp.Outcome{Failure: interp.Fail("given up", "")}
		}}
		s := held(t, a, nil)
		send(t, s, "a yes")
		if v := do(t, s, "X"); v.Phase != Ended || v.Status != interp.Aborted {
			t.Errorf("%s", at(v))
		}
	})
}

func TestMockFileWhenHeld(t *testing.T) {
	a := answers(`{"sent":true}`)
	s := start(t, func() Options {
		o := options(t, charge, `{}`)
		o.Handlers, o.Policy, o.Hold = []task.Handler{a}, live(t), true
		o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"Lambda.ServiceException"}},{"return":{"mocked":true}}]}`)
		return o
	}())
	v := do(t, s, "s") // the call is made; nobody has decided yet
	if r := v.Request(1); v.Phase != Held || !r.HasMock || r.HTTP == nil || !r.MayLeave {
		t.Fatalf("%s %+v", at(v), r)
	}
	v = do(t, s, "m")
	if v.Calls[0].By != "mock" || !strings.Contains(v.Stop.Text, "Lambda.ServiceException") {
		t.Errorf("%q", v.Stop.Text)
	}
	v = do(t, s, "s", "s", "s") // the retry is scheduled, its time comes, the call is made again
	if r := v.Request(1); r == nil || !r.HasMock || r.Call.Attempt != 1 {
		t.Fatalf("%s %+v", at(v), v.Requests)
	}
	v = do(t, s, "a yes") // the user would rather send it
	if got := v.Frame(1).DataAt(interp.Result).String(); got != `{"sent":true}` || v.Calls[1].By != "sent" {
		t.Errorf("%s %+v", got, v.Calls)
	}
}

func TestMocksRunOut(t *testing.T) {
	o := options(t, charge, `{}`)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"Lambda.ServiceException"}}]}`)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Stop.Reason != StopAnswer || !strings.Contains(v.Stop.Text, `state "Charge" needs answer number 2, but there is only 1`) {
		t.Errorf("%q", v.Stop.Text)
	}
}

func TestMockTimeout(t *testing.T) {
	o := options(t, charge, `{}`)
	o.Mocks = mocks(t, `{"Charge":[{"timeout":{}}]}`)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Phase != Ended || !v.Now.Equal(noon.Add(30*time.Second)) || v.Output.String() != `{"Error":"States.Timeout","Cause":""}` {
		t.Errorf("%s %v %s", at(v), v.Now, v.Output)
	}
}

const callback = `{"StartAt":"Ship","States":{"Ship":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
  "Parameters":{"FunctionName":"ship","Payload":{"token.$":"$$.Task.Token"}},"TimeoutSeconds":600,"HeartbeatSeconds":60,"End":true}}}`

type lambda struct{ *api }

func (lambda) Handles(r interp.Resource) bool { return r.Service == "lambda" }

func waiting(t testing.TB) *Session {
	t.Helper()
	o := options(t, callback, `{}`)
	o.Handlers, o.Policy = []task.Handler{lambda{answers(`{"StatusCode":202}`)}}, live(t)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Phase != Waiting || v.Stop.Reason != StopToken ||
		v.Stop.Text != "Ship waits for the answer to its task token. Going on without one lets its time run out." {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	return s
}

func TestTokenSuccess(t *testing.T) {
	s := waiting(t)
	v := s.View()
	w := v.Tokens[0]
	if w.State != "Ship" || w.Submitted.String() != `{"StatusCode":202}` || w.Token == "" || w.Heartbeat.IsZero() || !w.Timeout.Equal(w.Heartbeat.Add(540*time.Second)) {
		t.Errorf("%+v", w)
	}
	refuse(t, s, "a", "Ship has been called: it waits for its answer")
	refuse(t, s, "token AQCnope success 1", "no task awaits this token")
	v = do(t, s, "token heartbeat")
	if v.Phase != Waiting || v.Stop.Text != "Ship: HeartbeatSeen." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, `token success {"label":7}`)
	if at(v) != "PAUSED Ship/Result" || v.Calls[len(v.Calls)-1].By != "user" {
		t.Errorf("%s %+v", at(v), v.Calls)
	}
	if v = do(t, s, "c"); v.Output.String() != `{"label":7}` {
		t.Errorf("%s", v.Output)
	}
}

// TestTokenFromOutside: an answer from elsewhere lets a session go on that
// waited for it.
func TestTokenFromOutside(t *testing.T) {
	s := waiting(t)
	v := do(t, s, "token "+string(s.View().Tokens[0].Token)+` success {"label":7}`)
	if v.Phase != Ended || v.Output.String() != `{"label":7}` {
		t.Errorf("%s %s", at(v), v.Output)
	}
	if last := v.Calls[len(v.Calls)-1]; last.By != "callback" {
		t.Errorf("%+v", last)
	}
}

func TestTokenFailureAndLapse(t *testing.T) {
	s := waiting(t)
	v := do(t, s, "token failure Lost in transit")
	if v.Stop.Text != "Ship failed with Lost: in transit; nothing catches it." {
		t.Errorf("%q", v.Stop.Text)
	}
	s = waiting(t)
	v = do(t, s, "c") // a second time: the heartbeat lapses
	if v.Stop.Reason != StopFailure || !strings.HasPrefix(v.Stop.Text, "Ship failed with States.Timeout") {
		t.Errorf("%q", v.Stop.Text)
	}
}

func TestActivityToken(t *testing.T) {
	s := start(t, options(t, `{"StartAt":"Work","States":{"Work":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work","End":true}}}`, `{}`))
	v := do(t, s, "b Work:token", "c")
	if v.Stop.Reason != StopBreakpoint {
		t.Errorf("%q", v.Stop.Text)
	}
	v = do(t, s, "c")
	if v.Phase != Waiting || v.Stop.Text != "Work waits for the answer to its task token." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	if v = do(t, s, "token success 5", "c"); v.Output.String() != "5" {
		t.Errorf("%s %s", at(v), v.Output)
	}
}

// TestTwoBranches: one branch's held request does not keep the other from being
// stepped, and its timeout is not tripped by the other's waiting.
func TestTwoBranches(t *testing.T) {
	o := options(t, `{"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
	  {"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"FN","TimeoutSeconds":30,"End":true}}},
	  {"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":60,"End":true}}}]}}}`, `{}`)
	a := answers(`{"n":1}`)
	o.Handlers, o.Policy, o.Hold = []task.Handler{a}, live(t), true
	s := start(t, o)
	v := do(t, s, "c")
	if at(v) != "HELD Charge/Input" {
		t.Fatal(at(v))
	}
	v = do(t, s, "focus 3", "s", "s")
	if v.Stop.Text != "Until 12:05:07Z Charge would time out, at 12:04:37Z: answer it first." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, "focus 2", "a yes", "c")
	if v.Phase != Ended || v.Output.String() != `[{"n":1},{}]` {
		t.Errorf("%s %s", at(v), v.Output)
	}
}

func TestRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(t, `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"End":true}}}`, `{}`)
		o.RealTime = true
		s := start(t, o)
		began := time.Now()
		send(t, s, "c")
		time.Sleep(4 * time.Second)
		v := do(t, s, "p")
		if !v.Now.Equal(noon.Add(4 * time.Second)) {
			t.Errorf("the clock shows %v", v.Now)
		}
		time.Sleep(time.Hour) // thinking takes no time
		v = do(t, s, "c")
		if took := time.Since(began); v.Phase != Ended || took != time.Hour+10*time.Second {
			t.Errorf("%s after %v", at(v), took)
		}
	})
}

// only is the one session file in dir.
func only(t testing.TB, dir string) *journal.File {
	t.Helper()
	list, err := journal.List(dir)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d session files, %v", len(list), err)
	}
	f, err := journal.Open(list[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// send gives a command without waiting for its end.
func send(t testing.TB, s *Session, line string) {
	t.Helper()
	c, err := command.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Do(context.Background(), c); err != nil {
		t.Fatal(err)
	}
}
