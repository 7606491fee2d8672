package sessions

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/task"
)

// shortestEcho is how long a secret must be to be looked for in an answer: a
// shorter text may stand there for itself.
const shortestEcho = 16

// hideEchoes takes a request's secrets out of what is shown of its answer, and
// out of an error's cause: API Gateway repeats the whole request where a
// signature is wrong, session token included. A result stays as it came: it is
// the execution's.
func hideEchoes(o interp.Outcome, x *task.Exchange) interp.Outcome {
	var pairs []string
	for _, secret := range append(x.Sent.Secrets(), x.Sent.Signature()) {
		if len(secret) >= shortestEcho {
			pairs = append(pairs, secret, fmt.Sprintf("(hidden, %d chars)", len(secret)))
		}
	}
	if len(pairs) == 0 {
		return o
	}
	hide := strings.NewReplacer(pairs...)
	if r := x.Response; r != nil {
		clean := *r
		if body := hide.Replace(string(r.Body)); body != string(r.Body) {
			clean.Body = []byte(body)
		}
		clean.Header = slices.Clone(r.Header)
		for i := range clean.Header {
			clean.Header[i].Value = hide.Replace(clean.Header[i].Value)
		}
		x.Response = &clean
	}
	if f := o.Failure; f != nil {
		if f.Cause != nil {
			cause := hide.Replace(*f.Cause)
			o.Failure = &interp.Failure{Error: f.Error, Cause: &cause}
		}
	}
	return o
}
