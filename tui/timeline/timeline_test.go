package timeline

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/internal/sample"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func draw2(w, h int, f func(a paint.Area)) string {
	var c paint.Canvas
	c.Reset(w, h, theme.Theme{})
	f(c.All())
	return "\n" + ansi.Strip(c.String()) + "\n"
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func whole() *sample.Walk {
	w := sample.Order().Until("Charge", interp.Parameters)
	w.Until("Charge", interp.Work).Fail("ApiGateway.500", "").Until("Charge", interp.Work).Fire().Until("Charge", interp.Work)
	w.Reply(`{"StatusCode":201,"ResponseBody":{"id":"ch_88"}}`).Until("Ship", interp.Work).Reply(`{"ok":true}`)
	return w.Reply(`{"sent":1}`).Until("Done", interp.OutputPath)
}

func TestDraw(t *testing.T) {
	v := whole().View()
	check(t, draw2(116, 2, func(a paint.Area) { Draw(a, &v) }), `
 12:04:10.260  …Fanout ✓  Email ⇡  Ship ✓⇡  Email ✓  Ship w  Email ✓  Ship ✓  Fanout ✓  Done ✓▶
                       20       21      22        24      25    30 of 30, the newest    [ back  ] forward  G newest
`)
	v.Cursor = 12
	check(t, draw2(116, 2, func(a paint.Area) { Draw(a, &v) }), `
 12:04:07.900  Validate ✓✓✓✓  InStock? ✓✓  Charge ✓✓⇡✗w▶✓⇡✓✓✓✓  Fanout ✓✓  Email ⇡  Ship ✓⇡  Email ✓  Ship w…
                        1              5          7                    19   12 of 30    [ back  ] forward  G newest
`)
	check(t, draw2(78, 1, func(a paint.Area) { Line(a.At(1, 0), &v) }), `
 12 of 30  Validate ✓✓✓✓  InStock? ✓✓  Charge ✓✓⇡✗w▶✓⇡✓✓✓✓  Fanout ✓✓…
`)
	v = sessions.View{}
	check(t, draw2(78, 2, func(a paint.Area) { Draw(a, &v) }), `
 nothing has happened yet

`)
}

func TestLanes(t *testing.T) {
	v := whole().View()
	v.Cursor = 12
	var l Lanes
	lanes := func(w, h int) string {
		return draw2(w, h, func(a paint.Area) { l.Draw(a, &v, map[int]bool{5: true}) })
	}
	check(t, lanes(118, 4), `
 Validate ✓✓✓✓  InStock? ✓✓  Charge ✓✓⇡✗w✓✓⇡✓✓✓✓  Fanout ✓✓ ┬ 0 Email ⇡✓✓ ┬ Fanout ✓  Done ✓✓
                                                            └ 1 Ship ✓⇡w✓ ┘
 12:04:07.900            *               ▲12  12:04:10.100                                               12:04:10.460
 ✎ edited  ⇡ sent  ✗ failed  w waiting     one column = one step, whatever time it took     * mark   ' jump to mark
`)
	check(t, lanes(60, 3), `
 idate ✓✓✓✓  InStock? ✓✓  Charge ✓✓⇡✗w✓✓⇡✓✓✓✓  Fanout ✓✓ ┬
 12:04:07.900         *               ▲12  12:04:10.100
 ✎ edited  ⇡ sent  ✗ failed  w waiting
`)
	v.Cursor = 23
	check(t, lanes(60, 4), `
 ge ✓✓⇡✗w✓✓⇡✓✓✓✓  Fanout ✓✓ ┬ 0 Email ⇡✓✓ ┬ Fanout ✓  Done
                            └ 1 Ship ✓⇡w✓ ┘
 12:04:07.900                         ▲23  12:04:10.320
 ✎ edited  ⇡ sent  ✗ failed  w waiting
`)
}

// TestLanesGrow: laid out step by step or at once, the picture is the same,
// also after going back and taking another way.
func TestLanesGrow(t *testing.T) {
	v := whole().View()
	other := sample.Order().Until("Charge", interp.Work).Fail("States.Timeout", "").Until("Failed", interp.Work).View()
	picture := func(l *Lanes, v *sessions.View) string {
		return draw2(118, 8, func(a paint.Area) { l.Draw(a, v, nil) })
	}
	var fresh, freshOther, grown Lanes
	want, wantOther := picture(&fresh, &v), picture(&freshOther, &other)
	for n := 1; n <= len(v.Steps); n++ {
		part := v
		part.Steps, part.Cursor = v.Steps[:n:n], n
		picture(&grown, &part)
	}
	check(t, picture(&grown, &v), want)
	check(t, picture(&grown, &other), wantOther)
	check(t, picture(&grown, &v), want)
}

func TestSteps(t *testing.T) {
	v := whole().View()
	v.Cursor = 20
	var s Steps
	steps := func(h int) string { return draw2(44, h, func(a paint.Area) { s.Draw(a, &v, true) }) }
	steps(16)
	check(t, steps(16), `
  19 a TaskStateExited      Charge
     a ParallelStateEntered Fanout
 ▶20 a ParallelStateStarted
       BranchStarted        0
     a TaskStateEntered     Email
       BranchStarted        1
▸    a TaskStateEntered     Ship
  21 a TaskScheduled
     a TaskStarted
  22   StageDone Parameters  246 B
  23 a TaskScheduled
     a TaskStarted
  24 a TaskSucceeded        11 B

 a = also in the AWS execution history
 A only those   / find   enter go there
`)
	s.SetOnly(true)
	check(t, steps(12), `
  19 a TaskStateExited      Charge
     a ParallelStateEntered Fanout
 ▶20 a ParallelStateStarted
     a TaskStateEntered     Email
▸    a TaskStateEntered     Ship
  21 a TaskScheduled
     a TaskStarted
  23 a TaskScheduled
     a TaskStarted

 a = also in the AWS execution history
 A all events   / find   enter go there
`)
	s.Update(&v)
	if n, total := s.Search(&v, "statusCode", 1); n+total != 0 {
		t.Errorf("found %d of %d", n, total)
	}
	s.Search(&v, "apigateway.500", 1)
	if s.Cursor() != 10 {
		t.Errorf("ApiGateway.500 is in step %d", s.Cursor())
	}
	s.Move(1000)
	if s.Cursor() != 30 {
		t.Errorf("the last step is %d", s.Cursor())
	}
}

func BenchmarkLanes(b *testing.B) {
	v := whole().View()
	steps := make([]sessions.StepInfo, 100_000)
	for i := range steps {
		steps[i] = v.Steps[i%15]
		steps[i].N = i + 1
	}
	v.Steps, v.Cursor = steps, 50_000
	var l Lanes
	var c paint.Canvas
	for b.Loop() {
		c.Reset(200, 12, theme.Theme{})
		l.Draw(c.All(), &v, nil)
	}
}

const eachOfFive = `{"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"StartAt":"A","States":{
	"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true}}},"Next":"Both"},
	"Both":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"C","States":{"C":{"Type":"Pass","End":true}}},
		{"StartAt":"Inner","States":{"Inner":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"D","States":{"D":{"Type":"Pass","End":true}}},{"StartAt":"E","States":{"E":{"Type":"Pass","Next":"F"},"F":{"Type":"Pass","End":true}}}]}}}]}}}`

// TestLanesOfIterations: an iteration goes on in the lane of one that is over.
func TestLanesOfIterations(t *testing.T) {
	v := sample.Start("each.json", eachOfFive, `[1,2,3,4,5]`).Until("nowhere", interp.OutputPath).View()
	var l Lanes
	check(t, draw2(118, 7, func(a paint.Area) { l.Draw(a, &v, nil) }), `
 ✓  3 A ✓  B ✓✓  4 A ✓  B ✓✓ ┬ Both ✓✓ ┬ 0 C ✓ ───────────────────────┬ Both ✓
                                       └ 1 Inner ✓ ┬ 0 D ✓ ─┬ Inner ✓ ┘
                                                   └ 1 F ✓✓ ┘


 12:04:07.900                                                                ▲27                         12:04:08.420
 ✎ edited  ⇡ sent  ✗ failed  w waiting     one column = one step, whatever time it took     * mark   ' jump to mark
`)
}
