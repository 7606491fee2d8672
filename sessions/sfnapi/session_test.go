package sfnapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/sessions/sfnapi"
)

const activity = `{"StartAt": "Work", "States": {
  "Work": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:work", "HeartbeatSeconds": 60, "End": true}}}`

// TestSession answers the token of a session on screen over HTTP.
func TestSession(t *testing.T) {
	ctx := context.Background()
	file, found := asl.Parse("work.asl.json", activity, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	s, err := sessions.New(ctx, sessions.Options{
		Machine: m, Start: interp.Start{Input: jsonval.EmptyObject},
		TokensAt: func() (string, error) { opened++; return "http://127.0.0.1:1", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if v := s.View(); opened != 0 || v.TokensAt != "" {
		t.Errorf("before a token is awaited: %d %q", opened, v.TokensAt)
	}
	do := func(c command.Command) {
		t.Helper()
		if err := s.Do(ctx, c); err != nil {
			t.Fatal(err)
		}
		if err := s.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	do(command.Command{Verb: command.Continue})
	v := s.View()
	if len(v.Tokens) != 1 || v.TokensAt != "http://127.0.0.1:1" {
		t.Fatalf("tokens %+v at %q: %s", v.Tokens, v.TokensAt, v.Message)
	}
	e, err := sfnapi.Listen("127.0.0.1:0", sfnapi.Session{Session: s})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	answer := func(operation, member string) string {
		t.Helper()
		_, a, _ := call(t, e.URL(), "AWSStepFunctions."+operation, `{"taskToken":"`+string(v.Tokens[0].Token)+`"`+member+`}`)
		return a.String()
	}
	do(command.Command{Verb: command.Goto, N: 1})
	if got := answer("SendTaskSuccess", `,"output":"1"`); got == "{}" || s.View().Phase == sessions.Ended {
		t.Errorf("in the past the answer was taken: %s", got)
	}
	do(command.Command{Verb: command.Goto, N: -1})
	if got := answer("SendTaskHeartbeat", ""); got != "{}" {
		t.Error(got)
	}
	if got := answer("SendTaskFailure", `,"error":"Broken","cause":"a wheel"`); got != "{}" {
		t.Error(got)
	}
	if err := s.Do(ctx, command.Command{Verb: command.Continue}); err != nil && s.View().Phase != sessions.Ended {
		t.Fatal(err)
	}
	if err := s.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if got := answer("SendTaskHeartbeat", ""); !strings.Contains(got, `"TaskTimedOut"`) {
		t.Errorf("the task is over: %s", got)
	}
	f := s.View().Failure
	if f == nil || f.Error == nil || *f.Error != "Broken" || f.Cause == nil || *f.Cause != "a wheel" {
		t.Errorf("%+v %s", f, s.View().Phase)
	}
}

// TestRun hands answers to a session without a screen.
func TestRun(t *testing.T) {
	r := sfnapi.NewRun()
	refused, taken := make(chan error), make(chan error)
	go func() {
		refused <- r.Answer(context.Background(), interp.Heartbeat{Token: "AQC2"})
		taken <- r.Answer(context.Background(), interp.Heartbeat{Token: "AQC1"})
	}()
	got := make(chan interp.Input, 1)
	go func() {
		in, err := r.Next(context.Background(), []sessions.TokenWait{{Token: "AQC1"}})
		if err != nil {
			t.Error(err)
		}
		got <- in
	}()
	if err := <-refused; !errors.Is(err, interp.ErrNoSuchToken) {
		t.Errorf("a token nobody awaits: %v", err)
	}
	if err := <-taken; err != nil {
		t.Errorf("the token awaited: %v", err)
	}
	if in := <-got; in != (interp.Heartbeat{Token: "AQC1"}) {
		t.Errorf("got %+v", in)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := r.Next(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if err := r.Answer(ctx, interp.Heartbeat{Token: "AQC1"}); !errors.Is(err, sfnapi.ErrOver) {
		t.Errorf("no longer awaited: %v", err)
	}
	if err := r.Answer(ctx, interp.Heartbeat{Token: "AQC3"}); !errors.Is(err, interp.ErrNoSuchToken) {
		t.Errorf("never awaited: %v", err)
	}
}
