package asl

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// httpFields are the parameters of http:invoke
// (https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html).
var httpFields = []string{
	"ApiEndpoint", "Method", "Authentication", "InvocationConfig", "Headers", "QueryParameters", "RequestBody", "Transform",
}

var (
	// refusedHTTPHeaders are those an HTTP Task may not set; the prefixes are API
	// Gateway's.
	refusedHTTPHeaders = []string{
		"a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control", "connection",
		"content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host", "http2-settings", "if-match",
		"if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "max-forwards", "origin", "pragma",
		"proxy-authorization", "referer", "server", "te", "trailer", "transfer-encoding", "upgrade", "via", "warning",
	}
	bodyEncodings = []string{"NONE", "URL_ENCODED"}
	arrayFormats  = []string{"INDICES", "REPEAT", "COMMAS", "BRACKETS"}
)

// RefusedHTTPHeader reports whether HTTP Tasks may not set the header.
func RefusedHTTPHeader(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range refusedHeaderPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains(refusedHTTPHeaders, name)
}

// checkHTTP checks what an HTTP Task is given as far as it is written out.
func (a *analysis) checkHTTP(s *State) {
	g := &given{s, s.Node.Get(a.parameters(s))}
	if g.node == nil {
		if s.QueryLanguage == JSONPath { // with JSONata the state's input is sent
			a.refuseKey(s.Node, Diagnostic{Code: "field-missing", Message: "an HTTP task needs Parameters with ApiEndpoint, Method and a connection"})
		}
		return
	}
	if g.dynamic(g.node) || !a.is(g.node, jsonval.Object) {
		return
	}
	for _, k := range g.node.Kids {
		name := g.name(k)
		switch {
		case !slices.Contains(httpFields, name):
			a.refuseKey(k, Diagnostic{
				Code: "http-field", AWSMessage: fmt.Sprintf("The field %q is not supported by Step Functions", name), Location: g.node.Location(),
				Message: "HTTP tasks have no parameter " + jsonval.Quote(name), Hint: a.guess(name, httpFields),
			})
		case !g.dynamic(k):
			a.httpField(g, k)
		}
	}
	for _, name := range []string{"ApiEndpoint", "Method"} {
		if g.at(name) == nil {
			a.refuseKey(g.node, Diagnostic{
				Code: "field-missing", AWSMessage: "The field '" + name + "' is required but was missing",
				Message: "an HTTP task needs the parameter " + name,
			})
		}
	}
	old, current := g.at("Authentication"), g.at("InvocationConfig")
	switch {
	case old == nil && current == nil:
		a.refuseKey(g.node, Diagnostic{
			Code: "field-missing", AWSMessage: "The field 'ConnectionArn' is required but was missing",
			Message: "an HTTP task needs a connection", Hint: `write "InvocationConfig": {"ConnectionArn": "arn:aws:events:…:connection/…"}`,
		})
	case old != nil && current != nil:
		a.refuseKey(current, Diagnostic{
			Code: "field-exclusive", Message: "Authentication and InvocationConfig do not go together", Hint: "remove one of them",
		})
	}
	a.encodedForm(g)
}

// given is what a task gives an integration: its Parameters or Arguments.
type given struct {
	state *State
	node  *Node
}

// name is the parameter k gives, without the .$ of a path.
func (g *given) name(k *Node) string {
	if g.state.QueryLanguage == JSONata {
		return k.Key
	}
	return strings.TrimSuffix(k.Key, ".$")
}

// dynamic reports whether only a run tells what k is.
func (g *given) dynamic(k *Node) bool {
	return dynamic(g.state, k) || g.state.QueryLanguage == JSONPath && strings.HasSuffix(k.Key, ".$")
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

func (a *analysis) httpField(g *given, k *Node) {
	switch k.Key {
	case "ApiEndpoint":
		if a.is(k, jsonval.String) && !strings.HasPrefix(k.Value.Text(), "https://") {
			d := Diagnostic{Code: "http-endpoint", Message: "ApiEndpoint " + jsonval.Quote(k.Value.Text()) + " is not an https:// URL"}
			if strings.HasPrefix(k.Value.Text(), "http://") {
				d.Hint = "Step Functions calls HTTPS only; --endpoint sends a request elsewhere when it is run here"
			}
			a.refuse(k, d)
		}
	case "Method":
		a.enum(k, apiGatewayMethods...)
	case "Authentication", "InvocationConfig":
		a.connection(g, k)
	case "Headers":
		if a.is(k, jsonval.Object) {
			a.httpHeaders(g, k)
		}
	case "QueryParameters":
		a.is(k, jsonval.Object)
	case "Transform":
		a.transform(g, k)
	}
}

// connection checks the object that names an EventBridge connection.
func (a *analysis) connection(g *given, n *Node) {
	if !a.is(n, jsonval.Object) {
		return
	}
	arn := g.in(n, "ConnectionArn")
	switch {
	case arn == nil:
		a.refuseKey(n, Diagnostic{
			Code: "field-missing", AWSMessage: "The field 'ConnectionArn' is required but was missing",
			Message: n.Key + " needs a ConnectionArn",
		})
	case !g.dynamic(arn):
		a.is(arn, jsonval.String)
	}
}

func (a *analysis) httpHeaders(g *given, n *Node) {
	for _, k := range n.Kids {
		if v := k.Value; !g.dynamic(k) && !v.Is(jsonval.Array) && !v.Is(jsonval.String) {
			a.refuse(k, Diagnostic{
				Code: "http-header", Message: n.Key + "." + k.Key + " must be a string or a list of strings, not " + withArticle(v.Kind()),
			})
		}
	}
	code := "http-header"
	a.refuseHeaders(g.node, n, g.name, RefusedHTTPHeader, code, "an HTTP task", "the connection adds it")
}

func (a *analysis) transform(g *given, n *Node) {
	if !a.is(n, jsonval.Object) {
		return
	}
	for _, k := range n.Kids {
		switch name := g.name(k); {
		case name != "RequestBodyEncoding" && name != "RequestEncodingOptions":
			a.unknown(n, k, a.guess(name, []string{"RequestBodyEncoding", "RequestEncodingOptions"}))
		case g.dynamic(k):
		case name == "RequestBodyEncoding":
			a.enum(k, bodyEncodings...)
		case a.is(k, jsonval.Object):
			if f := g.in(k, "ArrayFormat"); f != nil && !g.dynamic(f) {
				a.enum(f, arrayFormats...)
			}
		}
	}
}

// encodedForm warns about a form that nothing says is one.
func (a *analysis) encodedForm(g *given) {
	encoding, headers := g.in(g.at("Transform"), "RequestBodyEncoding"), g.at("Headers")
	if encoding == nil || encoding.Value.Text() != "URL_ENCODED" || headers != nil && g.dynamic(headers) {
		return
	}
	if headers != nil {
		for _, k := range headers.Kids {
			if strings.EqualFold(g.name(k), "content-type") {
				return
			}
		}
	}
	a.warn(encoding, Diagnostic{
		Code: "http-form", Message: "URL_ENCODED needs the header that says so",
		Hint: `write "Headers": {"content-type": "application/x-www-form-urlencoded"}`,
	})
}
