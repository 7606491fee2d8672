package main_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"asldbg/cli"
)

const approval = `{"StartAt": "Ask", "States": {"Ask": {
  "Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke.waitForTaskToken",
  "Parameters": {"ApiEndpoint": "abc123.execute-api.us-east-1.amazonaws.com", "Method": "POST", "Path": "/ask",
    "Headers": {"TaskToken.$": "States.Array($$.Task.Token)"}},
  "HeartbeatSeconds": 600, "End": true}}}`

// TestRunCallback answers a task token of `asldbg run` as the AWS CLI does,
// with what it prints on stderr.
func TestRunCallback(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) }))
	defer api.Close()
	file := filepath.Join(t.TempDir(), "approval.asl.json")
	if err := os.WriteFile(file, []byte(approval), 0o600); err != nil {
		t.Fatal(err)
	}
	told, stderr := io.Pipe()
	var stdout bytes.Buffer
	exit := make(chan int, 1)
	go func() {
		exit <- cli.Main([]string{"run", file, "--endpoint", "*=" + api.URL, "--callback-addr", "127.0.0.1:0"}, strings.NewReader(""), &stdout, stderr)
		stderr.Close()
	}()
	said := bufio.NewReader(told)
	line, err := said.ReadString('\n')
	if err != nil {
		t.Fatalf("%v; exit code %d", err, <-exit)
	}
	form := regexp.MustCompile(`^waiting for the task token of "Ask" at (\S+): aws stepfunctions send-task-success --endpoint-url (\S+) --region us-east-1 --no-sign-request --task-token (\S+) --task-output '\{\}'\n$`)
	m := form.FindStringSubmatch(line)
	if m == nil || m[1] != m[2] {
		t.Fatalf("stderr: %q", line)
	}
	for _, step := range []struct{ operation, body, want string }{
		{"SendTaskHeartbeat", `{"taskToken": "AQCnobodys"}`, `{"__type":"TaskDoesNotExist","message":"Task Does Not Exist: 'no task awaits this token'"}`},
		{"SendTaskHeartbeat", `{"taskToken": "` + m[3] + `"}`, "{}"},
		{"SendTaskSuccess", `{"taskToken": "` + m[3] + `", "output": "{\"approved\": true}"}`, "{}"},
	} {
		r, err := http.NewRequest(http.MethodPost, m[1], strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		r.Header.Set("X-Amz-Target", "AWSStepFunctions."+step.operation)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil || string(text) != step.want {
			t.Errorf("%s: %s %v", step.operation, text, err)
		}
	}
	rest, err := io.ReadAll(said)
	if err != nil || len(rest) > 0 {
		t.Errorf("more on stderr: %q %v", rest, err)
	}
	if code := <-exit; code != 0 || stdout.String() != `{"approved":true}`+"\n" {
		t.Errorf("exit code %d, stdout %q", code, stdout.String())
	}
}
