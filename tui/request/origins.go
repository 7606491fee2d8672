package request

import (
	"net/url"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
)

// lineOrigin says which parameters the request line was made from.
func lineOrigin(r *sessions.Request) string {
	var names []string
	for _, name := range []string{"Method", "ApiEndpoint", "Stage", "Path", "QueryParameters"} {
		if r.Call.Input.Get(name).Exists() {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	origin := "from " + parameters(r) + " " + strings.Join(names, ", ")
	if u, err := url.Parse(r.HTTP.URL); err == nil && isHTTPTask(r) {
		own, _ := url.Parse(r.Call.Input.Get("ApiEndpoint").Text()) // it was read when the request was made
		if addsNames(u.RawQuery, r.Call.Input.Get("QueryParameters"), own.Query()) {
			origin += fromConnection
		}
	}
	return origin
}

// headerOrigin says where a header comes from: the machine, the signature, or
// whoever sends it.
func headerOrigin(r *sessions.Request, name, value string) string {
	for given, v := range r.Call.Input.Get("Headers").Members() {
		if strings.EqualFold(given, name) {
			if isHTTPTask(r) && !says(v, value) {
				break
			}
			return "from " + parameters(r) + " Headers." + given
		}
	}
	switch strings.ToLower(name) {
	case "host":
		return "added: the URL's"
	case "content-length":
		return "added: the body's"
	case "content-type":
		return "added: the body is JSON"
	case "range":
		if isHTTPTask(r) {
			return "added: Step Functions sends its own"
		}
	case "user-agent":
		return "added: Step Functions sends its own"
	case "authorization":
		if r.HTTP.Signed {
			return "added by signing"
		}
	case "x-amz-date", "x-amz-security-token", "x-amz-content-sha256":
		return "added by signing"
	}
	if isHTTPTask(r) {
		return "from the connection"
	}
	return ""
}

// says reports whether a header's parameter has a value.
func says(given jsonval.Value, value string) bool {
	for _, item := range given.Items() {
		if item.Text() == value || item.String() == value {
			return true
		}
	}
	return given.Text() == value || given.String() == value
}

// fromConnection follows an origin where the connection adds something to it.
const fromConnection = " and the connection"

// isHTTPTask reports whether a connection may have added to the request.
func isHTTPTask(r *sessions.Request) bool { return r.Call.Resource.Service == "http" }

// textOrigin says what a body that is not JSON was made from.
func textOrigin(r *sessions.Request) string {
	given, name := source(r)
	origin := "from " + name
	if isHTTPTask(r) && given.Is(jsonval.Object) && addsNames(string(r.HTTP.Body), given, nil) {
		origin += fromConnection
	}
	return origin
}

// addsNames reports whether a query or form has a name that is neither of given
// nor of own.
func addsNames(query string, given jsonval.Value, own url.Values) bool {
	values, err := url.ParseQuery(query)
	if err != nil {
		return false
	}
	for name := range values {
		outer, _, _ := strings.Cut(name, "[")
		if !given.Get(outer).Exists() && !given.Get(name).Exists() && !own.Has(name) {
			return true
		}
	}
	return false
}

// follows reports whether a header follows from the rest of the request.
func follows(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "content-length", "host":
		return true
	}
	return false
}

// origin says where the scalar v at place at came from.
func (b *body) origin(at jsonval.Path, v jsonval.Value) line {
	given := b.from.Lookup(at)
	switch {
	case given.Exists() && jsonval.Equal(given, v):
		return line{note: "from " + b.name + jsonview.Dotted(at)}
	case !b.edited || jsonval.Equal(b.original.Lookup(at), v):
		if b.connected {
			return line{note: "from the connection"}
		}
		return line{}
	case given.Exists():
		return line{edited: true, note: "edited here; " + strings.Fields(b.name)[0] + " gave " + jsonview.Compact(given, 40)}
	}
	return line{edited: true, note: "added here"}
}
