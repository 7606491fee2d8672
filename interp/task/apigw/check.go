package apigw

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// parameters are the fields of the integration, in the order AWS lists them.
// ok tells whether a value that is there and not null has the right form.
var parameters = []struct {
	name     string
	required bool
	ok       func(v jsonval.Value) bool
}{
	{"ApiEndpoint", true, isHost},
	{"Method", true, oneOf("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")},
	{"Headers", false, isLists},
	{"Stage", false, isText},
	{"Path", false, isText},
	{"QueryParameters", false, isLists},
	{"RequestBody", false, func(jsonval.Value) bool { return true }},
	{"AllowNullValues", false, func(v jsonval.Value) bool { return v.Is(jsonval.Bool) }},
	{"AuthType", false, oneOf("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")},
}

// Check is what AWS says about the effective parameters of an API Gateway task
// before it starts it; nothing for other resources. It is an
// interp.ParameterCheck.
//
// The wording about a wrong form is recorded from AWS, that about missing and
// unsupported fields is AWS's for other integrations.
func Check(r interp.Resource, params jsonval.Value) (problems []string) {
	if !handles(r) {
		return nil
	}
	for _, p := range parameters {
		v := params.Get(p.name)
		switch given := v.Exists() && !v.Is(jsonval.Null); {
		case !given && p.required:
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", p.name))
		case given && !p.ok(v):
			problems = append(problems, fmt.Sprintf("The value of the field '%s' has an invalid format", p.name))
		}
	}
	if refused := refusedHeaders(params.Get("Headers")); len(refused) > 0 {
		problems = append(problems, "The 'Headers' field contains unsupported values: ["+strings.Join(refused, ", ")+"]")
	}
	for name := range params.Members() {
		if !isParameter(name) {
			problems = append(problems, fmt.Sprintf("The field '%s' is not supported by Step Functions", name))
		}
	}
	return problems
}

func isParameter(name string) bool {
	for _, p := range parameters {
		if p.name == name {
			return true
		}
	}
	return false
}

func isText(v jsonval.Value) bool { return v.Is(jsonval.String) }

func oneOf(texts ...string) func(jsonval.Value) bool {
	return func(v jsonval.Value) bool { return isText(v) && slices.Contains(texts, v.Text()) }
}

// isHost accepts the host name of an API, alone, and one with a blank still to be
// filled in, as in AWS's samples: no scheme, port, path or custom domain.
func isHost(v jsonval.Value) bool {
	return isText(v) && (asl.IsAPIHost(v.Text()) || asl.HasBlank(v.Text()))
}

// isLists accepts an object whose values are lists of texts; a bare text
// instead of a list is what AWS refuses.
func isLists(v jsonval.Value) bool {
	if !v.Is(jsonval.Object) {
		return false
	}
	for _, list := range v.Members() {
		if !list.Is(jsonval.Array) {
			return false
		}
		for _, item := range list.Items() {
			if _, ok := textOf(item); !ok {
				return false
			}
		}
	}
	return true
}

// textOf is an item of a list as it is sent.
func textOf(v jsonval.Value) (text string, ok bool) {
	switch v.Kind() {
	case jsonval.String, jsonval.Number:
		return v.Text(), true
	case jsonval.Bool:
		return v.String(), true
	}
	return "", false
}

// refusedHeaders are the headers a workflow may not set, as AWS lists them.
func refusedHeaders(headers jsonval.Value) (refused []string) {
	for name := range headers.Members() {
		if asl.RefusedHeader(name) {
			refused = append(refused, strings.ToLower(name))
		}
	}
	return refused
}
