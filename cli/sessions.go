package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/journal"
)

func newSessions(io streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "sessions",
		Short: "The library of recorded sessions",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSessionsList(io), newSessionsShow(io), newSessionsExport(io), newSessionsRemove(io))
	return c
}

func newSessionsList(io streams) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the recorded sessions, the newest first",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all, err := journal.List(journal.Dir())
			if err != nil {
				return usage("read the sessions: %w", err)
			}
			if len(all) == 0 {
				fmt.Fprintf(io.err, "no session has been recorded yet in %s; asldbg demo records one\n", journal.Dir())
				return nil
			}
			t := tabwriter.NewWriter(io.out, 0, 8, 2, ' ', 0)
			fmt.Fprintln(t, "NAME\tMACHINE\tENDED\tSIZE")
			for _, s := range all {
				name := strings.TrimSuffix(filepath.Base(s.Path), journal.Extension)
				ended := s.Ended
				if ended == "" {
					ended = "-"
				}
				title := clean(s.Header.Title)
				if s.Err != nil {
					ended, title = "cannot be read", clean(s.Err.Error())
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%d\n", name, title, ended, s.Size)
			}
			return t.Flush()
		},
	}
}

func newSessionsShow(io streams) *cobra.Command {
	return &cobra.Command{
		Use:   "show SESSION",
		Short: "Print the story of a session, a line a step",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := openSession(args[0])
			if err != nil {
				return err
			}
			h := &f.Header
			fmt.Fprintf(io.out, "%s  recorded %s by %s, %d steps\n", clean(h.Title), h.Time.Format("2006-01-02 15:04:05"), clean(h.Program), f.Steps())
			if h.Parent != "" {
				fmt.Fprintf(io.out, "forked from %s at step %d\n", clean(h.Parent), h.At)
			}
			notes := f.Notes
			for _, e := range f.Entries {
				for len(notes) > 0 && notes[0].N < e.N {
					printNote(io, notes[0])
					notes = notes[1:]
				}
				fmt.Fprintf(io.out, "%5d  %s  %-8s  %s\n", e.N, e.At.UTC().Format("15:04:05.000"), e.By, clean(entryText(&e)))
			}
			for _, n := range notes {
				printNote(io, n)
			}
			return nil
		},
	}
}

func newSessionsExport(io streams) *cobra.Command {
	format, file := "har", "-"
	c := &cobra.Command{
		Use:   "export SESSION",
		Short: "Write what a session sent and got as an HTTP Archive",
		Long: `Export writes the requests a session sent and the answers that came as an HTTP
Archive (HAR 1.2), which browsers and proxies open. Signatures, session tokens,
keys and cookies are not in it.`,
		Example: `  asldbg sessions export order-0102 --output order.har`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "har" {
				return usage("--format %s: only har is known", format)
			}
			f, err := openSession(args[0])
			if err != nil {
				return err
			}
			m, err := (&runOptions{}).recompile(f)
			if err != nil {
				return err
			}
			machine, err := interp.Compile(m.file, checks...)
			if err != nil {
				return err
			}
			known, err := recordedMachines(f)
			if err != nil {
				return err
			}
			calls, err := sessions.Calls(c.Context(), f, machine, known)
			if err != nil {
				return interrupted(err)
			}
			text, err := sessions.HAR(version, calls)
			if err != nil {
				return &exitError{exitFailed, fmt.Errorf("%s: %w", args[0], err)}
			}
			if file == "-" {
				_, err = fmt.Fprint(io.out, text)
				return err
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				return usage("%w", plainPathError(err))
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", format, "`FORMAT` to write: har")
	c.Flags().StringVarP(&file, "output", "o", file, "`FILE` to write, - for stdout")
	return c
}

func printNote(io streams, n journal.Note) {
	fmt.Fprintf(io.out, "       %s: %s\n", clean(n.Kind), clean(n.Text))
}

// entryText is what a step did, on one line.
func entryText(e *journal.Entry) string {
	switch {
	case e.Start:
		return "start"
	case e.Input == nil:
		return fmt.Sprintf("%d steps by itself", e.Count)
	case len(e.Events) > 0:
		parts := make([]string, len(e.Events))
		for i, ev := range e.Events {
			parts[i] = ev.String()
		}
		return strings.Join(parts, "; ")
	}
	if start, ok := e.Input.(interp.StartExecution); ok {
		return "starts " + start.StateMachineARN
	}
	return strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e.Input), "interp."))
}

func newSessionsRemove(io streams) *cobra.Command {
	return &cobra.Command{
		Use:   "rm SESSION…",
		Short: "Remove recorded sessions",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, name := range args {
				path, err := findSession(name)
				if err != nil {
					return err
				}
				if err := os.Remove(path); err != nil {
					return usage("%w", plainPathError(err))
				}
				fmt.Fprintln(io.err, "removed "+path)
			}
			return nil
		},
	}
}
