package apigw

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/local"
)

const host = "abc123.execute-api.eu-west-1.amazonaws.com"

var (
	invoke   = interp.ParseResource("arn:aws:states:::apigateway:invoke")
	callback = interp.ParseResource("arn:aws:states:::apigateway:invoke.waitForTaskToken")
	noon     = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
)

func atNoon() time.Time { return noon }

// target is what the message's first line asks for.
func target(s task.Sealed) string { return strings.Fields(string(s.Wire()) + " ?")[1] }

func callOf(params string) interp.Call {
	return interp.Call{State: &asl.State{Name: "Call"}, Resource: invoke, Input: jsonval.MustParse(params)}
}

func TestHandles(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:states:::apigateway:invoke":                  true,
		"arn:aws-cn:states:::apigateway:invoke":               true,
		"arn:aws:states:::apigateway:invoke.waitForTaskToken": true,
		"arn:aws:states:::apigateway:invoke.sync":             false,
		"arn:aws:states:::apigateway:create":                  false,
		"arn:aws:states:::http:invoke":                        false,
		"arn:aws:states:::aws-sdk:apigateway:invoke":          false,
		"nonsense": false,
	} {
		if got := (&Handler{}).Handles(interp.ParseResource(arn)); got != want {
			t.Errorf("Handles(%s) is %v", arn, got)
		}
	}
}

func TestCheck(t *testing.T) {
	with := func(more string) string {
		return `{"ApiEndpoint":"` + host + `","Method":"GET"` + more + `}`
	}
	bad := func(field string) []string {
		return []string{"The value of the field '" + field + "' has an invalid format"}
	}
	tests := []struct {
		params string
		want   []string
	}{
		{with(``), nil},
		{with(`,"Headers":{"a":["b","c"]},"Stage":"s","Path":"/p","QueryParameters":{"q":[]},"RequestBody":{},"AllowNullValues":true,"AuthType":"IAM_ROLE"`), nil},
		{with(`,"Headers":null,"Stage":null,"Path":null,"QueryParameters":null,"RequestBody":null,"AllowNullValues":null,"AuthType":null`), nil},
		{with(`,"RequestBody":"text"`), nil},
		{with(`,"RequestBody":[1]`), nil},
		{with(`,"Headers":{"a":["b",1,true]}`), nil},
		{with(`,"Headers":{"a":"b"}`), bad("Headers")}, // recorded
		{with(`,"Headers":["a"]`), bad("Headers")},
		{with(`,"Headers":"a"`), bad("Headers")},
		{with(`,"Headers":{"a":[{}]}`), bad("Headers")},
		{with(`,"Headers":{"a":null}`), bad("Headers")},
		{with(`,"QueryParameters":{"a":"b"}`), bad("QueryParameters")},
		{with(`,"Stage":1`), bad("Stage")},
		{with(`,"Path":["a"]`), bad("Path")},
		{with(`,"AllowNullValues":"true"`), bad("AllowNullValues")},
		{with(`,"AuthType":"IAM_AUTH"`), bad("AuthType")},
		{with(`,"AuthType":1`), bad("AuthType")},
		{
			with(`,"Headers":{"Authorization":["x"],"X-Amz-Date":["x"],"x-amzn-y":["x"],"X-Forwarded-For":["x"],"hOST":["x"],"X-Api-Key":["x"]}`),
			[]string{"The 'Headers' field contains unsupported values: [authorization, x-amz-date, x-amzn-y, x-forwarded-for, host]"},
		},
		{with(`,"headers":{}`), []string{"The field 'headers' is not supported by Step Functions"}},
		{`{}`, []string{"The field 'ApiEndpoint' is required but was missing", "The field 'Method' is required but was missing"}},
		{`{"ApiEndpoint":null,"Method":null}`, []string{"The field 'ApiEndpoint' is required but was missing", "The field 'Method' is required but was missing"}},
		{`[]`, []string{"The field 'ApiEndpoint' is required but was missing", "The field 'Method' is required but was missing"}},
		{`{"ApiEndpoint":"` + host + `","Method":"get","Stage":1}`, append(bad("Method"), bad("Stage")...)},
		{`{"ApiEndpoint":"https://` + host + `","Method":"GET"}`, bad("ApiEndpoint")},
		{`{"ApiEndpoint":"` + host + `/dev","Method":"GET"}`, bad("ApiEndpoint")},
		{`{"ApiEndpoint":"` + host + `:443","Method":"GET"}`, bad("ApiEndpoint")},
		{`{"ApiEndpoint":"` + host + ` ","Method":"GET"}`, bad("ApiEndpoint")},
		{`{"ApiEndpoint":"","Method":"GET"}`, bad("ApiEndpoint")},
		{`{"ApiEndpoint":7,"Method":"GET"}`, bad("ApiEndpoint")},
	}
	for _, test := range tests {
		for _, r := range []interp.Resource{invoke, callback} {
			if diff := cmp.Diff(test.want, Check(r, jsonval.MustParse(test.params))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.params, diff)
			}
		}
	}
	if got := Check(interp.ParseResource("arn:aws:states:::sns:publish"), jsonval.MustParse(`{}`)); got != nil {
		t.Errorf("another service's parameters are checked: %v", got)
	}
}

func TestPrepareURL(t *testing.T) {
	tests := []struct{ params, want string }{
		{``, "/"},
		{`,"Stage":"dev"`, "/dev"},
		{`,"Path":"pets"`, "/pets"},
		{`,"Path":"/pets"`, "/pets"},
		{`,"Stage":"dev","Path":"pets"`, "/dev/pets"},
		{`,"Stage":"dev","Path":"/pets"`, "/dev/pets"},
		{`,"Stage":"/dev/","Path":"//pets/"`, "/dev/pets/"},
		{`,"Stage":"","Path":""`, "/"},
		{`,"Stage":"dev","Path":"/"`, "/dev"},
		{`,"Stage":"$default","Path":"p"`, "/$default/p"},
		{`,"Stage":"dev","Path":"/@connections/L0SM9cOFvHcCIhw="`, "/dev/@connections/L0SM9cOFvHcCIhw="},
		{`,"Path":"a b/ü/x?y#z"`, "/a%20b/%C3%BC/x%3Fy%23z"},
		{`,"Path":"a%20b/100%/%zz/%4"`, "/a%20b/100%25/%25zz/%254"},
		{`,"Path":"a\"<>\\^{}|[]"`, "/a%22%3C%3E%5C%5E%7B%7D%7C%5B%5D"},
		{`,"Path":"a\nb"`, "/a%0Ab"},
		{`,"Path":"../x"`, "/../x"},
		{`,"QueryParameters":{"q":["a b"]}`, "/?q=a%20b"},
		{`,"QueryParameters":{"b":["2","1"],"a":["x"]}`, "/?b=2&b=1&a=x"},
		{`,"QueryParameters":{"a&=":["+&;%"],"e":[""],"n":[],"num":[1.50],"t":[true]}`, "/?a%26%3D=%2B%26%3B%25&e=&num=1.50&t=true"},
		{`,"QueryParameters":{}`, "/"},
	}
	for _, test := range tests {
		d, err := (&Handler{}).Prepare(context.Background(), callOf(`{"ApiEndpoint":"`+host+`","Method":"GET"`+test.params+`}`))
		if err != nil {
			t.Errorf("%s: %v", test.params, err)
			continue
		}
		if want := "https://" + host + test.want; d.URL != want {
			t.Errorf("%s: %s, want %s", test.params, d.URL, want)
		}
		if s, err := d.Seal(context.Background(), nil, noon); err != nil || target(s) != test.want {
			t.Errorf("%s: on the wire %s, want %s (%v)", test.params, s.Wire(), test.want, err)
		}
	}
}

func TestPrepareBody(t *testing.T) {
	tests := []struct{ params, body string }{
		{``, ""},
		{`,"RequestBody":null`, ""},
		{`,"RequestBody":null,"AllowNullValues":true`, ""},
		{`,"RequestBody":""`, `""`},                     // recorded
		{`,"RequestBody":"HelloWorld"`, `"HelloWorld"`}, // recorded
		{`,"RequestBody":"{\"a\":1}"`, `"{\"a\":1}"`},
		{`,"RequestBody":{}`, `{}`},
		{`,"RequestBody":{"a":1.10,"b":null,"c":{"d":null,"e":[null,{"f":null}]}}`, `{"a":1.10,"c":{"e":[null,{}]}}`},
		{`,"RequestBody":{"a":null},"AllowNullValues":false`, `{}`},
		{`,"RequestBody":{"a":null,"c":{"d":null}},"AllowNullValues":true`, `{"a":null,"c":{"d":null}}`},
		{`,"RequestBody":[null,1]`, `[null,1]`},
		{`,"RequestBody":false`, `false`},
	}
	for _, test := range tests {
		for _, method := range []string{"POST", "GET", "DELETE"} {
			d, err := (&Handler{}).Prepare(context.Background(), callOf(`{"ApiEndpoint":"`+host+`","Method":"`+method+`"`+test.params+`}`))
			if err != nil {
				t.Errorf("%s: %v", test.params, err)
				continue
			}
			if got := string(d.Body); got != test.body {
				t.Errorf("%s %s: body %s, want %s", method, test.params, got, test.body)
			}
			if got := d.Header.Get("Content-Type"); (got == "application/json") != (test.body != "") {
				t.Errorf("%s %s: Content-Type %q", method, test.params, got)
			}
		}
	}
}

func TestPrepareHeaders(t *testing.T) {
	h := &Handler{UserAgent: "asldbg/test"}
	d, err := h.Prepare(context.Background(), callOf(`{"ApiEndpoint":"`+host+`","Method":"POST","RequestBody":{},
		"Headers":{"TaskToken":["T"],"accept":["a/b","c/d"],"content-type":["application/x"],"User-Agent":["mine"],"Empty":[],"N":[1]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := http.Header{"TaskToken": {"T"}, "accept": {"a/b", "c/d"}, "content-type": {"application/x"}, "User-Agent": {"mine"}, "N": {"1"}}
	if diff := cmp.Diff(want, d.Header); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d, err = h.Prepare(context.Background(), callOf(`{"ApiEndpoint":"`+host+`","Method":"GET"}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(http.Header{"User-Agent": {"asldbg/test"}}, d.Header); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrepareAuth(t *testing.T) {
	ctx := context.Background()
	params := func(host, auth string) interp.Call {
		return callOf(`{"ApiEndpoint":"` + host + `","Method":"GET","AuthType":"` + auth + `"}`)
	}
	h := &Handler{RoleARN: "machine's", Region: "us-west-2"}
	tests := []struct {
		host, auth, role string
		want             *task.Scope
	}{
		{host, "NO_AUTH", "", nil},
		{host, "IAM_ROLE", "", &task.Scope{Service: "execute-api", Region: "eu-west-1", RoleARN: "machine's"}},
		{host, "IAM_ROLE", "task's", &task.Scope{Service: "execute-api", Region: "eu-west-1", RoleARN: "task's", Assume: true}},
		{"x.execute-api.cn-north-1.amazonaws.com.cn", "IAM_ROLE", "", &task.Scope{Service: "execute-api", Region: "cn-north-1", RoleARN: "machine's"}},
		{"<api-endpoint>", "IAM_ROLE", "", &task.Scope{Service: "execute-api", Region: "us-west-2", RoleARN: "machine's"}},
		{host, "RESOURCE_POLICY", "task's", &task.Scope{Service: "execute-api", Region: "eu-west-1", RoleARN: "machine's"}},
	}
	for _, test := range tests {
		call := params(test.host, test.auth)
		call.RoleARN = test.role
		d, err := h.Prepare(ctx, call)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, d.Scope); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.host, test.auth, diff)
		}
	}
	if _, err := (&Handler{}).Prepare(ctx, params("<api-endpoint>", "IAM_ROLE")); err == nil || !strings.Contains(err.Error(), "--region") {
		t.Errorf("no region: error %v", err)
	}
	var bad *task.ParameterError
	if _, err := h.Prepare(ctx, callOf(`{"ApiEndpoint":"<h>","Method":"GET","Headers":{"a":"b"}}`)); !errors.As(err, &bad) || bad.Error() != "The value of the field 'Headers' has an invalid format" {
		t.Errorf("bad parameters: error %v", err)
	}
}

// TestPrincipal: what AWS signs as itself says so, with the statement it needs.
func TestPrincipal(t *testing.T) {
	const machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:m"
	call := callOf(`{"ApiEndpoint":"` + host + `","Method":"GET","Stage":"prod","Path":"/a/b","AuthType":"RESOURCE_POLICY"}`)
	call.Machine = machine
	d, err := (&Handler{}).Prepare(context.Background(), call)
	if err != nil {
		t.Fatal(err)
	}
	statement := `{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"execute-api:Invoke",` +
		`"Resource":["arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/a/b"],"Condition":{"StringEquals":{"aws:SourceArn":"` + machine + `"}}}`
	if diff := cmp.Diff(&task.Principal{Service: "states.amazonaws.com", SourceARN: machine, Statement: statement}, d.Principal); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	call.Input = jsonval.MustParse(`{"ApiEndpoint":"` + host + `","Method":"GET"}`)
	if d, err = (&Handler{}).Prepare(context.Background(), call); err != nil || d.Principal != nil {
		t.Errorf("NO_AUTH: %+v, %v", d.Principal, err)
	}
}

// serve answers with the raw HTTP text and returns what Send makes of it.
func serve(t *testing.T, h *Handler, write func(w http.ResponseWriter)) interp.Outcome {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(w) }))
	defer server.Close()
	return sendTo(t, h, server.URL, `{"ApiEndpoint":"`+host+`","Method":"GET","Stage":"dev"}`)
}

func sendTo(t testing.TB, h *Handler, endpoint, params string) interp.Outcome {
	t.Helper()
	if h.Transport == nil {
		h.Transport = &task.Transport{}
	}
	d, err := h.Prepare(context.Background(), callOf(params))
	if err != nil {
		t.Fatal(err)
	}
	d.Endpoint = endpoint
	s, err := d.Seal(context.Background(), local.New(1, atNoon, atNoon), noon)
	if err != nil {
		t.Fatal(err)
	}
	o, _ := h.Send(context.Background(), s)
	return o
}

func described(o interp.Outcome) string {
	if o.Failure != nil {
		return *o.Failure.Error + ": " + *o.Failure.Cause
	}
	return o.Result.String()
}

func TestSend(t *testing.T) {
	respond := func(status int, body string, header ...string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			h := w.Header()
			h["Date"] = nil
			h["Content-Type"] = []string{"application/json"}
			for i := 0; i < len(header); i += 2 {
				h[header[i]] = append(h[header[i]], header[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	const head = `{"Headers":{"Content-Type":["application/json"],"Content-Length":["%d"]},"ResponseBody":`
	ok := func(body, shown string) string {
		return fmt.Sprintf(head, len(body)) + shown + `,"StatusCode":200,"StatusText":"OK"}`
	}
	const big = `"0123456789abcdef"`
	long := "[" + strings.Repeat(big+",", 16000) + big + "]"
	tests := []struct {
		name  string
		write func(http.ResponseWriter)
		want  string
	}{
		{"JSON", respond(200, `{"a": [1.0, "ü"]}`), ok(`{"a": [1.0, "ü"]}`, `{"a":[1.0,"ü"]}`)},
		{"a bare string", respond(200, `"x"`), ok(`"x"`, `"x"`)},
		{"a bare number", respond(200, ` 7 `), ok(` 7 `, `7`)},
		{"null", respond(200, `null`), ok(`null`, `null`)},
		{"text", respond(200, `hello "you"`), ok(`hello "you"`, `"hello \"you\""`)},
		{"half JSON", respond(200, `{"a":`), ok(`{"a":`, `"{\"a\":"`)},
		{"empty", respond(200, ``), ok(``, `""`)},
		{"bytes that are no text", respond(200, "a\xff\xfeb"), ok("a\xff\xfeb", "\"a\uFFFDb\"")},
		{"deep nesting is text", respond(200, strings.Repeat("[", 1100)+strings.Repeat("]", 1100)), ok(strings.Repeat("[]", 1100), `"`+strings.Repeat("[", 1100)+strings.Repeat("]", 1100)+`"`)},
		{
			"created, with headers twice", respond(201, `{}`, "x-amzn-RequestId", "r", "Set-Cookie", "a=b", "Set-Cookie", "c=d"),
			`{"Headers":{"Content-Type":["application/json"],"Set-Cookie":["a=b","c=d"],"x-amzn-RequestId":["r"],"Content-Length":["2"]},"ResponseBody":{},"StatusCode":201,"StatusText":"Created"}`,
		},
		{"no content", respond(204, ``), `{"Headers":{"Content-Type":["application/json"]},"ResponseBody":"","StatusCode":204,"StatusText":"No Content"}`},
		{"forbidden", respond(403, `{"message":"Missing Authentication Token"}`), `ApiGateway.403: {"message":"Missing Authentication Token"}`}, // recorded
		{"bad request", respond(400, "no JSON\n"), "ApiGateway.400: no JSON\n"},
		{"server error without a body", respond(500, ""), "ApiGateway.500: "},
		{"redirect", respond(302, "", "Location", "http://127.0.0.1:1/"), "ApiGateway.302: "},
		{"not modified", respond(304, ""), "ApiGateway.304: "},
		{"long error", respond(500, strings.Repeat("ü", 40000)), "ApiGateway.500: " + strings.Repeat("ü", 32768)},
		{"too big", respond(200, long), "States.DataLimitExceeded: The state/task 'apigateway' returned a result with a size exceeding the maximum number of bytes service limit."},
		{"only its blanks are too many", respond(200, `{}`+strings.Repeat(" ", 300_000)), ok(`{}`+strings.Repeat(" ", 300_000), `{}`)},
		{"endless", respond(200, strings.Repeat(" ", maxAnswer+1)), "States.DataLimitExceeded: The state/task 'apigateway' returned a result with a size exceeding the maximum number of bytes service limit."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := described(serve(t, &Handler{}, test.write))
			// Above 2 KiB net/http sends in chunks.
			want := test.want
			if !strings.Contains(got, "Content-Length") {
				at := strings.Index(want, `"Content-Length":["`)
				if at >= 0 {
					want = want[:at] + `"Transfer-Encoding":["chunked"` + want[at+strings.Index(want[at:], `"]`)+1:]
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("no quotas", func(t *testing.T) {
		o := serve(t, &Handler{NoQuotas: true}, respond(200, long))
		if o.Failure != nil || o.Result.Get("ResponseBody").Len() != 16001 {
			t.Errorf("%s", described(o)[:100])
		}
	})
}

func TestSendFails(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	got := described(sendTo(t, &Handler{}, url, `{"ApiEndpoint":"`+host+`","Method":"GET"}`))
	want := "ApiGateway.ConnectException: Unable to execute HTTP request: Connect to " + strings.TrimPrefix(url, "http://") + " failed: Connection refused"
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSendToBuiltInAPI goes all the way: prepared, signed, sent, checked.
func TestSendToBuiltInAPI(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	url, err := local.New(1, atNoon, atNoon).Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := sendTo(t, &Handler{}, url, `{"ApiEndpoint":"`+host+`","Method":"POST","Stage":"Prod","Path":"pets","AuthType":"IAM_ROLE",
		"RequestBody":{"type":"turtle","price":74.99},"QueryParameters":{"why not":["a+b","ü"]}}`)
	if got.Failure != nil || got.Result.Get("StatusCode").Text() != "201" || got.Result.Get("ResponseBody").Lookup(jsonval.Path{jsonval.Key("pet"), jsonval.Key("id")}).Text() != "4" {
		t.Errorf("%s", described(got))
	}
	if id := got.Result.Get("Headers").Get("x-amzn-RequestId"); id.Len() != 1 {
		t.Errorf("x-amzn-RequestId is not spelled as API Gateway does: %s", got.Result.Get("Headers"))
	}
}

// recorded are AWS's recordings of API Gateway tasks, with their file's name.
func recorded(t *testing.T) map[string]jsonval.Value {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	files, err := filepath.Glob(filepath.Join(dir, "../shared/conformance/localstack/execution/*/*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("the recordings are not beside the repository")
	}
	cases := map[string]jsonval.Value{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "apigateway:invoke") {
			continue
		}
		v, err := jsonval.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		cases[filepath.Base(file)] = v
	}
	return cases
}

// TestRecordings: AWS's own parameters pass the check, its answers, sent again
// over HTTP, give the results AWS had, and what AWS refused is refused.
func TestRecordings(t *testing.T) {
	answers, refusals := 0, 0
	for name, c := range recorded(t) {
		t.Run(name, func(t *testing.T) {
			for _, list := range c.Get("mocks").Members() {
				for _, answer := range list.Items() {
					answers++
					if problems := Check(invoke, answer.Get("parameters")); problems != nil {
						t.Errorf("parameters AWS took: %v", problems)
					}
					want, failure := withLists(answer.Get("return")), answer.Get("throw")
					got := serve(t, &Handler{}, func(w http.ResponseWriter) { replay(w, want, failure) })
					if failure.Exists() {
						if got.Failure == nil || *got.Failure.Error != failure.Get("error").Text() {
							t.Errorf("%s, want %s", described(got), failure)
						}
						continue
					}
					if !jsonval.Equal(got.Result, want) {
						t.Errorf("%s\nwant %s", described(got), want)
					}
				}
			}
			const before = "could not be used to start the Task: ["
			if _, problem, ok := strings.Cut(c.Get("expect").Get("cause").Text(), before); ok {
				refusals++
				// In these recordings the state's parameters are its input.
				got := "[" + strings.Join(Check(invoke, c.Get("input")), ", ") + "]"
				if got != "["+problem {
					t.Errorf("%s, want [%s", got, problem)
				}
			}
		})
	}
	t.Logf("%d recorded answers and %d refusals agree", answers, refusals)
}

// withLists puts the recording's placeholders, which stand for a header's whole
// list, into lists.
func withLists(result jsonval.Value) jsonval.Value {
	for name, list := range result.Get("Headers").Members() {
		if list.Is(jsonval.String) {
			var err error
			if result, err = result.Set(jsonval.Path{jsonval.Key("Headers"), jsonval.Key(name)}, jsonval.ArrayOf(list)); err != nil {
				panic(err)
			}
		}
	}
	return result
}

// replay writes a recorded answer; its body is padded to the recorded length.
func replay(w http.ResponseWriter, result, failure jsonval.Value) {
	if failure.Exists() {
		var status int
		fmt.Sscanf(failure.Get("error").Text(), "ApiGateway.%d", &status)
		w.WriteHeader(status)
		return
	}
	h := w.Header()
	h["Date"] = nil
	length := 0
	for name, list := range result.Get("Headers").Members() {
		for _, v := range list.Items() {
			h[name] = append(h[name], v.Text())
		}
		if name == "Content-Length" {
			length, _ = jsonInt(list.At(0))
		}
	}
	body := result.Get("ResponseBody").String()
	io.WriteString(w, body+strings.Repeat(" ", max(length-len(body), 0)))
}

func jsonInt(v jsonval.Value) (n int, err error) { return n, json.Unmarshal([]byte(v.Text()), &n) }

// FuzzPrepare: any parameters give an error or a request that can be sent.
func FuzzPrepare(f *testing.F) {
	f.Add("dev", "/pets/a b%", "q", "ü+", "X-A", "v")
	f.Add("", "//../?#", "", "", "user-agent", "\x00")
	f.Fuzz(func(t *testing.T, stage, path, name, value, header, headerValue string) {
		params := jsonval.ObjectOf(
			jsonval.Member{Key: "ApiEndpoint", Value: jsonval.OfString(host)},
			jsonval.Member{Key: "Method", Value: jsonval.OfString("GET")},
			jsonval.Member{Key: "Stage", Value: jsonval.OfString(stage)},
			jsonval.Member{Key: "Path", Value: jsonval.OfString(path)},
			jsonval.Member{Key: "QueryParameters", Value: jsonval.ObjectOf(jsonval.Member{Key: name, Value: jsonval.ArrayOf(jsonval.OfString(value))})},
			jsonval.Member{Key: "Headers", Value: jsonval.ObjectOf(jsonval.Member{Key: header, Value: jsonval.ArrayOf(jsonval.OfString(headerValue))})},
		)
		d, err := (&Handler{}).Prepare(context.Background(), interp.Call{Resource: invoke, Input: params})
		if err != nil {
			return
		}
		s, err := d.Seal(context.Background(), nil, noon)
		if err != nil {
			if strings.Contains(err.Error(), "header") {
				return
			}
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(s.Wire()), "\r\n")
		if strings.Count(line, " ") != 2 || !strings.HasPrefix(line, "GET /") || !strings.HasSuffix(line, " HTTP/1.1") {
			t.Errorf("it begins with %q", line)
		}
	})
}

// BenchmarkTask is one API Gateway task: prepared, sealed, sent to a loopback
// server, its answer read.
func BenchmarkTask(b *testing.B) {
	api := local.New(1, atNoon, atNoon)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	url, err := api.Start(ctx)
	if err != nil {
		b.Fatal(err)
	}
	h := &Handler{Transport: &task.Transport{}, UserAgent: "asldbg/test"}
	for _, kind := range []struct{ name, params string }{
		{"NO_AUTH", `{"ApiEndpoint":"` + host + `","Method":"POST","Stage":"Prod","Path":"/buy","AuthType":"NO_AUTH","RequestBody":{"stock_price":42}}`},
		{"IAM_ROLE", `{"ApiEndpoint":"` + host + `","Method":"GET","Stage":"Prod","Path":"/pets","AuthType":"IAM_ROLE"}`},
	} {
		call := callOf(kind.params)
		step := func(b *testing.B, send bool) {
			d, err := h.Prepare(ctx, call)
			if err != nil {
				b.Fatal(err)
			}
			d.Endpoint = url
			s, err := d.Seal(ctx, api, noon)
			if err != nil {
				b.Fatal(err)
			}
			if !send {
				return
			}
			if o, _ := h.Send(ctx, s); o.Failure != nil {
				b.Fatal(described(o))
			}
		}
		b.Run(kind.name+"/prepare and seal", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step(b, false)
			}
		})
		b.Run(kind.name+"/and send", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step(b, true)
			}
		})
	}
}
