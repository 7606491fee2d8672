package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
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
	t.Run("an address", func(t *testing.T) { runCallback(t, "--callback-addr", "127.0.0.1:0") })
	t.Run("the default, or a free port", func(t *testing.T) { runCallback(t) })
}

// runApproval begins a run of the approval, whose API answers {}. What it says on
// stderr comes through told; stdout may be read after exit.
func runApproval(t *testing.T, flags ...string) (told io.Reader, stdout *bytes.Buffer, exit <-chan int) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) }))
	t.Cleanup(api.Close)
	file := filepath.Join(t.TempDir(), "approval.asl.json")
	if err := os.WriteFile(file, []byte(approval), 0o600); err != nil {
		t.Fatal(err)
	}
	said, stderr := io.Pipe()
	stdout, ended := &bytes.Buffer{}, make(chan int, 1)
	go func() {
		ended <- cli.Main(append([]string{"run", file, "--endpoint", "*=" + api.URL}, flags...), strings.NewReader(""), stdout, stderr)
		stderr.Close()
	}()
	return said, stdout, ended
}

func runCallback(t *testing.T, flags ...string) {
	told, stdout, exit := runApproval(t, flags...)
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

// TestEarlyCallback: a worker answers the token before the request that gave it
// the token is answered. It is told so, although the execution is over then.
func TestEarlyCallback(t *testing.T) {
	told, stderr := io.Pipe()
	said := make(chan string, 1)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line, err := bufio.NewReader(told).ReadString('\n')
		go io.Copy(io.Discard, told)
		url := regexp.MustCompile(`--endpoint-url (\S+)`).FindStringSubmatch(line)
		if url == nil {
			said <- "no address: " + line + " " + fmt.Sprint(err)
			return
		}
		body := `{"taskToken":"` + r.Header.Get("TaskToken") + `","output":"\"early\""}`
		req, err := http.NewRequest(http.MethodPost, url[1], strings.NewReader(body))
		if err != nil {
			said <- err.Error()
			return
		}
		req.Header.Set("X-Amz-Target", "AWSStepFunctions.SendTaskSuccess")
		a, err := http.DefaultClient.Do(req)
		if err != nil {
			said <- err.Error()
			return
		}
		text, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil {
			text = []byte(err.Error())
		}
		said <- string(text)
		io.WriteString(w, `{}`)
	}))
	defer api.Close()
	file := filepath.Join(t.TempDir(), "approval.asl.json")
	if err := os.WriteFile(file, []byte(approval), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	code := cli.Main([]string{"run", file, "--endpoint", "*=" + api.URL, "--callback-addr", "127.0.0.1:0"}, strings.NewReader(""), &stdout, stderr)
	stderr.Close()
	if worker := <-said; code != 0 || stdout.String() != "\"early\"\n" || worker != "{}" {
		t.Errorf("exit code %d, stdout %q, the worker was told %s", code, stdout.String(), worker)
	}
}

// TestAWSCLI answers a token with the AWS CLI itself, by the command that is
// printed, and sees AWS's errors for tokens that are not awaited.
func TestAWSCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("the AWS CLI takes its time")
	}
	aws, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("there is no AWS CLI here")
	}
	if out, err := exec.Command(aws, "--version").CombinedOutput(); err != nil {
		t.Skipf("the AWS CLI here does not run: %s", out)
	}
	told, stdout, exit := runApproval(t)
	line, err := bufio.NewReader(told).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, command, _ := strings.Cut(strings.TrimSpace(line), ": aws ")
	say := func(change ...string) string {
		c := exec.Command(aws)
		for _, word := range strings.Fields(strings.NewReplacer(change...).Replace(command)) {
			c.Args = append(c.Args, strings.Trim(word, "'"))
		}
		c.Env = append(c.Environ(), "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true", "no_proxy=127.0.0.1")
		out, _ := c.CombinedOutput()
		return strings.TrimSpace(string(out))
	}
	token := regexp.MustCompile(`--task-token (\S+)`).FindStringSubmatch(command)[1]
	for _, c := range []struct{ change, want string }{
		{"AQCnobodys", "(TaskDoesNotExist)"},
		{"not*a*token", "(InvalidToken)"},
	} {
		if got := say(token, c.change); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.change, got, c.want)
		}
	}
	if got := say("'{}'", `'{"by":"cli"}'`); got != "" {
		t.Errorf("the CLI says %s", got)
	}
	if code := <-exit; code != 0 || stdout.String() != `{"by":"cli"}`+"\n" {
		t.Errorf("exit code %d, stdout %q", code, stdout.String())
	}
}
