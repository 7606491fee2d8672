package keymap

import (
	"strings"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
)

// Verbs whose keys go backwards or forwards by a state.
const (
	stateBack    = Action(command.BackState)
	stateForward = Action(command.ForwardState)
)

// The groups of help.
const (
	groupGo     = "Go on"
	groupTime   = "Go back, and through time"
	groupTask   = "A task that wants an answer"
	groupData   = "Look and change"
	groupStops  = "Breakpoints and watches"
	groupScreen = "Find the way"
)

// Bindings is the table, in the order help shows it.
func Bindings() []Binding {
	return []Binding{
		{
			Keys: []string{"s"}, Courtesy: []string{"f11"}, Do: verb(command.Step), Short: "stage", Group: groupGo,
			Long: "finish the next stage of the focused frame", WhyNot: cannotStep,
		},
		{
			Keys: []string{"n"}, Courtesy: []string{"f10"}, Do: verb(command.Next), Short: "next state", Tiny: "next", Group: groupGo,
			Long: "go on to the next state of the focused frame", WhyNot: cannotStep,
		},
		{
			Keys: []string{"o"}, Courtesy: []string{"shift+f11"}, Do: verb(command.Out), Short: "out", Group: groupGo,
			Long: "go on until this branch or iteration is over", WhyNot: cannotGoOut,
		},
		{
			Keys: []string{"c"}, Courtesy: []string{"f5"}, Do: verb(command.Continue), Short: "continue", Group: groupGo,
			Long: "move all frames until something stops them", WhyNot: cannotContinue,
		},
		{
			Keys: []string{"p"}, Do: verb(command.Pause), Short: "pause", Group: groupGo,
			Long: "stop at the next stage", WhyNot: notRunning,
		},
		{
			Keys: []string{"r"}, Do: verb(command.Restart), Short: "restart", Group: groupGo,
			Long: "begin again with the same input; this session is kept",
		},
		{
			Keys: []string{"X"}, Do: AbortAsk, Short: "abort", Group: groupGo,
			Long: "stop the execution as StopExecution does", WhyNot: ended,
		},

		{
			Keys: []string{"[", "S"}, Do: verb(command.Back), Short: "step", Group: groupTime,
			Long: "one step back in time", WhyNot: atStart,
		},
		{
			Keys: []string{"]"}, Do: verb(command.Forward), Short: "step", Group: groupTime,
			Long: "one recorded step forward", WhyNot: atNewest,
		},
		{
			Keys: []string{"{", "N"}, Do: stateBack, Short: "state", Group: groupTime,
			Long: "back to where this state was entered, or the one before it", WhyNot: atStart,
		},
		{
			Keys: []string{"}"}, Do: stateForward, Short: "state", Group: groupTime,
			Long: "forward to where the next state was entered", WhyNot: atNewest,
		},
		{
			Keys: []string{"O"}, Do: verb(command.BackOut), Short: "branch start", Group: groupTime,
			Long: "back to where this branch or iteration began", WhyNot: atStart,
		},
		{
			Keys: []string{"C"}, Do: verb(command.BackContinue), Short: "last breakpoint", Group: groupTime,
			Long: "back to the last breakpoint", WhyNot: atStart,
		},
		{
			Keys: []string{"R"}, Do: verb(command.Fork), Short: "fork", Group: groupTime,
			Long: "run on from here as a new session; this one is kept",
		},
		{
			Keys: []string{"*"}, Do: SetMark, Short: "mark", Group: groupTime,
			Long: "mark this step of the timeline",
		},
		{
			Keys: []string{"'"}, Do: GoMark, Short: "jump to mark", Tiny: "jump", Group: groupTime,
			Long: "jump to the next marked step",
		},
		{
			Keys: []string{"A"}, Do: OnlyAWS, Short: "only AWS events", Tiny: "only AWS", Group: groupTime,
			Long: "list only steps that are also in the AWS execution history",
		},

		{
			Keys: []string{"a"}, Do: SendAsk, Short: "send", Group: groupTask,
			Long: "send the held request as it is shown; asks once more where it changes something outside this machine", WhyNot: cannotSend,
		},
		{
			Keys: []string{"m"}, Do: Answer, Short: "mock", Group: groupTask,
			Long: "answer with a result instead; the mock file's next one where there is one", WhyNot: nothingAsks,
		},
		{
			Keys: []string{"M"}, Do: MockFrom, Short: "mock from", Group: groupTask,
			Long: "answer from a template, an earlier answer or a file", WhyNot: nothingAsks,
		},
		{
			Keys: []string{"K"}, Do: verb(command.Skip), Short: "skip", Group: groupTask,
			Long: "leave the call out: the task's input becomes its result", WhyNot: nothingAsks,
		},
		{
			Keys: []string{"f"}, Do: FailWith, Short: "fail", Group: groupTask,
			Long: "answer with an error instead: the likely ones are listed, with what they lead to", WhyNot: nothingAsks,
		},
		{
			Keys: []string{"u"}, Do: verb(command.UndoEdit), Short: "undo edit", Tiny: "undo", Group: groupTask,
			Long: "take back the edits of the held request", WhyNot: notEdited,
		},
		{
			Keys: []string{"d"}, Do: Compare, Short: "diff with Parameters", Tiny: "diff", Group: groupTask,
			Long: "compare the held request with the effective parameters", WhyNot: nothingAsks,
		},
		{
			Keys: []string{"D"}, Do: SignAs, Short: "sign as of", Tiny: "sign", Group: groupTask,
			Long: "sign the held request as of another time or for another region, or keep its first signature, to see it refused", WhyNot: notSigned,
		},
		{
			Keys: []string{"T"}, Do: TamperAsk, Short: "tamper", Group: groupTask,
			Long: "send the held request with a wrong signature, to see it refused", WhyNot: notSigned,
		},
		{
			Keys: []string{"F"}, Do: HoldWhich, Short: "hold", Group: groupTask,
			Long: "hold requests or let them go as they come: all, or those of a state, host or method",
		},
		{
			Keys: []string{"I"}, Do: AuthTypes, Short: "AuthTypes", Group: groupTask,
			Long: "show the held request under the three AuthTypes, side by side", WhyNot: noAuthType,
		},
		{
			Keys: []string{"P"}, Do: PolicyOf, Short: "IAM statement", Tiny: "IAM", Group: groupTask,
			Long: "show the least IAM statement that lets the held request through; y copies it", WhyNot: noPolicy,
		},
		{
			Keys: []string{"i"}, Do: Calls, Short: "calls", Group: groupTask,
			Long: "inspect the calls that were answered: raw response and result, timing, why one was refused", WhyNot: noCalls,
		},
		{
			Keys: []string{"W"}, Do: WhyRefused, Short: "why refused", Tiny: "why", Group: groupTask,
			Long: "explain why the last call was refused, such as a 403", WhyNot: noCalls,
		},
		{
			Keys: []string{"t"}, Do: GiveToken, Short: "token", Group: groupTask,
			Long: "the task tokens that are awaited: show, copy, answer", WhyNot: noToken,
		},

		{
			Keys: []string{"e"}, Do: EditHere, Short: "edit", Group: groupData,
			Long: "edit the value under the cursor, or the held request", WhyNot: cannotEdit,
		},
		{
			Keys: []string{"E"}, Do: EditorApp, Short: "$EDITOR", Group: groupData,
			Long: "the same in $EDITOR", WhyNot: cannotEdit,
		},
		{
			Keys: []string{"v"}, Do: ViewMode, Short: "view", Group: groupData,
			Long: "show changes, only the document after, or before and after side by side",
		},
		{
			Keys: []string{"enter"}, Do: Open, Short: "open", Group: groupData,
			Long: "open what is under the cursor: a long text, a frame, a step, an earlier answer",
		},
		{
			Keys: []string{"x"}, Do: Explain, Short: "explain", Group: groupData,
			Long: "explain this stage: its rule, and what it does with the data",
		},
		{
			Keys: []string{"y"}, Do: Copy, Short: "copy", Group: groupData,
			Long: "copy the value under the cursor; a held request as curl, without secrets",
		},
		{
			Keys: []string{"Y"}, Do: ExportAs, Short: "export", Group: groupData,
			Long: "copy or save a request as curl, HTTPie or raw, its IAM statement, or all calls as HAR",
		},

		{
			Keys: []string{"b"}, Courtesy: []string{"f9"}, Do: BreakHere, Short: "break", Group: groupStops,
			Long: "break at what the cursor is on; again to remove it",
		},
		{
			Keys: []string{"B"}, Do: BreakIf, Short: "break if", Group: groupStops,
			Long: "break here when a condition holds",
		},
		{
			Keys: []string{"w"}, Do: AddWatch, Short: "watch", Group: groupStops,
			Long: "show what jq, or {% JSONata %}, gives at every stop",
		},

		{Keys: []string{"h", "left"}, Do: Left, Short: "fold", Group: groupScreen, Long: "fold, or go out to what is around"},
		{Keys: []string{"l", "right"}, Do: Right, Short: "unfold", Group: groupScreen, Long: "unfold, or go in"},
		{Keys: []string{"j", "down"}, Do: Down, Short: "down", Group: groupScreen, Long: "down"},
		{Keys: []string{"k", "up"}, Do: Up, Short: "up", Group: groupScreen, Long: "up"},
		{Keys: []string{"H"}, Do: FoldAll, Short: "fold all", Group: groupScreen, Long: "fold all below the cursor"},
		{Keys: []string{"L"}, Do: OpenAll, Short: "unfold all", Group: groupScreen, Long: "unfold all below the cursor"},
		{Keys: []string{"pgup", "ctrl+b"}, Do: PageUp, Short: "page up", Group: groupScreen, Long: "a screen up"},
		{Keys: []string{"pgdown", "ctrl+f", "space"}, Do: PageDown, Short: "page down", Group: groupScreen, Long: "a screen down"},
		{Keys: []string{"g", "home"}, Do: First, Short: "ends", Group: groupScreen, Long: "to the first line; on the timeline, to the start"},
		{Keys: []string{"G", "end"}, Do: Last, Short: "ends", Group: groupScreen, Long: "to the last line; on the timeline, to the newest step"},
		{Keys: []string{"tab"}, Do: NextPane, Short: "pane", Group: groupScreen, Long: "to the next pane"},
		{Keys: []string{"shift+tab"}, Do: PrevPane, Short: "pane", Group: groupScreen, Long: "to the pane before"},
		{
			Keys: []string{"1", "2", "3", "4", "5", "6", "7", "8"}, Do: PaneN, Short: "pane", Group: groupScreen,
			Long: "to the pane with that number; again on the timeline for all of it",
		},
		{Keys: []string{"z"}, Do: Zoom, Short: "zoom", Group: groupScreen, Long: "give this pane the whole screen, or take it back"},
		{Keys: []string{"/"}, Do: Find, Short: "find", Group: groupScreen, Long: "find in this pane; enter is next, up is back, esc leaves"},
		{Keys: []string{":"}, Do: Palette, Short: "command", Group: groupScreen, Long: "command palette: everything, by name"},
		{Keys: []string{"?", "f1"}, Do: Help, Short: "help", Group: groupScreen, Long: "this help; / searches it"},
		{Keys: []string{"esc"}, Do: Back, Short: "back", Group: groupScreen, Long: "one layer back; a held request stays held"},
		{Keys: []string{"q", "ctrl+c"}, Do: Leave, Short: "quit", Group: groupScreen, Long: "leave; asks only when a request is held or something is unsaved"},
	}
}

// The reasons why a key cannot be used now.

func busy(s Situation) string {
	switch s.View.Phase {
	case sessions.Running:
		return "it is running: p pauses it"
	case sessions.Sending:
		return "a request is under way: wait for its answer, or p to pause"
	}
	return ""
}

func ended(s Situation) string {
	if s.View.Phase == sessions.Ended {
		return "the execution has ended: r restarts it, [ goes back in time"
	}
	return ""
}

func cannotStep(s Situation) string {
	v := s.View
	if s.View.Phase == sessions.Replay || !v.AtNewest() {
		return atNewest(s)
	}
	if why := first(s, busy, ended); why != "" {
		return why
	}
	if r := s.request(); r != nil && !r.Free {
		return asks(r)
	}
	f := v.Frame(v.Focus)
	if f != nil && f.Run == interp.Waiting && !canMove(v) && len(v.Tokens) > 0 {
		return "it waits for a task token: t answers it"
	}
	return ""
}

func cannotGoOut(s Situation) string {
	if why := cannotStep(s); why != "" {
		return why
	}
	if f := s.View.Frame(s.View.Focus); f != nil && f.Parent == 0 {
		return "this is the outermost frame: c continues to the end"
	}
	return ""
}

func cannotContinue(s Situation) string {
	if s.View.Phase == sessions.Replay || !s.View.AtNewest() {
		return atNewest(s)
	}
	if why := first(s, busy, ended); why != "" {
		return why
	}
	if r := s.request(); r != nil && !r.Free && !canMove(s.View) {
		return asks(r)
	}
	return ""
}

func asks(r *sessions.Request) string {
	switch {
	case r.State == sessions.RequestHeld && r.MayLeave:
		return "the request waits for you: a sends it, m answers it, f fails it"
	case r.State == sessions.RequestFailed:
		return "the request could not be made: m answers it, f fails it"
	}
	return "the task wants an answer: m gives one, f fails it"
}

func notRunning(s Situation) string {
	if busy(s) == "" {
		return "nothing is running"
	}
	return ""
}

func atStart(s Situation) string {
	if why := busy(s); why != "" {
		return why
	}
	if s.View.Cursor <= 1 {
		return "this is the start"
	}
	return ""
}

func atNewest(s Situation) string {
	if why := busy(s); why != "" {
		return why
	}
	if s.View.AtNewest() {
		return "this is the newest step"
	}
	return ""
}

func cannotSend(s Situation) string {
	r := s.request()
	switch {
	case r == nil:
		return "no request is held"
	case r.State == sessions.RequestFailed:
		return "the request could not be made: " + r.Problem
	case r.State == sessions.RequestAsks || r.HTTP == nil:
		return "there is nothing to send: m answers the task, f fails it"
	case !r.MayLeave:
		const rule = "nothing may leave this machine"
		return rule + ": " + strings.TrimPrefix(r.WhyNot, rule+": ")
	}
	return ""
}

func nothingAsks(s Situation) string {
	if s.request() == nil {
		return "no task wants an answer"
	}
	return ""
}

func notEdited(s Situation) string {
	if r := s.request(); r == nil || r.Edited == 0 && (r.HTTP == nil || r.HTTP.Pinned == "") {
		return "no request has been edited"
	}
	return ""
}

func notSigned(s Situation) string {
	if r := s.request(); r == nil || r.HTTP == nil || !r.HTTP.Signed {
		return "no signed request is held"
	}
	return ""
}

func noAuthType(s Situation) string {
	if r := s.request(); r == nil || r.HTTP == nil || r.Call.Resource.Service != "apigateway" {
		return "no request to API Gateway is held: only those have an AuthType"
	}
	return ""
}

func noPolicy(s Situation) string {
	r := s.request()
	switch {
	case r == nil:
		return "no request is held"
	case r.Access == nil:
		return "nothing has to allow this call, as far as can be told"
	}
	return ""
}

func noCalls(s Situation) string {
	if len(s.View.Calls) == 0 {
		return "no call has been answered yet"
	}
	return ""
}

func noToken(s Situation) string {
	if len(s.View.Tokens) == 0 {
		return "no task token is awaited"
	}
	return ""
}

func cannotEdit(s Situation) string {
	if why := first(s, busy, ended); why != "" {
		return why
	}
	if s.View.Phase == sessions.Replay {
		return "nothing is changed in a replay: R runs on from here as a new session"
	}
	return ""
}

func first(s Situation, reasons ...func(Situation) string) string {
	for _, r := range reasons {
		if why := r(s); why != "" {
			return why
		}
	}
	return ""
}
