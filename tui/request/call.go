package request

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Row is one line of text about a call that was answered.
type Row struct {
	Role theme.Role
	Text string
	Ours bool // the text has glyphs of ours in it
}

// Put writes the row.
func (r Row) Put(p *paint.Pen) {
	if r.Ours {
		p.Put(r.Role, r.Text)
		return
	}
	p.Say(r.Role, r.Text)
}

// mostRows is how many lines of a body are shown of a call.
const mostRows = 5000

// CallTitle is what a call is called.
func CallTitle(n int, c *sessions.PastCall) (title, note string) {
	title = fmt.Sprintf("Call %d of %s", n+1, c.State)
	if c.Attempt > 0 {
		title += fmt.Sprintf(", attempt %d", c.Attempt+1)
	}
	switch {
	case c.Response != nil && c.Trouble != "":
		note = fmt.Sprintf("%d %s, then it broke off", c.Response.Status, c.Response.Reason)
	case c.Response != nil:
		note = fmt.Sprintf("%d %s", c.Response.Status, c.Response.Reason)
	case c.Trouble != "":
		note = "no answer came"
	default:
		note = "answered by " + c.By
	}
	return title, note
}

// CallHead is what stands above a call: what was asked, and where the time
// went.
func CallHead(c *sessions.PastCall) []Row {
	what := c.Resource
	if c.Method != "" {
		what = c.Method + " " + c.URL
	}
	rows := []Row{{Role: theme.Strong, Text: what}}
	if c.Request != nil {
		if c.Request.Endpoint != "" {
			rows = append(rows, Row{Role: theme.Dim, Text: "went to " + c.Request.Endpoint})
		}
		rows = append(rows, Row{Role: theme.Dim, Text: timingText(c.Timing, c.Took), Ours: true})
	}
	return rows
}

func timingText(t task.Timing, took time.Duration) string {
	if t.Total == 0 {
		return "took " + millis(took)
	}
	after := ""
	if t.Kept {
		after = ", connection kept"
	}
	if t.Throttled > 0 {
		after += ", throttled " + millis(t.Throttled) + " before"
	}
	var parts []string
	for _, p := range []struct {
		name string
		d    time.Duration
		some bool
	}{
		{"DNS", t.DNS, t.DNS > 0},
		{"connect", t.Connect, !t.Kept},
		{"TLS", t.TLS, t.TLS > 0},
		{"send", t.Send, true},
		{"first byte", t.FirstByte, true},
		{"rest", t.Receive(), true},
	} {
		if p.some {
			parts = append(parts, p.name+" "+strings.TrimSuffix(millis(p.d), " ms"))
		}
	}
	return "total " + millis(t.Total) + " = " + strings.Join(parts, " + ") + after
}

func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 1:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}

// ResponseRows are the answer as it came.
func ResponseRows(c *sessions.PastCall) []Row {
	r := c.Response
	switch {
	case r == nil && c.Trouble != "":
		return []Row{{Role: theme.Failed, Text: "no answer came"}, {}, {Text: c.Trouble}}
	case r == nil && c.Request == nil:
		return []Row{{Role: theme.Dim, Text: "nothing was sent: it was answered by " + c.By}}
	case r == nil:
		return []Row{{Role: theme.Dim, Text: "the answer was not kept"}}
	}
	role := theme.Done
	if r.Status/100 != 2 {
		role = theme.Failed
	}
	rows := []Row{{Role: role, Text: r.StatusLine}}
	for _, f := range r.Header {
		row := Row{Text: f.Name + ": " + f.Value}
		if secretHeader(f.Name) {
			row = Row{Role: theme.Dim, Text: fmt.Sprintf("%s: (hidden, %d chars)", f.Name, len(f.Value))}
		}
		rows = append(rows, row)
	}
	rows = append(rows, Row{})
	rows = append(rows, bodyRows(r.Body)...)
	if r.Truncated {
		rows = append(rows, Row{Role: theme.Warn, Text: "the body was longer: this is its beginning"})
	}
	if c.Trouble != "" {
		rows = append(rows, Row{}, Row{Role: theme.Failed, Text: "then it broke off"}, Row{Text: c.Trouble})
	}
	return rows
}

// secretHeader reports whether an answer's header lets its reader act as
// somebody.
func secretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Set-Cookie", "Authorization":
		return true
	}
	return false
}

func bodyRows(body []byte) []Row {
	if len(body) == 0 {
		return []Row{{Role: theme.Dim, Text: "no body"}}
	}
	var rows []Row
	for text := range strings.SplitSeq(strings.TrimSuffix(string(body), "\n"), "\n") {
		if len(rows) == mostRows {
			return append(rows, Row{Role: theme.Dim, Text: "more lines are not shown"})
		}
		rows = append(rows, Row{Text: strings.TrimSuffix(text, "\r")})
	}
	return rows
}

// ResultRows are what Step Functions hands on: the result, or the error.
func ResultRows(c *sessions.PastCall) []Row {
	var rows []Row
	if f := c.Answer.Failure; f != nil {
		name, cause := "no error name", ""
		if f.Error != nil {
			name = *f.Error
		}
		if f.Cause != nil {
			cause = *f.Cause
		}
		rows = append(rows, Row{Role: theme.Failed, Text: "Error  " + name}, Row{}, Row{Role: theme.Dim, Text: "Cause, a text:"})
		return append(rows, bodyRows([]byte(cause))...)
	}
	v := c.Answer.Result
	switch {
	case !v.Exists():
		return []Row{{Role: theme.Dim, Text: "nothing"}}
	case v.Is(jsonval.String):
		return bodyRows([]byte(v.String()))
	}
	return bodyRows([]byte(v.Indent()))
}

// RequestRows are what was sent.
func RequestRows(c *sessions.PastCall) []Row {
	r := c.Request
	if r == nil {
		return []Row{{Role: theme.Dim, Text: "nothing was sent: it was answered by " + c.By}}
	}
	rows := []Row{{Role: theme.Strong, Text: r.Method + " " + Target(r.URL) + " HTTP/1.1"}}
	for _, h := range r.Header {
		row := Row{Text: h.Name + ": " + h.Value, Ours: h.Secret}
		if h.Secret {
			row.Role = theme.Dim
		}
		rows = append(rows, row)
	}
	rows = append(append(rows, Row{}), bodyRows(r.Body)...)
	if r.Signed {
		rows = append(rows, Row{}, Row{Role: theme.Dim, Text: "signed with SigV4 for " + r.Service + " in " + r.Region + " as of " + r.SignedAt.UTC().Format("15:04:05Z")})
		if r.Identity != "" {
			rows = append(rows, Row{Role: theme.Dim, Text: "as " + r.Identity, Ours: true})
		}
		if r.Principal != nil {
			rows = append(rows, Row{Role: theme.Warn, Text: "AWS would have signed it as " + r.Principal.Service})
		}
	}
	return rows
}

// WhyRows explain a refusal; the texts that were compared stand line by line,
// ours above the API's, the first difference marked.
func WhyRows(e *task.Explanation) []Row {
	rows := []Row{{Role: theme.Failed, Text: e.Title}, {}, {Text: e.Cause}}
	width := 0
	for _, f := range e.Facts {
		width = max(width, len(f.Name))
	}
	for _, f := range e.Facts {
		rows = append(rows, Row{Role: theme.Dim, Text: fmt.Sprintf("  %-*s  %s", width, f.Name, f.Value)})
	}
	if len(e.Do) > 0 {
		rows = append(rows, Row{}, Row{Role: theme.Strong, Text: "What to do"})
		for _, do := range e.Do {
			rows = append(rows, Row{Text: theme.GlyphClosed + " " + do, Ours: true})
		}
	}
	for _, c := range e.Comparisons {
		note := "equal on both sides"
		if c.First >= 0 {
			note = "ours (<) and the API's (>), " + theme.GlyphHere + " marks the first difference"
		}
		rows = append(rows, Row{}, Row{Role: theme.Strong, Text: c.Name + ": " + note, Ours: true})
		for i, l := range c.Lines {
			if !l.Differs {
				rows = append(rows, Row{Role: theme.Dim, Text: "    " + l.Ours})
				continue
			}
			mark := "  "
			if i == c.First {
				mark = theme.GlyphHere + " "
				rows = append(rows, Row{Role: theme.Here, Text: mark + l.What + " differs:", Ours: true})
			}
			rows = append(rows, Row{Role: theme.Removed, Text: "  < " + l.Ours}, Row{Role: theme.Added, Text: "  > " + l.Theirs})
		}
	}
	return rows
}

// VariantRows are a request under one AuthType: how it differs, and what has to
// let it in.
func VariantRows(v *sessions.AuthVariant) []Row {
	name := v.AuthType
	if v.Own {
		name += "  " + theme.GlyphHere + " what the machine asks for"
	}
	rows := []Row{{Role: theme.Strong, Text: name, Ours: true}, {}}
	switch v.AuthType {
	case "NO_AUTH":
		rows = append(rows, Row{Text: "Nothing is signed. The route must be open, or guarded by something in the headers or the query."})
	case "IAM_ROLE":
		rows = append(rows, Row{Text: "Signed with the credentials of the execution role, or of Credentials.RoleArn. The route must want AWS_IAM."})
	case "RESOURCE_POLICY":
		rows = append(rows, Row{Text: "Signed by Step Functions itself, as states.amazonaws.com: nobody else can. Here it would be signed as you. REST APIs only."})
	}
	rows = append(rows, Row{})
	if h := v.HTTP; h != nil {
		rows = append(rows, Row{Role: theme.Strong, Text: h.Method + " " + Target(h.URL) + " HTTP/1.1"})
		for _, l := range h.Header {
			mark, role := "  ", theme.Plain
			if l.Signed {
				mark = "s "
			}
			if l.Secret {
				role = theme.Dim
			}
			rows = append(rows, Row{Role: role, Text: mark + l.Name + ": " + l.Value, Ours: l.Secret})
		}
		if n := len(h.Body); n > 0 {
			rows = append(rows, Row{Role: theme.Dim, Text: fmt.Sprintf("body %d B, the same in all three", n)})
		}
	}
	if v.Problem != "" {
		rows = append(rows, Row{Role: theme.Warn, Text: v.Problem})
	}
	rows = append(rows, Row{})
	if v.Access == nil {
		return append(rows, Row{Role: theme.Dim, Text: "No statement has to allow it."})
	}
	rows = append(rows, Row{Role: theme.Dim, Text: "Needed in " + v.Access.Holder + ":"})
	for _, s := range v.Access.Statements {
		for line := range strings.SplitSeq(s.Indent(), "\n") {
			rows = append(rows, Row{Text: line})
		}
	}
	for _, n := range v.Access.Notes {
		rows = append(rows, Row{Role: theme.Dim, Text: n + "."})
	}
	return rows
}
