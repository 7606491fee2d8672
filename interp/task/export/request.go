package export

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"asldbg/interp/task"
)

// Request is a request without its secrets.
type Request struct {
	Method, URL string
	Endpoint    string            // where it really goes, "" for the URL's own host
	Header      []task.HeaderLine // in wire order; the value of a secret is not the real one
	Body        []byte
	Signed      bool // with SigV4, for Service in Region
	Service     string
	Region      string
}

// Response is an answer.
type Response struct {
	Status int
	Reason string
	Header []task.Field
	Body   []byte
}

// Call is a request and what came back for it.
type Call struct {
	Request  Request
	Response *Response // nil: no answer came
	Began    time.Time
	Timing   task.Timing
	Comment  string
}

// Of is s as it may be given away.
func Of(s task.Sealed) Request {
	d := s.Draft()
	r := Request{Method: d.Method, URL: d.URL, Endpoint: d.Endpoint, Header: s.Header(), Body: d.Body, Signed: s.Signed()}
	if d.Scope != nil {
		r.Service, r.Region = d.Scope.Service, d.Scope.Region
	}
	return r
}

// HiddenText stands where a secret was.
const HiddenText = "REDACTED"

// IsSecret reports whether the value of a header, of a request or an answer,
// lets its reader act as somebody.
func IsSecret(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "X-Amz-Security-Token", "X-Api-Key", "Cookie", "Set-Cookie":
		return true
	}
	return false
}

// follows reports whether a header is made by whoever sends the request again.
func follows(name string, signed bool) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Host", "Content-Length":
		return true
	case "Authorization", "X-Amz-Date", "X-Amz-Content-Sha256", "X-Amz-Security-Token":
		return signed
	}
	return false
}

// Curl is the request as a command for curl, which signs it anew: with the
// credentials in the AWS environment variables.
func Curl(r Request) string {
	var c commandLine
	options := ""
	address := r.address()
	if strings.ContainsAny(address, "[]{}") {
		options += " --globoff"
	}
	if strings.Contains(address, "/.") {
		options += " --path-as-is"
	}
	if r.Method == http.MethodHead {
		c.add("curl"+options+" --head", address)
	} else {
		c.add("curl"+options+" -X", r.Method, address)
	}
	if r.Signed {
		c.next("--aws-sigv4 " + Quote("aws:amz:"+r.Region+":"+r.Service) + ` --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`)
	}
	for _, h := range r.Header {
		switch {
		case r.Endpoint != "" && strings.EqualFold(h.Name, "Host"):
			c.next("-H " + Quote("Host: "+h.Value))
		case r.Signed && strings.EqualFold(h.Name, "X-Amz-Security-Token"):
			c.next(`-H "` + h.Name + `: $AWS_SESSION_TOKEN"`)
		case follows(h.Name, r.Signed):
		case h.Secret || IsSecret(h.Name):
			c.next("-H " + Quote(h.Name+": "+HiddenText))
		case h.Value == "" && r.Signed: // curl 7 signs it under a name of its own
		case h.Value == "":
			c.next("-H " + Quote(h.Name+";")) // curl's way to send it without a value
		default:
			c.next("-H " + Quote(h.Name+": "+h.Value))
		}
	}
	for _, name := range []string{"Accept", "User-Agent", "Content-Type"} {
		// Where it signs, curl would sign the header it was told to leave out.
		if !r.Signed && !r.has(name) && (name != "Content-Type" || len(r.Body) > 0) {
			c.next("-H " + Quote(name+":")) // curl would add its own
		}
	}
	if len(r.Body) > 0 {
		if text, ok := shellText(r.Body); ok {
			c.next("--data-raw " + text)
		} else {
			c.next("--data-binary @-") // the bytes come through a pipe
			return printf(r.Body) + " | " + c.String()
		}
	}
	return c.String()
}

func (r Request) has(name string) bool {
	return slices.ContainsFunc(r.Header, func(h task.HeaderLine) bool { return strings.EqualFold(h.Name, name) })
}

// HTTPie is the request as a command for HTTPie; a signed one wants its plugin
// httpie-aws-auth.
func HTTPie(r Request) string {
	var c commandLine
	c.b.WriteString("http --ignore-stdin")
	if r.Signed {
		c.next("--auth-type aws4 --auth \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"")
	}
	piped := false
	if len(r.Body) > 0 {
		text, ok := shellText(r.Body)
		if ok {
			c.next("--raw " + text)
		}
		piped = !ok
	}
	c.next(Quote(r.Method) + " " + Quote(r.address()))
	for _, h := range r.Header {
		switch {
		case r.Endpoint != "" && strings.EqualFold(h.Name, "Host"):
			c.next(Quote("Host:" + h.Value))
		case r.Signed && strings.EqualFold(h.Name, "X-Amz-Security-Token"):
			c.next(`"` + h.Name + `:$AWS_SESSION_TOKEN"`)
		case follows(h.Name, r.Signed):
		case h.Secret || IsSecret(h.Name):
			c.next(Quote(h.Name + ":" + HiddenText))
		case h.Value == "":
			c.next(Quote(h.Name + ";"))
		default:
			c.next(Quote(h.Name + ":" + h.Value))
		}
	}
	if piped {
		return printf(r.Body) + " | " + strings.Replace(c.String(), " --ignore-stdin", "", 1)
	}
	return c.String()
}

// Raw is the message as it goes over the wire, with its secrets hidden.
func Raw(r Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", r.Method, target(r.URL))
	for _, h := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.Bytes()
}

// target is what a request line names: the path and the query.
func target(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.RequestURI()
}

// address is where the request goes: under the name it is meant for, or at its
// endpoint.
func (r Request) address() string {
	if r.Endpoint == "" {
		return onWire(r.URL)
	}
	return strings.TrimSuffix(r.Endpoint, "/") + target(r.URL)
}

// onWire is a URL whose path and query are encoded as the request line has them.
func onWire(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	return u.Scheme + "://" + u.Host + u.RequestURI()
}

// commandLine is a command over several lines.
type commandLine struct{ b strings.Builder }

func (c *commandLine) add(words string, quoted ...string) {
	c.b.WriteString(words)
	for _, q := range quoted {
		c.b.WriteString(" " + Quote(q))
	}
}

func (c *commandLine) next(words string) { c.b.WriteString(" \\\n  " + words) }

func (c *commandLine) String() string { return c.b.String() + "\n" }

// Quote makes one word of s for a POSIX shell. Control characters, which would
// change what a terminal shows of it, are written as escapes; that takes bash
// or zsh.
func Quote(s string) string {
	if strings.ContainsFunc(s, unsafe) {
		return dollarQuote(s)
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// unsafe tells characters that a terminal does not show as they are.
func unsafe(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError ||
		r == 0x061c || r >= 0x200e && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// dollarQuote writes s as $'…', byte by byte where it must.
func dollarQuote(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + s[:n])
		case r == '\n':
			b.WriteString(`\n`)
		case unsafe(r):
			for _, c := range []byte(s[:n]) {
				fmt.Fprintf(&b, `\x%02x`, c) // at most two digits belong to it
			}
		default:
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String() + "'"
}

// shellText is a body as one word; ok is false where no word can hold it.
func shellText(body []byte) (string, bool) {
	if bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body) {
		return "", false
	}
	return Quote(string(body)), true
}

// printf is a command that writes body as it is.
func printf(body []byte) string {
	var b strings.Builder
	b.WriteString("printf '")
	for _, c := range body {
		switch {
		case c == '%':
			b.WriteString("%%")
		case c == '\\':
			b.WriteString(`\\`)
		case c < ' ' || c >= 0x7f || c == '\'':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}
