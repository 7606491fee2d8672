package httptask

import (
	"net/url"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// parameters are the fields of the integration.
var parameters = task.Parameters{
	{Name: "ApiEndpoint", Required: true, OK: isEndpoint},
	{Name: "Method", Required: true, OK: task.OneOf("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")},
	{Name: "Authentication", OK: isConnection},
	{Name: "InvocationConfig", OK: isConnection},
	{Name: "Headers", OK: isHeaders},
	{Name: "QueryParameters", OK: func(v jsonval.Value) bool { return v.Is(jsonval.Object) }},
	{Name: "RequestBody", OK: func(jsonval.Value) bool { return true }},
	{Name: "Transform", OK: isTransform},
}

// Check is what AWS says about the effective parameters of an HTTP task before
// it starts it; nothing for other resources. It is an interp.ParameterCheck.
// The wording is AWS's for other integrations.
func Check(r interp.Resource, params jsonval.Value) (problems []string) {
	if !handles(r) {
		return nil
	}
	problems = parameters.Malformed(params)
	switch old, current := task.Given(params, "Authentication"), task.Given(params, "InvocationConfig"); {
	case !old && !current:
		problems = append(problems, "The field 'ConnectionArn' is required but was missing")
	case old && current:
		problems = append(problems, task.InvalidFormat("InvocationConfig"))
	}
	problems = append(problems, task.RefusedHeaders(params.Get("Headers"), asl.RefusedHTTPHeader)...)
	if isForm(params) && !saysForm(params.Get("Headers")) {
		problems = append(problems, task.InvalidFormat("Headers"))
	}
	return append(problems, parameters.Unsupported(params)...)
}

// isEndpoint accepts an https URL.
func isEndpoint(v jsonval.Value) bool {
	u, err := url.Parse(v.Text())
	return v.Is(jsonval.String) && err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}

func isConnection(v jsonval.Value) bool {
	arn := v.Get("ConnectionArn")
	return arn.Is(jsonval.String) && arn.Text() != ""
}

// isHeaders accepts an object of texts and lists of texts.
func isHeaders(v jsonval.Value) bool {
	if !v.Is(jsonval.Object) {
		return false
	}
	for _, value := range v.Members() {
		if !value.Is(jsonval.Array) {
			if _, ok := task.SentText(value); !ok {
				return false
			}
		}
		for _, item := range value.Items() {
			if _, ok := task.SentText(item); !ok {
				return false
			}
		}
	}
	return true
}

// isTransform accepts a body's encoding, with options or without.
func isTransform(v jsonval.Value) bool {
	if !v.Is(jsonval.Object) {
		return false
	}
	for name, member := range v.Members() {
		switch name {
		case "RequestBodyEncoding":
			if !task.OneOf("NONE", "URL_ENCODED")(member) {
				return false
			}
		case "RequestEncodingOptions":
			if f := member.Get("ArrayFormat"); !member.Is(jsonval.Object) || f.Exists() && !task.OneOf("INDICES", "REPEAT", "COMMAS", "BRACKETS")(f) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isForm(params jsonval.Value) bool {
	return params.Get("Transform").Get("RequestBodyEncoding").Text() == "URL_ENCODED"
}

// saysForm reports whether a Content-Type among the headers is that of forms.
func saysForm(headers jsonval.Value) bool {
	for name, v := range headers.Members() {
		if v.Is(jsonval.Array) {
			v = v.At(0)
		}
		kind, _, _ := strings.Cut(v.Text(), ";")
		if strings.EqualFold(name, "Content-Type") && strings.EqualFold(strings.TrimSpace(kind), formType) {
			return true
		}
	}
	return false
}
