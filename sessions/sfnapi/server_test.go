package sfnapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions/sfnapi"
)

// one awaits the token AQC1 until it is answered.
type one struct {
	got  []interp.Input
	over bool
}

func (o *one) Answer(_ context.Context, in interp.Input) error {
	switch in := in.(type) {
	case interp.Heartbeat:
		if in.Token == "AQC9" {
			return errors.New("not now")
		}
		if in.Token != "AQC1" {
			return interp.ErrNoSuchToken
		}
	case interp.Callback:
		switch {
		case in.Token != "AQC1":
			return interp.ErrNoSuchToken
		case o.over:
			return sfnapi.ErrOver
		}
		o.over = true
	}
	o.got = append(o.got, in)
	return nil
}

// call makes a request as the SDKs do.
func call(t *testing.T, url, operation, body string) (status int, answer jsonval.Value, h http.Header) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", operation)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 is not looked at")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err = jsonval.Parse(string(text)); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a.StatusCode, answer, a.Header
}

func TestServer(t *testing.T) {
	tokens := &one{}
	s := httptest.NewServer(sfnapi.NewServer(tokens))
	defer s.Close()
	for _, test := range []struct{ operation, body, want string }{
		{"SendTaskHeartbeat", `{"taskToken":"AQC1"}`, "{}"},
		{"SendTaskFailure", `{"taskToken":"AQC2"}`, "TaskDoesNotExist"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":"{"}`, "InvalidOutput"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":""}`, "InvalidOutput"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":{}}`, "SerializationException"},
		{"SendTaskSuccess", `{"taskToken":"AQC1"}`, "ValidationException"},
		{"SendTaskSuccess", `{"output":"1"}`, "ValidationException"},
		{"SendTaskHeartbeat", `{"taskToken":""}`, "ValidationException"},
		{"SendTaskHeartbeat", `{"taskToken":"` + strings.Repeat("A", 2049) + `"}`, "ValidationException"},
		{"SendTaskFailure", `{"taskToken":"AQC1","error":"` + strings.Repeat("e", 257) + `"}`, "ValidationException"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":"` + strings.Repeat("1", 262_145) + `"}`, "ValidationException"},
		{"SendTaskHeartbeat", `{"taskToken":"not a token"}`, "InvalidToken"},
		{"SendTaskHeartbeat", `[]`, "SerializationException"},
		{"SendTaskHeartbeat", `{`, "SerializationException"},
		{"SendTaskHeartbeat", `{"taskToken":"AQC9"}`, "ServiceUnavailableException"},
		{"SendTaskHeartbeat", strings.Repeat(" ", 1<<20) + `{}`, "RequestEntityTooLargeException"},
		{"StartExecution", `{}`, "UnknownOperationException"},
		{"", ``, "UnknownOperationException"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":"{\"a\": 1.50}"}`, "{}"},
		{"SendTaskSuccess", `{"taskToken":"AQC1","output":"1"}`, "TaskTimedOut"},
	} {
		status, answer, h := call(t, s.URL, "AWSStepFunctions."+test.operation, test.body)
		got := answer.Get("__type").Text()
		if status == http.StatusOK {
			got = answer.String()
		} else if answer.Get("message").Text() == "" {
			t.Errorf("%s: no message", answer)
		}
		if got != test.want {
			t.Errorf("%s %.60s: %d %s, want %s", test.operation, test.body, status, answer, test.want)
		}
		if h.Get("Content-Type") != "application/x-amz-json-1.0" || h.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%s: headers %v", test.operation, h)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: web pages may read the answer", test.operation)
		}
	}
	if len(tokens.got) != 2 {
		t.Fatalf("answers: %+v", tokens.got)
	}
	if in, ok := tokens.got[1].(interp.Callback); !ok || in.Outcome.Result.String() != `{"a":1.50}` || in.Outcome.Failure != nil {
		t.Errorf("the answer is %+v", tokens.got[1])
	}
	if status, answer, _ := call(t, s.URL, "Other.SendTaskHeartbeat", `{"taskToken":"AQC1"}`); status != 400 || answer.Get("__type").Text() != "UnknownOperationException" {
		t.Errorf("another service: %d %s", status, answer)
	}
}

func TestServerFailure(t *testing.T) {
	tokens := &one{}
	s := httptest.NewServer(sfnapi.NewServer(tokens))
	defer s.Close()
	if status, answer, _ := call(t, s.URL, "AWSStepFunctions.SendTaskFailure", `{"taskToken":"AQC1","error":"Denied"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	f := tokens.got[0].(interp.Callback).Outcome.Failure
	if f == nil || f.Error == nil || *f.Error != "Denied" || f.Cause != nil {
		t.Errorf("%+v", f)
	}
}

func TestWebPages(t *testing.T) {
	for origin, status := range map[string]int{"": http.StatusOK, "null": http.StatusForbidden, "http://127.0.0.1:3000": http.StatusForbidden, "https://evil.example": http.StatusForbidden} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"taskToken":"AQC1"}`))
		r.Host = "127.0.0.1:8083"
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.SendTaskHeartbeat")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		sfnapi.NewServer(&one{}).ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("Origin %q: %d", origin, w.Code)
		}
	}
	// What a browser asks before it sends X-Amz-Target gets no leave.
	r := httptest.NewRequest(http.MethodOptions, "/", nil)
	r.Host = "127.0.0.1:8083"
	w := httptest.NewRecorder()
	sfnapi.NewServer(&one{}).ServeHTTP(w, r)
	if w.Code/100 == 2 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestHost(t *testing.T) {
	for host, fine := range map[string]bool{
		"127.0.0.1:8083": true, "localhost:8083": true, "LOCALHOST": true, "[::1]:8083": true, "[::1]": true, "127.9.9.9": true,
		"evil.example": false, "localhost.evil.example:8083": false, "192.168.1.2:8083": false, "": false, "0.0.0.0": false, "127.0.0.1.evil.example": false,
	} {
		tokens := &one{}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"taskToken":"AQC1"}`))
		r.Host = host
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.SendTaskHeartbeat")
		w := httptest.NewRecorder()
		sfnapi.NewServer(tokens).ServeHTTP(w, r)
		want := http.StatusForbidden
		if fine {
			want = http.StatusOK
		}
		if w.Code != want || (len(tokens.got) == 1) != fine {
			t.Errorf("Host %q: %d with %d answers", host, w.Code, len(tokens.got))
		}
	}
}
