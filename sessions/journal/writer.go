package journal

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Writer writes a session file. Only the goroutine that owns the execution uses
// it. What is written reaches the file with Flush, or earlier; the first error
// stays and is what Flush and Close return.
type Writer struct {
	path    string
	file    io.WriteCloser
	out     *bufio.Writer
	err     error
	line    []byte
	next    int // the number of the next step
	secrets redactor
	written values

	machines map[string]bool // by ARN, those whose definition is in the file

	at     time.Time // the last entry's
	atText []byte    // and as it is written: runs of entries share it
}

// Options say what else a Writer does.
type Options struct {
	// Secrets are JSON Pointers of values that are removed from every document
	// that has them, such as /customer/card.
	Secrets []string
}

// Create begins a session file that does not exist yet, its folder included.
// Others cannot read it.
func Create(path string, h Header, o Options) (*Writer, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create session file: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create session file: %w", err)
	}
	w := newWriter(file, h, o)
	w.path = path
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return w, nil
}

func newWriter(file io.WriteCloser, h Header, o Options) *Writer {
	w := &Writer{file: file, out: bufio.NewWriterSize(file, 1<<16), next: 1}
	w.secrets.pointers = o.Secrets
	w.write(h.append(nil, &w.secrets))
	w.secrets.removed = w.secrets.removed || h.Removed
	if isNumbered(h.Start.Input) {
		w.written.add(h.Start.Input)
	}
	return w
}

// Path is the file's.
func (w *Writer) Path() string { return w.path }

// Secret makes texts known as secrets: keys, tokens and signatures the session
// has met. They are removed from all that is written from now on.
func (w *Writer) Secret(texts ...string) { w.secrets.learn(texts...) }

// Start records the execution's start, its first step.
func (w *Writer) Start(at time.Time, events []interp.Event) {
	line := w.entry(at, "auto")
	line = member(line, "start", jsonval.True)
	w.finish(w.appendEvents(line, events, at), 1)
}

// Run records count advances in the fixed order, of which sum is the checksum.
// For people, the line also has the number of the events and the last one.
func (w *Writer) Run(at time.Time, count int, sum Sum) {
	line := w.entry(at, "auto")
	line = appendInt(name(line, "run"), count)
	if sum.count > 0 {
		line = appendInt(name(line, "count"), sum.count)
		line = member(line, "last", jsonval.OfString(w.secrets.text(sum.end())))
	}
	w.finish(w.appendSum(line, sum), count)
}

// Input records one input. By says where it came from: auto, user, sent, mock,
// nested, callback, timer or s3. A person's events are written in full, others as a
// checksum.
func (w *Writer) Input(at time.Time, by string, in interp.Input, events []interp.Event) {
	line := w.entry(at, by)
	line = w.appendInput(line, in)
	if by == "user" {
		line = w.appendEvents(line, events, at)
	} else {
		var sum Sum
		sum.Add(events)
		line = w.appendSum(line, sum)
	}
	w.finish(line, 1)
}

// Note records something that tells the story and drives nothing. N is the last
// step taken before it.
func (w *Writer) Note(n Note) {
	line := append(w.line[:0], '{')
	line = member(line, "note", jsonval.OfString(n.Kind))
	line = appendInt(name(line, "n"), w.next-1)
	line = appendTime(name(line, "time"), n.Time)
	line = member(line, "text", jsonval.OfString(w.secrets.text(n.Text)))
	if n.Data.Exists() {
		line = member(line, "data", w.secrets.clean(n.Data))
	}
	w.line = append(line, "}\n"...)
	w.write(w.line)
}

// Flush brings everything written so far into the file.
func (w *Writer) Flush() error {
	if err := w.out.Flush(); err != nil && w.err == nil {
		w.err = fmt.Errorf("write session file %s: %w", w.path, err)
	}
	return w.err
}

// Close flushes and closes the file.
func (w *Writer) Close() error {
	err := w.Flush()
	if closeErr := w.file.Close(); closeErr != nil && err == nil {
		err = fmt.Errorf("write session file %s: %w", w.path, closeErr)
	}
	return err
}

func (w *Writer) write(line []byte) {
	_, _ = w.out.Write(line) // bufio keeps the error for Flush
}

func (w *Writer) entry(at time.Time, by string) []byte {
	line := append(w.line[:0], `{"n":`...)
	line = appendInt(line, w.next)
	if w.atText == nil || !at.Equal(w.at) {
		w.at, w.atText = at, appendTime(w.atText[:0], at)
	}
	line = append(append(line, `,"at":`...), w.atText...)
	return member(line, "by", jsonval.OfString(by))
}

func (w *Writer) finish(line []byte, steps int) {
	if w.secrets.removed {
		line = member(line, "removed", jsonval.True)
	}
	w.line = append(line, "}\n"...)
	w.write(w.line)
	w.next += steps
}

func (w *Writer) appendSum(line []byte, sum Sum) []byte {
	if w.secrets.removed {
		return appendHex(name(line, "shape"), sum.shape)
	}
	return appendHex(name(line, "sum"), sum.full)
}

func appendHex(line []byte, n uint64) []byte {
	const digits = "0123456789abcdef"
	line = append(line, '"')
	for shift := 60; shift >= 0; shift -= 4 {
		line = append(line, digits[n>>shift&15])
	}
	return append(line, '"')
}

func (w *Writer) appendEvents(line []byte, events []interp.Event, at time.Time) []byte {
	line = append(name(line, "events"), '[')
	for i := range events {
		if i > 0 {
			line = append(line, ',')
		}
		e := Of(&events[i])
		line = w.appendEvent(line, &e, at)
	}
	return append(line, ']')
}

// appendInput writes the members that tell one input from another.
func (w *Writer) appendInput(line []byte, in interp.Input) []byte {
	switch in := in.(type) {
	case interp.Advance:
		return appendInt(name(line, "advance"), int(in.Frame))
	case interp.Reply:
		return w.appendOutcome(appendInt(name(line, "reply"), int(in.Effect)), in.Outcome)
	case interp.Submitted:
		return w.appendValue(appendInt(name(line, "submitted"), int(in.Effect)), "result", in.Result)
	case interp.Items:
		line = w.appendValue(appendInt(name(line, "items"), int(in.Effect)), "value", jsonval.OfItems(in.Items))
		if in.Last {
			line = member(line, "last", jsonval.True)
		}
		return line
	case interp.StartExecution:
		line = member(appendInt(name(line, "starts"), int(in.Effect)), "of", jsonval.OfString(in.StateMachineARN))
		if in.Express {
			line = member(line, "express", jsonval.True)
		}
		return line
	case interp.Fire:
		return appendInt(name(line, "fire"), int(in.Effect))
	case interp.Callback:
		return w.appendOutcome(member(line, "callback", jsonval.OfString(string(in.Token))), in.Outcome)
	case interp.Heartbeat:
		return member(line, "heartbeat", jsonval.OfString(string(in.Token)))
	case interp.Edit:
		return w.appendValue(appendInt(name(line, "edit"), int(in.Frame)), "value", in.Value)
	case interp.Stop:
		return w.appendFailure(member(line, "stop", jsonval.True), &in.Failure)
	}
	panic(fmt.Sprintf("journal: input %T has no written form", in))
}

func (w *Writer) appendOutcome(line []byte, o interp.Outcome) []byte {
	if o.Failure != nil {
		return w.appendFailure(line, o.Failure)
	}
	return w.appendValue(line, "result", o.Result)
}
