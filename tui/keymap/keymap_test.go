package keymap

import (
	"strings"
	"testing"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/layout"
)

func TestAKeyMeansOneThing(t *testing.T) {
	keys, actions := map[string]Action{}, map[Action]bool{}
	for _, b := range Bindings() {
		if actions[b.Do] {
			t.Errorf("%s is in two rows", b.Do)
		}
		actions[b.Do] = true
		if b.Short == "" || b.Long == "" || b.Group == "" || strings.HasSuffix(b.Long, ".") {
			t.Errorf("%s: texts are missing or end with a full stop", b.Do)
		}
		for _, k := range append(append([]string{}, b.Keys...), b.Courtesy...) {
			if other, ok := keys[k]; ok {
				t.Errorf("%s is %s and %s", k, other, b.Do)
			}
			keys[k] = b.Do
		}
	}
}

// TestLettersAreThoseOfTheCommands: the short form a script uses and the key
// are the same letter.
func TestLettersAreThoseOfTheCommands(t *testing.T) {
	asks := map[command.Verb]Action{
		command.Send: SendAsk, command.Break: BreakHere, command.WatchExpr: AddWatch, command.Edit: EditHere, command.Mock: Answer,
		command.FailTask: FailWith, command.Token: GiveToken, command.Abort: AbortAsk, command.Quit: Leave, command.Goto: First,
	}
	for _, spec := range command.Specs() {
		if spec.Short == "" {
			continue
		}
		b, ok := Of(spec.Short)
		if want := asks[spec.Verb]; !ok || b.Do != Action(spec.Verb) && b.Do != want {
			t.Errorf("%s is %q in scripts and %q on the keyboard", spec.Short, spec.Verb, b.Do)
		}
	}
}

func TestEveryKeyOfTheDesignIsThere(t *testing.T) {
	for _, k := range strings.Fields(`s S n N o O c C p b B [ ] { } h j k l H L left right up down tab 1 7 z e E a m f t x
		R r w / : ? esc q X f11 f10 shift+f11 f5 f9 u d y v g G * ' A`) {
		if _, ok := Of(k); !ok {
			t.Errorf("%s does nothing", k)
		}
	}
}

func held() *sessions.View {
	return &sessions.View{
		Phase: sessions.Held, Focus: 1, Frames: []interp.Frame{{ID: 1, Run: interp.Waiting}},
		Requests: []sessions.Request{{Call: interp.Call{Frame: 1}, HTTP: &sessions.HTTPRequest{}, WhyNot: "--live allows it"}},
	}
}

func TestWhyNot(t *testing.T) {
	ended := &sessions.View{Phase: sessions.Ended}
	paused := &sessions.View{Phase: sessions.Paused, Focus: 1, Frames: []interp.Frame{{ID: 1}}}
	running := &sessions.View{Phase: sessions.Running}
	may := held()
	may.Requests[0].MayLeave = true
	for _, c := range []struct {
		key  string
		view *sessions.View
		want string
	}{
		{"s", paused, ""},
		{"s", ended, "the execution has ended: r restarts it, [ goes back in time"},
		{"s", running, "it is running: p pauses it"},
		{"s", may, "the request waits for you: a sends it, m answers it, f fails it"},
		{"n", held(), "the task wants an answer: m gives one, f fails it"},
		{"o", paused, "this is the outermost frame: c continues to the end"},
		{"a", may, ""},
		{"a", held(), "nothing may leave this machine: --live allows it"},
		{"a", paused, "no request is held"},
		{"m", paused, "no task wants an answer"},
		{"t", paused, "no task token is awaited"},
		{"p", paused, "nothing is running"},
		{"p", running, ""},
		{"[", paused, "this is the start"},
		{"e", ended, "the execution has ended: r restarts it, [ goes back in time"},
		{"e", &sessions.View{Phase: sessions.Replay}, "nothing is changed in a replay: R runs on from here as a new session"},
	} {
		b, _ := Of(c.key)
		if got := b.Can(Situation{View: c.view}); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.view.Phase, c.key, got, c.want)
		}
	}
}

func line(s Situation) string {
	var words []string
	for _, h := range Line(s) {
		words = append(words, h.Keys+" "+h.Text)
	}
	return strings.Join(words, "  ")
}

func TestLine(t *testing.T) {
	may := held()
	may.Requests[0].MayLeave = true
	may.Requests[0].Edited = 1
	for _, c := range []struct {
		s    Situation
		want string
	}{
		{Situation{&sessions.View{Focus: 1, Frames: []interp.Frame{{ID: 1}}, Steps: make([]sessions.StepInfo, 2), Cursor: 2}, layout.Data}, "s stage  n next state  c continue  shift backwards  b break  e edit  : command  tab pane  / find"},
		{Situation{may, layout.Request}, "a send  m mock  f fail  K skip  e edit  u undo edit  d diff with Parameters  y copy  enter open  esc back"},
		{Situation{held(), layout.Request}, "m mock  f fail  K skip  e edit  d diff with Parameters  y copy  enter open  esc back"},
		{
			Situation{&sessions.View{Phase: sessions.Replay, Steps: make([]sessions.StepInfo, 3), Cursor: 2}, layout.Lanes},
			"[ ] step  { } state  g G ends  enter open  * mark  ' jump to mark  A only AWS events  R fork  : command  esc back",
		},
		{
			Situation{&sessions.View{Steps: make([]sessions.StepInfo, 3), Cursor: 2}, layout.Data},
			"[ ] step  { } state  n next state  c continue  R fork  e edit  : command  tab pane",
		},
		{Situation{&sessions.View{Phase: sessions.Running}, layout.Data}, "p pause  X abort  : command  tab pane  / find"},
		{Situation{&sessions.View{Phase: sessions.Waiting, Tokens: make([]sessions.TokenWait, 1)}, layout.Data}, "t token  c continue  b break  tab pane  : command"},
		{Situation{&sessions.View{Phase: sessions.Ended, Cursor: 2, Steps: make([]sessions.StepInfo, 2)}, layout.Data}, "r restart  [ step  { state  q quit  : command  y copy  tab pane  / find"},
	} {
		if got := line(c.s); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.s.View.Phase, got, c.want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	md := Markdown()
	for _, want := range []string{"| Go on | |\n|---|---|\n", "| `s` `F11` | finish the next stage of the focused frame |\n", "| `o` `shift-F11` |"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
}
