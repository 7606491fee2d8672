package interp_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
)

const spread = `{"StartAt":"Each","States":{"Each":{"Type":"Map","ToleratedFailureCount":1000000,
	"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},
	"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},
	"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Tag","States":{
		"Tag":{"Type":"Pass","Parameters":{"id.$":"$.id","tag":"t"},"Next":"Pick"},
		"Pick":{"Type":"Choice","Choices":[{"Variable":"$.id","NumericLessThan":0,"Next":"Ask"}],"Default":"End"},
		"Ask":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"End"},
		"End":{"Type":"Succeed"}}},"End":true}}}`

// world answers what a distributed Map asks: items of which id is sign times
// their number, results that are thrown away, and tasks, the oldest first.
type world struct {
	items, sign int
	written     strings.Builder
	keep        bool
}

func (w *world) play(tb testing.TB, m *interp.Machine, look func()) interp.Turn {
	tb.Helper()
	at := time.Unix(1767355200, 0)
	turn := m.Start(interp.Start{Seed: 1}, at)
	var asked []interp.Effect
	for turn.After.Status() == interp.Running {
		asked = append(asked, turn.Effects...)
		n := 0
		if turn, n = turn.After.Run(at, 4096, nil); n > 0 {
			continue
		}
		if len(asked) == 0 {
			tb.Fatal("nothing is ready and nothing asked")
		}
		look()
		var in interp.Input
		switch e := asked[0].(type) {
		case interp.Read:
			read := interp.Items{Effect: e.Effect}
			for i := e.From; i < min(e.From+e.Max, w.items); i++ {
				read.Items = append(read.Items, jsonval.ObjectOf(jsonval.Member{Key: "id", Value: jsonval.OfInt(int64(i * w.sign))}))
			}
			read.Last = e.From+e.Max >= w.items
			in = read
		case interp.Write:
			if w.keep {
				w.written.WriteString(e.Text)
			}
			in = interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Result: jsonval.NullValue}}
		case interp.Call:
			in = interp.Reply{Effect: e.Effect, Outcome: interp.Outcome{Result: e.Input}}
		}
		asked = asked[1:]
		next, err := turn.After.Step(in, at)
		if err != nil {
			tb.Fatal(err)
		}
		turn = next
	}
	if turn.After.Status() != interp.Succeeded {
		tb.Fatalf("it ended %s: %s", turn.After.Status(), *turn.After.Failure().Cause)
	}
	return turn
}

// TestMapRunKeepsNothing runs a few Map Runs of different size and compares the
// memory they need at most.
func TestMapRunKeepsNothing(t *testing.T) {
	m := compile(t, spread)
	peak := func(items int) uint64 {
		var most uint64
		n := 0
		w := world{items: items, sign: 1}
		w.play(t, m, func() {
			if n++; n%8 == 0 {
				runtime.GC()
				var s runtime.MemStats
				runtime.ReadMemStats(&s)
				most = max(most, s.HeapAlloc)
			}
		})
		return most
	}
	small, large := peak(8000), peak(80000)
	if large > small*3/2 {
		t.Errorf("8,000 items need %d bytes, 80,000 need %d", small, large)
	}
}

func TestMapRunWritesValidJSON(t *testing.T) {
	w := world{items: 20000, sign: 1, keep: true}
	w.play(t, compile(t, spread), func() {})
	text, manifest, _ := strings.Cut(w.written.String(), "]{")
	v, err := jsonval.Parse(text + "]")
	if err != nil || v.Len() != 20000 || v.At(19999).Get("id").Text() != "19999" {
		t.Errorf("%v: %d results, the last is %s", err, v.Len(), v.At(v.Len()-1))
	}
	if size := fmt.Sprintf(`"Size":%d}`, len(text)+1); !strings.Contains(manifest, size) {
		t.Errorf("%s is not in {%s", size, manifest)
	}
}

// TestChildHistory: a child execution has a history like any other.
func TestChildHistory(t *testing.T) {
	m := compile(t, `{"StartAt":"Each","States":{"Each":{"Type":"Map","ToleratedFailureCount":9,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{
			"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","InputPath":"$.b","End":true}}},"End":true}}}`)
	at := time.Unix(1767355200, 0)
	turn := m.Start(interp.Start{Input: jsonval.MustParse(`[{"b":1},{}]`), Seed: 1}, at)
	events := turn.Events
	turn, _ = turn.After.Run(at, 0, nil)
	events = append(events, turn.Events...)
	want := map[interp.FrameID]string{
		2: "1-0 ExecutionStarted, 2-0 PassStateEntered, 3-2 PassStateExited, 4-3 PassStateEntered, 5-4 PassStateExited, 6-5 ExecutionSucceeded",
		3: "1-0 ExecutionStarted, 2-0 PassStateEntered, 3-2 PassStateExited, 4-3 PassStateEntered, 5-4 ExecutionFailed",
	}
	for root, want := range want {
		var got []string
		var last history.Event
		for _, last = range history.OfChild(events, root, "us-east-1") {
			got = append(got, fmt.Sprintf("%d-%d %s", last.ID, last.PreviousEventID, last.Type))
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("history of %d:\n got %s\nwant %s", root, got, want)
		}
		if c := jsonval.MustParse(last.Details).Get("cause").Text(); root == 3 && !strings.Contains(c, "(entered at the event id #4)") {
			t.Errorf("the cause does not count in the child's history: %s", c)
		}
	}
}

// TestChildQuota: a child's history has its own limit, which ends the child.
func TestChildQuota(t *testing.T) {
	m := compile(t, `{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{
			"A":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":0,"Next":"Z"}],"Default":"B"},
			"B":{"Type":"Pass","Next":"A"},"Z":{"Type":"Succeed"}}},"ToleratedFailureCount":1,"End":true}}}`)
	at := time.Unix(1767355200, 0)
	turn := m.Start(interp.Start{Input: jsonval.MustParse(`[0,1,0]`)}, at)
	events := turn.Events
	turn, _ = turn.After.Run(at, 0, nil)
	events = append(events, turn.Events...)
	if turn.After.Status() != interp.Succeeded || turn.After.Output().String() != "[0,0]" {
		t.Fatalf("it ended %s: %v, %s", turn.After.Status(), turn.After.Failure(), turn.After.Output())
	}
	child := history.OfChild(events, 3, "us-east-1")
	if last := child[len(child)-1]; len(child) != 25000 || last.Type != "ExecutionFailed" {
		t.Errorf("the child has %d events, the last is %s", len(child), last.Type)
	}
}

// BenchmarkMapRun starts 100,000 children: without waiting, and with a task
// each, of which a thousand wait at a time.
func BenchmarkMapRun(b *testing.B) {
	const items = 100_000
	m := compile(b, spread)
	for name, sign := range map[string]int{"pass": 1, "task": -1} {
		b.Run(name, func(b *testing.B) {
			var most uint64
			for b.Loop() {
				n := 0
				w := world{items: items, sign: sign}
				w.play(b, m, func() {
					if n++; n%64 == 0 {
						var s runtime.MemStats
						runtime.ReadMemStats(&s)
						most = max(most, s.HeapAlloc)
					}
				})
			}
			b.ReportMetric(float64(most)/1e6, "peak-MB")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*items), "ns/child")
		})
	}
}
