package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/teststate"
	"asldbg/sessions"
)

// testStateOptions are the flags of test-state: the members of a TestState call.
type testStateOptions struct {
	runOptions
	state, level, variables, context, mock, configuration string
	reveal                                                bool
}

func newTestState(io streams) *cobra.Command {
	o := &testStateOptions{}
	c := &cobra.Command{
		Use:   "test-state FILE",
		Short: "Try one state by itself, as AWS's TestState does",
		Long: `Test-state tries one state of FILE and prints what AWS's TestState would answer.
FILE is one state, or a machine or template of which --state-name picks a state;
- is stdin, and a text that starts with { is the definition itself. A state that
comes alone is called StateName, as on AWS.

The work of a Task is done where --live or --endpoint lets its request out, or
--mock stands for it. Parallel and Map states, activities, .sync and
.waitForTaskToken need a mock. Waits do not wait.

--inspection-level DEBUG adds the data after each stage; TRACE adds, for an HTTP
task, the raw request and response. What its connection adds to the request is
left out, unless --reveal-secrets.

Exit codes: 0 SUCCEEDED or CAUGHT_ERROR, 1 FAILED or RETRIABLE, 2 wrong usage, or
AWS would refuse the call, 3 the task needs an answer, 130 interrupted.`,
		Example: `  asldbg test-state order.asl.json --state-name Charge --input order.json --mock '{"result": "{\"id\": 7}"}'
  asldbg test-state '{"Type": "Pass", "Parameters": {"n.$": "$.a"}, "End": true}' --input '{"a": 1}' --inspection-level DEBUG
  asldbg test-state http.asl.json --state-name Call --connections connections.yaml --live=api.example.com \
      --inspection-level TRACE --reveal-secrets`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("asldbg test-state takes one FILE: a state, or a machine that has it")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.seedSet = c.Flags().Changed("seed")
			if err := o.readSet(); err != nil {
				return err
			}
			return o.run(c.Context(), io, args[0])
		},
	}
	o.addWorld(c)
	f := c.Flags()
	f.StringVar(&o.state, "state-name", "", "`NAME` of the state, where FILE is a machine")
	f.StringVar(&o.level, "inspection-level", "INFO", "`LEVEL` of what is told: INFO, DEBUG or TRACE")
	f.BoolVar(&o.reveal, "reveal-secrets", false, "with TRACE, tell what the connection adds to the request")
	f.StringVar(&o.variables, "variables", "", "an object of workflow `VARIABLES`: a file, - or JSON")
	f.StringVar(&o.context, "context", "", "the `CONTEXT` object: a file, - or JSON (default: one is made up)")
	f.StringVar(&o.mock, "mock", "", "what the state's work ends with, instead of doing it: a `MOCK` file, - or JSON, {\"result\": \"JSON text\"} or\n{\"errorOutput\": {\"error\": …, \"cause\": …}}, and \"fieldValidationMode\": STRICT (the default), PRESENT or NONE")
	f.StringVar(&o.configuration, "state-configuration", "", "`CONFIGURATION` of the test, a file, - or JSON: {\"retrierRetryCount\": 1, \"mapIterationFailureCount\": 2}")
	c.RegisterFlagCompletionFunc("inspection-level", cobra.FixedCompletions([]string{"INFO", "DEBUG", "TRACE"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (o *testStateOptions) run(ctx context.Context, io streams, arg string) error {
	if err := o.stdinOnce(arg); err != nil {
		return err
	}
	r := teststate.Request{InspectionLevel: o.level, RevealSecrets: o.reveal, Checks: checks}
	switch o.level {
	case "INFO", "DEBUG", "TRACE":
	default:
		return usage("--inspection-level %s: it is INFO, DEBUG or TRACE", clean(o.level))
	}
	m, err := o.definition(io.in, arg, &r)
	if err != nil {
		return err
	}
	start := o.start(m)
	r.RoleARN = start.RoleARN
	if err := o.members(io.in, &r); err != nil {
		return err
	}
	so, err := o.world(io, start)
	if err != nil {
		return err
	}
	r.Input = so.Start.Input
	answer, err := sessions.TestState(ctx, so, r)
	if err != nil {
		return tried(err)
	}
	if _, err := fmt.Fprintln(io.out, clean(answer.JSON().Indent())); err != nil {
		return err
	}
	if answer.Status == teststate.Failed || answer.Status == teststate.Retriable {
		return &exitError{code: exitFailed}
	}
	return nil
}

// stdinOnce refuses a second - : stdin can be only one thing.
func (o *testStateOptions) stdinOnce(arg string) error {
	var from []string
	for _, f := range []struct{ name, value string }{
		{"FILE", arg},
		{"--input", o.input},
		{"--variables", o.variables},
		{"--context", o.context},
		{"--mock", o.mock},
		{"--state-configuration", o.configuration},
	} {
		if f.value == "-" {
			from = append(from, f.name)
		}
	}
	if len(from) > 1 {
		return usage("%s are all -: stdin can be only one of them", strings.Join(from, " and "))
	}
	return nil
}

// definition finds the state: r's Definition, with what belongs to it.
func (o *testStateOptions) definition(in io.Reader, arg string, r *teststate.Request) (*machineFile, error) {
	src := &source{path: "definition", name: "definition", text: arg, dir: hostFS{}}
	if !strings.HasPrefix(strings.TrimSpace(arg), "{") {
		var err error
		if src, err = readSource(in, arg); err != nil {
			return nil, usage("cannot read the definition: %w", plainPathError(err))
		}
	}
	m, err := o.loadSource(src)
	if err != nil {
		return nil, err
	}
	if m.file.Root == nil { // there is nothing to find a state in
		return nil, &exitError{exitUsage, m.found.Err()}
	}
	r.File, r.Definition, r.Substitutions = src.path, src.text, m.substitutions
	if m.text != "" || m.file.Name != src.path {
		r.Definition, r.Substitutions = m.file.Root.Value.String(), nil // it stands inside a template, or beside it
	}
	if !m.file.Root.Value.Get("States").Exists() {
		if o.state != "" {
			return nil, usage("--state-name %s: %s is no state machine, it has no States", clean(o.state), src.path)
		}
		return m, nil
	}
	if err := m.found.Err(); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	r.StateName = &o.state
	var names []string
	for s := range m.file.Machine.All() {
		names = append(names, s.Name)
		if s.Name == o.state {
			return m, nil
		}
	}
	if o.state == "" && len(names) == 1 {
		r.StateName = &names[0]
		return m, nil
	}
	return nil, noState(src.path, o.state, names)
}

// noState says which states there are.
func noState(file, name string, names []string) error {
	const most = 12
	quoted := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		quoted = append(quoted, jsonval.Quote(n))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and %d more", len(names)-most)
	}
	if name == "" {
		return usage("%s is a state machine: --state-name NAME picks the state to try: %s", file, clean(list))
	}
	hint := asl.DidYouMean(name, names)
	if hint == "" {
		hint = "it has " + list
	}
	return usage("%s has no state %s; %s", file, clean(jsonval.Quote(name)), clean(hint))
}

// members reads what flags say as JSON.
func (o *testStateOptions) members(in io.Reader, r *teststate.Request) (err error) {
	if o.variables != "" {
		if r.Variables, err = readObject(in, "--variables", "the object of variables", o.variables); err != nil {
			return err
		}
	}
	if o.context != "" {
		if r.Context, err = readJSON(in, "--context", "the context object", o.context); err != nil {
			return err
		}
	}
	if o.mock != "" {
		v, err := readObject(in, "--mock", "the mock", o.mock)
		if err != nil {
			return err
		}
		if r.Mock, err = readMock(v); err != nil {
			return err
		}
	}
	if o.configuration != "" {
		v, err := readObject(in, "--state-configuration", "the configuration", o.configuration)
		if err != nil {
			return err
		}
		if r.Configuration, err = readConfiguration(v); err != nil {
			return err
		}
	}
	return nil
}

func readObject(in io.Reader, flag, what, arg string) (jsonval.Value, error) {
	v, err := readJSON(in, flag, what, arg)
	if err == nil && !v.Is(jsonval.Object) {
		err = usage("%s wants an object, not %s", flag, v.Kind())
	}
	return v, err
}

// readMock reads the mock of a TestState call. Its result is JSON text there; a
// value stands for its text.
func readMock(v jsonval.Value) (*teststate.Mock, error) {
	m := &teststate.Mock{}
	for name, member := range v.Members() {
		switch name {
		case "result":
			text := member.Text()
			if !member.Is(jsonval.String) {
				text = member.String()
			}
			m.Result = &text
		case "errorOutput":
			m.ErrorOutput = &interp.Failure{}
			for name, part := range member.Members() {
				text := part.Text()
				switch {
				case name == "error" && part.Is(jsonval.String):
					m.ErrorOutput.Error = &text
				case name == "cause" && part.Is(jsonval.String):
					m.ErrorOutput.Cause = &text
				default:
					return nil, usage("--mock: errorOutput has texts called error and cause, not %s", clean(jsonval.Quote(name)))
				}
			}
		case "fieldValidationMode":
			switch m.FieldValidationMode = member.Text(); m.FieldValidationMode {
			case "STRICT", "PRESENT", "NONE":
			default:
				return nil, usage("--mock: fieldValidationMode is STRICT, PRESENT or NONE, not %s", clean(member.String()))
			}
		default:
			return nil, usage("--mock: there is no %s: it has result or errorOutput, and fieldValidationMode", clean(jsonval.Quote(name)))
		}
	}
	return m, nil
}

// readConfiguration reads a stateConfiguration. Its errorCausedByState and
// mapItemReaderData change nothing in what AWS was recorded to answer.
func readConfiguration(v jsonval.Value) (c teststate.Configuration, err error) {
	for name, member := range v.Members() {
		n, whole := member.Int()
		count := int(n)
		switch name {
		case "retrierRetryCount":
			c.RetrierRetryCount = count
		case "mapIterationFailureCount":
			c.MapIterationFailureCount = &count
		case "errorCausedByState", "mapItemReaderData":
			if !member.Is(jsonval.String) {
				return c, usage("--state-configuration: %s is a text, not %s", name, member.Kind())
			}
			continue
		default:
			return c, usage("--state-configuration: there is no %s: it has retrierRetryCount, mapIterationFailureCount, errorCausedByState and mapItemReaderData", clean(jsonval.Quote(name)))
		}
		if !whole || n < 0 || n > 1<<31 {
			return c, usage("--state-configuration: %s is a whole number from 0, not %s", name, clean(member.String()))
		}
	}
	return c, nil
}

// tried is the error of a test that came to nothing.
func tried(err error) error {
	var refused *teststate.RefusedError
	var needs *sessions.NeedsAnswerError
	switch {
	case errors.As(err, &refused) && len(refused.Found) > 0:
		return &exitError{exitUsage, refused.Found}
	case errors.As(err, &refused):
		return usage("AWS would refuse the call: %s", clean(err.Error()))
	case errors.As(err, &needs):
		return &exitError{exitNeedsAnswer, err}
	case errors.Is(err, context.Canceled):
		return &exitError{exitInterrupted, errors.New("interrupted")}
	}
	var found asl.Diagnostics
	if errors.As(err, &found) {
		return &exitError{exitUsage, found}
	}
	return &exitError{exitFailed, err}
}
