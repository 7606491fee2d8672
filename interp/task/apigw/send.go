package apigw

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

const (
	maxAnswer = 10 << 20 // API Gateway's own limit of a body, in bytes
	maxResult = 262_144  // Step Functions' limit of a result, in bytes of JSON
	maxCause  = 32_768   // Step Functions' limit of a cause, in characters
)

// Send sends req and makes an outcome of what comes back: a result for 2xx, an
// error ApiGateway.<status> with the body as its cause for everything else.
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
		return interp.Outcome{Failure: interp.Fail("ApiGateway."+strconv.Itoa(answer.Status), cause(answer.Body))}
	}
	if answer.Truncated {
		return tooBig()
	}
	result := result(answer)
	if !h.NoQuotas && result.Size() > maxResult {
		return tooBig()
	}
	return interp.Outcome{Result: result}
}

func tooBig() interp.Outcome {
	return interp.Outcome{Failure: interp.Fail("States.DataLimitExceeded",
		"The state/task 'apigateway' returned a result with a size exceeding the maximum number of bytes service limit.")}
}

// result is the answer as the state sees it, members in the order AWS gives
// them.
func result(answer *task.Response) jsonval.Value {
	reason := answer.Reason
	if reason == "" {
		reason = http.StatusText(answer.Status)
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Headers", Value: headers(answer.Header)},
		jsonval.Member{Key: "ResponseBody", Value: responseBody(answer.Body)},
		jsonval.Member{Key: "StatusCode", Value: jsonval.OfInt(int64(answer.Status))},
		jsonval.Member{Key: "StatusText", Value: jsonval.OfString(text(reason))},
	)
}

// headers are lists by name; a name keeps the spelling it first came in.
func headers(fields []task.Field) jsonval.Value {
	at := make(map[string]int, len(fields))
	names := make([]string, 0, len(fields))
	lists := make([][]jsonval.Value, 0, len(fields))
	for _, f := range fields {
		lower := strings.ToLower(f.Name)
		i, seen := at[lower]
		if !seen {
			i = len(names)
			at[lower] = i
			names = append(names, text(f.Name))
			lists = append(lists, nil)
		}
		lists[i] = append(lists[i], jsonval.OfString(text(f.Value)))
	}
	members := make([]jsonval.Member, len(names))
	for i, name := range names {
		members[i] = jsonval.Member{Key: name, Value: jsonval.OfItems(lists[i])}
	}
	return jsonval.OfMembers(members)
}

// responseBody is the JSON value body holds, or its text.
func responseBody(body []byte) jsonval.Value {
	plain := text(string(body))
	if v, err := jsonval.Parse(plain); err == nil {
		return v
	}
	return jsonval.OfString(plain)
}

// text is s as UTF-8; other bytes are replaced, as Java does it.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// cause is an error's body as its cause, as it came, cut to the limit.
func cause(body []byte) string {
	c := text(string(body))
	if len(c) <= maxCause || utf8.RuneCountInString(c) <= maxCause {
		return c
	}
	n := 0
	for i := range c {
		if n == maxCause {
			return c[:i]
		}
		n++
	}
	return c
}
