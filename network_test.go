package main_test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"asldbg/cli"
)

// written puts files into a folder of the test's.
func written(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asldbg runs the program in this process.
func asldbg(args ...string) (exit int, stdout, stderr string) {
	var out, err bytes.Buffer
	exit = cli.Main(args, strings.NewReader(""), &out, &err)
	return exit, out.String(), err.String()
}

const httpTask = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {
  "ApiEndpoint": "https://api.example.com/v1", "Method": "POST", "Headers": {"content-type": "application/x-www-form-urlencoded"},
  "InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/billing/1"},
  "RequestBody": {"a": ["b", "c"]}, "Transform": {"RequestBodyEncoding": "URL_ENCODED"}},
  "ResultSelector": {"body.$": "$.ResponseBody"}, "End": true}}}`

// TestRunHTTPTask calls an API over TLS, with a token, and leaves no secret
// behind: not on screen and not in the session file, though the API repeats them.
func TestRunHTTPTask(t *testing.T) {
	var mu sync.Mutex
	var came []string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		came = append(came, fmt.Sprintf("%s %s %s %s %s %s", r.Proto, r.Host, r.URL.Path, r.Header.Get("Authorization"), r.Header.Get("X-Extra"), body))
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			io.WriteString(w, `{"access_token": "very-secret-token"}`)
			return
		}
		fmt.Fprintf(w, `{"saw": %q}`, r.Header.Get("Authorization")+" "+r.Header.Get("X-Extra"))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	dir := written(t, map[string]string{
		"task.asl.json": httpTask,
		"ca.pem":        string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})),
		"extra.txt":     "very-secret-extra\n",
		"connections.yaml": `billing:
  AuthParameters:
    OAuthParameters:
      AuthorizationEndpoint: https://auth.example.com/token
      ClientParameters: {ClientID: me, ClientSecret: "${env:ASLDBG_TEST_SECRET}"}
    InvocationHttpParameters:
      HeaderParameters: [{Key: X-Extra, Value: "${file:extra.txt}"}]
`,
	})
	t.Setenv("ASLDBG_TEST_SECRET", "very-secret-secret")
	session := filepath.Join(dir, "s.asldbg")
	args := []string{
		"run", filepath.Join(dir, "task.asl.json"), "--connections", filepath.Join(dir, "connections.yaml"),
		"--endpoint", "*.example.com=" + server.URL, "--record", session,
	}
	exit, _, stderr := asldbg(args...)
	if exit != 1 || !strings.Contains(stderr, "certificate") {
		t.Errorf("without the CA: exit %d\n%s", exit, stderr)
	}
	os.Remove(session)
	exit, stdout, stderr := asldbg(append(args, "--ca-file", filepath.Join(dir, "ca.pem"))...)
	if exit != 0 || stdout != `{"body":{"saw":"Bearer very-secret-token very-secret-extra"}}`+"\n" {
		t.Errorf("exit %d %s%s", exit, stdout, stderr)
	}
	want := []string{
		"HTTP/1.1 auth.example.com /token   grant_type=client_credentials&client_id=me&client_secret=very-secret-secret",
		"HTTP/1.1 api.example.com /v1 Bearer very-secret-token very-secret-extra a%5B0%5D=b&a%5B1%5D=c",
	}
	if strings.Join(came, "\n") != strings.Join(want, "\n") {
		t.Errorf("the API saw\n%s", strings.Join(came, "\n"))
	}
	recorded, err := os.ReadFile(session)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(recorded, []byte("very-secret")) || !bytes.Contains(recorded, []byte("***token-2***")) {
		t.Errorf("the session file:\n%s", recorded)
	}
	if exit, _, stderr := asldbg("replay", "--check", session); exit != 0 {
		t.Errorf("replay: exit %d %s", exit, stderr)
	}
}

// TestRunAsSelf: what AWS signs as states.amazonaws.com goes out signed as the
// user when the user says so.
func TestRunAsSelf(t *testing.T) {
	came := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		came <- r.Header.Get("Authorization")
		io.WriteString(w, `{}`)
	}))
	defer server.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "nobodys")
	dir := written(t, map[string]string{"task.asl.json": `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": {
  "ApiEndpoint": "abc123.execute-api.eu-west-1.amazonaws.com", "Method": "GET", "Stage": "prod", "AuthType": "RESOURCE_POLICY"}, "End": true}}}`})
	args := []string{"run", filepath.Join(dir, "task.asl.json"), "--endpoint", "*.execute-api.*=" + server.URL}
	if exit, _, stderr := asldbg(args...); exit != 3 || len(came) > 0 || !strings.Contains(stderr, "--as-self") {
		t.Errorf("exit %d, %d sent\n%s", exit, len(came), stderr)
	}
	session := filepath.Join(dir, "s.asldbg")
	exit, _, stderr := asldbg(append(args, "--as-self", "--record", session)...)
	if exit != 0 {
		t.Fatalf("exit %d %s", exit, stderr)
	}
	authorization := <-came
	if !strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") || !strings.Contains(authorization, "/eu-west-1/execute-api/") {
		t.Errorf("sent %q", authorization)
	}
	recorded, err := os.ReadFile(session)
	if err != nil || !bytes.Contains(recorded, []byte(`"insteadOf":"states.amazonaws.com"`)) {
		t.Errorf("the session file does not say so: %v\n%s", err, recorded)
	}
}
