package apigw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// The names of rows are those of section 8 of the reference of API Gateway's
// integration: what AWS's pages and recordings say, one rule each.

var signer = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "a secret", SessionToken: "TOKEN+/="}, nil
})

func okay(body string) func(net.Conn) bool {
	return func(c net.Conn) bool {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+jsonval.OfInt(int64(len(body))).Text()+"\r\n\r\n"+body)
		return false
	}
}

// TestRowsRequest sends what each row's parameters make, over plain HTTP and over
// TLS: the bytes that arrive are those that were shown, and their signature is
// right by the receiver's own reckoning.
func TestRowsRequest(t *testing.T) {
	get := func(more string) string { return `{"ApiEndpoint":"` + host + `","Method":"GET"` + more + `}` }
	post := func(more string) string { return `{"ApiEndpoint":"` + host + `","Method":"POST"` + more + `}` }
	tests := []struct {
		row, params string
		want        string // what arrives: request line, headers but for Host and User-Agent, body
	}{
		{"8.1 a WebSocket connection's URL", post(`,"Stage":"prod","Path":"/@connections/L0SM9c=","RequestBody":{}`), "POST /prod/@connections/L0SM9c= HTTP/1.1|Content-Length: 2|Content-Type: application/json||{}"},
		{"8.2 Stage omitted: the $default stage of an HTTP API", get(`,"Path":"pets"`), "GET /pets HTTP/1.1||"},
		{"8.2 the stage in Path", get(`,"Path":"/dev/checkout/payment"`), "GET /dev/checkout/payment HTTP/1.1||"},
		{"8.2 RequestBody with GET goes out", get(`,"RequestBody":{"a":1}`), `GET / HTTP/1.1|Content-Length: 7|Content-Type: application/json||{"a":1}`},
		{"8.2 every method", `{"ApiEndpoint":"` + host + `","Method":"PATCH","RequestBody":[]}`, "PATCH / HTTP/1.1|Content-Length: 2|Content-Type: application/json||[]"},
		{"8.3 Stage and Path joined by one slash", get(`,"Stage":"dev","Path":"pets"`), "GET /dev/pets HTTP/1.1||"},
		{"8.3 a Path that starts with a slash", get(`,"Stage":"dev","Path":"/pets/"`), "GET /dev/pets/ HTTP/1.1||"},
		{"8.3 no Path", get(`,"Stage":"dev"`), "GET /dev HTTP/1.1||"},
		{"8.3 neither", get(``), "GET / HTTP/1.1||"},
		{"8.3 Path: unsafe characters are encoded", get(`,"Path":"a b/ü=@;?#%"`), "GET /a%20b/%C3%BC=@;%3F%23%25 HTTP/1.1||"},
		{"8.3 Path: dot segments", get(`,"Path":"a/../b/./c"`), "GET /a/../b/./c HTTP/1.1||"},
		{"8.3 query: encoded, in list order, a name per value", get(`,"QueryParameters":{"q q":["a b","+&"],"e":[""]}`), "GET /?q%20q=a%20b&q%20q=%2B%26&e= HTTP/1.1||"},
		{"8.4 a header of several values: one line each", get(`,"Headers":{"X-A":["1","2"]}`), "GET / HTTP/1.1|X-A: 1|X-A: 2||"},
		{"8.4 a header with blanks", get(`,"Headers":{"X-A":["a   b  "]}`), "GET / HTTP/1.1|X-A: a   b||"},
		{"8.4 Content-Type and Accept may be set", post(`,"Headers":{"content-type":["text/x"],"Accept":["a/b"]},"RequestBody":1`), "POST / HTTP/1.1|Content-Length: 1|Accept: a/b|content-type: text/x||1"},
		{"8.4 every spelling of a header is sent, and empty lists take nothing away", post(`,"Headers":{"X-A":["1"],"x-a":["2"],"Content-Type":[]},"RequestBody":1`), "POST / HTTP/1.1|Content-Length: 1|Content-Type: application/json|X-A: 1|X-A: 2||1"},
		{"8.4 X-Api-Key may be set", get(`,"Headers":{"X-Api-Key":["k"]}`), "GET / HTTP/1.1|X-Api-Key: k||"},
		{"8.5 an object as JSON", post(`,"RequestBody":{"b":1.10,"a":"ü"}`), `POST / HTTP/1.1|Content-Length: 19|Content-Type: application/json||{"b":1.10,"a":"ü"}`},
		{"8.5 a text as a JSON text", post(`,"RequestBody":"HelloWorld"`), `POST / HTTP/1.1|Content-Length: 12|Content-Type: application/json||"HelloWorld"`},
		{"8.5 the empty text", post(`,"RequestBody":""`), `POST / HTTP/1.1|Content-Length: 2|Content-Type: application/json||""`},
		{"8.5 JSON in a text stays a text", post(`,"RequestBody":"{\"message\":1}"`), `POST / HTTP/1.1|Content-Length: 17|Content-Type: application/json||"{\"message\":1}"`},
		{"8.5 null is no body", post(`,"RequestBody":null,"AllowNullValues":true`), "POST / HTTP/1.1|Content-Length: 0||"},
		{"8.5 no body", post(``), "POST / HTTP/1.1|Content-Length: 0||"},
		{"8.5 AllowNullValues false: null members are dropped", post(`,"RequestBody":{"a":null,"b":{"c":null},"d":[null]}`), `POST / HTTP/1.1|Content-Length: 19|Content-Type: application/json||{"b":{},"d":[null]}`},
		{"8.5 AllowNullValues true: null members are sent", post(`,"RequestBody":{"a":null},"AllowNullValues":true`), `POST / HTTP/1.1|Content-Length: 10|Content-Type: application/json||{"a":null}`},
		{"8.10 the token in a header", post(`,"Headers":{"TaskToken":["AQ/+="]}`), "POST / HTTP/1.1|Content-Length: 0|TaskToken: AQ/+=||"},
	}
	for _, secure := range []bool{false, true} {
		api := newLoopback(t, secure, okay("{}"))
		h := &Handler{Transport: api.transport, UserAgent: "asldbg/test"}
		for _, test := range tests {
			for _, auth := range []string{"NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"} {
				name := test.row + " " + auth
				if secure {
					name += " TLS"
				}
				t.Run(name, func(t *testing.T) {
					d, err := h.Prepare(context.Background(), callOf(strings.TrimSuffix(test.params, "}")+`,"AuthType":"`+auth+`"}`))
					if err != nil {
						t.Fatal(err)
					}
					d.Endpoint = api.url
					s, err := d.Seal(context.Background(), signer, noon)
					if err != nil {
						t.Fatal(err)
					}
					if o, _ := h.Send(context.Background(), s); o.Failure != nil {
						t.Fatal(described(o))
					}
					raw := <-api.came
					if diff := cmp.Diff(string(s.Wire()), string(raw)); diff != "" {
						t.Errorf("sent otherwise than shown (-shown +sent):\n%s", diff)
					}
					if got := plainLines(raw); got != test.want {
						t.Errorf("it got  %s\nwant    %s", got, test.want)
					}
					if auth == "NO_AUTH" {
						if bytes.Contains(raw, []byte("Authorization:")) || s.Signed() {
							t.Error("8.9 NO_AUTH adds nothing")
						}
						return
					}
					if err := verify(raw, "a secret", noon.Add(time.Minute)); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// plainLines are the lines of a request that do not depend on who signs and
// where it goes, joined by |.
func plainLines(raw []byte) string {
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	var kept []string
	for line := range strings.SplitSeq(head, "\r\n") {
		if !regexp.MustCompile(`^(Host|User-Agent|Authorization|X-Amz-Date|X-Amz-Security-Token): `).MatchString(line) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "|") + "||" + body
}

// TestRowsRefused: what AWS says about parameters before it starts the task.
func TestRowsRefused(t *testing.T) {
	with := func(more string) string { return `{"ApiEndpoint":"` + host + `","Method":"GET"` + more + `}` }
	at := func(endpoint string) string { return `{"ApiEndpoint":` + endpoint + `,"Method":"GET"}` }
	bad := func(name string) string { return "The value of the field '" + name + "' has an invalid format" }
	tests := []struct{ row, params, want string }{
		{"8.2 ApiEndpoint is required", `{"Method":"GET"}`, "The field 'ApiEndpoint' is required but was missing"},
		{"8.2 Method is required", `{"ApiEndpoint":"` + host + `"}`, "The field 'Method' is required but was missing"},
		{"8.2 ApiEndpoint: no scheme", at(`"https://` + host + `"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: no port", at(`"` + host + `:443"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: no path", at(`"` + host + `/dev"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: no trailing slash", at(`"` + host + `/"`), bad("ApiEndpoint")},
		{"8.1 ApiEndpoint: no custom domain name", at(`"api.example.com"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: lower-case letters and digits", at(`"ABC.execute-api.eu-west-1.amazonaws.com"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: China", at(`"abc.execute-api.cn-north-1.amazonaws.com.cn"`), ""},
		{"8.2 ApiEndpoint: China's domain elsewhere", at(`"abc.execute-api.us-east-1.amazonaws.com.cn"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: a blank of a sample", at(`"<api-id>.execute-api.us-east-1.amazonaws.com"`), ""},
		{"8.2 ApiEndpoint: a blank excuses only itself", at(`"example.com/<x>?"`), bad("ApiEndpoint")},
		{"8.2 ApiEndpoint: nor a scheme", at(`"https://<api-id>.execute-api.us-east-1.amazonaws.com"`), bad("ApiEndpoint")},
		{"8.4 Headers: no line breaks", with(`,"Headers":{"a":["x\r\nb: y"]}`), bad("Headers")},
		{"8.4 Headers: names that can be sent", with(`,"Headers":{"a b":["x"]}`), bad("Headers")},
		{"8.4 Headers: no Content-Length", with(`,"Headers":{"Content-length":["1"]}`), bad("Headers")},
		{"8.4 Headers: no null in a list", with(`,"Headers":{"a":[null]}`), bad("Headers")},
		{"8.2 ApiEndpoint: a text", at(`1`), bad("ApiEndpoint")},
		{"8.2 Method: upper case", strings.Replace(with(``), "GET", "get", 1), bad("Method")},
		{"8.2 Method: one of seven", strings.Replace(with(``), "GET", "TRACE", 1), bad("Method")},
		{"8.2 Headers: a list, recorded", with(`,"Headers":{"k":"v"}`), bad("Headers")},
		{"8.2 QueryParameters: a list", with(`,"QueryParameters":{"k":"v"}`), bad("QueryParameters")},
		{"8.2 Stage: a text", with(`,"Stage":1`), bad("Stage")},
		{"8.2 Path: a text", with(`,"Path":{}`), bad("Path")},
		{"8.2 AllowNullValues: a boolean", with(`,"AllowNullValues":"true"`), bad("AllowNullValues")},
		{"8.2 AuthType: one of three", with(`,"AuthType":"IAM_AUTH"`), bad("AuthType")},
		{"8.2 an unknown member", with(`,"path":"x"`), "The field 'path' is not supported by Step Functions"},
		{
			"8.4 refused headers, whatever their case", with(`,"Headers":{"AUTHORIZATION":["x"],"x-Amz-Date":["x"],"X-Amzn-Trace-Id":["x"],"X-Forwarded-For":["x"]}`),
			"The 'Headers' field contains unsupported values: [authorization, x-amz-date, x-amzn-trace-id, x-forwarded-for]",
		},
	}
	for _, name := range []string{
		"Connection", "Content-md5", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate", "Server", "TE", "Transfer-Encoding", "Trailer",
		"Upgrade", "Via", "Www-Authenticate",
	} {
		tests = append(tests, struct{ row, params, want string }{
			"8.4 refused: " + name, with(`,"Headers":{"` + name + `":["x"]}`), "The 'Headers' field contains unsupported values: [" + strings.ToLower(name) + "]",
		})
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			if got := strings.Join(Check(invoke, jsonval.MustParse(test.params)), "; "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestRowsDefinition: what is said of a definition before it runs.
func TestRowsDefinition(t *testing.T) {
	const params = `{"ApiEndpoint":"` + host + `","Method":"GET"}`
	tests := []struct {
		row, resource, parameters string
		express                   bool
		code                      string // of the finding; "" for none
	}{
		{"8.1 invoke", "arn:aws:states:::apigateway:invoke", params, false, ""},
		{"8.1 invoke on Express", "arn:aws:states:::apigateway:invoke", params, true, ""},
		{"8.1 other partitions", "arn:aws-us-gov:states:::apigateway:invoke", params, false, ""},
		{"8.1 callback", "arn:aws:states:::apigateway:invoke.waitForTaskToken", strings.Replace(params, "}", `,"Headers":{"T.$":"States.Array($$.Task.Token)"}}`, 1), false, ""},
		{"8.1 callback on Express", "arn:aws:states:::apigateway:invoke.waitForTaskToken", strings.Replace(params, "}", `,"Headers":{"T.$":"States.Array($$.Task.Token)"}}`, 1), true, "express-pattern"},
		{"8.1 .sync does not exist", "arn:aws:states:::apigateway:invoke.sync", params, false, "resource-unknown"},
		{"8.1 .sync:2 does not exist", "arn:aws:states:::apigateway:invoke.sync:2", params, false, "resource-unknown"},
		{"8.1 no other action", "arn:aws:states:::apigateway:create", params, false, "resource-unknown"},
		{"8.2 an unknown member", "arn:aws:states:::apigateway:invoke", strings.Replace(params, "}", `,"X":1}`, 1), false, "apigateway-field"},
		{"8.2 a member by a path", "arn:aws:states:::apigateway:invoke", `{"ApiEndpoint.$":"$.e","Method.$":"$.m","RequestBody.$":"$"}`, false, ""},
		{"8.2 RequestBody with GET: a warning", "arn:aws:states:::apigateway:invoke", strings.Replace(params, "}", `,"RequestBody":{}}`, 1), false, "apigateway-body"},
		{"8.4 a bare text", "arn:aws:states:::apigateway:invoke", strings.Replace(params, "}", `,"Headers":{"a":"b"}}`, 1), false, "apigateway-list"},
		{"8.4 a refused header", "arn:aws:states:::apigateway:invoke", strings.Replace(params, "}", `,"Headers":{"authorization":["b"]}}`, 1), false, "apigateway-header"},
		{"8.10 a token nobody gets: a warning", "arn:aws:states:::apigateway:invoke.waitForTaskToken", params, false, "token-unused"},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			text := `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"` + test.resource + `","Parameters":` + test.parameters + `,"End":true}}}`
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
	text := `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","Parameters":` + params +
		`,"Retry":[{"ErrorEquals":["APIGateway.403"]}],"End":true}}}`
	if _, found := asl.Parse("a.json", text, asl.Options{}); len(found) != 1 || !strings.Contains(found[0].String(), `"ApiGateway.403"`) {
		t.Errorf("8.7 the case of ApiGateway: %v", found)
	}
}

// TestRowsAnswer: what becomes of answers, however wrong they are.
func TestRowsAnswer(t *testing.T) {
	raw := func(text string) func(net.Conn) bool {
		return func(c net.Conn) bool { io.WriteString(c, text); return true }
	}
	slowly := func(text string) func(net.Conn) bool {
		return func(c net.Conn) bool {
			for _, b := range []byte(text) {
				c.Write([]byte{b})
			}
			return true
		}
	}
	const json = `{"Headers":{"Content-Type":["application/json"],"x-amzn-RequestId":["1"],"Content-Length":["7"]},"ResponseBody":{"a":1},"StatusCode":200,"StatusText":"OK"}`
	const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: 1\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
	tests := []struct {
		row  string
		say  func(net.Conn) bool
		want string // the beginning
	}{
		{"8.6 key order, lists, names as received", raw(answer), json},
		{"8.6 byte by byte", slowly(answer), json},
		{"8.6 in chunks", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"), `{"Headers":{"Transfer-Encoding":["chunked"]},"ResponseBody":{"a":1},`},
		{"8.6 a bare number", raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n42"), `{"Headers":{"Content-Length":["2"]},"ResponseBody":42,`},
		{"8.6 text that is no JSON", raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc"), `{"Headers":{"Content-Type":["text/plain"],"Content-Length":["3"]},"ResponseBody":"abc",`},
		{"8.6 control characters in a body stay data", raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\x1b"), `{"Headers":{"Content-Length":["1"]},"ResponseBody":"\u001B",`},
		{"8.7 no status: control characters in a header", raw("HTTP/1.1 200 OK\r\nX-A: \x1b[31mred\r\n\r\n"), `ApiGateway.ClientProtocolException: Unable to execute HTTP request: malformed MIME header line: "X-A: \x1b[31mred"`},
		{"8.6 empty body", raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), `{"Headers":{"Content-Length":["0"]},"ResponseBody":"",`},
		{"8.6 no reason phrase", raw("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n"), `{"Headers":{"Content-Length":["0"]},"ResponseBody":"","StatusCode":201,"StatusText":"Created"}`},
		{"8.6 redirects are not followed", raw("HTTP/1.1 301 Moved Permanently\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n"), "ApiGateway.301: "},
		{"8.6 too big", raw("HTTP/1.1 200 OK\r\nContent-Length: 262200\r\n\r\n" + strings.Repeat("x", 262_200)), "States.DataLimitExceeded: The state/task 'apigateway' returned a result with a size exceeding the maximum number of bytes service limit."},
		{"8.7 cause is the body unchanged, recorded", raw("HTTP/1.1 403 Forbidden\r\nContent-Length: 42\r\n\r\n" + `{"message":"Missing Authentication Token"}`), `ApiGateway.403: {"message":"Missing Authentication Token"}`},
		{"8.7 a cause is cut", raw("HTTP/1.1 500 Oops\r\nContent-Length: 40000\r\n\r\n" + strings.Repeat("y", 40_000)), "ApiGateway.500: " + strings.Repeat("y", 32_768)},
		{"8.1 a WebSocket client that is gone", raw("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), "ApiGateway.410: "},
		{"8.7 no status: hung up", raw(""), "ApiGateway.NoHttpResponseException: Unable to execute HTTP request: "},
		{"8.7 no status: cut in the headers", raw("HTTP/1.1 200 OK\r\nContent-Le"), "ApiGateway.ConnectionClosedException: "},
		{"8.7 no status: cut in the body", raw("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"), "ApiGateway.ConnectionClosedException: "},
		{"8.7 no status: not HTTP", raw("SSH-2.0-OpenSSH\r\n\r\n"), "ApiGateway.ClientProtocolException: "},
		{"8.7 no status: a status that is none", raw("HTTP/1.1 abc\r\n\r\n"), "ApiGateway.ClientProtocolException: "},
		{"8.7 no status: endless headers", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: b\r\n", 10_000)), "ApiGateway.ClientProtocolException: "},
		{"8.7 no status: two lengths", raw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "ApiGateway.ClientProtocolException: "},
		{"8.7 no status: a bad chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "ApiGateway."},
	}
	// The largest result there may be, and one byte more: with a body in which
	// each byte is one of the result, too.
	head := `{"Headers":{"Content-Length":["262000"]},"ResponseBody":"","StatusCode":200,"StatusText":"OK"}`
	for more, want := range map[int]string{0: `{"Headers":`, 1: "States.DataLimitExceeded: "} {
		length := maxResult - len(head) + more
		tests = append(tests, struct {
			row  string
			say  func(net.Conn) bool
			want string
		}{fmt.Sprintf("8.6 and 8.11 a result of 262,144 bytes and %d", more), raw(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", length, strings.Repeat("x", length))), want})
	}
	statuses := []int{101, 600, 999}
	for status := 200; status < 600; status++ {
		statuses = append(statuses, status)
	}
	for _, status := range statuses {
		text := jsonval.OfInt(int64(status)).Text()
		want := "ApiGateway." + text + ": "
		if status/100 == 2 {
			want = `{"Headers":{`
		}
		tests = append(tests, struct {
			row  string
			say  func(net.Conn) bool
			want string
		}{"8.7 status " + text, raw("HTTP/1.1 " + text + " X\r\nContent-Length: 0\r\n\r\n"), want})
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			api := newLoopback(t, false, test.say)
			got := described(sendTo(t, &Handler{Transport: api.transport}, api.url, `{"ApiEndpoint":"`+host+`","Method":"POST"}`))
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("%.300s\nwant %.300s", got, test.want)
			}
		})
	}
}

// TestRowsAuth: 8.9 and 10.11, whom a request is signed as.
func TestRowsAuth(t *testing.T) {
	call := func(auth, role string) interp.Call {
		c := callOf(`{"ApiEndpoint":"` + host + `","Method":"GET","Stage":"dev","AuthType":"` + auth + `"}`)
		c.RoleARN, c.Machine = role, "arn:aws:states:eu-west-1:123456789012:stateMachine:m"
		return c
	}
	h := &Handler{RoleARN: "the machine's", Region: "us-east-1"}
	for _, test := range []struct {
		row, auth, role string
		signed          bool
		assume          bool
		principal       string
	}{
		{"8.9 NO_AUTH: nothing is added", "NO_AUTH", "", false, false, ""},
		{"8.9 IAM_ROLE: signed for execute-api in the host's region", "IAM_ROLE", "", true, false, ""},
		{"8.9 IAM_ROLE: with Credentials.RoleArn", "IAM_ROLE", "the task's", true, true, ""},
		{"8.9 RESOURCE_POLICY: the service's own identity", "RESOURCE_POLICY", "", true, false, "states.amazonaws.com"},
	} {
		t.Run(test.row, func(t *testing.T) {
			d, err := h.Prepare(context.Background(), call(test.auth, test.role))
			if err != nil {
				t.Fatal(err)
			}
			if (d.Scope != nil) != test.signed || test.signed && (d.Scope.Service != "execute-api" || d.Scope.Region != "eu-west-1" || d.Scope.Assume != test.assume) {
				t.Errorf("scope %+v", d.Scope)
			}
			if test.assume && d.Scope.RoleARN != test.role {
				t.Errorf("role %s", d.Scope.RoleARN)
			}
			if (d.Principal != nil) != (test.principal != "") || d.Principal != nil && d.Principal.Service != test.principal {
				t.Errorf("principal %+v", d.Principal)
			}
		})
	}
}

// TestRowsEvents: 8.8 and 8.10, what AWS's history says of a call.
func TestRowsEvents(t *testing.T) {
	const machine = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::apigateway:RESOURCE","TimeoutSeconds":60,"HeartbeatSeconds":20,
  "Parameters":{"ApiEndpoint":"` + host + `","Method":"GET","Headers":HEADERS},"Credentials":{"RoleArn":"arn:aws:iam::1:role/r"},"End":true}}}`
	name := "ApiGateway.403"
	ok := interp.Outcome{Result: jsonval.MustParse(`{"StatusCode":200}`)}
	failed := interp.Outcome{Failure: interp.Fail(name, "no")}
	scheduled := func(resource string) string {
		return `TaskScheduled {"resourceType":"apigateway","resource":"` + resource + `","region":"eu-west-1"`
	}
	tests := []struct {
		row, resource, headers string
		inputs                 func(interp.Call) []interp.Input
		want                   []string // the beginnings of type and details
	}{
		{"8.8 invoke", "invoke", `{"a":["b"]}`, func(c interp.Call) []interp.Input {
			return []interp.Input{interp.Reply{Effect: c.Effect, Outcome: ok}}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke"), `TaskStarted {"resourceType":"apigateway","resource":"invoke"}`,
			`TaskSucceeded {"resourceType":"apigateway","resource":"invoke","output":"{\"StatusCode\":200}","outputDetails":{"truncated":false}}`, "TaskStateExited ", "ExecutionSucceeded ",
		}},
		{"8.8 TaskScheduled: all there is, parameters as they were given", "invoke", `{"a":["b"]},"RequestBody":{"x":null},"AllowNullValues":false`, func(c interp.Call) []interp.Input {
			return []interp.Input{interp.Reply{Effect: c.Effect, Outcome: ok}}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ",
			scheduled("invoke") + `,"parameters":"{\"ApiEndpoint\":\"` + host + `\",\"Method\":\"GET\",\"Headers\":{\"a\":[\"b\"]},\"RequestBody\":{\"x\":null},\"AllowNullValues\":false}"` +
				`,"timeoutInSeconds":60,"heartbeatInSeconds":20,"taskCredentials":{"roleArn":"arn:aws:iam::1:role/r"}}`,
			"TaskStarted ", "TaskSucceeded ", "TaskStateExited ", "ExecutionSucceeded ",
		}},
		{"8.7 TimeoutSeconds lapses, or HeartbeatSeconds: States.Timeout without a cause", "invoke", `{}`, nil, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke"), "TaskStarted ",
			`TaskTimedOut {"resourceType":"apigateway","resource":"invoke","error":"States.Timeout"}`, `ExecutionFailed {"error":"States.Timeout"}`,
		}},
		{"8.8 a failure", "invoke", `{}`, func(c interp.Call) []interp.Input {
			return []interp.Input{interp.Reply{Effect: c.Effect, Outcome: failed}}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke"), "TaskStarted ",
			`TaskFailed {"resourceType":"apigateway","resource":"invoke","error":"ApiGateway.403","cause":"no"}`, "ExecutionFailed ",
		}},
		{"8.10 callback: the response is not the result", "invoke.waitForTaskToken", `{"T.$":"States.Array($$.Task.Token)"}`, func(c interp.Call) []interp.Input {
			return []interp.Input{
				interp.Submitted{Effect: c.Effect, Result: ok.Result},
				interp.Callback{Token: c.Token, Outcome: interp.Outcome{Result: jsonval.MustParse(`{"approved":true}`)}},
			}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke.waitForTaskToken"), "TaskStarted ",
			`TaskSubmitted {"resourceType":"apigateway","resource":"invoke.waitForTaskToken","output":"{\"StatusCode\":200}"`,
			`TaskSucceeded {"resourceType":"apigateway","resource":"invoke.waitForTaskToken","output":"{\"approved\":true}"`, "TaskStateExited ", "ExecutionSucceeded ",
		}},
		{"8.10 callback: SendTaskFailure's error is the task's", "invoke.waitForTaskToken", `{"T.$":"States.Array($$.Task.Token)"}`, func(c interp.Call) []interp.Input {
			return []interp.Input{
				interp.Submitted{Effect: c.Effect, Result: ok.Result},
				interp.Callback{Token: c.Token, Outcome: interp.Outcome{Failure: interp.Fail("Denied", "by the boss")}},
			}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke.waitForTaskToken"), "TaskStarted ", "TaskSubmitted ",
			`TaskFailed {"resourceType":"apigateway","resource":"invoke.waitForTaskToken","error":"Denied","cause":"by the boss"}`, "ExecutionFailed ",
		}},
		{"8.7 a failing call fails a callback task at once", "invoke.waitForTaskToken", `{"T.$":"States.Array($$.Task.Token)"}`, func(c interp.Call) []interp.Input {
			return []interp.Input{interp.Reply{Effect: c.Effect, Outcome: failed}}
		}, []string{
			"ExecutionStarted ", "TaskStateEntered ", scheduled("invoke.waitForTaskToken"), "TaskStarted ", "TaskSubmitFailed ", "ExecutionFailed ",
		}},
		{"8.2 bad resolved parameters: no Task events, recorded", "invoke", `{"k":"v"}`, nil, []string{
			"ExecutionStarted ", "TaskStateEntered ",
			`ExecutionFailed {"error":"States.Runtime","cause":"An error occurred while executing the state 'A' (entered at the event id #2). The Parameters '{\"ApiEndpoint\":\"` + host + `\",\"Method\":\"GET\",\"Headers\":{\"k\":\"v\"}}' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]"}`,
		}},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			text := strings.NewReplacer("RESOURCE", test.resource, "HEADERS", test.headers).Replace(machine)
			if strings.Contains(test.headers, `"v"`) { // a text where the definition must have a list: by a path
				text = strings.Replace(text, `"Headers":{"k":"v"}`, `"Headers.$":"$"`, 1)
			}
			file, found := asl.Parse("a.json", text, asl.Options{})
			if err := found.Err(); err != nil {
				t.Fatal(err)
			}
			m, err := interp.Compile(file, Check)
			if err != nil {
				t.Fatal(err)
			}
			start := m.Start(interp.Start{Input: jsonval.MustParse(`{"k":"v"}`), Seed: 1}, noon)
			run, _ := start.After.Run(noon, 0, nil)
			x, events := run.After, append(start.Events, run.Events...)
			if timer, ok := x.NextTimer(); ok && test.inputs == nil { // nobody answers
				turn, err := x.Step(interp.Fire{Effect: timer.Effect}, timer.Due)
				if err != nil {
					t.Fatal(err)
				}
				run, _ := turn.After.Run(timer.Due, 0, nil)
				events = append(append(events, turn.Events...), run.Events...)
			}
			if test.inputs != nil {
				call := x.Pending()[0].(interp.Call)
				if call.RoleARN != "arn:aws:iam::1:role/r" {
					t.Errorf("10.11 the task's role is %q", call.RoleARN)
				}
				for _, in := range test.inputs(call) {
					turn, err := x.Step(in, noon)
					if err != nil {
						t.Fatal(err)
					}
					run, _ := turn.After.Run(noon, 0, nil)
					x, events = run.After, append(append(events, turn.Events...), run.Events...)
				}
			}
			var out bytes.Buffer
			w := history.NewWriter(&out, "eu-west-1")
			w.Add(events)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range jsonval.MustParse(out.String()).Get("events").Items() {
				details := jsonval.EmptyObject
				for key, member := range e.Members() {
					if strings.HasSuffix(key, "EventDetails") {
						details = member
					}
				}
				got = append(got, e.Get("type").Text()+" "+details.String())
			}
			if len(got) != len(test.want) {
				t.Fatalf("%d events, want %d:\n%s", len(got), len(test.want), strings.Join(got, "\n"))
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("event %d:\n%s\nwant\n%s", i+1, got[i], want)
				}
			}
		})
	}
}

// TestRowsTokens: 10.9 and 8.10, the life of a task token.
func TestRowsTokens(t *testing.T) {
	file, found := asl.Parse("a.json", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke.waitForTaskToken","TimeoutSeconds":60,"HeartbeatSeconds":25,
  "Parameters":{"ApiEndpoint":"`+host+`","Method":"POST","Headers":{"T.$":"States.Array($$.Task.Token)"}},
  "Retry":[{"ErrorEquals":["ApiGateway.503"],"IntervalSeconds":1},{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1}],"End":true}}}`, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := interp.Compile(file, Check)
	if err != nil {
		t.Fatal(err)
	}
	at := noon
	run, _ := m.Start(interp.Start{Input: jsonval.EmptyObject, Seed: 1}, at).After.Run(at, 0, nil)
	x := run.After
	step := func(in interp.Input) error {
		turn, err := x.Step(in, at)
		if err == nil {
			run, _ := turn.After.Run(at, 0, nil)
			x = run.After
		}
		return err
	}
	call := func() interp.Call {
		for _, e := range x.Pending() {
			if c, ok := e.(interp.Call); ok {
				return c
			}
		}
		t.Fatal("no call is pending")
		return interp.Call{}
	}
	fire := func() {
		timer, _ := x.NextTimer()
		at = timer.Due
		if err := step(interp.Fire{Effect: timer.Effect}); err != nil {
			t.Fatal(err)
		}
	}
	first := call()
	if n := len(first.Token); n == 0 || n > 1024 || first.Input.Get("Headers").Get("T").At(0).Text() != string(first.Token) {
		t.Errorf("10.9 a token of %d characters, sent as %s", n, first.Input)
	}
	if err := step(interp.Reply{Effect: first.Effect, Outcome: interp.Outcome{Failure: interp.Fail("ApiGateway.503", "")}}); err != nil {
		t.Fatal(err)
	}
	fire() // the retry
	second := call()
	if second.Token == first.Token {
		t.Error("8.10 a retry has the token of the attempt before")
	}
	late := interp.Callback{Token: first.Token, Outcome: interp.Outcome{Result: jsonval.EmptyObject}}
	if err := step(late); !errors.Is(err, interp.ErrNoSuchToken) {
		t.Errorf("8.10 an old token: %v", err)
	}
	// Heartbeats every 20 s keep it alive, but not beyond its 60 s.
	began := at
	for range 2 {
		at = at.Add(20 * time.Second)
		if err := step(interp.Heartbeat{Token: second.Token}); err != nil {
			t.Fatal(err)
		}
	}
	fire()
	if passed := at.Sub(began); passed != 60*time.Second {
		t.Errorf("10.9 heartbeats: it ended after %v", passed)
	}
	fire() // the retry of the timeout
	third := call()
	if err := step(interp.Callback{Token: second.Token, Outcome: late.Outcome}); !errors.Is(err, interp.ErrNoSuchToken) {
		t.Errorf("10.9 a token that has timed out: %v", err)
	}
	began = at
	fire()
	if passed := at.Sub(began); passed != 25*time.Second {
		t.Errorf("10.9 no heartbeat: it ended after %v", passed)
	}
	fire()
	if call().Token == third.Token {
		t.Error("10.9 a timeout did not end a token")
	}
}

// TestRowsArguments: 8.2 and 8.10 in JSONata, Arguments instead of Parameters.
func TestRowsArguments(t *testing.T) {
	for _, test := range []struct{ row, arguments, want string }{
		{"8.10 the token in a list", `{"ApiEndpoint":"` + host + `","Method":"POST","Headers":{"TaskToken":"{% [$states.context.Task.Token] %}"}}`, "sent"},
		{"8.2 computed as a whole", `"{% {'ApiEndpoint': '` + host + `', 'Method': 'POST', 'Headers': {'TaskToken': [$states.context.Task.Token]}} %}"`, "sent"},
		{"8.2 a computed value of the wrong form", `{"ApiEndpoint":"{% 'example.com' %}","Method":"POST","Headers":{"TaskToken":"{% [$states.context.Task.Token] %}"}}`, "[The value of the field 'ApiEndpoint' has an invalid format]"},
		{"8.4 a computed text where a list belongs", `{"ApiEndpoint":"` + host + `","Method":"POST","Headers":{"TaskToken":"{% $states.context.Task.Token %}"}}`, "[The value of the field 'Headers' has an invalid format]"},
		{"8.4 a computed refused header", `{"ApiEndpoint":"` + host + `","Method":"POST","Headers":"{% {'Authorization': ['x'], 'T': [$states.context.Task.Token]} %}"}`, "[The 'Headers' field contains unsupported values: [authorization]]"},
		{"8.2 a static value of the wrong form", `{"ApiEndpoint":"example.com","Method":"POST"}`, "token-unused apigateway-endpoint"},
		{"8.2 an unknown member", `{"ApiEndpoint":"` + host + `","Method":"POST","Header":{"T":"{% [$states.context.Task.Token] %}"}}`, "apigateway-field"},
		{"8.4 a static refused header", `{"ApiEndpoint":"` + host + `","Method":"POST","Headers":{"x-amz-date":["x"],"T":"{% [$states.context.Task.Token] %}"}}`, "apigateway-header"},
	} {
		t.Run(test.row, func(t *testing.T) {
			file, found := asl.Parse("a.json", `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke.waitForTaskToken","Arguments":`+
				test.arguments+`,"End":true}}}`, asl.Options{})
			if found.Err() != nil {
				var codes []string
				for _, d := range found {
					codes = append(codes, d.Code)
				}
				if got := strings.Join(codes, " "); got != test.want {
					t.Errorf("%s, want %s: %v", got, test.want, found)
				}
				return
			}
			m, err := interp.Compile(file, Check)
			if err != nil {
				t.Fatal(err)
			}
			run, _ := m.Start(interp.Start{Input: jsonval.EmptyObject, Seed: 1}, noon).After.Run(noon, 0, nil)
			got := "sent"
			if f := run.After.Failure(); f != nil {
				_, got, _ = strings.Cut(*f.Cause, "could not be used to start the Task: ")
			} else if c := run.After.Pending()[0].(interp.Call); c.Input.Get("Headers").Get("TaskToken").At(0).Text() != string(c.Token) {
				t.Errorf("it sends %s", c.Input)
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestCurlAgrees: curl signs as we do.
func TestCurlAgrees(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl")
	}
	if help, err := exec.Command(curl, "--help", "all").Output(); err != nil || !bytes.Contains(help, []byte("--aws-sigv4")) {
		t.Skip("this curl cannot sign")
	}
	compared := 0
	defer func() {
		if compared == 0 {
			t.Error("no signature of curl's was compared")
		}
	}()
	api := newLoopback(t, false, okay("{}"))
	hostPort := strings.TrimPrefix(api.url, "http://")
	for name, test := range map[string]struct{ method, target, body string }{
		"GET":           {"GET", "/dev/pets", ""},
		"query":         {"GET", "/dev/pets?a=1&b=2", ""},
		"POST":          {"POST", "/dev/pets", `{"a":1}`},
		"encoded query": {"DELETE", "/dev/pets?a=x%20y", ""},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{
				"-sS", "--aws-sigv4", "aws:amz:eu-west-1:execute-api", "-u", "AKIDEXAMPLE:a secret", "-X", test.method, api.url + test.target,
				"-H", "Content-Type: application/json",
			}
			if test.body != "" {
				args = append(args, "-d", test.body)
			}
			if out, err := exec.Command(curl, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v %s", err, out)
			}
			raw := <-api.came
			if err := verify(raw, "a secret", time.Now()); err != nil {
				t.Fatalf("curl's own signature: %v\n%s", err, raw)
			}
			at, err := time.Parse("20060102T150405Z", headerOf(raw, "X-Amz-Date"))
			if err != nil {
				t.Fatal(err)
			}
			// The same request, sealed here: what curl signed and we did too must agree.
			d := task.Draft{
				Method: test.method, URL: "http://" + hostPort + test.target, Body: []byte(test.body),
				Header: map[string][]string{}, Scope: &task.Scope{Service: "execute-api", Region: "eu-west-1"},
			}
			signed := regexp.MustCompile(`SignedHeaders=([^,]+)`).FindStringSubmatch(headerOf(raw, "Authorization"))[1]
			for header := range strings.SplitSeq(signed, ";") {
				if header != "host" && header != "x-amz-date" {
					d.Header[header] = []string{headerOf(raw, header)}
				}
			}
			s, err := d.Seal(context.Background(), aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "a secret"}, nil
			}), at)
			if err != nil {
				t.Fatal(err)
			}
			ours := headerOf(s.Wire(), "Authorization")
			if strings.Contains(ours, "SignedHeaders="+signed+",") { // we sign the length of a body too
				compared++
				if ours != headerOf(raw, "Authorization") {
					t.Errorf("curl: %s\nours: %s", headerOf(raw, "Authorization"), ours)
				}
			}
			if err := verify(s.Wire(), "a secret", at); err != nil {
				t.Error(err)
			}
		})
	}
}

// headerOf is the value of a raw message's header.
func headerOf(raw []byte, name string) string {
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if n, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
