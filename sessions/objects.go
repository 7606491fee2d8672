package sessions

import (
	"context"
	"fmt"

	"asldbg/interp"
	"asldbg/interp/itemreader"
)

// objects answers what distributed Maps ask of S3.
type objects struct{ reader *itemreader.Reader }

func newObjects(o *Options) objects {
	if o.Objects == nil {
		return objects{}
	}
	return objects{itemreader.New(o.Objects)}
}

func (o objects) close() {
	if o.reader != nil {
		o.reader.Close()
	}
}

// answer is the input that answers a Read or Write; nil for other effects. An
// error is ctx's, or a [NeedsAnswerError].
func (o objects) answer(ctx context.Context, e interp.Effect) (interp.Input, error) {
	switch e := e.(type) {
	case interp.Read:
		if o.reader == nil {
			what := e.Parameters.Get("Bucket").Text() + "/" + e.Parameters.Get("Key").Text()
			return nil, needsObjects(e.State.Name, e.State.ItemReader.Resource, "its items are in s3://"+what)
		}
		return o.reader.Read(ctx, e)
	case interp.Write:
		if o.reader == nil {
			return nil, needsObjects(e.State.Name, e.State.ResultWriter.Resource, fmt.Sprintf("its results go to s3://%s/%s", e.Bucket, e.Key))
		}
		return o.reader.Write(ctx, e)
	}
	return nil, nil
}

func needsObjects(state, resource, why string) *NeedsAnswerError {
	return &NeedsAnswerError{State: state, Resource: resource, Why: why, Objects: true}
}

// useObjects answers the Reads and Writes of the frames that may move. What is
// asked is looked up in the execution, so that a fork finds it again.
func (g *engine) useObjects(ctx context.Context) (done, goOn bool) {
	for _, e := range g.newest.Pending() {
		var frame interp.FrameID
		switch e := e.(type) {
		case interp.Read:
			frame = e.Frame
		case interp.Write:
			frame = e.Frame
		}
		if frame == 0 || !g.covers(frame) {
			continue
		}
		in, err := g.objects.answer(ctx, e)
		if err != nil {
			g.stopIn(StopAnswer, 0, frame, err.Error())
			return true, false
		}
		turn, err := g.input(ctx, "s3", in)
		if err != nil {
			panic("sessions: what was asked of S3 does not fit: " + err.Error())
		}
		if g.after(turn.Events) {
			return true, false
		}
		if g.goal.kind == toStage {
			g.stopAt(StopStep, g.doneText())
			return true, false
		}
		return true, true
	}
	return false, false
}
