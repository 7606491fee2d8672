package template

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Function is a Lambda function the template declares.
type Function struct {
	ID           string // its logical id
	Name         string
	ARN          string
	Runtime      string
	Handler      string
	Code         string // the folder of its code, a slash-separated path as File; "" if it is not local
	Line, Column int
}

// Route is one method and path of an API that a function answers.
type Route struct {
	API      string // its id, ten letters and digits
	Host     string // API.execute-api.REGION.amazonaws.com
	Stage    string // $default for an HTTP API's stage without a name
	Method   string // upper case; ANY for all
	Path     string // such as /orders/{id}
	Auth     string // NONE, AWS_IAM or the name of an authorizer
	Function string // the function's logical id
}

// Functions lists the functions, with what SAM's Globals say about them. An
// error is an [*Error].
func (t *Template) Functions() ([]Function, error) {
	var all []Function
	for _, id := range t.ids {
		r := t.resources[id]
		if r.kind != "AWS::Serverless::Function" && r.kind != "AWS::Lambda::Function" {
			continue
		}
		f := Function{ID: id, Line: r.at.Line, Column: r.at.Column}
		var err error
		if f.Name, err = t.name(r, r.at); err != nil {
			return nil, err
		}
		if f.ARN, err = t.expand(t.physical(r).arn, r, r.at); err != nil {
			return nil, err
		}
		if f.Runtime, err = t.setting(r, "Runtime"); err != nil {
			return nil, err
		}
		if f.Handler, err = t.setting(r, "Handler"); err != nil {
			return nil, err
		}
		if f.Code, err = t.setting(r, "CodeUri"); err != nil {
			return nil, err
		}
		if f.Code != "" && !strings.HasPrefix(f.Code, "s3://") {
			f.Code = path.Join(path.Dir(t.File), f.Code)
		} else {
			f.Code = ""
		}
		all = append(all, f)
	}
	return all, nil
}

// setting is a function's property, or what Globals say where it has none; ""
// where neither does or it is no text.
func (t *Template) setting(r *resource, name string) (string, error) {
	n := member(r.properties, name)
	if n == nil && r.kind == "AWS::Serverless::Function" {
		n = member(t.root, "Globals", "Function", name)
	}
	if n == nil {
		return "", nil
	}
	v, err := t.eval(n)
	return v.Text(), err
}

// Routes lists the routes that the events of SAM functions make. An error is
// an [*Error].
func (t *Template) Routes() ([]Route, error) {
	var all []Route
	for _, id := range t.ids {
		r := t.resources[id]
		if r.kind != "AWS::Serverless::Function" {
			continue
		}
		for _, e := range events(r) {
			if e.kind != "Api" && e.kind != "HttpApi" {
				continue
			}
			route, err := t.route(e, r)
			if err != nil {
				return nil, err
			}
			route.Function = id
			all = append(all, route)
		}
	}
	return all, nil
}

// route is the route of one event of the function r
// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-api.html,
// …-httpapi.html).
func (t *Template) route(e event, r *resource) (Route, error) {
	route := Route{Stage: "Prod", Method: "ANY", Path: "/{proxy+}", Auth: "NONE"}
	owner, implied := "RestApiId", "ServerlessRestApi"
	if e.kind == "HttpApi" {
		owner, implied = "ApiId", "ServerlessHttpApi"
		route.Stage = "$default"
	}
	api := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!Ref", Value: implied, Line: r.at.Line, Column: r.at.Column}
	if n := member(e.properties, owner); n != nil {
		api = n
	}
	if name, arg, ok := function(api); ok && name == "Ref" {
		if declared := t.resources[deref(arg).Value]; declared != nil {
			stage, ok, err := t.property(declared, "StageName")
			if err != nil {
				return route, err
			}
			if ok {
				route.Stage = stage
			}
		}
	}
	var err error
	if route.API, err = t.evalText(api); err != nil {
		return route, err
	}
	route.Host = route.API + ".execute-api." + t.o.Region + "." + t.o.suffix()
	for _, p := range []struct {
		path []string
		to   *string
	}{
		{[]string{"Method"}, &route.Method},
		{[]string{"Path"}, &route.Path},
		{[]string{"Auth", "Authorizer"}, &route.Auth},
	} {
		if n := member(e.properties, p.path...); n != nil {
			if *p.to, err = t.evalText(n); err != nil {
				return route, err
			}
		}
	}
	route.Method = strings.ToUpper(route.Method)
	if route.Method == "*" {
		route.Method = "ANY"
	}
	return route, nil
}
