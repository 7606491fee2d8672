package template

import (
	"iter"
	"strings"

	"go.yaml.in/yaml/v4"
)

// resource is the resource of that logical id: one the template declares, or
// one SAM makes besides; nil if there is none.
func (t *Template) resource(id string) *resource {
	if r := t.resources[id]; r != nil {
		return r
	}
	return t.implied(id)
}

// implied is a resource that SAM makes for others
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
func (t *Template) implied(id string) *resource {
	var owners []*resource
	if strings.HasPrefix(id, "ServerlessRestApi") && t.hasEvent("Api", "RestApiId") {
		owners = append(owners, &resource{id: "ServerlessRestApi", kind: "AWS::Serverless::Api"})
	}
	if strings.HasPrefix(id, "ServerlessHttpApi") && t.hasEvent("HttpApi", "ApiId") {
		owners = append(owners, &resource{id: "ServerlessHttpApi", kind: "AWS::Serverless::HttpApi"})
	}
	if len(owners) > 0 && owners[0].id == id {
		return owners[0]
	}
	for _, owner := range t.ids {
		owners = append(owners, t.resources[owner])
	}
	for _, owner := range owners {
		end, ok := strings.CutPrefix(id, owner.id)
		if !ok {
			continue
		}
		if kind := impliedKind(owner, end); kind != "" {
			return &resource{id: id, kind: kind, called: impliedName(kind, end)}
		}
	}
	return nil
}

// impliedName is the name of a resource SAM makes, "" where its id is the name.
func impliedName(kind, end string) string {
	stage, _ := strings.CutSuffix(end, "Stage")
	switch {
	case kind != "AWS::ApiGateway::Stage":
		return ""
	case stage == "ApiGatewayDefault":
		return "$default"
	}
	return stage
}

// impliedKind is the type of the resource SAM makes for r and calls r's id and
// end; "" if it makes none.
func impliedKind(r *resource, end string) string {
	switch r.kind {
	case "AWS::Serverless::Api", "AWS::Serverless::HttpApi":
		if strings.HasSuffix(end, "Stage") {
			return "AWS::ApiGateway::Stage"
		}
		if strings.HasPrefix(end, "Deployment") {
			return "AWS::ApiGateway::Deployment"
		}
	case "AWS::Serverless::Function", "AWS::Serverless::StateMachine":
		switch {
		case end == "Role":
			return "AWS::IAM::Role"
		case end == "Url":
			return "AWS::Lambda::Url"
		}
		for id := range events(r) {
			switch end {
			case id:
				return "AWS::Events::Rule"
			case id + "Role":
				return "AWS::IAM::Role"
			}
		}
	}
	return ""
}

// hasEvent reports whether a function or machine has an event of that kind
// that does not name the API it belongs to.
func (t *Template) hasEvent(kind, api string) bool {
	for _, id := range t.ids {
		for _, e := range events(t.resources[id]) {
			if e.kind == kind && member(e.properties, api) == nil {
				return true
			}
		}
	}
	return false
}

// event is one entry of a SAM resource's Events.
type event struct {
	kind       string
	properties *yaml.Node
}

// events ranges over a resource's events by their ids.
func events(r *resource) iter.Seq2[string, event] {
	return func(yield func(string, event) bool) {
		if !strings.HasPrefix(r.kind, "AWS::Serverless::") {
			return
		}
		for k, v := range members(member(r.properties, "Events")) {
			e := event{properties: member(v, "Properties")}
			if kind := member(v, "Type"); kind != nil {
				e.kind = kind.Value
			}
			if !yield(k.Value, e) {
				return
			}
		}
	}
}
