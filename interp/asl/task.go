package asl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// patterns are the ways a service integration can wait, besides not at all.
type patterns uint8

const (
	syncPattern patterns = 1 << iota
	sync2Pattern
	tokenPattern
)

var patternNames = map[string]patterns{"sync": syncPattern, "sync:2": sync2Pattern, "waitForTaskToken": tokenPattern}

// integration is what is known of a service with an optimised integration.
type integration struct {
	actions  []string // all there are; nil: not known here
	patterns patterns
}

// integrations is the table of optimised integrations
// (https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html).
// Services that are not in it are taken as they come.
var integrations = map[string]integration{
	"lambda":           {[]string{"invoke"}, tokenPattern},
	"apigateway":       {[]string{"invoke"}, tokenPattern},
	"http":             {[]string{"invoke"}, 0},
	"dynamodb":         {[]string{"getItem", "putItem", "updateItem", "deleteItem"}, 0},
	"sqs":              {[]string{"sendMessage"}, tokenPattern},
	"sns":              {[]string{"publish"}, tokenPattern},
	"events":           {[]string{"putEvents"}, tokenPattern},
	"states":           {[]string{"startExecution"}, syncPattern | sync2Pattern | tokenPattern},
	"ecs":              {nil, syncPattern | tokenPattern},
	"eks":              {nil, syncPattern | tokenPattern},
	"bedrock":          {nil, syncPattern | tokenPattern},
	"batch":            {nil, syncPattern},
	"glue":             {nil, syncPattern},
	"sagemaker":        {nil, syncPattern},
	"codebuild":        {nil, syncPattern},
	"athena":           {nil, syncPattern},
	"elasticmapreduce": {nil, syncPattern},
	"emr-containers":   {nil, syncPattern},
	"emr-serverless":   {nil, syncPattern},
	"databrew":         {nil, syncPattern},
	"mediaconvert":     {nil, syncPattern},
}

func (a *analysis) checkTask(s *State) {
	n := s.Node
	a.exclusive(n, "TimeoutSeconds", "TimeoutSecondsPath")
	a.exclusive(n, "HeartbeatSeconds", "HeartbeatSecondsPath")
	if t, h := s.TimeoutSeconds, s.HeartbeatSeconds; t != nil && h != nil && t.Node.Key == "TimeoutSeconds" &&
		h.Node.Key == "HeartbeatSeconds" && t.Query == nil && h.Query == nil && h.Literal >= t.Literal {
		a.refuse(h.Node, Diagnostic{
			Code:    "heartbeat",
			Message: fmt.Sprintf("HeartbeatSeconds (%d) must be smaller than TimeoutSeconds (%d)", h.Literal, t.Literal),
		})
	}
	a.require(n, "Resource")
	if r := n.Get("Resource"); r != nil && r.Value.Is(jsonval.String) && a.nonempty(r) && !r.open {
		a.checkResource(s, r)
	}
}

// isURI tells a Resource the States Language allows from mere words.
var isURI = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z+.-]*:.`).MatchString

// checkResource checks the form of the Resource n, and that the service can do
// what it asks for. A URI that is nothing of AWS's is legal in the States
// Language, and can be run with mocks, but AWS refuses it.
func (a *analysis) checkResource(s *State, n *Node) {
	arn := n.Value.Text()
	part := strings.SplitN(arn, ":", 6) // arn:partition:service:region:account:rest
	switch {
	case !isURI(arn):
		a.unknownResource(n, "a Resource is an ARN, such as arn:aws:states:::lambda:invoke")
	case part[0] != "arn", len(part) == 6 && part[2] != "lambda" && part[2] != "states":
		a.warn(n, Diagnostic{
			Code: "resource-unknown", Message: fmt.Sprintf("AWS does not know the Resource %q", arn),
			Hint: "it can only be run with mocked answers",
		})
	case len(part) < 6:
		a.unknownResource(n, "an ARN has six parts, such as arn:aws:states:::lambda:invoke")
	case part[2] == "lambda":
		if _, function, ok := strings.Cut(arn, ":function:"); !ok || function == "" || strings.HasSuffix(function, ":") {
			a.unknownResource(n, "a function is arn:aws:lambda:<region>:<account>:function:<name>, with :<alias> if it has one")
		}
	case strings.Contains(arn, ":activity:"):
		if a.express(s) {
			a.refuse(n, Diagnostic{
				Code: "express-pattern", AWSMessage: "Express state machine does not support Activity ARN",
				Message: "an Express state machine cannot use activities", Hint: "run it as STANDARD",
			})
		}
	case strings.Contains(arn, ":stateMachine:"):
		a.unknownResource(n, "another machine is started with arn:aws:states:::states:startExecution")
	default:
		a.checkIntegration(s, n, part[5])
	}
}

// checkIntegration checks the end of a service integration's ARN, such as
// sqs:sendMessage.waitForTaskToken or aws-sdk:s3:getObject.
func (a *analysis) checkIntegration(s *State, n *Node, rest string) {
	service, action, ok := strings.Cut(rest, ":")
	known := integrations[service]
	if service == "aws-sdk" {
		var api string
		api, action, ok = strings.Cut(action, ":")
		ok = ok && api != ""
		if api == "apigateway" && action == "invoke" {
			a.unknownResource(n, "an API is called with arn:aws:states:::apigateway:invoke")
			return
		}
		known.patterns = tokenPattern
	} else if _, listed := integrations[service]; !listed {
		known.patterns = syncPattern | sync2Pattern | tokenPattern
	}
	action, suffix, waits := strings.Cut(action, ".")
	if !ok || service == "" || action == "" {
		a.unknownResource(n, "a service integration is arn:aws:states:::<service>:<action>")
		return
	}
	if known.actions != nil && !slices.Contains(known.actions, action) {
		hint := a.guess(action, known.actions)
		if hint == "" {
			hint = fmt.Sprintf("arn:aws:states:::%s has %s; other API calls are arn:aws:states:::aws-sdk:<service>:<action>",
				service, orList(known.actions))
		}
		a.unknownResource(n, hint)
		return
	}
	pattern := patternNames[suffix]
	switch {
	case waits && pattern == 0:
		a.unknownResource(n, a.guess(suffix, []string{"sync", "sync:2", "waitForTaskToken"}))
	case waits && known.patterns&pattern == 0:
		a.unknownResource(n, fmt.Sprintf("%s:%s cannot be used with .%s", service, action, suffix))
	case waits && a.express(s):
		a.refuseOnExpress(n, suffix)
	default:
		switch service {
		case "apigateway":
			a.checkAPIGateway(s)
		case "http":
			a.checkHTTP(s)
		default:
			a.checkRequired(s, service, action)
		}
		switch {
		case pattern == tokenPattern:
			a.checkToken(s, n)
		case pattern == 0 && s.Parameters != nil && (s.Parameters.ReadsToken() || readsToken(s.Parameters)):
			a.warn(n, Diagnostic{
				Code: "token-missing", Message: "it reads the task token, but only a task that waits for one has it",
				Hint: "add .waitForTaskToken to the Resource, where the integration has it",
			})
		}
	}
}

// express reports whether s runs in an Express execution: its machine is of that
// type, or the distributed Map around it starts such children.
func (a *analysis) express(s *State) bool {
	for ; s != nil; s = s.Parent {
		if s.Machine.Distributed {
			return s.Machine.ExecutionType == "EXPRESS"
		}
	}
	return a.o.Express
}

func (a *analysis) unknownResource(n *Node, hint string) {
	arn := n.Value.Text()
	a.refuse(n, Diagnostic{
		Code: "resource-unknown",
		AWSMessage: "The resource provided " + arn +
			" is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
		Message: fmt.Sprintf("Resource %q is not one Step Functions knows", arn), Hint: hint,
	})
}

// refuseOnExpress has AWS's words: those for a callback hold two blanks.
func (a *analysis) refuseOnExpress(n *Node, suffix string) {
	aws := "Express state machine does not support '.sync' service integration"
	if suffix == "waitForTaskToken" {
		aws = "Express state machine does not support '.waitForTaskToken' service integration "
	}
	a.refuse(n, Diagnostic{
		Code: "express-pattern", AWSMessage: aws,
		Message: fmt.Sprintf("an Express state machine cannot use .%s", suffix),
		Hint:    "run it as STANDARD",
	})
}

// checkToken warns about a callback task that sends its token to nobody.
func (a *analysis) checkToken(s *State, n *Node) {
	switch {
	case s.Parameters == nil:
	case s.QueryLanguage == JSONata:
		if !s.Parameters.ReadsToken() {
			a.warn(n, Diagnostic{
				Code: "token-unused", Message: "the task waits for its token, but its Arguments do not send it",
				Hint: `pass it on with "TaskToken": "{% $states.context.Task.Token %}"`,
			})
		}
	case !sendsToken(s.Parameters):
		a.warn(n, Diagnostic{
			Code: "token-unused", Message: "the task waits for its token, but its Parameters do not send it",
			Hint: `pass it on with "TaskToken.$": "$$.Task.Token"`,
		})
	}
}

// readsToken reports whether a template reads $$.Task or what is below it.
func readsToken(t *payload.Template) bool {
	return slices.ContainsFunc(t.Paths(), func(p *jsonpath.Path) bool {
		place := p.Steps()
		return p.Root() == jsonpath.Context && len(place) > 0 && place[0].Key == "Task"
	})
}

// sendsToken reports whether a template reads $$.Task.Token, be it as a part of
// something larger.
func sendsToken(t *payload.Template) bool {
	return readsToken(t) || slices.ContainsFunc(t.Paths(), func(p *jsonpath.Path) bool {
		return p.Root() == jsonpath.Context && len(p.Steps()) == 0
	})
}
