package task

import (
	"strings"
	"testing"

	"asldbg/interp"
)

var (
	apiResource    = interp.ParseResource("arn:aws:states:::apigateway:invoke")
	tokenResource  = interp.ParseResource("arn:aws:states:::apigateway:invoke.waitForTaskToken")
	secretResource = interp.ParseResource("arn:aws:states:::aws-sdk:secretsmanager:getSecretValue")
	lambdaResource = interp.ParseResource("arn:aws:lambda:eu-west-1:123456789012:function:pay")
	httpResource   = interp.ParseResource("arn:aws:states:::http:invoke")
	startResource  = interp.ParseResource("arn:aws:states:::states:startExecution.sync:2")
)

func TestDecide(t *testing.T) {
	const local = "http://127.0.0.1:3000"
	env := []string{"HOME=/", "AWS_ENDPOINT_URL=http://localhost:4566", "AWS_ENDPOINT_URL_SECRETS_MANAGER=http://localhost:1", "AWS_ENDPOINT_URL_SFN=http://localhost:2/x"}
	tests := []struct {
		name            string
		live, endpoints []string
		environ         []string
		resource        interp.Resource
		host            string
		endpoint        string
		allowed         bool
	}{
		{"nothing said", nil, nil, nil, apiResource, testHost, "", false},
		{"loopback is no exception", nil, nil, nil, httpResource, "127.0.0.1:8080", "", false},
		{"live", []string{"*"}, nil, nil, apiResource, testHost, "", true},
		{"live for the host", []string{testHost}, nil, nil, apiResource, testHost, "", true},
		{"live for hosts like it", []string{"*.execute-api.eu-*"}, nil, nil, apiResource, strings.ToUpper(testHost), "", true},
		{"live for another host", []string{"x.execute-api.eu-west-1.amazonaws.com"}, nil, nil, apiResource, testHost, "", false},
		{"live for the host, whatever port", []string{"api.example.com"}, nil, nil, httpResource, "api.example.com:8443", "", true},
		{"live for the service", []string{"apigateway"}, nil, nil, tokenResource, testHost, "", true},
		{"live for the action", []string{"apigateway:invoke"}, nil, nil, tokenResource, testHost, "", true},
		{"live for the whole action", []string{"apigateway:invoke.waitForTaskToken"}, nil, nil, apiResource, testHost, "", false},
		{"live for the ARN", []string{"arn:aws:lambda:*:function:p*y"}, nil, nil, lambdaResource, "", "", true},
		{"live for one of two", []string{"lambda", "apigateway*"}, nil, nil, apiResource, testHost, "", true},
		{"endpoint", nil, []string{testHost + "=" + local}, nil, apiResource, testHost, local, true},
		{"endpoint for all", nil, []string{"*=" + local}, nil, lambdaResource, "", local, true},
		{"endpoint for another host", nil, []string{"x*=" + local}, nil, apiResource, testHost, "", false},
		{"the first endpoint that fits", nil, []string{"*.execute-api.*=http://a", "*=http://b"}, nil, apiResource, testHost, "http://a", true},
		{"endpoint with = in its path", nil, []string{"*=http://a/x=y"}, nil, apiResource, testHost, "http://a/x=y", true},
		{"endpoint and live", []string{"lambda"}, []string{"*=" + local}, nil, apiResource, testHost, local, true},
		{"environment does not allow", nil, nil, env, apiResource, testHost, "http://localhost:4566", false},
		{"environment directs what is allowed", []string{"*"}, nil, env, apiResource, testHost, "http://localhost:4566", true},
		{"environment, by service", []string{"*"}, nil, env, secretResource, "secretsmanager.eu-west-1.amazonaws.com", "http://localhost:1", true},
		{"environment, by the SDK's name", []string{"*"}, nil, env, startResource, "", "http://localhost:2/x", true},
		{"environment leaves HTTP Tasks", []string{"*"}, nil, env, httpResource, "api.example.com", "", true},
		{"a flag beats the environment", nil, []string{"*=" + local}, env, apiResource, testHost, local, true},
		{"environment ignored", []string{"*"}, nil, append([]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=TRUE"}, env...), apiResource, testHost, "", true},
		{"environment ignored, said last", []string{"*"}, nil, append(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"), apiResource, testHost, "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := NewPolicy(test.live, test.endpoints, test.environ)
			if err != nil {
				t.Fatal(err)
			}
			endpoint, allowed, why := p.Decide(test.resource, test.host)
			if endpoint != test.endpoint || allowed != test.allowed || (why == "") != allowed {
				t.Errorf("goes to %q, allowed %v (%s), want %q, %v", endpoint, allowed, why, test.endpoint, test.allowed)
			}
			if p.Live() != (len(test.live) > 0) {
				t.Errorf("Live is %v", p.Live())
			}
		})
	}
}

func TestWhyNot(t *testing.T) {
	tests := []struct {
		live, environ []string
		resource      interp.Resource
		host          string
		want          string
	}{
		{nil, nil, apiResource, testHost, "nothing may leave this machine: --live=" + testHost + " would allow it, --endpoint " + testHost + "=URL would send it to URL instead"},
		{nil, nil, lambdaResource, "", "nothing may leave this machine: --live=lambda:pay would allow it"},
		{[]string{"a", "b"}, nil, apiResource, "h", "--live=a --live=b does not cover this call: --live=h would allow it, --endpoint h=URL would send it to URL instead"},
		{nil, []string{"AWS_ENDPOINT_URL_SECRETS_MANAGER=http://localhost:4566"}, secretResource, "h", "nothing may leave this machine: --live=h would allow it to go where AWS_ENDPOINT_URL_SECRETS_MANAGER says"},
		{nil, []string{"AWS_ENDPOINT_URL=http://localhost:4566"}, apiResource, "h", "nothing may leave this machine: --live=h would allow it to go where AWS_ENDPOINT_URL says"},
	}
	for _, test := range tests {
		p, err := NewPolicy(test.live, nil, test.environ)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, why := p.Decide(test.resource, test.host); why != test.want {
			t.Errorf("%q\nwant %q", why, test.want)
		}
	}
	// What it names does allow it.
	for _, live := range []string{testHost, "lambda:pay"} {
		p, _ := NewPolicy([]string{live}, nil, nil)
		resource, host := apiResource, testHost
		if live != testHost {
			resource, host = lambdaResource, ""
		}
		if _, allowed, _ := p.Decide(resource, host); !allowed {
			t.Errorf("--live=%s does not allow the call it was named for", live)
		}
	}
}

func TestPolicyRefuses(t *testing.T) {
	for _, test := range []struct {
		live, endpoints, environ []string
		want                     string
	}{
		{endpoints: []string{"localhost:3000"}, want: `--endpoint "localhost:3000": write HOST=URL, such as`},
		{endpoints: []string{"=http://x"}, want: "write HOST=URL"},
		{endpoints: []string{"h="}, want: "write HOST=URL"},
		{endpoints: []string{"https://h/x=http://y"}, want: "a host name alone, without https:// and path"},
		{endpoints: []string{"h=localhost:3000"}, want: `"localhost:3000" must start with http:// or https://`},
		{endpoints: []string{"h=ftp://x"}, want: "must start with http:// or https://"},
		{endpoints: []string{"h=http://"}, want: "names no host"},
		{endpoints: []string{"h=http://x?a=b"}, want: "nothing else"},
		{endpoints: []string{"h=http://a:b@x"}, want: "nothing else"},
		{endpoints: []string{"h=http://x:port"}, want: "invalid port"},
		{live: []string{" "}, want: "--live= names nothing"},
		{environ: []string{"AWS_ENDPOINT_URL_S3=localhost"}, want: `AWS_ENDPOINT_URL_S3: "localhost" must start with`},
	} {
		if _, err := NewPolicy(test.live, test.endpoints, test.environ); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v %v %v: error %v, want something about %q", test.live, test.endpoints, test.environ, err, test.want)
		}
	}
	if _, err := NewPolicy(nil, nil, []string{"AWS_ENDPOINT_URL=", "AWS_ENDPOINT_URLS=nonsense"}); err != nil {
		t.Errorf("variables that say nothing: %v", err)
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a.b", true},
		{"a", "a", true},
		{"a", "ab", false},
		{"a*", "ab", true},
		{"a*", "ba", false},
		{"*a", "ba", true},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "a1c2b", false},
		{"**", "x", true},
		{"*b*b", "ab", false},
		{"*b*", "abc", true},
	} {
		if got := matches(test.pattern, test.text); got != test.want {
			t.Errorf("matches(%q, %q) is %v", test.pattern, test.text, got)
		}
	}
}
