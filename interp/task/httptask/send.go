package httptask

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/task"
)

const (
	maxAnswer = 262_145  // bytes asked for with Range
	maxResult = 262_144  // Step Functions' limit of a result, in bytes of JSON
	unlimited = 64 << 20 // bytes of an answer where there are no quotas
)

// Send waits for its turn by AWS's quota, gets a token if the connection needs
// one, sends req and makes an outcome of what comes back: a result for 2xx,
// States.Http.StatusCode.<status> for everything else, States.Http.Socket where
// no answer comes within 60 seconds. Causes have no secrets of the connection.
func (h *Handler) Send(ctx context.Context, req task.Sealed) (interp.Outcome, task.Exchange) {
	var throttled time.Duration
	if !h.NoQuotas {
		var err error
		if throttled, err = h.quota.take(ctx); err != nil {
			return failed("States.Http.Socket", "the request was given up: "+err.Error()), task.Exchange{Sent: req}
		}
	}
	full, err := req.Complete(ctx)
	if err != nil {
		var refused *tokenError
		name := "States.Http.Socket"
		if errors.As(err, &refused) {
			name = "Events.ConnectionResource.InvalidConnectionState"
		}
		return failed(name, err.Error()), task.Exchange{Sent: req}
	}
	limit := maxAnswer
	if h.NoQuotas {
		limit = unlimited
	}
	x := h.Transport.Send(ctx, full, limit)
	x.Timing.Throttled = throttled
	return h.outcome(x), x
}

func (h *Handler) outcome(x task.Exchange) interp.Outcome {
	if x.Err != nil {
		return failed("States.Http.Socket", x.Err.Message)
	}
	answer := x.Response
	if answer.Status == http.StatusUnauthorized || answer.Status == http.StatusProxyAuthRequired {
		h.forget(x.Sent.Secrets())
	}
	switch {
	case answer.Status/100 != 2:
		return failed("States.Http.StatusCode."+strconv.Itoa(answer.Status), x.Sent.Hide(answer.Cause()))
	case !isText(answer):
		return failed("States.Runtime", "The response of the HTTP task has the content type '"+contentType(answer)+"', which is not supported")
	case answer.Truncated:
		return tooBig()
	}
	result := answer.Result()
	if !h.NoQuotas && result.Size() > maxResult {
		return tooBig()
	}
	return interp.Outcome{Result: result}
}

func failed(name, cause string) interp.Outcome {
	return interp.Outcome{Failure: interp.Fail(name, cause)}
}

func tooBig() interp.Outcome {
	return failed("States.DataLimitExceeded",
		"The state/task 'http' returned a result with a size exceeding the maximum number of bytes service limit.")
}

func contentType(r *task.Response) string {
	for _, f := range r.Header {
		if strings.EqualFold(f.Name, "Content-Type") {
			return f.Value
		}
	}
	return ""
}

// isText reports whether a body may be handed on: AWS refuses what is not text.
func isText(r *task.Response) bool {
	text := contentType(r)
	if text == "" || len(r.Body) == 0 {
		return true
	}
	kind, _, err := mime.ParseMediaType(text)
	if err != nil {
		kind, _, _ = strings.Cut(strings.ToLower(text), ";")
	}
	switch {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "+json"), strings.HasSuffix(kind, "+xml"):
		return true
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript", "application/x-ndjson", "application/yaml",
		"application/graphql", formType:
		return true
	}
	return false
}
