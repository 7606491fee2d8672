package keymap

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/layout"
)

// Action is what a key does: a session's verb without an argument, or one of
// the actions below.
type Action string

// The view actions: they move the eyes, ask for an argument, or leave.
const (
	Left     Action = "left"
	Right    Action = "right"
	Up       Action = "up"
	Down     Action = "down"
	FoldAll  Action = "fold-all"
	OpenAll  Action = "unfold-all"
	PageUp   Action = "page-up"
	PageDown Action = "page-down"
	First    Action = "first"
	Last     Action = "last"

	NextPane Action = "next-pane"
	PrevPane Action = "previous-pane"
	PaneN    Action = "pane"
	Zoom     Action = "zoom"
	ViewMode Action = "view"
	Open     Action = "open"
	Find     Action = "find"
	Copy     Action = "copy"
	Compare  Action = "compare"
	Explain  Action = "explain"
	OnlyAWS  Action = "only-aws"
	SetMark  Action = "mark"
	GoMark   Action = "jump"

	BreakHere Action = "break-here"
	BreakIf   Action = "break-if"
	AddWatch  Action = "add-watch"
	EditHere  Action = "edit-here"
	EditorApp Action = "editor"
	Answer    Action = "answer-mock"
	FailWith  Action = "answer-fail"
	GiveToken Action = "answer-token"
	AbortAsk  Action = "abort-ask"

	SendAsk    Action = "send-ask"
	TamperAsk  Action = "tamper-ask"
	MockFrom   Action = "mock-from"
	SignAs     Action = "sign-as"
	HoldWhich  Action = "hold-which"
	ExportAs   Action = "export-as"
	Calls      Action = "calls"
	WhyRefused Action = "why"
	AuthTypes  Action = "compare-auth"
	PolicyOf   Action = "iam-policy"

	Palette Action = "palette"
	Help    Action = "help"
	Back    Action = "escape"
	Leave   Action = "leave"
)

// Situation is what decides whether a key can be used.
type Situation struct {
	View *sessions.View
	Pane layout.Pane // that has the focus
}

// request is the focused frame's request that waits for an answer, nil if there
// is none.
func (s Situation) request() *sessions.Request {
	r := s.View.Request(s.View.Focus)
	if r == nil || r.State == sessions.RequestSent {
		return nil
	}
	return r
}

// Binding is one row of the table.
type Binding struct {
	Keys     []string // as the terminal program names them, such as shift+f11
	Do       Action
	Short    string // on the key line
	Tiny     string // on a narrow key line; "" is Short
	Long     string // in help: one line, small letter, no full stop
	Group    string // heading in help
	WhyNot   func(Situation) string
	Courtesy []string // keys some terminals keep for themselves
}

// Can says whether b can be used now: "" if so, else why not.
func (b Binding) Can(s Situation) string {
	if b.WhyNot == nil || s.View == nil {
		return ""
	}
	return b.WhyNot(s)
}

// Verb is the session's verb b stands for, "" for a view action.
func (b Binding) Verb() command.Verb {
	if spec, ok := command.Find(string(b.Do)); ok && string(spec.Verb) == string(b.Do) {
		return spec.Verb
	}
	return ""
}

// Label is the key as it is written on screen.
func (b Binding) Label() string { return label(b.Keys[0]) }

// Labels are all keys of b as they are written on screen.
func (b Binding) Labels() string {
	if b.Do == PaneN {
		return label(b.Keys[0]) + " to " + label(b.Keys[len(b.Keys)-1])
	}
	var out []string
	for _, k := range append(append([]string{}, b.Keys...), b.Courtesy...) {
		out = append(out, label(k))
	}
	return strings.Join(out, " ")
}

var keyNames = map[string]string{"left": "left", "pgup": "PgUp", "pgdown": "PgDn", "shift+tab": "shift-tab", "home": "Home", "end": "End"}

func label(key string) string {
	if n, ok := keyNames[key]; ok {
		return n
	}
	if rest, ok := strings.CutPrefix(key, "shift+f"); ok {
		return "shift-F" + rest
	}
	if len(key) > 1 && key[0] == 'f' && key[1] >= '0' && key[1] <= '9' {
		return "F" + key[1:]
	}
	return key
}

// Of is the binding of a key; ok is false for keys that do nothing.
func Of(key string) (b Binding, ok bool) {
	for _, b := range Bindings() {
		if slices.Contains(b.Keys, key) || slices.Contains(b.Courtesy, key) {
			return b, true
		}
	}
	return Binding{}, false
}

// By is the binding that does a.
func By(a Action) (b Binding, ok bool) {
	for _, b := range Bindings() {
		if b.Do == a {
			return b, true
		}
	}
	return Binding{}, false
}

// Hint is one entry of the key line.
type Hint struct {
	Keys, Text, Tiny string
}

// Line lists what the key line shows, the most useful first. Neighbours with
// the same text share an entry.
func Line(s Situation) []Hint {
	v := s.View
	var hints []Hint
	for _, a := range lineOf(s) {
		b, ok := By(a)
		if !ok {
			panic("keymap: no key for " + string(a))
		}
		if b.Can(s) != "" {
			continue
		}
		h := Hint{Keys: b.Label(), Text: b.Short, Tiny: b.Tiny}
		if h.Tiny == "" {
			h.Tiny = h.Text
		}
		if n := len(hints); n > 0 && hints[n-1].Text == h.Text {
			hints[n-1].Keys += " " + h.Keys
			continue
		}
		hints = append(hints, h)
		if a == verb(command.Continue) && v.Phase == sessions.Paused && v.AtNewest() && v.Cursor > 1 {
			hints = append(hints, Hint{Keys: "shift", Text: "backwards", Tiny: "back"})
		}
	}
	return hints
}

// lineOf lists the actions worth showing in a situation.
func lineOf(s Situation) []Action {
	v := s.View
	switch {
	case v == nil:
		return nil
	case s.Pane.Screen() == layout.Held:
		return []Action{SendAsk, Answer, FailWith, verb(command.Skip), EditHere, verb(command.UndoEdit), SignAs, Compare, Copy, Open, Back}
	case v.Phase == sessions.Running || v.Phase == sessions.Sending:
		return []Action{verb(command.Pause), AbortAsk, Palette, NextPane, Find}
	case s.Pane.Screen() == layout.Travel || v.Phase == sessions.Replay:
		return []Action{
			verb(command.Back), verb(command.Forward), stateBack, stateForward, First, Last, Open, SetMark, GoMark, OnlyAWS,
			verb(command.Fork), Palette, Back,
		}
	case v.Phase == sessions.Ended:
		return []Action{verb(command.Restart), verb(command.Back), stateBack, Leave, Palette, Copy, NextPane, Find}
	case !v.AtNewest():
		return []Action{
			verb(command.Back), verb(command.Forward), stateBack, stateForward, verb(command.Next), verb(command.Continue),
			verb(command.Fork), EditHere, Answer, FailWith, Palette, NextPane,
		}
	case s.request() != nil && s.request().Here != "":
		return []Action{verb(command.Step), verb(command.Next), verb(command.Continue), Answer, FailWith, BreakHere, EditHere, Palette, NextPane}
	case s.request() != nil:
		return []Action{SendAsk, Answer, FailWith, Back, EditHere, BreakHere, NextPane, Palette}
	case v.Phase == sessions.Waiting:
		return []Action{GiveToken, verb(command.Continue), verb(command.Back), BreakHere, NextPane, Palette}
	case refusedJustNow(v):
		return []Action{WhyRefused, Calls, verb(command.Step), verb(command.Continue), verb(command.Back), EditHere, Palette, NextPane}
	case answeredJustNow(v):
		return []Action{verb(command.Step), verb(command.Next), verb(command.Continue), Calls, EditHere, Palette, NextPane, Find}
	}
	return []Action{
		verb(command.Step), verb(command.Next), verb(command.Out), verb(command.Continue), BreakHere, EditHere,
		Palette, NextPane, Find,
	}
}

// answeredJustNow reports whether the last step was the answer of a call that
// was sent, refusedJustNow whether that was a refusal.
func answeredJustNow(v *sessions.View) bool {
	n := len(v.Calls)
	return n > 0 && v.Calls[n-1].Step == v.Cursor && v.Calls[n-1].Request != nil
}

func refusedJustNow(v *sessions.View) bool {
	return answeredJustNow(v) && v.Calls[len(v.Calls)-1].Why != nil
}

func verb(v command.Verb) Action { return Action(v) }

// Markdown is the table for the README.
func Markdown() string {
	var b strings.Builder
	group := ""
	for _, k := range Bindings() {
		if k.Group != group {
			group = k.Group
			fmt.Fprintf(&b, "\n| %s | |\n|---|---|\n", group)
		}
		var keys []string
		for _, key := range append(append([]string{}, k.Keys...), k.Courtesy...) {
			keys = append(keys, "`"+strings.ReplaceAll(label(key), "|", `\|`)+"`")
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), k.Long)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// canMove reports whether any frame could move by itself.
func canMove(v *sessions.View) bool {
	for i := range v.Frames {
		if v.Frames[i].Run == interp.Ready {
			return true
		}
	}
	return false
}
