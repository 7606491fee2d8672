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
	if isForm(params) {
		if !saysForm(params.Get("Headers")) {
			problems = append(problems, task.InvalidFormat("Headers"))
		}
		if body := params.Get("RequestBody"); task.Given(params, "RequestBody") && !body.Is(jsonval.Object) && !body.Is(jsonval.String) {
			problems = append(problems, task.InvalidFormat("RequestBody"))
		}
	}
	return append(problems, parameters.Unsupported(params)...)
}

// isEndpoint accepts an https URL.
func isEndpoint(v jsonval.Value) bool {
	u, err := task.ParseURL(v.Text())
	if !v.Is(jsonval.String) || err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return false
	}
	_, err = url.PathUnescape(u.RawQuery)
	return err == nil
}

// isConnection accepts an object that names a connection and nothing else.
func isConnection(v jsonval.Value) bool {
	arn := v.Get("ConnectionArn")
	return arn.Is(jsonval.String) && arn.Text() != "" && v.Len() == 1
}

// isHeaders accepts an object of texts and lists of texts.
func isHeaders(v jsonval.Value) bool {
	if !v.Is(jsonval.Object) {
		return false
	}
	for name, value := range v.Members() {
		if !value.Is(jsonval.Array) {
			value = jsonval.ArrayOf(value)
		}
		if !task.IsHeader(name, value) {
			return false
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
			if !member.Is(jsonval.Object) {
				return false
			}
			for name, f := range member.Members() {
				if name != "ArrayFormat" || !task.OneOf("INDICES", "REPEAT", "COMMAS", "BRACKETS")(f) {
					return false
				}
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
		if strings.EqualFold(name, "Content-Type") && isFormType(v.Text()) {
			return true
		}
	}
	return false
}

func isFormType(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), formType)
}
