package httptask

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// Trace is the request and the response of an HTTP task as TestState's level
// TRACE has them
// (https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html,
// example 3): all members are texts; headers are a list in brackets, the task's
// own first, without those that the body and the host make.
//
// Unless reveal, what the connection adds to headers, query and body is left
// out, with what it overrides, and in the answer its secrets are hidden where it
// repeats them.
func (h *Handler) Trace(call interp.Call, x task.Exchange, reveal bool) (request, response jsonval.Value) {
	name, c := h.Connections.find(connectionOf(call.Input))
	if c == nil || x.Began.IsZero() {
		return request, response
	}
	d, answer := x.Sent.Revealed(), x.Response
	order := taskHeaders(call.Input)
	if reveal {
		order = append(order, c.headers()...)
	} else {
		var err error
		if d, err = h.draft(c.without(call.Input), name, &Connection{}); err != nil {
			return request, response
		}
		answer = x.Shown()
	}
	protocol := "https"
	if u, err := url.Parse(d.URL); err == nil {
		protocol = u.Scheme
	}
	var sent []task.Field
	for _, name := range append(order, "User-Agent", "Range") {
		for there, values := range d.Header {
			if strings.EqualFold(there, name) && !slices.ContainsFunc(sent, func(f task.Field) bool { return strings.EqualFold(f.Name, name) }) {
				for _, v := range values {
					sent = append(sent, task.Field{Name: there, Value: v})
				}
			}
		}
	}
	request = texts("protocol", protocol, "method", d.Method, "url", d.URL, "headers", bracketed(sent), "body", string(d.Body))
	if answer != nil {
		reason := answer.Reason
		if reason == "" {
			reason = http.StatusText(answer.Status)
		}
		response = texts("protocol", protocol, "statusCode", strconv.Itoa(answer.Status), "statusMessage", reason,
			"headers", bracketed(answer.Header), "body", string(answer.Body))
	}
	return request, response
}

// taskHeaders are the names of the headers that parameters set.
func taskHeaders(params jsonval.Value) (names []string) {
	for name := range params.Get("Headers").Members() {
		names = append(names, name)
	}
	return names
}

// without is params without what c adds or would put in its place.
func (c *Connection) without(params jsonval.Value) jsonval.Value {
	drop := func(field string, same func(there string) bool) {
		for name := range params.Get(field).Members() {
			if same(name) {
				params = params.Delete(jsonval.Path{jsonval.Key(field), jsonval.Key(name)})
			}
		}
	}
	added := c.headers()
	drop("Headers", func(there string) bool {
		return slices.ContainsFunc(added, func(name string) bool { return strings.EqualFold(name, there) })
	})
	for field, parameters := range map[string][]Parameter{"QueryParameters": c.AuthParameters.Invocation.Query, "RequestBody": c.AuthParameters.Invocation.Body} {
		drop(field, func(there string) bool {
			return slices.ContainsFunc(parameters, func(p Parameter) bool { return p.Key == there })
		})
	}
	return params
}

// bracketed are header fields as Java writes a list of them.
func bracketed(fields []task.Field) string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = f.Name + ": " + f.Value
	}
	return "[" + strings.Join(lines, ", ") + "]"
}

// texts is an object of names and texts in turn, without those that are empty.
func texts(pairs ...string) jsonval.Value {
	var members []jsonval.Member
	for i := 0; i < len(pairs); i += 2 {
		if text := pairs[i+1]; text != "" {
			members = append(members, jsonval.Member{Key: pairs[i], Value: jsonval.OfString(strings.ToValidUTF8(text, "\uFFFD"))})
		}
	}
	return jsonval.OfMembers(members)
}
