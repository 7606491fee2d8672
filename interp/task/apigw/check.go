package apigw

import (
	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// parameters are the fields of the integration.
var parameters = task.Parameters{
	{Name: "ApiEndpoint", Required: true, OK: isHost},
	{Name: "Method", Required: true, OK: task.OneOf("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")},
	{Name: "Headers", OK: isHeaders},
	{Name: "Stage", OK: isText},
	{Name: "Path", OK: isText},
	{Name: "QueryParameters", OK: isLists},
	{Name: "RequestBody", OK: func(jsonval.Value) bool { return true }},
	{Name: "AllowNullValues", OK: func(v jsonval.Value) bool { return v.Is(jsonval.Bool) }},
	{Name: "AuthType", OK: task.OneOf("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")},
}

// Check is what AWS says about the effective parameters of an API Gateway task
// before it starts it; nothing for other resources. It is an
// interp.ParameterCheck.
func Check(r interp.Resource, params jsonval.Value) (problems []string) {
	if !handles(r) {
		return nil
	}
	problems = append(parameters.Malformed(params), task.RefusedHeaders(params.Get("Headers"), asl.RefusedHeader)...)
	return append(problems, parameters.Unsupported(params)...)
}

func isText(v jsonval.Value) bool { return v.Is(jsonval.String) }

// isHost accepts the host name of an API, alone, and one with a blank still to be
// filled in, as in AWS's samples: no scheme, port, path or custom domain.
func isHost(v jsonval.Value) bool { return isText(v) && asl.IsAPIHost(v.Text()) }

// isHeaders accepts lists of what can be sent as headers.
func isHeaders(v jsonval.Value) bool {
	if !isLists(v) {
		return false
	}
	for name, list := range v.Members() {
		if !task.IsHeader(name, list) {
			return false
		}
	}
	return true
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
			if _, ok := task.SentText(item); !ok {
				return false
			}
		}
	}
	return true
}
