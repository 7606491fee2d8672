package task

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"asldbg/interp"
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
}

// Scope is what a SigV4 signature is made for.
type Scope struct {
	Service string // such as execute-api
	Region  string
	RoleARN string // whose credentials, for showing; "" for the caller's own
}

// sealLife is how long a signature is used; AWS allows 5 minutes of skew.
const sealLife = 4 * time.Minute

func (d Draft) clone() Draft {
	d.Header = d.Header.Clone()
	d.Body = slices.Clone(d.Body)
	if d.Scope != nil {
		scope := *d.Scope
		d.Scope = &scope
	}
	return d
}
