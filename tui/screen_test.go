package tui

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/internal/sample"
	"asldbg/tui/theme"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fake is a session that only remembers what it was told.
type fake struct {
	view    sessions.View
	told    []command.Command
	refuse  error
	changed chan struct{}
}

func (f *fake) Do(_ context.Context, c command.Command) error {
	f.told = append(f.told, c)
	return f.refuse
}

func (f *fake) Changed() <-chan struct{} { return f.changed }

func (f *fake) View() sessions.View { return f.view }

// screen is a Model under test.
type screen struct {
	t *testing.T
	s *fake
	m *Model
}

func open(t *testing.T, v sessions.View, w, h int, th theme.Theme) *screen {
	t.Helper()
	f := &fake{view: v, changed: make(chan struct{}, 1)}
	m := New(f, Options{Theme: th, Now: func() time.Time { return sample.Signed().Add(21 * time.Second) }})
	m.after = func(time.Duration, tea.Msg) tea.Cmd { return nil }
	sc := &screen{t, f, m}
	sc.send(tea.WindowSizeMsg{Width: w, Height: h})
	return sc
}

// send gives the model a message and carries out what it asks for.
func (sc *screen) send(msg tea.Msg) {
	sc.t.Helper()
	_, cmd := sc.m.Update(msg)
	sc.run(cmd)
}

func (sc *screen) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			sc.run(c)
		}
	case doneMsg, leftMsg:
		sc.send(msg)
	}
}

var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "backspace": tea.KeyBackspace, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "end": tea.KeyEnd,
}

// keys presses keys, divided by blanks; a word in quotes is typed letter by
// letter.
func (sc *screen) keys(keys string) *screen {
	sc.t.Helper()
	for _, k := range strings.Fields(keys) {
		if text, ok := strings.CutPrefix(k, "'"); ok && text != "" {
			for _, r := range strings.ReplaceAll(text, "_", " ") {
				sc.send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			continue
		}
		if code, ok := keyCodes[k]; ok {
			sc.send(tea.KeyPressMsg{Code: code})
			continue
		}
		if rest, ok := strings.CutPrefix(k, "ctrl+"); ok {
			sc.send(tea.KeyPressMsg{Code: []rune(rest)[0], Mod: tea.ModCtrl})
			continue
		}
		r := []rune(k)[0]
		sc.send(tea.KeyPressMsg{Code: r, Text: k})
	}
	return sc
}

// text is the screen as a person sees it.
func (sc *screen) text() string { return ansi.Strip(sc.m.View().Content) + "\n" }

func (sc *screen) golden(name string) {
	sc.t.Helper()
	got := sc.text()
	for i, row := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if w := ansi.StringWidthWc(row); w > sc.m.w {
			sc.t.Errorf("%s: row %d is %d columns wide, the screen %d: %s", name, i, w, sc.m.w, row)
		}
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			sc.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			sc.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		sc.t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		sc.t.Errorf("%s: %s", name, d)
	}
}

// TestScreens draws every screen at the sizes where layouts differ.
func TestScreens(t *testing.T) {
	for _, c := range []struct {
		name string
		view func() sessions.View
		keys string
	}{
		{"main", sample.Main, "j j j j j j j h j j j"},
		{"choice", sample.Choice, ""},
		{"held", func() sessions.View { return sample.Held(true) }, ""},
		{"open", sample.Open, ""},
		{"around", sample.Open, "esc"},
		{"waiting", sample.Token, ""},
		{"token", sample.Token, "t"},
		{"call", sample.Refused, "i up enter"},
		{"calls", sample.Refused, "i"},
		{"why", sample.Refused, "W"},
		{"refused", sample.Refused, ""},
		{"authtypes", sample.AuthTypes, "I"},
		{"resource", func() sessions.View {
			v := sample.Held(false)
			v.Requests[0].HTTP.Principal = &task.Principal{Service: "states.amazonaws.com"}
			return v
		}, "a"},
		{"policy", func() sessions.View { return sample.Held(false) }, "P"},
		{"mockfrom", func() sessions.View { return sample.Held(false) }, "M"},
		{"holds", func() sessions.View { return sample.Held(false) }, "F"},
		{"sendask", func() sessions.View { return sample.Held(false) }, "a"},
		{"replay", func() sessions.View { return sample.Replay(15) }, ""},
		{"help", sample.Main, "?"},
		{"ended", sample.Done, ""},
		{"failed", sample.Failed, ""},
		{"palette", sample.Main, ": 'br"},
		{"fail", sample.Open, "f"},
		{"mock", sample.Open, "m"},
		{"editor", sample.Main, "e ctrl+e 'x ctrl+s"},
		{"find", sample.Main, "/ 'cents"},
		{"explain", sample.Main, "x"},
	} {
		for _, size := range []struct {
			name string
			w, h int
			th   theme.Theme
		}{
			{"80x24", 80, 24, theme.Theme{}},
			{"120x40", 120, 40, theme.Theme{}},
			{"200x60", 200, 60, theme.Theme{}},
			{"80x24-ascii", 80, 24, theme.Theme{ASCII: true}},
			{"120x40-ascii", 120, 40, theme.Theme{ASCII: true}},
		} {
			t.Run(c.name+"-"+size.name, func(t *testing.T) {
				open(t, c.view(), size.w, size.h, size.th).keys(c.keys).golden(c.name + "-" + size.name)
			})
		}
	}
}

func TestTinyWindow(t *testing.T) {
	sc := open(t, sample.Main(), 40, 10, theme.Theme{})
	sc.golden("tiny-40x10")
	sc.send(tea.WindowSizeMsg{Width: 120, Height: 40})
	if !strings.Contains(sc.text(), "3 Data: after Parameters") {
		t.Error("the screen does not come back")
	}
	sc.send(tea.WindowSizeMsg{Width: 1, Height: 1})
	sc.send(tea.WindowSizeMsg{})
	sc.text()
}

// TestHostilePayload: nothing of a payload reaches the terminal but text.
func TestHostilePayload(t *testing.T) {
	const evil = "\x1b]0;x\x07\x1b[2J\u202e\u009b31m\xff"
	v := sample.Held(true)
	v.Title, v.Message, v.Error = evil, evil, evil
	v.Steps = append(v.Steps[:len(v.Steps):len(v.Steps)], sessions.StepInfo{N: len(v.Steps) + 1, State: evil, Text: evil})
	v.Watches = []sessions.Watch{{Expr: evil, Error: evil}}
	v.Breakpoints = []sessions.Breakpoint{{State: evil, Condition: evil}}
	r := &v.Requests[0]
	r.HTTP.URL += evil
	r.HTTP.Header = append(r.HTTP.Header, sessions.HeaderLine{Name: evil, Value: evil})
	r.HTTP.Body, r.HTTP.Identity, r.Problem = []byte(evil), evil, evil
	r.HTTP.Service, r.HTTP.Region, r.HTTP.Scope, r.HTTP.Pinned, r.HTTP.KeySteps, r.Next = evil, evil, evil, evil, evil, evil
	r.Likely = []sessions.Likely{{Error: evil, Cause: evil, About: evil, Fate: interp.Fate{Retrier: -1, Catcher: -1}}}
	r.Access = &sessions.Access{Holder: evil, Statements: []jsonval.Value{jsonval.OfString(evil)}, Notes: []string{evil}}
	r.AuthTypes = []sessions.AuthVariant{{AuthType: evil, HTTP: r.HTTP, Problem: evil, Access: r.Access}}
	v.Holds = []sessions.HoldRule{{Kind: evil, Name: evil}}
	v.Tokens = []sessions.TokenWait{{State: evil, Token: evil, Submitted: jsonval.OfString(evil)}}
	v.TokensAt = evil
	for i := range v.Calls {
		v.Calls[i] = sessions.PastCall{
			State: evil, Method: evil, URL: evil, By: evil, Resource: evil, Trouble: evil, Request: r.HTTP,
			Answer:   interp.Outcome{Failure: interp.Fail(evil, evil)},
			Response: &task.Response{StatusLine: evil, Reason: evil, Header: []task.Field{{Name: evil, Value: evil}}, Body: []byte(evil)},
			Why:      &task.Explanation{Title: evil, Cause: evil, Do: []string{evil}, Comparisons: []task.Comparison{{Name: evil, Lines: []task.LinePair{{What: evil, Ours: evil, Theirs: evil, Differs: true}}}}},
		}
	}
	for _, keys := range []string{"", "2", "3", "4", "esc", "esc 7 7", "e", "d", "f", "M", "F", "P", "I", "i", "i enter", "i enter tab", "W", "t", "?", ": 'x"} {
		sc := open(t, v, 120, 40, theme.Theme{})
		seen := sc.keys(keys).m.View()
		for _, r := range ansi.Strip(seen.Content) {
			if r != '\n' && r < 0x20 || 0x7f <= r && r < 0xa0 || r == 0x202e || r == 0xfffd {
				t.Fatalf("%s: %U is on the screen", keys, r)
			}
		}
		if strings.ContainsAny(seen.WindowTitle, "\x1b\x07\u009b\u202e") {
			t.Errorf("the window's title is %q", seen.WindowTitle)
		}
	}
}

// TestColoursAndAttributes: without colours none is sent, with them each row
// ends as it began.
func TestColoursAndAttributes(t *testing.T) {
	colour := func(th theme.Theme) string { return open(t, sample.Held(true), 120, 40, th).m.View().Content }
	if s := colour(theme.Theme{}); strings.Contains(s, ";3") || strings.Contains(s, "\x1b[3") {
		t.Error("a colour without colours")
	}
	s := colour(theme.Theme{Colour: true})
	for i, row := range strings.Split(s, "\n") {
		if at := strings.LastIndex(row, "\x1b["); at >= 0 && !strings.HasSuffix(row, theme.Reset) {
			t.Errorf("row %d does not end its colours: %q", i, row[at:])
		}
	}
	if !strings.Contains(s, "\x1b[0;7;31m") {
		t.Error("LIVE is not marked")
	}
}

func BenchmarkView200x60(b *testing.B) {
	f := &fake{view: sample.Main(), changed: make(chan struct{}, 1)}
	m := New(f, Options{Theme: theme.Theme{Colour: true}})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	for b.Loop() {
		m.stale = true
		m.View()
	}
}

// BenchmarkStep200KiB is a key press and the screen after it, with a document
// near the quota.
func BenchmarkStep200KiB(b *testing.B) {
	v := sample.Main()
	items := make([]jsonval.Value, 1700)
	for i := range items {
		items[i] = jsonval.MustParse(`{"id":1,"name":"row with some text in it","address":{"street":"Main St","zip":"12345","tags":[1,2,3]}}`)
	}
	f := &fake{view: v, changed: make(chan struct{}, 1)}
	f.view.Frames = slices.Clone(v.Frames)
	f.view.Frames[0].Data[interp.Entered] = jsonval.ObjectOf(jsonval.Member{Key: "rows", Value: jsonval.OfItems(items)})
	f.view.Frames[0].Stage = interp.ResultPath
	m := New(f, Options{Theme: theme.Theme{Colour: true}})
	m.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	n := 0
	for b.Loop() {
		n++
		items = slices.Clone(items)
		items[n%len(items)] = jsonval.True
		f.view.Frames[0].Data[interp.ResultPath] = jsonval.ObjectOf(jsonval.Member{Key: "rows", Value: jsonval.OfItems(items)})
		m.Update(changedMsg{})
		m.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
		m.View()
	}
}
