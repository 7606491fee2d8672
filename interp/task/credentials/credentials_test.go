package credentials

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"asldbg/interp/task"
)

// clean gives the test an AWS configuration of its own and returns its folder.
func clean(t *testing.T, config, credentials string) string {
	t.Helper()
	for _, line := range os.Environ() {
		if name, _, _ := strings.Cut(line, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // restored afterwards
			os.Unsetenv(name)
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"config": config, "credentials": credentials} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", dir)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // not even when Network is set
	return dir
}

const files = `[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = s1
[dev]
aws_access_key_id = AKIADEV
aws_secret_access_key = s2
aws_session_token = t2
[half]
aws_access_key_id = AKIAHALF
`

func TestOffline(t *testing.T) {
	tests := []struct {
		name        string
		config      string
		credentials string
		env         map[string]string
		profile     string
		key, source string
		err         string
	}{
		{name: "nothing", key: "AKIDEXAMPLE", source: task.ExampleSource},
		{name: "default profile", credentials: files, key: "AKIADEFAULT", source: "profile default"},
		{name: "named profile", credentials: files, profile: "dev", key: "AKIADEV", source: "profile dev"},
		{name: "AWS_PROFILE", credentials: files, env: map[string]string{"AWS_PROFILE": "dev"}, key: "AKIADEV", source: "profile dev"},
		{name: "profile of the config file", config: "[profile c]\naws_access_key_id=AKIAC\naws_secret_access_key=s\n", profile: "c", key: "AKIAC", source: "profile c"},
		{name: "environment", credentials: files, env: map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}, key: "AKIAENV", source: "environment"},
		{name: "environment beats AWS_PROFILE", credentials: files, env: map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_PROFILE": "dev"}, key: "AKIAENV", source: "environment"},
		{name: "a named profile beats the environment", credentials: files, env: map[string]string{"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}, profile: "dev", key: "AKIADEV", source: "profile dev"},
		{name: "unknown profile", credentials: files, profile: "prod", err: `there is no AWS profile "prod"`},
		{name: "unknown AWS_PROFILE", env: map[string]string{"AWS_PROFILE": "prod"}, err: `there is no AWS profile "prod"`},
		{name: "broken file", config: "[profile x", credentials: files, key: "AKIADEFAULT", source: "profile default"},
		{name: "half a key", credentials: files, profile: "half", err: `read AWS profile "half"`},
		{name: "single sign-on", config: "[profile s]\nsso_session=x\nsso_account_id=1\nsso_role_name=r\nsso_region=eu-west-1\nsso_start_url=https://x\n[sso-session x]\nsso_region=eu-west-1\nsso_start_url=https://x\n", profile: "s", key: "AKIDEXAMPLE", source: task.ExampleSource},
		{name: "role to assume", config: "[profile r]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=default\n", credentials: files, profile: "r", key: "AKIDEXAMPLE", source: task.ExampleSource},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clean(t, test.config, test.credentials)
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			got, err := (&Chain{Profile: test.profile}).Retrieve(context.Background())
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want something about %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != test.key || got.Source != test.source {
				t.Errorf("%s from %s, want %s from %s", got.AccessKeyID, got.Source, test.key, test.source)
			}
		})
	}
}

// TestOfflineAsksNobody: what would ask a server or start a program does so
// only when that is allowed.
func TestOfflineAsksNobody(t *testing.T) {
	dir := clean(t, "", "")
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"AccessKeyId":"AKIASERVER","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}`)
	}))
	defer server.Close()
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.URL)
	offline := &Chain{}
	if got, err := offline.Retrieve(context.Background()); err != nil || got.AccessKeyID != Example.AccessKeyID {
		t.Errorf("offline: %s, %v", got.AccessKeyID, err)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("offline asked %d times", n)
	}
	online := &Chain{Region: "eu-west-1", Network: true}
	for range 2 {
		if got, err := online.Retrieve(context.Background()); err != nil || got.AccessKeyID != "AKIASERVER" {
			t.Errorf("online: %s, %v", got.AccessKeyID, err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("online asked %d times, want once", n)
	}

	trace := filepath.Join(dir, "ran")
	config := "[profile p]\ncredential_process = touch " + trace + "\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := (&Chain{Profile: "p"}).Retrieve(context.Background()); err != nil || got.AccessKeyID != Example.AccessKeyID {
		t.Errorf("offline with a credential process: %s, %v", got.AccessKeyID, err)
	}
	if _, err := os.Stat(trace); err == nil {
		t.Error("offline ran the credential process")
	}
}

func TestOnline(t *testing.T) {
	clean(t, "", files)
	got, err := (&Chain{Profile: "dev", Network: true}).Retrieve(context.Background())
	if err != nil || got.AccessKeyID != "AKIADEV" || got.SessionToken != "t2" || got.Source != "profile dev" {
		t.Errorf("%s from %s, %v", got.AccessKeyID, got.Source, err)
	}
	if _, err := (&Chain{Profile: "prod", Network: true}).Retrieve(context.Background()); err == nil || !strings.Contains(err.Error(), "prod") {
		t.Errorf("unknown profile: error %v", err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	if got, err := (&Chain{Network: true}).Retrieve(context.Background()); err != nil || got.Source != "environment" {
		t.Errorf("%s from %s, %v", got.AccessKeyID, got.Source, err)
	}
	clean(t, "", "")
	_, err = (&Chain{Network: true}).Retrieve(context.Background())
	if err == nil || !strings.Contains(err.Error(), "--profile") {
		t.Errorf("without anything: error %v, want a way out", err)
	}
}

// toServer sends every request to one server, whatever host it names.
type toServer string

func (to toServer) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(string(to), "http://")
	return http.DefaultTransport.RoundTrip(r)
}

// TestChain: each kind of identity the SDK's chain knows is found once servers
// and processes may be asked.
func TestChain(t *testing.T) {
	key := `<AccessKeyId>ASIAKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/federation/credentials" {
			if r.Header.Get("X-Amz-Sso_bearer_token") != "bearer" {
				t.Errorf("SSO was asked with %q", r.Header)
			}
			fmt.Fprint(w, `{"roleCredentials":{"accessKeyId":"ASIAKEY","secretAccessKey":"s","sessionToken":"t","expiration":4070908800000}}`)
			return
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		action := r.Form.Get("Action")
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult><Credentials>%[2]s</Credentials></%[1]sResult></%[1]sResponse>", action, key)
	}))
	defer server.Close()
	const sso = "[profile p]\nsso_session=x\nsso_account_id=1\nsso_role_name=r\nregion=eu-west-1\n[sso-session x]\nsso_region=eu-west-1\nsso_start_url=https://x\n"
	tests := map[string]struct {
		config string
		env    map[string]string // DIR is the test's folder
		err    string
	}{
		"assumed role": {config: "[profile p]\nregion=eu-west-1\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=default\n"},
		"process":      {config: "[profile p]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"ASIAKEY\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2099-01-01T00:00:00Z\"}'\n"},
		"web identity": {config: "[profile p]\nregion=eu-west-1\nrole_arn=arn:aws:iam::1:role/r\nweb_identity_token_file=DIR/web\n"},
		"SSO":          {config: sso, env: map[string]string{"TOKEN": `{"accessToken":"bearer","expiresAt":"2099-01-01T00:00:00Z"}`}},
		"SSO, expired": {config: sso, env: map[string]string{"TOKEN": `{"accessToken":"bearer","expiresAt":"2020-01-01T00:00:00Z"}`}, err: "aws sso login"},
		"SSO, never":   {config: sso, err: "aws sso login"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := clean(t, "", files)
			write := func(name, text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("config", test.config)
			write("web", "token")
			if token := test.env["TOKEN"]; token != "" {
				sum := sha1.Sum([]byte("x")) // the cache's name for the session
				write(".aws/sso/cache/"+hex.EncodeToString(sum[:])+".json", token)
			}
			got, err := (&Chain{Profile: "p", Network: true, Client: &http.Client{Transport: toServer(server.URL)}}).Retrieve(context.Background())
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("%+v, error %v, want %q", got, err, test.err)
				}
				return
			}
			if err != nil || got.AccessKeyID != "ASIAKEY" || got.SessionToken != "t" || !got.CanExpire || got.Source != "profile p" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
