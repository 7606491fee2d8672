package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions"
)

// Signed is when the request of [Held] was signed.
func Signed() time.Time { return time.Date(2026, 1, 2, 12, 4, 9, 0, time.UTC) }

// Charged is an answer of the API the example charges with.
const Charged = `{"Headers":{"Content-Type":["application/json"]},"ResponseBody":{"id":"ch_88","state":"captured"},"StatusCode":201,"StatusText":"Created"}`

// Held walks to the signed request of Charge and pictures it held; edited says
// that the user changed the amount.
func Held(edited bool) sessions.View {
	w := Order().Until("Charge", interp.Work)
	v := w.View()
	call := w.Calls()[0]
	original := signed(`{"order":"A-1041","cents":1999,"currency":"EUR"}`)
	r := sessions.Request{
		Call: call, HTTP: original, MayLeave: true, Outside: true, Writes: true, Next: "Fanout", Likely: sessions.LikelyErrors(w.x, call),
		Template: jsonval.MustParse(`{"Headers":{"Content-Type":["application/json"]},"ResponseBody":{},"StatusCode":201,"StatusText":"Created"}`),
		Access: &sessions.Access{Holder: "the policy of the execution role", Statements: []jsonval.Value{jsonval.MustParse(
			`{"Effect":"Allow","Action":"execute-api:Invoke","Resource":["arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/POST/charges"]}`)}},
	}
	if edited {
		r.HTTP = signed(`{"order":"A-1041","cents":1799,"currency":"EUR"}`)
		r.HTTP.Original, r.Edited = original, 1
		r.HTTP.ChangedSince = []string{"body hash", "signature"}
	}
	v.Phase, v.Focus, v.Live, v.Network, v.HoldAll = sessions.Held, call.Frame, true, "LIVE profile=dev", true
	v.Stop = sessions.Stop{Reason: sessions.StopHold}
	v.Requests = []sessions.Request{r}
	at := time.Date(2026, 1, 2, 12, 1, 44, 0, time.UTC)
	v.Calls = []sessions.PastCall{
		{
			Step: 4, At: at, State: "Charge", Resource: call.Resource.ARN, Method: "POST", URL: original.URL, By: "sent", Status: 500,
			Answer: interp.Outcome{Failure: interp.Fail("ApiGateway.500", `{"message":"Internal server error"}`)}, Took: 212 * time.Millisecond,
		},
		{
			Step: 6, At: at.Add(3 * time.Second), State: "Charge", Attempt: 1, Resource: call.Resource.ARN, Method: "POST", URL: original.URL,
			By: "sent", Status: 201, Answer: interp.Outcome{Result: jsonval.MustParse(Charged)}, Took: 198 * time.Millisecond,
		},
		{Step: 7, At: at, State: "Other", Method: "GET", URL: "https://elsewhere.example/prod/charges"},
	}
	return v
}

func signed(body string) *sessions.HTTPRequest {
	sum := sha256.Sum256([]byte(body))
	return &sessions.HTTPRequest{
		Method: "POST", URL: "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges", Body: []byte(body),
		Header: []sessions.HeaderLine{
			{Name: "Host", Value: "abc123.execute-api.eu-west-1.amazonaws.com", Signed: true},
			{Name: "User-Agent", Value: "asldbg/0.4"},
			{Name: "Content-Length", Value: "48", Signed: true},
			{
				Name: "Authorization", Secret: true,
				Value: "AWS4-HMAC-SHA256 Credential=ASIA…7QX/20260102/eu-west-1/execute-api/aws4_request, " +
					"SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-trace, Signature=9c41…e07b",
			},
			{Name: "Content-Type", Value: "application/json", Signed: true},
			{Name: "X-Amz-Date", Value: "20260102T120409Z", Signed: true},
			{Name: "X-Amz-Security-Token", Value: "(hidden, 812 chars)", Signed: true, Secret: true},
			{Name: "X-Trace", Value: "order-sample", Signed: true},
		},
		Signed: true, Service: "execute-api", Region: "eu-west-1", Scope: "20260102/eu-west-1/execute-api/aws4_request",
		KeySteps: "kDate     = HMAC-SHA256(\"AWS4\" + secret access key, \"20260102\")\nkRegion   = HMAC-SHA256(kDate, \"eu-west-1\")\n", Identity: "order-sfn  (profile dev)",
		SignedAt: Signed(), GoodFor: 5 * time.Minute, BodyHash: hex.EncodeToString(sum[:]),
		CanonicalRequest: "POST\n/prod/charges\n\ncontent-length:48\ncontent-type:application/json\nhost:abc123.execute-api.eu-west-1.amazonaws.com\n" +
			"x-amz-date:20260102T120409Z\nx-amz-security-token:(hidden)\nx-trace:order-sample\n\n" +
			"content-length;content-type;host;x-amz-date;x-amz-security-token;x-trace\n" + hex.EncodeToString(sum[:]),
		StringToSign: "AWS4-HMAC-SHA256\n20260102T120409Z\n20260102/eu-west-1/execute-api/aws4_request\n5f2c000000000000000000000000000000000000000000000000000000009100",
	}
}

// Refused walks to where the API has just refused the signature.
func Refused() sessions.View {
	const cause = `{"message":"The request signature we calculated does not match the signature you provided."}`
	w := Order().Until("Charge", interp.Work).Fail("ApiGateway.403", cause)
	v := w.View()
	r := signed(`{"order":"A-1041","cents":1799,"currency":"EUR"}`)
	at := time.Date(2026, 1, 2, 12, 1, 44, 0, time.UTC)
	good := sessions.PastCall{
		Step: 3, At: at, State: "Charge", Resource: "arn:aws:states:::apigateway:invoke", Method: "POST", URL: r.URL, By: "sent", Status: 201,
		Answer: interp.Outcome{Result: jsonval.MustParse(Charged)}, Took: 198 * time.Millisecond, Request: r, Began: at,
		Timing: task.Timing{DNS: 2 * time.Millisecond, Connect: 21 * time.Millisecond, TLS: 44 * time.Millisecond, Send: 90 * time.Microsecond, FirstByte: 130 * time.Millisecond, Total: 198 * time.Millisecond},
		Response: &task.Response{
			StatusLine: "HTTP/1.1 201 Created", Status: 201, Reason: "Created",
			Header: []task.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Set-Cookie", Value: "session=1234567890"}, {Name: "x-amzn-RequestId", Value: "9f6067c4"}},
			Body:   []byte(`{"id":"ch_88","state":"captured"}`),
		},
	}
	bad := good
	bad.Step, bad.At, bad.Status, bad.Took = v.Cursor, at.Add(3*time.Second), 403, 12*time.Millisecond
	bad.Answer = interp.Outcome{Failure: interp.Fail("ApiGateway.403", cause)}
	bad.Timing = task.Timing{Kept: true, Send: 80 * time.Microsecond, FirstByte: 11 * time.Millisecond, Total: 12 * time.Millisecond}
	bad.Response = &task.Response{
		StatusLine: "HTTP/1.1 403 Forbidden", Status: 403, Reason: "Forbidden",
		Header: []task.Field{{Name: "x-amzn-ErrorType", Value: "InvalidSignatureException"}}, Body: []byte(cause),
	}
	bad.Why = &task.Explanation{
		Kind: "signature-mismatch", Title: "The signature does not match the request",
		Cause: "The API saw another body hash than the one that was signed. The body was changed after it was signed.",
		Do:    []string{"Seal the request again: D, then now."},
		Comparisons: []task.Comparison{{Name: "canonical request", First: 2, Lines: []task.LinePair{
			{What: "method", Ours: "POST", Theirs: "POST"},
			{What: "path", Ours: "/prod/charges", Theirs: "/prod/charges"},
			{What: "body hash", Ours: "5f2c000000000000000000000000000000000000000000000000000000009100", Theirs: "77ab000000000000000000000000000000000000000000000000000000001234", Differs: true},
		}}},
	}
	v.Calls = []sessions.PastCall{good, bad}
	return v
}

// AuthTypes is the held request under the three AuthTypes.
func AuthTypes() sessions.View {
	v := Held(false)
	r := &v.Requests[0]
	open := signed("{}")
	open.Signed, open.Header = false, open.Header[:3]
	resource := *r.Access
	resource.Holder = "the resource policy of API abc123"
	r.AuthTypes = []sessions.AuthVariant{
		{AuthType: "NO_AUTH", HTTP: open},
		{AuthType: "IAM_ROLE", Own: true, HTTP: r.HTTP, Access: r.Access},
		{AuthType: "RESOURCE_POLICY", HTTP: r.HTTP, Access: &resource},
	}
	return v
}

const pets = `{"StartAt":"Add to pet store","States":{"Add to pet store":{"Type":"Task",
"Resource":"arn:aws:states:::apigateway:invoke",
"Parameters":{"ApiEndpoint":"abc123.execute-api.us-east-1.amazonaws.com","Method":"GET","Stage":"default","Path":"pets",
"QueryParameters":{"type.$":"States.Array($.type)"},"AuthType":"NO_AUTH"},"End":true}}}`

// Open walks to a request that is not signed and may not leave.
func Open() sessions.View {
	w := Start("pets.asl.json", pets, `{"type":"turtle"}`).Until("Add to pet store", interp.Work)
	v := w.View()
	call := w.Calls()[0]
	v.Phase, v.Focus = sessions.Held, call.Frame
	v.Stop = sessions.Stop{Reason: sessions.StopAnswer}
	v.Requests = []sessions.Request{{
		Call: call, WhyNot: "--live or --endpoint would allow it", Next: "the end", Likely: sessions.LikelyErrors(w.x, call),
		Template: jsonval.MustParse(`{"Headers":{"Content-Type":["application/json"]},"ResponseBody":{},"StatusCode":200,"StatusText":"OK"}`),
		HTTP: &sessions.HTTPRequest{
			Method: "GET", URL: "https://abc123.execute-api.us-east-1.amazonaws.com/default/pets?type=turtle",
			Header: []sessions.HeaderLine{
				{Name: "Host", Value: "abc123.execute-api.us-east-1.amazonaws.com"},
				{Name: "User-Agent", Value: "asldbg/0.4"},
				{Name: "Accept", Value: "application/json"},
			},
		},
	}}
	return v
}

// Token walks to a task that waits for its token.
func Token() sessions.View {
	w := Order().Until("Charge", interp.Work).Reply(Charged).Until("Ship", interp.Work).Reply(`{"sent":true}`)
	call := w.Calls()[0]
	submitted := jsonval.MustParse(`{"StatusCode":202,"ResponseBody":{"queued":true}}`)
	w.Give(interp.Submitted{Effect: call.Effect, Result: submitted}, "sent")
	for len(w.x.Ready()) > 0 {
		w.Give(interp.Advance{Frame: w.x.Ready()[0]}, "auto")
	}
	v := w.View()
	v.Phase, v.Focus = sessions.Waiting, call.Frame
	v.Stop = sessions.Stop{Reason: sessions.StopToken, Text: "Ship waits for its task token"}
	v.Tokens = []sessions.TokenWait{{
		Frame: call.Frame, State: "Ship", Token: call.Token, Submitted: submitted, Since: v.Now.Add(-95 * time.Second), Heartbeat: v.Now.Add(time.Hour),
	}}
	v.TokensAt = "http://127.0.0.1:8083"
	return v
}

// Main walks to the stop of the main screen: Charge after its Parameters.
func Main() sessions.View {
	w := Order().Until("Charge", interp.Parameters)
	v := w.View()
	v.HoldAll = true
	v.Stop = sessions.Stop{Reason: sessions.StopBreakpoint, Breakpoint: 2, Text: ".RequestBody.cents > 1000 is true"}
	v.Breakpoints = []sessions.Breakpoint{
		{ID: 1, State: "Validate", Hits: 1},
		{ID: 2, State: "Charge", Stage: "Parameters", Condition: ".RequestBody.cents > 1000", Hits: 1},
		{ID: 3, State: "Ship", Stage: "token", Off: true},
	}
	v.Watches = []sessions.Watch{
		{ID: 1, Expr: ".RequestBody.cents / 100", Value: jsonval.MustParse("19.99")},
		{ID: 2, Expr: ".Headers | length", Value: jsonval.MustParse("1"), Previous: jsonval.MustParse("0")},
		{ID: 3, Expr: ".nope.x", Error: "cannot index null"},
	}
	return v
}

// Done walks the example to its end.
func Done() sessions.View { return whole().View() }

// Replay is the whole example as a recording, at step n.
func Replay(n int) sessions.View {
	w := whole()
	all := w.steps
	past := Order() // the frames as they were at step n
	v := w.View()
	for _, x := range w.moments {
		if x.step == n {
			past.x = x.x
			pv := past.View()
			v.Frames, v.Focus, v.Status, v.Failure, v.Output = pv.Frames, pv.Focus, pv.Status, pv.Failure, pv.Output
		}
	}
	v.Title, v.Phase, v.Cursor, v.Steps = "order-0102.asldbg", sessions.Replay, n, all
	v.Network = "nothing is sent"
	v.Now = all[n-1].At
	v.Stop = sessions.Stop{Reason: sessions.StopTravel}
	v.Recorded, v.Replayed = "recorded 2026-01-02 by asldbg 0.4", "18 of 18 steps computed again, all equal"
	return v
}

func whole() *Walk {
	w := Order().Until("Charge", interp.Work).Fail("ApiGateway.500", "").Until("Charge", interp.Work).Fire().Until("Charge", interp.Work)
	return w.Reply(Charged).Until("Ship", interp.Work).Reply(`{"ok":true}`).Reply(`{"sent":1}`).Until("Done", interp.OutputPath)
}

// Failed is the example where nothing is in stock.
func Failed() sessions.View {
	return Start("order.asl.json", order, `{"body":{"order":"A-1","total":1,"stock":0,"items":[],"customer":{}}}`).Until("SoldOut", interp.Work).View()
}

// Choice is the example where it has just chosen.
func Choice() sessions.View { return Order().Until("InStock?", interp.Work).View() }
