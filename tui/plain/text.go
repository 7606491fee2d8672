package plain

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/graph"
	"asldbg/tui/paint"
	"asldbg/tui/pipeline"
	"asldbg/tui/theme"
)

// Text is the stop v shows: where it is, why, what came in and out, the request
// that is held or the token that is awaited, and the end.
func Text(v sessions.View) string {
	var w writer
	f := v.Frame(v.Focus)
	switch {
	case v.Phase == sessions.Ended || f == nil:
		w.line("== %s", v.Status)
		w.ending(&v)
		return w.String()
	default:
		w.line("== %s / %s  %s", f.State.Name, pipeline.Current(f).Name(f.State), v.Phase)
	}
	if v.Stop.Text != "" {
		w.line("%s", v.Stop.Text)
	}
	if r := v.Request(f.ID); r != nil {
		w.request(r)
	} else if len(v.Tokens) == 0 {
		w.stage(f)
	}
	for _, t := range v.Tokens {
		w.line("task token awaited by %s:", t.State)
		w.line("  %s", string(t.Token))
		if t.Submitted.Exists() {
			w.value("first response", t.Submitted)
		}
	}
	return w.String()
}

type writer struct{ strings.Builder }

// line writes one line of our words; what stands in them is made safe.
func (w *writer) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for l := range strings.SplitSeq(text, "\n") {
		w.WriteString(strings.TrimRight(paint.Clean(l, theme.Theme{}), " ") + "\n")
	}
}

func (w *writer) value(name string, v jsonval.Value) {
	w.line("%s, %d B:", name, v.Size())
	w.block(v.Indent())
}

// mostLines is how many lines of a document are written.
const mostLines = 200

// block writes a document, further in.
func (w *writer) block(text string) {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if i == mostLines {
			w.line("  … %d more lines", len(lines)-i)
			return
		}
		w.line("  %s", l)
	}
}

// stage tells what the frame's stage did.
func (w *writer) stage(f *interp.Frame) {
	if f.Failure != nil {
		w.line("failed: %s", failure(f.Failure))
		return
	}
	out := f.DataAt(f.Stage)
	switch {
	case f.Stage == interp.Work && f.State.Type == asl.Choice:
		w.choice(f)
	case f.Stage == interp.Entered:
		w.value("input", out)
	case f.Stage == interp.Result:
		w.value("answer", out)
	default:
		if in := f.DataAt(f.Stage - 1); !jsonval.Same(in, out) {
			w.value("in", in)
		}
		w.value("out", out)
	}
}

// choice explains which rule won.
func (w *writer) choice(f *interp.Frame) {
	for i, r := range f.State.Choices {
		verdict := "false"
		if i == f.Rule {
			verdict = "true"
		}
		w.line("rule %d: %s  is %s", i+1, graph.RuleText(r), verdict)
		for _, c := range graph.Compared(r, f) {
			w.line("  %s", c)
		}
		if i == f.Rule {
			w.line("next: %s", r.Next.Name)
			return
		}
	}
	if f.State.Default != nil {
		w.line("no rule is true, Default next: %s", f.State.Default.Name)
	}
}

// request shows a call that waits for a decision.
func (w *writer) request(r *sessions.Request) {
	if r.HasMock {
		w.line("a mock has the answer")
	}
	if r.HTTP == nil {
		if r.Problem != "" && !r.HasMock {
			w.line("%s", r.Problem)
		}
		return
	}
	w.line("request, nothing has been sent:")
	w.line("  %s %s", r.HTTP.Method, r.HTTP.URL)
	for _, h := range r.HTTP.Header {
		sign := " "
		if h.Signed {
			sign = "s"
		}
		w.line("%s %s: %s", sign, h.Name, h.Value)
	}
	if len(r.HTTP.Body) > 0 {
		w.line("")
		body := string(r.HTTP.Body)
		if v, err := jsonval.Parse(body); err == nil {
			body = v.Indent()
		}
		w.block(body)
	}
	if r.HTTP.Signed {
		w.line("signed with SigV4 for %s in %s as %s (s: covered by the signature)", r.HTTP.Service, r.HTTP.Region, r.HTTP.Identity)
	}
	if r.Endpoint != "" {
		w.line("it goes to %s", place(r.Endpoint))
	}
	if !r.MayLeave {
		w.line("it may not be sent: %s", r.WhyNot)
	}
}

// place is where an endpoint is; a port of this machine, which is another one
// every time, is left out.
func place(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return endpoint
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return "a server on this machine"
	}
	return endpoint
}

// ending tells how the execution ended.
func (w *writer) ending(v *sessions.View) {
	if v.Output.Exists() {
		w.value("output", v.Output)
	}
	if v.Failure != nil {
		w.line("%s", failure(v.Failure))
	}
}

func failure(why *interp.Failure) string {
	text := "no error name"
	if why.Error != nil {
		text = *why.Error
	}
	if why.Cause != nil && *why.Cause != "" {
		text += ": " + *why.Cause
	}
	return text
}
