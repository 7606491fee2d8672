package sessions

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// drafts is a service whose requests a test makes.
type drafts struct {
	*api
	draft task.Draft
}

func (d drafts) Prepare(context.Context, interp.Call) (task.Draft, error) { return d.draft, nil }

// roles are credentials that can assume roles, and say which.
type roles struct {
	asked   []string
	expires time.Time
}

func (r *roles) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "OWN", SecretAccessKey: "s", Source: "test", CanExpire: !r.expires.IsZero(), Expires: r.expires}, nil
}

func (r *roles) AssumeRole(role, region, endpoint string) aws.CredentialsProvider {
	r.asked = append(r.asked, role+" "+region+" "+endpoint)
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "THERE", SecretAccessKey: "s", Source: "role " + role}, nil
	})
}

func signed(change func(*task.Draft)) task.Draft {
	d := task.Draft{
		Method: http.MethodGet, URL: "https://api.example.com/pets", Header: http.Header{},
		Scope: &task.Scope{Service: "execute-api", Region: "eu-west-1"},
	}
	change(&d)
	return d
}

// TestPrincipalIsAsked: what AWS signs as itself is held until somebody sends
// it, even where nothing else is held, and run refuses it without --as-self.
func TestPrincipalIsAsked(t *testing.T) {
	principal := func(d *task.Draft) {
		d.Principal = &task.Principal{Service: "states.amazonaws.com", Statement: `{"Effect":"Allow"}`}
	}
	a := drafts{answers(`{"StatusCode":200}`), signed(principal)}
	o := options(t, charge, `{}`)
	o.Handlers, o.Policy = []task.Handler{a}, live(t)
	s := start(t, o)
	v := do(t, s, "c")
	if v.Phase != Held || len(a.sent) != 0 || !strings.Contains(v.Stop.Text, "AWS signs this request as states.amazonaws.com") {
		t.Fatalf("%s %q, %d sent", at(v), v.Stop.Text, len(a.sent))
	}
	if p := v.Request(1).HTTP.Principal; p == nil || p.Service != "states.amazonaws.com" {
		t.Errorf("it is not marked: %+v", p)
	}
	if do(t, s, "send yes"); len(a.sent) != 1 {
		t.Errorf("%d sent", len(a.sent))
	}

	o = options(t, charge, `{}`)
	a = drafts{answers(`{"StatusCode":200}`), signed(principal)}
	o.Handlers, o.Policy = []task.Handler{a}, live(t)
	var needs *NeedsAnswerError
	if _, err := Run(context.Background(), o); !errors.As(err, &needs) || !needs.AsSelf || len(a.sent) != 0 || !strings.Contains(err.Error(), "--as-self") {
		t.Errorf("%v, %d sent", err, len(a.sent))
	}
	o.AsSelf = true
	if r, err := Run(context.Background(), o); err != nil || r.Status != interp.Succeeded || len(a.sent) != 1 {
		t.Errorf("%v %v, %d sent", r.Status, err, len(a.sent))
	}
}

// TestWhoSigns: roles are assumed only where STS may be asked, and credentials
// that have expired, or a token nobody may ask for, keep a request here.
func TestWhoSigns(t *testing.T) {
	assume := func(d *task.Draft) { d.Scope.RoleARN, d.Scope.Assume = "ROLE", true }
	tests := map[string]struct {
		draft           task.Draft
		live, endpoints []string
		expires         time.Time
		asked           string // of STS
		identity        string
		why             string // not to send; "" where it may go
	}{
		"all may leave": {draft: signed(assume), live: []string{"*"}, asked: "ROLE eu-west-1 ", identity: "THERE (role ROLE)"},
		"STS by an endpoint": {
			draft: signed(assume), live: []string{"api.example.com"}, endpoints: []string{"sts.*=http://127.0.0.1:9"},
			asked: "ROLE eu-west-1 http://127.0.0.1:9", identity: "THERE (role ROLE)",
		},
		"STS may not be asked": {
			draft: signed(assume), live: []string{"api.example.com"}, identity: "OWN (test, standing for ROLE)",
			why: "the role ROLE is assumed first, but --live=api.example.com does not cover this call: --live=sts.eu-west-1.amazonaws.com would allow it",
		},
		"STS of China": {
			draft: signed(func(d *task.Draft) { assume(d); d.Scope.Region = "cn-north-1" }), live: []string{"api.example.com"},
			identity: "OWN (test, standing for ROLE)", why: "--live=sts.cn-north-1.amazonaws.com.cn would allow it",
		},
		"a stand-in without STS": {draft: signed(assume), endpoints: []string{"api.*=http://127.0.0.1:9"}, identity: "OWN (test, standing for ROLE)"},
		"offline":                {draft: signed(assume), identity: "OWN (test, standing for ROLE)", why: "nothing may leave this machine"},
		"no role":                {draft: signed(func(*task.Draft) {}), live: []string{"*"}, identity: "OWN (test)"},
		"expired": {
			draft: signed(func(*task.Draft) {}), live: []string{"*"}, expires: time.Now().Add(-time.Minute), identity: "OWN (test)",
			why: "the credentials OWN (test) expired at ",
		},
		"expired, a stand-in":     {draft: signed(func(*task.Draft) {}), endpoints: []string{"api.*=http://127.0.0.1:9"}, expires: time.Now().Add(-time.Minute), identity: "OWN (test)"},
		"not yet":                 {draft: signed(func(*task.Draft) {}), live: []string{"*"}, expires: time.Now().Add(time.Hour), identity: "OWN (test)"},
		"a token's host may not":  {draft: task.Draft{Method: "GET", URL: "https://api.example.com/", Before: []string{"https://auth.example.com/t"}}, live: []string{"api.*"}, why: "it asks auth.example.com for a token first, but --live=api.* does not cover this call"},
		"a token's host may, too": {draft: task.Draft{Method: "GET", URL: "https://api.example.com/", Before: []string{"https://auth.example.com/t"}}, live: []string{"*.example.com"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			policy, err := task.NewPolicy(test.live, test.endpoints, nil)
			if err != nil {
				t.Fatal(err)
			}
			r := &roles{expires: test.expires}
			d := newDesk(&Options{Handlers: []task.Handler{drafts{answers(`{}`), test.draft}}, Policy: policy, Credentials: r})
			p := d.prepare(context.Background(), interp.Call{Resource: interp.ParseResource("arn:aws:lambda:us-east-1:123456789012:function:f"), Input: jsonval.EmptyObject}, noon)
			if !p.http || p.problem != "" {
				t.Fatalf("no request: %s", p.problem)
			}
			if got := strings.Join(r.asked, ","); got != test.asked {
				t.Errorf("STS was asked %q, want %q", got, test.asked)
			}
			if got := p.sealed.Identity(); got != test.identity {
				t.Errorf("signed as %q, want %q", got, test.identity)
			}
			if p.mayLeave != (test.why == "") || !strings.Contains(p.whyNot, test.why) {
				t.Errorf("may leave %v: %q, want %q", p.mayLeave, p.whyNot, test.why)
			}
			call := interp.Call{Resource: interp.ParseResource("arn:aws:lambda:us-east-1:123456789012:function:f"), State: &asl.State{Name: "A"}, Input: jsonval.EmptyObject}
			told := d.needsAnswer(call, &p, p.whyNot).Error()
			if network := test.why != "" && name != "expired"; strings.Contains(told, "to let the call out") != network {
				t.Errorf("the ways out are %q", told)
			}
		})
	}
}
