package task

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// A Handler does the work of Task states for one family of resources.
type Handler interface {
	// Handles reports whether r is of this family.
	Handles(r interp.Resource) bool
	// Prepare says what would be sent. It may read credentials; it must not
	// send. An error that is a *ParameterError is the execution's (AWS fails the
	// state with States.Runtime before TaskScheduled); any other is ours.
	Prepare(ctx context.Context, call interp.Call) (Draft, error)
	// Send performs req as it stands. ASL failures are in the Outcome; the
	// Exchange is what it was made of. For a .waitForTaskToken call a Result is
	// the first response (interp.Submitted).
	Send(ctx context.Context, req Sealed) (interp.Outcome, Exchange)
}

// A Tracer is a Handler that can tell what a call sent and got in the words of
// TestState: members of its inspectionData at level TRACE.
type Tracer interface {
	// Trace is that of an exchange; undefined where nothing went out, or nothing came
	// back. Secrets are left out unless reveal.
	Trace(call interp.Call, x Exchange, reveal bool) (request, response jsonval.Value)
}

// ParameterError says that AWS would refuse a call's parameters.
type ParameterError struct {
	Problems []string // AWS's words, such as "The value of the field 'Headers' has an invalid format"
}

func (e *ParameterError) Error() string { return strings.Join(e.Problems, ", ") }

// Draft is a request that can still be edited.
type Draft struct {
	Method string
	URL    string      // as the workflow means it, such as https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges
	Header http.Header // names go out as they are spelled here; each value is a line of its own
	Body   []byte
	Scope  *Scope // nil: not signed

	// Endpoint is where the bytes really go, "" for the URL's own host: the
	// request is shown and signed for URL. It is the base of an http or https
	// URL; its path, if any, comes before the URL's.
	Endpoint string

	// Principal is the service that AWS signs the request as; nil: none. Here it
	// is signed as the user, which is somebody else: it goes out only when a
	// person has said so.
	Principal *Principal
	// Secrets stand in URL, Header and Body by their marks.
	Secrets []Secret
	// Before are URLs that are asked first, for a token. They must be allowed too.
	Before []string
}

// Scope is what a SigV4 signature is made for.
type Scope struct {
	Service string // such as execute-api
	Region  string
	RoleARN string // whose credentials AWS signs with, for showing; "" for the caller's own
	// Assume asks STS for RoleARN's credentials, with the caller's own. Without it
	// the caller's stand for them.
	Assume      bool
	STSEndpoint string // where STS is asked, "" for its own host
}

// Principal is an AWS service that signs requests itself.
type Principal struct {
	Service   string // such as states.amazonaws.com
	SourceARN string // aws:SourceArn: on behalf of what
	Statement string // what a resource policy needs to let it in, as JSON
}

// Secret is a text that only the receiver may see. It is shown as its mark, which
// no other text in the request may hold.
type Secret struct {
	Mark  string
	Value string // in the form it has at its place, such as percent-encoded
	Plain string // the secret itself, where Value is another form of it
	// Fetch gets the value when the request is sent; nil: Value is known.
	Fetch func(ctx context.Context) (string, error)
}

// RoleAssumer gives, for the caller's own credentials, those of a role.
type RoleAssumer interface {
	aws.CredentialsProvider
	// AssumeRole asks STS in region, at endpoint unless it is "".
	AssumeRole(role, region, endpoint string) aws.CredentialsProvider
}

// sealLife is how long a signature is used; AWS allows 5 minutes of skew.
const sealLife = 4 * time.Minute

func (d Draft) clone() Draft {
	d.Header = d.Header.Clone()
	d.Body = slices.Clone(d.Body)
	d.Secrets = slices.Clone(d.Secrets)
	d.Before = slices.Clone(d.Before)
	if d.Scope != nil {
		scope := *d.Scope
		d.Scope = &scope
	}
	return d
}
