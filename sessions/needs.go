package sessions

import (
	"fmt"
	"strings"

	"asldbg/interp"
)

// NeedsAnswerError says that a task needs an answer nobody gave: no mock has
// one, and no request may be sent for it.
type NeedsAnswerError struct {
	State    string
	Resource string
	Request  *HTTPRequest // nil where there is none, or it could not be prepared
	Token    bool         // the request is not the question: its task token was never answered
	Objects  bool         // it is a Map that needs objects of S3
	Why      string
}

func (e *NeedsAnswerError) Error() string {
	var b strings.Builder
	if e.Objects {
		fmt.Fprintf(&b, "state %q (%s) needs S3: %s\n", e.State, e.Resource, e.Why)
		b.WriteString("Give it a folder: --s3-dir DIR, where DIR/BUCKET/KEY stands for s3://BUCKET/KEY")
		return b.String()
	}
	what := "an answer"
	if e.Token {
		what = "the answer to its task token"
	}
	fmt.Fprintf(&b, "state %q (%s) needs %s: %s\n", e.State, e.Resource, what, e.Why)
	if e.Request != nil {
		b.WriteString(e.Request.text("    "))
	}
	b.WriteString("Three ways to give one: --mocks FILE with an answer for this state")
	if e.Token {
		b.WriteString("; SendTaskSuccess or SendTaskFailure")
	} else {
		b.WriteString("; --live, or --endpoint HOST=URL, to let the call out")
	}
	b.WriteString("; on screen, with asldbg debug")
	return b.String()
}

// needsAnswer is the error for a call. p is what is known of its request, nil
// for nothing.
func needsAnswer(call interp.Call, p *prepared, why string) *NeedsAnswerError {
	e := &NeedsAnswerError{State: call.State.Name, Resource: call.Resource.ARN, Why: why}
	if p != nil && p.http {
		e.Request = httpRequest(p.sealed)
	}
	return e
}
