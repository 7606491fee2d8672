package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
)

// ErrNoTerminal says that there is no terminal to draw on.
var ErrNoTerminal = errors.New("the screen needs a terminal")

// Run shows a session until the user leaves, ctx is done or a signal asks the
// program to end; the error is the context's then. The terminal is put back as
// it was, whatever happens.
func Run(ctx context.Context, s Session, o Options) error {
	switch {
	case !term.IsTerminal(os.Stdin.Fd()):
		return fmt.Errorf("%w, and stdin is not one; asldbg run needs none", ErrNoTerminal)
	case !term.IsTerminal(os.Stdout.Fd()):
		return fmt.Errorf("%w, and stdout is not one; asldbg run needs none", ErrNoTerminal)
	case os.Getenv("TERM") == "dumb":
		return fmt.Errorf("%w that can place text, and TERM is dumb; asldbg run needs none", ErrNoTerminal)
	}
	profile := colorprofile.ANSI
	if !o.Theme.Colour {
		profile = colorprofile.ASCII
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	p := tea.NewProgram(New(s, o), tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithColorProfile(profile), tea.WithFPS(30))
	if _, err := p.Run(); err != nil {
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		return fmt.Errorf("show the session: %w", err)
	}
	return nil
}
