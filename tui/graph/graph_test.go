package graph

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/internal/sample"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func screen(p *Pane, v *sessions.View, w, h int) string {
	var c paint.Canvas
	c.Reset(w, h, theme.Theme{})
	p.Update(v)
	p.Draw(c.All(), v, false)
	return "\n" + strings.TrimRight(ansi.Strip(c.String()), "\n") + "\n"
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func TestOrder(t *testing.T) {
	v := sample.Order().Until("Charge", interp.Parameters).View()
	v.Breakpoints = []sessions.Breakpoint{{State: "Charge"}, {State: "Ship"}, {State: "Validate"}, {State: "Done", Off: true}}
	check(t, screen(&Pane{}, &v, 40, 20), `
  ◆✓  Validate       Pass
   │
   ✓  InStock?       Choice
   ├─ $.stock > 0 ─▶ Charge        taken
   └─ default ─────▶ SoldOut

 ▶ ◆  Charge         Task    api gateway
   │    retry 0 of 3    catch ─▶ Refund
   ▼
   ·  Fanout         Parallel 2 branches
   │ ├ 0   · Email   Task         lambda
   │ └ 1   ◆ Ship    Task    wants token
   ▼
   ·  Done           Succeed

   ·  SoldOut        Fail
   ·  Refund         Task      ─▶ Failed
   ·  Failed         Fail

 ▶ here ✓ done · to come ✗ fail ◆ break
`)
}

const nested = `{"StartAt":"Each","States":{
	"Each":{"Type":"Map","ItemProcessor":{"StartAt":"Look","States":{
		"Look":{"Type":"Choice","Choices":[
			{"And":[{"Variable":"$.price","NumericLessThanEquals":10},{"Not":{"Variable":"$.vip","IsPresent":true}}],"Next":"Cheap"},
			{"Variable":"$.name","StringMatches":"a very long pattern that cannot fit*","Next":"Both"}],"Default":"Cheap"},
		"Both":{"Type":"Parallel","Next":"Cheap","Branches":[
			{"StartAt":"One","States":{"One":{"Type":"Pass","Next":"Two"},"Two":{"Type":"Succeed"}}},
			{"StartAt":"Three","States":{"Three":{"Type":"Wait","Seconds":1,"End":true}}}]},
		"Cheap":{"Type":"Pass","End":true}}},"Next":"Again"},
	"Again":{"Type":"Choice","Choices":[{"Variable":"$[0]","IsNull":true,"Next":"Each"}],"Default":"End"},"End":{"Type":"Succeed"}}}`

func TestNested(t *testing.T) {
	v := sample.Start("nested.json", nested, `[{"price":3}]`).View()
	p := &Pane{}
	check(t, screen(p, &v, 60, 18), `
 ▶ ·  Each                      Map
   │ └ each   · Look            Choice
   │          ├─ $.price <= 10 and not ($.vip is p… ─▶ Cheap
   │          ├─ $.name matches "a very long patte… ─▶ Both
   │          └─ default ────────────────────────────▶ Cheap
   │          · Cheap           Pass
   │          · Both            Parallel            ─▶ Cheap
   │            ├ 0   · One     Pass                  ─▶ Two
   │            │     · Two     Succeed
   │            └ 1   · Three   Wait
   ▼
   ·  Again                     Choice
   ├─ $[0] is null ─▶ Each
   └─ default ──────▶ End

   ·  End                       Succeed

 ▶ here ✓ done · to come ✗ fail ◆ break
`)
	if n, total := p.Search("t", 1); n == 0 || total != 3 || p.Cursor().Name != "Both" {
		t.Errorf("match %d of %d: %s", n, total, p.Cursor().Name)
	}
	p.Search("three", 0)
	p.Move(1)
	if p.Cursor().Name != "Again" {
		t.Errorf("below Three is %s", p.Cursor().Name)
	}
	p.Move(-100)
	if p.Cursor().Name != "Each" {
		t.Errorf("at the top is %s", p.Cursor().Name)
	}
	if n, _ := p.Search("no such state", 1); n != 0 {
		t.Error("found what is not there")
	}
}

func TestScrollsToTheFocus(t *testing.T) {
	v := sample.Order().Until("Charge", interp.Parameters).View()
	for _, h := range []int{1, 2, 5, 9, 12} {
		if s := screen(&Pane{}, &v, 40, h); !strings.Contains(s, "▶ ·  Charge") {
			t.Errorf("%d rows: %s", h, s)
		}
	}
}

func TestFailedAndRetried(t *testing.T) {
	w := sample.Order().Until("Charge", interp.Parameters)
	w.Until("Charge", interp.Work).Fail("ApiGateway.500", "")
	v := w.View()
	if s := screen(&Pane{}, &v, 44, 20); !strings.Contains(s, " ▶ ✗  Charge") {
		t.Error(s)
	}
	w.Until("Charge", interp.Work)
	v = w.View()
	if s := screen(&Pane{}, &v, 44, 20); !strings.Contains(s, "retry 1 of 3") {
		t.Error(s)
	}
}

func TestCompared(t *testing.T) {
	w := sample.Order().Until("InStock?", interp.Entered)
	v := w.View()
	rule := w.File.Machine.State("InStock?").Choices[0]
	check(t, strings.Join(Compared(rule, &v.Frames[0]), "; "), "$.stock is 5")
	w = sample.Start("nested.json", nested, `[{"price":3}]`)
	each := w.File.Machine.States[0].ItemProcessor.State("Look")
	frame := interp.Frame{State: each}
	check(t, strings.Join(Compared(each.Choices[0], &frame), "; "), "$.price is not there; $.vip is not there")
}

// TestCondition: the rule of a JSONata state, and what it reads.
func TestCondition(t *testing.T) {
	w := sample.Start("c.json", `{"QueryLanguage":"JSONata","StartAt":"C","States":{"C":{"Type":"Choice","Default":"D","Choices":[
		{"Condition":"{% $states.input.n > $limit and $states.input.gone = 1 %}","Next":"D"},{"Condition":true,"Next":"D"}]},"D":{"Type":"Succeed"}}}`, `{"n":3}`)
	c := w.File.Machine.State("C")
	check(t, RuleText(c.Choices[0]), "$states.input.n > $limit and $states.input.gone = 1")
	check(t, RuleText(c.Choices[1]), "true")
	f := w.View().Frames[0]
	f.Variables = jsonval.MustParse(`{"limit":2}`)
	check(t, strings.Join(Compared(c.Choices[0], &f), "; "), "$states.input.n is 3; $limit is 2; $states.input.gone is not there")
}
