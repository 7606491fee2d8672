package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"asldbg/sessions"
	"asldbg/tui"
	"asldbg/tui/theme"
)

func newDebug(io streams) *cobra.Command {
	o := &runOptions{}
	hold := true
	c := &cobra.Command{
		Use:   "debug FILE [FILE…]",
		Short: "Step through a machine on screen",
		Long: `Debug opens FILE in the debugger, stopped at its first state. Press ? for the keys.

Every request that would leave is shown and held until you send, mock or fail
it. The session is recorded as it happens; asldbg replay walks it again.

A task that starts another machine (states:startExecution) opens it here, as an
execution of its own that you can step into: a machine of the same template, of
another FILE, or named by --machine ARN=FILE.

While a task token is awaited, SendTaskSuccess, SendTaskFailure and
SendTaskHeartbeat are answered at --callback-addr; t shows the token.`,
		Example: `  asldbg debug order.asl.json --input '{"id": 7}'
  asldbg template.yaml#Orders --live='*.execute-api.eu-west-1.amazonaws.com' --profile dev`,
		Args: files,
		RunE: func(c *cobra.Command, args []string) error {
			o.more = args[1:]
			if err := o.check(c); err != nil {
				return err
			}
			if !isTerminal(io) {
				return usage("the debugger needs a terminal; to execute %s without one: asldbg run %s", args[0], args[0])
			}
			m, err := o.load(io.in, args[0])
			if err != nil {
				return err
			}
			so, err := o.sessionOptions(io, m)
			if err != nil {
				return err
			}
			so.Hold = hold
			return o.debug(c.Context(), io, so)
		},
	}
	o.add(c, "library")
	c.Flags().BoolVar(&hold, "hold", true, "hold every request that may leave until you send it")
	return c
}

// debug runs a session on screen until the user leaves.
func (o *runOptions) debug(ctx context.Context, io streams, so sessions.Options) error {
	return o.show(ctx, io, so, sessions.New)
}

// show begins a session, puts it on screen, and says afterwards where it was
// recorded. Answers to its task tokens come from the screen or from outside.
func (o *runOptions) show(ctx context.Context, io streams, so sessions.Options, begin func(context.Context, sessions.Options) (*sessions.Session, error)) error {
	tokens := &sessionTokens{addr: o.callback}
	defer tokens.close()
	so.TokensAt = tokens.open
	s, err := begin(ctx, so)
	if err != nil {
		return err
	}
	defer s.Close()
	tokens.session.Store(s)
	err = tui.Run(ctx, s, tui.Options{Theme: o.theme()})
	if closeErr := s.Close(); err == nil {
		err = closeErr
	} else if errors.Is(err, context.Canceled) {
		err = interrupted(err)
	}
	if o.file != "" {
		fmt.Fprintf(io.out, "The session is in %s\nWalk it again: asldbg replay %s\n", o.file, o.file)
	}
	return err
}

// isTerminal reports whether a person can be shown a screen.
func isTerminal(io streams) bool {
	in, ok := io.in.(*os.File)
	out, ok2 := io.out.(*os.File)
	return ok && ok2 && term.IsTerminal(in.Fd()) && term.IsTerminal(out.Fd())
}

// theme is how screens look, as flags and environment have it.
func (o *runOptions) theme() theme.Theme {
	mode := map[string]theme.Mode{"always": theme.Always, "never": theme.Never}[o.color]
	return theme.For(o.ascii, mode, os.Getenv)
}
