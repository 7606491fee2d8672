package interp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// TestTrace: how a result comes about, part by part, and nothing has happened.
func TestTrace(t *testing.T) {
	f, found := asl.Parse("t", `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass",
		"Assign":{"total":"{% $sum($states.input.n) * 2 %}"},"Output":"{% $states.input.n[$ > 1] %}","End":true}}}`, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1767355200, 0)
	x := m.Start(interp.Start{Input: jsonval.MustParse(`{"n":[1,2,3]}`)}, at).After
	var got []string
	for _, p := range x.Trace(1) {
		got = append(got, fmt.Sprintf("%s: %s = %s", p.Field, p.Text[p.Start:p.End], p.Value))
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{"Assign/total: $sum($states.input.n) = 6", "Assign/total: $sum($states.input.n) * 2 = 12"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in:\n%s", want, text)
		}
	}
	if f, _ := x.Frame(1); f.Stage != interp.Entered || x.Status() != interp.Running {
		t.Error("the execution has changed")
	}
	if x.Trace(7) != nil {
		t.Error("there is no frame 7")
	}
}
