package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// TestTestState tries the state of an HTTP task against an API that repeats what
// it was sent: level TRACE tells the request and the response, and secrets only
// with --reveal-secrets.
func TestTestState(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		if r.URL.Query().Get("fail") != "" {
			w.WriteHeader(503)
		}
		fmt.Fprintf(w, "%s %s", r.Header.Get("X-Key"), body)
	}))
	defer server.Close()
	state := `{
  "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Retry": [{"ErrorEquals": ["States.Http.StatusCode.503"]}], "Next": "Later",
  "Parameters": {"ApiEndpoint": "https://api.example.com/v1", "Method": "POST", "QueryParameters": {"fail.$": "$.fail"}, "RequestBody": {"a": "ü"},
    "InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/billing/1"}},
  "ResultSelector": {"code.$": "$.StatusCode"}
}`
	dir := written(t, map[string]string{
		"state.json":       state,
		"order.asl.json":   `{"StartAt": "Call", "States": {"Call": ` + state + `, "Later": {"Type": "Succeed"}}}`,
		"connections.yaml": "billing:\n  AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-Key, ApiKeyValue: \"${env:ASLDBG_TEST_KEY}\"}}\n",
	})
	t.Setenv("ASLDBG_TEST_KEY", "very-secret-key")
	for _, test := range []struct {
		name   string
		args   []string
		exit   int
		want   string // the answer, without the data of its stages
		secret bool
	}{
		{"INFO", []string{"state.json", "--input", `{"fail":""}`}, 0, `{"status":"SUCCEEDED","output":"{\"code\":200}","nextState":"Later"}`, false},
		{
			"TRACE",
			[]string{"state.json", "--input", `{"fail":""}`, "--inspection-level", "TRACE"},
			0, `{"status":"SUCCEEDED","output":"{\"code\":200}","nextState":"Later","request":{"protocol":"https","method":"POST","url":"https://api.example.com/v1?fail=",` +
				`"headers":"[User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]","body":"{\"a\":\"ü\"}"},` +
				`"response":{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[Content-Type: text/plain, Date: D, Content-Length: 26]","body":"***ApiKeyValue-1*** {\"a\":\"ü\"}"}}`, false,
		},
		{
			"TRACE of a machine's state that is retried, revealed",
			[]string{"order.asl.json", "--state-name", "Call", "--input", `{"fail":1}`, "--inspection-level", "TRACE", "--reveal-secrets"},
			1, `{"status":"RETRIABLE","error":"States.Http.StatusCode.503","cause":"***ApiKeyValue-1*** {\"a\":\"ü\"}","request":{"protocol":"https","method":"POST","url":"https://api.example.com/v1?fail=1",` +
				`"headers":"[X-Key: very-secret-key, User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]","body":"{\"a\":\"ü\"}"},` +
				`"response":{"protocol":"https","statusCode":"503","statusMessage":"Service Unavailable","headers":"[Content-Type: text/plain, Date: D, Content-Length: 26]","body":"very-secret-key {\"a\":\"ü\"}"}}`, true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"test-state", filepath.Join(dir, test.args[0])}, test.args[1:]...)
			exit, stdout, stderr := asldbg(append(args, "--connections", filepath.Join(dir, "connections.yaml"), "--endpoint", "api.example.com="+server.URL)...)
			if exit != test.exit || stderr != "" {
				t.Fatalf("exit %d, want %d\n%s%s", exit, test.exit, stdout, stderr)
			}
			var got []jsonval.Member
			for name, v := range jsonval.MustParse(stdout).Members() {
				if name != "inspectionData" {
					got = append(got, jsonval.Member{Key: name, Value: v})
				}
			}
			for _, name := range []string{"request", "response"} {
				if v := jsonval.MustParse(stdout).Get("inspectionData").Get(name); v.Exists() {
					got = append(got, jsonval.Member{Key: name, Value: v})
				}
			}
			answer := jsonval.OfMembers(got).String()
			if before, after, ok := strings.Cut(answer, "Date: "); ok {
				_, after, _ = strings.Cut(after, " GMT")
				answer = before + "Date: D" + after
			}
			if answer != test.want {
				t.Errorf("got\n%s\nwant\n%s", answer, test.want)
			}
			// The task's result is the execution's data, as on AWS.
			if strings.Contains(answer, "very-secret-key") != test.secret {
				t.Errorf("the secret is told, or is not:\n%s", answer)
			}
		})
	}
}
