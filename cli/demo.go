package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"asldbg/examples"
	"asldbg/interp/task"
	"asldbg/interp/task/local"
	"asldbg/interp/template"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/plain"
)

func newDemo(io streams) *cobra.Command {
	o := &runOptions{}
	list := false
	c := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Step through a sample together with its API: no account, no network",
		Long: `Demo opens a sample workflow in the debugger, together with the API it calls,
which is built into the program and listens on a free port of this machine only.

The API takes calls from other terminals, too: y copies a held request as a curl
command. Its credentials open nothing else:
  AWS_ACCESS_KEY_ID=AKIDDEMO
  AWS_SECRET_ACCESS_KEY='secret of the built-in API, good for nothing else'
  AWS_SESSION_TOKEN='session of the built-in API'

Where stdout is no terminal, demo plays the walk by itself and prints each stop.`,
		Example: `  asldbg demo                the stock trader
  asldbg demo pet-store      signed requests
  asldbg demo callback       a task token to answer
  asldbg demo order          a machine that starts another
  asldbg demo --list         what there is`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: exampleNames(),
		RunE: func(c *cobra.Command, args []string) error {
			if list {
				for _, e := range examples.List() {
					fmt.Fprintf(io.out, "%-14s%s\n", e.Name, e.Title)
				}
				return nil
			}
			if err := o.check(c); err != nil {
				return err
			}
			name := "stock-trader"
			if len(args) > 0 {
				name = args[0]
			}
			for _, e := range examples.List() {
				if e.Name == name {
					return o.demo(c.Context(), io, e)
				}
			}
			return usage("there is no demo %q; there are %s", name, strings.Join(exampleNames(), ", "))
		},
	}
	o.add(c, "library")
	c.Flags().BoolVar(&list, "list", false, "list the demos")
	return c
}

func exampleNames() []string {
	var names []string
	for _, e := range examples.List() {
		names = append(names, e.Name)
	}
	return names
}

// transcriptTime is the time of demos that are printed, so that the same walk
// always gives the same text.
var transcriptTime = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// demo runs a sample with its API, on screen or as a transcript.
func (o *runOptions) demo(ctx context.Context, io streams, e examples.Example) error {
	m, err := o.loadExample(e)
	if err != nil {
		return err
	}
	if o.input == "" {
		text, err := fs.ReadFile(e.Dir, e.Input)
		if err != nil {
			return err
		}
		o.input = string(text)
	}
	screen := isTerminal(io)
	dates := time.Now
	if !screen {
		dates = func() time.Time { return transcriptTime }
		if !o.seedSet {
			o.seed, o.seedSet = 1, true
		}
	}
	so, err := o.sessionOptions(io, m)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	api := local.New(so.Start.Seed, time.Now, dates)
	url, err := api.Start(ctx)
	if err != nil {
		return fmt.Errorf("start the demo's API: %w", err)
	}
	if so.Policy, err = task.NewPolicy(o.live, append(o.endpoints, "*="+url), nil); err != nil {
		return usage("%w", err)
	}
	so.Credentials, so.Hold, so.Mocks = api, true, so.Mocks.WithDynamoDB(dates())
	so.Network = "the API built into asldbg"
	if !screen {
		so.StartAt = transcriptTime
		return o.transcript(ctx, io, so, e)
	}
	return o.debug(ctx, io, so)
}

func (o *runOptions) loadExample(e examples.Example) (*machineFile, error) {
	t, err := template.Load(e.Dir, e.File, template.Options{Set: o.substitutions, Region: o.region, Account: o.account, StackName: e.Name})
	if err != nil {
		return nil, err
	}
	m, err := t.Machine(e.Machine)
	if err != nil {
		return nil, err
	}
	file, found := m.Parse()
	out := &machineFile{file: file, found: found, name: m.Name, express: m.Express, arn: m.ARN, substitutions: m.Substitutions}
	for _, other := range t.Deployed() {
		if file, found := other.Parse(); other != m {
			out.siblings = append(out.siblings, &machineFile{
				file: file, found: found, name: other.Name, express: other.Express, arn: other.ARN, roleARN: other.RoleARN, substitutions: other.Substitutions,
			})
		}
	}
	return out, nil
}

// transcript plays a sample's walk and prints each stop.
func (o *runOptions) transcript(ctx context.Context, io streams, so sessions.Options, e examples.Example) error {
	walk, err := fs.ReadFile(e.Dir, e.Walk)
	if err != nil {
		return err
	}
	s, err := sessions.New(ctx, so)
	if err != nil {
		return err
	}
	defer s.Close()
	shown := s.View()
	fmt.Fprintf(io.out, "asldbg demo %s: %s\n\n%s", e.Name, e.Title, plain.Text(shown))
	for line := range strings.Lines(string(walk)) {
		line = strings.TrimSpace(line)
		c, err := command.Parse(line)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Walk, err)
		}
		fmt.Fprintf(io.out, "\n> %s\n", line)
		if err := s.Do(ctx, c); err != nil {
			return &exitError{exitFailed, err}
		}
		if err := s.Wait(ctx); err != nil {
			return interrupted(err)
		}
		if v := s.View(); v.Cursor != shown.Cursor || v.Phase != shown.Phase {
			shown = v
			fmt.Fprint(io.out, plain.Text(v))
		}
	}
	if v := s.View(); v.Phase != sessions.Ended {
		return &exitError{exitFailed, errors.New("the walk is over, but the execution is not")}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if o.file != "" {
		fmt.Fprintln(io.err, "recorded in "+o.file)
	}
	return nil
}
