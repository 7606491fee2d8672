package apigw

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Access is what has to be allowed for an API call to get through
// (https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html,
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples-for-api-execution.html).
type Access struct {
	AuthType  string    // NO_AUTH, IAM_ROLE or RESOURCE_POLICY
	API       string    // the id of the API; * where it is not known
	Statement Statement // its holder's policy has it; NO_AUTH needs none

	// RoleARN holds the statement of an IAM_ROLE call where it is not the
	// execution role: that of Credentials; * where it is not known.
	RoleARN string

	// Notes are why parts of the statement are * or a guess, one sentence each.
	Notes []string
}

// Statement is one Allow of a policy.
type Statement struct {
	Service   string // the principal of a resource policy; "" in a role's policy
	Action    string
	Resources []string // ARNs; * stands for what is not known
	SourceARN string   // only calls on behalf of this ARN; "" for all
}

// The actions of the statements.
const (
	invokeAction = "execute-api:Invoke"
	assumeAction = "sts:AssumeRole"
)

// CallAccess is what lets call through as it is about to be made by the state
// machine of that ARN.
func CallAccess(call interp.Call, machineARN string) Access {
	g := grant{machine: splitARN(machineARN), role: exactly(call.RoleARN)}
	for name, v := range call.Input.Members() {
		g.give(name, literal(v))
	}
	return g.access()
}

// StateAccess is what lets all calls of an API Gateway task through, as far as
// the definition tells. What is computed at run time becomes *, with a note.
func StateAccess(s *asl.State, machineARN string) Access {
	g := grant{machine: splitARN(machineARN)}
	g.read(s, "Credentials", "RoleArn")
	fields := make([]string, len(parameters))
	for i, p := range parameters {
		fields[i] = p.Name
	}
	if s.QueryLanguage == asl.JSONata {
		g.read(s, "Arguments", fields...)
	} else {
		g.read(s, "Parameters", fields...)
	}
	return g.access()
}

// pattern is a value as far as it is known: each piece is a text, or something
// computed.
type pattern []piece

type piece struct {
	text     string
	computed bool
}

func exactly(text string) pattern {
	if text == "" {
		return nil
	}
	return pattern{{text: text}}
}

func unknown() pattern { return pattern{{computed: true}} }

// literal is the pattern of a parameter that is there; null counts as absent.
func literal(v jsonval.Value) pattern { return exactly(v.Text()) }

// known is p's text, where nothing of it is computed.
func (p pattern) known() (text string, ok bool) {
	for _, part := range p {
		if part.computed {
			return "", false
		}
		text += part.text
	}
	return text, true
}

// written is the name and value of a member of Parameters, Arguments or
// Credentials.
func written(s *asl.State, k *asl.Node) (string, pattern) {
	if s.QueryLanguage == asl.JSONata {
		if isExpression(s, k.Value) {
			return k.Key, unknown()
		}
		return k.Key, literal(k.Value)
	}
	name, computed := strings.CutSuffix(k.Key, ".$")
	if !computed {
		return name, literal(k.Value)
	}
	if p, ok := formatted(k.Value.Text()); ok {
		return name, p
	}
	return name, unknown()
}

// isExpression reports whether a value of state s is computed by JSONata.
func isExpression(s *asl.State, v jsonval.Value) bool {
	return s.QueryLanguage == asl.JSONata && strings.HasPrefix(v.Text(), "{%")
}

// formatted is the pattern of a call States.Format('pets/{}', …), whose template
// tells more than nothing.
func formatted(call string) (p pattern, ok bool) {
	rest, ok := strings.CutPrefix(call, "States.Format(")
	if rest = strings.TrimLeft(rest, " \t\r\n"); !ok || !strings.HasPrefix(rest, "'") {
		return nil, false
	}
	text := ""
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\'':
			return append(p, exactly(text)...), true
		case c == '\\' && i+1 < len(rest):
			i++
			text += rest[i : i+1]
		case c == '{' && strings.HasPrefix(rest[i:], "{}"):
			i++
			p = append(append(p, exactly(text)...), piece{computed: true})
			text = ""
		default:
			text += rest[i : i+1]
		}
	}
	return nil, false
}

// arn is an ARN taken apart as far as policies need it.
type arn struct{ whole, partition, region, account string }

func splitARN(text string) arn {
	part := strings.SplitN(text, ":", 6)
	if len(part) < 6 || part[0] != "arn" {
		return arn{text, "aws", "*", "*"}
	}
	return arn{text, part[1], part[3], part[4]}
}

// grant collects what an Access is made of.
type grant struct {
	machine                                 arn
	endpoint, method, stage, path, authType pattern
	role                                    pattern
	notes                                   []string
}

func (g *grant) give(name string, p pattern) {
	switch name {
	case "ApiEndpoint":
		g.endpoint = p
	case "Method":
		g.method = p
	case "Stage":
		g.stage = p
	case "Path":
		g.path = p
	case "AuthType":
		g.authType = p
	case "RoleArn":
		g.role = p
	}
}

// read gives g what a field of s says about its members.
func (g *grant) read(s *asl.State, field string, members ...string) {
	n := s.Node.Get(field)
	switch {
	case n == nil:
	case isExpression(s, n.Value):
		for _, name := range members {
			g.give(name, unknown())
		}
	default:
		for _, k := range n.Kids {
			g.give(written(s, k))
		}
	}
}

func (g *grant) note(format string, args ...any) {
	g.notes = append(g.notes, fmt.Sprintf(format, args...))
}

func (g *grant) access() Access {
	a := Access{AuthType: "NO_AUTH"}
	if text, ok := g.authType.known(); !ok {
		a.AuthType = "IAM_ROLE"
		g.note("AuthType is known only when it runs: taken for IAM_ROLE")
	} else if text != "" {
		a.AuthType = text
	}
	if a.AuthType == "IAM_ROLE" {
		a.RoleARN = g.holder()
	}
	var region string
	region, a.API = g.host()
	if a.AuthType == "NO_AUTH" {
		return a
	}
	account := g.machine.account
	if role := splitARN(a.RoleARN); role.account != "*" {
		account = role.account // an API of the account that signs
	}
	partition := partitionOf(region)
	if partition == "" {
		partition = g.machine.partition
	}
	a.Statement = Statement{
		Action:    invokeAction,
		Resources: []string{"arn:" + partition + ":execute-api:" + region + ":" + account + ":" + a.API + "/" + g.route(a.AuthType)},
	}
	if a.AuthType == "RESOURCE_POLICY" {
		a.Statement.Service, a.Statement.SourceARN = "states.amazonaws.com", g.machine.whole
	}
	a.Notes = g.notes
	return a
}

// holder is the role of Credentials, "" for the execution role.
func (g *grant) holder() string {
	role, ok := g.role.known()
	if !ok {
		g.note("Credentials.RoleArn is known only when it runs: the role it names has to allow the call, in its own account")
		return "*"
	}
	return role
}

// host is the region and the id of the API.
func (g *grant) host() (region, api string) {
	host, ok := g.endpoint.known()
	if !ok {
		// A template such as {}.execute-api.eu-west-1.amazonaws.com tells the region.
		if last := g.endpoint[len(g.endpoint)-1]; !last.computed && Region(last.text) != "" {
			g.note("the API in ApiEndpoint is known only when it runs: * stands for it")
			return Region(last.text), "*"
		}
		g.note("ApiEndpoint is known only when it runs: * stands for the API, the region is the machine's")
		return g.machine.region, "*"
	}
	if region = Region(host); region == "" {
		g.note("%s names no API and no region: * stands for the API, the region is the machine's", host)
		return g.machine.region, "*"
	}
	api, _, _ = strings.Cut(host, ".")
	return region, api
}

// partitionOf is the partition of a region outside of aws, "" if the region does
// not tell.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case region == "*" || region == "":
		return ""
	}
	return "aws"
}

// route is stage/METHOD/path.
func (g *grant) route(authType string) string {
	stage := strings.Trim(g.part("Stage", g.stage), "/")
	path := strings.TrimLeft(g.part("Path", g.path), "/")
	switch {
	case stage != "":
	case authType == "RESOURCE_POLICY":
		// Only REST APIs have resource policies, and their URLs begin with the stage.
		stage, path, _ = strings.Cut(path, "/")
		if stage == "" {
			stage = "*"
			g.note("neither Stage nor Path names the stage: * stands for it")
		}
		if strings.HasSuffix(stage, "*") && path == "" {
			path = "*"
		}
	default:
		stage = "$default"
		if first, rest, ok := strings.Cut(path, "/"); ok && first != "*" {
			g.note("there is no Stage: taken for the $default stage of an HTTP API; if %q is the stage of a REST API, the resource ends in %s/%s/%s",
				first, first, g.methodText(), rest)
		} else {
			g.note("there is no Stage: taken for the $default stage of an HTTP API")
		}
	}
	if _, ok := g.method.known(); !ok {
		g.note("Method is known only when it runs: * stands for it")
	}
	return stage + "/" + g.methodText() + "/" + path
}

func (g *grant) methodText() string {
	if m, ok := g.method.known(); ok {
		return m
	}
	return "*"
}

// part is a stage or path as a policy's ARN has it: with * for what is not
// known, and for characters of which AWS does not say whether it compares them
// percent-encoded.
func (g *grant) part(name string, p pattern) string {
	var b strings.Builder
	star := func() {
		if s := b.String(); !strings.HasSuffix(s, "*") {
			b.WriteByte('*')
		}
	}
	computed, encoded := false, false
	for _, piece := range p {
		if piece.computed {
			computed = true
			star()
			continue
		}
		for _, c := range []byte(piece.text) {
			switch {
			case c == '*':
				b.WriteString("${*}") // a real one
			case c == '%' || strings.IndexByte(inPath, c) < 0:
				encoded = true
				star()
			default:
				b.WriteByte(c)
			}
		}
	}
	if computed {
		g.note("%s is known only when it runs: * stands for what it will be", name)
	}
	if encoded {
		g.note("%s has characters that are sent percent-encoded: * stands for them", name)
	}
	return b.String()
}

// JSON is the statement as policies have it.
func (s Statement) JSON() jsonval.Value {
	text := jsonval.OfString
	members := []jsonval.Member{{Key: "Effect", Value: text("Allow")}}
	if s.Service != "" {
		members = append(members, jsonval.Member{Key: "Principal", Value: jsonval.ObjectOf(jsonval.Member{Key: "Service", Value: text(s.Service)})})
	}
	resources := make([]jsonval.Value, len(s.Resources))
	for i, r := range s.Resources {
		resources[i] = text(r)
	}
	members = append(members, jsonval.Member{Key: "Action", Value: text(s.Action)}, jsonval.Member{Key: "Resource", Value: jsonval.OfItems(resources)})
	if s.SourceARN != "" {
		is := jsonval.ObjectOf(jsonval.Member{Key: "aws:SourceArn", Value: text(s.SourceARN)})
		operator := "StringEquals"
		if strings.ContainsAny(s.SourceARN, "*?") {
			operator = "ArnLike"
		}
		members = append(members, jsonval.Member{Key: "Condition", Value: jsonval.ObjectOf(jsonval.Member{Key: operator, Value: is})})
	}
	return jsonval.OfMembers(members)
}

// Policy is what one holder has to allow for all API calls of a machine.
type Policy struct {
	RoleARN    string // the role that needs it; "" for the execution role, * for one known only at run time
	API        string // or the API whose resource policy it is; "" for a role's policy
	Statements []Statement
}

// JSON is the policy document, with what else the holder has to allow.
func (p Policy) JSON(more ...jsonval.Value) jsonval.Value {
	statements := make([]jsonval.Value, len(p.Statements))
	for i, s := range p.Statements {
		statements[i] = s.JSON()
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Version", Value: jsonval.OfString("2012-10-17")},
		jsonval.Member{Key: "Statement", Value: jsonval.OfItems(append(statements, more...))},
	)
}

// StateNotes are the Notes about one state's calls.
type StateNotes struct {
	State string
	Notes []string
}

// Policies are what all API Gateway calls of a machine need: first the execution
// role's, which may have no statement, then those of other roles and of APIs.
func Policies(m *asl.StateMachine, machineARN string) ([]Policy, []StateNotes) {
	all := []Policy{{}}
	var notes []StateNotes
	for s := range m.All() {
		if s.Type != asl.Task || !handles(interp.ParseResource(s.Resource)) {
			continue
		}
		a := StateAccess(s, machineARN)
		if len(a.Notes) > 0 {
			notes = append(notes, StateNotes{s.Name, a.Notes})
		}
		switch a.AuthType {
		case "IAM_ROLE":
			if a.RoleARN != "" {
				all = allow(all, Policy{}, Statement{Action: assumeAction, Resources: []string{a.RoleARN}})
			}
			all = allow(all, Policy{RoleARN: a.RoleARN}, a.Statement)
		case "RESOURCE_POLICY":
			all = allow(all, Policy{API: a.API}, a.Statement)
		}
	}
	return all, notes
}

// allow adds s to the policy of the same holder as of.
func allow(all []Policy, of Policy, s Statement) []Policy {
	i := slices.IndexFunc(all, func(p Policy) bool { return p.RoleARN == of.RoleARN && p.API == of.API })
	if i < 0 {
		i, all = len(all), append(all, of)
	}
	p := &all[i]
	j := slices.IndexFunc(p.Statements, func(t Statement) bool { return t.Action == s.Action })
	if j < 0 {
		p.Statements = append(p.Statements, s)
		return all
	}
	for _, r := range s.Resources {
		if !slices.Contains(p.Statements[j].Resources, r) {
			p.Statements[j].Resources = append(p.Statements[j].Resources, r)
		}
	}
	return all
}
