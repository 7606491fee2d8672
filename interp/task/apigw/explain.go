package apigw

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/sigv4"
)

// Explain says why an API refused a request, as far as its answer tells: of
// statuses 401, 403 and 404, and why no answer came. ok is false where it says
// nothing that is known.
//
// What API Gateway answers is in
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
// and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html.
func Explain(x task.Exchange) (e task.Explanation, ok bool) {
	if x.Response == nil || x.Err != nil {
		return unreached(x)
	}
	switch x.Response.Status {
	case 401, 403, 404:
	default:
		return e, false
	}
	r := refusal{Exchange: x, draft: x.Sent.Draft(), text: x.Sent.Hide(messageOf(x.Response))}
	if u, err := url.Parse(r.draft.URL); err == nil {
		r.host, r.path = u.Hostname(), u.EscapedPath()
	}
	if !r.byGateway() {
		return e, false
	}
	for _, known := range refusals {
		if known.status != 0 && known.status != x.Response.Status {
			continue
		}
		if m := known.says.FindStringSubmatch(r.text); m != nil {
			e = known.explain(&r, m)
			e.Kind = known.kind
			return e, true
		}
	}
	return e, false
}

// refusal is an answer that refuses a request.
type refusal struct {
	task.Exchange
	draft      task.Draft
	host, path string
	text       string // the message in the body, secrets hidden
}

// maxMessage is how much of an answer is read, in bytes; those of API Gateway
// repeat a request's head, which may have 10,240.
const maxMessage = 64 << 10

// unreached says why no answer came.
func unreached(x task.Exchange) (e task.Explanation, ok bool) {
	if x.Err == nil {
		return e, false
	}
	e.Facts = []task.Fact{{Name: "said", Value: x.Err.Message}}
	switch x.Err.Exception {
	case "SSLHandshakeException":
		e.Kind, e.Title = "certificate", "The host's certificate was not accepted"
		e.Cause = "It is not signed by anybody this machine trusts, is for another name, or has expired. A company's proxy that reads along signs with a certificate of its own."
		e.Do = []string{"Give the certificate that signs: --ca-file FILE, in PEM form.", "Certificates are always checked: there is no switch for it."}
	case "UnknownHostException":
		e.Kind, e.Title = "unknown-host", "There is no such host"
		e.Cause = "The name cannot be looked up: it is misspelt, an API's id or region is wrong, the API was deleted, or this machine has no network."
		e.Do = []string{"Check the host in ApiEndpoint; that of an API is <api-id>.execute-api.<region>.amazonaws.com.", "Behind a proxy, set HTTPS_PROXY."}
	case "ConnectException", "ConnectTimeoutException":
		e.Kind, e.Title = "no-connection", "Nobody answers there"
		e.Cause = "The host is known, but no connection was made: nothing listens at that port, a firewall is in between, or the proxy refuses."
		e.Do = []string{"Check where --endpoint, AWS_ENDPOINT_URL and HTTPS_PROXY point.", "Private APIs can be reached from inside their VPC only."}
	default:
		return task.Explanation{}, false
	}
	return e, true
}

// byGateway reports whether API Gateway speaks: HTTP tasks call others too, which
// may use the same words.
func (r *refusal) byGateway() bool {
	for _, f := range r.Response.Header {
		switch strings.ToLower(f.Name) {
		case "x-amzn-requestid", "x-amz-apigw-id", "apigw-requestid", "x-amzn-errortype":
			return true
		}
	}
	return asl.IsAPIHost(r.host)
}

// messageOf is the message of API Gateway's JSON answers, whose M is large where
// IAM speaks; else the body.
func messageOf(r *task.Response) string {
	body := strings.ToValidUTF8(string(r.Body[:min(len(r.Body), maxMessage)]), "\uFFFD")
	v, err := jsonval.Parse(body)
	if err != nil {
		return body
	}
	for _, name := range []string{"message", "Message"} {
		if m := v.Get(name); m.Is(jsonval.String) {
			return m.Text()
		}
	}
	return body
}

// refusals are what API Gateway says; the first that fits counts.
var refusals = []struct {
	kind    string
	status  int // 0: any
	says    *regexp.Regexp
	explain func(*refusal, []string) task.Explanation
}{
	{"signature-mismatch", 403, regexp.MustCompile(`^The request signature we calculated does not match`), (*refusal).mismatch},
	{"signature-expired", 403, regexp.MustCompile(`^Signature expired: (\S+) is now earlier than (\S+) \((\S+)`), (*refusal).expired},
	{"signature-early", 403, regexp.MustCompile(`^Signature not yet current: (\S+) is still later than (\S+) \((\S+)`), (*refusal).early},
	{"wrong-region", 403, regexp.MustCompile(`^Credential should be scoped to a valid region(?:, not '([^']*)')?`), (*refusal).region},
	{"wrong-service", 403, regexp.MustCompile(`^Credential should be scoped to correct service(?:: '([^']*)')?`), (*refusal).service},
	{"wrong-day", 403, regexp.MustCompile(`^Date in Credential scope does not match`), (*refusal).day},
	{"token-expired", 403, regexp.MustCompile(`^The security token included in the request is expired`), (*refusal).tokenExpired},
	{"unknown-key", 403, regexp.MustCompile(`^The security token included in the request is invalid`), (*refusal).unknownKey},
	{"missing-token", 403, regexp.MustCompile(`^Missing Authentication Token`), (*refusal).missingToken},
	{"not-sigv4", 403, regexp.MustCompile(`Authorization header|not a valid key=value pair`), (*refusal).notSigV4},
	{"not-authorized", 403, regexp.MustCompile(`^User: (\S+) is not authorized to perform: (\S+) on resource: (\S+)(?: (.*))?`), (*refusal).notAuthorized},
	{"authorizer", 403, regexp.MustCompile(`^User is not authorized to access this resource`), (*refusal).authorizer},
	{"forbidden", 403, regexp.MustCompile(`^Forbidden$`), (*refusal).forbidden},
	{"unauthorized", 401, regexp.MustCompile(`^Unauthorized$`), (*refusal).unauthorized},
	{"no-route", 404, regexp.MustCompile(`^Not Found$`), (*refusal).noRoute},
}

// mismatch compares what was signed with what should have been.
func (r *refusal) mismatch([]string) task.Explanation {
	e := task.Explanation{Title: "The signature does not match the request"}
	canonical, toSign := quoted(r.text, "The Canonical String for this request should have been"), quoted(r.text, "The String-to-Sign should have been")
	if canonical == "" || !r.Sent.Signed() {
		e.Cause = "The API computed another signature than the one it got, and does not say from what."
		e.Do = []string{"Check that the secret access key belongs to the access key id that signed."}
		return e
	}
	e.Comparisons = []task.Comparison{
		compare("canonical request", canonicalLines(r.Sent.Canonical()), canonicalLines(canonical)),
		compare("string to sign", toSignLines(r.Sent.StringToSign()), toSignLines(toSign)),
	}
	request, sign := e.Comparisons[0], e.Comparisons[1]
	switch {
	case r.Sent.Kept() && request.First >= 0:
		e.Cause = "The request was edited after it was signed, and its first signature was kept. The first difference is in the " + request.Lines[request.First].What + "."
		e.Do = []string{"Seal the request anew, with \"sign now\"."}
	case request.First >= 0:
		line := request.Lines[request.First]
		e.Cause = fmt.Sprintf("The API saw another %s than the one that was signed. %s", line.What, likely(line.What))
		e.Do = []string{"Compare what is shown here with what arrives: something between this program and the API changes the request."}
		if r.draft.Endpoint != "" {
			e.Do = append(e.Do, "The request went to "+r.draft.Endpoint+": see whether that passes on host, path, query and headers untouched.")
		}
	case sign.First >= 0:
		e.Cause = fmt.Sprintf("Both sides agree on the request, but not on the %s of the signature.", sign.Lines[sign.First].What)
		e.Do = []string{"Seal the request again: its date and scope are made anew."}
	case r.Sent.Tampered():
		e.Cause = "Both sides agree on the request and on the string to sign: the signature itself is wrong, because it was changed on purpose before it was sent."
		e.Do = []string{"Send the request as it was sealed."}
	default:
		e.Cause = "Both sides agree on the request and on the string to sign, so the key differs: the secret access key is not that of " + r.Sent.Identity() + "."
		e.Do = []string{
			"Check the secret access key of these credentials: a lost last character or a / read as %2F is the usual cause.",
			"Look which credentials are used: environment variables win over the profile.",
		}
	}
	return e
}

// likely is the usual cause of a difference.
func likely(what string) string {
	switch {
	case what == "method":
		return "A redirect or a proxy turned it into another."
	case what == "path":
		return "A base path, a proxy or a second percent-encoding changed it; SigV4 signs the path encoded once more than it is sent."
	case what == "query":
		return "A proxy sorted, decoded or added to it; a blank must be %20, never +."
	case what == "header host":
		return "A proxy or a custom domain name put another Host there."
	case what == "signed headers":
		return "Some of the headers that were signed did not arrive."
	case what == "body hash":
		return "The body was changed on its way, by another encoding or by compression."
	}
	return "A proxy changed or removed that header."
}

func (r *refusal) expired(m []string) task.Explanation {
	e := task.Explanation{Title: "The signature is too old", Facts: r.times(m[1], m[3])}
	theirs, err := time.Parse(sigv4.TimeFormat, m[3])
	behind := theirs.Sub(r.Began)
	if held := r.Began.Sub(r.Sent.SignedAt()); held > 4*time.Minute || err != nil {
		e.Cause = fmt.Sprintf("It was made %s before it was sent; AWS takes a signature for 5 minutes.", round(held))
		e.Do = []string{"Seal the request again and send it at once."}
		return e
	}
	e.Cause = fmt.Sprintf("The clock of this machine is %s behind the API's; AWS takes a signature for 5 minutes.", round(behind))
	e.Do = []string{"Set this machine's clock: let it be kept by NTP. Containers and virtual machines that slept are usual victims."}
	return e
}

func (r *refusal) early(m []string) task.Explanation {
	e := task.Explanation{Title: "The signature is from the future", Facts: r.times(m[1], m[3])}
	e.Cause = "The clock of this machine is ahead of the API's by more than the 5 minutes AWS allows."
	if theirs, err := time.Parse(sigv4.TimeFormat, m[3]); err == nil {
		e.Cause = fmt.Sprintf("The clock of this machine is %s ahead of the API's; AWS allows 5 minutes.", round(r.Sent.SignedAt().Sub(theirs)))
	}
	e.Do = []string{"Set this machine's clock: let it be kept by NTP."}
	return e
}

func (r *refusal) times(signed, theirs string) []task.Fact {
	return []task.Fact{{Name: "signed at", Value: signed}, {Name: "the API's clock", Value: theirs}, {Name: "sent at", Value: r.Began.UTC().Format(sigv4.TimeFormat)}}
}

// round is a duration as one speaks of it.
func round(d time.Duration) string {
	if d = d.Abs(); d < time.Minute {
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}

func (r *refusal) region([]string) task.Explanation {
	e := task.Explanation{Title: "Signed for the wrong region"}
	signed, host := "", Region(r.host)
	if r.draft.Scope != nil {
		signed = r.draft.Scope.Region
	}
	e.Facts = []task.Fact{{Name: "signed for", Value: signed}, {Name: "the host is in", Value: host}}
	if host != "" && host != signed {
		e.Cause = fmt.Sprintf("The signature is for %s, but %s is in %s.", signed, r.host, host)
		e.Do = []string{"Sign for " + host + ": the region of the signature is made from ApiEndpoint."}
		return e
	}
	e.Cause = fmt.Sprintf("The signature is for %s, and the API is somewhere else.", signed)
	e.Do = []string{"Check the region in ApiEndpoint, and where --endpoint sends the request."}
	return e
}

func (r *refusal) service(m []string) task.Explanation {
	service := ""
	if r.draft.Scope != nil {
		service = r.draft.Scope.Service
	}
	return task.Explanation{
		Title: "Signed for another service",
		Cause: fmt.Sprintf("The signature is for the service %q; an API wants execute-api.", service),
		Do:    []string{"Sign for execute-api."},
		Facts: []task.Fact{{Name: "signed for", Value: service}, {Name: "wanted", Value: m[1]}},
	}
}

func (r *refusal) day([]string) task.Explanation {
	return task.Explanation{
		Title: "The signature's day is not that of its date",
		Cause: "X-Amz-Date was changed after signing, or names another day than the credential scope.",
		Do:    []string{"Seal the request again: date and scope are made together."},
	}
}

func (r *refusal) tokenExpired([]string) task.Explanation {
	return task.Explanation{
		Title: "The credentials have expired",
		Cause: "The session token of " + r.Sent.Identity() + " is over. The signature itself is fine.",
		Do:    []string{"Sign in again, such as with aws sso login, or assume the role again.", "Environment variables keep old session tokens: unset AWS_SESSION_TOKEN."},
	}
}

func (r *refusal) unknownKey([]string) task.Explanation {
	return task.Explanation{
		Title: "AWS does not know the credentials",
		Cause: "There is no such access key, or its session token is missing or belongs to another one. The signature was not even looked at.",
		Do: []string{
			"Check who signed: " + r.Sent.Identity() + ". aws sts get-caller-identity tells whether AWS knows them.",
			"Temporary access keys (ASIA…) need their AWS_SESSION_TOKEN.",
			"An API in China or GovCloud needs credentials of that partition.",
		},
	}
}

func (r *refusal) missingToken([]string) task.Explanation {
	e := task.Explanation{Title: "No such method, or not signed", Facts: []task.Fact{{Name: "asked for", Value: r.draft.Method + " " + r.path}}}
	check := "Check Stage, Path and Method: the path of the URL begins with the stage's name, and a method that was added later works only once the API is deployed again."
	if r.draft.Scope != nil {
		e.Cause = "The request is signed, so the API has no such method on that path in that stage: API Gateway says the same for both."
		e.Do = []string{check}
		return e
	}
	e.Cause = "Either the API has no such method on that path in that stage, or the method wants a signature and got none: API Gateway says the same for both."
	e.Do = []string{check, "If the method's authorization is AWS_IAM, set AuthType to IAM_ROLE."}
	return e
}

func (r *refusal) notSigV4([]string) task.Explanation {
	return task.Explanation{
		Title: "The Authorization header is no signature",
		Cause: "The method wants SigV4, and what stands in Authorization is something else, or a part of it is missing.",
		Do:    []string{"Remove the Authorization header and set AuthType to IAM_ROLE.", "On an unknown path API Gateway reads every Authorization header as SigV4: check Stage and Path."},
	}
}

func (r *refusal) notAuthorized(m []string) task.Explanation {
	who, what, resource, why := m[1], m[2], m[3], m[4]
	e := task.Explanation{
		Title: "The caller may not do that",
		Facts: []task.Fact{{Name: "caller", Value: who}, {Name: "action", Value: what}, {Name: "resource", Value: resource}},
	}
	statement := fmt.Sprintf(`{"Effect":"Allow","Action":%s,"Resource":%s}`, jsonval.Quote(what), jsonval.Quote(resource))
	switch {
	case who == "anonymous":
		e.Cause = "The request is not signed, and the API's resource policy lets nobody in without a signature."
		e.Do = []string{"Set AuthType to IAM_ROLE, or RESOURCE_POLICY where the API's resource policy allows states.amazonaws.com.", "Or let the resource policy allow it: " + statement + ` with "Principal":"*"`}
	case strings.Contains(why, "explicit deny"):
		e.Cause = "The signature is right. A policy denies it outright, which no other statement can undo: " + why
		e.Do = []string{"Look for a statement with Deny that covers this resource: in the API's resource policy, the caller's policies, permission boundaries and service control policies. A resource policy denies by aws:SourceIp, aws:SourceVpce or aws:SourceArn most often."}
	default:
		e.Cause = "The signature is right, but no policy lets this caller do it."
		e.Do = []string{"Add to a policy of the caller: " + statement, "From another account the API's resource policy must allow the caller as well."}
	}
	if strings.Contains(resource, "*") {
		e.Do = append(e.Do, "API Gateway masks the account number in its answer: write the whole number, or *, in the policy.")
	}
	return e
}

func (r *refusal) authorizer([]string) task.Explanation {
	return task.Explanation{
		Title: "The API's authorizer said no",
		Cause: "A Lambda authorizer returned a policy that denies this method: the request was understood.",
		Do:    []string{"Look at what the authorizer reads (a header, a query parameter) and at its log.", "An authorizer's answer is cached: a policy for one method only denies the others until the cache has run out."},
	}
}

func (r *refusal) forbidden([]string) task.Explanation {
	e := task.Explanation{
		Title: "Forbidden",
		Cause: "API Gateway says this for an API key that is missing, unknown or of another usage plan, for what a web ACL (WAF) blocks, and for hosts it does not know.",
		Do: []string{
			"Does the method require an API key? Pass it as a header: \"x-api-key\": [\"…\"]; the key needs a usage plan that covers this stage.",
			"Is a web ACL attached to the stage? Its sampled requests show what it blocks.",
		},
	}
	for name := range r.draft.Header {
		if strings.EqualFold(name, "X-Api-Key") {
			e.Do[0] = "The request has an API key: check that it is enabled and that its usage plan covers this stage."
		}
	}
	if !asl.IsAPIHost(r.host) {
		e.Do = append(e.Do, r.host+" is not the host of an API: a custom domain name needs a mapping of the path to an API and a stage.")
	}
	return e
}

func (r *refusal) unauthorized([]string) task.Explanation {
	e := task.Explanation{
		Title: "The API's authorizer got nothing to go by",
		Cause: "The method has an authorizer, and what it reads is missing or not valid. Step Functions cannot send the Authorization header that Cognito and JWT authorizers read.",
		Do:    []string{"Use AWS_IAM with AuthType IAM_ROLE, or a Lambda authorizer that reads another header or a query parameter."},
	}
	if r.draft.Scope != nil {
		e.Cause += " The request is signed, but it is not AWS_IAM that guards this method: its authorizer does not look at signatures."
		e.Do = []string{"Set the method's authorization to AWS_IAM, or send what its authorizer reads in another header or in a query parameter."}
	}
	return e
}

func (r *refusal) noRoute([]string) task.Explanation {
	return task.Explanation{
		Title: "No such route",
		Cause: "This is what an HTTP API answers for a route or a stage it does not have.",
		Do:    []string{"Check Path and Method, and Stage: an API with the stage $default is called without Stage."},
		Facts: []task.Fact{{Name: "asked for", Value: r.draft.Method + " " + r.path}},
	}
}

// quoted is the text in apostrophes after a heading.
func quoted(text, heading string) string {
	_, rest, ok := strings.Cut(text, heading+"\n'")
	if !ok {
		return ""
	}
	if before, _, more := strings.Cut(rest, "'\n\nThe String-to-Sign"); more {
		return before
	}
	return strings.TrimSuffix(strings.TrimRight(rest, "\n"), "'")
}

// namedLine is a line of a text that was signed, with what it is.
type namedLine struct{ what, text string }

// canonicalLines names the lines of a canonical request.
func canonicalLines(text string) []namedLine {
	lines := strings.Split(text, "\n")
	out := make([]namedLine, 0, len(lines))
	for i, line := range lines {
		what := ""
		switch {
		case i < 3:
			what = [...]string{"method", "path", "query"}[i]
		case i == len(lines)-1:
			what = "body hash"
		case i == len(lines)-2:
			what = "signed headers"
		case line != "":
			name, _, _ := strings.Cut(line, ":")
			what = "header " + name
		}
		out = append(out, namedLine{what, line})
	}
	return out
}

// toSignLines names the lines of a string to sign.
func toSignLines(text string) []namedLine {
	names := [...]string{"algorithm", "date", "scope", "request's hash"}
	var out []namedLine
	for i, line := range strings.Split(text, "\n") {
		what := ""
		if i < len(names) {
			what = names[i]
		}
		out = append(out, namedLine{what, line})
	}
	return out
}

// compare puts two texts side by side. Lines that are on one side only, headers
// mostly, stand beside nothing.
func compare(name string, ours, theirs []namedLine) task.Comparison {
	c := task.Comparison{Name: name, First: -1}
	add := func(what, our, their string, differs bool) {
		if differs && c.First < 0 {
			c.First = len(c.Lines)
		}
		c.Lines = append(c.Lines, task.LinePair{What: what, Ours: our, Theirs: their, Differs: differs})
	}
	has := func(lines []namedLine, what string) bool {
		for _, l := range lines {
			if l.what == what {
				return true
			}
		}
		return false
	}
	for len(ours) > 0 || len(theirs) > 0 {
		switch {
		case len(theirs) == 0 || len(ours) > 0 && ours[0].what != theirs[0].what && !has(theirs[1:], ours[0].what):
			add(ours[0].what, ours[0].text, "", true)
			ours = ours[1:]
		case len(ours) == 0 || ours[0].what != theirs[0].what:
			add(theirs[0].what, "", theirs[0].text, true)
			theirs = theirs[1:]
		default:
			add(ours[0].what, ours[0].text, theirs[0].text, ours[0].text != theirs[0].text)
			ours, theirs = ours[1:], theirs[1:]
		}
	}
	return c
}
