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
	apiGatewayHost    = regexp.MustCompile(`^[0-9a-z]+\.execute-api\.([0-9a-z-]+)\.amazonaws\.com(\.cn)?$`)
	// givesText finds paths, functions and expressions whose result surely is a text.
	givesText = regexp.MustCompile(`^(\{%\s*\$states\.context|\$\$)\.(Execution\.(Id|Name|RoleArn|StartTime)|State\.(Name|EnteredTime)|StateMachine\.(Id|Name)|Task\.Token)(\s*%\})?$` +
		`|^States\.(UUID|Format|Base64Encode|Base64Decode|Hash|JsonToString)\(.*\)$`)
	blankToFill = regexp.MustCompile(`<[^<>/?#@]+>`) // as in AWS's samples

	refusedHeaders = []string{
		"authorization", "connection", "content-md5", "expect", "host", "max-forwards", "proxy-authenticate", "server",
		"te", "transfer-encoding", "trailer", "upgrade", "via", "www-authenticate",
	}
	refusedHeaderPrefixes     = []string{"x-forwarded", "x-amz"} // the second covers x-amzn
	refusedHTTPHeaderPrefixes = []string{"x-forwarded-", "x-amz-", "x-amzn-"}
)

// checkAPIGateway checks the Parameters or Arguments of an API Gateway task as
// far as they are written out; what paths and expressions will give is checked
// when the task starts.
func (a *analysis) checkAPIGateway(s *State) {
	key := a.parameters(s)
	p := s.Node.Get(key)
	if p == nil {
		if s.QueryLanguage == JSONata {
			return // then the state's input is sent
		}
		a.refuseKey(s.Node, Diagnostic{
			Code: "field-missing", Message: "an API Gateway task needs " + key + " with ApiEndpoint and Method",
		})
		return
	}
	if dynamic(s, p) || !a.is(p, jsonval.Object) {
		return
	}
	given := make(map[string]*Node, len(p.Kids))
	for _, k := range p.Kids {
		name, isPath := k.Key, dynamic(s, k)
		if s.QueryLanguage == JSONPath {
			name, isPath = strings.CutSuffix(k.Key, ".$")
		}
		given[name] = k
		switch {
		case !slices.Contains(apiGatewayFields, name):
			a.refuseKey(k, Diagnostic{
				Code: "apigateway-field", AWSMessage: fmt.Sprintf("The field %q is not supported by Step Functions", name), Location: p.Location(),
				Message: fmt.Sprintf("API Gateway tasks have no parameter %q", name), Hint: a.guess(name, apiGatewayFields),
			})
		case !isPath:
			a.apiGatewayField(s, p, k)
		}
	}
	for _, name := range []string{"ApiEndpoint", "Method"} {
		if given[name] == nil {
			a.refuseKey(p, Diagnostic{
				Code: "field-missing", AWSMessage: "The field '" + name + "' is required but was missing",
				Message: "an API Gateway task needs the parameter " + name,
			})
		}
	}
	body, method := given["RequestBody"], given["Method"]
	if body != nil && !body.Value.Is(jsonval.Null) && method != nil && method.Key == "Method" && !method.open && !dynamic(s, method) {
		if m := method.Value.Text(); slices.Contains(apiGatewayMethods, m) && !slices.Contains(methodsWithBody, m) {
			a.warn(body, Diagnostic{
				Code: "apigateway-body", Message: "AWS documents RequestBody for POST, PUT and PATCH only, not for " + m,
			})
		}
	}
}

func (a *analysis) apiGatewayField(s *State, p, k *Node) {
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
		if a.is(k, jsonval.String) && strings.Contains(k.Value.Text(), "?") {
			a.warn(k, Diagnostic{
				Code: "apigateway-path", Message: "the ? of " + k.Key + " is sent as %3F, as a part of the path",
				Hint: "a query belongs to QueryParameters",
			})
		}
	case "AllowNullValues":
		a.boolean(k)
	case "Headers":
		a.listsOfStrings(s, k)
		a.headerNames(p, k)
	case "QueryParameters":
		a.listsOfStrings(s, k)
	}
}

func (a *analysis) apiEndpoint(n *Node) {
	host := n.Value.Text()
	if isAPIHost(host) {
		return
	}
	if IsAPIHost(host) {
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
	case isAPIHost(bare) && hasPath && path != "":
		hint = fmt.Sprintf("write only %q; the rest belongs to Stage and Path", bare)
	case isAPIHost(bare):
		hint = fmt.Sprintf("write only %q", bare)
	}
	a.refuse(n, Diagnostic{
		Code: "apigateway-endpoint", Message: fmt.Sprintf("ApiEndpoint %q is not the host of an API", host), Hint: hint,
	})
}

// listsOfStrings checks Headers and QueryParameters: each value is a list.
func (a *analysis) listsOfStrings(s *State, n *Node) {
	if !a.is(n, jsonval.Object) {
		return
	}
	for _, k := range n.Kids {
		switch {
		case dynamic(s, k), s.QueryLanguage == JSONPath && strings.HasSuffix(k.Key, ".$"):
			if text := k.Value.Text(); givesText.MatchString(text) {
				d := Diagnostic{
					Code:    "apigateway-list",
					Message: fmt.Sprintf("%s.%s must be a list of strings, and this gives a string: the task fails when it starts", n.Key, strings.TrimSuffix(k.Key, ".$")),
					Hint:    "write States.Array(" + text + ")",
				}
				if s.QueryLanguage == JSONata {
					d.Hint = "write {% [" + strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "{%"), "%}")) + "] %}"
				}
				a.warn(k, d)
			}
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
				a.sentValue(item, "apigateway-list", n.Key+"."+k.Key+" is a list of strings")
			}
		}
	}
}

// sentValue checks a value that is sent as text. What is no text but has one is
// sent here; whether AWS takes it is not known.
func (a *analysis) sentValue(n *Node, code, rule string) {
	d := Diagnostic{Code: code, Message: rule + ", but this is " + withArticle(n.Value.Kind())}
	switch n.Value.Kind() {
	case jsonval.String:
	case jsonval.Number, jsonval.Bool:
		a.warn(n, d)
	default:
		a.refuse(n, d)
	}
}

// headerTexts refuses headers that HTTP has no way to send; name is a header's
// name.
func (a *analysis) headerTexts(n *Node, name func(*Node) string, code string) {
	for _, k := range n.Kids {
		switch name := name(k); {
		case !headerName.MatchString(name):
			a.refuseKey(k, Diagnostic{Code: code, Message: jsonval.Quote(name) + " cannot be the name of a header"})
		case strings.EqualFold(name, "Content-Length"):
			a.refuseKey(k, Diagnostic{Code: code, Message: "the header Content-Length is made from the body", Hint: "remove it"})
		}
		values := append([]*Node{k}, k.Kids...)
		for _, v := range values {
			if v.Value.Is(jsonval.String) && strings.ContainsFunc(v.Value.Text(), HeaderControl) {
				a.refuse(v, Diagnostic{Code: code, Message: "a header cannot hold a line break or another control character"})
			}
		}
	}
}

// HeaderControl tells the control characters, line breaks among them, that no
// value of a header can hold (RFC 9110, section 5.5).
func HeaderControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

var headerName = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+.^_`|~-]+$")

// IsAPIHost reports whether a host name is that of an API, such as
// abc123.execute-api.eu-west-1.amazonaws.com, or will be when its blanks, such as
// <api-id>, are filled in; a single blank may stand for all of it.
func IsAPIHost(host string) bool {
	filled := blankToFill.ReplaceAllString(host, "a")
	return isAPIHost(filled) || filled == "a" && filled != host
}

// isAPIHost is IsAPIHost without blanks. China's Regions, and only those, have a
// domain of their own.
func isAPIHost(host string) bool {
	part := apiGatewayHost.FindStringSubmatch(host)
	return part != nil && strings.HasPrefix(part[1], "cn-") == (part[2] != "")
}

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

func (a *analysis) headerNames(p, n *Node) {
	names := func(k *Node) string { return strings.TrimSuffix(k.Key, ".$") }
	const code = "apigateway-header"
	a.refuseHeaders(p, n, names, RefusedHeader, code, "an API Gateway task",
		"use AuthType IAM_ROLE, or an authorizer that reads another header")
	a.headerTexts(n, names, code)
}

// refuseHeaders refuses the headers in n that a task may not set; p is the
// task's parameters, name a header's name, and authorize how else to authorize.
func (a *analysis) refuseHeaders(p, n *Node, name func(*Node) string, refuses func(string) bool, code, task, authorize string) {
	var first *Node
	var refused []string
	for _, k := range n.Kids {
		name := strings.ToLower(name(k))
		if !refuses(name) {
			continue
		}
		if first == nil {
			first = k
		}
		refused = append(refused, name)
	}
	if first == nil {
		return
	}
	d := Diagnostic{
		Code: code, Location: p.Location(),
		AWSMessage: "The 'Headers' field contains unsupported values: [" + strings.Join(refused, ", ") + "]",
		Message:    task + " may not set the header " + orList(refused),
	}
	if slices.Contains(refused, "authorization") {
		d.Hint = authorize
	}
	a.refuseKey(first, d)
}
