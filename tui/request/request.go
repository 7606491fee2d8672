package request

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Pane is the request on screen: what is scrolled and selected in each of its
// parts. The zero value is ready.
type Pane struct {
	effect  interp.EffectID // whose call it is
	http    *sessions.HTTPRequest
	lines   []line
	hashed  string // the body's SHA-256
	Body    list.List
	Parts   list.List // of the signature panel: what enter opens
	Earlier list.List
}

// Update looks at a new picture of the session; another call starts at the top.
func (p *Pane) Update(r *sessions.Request) {
	if r == nil {
		*p = Pane{}
		return
	}
	if p.effect != r.Call.Effect {
		*p = Pane{effect: r.Call.Effect}
	}
	if p.lines != nil && p.http == r.HTTP && r.HTTP != nil {
		return
	}
	p.http, p.lines = r.HTTP, linesOf(r)
	if r.HTTP != nil {
		sum := sha256.Sum256(r.HTTP.Body)
		p.hashed = hex.EncodeToString(sum[:])
	}
}

// Lines is how many lines the request has.
func (p *Pane) Lines() int { return len(p.lines) }

// Search moves the cursor; see [list.List.Search].
func (p *Pane) Search(query string, dir int) (n, total int) {
	return p.Body.Search(len(p.lines), func(i int) string { return p.lines[i].text }, query, dir)
}

// Line is the line under the cursor in full, and where it came from.
func (p *Pane) Line() (text string, ok bool) {
	if p.Body.Cursor >= len(p.lines) {
		return "", false
	}
	l := p.lines[p.Body.Cursor]
	if text = strings.TrimSpace(l.text); l.full != "" {
		text = l.full
	}
	if l.note != "" && !l.blank {
		text += "\n\n" + l.note
	}
	return text, text != ""
}

// Title is what the request is called on its border, and the note beside it.
func Title(r *sessions.Request) (title, note string) {
	switch {
	case r.HTTP == nil:
		title = "Task: what it is called with"
	case r.State == sessions.RequestSent:
		title = "Request: what was sent"
	case r.MayLeave:
		title = "Request: what will be sent"
	default:
		title = "Request: what would be sent"
	}
	if r.HTTP != nil && r.HTTP.Principal != nil {
		title += ", SIGNED AS YOU"
	}
	switch {
	case r.Edited == 1:
		note = "EDITED once"
	case r.Edited > 1:
		note = fmt.Sprintf("EDITED %d times", r.Edited)
	}
	if r.HTTP != nil && r.HTTP.Pinned != "" {
		note = strings.TrimSpace(note + "  SIGNED OTHERWISE") // the signature says how
	}
	return title, note
}

// Draw fills a with the request.
func (p *Pane) Draw(a paint.Area, r *sessions.Request, focus bool) {
	p.Update(r)
	body := a
	if a.H >= 10 {
		body = a.Rows(0, a.H-1)
		legend := a.At(1, a.H-1)
		if a.H >= 24 {
			body = a.Rows(0, a.H-3)
			hint := "tab next part   e edit   E in $EDITOR"
			if r.HTTP != nil {
				hint = "tab next part   y copy as curl   Y as something else"
			}
			legend.Put(theme.Dim, hint)
			legend = a.At(1, a.H-2)
		}
		if r.HTTP != nil && r.HTTP.Signed {
			legend.Put(theme.Done, "s").Put(theme.Dim, " = covered by the signature     ").Put(theme.Changed, "~").Put(theme.Dim, " = edited by you")
		} else if r.HTTP != nil {
			legend.Put(theme.Changed, "~").Put(theme.Dim, " = edited by you")
		}
	}
	noteAt := 0
	for _, l := range p.lines {
		if l.note != "" && !l.blank {
			noteAt = max(noteAt, 4+a.Width(l.text)+2)
		}
	}
	noteAt = min(max(noteAt, 34), max(a.W/2-2, 34))
	from, to := p.Body.Window(body.H, len(p.lines))
	for i := from; i < to; i++ {
		l := &p.lines[i]
		pen := body.At(0, i-from)
		if focus && i == p.Body.Cursor {
			pen.Put(theme.Cursor, theme.GlyphClosed)
		}
		if l.signed {
			pen.To(1).Put(theme.Done, "s")
		}
		role := l.role
		if l.edited {
			pen.To(2).Put(theme.Changed, "~")
			role = theme.Changed
		}
		pen.To(3)
		if l.blank {
			pen.To(body.W-1-body.Width(l.note)).Put(theme.Dim, l.note)
			continue
		}
		pen.Until(body.W - 1)
		if l.ours {
			pen.Put(role, l.text)
		} else {
			pen.Say(role, l.text)
		}
		if l.note != "" {
			pen.To(max(pen.X+2, noteAt)).Put(noteRole(l), l.note)
		}
	}
}

func noteRole(l *line) theme.Role {
	if l.edited {
		return theme.Changed
	}
	return theme.Dim
}

// DrawAnswers fills a with what happens after each answer.
func DrawAnswers(a paint.Area, r *sessions.Request) {
	y := 0
	row := func(key, name, text string, role theme.Role) {
		a.At(1, y).Put(theme.Key, key).Put(theme.Strong, " "+name)
		y += wrap(a.Sub(10, y, a.W-11, a.H-y), role, text)
	}
	next := ""
	if r.Next != "" {
		next = ", " + theme.Arrow + " " + r.Next
	}
	switch {
	case r.HTTP != nil && r.MayLeave:
		row("a", "send", "answer is the Result"+next, theme.Plain)
	case r.HTTP != nil:
		row("a", "send", "not allowed: "+r.WhyNot, theme.Dim)
	}
	if r.HasMock {
		row("m", "mock", "the mock file's answer; M others", theme.Plain)
	} else {
		row("m", "mock", "you type it; M from elsewhere", theme.Plain)
	}
	row("K", "skip", "its input becomes the Result", theme.Plain)
	row("f", "fail", "with an error, of which", theme.Plain)
	below := []func(){
		func() { row("e", "edit", "change it; it is sealed again", theme.Plain) },
		func() { row("esc", "", "look around; it stays held", theme.Plain) },
		func() { row("X", "abort", "stop the execution", theme.Plain) },
	}
	var fates []string
	for _, l := range Failures(r) {
		fates = append(fates, paint.Wrap(a.Theme().Words(l), a.W-7, a.Theme())...)
	}
	for len(below) > 0 && len(fates) > a.H-y-len(below) {
		below = below[:len(below)-1] // the key line has them, too
	}
	for i, l := range fates {
		if room := a.H - y - len(below); room <= 1 && i < len(fates)-1 {
			l = theme.GlyphCut + " f lists them all"
			fates = nil
		}
		a.At(6, y).Put(theme.Dim, l)
		y++
		if fates == nil {
			break
		}
	}
	for _, b := range below {
		b()
	}
}

// Failures says what errors would lead to, those with the same fate together.
func Failures(r *sessions.Request) []string {
	var fates []string
	names := map[string][]string{}
	for i := range r.Likely {
		fate := r.Likely[i].Leads()
		if names[fate] == nil {
			fates = append(fates, fate)
		}
		names[fate] = append(names[fate], r.Likely[i].Error)
	}
	out := make([]string, len(fates))
	for i, fate := range fates {
		out[i] = short(names[fate]) + " " + theme.Arrow + " " + fate
	}
	return out
}

// short lists names, without what one has in common with the one before.
func short(names []string) string {
	const most = 5
	text, family := "", ""
	for i, name := range names {
		if i == most && len(names) > most+1 {
			return fmt.Sprintf("%s and %d more", text, len(names)-most)
		}
		of, last, ok := strings.Cut(name, ".")
		switch {
		case i == 0:
			text = name
		case ok && of == family:
			text += ", ." + last
		default:
			text += ", " + name
		}
		family = of
	}
	return text
}

// Similar lists the answered calls like r's as indices of v.Calls, newest last:
// of the same state, or with the same method and path.
func Similar(v *sessions.View, r *sessions.Request) []int {
	var out []int
	for i := range v.Calls {
		c := &v.Calls[i]
		if r.Call.State != nil && c.State == r.Call.State.Name && c.Resource == r.Call.Resource.ARN ||
			r.HTTP != nil && c.Method == r.HTTP.Method && path(c.URL) == path(r.HTTP.URL) {
			out = append(out, i)
		}
	}
	return out
}

func path(raw string) string {
	p, _, _ := strings.Cut(Target(raw), "?")
	return p
}

// EarlierTitle is what the list of earlier calls is called.
func EarlierTitle(r *sessions.Request) string {
	what := r.Call.Resource.ARN
	if r.HTTP != nil {
		what = r.HTTP.Method + " " + path(r.HTTP.URL)
	}
	return "Earlier calls of this state or to " + what
}

// DrawEarlier fills a with the earlier calls.
func (p *Pane) DrawEarlier(a paint.Area, v *sessions.View, r *sessions.Request, focus bool) {
	DrawCalls(a, v, Similar(v, r), &p.Earlier, focus)
}

// DrawCalls fills a with answered calls, given as indices of v.Calls.
func DrawCalls(a paint.Area, v *sessions.View, calls []int, l *list.List, focus bool) {
	if len(calls) == 0 {
		a.At(1, 0).Put(theme.Dim, "none yet")
		return
	}
	states := 5
	for _, c := range calls {
		states = min(max(states, a.Width(v.Calls[c].State)), 20)
	}
	columns := []int{1, 5, 19, 19 + states + 2, 19 + states + 11, a.W - 33, a.W - 24}
	head := a.At(0, 0)
	for i, name := range []string{"#", "when", "state", "attempt", "answer", "took", "note"} {
		head.To(columns[i]).Put(theme.Dim, name)
	}
	body := a.Rows(1, a.H)
	from, to := l.Window(body.H, len(calls))
	for i := from; i < to; i++ {
		c := v.Calls[calls[i]]
		pen := body.At(0, i-from)
		note := c.By
		if focus && i == l.Cursor {
			pen.Put(theme.Cursor, theme.GlyphClosed)
			note = "enter: open it"
		}
		cells := []string{
			fmt.Sprint(calls[i] + 1), c.At.UTC().Format("15:04:05Z"), c.State, fmt.Sprint(c.Attempt + 1), AnswerText(c),
			fmt.Sprintf("%d ms", c.Took.Milliseconds()), note,
		}
		for j, text := range cells {
			end := a.W
			if j+1 < len(columns) {
				end = columns[j+1] - 1
			}
			pen.To(columns[j]).Until(end).Say(theme.Plain, text)
			pen.Until(a.W)
		}
	}
}

// AnswerText is an answer on one line.
func AnswerText(c sessions.PastCall) string {
	if f := c.Answer.Failure; f != nil {
		text := "failed"
		if f.Error != nil {
			text = *f.Error
		}
		if f.Cause != nil && *f.Cause != "" {
			text += " " + *f.Cause
		}
		return text
	}
	v := c.Answer.Result
	if body := v.Get("ResponseBody"); body.Exists() {
		return v.Get("StatusCode").Text() + " " + jsonview.Compact(body, 200)
	}
	return jsonview.Compact(v, 200)
}

// Message says what the next key would do, for the message line.
func Message(r *sessions.Request) string {
	switch {
	case r.State == sessions.RequestFailed:
		return "The request could not be made: " + r.Problem + ". m answers the task, f fails it."
	case r.HTTP == nil:
		return "The task wants an answer: type m to give one, f to fail it."
	case !r.MayLeave:
		return "Nothing has been sent, and nothing may be: " + r.WhyNot + ". m answers it, f fails it."
	}
	what, to := "Nothing has been sent.", Goes(r)
	switch {
	case r.HTTP.Principal != nil:
		what = "AWS signs this as " + r.HTTP.Principal.Service + "; here it would be signed as you. m answers it."
	case r.Free:
		what = "Not held any more: it is sent when you go on."
	case r.Writes:
		what = "This call changes something outside."
	case !r.Outside:
		to += ", on this machine"
	}
	return what + " Type a to send it to " + to + "."
}

// Goes is where the bytes of a request really go.
func Goes(r *sessions.Request) string {
	if r.Endpoint != "" {
		return r.Endpoint
	}
	return Host(r.HTTP.URL)
}

// Host is the host a URL names.
func Host(raw string) string {
	_, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return raw
	}
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// Compare is the part of the parameters the body was made from and its name,
// and the body.
func Compare(r *sessions.Request) (params jsonval.Value, name string, sent jsonval.Value) {
	params, name = source(r)
	if r.HTTP == nil {
		return params, name, params
	}
	sent, err := jsonval.Parse(string(r.HTTP.Body))
	if err != nil {
		sent = jsonval.OfString(string(r.HTTP.Body))
	}
	return params, name, sent
}
