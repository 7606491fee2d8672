package sessions

import (
	"net/url"
	"strings"

	"asldbg/interp/task"
)

// httpRequest is a sealed request as a View shows it.
func httpRequest(s task.Sealed) *HTTPRequest {
	d := s.Draft()
	r := &HTTPRequest{
		Method: d.Method, URL: d.URL, Endpoint: d.Endpoint, Body: d.Body, Wire: s.Wire(),
		Signed: s.Signed(), Identity: s.Identity(), SignedAt: s.SignedAt(), GoodFor: s.Life(),
		Scope: s.CredentialScope(), KeySteps: s.KeySteps(),
		BodyHash: s.BodyHash(), CanonicalRequest: s.Canonical(), StringToSign: s.StringToSign(), Principal: d.Principal,
	}
	if d.Scope != nil {
		r.Service, r.Region = d.Scope.Service, d.Scope.Region
	}
	for _, line := range s.Header() {
		r.Header = append(r.Header, HeaderLine(line))
	}
	return r
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
	differs("region", a.Scope != nil && b.Scope != nil && a.Scope.Region != b.Scope.Region)
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
	var b strings.Builder
	b.WriteString(indent + r.Method + " " + r.URL + "\n")
	for _, h := range r.Header {
		b.WriteString(indent + h.Name + ": " + h.Value + "\n")
	}
	if r.Principal != nil {
		b.WriteString(indent + "AWS signs it as " + r.Principal.Service + "; the API's resource policy needs\n" + indent + "  " + r.Principal.Statement + "\n")
	}
	if len(r.Body) > 0 {
		b.WriteString("\n" + indent + upTo(longestShown, string(r.Body)) + "\n")
	}
	return b.String()
}

// longestShown is how many bytes of a payload an error shows.
const longestShown = 2000

// upTo is the beginning of s, at most n bytes, and what says that it is cut off.
func upTo(n int, s string) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
