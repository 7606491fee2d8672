package sessions

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"asldbg/sessions/command"
)

// Session is the debugger. Any number of goroutines may use it.
type Session struct {
	jobs    chan func(context.Context) // for the goroutine that owns the engine
	changed chan struct{}
	view    atomic.Pointer[View]
	stop    context.CancelFunc
	ended   chan struct{}
	away    sync.WaitGroup // requests and preparations under way
	close   sync.Once

	// Of the goroutine that owns the engine.
	engine    *engine
	published uint64    // the revision last shown
	shownAt   time.Time // and when
	waiting   []waiter
	closeErr  error
}

// ErrClosed says that a session has been closed.
var ErrClosed = errors.New("the session is closed")

// refresh is the shortest time between two Views of a session that runs.
const refresh = time.Second / 30

// patience is how long Do waits for a session to stand still.
const patience = 50 * time.Millisecond

// waiter waits until the session stands still or, unless it is patient, waits
// for the world.
type waiter struct {
	done    chan struct{}
	patient bool
}

// New starts an execution and stops at its first state.
func New(ctx context.Context, o Options) (*Session, error) {
	s := newSession(&o)
	if o.Record != nil {
		w, err := o.Record(o.header(s.engine.now))
		if err != nil {
			return nil, err
		}
		s.engine.journal = w
	}
	s.open(ctx, s.engine.begin)
	return s, nil
}

func newSession(o *Options) *Session {
	s := &Session{
		jobs:    make(chan func(context.Context)),
		changed: make(chan struct{}, 1),
		ended:   make(chan struct{}),
	}
	s.engine = newEngine(o)
	return s
}

// open begins with first and gives the engine to its goroutine. The session
// goes on when ctx is done: only its values are used.
func (s *Session) open(ctx context.Context, first func(context.Context)) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.engine.away = func(work func() func(context.Context)) {
		s.away.Go(func() {
			then := work()
			select {
			case s.jobs <- then:
			case <-ctx.Done():
			}
		})
	}
	first(ctx)
	s.publish()
	go s.loop(ctx)
}

// loop owns the engine.
func (s *Session) loop(ctx context.Context) {
	defer close(s.ended)
	g := s.engine
	for ctx.Err() == nil {
		if g.move(ctx) {
			select {
			case job := <-s.jobs:
				job(ctx)
			default:
			}
			if time.Since(s.shownAt) >= refresh {
				s.publish()
			}
			continue
		}
		g.makeShown(ctx)
		s.publish()
		s.release()
		var due <-chan time.Time
		var timer *time.Timer
		if d, ok := g.alarm(); ok {
			timer = time.NewTimer(d)
			due = timer.C
		}
		select {
		case job := <-s.jobs:
			g.tick()
			job(ctx)
		case <-due:
			g.tick()
		case <-ctx.Done():
		}
		if timer != nil {
			timer.Stop()
		}
	}
	g.giveUpCalls()
	if g.journal != nil {
		s.closeErr = g.closeJournal()
	}
}

// publish shows a new View, if anything has changed, and brings what led to it
// into the session file.
func (s *Session) publish() {
	g := s.engine
	g.flush()
	if g.revision == s.published {
		return
	}
	s.published, s.shownAt = g.revision, time.Now()
	s.view.Store(g.picture())
	select {
	case s.changed <- struct{}{}:
	default: // the reader has not looked at the last one yet
	}
}

// release lets those go on that waited for the session to come to rest.
func (s *Session) release() {
	g := s.engine
	making := false
	for _, c := range g.calls {
		making = making || c.making
	}
	still := g.goal == nil && !making
	left := s.waiting[:0]
	for _, w := range s.waiting {
		if still || !w.patient && !g.runsSince.IsZero() {
			close(w.done)
		} else {
			left = append(left, w)
		}
	}
	s.waiting = left
}

// Do carries out a command. An error says why it was refused. Do returns when
// the session stands still again, or waits for the world: for a request's
// answer, or for real time. A long run goes on after Do has returned; Wait waits
// for its end.
func (s *Session) Do(ctx context.Context, c command.Command) error {
	var refused error
	return s.ask(ctx, false, patience, func(ctx context.Context) bool {
		refused = s.engine.do(ctx, c)
		return refused == nil
	}, &refused)
}

// Wait waits until the session stands still: until it is neither running nor
// sending, or ctx is done.
func (s *Session) Wait(ctx context.Context) error {
	return s.ask(ctx, true, 0, func(context.Context) bool { return true }, new(error))
}

// ask has work done by the goroutine that owns the engine. Where work returns
// true, ask then waits for rest, at most for limit (0: without end).
func (s *Session) ask(ctx context.Context, patient bool, limit time.Duration, work func(context.Context) bool, refused *error) error {
	taken, rest := make(chan struct{}), make(chan struct{})
	job := func(ctx context.Context) {
		if work(ctx) {
			s.waiting = append(s.waiting, waiter{rest, patient})
		} else {
			close(rest)
		}
		close(taken)
	}
	select {
	case s.jobs <- job:
	case <-s.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	<-taken
	var enough <-chan time.Time
	if limit > 0 {
		t := time.NewTimer(limit)
		defer t.Stop()
		enough = t.C
	}
	select {
	case <-rest:
		return *refused
	case <-enough:
		return nil
	case <-s.ended:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Changed says that the View has changed since the last time it was received
// from; what has changed, the View shows. It is closed by Close.
func (s *Session) Changed() <-chan struct{} { return s.changed }

// View is the session at this moment. It never changes; the next one is another.
func (s *Session) View() View { return *s.view.Load() }

// Close ends the session: requests under way are given up, the session file is
// closed. The error is what kept the file from being written.
func (s *Session) Close() error {
	s.stop()
	<-s.ended
	s.away.Wait()
	s.engine.objects.close()
	s.close.Do(func() { close(s.changed) })
	return s.closeErr
}
