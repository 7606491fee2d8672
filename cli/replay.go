package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/sessions"
	"asldbg/sessions/journal"
)

func newReplay(io streams) *cobra.Command {
	o := &runOptions{}
	check := false
	c := &cobra.Command{
		Use:   "replay SESSION",
		Short: "Walk a recorded session forwards and backwards",
		Long: `Replay opens a recorded session. Nothing runs and nothing is sent; R runs on from
the step you look at, as a new session, and leaves the recording as it is.

SESSION is a file, or a name asldbg sessions list shows (the beginning will do);
without it, the newest session is taken.

With --check nothing is shown: every step is computed again and compared with
the recording. Exit code 5 and both sides of the first difference, if there is one.`,
		Example: `  asldbg replay
  asldbg replay 20261122-1605-stock-trader
  asldbg replay --check session.asldbg`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(c); err != nil {
				return err
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			f, err := openSession(name)
			if err != nil {
				return err
			}
			m, err := o.recompile(f)
			if err != nil {
				return err
			}
			if check {
				return checkReplay(c.Context(), io, f, m)
			}
			return o.replay(c.Context(), io, f, m)
		},
	}
	o.add(c, "library")
	c.Flags().BoolVar(&check, "check", false, "compute everything again and compare; exit 5 on a difference")
	return c
}

// openSession finds and reads a session file.
func openSession(name string) (*journal.File, error) {
	path, err := findSession(name)
	if err != nil {
		return nil, err
	}
	f, err := journal.Open(path)
	if err != nil {
		return nil, usage("%w", err)
	}
	return f, nil
}

// findSession is the file of a session: a path, the beginning of a name in the
// library, or, for "", the newest.
func findSession(name string) (string, error) {
	if name != "" {
		if _, err := os.Stat(name); err == nil {
			return name, nil
		}
	}
	all, err := journal.List(journal.Dir())
	if err != nil {
		return "", usage("read the sessions: %w", err)
	}
	var found []string
	for _, s := range all {
		if filepath.Base(s.Path) == name+journal.Extension {
			return s.Path, nil
		}
		if strings.HasPrefix(filepath.Base(s.Path), name) {
			found = append(found, s.Path)
		}
	}
	switch {
	case name == "" && len(all) > 0:
		return all[0].Path, nil
	case name == "":
		return "", usage("no session has been recorded yet in %s; asldbg demo records one", journal.Dir())
	case len(found) == 0:
		return "", usage("there is no session %s: not a file, and none in %s begins so; asldbg sessions list shows them", name, journal.Dir())
	case len(found) > 1:
		return "", usage("%d sessions begin with %s: say more of the name, or see asldbg sessions list", len(found), name)
	}
	return found[0], nil
}

// recompile makes the machine of a session file's header.
func (o *runOptions) recompile(f *journal.File) (*machineFile, error) {
	d := f.Header.Definition
	file, found := asl.Parse(d.Name, d.Text, asl.Options{Substitutions: f.Header.Substitutions, Express: f.Header.Start.Express, NoQuotas: f.Header.Start.NoQuotas})
	m := &machineFile{file: file, found: found, name: machineName(d.Name), express: f.Header.Start.Express, substitutions: f.Header.Substitutions}
	if err := found.Err(); err != nil {
		return nil, usage("%s: the definition in it is not valid:\n%w", f.Path, err)
	}
	return m, nil
}

func checkReplay(ctx context.Context, io streams, f *journal.File, m *machineFile) error {
	machine, err := interp.Compile(m.file, checks...)
	if err != nil {
		return err
	}
	known, err := recordedMachines(f)
	if err != nil {
		return err
	}
	report, err := sessions.Check(ctx, f, machine, known)
	if err != nil {
		return interrupted(err)
	}
	if report.Difference != nil {
		return &exitError{exitDiffers, errors.New(f.Path + ": " + report.String())}
	}
	fmt.Fprintln(io.out, report)
	if f.Torn != "" {
		fmt.Fprintln(io.err, "the last line of the file was not written to its end; it was left out")
	}
	return nil
}

// replay shows a session on screen.
func (o *runOptions) replay(ctx context.Context, io streams, f *journal.File, m *machineFile) error {
	if !isTerminal(io) {
		return usage("replay needs a terminal; to compare a recording without one: asldbg replay --check %s", f.Path)
	}
	so, err := o.sessionOptions(io, m)
	if err != nil {
		return err
	}
	recorded, err := recordedMachines(f)
	if err != nil {
		return err
	}
	so.Title, so.Known = "", append(recorded, so.Known...)
	so.Hold = true // when it runs on from here
	return o.show(ctx, io, so, func(ctx context.Context, so sessions.Options) (*sessions.Session, error) {
		return sessions.Open(ctx, f, so)
	})
}
