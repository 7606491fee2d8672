package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

var (
	noon   = time.Date(2026, 1, 2, 12, 4, 7, 900e6, time.UTC)
	valued = cmp.Comparer(func(a, b jsonval.Value) bool { return a.String() == b.String() && a.Kind() == b.Kind() })
)

const loop = `{
  "StartAt": "More",
  "States": {
    "More": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "Add"}], "Default": "Call"},
    "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "text.$": "$.text"}, "Next": "More"},
    "Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:call", "ResultPath": "$.answer", "End": true}
  }
}`

func machine(t testing.TB, text string) *interp.Machine {
	t.Helper()
	file, found := asl.Parse("loop.asl.json", text, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// buffer is a file in memory.
type buffer struct{ bytes.Buffer }

func (b *buffer) Close() error { return nil }

func header(m *interp.Machine, input string) Header {
	return Header{
		Program: "asldbg 0.4", Title: "loop.asl.json", Time: noon, StartAt: noon,
		Definition: Definition{Name: "loop.asl.json", Text: m.File().Source, Tree: m.File().Root.Value},
		Start:      interp.Start{Name: "a", Seed: 1<<63 + 1, Input: jsonval.MustParse(input)},
	}
}

// record plays a short session and returns its text.
func record(t *testing.T, input string, o Options) (text string, last interp.Execution) {
	t.Helper()
	m := machine(t, loop)
	h := header(m, input)
	var out buffer
	w := newWriter(&out, h, o)
	turn := m.Start(h.Start, noon)
	w.Start(noon, turn.Events)

	var sum Sum
	turn, n := turn.After.Run(noon, 0, func(ev []interp.Event) bool {
		sum.Add(ev)
		return ev[0].Kind == interp.TaskScheduled
	})
	w.Run(noon, n, sum)
	call := turn.Effects[0].(interp.Call)

	step := func(by string, in interp.Input) {
		t.Helper()
		at := noon.Add(time.Second)
		var err error
		if turn, err = turn.After.Step(in, at); err != nil {
			t.Fatal(err)
		}
		w.Input(at, by, in, turn.Events)
	}
	w.Note(Note{Time: noon, Kind: "held", Text: "Charge", Data: jsonval.MustParse(`{"url":"https://x"}`)})
	step("sent", interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Result: jsonval.MustParse(`{"StatusCode":201,"ResponseBody":{"id":"ch_88","note":"something longer"}}`)}})
	step("user", interp.Edit{Frame: 1, Value: jsonval.MustParse(`{"StatusCode":201,"ResponseBody":{"id":"ch_88","note":"something longer"}}`)})
	step("user", interp.Advance{Frame: 1})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String(), turn.After
}

func TestRoundTrip(t *testing.T) {
	text, _ := record(t, `{"n":0,"text":"hello"}`, Options{})
	f, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	want := header(machine(t, loop), `{"n":0,"text":"hello"}`)
	want.Version, want.Definition.Tree = Version, jsonval.Value{}
	if diff := cmp.Diff(want, f.Header, valued); diff != "" {
		t.Error(diff)
	}
	if len(f.Entries) != 5 || f.Steps() != f.Entries[4].N || f.Torn != "" {
		t.Fatalf("%d entries, %d steps\n%s", len(f.Entries), f.Steps(), text)
	}
	answer := jsonval.MustParse(`{"StatusCode":201,"ResponseBody":{"id":"ch_88","note":"something longer"}}`)
	if got := f.Entries[3].Input.(interp.Edit).Value; got.String() != answer.String() {
		t.Errorf("the edit's value is %s", got)
	}
	if n := strings.Count(text, "something longer"); n != 2 {
		// Once as the reply, once inside what ResultPath made of it.
		t.Errorf("the answer is written %d times:\n%s", n, text)
	}
	last := f.Entries[4].Events
	if len(last) != 1 || last[0].Kind != interp.StageDone || last[0].Stage != interp.ResultPath || last[0].State != "Call" ||
		last[0].Value.Get("answer").String() != answer.String() {
		t.Errorf("the last entry's events are %v", last)
	}
	if len(f.Notes) != 1 || f.Notes[0].N != f.Entries[1].N+f.Entries[1].Count-1 || f.Notes[0].Data.Get("url").Text() != "https://x" {
		t.Errorf("notes: %+v", f.Notes)
	}
}

// TestSums computes a recorded run again, as it was and with small changes.
func TestSums(t *testing.T) {
	text, _ := record(t, `{"n":0,"text":"hello"}`, Options{})
	f, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	run := func(seed uint64, input string, count int) bool {
		m := machine(t, loop)
		start := f.Header.Start
		start.Seed, start.Input = seed, jsonval.MustParse(input)
		turn, _ := m.Start(start, f.Header.StartAt).After.Run(noon, count, nil)
		var sum Sum
		sum.Add(turn.Events)
		return f.Entries[1].SumIs(sum)
	}
	count := f.Entries[1].Count
	for _, c := range []struct {
		input string
		count int
		same  bool
	}{
		{`{"n":0,"text":"hello"}`, count, true},
		{`{"n":0,"text":"hullo"}`, count, false},
		{`{"text":"hello","n":0}`, count, false},
		{`{"n":0,"text":"hello"}`, count - 1, false},
		{`{"n":1,"text":"hello"}`, count, false},
	} {
		if got := run(1, c.input, c.count); got != c.same {
			t.Errorf("%d advances from %s: same sum is %v", c.count, c.input, got)
		}
	}
}

func TestSecretsAreRemoved(t *testing.T) {
	const (
		key      = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYSECRET"
		bearer   = "Bearer abc.def.ghi"
		card     = "4111-1111"
		pin      = "7391"
		password = "hunter2!\"q"
	)
	input := jsonval.ObjectOf(
		jsonval.Member{Key: "n", Value: jsonval.OfInt(9)},
		jsonval.Member{Key: "text", Value: jsonval.OfString("said " + bearer + " and " + password)},
		jsonval.Member{Key: "card", Value: jsonval.MustParse(`{"number":"` + card + `","pin":` + pin + `}`)},
		jsonval.Member{Key: "headers", Value: jsonval.MustParse(`{"Authorization":["` + bearer + `"],"X-Amz-Security-Token":"FwoGZXIvYXdzEBYaD"}`)},
		jsonval.Member{Key: "link", Value: jsonval.OfString("see https://x/a?page=2&api%5Fkey=in-the-query#top")},
		jsonval.Member{Key: "client_secret", Value: jsonval.OfString(password)},
	)
	m := machine(t, strings.Replace(loop, `"ResultPath"`, `"Parameters": {"Headers": {"X-Api-Key": ["literal-api-key"], "Authorization.$": "$.headers"}}, "ResultPath"`, 1))
	h := header(m, input.String())
	h.Substitutions = map[string]string{"Password": "substituted"}
	h.Files = map[string]string{"more.yaml": "key: literal-api-key"}
	var out buffer
	w := newWriter(&out, h, Options{Secrets: []string{"/card"}})
	turn := m.Start(h.Start, noon)
	w.Start(noon, turn.Events)
	w.Secret(key, "0123456789abcdef0123456789abcdef")
	w.Note(Note{Time: noon, Kind: "sent", Text: "GET https://x/?X-Amz-Signature=00112233445566778899&a=1", Data: jsonval.MustParse(
		`{"headers":[["Authorization","AWS4-HMAC-SHA256 Credential=A, Signature=0123456789abcdef0123456789abcdef"]],"body":"my key is ` + key + `"}`)})
	w.Input(noon, "user", interp.Edit{Frame: 1, Value: jsonval.MustParse(`{"SessionToken":"tok-tok-tok","again":"x tok-tok-tok x"}`)},
		[]interp.Event{{Kind: interp.Edited, Frame: 1, At: noon, Value: jsonval.MustParse(`{"card":{"number":"` + card + `"},"e":"tok-tok-tok"}`)}})
	w.Input(noon, "user", interp.Stop{Failure: *interp.Fail("E", "because "+password)}, nil)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, secret := range []string{
		key, "abc.def.ghi", card, pin, "hunter2", "FwoGZXIvYXdzEBYaD", "literal-api-key", "substituted",
		"0123456789abcdef", "00112233445566778899", "tok-tok-tok", "in-the-query",
	} {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s is in the file: …%s…", secret, text[max(0, i-60):min(len(text), i+60)])
		}
	}
	if !strings.Contains(text, "a?page=2&api%5Fkey=(removed)#top") {
		t.Error("what is no secret in a URL is gone, too")
	}
	f, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if !f.Header.Removed || !f.Entries[1].Removed {
		t.Error("the file does not say that secrets were removed")
	}
	file, found := asl.Parse("again.asl.json", f.Header.Definition.Text, asl.Options{})
	if found.Err() != nil || file.Machine.State("Call") == nil {
		t.Errorf("the definition cannot be read without its secrets: %v", found)
	}
}

// TestLateSecrets: after the first removal checksums leave values out, so that a
// replay without the secret still agrees.
func TestLateSecrets(t *testing.T) {
	text, _ := record(t, `{"n":0,"text":"hello","password":"swordfish"}`, Options{})
	if strings.Contains(text, "swordfish") || strings.Contains(text, `"sum"`) {
		t.Fatal(text)
	}
	f, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	turn, _ := machine(t, loop).Start(f.Header.Start, f.Header.StartAt).After.Run(noon, f.Entries[1].Count, nil)
	var sum Sum
	sum.Add(turn.Events)
	if !f.Entries[1].SumIs(sum) {
		t.Error("the run's shape differs")
	}
}

func TestTornAndBroken(t *testing.T) {
	text, _ := record(t, `{"n":0,"text":"hello"}`, Options{})
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	whole, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}

	last := lines[len(lines)-1]
	torn := strings.TrimSuffix(text, last+"\n") + last[:len(last)/2]
	f, err := Read(strings.NewReader(torn))
	if err != nil || f.Torn != last[:len(last)/2] || len(f.Entries) != len(whole.Entries)-1 {
		t.Errorf("torn: %v, %+v", err, f)
	}

	for name, c := range map[string]struct{ old, new, want string }{
		"no session":       {lines[0], "{}\n", `line 1: this is not a session file: its first line has no "asldbg"`},
		"newer":            {`{"asldbg":1,"program":"asldbg 0.4"`, `{"asldbg":9,"program":"asldbg 7"`, `line 1: written in format 9 by asldbg 7; this program reads formats up to 1: use a newer one`},
		"broken JSON":      {`"by":"auto","run"`, `"by":"auto,"run"`, `line 3: `},
		"missing line":     {lines[2], "", `line 4: this is step `},
		"unknown input":    {`"advance":1`, `"sing":1`, `line 7: this line is no input this program knows`},
		"two results":      {`"reply":1,`, `"reply":1,"failure":{},`, `line 5: an answer has either a result or a failure`},
		"unknown value":    {`"value#":1`, `"value#":7`, `line 6: "value": there is no value number 7`},
		"no sum":           {`"sum":"`, `"sun":"`, `line 3: neither events nor a checksum of them`},
		"unknown event":    {`"StageDone":"Call"`, `"StageDown":"Call"`, `line 7: "StageDown" is not an event and its state`},
		"time":             {`"at":"2026-01-02T12:04:08.9Z","by":"sent"`, `"at":"noon","by":"sent"`, `line 5: "at" is not a time: "noon"`},
		"count":            {`"run":`, `"run":-`, `line 3: "run" is -`},
		"started twice":    {`"by":"user","edit":1`, `"by":"user","start":true,"edit":1`, `line 6: the execution's start should be step 1 and no other`},
		"wrong type":       {`"by":"sent"`, `"by":7`, `line 5: "by" is not a string`},
		"number not due":   {`"value#":1`, `"value":3,"value#":9`, `line 6: "value": this is value number 9, number 2 should be here`},
		"change of nobody": {`"result":{"StatusCode"`, `"result~":[8,{},[]],"r":{"StatusCode"`, `line 5: "result": there is no value number 8`},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		if changed == text {
			t.Errorf("%s: %q is not in the file:\n%s", name, c.old, text)
			continue
		}
		_, err := Read(strings.NewReader(changed))
		if err == nil || !strings.HasPrefix(err.Error(), "read session: "+c.want) {
			t.Errorf("%s:\n got %v\nwant %s", name, err, c.want)
		}
	}
}

func TestChangesAreSmall(t *testing.T) {
	doc := jsonval.MustParse(`{"list":[` + strings.Repeat(`{"id":1,"name":"some text"},`, 500) + `1],"total":1999}`)
	edited, err := doc.Set(jsonval.Path{jsonval.Key("total")}, jsonval.OfInt(1799))
	if err != nil {
		t.Fatal(err)
	}
	shorter := edited.Delete(jsonval.Path{jsonval.Key("list"), jsonval.Index(500)})
	m := machine(t, loop)
	var out buffer
	w := newWriter(&out, header(m, "{}"), Options{})
	w.Start(noon, nil)
	size := out.Len
	var lengths []int
	for _, v := range []jsonval.Value{doc, edited, shorter, doc} {
		before := size()
		w.Input(noon, "user", interp.Edit{Frame: 1, Value: v}, nil)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		lengths = append(lengths, size()-before)
	}
	if lengths[0] < doc.Size() || lengths[1] > 200 || lengths[2] > 200 || lengths[3] > 200 {
		t.Errorf("lines are %v bytes long", lengths)
	}
	f, err := Read(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []jsonval.Value{doc, edited, shorter, doc} {
		if got := f.Entries[i+1].Input.(interp.Edit).Value; got.String() != want.String() {
			t.Errorf("value %d came back as %.200s", i, got)
		}
	}
}

func TestFirstFree(t *testing.T) {
	dir := t.TempDir()
	path := func(n int) string { return filepath.Join(dir, strconv.Itoa(n)) }
	for n := 1; n < 40; n++ {
		if got := firstFree(path); got != n {
			t.Fatalf("%d files are there, the first free number is %d", n-1, got)
		}
		if err := os.WriteFile(path(n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLibrary(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "sessions")
	if list, err := List(dir); err != nil || len(list) != 0 {
		t.Fatalf("a folder that is not there: %v, %v", list, err)
	}
	m := machine(t, loop)
	h := header(m, `{"n":0,"text":"hello"}`)
	h.Title = "/home/me/Stock Trader.asl.json"
	for range 2 {
		w, err := CreateIn(dir, h, Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.Note(Ended("SUCCEEDED", noon))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		h.Time = h.Time.Add(time.Second)
	}
	if err := os.WriteFile(filepath.Join(dir, "other.asldbg"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, i := range list {
		names = append(names, filepath.Base(i.Path)+" "+i.Ended)
	}
	want := []string{"20260102-1204-stock-trader-2.asldbg SUCCEEDED", "20260102-1204-stock-trader.asldbg SUCCEEDED", "other.asldbg "}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if list[2].Err == nil || list[0].Err != nil || list[0].Header.Title != h.Title {
		t.Errorf("%+v", list)
	}
	stat, err := os.Stat(list[0].Path)
	if err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", stat.Mode(), err)
	}
	if _, err := Create(list[0].Path, h, Options{}); err == nil {
		t.Error("a session file was overwritten")
	}
}

// TestVersion1 reads a file of the first format. It stays for good.
func TestVersion1(t *testing.T) {
	f, err := Open(filepath.Join("testdata", "version-1.asldbg"))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := record(t, `{"n":0,"text":"hello"}`, Options{})
	now, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	now.Path = f.Path
	if diff := cmp.Diff(now, f, valued, cmp.AllowUnexported(Entry{})); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "version-1.asldbg"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"asldbg":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		n := 0
		for _, e := range file.Entries {
			n += e.Count
		}
		if n != file.Steps() {
			t.Fatalf("%d entries' steps, Steps says %d", n, file.Steps())
		}
	})
}

// BenchmarkRecording compares a run with the same run recorded.
func BenchmarkRecording(b *testing.B) {
	m := machine(b, strings.Replace(loop, `"NumericLessThan": 5`, `"NumericLessThan": 5000`, 1))
	h := header(m, `{"n":0,"text":"hello"}`)
	h.Start.NoQuotas = true
	for _, recorded := range []bool{false, true} {
		b.Run(map[bool]string{false: "plain", true: "recorded"}[recorded], func(b *testing.B) {
			for b.Loop() {
				turn := m.Start(h.Start, noon)
				w := newWriter(discard{}, h, Options{})
				w.Start(noon, turn.Events)
				for n := 1; n > 0; {
					turn, n = turn.After.Run(noon, 4096, nil)
					if recorded && n > 0 {
						var sum Sum
						sum.Add(turn.Events)
						w.Run(noon, n, sum)
					}
				}
				if err := w.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }
