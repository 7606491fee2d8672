package sessions

import (
	"bytes"
	"net/url"
	"strings"

	"asldbg/interp/task"
)

// httpRequest is a sealed request as a View shows it.
func httpRequest(s task.Sealed) *HTTPRequest {
	d := s.Draft()
	r := &HTTPRequest{
		Method: d.Method, URL: d.URL, Body: d.Body, Wire: s.Wire(),
		Signed: s.Signed(), Identity: s.Identity(), SignedAt: s.SignedAt(), GoodFor: s.Life(),
		Scope: s.CredentialScope(), KeySteps: s.KeySteps(),
		BodyHash: s.BodyHash(), CanonicalRequest: s.Canonical(), StringToSign: s.StringToSign(),
	}
	if d.Scope != nil {
		r.Service, r.Region = d.Scope.Service, d.Scope.Region
	}
	for _, line := range s.Header() {
		r.Header = append(r.Header, HeaderLine(line))
	}
	return r
}

// secrets are the parts of a sealed request that must not be written down,
// wherever they turn up. Signatures are not among them: each request has
// another, and the journal knows them by their form.
func secrets(s task.Sealed) []string {
	var out []string
	head, _, _ := bytes.Cut(s.Wire(), []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")[1:]
	for i, line := range s.Header() {
		if !line.Secret || s.Signed() && strings.EqualFold(line.Name, "Authorization") {
			continue
		}
		_, value, _ := strings.Cut(lines[i], ": ")
		out = append(out, value)
	}
	return out
}

// changedSince names what the signature of now has otherwise than that of
// first.
func changedSince(first, now task.Sealed) []string {
	if !first.Signed() || !now.Signed() {
		return nil
	}
	var out []string
	differs := func(what string, is bool) {
		if is {
			out = append(out, what)
		}
	}
	a, b := first.Draft(), now.Draft()
	u, _ := url.Parse(a.URL) // both have been sealed: they can be read
	v, _ := url.Parse(b.URL)
	differs("method", a.Method != b.Method)
	differs("host", u.Host != v.Host)
	differs("path", u.EscapedPath() != v.EscapedPath())
	differs("query", u.RawQuery != v.RawQuery)
	differs("headers", !sameHeaders(first.Header(), now.Header()))
	differs("date", !first.SignedAt().Equal(now.SignedAt()))
	differs("body hash", first.BodyHash() != now.BodyHash())
	differs("signature", first.Signature() != now.Signature())
	return out
}

// sameHeaders compares what is signed, but for the date and what follows from
// the body.
func sameHeaders(a, b []task.HeaderLine) bool {
	return strings.Join(headerTexts(a), "\n") == strings.Join(headerTexts(b), "\n")
}

func headerTexts(lines []task.HeaderLine) []string {
	var out []string
	for _, l := range lines {
		switch strings.ToLower(l.Name) {
		case "authorization", "x-amz-date", "content-length", "host", "x-amz-content-sha256":
		default:
			if l.Signed {
				out = append(out, l.Name+": "+l.Value)
			}
		}
	}
	return out
}

// text is the request as an error message shows it: without secrets, a long
// body cut short.
func (r *HTTPRequest) text(indent string) string {
	const longest = 2000
	var b strings.Builder
	b.WriteString(indent + r.Method + " " + r.URL + "\n")
	for _, h := range r.Header {
		b.WriteString(indent + h.Name + ": " + h.Value + "\n")
	}
	if len(r.Body) > 0 {
		body := r.Body
		if len(body) > longest {
			body = append(bytes.Clone(body[:longest]), "…"...)
		}
		b.WriteString("\n" + indent + string(body) + "\n")
	}
	return b.String()
}
