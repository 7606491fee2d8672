package httptask

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

const connectionARN = "arn:aws:events:eu-west-1:123456789012:connection/billing/0a1b"

var lookup = Lookup{
	Env: func(name string) (string, bool) {
		v, ok := map[string]string{"KEY": "key-from-env", "ODD": `a"b&c d`}[name]
		return v, ok
	},
	File: func(path string) ([]byte, error) {
		if path == "key.txt" {
			return []byte("key-from-file\n"), nil
		}
		return nil, fmt.Errorf("%s: %w", path, os.ErrNotExist)
	},
}

// connections is a file with one connection, of that YAML, called billing.
func connections(t testing.TB, yaml string) *Connections {
	t.Helper()
	c, err := ParseConnections("connections.yaml", "billing:\n  "+strings.ReplaceAll(strings.TrimSpace(yaml), "\n", "\n  ")+"\n", lookup)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const basic = `AuthorizationType: BASIC
AuthParameters:
  BasicAuthParameters: {Username: me, Password: "${env:KEY}"}`

func callOf(params string) interp.Call {
	return interp.Call{State: &asl.State{Name: "Call"}, Resource: httpInvoke, Input: jsonval.MustParse(params)}
}

// params are those of a GET through the connection, with more members.
func params(more string) string {
	return `{"ApiEndpoint":"https://api.example.com/v1/a","Method":"POST","InvocationConfig":{"ConnectionArn":"` + connectionARN + `"}` + more + `}`
}

func prepare(t testing.TB, h *Handler, params string) task.Draft {
	t.Helper()
	d, err := h.Prepare(context.Background(), callOf(params))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func seal(t testing.TB, d task.Draft) task.Sealed {
	t.Helper()
	s, err := d.Seal(context.Background(), nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestHandles(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:states:::http:invoke":                  true,
		"arn:aws-us-gov:states:::http:invoke":           true,
		"arn:aws:states:::http:invoke.waitForTaskToken": false,
		"arn:aws:states:::http:invoke.sync":             false,
		"arn:aws:states:::apigateway:invoke":            false,
	} {
		if got := (&Handler{}).Handles(interp.ParseResource(arn)); got != want {
			t.Errorf("Handles(%s) is %v", arn, got)
		}
	}
}

// TestCheck: section 9's rows of parameters, as they are refused when the task
// starts.
func TestCheck(t *testing.T) {
	one := func(text string) []string { return []string{text} }
	tests := []struct {
		row, params string
		want        []string
	}{
		{"all there is", params(`,"Headers":{"a":"b","c":["d",1]},"QueryParameters":{"q":{"r":[1]}},"RequestBody":"x","Transform":{"RequestBodyEncoding":"NONE"}`), nil},
		{"nulls count as absent", params(`,"Headers":null,"QueryParameters":null,"RequestBody":null,"Transform":null,"Authentication":null`), nil},
		{"ApiEndpoint and Method: required", `{"Authentication":{"ConnectionArn":"a"}}`, []string{
			"The field 'ApiEndpoint' is required but was missing", "The field 'Method' is required but was missing",
		}},
		{"ApiEndpoint: https", strings.Replace(params(""), "https://", "http://", 1), one(task.InvalidFormat("ApiEndpoint"))},
		{"ApiEndpoint: a URL", strings.Replace(params(""), "https://", "", 1), one(task.InvalidFormat("ApiEndpoint"))},
		{"ApiEndpoint: no user", strings.Replace(params(""), "https://", "https://u:p@", 1), one(task.InvalidFormat("ApiEndpoint"))},
		{"Method: one of seven", strings.Replace(params(""), "POST", "TRACE", 1), one(task.InvalidFormat("Method"))},
		{"Authentication or InvocationConfig: one is required", `{"ApiEndpoint":"https://a","Method":"GET"}`, one("The field 'ConnectionArn' is required but was missing")},
		{"Authentication or InvocationConfig: not both", params(`,"Authentication":{"ConnectionArn":"a"}`), one(task.InvalidFormat("InvocationConfig"))},
		{"ConnectionArn: a text", `{"ApiEndpoint":"https://a","Method":"GET","Authentication":{"ConnectionArn":1}}`, one(task.InvalidFormat("Authentication"))},
		{"Headers: an object", params(`,"Headers":["a"]`), one(task.InvalidFormat("Headers"))},
		{"Headers: texts or lists of texts", params(`,"Headers":{"a":{"b":"c"}}`), one(task.InvalidFormat("Headers"))},
		{"Headers: lists of texts", params(`,"Headers":{"a":[["b"]]}`), one(task.InvalidFormat("Headers"))},
		{"QueryParameters: an object", params(`,"QueryParameters":"a=b"`), one(task.InvalidFormat("QueryParameters"))},
		{"Transform: an encoding there is", params(`,"Transform":{"RequestBodyEncoding":"FORM"}`), one(task.InvalidFormat("Transform"))},
		{"Transform: an ArrayFormat there is", params(`,"Transform":{"RequestEncodingOptions":{"ArrayFormat":"LISTS"}}`), one(task.InvalidFormat("Transform"))},
		{"Transform: nothing else", params(`,"Transform":{"Encoding":"NONE"}`), one(task.InvalidFormat("Transform"))},
		{"URL_ENCODED: needs its content type", params(`,"Transform":{"RequestBodyEncoding":"URL_ENCODED"}`), one(task.InvalidFormat("Headers"))},
		{"URL_ENCODED: with its content type", params(`,"Headers":{"content-type":["application/x-www-form-urlencoded; charset=utf-8"]},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}`), nil},
		{
			"refused headers", params(`,"Headers":{"AUTHORIZATION":"x","Cache-Control":"x","x-amz-a":"x","X-Amzn-B":"x","X-Forwarded-For":"x","X-Api-Key":"x"}`),
			one("The 'Headers' field contains unsupported values: [authorization, cache-control, x-amz-a, x-amzn-b, x-forwarded-for]"),
		},
		{"refused headers: only the prefixes with their dash", params(`,"Headers":{"X-AmzOwn":"x","X-ForwardedOwn":"x"}`), nil},
		{"ApiEndpoint: a % that encodes nothing", strings.Replace(params(""), "/v1/a", "/v1/a?x=100%", 1), one(task.InvalidFormat("ApiEndpoint"))},
		{"ApiEndpoint: the case of the scheme", strings.Replace(params(""), "https://", "HTTPS://", 1), nil},
		{"ConnectionArn: and nothing else", `{"ApiEndpoint":"https://a","Method":"GET","Authentication":{"ConnectionArn":"a","Arn":"b"}}`, one(task.InvalidFormat("Authentication"))},
		{"Headers: no line breaks", params(`,"Headers":{"a":"x\r\nb: y"}`), one(task.InvalidFormat("Headers"))},
		{"Headers: names that can be sent", params(`,"Headers":{"a b":"x"}`), one(task.InvalidFormat("Headers"))},
		{"Headers: no Content-Length", params(`,"Headers":{"content-length":"1"}`), one(task.InvalidFormat("Headers"))},
		{"Transform: no other option", params(`,"Transform":{"RequestEncodingOptions":{"arrayFormat":"REPEAT"}}`), one(task.InvalidFormat("Transform"))},
		{"URL_ENCODED: of an object", params(`,"Headers":{"content-type":"application/x-www-form-urlencoded"},"RequestBody":[1],"Transform":{"RequestBodyEncoding":"URL_ENCODED"}`), one(task.InvalidFormat("RequestBody"))},
		{"unknown field", params(`,"Path":"/a"`), one("The field 'Path' is not supported by Step Functions")},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Check(httpInvoke, jsonval.MustParse(test.params))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var refused *task.ParameterError
			if _, err := (&Handler{Connections: connections(t, basic)}).Prepare(context.Background(), callOf(test.params)); errors.As(err, &refused) != (test.want != nil) {
				t.Errorf("Prepare: %v", err)
			}
		})
	}
	for _, name := range []string{
		"A-IM", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Authorization", "Cache-Control", "Connection", "Content-Encoding",
		"Content-MD5", "Date", "Expect", "Forwarded", "From", "Host", "HTTP2-Settings", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
		"If-Unmodified-Since", "Max-Forwards", "Origin", "Pragma", "Proxy-Authorization", "Referer", "Server", "TE", "Trailer", "Transfer-Encoding",
		"Upgrade", "Via", "Warning", "x-forwarded-a", "x-amz-a", "x-amzn-a",
	} {
		if !asl.RefusedHTTPHeader(name) {
			t.Errorf("%s is not refused", name)
		}
	}
	if got := Check(interp.ParseResource("arn:aws:states:::apigateway:invoke"), jsonval.EmptyObject); got != nil {
		t.Errorf("another resource: %q", got)
	}
}

// TestRowsDefinition: what is said of a definition before it runs.
func TestRowsDefinition(t *testing.T) {
	for _, test := range []struct {
		row, resource string
		express       bool
		code          string // of the finding; "" for none
	}{
		{"9 request-response", "arn:aws:states:::http:invoke", false, ""},
		{"9 on Express too", "arn:aws:states:::http:invoke", true, ""},
		{"9 no .sync", "arn:aws:states:::http:invoke.sync", false, "resource-unknown"},
		{"9 no .waitForTaskToken", "arn:aws:states:::http:invoke.waitForTaskToken", false, "resource-unknown"},
	} {
		t.Run(test.row, func(t *testing.T) {
			text := `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + test.resource + `","Parameters":` + params("") + `,"End":true}}}`
			_, found := asl.Parse("a.json", text, asl.Options{Express: test.express})
			var codes []string
			for _, d := range found {
				codes = append(codes, d.Code)
			}
			if got := strings.Join(codes, " "); got != test.code {
				t.Errorf("%q, want %q: %v", got, test.code, found)
			}
		})
	}
}

// TestRowsEvents: 9, the history says resourceType http, resource invoke; bad
// parameters fail the execution without a Task event.
func TestRowsEvents(t *testing.T) {
	for headers, want := range map[string]string{
		`{"a":"b"}`:       `TaskScheduled {"resourceType":"http","resource":"invoke","region":"eu-west-1"`,
		`{"Referer":"b"}`: `ExecutionFailed {"error":"States.Runtime","cause":"An error occurred while executing the state 'A' (entered at the event id #2). The Parameters '`,
	} {
		text := `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":` + params(`,"Headers.$":"$"`) +
			`,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}}}`
		file, found := asl.Parse("a.json", text, asl.Options{})
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		m, err := interp.Compile(file, Check)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
		start := m.Start(interp.Start{Input: jsonval.MustParse(headers), Seed: 1}, at)
		run, _ := start.After.Run(at, 0, nil)
		var out strings.Builder
		w := history.NewWriter(&out, "eu-west-1")
		w.Add(append(start.Events, run.Events...))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		e := jsonval.MustParse(out.String()).Get("events").At(2)
		got := e.Get("type").Text()
		for key, member := range e.Members() {
			if strings.HasSuffix(key, "EventDetails") {
				got += " " + member.String()
			}
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", headers, got, want)
		}
	}
}

// TestRowsConnectionErrors: section 9's row of errors. Each is a name a Catch may
// have, is caught by it, and by States.TaskFailed.
func TestRowsConnectionErrors(t *testing.T) {
	for _, name := range []string{
		"States.Http.StatusCode.404", "States.Http.Socket",
		"Events.ConnectionResource.InvalidConnectionState", "Events.ConnectionResource.InvalidPrivateConnectionState",
		"Events.ConnectionResource.AccessDenied", "Events.ConnectionResource.ResourceNotFound",
		"Events.ConnectionResource.AuthInProgress", "Events.ConnectionResource.ConcurrentModification",
		"Events.ConnectionResource.InternalError",
	} {
		for _, catch := range []string{name, "States.TaskFailed"} {
			file, found := asl.Parse("a.json", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":`+params("")+
				`,"Catch":[{"ErrorEquals":["`+catch+`"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}}}`, asl.Options{})
			if len(found) > 0 {
				t.Fatalf("%s: %v", name, found)
			}
			m, err := interp.Compile(file, Check)
			if err != nil {
				t.Fatal(err)
			}
			at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
			turn, _ := m.Start(interp.Start{Input: jsonval.EmptyObject, Seed: 1}, at).After.Run(at, 0, nil)
			turn, err = turn.After.Step(interp.Reply{Effect: turn.Effects[0].ID(), Outcome: failed(name, "why")}, at)
			if err != nil {
				t.Fatal(err)
			}
			turn, _ = turn.After.Run(at, 0, nil)
			if got, want := turn.After.Output().String(), `{"Error":"`+name+`","Cause":"why"}`; got != want {
				t.Errorf("%s caught by %s: %s, want %s", name, catch, got, want)
			}
		}
	}
}

// TestRequest: what goes out, and what is shown of it.
func TestRequest(t *testing.T) {
	added := basic + `
  InvocationHttpParameters:
    HeaderParameters: [{Key: X-Tenant, Value: acme}, {Key: X-Sign, Value: "${file:key.txt}"}]
    QueryStringParameters: [{Key: v, Value: "2 b"}, {Key: sig, Value: "${env:ODD}", IsValueSecret: true}]
    BodyParameters: [{Key: tenant, Value: acme}, {Key: pass, Value: "${env:ODD}"}]`
	const agent = "User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1\r\n"
	const authorized = "Authorization: Basic bWU6a2V5LWZyb20tZW52\r\n"
	form := `,"Headers":{"Content-Type":"application/x-www-form-urlencoded"},"Transform":{"RequestBodyEncoding":"URL_ENCODED"`
	lists := `,"RequestBody":{"a":["x","y z"],"o":{"i":"n&"},"l":[{"k":1}],"n":null,"t":true}`
	tests := []struct {
		row, connection, params string
		want                    string // the message; each $ stands for a mark where it is shown
	}{
		{
			"defaults: Content-Type, User-Agent, Range", basic, params(`,"RequestBody":{"a":[1,null]}`),
			"POST /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 14\r\n" + authorized +
				"Content-Type: application/json; charset=UTF-8\r\nRange: bytes=0-262144\r\n\r\n" + `{"a":[1,null]}`,
		},
		{
			"no body: no Content-Type", basic, strings.Replace(params(`,"RequestBody":null`), "POST", "GET", 1),
			"GET /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + authorized + "Range: bytes=0-262144\r\n\r\n",
		},
		{
			"RequestBody: a text goes out as it is", basic, params(`,"RequestBody":"<a/>","Headers":{"content-type":"text/xml"}`),
			"POST /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 4\r\n" + authorized + "Range: bytes=0-262144\r\ncontent-type: text/xml\r\n\r\n<a/>",
		},
		{
			"Headers and QueryParameters: texts, lists, nested", basic,
			params(`,"Headers":{"A":"b","C":["d","e"]},"QueryParameters":{"q":"a b","l":["1",2],"n":{"m":"ü"},"e":""}`),
			"POST /v1/a?q=a%20b&l=1&l=2&n%5Bm%5D=%C3%BC&e= HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 0\r\nA: b\r\n" + authorized +
				"C: d\r\nC: e\r\nRange: bytes=0-262144\r\n\r\n",
		},
		{
			"query of the endpoint is kept", basic, strings.Replace(params(`,"QueryParameters":{"b":"2"}`), "/v1/a", "/v1/a?a=1", 1),
			"POST /v1/a?a=1&b=2 HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 0\r\n" + authorized + "Range: bytes=0-262144\r\n\r\n",
		},
		{
			"connection parameters are merged and win", added,
			params(`,"Headers":{"x-tenant":"other"},"QueryParameters":{"v":"1","w":"3"},"RequestBody":{"tenant":"other","b":1}`),
			"POST /v1/a?w=3&v=2%20b&sig=a%22b%26c%20d HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 41\r\n" + authorized +
				"Content-Type: application/json; charset=UTF-8\r\nRange: bytes=0-262144\r\nX-Sign: key-from-file\r\nX-Tenant: acme\r\n\r\n" + `{"tenant":"acme","b":1,"pass":"a\"b&c d"}`,
		},
		{
			"connection body parameters, without a body", basic + "\n  InvocationHttpParameters: {BodyParameters: [{Key: a, Value: b}]}", params(``),
			"POST /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 9\r\n" + authorized +
				"Content-Type: application/json; charset=UTF-8\r\nRange: bytes=0-262144\r\n\r\n" + `{"a":"b"}`,
		},
		{
			"API_KEY", "AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-My-Key, ApiKeyValue: \"Key ${env:KEY}\"}}", params(``),
			"POST /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 0\r\nRange: bytes=0-262144\r\nX-My-Key: Key key-from-env\r\n\r\n",
		},
		{"URL_ENCODED: INDICES is the default", basic, params(form + `}` + lists), "a%5B0%5D=x&a%5B1%5D=y%20z&o%5Bi%5D=n%26&l%5B0%5D%5Bk%5D=1&n=&t=true"},
		{"URL_ENCODED: INDICES", basic, params(form + `,"RequestEncodingOptions":{"ArrayFormat":"INDICES"}}` + lists), "a%5B0%5D=x&a%5B1%5D=y%20z&o%5Bi%5D=n%26&l%5B0%5D%5Bk%5D=1&n=&t=true"},
		{"URL_ENCODED: REPEAT", basic, params(form + `,"RequestEncodingOptions":{"ArrayFormat":"REPEAT"}}` + lists), "a=x&a=y%20z&o%5Bi%5D=n%26&l%5B0%5D%5Bk%5D=1&n=&t=true"},
		{"URL_ENCODED: COMMAS", basic, params(form + `,"RequestEncodingOptions":{"ArrayFormat":"COMMAS"}}` + lists), "a=x,y%20z&o%5Bi%5D=n%26&l%5B0%5D%5Bk%5D=1&n=&t=true"},
		{"URL_ENCODED: BRACKETS", basic, params(form + `,"RequestEncodingOptions":{"ArrayFormat":"BRACKETS"}}` + lists), "a%5B%5D=x&a%5B%5D=y%20z&o%5Bi%5D=n%26&l%5B0%5D%5Bk%5D=1&n=&t=true"},
		{"URL_ENCODED: connection parameters", added, params(form + `},"RequestBody":{"tenant":"other","b":1}`), "b=1&tenant=acme&pass=a%22b%26c%20d"},
		{"URL_ENCODED: connection parameters win over lists and objects", added, params(form + `},"RequestBody":{"tenant":["x","y"],"pass":{"word":1},"tenants":2}`), "tenants=2&tenant=acme&pass=a%22b%26c%20d"},
		{
			"connection parameters win over lists, objects and the endpoint's query", added,
			strings.Replace(params(`,"QueryParameters":{"v":["1","2"],"sig":{"n":1}},"RequestBody":{"tenant":["x"]}`), "/v1/a", "/v1/a?v=mine&k=1;2&sig=x", 1),
			"POST /v1/a?k=1;2&v=2%20b&sig=a%22b%26c%20d HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 35\r\n" + authorized +
				"Content-Type: application/json; charset=UTF-8\r\nRange: bytes=0-262144\r\nX-Sign: key-from-file\r\nX-Tenant: acme\r\n\r\n" + `{"tenant":"acme","pass":"a\"b&c d"}`,
		},
		{
			"ApiEndpoint: what is encoded stays so", basic, strings.Replace(params(``), "/v1/a", "/users/a%2Fb/ü c?q=ü", 1),
			"POST /users/a%2Fb/%C3%BC%20c?q=%C3%BC HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 0\r\n" + authorized + "Range: bytes=0-262144\r\n\r\n",
		},
		{
			"Headers: every spelling is sent, and empty lists take nothing away", basic, params(`,"Headers":{"X-A":["1"],"x-a":"2","Range":[],"User-Agent":[]}`),
			"POST /v1/a HTTP/1.1\r\nHost: api.example.com\r\n" + agent + "Content-Length: 0\r\n" + authorized + "Range: bytes=0-262144\r\nX-A: 1\r\nX-A: 2\r\n\r\n",
		},
		{"URL_ENCODED: a text goes out as it is", basic, params(form + `},"RequestBody":"a=b&c"`), "a=b&c"},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			s := seal(t, prepare(t, &Handler{Connections: connections(t, test.connection), Region: "eu-west-1"}, test.params))
			got := string(s.Wire())
			if !strings.Contains(test.want, "\r\n") {
				_, got, _ = strings.Cut(got, "\r\n\r\n")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			hidden(t, s, "key-from-env", "key-from-file", "bWU6a2V5LWZyb20tZW52", `a"b&c d`, `a\"b&c d`, "a%22b%26c%20d")
		})
	}
}

// hidden checks that what is shown of a request has none of its secrets.
func hidden(t *testing.T, s task.Sealed, secrets ...string) {
	t.Helper()
	d := s.Draft()
	shown := d.URL + "\n" + string(d.Body) + "\n"
	for name, values := range d.Header {
		shown += name + ": " + strings.Join(values, ",") + "\n"
	}
	for _, l := range s.Header() {
		shown += l.Name + ": " + l.Value + "\n"
	}
	shown += s.Hide(string(s.Wire()))
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is shown in\n%s", secret, shown)
		}
	}
}

// TestMarks: the mark of a secret stands at one place, whatever the task says,
// and an edit keeps the secret.
func TestMarks(t *testing.T) {
	h := &Handler{Connections: connections(t, "AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: k, ApiKeyValue: \"${env:KEY}\"}}")}
	s := seal(t, prepare(t, h, params(`,"RequestBody":"***ApiKeyValue-1***"`)))
	if wire := string(s.Wire()); strings.Count(wire, "key-from-env") != 1 || !strings.HasSuffix(wire, "***ApiKeyValue-1***") {
		t.Errorf("%s", wire)
	}
	d := s.Draft()
	d.Method, d.Body = "PUT", []byte("x")
	if wire := string(seal(t, d).Wire()); !strings.HasPrefix(wire, "PUT ") || !strings.Contains(wire, "\r\nk: key-from-env\r\n") {
		t.Errorf("after an edit:\n%s", wire)
	}
	for _, l := range s.Header() {
		if (l.Name == "k") != l.Secret {
			t.Errorf("%+v", l)
		}
	}
}

func TestPrepareRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		connections *Connections
		params      string
		want        string
	}{
		"no file":            {nil, params(""), `it uses the EventBridge connection "billing": --connections FILE says what that adds to a request, or a mock answers it`},
		"another connection": {connections(t, basic), strings.Replace(params(""), "billing", "other", 1), `connections.yaml has no connection "other" (arn:aws:events:eu-west-1:123456789012:connection/other/0a1b)`},
		"no variable":        {connections(t, strings.Replace(basic, "KEY", "NOBODY", 1)), params(""), `connections.yaml: connection "billing": the environment variable NOBODY is not set`},
		"no secret file":     {connections(t, strings.Replace(basic, "env:KEY", "file:nothing", 1)), params(""), `connection "billing": nothing: file does not exist`},
		"a text and connection body parameters": {
			connections(t, basic+"\n  InvocationHttpParameters: {BodyParameters: [{Key: a, Value: b}]}"), params(`,"RequestBody":"x"`),
			"The value of the field 'RequestBody' has an invalid format",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&Handler{Connections: test.connections}).Prepare(context.Background(), callOf(test.params))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestParseConnections(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"JSON":              {`{"a": {"AuthorizationType": "BASIC", "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "1"}}}}`, ""},
		"an ARN":            {"arn:aws:events:r:1:connection/a/b:\n  AuthParameters: {BasicAuthParameters: {Username: u, Password: 1}}\n", ""},
		"nothing":           {"\n", "c.yaml: the file is empty"},
		"no YAML":           {"a: [", "c.yaml: line "},
		"a list":            {"- a", "c.yaml: line 1: "},
		"empty":             {"a:", `c.yaml: connection "a": it is empty`},
		"misspelt":          {"a:\n  AuthParameter: {}", "c.yaml: line 2: field AuthParameter is not one of a connection's"},
		"no parameters":     {"a: {AuthorizationType: BASIC}", "AuthParameters needs one of"},
		"two kinds":         {"a: {AuthParameters: {BasicAuthParameters: {Username: u}, ApiKeyAuthParameters: {ApiKeyName: k}}}", "AuthParameters needs one of"},
		"another kind":      {"a: {AuthorizationType: API_KEY, AuthParameters: {BasicAuthParameters: {Username: u}}}", `AuthorizationType is "API_KEY", but its AuthParameters are those of BASIC`},
		"no name":           {"a: {AuthParameters: {ApiKeyAuthParameters: {ApiKeyValue: k}}}", "needs an ApiKeyName"},
		"no endpoint":       {"a: {AuthParameters: {OAuthParameters: {AuthorizationEndpoint: auth}}}", "needs an AuthorizationEndpoint, a URL"},
		"another method":    {"a: {AuthParameters: {OAuthParameters: {AuthorizationEndpoint: 'https://a', HttpMethod: HEAD}}}", "must be GET, POST or PUT"},
		"parameter, no key": {"a: {AuthParameters: {BasicAuthParameters: {Username: u}, InvocationHttpParameters: {BodyParameters: [{Value: v}]}}}", "has no Key"},
	} {
		_, err := ParseConnections("c.yaml", test.text, lookup)
		switch {
		case test.want == "" && err != nil, test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// api is a loopback API that keeps what came.
type api struct {
	mu    sync.Mutex
	came  []string
	reply func(w http.ResponseWriter, r *http.Request)
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	a.mu.Lock()
	a.came = append(a.came, r.Method+" "+r.URL.Path+" "+r.Form.Encode()+" "+r.Header.Get("Authorization"))
	a.mu.Unlock()
	a.reply(w, r)
}

func serve(t testing.TB, reply func(w http.ResponseWriter, r *http.Request)) (*api, string) {
	t.Helper()
	a := &api{reply: reply}
	s := httptest.NewServer(a)
	t.Cleanup(s.Close)
	return a, s.URL
}

func described(o interp.Outcome) string {
	if o.Failure != nil {
		return *o.Failure.Error + ": " + *o.Failure.Cause
	}
	return o.Result.String()
}

// TestRowsSizes: an answer up to the result's 262,144 bytes is taken, what is
// longer is not, and without quotas all is.
func TestRowsSizes(t *testing.T) {
	head := `{"Headers":{"Content-Length":["262000"],"Content-Type":["text/plain"]},"ResponseBody":"","StatusCode":200,"StatusText":"OK"}`
	for _, test := range []struct {
		more     int
		noQuotas bool
		fits     bool
	}{
		{0, false, true},
		{1, false, false},
		{1 << 20, false, false},
		{1, true, true},
		{1 << 20, true, true},
	} {
		body := strings.Repeat("x", maxResult-len(head)+test.more)
		_, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			fmt.Fprint(w, body)
		})
		h := &Handler{Transport: &task.Transport{}, Connections: connections(t, basic), NoQuotas: test.noQuotas}
		d := prepare(t, h, params(``))
		d.Endpoint = url
		o, _ := h.Send(t.Context(), seal(t, d))
		if got := described(o); (o.Failure == nil) != test.fits || o.Failure != nil && *o.Failure.Error != "States.DataLimitExceeded" || test.fits && o.Result.Get("ResponseBody").Text() != body {
			t.Errorf("%d more, no quotas %v: %.200s", test.more, test.noQuotas, got)
		}
	}
}

// TestSend: section 9's rows of answers.
func TestSend(t *testing.T) {
	type reply = func(w http.ResponseWriter, r *http.Request)
	says := func(status int, kind, body string) reply {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			w.Header()["Content-Type"] = []string{kind}
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	tests := []struct {
		row   string
		reply reply
		want  string // the beginning
	}{
		{"response shape", says(200, "application/json", `{"a":1}`), `{"Headers":{"Content-Type":["application/json"],"Content-Length":["7"]},"ResponseBody":{"a":1},"StatusCode":200,"StatusText":"OK"}`},
		{"partial content", says(206, "text/plain", `abc`), `{"Headers":{"Content-Type":["text/plain"],"Content-Length":["3"]},"ResponseBody":"abc","StatusCode":206,"StatusText":"Partial Content"}`},
		{"JSON of a vendor", says(201, "application/vnd.api+json; charset=utf-8", `[]`), `{"Headers":`},
		{"XML", says(200, "application/soap+xml", `<a/>`), `{"Headers":`},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil; w.WriteHeader(204) }, `{"Headers":{},"ResponseBody":"","StatusCode":204,"StatusText":"No Content"}`},
		{"redirects are not followed", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) }, "States.Http.StatusCode.302: "},
		{"octets are refused", says(200, "application/octet-stream", `abc`), "States.Runtime: The response of the HTTP task has the content type 'application/octet-stream'"},
		{"images are refused", says(200, "image/png", `abc`), "States.Runtime: "},
		{"video is refused", says(200, "video/mp4", `abc`), "States.Runtime: "},
		{"audio is refused", says(200, "audio/ogg", `abc`), "States.Runtime: "},
		{"other than text is refused", says(200, "application/pdf", `abc`), "States.Runtime: "},
		{"no body: any type", says(204, "image/png", ``), `{"Headers":`},
		{"3xx is a failure", says(302, "text/plain", `away`), "States.Http.StatusCode.302: away"},
		{"4xx", says(404, "application/json", `{"e":1}`), `States.Http.StatusCode.404: {"e":1}`},
		{"5xx, whatever it is", says(503, "image/png", `x`), `States.Http.StatusCode.503: x`},
		{"too big", says(200, "text/plain", strings.Repeat("x", 262_145)), "States.DataLimitExceeded: The state/task 'http' returned"},
		{"an echo of the connection's secret", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			fmt.Fprint(w, "you sent "+r.Header.Get("Authorization"))
		}, "States.Http.StatusCode.400: you sent (hidden, "},
		{"hung up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "States.Http.Socket: Unable to execute HTTP request: "},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			_, url := serve(t, test.reply)
			h := &Handler{Transport: &task.Transport{}, Connections: connections(t, basic)}
			d := prepare(t, h, params(``))
			d.Endpoint = url
			o, x := h.Send(context.Background(), seal(t, d))
			if got := described(o); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
			if (x.Response == nil) != (x.Err != nil) {
				t.Errorf("%+v", x)
			}
		})
	}
}

const oauth = `AuthorizationType: OAUTH_CLIENT_CREDENTIALS
AuthParameters:
  OAuthParameters:
    AuthorizationEndpoint: https://auth.example.com/token?x=1
    HttpMethod: METHOD
    ClientParameters: {ClientID: me, ClientSecret: "${env:KEY}"}
    OAuthHttpParameters:
      HeaderParameters: [{Key: X-Extra, Value: "1"}]
      BodyParameters: [{Key: audience, Value: all}]
      QueryStringParameters: [{Key: y, Value: "2"}]`

// TestOAuth: a token is asked for when it is needed, once, again after a 401,
// and never shown.
func TestOAuth(t *testing.T) {
	tokens, status := 0, 200
	a, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			tokens++
			fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, tokens)
			return
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "%q", "you sent "+r.Header.Get("Authorization"))
	})
	policy, err := task.NewPolicy(nil, []string{"*.example.com=" + url}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := &Handler{Transport: &task.Transport{}, Policy: policy, Connections: connections(t, strings.Replace(oauth, "METHOD", "POST", 1))}
	for _, status = range []int{200, 401, 200} {
		d := prepare(t, h, params(``))
		if diff := cmp.Diff([]string{"https://auth.example.com/token?x=1"}, d.Before); diff != "" {
			t.Errorf("asked before (-want +got):\n%s", diff)
		}
		d.Endpoint = url
		s := seal(t, d)
		for _, l := range s.Header() {
			if l.Name == "Authorization" && (!l.Secret || !strings.HasPrefix(l.Value, "Bearer ***token-")) {
				t.Errorf("%+v", l)
			}
		}
		o, x := h.Send(context.Background(), s)
		if (o.Failure != nil) != (status == 401) {
			t.Error(described(o))
		}
		hidden(t, x.Sent, fmt.Sprintf("token-%d ", tokens), "key-from-env")
		if got := x.Sent.Secrets(); len(got) == 0 || !strings.HasPrefix(got[0], "token-") {
			t.Errorf("the secrets of what was sent are %q", got)
		}
	}
	asked := "POST /token audience=all&client_id=me&client_secret=key-from-env&grant_type=client_credentials&x=1&y=2 "
	want := []string{asked, "POST /v1/a  Bearer token-1", "POST /v1/a  Bearer token-1", asked, "POST /v1/a  Bearer token-2"}
	if diff := cmp.Diff(want, a.came); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOAuthRefused(t *testing.T) {
	for name, test := range map[string]struct {
		status         int
		body, endpoint string
		want           string
	}{
		"refused":  {401, `no, key-from-env`, "*.example.com=URL", `Events.ConnectionResource.InvalidConnectionState: the connection "billing" gets no token from https://auth.example.com/token?x=1: it answers 401: no, ***client_secret-1***`},
		"no token": {200, `{}`, "*.example.com=URL", "its answer has no access_token"},
		"no JSON":  {200, `x`, "*.example.com=URL", "its answer has no access_token"},
		"not let":  {200, `{}`, "api.example.com=URL", "nothing may leave this machine: --live=auth.example.com would allow it"},
	} {
		t.Run(name, func(t *testing.T) {
			a, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			})
			policy, err := task.NewPolicy(nil, []string{strings.Replace(test.endpoint, "URL", url, 1)}, nil)
			if err != nil {
				t.Fatal(err)
			}
			h := &Handler{Transport: &task.Transport{}, Policy: policy, Connections: connections(t, strings.Replace(oauth, "METHOD", "GET", 1))}
			d := prepare(t, h, params(``))
			d.Endpoint = url
			o, x := h.Send(context.Background(), seal(t, d))
			if !strings.Contains(described(o), test.want) || x.Response != nil {
				t.Errorf("%s, want %s", described(o), test.want)
			}
			for _, came := range a.came {
				if !strings.HasPrefix(came, "GET /token client_id=me&client_secret=key-from-env&grant_type=client_credentials&x=1&y=2") {
					t.Errorf("it was asked %s", came)
				}
			}
		})
	}
}

// FuzzPrepare: whatever a task says, a secret goes to its place or nowhere, and
// is not shown.
func FuzzPrepare(f *testing.F) {
	f.Add(`{"a":[1,{"b":null}]}`, "INDICES", "x")
	f.Add(`"***Password-1***"`, "COMMAS", "***Password-1***")
	f.Add(`{"":[[],{}]}`, "BRACKETS", "\r\nInjected: 1")
	c := connections(f, basic)
	f.Fuzz(func(t *testing.T, body, format, text string) {
		v, err := jsonval.Parse(body)
		if err != nil {
			return
		}
		p := jsonval.MustParse(params(`,"Transform":{"RequestBodyEncoding":"URL_ENCODED"},"Headers":{"Content-Type":"application/x-www-form-urlencoded"}`))
		set := func(key string, v jsonval.Value) {
			if p, err = p.Set(jsonval.Path{jsonval.Key(key)}, v); err != nil {
				t.Fatal(err)
			}
		}
		set("RequestBody", v)
		set("QueryParameters", jsonval.ObjectOf(jsonval.Member{Key: text, Value: v}))
		if format != "" {
			set("Transform", jsonval.ObjectOf(jsonval.Member{Key: "RequestBodyEncoding", Value: jsonval.OfString("URL_ENCODED")},
				jsonval.Member{Key: "RequestEncodingOptions", Value: jsonval.ObjectOf(jsonval.Member{Key: "ArrayFormat", Value: jsonval.OfString(format)})}))
		}
		call := callOf("{}")
		call.Input = p
		d, err := (&Handler{Connections: c}).Prepare(context.Background(), call)
		if err != nil {
			return
		}
		s, err := d.Seal(context.Background(), nil, time.Time{})
		if err != nil {
			t.Fatalf("%v of %s", err, d.URL)
		}
		const secret = "bWU6a2V5LWZyb20tZW52"
		if strings.Contains(body+text, secret) {
			return
		}
		if n := strings.Count(string(s.Wire()), secret); n != 1 {
			t.Errorf("the secret is in the message %d times:\n%s", n, s.Wire())
		}
		hidden(t, s, secret)
	})
}
