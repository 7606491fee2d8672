package request

import (
	"fmt"
	"strings"
	"time"

	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Part is something the signature panel opens.
type Part struct {
	Name string
	Text string // "": the front end makes it
}

// The parts that are made when they are opened.
const (
	AuthTypesPart = "the three AuthTypes"
	PolicyPart    = "IAM statement"
)

// SignatureParts lists what enter opens.
func SignatureParts(r *sessions.Request) []Part {
	var parts []Part
	if h := r.HTTP; h != nil && h.Signed {
		parts = append(parts, Part{"canonical request", h.CanonicalRequest}, Part{"string to sign", h.StringToSign}, Part{"signing key", h.KeySteps})
	}
	if r.Access != nil {
		parts = append(parts, Part{PolicyPart, PolicyText(r.Access)})
	}
	if r.Call.Resource.Service == "apigateway" && r.HTTP != nil {
		parts = append(parts, Part{AuthTypesPart, ""})
	}
	return parts
}

// PolicyText is the least that has to be allowed, and for whom.
func PolicyText(a *sessions.Access) string {
	text := "The least that lets this call through, in " + a.Holder + ":\n\n" + a.Policy()
	for _, n := range a.Notes {
		text += "\n" + n + ".\n"
	}
	return text
}

// DrawSignature fills a with how the request is signed. now is the real time.
func (p *Pane) DrawSignature(a paint.Area, r *sessions.Request, now time.Time, focus bool) {
	p.Update(r)
	y := 0
	row := func(label string) *paint.Pen {
		pen := a.At(1, y)
		y++
		return pen.Put(theme.Dim, label).To(11).Until(a.W - 1)
	}
	h := r.HTTP
	auth := r.Call.Input.Get("AuthType").Text()
	switch {
	case h == nil:
		row("scheme").Put(theme.Plain, "none: there is no request")
		return
	case !h.Signed:
		pen := row("scheme").Put(theme.Plain, "none")
		if auth != "" {
			pen.Put(theme.Plain, "   AuthType ").Say(theme.Plain, auth)
		}
		y++
		text := "Nothing is signed. Whoever can reach the address can send this."
		if r.Call.Resource.Service == "apigateway" {
			text = "Nothing is signed. The route must be open, or guarded by something in the headers or the query."
		}
		y += wrap(a.Sub(1, y, a.W-2, a.H-y), theme.Plain, text) + 1
		row("body hash").Put(theme.Dim, ends(p.hashed))
		p.drawParts(a, y+1, r, focus)
		return
	}
	pen := row("scheme").Put(theme.Plain, "SigV4")
	if auth != "" {
		pen.Put(theme.Plain, "   AuthType ").Say(theme.Plain, auth)
	}
	row("service").Say(theme.Plain, h.Service).Put(theme.Dim, " in ").Say(theme.Plain, h.Region)
	row("scope").Say(theme.Plain, h.Scope)
	if p := h.Principal; p != nil {
		row("AWS signs").Put(theme.Warn, "as ").Say(theme.Warn, p.Service)
		row("here").Put(theme.Warn, "signed as you, or mock it with m")
	}
	row("identity")
	y += wrap(a.Sub(11, y-1, a.W-12, min(2, a.H-y+1)), theme.Plain, h.Identity) - 1
	age := now.Sub(h.SignedAt)
	when := "   " + duration(age) + " ago"
	if age < 0 {
		when = "   in " + duration(-age)
	}
	row("signed").Put(theme.Plain, h.SignedAt.UTC().Format("15:04:05Z")+when)
	if h.Pinned != "" {
		row("sealed").Put(theme.Warn, h.Pinned)
	} else if left := h.GoodFor - age; left > 0 {
		row("good for").Put(theme.Plain, duration(left)+", then renewed by itself")
	} else {
		row("good for").Put(theme.Warn, "no longer: it is signed anew when sent")
	}
	hash := row("body hash").Put(theme.Plain, ends(h.BodyHash))
	switch h.BodyHash {
	case p.hashed:
		hash.Put(theme.Done, "  matches the body")
	case "UNSIGNED-PAYLOAD":
		hash.Put(theme.Warn, "  the body is not covered")
	default:
		hash.Put(theme.Failed, "  not this body's")
	}
	if len(h.ChangedSince) > 0 {
		a.At(1, y).Put(theme.Changed, "~ ").Put(theme.Plain, "differs from the first signing in:")
		y += 1 + wrap(a.Sub(7, y+1, a.W-8, a.H-y-1), theme.Changed, strings.Join(h.ChangedSince, ", "))
	}
	p.drawParts(a, y+1, r, focus)
}

// drawParts lists from row y what enter opens.
func (p *Pane) drawParts(a paint.Area, y int, r *sessions.Request, focus bool) {
	parts := SignatureParts(r)
	if a.H-y < len(parts) {
		y--
	}
	from, to := p.Parts.Window(a.H-y, len(parts))
	for i := from; i < to; i++ {
		if focus && i == p.Parts.Cursor {
			a.At(0, y+i-from).Put(theme.Cursor, theme.GlyphClosed)
		}
		a.At(1, y+i-from).Put(theme.Done, theme.GlyphDone+" ").Put(theme.Plain, parts[i].Name).To(min(31, a.W-13)).Put(theme.Dim, "enter: open")
	}
}

// ends is a long hexadecimal number by its ends.
func ends(s string) string {
	if len(s) < 16 {
		return s
	}
	return s[:4] + theme.GlyphCut + s[len(s)-4:]
}

// duration is d in minutes and seconds.
func duration(d time.Duration) string {
	d = max(d.Round(time.Second), 0)
	if m := d / time.Minute; m > 0 {
		return fmt.Sprintf("%d m %d s", m, (d%time.Minute)/time.Second)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}

// wrap writes text over several rows and says how many.
func wrap(a paint.Area, r theme.Role, text string) int {
	lines := paint.Wrap(a.Theme().Words(text), a.W, a.Theme())
	for y, l := range lines {
		a.At(0, y).Say(r, l)
	}
	return min(len(lines), max(a.H, 0))
}
