package httptask

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"asldbg/interp/task"
)

const tracedConnection = `AuthParameters:
  BasicAuthParameters: {Username: me, Password: "${env:KEY}"}
  InvocationHttpParameters:
    HeaderParameters: [{Key: CustomHeader1, Value: CustomHeaderValue1}, {Key: Both, Value: the connection's}]
    QueryStringParameters: [{Key: QueryParam1, Value: QueryParamValue1}, {Key: both, Value: the connection's}]
    BodyParameters: [{Key: BodyKey1, Value: BodyValue1, IsValueSecret: true}, {Key: both, Value: the connection's}]`

// TestRowsTrace: section 9's row of TestState at level TRACE, by the example of
// AWS's guide: the raw request and response, secrets only when asked for.
func TestRowsTrace(t *testing.T) {
	const authorization = "Basic bWU6a2V5LWZyb20tZW52" // me:key-from-env
	for _, test := range []struct {
		row, connection, more, answer string
		reveal                        bool
		request, response             string
	}{
		{
			row: "secrets revealed", reveal: true, connection: tracedConnection,
			more:   `,"Headers":{"definitionHeader":"h1","both":"the task's","Multi":["a","b"]},"RequestBody":{"message":"Hello","both":1},"QueryParameters":{"queryParam":"q1","both":"x"}`,
			answer: "you sent " + authorization,
			request: `{"protocol":"https","method":"POST","url":"https://api.example.com/v1/a?queryParam=q1&QueryParam1=QueryParamValue1&both=the%20connection%27s",` +
				`"headers":"[definitionHeader: h1, Both: the connection's, Multi: a, Multi: b, Authorization: ` + authorization + `, CustomHeader1: CustomHeaderValue1, ` +
				`User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1, Range: bytes=0-262144]","body":"{\"message\":\"Hello\",\"both\":\"the connection's\",\"BodyKey1\":\"BodyValue1\"}"}`,
			response: `{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[Content-Length: 35, Content-Type: text/plain]","body":"you sent ` + authorization + `"}`,
		},
		{
			row: "secrets left out", connection: tracedConnection,
			more:   `,"Headers":{"definitionHeader":"h1","both":"the task's"},"RequestBody":{"message":"Hello","both":1},"QueryParameters":{"queryParam":"q1","both":"x"}`,
			answer: "you sent " + authorization,
			request: `{"protocol":"https","method":"POST","url":"https://api.example.com/v1/a?queryParam=q1",` +
				`"headers":"[definitionHeader: h1, User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1, Range: bytes=0-262144]","body":"{\"message\":\"Hello\"}"}`,
			response: `{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[Content-Length: 35, Content-Type: text/plain]","body":"you sent (hidden, 26 chars)"}`,
		},
		{
			row: "an API key, no body, an empty answer", reveal: true,
			connection: `AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-Key, ApiKeyValue: "${env:KEY}"}}`,
			request:    `{"protocol":"https","method":"POST","url":"https://api.example.com/v1/a","headers":"[X-Key: key-from-env, User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1, Range: bytes=0-262144]"}`,
			response:   `{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[Content-Length: 0, Content-Type: text/plain]"}`,
		},
		{
			row: "the API key left out, a body of text", more: `,"RequestBody":"a=b"`,
			connection: `AuthParameters: {ApiKeyAuthParameters: {ApiKeyName: X-Key, ApiKeyValue: "${env:KEY}"}}`,
			request:    `{"protocol":"https","method":"POST","url":"https://api.example.com/v1/a","headers":"[User-Agent: Amazon|StepFunctions|HttpInvoke|eu-west-1, Range: bytes=0-262144]","body":"a=b"}`,
			response:   `{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[Content-Length: 0, Content-Type: text/plain]"}`,
		},
	} {
		t.Run(test.row, func(t *testing.T) {
			_, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Date"] = nil
				w.Header().Set("Content-Type", "text/plain")
				w.Header().Set("Content-Length", fmt.Sprint(len(test.answer)))
				fmt.Fprint(w, test.answer)
			})
			h := &Handler{Transport: &task.Transport{}, Connections: connections(t, test.connection), Region: "eu-west-1"}
			call := callOf(params(test.more))
			d := prepare(t, h, params(test.more))
			d.Endpoint = url
			_, x := h.Send(t.Context(), seal(t, d))
			request, response := h.Trace(call, x, test.reveal)
			if got := request.String(); got != test.request {
				t.Errorf("request\n%s\nwant\n%s", got, test.request)
			}
			if got := response.String(); got != test.response {
				t.Errorf("response\n%s\nwant\n%s", got, test.response)
			}
			if !test.reveal && strings.Contains(request.String()+response.String(), "key-from-env") {
				t.Error("a secret is told")
			}
		})
	}
}

// TestTraceUnsent: without an answer there is no response, and without a request
// that went out there is neither.
func TestTraceUnsent(t *testing.T) {
	_, url := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	h := &Handler{Transport: &task.Transport{}, Connections: connections(t, basic)}
	d := prepare(t, h, params(""))
	d.Endpoint = url
	s := seal(t, d)
	if request, response := h.Trace(callOf(params("")), task.Exchange{Sent: s}, false); request.Exists() || response.Exists() {
		t.Errorf("not sent: %s %s", request, response)
	}
	_, x := h.Send(t.Context(), s)
	if request, response := h.Trace(callOf(params("")), x, false); !request.Exists() || response.Exists() {
		t.Errorf("no answer: %s %s", request, response)
	}
}
