package apigw

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// Handler calls APIs. It may be used by many goroutines.
type Handler struct {
	Transport *task.Transport
	UserAgent string // such as asldbg/0.4
	Region    string // to sign for, where a host names none
	RoleARN   string // of the state machine, for showing
	NoQuotas  bool   // results may be larger than 256 KiB
}

// Handles reports whether r is apigateway:invoke.
func (h *Handler) Handles(r interp.Resource) bool { return handles(r) }

func handles(r interp.Resource) bool {
	return r.Kind == interp.ServiceResource && r.Service == "apigateway" && r.Action == "invoke" &&
		(r.Suffix == "" || r.Suffix == "waitForTaskToken")
}

// Prepare turns a call's parameters into a request.
func (h *Handler) Prepare(_ context.Context, call interp.Call) (task.Draft, error) {
	params := call.Input
	if problems := Check(call.Resource, params); len(problems) > 0 {
		return task.Draft{}, &task.ParameterError{Problems: problems}
	}
	host := params.Get("ApiEndpoint").Text()
	d := task.Draft{
		Method: params.Get("Method").Text(),
		URL:    "https://" + host + path(params.Get("Stage").Text(), params.Get("Path").Text()) + query(params.Get("QueryParameters")),
		Header: headers(params.Get("Headers")),
	}
	if h.UserAgent != "" {
		task.SetDefault(d.Header, "User-Agent", h.UserAgent)
	}
	if body := params.Get("RequestBody"); body.Exists() && !body.Is(jsonval.Null) {
		if !params.Get("AllowNullValues").Bool() {
			body = withoutNulls(body)
		}
		d.Body = body.AppendJSON(make([]byte, 0, body.Size()))
		task.SetDefault(d.Header, "Content-Type", "application/json")
	}
	var err error
	switch params.Get("AuthType").Text() {
	case "IAM_ROLE":
		d.Scope, err = h.scope(host)
		if err == nil && call.RoleARN != "" {
			d.Scope.RoleARN, d.Scope.Assume = call.RoleARN, true
		}
	case "RESOURCE_POLICY":
		d.Scope, err = h.scope(host)
		d.Principal = &task.Principal{
			Service: "states.amazonaws.com", SourceARN: call.Machine,
			Statement: CallAccess(call, call.Machine).Statement.JSON().String(),
		}
	}
	return d, err
}

// scope is what a request to host is signed for.
func (h *Handler) scope(host string) (*task.Scope, error) {
	region := Region(host)
	if region == "" {
		region = h.Region
	}
	if region == "" {
		return nil, fmt.Errorf("no region to sign for: %s names none; give one with --region", host)
	}
	return &task.Scope{Service: "execute-api", Region: region, RoleARN: h.RoleARN}, nil
}

// headers are the workflow's own.
func headers(lists jsonval.Value) http.Header {
	h := http.Header{}
	for name, list := range lists.Members() {
		for _, item := range list.Items() {
			text, _ := task.SentText(item)
			h[name] = append(h[name], text)
		}
	}
	return h
}

// Region is the region in the host name of an API, "" if it names none:
// eu-west-1 in abc123.execute-api.eu-west-1.amazonaws.com.
func Region(host string) string {
	_, rest, ok := strings.Cut(host, ".execute-api.")
	if !ok {
		return ""
	}
	region, _, _ := strings.Cut(rest, ".")
	return region
}

// path joins a stage and a path with one slash between the parts.
func path(stage, path string) string {
	stage, path = strings.Trim(stage, "/"), strings.TrimLeft(path, "/")
	whole := "/" + stage
	if path != "" {
		whole = strings.TrimSuffix(whole, "/") + "/" + path
	}
	return escape(whole, inPath)
}

// query is the query string of lists by name, with its ?; "" for none.
func query(lists jsonval.Value) string {
	var b strings.Builder
	for name, list := range lists.Members() {
		for _, item := range list.Items() {
			text, _ := task.SentText(item)
			if b.Len() == 0 {
				b.WriteByte('?')
			} else {
				b.WriteByte('&')
			}
			b.WriteString(escape(name, inQuery))
			b.WriteByte('=')
			b.WriteString(escape(text, inQuery))
		}
	}
	return b.String()
}

// inPath and inQuery tell which ASCII characters stand for themselves there.
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	inPath     = unreserved + "/:@!$&'()*+,;=%"
	inQuery    = unreserved
)

const upperHex = "0123456789ABCDEF"

// escape percent-encodes what is not in plain. Where plain has the %, one that
// begins an encoded byte is kept.
func escape(s, plain string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(plain, c) >= 0 && (c != '%' || i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// withoutNulls is v without the members that are null, at any depth; items that
// are null stay.
func withoutNulls(v jsonval.Value) jsonval.Value {
	if !hasNullMember(v) {
		return v
	}
	if v.Is(jsonval.Array) {
		items := make([]jsonval.Value, 0, v.Len())
		for _, item := range v.Items() {
			items = append(items, withoutNulls(item))
		}
		return jsonval.OfItems(items)
	}
	members := make([]jsonval.Member, 0, v.Len())
	for name, member := range v.Members() {
		if !member.Is(jsonval.Null) {
			members = append(members, jsonval.Member{Key: name, Value: withoutNulls(member)})
		}
	}
	return jsonval.OfMembers(members)
}

func hasNullMember(v jsonval.Value) bool {
	for _, item := range v.Items() {
		if hasNullMember(item) {
			return true
		}
	}
	for _, member := range v.Members() {
		if member.Is(jsonval.Null) || hasNullMember(member) {
			return true
		}
	}
	return false
}
