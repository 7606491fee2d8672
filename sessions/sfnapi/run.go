package sfnapi

import (
	"context"
	"sync"
	"time"

	"asldbg/interp"
	"asldbg/sessions"
)

// Run takes the answers for sessions without a screen: its Next is what
// [sessions.Options] calls Callbacks.
type Run struct {
	offers chan offer

	mu   sync.Mutex
	seen map[interp.Token]bool // tokens that were awaited at some time
}

// offer is an answer that waits to be taken; taken gets what became of it.
type offer struct {
	in    interp.Input
	taken chan error
}

// NewRun is one that has no answers yet.
func NewRun() *Run { return &Run{offers: make(chan offer), seen: make(map[interp.Token]bool)} }

// patience is how long an answer waits for a session that looks elsewhere.
const patience = 2 * time.Second

// Answer gives in to the session that awaits its token.
func (r *Run) Answer(ctx context.Context, in interp.Input) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	o := offer{in, make(chan error, 1)}
	select {
	case r.offers <- o:
		return <-o.taken
	case <-ctx.Done():
		return r.notAwaited(tokenOf(in)) // nothing is
	}
}

func (r *Run) notAwaited(t interp.Token) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[t] {
		return ErrOver
	}
	return interp.ErrNoSuchToken
}

func (r *Run) see(tokens []sessions.TokenWait) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range tokens {
		r.seen[w.Token] = true
	}
}

// Next is the next answer to one of the tokens awaited.
func (r *Run) Next(ctx context.Context, awaited []sessions.TokenWait) (interp.Input, error) {
	r.see(awaited)
	for {
		select {
		case o := <-r.offers:
			if !awaits(awaited, tokenOf(o.in)) {
				o.taken <- r.notAwaited(tokenOf(o.in))
				continue
			}
			o.taken <- nil
			return o.in, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func awaits(tokens []sessions.TokenWait, t interp.Token) bool {
	for _, w := range tokens {
		if w.Token == t {
			return true
		}
	}
	return false
}

// tokenOf is the token an input answers.
func tokenOf(in interp.Input) interp.Token {
	switch in := in.(type) {
	case interp.Callback:
		return in.Token
	case interp.Heartbeat:
		return in.Token
	}
	return ""
}
