package cli

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/credentials"
	"asldbg/interp/task/httptask"
	"asldbg/interp/task/s3dir"
	"asldbg/sessions"
	"asldbg/sessions/journal"
)

// checks are what AWS refuses about tasks' parameters before it starts them.
// Replays need the same ones.
var checks = []interp.ParameterCheck{apigw.Check, httptask.Check}

// compile makes m ready to run, or says everything that is wrong with it.
func (m *machineFile) compile() (*interp.Machine, error) {
	if err := m.found.Err(); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return interp.Compile(m.file, checks...)
}

// maxInput is how many bytes AWS takes as the input of an execution
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
const maxInput = 262_144

// sessionOptions wires a machine with everything the flags ask for.
func (o *runOptions) sessionOptions(io streams, m *machineFile) (sessions.Options, error) {
	machine, err := m.compile()
	if err != nil {
		return sessions.Options{}, err
	}
	so, err := o.world(io, o.start(m))
	if err != nil {
		return sessions.Options{}, err
	}
	others, err := o.otherMachines(io.in, m)
	if err != nil {
		return sessions.Options{}, err
	}
	if so.Known, err = o.known(others); err != nil {
		return sessions.Options{}, err
	}
	if so.Mocks, err = o.readMocks(m, so.Known); err != nil {
		return sessions.Options{}, err
	}
	if o.s3Dir != "" {
		if so.Objects, err = s3dir.Open(o.s3Dir); err != nil {
			return sessions.Options{}, usage("%w", err)
		}
	}
	so.Machine, so.Title, so.RealTime, so.Record = machine, m.title(), o.realTime, o.recorder(m)
	return so, nil
}

// world wires what the tasks of an execution find: its input, the handlers, who
// it is and where its calls may go.
func (o *runOptions) world(io streams, start interp.Start) (sessions.Options, error) {
	var err error
	if start.Input, err = readInput(io.in, o.input); err != nil {
		return sessions.Options{}, err
	}
	if n := start.Input.Size(); n > maxInput && !o.noQuotas {
		return sessions.Options{}, usage("the input has %d bytes, but an execution's may have %d: store it somewhere and pass on where it is, or use --no-quotas", n, maxInput)
	}
	if !o.seedSet {
		start.Seed = newSeed()
	}
	n, err := o.network()
	if err != nil {
		return sessions.Options{}, err
	}
	connections, err := o.readConnections()
	if err != nil {
		return sessions.Options{}, err
	}
	return sessions.Options{
		Start:   start,
		Version: version,
		Handlers: []task.Handler{
			&apigw.Handler{
				Transport: n.transport, UserAgent: "asldbg/" + version,
				Region: o.region, RoleARN: start.RoleARN, NoQuotas: o.noQuotas,
			},
			&httptask.Handler{
				Transport: n.transport, Connections: connections, Policy: n.policy, Region: o.region, NoQuotas: o.noQuotas,
			},
		},
		Policy:      n.policy,
		Credentials: &credentials.Chain{Profile: o.profile, Region: o.region, Network: n.policy.Live(), Client: n.client},
		AsSelf:      o.asSelf,
		Network:     n.String(),
	}, nil
}

// title is what screens call the session.
func (m *machineFile) title() string {
	if m.file.Name == "stdin" {
		return m.name
	}
	return filepath.Base(m.file.Name)
}

func newSeed() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	return binary.LittleEndian.Uint64(b[:])
}

// recorder begins the session file --record asks for; nil for none.
func (o *runOptions) recorder(m *machineFile) func(journal.Header) (*journal.Writer, error) {
	if o.record == "none" {
		return nil
	}
	first := true
	return func(h journal.Header) (w *journal.Writer, err error) {
		defer func() {
			if err == nil {
				o.file = w.Path()
			}
		}()
		h.Program = "asldbg " + version
		h.Substitutions = m.substitutions
		if m.text != "" {
			h.Definition.Text, h.Definition.Name = m.text, m.textName
		}
		dir := journal.Dir()
		if o.record != "library" {
			if first {
				first = false
				return journal.Create(o.record, h, journal.Options{})
			}
			dir = filepath.Dir(o.record) // a fork stands beside the session it came from
		}
		return journal.CreateIn(dir, h, journal.Options{})
	}
}

// outcome turns the end of an execution into what the program says and returns.
func outcome(w io.Writer, r sessions.Result, err error) error {
	var needs *sessions.NeedsAnswerError
	switch {
	case errors.As(err, &needs):
		return &exitError{exitNeedsAnswer, err}
	case err != nil:
		return interrupted(err)
	case r.Status != interp.Succeeded:
		return &exitError{exitFailed, errors.New(failureText(r.Status, r.Failure))}
	}
	_, err = fmt.Fprintln(w, clean(r.Output.String()))
	return err
}

// failureText says how an execution failed, on one line per part.
func failureText(s interp.Status, why *interp.Failure) string {
	text := "the execution ended " + s.String()
	if why == nil || why.Error == nil {
		return text
	}
	text += "\n" + clean(*why.Error)
	if why.Cause != nil && *why.Cause != "" {
		text += ": " + clean(*why.Cause)
	}
	return text
}

// clean makes text of a payload safe for a terminal: what is not printable is
// written as an escape.
func clean(s string) string {
	printable := true
	for _, r := range s {
		printable = printable && (r == '\t' || r == '\n' || !isControl(r))
	}
	if printable {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r == '\t' || r == '\n' || !isControl(r) {
			b.WriteRune(r)
			continue
		}
		q := jsonval.Quote(string(r))
		if r >= 0x7f {
			q = `"\u` + hex4(r) + `"`
		}
		b.WriteString(q[1 : len(q)-1])
	}
	return b.String()
}

// isControl covers control characters and those that reorder text.
func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x061c || r >= 0x200e && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

func hex4(r rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}
