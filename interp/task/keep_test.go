package task

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSealKeeping(t *testing.T) {
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	first := Draft{
		Method: "POST", URL: "https://abc.execute-api.eu-west-1.amazonaws.com/prod/a", Header: http.Header{"X-A": {"1"}},
		Body: []byte(`{"n":1}`), Scope: &Scope{Service: "execute-api", Region: "eu-west-1"},
	}
	old, err := first.Seal(context.Background(), testCredentials("SESSION"), at)
	if err != nil {
		t.Fatal(err)
	}
	edited := old.Draft()
	edited.URL, edited.Body = strings.Replace(edited.URL, "/prod/a", "/prod/b", 1), []byte(`{"n":2}`)
	s, err := edited.SealKeeping(old)
	if err != nil {
		t.Fatal(err)
	}
	wire := string(s.Wire())
	if !strings.HasPrefix(wire, "POST /prod/b HTTP/1.1\r\n") || !strings.HasSuffix(wire, `{"n":2}`) || !strings.Contains(wire, "Signature="+old.Signature()+"\r\n") {
		t.Errorf("%s", wire)
	}
	if s.Canonical() != old.Canonical() || s.StringToSign() != old.StringToSign() || s.BodyHash() != old.BodyHash() || !s.SignedAt().Equal(at) {
		t.Error("what was signed is not the old request")
	}
	// Edited again, it is signed anew or not, and has no signature twice.
	d := s.Draft()
	if len(d.Header) != 1 || d.Scope == nil {
		t.Errorf("%+v", d)
	}
	again, err := d.Seal(context.Background(), testCredentials("SESSION"), at)
	if err != nil || strings.Count(string(again.Wire()), "Authorization:") != 1 || again.Signature() == old.Signature() {
		t.Errorf("%v %s", err, again.Wire())
	}
	first.Scope = nil
	open, err := first.Seal(context.Background(), nil, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := edited.SealKeeping(open); err == nil {
		t.Error("there was no signature to keep")
	}
}

func TestKeySteps(t *testing.T) {
	s := seal(t, Draft{Method: "GET", URL: "https://a.example/", Scope: &Scope{Service: "execute-api", Region: "eu-west-1"}}, testCredentials("SESSION"))
	text := s.KeySteps()
	for _, want := range []string{`"AWS4" + secret access key`, `kRegion  = HMAC-SHA256(kDate, "eu-west-1")`, `"execute-api"`, s.Signature()[:4] + "…"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, s.Signature()) || !strings.HasSuffix(s.CredentialScope(), "/eu-west-1/execute-api/aws4_request") {
		t.Errorf("%s\n%s", text, s.CredentialScope())
	}
}

func TestOutside(t *testing.T) {
	for endpoint, outside := range map[string]bool{"": true, "http://127.0.0.1:3000": false, "http://localhost:3000": false, "http://[::1]:3000": false, "https://staging.example": true, "http://127.0.0.1.evil.example": true} {
		for method, writes := range map[string]bool{"GET": false, "HEAD": false, "OPTIONS": false, "POST": true, "DELETE": true} {
			s := seal(t, Draft{Method: method, URL: "https://api.example.com/", Endpoint: endpoint}, nil)
			if s.Outside() != outside || s.Writes() != writes {
				t.Errorf("%s to %q: outside %v, writes %v", method, endpoint, s.Outside(), s.Writes())
			}
		}
	}
	for _, c := range []struct {
		live, endpoints []string
		leaves          bool
	}{
		{nil, nil, false},
		{[]string{"*"}, nil, true},
		{nil, []string{"*=http://127.0.0.1:3000"}, false},
		{nil, []string{"*=http://localhost:3000", "a=https://staging.example"}, true},
	} {
		p, err := NewPolicy(c.live, c.endpoints, nil)
		if err != nil {
			t.Fatal(err)
		}
		if p.Leaves() != c.leaves {
			t.Errorf("%+v: %v", c, p.Leaves())
		}
	}
}
