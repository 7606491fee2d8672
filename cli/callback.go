package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/sfnapi"
)

// callbacks are the answers to task tokens of a session without a screen. They
// are listened for from the first token on.
type callbacks struct {
	addr     string
	err      io.Writer
	answers  *sfnapi.Run
	endpoint *sfnapi.Endpoint
	told     map[interp.Token]bool // those whose commands were printed
}

// next is sessions.Callbacks. It says once for each token how to answer it.
func (c *callbacks) next(ctx context.Context, awaited []sessions.TokenWait) (interp.Input, error) {
	if c.endpoint == nil {
		e, err := sfnapi.Listen(c.addr, c.answers)
		if err != nil {
			return nil, err
		}
		c.endpoint = e
	}
	for _, w := range awaited {
		if !c.told[w.Token] {
			c.told[w.Token] = true
			fmt.Fprintf(c.err, "waiting for the task token of %q at %s: %s\n", clean(w.State), c.endpoint.URL(), sessions.SendTaskSuccess(c.endpoint.URL(), w.Token))
		}
	}
	return c.answers.Next(ctx, awaited)
}

func (c *callbacks) close() {
	if c.endpoint != nil {
		c.endpoint.Close()
	}
}

// sessionTokens answers the task tokens of a session on screen, from the first
// one on.
type sessionTokens struct {
	addr    string
	session atomic.Pointer[sessions.Session] // nil until it has begun

	mu       sync.Mutex
	endpoint *sfnapi.Endpoint
	err      error // why there is none
}

// open is sessions.Options.TokensAt.
func (t *sessionTokens) open() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.endpoint == nil && t.err == nil {
		t.endpoint, t.err = sfnapi.Listen(t.addr, t)
	}
	if t.err != nil {
		return "", t.err
	}
	return t.endpoint.URL(), nil
}

// Answer takes an answer that came from outside.
func (t *sessionTokens) Answer(ctx context.Context, in interp.Input) error {
	s := t.session.Load()
	if s == nil {
		return interp.ErrNoSuchToken
	}
	return sfnapi.Session{Session: s}.Answer(ctx, in)
}

func (t *sessionTokens) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.endpoint != nil {
		t.endpoint.Close()
	}
}
