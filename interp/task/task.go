package task

import (
	"context"
	"net/http"
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
	// Send performs req as it stands. ASL failures are in the Outcome. For a
	// .waitForTaskToken call a Result is the first response (interp.Submitted).
	Send(ctx context.Context, req Sealed) interp.Outcome
}

// Checker is implemented by handlers of resources whose parameters AWS checks
// when the task is started, before TaskScheduled. Problems are AWS's words,
// such as "The value of the field 'Headers' has an invalid format".
type Checker interface {
	Check(call interp.Call) (problems []string)
}

// Draft is a request that can still be edited.
type Draft struct {
	Method string
	URL    string // as the workflow means it, such as https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges
	Header http.Header
	Body   []byte
	Scope  *Scope // nil: not signed

	// Endpoint is where the bytes really go, "" for the URL's own host: the
	// request is shown and signed for URL.
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
