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
	"asldbg/tui/internal/sample"
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

// TestCopiesWhoeverIsFirst: a request is copied although the session's news are
// looked at before the command's own answer.
func TestCopiesWhoeverIsFirst(t *testing.T) {
	sc := open(t, sample.Held(true), 80, 24, theme.Theme{})
	_, cmd := sc.m.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	done := cmd()
	sc.s.view.Exported = &sessions.Export{N: 1, What: "curl", Text: "curl …"}
	sc.s.view.Revision++
	sc.send(changedMsg{})
	sc.send(done)
	if got := sc.text(); !strings.Contains(got, "copied as curl") {
		t.Errorf("%s", got)
	}
	sc.s.view.Exported = &sessions.Export{N: 2, What: "har", Text: "{}", File: "calls.har"}
	sc.send(doneMsg{})
	if got := sc.text(); !strings.Contains(got, "wrote it as har to calls.har") {
		t.Errorf("%s", got)
	}
}

// TestOpenRequestLine: enter shows a line of the request in full, and where it
// came from.
func TestOpenRequestLine(t *testing.T) {
	long := strings.Repeat("long ", 30)
	v := sample.Held(true)
	v.Requests[0].HTTP.Header = append(v.Requests[0].HTTP.Header[:0:0], sessions.HeaderLine{Name: "X-Long", Value: long + "end"})
	got := open(t, v, 80, 24, theme.Theme{}).keys("j enter").text()
	if !strings.Contains(got, "long end") {
		t.Errorf("%s", got)
	}
}

// TestHelpIsWhole: nothing of the help is cut off on a small screen.
func TestHelpIsWhole(t *testing.T) {
	sc := open(t, sample.Main(), 80, 24, theme.Theme{}).keys("?")
	seen := ""
	for range 20 {
		for row := range strings.SplitSeq(sc.text(), "\n") {
			if strings.HasPrefix(row, "║") && strings.Contains(row, "… ║") || strings.HasSuffix(row, "…║") {
				t.Errorf("cut off: %s", row)
			}
		}
		seen += sc.text()
		sc.keys("pgdown")
	}
	if !strings.Contains(seen, "Commands, typed after") {
		t.Error("there is more help than was seen")
	}
}
