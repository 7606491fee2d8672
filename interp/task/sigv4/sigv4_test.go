package sigv4

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// suite is AWS's published test suite, as the shared folder holds it.
type suite struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Region    string
	Service   string
	Cases     []struct {
		Name    string
		Request struct {
			Method, Path, Body string
			Query              *string
			Headers            [][2]string
		}
		Canonical     string `json:"canonical_request"`
		StringToSign  string `json:"string_to_sign"`
		Authorization string
		Signature     string
		SignedRequest string `json:"signed_request"`
	}
}

func loadSuite(t *testing.T) suite {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	text, err := os.ReadFile(filepath.Join(dir, "../shared/conformance/sigv4/cases.json"))
	if err != nil {
		t.Skip("AWS's SigV4 test suite is not beside the repository: ", err)
	}
	var s suite
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Cases) < 34 {
		t.Fatalf("the suite has %d cases, want 34 at least", len(s.Cases))
	}
	return s
}

// TestSuite computes all of AWS's published cases.
func TestSuite(t *testing.T) {
	s := loadSuite(t)
	for _, c := range s.Cases {
		t.Run(c.Name, func(t *testing.T) {
			want, err := ParseAuthorization(c.Authorization)
			if err != nil {
				t.Fatal(err)
			}
			r := Request{Method: c.Request.Method, Path: c.Request.Path, Header: http.Header{}, BodyHash: Hash([]byte(c.Request.Body))}
			if c.Request.Query != nil {
				r.Query = *c.Request.Query
			}
			for _, h := range c.Request.Headers {
				// A folded value is one value: HTTP reads the fold as a blank.
				value := strings.Join(strings.Fields(strings.ReplaceAll(h[1], "\n", " ")), " ")
				if strings.EqualFold(h[0], "host") {
					r.Host = value
					continue
				}
				r.Header.Add(h[0], value)
			}
			// In one case the signer is what adds the session token.
			if _, token, ok := strings.Cut(c.SignedRequest, "X-Amz-Security-Token:"); ok && r.Header.Get("X-Amz-Security-Token") == "" && strings.Contains(c.Authorization, "security-token") {
				token, _, _ = strings.Cut(token, "\n")
				r.Header.Set("X-Amz-Security-Token", token)
			}
			canonical := r.Canonical(want.SignedHeaders)
			if diff := cmp.Diff(c.Canonical, canonical); diff != "" {
				t.Errorf("canonical request (-want +got):\n%s", diff)
			}
			toSign := StringToSign(r.Header.Get("X-Amz-Date"), want.Scope(), canonical)
			if diff := cmp.Diff(c.StringToSign, toSign); diff != "" {
				t.Errorf("string to sign (-want +got):\n%s", diff)
			}
			got := want
			got.Signature = Signature(s.SecretKey, want.Day, want.Region, want.Service, toSign)
			if got.Signature != c.Signature {
				t.Errorf("signature %s, want %s", got.Signature, c.Signature)
			}
			if got.String() != c.Authorization {
				t.Errorf("header %s, want %s", got, c.Authorization)
			}
		})
	}
}

// TestExecuteAPI is a request to API Gateway with everything that matters there:
// a session token, an encoded path, a repeated query name. The expected texts
// were computed with botocore.
func TestExecuteAPI(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
	signed := []string{"accept", "content-type", "host", "x-amz-date", "x-amz-security-token"}
	canonical := Request{
		Method: "POST", Path: "/dev/pets/a%20b", Query: "q=x%20y&kind=dog&kind=cat",
		Host: "abc123.execute-api.eu-west-1.amazonaws.com",
		Header: http.Header{
			"Accept": {"application/json"}, "content-type": {"application/json"},
			"X-Amz-Date": {"20150830T123600Z"}, "X-Amz-Security-Token": {"TOKEN"},
		},
		BodyHash: Hash([]byte(`{"a":1}`)),
	}.Canonical(signed)
	const want = `POST
/dev/pets/a%2520b
kind=cat&kind=dog&q=x%20y
accept:application/json
content-type:application/json
host:abc123.execute-api.eu-west-1.amazonaws.com
x-amz-date:20150830T123600Z
x-amz-security-token:TOKEN

accept;content-type;host;x-amz-date;x-amz-security-token
015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862`
	if diff := cmp.Diff(want, canonical); diff != "" {
		t.Errorf("canonical request (-want +got):\n%s", diff)
	}
	if got, want := Hash([]byte(canonical)), "3963fe2ff330461d8228af4668557ceb3a4d73b6b423f9277fe68ab8a812c37a"; got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
	toSign := StringToSign("20150830T123600Z", "20150830/eu-west-1/execute-api/aws4_request", canonical)
	got := Signature(secret, "20150830", "eu-west-1", "execute-api", toSign)
	if want := "e9d7d1c5c5e2a7c95bcecc3494c87dd16af568048d8d314bb14a97a652f2ae2b"; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestCleanPath(t *testing.T) {
	for path, want := range map[string]string{
		"":                "/",
		"/":               "/",
		"//":              "/",
		"/a":              "/a",
		"/a/":             "/a/",
		"//a//b//":        "/a/b/",
		"/./a/./b":        "/a/b",
		"/a/../b":         "/b",
		"/a/b/..":         "/a",
		"/../../a":        "/a",
		"/..":             "/",
		"/a%2F..%2Fb/%2E": "/a%2F..%2Fb/%2E",
	} {
		if got := CleanPath(path); got != want {
			t.Errorf("CleanPath(%q) is %q, want %q", path, got, want)
		}
	}
}

func TestParseAuthorization(t *testing.T) {
	const good = "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab"
	a, err := ParseAuthorization(good)
	if err != nil {
		t.Fatal(err)
	}
	want := Authorization{
		AccessKeyID: "AKID", Day: "20150830", Region: "us-east-1", Service: "execute-api",
		SignedHeaders: []string{"host", "x-amz-date"}, Signature: "ab",
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for text, problem := range map[string]string{
		"":                  "does not start with AWS4-HMAC-SHA256",
		"Bearer x":          "does not start with AWS4-HMAC-SHA256",
		"AWS4-HMAC-SHA256 ": "requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
		"AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=ab": "Credential must have exactly 5",
		strings.Replace(good, "Signature=ab", "Signature=", 1):              "requires 'Signature' parameter.",
	} {
		if _, err := ParseAuthorization(text); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("ParseAuthorization(%q): %v, want something about %q", text, err, problem)
		}
	}
}

// FuzzCanonical holds the invariants of canonical requests against any input.
func FuzzCanonical(f *testing.F) {
	f.Add("/a//b/../c", "b=2&a=1&a", "  x   y ")
	f.Add("", "%zz=%&&=", "")
	f.Fuzz(func(t *testing.T, path, query, value string) {
		r := Request{Method: "GET", Path: path, Query: query, Host: "h", Header: http.Header{"X": {value}}, BodyHash: Hash(nil)}
		lines := strings.Split(r.Canonical([]string{"host"}), "\n")
		if len(lines) != 7 {
			t.Fatalf("%d lines, want 7: %q", len(lines), lines)
		}
		if !strings.HasPrefix(lines[1], "/") || strings.Contains(lines[1], "//") {
			t.Errorf("path %q", lines[1])
		}
		again := r
		again.Query = lines[2]
		if got := strings.Split(again.Canonical([]string{"host"}), "\n")[2]; got != lines[2] {
			t.Errorf("the canonical query %q changes to %q when made canonical again", lines[2], got)
		}
	})
}
