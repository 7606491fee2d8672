package local

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func ask(t *testing.T, a *API, method, target, body string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRoutes(t *testing.T) {
	tests := []struct {
		name, method, target, body string
		status                     int
		want                       string // a regular expression
		errorType                  string
	}{
		{"price", "GET", "/Prod/check", "", 200, `^\{"stock_price":([1-9]\d?|100)\}$`, ""},
		{"price with a body, as the sample asks for it", "GET", "/Prod/check", `{"a":1}`, 200, `stock_price`, ""},
		{"trailing slash", "GET", "/Prod/check/", "", 200, `stock_price`, ""},
		{"buy", "POST", "/Prod/buy", `{"stock_price":42}`, 200, `^\{"id":"[0-9a-f-]{36}","price":"42","type":"buy","qty":"([1-9]|10)","timestamp":"2026-01-02T12:00:00.000Z"\}$`, ""},
		{"sell", "POST", "/Prod/sell", `{"stock_price":99.5}`, 200, `"price":"99.5","type":"sell"`, ""},
		{"buy without a price", "POST", "/Prod/buy", `{}`, 400, `\{"errors":\[\{"key":"stock_price","message":"must be a number greater than 0"\}\]\}`, ""},
		{"buy, no JSON", "POST", "/Prod/buy", `nonsense`, 400, `Could not parse request body into json: `, "BadRequestException"},
		{"buy, no body", "POST", "/Prod/buy", ``, 400, `Could not parse request body into json: `, "BadRequestException"},
		{"buy, no object", "POST", "/Prod/buy", `[1]`, 400, `Invalid request body`, "BadRequestException"},
		{"unknown route", "GET", "/Prod/nothing", "", 403, `^\{"message":"Missing Authentication Token"\}$`, "MissingAuthenticationTokenException"},
		{"unknown stage", "GET", "/dev/check", "", 403, `Missing Authentication Token`, "MissingAuthenticationTokenException"},
		{"no stage", "GET", "/check", "", 403, `Missing Authentication Token`, "MissingAuthenticationTokenException"},
		{"other method", "DELETE", "/Prod/check", "", 403, `Missing Authentication Token`, "MissingAuthenticationTokenException"},
		{"not signed", "GET", "/Prod/pets", "", 403, `Missing Authentication Token`, "MissingAuthenticationTokenException"},
		{"callback without a token", "POST", "/Prod/callback", "", 400, `"key":"TaskToken"`, ""},
		{"too long", "POST", "/Prod/buy", strings.Repeat("x", maxBody+1), 413, `Request Too Long`, "RequestTooLargeException"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ask(t, New(1, clock, clock), test.method, test.target, test.body)
			body := bodyOf(t, r)
			if r.StatusCode != test.status || !regexp.MustCompile(test.want).MatchString(body) {
				t.Errorf("%d %s, want %d and %s", r.StatusCode, body, test.status, test.want)
			}
			for name, want := range map[string]string{"x-amzn-ErrorType": test.errorType, "Content-Type": "application/json"} {
				if got := strings.Join(r.Header[name], ","); got != want { // spelled as API Gateway does
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			for _, name := range []string{"x-amzn-RequestId", "x-amz-apigw-id"} {
				if len(r.Header[name]) != 1 {
					t.Errorf("%s is %q", name, r.Header[name])
				}
			}
		})
	}
}

// TestSameSeedSameAnswers: transcripts of demos stay as they are.
func TestSameSeedSameAnswers(t *testing.T) {
	play := func(seed uint64) (out []string) {
		a := New(seed, clock, clock)
		for range 5 {
			r := ask(t, a, "GET", "/Prod/check", "")
			out = append(out, fmt.Sprint(r.Header), bodyOf(t, r))
			r = ask(t, a, "POST", "/Prod/buy", `{"stock_price":1}`)
			out = append(out, fmt.Sprint(r.Header), bodyOf(t, r))
		}
		return out
	}
	one := play(7)
	if diff := cmp.Diff(one, play(7)); diff != "" {
		t.Errorf("the same seed gives different answers:\n%s", diff)
	}
	if cmp.Equal(one, play(8)) {
		t.Error("another seed gives the same answers")
	}
	if one[1] == one[5] && one[5] == one[9] {
		t.Errorf("the price never changes: %s", one[1])
	}
}

func TestCallbackKeepsTokens(t *testing.T) {
	a := New(1, clock, clock)
	for _, token := range []string{"T1", "T2"} {
		if r := ask(t, a, "POST", "/Prod/callback", `{"order":1}`, "TaskToken", token); r.StatusCode != 202 {
			t.Errorf("status %d", r.StatusCode)
		}
	}
	if diff := cmp.Diff([]string{"T1", "T2"}, a.Tokens()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// call sends a signed request through the real transport.
func call(t *testing.T, a *API, edit func(*task.Draft), with aws.CredentialsProvider, at time.Time, tamper bool) (int, jsonval.Value, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	url, err := a.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d := task.Draft{
		Method: "POST", URL: "https://demo1234.execute-api.eu-west-1.amazonaws.com/Prod/pets", Endpoint: url,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Pair": {"a  b", "c"}},
		Body:   []byte(`{"type":"turtle","price":74.99}`),
		Scope:  &task.Scope{Service: "execute-api", Region: "eu-west-1"},
	}
	edit(&d)
	s, err := d.Seal(ctx, with, at)
	if err != nil {
		t.Fatal(err)
	}
	if tamper {
		s = s.Tamper()
	}
	x := (&task.Transport{}).Send(ctx, s, 1<<20)
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	r := x.Response
	var errorType string
	for _, f := range r.Header {
		if f.Name == "x-amzn-ErrorType" {
			errorType = f.Value
		}
	}
	v, err := jsonval.Parse(string(r.Body))
	if err != nil {
		t.Fatalf("%s: %v", r.Body, err)
	}
	return r.Status, v, errorType
}

func TestSignatures(t *testing.T) {
	a := New(1, clock, clock)
	mine, err := a.Retrieve(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	as := func(edit func(*aws.Credentials)) aws.CredentialsProvider {
		c := mine
		edit(&c)
		return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil })
	}
	nothing := func(*task.Draft) {}
	tests := []struct {
		name   string
		edit   func(*task.Draft)
		with   aws.CredentialsProvider
		at     time.Time
		tamper bool
		status int
		want   string
	}{
		{"right", nothing, a, noon, false, 201, ""},
		{"odd path, query and no body", func(d *task.Draft) {
			d.Method, d.Body = "GET", nil
			d.URL += "/?b=%20x&a=2&a=1&c"
		}, a, noon, false, 200, ""},
		{"four minutes old", nothing, a, noon.Add(-4 * time.Minute), false, 201, ""},
		{"tampered with", nothing, a, noon, true, 403, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key"},
		{"wrong secret", nothing, as(func(c *aws.Credentials) { c.SecretAccessKey = "x" }), noon, false, 403, "The request signature we calculated does not match"},
		{"wrong key", nothing, as(func(c *aws.Credentials) { c.AccessKeyID = "AKIDOTHER" }), noon, false, 403, "The security token included in the request is invalid."},
		{"no token", nothing, as(func(c *aws.Credentials) { c.SessionToken = "" }), noon, false, 403, "The security token included in the request is invalid."},
		{"too old", nothing, a, noon.Add(-6 * time.Minute), false, 403, "Signature expired: 20260102T115400Z is now earlier than 20260102T115500Z (20260102T120000Z - 5 min.)"},
		{"from the future", nothing, a, noon.Add(6 * time.Minute), false, 403, "Signature not yet current: 20260102T120600Z is still later than 20260102T120500Z (20260102T120000Z + 5 min.)"},
		{"other service", func(d *task.Draft) { d.Scope.Service = "lambda" }, a, noon, false, 403, "Credential should be scoped to correct service: 'execute-api'."},
		{"other region", func(d *task.Draft) { d.Scope.Region = "us-west-2" }, a, noon, false, 403, "Credential should be scoped to a valid region, not 'us-west-2'. "},
		{"no SigV4", func(d *task.Draft) { d.Scope, d.Header["Authorization"] = nil, []string{"Bearer x"} }, nil, noon, false, 403, "Authorization header does not start with AWS4-HMAC-SHA256."},
		{"not signed", func(d *task.Draft) { d.Scope = nil }, nil, noon, false, 403, "Missing Authentication Token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, body, errorType := call(t, a, test.edit, test.with, test.at, test.tamper)
			if status != test.status || !strings.HasPrefix(body.Get("message").Text(), test.want) {
				t.Errorf("%d %s, want %d %q", status, body, test.status, test.want)
			}
			if (errorType != "") != (status == 403) {
				t.Errorf("x-amzn-ErrorType %q of a %d", errorType, status)
			}
		})
	}
}

// TestRefusalShowsWhatWasExpected: the refusal lets a learner compare with the
// signature panel.
func TestRefusalShowsWhatWasExpected(t *testing.T) {
	_, body, _ := call(t, New(1, clock, clock), func(*task.Draft) {}, New(1, clock, clock), noon, true)
	text := body.Get("message").Text()
	for _, want := range []string{"The Canonical String for this request should have been\n'POST\n/Prod/pets\n\n", "x-pair:a b,c\n", "The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260102T120000Z\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestPets(t *testing.T) {
	a := New(1, clock, clock)
	list := func(d *task.Draft) { d.Method, d.Body = "GET", nil }
	_, before, _ := call(t, a, list, a, noon, false)
	status, added, _ := call(t, a, func(*task.Draft) {}, a, noon, false)
	want := jsonval.MustParse(`{"pet":{"id":4,"type":"turtle","price":74.99},"message":"success"}`)
	if status != 201 || !jsonval.Equal(added, want) {
		t.Errorf("%d %s, want 201 %s", status, added, want)
	}
	_, after, _ := call(t, a, list, a, noon, false)
	if before.Len() != 3 || after.Len() != 4 || !jsonval.Equal(after.At(3), want.Get("pet")) {
		t.Errorf("the list was %s and is %s", before, after)
	}
	for body, key := range map[string]string{`{"type":"cat","price":0}`: "Pet.price", `{"type":"cat"}`: "Pet.price", `{"price":1}`: "Pet.type", `{"type":"","price":1}`: "Pet.type"} {
		status, got, _ := call(t, a, func(d *task.Draft) { d.Body = []byte(body) }, a, noon, false)
		if status != 400 || got.Get("errors").At(0).Get("key").Text() != key {
			t.Errorf("%s: %d %s, want 400 about %s", body, status, got, key)
		}
	}
}

func TestStartStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	url, err := New(1, clock, clock).Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("it listens at %s", url)
	}
	cancel()
	d := task.Draft{Method: "GET", URL: url + "/Prod/check"}
	s, err := d.Seal(context.Background(), nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 { // Close comes through at its own pace
		if x := (&task.Transport{}).Send(context.Background(), s, 1000); x.Err != nil {
			return
		}
	}
	t.Error("it still answers after its context is done")
}
