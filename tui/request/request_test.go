package request

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions"
	"asldbg/tui/internal/sample"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func draw(w, h int, f func(a paint.Area)) string {
	var c paint.Canvas
	c.Reset(w, h, theme.Theme{})
	f(c.All())
	return "\n" + strings.TrimRight(ansi.Strip(c.String()), "\n") + "\n"
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func TestSignedAndEdited(t *testing.T) {
	v := sample.Held(true)
	r := &v.Requests[0]
	var p Pane
	check(t, draw(72, 24, func(a paint.Area) { p.Draw(a, r, true) }), `
▸  POST /prod/charges HTTP/1.1    from Parameters Method, ApiEndpoint,…
 s Host: abc123.execute-api.eu-west-1.amazonaws.com  added: the URL's
   User-Agent: asldbg/0.4         added: Step Functions sends its own
 s Content-Length: 48             added: the body's
   Authorization: AWS4-HMAC-SHA256  added by signing
     Credential=ASIA…7QX/20260102/eu-west-1/execute-api/aws4_request,
     SignedHeaders=content-length;content-type;host;x-amz-date;x-amz…
     Signature=9c41…e07b
 s Content-Type: application/json  added: the body is JSON
 s X-Amz-Date: 20260102T120409Z   added by signing
 s X-Amz-Security-Token: (hidden, 812 chars)  added by signing
 s X-Trace: order-sample          from Parameters Headers.X-Trace
                                              body 48 B, shown indented
 s {
 s   "order": "A-1041",           from Parameters RequestBody.order
 s~  "cents": 1799,               edited here; Parameters gave 1999
 s   "currency": "EUR"            from Parameters RequestBody.currency
 s }




 s = covered by the signature     ~ = edited by you
 tab next part   y copy as curl   Y as something else
`)
	check(t, draw(44, 12, func(a paint.Area) { p.DrawSignature(a, r, sample.Signed().Add(21*time.Second), true) }), `
 scheme    SigV4   AuthType IAM_ROLE
 service   execute-api in eu-west-1
 scope     20260102/eu-west-1/execute-api/…
 identity  order-sfn  (profile dev)
 signed    12:04:09Z   21 s ago
 good for  4 m 39 s, then renewed by itself
 body hash e6ff…bdf6  matches the body
 ~ differs from the first signing in:
       body hash, signature
▸✓ canonical request           enter: open
 ✓ string to sign              enter: open
 ✓ signing key                 enter: open
`)
	check(t, draw(44, 12, func(a paint.Area) { p.DrawSignature(a, r, sample.Signed().Add(time.Hour), false) }), `
 scheme    SigV4   AuthType IAM_ROLE
 service   execute-api in eu-west-1
 scope     20260102/eu-west-1/execute-api/…
 identity  order-sfn  (profile dev)
 signed    12:04:09Z   60 m 0 s ago
 good for  no longer: it is signed anew wh…
 body hash e6ff…bdf6  matches the body
 ~ differs from the first signing in:
       body hash, signature
 ✓ canonical request           enter: open
 ✓ string to sign              enter: open
 ✓ signing key                 enter: open
`)
	check(t, draw(44, 15, func(a paint.Area) { DrawAnswers(a, r) }), `
 a send   answer is the Result, ─▶ Fanout
 m mock   you type it; M from elsewhere
 K skip   its input becomes the Result
 f fail   with an error, of which
      ApiGateway.500, .503 ─▶ retry 1 in 2
      s, 2 left, then catch ─▶ Refund
      States.TaskFailed, ApiGateway.504,
      .429, .403, .404 and 2 more ─▶ catch
      ─▶ Refund
      States.Timeout ─▶ the execution fails
 e edit   change it; it is sealed again
 esc      look around; it stays held
 X abort  stop the execution
`)
	check(t, draw(116, 4, func(a paint.Area) { p.DrawEarlier(a, &v, r, true) }), `
 #   when          state   attempt  answer                                         took     note
▸1   12:01:44Z     Charge  1        ApiGateway.500 {"message":"Internal server er… 212 ms   enter: open it
 2   12:01:47Z     Charge  2        201 {"id":"ch_88","state":"captured"}          198 ms   sent
`)
	check(t, "\n"+Message(r)+"\n"+EarlierTitle(r)+"\n", `
This call changes something outside. Type a to send it to abc123.execute-api.eu-west-1.amazonaws.com.
Earlier calls of this state or to POST /prod/charges
`)
}

func TestOpen(t *testing.T) {
	v := sample.Open()
	r := &v.Requests[0]
	var p Pane
	check(t, draw(72, 12, func(a paint.Area) { p.Draw(a, r, false) }), `
   GET /default/pets?type=turtle HTTP/1.1  from Parameters Method, Api…
   Host: abc123.execute-api.us-east-1.amazonaws.com  added: the URL's
   User-Agent: asldbg/0.4         added: Step Functions sends its own
   Accept: application/json
                                                                no body






 ~ = edited by you
`)
	check(t, draw(44, 8, func(a paint.Area) { p.DrawSignature(a, r, sample.Signed(), true) }), `
 scheme    none   AuthType NO_AUTH

 Nothing is signed. The route must be open,
 or guarded by something in the headers or
 the query.

 body hash e3b0…b855
▸✓ the three AuthTypes         enter: open
`)
	check(t, draw(44, 15, func(a paint.Area) { DrawAnswers(a, r) }), `
 a send   not allowed: --live or --endpoint
          would allow it
 m mock   you type it; M from elsewhere
 K skip   its input becomes the Result
 f fail   with an error, of which
      ApiGateway.500, .504, .429, .403,
      .404 and 4 more ─▶ the execution
      fails
 e edit   change it; it is sealed again
 esc      look around; it stays held
 X abort  stop the execution
`)
	check(t, draw(116, 4, func(a paint.Area) { p.DrawEarlier(a, &v, r, true) }), `
 none yet
`)
	check(t, "\n"+Message(r)+"\n", `
Nothing has been sent, and nothing may be: --live or --endpoint would allow it. m answers it, f fails it.
`)
}

func TestMessageNamesWhereItGoes(t *testing.T) {
	v := sample.Held(false)
	r := &v.Requests[0]
	for _, c := range []struct {
		endpoint              string
		outside, writes, free bool
		want                  string
	}{
		{"", true, true, false, "This call changes something outside. Type a to send it to abc123.execute-api.eu-west-1.amazonaws.com."},
		{"", true, false, false, "Nothing has been sent. Type a to send it to abc123.execute-api.eu-west-1.amazonaws.com."},
		{"http://127.0.0.1:8080", false, false, false, "Nothing has been sent. Type a to send it to http://127.0.0.1:8080, on this machine."},
		{"https://staging.example", true, true, false, "This call changes something outside. Type a to send it to https://staging.example."},
		{"", true, true, true, "Not held any more: it is sent when you go on. Type a to send it to abc123.execute-api.eu-west-1.amazonaws.com."},
	} {
		if r.Endpoint, r.Outside, r.Writes, r.Free = c.endpoint, c.outside, c.writes, c.free; Message(r) != c.want {
			t.Errorf("%+v: %s", c, Message(r))
		}
	}
}

func TestNothingToSend(t *testing.T) {
	v := sample.Held(false)
	r := &v.Requests[0]
	r.HTTP, r.State, r.Problem = nil, sessions.RequestFailed, "no credentials were found"
	var p Pane
	check(t, draw(72, 12, func(a paint.Area) { p.Draw(a, r, false) }), `
   The request could not be made:
   no credentials were found

   arn:aws:states:::apigateway:invoke
   There is no request to send: the task wants an answer.

   It is called with:
   {
     "ApiEndpoint": "abc123.execute-api.eu-west-1.amazonaws.com",
     "Method": "POST",
     "Stage": "prod",
`)
	check(t, "\n"+Message(r)+"\n", `
The request could not be made: no credentials were found. m answers the task, f fails it.
`)
}

func TestEdits(t *testing.T) {
	v := sample.Held(false)
	before := EditText(&v.Requests[0])
	check(t, "\n"+before.Indent()+"\n", `
{
  "method": "POST",
  "url": "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges",
  "headers": {
    "User-Agent": "asldbg/0.4",
    "Content-Type": "application/json",
    "X-Trace": "order-sample"
  },
  "body": {
    "order": "A-1041",
    "cents": 1999,
    "currency": "EUR"
  }
}
`)
	for _, c := range []struct{ pointer, value, want string }{
		{"/body/cents", "5", `{"body":{"order":"A-1041","cents":5,"currency":"EUR"}}`},
		{"/headers/X-New", `"a"`, `{"headers":{"X-New":"a"}}`},
		{"/method", `"PUT"`, `{"method":"PUT"}`},
		{"/method", `"POST"`, ``},
		{"/headers/X-Trace", ``, `{"headers":{"X-Trace":null}}`},
		{"/body", ``, `{"body":null}`},
		{"", `[]`, `[]`},
	} {
		at, err := jsonval.ParsePointer(before, c.pointer)
		if err != nil {
			t.Fatal(err)
		}
		after := before.Delete(at)
		if c.value != "" {
			if after, err = before.Set(at, jsonval.MustParse(c.value)); err != nil {
				t.Fatal(err)
			}
		}
		if got := Edits(before, after).String(); got != c.want {
			t.Errorf("%s = %s: %s, want %s", c.pointer, c.value, got, c.want)
		}
	}
}

func TestMocksAndFailures(t *testing.T) {
	v := sample.Held(false)
	r := &v.Requests[0]
	if got := MockText(&v, r).String(); got != sample.Charged {
		t.Errorf("the mock begins with %s", got)
	}
	v.Calls = nil
	if got := MockText(&v, r); !jsonval.Equal(got, r.Template) {
		t.Errorf("without earlier answers the mock begins with %s", got)
	}
	check(t, "\n"+strings.Join(Failures(r), "\n")+"\n", `
ApiGateway.500, .503 ─▶ retry 1 in 2 s, 2 left, then catch ─▶ Refund
States.TaskFailed, ApiGateway.504, .429, .403, .404 and 2 more ─▶ catch ─▶ Refund
States.Timeout ─▶ the execution fails
`)
}

func TestBodiesThatAreNotJSON(t *testing.T) {
	v := sample.Held(false)
	r := &v.Requests[0]
	for body, want := range map[string]string{
		"plain\nlines \x1b[31m": ` s plain                          from Parameters RequestBody
 s lines \u001b[31m`,
		"\xff\xfe\x00": ` s 3 bytes that are not text: fffe00…`,
	} {
		h := *r.HTTP
		h.Body = []byte(body)
		sum := sha256.Sum256(h.Body)
		h.BodyHash = hex.EncodeToString(sum[:])
		r.HTTP = &h
		var p Pane
		if got := draw(72, 30, func(a paint.Area) { p.Draw(a, r, false) }); !strings.Contains(got, want) {
			t.Errorf("%q: %s", body, got)
		}
		// Under a signature that was made of another body it is not covered.
		other := h
		other.BodyHash, other.Pinned = "00", "the first signature is kept"
		r.HTTP = &other
		want = strings.ReplaceAll(want, " s ", "   ")
		p = Pane{}
		if got := draw(72, 30, func(a paint.Area) { p.Draw(a, r, false) }); !strings.Contains(got, want) {
			t.Errorf("%q, another hash: %s", body, got)
		}
		if _, note := Title(r); note != "SIGNED OTHERWISE" {
			t.Error(note)
		}
	}
}

// TestWhatTheConnectionAdds: an HTTP task's request says what is the task's and
// what is its connection's.
func TestWhatTheConnectionAdds(t *testing.T) {
	v := sample.Held(false)
	r := &v.Requests[0]
	r.Call.Resource = interp.ParseResource("arn:aws:states:::http:invoke")
	r.Call.Input = jsonval.MustParse(`{"ApiEndpoint": "https://api.example.com/v1?own=1", "Method": "POST", "QueryParameters": {"a": "1"},
		"Headers": {"X-Mine": ["one"], "X-Both": "task"}, "RequestBody": {"k": "v", "tenant": "task"}}`)
	r.HTTP = &sessions.HTTPRequest{
		Method: "POST", URL: "https://api.example.com/v1?own=1&a=1",
		Header: []sessions.HeaderLine{{Name: "Range", Value: "bytes=0-262144"}, {Name: "X-Mine", Value: "one"}, {Name: "X-Both", Value: "connection"}, {Name: "X-Key", Value: "***ApiKeyValue-1***"}},
		Body:   []byte(`{"k":"v","tenant":"acme"}`),
	}
	shown := func() string {
		var p Pane
		return draw(100, 20, func(a paint.Area) { p.Draw(a, r, false) })
	}
	check(t, shown(), `
   POST /v1?own=1&a=1 HTTP/1.1    from Parameters Method, ApiEndpoint, QueryParameters
   Range: bytes=0-262144          added: Step Functions sends its own
   X-Mine: one                    from Parameters Headers.X-Mine
   X-Both: connection             from the connection
   X-Key: ***ApiKeyValue-1***     from the connection
                                                                                          body 25 B
   {
     "k": "v",                    from Parameters RequestBody.k
     "tenant": "acme"             from the connection
   }









 ~ = edited by you
`)
	form := *r.HTTP
	form.URL += "&q=2"
	form.Body = []byte("k=v&c=1")
	r.HTTP = &form
	if got := shown(); !strings.Contains(got, "QueryParameters and the ") || !strings.Contains(got, "from Parameters RequestBody and the connection") {
		t.Error(got)
	}
	edited := form
	edited.Original, edited.Body = &form, []byte("k=w&c=1")
	r.HTTP, r.Edited = &edited, 1
	if got := shown(); !strings.Contains(got, "~k=w&c=1 ") || !strings.Contains(got, "edited here; was k=v&c=1") {
		t.Error(got)
	}
}

func BenchmarkLargeBody(b *testing.B) {
	v := sample.Held(false)
	r := &v.Requests[0]
	items := make([]jsonval.Value, 20_000)
	for i := range items {
		items[i] = jsonval.OfInt(int64(i))
	}
	r.HTTP.Body = []byte(jsonval.OfItems(items).String())
	var p Pane
	var c paint.Canvas
	for b.Loop() {
		c.Reset(120, 40, theme.Theme{})
		p.Draw(c.All(), r, true)
	}
}

// TestTimingText: the parts are those there were, and add up.
func TestTimingText(t *testing.T) {
	const ms = time.Millisecond
	for want, timing := range map[string]task.Timing{
		"took 7.0 ms": {},
		"total 21.0 ms = DNS 1.0 + connect 2.0 + TLS 3.0 + send 4.0 + first byte 5.0 + rest 6.0": {
			DNS: ms, Connect: 2 * ms, TLS: 3 * ms, Send: 4 * ms, FirstByte: 5 * ms, Total: 21 * ms,
		},
		"total 10.0 ms = send 4.0 + first byte 5.0 + rest 1.0, connection kept, throttled 700 ms before": {
			Kept: true, Send: 4 * ms, FirstByte: 5 * ms, Total: 10 * ms, Throttled: 700 * ms,
		},
	} {
		if got := timingText(timing, 7*ms); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// TestEditMarks: of several headers of one name each is compared with its own,
// and a host that was edited is marked where it stands.
func TestEditMarks(t *testing.T) {
	v := sample.Held(true)
	r := v.Requests[0]
	original := *r.HTTP.Original
	two := []sessions.HeaderLine{{Name: "X-Two", Value: "a"}, {Name: "X-Two", Value: "b"}}
	edited := *r.HTTP
	edited.Original, edited.Header = &original, append([]sessions.HeaderLine{{Name: "Host", Value: "evil.example.com"}}, two...)
	original.Header = append([]sessions.HeaderLine{{Name: "Host", Value: "abc123.execute-api.eu-west-1.amazonaws.com"}}, two...)
	original.Method, original.URL = edited.Method, "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/x"
	edited.URL = "https://evil.example.com/prod/x"
	r.HTTP = &edited
	marks := func() (out []string) {
		for _, l := range linesOf(&r) {
			if l.edited && (strings.Contains(l.text, "HTTP/1.1") || strings.HasPrefix(l.text, "Host") || strings.HasPrefix(l.text, "X-Two")) {
				out = append(out, l.text+" | "+l.note)
			}
		}
		return out
	}
	if d := cmp.Diff([]string{"Host: evil.example.com | edited here; was abc123.execute-api.eu-west-1.amazonaws.com"}, marks()); d != "" {
		t.Error(d)
	}
	edited.URL = original.URL
	edited.Header = []sessions.HeaderLine{original.Header[0], {Name: "X-Two", Value: "c"}}
	if d := cmp.Diff([]string{"X-Two: c | edited here; was a", "X-Two: b | removed here"}, marks()); d != "" {
		t.Error(d)
	}
}

// TestBrokenAnswer: an answer that broke off shows what there was of it.
func TestBrokenAnswer(t *testing.T) {
	c := sessions.PastCall{
		State: "Charge", Trouble: "Premature end of the answer", Method: "POST", URL: "https://a/b", Request: &sessions.HTTPRequest{Endpoint: "http://127.0.0.1:3000"},
		Response: &task.Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Body: []byte(`{"a"`)},
	}
	if _, note := CallTitle(0, &c); note != "200 OK, then it broke off" {
		t.Error(note)
	}
	var got []string
	for _, r := range append(CallHead(&c), ResponseRows(&c)...) {
		got = append(got, r.Text)
	}
	want := []string{"POST https://a/b", "went to http://127.0.0.1:3000", "took 0.00 ms", "HTTP/1.1 200 OK", "", `{"a"`, "", "then it broke off", "Premature end of the answer"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
