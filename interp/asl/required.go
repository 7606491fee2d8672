package asl

import (
	"fmt"
	"strings"

	"asldbg/interp/jsonval"
)

// requiredParameters are the fields without which AWS starts no task of an
// optimised integration. Those of API Gateway and HTTP tasks are looked after
// with the rest of their parameters.
var requiredParameters = map[string][]string{
	"athena:startQueryExecution": {"QueryString"},
	"batch:submitJob":            {"JobDefinition", "JobName", "JobQueue"},
	"codebuild:startBuild":       {"ProjectName"},
	"dynamodb:deleteItem":        {"Key", "TableName"},
	"dynamodb:getItem":           {"Key", "TableName"},
	"dynamodb:putItem":           {"Item", "TableName"},
	"dynamodb:updateItem":        {"Key", "TableName"},
	"ecs:runTask":                {"TaskDefinition"},
	"events:putEvents":           {"Entries"},
	"glue:startJobRun":           {"JobName"},
	"lambda:invoke":              {"FunctionName"},
	"sns:publish":                {"Message"},
	"sqs:sendMessage":            {"MessageBody", "QueueUrl"},
	"states:startExecution":      {"StateMachineArn"},
}

// MissingParameters are the names of the parameters a service integration needs
// and has not got. One that is null is there: the service gets to see it
// (recorded: test_send_message_empty_body).
func MissingParameters(service, action string, given func(name string) bool) (missing []string) {
	for _, name := range requiredParameters[service+":"+action] {
		if !given(name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// checkRequired reports parameters that are missing where Parameters or Arguments
// are written out. Without the field the state's input is sent, which is known
// when the task starts.
func (a *analysis) checkRequired(s *State, service, action string) {
	key := a.parameters(s)
	p := s.Node.Get(key)
	if p == nil || p.open || dynamic(s, p) || requiredParameters[service+":"+action] == nil || !a.is(p, jsonval.Object) {
		return
	}
	missing := MissingParameters(service, action, func(name string) bool { return givenParameter(s, p, name) })
	for _, name := range missing {
		hint := ""
		for _, k := range p.Kids {
			if strings.EqualFold(strings.TrimSuffix(k.Key, ".$"), name) {
				hint = fmt.Sprintf("did you mean %q to be %s?", k.Key, name)
			}
		}
		a.refuseKey(p, Diagnostic{
			Code: "field-missing", AWSMessage: "The field '" + name + "' is required but was missing",
			Message: fmt.Sprintf("%s of %s:%s need %s", key, service, action, name), Hint: hint,
		})
	}
}

// givenParameter reports whether p, the Parameters or Arguments in state s, have
// a field of this name.
func givenParameter(s *State, p *Node, name string) bool {
	return p.Get(name) != nil || s.QueryLanguage == JSONPath && p.Get(name+".$") != nil
}
