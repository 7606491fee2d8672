package task

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// SealKeeping seals d with the signature of another request instead of one of
// its own, so that one can see what an API says about it. The headers that make
// a signature, the body hash and what was signed are the other's.
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
