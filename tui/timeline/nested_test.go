package timeline

import (
	"context"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/paint"
)

// TestLanesOfExecutions: an execution a task has started has a lane of its own,
// also when nobody waits for it.
func TestLanesOfExecutions(t *testing.T) {
	compile := func(text string) *interp.Machine {
		f, found := asl.Parse("order.asl.json", text, asl.Options{})
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		m, err := interp.Compile(f)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const arn = `"arn:aws:states:us-east-1:123456789012:stateMachine:`
	s, err := sessions.New(context.Background(), sessions.Options{
		StartAt: time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC),
		Machine: compile(`{"StartAt":"Note","States":{
			"Note":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution","Parameters":{"StateMachineArn":` + arn + `note"},"Next":"Pay"},
			"Pay":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":` + arn + `pay"},"Next":"Done"},
			"Done":{"Type":"Pass","End":true}}}`),
		Known: []sessions.Known{
			{Name: "note", Machine: compile(`{"StartAt":"Later","States":{"Later":{"Type":"Wait","Seconds":600,"Next":"Write"},"Write":{"Type":"Pass","End":true}}}`)},
			{Name: "pay", Machine: compile(`{"StartAt":"Charge","States":{"Charge":{"Type":"Wait","Seconds":1,"End":true}}}`)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 {
		if err := s.Do(t.Context(), command.Command{Verb: command.Continue}); err != nil {
			t.Fatal(err)
		}
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	v := s.View()
	var l Lanes
	check(t, draw2(118, 6, func(a paint.Area) { l.Draw(a, &v, nil) }), `
 Note ✓✓⇡  Pay ✓✓⇡ ┬ Charge ww✓✓ ┬ Done ✓✓
         └ Later ✓w✓  Write ✓✓


 12:00:00.000                ▲17                                                                         12:10:00.000
 ✎ edited  ⇡ sent  ✗ failed  w waiting     one column = one step, whatever time it took     * mark   ' jump to mark
`)
}
