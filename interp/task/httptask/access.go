package httptask

import (
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Access is what the role of a state machine has to allow for a call through a
// connection to get through
// (https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html).
type Access struct {
	Statements []jsonval.Value // as policies have them
	Notes      []string        // why parts of them are * or left out, one sentence each
}

// CallAccess is what lets call through as it is about to be made by the state
// machine of that ARN.
func CallAccess(call interp.Call, machineARN string) Access {
	return access(call.Input, machineARN)
}

// StateAccess is what lets all calls of an HTTP task through, as far as the
// definition tells: what is computed at run time has a note. ok is false for
// other states.
func StateAccess(s *asl.State, machineARN string) (a Access, ok bool) {
	if s.Type != asl.Task || !handles(interp.ParseResource(s.Resource)) {
		return Access{}, false
	}
	field := "Parameters"
	if s.QueryLanguage == asl.JSONata {
		field = "Arguments"
	}
	n := s.Node.Get(field)
	if n == nil {
		return access(jsonval.EmptyObject, machineARN), true
	}
	return access(n.Value, machineARN), true
}

func access(params jsonval.Value, machineARN string) Access {
	var a Access
	known := func(at ...string) string {
		v := params
		for _, name := range at {
			v = v.Get(name)
		}
		if text := v.Text(); !strings.HasPrefix(text, "{%") {
			return text
		}
		return ""
	}
	is := []jsonval.Member{}
	for _, c := range []struct{ name, key string }{{"ApiEndpoint", "states:HTTPEndpoint"}, {"Method", "states:HTTPMethod"}} {
		if text := known(c.name); text != "" {
			is = append(is, jsonval.Member{Key: c.key, Value: jsonval.OfString(text)})
		} else {
			a.Notes = append(a.Notes, c.name+" is known only when it runs: a condition on "+c.key+" may narrow what is allowed")
		}
	}
	invoke := statement([]string{"states:InvokeHTTPEndpoint"}, machineARN)
	if len(is) > 0 {
		invoke = append(invoke, jsonval.Member{Key: "Condition", Value: jsonval.ObjectOf(jsonval.Member{Key: "StringEquals", Value: jsonval.OfMembers(is)})})
	}
	connection := known("InvocationConfig", "ConnectionArn")
	if connection == "" {
		connection = known("Authentication", "ConnectionArn")
	}
	part := strings.SplitN(connection, ":", 6)
	if len(part) < 6 || !strings.HasPrefix(part[5], "connection/") {
		a.Notes = append(a.Notes, "the ARN of the connection is known only when it runs: * stands for it")
		part = append(strings.SplitN(machineARN+":::::", ":", 6)[:5:5], "connection/*")
		part[2] = "events"
		connection = strings.Join(part, ":")
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(part[5], "connection/"), "/")
	secret := strings.Join([]string{"arn", part[1], "secretsmanager", part[3], part[4], "secret", "events!connection/" + name + "/*"}, ":")
	if name == "*" {
		secret = strings.TrimSuffix(secret, "/*")
	}
	for _, s := range [][]jsonval.Member{
		invoke,
		statement([]string{"events:RetrieveConnectionCredentials"}, connection),
		statement([]string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}, secret),
	} {
		a.Statements = append(a.Statements, jsonval.OfMembers(s))
	}
	return a
}

// statement allows actions on one resource.
func statement(actions []string, resource string) []jsonval.Member {
	list := func(texts ...string) jsonval.Value {
		items := make([]jsonval.Value, len(texts))
		for i, t := range texts {
			items[i] = jsonval.OfString(t)
		}
		return jsonval.OfItems(items)
	}
	return []jsonval.Member{
		{Key: "Effect", Value: jsonval.OfString("Allow")},
		{Key: "Action", Value: list(actions...)},
		{Key: "Resource", Value: list(resource)},
	}
}
