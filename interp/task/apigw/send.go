package apigw

import (
	"context"
	"strconv"

	"asldbg/interp"
	"asldbg/interp/task"
)

const (
	maxAnswer = 10 << 20 // API Gateway's own limit of a body, in bytes
	maxResult = 262_144  // Step Functions' limit of a result, in bytes of JSON
)

// Send sends req and makes an outcome of what comes back: a result for 2xx, an
// error ApiGateway.<status> with the body as its cause for everything else. The
// cause has no secrets of req: API Gateway repeats the session token where a
// signature is wrong.
// Where no answer comes the error is named after the exception AWS's Java client
// throws, such as ApiGateway.ConnectException.
func (h *Handler) Send(ctx context.Context, req task.Sealed) (interp.Outcome, task.Exchange) {
	x := h.Transport.Send(ctx, req, maxAnswer)
	return h.outcome(x), x
}

func (h *Handler) outcome(x task.Exchange) interp.Outcome {
	if x.Err != nil {
		return interp.Outcome{Failure: interp.Fail("ApiGateway."+x.Err.Exception, x.Err.Message)}
	}
	answer := x.Response
	if answer.Status/100 != 2 {
		return interp.Outcome{Failure: interp.Fail("ApiGateway."+strconv.Itoa(answer.Status), x.Sent.Hide(answer.Cause()))}
	}
	if answer.Truncated {
		return tooBig()
	}
	result := answer.Result()
	if !h.NoQuotas && result.Size() > maxResult {
		return tooBig()
	}
	return interp.Outcome{Result: result}
}

func tooBig() interp.Outcome {
	return interp.Outcome{Failure: interp.Fail("States.DataLimitExceeded",
		"The state/task 'apigateway' returned a result with a size exceeding the maximum number of bytes service limit.")}
}
