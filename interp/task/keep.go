package task

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// SealKeeping seals d with the signature of another request instead of one of
// its own, so that one can see what an API says about it. Header names and
// values, the body hash and what was signed are the other's.
func (d Draft) SealKeeping(of Sealed) (Sealed, error) {
	if of.sign == nil {
		return Sealed{}, errors.New("there is no signature to keep: the request is not signed")
	}
	bare := d.clone()
	bare.Scope = nil
	for name := range bare.Header {
		if isSignatureHeader(http.CanonicalHeaderKey(name)) {
			delete(bare.Header, name)
		}
	}
	if bare.Header == nil {
		bare.Header = http.Header{}
	}
	for name, values := range of.header {
		if isSignatureHeader(http.CanonicalHeaderKey(name)) {
			bare.Header[name] = values
		}
	}
	s, err := bare.Seal(context.Background(), nil, time.Time{})
	if err != nil {
		return Sealed{}, err
	}
	sign := *of.sign
	sign.of = &of
	s.sign, s.draft = &sign, s.draft.clone()
	s.draft.Scope = d.Scope
	for name := range s.draft.Header {
		if isSignatureHeader(http.CanonicalHeaderKey(name)) {
			delete(s.draft.Header, name)
		}
	}
	return s, nil
}

// Outside reports whether the request leaves this machine.
func (s Sealed) Outside() bool { return !isLoopback(s.to.host) }

// Leaves reports whether p lets anything leave this machine.
func (p Policy) Leaves() bool {
	for _, e := range p.endpoints {
		if u, err := url.Parse(e.url); err != nil || !isLoopback(u.Hostname()) {
			return true
		}
	}
	return p.Live()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

// Writes reports whether the request may change something where it goes.
func (s Sealed) Writes() bool { return !changesNothing(s.draft.Method) }

// KeySteps are the steps from the secret access key to the signature, without
// what is secret; "" when not signed.
func (s Sealed) KeySteps() string {
	if s.sign == nil {
		return ""
	}
	a := s.sign.authorization
	var b bytes.Buffer
	for _, step := range [][2]string{
		{"kDate   ", `HMAC-SHA256("AWS4" + secret access key, "` + a.Day + `")`},
		{"kRegion ", `HMAC-SHA256(kDate, "` + a.Region + `")`},
		{"kService", `HMAC-SHA256(kRegion, "` + a.Service + `")`},
		{"kSigning", `HMAC-SHA256(kService, "aws4_request")`},
		{"signature", `hex(HMAC-SHA256(kSigning, string to sign))`},
	} {
		b.WriteString(step[0] + " = " + step[1] + "\n")
	}
	b.WriteString("          = " + a.Signature[:4] + "…" + a.Signature[len(a.Signature)-4:] + "\n")
	return b.String()
}

// CredentialScope is such as 20260102/eu-west-1/execute-api/aws4_request; ""
// when not signed.
func (s Sealed) CredentialScope() string {
	if s.sign == nil {
		return ""
	}
	return s.sign.authorization.Scope()
}
