package interp

import (
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// FrameID names a frame of an execution. The root is 1; ids are given in the
// order frames open and are never used twice.
type FrameID int32

// EffectID names an [Effect] of an execution.
type EffectID int32

// Token is a task token.
type Token string

// Stage is a step of a state's data flow, named as AWS's TestState names them.
// A frame's stage is the last one it has finished.
type Stage uint8

// The stages, in the order states pass through them. Not every state has all:
// see [Stages].
const (
	Entered        Stage = iota // the raw input has arrived
	InputPath                   // InputPath applied
	Parameters                  // Parameters (JSONata: Arguments) evaluated
	ItemsPath                   // Map: the items are known
	Work                        // Task: the request; Choice: the rules; Wait: the delay; Parallel, Map: the children
	Result                      // the raw result is known
	ResultSelector              // ResultSelector applied
	ResultPath                  // the result is merged into the raw input
	Assign                      // variables assigned
	OutputPath                  // OutputPath (JSONata: Output) applied: the state's output
	numStages
)

// Failure is an ASL error, such as States.Timeout. Nil fields were not given:
// a Fail state without Error has none.
type Failure struct {
	Error, Cause *string
}

// Fail returns a Failure with both fields.
func Fail(name, cause string) *Failure { return &Failure{Error: &name, Cause: &cause} }

// Outcome is how a task ended: exactly one of the two is set.
type Outcome struct {
	Result  jsonval.Value
	Failure *Failure
}

// Input is something that makes an execution go on. These are all there are:
// Advance, Reply, Submitted, StartExecution, Items, Fire, Callback, Heartbeat,
// Edit, Instead, Stop.
type Input interface{ input() }

type (
	// Advance moves one frame by one stage.
	Advance struct{ Frame FrameID }
	// Reply answers a Call or a Write for good, or says why a Read failed.
	Reply struct {
		Effect  EffectID
		Outcome Outcome
	}
	// Submitted says that the service has taken the call of a .sync or
	// .waitForTaskToken task; Result is its first response. The task goes on
	// waiting: for a Reply (.sync) or a Callback. Of an activity it says that a
	// worker has taken it; Result is the worker's name, or null.
	Submitted struct {
		Effect EffectID
		Result jsonval.Value
	}
	// StartExecution answers the Call of a task that starts an execution (see
	// [Resource.StartsExecution]): Machine is executed as a child execution, and
	// the task is answered by its start, its end, or an error such as
	// StepFunctions.ExecutionAlreadyExistsException, as AWS does. The name and the
	// input are in the task's parameters.
	StartExecution struct {
		Effect          EffectID
		StateMachineARN string // without version or alias
		Machine         *Machine
		RoleARN         string // "": that of the execution which starts it
		Express         bool
	}
	// Items answers a Read: with as many items as it asked for or fewer, and
	// whether they were the last ones. Only the last answer may have none.
	Items struct {
		Effect EffectID
		Items  []jsonval.Value
		Last   bool
	}
	// Fire says that a Timer is due.
	Fire struct{ Effect EffectID }
	// Callback answers a task token.
	Callback struct {
		Token   Token
		Outcome Outcome
	}
	// Heartbeat resets the heartbeat clock of the task that owns the token.
	Heartbeat struct{ Token Token }
	// Edit replaces the data of a frame's current stage by a user's.
	Edit struct {
		Frame FrameID
		Value jsonval.Value
	}
	// Instead is how a Parallel or Map that is about to work ends: its branches
	// or iterations are not run.
	Instead struct {
		Frame   FrameID
		Outcome Outcome
	}
	// Stop ends the execution as StopExecution does. When it has ended already, the
	// executions it has left running are ended.
	Stop struct{ Failure Failure }
)

func (Advance) input()        {}
func (Reply) input()          {}
func (Submitted) input()      {}
func (Items) input()          {}
func (StartExecution) input() {}
func (Fire) input()           {}
func (Callback) input()       {}
func (Heartbeat) input()      {}
func (Edit) input()           {}
func (Instead) input()        {}
func (Stop) input()           {}

// Effect is work for the world: a [Call], a [Timer], a [Read] or a [Write].
type Effect interface {
	ID() EffectID
	effect()
}

// Pattern is how a task waits for its result.
type Pattern uint8

// The service integration patterns.
const (
	RequestResponse  Pattern = iota
	Sync                     // .sync and .sync:2
	WaitForTaskToken         // .waitForTaskToken; also activities
)

// Call asks for a task's work.
type Call struct {
	Effect    EffectID
	Frame     FrameID
	State     *asl.State
	Resource  Resource
	Input     jsonval.Value // the effective parameters
	RoleARN   string        // of Credentials, "" for none
	Machine   string        // ARN of the state machine that calls
	Token     Token         // of a WaitForTaskToken task
	Attempt   int           // 0 for the first try of this visit of the state
	Entered   int           // the id of AWS's event that says the state was entered
	Path      []Iteration   // the Map iterations around it in its execution, outermost first
	Execution *Child        // the child execution it belongs to, nil for the main one
}

// Iteration names one iteration of a Map.
type Iteration struct {
	Map   string
	Index int
}

// TimerReason says what a Timer is for.
type TimerReason uint8

// The reasons of timers.
const (
	WaitTimer TimerReason = iota
	RetryTimer
	TimeoutTimer
	HeartbeatTimer
	ExecutionTimer
)

// Timer asks for a Fire at Due.
type Timer struct {
	Effect EffectID
	Frame  FrameID    // of an ExecutionTimer: the root of the child execution, 0 for the main one
	State  *asl.State // nil for an ExecutionTimer
	Reason TimerReason
	Due    time.Time
}

// Read asks for items of a distributed Map, a few at a time. State.ItemReader
// says how they are to be read.
type Read struct {
	Effect     EffectID
	Frame      FrameID
	State      *asl.State
	Parameters jsonval.Value // the effective parameters: Bucket, Key, Prefix, …
	From       int           // how many items were read before
	Max        int           // how many are wanted at most
}

// Write asks for text to be written to an object of S3, for a ResultWriter. The
// answer is a Reply; its result is not looked at.
type Write struct {
	Effect      EffectID
	Frame       FrameID
	State       *asl.State
	Bucket, Key string
	Text        string
	Append      bool // after what was written to the object before
}

// ID is the effect's name.
func (c Call) ID() EffectID { return c.Effect }

// ID is the effect's name.
func (t Timer) ID() EffectID { return t.Effect }

// ID is the effect's name.
func (r Read) ID() EffectID { return r.Effect }

// ID is the effect's name.
func (w Write) ID() EffectID { return w.Effect }

func (Read) effect()  {}
func (Write) effect() {}
func (Call) effect()  {}
func (Timer) effect() {}

// Status is an execution's status, as DescribeExecution names it.
type Status uint8

// The statuses.
const (
	Running Status = iota
	Succeeded
	Failed
	TimedOut
	Aborted
)

var statusNames = [...]string{"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}

// String is the status as AWS writes it.
func (s Status) String() string { return statusNames[s] }

// EventKind says what an [Event] tells.
type EventKind uint8

// The kinds of events. Those before firstOwnEvent are, one for one, also events
// of AWS's execution history; the others are ours.
const (
	ExecutionStarted EventKind = iota
	ExecutionSucceeded
	ExecutionFailed
	ExecutionTimedOut
	ExecutionAborted
	StateEntered
	StateExited
	TaskScheduled
	TaskStarted
	TaskSubmitted
	TaskSucceeded
	TaskFailed
	TaskTimedOut
	TaskStateAborted
	WaitStateAborted
	EvaluationFailed
	ParallelStateStarted
	ParallelStateSucceeded
	ParallelStateFailed
	MapStateStarted
	MapStateSucceeded
	MapStateFailed
	MapIterationStarted
	MapIterationSucceeded
	MapIterationFailed
	MapIterationAborted
	MapRunStarted // Value: the ARN
	MapRunSucceeded
	MapRunFailed

	firstOwnEvent
	StageDone      // Stage, Value
	ChoiceMade     // Index: the rule that matched, -1 for Default
	WaitStarted    // Due
	RetryScheduled // Due, Index: the retrier; Attempt: the coming one
	ErrorCaught    // Index: the catcher; Value: the Error Output
	BranchStarted  // Index: the branch or child execution; Frame is the new frame
	FrameClosed    // the branch or iteration is over; Failure: how, if it failed
	FrameAborted   // it was stopped because another failed
	Edited         // Stage, Value
	HeartbeatSeen
	VariablesAssigned // Value: an object of the variables just assigned
	ItemsRead         // Index: how many
)

// InHistory reports whether AWS's execution history has this event too.
func (k EventKind) InHistory() bool { return k < firstOwnEvent }

// Event is one fact about an execution.
type Event struct {
	Kind    EventKind
	Stage   Stage
	Frame   FrameID
	Child   FrameID // the root of the child execution it belongs to, 0: the main one
	Parent  FrameID // of events that open a frame
	Index   int32   // of a branch, iteration, rule, retrier, catcher
	Attempt int32
	State   *asl.State
	At      time.Time
	Value   jsonval.Value // input, output, parameters or result, by Kind
	Failure *Failure
	Task    *TaskDetail // of TaskScheduled; of ExecutionStarted, the role
	Due     time.Time   // of WaitStarted, RetryScheduled
	Where   string      // of EvaluationFailed: the field
}

// TaskDetail is what TaskScheduled says besides its parameters.
type TaskDetail struct {
	TimeoutSeconds, HeartbeatSeconds int64 // 0: none
	RoleARN                          string
}

// Turn is what one input, or a Run of them, made happen.
type Turn struct {
	After   Execution // the execution afterwards
	Events  []Event   // in order
	Effects []Effect  // new ones, in order
}

// Start says how an execution begins.
type Start struct {
	Name            string // "": made from Seed
	ARN             string // "": made from Name and StateMachineARN
	StateMachineARN string // "": a made-up one
	RoleARN         string
	Express         bool
	Sync            bool // of an Express one: StartSyncExecution, whose context has no RedriveCount
	Input           jsonval.Value
	Seed            uint64
	NoQuotas        bool

	// What a single state is tried with.
	At        *asl.State    // where to begin, at any level of the machine; nil: StartAt
	Variables jsonval.Value // an object: those the first state finds assigned
	Context   jsonval.Value // the context object; Undefined: AWS's own
	Retried   int           // how often the first state's retriers have retried
}

// FrameState says whether a frame can go on.
type FrameState uint8

// The frame states.
const (
	Ready    FrameState = iota // an Advance moves it
	Waiting                    // for an effect or its children
	Finished                   // it has ended
)

// Frame is a picture of one frame, for painting.
type Frame struct {
	ID, Parent FrameID // Parent 0: the root
	Depth      int
	Branch     int // the branch of a Parallel or the index of a Map iteration; -1 for the root
	State      *asl.State
	Stage      Stage // the last stage finished
	Run        FrameState
	EnteredAt  time.Time
	Attempt    int                      // 0 for the first try
	Data       [numStages]jsonval.Value // by stage; Undefined: not reached yet
	Failure    *Failure                 // it has just failed; the next Advance retries, catches or fails
	Waits      []Effect                 // what it waits for
	Token      Token                    // of a task that waits for a callback
	Variables  jsonval.Value            // an object: the variables its scope can see
	Rule       int                      // Choice, after Work: the rule that matched, -1 for Default
	Execution  *Child                   // the child execution it belongs to, nil for the main one
	// Of a Parallel or Map at work, or of a task that waits for an execution: how many children are open, have succeeded
	// (of a distributed Map: have ended), and there are in all (as far as is known).
	Children, ChildrenDone, ChildrenAll int
}

// DataAt is the data after stage s, or after the last one before it that the
// state's own data has.
func (f *Frame) DataAt(s Stage) jsonval.Value {
	for i := int(s); i >= 0; i-- {
		if f.Data[i].Exists() {
			return f.Data[i]
		}
	}
	return jsonval.Value{}
}
