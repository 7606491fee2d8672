package tui

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"asldbg/interp"
	"asldbg/interp/task"
	"asldbg/sessions"
	"asldbg/tui/internal/sample"
	"asldbg/tui/theme"
)

// FuzzExchange: whatever stands in the headers and bodies of requests and
// answers, nothing but text reaches the terminal.
func FuzzExchange(f *testing.F) {
	f.Add("X-Evil", "\x1b]0;x\x07", []byte("\x1b[2J\u202e\u009b31m\xff"), uint8(0))
	f.Add("\r\nA", "\x00", []byte(`{"a\u001b[2J":"\u0007"}`), uint8(1))
	f.Add("a", "b", []byte("one\r\ntwo\x7f\u2028three"), uint8(2))
	f.Fuzz(func(t *testing.T, name, value string, body []byte, which uint8) {
		v := sample.Refused()
		held := sample.Held(true)
		h := *held.Requests[0].HTTP
		h.Header = append(h.Header[:len(h.Header):len(h.Header)], sessions.HeaderLine{Name: name, Value: value})
		h.Body = body
		call := v.Calls[1]
		call.Request = &h
		call.Response = &task.Response{StatusLine: value, Status: 403, Reason: value, Header: []task.Field{{Name: name, Value: value}}, Body: body}
		call.Answer = interp.Outcome{Failure: interp.Fail("ApiGateway.403", string(body))}
		v.Calls = []sessions.PastCall{call}
		held.Requests[0].HTTP = &h
		held.Calls = v.Calls
		for _, c := range []struct {
			view sessions.View
			keys string
		}{{v, "i"}, {v, "i tab"}, {v, "W"}, {held, ""}, {held, "i"}, {held, "d"}, {held, "e"}, {held, "M"}} {
			th := theme.Theme{ASCII: which%2 == 1, Clusters: which%3 == 1}
			w, rows := 80+int(which%3)*40, 24+int(which%3)*16
			for _, r := range ansi.Strip(open(t, c.view, w, rows, th).keys(c.keys).m.View().Content) {
				if r != '\n' && r < 0x20 || 0x7f <= r && r < 0xa0 || r >= 0x200e && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r == 0xfffd {
					t.Fatalf("%s: %U is on the screen", c.keys, r)
				}
			}
		}
	})
}
