package task

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"asldbg/interp/jsonval"
	"asldbg/interp/task/sigv4"
)

// Sealed is a request whose bytes are settled: what it shows is what goes out.
// Nothing can change it; to edit, take its Draft and seal that.
type Sealed struct {
	draft  Draft
	header http.Header // the draft's and, where signed, the signature's
	wire   []byte
	shown  []byte // the message with the marks of secrets; nil: there are none
	to     destination
	sign   *signature // nil: not signed

	tampered bool // the signature was changed on purpose
}

type signature struct {
	authorization sigv4.Authorization
	at            time.Time
	bodyHash      string
	identity      string
	of            *Sealed   // the request it was made for, where that is another one
	expires       time.Time // of the credentials; zero: never
}

// HeaderLine is one header line of a request.
type HeaderLine struct {
	Name   string
	Value  string // shortened or hidden where Secret
	Signed bool   // covered by the signature
	Secret bool
}

// Draft is a copy to edit and seal again.
func (s Sealed) Draft() Draft { return s.draft.clone() }

// Revealed is Draft with the secrets that are known in their places. It is
// neither for showing nor for writing to disk, unless the user said so.
func (s Sealed) Revealed() Draft { return s.draft.filled() }

// Wire is the whole message, byte for byte as it goes out. Signatures and
// session tokens are in it: it is neither for showing nor for writing to disk.
func (s Sealed) Wire() []byte { return bytes.Clone(s.wire) }

// Header is the header lines in the order they go out.
func (s Sealed) Header() []HeaderLine {
	lines, shown := headLines(s.wire), headLines(s.shown)
	out := make([]HeaderLine, len(lines))
	for i, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		out[i] = HeaderLine{Name: name, Value: value}
		if s.sign != nil {
			_, out[i].Signed = slices.BinarySearch(s.sign.authorization.SignedHeaders, strings.ToLower(name))
		}
		switch {
		case shown != nil && s.marked(shown[i]):
			out[i].Secret = true
			_, out[i].Value, _ = strings.Cut(shown[i], ": ")
		case isSecret(name):
			out[i].Secret = true
			out[i].Value = s.hidden(name, value)
		}
	}
	return out
}

// headLines are a message's header lines.
func headLines(wire []byte) []string {
	if wire == nil {
		return nil
	}
	head, _, _ := bytes.Cut(wire, []byte("\r\n\r\n"))
	return strings.Split(string(head), "\r\n")[1:]
}

// marked reports whether the mark of a secret stands in text.
func (s Sealed) marked(text string) bool {
	return slices.ContainsFunc(s.draft.Secrets, func(m Secret) bool { return strings.Contains(text, m.Mark) })
}

// isSecret reports whether a header's value lets its reader act as the sender.
func isSecret(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "X-Amz-Security-Token", "X-Api-Key", "Cookie":
		return true
	}
	return false
}

func (s Sealed) hidden(name, value string) string {
	if s.sign != nil && strings.EqualFold(name, "Authorization") {
		a := s.sign.authorization
		a.AccessKeyID = shortID(a.AccessKeyID)
		a.Signature = shortSignature(a.Signature)
		return a.String()
	}
	return hide(value)
}

func shortSignature(s string) string { return s[:4] + "…" + s[len(s)-4:] }

func hide(value string) string { return fmt.Sprintf("(hidden, %d chars)", len(value)) }

// Signed reports whether the request has a signature.
func (s Sealed) Signed() bool { return s.sign != nil }

// SignedAt is the time the signature is made for; zero when not signed.
func (s Sealed) SignedAt() time.Time {
	if s.sign == nil {
		return time.Time{}
	}
	return s.sign.at
}

// Life is how long a signature is used before the request is sealed again.
func (s Sealed) Life() time.Duration {
	if s.sign == nil {
		return 0
	}
	return sealLife
}

// Stale reports whether the signature is too old, at the time given, to be sent.
func (s Sealed) Stale(at time.Time) bool {
	return s.sign != nil && at.Sub(s.sign.at).Abs() >= sealLife
}

// BodyHash is the body's SHA-256 in hexadecimal, as it was signed; "" when not
// signed.
func (s Sealed) BodyHash() string {
	if s.sign == nil {
		return ""
	}
	return s.sign.bodyHash
}

// Identity is who signed: the access key's id, shortened, and where it came
// from; "" when not signed.
func (s Sealed) Identity() string {
	if s.sign == nil {
		return ""
	}
	return s.sign.identity
}

// Signature is the signature in hexadecimal, "" when not signed. It is a secret
// for as long as AWS takes it.
func (s Sealed) Signature() string {
	if s.sign == nil {
		return ""
	}
	return s.sign.authorization.Signature
}

// Canonical is the canonical request, which was hashed, with the session token
// hidden; "" when not signed.
func (s Sealed) Canonical() string {
	switch {
	case s.sign == nil:
		return ""
	case s.sign.of != nil:
		return s.sign.of.Canonical()
	}
	h := s.header.Clone()
	if token := h.Get("X-Amz-Security-Token"); token != "" {
		h.Set("X-Amz-Security-Token", hide(token))
	}
	return s.canonical(h)
}

// StringToSign is what the signature was made of; "" when not signed. The
// session token is in it only by its hash.
func (s Sealed) StringToSign() string {
	switch {
	case s.sign == nil:
		return ""
	case s.sign.of != nil:
		return s.sign.of.StringToSign()
	}
	return sigv4.StringToSign(s.header.Get("X-Amz-Date"), s.sign.authorization.Scope(), s.canonical(s.header.Clone()))
}

func (s Sealed) canonical(h http.Header) string {
	u, err := s.draft.target()
	if err != nil {
		panic("task: a sealed URL cannot be read: " + err.Error())
	}
	if n := len(s.draft.Body); n > 0 {
		h.Set("Content-Length", strconv.Itoa(n))
	}
	return sigv4.Request{
		Method: s.draft.Method, Path: u.EscapedPath(), Query: u.RawQuery,
		Host: u.Host, Header: h, BodyHash: s.sign.bodyHash,
	}.Canonical(s.sign.authorization.SignedHeaders)
}

// Tamper is the request with another signature, so that one can see the API
// refuse it. A request that is not signed is returned as it is.
func (s Sealed) Tamper() Sealed {
	if s.sign == nil {
		return s
	}
	right := s.sign.authorization.Signature
	wrong := []byte(right)
	for i, c := range wrong {
		wrong[i] = "fedcba9876543210"[strings.IndexByte("0123456789abcdef", c)]
	}
	sign := *s.sign
	sign.authorization.Signature = string(wrong)
	s.header = s.header.Clone()
	s.header.Set("Authorization", sign.authorization.String())
	s.wire = bytes.Replace(s.wire, []byte("Signature="+right+"\r\n"), []byte("Signature="+string(wrong)+"\r\n"), 1)
	s.sign = &sign
	s.tampered = true
	return s
}

// Kept reports whether the signature was made for another request.
func (s Sealed) Kept() bool { return s.sign != nil && s.sign.of != nil }

// Tampered reports whether Tamper changed the signature.
func (s Sealed) Tampered() bool { return s.tampered }

// shortestHidden is the length from which on a secret is looked for in other
// texts; shorter ones would turn up in every word.
const shortestHidden = 4

// Hide is text without the request's secrets, such as an answer that repeats
// them: each is replaced by the form it is shown in.
func (s Sealed) Hide(text string) string {
	if hide := s.hider(); hide != nil {
		return hide.Replace(text)
	}
	return text
}

// hider replaces the request's secrets, as they are and as they stand in JSON;
// nil: there are none.
func (s Sealed) hider() *strings.Replacer {
	all := s.secrets()
	if sign := s.Signature(); sign != "" {
		all = append(all, Secret{Mark: shortSignature(sign), Value: sign})
	}
	slices.SortStableFunc(all, func(a, b Secret) int { return len(b.Value) - len(a.Value) }) // what holds another comes first
	var pairs []string
	for _, secret := range all {
		if len(secret.Value) < shortestHidden {
			continue
		}
		pairs = append(pairs, secret.Value, secret.Mark)
		if q := jsonval.Quote(secret.Value); q[1:len(q)-1] != secret.Value {
			pairs = append(pairs, q[1:len(q)-1], secret.Mark)
		}
	}
	if pairs == nil {
		return nil
	}
	return strings.NewReplacer(pairs...)
}

// Secrets are the parts of the request that must not be written down, wherever
// they turn up. Signatures are not among them: each request has another.
func (s Sealed) Secrets() []string {
	var out []string
	for _, secret := range s.secrets() {
		if a := s.sign; a == nil || secret.Value != a.authorization.String() {
			out = append(out, secret.Value)
		}
	}
	return out
}

// secrets are all secrets there are, with how they are shown.
func (s Sealed) secrets() []Secret {
	var out []Secret
	for _, secret := range s.draft.Secrets {
		if secret.Plain != "" {
			out = append(out, Secret{Mark: secret.Mark, Value: secret.Plain})
		}
		if secret.Value != "" {
			out = append(out, secret)
		}
	}
	for _, line := range headLines(s.wire) {
		if name, value, _ := strings.Cut(line, ": "); isSecret(name) && !s.marked(value) {
			out = append(out, Secret{Mark: s.hidden(name, value), Value: value})
		}
	}
	return out
}

// Expires is when the credentials that signed do; zero: never, or not signed.
func (s Sealed) Expires() time.Time {
	if s.sign == nil {
		return time.Time{}
	}
	return s.sign.expires
}

// Complete gets the secrets that are fetched only when the request is sent, and
// puts them in.
func (s Sealed) Complete(ctx context.Context) (Sealed, error) {
	d, found := s.Draft(), false
	for i := range d.Secrets {
		secret := &d.Secrets[i]
		if secret.Fetch == nil {
			continue
		}
		value, err := secret.Fetch(ctx)
		if err != nil {
			return s, err
		}
		found, secret.Value, secret.Fetch = true, value, nil
	}
	if !found {
		return s, nil
	}
	return d.Seal(ctx, nil, time.Time{})
}

// destination is where a message goes.
type destination struct {
	address string // host:port
	host    string // whose certificate is asked for
	tls     bool
	prefix  string // of the path, percent-encoded
}

func destinationOf(u *url.URL) destination {
	to := destination{host: u.Hostname(), tls: u.Scheme == "https"}
	port := u.Port()
	switch {
	case port != "":
	case to.tls:
		port = "443"
	default:
		port = "80"
	}
	to.address = to.host + ":" + port
	if strings.Contains(to.host, ":") {
		to.address = "[" + to.host + "]:" + port
	}
	return to
}
