package asl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// apiGatewayFields are the parameters of apigateway:invoke
// (https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html).
var apiGatewayFields = []string{
	"ApiEndpoint", "Method", "Headers", "Stage", "Path", "QueryParameters", "RequestBody", "AllowNullValues", "AuthType",
}

var (
	apiGatewayMethods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}
	methodsWithBody   = []string{"POST", "PUT", "PATCH"}
	apiGatewayHost    = regexp.MustCompile(`^[0-9a-z]+\.execute-api\.[0-9a-z-]+\.amazonaws\.com(\.cn)?$`)
	blankToFill       = regexp.MustCompile(`<[^<>]+>`) // as in AWS's samples

	refusedHeaders = []string{
		"authorization", "connection", "content-md5", "expect", "host", "max-forwards", "proxy-authenticate", "server",
		"te", "transfer-encoding", "trailer", "upgrade", "via", "www-authenticate",
	}
	refusedHeaderPrefixes = []string{"x-forwarded", "x-amz"} // the second covers x-amzn
)

// checkAPIGateway checks what an API Gateway task is given as far as it is
// written out; what a path or an expression will give is checked when the task
// starts.
func (a *analysis) checkAPIGateway(s *State) {
	g := a.given(s, "an API Gateway task needs %s with ApiEndpoint and Method")
	if g == nil {
		return
	}
	for _, k := range g.node.Kids {
		name := g.name(k)
		switch {
		case !slices.Contains(apiGatewayFields, name):
			a.refuseKey(k, Diagnostic{
				Code: "apigateway-field", AWSMessage: notSupported(name), Location: g.node.Location(),
				Message: fmt.Sprintf("API Gateway tasks have no parameter %q", name), Hint: a.guess(name, apiGatewayFields),
			})
		case !g.dynamic(k):
			a.apiGatewayField(g, k)
		}
	}
	for _, name := range []string{"ApiEndpoint", "Method"} {
		if g.at(name) == nil {
			a.refuseKey(g.node, Diagnostic{
				Code: "field-missing", AWSMessage: "The field '" + name + "' is required but was missing",
				Message: "an API Gateway task needs the parameter " + name,
			})
		}
	}
	body, method := g.at("RequestBody"), g.at("Method")
	if body != nil && !body.Value.Is(jsonval.Null) && method != nil && !g.dynamic(method) && !method.open {
		if m := method.Value.Text(); slices.Contains(apiGatewayMethods, m) && !slices.Contains(methodsWithBody, m) {
			a.warn(body, Diagnostic{
				Code: "apigateway-body", Message: "AWS documents RequestBody for POST, PUT and PATCH only, not for " + m,
			})
		}
	}
}

func notSupported(name string) string {
	return fmt.Sprintf("The field %q is not supported by Step Functions", name)
}

// given is what a task gives an integration: its Parameters or Arguments.
type given struct {
	node    *Node
	jsonata bool
}

// given is nil, after a finding, where a task gives nothing, and where an
// expression makes it all. missing has a place for the field's name.
func (a *analysis) given(s *State, missing string) *given {
	field := "Parameters"
	if s.QueryLanguage == JSONata {
		field = "Arguments"
	}
	g := &given{s.Node.Get(field), s.QueryLanguage == JSONata}
	switch {
	case g.node == nil:
		a.refuseKey(s.Node, Diagnostic{Code: "field-missing", Message: fmt.Sprintf(missing, field)})
		return nil
	case g.dynamic(g.node) || !a.is(g.node, jsonval.Object):
		return nil
	}
	return g
}

// name is the parameter k gives, without the .$ of a path.
func (g *given) name(k *Node) string {
	if g.jsonata {
		return k.Key
	}
	return strings.TrimSuffix(k.Key, ".$")
}

// dynamic reports whether only a run tells what k is.
func (g *given) dynamic(k *Node) bool {
	if g.jsonata {
		return k.Value.Is(jsonval.String) && strings.HasPrefix(k.Value.Text(), "{%")
	}
	return strings.HasSuffix(k.Key, ".$")
}

// at is the parameter of this name, nil for none.
func (g *given) at(name string) *Node { return g.in(g.node, name) }

// in is the member of n of this name, nil for none.
func (g *given) in(n *Node, name string) *Node {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if g.name(k) == name {
			return k
		}
	}
	return nil
}

func (a *analysis) apiGatewayField(g *given, k *Node) {
	switch k.Key {
	case "ApiEndpoint":
		if a.is(k, jsonval.String) {
			a.apiEndpoint(k)
		}
	case "Method":
		a.enum(k, apiGatewayMethods...)
	case "AuthType":
		a.enum(k, "NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY")
	case "Stage", "Path":
		a.is(k, jsonval.String)
	case "AllowNullValues":
		a.boolean(k)
	case "Headers":
		a.listsOfStrings(g, k)
		a.headerNames(g, k)
	case "QueryParameters":
		a.listsOfStrings(g, k)
	}
}

func (a *analysis) apiEndpoint(n *Node) {
	host := n.Value.Text()
	if apiGatewayHost.MatchString(host) {
		return
	}
	if HasBlank(host) {
		a.warn(n, Diagnostic{
			Code: "apigateway-endpoint", Message: fmt.Sprintf("ApiEndpoint %q is still to be filled in", host),
			Hint: "it is a host name: <api-id>.execute-api.<region>.amazonaws.com",
		})
		return
	}
	hint := "it is a host name: <api-id>.execute-api.<region>.amazonaws.com"
	_, bare, hasScheme := strings.Cut(host, "://")
	if !hasScheme {
		bare = host
	}
	bare, path, hasPath := strings.Cut(bare, "/")
	switch {
	case apiGatewayHost.MatchString(bare) && hasPath && path != "":
		hint = fmt.Sprintf("write only %q; the rest belongs to Stage and Path", bare)
	case apiGatewayHost.MatchString(bare):
		hint = fmt.Sprintf("write only %q", bare)
	}
	a.refuse(n, Diagnostic{
		Code: "apigateway-endpoint", Message: fmt.Sprintf("ApiEndpoint %q is not the host of an API", host), Hint: hint,
	})
}

// listsOfStrings checks Headers and QueryParameters: each value is a list.
func (a *analysis) listsOfStrings(g *given, n *Node) {
	if !a.is(n, jsonval.Object) {
		return
	}
	for _, k := range n.Kids {
		switch {
		case g.dynamic(k):
		case !k.Value.Is(jsonval.Array):
			d := Diagnostic{
				Code:    "apigateway-list",
				Message: fmt.Sprintf("%s.%s must be a list of strings, not %s", n.Key, k.Key, withArticle(k.Value.Kind())),
			}
			if k.Value.Is(jsonval.String) {
				d.Hint = fmt.Sprintf("write [%s]", jsonval.Quote(k.Value.Text()))
			}
			a.refuse(k, d)
		default:
			for _, item := range k.Kids {
				if !item.Value.Is(jsonval.String) {
					a.warn(item, Diagnostic{
						Code:    "apigateway-list",
						Message: fmt.Sprintf("%s.%s is a list of strings, but this is %s", n.Key, k.Key, withArticle(item.Value.Kind())),
					})
				}
			}
		}
	}
}

// IsAPIHost reports whether a host name is that of an API, such as
// abc123.execute-api.eu-west-1.amazonaws.com.
func IsAPIHost(host string) bool { return apiGatewayHost.MatchString(host) }

// HasBlank reports whether a text has a blank to be filled in, such as <api-id>.
func HasBlank(text string) bool { return blankToFill.MatchString(text) }

// RefusedHeader reports whether API Gateway tasks may not set the header.
func RefusedHeader(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range refusedHeaderPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains(refusedHeaders, name)
}

func (a *analysis) headerNames(g *given, n *Node) {
	first, refused := g.refused(n, RefusedHeader)
	if first == nil {
		return
	}
	d := Diagnostic{
		Code: "apigateway-header", Location: g.node.Location(),
		AWSMessage: "The 'Headers' field contains unsupported values: [" + strings.Join(refused, ", ") + "]",
		Message:    "an API Gateway task may not set the header " + orList(refused),
	}
	if slices.Contains(refused, "authorization") {
		d.Hint = "use AuthType IAM_ROLE, or an authorizer that reads another header"
	}
	a.refuseKey(first, d)
}

// refused are the headers of n that may not be set, in lower case.
func (g *given) refused(n *Node, is func(name string) bool) (first *Node, names []string) {
	for _, k := range n.Kids {
		name := strings.ToLower(g.name(k))
		if !is(name) {
			continue
		}
		if first == nil {
			first = k
		}
		names = append(names, name)
	}
	return first, names
}
