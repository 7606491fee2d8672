package httptask

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// parameters are the fields of the integration. ok tells whether a value that is
// there and not null has the right form.
var parameters = []struct {
	name     string
	required bool
	ok       func(v jsonval.Value) bool
}{
	{"ApiEndpoint", true, isEndpoint},
	{"Method", true, oneOf("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")},
	{"Authentication", false, isConnection},
	{"InvocationConfig", false, isConnection},
	{"Headers", false, isHeaders},
	{"QueryParameters", false, func(v jsonval.Value) bool { return v.Is(jsonval.Object) }},
	{"RequestBody", false, func(jsonval.Value) bool { return true }},
	{"Transform", false, isTransform},
}

// Check is what AWS says about the effective parameters of an HTTP task before
// it starts it; nothing for other resources. It is an interp.ParameterCheck.
// The wording is AWS's for other integrations.
func Check(r interp.Resource, params jsonval.Value) (problems []string) {
	if !handles(r) {
		return nil
	}
	given := func(name string) bool { v := params.Get(name); return v.Exists() && !v.Is(jsonval.Null) }
	for _, p := range parameters {
		switch {
		case !given(p.name) && p.required:
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", p.name))
		case given(p.name) && !p.ok(params.Get(p.name)):
			problems = append(problems, invalid(p.name))
		}
	}
	switch old, current := given("Authentication"), given("InvocationConfig"); {
	case !old && !current:
		problems = append(problems, "The field 'ConnectionArn' is required but was missing")
	case old && current:
		problems = append(problems, invalid("InvocationConfig"))
	}
	var refused []string
	for name := range params.Get("Headers").Members() {
		if asl.RefusedHTTPHeader(name) {
			refused = append(refused, strings.ToLower(name))
		}
	}
	if len(refused) > 0 {
		problems = append(problems, "The 'Headers' field contains unsupported values: ["+strings.Join(refused, ", ")+"]")
	}
	if isForm(params) && !saysForm(params.Get("Headers")) {
		problems = append(problems, invalid("Headers"))
	}
	for name := range params.Members() {
		if !isParameter(name) {
			problems = append(problems, fmt.Sprintf("The field '%s' is not supported by Step Functions", name))
		}
	}
	return problems
}

func invalid(name string) string {
	return fmt.Sprintf("The value of the field '%s' has an invalid format", name)
}

func isParameter(name string) bool {
	for _, p := range parameters {
		if p.name == name {
			return true
		}
	}
	return false
}

func oneOf(texts ...string) func(jsonval.Value) bool {
	return func(v jsonval.Value) bool { return v.Is(jsonval.String) && slices.Contains(texts, v.Text()) }
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
			if _, ok := textOf(value); !ok {
				return false
			}
		}
		for _, item := range value.Items() {
			if _, ok := textOf(item); !ok {
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
			if !oneOf("NONE", "URL_ENCODED")(member) {
				return false
			}
		case "RequestEncodingOptions":
			if f := member.Get("ArrayFormat"); !member.Is(jsonval.Object) || f.Exists() && !oneOf("INDICES", "REPEAT", "COMMAS", "BRACKETS")(f) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// textOf is a header's or parameter's value as it is sent.
func textOf(v jsonval.Value) (text string, ok bool) {
	switch v.Kind() {
	case jsonval.String, jsonval.Number:
		return v.Text(), true
	case jsonval.Bool:
		return v.String(), true
	}
	return "", false
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
