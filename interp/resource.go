package interp

import "strings"

// ResourceKind is the family a task's Resource belongs to.
type ResourceKind uint8

// The kinds of resource.
const (
	ServiceResource  ResourceKind = iota // arn:aws:states:::service:action
	LambdaResource                       // a function's own ARN
	ActivityResource                     // an activity's ARN
	UnknownResource                      // anything else
)

// Resource is a Task's Resource, taken apart.
type Resource struct {
	ARN     string
	Kind    ResourceKind
	Service string // such as apigateway, aws-sdk:dynamodb
	Action  string // such as invoke
	Suffix  string // "", sync, sync:2, waitForTaskToken
	Pattern Pattern
}

// ParseResource takes a Resource ARN apart
// (https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html).
func ParseResource(arn string) Resource {
	r := Resource{ARN: arn, Kind: UnknownResource}
	part := strings.SplitN(arn, ":", 6) // arn:partition:service:region:account:rest
	if len(part) < 6 || part[0] != "arn" {
		return r
	}
	rest := part[5]
	switch {
	case part[2] == "lambda" && strings.HasPrefix(rest, "function:"):
		r.Kind, r.Service, r.Action = LambdaResource, "lambda", strings.TrimPrefix(rest, "function:")
	case part[2] == "states" && strings.HasPrefix(rest, "activity:"):
		r.Kind, r.Service, r.Action = ActivityResource, "activity", strings.TrimPrefix(rest, "activity:")
		r.Pattern = WaitForTaskToken
	case part[2] == "states" && strings.Contains(rest, ":"):
		service, action, _ := strings.Cut(rest, ":")
		if service == "aws-sdk" {
			api, rest, _ := strings.Cut(action, ":")
			service, action = service+":"+api, rest
		}
		action, r.Suffix, _ = strings.Cut(action, ".")
		r.Kind, r.Service, r.Action = ServiceResource, service, action
		switch r.Suffix {
		case "sync", "sync:2":
			r.Pattern = Sync
		case "waitForTaskToken":
			r.Pattern = WaitForTaskToken
		}
	}
	return r
}

// Name is the resource as history writes it: invoke.waitForTaskToken, or the
// ARN of functions and activities.
func (r Resource) Name() string {
	if r.Kind != ServiceResource {
		return r.ARN
	}
	if r.Suffix != "" {
		return r.Action + "." + r.Suffix
	}
	return r.Action
}
