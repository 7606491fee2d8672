package tui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/theme"
)

const twoSteps = `{"StartAt":"Ask","States":{
	"Ask":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sqs:sendMessage","Parameters":{"to.$":"$.name"},"ResultPath":"$.answer","Next":"End"},
	"End":{"Type":"Succeed"}}}`

// TestARealSession walks a session from its start to its end with the keys a
// user would press.
func TestARealSession(t *testing.T) {
	f, ds := asl.Parse("two.json", twoSteps, asl.Options{})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	machine, err := interp.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sessions.New(context.Background(), sessions.Options{
		Machine: machine, Start: interp.Start{Input: jsonval.MustParse(`{"name":"Zoë"}`), Seed: 1}, StartAt: time.Unix(0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	m := New(s, Options{Theme: theme.Theme{}})
	m.after = func(time.Duration, tea.Msg) tea.Cmd { return nil }
	sc := &screen{t: t, m: m}
	sc.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	for _, c := range []struct{ keys, want string }{
		{"", "PAUSED  Ask / Input"},
		{"s", "Ask / Parameters"},
		{"s", "HELD  Ask / Request"},
		{"m ctrl+k '{\"ok\":true} ctrl+s", `"ok": true`},
		{"c", "ENDED  SUCCEEDED"},
		{"[ [", "in the past"},
		{"] ]", "SUCCEEDED"},
		{"s", "the execution has ended"},
	} {
		if got := sc.keys(c.keys).text(); !strings.Contains(got, c.want) {
			t.Fatalf("after %s there is no %q on\n%s", c.keys, c.want, got)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for range 2 { // a change may not have been looked at yet
		if _, ok := m.listen()().(closedMsg); ok {
			return
		}
	}
	t.Error("the screen does not see that the session is closed")
}
