package sessions

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/sessions/journal"
)

// ordered is the order machine run to its end.
func ordered(t testing.TB, change func(*Options)) *Session {
	t.Helper()
	o := options(t, order, orderInput)
	o.Mocks = mocks(t, `{"Charge":[{"throw":{"error":"ApiGateway.500"}},{"return":{"id":"ch_88"}}]}`)
	if change != nil {
		change(&o)
	}
	s := start(t, o)
	if v := do(t, s, "c"); v.Status != interp.Succeeded {
		t.Fatalf("%s %q", at(v), v.Stop.Text)
	}
	return s
}

// sameStep is what must be the same each time a step is visited.
func sameStep(v View) string {
	var b strings.Builder
	b.WriteString(v.Status.String() + " " + v.Now.String())
	for _, f := range v.Frames {
		b.WriteString("\n" + f.State.Name + "/" + f.Stage.Name(f.State) + " " + f.DataAt(f.Stage).String())
		for _, w := range f.Waits {
			if timer, ok := w.(interp.Timer); ok {
				b.WriteString(" waits until " + timer.Due.String())
			}
		}
	}
	return b.String()
}

func TestBackAndForward(t *testing.T) {
	s := ordered(t, nil)
	v := s.View()
	last := len(v.Steps)
	if v.Cursor != last || !v.AtNewest() {
		t.Fatalf("cursor %d of %d", v.Cursor, last)
	}
	there := make([]string, last+1)
	for n := last; n > 0; n-- {
		there[n] = sameStep(v)
		if v.Cursor != n || len(v.Steps) != last || v.Steps[n-1].N != n {
			t.Fatalf("at step %d the cursor is %d of %d", n, v.Cursor, len(v.Steps))
		}
		if n > 1 {
			if v = do(t, s, "S"); v.Phase != Paused || v.Stop.Reason != StopTravel {
				t.Fatalf("%s %+v", at(v), v.Stop)
			}
		}
	}
	refuse(t, s, "S", "this is the first step")
	for n := 2; n <= last; n++ {
		if v = do(t, s, "]"); sameStep(v) != there[n] {
			t.Errorf("step %d was\n%s\nand is\n%s", n, there[n], sameStep(v))
		}
	}
	if v.Phase != Ended {
		t.Error(at(v))
	}
	refuse(t, s, "]", "this is the newest step")
	refuse(t, s, "goto 999", "there is no step 999: the newest is 29")
}

func TestTravelByState(t *testing.T) {
	s := ordered(t, nil)
	var got []string
	for _, line := range []string{"goto start", "}", "}", "n", "s", "N", "N", "goto end", "b Charge", "b Charge:error", "C", "C", "c", "c"} {
		got = append(got, line+": "+at(do(t, s, line)))
	}
	want := []string{
		"goto start: PAUSED Validate/Input",
		"}: PAUSED InStock?/Input",
		"}: PAUSED Charge/Input",
		"n: PAUSED Pause/Input",
		"s: PAUSED Pause/Input", // waiting
		"N: PAUSED Pause/Input",
		"N: PAUSED Charge/Input",
		"goto end: ENDED Done/Input",
		"b Charge: ENDED Done/Input",
		"b Charge:error: ENDED Done/Input",
		"C: PAUSED Charge/Parameters", // failed there
		"C: PAUSED Charge/Input",
		"c: PAUSED Charge/Parameters",
		"c: ENDED Done/Input",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestForkByEdit(t *testing.T) {
	var dir string
	s := ordered(t, func(o *Options) { dir = record(t, o) })
	before := s.View()
	v := do(t, s, "goto start", "n", "edit /total 0", "c")
	if v.Status != interp.Failed || v.Stop.Text != "The execution failed with SoldOut: nothing left." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	if len(before.Steps) != 29 || before.Steps[28].Text == "" || len(v.Steps) >= 29 {
		t.Errorf("the old View has %d steps, the new one %d", len(before.Steps), len(v.Steps))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := journal.List(dir)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d files, %v", len(list), err)
	}
	var steps []int
	for _, i := range list {
		f, err := journal.Open(i.Path)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, f)
		steps = append(steps, f.Steps())
		if f.Steps() != 29 {
			if f.Header.Parent == "" || f.Header.At != 4 || i.Ended != "FAILED" {
				t.Errorf("the fork's header: parent %q at %d, ended %q", f.Header.Parent, f.Header.At, i.Ended)
			}
			if _, err := os.Stat(filepath.Join(dir, f.Header.Parent)); err != nil {
				t.Error(err)
			}
		} else if f.Header.Parent != "" || i.Ended != "SUCCEEDED" {
			t.Errorf("the first file: parent %q, ended %q", f.Header.Parent, i.Ended)
		}
	}
	if steps[0] == steps[1] {
		t.Errorf("the files have %v steps", steps)
	}
}

// TestForkCountsMocks: a fork takes the mock answers of its own past again.
func TestForkCountsMocks(t *testing.T) {
	s := ordered(t, nil)
	v := do(t, s, "goto start", "n", "n", "fork")
	if v.Phase != Paused || len(v.Steps) != v.Cursor || len(v.Calls) != 0 {
		t.Fatalf("%s, %d of %d, %d calls", at(v), v.Cursor, len(v.Steps), len(v.Calls))
	}
	v = do(t, s, "c")
	if v.Status != interp.Succeeded || len(v.Calls) != 2 || v.Calls[0].Status != 500 {
		t.Errorf("%s %+v", at(v), v.Calls)
	}
	// Between the call and its answer: the call is pending again.
	step := v.Calls[0].Step - 1
	v = do(t, s, "goto "+strconv.Itoa(step))
	if len(v.Requests) != 1 || v.Requests[0].State != RequestAsks {
		t.Fatalf("%+v", v.Requests)
	}
	v = do(t, s, "R")
	if len(v.Requests) != 1 || !v.Requests[0].HasMock {
		t.Fatalf("%+v", v.Requests)
	}
	v = do(t, s, `m {"id":"mine"}`, "c")
	if v.Status != interp.Succeeded || v.Output.Get("charge").String() != `{"id":"mine"}` {
		t.Errorf("%s %s", at(v), v.Output)
	}
}

// TestAnswerInThePast answers a call differently than it was.
func TestAnswerInThePast(t *testing.T) {
	s := ordered(t, nil)
	step := s.View().Calls[1].Step - 1
	do(t, s, "goto "+strconv.Itoa(step))
	refuse(t, s, "a", "this is step 13 of 29: requests can be sent and edited at the newest step; fork makes this one the newest")
	refuse(t, s, "m", "the mock file has no answer for Charge: say which, as JSON")
	v := do(t, s, "f Declined", "c")
	if v.Status != interp.Succeeded || v.Frames[0].State.Name != "Refund" {
		t.Errorf("%s %s", at(v), v.Output)
	}
}

func TestRestart(t *testing.T) {
	var dir string
	s := ordered(t, func(o *Options) { dir = record(t, o) })
	v := do(t, s, "r")
	if at(v) != "PAUSED Validate/Input" || len(v.Steps) != 1 || v.Stop.Reason != StopStart {
		t.Errorf("%s %+v", at(v), v.Stop)
	}
	if v = do(t, s, "c"); v.Status != interp.Succeeded || len(v.Steps) != 29 {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	if list, err := journal.List(dir); err != nil || len(list) != 2 {
		t.Errorf("%d files, %v", len(list), err)
	}
}

// TestForkGivesUpRequests: what is under way belongs to the branch that is left.
func TestForkGivesUpRequests(t *testing.T) {
	a := answers(`{"n":1}`, `{"n":2}`)
	s := held(t, a, nil)
	do(t, s, "a yes", "S", "R")
	v := do(t, s, "c")
	if v.Phase != Held || len(v.Calls) != 0 {
		t.Fatalf("%s %+v", at(v), v.Calls)
	}
	if v = do(t, s, "a yes"); len(a.sent) != 2 || v.Frame(1).DataAt(interp.Result).String() != `{"n":2}` {
		t.Errorf("%d sent, %s", len(a.sent), at(v))
	}
}

// TestManySteps crosses several kept executions, in order and at random.
func TestManySteps(t *testing.T) {
	o := options(t, `{"StartAt":"More","States":{
	  "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":100,"Next":"Add"}],"Default":"Done"},
	  "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"Next":"More"},
	  "Done":{"Type":"Succeed"}}}`, `{"n":0}`)
	s := start(t, o)
	v := do(t, s, "c")
	last := len(v.Steps)
	if last < 400 || v.Output.String() != `{"n":100}` {
		t.Fatalf("%d steps, %s", last, v.Output)
	}
	for _, n := range []int{1, 2, 63, 64, 65, 66, 128, 129, 130, 399, 401, 64} {
		if v = do(t, s, "goto "+strconv.Itoa(n)); v.Cursor != n {
			t.Errorf("goto %d went to %d", n, v.Cursor)
		}
		f := v.Frames[0]
		step := v.Steps[n-1]
		if len(step.Events) > 0 {
			e := step.Events[len(step.Events)-1]
			if e.State != f.State {
				t.Errorf("step %d ends in %s, the frame is in %s", n, e.State.Name, f.State.Name)
			}
		}
		if m := v.States[f.State]; !m.Here || m.Visits == 0 {
			t.Errorf("step %d: %+v", n, m)
		}
	}
	if v = do(t, s, "goto 130", "fork", "c"); len(v.Steps) != last || v.Output.String() != `{"n":100}` {
		t.Errorf("%d steps, %s", len(v.Steps), v.Output)
	}
}

// checked replays a file and fails the test where it differs.
func checked(t testing.TB, f *journal.File) Report {
	t.Helper()
	m := compile(t, f.Header.Definition.Text)
	r, err := Check(t.Context(), f, m, recordedMachines(t, f))
	if err != nil || r.Difference != nil || r.Same != r.Steps || r.Steps != f.Steps() {
		t.Errorf("%s: %v %s", f.Path, err, r)
	}
	return r
}
