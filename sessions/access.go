package sessions

import (
	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/httptask"
)

// Access is the least that has to be allowed for a call to get through.
type Access struct {
	Holder     string          // whose policy it belongs in
	Statements []jsonval.Value // as policies have them
	Notes      []string        // why parts of them are * or a guess
}

// Policy is the statements as a policy document.
func (a *Access) Policy() string {
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Version", Value: jsonval.OfString("2012-10-17")},
		jsonval.Member{Key: "Statement", Value: jsonval.OfItems(a.Statements)},
	).Indent() + "\n"
}

// access is what a call needs; nil for nothing, or where we cannot tell.
func (d *desk) access(call interp.Call) *Access {
	switch call.Resource.Service {
	case "apigateway":
		return apiAccess(apigw.CallAccess(call, d.machineARN))
	case "http":
		need := httptask.CallAccess(call, d.machineARN)
		return &Access{Holder: executionRole, Statements: need.Statements, Notes: need.Notes}
	}
	return nil
}

const executionRole = "the policy of the execution role"

func apiAccess(need apigw.Access) *Access {
	out := &Access{Statements: []jsonval.Value{need.Statement.JSON()}, Notes: need.Notes}
	switch {
	case need.AuthType == "NO_AUTH":
		return nil
	case need.AuthType == "RESOURCE_POLICY":
		out.Holder = "the resource policy of API " + need.API
	case need.RoleARN != "" && need.RoleARN != "*":
		out.Holder = "the policy of role " + need.RoleARN
	case need.RoleARN == "*":
		out.Holder = "the policy of the role in Credentials"
	default:
		out.Holder = executionRole
	}
	return out
}
