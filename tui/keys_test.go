package tui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/sessions/command"
	"asldbg/tui/editor"
	"asldbg/tui/internal/sample"
	"asldbg/tui/theme"
)

// told is what the session was told, in its written form.
func (sc *screen) told() string {
	var out []string
	for _, c := range sc.s.told {
		out = append(out, c.String())
	}
	sc.s.told = nil
	text := strings.Join(out, "; ")
	for _, w := range sc.s.view.Tokens {
		text = strings.ReplaceAll(text, string(w.Token)+" ", "")
	}
	return text
}

// TestKeysBecomeCommands goes through the keys that change the session.
func TestKeysBecomeCommands(t *testing.T) {
	for _, c := range []struct {
		view       func() sessions.View
		keys, want string
	}{
		{sample.Main, "s n c", "step; next; continue"},
		{sample.Main, "[ { S N O C", "back; back-state; back; back-state; back-out; back-continue"},
		{sample.Main, "r R", "restart; fork"},
		{sample.Main, "o", ""},
		{sample.Main, "b", "break Charge"},
		{sample.Main, "2 k b", "break InStock?"},
		{sample.Main, "6 b", "clear 1"},
		{sample.Main, "6 j enter", "toggle 2"},
		{sample.Main, "2 k k b", "clear 1"},
		{sample.Main, "X esc X X", "abort"},
		{sample.Main, "B '.a_==_1 enter", "break Charge:Parameters if .a == 1"},
		{sample.Main, "w '.x enter", "watch .x"},
		{sample.Main, ": 'goto_3 enter", "goto 3"},
		{sample.Main, ": 'nonsense enter esc s", "step"},
		{sample.Main, ": 'bre tab 'Ch tab enter", "break Charge"},
		{sample.Main, ": 'unw tab down enter", "unwatch 1"},
		{sample.Main, "7 g G", "goto 1; goto end"},
		{sample.Main, "* ' ", "goto 8"},
		{sample.Main, "7 7 j enter", "goto 8"},
		{sample.Main, "4 enter", "focus 1"},
		{sample.Main, "j e ctrl+k '\"other\" ctrl+s", `edit /ApiEndpoint "other"`},
		{sample.Main, "j e ctrl+k '\"other\" esc", ""},
		{sample.Main, "e ctrl+s", ""},
		{sample.Open, "a s n", ""},
		{sample.Open, "m ctrl+s", `mock {"Headers":{"Content-Type":["application/json"]},"ResponseBody":{},"StatusCode":200,"StatusText":"OK"}`},
		{sample.Open, "f enter", `fail ApiGateway.500 {"message":"Internal server error"}`},
		{sample.Open, "f down down enter", `fail ApiGateway.504 {"message":"Endpoint request timed out"}`},
		{sample.Open, "f '504 enter", `fail ApiGateway.504 {"message":"Endpoint request timed out"}`},
		{sample.Open, "f 'My.Error_because enter", "fail My.Error because"},
		{func() sessions.View { return sample.Held(true) }, "a y u", "send yes; undo-edit"},
		{func() sessions.View { return sample.Held(false) }, "e down ctrl+e backspace backspace backspace 'X\", ctrl+s", `edit-request {"method":"POSX"}`},
		{func() sessions.View { return sample.Held(false) }, "4 j enter m ctrl+s", "mock " + sample.Charged},
		{func() sessions.View { return sample.Held(false) }, "4 enter m enter", `fail ApiGateway.500 {"message":"Internal server error"}`},
		{func() sessions.View { return sample.Held(false) }, "u p t", ""},
		{func() sessions.View { return sample.Held(false) }, "a esc T y", "tamper yes"},
		{func() sessions.View { return sample.Held(false) }, "K", "skip"},
		{func() sessions.View { return sample.Held(false) }, "M enter", "mock template"},
		{func() sessions.View { return sample.Held(false) }, "M down down enter", "mock earlier 2"},
		{func() sessions.View { return sample.Held(false) }, "M 'file_a_b.json enter", "mock file a b.json"},
		{func() sessions.View { return sample.Held(false) }, "D '-10m enter", "sign -10m"},
		{func() sessions.View { return sample.Held(false) }, "D down down down down down enter", "sign keep"},
		{func() sessions.View { return sample.Held(false) }, "F down down enter", "hold off host abc123.execute-api.eu-west-1.amazonaws.com"},
		{func() sessions.View { return sample.Held(false) }, "I esc P esc y Y enter", "auth-types; export curl; export curl"},
		{func() sessions.View { return sample.Held(false) }, "2 G enter", "auth-types"},
		{sample.Refused, "i k enter [ ] y", "export curl 2"},
		{sample.Refused, "W tab j G esc s", "step"},
		{sample.Refused, "i Y 'a.har enter", "export har to a.har"},
		{sample.Token, "t h", "token heartbeat"},
		{sample.Token, "t enter ctrl+s", "token success {}"},
		{sample.Token, "t f enter 'late enter", "token failure Callback.Failed late"},
		{sample.Token, "t y Y / 'ship esc esc", ""},
		{func() sessions.View {
			v := sample.Token()
			other := v.Tokens[0]
			other.State, other.Token = "Print", "AQC2"
			v.Tokens = append(v.Tokens, other)
			return v
		}, "t / 'print esc h", "token heartbeat"},
		{func() sessions.View {
			v := sample.Main()
			v.Holds = []sessions.HoldRule{{Kind: "state", Name: "Ship now"}}
			return v
		}, "6 G enter", "hold on state Ship now"},
		{func() sessions.View { return sample.Replay(10) }, "] } e m", "forward; forward-state"},
		{func() sessions.View { return sample.Replay(10) }, "2 j enter", "goto 11"},
		{func() sessions.View { return sample.Replay(10) }, "* ] ' esc esc s", "forward; goto 10; step"},
		{sample.Done, "s n c e", ""},
	} {
		sc := open(t, c.view(), 120, 40, theme.Theme{})
		sc.text()
		if got := sc.keys(c.keys).told(); got != c.want {
			t.Errorf("%s: %s, want %s", c.keys, got, c.want)
		}
		sc.text()
	}
}

func TestAKeyThatCannotWorkSaysWhy(t *testing.T) {
	for _, c := range []struct {
		view       func() sessions.View
		keys, want string
	}{
		{sample.Main, "a", "no request is held"},
		{sample.Main, "o", "this is the outermost frame: c continues to the end"},
		{sample.Main, "9", "9 does nothing here; ? lists the keys"},
		{sample.Main, "8", "there is no pane 8 here"},
		{sample.Main, "2 l", "there is nothing to fold here"},
		{sample.Main, "'", "no step is marked; * marks this one"},
		{sample.Open, "a", "nothing may leave this machine: --live or --endpoint would allow it"},
		{sample.Open, "s", "the task wants an answer: m gives one, f fails it"},
		{sample.Main, "y", "copied the value, 3"},
	} {
		sc := open(t, c.view(), 120, 40, theme.Theme{})
		if got := sc.keys(c.keys).text(); !strings.Contains(got, c.want) {
			t.Errorf("%s does not say %q: %s", c.keys, c.want, strings.Split(got, "\n")[38])
		}
	}
}

// TestWhatIsRefusedComesBack: a text that the session does not take is not
// lost.
func TestWhatIsRefusedComesBack(t *testing.T) {
	sc := open(t, sample.Main(), 120, 40, theme.Theme{})
	sc.s.refuse = errors.New("that does not fit here")
	sc.keys("j e ctrl+k '\"other\" ctrl+s")
	if s := sc.text(); !strings.Contains(s, `"other"`) || !strings.Contains(s, "that does not fit here") || !strings.Contains(s, "/ApiEndpoint") {
		t.Error(s)
	}
	sc.keys("esc esc").told()
	sc.keys(": 'watch_.x enter")
	if s := sc.text(); !strings.Contains(s, ": watch .x") || !strings.Contains(s, "that does not fit here") {
		t.Error(s)
	}
	sc.keys("esc s")
	if s := sc.text(); !strings.Contains(s, "3 Data: after Parameters") || !strings.Contains(s, "that does not fit here") {
		t.Error(s)
	}
}

func TestLeaving(t *testing.T) {
	left := func(sc *screen, keys ...string) bool {
		sc.keys(strings.Join(keys[:len(keys)-1], " "))
		k := keys[len(keys)-1]
		_, cmd := sc.m.Update(tea.KeyPressMsg{Code: []rune(k)[0], Text: k})
		if cmd == nil {
			return false
		}
		_, ok := cmd().(leftMsg)
		return ok
	}
	if !left(open(t, sample.Main(), 120, 40, theme.Theme{}), "q") {
		t.Error("q asks where nothing is held")
	}
	if !left(open(t, sample.Open(), 120, 40, theme.Theme{}), "q") {
		t.Error("q asks where nothing could be sent")
	}
	sc := open(t, sample.Held(false), 120, 40, theme.Theme{})
	if left(sc, "q") || !strings.Contains(sc.text(), "A request is held in Charge") || !left(sc, "q") {
		t.Error("q does not ask once where a request is held")
	}
	sc = open(t, sample.Held(false), 120, 40, theme.Theme{})
	if left(sc, "q", "esc", "e", "q") {
		t.Error("q leaves from the editor")
	}
	sc.m.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
}

// TestAroundAHeldRequest: esc looks around and comes back, another request
// comes to the front by itself.
func TestAroundAHeldRequest(t *testing.T) {
	sc := open(t, sample.Held(false), 120, 40, theme.Theme{})
	shows := func(what string) {
		t.Helper()
		if s := sc.text(); !strings.Contains(s, what) {
			t.Errorf("no %q on\n%s", what, s)
		}
	}
	shows("1 Request: what will be sent")
	sc.keys("esc")
	shows("esc: back to the request")
	shows("3 Data")
	sc.keys("esc")
	shows("1 Request: what will be sent")
	sc.keys("esc")
	next := sample.Held(false)
	next.Requests[0].Call.Effect++
	next.Revision++
	sc.s.view = next
	sc.send(changedMsg{})
	shows("1 Request: what will be sent")
	sc.keys("2 enter")
	shows("/prod/charges")
	shows("canonical request")
	sc.keys("esc d")
	shows("═ equal ═")
	sc.keys("esc")
}

func TestResizeLosesNothing(t *testing.T) {
	sc := open(t, sample.Main(), 120, 40, theme.Theme{})
	sc.text()
	sc.keys("j j j j j j h 2 k")
	before := sc.text()
	for _, size := range [][2]int{{80, 24}, {30, 5}, {200, 60}, {60, 16}, {1, 1}, {120, 40}} {
		sc.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		sc.text()
	}
	if d := cmp.Diff(before, sc.text()); d != "" {
		t.Error(d)
	}
	sc.keys("z")
	if s := sc.text(); !strings.Contains(s, "[2] Graph") || strings.Contains(s, "Breakpoints") {
		t.Error(s)
	}
	sc.keys("z")
	if d := cmp.Diff(before, sc.text()); d != "" {
		t.Error(d)
	}
}

// TestKeysWaitForTheCommandBeforeThem: what is typed while the session works
// acts on what it shows afterwards.
func TestKeysWaitForTheCommandBeforeThem(t *testing.T) {
	sc := open(t, sample.Main(), 120, 40, theme.Theme{})
	_, first := sc.m.Update(tea.KeyPressMsg{Code: 's', Text: "s"})
	for _, k := range "am" {
		if _, cmd := sc.m.Update(tea.KeyPressMsg{Code: k, Text: string(k)}); cmd != nil {
			t.Errorf("%c does not wait", k)
		}
	}
	sc.s.view = sample.Held(false)
	sc.s.view.Requests[0].Writes = false
	sc.run(first)
	if got := sc.told(); got != "step; send" {
		t.Error(got)
	}
	if !strings.Contains(sc.text(), "Answer of Charge") {
		t.Error(sc.text())
	}
}

func TestEditorCommand(t *testing.T) {
	env := map[string]string{}
	get := func(k string) string { return env[k] }
	if got := editorCommand(get); got != "vi" {
		t.Error(got)
	}
	env["EDITOR"] = "nano"
	env["VISUAL"] = " code -w "
	if got := editorCommand(get); got != "code -w" {
		t.Error(got)
	}
}

// TestEditorApp edits with a program that is no editor.
func TestEditorApp(t *testing.T) {
	script := filepath.Join(t.TempDir(), "editor.sh")
	seen := filepath.Join(t.TempDir(), "seen")
	text := "#!/bin/sh\nls -l \"$1\" > " + seen + "\nprintf '{\"a\":2}\\n' > \"$1\"\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", script)
	t.Setenv("TMPDIR", t.TempDir())
	app := &editorApp{text: `{"a":1}`}
	if err := app.Run(); err != nil {
		t.Fatal(err)
	}
	mode, err := os.ReadFile(seen)
	if err != nil || !strings.HasPrefix(string(mode), "-rw-------") || app.text != `{"a":2}` {
		t.Errorf("%s %v %s", mode, err, app.text)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	sc := open(t, sample.Main(), 120, 40, theme.Theme{})
	e := sc.m.editHere()
	sc.send(externalMsg{e, app.text, nil})
	if got := sc.told(); got != `edit {"a":2}` {
		t.Error(got)
	}
	sc.send(externalMsg{e, "{", nil})
	if s := sc.text(); !strings.Contains(s, "line 1, column 2") {
		t.Error(s)
	}
	t.Setenv("VISUAL", "/nonexistent")
	if err := app.Run(); err == nil || !strings.Contains(err.Error(), "$EDITOR chooses another") {
		t.Error(err)
	}
}

// FuzzKeys: no keys at no size make the screen fail, and every row fits.
func FuzzKeys(f *testing.F) {
	f.Add("s/a\x00b1234567z?:fail \r\x1bvvvHLGg", uint8(120), uint8(40), uint8(0))
	f.Add("7 7jjj*'\x1b\x1b[]{}", uint8(80), uint8(24), uint8(5))
	f.Add("tsx\x13tfabc\r\r", uint8(200), uint8(60), uint8(4))
	views := []func() sessions.View{
		sample.Main, sample.Choice, func() sessions.View { return sample.Held(true) }, sample.Open, sample.Token,
		func() sessions.View { return sample.Replay(15) }, sample.Done, sample.Failed, func() sessions.View { return sessions.View{} },
	}
	special := map[rune]tea.KeyPressMsg{
		'\r': {Code: tea.KeyEnter}, '\x1b': {Code: tea.KeyEscape}, '\t': {Code: tea.KeyTab}, '\x00': {Code: tea.KeyUp},
		'\x01': {Code: tea.KeyDown}, '\x02': {Code: tea.KeyLeft}, '\x03': {Code: tea.KeyRight}, '\x08': {Code: tea.KeyBackspace},
		'\x13': {Code: 's', Mod: tea.ModCtrl}, '\x04': {Code: tea.KeyPgDown}, '\x05': {Code: tea.KeyPgUp},
	}
	f.Fuzz(func(t *testing.T, keys string, w, h, which uint8) {
		sc := open(t, views[int(which)%len(views)](), int(w), int(h), theme.Theme{ASCII: which > 100, Colour: which > 50})
		for i, r := range keys {
			k, ok := special[r]
			switch {
			case r == 'E': // starts another program
				continue
			case !ok:
				k = tea.KeyPressMsg{Code: r, Text: string(r)}
			}
			sc.send(k)
			if i%3 == 0 {
				sc.text()
			}
		}
		for _, row := range strings.Split(sc.text(), "\n") {
			if n := ansi.StringWidthWc(row); n > max(int(w), 0) {
				t.Fatalf("a row of %d columns on a screen of %d: %s", n, w, row)
			}
		}
	})
}

// TestUnseen: where the window is too small to show anything, keys do nothing.
func TestUnseen(t *testing.T) {
	sc := open(t, sample.Held(true), 59, 16, theme.Theme{})
	if got := sc.keys("a y c s").told(); got != "" {
		t.Errorf("it carried out %s", got)
	}
}

// TestHoldIsChosen: what lets requests go is carried out only when it was picked.
func TestHoldIsChosen(t *testing.T) {
	sc := open(t, sample.Held(true), 120, 40, theme.Theme{})
	if got := sc.keys("F enter").told(); got != "" {
		t.Errorf("enter carried out %s", got)
	}
	if got := sc.keys("enter").told(); got != "hold off state Charge" {
		t.Errorf("the second carried out %q", got)
	}
}

// TestWrittenIsKept: neither esc nor ctrl-c throws away at once what was written.
func TestWrittenIsKept(t *testing.T) {
	sc := open(t, sample.Main(), 120, 40, theme.Theme{})
	if s := sc.keys("e x esc").text(); !strings.Contains(s, "esc again throws away what you wrote") {
		t.Error(s)
	}
	if s := sc.keys("ctrl+c").text(); !strings.Contains(s, "What you wrote has not been accepted and will be lost") {
		t.Error(s)
	}
	if s := sc.keys("esc esc").text(); !strings.Contains(s, "nothing was changed") {
		t.Error(s)
	}
}

// TestEditedRequest: an edit that means nothing stays in the editor, and says why.
func TestEditedRequest(t *testing.T) {
	for text, want := range map[string]string{
		`{"header": {}}`:                                 `a request has no "header"; did you mean "headers"?`,
		`{"headers": {"a": "x\ny"}}`:                     `header "a" has a line break or another control character`,
		`{"headers": {"a": ["\u007f"]}}`:                 `header "a" has a line break or another control character`,
		`{"url": 1}`:                                     "url is a string, not number",
		`{"url": "https://a/b", "headers": {"a": null}}`: "",
	} {
		e := newEditing("", "", jsonval.EmptyObject, nil)
		e.check, e.ed = command.CheckRequest, editor.New(text)
		if _, ok := e.take(); ok != (want == "") || e.problem != want {
			t.Errorf("%s: %q, want %q", text, e.problem, want)
		}
	}
}
