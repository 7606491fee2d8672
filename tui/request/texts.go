package request

import (
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
)

// Curl is the request as a curl command. Secrets are left out: what signs it is
// named by environment variables.
func Curl(r *sessions.Request) string {
	h := r.HTTP
	if h == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -X %s %s", shell(h.Method), shell(h.URL))
	if h.Signed {
		fmt.Fprintf(&b, " \\\n  --aws-sigv4 %s --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"", shell("aws:amz:"+h.Region+":"+h.Service))
	}
	for _, hl := range h.Header {
		switch {
		case strings.EqualFold(hl.Name, "X-Amz-Security-Token"):
			fmt.Fprintf(&b, " \\\n  -H \"%s: $AWS_SESSION_TOKEN\"", hl.Name)
		case follows(hl.Name):
		case hl.Secret:
			fmt.Fprintf(&b, " \\\n  -H %s", shell(hl.Name+": REDACTED"))
		default:
			fmt.Fprintf(&b, " \\\n  -H %s", shell(hl.Name+": "+hl.Value))
		}
	}
	if len(h.Body) > 0 {
		fmt.Fprintf(&b, " \\\n  --data-binary %s", shell(string(h.Body)))
	}
	return b.String() + "\n"
}

// shell quotes s for a POSIX shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// EditText is the request as a JSON document that can be edited: the parts that
// do not follow from others, without secrets.
func EditText(r *sessions.Request) jsonval.Value {
	h := r.HTTP
	var headers []jsonval.Member
	for _, hl := range h.Header {
		if follows(hl.Name) || hl.Secret {
			continue
		}
		headers = append(headers, jsonval.Member{Key: hl.Name, Value: jsonval.OfString(hl.Value)})
	}
	members := []jsonval.Member{
		{Key: "method", Value: jsonval.OfString(h.Method)},
		{Key: "url", Value: jsonval.OfString(h.URL)},
		{Key: "headers", Value: jsonval.OfMembers(headers)},
	}
	if body, err := jsonval.Parse(string(h.Body)); err == nil {
		members = append(members, jsonval.Member{Key: "body", Value: body})
	} else if len(h.Body) > 0 {
		members = append(members, jsonval.Member{Key: "body", Value: jsonval.OfString(string(h.Body))})
	}
	return jsonval.OfMembers(members)
}

// Edits is what an edit of the document before made of it: only the members
// that changed; a header that is gone becomes null, and so does a body.
// Undefined means that nothing changed.
func Edits(before, after jsonval.Value) jsonval.Value {
	if !after.Is(jsonval.Object) {
		return after // the session says what is wrong with it
	}
	var changed []jsonval.Member
	for key, v := range after.Members() {
		old := before.Get(key)
		if old.Exists() && jsonval.Equal(old, v) && sameOrder(old, v) {
			continue
		}
		if key == "headers" && v.Is(jsonval.Object) {
			v = headerEdits(old, v)
		}
		changed = append(changed, jsonval.Member{Key: key, Value: v})
	}
	if before.Get("body").Exists() && !after.Get("body").Exists() {
		changed = append(changed, jsonval.Member{Key: "body", Value: jsonval.NullValue})
	}
	if len(changed) == 0 {
		return jsonval.Value{}
	}
	return jsonval.OfMembers(changed)
}

// sameOrder reports whether two equal values are written alike: the order of
// members is part of what is sent.
func sameOrder(a, b jsonval.Value) bool { return a.String() == b.String() }

func headerEdits(before, after jsonval.Value) jsonval.Value {
	var out []jsonval.Member
	for name, v := range after.Members() {
		if !jsonval.Equal(before.Get(name), v) {
			out = append(out, jsonval.Member{Key: name, Value: v})
		}
	}
	for name := range before.Members() {
		if !after.Get(name).Exists() {
			out = append(out, jsonval.Member{Key: name, Value: jsonval.NullValue})
		}
	}
	return jsonval.OfMembers(out)
}

// MockText is an answer the call could plausibly get, to begin with.
func MockText(v *sessions.View, r *sessions.Request) jsonval.Value {
	calls := Similar(v, r)
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].Answer.Failure == nil {
			return calls[i].Answer.Result
		}
	}
	call := r.Call.Resource
	switch {
	case call.Pattern == interp.WaitForTaskToken && call.Kind != interp.ServiceResource:
		return jsonval.EmptyObject
	case call.Service == "apigateway" || call.Service == "http":
		status, text := int64(200), "OK"
		if r.HTTP != nil && r.HTTP.Method == "POST" {
			status, text = 201, "Created"
		}
		return jsonval.MustParse(fmt.Sprintf(
			`{"Headers":{"Content-Type":["application/json"]},"ResponseBody":{},"StatusCode":%d,"StatusText":%q}`, status, text))
	case call.Service == "lambda" && call.Kind == interp.ServiceResource:
		return jsonval.MustParse(`{"ExecutedVersion":"$LATEST","Payload":{},"StatusCode":200}`)
	}
	return jsonval.EmptyObject
}

// Errors lists errors worth raising: those the state's retriers and catchers
// name, then the usual ones of its resource. Each has a note saying what would
// handle it.
func Errors(r *sessions.Request) []Named {
	var out []Named
	seen := map[string]bool{}
	add := func(name, note string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, Named{name, note})
		}
	}
	s := r.Call.State
	if s != nil {
		for _, x := range s.Retry {
			for _, name := range x.ErrorEquals {
				if name != "States.ALL" {
					add(name, fmt.Sprintf("retried up to %d times", x.MaxAttempts))
				}
			}
		}
		for _, c := range s.Catch {
			for _, name := range c.ErrorEquals {
				if name != "States.ALL" && c.Next != nil {
					add(name, "caught: next is "+c.Next.Name)
				}
			}
		}
	}
	switch r.Call.Resource.Service {
	case "apigateway":
		for _, e := range []Named{
			{"ApiGateway.500", "internal server error"},
			{"ApiGateway.504", "endpoint request timed out"},
			{"ApiGateway.429", "too many requests"},
			{"ApiGateway.403", "forbidden"},
			{"ApiGateway.404", "not found"},
			{"ApiGateway.400", "bad request"},
		} {
			add(e.Name, e.Note)
		}
	case "http":
		add("States.Http.StatusCode.500", "internal server error")
		add("States.Http.Socket", "the connection failed")
	case "lambda":
		add("Lambda.TooManyRequestsException", "throttled")
		add("Lambda.ServiceException", "the service failed")
		add("Lambda.Unknown", "the function gave no reason")
	}
	add("States.Timeout", "the task took too long")
	add("States.TaskFailed", "any failure of a task")
	add("States.Permissions", "the role may not do this")
	return out
}

// Named is a name and what to know about it.
type Named struct{ Name, Note string }

// Cause is a plausible cause for an error.
func Cause(name string) string {
	causes := map[string]string{
		"ApiGateway.400": `{"message":"Bad Request"}`, "ApiGateway.403": `{"message":"Forbidden"}`,
		"ApiGateway.404": `{"message":"Not Found"}`, "ApiGateway.429": `{"message":"Too Many Requests"}`,
		"ApiGateway.500": `{"message":"Internal server error"}`, "ApiGateway.503": `{"message":"Service Unavailable"}`,
		"ApiGateway.504": `{"message":"Endpoint request timed out"}`,
	}
	return causes[name]
}
