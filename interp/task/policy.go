package task

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"asldbg/interp"
)

// Policy says which calls may leave the machine and where they go. The zero
// Policy allows none.
type Policy struct {
	live      []string            // patterns; "*": all
	endpoints []endpoint          // of --endpoint, in order
	services  map[string]variable // of AWS_ENDPOINT_URL_<SERVICE>, by serviceKey; "": AWS_ENDPOINT_URL
}

type (
	endpoint struct{ host, url string }
	variable struct{ name, url string }
)

// NewPolicy reads the patterns of --live, the HOST=URL texts of --endpoint, and
// the environment (as os.Environ gives it) for AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_<SERVICE> and AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, which mean
// what they mean to the AWS SDKs
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
func NewPolicy(live, endpoints, environ []string) (Policy, error) {
	p := Policy{services: map[string]variable{}}
	for _, pattern := range live {
		if strings.TrimSpace(pattern) == "" {
			return Policy{}, errors.New("--live= names nothing: give a host or resource, or --live alone for all")
		}
		p.live = append(p.live, pattern)
	}
	for _, text := range endpoints {
		e, err := readEndpoint(text)
		if err != nil {
			return Policy{}, err
		}
		p.endpoints = append(p.endpoints, e)
	}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if name == "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" && strings.EqualFold(value, "true") {
			p.services = nil
			return p, nil
		}
		service, ok := strings.CutPrefix(name, "AWS_ENDPOINT_URL")
		if !ok || value == "" || service != "" && service[0] != '_' {
			continue
		}
		if _, err := parseEndpoint(value); err != nil {
			return Policy{}, fmt.Errorf("%s: %w", name, err)
		}
		p.services[serviceKey(service)] = variable{name, value}
	}
	return p, nil
}

func readEndpoint(text string) (endpoint, error) {
	host, target, ok := strings.Cut(text, "=")
	switch {
	case !ok || host == "" || target == "":
		return endpoint{}, fmt.Errorf("--endpoint %q: write HOST=URL, such as *.execute-api.*=http://127.0.0.1:3000", text)
	case strings.ContainsAny(host, "/ ") || strings.Contains(host, "://"):
		return endpoint{}, fmt.Errorf("--endpoint %q: before the = stands a host name alone, without https:// and path", text)
	}
	if _, err := parseEndpoint(target); err != nil {
		return endpoint{}, fmt.Errorf("--endpoint %q: %w", text, err)
	}
	return endpoint{strings.ToLower(host), target}, nil
}

// parseEndpoint reads the URL of an endpoint: http or https, a host, perhaps a
// port and the beginning of a path.
func parseEndpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, err
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q must start with http:// or https://", text)
	case u.Hostname() == "" || strings.ContainsFunc(u.Hostname(), notInHosts):
		return nil, fmt.Errorf("%q names no host", text)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q may have a host, a port and a path, nothing else", text)
	}
	return u, nil
}

// Live reports whether --live was given, for anything at all.
func (p Policy) Live() bool { return len(p.live) > 0 }

// Decide says what happens to a request for host, which may have a port, made
// for r: the endpoint it goes to ("": the host itself) and whether it may go. why
// names what would allow it; it is "" where it is allowed. host is "" for calls
// that name none.
func (p Policy) Decide(r interp.Resource, host string) (endpoint string, allowed bool, why string) {
	host = strings.ToLower(host)
	bare, _, _ := strings.Cut(host, ":")
	for _, e := range p.endpoints {
		if matches(e.host, host) || matches(e.host, bare) {
			return e.url, true, ""
		}
	}
	configured := p.fromEnvironment(r)
	names := []string{r.ARN, r.Service, r.Service + ":" + r.Action, r.Service + ":" + r.Name(), host, bare}
	for _, pattern := range p.live {
		for _, name := range names {
			if matches(strings.ToLower(pattern), strings.ToLower(name)) {
				return configured.url, true, ""
			}
		}
	}
	return configured.url, false, p.whyNot(r, host, configured.name)
}

func (p Policy) whyNot(r interp.Resource, host, variable string) string {
	subject := host
	if subject == "" {
		subject = r.Service + ":" + r.Action
	}
	why := "nothing may leave this machine"
	if p.Live() {
		why = "--live=" + strings.Join(p.live, " --live=") + " does not cover this call"
	}
	if variable != "" {
		return why + ": --live=" + subject + " would allow it to go where " + variable + " says"
	}
	why += ": --live=" + subject + " would allow it"
	if host != "" {
		why += ", --endpoint " + subject + "=URL would send it to URL instead"
	}
	return why
}

// sdkNames are the SDKs' names of services that Step Functions calls otherwise.
var sdkNames = map[string]string{
	"apigateway":       "EXECUTEAPI",
	"states":           "SFN",
	"events":           "EVENTBRIDGE",
	"elasticmapreduce": "EMR",
	"emr-containers":   "EMRCONTAINERS",
	"emr-serverless":   "EMRSERVERLESS",
}

// fromEnvironment is the variable that gives an endpoint for r's service; zero
// for none. An HTTP Task calls no AWS service.
func (p Policy) fromEnvironment(r interp.Resource) variable {
	if r.Service == "http" || r.Kind == interp.ActivityResource {
		return variable{}
	}
	service, ok := sdkNames[r.Service]
	if !ok {
		service = serviceKey(strings.TrimPrefix(r.Service, "aws-sdk:"))
	}
	if v, ok := p.services[service]; ok {
		return v
	}
	return p.services[""]
}

// serviceKey makes SECRETS_MANAGER (the SDKs' variables) and secretsmanager
// (Step Functions' resources) the same.
func serviceKey(name string) string {
	return strings.ToUpper(strings.ReplaceAll(name, "_", ""))
}

// matches reports whether text fits a pattern in which * stands for any run of
// characters, the empty one too.
func matches(pattern, text string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == text
	}
	if !strings.HasPrefix(text, first) {
		return false
	}
	text = text[len(first):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, part)
		}
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(part):], after
	}
}
