package sessions

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp"
	"asldbg/interp/itemreader"
	"asldbg/interp/task"
	"asldbg/interp/task/mock"
	"asldbg/sessions/journal"
)

// Options say what is executed and who answers its tasks.
type Options struct {
	Machine *interp.Machine
	Start   interp.Start
	StartAt time.Time // the virtual clock at the start; zero: now
	Title   string    // "": the definition's name
	Version string    // of the program, for what is exported

	Handlers    []task.Handler          // the first that handles a resource does
	Mocks       *mock.Mocks             // nil: none
	Known       []Known                 // other machines, which tasks may start
	Objects     itemreader.Objects      // what distributed Maps read and write; nil: nothing
	Policy      task.Policy             // what may leave the machine
	Credentials aws.CredentialsProvider // nil: example ones, for looking at
	Network     string                  // what requests can reach, such as "profile=dev"; "": nothing
	AsSelf      bool                    // what AWS signs as a service of its own is sent signed as the user, without asking
	Hold        bool                    // requests that may leave are held until somebody sends them
	RealTime    bool                    // waits really wait

	// Record begins a session file; nil: nothing is recorded. The session fills
	// in the definition, the start and, for the file of a fork, its parent; the
	// rest of the header is Record's to add. A session that forks calls it again.
	Record func(journal.Header) (*journal.Writer, error)

	// TokensAt begins, the first time, to answer task tokens from outside and says
	// where; nil: nobody does. It is called while a token is awaited, by the
	// goroutine that would carry out the answer: it does not wait for one. Not of
	// Run, which has Callbacks.
	TokensAt func() (url string, err error)

	// Of Run only.

	Events    func([]interp.Event) // shown all events as they come, in a slice not to be kept; nil: nobody is
	Callbacks Callbacks            // nil: nobody answers task tokens
	Workers   bool                 // Callbacks answer activities, too, though no worker can be told of them here
}

// Callbacks waits for the next answer to one of the task tokens awaited, or
// until ctx is done: when more tokens are awaited, it is called again. The input
// is an interp.Callback or interp.Heartbeat.
type Callbacks func(ctx context.Context, awaited []TokenWait) (interp.Input, error)

// startAt is the virtual clock's first reading.
func (o *Options) startAt() time.Time {
	if o.StartAt.IsZero() {
		return time.Now()
	}
	return o.StartAt
}

func (o *Options) title() string {
	if o.Title != "" {
		return o.Title
	}
	return o.Machine.File().Name
}

// header is what a session file begins with.
func (o *Options) header(at time.Time) journal.Header {
	f := o.Machine.File()
	h := journal.Header{
		Title: o.title(), Time: time.Now(), Start: o.Start, StartAt: at,
		Definition: journal.Definition{Name: f.Name, Text: f.Source},
	}
	if f.Root != nil {
		h.Definition.Tree = f.Root.Value
	}
	return h
}
