package apigw

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/local"
)

func petDraft(endpoint string) task.Draft {
	return task.Draft{
		Method: "POST", URL: "https://" + host + "/Prod/pets?b=2&a=1", Endpoint: endpoint,
		Header: http.Header{"Content-Type": {"application/json"}, "X-Kept": {"one"}},
		Body:   []byte(`{"type":"turtle","price":74.99}`),
		Scope:  &task.Scope{Service: "execute-api", Region: "eu-west-1"},
	}
}

// ask sends a draft to the built-in API and explains its answer.
func ask(t *testing.T, edit func(*task.Draft), with func(*aws.Credentials), at time.Time, change func(task.Sealed) task.Sealed) (task.Explanation, bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	api := local.New(1, atNoon, atNoon)
	url, err := api.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d := petDraft(url)
	edit(&d)
	creds, err := api.Retrieve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	with(&creds)
	s, err := d.Seal(ctx, aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return creds, nil }), at)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		s = change(s)
	}
	o, x := (&Handler{Transport: &task.Transport{}}).Send(ctx, s)
	x.Began = noon
	shown := x.Shown()
	if strings.Contains(described(o)+string(shown.Body), creds.SessionToken) {
		t.Errorf("a session token is shown: %s\n%s", described(o), shown.Body)
	}
	return Explain(x)
}

func asIs(*task.Draft)      {}
func mine(*aws.Credentials) {}

// TestExplainKept: an edit under a signature that was kept is not taken for a
// proxy's doing.
func TestExplainKept(t *testing.T) {
	e, ok := ask(t, asIs, mine, noon, func(s task.Sealed) task.Sealed {
		d := s.Draft()
		d.Body = []byte(`{"type":"fish","price":1}`)
		kept, err := d.SealKeeping(s)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	})
	if !ok || e.Kind != "signature-mismatch" || !strings.Contains(e.Cause, "edited after it was signed") || strings.Contains(strings.Join(e.Do, " "), "between this program and the API") {
		t.Errorf("%v %+v", ok, e)
	}
}

// TestExplainBuiltInAPI: what the demo's API refuses explains itself, and never
// shows a session token.
func TestExplainBuiltInAPI(t *testing.T) {
	tests := []struct {
		name   string
		edit   func(*task.Draft)
		with   func(*aws.Credentials)
		at     time.Time
		change func(task.Sealed) task.Sealed
		kind   string
		cause  string
	}{
		{"right", asIs, mine, noon, nil, "", ""},
		{"tampered", asIs, mine, noon, task.Sealed.Tamper, "signature-mismatch", "changed on purpose"},
		{"another secret", asIs, func(c *aws.Credentials) { c.SecretAccessKey += "x" }, noon, nil, "signature-mismatch", "the secret access key is not that of AKIDDEMO"},
		{"too old, held", asIs, mine, noon.Add(-7 * time.Minute), nil, "signature-expired", "made 7m before it was sent"},
		{"from the future", asIs, mine, noon.Add(7 * time.Minute), nil, "signature-early", "7m ahead"},
		{"another region", func(d *task.Draft) { d.Scope.Region = "us-east-1" }, mine, noon, nil, "wrong-region", "for us-east-1, but " + host + " is in eu-west-1"},
		{"another service", func(d *task.Draft) { d.Scope.Service = "lambda" }, mine, noon, nil, "wrong-service", `for the service "lambda"`},
		{"an unknown key", asIs, func(c *aws.Credentials) { c.AccessKeyID = "AKIDOTHER" }, noon, nil, "unknown-key", "no such access key"},
		{"not signed", func(d *task.Draft) { d.Scope = nil }, mine, noon, nil, "missing-token", "wants a signature and got none"},
		{"an unknown path, signed", func(d *task.Draft) { d.URL = "https://" + host + "/Prod/petz" }, mine, noon, nil, "missing-token", "is signed, so the API has no such method"},
		{"a bearer", func(d *task.Draft) { d.Scope, d.Header["Authorization"] = nil, []string{"Bearer x"} }, mine, noon, nil, "not-sigv4", "something else"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e, ok := ask(t, test.edit, test.with, test.at, test.change)
			if ok != (test.kind != "") || e.Kind != test.kind || !strings.Contains(e.Cause, test.cause) {
				t.Fatalf("%v %s: %s", ok, e.Kind, e.Cause)
			}
			if ok && (e.Title == "" || len(e.Do) == 0) {
				t.Errorf("no title, or nothing to do: %+v", e)
			}
			for _, c := range e.Comparisons {
				if c.First >= 0 {
					t.Errorf("%s differs at %d: %+v", c.Name, c.First, c.Lines[c.First])
				}
				for _, l := range c.Lines {
					if strings.Contains(l.Ours+l.Theirs, "session of the built-in API") {
						t.Errorf("a session token is shown: %+v", l)
					}
				}
			}
		})
	}
}

// answer is an exchange of a signed request with an answer nobody sent.
func answer(t *testing.T, status int, body string, edit ...func(*task.Draft)) task.Exchange {
	t.Helper()
	d := petDraft("")
	for _, e := range edit {
		e(&d)
	}
	s, err := d.Seal(context.Background(), aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "x", SessionToken: "SESSION"}, nil
	}), noon)
	if err != nil {
		t.Fatal(err)
	}
	return task.Exchange{Sent: s, Began: noon, Response: &task.Response{
		Status: status, Body: []byte(body), Header: []task.Field{{Name: "x-amz-apigw-id", Value: "a="}},
	}}
}

// TestExplainDifference: the first line that differs is found and named.
func TestExplainDifference(t *testing.T) {
	ours := answer(t, 403, "").Sent
	real := strings.ReplaceAll(ours.Canonical(), "(hidden, 7 chars)", "SESSION")
	tests := map[string]struct {
		old, new   string
		what, hint string
	}{
		"path":             {"/Prod/pets\n", "/pets\n", "path", "base path"},
		"query":            {"a=1&b=2", "a=1&b=2&c=", "query", "%20"},
		"host":             {"host:" + host, "host:api.example.com", "header host", "custom domain"},
		"header changed":   {"x-kept:one", "x-kept:two", "header x-kept", "changed or removed"},
		"header missing":   {"x-kept:one\n", "", "header x-kept", "changed or removed"},
		"header added":     {"x-kept:one\n", "x-also:1\nx-kept:one\n", "header x-also", "changed or removed"},
		"signed headers":   {";x-kept", "", "signed headers", "did not arrive"},
		"method":           {"POST", "GET", "method", "redirect"},
		"body":             {ours.BodyHash(), strings.Repeat("0", 64), "body hash", "body was changed"},
		"control":          {"x-kept:one", "x-kept:\x1b[31m", "header x-kept", "changed or removed"},
		"nothing, but key": {"", "", "", "secret access key is not that"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			theirs := strings.Replace(real, test.old, test.new, 1)
			body := jsonval.ObjectOf(jsonval.Member{Key: "message", Value: jsonval.OfString("The request signature we calculated does not match the signature you provided. Check…\n\n" +
				"The Canonical String for this request should have been\n'" + theirs + "'\n\nThe String-to-Sign should have been\n'" + ours.StringToSign() + "'\n")})
			e, ok := Explain(answer(t, 403, body.String()))
			if !ok || len(e.Comparisons) != 2 || !strings.Contains(e.Cause, test.hint) {
				t.Fatalf("%+v", e)
			}
			c := e.Comparisons[0]
			switch {
			case test.what == "" && c.First != -1, test.what != "" && c.First < 0:
				t.Fatalf("first difference %d: %+v", c.First, c.Lines)
			case test.what != "" && (c.Lines[c.First].What != test.what || !strings.Contains(e.Cause, test.what)):
				t.Errorf("it differs in %q: %s", c.Lines[c.First].What, e.Cause)
			}
			for _, l := range c.Lines {
				if strings.Contains(l.Theirs, "SESSION") {
					t.Errorf("a session token is shown: %+v", l)
				}
				if l.Differs != (l.Ours != l.Theirs) {
					t.Errorf("%+v", l)
				}
			}
		})
	}
}

// TestExplainTexts: what API Gateway, IAM and authorizers say.
func TestExplainTexts(t *testing.T) {
	denied := "User: arn:aws:sts::123456789012:assumed-role/dev/me is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:********9012:abc123/Prod/POST/pets"
	unsigned := func(d *task.Draft) { d.Scope = nil }
	tests := []struct {
		status int
		text   string // of the message; a body where it begins with {
		edit   func(*task.Draft)
		kind   string
		want   string // in the cause or in what to do
	}{
		{403, denied, asIs, "not-authorized", `{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:eu-west-1:********9012:abc123/Prod/POST/pets"}`},
		{403, `{"Message":"` + denied + `"}`, asIs, "not-authorized", "masks the account"},
		{403, denied + " with an explicit deny in a resource-based policy", asIs, "not-authorized", "denies it outright"},
		{403, "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:x", unsigned, "not-authorized", "RESOURCE_POLICY"},
		{403, "User is not authorized to access this resource with an explicit deny", asIs, "authorizer", "Lambda authorizer"},
		{403, "Forbidden", asIs, "forbidden", "x-api-key"},
		{403, "Forbidden", func(d *task.Draft) { d.Header["X-API-Key"] = []string{"abcdef"} }, "forbidden", "usage plan covers"},
		{403, "Forbidden", func(d *task.Draft) { d.URL = "https://api.example.com/x" }, "forbidden", "custom domain name needs a mapping"},
		{403, "The security token included in the request is expired", asIs, "token-expired", "aws sso login"},
		{403, "Signature expired: 20260102T120000Z is now earlier than 20260102T121500Z (20260102T122000Z - 5 min.)", asIs, "signature-expired", "20m behind the API's"},
		{403, "Signature expired: x is now earlier than y (z - 5 min.)", asIs, "signature-expired", "before it was sent"},
		{403, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'a' != 'b', from 'c'.", asIs, "wrong-day", "X-Amz-Date was changed"},
		{403, "Credential should be scoped to a valid region. ", asIs, "wrong-region", "somewhere else"},
		{403, "The request signature we calculated does not match the signature you provided.", asIs, "signature-mismatch", "does not say from what"},
		{403, `'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'.`, unsigned, "not-sigv4", "AuthType to IAM_ROLE"},
		{401, "Unauthorized", unsigned, "unauthorized", "JWT"},
		{401, "Unauthorized", asIs, "unauthorized", "it is not AWS_IAM that guards this method"},
		{404, "Not Found", unsigned, "no-route", "$default"},
		{403, "Something else", asIs, "", ""},
		{404, "Forbidden", asIs, "", ""},
		{500, "Forbidden", asIs, "", ""},
		{403, `{"message":1}`, asIs, "", ""},
	}
	for _, test := range tests {
		body := test.text
		if !strings.HasPrefix(body, "{") {
			body = jsonval.ObjectOf(jsonval.Member{Key: "message", Value: jsonval.OfString(body)}).String()
		}
		e, ok := Explain(answer(t, test.status, body, test.edit))
		if ok != (test.kind != "") || e.Kind != test.kind || !strings.Contains(e.Cause+"\n"+strings.Join(e.Do, "\n"), test.want) {
			t.Errorf("%d %s:\n%+v", test.status, test.text, e)
		}
	}
	other := answer(t, 403, `{"message":"Forbidden"}`, func(d *task.Draft) { d.URL = "https://api.example.com/x" })
	other.Response.Header = nil
	if _, ok := Explain(other); ok {
		t.Error("what is not API Gateway's was explained")
	}
	if _, ok := Explain(task.Exchange{}); ok {
		t.Error("no answer was explained")
	}
	for exception, kind := range map[string]string{
		"SSLHandshakeException": "certificate", "UnknownHostException": "unknown-host", "ConnectException": "no-connection",
		"ConnectTimeoutException": "no-connection", "SocketTimeoutException": "",
	} {
		e, ok := Explain(task.Exchange{Err: &task.TransportError{Exception: exception, Message: "m"}})
		if e.Kind != kind || ok != (kind != "") || ok && (e.Cause == "" || len(e.Do) == 0) {
			t.Errorf("%s: %+v", exception, e)
		}
	}
}

// FuzzExplain: whatever an answer says, there is no panic, and what is compared
// is what came.
func FuzzExplain(f *testing.F) {
	f.Add(403, `{"message":"Missing Authentication Token"}`)
	f.Add(403, `{"message":"The request signature we calculated does not match\nThe Canonical String for this request should have been\n'GET\n/\n\nhost:x\n\nhost\nabc'\n\nThe String-to-Sign should have been\n'a'\n"}`)
	f.Add(403, `{"message":"Signature expired: 20260102T120000Z is now earlier than 20260102T121500Z (20260102T122000Z - 5 min.)"}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		e, ok := Explain(answer(t, status, body))
		if ok != (e.Kind != "") {
			t.Errorf("%v %+v", ok, e)
		}
		for _, c := range e.Comparisons {
			for i, l := range c.Lines {
				if l.Ours != l.Theirs && !l.Differs || l.Differs && (c.First < 0 || c.First > i) {
					t.Errorf("%d of %+v", i, c)
				}
			}
		}
	})
}
