package playbook

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
)

// Run plays the playbook in text. An error names the line that did not come
// true, or says what is wrong with the playbook.
func Run(name, text string, checks ...interp.ParameterCheck) error {
	p := &player{name: name, at: start, machines: make(map[string]*interp.Machine), started: make(map[string]interp.FrameID)}
	a := txtar.Parse([]byte(text))
	s := interp.Start{Name: "playbook", Seed: 1}
	var machine *asl.File
	histories := make(map[string]string) // by machine, "": the main one
	for _, f := range a.Files {
		data := string(f.Data)
		switch {
		case strings.HasPrefix(f.Name, "machine."):
			file, ds := asl.Parse(f.Name, data, asl.Options{})
			if err := ds.Err(); err != nil {
				return p.invalid(string(a.Comment), err)
			}
			machine = file
		case strings.HasSuffix(f.Name, ".asl.json"):
			if err := p.know(strings.TrimSuffix(f.Name, ".asl.json"), f.Name, data); err != nil {
				return err
			}
		case f.Name == "input.json":
			v, err := jsonval.Parse(data)
			if err != nil {
				return fmt.Errorf("%s: input.json: %w", name, err)
			}
			s.Input = v
		case f.Name == "history":
			histories[""] = data
		case strings.HasPrefix(f.Name, "history of "):
			histories[strings.TrimPrefix(f.Name, "history of ")] = data
		default:
			return fmt.Errorf("%s: file %q is none of machine.json, machine.yaml, input.json, history, NAME.asl.json, history of NAME", name, f.Name)
		}
	}
	if machine == nil {
		return fmt.Errorf("%s: there is no file machine.json or machine.yaml", name)
	}
	m, err := interp.Compile(machine, checks...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.took(m.Start(s, start))
	p.run()
	for i, line := range strings.Split(string(a.Comment), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := p.line(line); err != nil {
			return fmt.Errorf("%s:%d: %s: %w", name, i+1, line, err)
		}
	}
	if !p.ended {
		return fmt.Errorf("%s: no line says how it ends; it is %s", name, p.ending())
	}
	for of, want := range histories {
		if err := p.compareHistory(of, want); err != nil {
			return err
		}
	}
	return nil
}

// know makes a machine known that tasks may start.
func (p *player) know(machine, file, text string) error {
	parsed, ds := asl.Parse(file, text, asl.Options{})
	if err := ds.Err(); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	m, err := interp.Compile(parsed)
	if err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	p.machines[machine] = m
	return nil
}

// start is when every playbook's execution begins.
var start = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

type player struct {
	name   string
	x      interp.Execution
	at     time.Time
	asked  []interp.Effect // effects no line has named yet
	events []interp.Event
	ended  bool

	machines map[string]*interp.Machine // that tasks may start, by name
	started  map[string]interp.FrameID  // the first child execution of each
}

func (p *player) took(t interp.Turn) {
	p.x = t.After
	p.at = p.x.Now()
	for _, f := range p.x.Frames() {
		if c := f.Execution; c != nil && p.started[machineOf(c)] == 0 {
			p.started[machineOf(c)] = f.ID
		}
	}
	p.asked = append(p.asked, t.Effects...)
	p.events = append(p.events, t.Events...)
}

// machineOf is the name of the machine a child execution executes.
func machineOf(c *interp.Child) string {
	return c.StateMachineARN[strings.LastIndexByte(c.StateMachineARN, ':')+1:]
}

func (p *player) run() {
	t, _ := p.x.Run(p.at, 0, nil)
	p.took(t)
}

// invalid checks a playbook about a definition that is refused: its only line
// is = invalid CODE, naming one of the findings.
func (p *player) invalid(comment string, found error) error {
	for _, line := range strings.Split(comment, "\n") {
		if code, ok := strings.CutPrefix(strings.TrimSpace(line), "= invalid "); ok {
			var ds asl.Diagnostics
			errors.As(found, &ds)
			for _, d := range ds {
				if d.Code == strings.TrimSpace(code) {
					return nil
				}
			}
		}
	}
	return fmt.Errorf("%s: %w", p.name, found)
}

func (p *player) line(line string) error {
	kind, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch kind {
	case "<":
		return p.expect(strings.Fields(rest))
	case ">":
		return p.answer(rest)
	case "=":
		return p.end(rest)
	}
	return fmt.Errorf("a line begins with < (it asks), > (the answer), = (the end) or #")
}

// expect checks the next effect.
func (p *player) expect(want []string) error {
	if len(p.asked) == 0 {
		return fmt.Errorf("it asks for nothing; it is %s", p.ending())
	}
	e := p.asked[0]
	p.asked = p.asked[1:]
	if got := describe(e, p.at); strings.Join(want, " ") != got {
		return fmt.Errorf("it asks for: %s", got)
	}
	return nil
}

var timerWords = map[interp.TimerReason]string{
	interp.WaitTimer: "timer", interp.RetryTimer: "timer", interp.TimeoutTimer: "timeout",
	interp.HeartbeatTimer: "heartbeat", interp.ExecutionTimer: "execution-timeout",
}

// describe is an effect as a line of a playbook writes it.
func describe(e interp.Effect, now time.Time) string {
	switch e := e.(type) {
	case interp.Call:
		return "call " + e.State.Name + " " + e.Resource.Service + ":" + e.Resource.Name()
	case interp.Read:
		return fmt.Sprintf("read %s %s from %d", e.State.Name, place(e.Parameters.Get("Bucket"), e.Parameters.Get("Key")), e.From)
	case interp.Write:
		how := "write"
		if e.Append {
			how = "append"
		}
		return fmt.Sprintf("%s %s %s/%s %q", how, e.State.Name, e.Bucket, e.Key, e.Text)
	case interp.Timer:
		if e.State == nil {
			return timerWords[e.Reason] + " " + e.Due.Sub(now).String()
		}
		return timerWords[e.Reason] + " " + e.State.Name + " " + e.Due.Sub(now).String()
	}
	return fmt.Sprint(e)
}

// place is an object of S3, or a bucket.
func place(bucket, key jsonval.Value) string {
	if !key.Exists() {
		return bucket.Text()
	}
	return bucket.Text() + "/" + key.Text()
}

// answer gives an input: to the oldest call, read or write, or for fire the
// earliest timer.
func (p *player) answer(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	in, err := p.input(verb, rest)
	if err != nil {
		return err
	}
	t, err := p.x.Step(in, p.at)
	if err != nil {
		return err
	}
	p.took(t)
	p.run()
	return nil
}

func (p *player) input(verb, rest string) (interp.Input, error) {
	switch verb {
	case "fire":
		timer, ok := p.x.NextTimer()
		if !ok {
			return nil, fmt.Errorf("no timer is pending")
		}
		return interp.Fire{Effect: timer.Effect}, nil
	case "stop":
		why, err := failure(rest)
		return interp.Stop{Failure: *why}, err
	}
	if in, err, ok := p.objects(verb, rest); ok {
		return in, err
	}
	call, ok := p.oldestCall()
	if !ok {
		return nil, fmt.Errorf("no call is pending")
	}
	switch verb {
	case "reply", "submitted", "callback":
		v, err := jsonval.Parse(rest)
		if err != nil {
			return nil, err
		}
		switch verb {
		case "submitted":
			return interp.Submitted{Effect: call.Effect, Result: v}, nil
		case "callback":
			return interp.Callback{Token: call.Token, Outcome: interp.Outcome{Result: v}}, nil
		}
		return interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Result: v}}, nil
	case "fail", "callback-fail":
		why, err := failure(rest)
		if err != nil {
			return nil, err
		}
		if verb == "fail" {
			return interp.Reply{Effect: call.Effect, Outcome: interp.Outcome{Failure: why}}, nil
		}
		return interp.Callback{Token: call.Token, Outcome: interp.Outcome{Failure: why}}, nil
	case "beat":
		return interp.Heartbeat{Token: call.Token}, nil
	case "start":
		return p.start(call, rest)
	}
	return nil, fmt.Errorf("%q is none of reply, fail, submitted, callback, callback-fail, beat, start, fire, stop, items, written", verb)
}

// start executes the machine that a call names, as an Express one if the line
// says so.
func (p *player) start(call interp.Call, kind string) (interp.Input, error) {
	arn := strings.Split(call.Input.Get("StateMachineArn").Text(), ":")
	if len(arn) < 7 || p.machines[arn[6]] == nil {
		return nil, fmt.Errorf("there is no file for the machine %s", strings.Join(arn, ":"))
	}
	return interp.StartExecution{
		Effect: call.Effect, StateMachineARN: strings.Join(arn[:7], ":"), Machine: p.machines[arn[6]], Express: kind == "express",
	}, nil
}

// objects is an answer to the oldest pending effect when that is about objects of
// S3: items [...] for a read, with "more" behind it when they are not the last;
// written for a write; fail for both.
func (p *player) objects(verb, rest string) (in interp.Input, err error, ok bool) {
	for _, e := range p.x.Pending() {
		_, isRead := e.(interp.Read)
		if _, isWrite := e.(interp.Write); !isRead && !isWrite {
			continue
		}
		switch {
		case verb == "fail":
			why, err := failure(rest)
			return interp.Reply{Effect: e.ID(), Outcome: interp.Outcome{Failure: why}}, err, true
		case verb == "written" && !isRead:
			return interp.Reply{Effect: e.ID(), Outcome: interp.Outcome{Result: jsonval.NullValue}}, nil, true
		case verb == "items" && isRead:
			list, more := strings.CutSuffix(rest, " more")
			v, err := jsonval.Parse(list)
			items := make([]jsonval.Value, 0, v.Len())
			for _, item := range v.Items() {
				items = append(items, item)
			}
			return interp.Items{Effect: e.ID(), Items: items, Last: !more}, err, true
		}
	}
	return nil, nil, false
}

func (p *player) oldestCall() (interp.Call, bool) {
	for _, e := range p.x.Pending() {
		if c, ok := e.(interp.Call); ok {
			return c, true
		}
	}
	return interp.Call{}, false
}

// failure reads: ERROR ["CAUSE"], both of which may be left out.
func failure(text string) (*interp.Failure, error) {
	var f interp.Failure
	if text == "" {
		return &f, nil
	}
	name, cause, ok := strings.Cut(text, " ")
	f.Error = &name
	if ok {
		s, err := strconv.Unquote(strings.TrimSpace(cause))
		if err != nil {
			return &f, fmt.Errorf("the cause %s needs double quotes or back quotes", cause)
		}
		f.Cause = &s
	}
	return &f, nil
}

// end checks how the execution ended.
func (p *player) end(want string) error {
	p.ended = true
	if len(p.asked) > 0 {
		return fmt.Errorf("it still asks for: %s", describe(p.asked[0], p.at))
	}
	if out, ok := strings.CutPrefix(want, "succeeded "); ok && p.x.Status() == interp.Succeeded {
		v, err := jsonval.Parse(out)
		if err != nil {
			return err
		}
		if jsonval.Equal(v, p.x.Output()) {
			return nil
		}
	}
	if got := p.ending(); got != want {
		return fmt.Errorf("it is %s", got)
	}
	return nil
}

// ending is the state of the execution as an = line writes it.
func (p *player) ending() string {
	switch s := p.x.Status(); s {
	case interp.Succeeded:
		return "succeeded " + p.x.Output().String()
	case interp.Running:
		return "running"
	default:
		text := map[interp.Status]string{interp.Failed: "failed", interp.TimedOut: "timed-out", interp.Aborted: "aborted"}[s]
		if why := p.x.Failure(); why != nil && why.Error != nil {
			text += " " + *why.Error
			if why.Cause != nil {
				text += " " + strconv.Quote(*why.Cause)
			}
		}
		return text
	}
}

// compareHistory compares the history of the main execution, or of the first one
// of a machine that a task has started.
func (p *player) compareHistory(machine, want string) error {
	var got strings.Builder
	for _, e := range history.OfChild(p.events, p.started[machine], "us-east-1") {
		fmt.Fprintf(&got, "%d %d %s\n", e.ID, e.PreviousEventID, e.Type)
	}
	if strings.TrimSpace(want) != strings.TrimSpace(got.String()) {
		return fmt.Errorf("%s: the history is:\n%s", strings.TrimSpace(p.name+" "+machine), got.String())
	}
	return nil
}
