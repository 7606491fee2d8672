package sessions

import (
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// NeedsAnswerError says that a task needs an answer nobody gave: no mock has
// one, and no request may be sent for it.
type NeedsAnswerError struct {
	State    string
	Resource string
	Request  *HTTPRequest  // nil where there is none, or it could not be prepared
	Token    bool          // the request is not the question: its task token was never answered
	Objects  bool          // it is a Map that needs objects of S3
	Input    jsonval.Value // the task's effective parameters
	Sendable bool          // the task's calls can be sent from here
	Machine  string        // it starts the machine of this ARN, which nobody knows
	Closed   bool          // the network is closed to it
	AsSelf   bool          // it could be sent signed as the user, who has not said so
	Tried    bool          // the state is tried by itself
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
	switch {
	case e.Request != nil:
		b.WriteString(e.Request.text("    "))
	case !e.Token:
		b.WriteString("    its input: " + upTo(longestShown, e.Input.String()) + "\n")
	}
	ways := []string{"--mocks FILE with an answer for this state", "on screen, with asldbg debug"}
	if e.Tried {
		ways = []string{`--mock '{"result": "{}"}' with its result, or errorOutput with its error`}
	}
	switch {
	case e.Machine != "":
		arn := e.Machine
		if strings.ContainsFunc(arn, func(r rune) bool { return r <= ' ' || r > '~' || r == '\'' }) {
			arn = "ARN" // nothing to be pasted into a shell
		}
		ways = append([]string{"--machine " + arn + "=FILE, or its definition as another FILE, to execute it here"}, ways...)
	case e.Token:
		ways = append(ways, "SendTaskSuccess or SendTaskFailure, with --callback-addr ADDR")
	case e.AsSelf:
		ways = append(ways, "--as-self, to send it signed as you")
	case e.Closed:
		ways = append(ways, "--live, or --endpoint HOST=URL, to let the call out")
	}
	b.WriteString("Ways to give one: " + strings.Join(ways, "; "))
	if !e.Sendable {
		b.WriteString(". --live and --endpoint do not help here: only calls of API Gateway and HTTP tasks can be sent")
	}
	return b.String()
}

// needsAnswer is the error for a call. p is what is known of its request, nil
// for nothing.
func (d *desk) needsAnswer(call interp.Call, p *prepared, why string) *NeedsAnswerError {
	e := &NeedsAnswerError{
		State: call.State.Name, Resource: call.Resource.ARN, Why: why, Input: call.Input, Sendable: d.handler(call.Resource) != nil,
		Machine: d.unknownMachine(call),
	}
	if p != nil && p.http {
		e.Request, e.AsSelf, e.Closed = httpRequest(p.sealed), p.toDecide != "" && p.mayLeave, p.closed
	}
	return e
}
