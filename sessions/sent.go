package sessions

import (
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/export"
	"asldbg/sessions/journal"
)

// sent keeps what went out and what came back.
func (p *PastCall) sent(x *task.Exchange) {
	p.Request = httpRequest(x.Sent)
	p.Method, p.URL = p.Request.Method, p.Request.URL
	p.Response, p.Began, p.Timing = x.Response, x.Began, x.Timing
	if x.Err != nil {
		p.Trouble = x.Err.Error()
	}
	if why, ok := apigw.Explain(*x); ok {
		p.Why = &why
	}
}

// sentNote tells what really went out and what came back, without secrets. An
// answer's body is left out: it is in the step's events.
func sentNote(call interp.Call, x *task.Exchange, at time.Time) journal.Note {
	d := x.Sent.Draft()
	var headers []jsonval.Value
	for _, h := range x.Sent.Header() {
		headers = append(headers, pair(h.Name, h.Value))
	}
	body, err := jsonval.Parse(string(d.Body))
	if err != nil {
		body = jsonval.OfString(string(d.Body))
	}
	members := []jsonval.Member{
		{Key: "state", Value: jsonval.OfString(call.State.Name)},
		{Key: "attempt", Value: jsonval.OfInt(int64(call.Attempt))},
		{Key: "method", Value: jsonval.OfString(d.Method)},
		{Key: "url", Value: jsonval.OfString(d.URL)},
		{Key: "headers", Value: jsonval.OfItems(headers)},
		{Key: "body", Value: body},
	}
	add := func(key string, v jsonval.Value) { members = append(members, jsonval.Member{Key: key, Value: v}) }
	if d.Endpoint != "" {
		add("endpoint", jsonval.OfString(d.Endpoint))
	}
	if d.Principal != nil {
		add("insteadOf", jsonval.OfString(d.Principal.Service))
	}
	if d.Scope != nil && x.Sent.Signed() {
		add("service", jsonval.OfString(d.Scope.Service))
		add("region", jsonval.OfString(d.Scope.Region))
		add("signedAt", jsonval.OfString(x.Sent.SignedAt().UTC().Format(time.RFC3339)))
		add("bodyHash", jsonval.OfString(x.Sent.BodyHash()))
	}
	if !x.Began.IsZero() {
		add("began", jsonval.OfString(x.Began.UTC().Format(time.RFC3339Nano)))
		add("timing", timingValue(x.Timing))
	}
	if r := x.Response; r != nil {
		var fields []jsonval.Value
		for _, f := range r.Header {
			if export.IsSecret(f.Name) {
				f.Value = export.HiddenText
			}
			fields = append(fields, pair(f.Name, f.Value))
		}
		add("response", jsonval.ObjectOf(
			jsonval.Member{Key: "status", Value: jsonval.OfInt(int64(r.Status))},
			jsonval.Member{Key: "reason", Value: jsonval.OfString(r.Reason)},
			jsonval.Member{Key: "headers", Value: jsonval.OfItems(fields)},
		))
	}
	if why, ok := apigw.Explain(*x); ok {
		add("why", whyValue(&why))
	}
	return journal.Note{Kind: "sent", Time: at, Text: d.Method + " " + d.URL, Data: jsonval.OfMembers(members)}
}

func pair(a, b string) jsonval.Value {
	return jsonval.ArrayOf(jsonval.OfString(a), jsonval.OfString(b))
}

// whyValue is an explanation without the texts it compares, which stand in the
// answer.
func whyValue(e *task.Explanation) jsonval.Value {
	do := make([]jsonval.Value, len(e.Do))
	for i, text := range e.Do {
		do[i] = jsonval.OfString(text)
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "kind", Value: jsonval.OfString(e.Kind)},
		jsonval.Member{Key: "title", Value: jsonval.OfString(e.Title)},
		jsonval.Member{Key: "cause", Value: jsonval.OfString(e.Cause)},
		jsonval.Member{Key: "do", Value: jsonval.OfItems(do)},
	)
}

// timings names the parts of a Timing in a note.
func timings(t *task.Timing) map[string]*time.Duration {
	return map[string]*time.Duration{
		"dns": &t.DNS, "connect": &t.Connect, "tls": &t.TLS, "send": &t.Send, "firstByte": &t.FirstByte, "total": &t.Total,
		"throttled": &t.Throttled,
	}
}

// timingValue has the parts that took time, in microseconds.
func timingValue(t task.Timing) jsonval.Value {
	var members []jsonval.Member
	parts := timings(&t)
	for _, name := range []string{"dns", "connect", "tls", "send", "firstByte", "total", "throttled"} {
		if d := *parts[name]; d > 0 {
			members = append(members, jsonval.Member{Key: name, Value: jsonval.OfInt(d.Microseconds())})
		}
	}
	if t.Kept {
		members = append(members, jsonval.Member{Key: "kept", Value: jsonval.OfBool(true)})
	}
	return jsonval.OfMembers(members)
}

// recorded takes what a note of a session file tells of a call: what sentNote
// wrote. Notes of earlier versions tell less.
func (p *PastCall) recorded(v jsonval.Value) {
	text := func(name string) string { return v.Get(name).Text() }
	r := &HTTPRequest{Method: text("method"), URL: text("url"), Endpoint: text("endpoint"), Service: text("service"), Region: text("region"), BodyHash: text("bodyHash")}
	r.SignedAt, _ = time.Parse(time.RFC3339, text("signedAt"))
	r.Signed = !r.SignedAt.IsZero()
	if service := text("insteadOf"); service != "" {
		r.Principal = &task.Principal{Service: service}
	}
	for _, h := range v.Get("headers").Items() {
		name := h.At(0).Text()
		r.Header = append(r.Header, HeaderLine{Name: name, Value: h.At(1).Text(), Secret: export.IsSecret(name)})
	}
	switch body := v.Get("body"); {
	case body.Is(jsonval.String):
		r.Body = []byte(body.Text())
	case body.Exists():
		r.Body = body.AppendJSON(nil)
	}
	p.Request, p.Method, p.URL = r, r.Method, r.URL
	p.Began, _ = time.Parse(time.RFC3339Nano, text("began"))
	for name, d := range timings(&p.Timing) {
		us, _ := v.Get("timing").Get(name).Int()
		*d = time.Duration(us) * time.Microsecond
	}
	p.Timing.Kept = v.Get("timing").Get("kept").Bool()
	if p.Timing.Total > 0 {
		p.Took = p.Timing.Total
	}
	if why := v.Get("why"); why.Exists() {
		p.Why = &task.Explanation{Kind: why.Get("kind").Text(), Title: why.Get("title").Text(), Cause: why.Get("cause").Text()}
		for _, do := range why.Get("do").Items() {
			p.Why.Do = append(p.Why.Do, do.Text())
		}
	}
	answer := v.Get("response")
	if !answer.Exists() {
		return
	}
	status, _ := answer.Get("status").Int()
	p.Response = &task.Response{Status: int(status), Reason: answer.Get("reason").Text(), Body: answeredBody(p.Answer)}
	p.Response.StatusLine = strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", status, p.Response.Reason))
	for _, h := range answer.Get("headers").Items() {
		p.Response.Header = append(p.Response.Header, task.Field{Name: h.At(0).Text(), Value: h.At(1).Text()})
	}
}

// answeredBody is the body an outcome was made of, as far as it tells.
func answeredBody(o interp.Outcome) []byte {
	if o.Failure != nil {
		if o.Failure.Cause == nil {
			return nil
		}
		return []byte(*o.Failure.Cause)
	}
	body := o.Result.Get("ResponseBody")
	if body.Is(jsonval.String) {
		return []byte(body.Text())
	}
	if !body.Exists() {
		return nil
	}
	return body.AppendJSON(nil)
}
