package sessions

import (
	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/apigw"
)

// Access is the least that has to be allowed for a call to get through.
type Access struct {
	Holder    string        // whose policy it belongs in
	Statement jsonval.Value // as policies have it
	Notes     []string      // why parts of it are * or a guess
}

// Policy is the statement as a policy document.
func (a *Access) Policy() string {
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Version", Value: jsonval.OfString("2012-10-17")},
		jsonval.Member{Key: "Statement", Value: jsonval.ArrayOf(a.Statement)},
	).Indent() + "\n"
}

// access is what a call needs; nil for nothing, or where we cannot tell.
func (d *desk) access(call interp.Call) *Access {
	if call.Resource.Service != "apigateway" {
		return nil
	}
	need := apigw.CallAccess(call, d.machineARN)
	out := &Access{Statement: need.Statement.JSON(), Notes: need.Notes}
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
		out.Holder = "the policy of the execution role"
	}
	return out
}
