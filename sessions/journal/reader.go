package journal

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// File is a session file that was read.
type File struct {
	Path    string
	Header  Header
	Entries []Entry
	Notes   []Note
	// Machines are those that tasks have started, other than the header's.
	Machines []Machine
	// Torn is the beginning of a last line that was not written to its end, as
	// after a crash. It is left out; "" if there is none.
	Torn string
}

// Steps is how many steps the session has.
func (f *File) Steps() int {
	if len(f.Entries) == 0 {
		return 0
	}
	last := f.Entries[len(f.Entries)-1]
	return last.N + last.Count - 1
}

// Entry is one input, or a run of advances.
type Entry struct {
	N     int // the first step
	Count int // how many steps: of a run as many as it has advances, else 1
	Line  int // in the file, for messages
	At    time.Time
	By    string       // auto, user, sent, mock, nested, callback, timer, s3
	Start bool         // the execution's start
	Input interp.Input // nil of a start and of a run; a StartExecution's Machine is not here

	Events  []Event // of a start and of a person's input
	sum     uint64  // of others
	shape   bool    // sum leaves values out
	summary string  // of a run: what sum is of
	Removed bool    // secrets have been removed here or before: values are not compared
}

// SumIs reports whether the entry's recorded checksum is s. It is always true
// of an entry with events.
func (e *Entry) SumIs(s Sum) bool {
	switch {
	case e.Events != nil:
		return true
	case e.shape:
		return e.sum == s.shape
	}
	return e.sum == s.full
}

// Told says in words what the recorded events were; "" where the file has only
// their checksum.
func (e *Entry) Told() string {
	if n := len(e.Events); n > 0 {
		return summary(n, e.Events[n-1].String())
	}
	return e.summary
}

// Note is something that happened beside the execution.
type Note struct {
	N    int // after this step
	Time time.Time
	Kind string // held, sent, answered, edited, breakpoint, stopped, ended …
	Text string
	Data jsonval.Value
}

// Open reads a session file.
func Open(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	f, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("open session %s: %w", path, err)
	}
	f.Path = path
	return f, nil
}

// Read reads a session file's text.
func Read(in io.Reader) (*File, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	f, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	return f, nil
}

// reader takes the lines of a file one after the other.
type reader struct {
	file   File
	values []jsonval.Value // by number-1
}

func parse(text string) (*File, error) {
	line, rest, _ := strings.Cut(text, "\n") // a header is whole if it can be read
	var r reader
	var err error
	if r.file.Header, err = readHeader(line); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	if input := r.file.Header.Start.Input; isNumbered(input) {
		r.values = append(r.values, input)
	}
	for n := 2; rest != ""; n++ {
		var whole bool
		line, rest, whole = strings.Cut(rest, "\n")
		err := r.line(line, n)
		if err != nil && !whole {
			r.file.Torn = line
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return &r.file, nil
}

func (r *reader) line(text string, line int) error {
	v, err := jsonval.Parse(text)
	if err != nil {
		return err
	}
	p := parts{v: v}
	if v.Get("note").Exists() {
		n := Note{Kind: p.text("note"), N: p.int("n"), Time: p.time("time"), Text: p.text("text"), Data: v.Get("data")}
		r.file.Notes = append(r.file.Notes, n)
		return p.err
	}
	if v.Get("machine").Exists() {
		r.machine(&p)
		return p.err
	}
	e := Entry{N: p.int("n"), Count: 1, Line: line, At: p.time("at"), By: p.text("by"), Start: p.bool("start"), Removed: p.bool("removed")}
	if due := r.file.Steps() + 1; e.N != due && p.err == nil {
		return fmt.Errorf("this is step %d, step %d should be here", e.N, due)
	}
	if e.Start != (e.N == 1) {
		p.fail("the execution's start should be step 1 and no other")
	}
	switch {
	case e.Start:
	case v.Get("run").Exists():
		if e.Count = p.int("run"); e.Count < 1 {
			p.fail("a run has at least one step")
		}
	default:
		e.Input = r.input(&p)
	}
	if events, ok := p.get("events", jsonval.Array); ok {
		e.Events = make([]Event, 0, events.Len())
		for _, item := range events.Items() {
			event, err := r.event(item, e.At)
			if err != nil {
				return err
			}
			e.Events = append(e.Events, event)
		}
	} else {
		e.sum, e.shape = p.sum()
		if e.Input == nil {
			e.summary = summary(p.int("count"), p.text("last"))
		}
	}
	if p.err == nil {
		r.file.Entries = append(r.file.Entries, e)
	}
	return p.err
}

func (p *parts) sum() (sum uint64, shape bool) {
	text := p.text("sum")
	if text == "" {
		text, shape = p.text("shape"), true
	}
	n, err := strconv.ParseUint(text, 16, 64)
	if err != nil {
		p.fail("neither events nor a checksum of them")
	}
	return n, shape
}

// input reads the members that tell one input from another.
func (r *reader) input(p *parts) interp.Input {
	effect := func(key string) interp.EffectID { return interp.EffectID(p.int(key)) }
	switch {
	case p.v.Get("advance").Exists():
		return interp.Advance{Frame: interp.FrameID(p.int("advance"))}
	case p.v.Get("reply").Exists():
		return interp.Reply{Effect: effect("reply"), Outcome: r.outcome(p)}
	case p.v.Get("submitted").Exists():
		return interp.Submitted{Effect: effect("submitted"), Result: r.value(p, "result")}
	case p.v.Get("items").Exists():
		in := interp.Items{Effect: effect("items"), Last: p.bool("last")}
		for _, item := range r.value(p, "value").Items() {
			in.Items = append(in.Items, item)
		}
		return in
	case p.v.Get("starts").Exists():
		arn := p.text("of")
		return interp.StartExecution{Effect: effect("starts"), StateMachineARN: arn, RoleARN: r.roleOf(p, arn), Express: p.bool("express")}
	case p.v.Get("fire").Exists():
		return interp.Fire{Effect: effect("fire")}
	case p.v.Get("callback").Exists():
		return interp.Callback{Token: interp.Token(p.text("callback")), Outcome: r.outcome(p)}
	case p.v.Get("heartbeat").Exists():
		return interp.Heartbeat{Token: interp.Token(p.text("heartbeat"))}
	case p.v.Get("edit").Exists():
		return interp.Edit{Frame: interp.FrameID(p.int("edit")), Value: r.value(p, "value")}
	case p.v.Get("stop").Exists():
		stop := interp.Stop{}
		if f := p.failure("failure"); f != nil {
			stop.Failure = *f
		}
		return stop
	}
	p.fail("this line is no input this program knows")
	return nil
}

func (r *reader) outcome(p *parts) interp.Outcome {
	o := interp.Outcome{Result: r.value(p, "result"), Failure: p.failure("failure")}
	if (o.Failure == nil) == !o.Result.Exists() {
		p.fail("an answer has either a result or a failure")
	}
	return o
}

// value reads what appendValue writes; Undefined where there is no value.
func (r *reader) value(p *parts, key string) jsonval.Value {
	v := p.v.Get(key)
	number := p.v.Get(key + "#").Exists()
	n := p.int(key + "#")
	change, changed := p.get(key+"~", jsonval.Array)
	switch {
	case changed:
		from, _ := change.At(0).Int()
		base, ok := r.numbered(int(from))
		if !ok {
			p.fail("%q: there is no value number %s", key, change.At(0))
			return v
		}
		var err error
		if v, err = applyChange(base, change); err != nil {
			p.fail("%q: %w", key, err)
			return v
		}
	case number && !v.Exists():
		v, ok := r.numbered(n)
		if !ok {
			p.fail("%q: there is no value number %d", key, n)
		}
		return v
	}
	if number {
		if n != len(r.values)+1 {
			p.fail("%q: this is value number %d, number %d should be here", key, n, len(r.values)+1)
			return v
		}
		r.values = append(r.values, v)
	}
	return v
}

func (r *reader) numbered(n int) (jsonval.Value, bool) {
	if n < 1 || n > len(r.values) {
		return jsonval.Value{}, false
	}
	return r.values[n-1], true
}
