package interp

// kindNames are AWS's where AWS has the event, whatever the state's type.
var kindNames = [...]string{
	ExecutionStarted:       "ExecutionStarted",
	ExecutionSucceeded:     "ExecutionSucceeded",
	ExecutionFailed:        "ExecutionFailed",
	ExecutionTimedOut:      "ExecutionTimedOut",
	ExecutionAborted:       "ExecutionAborted",
	StateEntered:           "StateEntered",
	StateExited:            "StateExited",
	TaskScheduled:          "TaskScheduled",
	TaskStarted:            "TaskStarted",
	TaskSubmitted:          "TaskSubmitted",
	TaskSucceeded:          "TaskSucceeded",
	TaskFailed:             "TaskFailed",
	TaskTimedOut:           "TaskTimedOut",
	TaskStateAborted:       "TaskStateAborted",
	WaitStateAborted:       "WaitStateAborted",
	EvaluationFailed:       "EvaluationFailed",
	ParallelStateStarted:   "ParallelStateStarted",
	ParallelStateSucceeded: "ParallelStateSucceeded",
	ParallelStateFailed:    "ParallelStateFailed",
	MapStateStarted:        "MapStateStarted",
	MapStateSucceeded:      "MapStateSucceeded",
	MapStateFailed:         "MapStateFailed",
	MapIterationStarted:    "MapIterationStarted",
	MapIterationSucceeded:  "MapIterationSucceeded",
	MapIterationFailed:     "MapIterationFailed",
	MapIterationAborted:    "MapIterationAborted",
	MapRunStarted:          "MapRunStarted",
	MapRunSucceeded:        "MapRunSucceeded",
	MapRunFailed:           "MapRunFailed",
	firstOwnEvent:          "",
	StageDone:              "StageDone",
	ChoiceMade:             "ChoiceMade",
	WaitStarted:            "WaitStarted",
	RetryScheduled:         "RetryScheduled",
	ErrorCaught:            "ErrorCaught",
	BranchStarted:          "BranchStarted",
	FrameClosed:            "FrameClosed",
	FrameAborted:           "FrameAborted",
	Edited:                 "Edited",
	HeartbeatSeen:          "HeartbeatSeen",
	VariablesAssigned:      "VariablesAssigned",
	ItemsRead:              "ItemsRead",
}

// String is the kind's name, such as StateEntered. Session files hold it.
func (k EventKind) String() string { return kindNames[k] }

// EventKindNamed is the kind with that name.
func EventKindNamed(name string) (k EventKind, ok bool) {
	for k, n := range kindNames {
		if n == name && n != "" {
			return EventKind(k), true
		}
	}
	return 0, false
}
