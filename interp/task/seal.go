package task

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"asldbg/interp/asl"
	"asldbg/interp/task/sigv4"
)

// ExampleSource is the Source of credentials that nobody owns. Requests signed
// with them are for looking at.
const ExampleSource = "example credentials, nothing is sent"

// Seal signs d, where it has a Scope, with c's credentials as of at, and
// freezes the bytes that will go out. c may be nil where Scope is nil. Headers a
// signature is made of (Authorization, X-Amz-Date, X-Amz-Security-Token) are
// made anew.
//
// The error says what in d cannot be sent, or why there are no credentials.
func (d Draft) Seal(ctx context.Context, c aws.CredentialsProvider, at time.Time) (Sealed, error) {
	d = d.clone()
	if d.Header == nil {
		d.Header = http.Header{}
	}
	if len(d.Secrets) > 0 {
		return d.sealSecrets(ctx, c, at)
	}
	u, err := d.target()
	if err != nil {
		return Sealed{}, err
	}
	if err := d.checkMethod(); err != nil {
		return Sealed{}, err
	}
	if err := d.tidyHeader(); err != nil {
		return Sealed{}, err
	}
	d.URL = u.String() // as it goes out, so that it is shown so
	s := Sealed{draft: d, header: d.Header}
	if d.Scope != nil {
		if s.header, s.sign, err = d.sign(ctx, u, c, at); err != nil {
			return Sealed{}, err
		}
	}
	if s.to, err = d.destination(u); err != nil {
		return Sealed{}, err
	}
	s.wire, err = s.write(u)
	return s, err
}

// sealSecrets seals d as it is shown and as it goes out.
func (d Draft) sealSecrets(ctx context.Context, c aws.CredentialsProvider, at time.Time) (Sealed, error) {
	if d.Scope != nil {
		return Sealed{}, errors.New("a request with a connection's secrets is not signed too")
	}
	marked := d.clone()
	marked.Secrets = nil
	shown, err := marked.Seal(ctx, c, at)
	if err != nil {
		return Sealed{}, err
	}
	s, err := d.filled().Seal(ctx, c, at)
	if err != nil { // it may hold a secret
		return Sealed{}, errors.New("the request cannot be sent: a secret of its connection has characters that cannot stand at its place")
	}
	s.draft, s.draft.Secrets, s.shown = shown.draft, d.Secrets, shown.wire
	return s, nil
}

// filled is d with the secrets that are known in the places of their marks.
func (d Draft) filled() Draft {
	var pairs []string
	for _, secret := range d.Secrets {
		if secret.Fetch == nil {
			pairs = append(pairs, secret.Mark, secret.Value)
		}
	}
	fill := strings.NewReplacer(pairs...)
	d = d.clone()
	d.Secrets = nil
	d.URL = fill.Replace(d.URL)
	for _, values := range d.Header {
		for i := range values {
			values[i] = fill.Replace(values[i])
		}
	}
	if len(d.Body) > 0 {
		d.Body = []byte(fill.Replace(string(d.Body)))
	}
	return d
}

// target is d.URL taken apart.
func (d Draft) target() (*url.URL, error) {
	u, err := ParseURL(d.URL)
	if err != nil {
		return nil, fmt.Errorf("the request's URL: %w", err)
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the request's URL %q must start with https:// or http://", d.URL)
	case u.Hostname() == "" || strings.ContainsFunc(u.Hostname(), notInHosts):
		return nil, fmt.Errorf("the request's URL %q names no host that can be reached", d.URL)
	case u.User != nil:
		return nil, fmt.Errorf("the request's URL for %s must not hold a user name: use a header", u.Host)
	}
	if d.Scope != nil { // what cannot be read cannot be signed
		if _, err := url.ParseQuery(u.RawQuery); err != nil {
			return nil, fmt.Errorf("the query of the request's URL: %w", err)
		}
	}
	// A default port is part of neither the Host header nor the signature.
	if port := u.Port(); port == "443" && u.Scheme == "https" || port == "80" && u.Scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func (d Draft) checkMethod() error {
	if !isToken(d.Method) || d.Method == http.MethodConnect {
		return fmt.Errorf("%q is not a method that can be sent", d.Method)
	}
	return nil
}

// madeHeaders are written from other parts of a Draft.
var madeHeaders = map[string]string{
	"Host":              "it is made from the URL",
	"Content-Length":    "it is made from the body",
	"Transfer-Encoding": "the body is sent with a Content-Length",
	"Trailer":           "the body is sent with a Content-Length",
}

// tidyHeader gathers names that differ only in case under one spelling, drops
// what signing makes anew, and says what cannot be sent.
func (d Draft) tidyHeader() error {
	spelled := make(map[string]string, len(d.Header))
	for _, name := range sortedNames(d.Header) {
		canonical := http.CanonicalHeaderKey(name)
		if why, made := madeHeaders[canonical]; made {
			return fmt.Errorf("header %s cannot be set: %s", name, why)
		}
		if !isToken(name) {
			return fmt.Errorf("header name %q has characters that cannot be sent", name)
		}
		for _, v := range d.Header[name] {
			if strings.ContainsFunc(v, asl.HeaderControl) {
				return fmt.Errorf("the value of header %s has a line break or another control character", name)
			}
		}
		first, seen := spelled[canonical]
		switch {
		case d.Scope != nil && isSignatureHeader(canonical), len(d.Header[name]) == 0: // no value: no line, and nothing to sign
			delete(d.Header, name)
		case seen:
			d.Header[first] = append(d.Header[first], d.Header[name]...)
			delete(d.Header, name)
		case canonical == "User-Agent" && name != canonical: // net/http knows it by this spelling
			d.Header[canonical] = d.Header[name]
			delete(d.Header, name)
			spelled[canonical] = canonical
		default:
			spelled[canonical] = name
		}
	}
	return nil
}

func isSignatureHeader(canonical string) bool {
	return canonical == "Authorization" || canonical == "X-Amz-Date" || canonical == "X-Amz-Security-Token"
}

// sign returns the headers with the signature's among them.
func (d Draft) sign(ctx context.Context, u *url.URL, c aws.CredentialsProvider, at time.Time) (http.Header, *signature, error) {
	if c == nil {
		return nil, nil, errors.New("the request is to be signed, but there are no credentials")
	}
	standsFor := ""
	if d.Scope.Assume {
		if a, ok := c.(RoleAssumer); ok {
			c = a.AssumeRole(d.Scope.RoleARN, d.Scope.Region, d.Scope.STSEndpoint)
		} else {
			standsFor = ", standing for " + d.Scope.RoleARN
		}
	}
	creds, err := c.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("find credentials to sign with: %w", err)
	}
	r := &http.Request{
		Method:        d.Method,
		Host:          u.Host,
		Header:        d.Header.Clone(),
		ContentLength: int64(len(d.Body)),
		// The SDK's signer does not clean the path; the servers do. Opaque is the
		// one form of URL it takes as it stands.
		URL: &url.URL{Scheme: u.Scheme, Opaque: "//" + u.Host + sigv4.CleanPath(u.EscapedPath()), RawQuery: u.RawQuery},
	}
	hash := sigv4.Hash(d.Body)
	if err := v4.NewSigner().SignHTTP(ctx, creds, r, hash, d.Scope.Service, d.Scope.Region, at); err != nil {
		return nil, nil, fmt.Errorf("sign the request: %w", err)
	}
	authorization, err := sigv4.ParseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return nil, nil, fmt.Errorf("read the signature just made: %w", err)
	}
	return r.Header, &signature{
		authorization: authorization,
		at:            at,
		bodyHash:      hash,
		identity:      d.identity(creds, standsFor),
		expires:       expires(creds),
	}, nil
}

// expires is when credentials do, zero for never.
func expires(c aws.Credentials) time.Time {
	if !c.CanExpire {
		return time.Time{}
	}
	return c.Expires
}

func (d Draft) identity(creds aws.Credentials, standsFor string) string {
	source := creds.Source
	if source == ExampleSource && d.Endpoint != "" {
		source = "example credentials"
	}
	return shortID(creds.AccessKeyID) + " (" + source + standsFor + ")"
}

// shortID is an access key id as it may be shown: AWS's have 16 characters or
// more, shorter ones are examples.
func shortID(id string) string {
	if len(id) < 16 {
		return id
	}
	return id[:4] + "…" + id[len(id)-3:]
}

// destination is where the bytes go.
func (d Draft) destination(u *url.URL) (destination, error) {
	if d.Endpoint == "" {
		return destinationOf(u), nil
	}
	e, err := parseEndpoint(d.Endpoint)
	if err != nil {
		return destination{}, fmt.Errorf("the request's endpoint: %w", err)
	}
	to := destinationOf(e)
	to.prefix = strings.TrimSuffix(e.EscapedPath(), "/")
	return to, nil
}

// write prints the message as http.Request.Write does.
func (s Sealed) write(u *url.URL) ([]byte, error) {
	d := s.draft
	on := *u
	if on.Path == "" {
		on.Path = "/"
	}
	if prefix := s.to.prefix; prefix != "" {
		escaped := prefix + on.EscapedPath()
		plain, err := url.PathUnescape(escaped)
		if err != nil {
			return nil, fmt.Errorf("the request's endpoint: %w", err)
		}
		on.Path, on.RawPath = plain, escaped
	}
	r := http.Request{Method: d.Method, URL: &on, Host: u.Host, Header: s.header}
	if len(d.Body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(d.Body))
		r.ContentLength = int64(len(d.Body))
	}
	if _, ok := s.header["User-Agent"]; !ok {
		r.Header = s.header.Clone()
		r.Header["User-Agent"] = nil // or net/http adds its own
	}
	var b bytes.Buffer
	b.Grow(512 + len(d.Body))
	if err := r.Write(&b); err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	return b.Bytes(), nil
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// isToken reports whether s is a token of RFC 9110: what methods and header
// names are made of.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return s != ""
}

// ParseURL is url.Parse of a text in which characters that cannot stand in a URL
// need not be percent-encoded; what is encoded stays so.
func ParseURL(text string) (*url.URL, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	path := strings.IndexAny(rest, "/?#")
	if !ok || path < 0 {
		return url.Parse(text)
	}
	query := len(rest)
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		query = i
	}
	return url.Parse(scheme + "://" + rest[:path] + encodeLoose(rest[path:query], "\"<>\\^`{|}") + encodeLoose(rest[query:], ""))
}

// encodeLoose percent-encodes what cannot stand in a URL at all, blanks and
// characters beyond ASCII, and what is in more.
func encodeLoose(s, more string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c == ' ' || c > 0x7f || strings.IndexByte(more, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// notInHosts tells the characters neither host names nor addresses have. Host
// names in other scripts must be written in their xn-- form.
func notInHosts(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' || r == ':')
}
