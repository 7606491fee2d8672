package export_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/export"
	"asldbg/interp/task/sigv4"
)

var noon = time.Date(2026, 1, 2, 12, 4, 9, 0, time.UTC)

func seal(t testing.TB, d task.Draft) task.Sealed {
	t.Helper()
	s, err := d.Seal(context.Background(), aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "very secret", SessionToken: "session secret", Source: "test"}, nil
	}), noon)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func charge() task.Draft {
	return task.Draft{
		Method: "POST", URL: "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges?a=1&b=x%20y",
		Header: http.Header{"User-Agent": {"asldbg/0.4"}, "Content-Type": {"application/json"}, "X-Api-Key": {"key secret"}, "X-Empty": {""}},
		Body:   []byte(`{"it's":1}`), Scope: &task.Scope{Service: "execute-api", Region: "eu-west-1"},
	}
}

func TestCommands(t *testing.T) {
	r := export.Of(seal(t, charge()))
	for name, c := range map[string]struct{ got, want string }{
		"curl": {export.Curl(r), `curl -X 'POST' 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges?a=1&b=x%20y' \
  --aws-sigv4 'aws:amz:eu-west-1:execute-api' --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
  -H 'User-Agent: asldbg/0.4' \
  -H 'Content-Type: application/json' \
  -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN" \
  -H 'X-Api-Key: REDACTED' \
  --data-raw '{"it'\''s":1}'
`},
		"httpie": {export.HTTPie(r), `http --ignore-stdin \
  --auth-type aws4 --auth "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
  --raw '{"it'\''s":1}' \
  'POST' 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges?a=1&b=x%20y' \
  'User-Agent:asldbg/0.4' \
  'Content-Type:application/json' \
  "X-Amz-Security-Token:$AWS_SESSION_TOKEN" \
  'X-Api-Key:REDACTED' \
  'X-Empty;'
`},
	} {
		if d := cmp.Diff(c.want, c.got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	raw := string(export.Raw(r))
	if !strings.HasPrefix(raw, "POST /prod/charges?a=1&b=x%20y HTTP/1.1\r\nHost: abc123.execute-api.eu-west-1.amazonaws.com\r\n") ||
		!strings.HasSuffix(raw, "\r\n\r\n"+`{"it's":1}`) {
		t.Error(raw)
	}
	for _, text := range []string{export.Curl(r), export.HTTPie(r), raw, string(export.HAR("asldbg", "1", []export.Call{{Request: r}}))} {
		for _, secret := range []string{"very secret", "session secret", "key secret"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
}

// TestCurlSendsTheSame runs the command in a shell: what arrives is the request
// itself, with a signature curl has made.
func TestCurlSendsTheSame(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	type arrival struct {
		*http.Request
		body string
	}
	arrived := make(chan arrival, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		arrived <- arrival{r, string(b)}
	}))
	defer server.Close()
	routed := charge()
	routed.Endpoint = server.URL
	for _, c := range []task.Draft{
		charge(),
		routed,
		{Method: "GET", URL: "/plain", Header: http.Header{"Accept": {"application/json"}, "X-Empty": {""}}},
		{Method: "POST", URL: "/a/../b[1]/{x}?q=%27%24(touch%20here)", Header: http.Header{"X-Q": {"`id` $(id) \"'\\"}}, Body: []byte("@/etc/passwd\n$(id)'")},
		{Method: "PUT", URL: "/bytes", Header: http.Header{"Content-Type": {"application/octet-stream"}}, Body: []byte("\x00\x01%s\\n\xff'\x1b[2J9")},
		{Method: "DELETE", URL: "/control", Body: []byte("\x1b]0;title\x07abc\u202e\r\n")},
	} {
		if _, path, ok := strings.Cut(c.URL, ".com/"); !ok {
			c.URL = server.URL + c.URL
		} else if c.Endpoint == "" {
			c.URL = server.URL + "/" + path
		}
		s := seal(t, c)
		r := export.Of(s)
		script := export.Curl(r)
		for _, b := range script {
			if b != '\n' && (b < ' ' || b >= 0x7f && b < 0xa0 || b == 0x202e) {
				t.Errorf("%U is in the command %q", b, script)
			}
		}
		cmd := exec.Command(bash, "-c", strings.Replace(script, "curl ", "curl -sS ", 1))
		cmd.Dir = t.TempDir()
		cmd.Env = append(cmd.Environ(), "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=very secret", "AWS_SESSION_TOKEN=session secret", "no_proxy=*")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s\n%s%v", script, out, err)
		}
		a := <-arrived
		got, body := a.Request, a.body
		u := strings.TrimPrefix(s.Draft().URL, server.URL)
		if got.Method != c.Method || got.RequestURI != string(export.Raw(r))[len(c.Method)+1:strings.Index(string(export.Raw(r)), " HTTP/")] || body != string(c.Body) {
			t.Errorf("%s\nsent %s %s %q, want %s %s %q", script, got.Method, got.RequestURI, body, c.Method, u, c.Body)
		}
		if host := s.Header()[0].Value; got.Host != host {
			t.Errorf("%s\nHost is %s, want %s", script, got.Host, host)
		}
		for name, values := range c.Header {
			if want := values[0]; name != "X-Api-Key" && got.Header.Get(name) != want {
				t.Errorf("%s: header %s is %q, want %q", script, name, got.Header.Get(name), want)
			}
		}
		for name := range got.Header {
			if name == "Accept" && c.Scope != nil {
				continue
			}
			if c.Header.Get(name) == "" && name != "Content-Length" && name != "X-Empty" && !(c.Scope != nil && strings.HasPrefix(name, "X-Amz-") || name == "Authorization") {
				t.Errorf("%s\ncurl adds %s: %s", script, name, got.Header.Get(name))
			}
		}
		if c.Scope == nil {
			continue
		}
		auth, err := sigv4.ParseAuthorization(got.Header.Get("Authorization"))
		if err != nil {
			t.Fatal(err)
		}
		_, query, _ := strings.Cut(got.RequestURI, "?")
		canonical := sigv4.Request{
			Method: got.Method, Path: got.URL.EscapedPath(), Query: query, Host: got.Host, Header: got.Header, BodyHash: sigv4.Hash([]byte(body)),
		}.Canonical(auth.SignedHeaders)
		if want := sigv4.Signature("very secret", auth.Day, auth.Region, auth.Service, sigv4.StringToSign(got.Header.Get("X-Amz-Date"), auth.Scope(), canonical)); auth.Signature != want {
			t.Errorf("curl signs otherwise than we: %s, want %s for\n%s", auth.Signature, want, canonical)
		}
	}
}

func TestQuote(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	for _, s := range []string{"", "a", "it's", "$(id) `id` $HOME \\ \"", "a\nb", "\x1b[2Jaf", "\x01ff", "-n", "\xff\xfe", "日本\u202e語", "a'\x07'b\\"} {
		out, err := exec.Command(bash, "-c", "printf %s "+export.Quote(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q is quoted %s, which is %q (%v)", s, export.Quote(s), out, err)
		}
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("POST", "https://a/b?c=d", "X-A", "v'\x1b", []byte("{}\x00"))
	f.Fuzz(func(t *testing.T, method, url, name, value string, body []byte) {
		r := export.Request{Method: method, URL: url, Header: []task.HeaderLine{{Name: name, Value: value}}, Body: body}
		for _, text := range []string{export.Curl(r), export.HTTPie(r)} {
			for _, c := range text {
				if c != '\n' && (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x202e) {
					t.Fatalf("%U is in %q", c, text)
				}
			}
		}
		if _, err := jsonval.Parse(string(export.HAR("a", "b", []export.Call{{Request: r, Response: &export.Response{Body: body, Reason: value}}}))); err != nil {
			t.Fatal(err)
		}
	})
}

func TestHAR(t *testing.T) {
	r := export.Of(seal(t, charge()))
	got := export.HAR("asldbg", "0.4", []export.Call{
		{
			Request: r, Began: noon, Comment: "Charge",
			Response: &export.Response{Status: 201, Reason: "Created", Header: []task.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Set-Cookie", Value: "a=secret"}}, Body: []byte(`{"id":1}`)},
			Timing:   task.Timing{DNS: time.Millisecond, Connect: 2 * time.Millisecond, TLS: 3 * time.Millisecond, Send: 100 * time.Microsecond, FirstByte: 50 * time.Millisecond, Total: 60 * time.Millisecond},
		},
		{Request: r, Began: noon, Timing: task.Timing{Kept: true}, Response: &export.Response{Status: 200, Body: []byte{0xff, 0}}},
		{Request: r, Began: noon, Timing: task.Timing{Kept: true, FirstByte: 4 * time.Millisecond, Total: 5 * time.Millisecond, Throttled: time.Second}},
	})
	v := jsonval.MustParse(string(got)).Get("log").Get("entries")
	first := v.At(0)
	for path, want := range map[string]string{
		"startedDateTime": `"2026-01-02T12:04:09.000Z"`, "time": "60", "comment": `"Charge"`,
		"timings": `{"blocked":-1,"dns":1,"connect":5,"ssl":3,"send":0.1,"wait":50,"receive":3.9}`,
	} {
		if g := first.Get(path).String(); g != want {
			t.Errorf("%s: %s, want %s", path, g, want)
		}
	}
	if q := first.Get("request").Get("queryString").String(); q != `[{"name":"a","value":"1"},{"name":"b","value":"x y"}]` {
		t.Error(q)
	}
	if c := first.Get("response").Get("content").String(); c != `{"size":8,"mimeType":"application/json","text":"{\"id\":1}"}` {
		t.Error(c)
	}
	if strings.Contains(string(got), "a=secret") {
		t.Error("a cookie is in the archive")
	}
	second := v.At(1)
	if c := second.Get("response").Get("content").String(); c != `{"size":2,"mimeType":"","text":"/wA=","encoding":"base64"}` {
		t.Error(c)
	}
	if c := second.Get("timings").String(); c != `{"blocked":-1,"dns":-1,"connect":-1,"ssl":-1,"send":0,"wait":0,"receive":0}` {
		t.Error(c)
	}
	if third := v.At(2); third.Get("startedDateTime").Text() != "2026-01-02T12:04:08.000Z" || third.Get("time").String() != "1005" ||
		third.Get("timings").String() != `{"blocked":1000,"dns":-1,"connect":-1,"ssl":-1,"send":0,"wait":4,"receive":1}` {
		t.Error(third)
	}
}
