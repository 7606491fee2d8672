package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"asldbg/interp"
	"asldbg/interp/history"
	"asldbg/sessions"
	"asldbg/sessions/sfnapi"
)

func newRun(io streams) *cobra.Command {
	o := &runOptions{}
	repeat := 1
	c := &cobra.Command{
		Use:   "run FILE [FILE…]",
		Short: "Execute to the end without a screen and print the output",
		Long: `Run executes FILE and prints the output JSON on stdout, everything else on stderr.

Tasks are answered by --mocks, or their requests are sent where --live or
--endpoint allows it. The clock jumps over waits and retries' delays. A task
token that was sent out is waited for in real time, at --callback-addr, and how
to answer it is printed on stderr.

A task that starts an execution of another machine (states:startExecution) is
answered here when that machine is known: it is in the same template, in another
FILE, where it goes by the file's name, or named by --machine ARN=FILE. Started
executions run to their end, also when nobody waits for them.

Exit codes: 0 SUCCEEDED, 1 the execution ended otherwise, 2 wrong usage or an
invalid definition, 3 a task needs an answer nobody gave, 130 interrupted.`,
		Example: `  asldbg run order.asl.json --input order.json --mocks answers.json
  asldbg run template.yaml --endpoint '*.execute-api.*=http://127.0.0.1:3000'
  asldbg run order.asl.json --history history.json
  asldbg run order.asl.json payment.asl.json
  asldbg run approval.asl.json --endpoint '*=http://127.0.0.1:3000' --callback-addr 127.0.0.1:8083`,
		Args: files,
		RunE: func(c *cobra.Command, args []string) error {
			o.more = args[1:]
			if err := o.check(c); err != nil {
				return err
			}
			if repeat < 1 {
				return usage("--repeat %d: it is 1 or more", repeat)
			}
			if args[0] == "-" && o.input == "-" {
				return usage("both FILE and --input are -: stdin can be only one of them")
			}
			m, err := o.load(io.in, args[0])
			if err != nil {
				return err
			}
			so, err := o.sessionOptions(io, m)
			if err != nil {
				return err
			}
			return o.run(c.Context(), io, so, repeat)
		},
	}
	o.add(c, "none")
	c.Flags().IntVar(&repeat, "repeat", 1, "execute `N` times, one after another; the last output is printed")
	return c
}

// files are the arguments of commands that execute a machine: its FILE, and those
// of machines its tasks start.
func files(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage("asldbg %s needs a FILE: ASL, or a SAM or CloudFormation template", c.Name())
	}
	return nil
}

func (o *runOptions) run(ctx context.Context, io streams, so sessions.Options, repeat int) error {
	c := &callbacks{addr: o.callback, err: io.err, answers: sfnapi.NewRun(), told: make(map[interp.Token]bool)}
	defer c.close()
	so.Callbacks, so.Workers = c.next, o.callback != ""
	write, closeHistory, err := o.writeHistory(io)
	if err != nil {
		return err
	}
	for i := range repeat - 1 {
		if r, err := sessions.Run(ctx, so); err != nil || r.Status != interp.Succeeded {
			return fmt.Errorf("execution %d of %d: %w", i+1, repeat, outcome(io.out, r, err))
		}
		so.Start.Seed++ // another execution: another name, other random numbers
	}
	so.Events = write
	r, err := sessions.Run(ctx, so)
	if err := errors.Join(err, closeHistory()); err != nil {
		return outcome(io.out, r, err)
	}
	sayLeft(io, r)
	if o.record != "none" {
		fmt.Fprintln(io.err, "recorded in "+r.File)
	}
	return outcome(io.out, r, nil)
}

// sayLeft says which executions were started and left to themselves, but could
// not go on here when the one that had started them was over.
func sayLeft(io streams, r sessions.Result) {
	for _, arn := range r.Left {
		fmt.Fprintln(io.err, "left running: "+clean(arn))
	}
	if r.LeftWhy != nil {
		fmt.Fprintln(io.err, clean(r.LeftWhy.Error()))
	}
}

// writeHistory writes what get-execution-history would answer, where --history
// asks for it: write is called with the events, and is nil where it does not.
func (o *runOptions) writeHistory(io streams) (write func([]interp.Event), closed func() error, err error) {
	if o.history == "" {
		return nil, func() error { return nil }, nil
	}
	out, closeFile := io.out, func() error { return nil }
	if o.history != "-" {
		f, err := os.Create(o.history)
		if err != nil {
			return nil, nil, usage("cannot write the history: %w", plainPathError(err))
		}
		out, closeFile = f, f.Close
	}
	h := history.NewWriter(out, o.region)
	return h.Add, func() error { return errors.Join(h.Close(), closeFile()) }, nil
}

// interrupted is the error of a command whose context was cancelled.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return &exitError{exitInterrupted, errors.New("interrupted; what was recorded so far is kept")}
	}
	return &exitError{exitFailed, err}
}
