package asl

import (
	"fmt"
	"regexp"
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
	// refusedHTTPHeaders are those an HTTP Task may not set.
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
	for _, prefix := range refusedHTTPHeaderPrefixes {
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
		if a.is(k, jsonval.String) {
			a.httpEndpoint(k)
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

func (a *analysis) httpEndpoint(n *Node) {
	text := n.Value.Text()
	scheme, rest, _ := strings.Cut(text, "://")
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	d := Diagnostic{Code: "http-endpoint", Message: "ApiEndpoint " + jsonval.Quote(text)}
	switch {
	case !strings.EqualFold(scheme, "https"):
		d.Message += " is not an https:// URL"
		if strings.EqualFold(scheme, "http") {
			d.Hint = "Step Functions calls HTTPS only; --endpoint sends a request elsewhere when it is run here"
		}
	case host == "" || host[0] == ':':
		d.Message += " names no host"
	case strings.Contains(host, "@"):
		d.Message += " has a user in it"
		d.Hint = "the connection says who calls"
	case malformedEscape.MatchString(rest):
		d.Message += " has a % that begins no encoded character"
		d.Hint = "a % itself is written %25"
	default:
		return
	}
	a.refuse(n, d)
}

// malformedEscape finds a % without two hexadecimal digits.
var malformedEscape = regexp.MustCompile(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)

// connection checks the object that names an EventBridge connection.
func (a *analysis) connection(g *given, n *Node) {
	if !a.is(n, jsonval.Object) {
		return
	}
	for _, k := range n.Kids {
		if g.name(k) != "ConnectionArn" {
			a.unknown(n, k, a.guess(g.name(k), []string{"ConnectionArn"}))
		}
	}
	arn := g.in(n, "ConnectionArn")
	switch {
	case arn == nil:
		a.refuseKey(n, Diagnostic{
			Code: "field-missing", AWSMessage: "The field 'ConnectionArn' is required but was missing",
			Message: n.Key + " needs a ConnectionArn",
		})
	case !g.dynamic(arn) && a.is(arn, jsonval.String):
		a.nonempty(arn)
	}
}

func (a *analysis) httpHeaders(g *given, n *Node) {
	for _, k := range n.Kids {
		if g.dynamic(k) {
			continue
		}
		values := k.Kids
		if !k.Value.Is(jsonval.Array) {
			values = []*Node{k}
		}
		for _, v := range values {
			a.sentValue(v, "http-header", n.Key+"."+k.Key+" is a string or a list of strings")
		}
	}
	const code = "http-header"
	a.refuseHeaders(g.node, n, g.name, RefusedHTTPHeader, code, "an HTTP task", "the connection adds it")
	a.headerTexts(n, g.name, code)
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
			for _, f := range k.Kids {
				switch name := g.name(f); {
				case name != "ArrayFormat":
					a.unknown(k, f, a.guess(name, []string{"ArrayFormat"}))
				case !g.dynamic(f):
					a.enum(f, arrayFormats...)
				}
			}
		}
	}
}

// encodedForm warns about a form that nothing says is one, and refuses a body
// that makes none.
func (a *analysis) encodedForm(g *given) {
	encoding, headers := g.in(g.at("Transform"), "RequestBodyEncoding"), g.at("Headers")
	if encoding == nil || encoding.Value.Text() != "URL_ENCODED" {
		return
	}
	if body := g.at("RequestBody"); body != nil && !g.dynamic(body) {
		switch body.Value.Kind() {
		case jsonval.Object, jsonval.String, jsonval.Null:
		default:
			a.refuse(body, Diagnostic{Code: "http-form", Message: "a form is made of an object, not of " + withArticle(body.Value.Kind())})
		}
	}
	if headers != nil && g.dynamic(headers) {
		return
	}
	const form = "application/x-www-form-urlencoded"
	at, message := encoding, "URL_ENCODED needs the header that says so"
	if headers != nil {
		for _, k := range headers.Kids {
			if !strings.EqualFold(g.name(k), "content-type") {
				continue
			}
			v := k.Value
			if v.Is(jsonval.Array) {
				v = v.At(0)
			}
			kind, _, _ := strings.Cut(v.Text(), ";")
			if g.dynamic(k) || strings.EqualFold(strings.TrimSpace(kind), form) {
				return
			}
			at, message = k, "URL_ENCODED needs another content type than "+v.String()
		}
	}
	a.warn(at, Diagnostic{
		Code: "http-form", Message: message + ", or the task fails when it starts",
		Hint: `write "Headers": {"content-type": "` + form + `"}`,
	})
}
