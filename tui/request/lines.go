package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
	"asldbg/tui/theme"
)

// line is one line of the request as it is shown.
type line struct {
	signed bool
	edited bool
	role   theme.Role
	text   string
	full   string // where text is only a part of it
	note   string // where it came from
	blank  bool   // nothing is shown but the note
	ours   bool   // the text has glyphs of ours in it: parts are left out
}

// mostBody is how many lines of a body are shown; all of it is in the editor.
const mostBody = 5000

const moreLines = "more lines are not shown; E opens all of it"

// linesOf lays a request out.
func linesOf(r *sessions.Request) []line {
	var out []line
	if r.Problem != "" {
		out = append(out, line{role: theme.Failed, text: "The request could not be made:"}, line{role: theme.Failed, text: r.Problem}, line{blank: true})
	}
	if r.HTTP == nil {
		return append(out, callLines(r)...)
	}
	h := r.HTTP
	first := line{role: theme.Strong, text: h.Method + " " + Target(h.URL) + " HTTP/1.1", note: lineOrigin(r)}
	if o := h.Original; o != nil && (o.Method != h.Method || Target(o.URL) != Target(h.URL)) {
		first.edited, first.note = true, "was "+o.Method+" "+Target(o.URL)
	}
	out = append(out, first)
	for i, hl := range h.Header {
		out = append(out, headerLines(r, hl, len(values(h.Header[:i], hl.Name)))...)
	}
	if h.Original != nil {
		for i, o := range h.Original.Header {
			if !follows(o.Name) && len(values(h.Header, o.Name)) <= len(values(h.Original.Header[:i], o.Name)) {
				out = append(out, line{edited: true, role: theme.Dim, text: o.Name + ": " + o.Value, note: "removed here", ours: o.Secret})
			}
		}
	}
	out = append(out, line{blank: true, note: bodyNote(h)})
	return append(out, bodyLines(r)...)
}

// Target is what a request line names: the path and the query.
func Target(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.RequestURI()
}

func bodyNote(h *sessions.HTTPRequest) string {
	if len(h.Body) == 0 {
		return "no body"
	}
	note := "body " + jsonview.Size(len(h.Body))
	if isJSON(h.Body) && bytes.IndexByte(h.Body, '\n') < 0 && len(h.Body) > 40 {
		note += ", shown indented"
	}
	return note
}

// covered reports whether the signature was made of the body as it is now.
func covered(h *sessions.HTTPRequest) bool {
	sum := sha256.Sum256(h.Body)
	return h.Signed && h.BodyHash == hex.EncodeToString(sum[:])
}

func isJSON(body []byte) bool {
	_, err := jsonval.Parse(string(body))
	return err == nil
}

// headerLines is one header, the nth of its name from 0: the Authorization of
// Signature Version 4 takes a line for each of its parts.
func headerLines(r *sessions.Request, hl sessions.HeaderLine, nth int) []line {
	h := r.HTTP
	l := line{signed: hl.Signed, text: hl.Name + ": " + hl.Value, ours: hl.Secret, note: headerOrigin(r, hl.Name, hl.Value)}
	if hl.Secret {
		l.role = theme.Dim
	}
	if h.Original != nil && (!follows(hl.Name) || strings.EqualFold(hl.Name, "Host")) {
		switch old := values(h.Original.Header, hl.Name); {
		case nth >= len(old):
			l.edited, l.note = true, "added here"
		case old[nth] != hl.Value:
			l.edited, l.note = true, "edited here; was "+old[nth]
		}
	}
	scheme, parts, ok := strings.Cut(hl.Value, " ")
	if !ok || !strings.EqualFold(hl.Name, "Authorization") || !strings.Contains(parts, "Signature=") {
		return []line{l}
	}
	l.text = hl.Name + ": " + scheme
	out := []line{l}
	rest := strings.Split(parts, ", ")
	for i, part := range rest {
		if i < len(rest)-1 {
			part += ","
		}
		out = append(out, line{signed: l.signed, role: l.role, text: "  " + shorten(part, 64), full: part, ours: true})
	}
	return out
}

// values are those of all headers of a name.
func values(lines []sessions.HeaderLine, name string) (out []string) {
	for _, l := range lines {
		if strings.EqualFold(l.Name, name) {
			out = append(out, l.Value)
		}
	}
	return out
}

// parameters is what the field is called that a request is made from.
func parameters(r *sessions.Request) string {
	if r.Call.State != nil && r.Call.State.Node.Get("Arguments") != nil {
		return "Arguments"
	}
	return "Parameters"
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + theme.GlyphCut
	}
	return s
}

// source is the parameters' part the body was made from, and its name.
func source(r *sessions.Request) (v jsonval.Value, name string) {
	params := parameters(r)
	for _, key := range []string{"RequestBody", "Payload"} {
		if part := r.Call.Input.Get(key); part.Exists() {
			return part, params + " " + key
		}
	}
	if isHTTPTask(r) {
		return jsonval.Value{}, params + " RequestBody"
	}
	return r.Call.Input, params
}

// bodyLines shows a JSON body indented, with the origin of each scalar; other
// bodies as they are.
func bodyLines(r *sessions.Request) []line {
	h := r.HTTP
	if len(h.Body) == 0 {
		return nil
	}
	doc, err := jsonval.Parse(string(h.Body))
	if err != nil {
		if !utf8.Valid(h.Body) {
			return []line{{signed: covered(h), text: fmt.Sprintf("%d bytes that are not text: %x%s", len(h.Body), h.Body[:min(24, len(h.Body))], theme.GlyphCut)}}
		}
		return textLines(r)
	}
	from, name := source(r)
	b := body{signed: covered(h), from: from, name: name, edited: r.Edited > 0, connected: isHTTPTask(r)}
	if h.Original != nil {
		b.original, _ = jsonval.Parse(string(h.Original.Body))
	}
	b.value(nil, "", doc, "")
	return b.lines
}

// textLines shows a body that is not JSON, its edited lines marked.
func textLines(r *sessions.Request) []line {
	h := r.HTTP
	var before []string
	if h.Original != nil {
		before = strings.Split(string(h.Original.Body), "\n")
	}
	var out []line
	for i, text := range strings.Split(string(h.Body), "\n") {
		if i == mostBody {
			return append(out, line{role: theme.Dim, text: moreLines})
		}
		l := line{signed: covered(h), text: text}
		switch {
		case h.Original != nil && i >= len(before):
			l.edited, l.note = true, "added here"
		case h.Original != nil && before[i] != text:
			l.edited, l.note = true, "edited here; was "+before[i]
		case i == 0:
			l.note = textOrigin(r)
		}
		out = append(out, l)
	}
	return out
}

// body lays out a JSON body.
type body struct {
	lines    []line
	signed   bool
	from     jsonval.Value
	name     string
	original jsonval.Value // the body before it was edited; Undefined: it was not
	edited   bool
	// connected says that the rest comes from the connection of an HTTP task.
	connected bool
}

func (b *body) add(text, comma string, depth int, l line) {
	if len(b.lines) == mostBody {
		b.lines = append(b.lines, line{role: theme.Dim, text: moreLines})
	}
	if len(b.lines) > mostBody {
		return
	}
	l.signed = b.signed
	l.text = strings.Repeat("  ", min(depth, 20)) + text + comma
	b.lines = append(b.lines, l)
}

func (b *body) value(at jsonval.Path, key string, v jsonval.Value, comma string) {
	if v.Len() == 0 {
		text := key + v.String()
		if v.Size() > 4<<10 {
			text = key + jsonval.Quote(v.Text()[:utf8Cut(v.Text(), 4<<10)]) + theme.GlyphCut
		}
		l := b.origin(at, v)
		if v.Is(jsonval.String) {
			l.full = v.Text()
		}
		b.add(text, comma, len(at), l)
		return
	}
	brackets := "{}"
	if v.Is(jsonval.Array) {
		brackets = "[]"
	}
	b.add(key+brackets[:1], "", len(at), line{})
	n, i := v.Len(), 0
	next := func() string {
		if i++; i < n {
			return ","
		}
		return ""
	}
	for j, item := range v.Items() {
		b.value(append(at, jsonval.Index(j)), "", item, next())
	}
	for k, member := range v.Members() {
		b.value(append(at, jsonval.Key(k)), jsonval.Quote(k)+": ", member, next())
	}
	b.add(brackets[1:], comma, len(at), line{})
}

// utf8Cut is the largest place up to n where s can be cut.
func utf8Cut(s string, n int) int {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// callLines shows a task that would not send anything.
func callLines(r *sessions.Request) []line {
	out := []line{
		{role: theme.Strong, text: r.Call.Resource.ARN},
		{role: theme.Dim, text: "There is no request to send: the task wants an answer."},
	}
	if r.HasMock {
		out = append(out, line{role: theme.Done, text: "The mock file has one: m takes it."})
	}
	out = append(out, line{blank: true}, line{role: theme.Dim, text: "It is called with:"})
	b := body{}
	b.value(nil, "", r.Call.Input, "")
	return append(out, b.lines...)
}
