package sessions

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/task"
	"asldbg/sessions/command"
	"asldbg/sessions/journal"
)

var rerecord = flag.Bool("record", false, "record the sessions in testdata again")

// scripts are the sessions in testdata: what was done in them.
var scripts = map[string]struct {
	machine, input, mocks string
	lines                 []string
}{
	"order": {order, orderInput, `{"Charge":[{"throw":{"error":"ApiGateway.500","cause":"try later"}},{"return":{"id":"ch_88"}}]}`, []string{
		"b Charge:Parameters if .cents > 1000", "watch .total", "c", "edit /cents 1799", "s", "m", "s", "s", "c", "n", "s", "s", "s", "c",
	}},
	"parallel": {order, orderInput, `{"Charge":[{"return":{"id":"ch_88"}}]}`, []string{
		"n", "n", "edit /id \"B-7\"", "b Email", "c", "focus 3", "n", "s", "c",
	}},
	"token": {callback, `{"password":"correct horse"}`, ``, []string{
		"c", `m {"label":1}`, "S", "S", "R", "c", "token heartbeat", `token success {"label":2}`, "c",
	}},
	"jsonata": {jsonataOrder, orderInput, `{"Charge":[{"return":{"id":"ch_88"}}]}`, []string{
		"b Charge:Arguments", "c", "edit /cents 1799", "c", "m", "b Charge:Output", "c", "c",
	}},
	"abort": {order, `{"id":"A-1042","total":5,"note":"` + strings.Repeat("long ", 60) + `"}`, `{"Charge":[{"timeout":{}}]}`, []string{
		"s", "s", "edit /note \"short\"", "edit {\"id\":1,\"total\":2}", "n", "n", "X Enough of it",
	}},
}

// damage is what the sessions named bad- have suffered.
var damage = map[string]struct{ from, old, new string }{
	"bad-definition": {"order", `\"cents.$\": \"$.total\"`, `\"cents.$\": \"$.id\"`},
	"bad-machine":    {"parallel", `\"Seconds\": 60`, `\"Seconds\": 61`},
	"bad-sum":        {"order", `"by":"timer","fire":3,"sum":"0`, `"by":"timer","fire":3,"sum":"f`},
	"bad-input":      {"order", `"by":"timer","fire":3`, `"by":"timer","fire":77`},
	"bad-count":      {"order", `"run":9`, `"run":90`},
	"bad-value":      {"abort", `"edit":1,"value":{"id":1,"total":2}`, `"edit":1,"value":{"id":1,"total":3}`},
	"bad-line":       {"order", `"by":"user"`, `"by:"user"`},
	"bad-newer":      {"order", `"asldbg":1`, `"asldbg":2`},
}

// TestReplays computes the sessions in testdata again. The ones named bad- must
// fail, with the text beside them.
func TestReplays(t *testing.T) {
	if *rerecord {
		recordAll(t)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*"+journal.Extension))
	if err != nil || len(files) != len(scripts)+len(damage) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), journal.Extension)
		t.Run(name, func(t *testing.T) {
			report, err := replayed(path)
			if !strings.HasPrefix(name, "bad-") {
				if err != nil || report.Difference != nil || report.Same != report.Steps {
					t.Errorf("%v %s", err, report)
				}
				return
			}
			got := fmt.Sprintln(report)
			if err != nil {
				got = fmt.Sprintln(err)
			}
			expected := filepath.Join("testdata", name+".txt")
			if *rerecord {
				if err := os.WriteFile(expected, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(expected)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if err == nil && report.Difference == nil {
				t.Fatal("it does not fail")
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func replayed(path string) (Report, error) {
	f, err := journal.Open(path)
	if err != nil {
		return Report{}, err
	}
	file, found := asl.Parse(f.Header.Definition.Name, f.Header.Definition.Text, asl.Options{})
	if err := found.Err(); err != nil {
		return Report{}, err
	}
	m, err := interp.Compile(file)
	if err != nil {
		return Report{}, err
	}
	return Check(context.Background(), f, m, nil)
}

func recordAll(t *testing.T) {
	for name, s := range scripts {
		path := filepath.Join("testdata", name+journal.Extension)
		o := options(t, s.machine, s.input)
		if s.mocks != "" {
			o.Mocks = mocks(t, s.mocks)
		}
		o.Record = func(h journal.Header) (*journal.Writer, error) {
			h.Program, h.Time = "asldbg test", noon
			if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
				return nil, err
			}
			return journal.Create(path, h, journal.Options{})
		}
		session := start(t, o)
		do(t, session, s.lines...)
		if err := session.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, d := range damage {
		text, err := os.ReadFile(filepath.Join("testdata", d.from+journal.Extension))
		if err != nil {
			t.Fatal(err)
		}
		bad := strings.Replace(string(text), d.old, d.new, 1)
		if bad == string(text) {
			t.Fatalf("%s: %s is not in %s", name, d.old, text)
		}
		if err := os.WriteFile(filepath.Join("testdata", name+journal.Extension), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// openReplay opens a session of testdata.
func openReplay(t *testing.T, name string, o Options) *Session {
	t.Helper()
	f, err := journal.Open(filepath.Join("testdata", name+journal.Extension))
	if err != nil {
		t.Fatal(err)
	}
	o.Machine = compile(t, f.Header.Definition.Text)
	s, err := Open(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestOpen(t *testing.T) {
	s := openReplay(t, "order", Options{})
	v := s.View()
	if v.Phase != Replay || v.Cursor != 1 || v.Title != "order.asldbg" || v.Recorded != "recorded 2026-01-02 by asldbg test" ||
		v.Replayed != "1 of 1 steps computed again, all equal" {
		t.Errorf("%s %d %q %q %q", at(v), v.Cursor, v.Title, v.Recorded, v.Replayed)
	}
	var got []string
	for _, line := range []string{"s", "n", "n", "c", "goto 3", "]", "S", "S"} {
		got = append(got, line+": "+at(do(t, s, line)))
	}
	want := []string{
		"s: REPLAY Validate/Result",
		"n: REPLAY InStock?/Input",
		"n: REPLAY Charge/Input",
		"c: REPLAY Done/Input",
		"goto 3: REPLAY Validate/ResultPath",
		"]: REPLAY InStock?/Input",
		"S: REPLAY Validate/ResultPath",
		"S: REPLAY Validate/Result",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReplayWalks(t *testing.T) {
	s := openReplay(t, "order", Options{})
	v := do(t, s, "goto end")
	if v.Replayed != fmt.Sprintf("%d of %d steps computed again, all equal", len(v.Steps), len(v.Steps)) || v.Output.Get("charge").String() != `{"id":"ch_88"}` {
		t.Errorf("%q %s", v.Replayed, v.Output)
	}
	if len(v.Calls) != 2 || v.Calls[0].Status != 500 || v.Calls[0].By != "mock" {
		t.Errorf("%+v", v.Calls)
	}
	for _, line := range []string{"edit 5", "a", "m", "f E", "X", "token success 1"} {
		refuse(t, s, line, "this is a recording, nothing runs: fork runs on from here")
	}
	for _, line := range []string{"s", "n", "o", "c"} {
		refuse(t, s, line, "this is the end of the recording: fork runs on from here, if the execution is not over")
	}
	v = do(t, s, "b Pause", "C")
	if v.Stop.Reason != StopTravel || v.Frame(1).State.Name != "Pause" {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
	v = do(t, s, "goto 1", "c")
	if v.Stop.Reason != StopBreakpoint || v.Stop.Text != "Stopped at breakpoint 1 in Pause at its beginning." {
		t.Errorf("%s %q", at(v), v.Stop.Text)
	}
}

// TestReplayForks runs on from a recorded step, with other answers.
func TestReplayForks(t *testing.T) {
	o := Options{}
	dir := record(t, &o)
	o.Mocks = mocks(t, `{"Charge":[{"return":{"id":"never"}},{"return":{"id":"second"}}]}`)
	s := openReplay(t, "order", o)
	v := do(t, s, "b Charge:error", "c", "R")
	if v.Phase != Paused || !v.AtNewest() || v.Replayed != "" || !strings.HasPrefix(v.Recorded, "recording to ") {
		t.Fatalf("%s %q %q", at(v), v.Replayed, v.Recorded)
	}
	v = do(t, s, "c")
	if v.Phase != Ended || v.Output.Get("charge").String() != `{"id":"second"}` {
		t.Errorf("%s %s", at(v), v.Output)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f := only(t, dir)
	if f.Header.Parent != "order.asldbg" || f.Header.At == 0 {
		t.Errorf("parent %q at %d", f.Header.Parent, f.Header.At)
	}
	checked(t, f)
}

func TestReplayWithDifference(t *testing.T) {
	s := openReplay(t, "bad-definition", Options{})
	v := do(t, s, "goto end")
	if !strings.Contains(v.Replayed, "computed again and equal; the entry of step ") || !strings.Contains(v.Replayed, "recorded: ") || !strings.Contains(v.Replayed, "computed: ") {
		t.Errorf("%q", v.Replayed)
	}
}

// TestSecretsAreNotRecorded greps everything a session writes.
func TestSecretsAreNotRecorded(t *testing.T) {
	a := answers(`{"echo":{"Authorization":"Bearer topsecret-token","x-api-key":"secret-key-1"},"note":"your key is secret-key-1"}`)
	var dir string
	s := held(t, a, func(o *Options) { dir = record(t, o) })
	do(t, s, `edit-request {"headers":{"Cookie":"session=chocolate-chip"}}`)
	v := s.View()
	wire := string(v.Request(1).HTTP.Wire)
	do(t, s, "a yes", "s")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, signature, _ := strings.Cut(wire, "Signature=")
	signature, _, _ = strings.Cut(signature, "\r\n")
	text, err := os.ReadFile(only(t, dir).Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret-key-1", "topsecret-token", "chocolate-chip", signature} {
		if len(secret) < 8 || strings.Contains(string(text), secret) {
			t.Errorf("%q is in the file:\n%s", secret, text)
		}
	}
	if !strings.Contains(string(text), "api.example.com/charges") {
		t.Error("what was sent is not in the file")
	}
	r := checked(t, only(t, dir))
	if r.ValuesFrom == 0 {
		t.Error("values should not have been compared")
	}
}

// machines all end without help from a person.
var machines = map[string]struct{ machine, input, mocks string }{
	"order":   {order, orderInput, `{"Charge":[{"throw":{"error":"ApiGateway.500"}},{"return":{"id":"ch_88"}}]}`},
	"refund":  {order, orderInput, `{"Charge":[{"throw":{"error":"Declined"}}]}`},
	"soldout": {order, `{"id":"A","total":0}`, `{}`},
	"timeout": {charge, `{}`, `{"Charge":[{"timeout":{}}]}`},
	"spent":   {charge, `{}`, `{"Charge":[{"throw":{"error":"Lambda.ServiceException"}},{"throw":{"error":"Lambda.ServiceException"}},{"throw":{"error":"Lambda.ServiceException"}}]}`},
	"token":   {callback, `{}`, `{"Ship":[{"submitted":{"StatusCode":202},"return":{"label":7}}]}`},
	"map": {
		`{"StartAt":"Each","States":{"Each":{"Type":"Map","MaxConcurrency":2,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Sad"}],"Next":"Happy",
	  "ItemProcessor":{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"FN","ResultPath":"$.answer","Next":"Rest"},
	    "Rest":{"Type":"Wait","SecondsPath":"$.s","Next":"Inner"},
	    "Inner":{"Type":"Parallel","ResultPath":null,"End":true,"Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},{"StartAt":"Q","States":{"Q":{"Type":"Wait","Seconds":1,"End":true}}}]}}}},
	  "Happy":{"Type":"Succeed"},"Sad":{"Type":"Pass","End":true}}}`,
		`[{"s":3},{"s":1},{"s":2},{"s":0}]`, `{"Ask":[{"return":1},{"return":2},{"return":3},{"return":4}]}`,
	},
	"map-fails": {
		`{"StartAt":"Each","States":{"Each":{"Type":"Map","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Sad"}],"Next":"Sad",
	  "ItemProcessor":{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"FN","Retry":[{"ErrorEquals":["E"],"IntervalSeconds":1,"JitterStrategy":"FULL"}],"End":true}}}},"Sad":{"Type":"Pass","End":true}}}`,
		`[1,2,3]`, `{"Ask":[{"return":1},{"throw":{"error":"E"}},{"return":3},{"throw":{"error":"F"}}]}`,
	},
	"nested":  {ordering, `{"id":"A-1","cents":100}`, `{"Charge":[{"throw":{"error":"Busy"}},{"return":"ch_1"}]}`},
	"refused": {ordering, `{"id":"A-1","cents":9000}`, `{}`},
	"asks":    {asks, `{}`, `{}`},
	"broken":  {`{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x.$":"States.UUID()"},"Next":"B"},"B":{"Type":"Pass","Parameters":{"a.$":"$.nope"},"End":true}}}`, `{}`, `{}`},
	"loop": {`{"StartAt":"More","States":{"More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":200,"Next":"Add"}],"Default":"Done"},
	  "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)","r.$":"States.MathRandom(1, 1000)"},"Next":"More"},"Done":{"Type":"Succeed"}}}`, `{"n":0}`, `{}`},
}

// TestRunIsContinueIsReplay: the same machine gives the same events, byte for
// byte, however it is executed.
func TestRunIsContinueIsReplay(t *testing.T) {
	for name, m := range machines {
		t.Run(name, func(t *testing.T) {
			o := options(t, m.machine, m.input)
			o.Mocks = mocks(t, m.mocks)
			knows(t, &o, nested)
			events := kept(&o)
			dir := record(t, &o)
			r, err := Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			checked(t, only(t, dir))

			dir = record(t, &o)
			s := start(t, o)
			v := s.View()
			for range 100 {
				if v.Phase == Ended {
					break
				}
				v = do(t, s, "c") // once more where a failure nothing catches has stopped it
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(eventTexts(*events), eventTexts(stepEvents(v))); diff != "" {
				t.Errorf("run and continue: %s", diff)
			}
			checked(t, only(t, dir))

			o.Record = nil
			s = start(t, o)
			for v = s.View(); v.Phase != Ended; v = do(t, s, "s") {
				if len(v.Steps) > 5000 {
					t.Fatalf("no end in sight: %s %q", at(v), v.Stop.Text)
				}
			}
			// Stepping goes through branches one after the other: the order of
			// events may differ, the end may not.
			if v.Status != r.Status || v.Output.String() != r.Output.String() || failureText(v.Failure) != failureText(r.Failure) {
				t.Errorf("run ended %s %s %s, stepping %s %s %s", r.Status, r.Output, failureText(r.Failure), v.Status, v.Output, failureText(v.Failure))
			}
		})
	}
}

func stepEvents(v View) (out []interp.Event) {
	for _, s := range v.Steps {
		out = append(out, s.Events...)
	}
	return out
}

func eventTexts(events []interp.Event) []string {
	out := make([]string, len(events))
	for i := range events {
		out[i] = events[i].At.Format(time.RFC3339Nano) + " " + journal.Of(&events[i]).String()
	}
	return out
}

// TestAnyCommands gives a session whatever commands, in whatever order: its View
// stays whole, and what it recorded replays.
func TestAnyCommands(t *testing.T) {
	lines := []string{
		"s", "s", "s", "n", "n", "o", "c", "c", "p", "S", "S", "N", "O", "C", "]", "}", "goto 3", "goto end", "goto start", "focus 1", "focus 2", "focus 3",
		"b *:error", "b *:Request", "b *:Result if . != null", "b *", "toggle 1", "clear 1", "clear 2", "hold on", "hold off", "watch .", "watch .id", "unwatch 3",
		"edit 5", `edit {"id":1,"total":0,"s":1}`, "edit /total 3", `edit-request {"body":1}`, "u", "a", "a yes", "tamper yes", "skip", "sign -1h", "auth-types", "hold off method POST", "hold on", "export curl", "m", `m {"id":"x"}`, "f E", "f Declined no money",
		"token success 1", "token failure E", "token heartbeat", "R", "r", "X",
	}
	names := make([]string, 0, len(machines))
	for name := range machines {
		names = append(names, name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := machines[rapid.SampledFrom(names).Draw(rt, "machine")]
		o := options(t, m.machine, m.input)
		if rapid.Bool().Draw(rt, "mocks") {
			o.Mocks = mocks(t, m.mocks)
		}
		knows(t, &o, nested)
		if rapid.Bool().Draw(rt, "live") {
			o.Handlers, o.Policy, o.Hold = []task.Handler{answers(`{"id":"sent"}`, "!E"), lambda{answers(`{"StatusCode":202}`)}}, live(t), rapid.Bool().Draw(rt, "hold")
		}
		dir := record(t, &o)
		s, err := New(context.Background(), o)
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		for range rapid.IntRange(1, 40).Draw(rt, "commands") {
			c, err := command.Parse(rapid.SampledFrom(lines).Draw(rt, "line"))
			if err != nil {
				rt.Fatal(err)
			}
			before := s.View()
			err = s.Do(context.Background(), c)
			if waitErr := s.Wait(context.Background()); waitErr != nil {
				rt.Fatal(waitErr)
			}
			v := s.View()
			switch {
			case v.Cursor < 1 || v.Cursor > len(v.Steps):
				rt.Fatalf("%s: cursor %d of %d", c, v.Cursor, len(v.Steps))
			case err != nil && (len(v.Steps) != len(before.Steps) || v.Cursor != before.Cursor):
				rt.Fatalf("%s was refused (%v), yet something happened", c, err)
			case len(v.Frames) == 0, v.Frame(v.Focus) == nil:
				rt.Fatalf("%s: the focus %d is on none of %d frames", c, v.Focus, len(v.Frames))
			case v.Phase == Running || v.Phase == Sending:
				rt.Fatalf("%s: %s after Wait", c, v.Phase)
			}
			for i, step := range v.Steps {
				if step.N != i+1 || step.Text == "" || step.State == "" {
					rt.Fatalf("%s: step %d is %+v", c, i+1, step)
				}
			}
		}
		if err := s.Close(); err != nil {
			rt.Fatal(err)
		}
		list, err := journal.List(dir)
		if err != nil || len(list) == 0 {
			rt.Fatal(err)
		}
		for _, i := range list {
			f, err := journal.Open(i.Path)
			if err != nil {
				rt.Fatal(err)
			}
			if r, err := Check(context.Background(), f, o.Machine, recordedMachines(t, f)); err != nil || r.Difference != nil {
				rt.Fatalf("%v %s", err, r)
			}
			s, err := Open(context.Background(), f, o)
			if err != nil {
				rt.Fatal(err)
			}
			for _, c := range []command.Command{
				{Verb: command.Goto, N: rapid.IntRange(1, f.Steps()).Draw(rt, "step")}, {Verb: command.Fork}, {Verb: command.Continue}, {Verb: command.Step},
			} {
				_ = s.Do(context.Background(), c) // may be refused: the execution may be over
				if err := s.Wait(context.Background()); err != nil {
					rt.Fatal(err)
				}
			}
			if v := s.View(); v.Phase == Replay {
				rt.Fatal("the fork did not begin")
			}
			if err := s.Close(); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// TestRunawayJQ: a jq program that does not end is ended.
func TestRunawayJQ(t *testing.T) {
	s := start(t, options(t, charge, `{"a":1}`))
	v := do(t, s, "watch last(range(1e12))", "watch .a")
	if v.Watches[0].Error != `jq "last(range(1e12))" took longer than 50ms` || v.Watches[1].Value.String() != "1" {
		t.Errorf("%+v", v.Watches)
	}
}

// TestRecordedAsItHappens reads the file of a session that is still open.
func TestRecordedAsItHappens(t *testing.T) {
	o := options(t, order, orderInput)
	dir := record(t, &o)
	s := start(t, o)
	for n, line := range []string{"s", "s", "n", "c"} {
		v := do(t, s, line)
		f := only(t, dir)
		if f.Steps() != len(v.Steps) || f.Torn != "" {
			t.Errorf("after command %d the file has %d of %d steps", n+1, f.Steps(), len(v.Steps))
		}
	}
}

// TestUnrecordableFork goes on without a file, and says so.
func TestUnrecordableFork(t *testing.T) {
	o := options(t, order, orderInput)
	dir := t.TempDir()
	first := true
	o.Record = func(h journal.Header) (*journal.Writer, error) {
		if !first {
			return nil, os.ErrPermission
		}
		first = false
		return journal.CreateIn(dir, h, journal.Options{})
	}
	s := start(t, o)
	v := do(t, s, "n", "S", "edit {\"total\":0}")
	if v.Error != "this session is not recorded: permission denied" || len(v.Steps) != v.Cursor || v.Recorded != "" {
		t.Errorf("%q %q, %d of %d", v.Error, v.Recorded, v.Cursor, len(v.Steps))
	}
	checked(t, only(t, dir))
}
