package command

import "asldbg/interp/jsonval"

// Verb names what a [Command] does.
type Verb string

// The verbs. The written form of each is `verb arguments`.
const (
	Step         Verb = "step"          // one stage of the focused frame
	Next         Verb = "next"          // to the next state of the focused frame
	Out          Verb = "out"           // out of this branch or iteration
	Continue     Verb = "continue"      // until something stops it
	Pause        Verb = "pause"         //
	Back         Verb = "back"          // one step back
	BackState    Verb = "back-state"    // to the state before
	BackOut      Verb = "back-out"      // to the start of this branch
	BackContinue Verb = "back-continue" // to the last breakpoint
	Forward      Verb = "forward"       // one recorded step on
	ForwardState Verb = "forward-state" //
	Goto         Verb = "goto"          // goto N, start, end
	Focus        Verb = "focus"         // focus FRAME
	Break        Verb = "break"         // break STATE[:STAGE] [if EXPR]
	Toggle       Verb = "toggle"        // toggle ID: a breakpoint on or off
	Clear        Verb = "clear"         // clear ID
	Hold         Verb = "hold"          // hold on, off [state NAME, host PATTERN, method METHOD]
	WatchExpr    Verb = "watch"         // watch EXPR
	Unwatch      Verb = "unwatch"       // unwatch ID
	Edit         Verb = "edit"          // edit [POINTER] JSON: the focused frame's data at this stage
	EditRequest  Verb = "edit-request"  // edit-request {"method":…,"url":…,"headers":…,"body":…}: unseals and seals again
	UndoEdit     Verb = "undo-edit"     // the held request as it was prepared
	Sign         Verb = "sign"          // sign now, keep, region NAME, -10m, 2026-01-02T12:00:00Z: how the held request is signed
	AuthTypes    Verb = "auth-types"    // the held request under the three AuthTypes
	Tamper       Verb = "tamper"        // the held request is sent with a wrong signature, to see the refusal
	Send         Verb = "send"          // send [yes]: the held request; yes also sends what changes something outside
	Mock         Verb = "mock"          // mock [JSON, template, earlier CALL, file PATH]: answer instead of sending; alone, the mock file's next answer
	FailTask     Verb = "fail"          // fail ERROR [CAUSE]
	Skip         Verb = "skip"          // leave the call out: the task's input is its result
	Export       Verb = "export"        // export FORMAT [CALL] [to FILE]: a request as text
	Token        Verb = "token"         // token success JSON, token failure [ERROR [CAUSE]], token heartbeat
	Fork         Verb = "fork"          // run on from here, as a new session
	Restart      Verb = "restart"       //
	Abort        Verb = "abort"         // abort [ERROR [CAUSE]]
	Quit         Verb = "quit"          //
)

// Command is one thing a user asks a session to do.
type Command struct {
	Verb      Verb
	Frame     int           // of Focus
	N         int           // of Goto (-1: end), Toggle, Clear, Unwatch; Mock earlier and Export: the number of an answered call, from 1
	On        bool          // of Hold
	Sure      bool          // of Send and Tamper: the user has been asked
	Name      string        // Break: the state, "" for every state; one of the words of Token, Hold, Sign, Mock or Export
	Text      string        // Hold: what of that name is meant; Sign: when, or the region; Mock file and Export: the file
	Stage     string        // Break: one of [Places], "" means Entered
	Expr      string        // Break's condition, WatchExpr: jq, or JSONata as {% … %}
	Pointer   string        // Edit: the JSON Pointer of the part Value replaces; "" for all
	Value     jsonval.Value // Edit, EditRequest, Mock, Token success
	Error     string        // FailTask, Token failure, Abort
	Cause     string
	TaskToken string // Token: the task token itself; "" for the one the focused frame awaits
}
