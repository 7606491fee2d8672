package command

// Arg says what follows a verb: what a front end asks for, and what
// [Complete] offers.
type Arg uint8

// The kinds of argument.
const (
	NoArg      Arg = iota
	FrameArg       // a frame's number
	StepArg        // a step's number, start or end
	IDArg          // the number of a breakpoint or watch
	PlaceArg       // STATE[:STAGE] [if EXPR]
	ExprArg        // an expression: jq, or JSONata as {% … %}
	HoldArg        // on or off, then [state NAME | host PATTERN | method METHOD]
	SignArg        // now, keep, or a time
	YesArg         // yes
	MockArg        // JSON | template | earlier CALL | file PATH
	ExportArg      // FORMAT [CALL] [to FILE]
	JSONArg        // a JSON value
	PointerArg     // [POINTER] JSON
	ErrorArg       // ERROR [CAUSE]
	TokenArg       // success JSON, failure [ERROR [CAUSE]], heartbeat
)

// Spec describes one verb.
type Spec struct {
	Verb     Verb
	Short    string // the one-letter form, "" for none
	Usage    string // such as break STATE[:STAGE] [if EXPR]
	Help     string // one line, starts with a small letter, no full stop
	Arg      Arg
	Optional bool // the argument may be left out
}

// Specs lists the verbs in the order help shows them. Short forms are those of
// the keys on the screen, which are those of delve where delve has them.
func Specs() []Spec {
	return []Spec{
		{Step, "s", "step", "finish the next stage of the focused frame", NoArg, false},
		{Next, "n", "next", "go on to the focused frame's next state", NoArg, false},
		{Out, "o", "out", "go on until this branch or iteration is over", NoArg, false},
		{Continue, "c", "continue", "move all frames until something stops them", NoArg, false},
		{Pause, "p", "pause", "stop at the next stage", NoArg, false},
		{Back, "S", "back", "one step back in time", NoArg, false},
		{BackState, "N", "back-state", "back to where this state was entered, or the one before it", NoArg, false},
		{BackOut, "O", "back-out", "back to where this branch or iteration began", NoArg, false},
		{BackContinue, "C", "back-continue", "back to the last breakpoint", NoArg, false},
		{Forward, "]", "forward", "one recorded step forward in time", NoArg, false},
		{ForwardState, "}", "forward-state", "forward to where the next state was entered", NoArg, false},
		{Goto, "g", "goto STEP|start|end", "go to a step of the timeline", StepArg, false},
		{Focus, "", "focus FRAME", "choose the frame that step and next move", FrameArg, false},
		{Break, "b", "break STATE[:STAGE] [if EXPR]", "stop there; * is every state; stages are also request, error, retry and token; EXPR is as in watch", PlaceArg, false},
		{Toggle, "", "toggle ID", "turn a breakpoint off, or on again", IDArg, false},
		{Clear, "", "clear ID", "remove a breakpoint", IDArg, false},
		{Hold, "", "hold on|off [state NAME | host PATTERN | method METHOD]", "hold requests that would leave this machine, or let them go: all, or those of a state, host or method", HoldArg, false},
		{WatchExpr, "w", "watch EXPR", "show an expression on the data at every stop: jq, with $vars and $context, or JSONata as {% $states.input.x %}", ExprArg, false},
		{Unwatch, "", "unwatch ID", "remove a watch", IDArg, false},
		{Edit, "e", "edit [POINTER] JSON", "replace the data here, or the part of it at a JSON pointer", PointerArg, false},
		{EditRequest, "", "edit-request JSON", `change parts of the held request: an object of method, url, headers, body; it is sealed again`, JSONArg, false},
		{UndoEdit, "u", "undo-edit", "take back the edits of the held request", NoArg, false},
		{Sign, "", "sign now | keep | region NAME | -10m | 2026-01-02T12:00:00Z", "sign the held request as of another time or for another region, or keep the signature it was first given, to see what the API says", SignArg, false},
		{AuthTypes, "", "auth-types", "show the held request under the three AuthTypes, side by side", NoArg, false},
		{Tamper, "", "tamper [yes]", "send the held request with a wrong signature, to see it refused", YesArg, true},
		{Send, "a", "send [yes]", "send the held request; one that changes something outside this machine wants a yes", YesArg, true},
		{Mock, "m", "mock [JSON | template | earlier CALL | file PATH]", "answer the task with a result instead; without one, the mock file's next answer", MockArg, true},
		{FailTask, "f", "fail ERROR [CAUSE]", "answer the task with an error instead", ErrorArg, false},
		{Skip, "K", "skip", "leave the call out: the task's input becomes its result, as in a Pass state", NoArg, false},
		{Export, "", "export curl|httpie|raw|har|policy [CALL] [to FILE]", "the held request, or an answered call, as text; har has all that were sent", ExportArg, false},
		{Token, "t", "token success JSON | failure [ERROR [CAUSE]] | heartbeat", "answer the task token that is awaited", TokenArg, false},
		{Fork, "R", "fork", "run on from here as a new session; this one is kept", NoArg, false},
		{Restart, "r", "restart", "begin again with the same input; this session is kept", NoArg, false},
		{Abort, "X", "abort [ERROR [CAUSE]]", "stop the execution as StopExecution does", ErrorArg, true},
		{Quit, "q", "quit", "leave", NoArg, false},
	}
}

// Find is the Spec of a verb or its short form.
func Find(word string) (Spec, bool) {
	for _, s := range Specs() {
		if word == string(s.Verb) || word == s.Short && word != "" {
			return s, true
		}
	}
	return Spec{}, false
}

// Places lists where a breakpoint can stop, as [Command].Stage spells them: the
// stages of states (several names mean the same one: a JSONata state has
// Arguments where a JSONPath state has Parameters), then what may befall a
// task.
func Places() []string {
	return []string{
		"Entered", "InputPath", "Parameters", "Arguments", "ItemsPath", "Items",
		"Request", "Choices", "Wait", "Branches", "Iterations",
		"Result", "ResultSelector", "ResultPath", "Assign", "OutputPath", "Output",
		"error", "retry", "token",
	}
}

// Formats lists what [Export] writes: a request as a curl or HTTPie command or
// as its raw bytes, all calls as an HTTP Archive, and the least IAM statement
// that lets a request through.
func Formats() []string { return []string{"curl", "httpie", "raw", "har", "policy"} }
