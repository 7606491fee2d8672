package sessions

import (
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Likely is an error a task may well answer with, and what it would lead to.
type Likely struct {
	State        string      // of the task
	Error, Cause string      // Cause is what the service says then, "" where that varies
	About        string      // when it comes
	Fate         interp.Fate // as retries stand
	Then         interp.Fate // when the state's own retries are used up; Fate where there are none
}

// Leads is what the error would lead to, such as "retry 1 in 2 s, 2 left, then
// catch ─▶ Refund".
func (l Likely) Leads() string {
	if l.Fate.Retrier < 0 || l.Fate.State.Name != l.State {
		return leads(l.Fate)
	}
	text := fmt.Sprintf("retry %d in %s", l.Fate.Attempt, seconds(l.Fate.Delay))
	if l.Fate.Left > 0 {
		text += fmt.Sprintf(", %d left", l.Fate.Left)
	}
	return text + ", then " + leads(l.Then)
}

func leads(f interp.Fate) string {
	switch {
	case f.Retrier >= 0:
		return f.State.Name + " tries again in " + seconds(f.Delay)
	case f.Catcher >= 0:
		return "catch ─▶ " + f.Next().Name
	case f.Child:
		return "only this child execution fails"
	}
	return "the execution fails"
}

// LikelyErrors lists errors worth raising: those the state's retriers and catchers
// name, then the usual ones of its resource.
func LikelyErrors(x interp.Execution, call interp.Call) []Likely {
	var out []Likely
	seen := map[string]bool{}
	add := func(name, about string) {
		if seen[name] {
			return
		}
		seen[name] = true
		l := Likely{State: call.State.Name, Error: name, Cause: causes[name], About: about}
		if name == "States.Permissions" && call.RoleARN != "" {
			own := x.Context(call.Frame).Get("Execution").Get("RoleArn").Text()
			l.Cause = "The role " + own + " is not authorized to assume the task state's role, " + call.RoleARN + "."
		}
		why := interp.Fail(name, l.Cause)
		l.Fate = x.IfFailed(call.Frame, why)
		l.Then = l.Fate
		if l.Fate.Retrier >= 0 {
			l.Then = x.IfRetriesFail(call.Frame, why)
		}
		out = append(out, l)
	}
	for _, r := range call.State.Retry {
		for _, name := range r.ErrorEquals {
			if name != "States.ALL" {
				add(name, fmt.Sprintf("retried up to %d times", r.MaxAttempts))
			}
		}
	}
	for _, c := range call.State.Catch {
		for _, name := range c.ErrorEquals {
			if name != "States.ALL" && c.Next != nil {
				add(name, "caught: next is "+c.Next.Name)
			}
		}
	}
	for _, e := range usual(call.Resource) {
		add(e[0], e[1])
	}
	add("States.Timeout", "the task took too long")
	add("States.TaskFailed", "any failure of a task")
	add("States.Permissions", "the role may not do this")
	return out
}

// usual are the errors of a resource and when they come.
func usual(r interp.Resource) [][2]string {
	switch {
	case r.Service == "apigateway":
		return [][2]string{
			{"ApiGateway.500", "internal server error"},
			{"ApiGateway.504", "endpoint request timed out"},
			{"ApiGateway.429", "too many requests"},
			{"ApiGateway.403", "forbidden"},
			{"ApiGateway.404", "not found"},
			{"ApiGateway.400", "bad request"},
		}
	case r.Service == "http":
		return [][2]string{
			{"States.Http.StatusCode.500", "internal server error"},
			{"States.Http.StatusCode.503", "service unavailable"},
			{"States.Http.StatusCode.429", "too many requests"},
			{"States.Http.StatusCode.401", "unauthorized"},
			{"States.Http.StatusCode.404", "not found"},
			{"States.Http.Socket", "the network failed, or no answer within 60 s"},
			{"Events.ConnectionResource.InvalidConnectionState", "the connection is not authorized"},
			{"Events.ConnectionResource.InvalidPrivateConnectionState", "the connection's private way is not there"},
			{"Events.ConnectionResource.AccessDenied", "the role may not use the connection"},
			{"Events.ConnectionResource.ResourceNotFound", "there is no such connection"},
			{"Events.ConnectionResource.AuthInProgress", "the connection is being authorized"},
			{"Events.ConnectionResource.ConcurrentModification", "the connection is being changed"},
			{"Events.ConnectionResource.InternalError", "EventBridge failed"},
		}
	case strings.HasPrefix(r.Service, "lambda"):
		return [][2]string{
			{"Lambda.TooManyRequestsException", "throttled"},
			{"Lambda.ServiceException", "the service failed"},
			{"Lambda.Unknown", "the function gave no reason"},
		}
	}
	return nil
}

// causes are what API Gateway says with its errors.
var causes = map[string]string{
	"ApiGateway.400": `{"message":"Bad Request"}`, "ApiGateway.403": `{"message":"Forbidden"}`,
	"ApiGateway.404": `{"message":"Not Found"}`, "ApiGateway.429": `{"message":"Too Many Requests"}`,
	"ApiGateway.500": `{"message":"Internal server error"}`, "ApiGateway.503": `{"message":"Service Unavailable"}`,
	"ApiGateway.504": `{"message":"Endpoint request timed out"}`,
}

// template is an answer the call could plausibly get.
func template(call interp.Call, method string) jsonval.Value {
	r := call.Resource
	switch {
	case r.Pattern == interp.WaitForTaskToken && r.Kind != interp.ServiceResource:
		return jsonval.EmptyObject
	case r.Service == "apigateway" || r.Service == "http":
		status, text := int64(200), "OK"
		if method == "POST" {
			status, text = 201, "Created"
		}
		return jsonval.MustParse(fmt.Sprintf(
			`{"Headers":{"Content-Type":["application/json"]},"ResponseBody":{},"StatusCode":%d,"StatusText":%q}`, status, text))
	case r.Service == "lambda" && r.Kind == interp.ServiceResource:
		return jsonval.MustParse(`{"ExecutedVersion":"$LATEST","Payload":{},"StatusCode":200}`)
	}
	return jsonval.EmptyObject
}

// leadsTo is where a result of the call leads.
func leadsTo(call interp.Call) string {
	if next := call.State.Next; next != nil {
		return next.Name
	}
	return "the end"
}
