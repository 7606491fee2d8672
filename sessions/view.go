package sessions

import (
	"slices"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// Phase says what a session is doing, in one word for the top line.
type Phase uint8

// The phases.
const (
	Paused  Phase = iota // stopped: somebody decides what comes next
	Held                 // stopped before a request that would be sent
	Waiting              // nothing can move until a task token is answered
	Running              // going on by itself
	Sending              // a request is under way
	Ended                // the execution is over
	Replay               // walking a recorded session: nothing runs, nothing is sent
)

var phaseNames = [...]string{"PAUSED", "HELD", "WAITING", "RUNNING", "SENDING", "ENDED", "REPLAY"}

// String is the phase as the top line shows it.
func (p Phase) String() string { return phaseNames[p] }

// View is a complete picture of a session at one moment. It is immutable:
// front ends may keep it and compare it with a later one.
type View struct {
	Revision uint64    // grows with every change
	Title    string    // the definition's file name, or the session's
	File     *asl.File // the definition the focused frame is in
	Phase    Phase
	Status   interp.Status
	Over     bool      // nothing is left that could go on; executions that were only started may outlive the main one
	Stop     Stop      // why it stands where it stands
	Message  string    // what just happened, in words
	Error    string    // what could not be done, "" if all is well
	Network  string    // OFFLINE nothing is sent, or LIVE profile=dev
	Live     bool      // something may leave the machine
	Now      time.Time // the virtual clock

	Focus  interp.FrameID // the frame s and n move
	Frames []interp.Frame // depth first
	States map[*asl.State]StateMark

	Output  jsonval.Value   // of a succeeded execution
	Failure *interp.Failure // of a failed one

	Requests    []Request      // held, in flight or waiting for an answer; oldest first
	Calls       []PastCall     // answered ones, oldest first
	Tokens      []TokenWait    // task tokens awaited
	TokensOver  []interp.Token // those that were awaited and are not any more
	TokensAt    string         // the URL where they are answered from outside; "": nowhere
	Breakpoints []Breakpoint   // in the order made
	HoldAll     bool           // every request that would leave is held
	Holds       []HoldRule     // exceptions from that; the last one that covers a request counts
	Watches     []Watch

	Steps    []StepInfo // the whole timeline, past and (when not at the newest) future
	Cursor   int        // how many steps have been taken; len(Steps) at the newest
	Recorded string     // "recorded 2026-01-02 by asldbg 0.4", or the file being written
	Exported *Export    // what the last export command wrote; nil: nothing yet
	Replayed string     // "18 of 18 steps computed again, all equal", or the first difference

	before *interp.Execution // before the step at the cursor, where that was an advance of Focus
}

// Evaluated are the parts of the JSONata expressions that the step at the cursor
// evaluated, inner ones first; none where it was no step of the focused frame. It
// evaluates them again, which takes as long as it took.
func (v *View) Evaluated() []interp.Part {
	if v.before == nil {
		return nil
	}
	return v.before.Trace(v.Focus)
}

// awaitsOutside reports whether somebody outside may answer a task token: one
// that is awaited, or one that is just being sent.
func (v *View) awaitsOutside() bool {
	return len(v.Tokens) > 0 || slices.ContainsFunc(v.Requests, func(r Request) bool { return r.State == RequestSent && r.Call.Token != "" })
}

// Awaits reports whether an answer to a task token is taken now. A worker may be
// quicker than the answer to the request that gave it the token.
func (v *View) Awaits(t interp.Token) bool {
	return slices.ContainsFunc(v.Tokens, func(w TokenWait) bool { return w.Token == t }) ||
		slices.ContainsFunc(v.Requests, func(r Request) bool { return r.State == RequestSent && r.Call.Token == t })
}

// Frame is the frame with this id, nil if there is none.
func (v *View) Frame(id interp.FrameID) *interp.Frame {
	for i := range v.Frames {
		if v.Frames[i].ID == id {
			return &v.Frames[i]
		}
	}
	return nil
}

// Request is the request of a frame's task, nil if there is none.
func (v *View) Request(frame interp.FrameID) *Request {
	for i := range v.Requests {
		if v.Requests[i].Call.Frame == frame {
			return &v.Requests[i]
		}
	}
	return nil
}

// AtNewest reports whether the cursor stands at the end of what has happened.
func (v *View) AtNewest() bool { return v.Cursor == len(v.Steps) }

// StopReason says why a session stopped.
type StopReason uint8

// The reasons.
const (
	StopStart      StopReason = iota // at the first state
	StopStep                         // a step is done
	StopBreakpoint                   // Breakpoint says which
	StopHold                         // a request is held
	StopToken                        // a task token is awaited
	StopAnswer                       // a task needs an answer: offline, no mock
	StopFailure                      // a state failed and nothing catches it
	StopPause                        // the user paused
	StopEnd                          // the execution ended
	StopTravel                       // moved in time
)

// Stop says why and where a session stopped.
type Stop struct {
	Reason     StopReason
	Breakpoint int // 0: none
	Text       string
}

// StateMark is what a state's line in the graph shows.
type StateMark struct {
	Visits int  // how often it was entered
	Here   bool // a frame is in it
	Failed bool // its last visit failed
	Done   bool // its last visit ended
	// Of a Choice: the last way taken. -1: Default; -2: not decided yet.
	Rule int
	// Of its retriers: the highest attempt of the last visit.
	Attempt int
}

// Breakpoint stops the session at a state, stage or request.
type Breakpoint struct {
	ID        int
	State     string // "" for every state
	Stage     string // Entered, Request, error, retry, token …; "" means Entered
	Condition string // jq or {% JSONata %} on the data there; "" for always
	Off       bool
	Hits      int
}

// Watch is an expression, jq or {% JSONata %}, shown at every stop.
type Watch struct {
	ID       int
	Expr     string
	Value    jsonval.Value
	Previous jsonval.Value // Undefined: no change
	Error    string
}

// RequestState says where a request stands.
type RequestState uint8

// The states of a request.
const (
	RequestHeld   RequestState = iota // sealed and shown; nothing has been sent
	RequestAsks                       // there is nothing to send: an answer is needed
	RequestSent                       // under way
	RequestFailed                     // could not be prepared: Problem says why
)

// Request is a task's call before it is answered.
type Request struct {
	Call      interp.Call
	State     RequestState
	Problem   string
	HTTP      *HTTPRequest  // nil where nothing would be sent, such as a mocked service
	Edited    int           // how often it was edited
	MayLeave  bool          // sending is allowed: --live or --endpoint
	WhyNot    string        // when not: what would allow it
	Endpoint  string        // where the bytes really go when that is not the URL's host
	Here      string        // what going on does without the world, such as "going on starts payment"; "": nothing
	HasMock   bool          // the mock file has an answer: m takes it
	Free      bool          // nobody has to be asked: it is sent, or answered here, when the session goes on
	Outside   bool          // sending it leaves this machine
	Writes    bool          // sending it changes something outside this machine: it wants a yes
	Template  jsonval.Value // an answer it could plausibly get
	Next      string        // where a result leads: a state, or the end
	Likely    []Likely      // errors worth raising, and where they lead
	Access    *Access       // what has to allow it; nil: nothing, or we cannot tell
	AuthTypes []AuthVariant // of the auth-types command
}

// HTTPRequest is a sealed request, byte for byte what goes out.
type HTTPRequest struct {
	Method   string
	URL      string
	Endpoint string       // where the bytes really go when that is not the URL's host
	Header   []HeaderLine // in wire order
	Body     []byte
	Wire     []byte // the whole message as it is sent; secrets are in it: never show or write it
	// Of a signed request; Signed is false otherwise.
	Signed           bool
	Service, Region  string
	Identity         string // access key id, shortened, and where it came from
	SignedAt         time.Time
	GoodFor          time.Duration // from SignedAt
	Scope            string        // such as 20260102/eu-west-1/execute-api/aws4_request
	Pinned           string        // how the user had it signed otherwise; "" as ever
	BodyHash         string
	CanonicalRequest string // session token redacted
	KeySteps         string // from the secret to the signature, without what is secret
	StringToSign     string
	Principal        *task.Principal // whom AWS would sign it as; nil: the caller
	ChangedSince     []string        // parts of the signature that differ from the first signing
	Original         *HTTPRequest
}

// HeaderLine is one header line of a request.
type HeaderLine struct {
	Name, Value string // Value is redacted where it is a secret
	Signed      bool   // covered by the signature
	Secret      bool
}

// PastCall is a call that was answered.
type PastCall struct {
	Step     int // of the answer
	At       time.Time
	State    string
	Attempt  int
	Resource string
	Method   string // "" where there was no HTTP request
	URL      string
	By       string // sent, mock, nested, user, callback
	Status   int    // HTTP status, 0 for none
	Answer   interp.Outcome
	Took     time.Duration     // real time
	Request  *HTTPRequest      // what was sent; nil where nothing was
	Response *task.Response    // what came back, as it came; nil where nothing did
	Trouble  string            // why nothing came
	Access   *Access           // what had to allow it
	Why      *task.Explanation // why it was refused, as far as the answer tells; nil: it was not, or says nothing known
	Began    time.Time         // real
	Timing   task.Timing
}

// TokenWait is a task token the execution waits for.
type TokenWait struct {
	Frame     interp.FrameID
	State     string
	Token     interp.Token
	Submitted jsonval.Value // the first response
	Since     time.Time     // when the task was called
	Heartbeat time.Time     // due; zero: none
	Timeout   time.Time     // due; zero: none
}

// SendTaskSuccess is a command of the AWS CLI that answers a token from another
// terminal. It needs no credentials and no settings.
func (v *View) SendTaskSuccess(t *TokenWait) string { return SendTaskSuccess(v.TokensAt, t.Token) }

// SendTaskSuccess is the command for a token that is answered at a URL.
func SendTaskSuccess(url string, t interp.Token) string {
	return "aws stepfunctions send-task-success --endpoint-url " + url + " --region us-east-1 --no-sign-request --task-token " + string(t) + " --task-output '{}'"
}

// StepInfo is one step of the timeline.
type StepInfo struct {
	N      int // from 1
	At     time.Time
	By     string // auto, user, sent, mock, nested, callback, timer, s3
	Frame  interp.FrameID
	State  string
	Text   string // such as "TaskFailed ApiGateway.500"
	Events []interp.Event
	Glyph  Glyph
}

// Glyph is a step's sign on the timeline.
type Glyph uint8

// The glyphs.
const (
	GlyphDone Glyph = iota
	GlyphEdited
	GlyphSent
	GlyphFailed
	GlyphWaiting
)
