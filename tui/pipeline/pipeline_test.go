package pipeline

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/internal/sample"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func both(v *sessions.View, w int) string {
	f := v.Frame(v.Focus)
	var c paint.Canvas
	c.Reset(w, 3, theme.Theme{})
	Draw(c.All().Rows(0, 2), v, f)
	Line(c.All().At(1, 2), v, f)
	return "\n" + ansi.Strip(c.String()) + "\n"
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func TestTask(t *testing.T) {
	w := sample.Order().Until("Charge", interp.Parameters)
	v := w.View()
	v.HoldAll = true
	check(t, both(&v, 118), `
 Input ─▶ InputPath ─▶ Parameters ─▶ Request ─▶ Result ─▶ ResultSelector ─▶ ResultPath ─▶ OutputPath ─▶ Next: Fanout
 150 B ✓  ✓            ▶ 233 B       · hold     ·         · id              · $.charge    · $
 InputPath ✓ ─▶ Parameters ▶ 233 B ─▶ Request · hold ─▶ Result · ─▶ ResultSelector · id ─▶ 3 more
`)
	check(t, both(&v, 80), `
 1 before ─▶ InputPath ─▶ Parameters ─▶ Request ─▶ Result ─▶ 4 more
             ✓            ▶ 233 B       · hold     ·
 InputPath ✓ ─▶ Parameters ▶ 233 B ─▶ Request · hold ─▶ Result · ─▶ 4 more
`)

	w.Until("Charge", interp.Work)
	v = w.View()
	v.Phase = sessions.Held
	v.Requests = []sessions.Request{{Call: w.Calls()[0], MayLeave: true}}
	check(t, both(&v, 118), `
 Input ─▶ InputPath ─▶ Parameters ─▶ Request ─▶ Result ─▶ ResultSelector ─▶ ResultPath ─▶ OutputPath ─▶ Next: Fanout
 150 B ✓  ✓            233 B ✓       ▶ held     ·         · id              · $.charge    · $
 Parameters ✓ ─▶ Request ▶ held ─▶ Result · ─▶ ResultSelector · id ─▶ ResultPath · $.charge ─▶ 2 more
`)

	v = w.Fail("ApiGateway.500", "oh").View()
	check(t, both(&v, 118), `
 2 before ─▶ Parameters ─▶ Request ───────▶ Result ─▶ ResultSelector ─▶ ResultPath ─▶ OutputPath ─▶ Next: Fanout
             233 B ✓       ✗ ApiGateway.500 ·         · id              · $.charge    · $
 Parameters ✓ ─▶ Request ✗ ApiGateway.500 ─▶ Result · ─▶ ResultSelector · id ─▶ ResultPath · $.charge ─▶ 2 more
`)

	v = w.Until("Charge", interp.Work).View()
	check(t, both(&v, 118), `
 2 before ─▶ Parameters ─▶ Request ───────▶ Result ─▶ ResultSelector ─▶ ResultPath ─▶ OutputPath ─▶ Next: Fanout
             233 B ✓       ✗ retry 12:04:10 ·         · id              · $.charge    · $
 Parameters ✓ ─▶ Request ✗ retry 12:04:10 ─▶ Result · ─▶ ResultSelector · id ─▶ ResultPath · $.charge ─▶ 2 more
`)

	v = w.Fire().Until("Charge", interp.Work).Reply(`{"ResponseBody":{"id":"ch_88"}}`).Until("Charge", interp.ResultPath).View()
	check(t, both(&v, 118), `
 Input ─▶ InputPath ─▶ Parameters ─▶ Request ─▶ Result ─▶ ResultSelector ─▶ ResultPath ─▶ OutputPath ─▶ Next: Fanout
 150 B ✓  ✓            233 B ✓       ✓          31 B ✓    14 B ✓            ▶ 174 B       · $
 ResultSelector ✓ ─▶ ResultPath ▶ 174 B ─▶ OutputPath · $ ─▶ Next: Fanout
`)
	before, name, after := Change(v.Frame(v.Focus))
	if before.Size() != 150 || name != "the state input" || after.Size() != 174 {
		t.Errorf("ResultPath changes %s of %d B to %d B", name, before.Size(), after.Size())
	}
}

func TestOthers(t *testing.T) {
	w := sample.Order().Until("InStock?", interp.Entered)
	v := w.View()
	check(t, both(&v, 80), `
 Input ─▶ InputPath ─▶ Choices ─▶ OutputPath ─▶ Next: one of 2 ways
 ▶ 150 B  ·            ·          ·
 Input ▶ 150 B ─▶ InputPath · ─▶ Choices · ─▶ OutputPath · ─▶ 1 more
`)
	v = w.Until("InStock?", interp.Work).View()
	check(t, both(&v, 80), `
 Input ─▶ InputPath ─▶ Choices ─▶ OutputPath ─▶ Next: Charge
 150 B ✓  ✓            ▶          ·
 InputPath ✓ ─▶ Choices ▶ ─▶ OutputPath · ─▶ Next: Charge
`)
	ended := sessions.View{Status: interp.Failed, Failure: interp.Fail("SoldOut", "x")}
	check(t, both(&ended, 40), `
 ✗ FAILED  SoldOut

 ✗ FAILED  SoldOut
`)
}

func TestExplainKnowsEveryStage(t *testing.T) {
	w := sample.Order()
	for _, s := range w.File.Machine.States {
		for _, g := range interp.Stages(s) {
			rule, written := Explain(w.File, s, g)
			if rule == "" && s.Type.String() != "Pass" || strings.Contains(written, "line 0") {
				t.Errorf("%s %s: %q %q", s.Name, g.Name(s), rule, written)
			}
		}
	}
	_, written := Explain(w.File, w.File.Machine.State("Charge"), interp.ResultPath)
	check(t, written, `order.asl.json line 42: "ResultPath": "$.charge"`)
}
