package itemreader

import (
	"context"
	"io"
	"iter"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Objects is where the objects are. An error's text is what the execution gets
// to see as the cause.
type Objects interface {
	// Open reads an object from its beginning: [ErrNoSuchKey] and
	// [ErrNoSuchBucket] say that it is not there.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	// List gives the objects whose keys begin with prefix, in the order of their
	// keys' bytes. It ends after an error.
	List(ctx context.Context, bucket, prefix string) iter.Seq2[Object, error]
	// Write makes an object of text, or goes on with the one Write began.
	Write(ctx context.Context, bucket, key, text string, more bool) error
}

// Object is what a listing says of an object.
type Object struct {
	Key, ETag    string // the tag with its quotes
	Size         int64
	LastModified time.Time
}

// said is an error in AWS's words, which are sentences.
type said string

func (s said) Error() string { return string(s) }

// What S3 says.
const (
	ErrNoSuchKey    said = "The specified key does not exist."
	ErrNoSuchBucket said = "The specified bucket does not exist."
)

// Reader answers the questions of one execution, one at a time. It must be
// closed.
type Reader struct {
	objects Objects
	places  map[interp.FrameID]*place
}

// place is how far a frame's items have been read.
type place struct {
	of   interp.Read
	at   int // items given so far
	next func() (jsonval.Value, error, bool)
	stop func()
}

// New makes a Reader.
func New(o Objects) *Reader { return &Reader{objects: o, places: make(map[interp.FrameID]*place)} }

// Close gives up all places.
func (r *Reader) Close() {
	for frame := range r.places {
		r.leave(frame)
	}
}

func (r *Reader) leave(frame interp.FrameID) {
	if p := r.places[frame]; p != nil {
		p.stop()
		delete(r.places, frame)
	}
}

// Read answers a question: with Items, or with a Reply that says why not. An
// error is ctx's.
func (r *Reader) Read(ctx context.Context, q interp.Read) (interp.Input, error) {
	p := r.places[q.Frame]
	if p == nil || p.of.State != q.State || p.at != q.From || !jsonval.Equal(p.of.Parameters, q.Parameters) {
		r.leave(q.Frame)
		p = &place{of: q}
		// The stream outlives this question, so it cannot depend on ctx.
		p.next, p.stop = iter.Pull2(r.items(context.WithoutCancel(ctx), q.State.ItemReader, q.Parameters))
		r.places[q.Frame] = p
	}
	var items []jsonval.Value
	for p.at < q.From+q.Max {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v, err, ok := p.next()
		if !ok {
			r.leave(q.Frame)
			return interp.Items{Effect: q.Effect, Items: items, Last: true}, nil
		}
		if err != nil {
			r.leave(q.Frame)
			return interp.Reply{Effect: q.Effect, Outcome: interp.Outcome{Failure: interp.Fail("States.ItemReaderFailed", err.Error())}}, nil
		}
		if p.at++; p.at > q.From {
			items = append(items, v)
		}
	}
	return interp.Items{Effect: q.Effect, Items: items}, nil
}

// Write does what a ResultWriter asks for.
func (r *Reader) Write(ctx context.Context, w interp.Write) (interp.Input, error) {
	o := interp.Outcome{Result: jsonval.NullValue}
	if err := r.objects.Write(ctx, w.Bucket, w.Key, w.Text, w.Append); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		o = interp.Outcome{Failure: interp.Fail("States.ResultWriterFailed", err.Error())}
	}
	return interp.Reply{Effect: w.Effect, Outcome: o}, nil
}
