package asl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// The limits and defaults of a Retrier.
const (
	maxDelaySeconds    = 31_622_400
	defaultInterval    = 1
	defaultMaxAttempts = 3
	defaultBackoffRate = 2.0
)

func (a *analysis) retriers(n *Node) []*Retrier {
	if !a.is(n, jsonval.Array) {
		return nil
	}
	var all []*Retrier
	for i, k := range n.Kids {
		if a.is(k, jsonval.Object) {
			all = append(all, a.retrier(k, i == len(n.Kids)-1))
		}
	}
	return all
}

func (a *analysis) retrier(n *Node, last bool) *Retrier {
	r := &Retrier{Node: n, IntervalSeconds: defaultInterval, MaxAttempts: defaultMaxAttempts, BackoffRate: defaultBackoffRate}
	a.only(n, "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment")
	r.ErrorEquals = a.errorEquals(n, last)
	if k := n.Get("IntervalSeconds"); k != nil {
		r.IntervalSeconds, _ = a.integer(k, 1, maxSeconds)
	}
	if k := n.Get("MaxAttempts"); k != nil {
		r.MaxAttempts, _ = a.integer(k, 0, maxSeconds)
	}
	if k := n.Get("BackoffRate"); k != nil && a.is(k, jsonval.Number) {
		if r.BackoffRate, _ = k.Value.Float(); r.BackoffRate < 1 {
			a.outOfRange(k, "Minimum", "at least", "1.0")
		}
	}
	if k := n.Get("MaxDelaySeconds"); k != nil {
		var ok bool
		r.MaxDelaySeconds, ok = a.integer(k, 1, maxDelaySeconds)
		if ok && r.MaxDelaySeconds <= r.IntervalSeconds {
			a.warn(k, Diagnostic{
				Code: "retry-delay",
				Message: fmt.Sprintf("MaxDelaySeconds (%d) caps the very first delay, IntervalSeconds (%d)",
					r.MaxDelaySeconds, r.IntervalSeconds),
				Hint: "make it larger than IntervalSeconds",
			})
		}
	}
	if k := n.Get("JitterStrategy"); k != nil {
		strategy, _ := a.enum(k, "FULL", "NONE")
		r.FullJitter = strategy == "FULL"
	}
	if k := n.Get("Comment"); k != nil {
		a.text(k)
	}
	return r
}

func (a *analysis) catchers(s *State, n *Node) []*Catcher {
	if !a.is(n, jsonval.Array) {
		return nil
	}
	var all []*Catcher
	for i, k := range n.Kids {
		if a.is(k, jsonval.Object) {
			all = append(all, a.catcher(s, k, i == len(n.Kids)-1))
		}
	}
	return all
}

func (a *analysis) catcher(s *State, n *Node, last bool) *Catcher {
	c := &Catcher{Node: n}
	if s.QueryLanguage == JSONata {
		a.only(n, "ErrorEquals", "Next", "Comment", "Output", "Assign")
	} else {
		a.only(n, "ErrorEquals", "Next", "Comment", "ResultPath", "Assign")
	}
	c.ErrorEquals = a.errorEquals(n, last)
	a.require(n, "Next")
	if k := n.Get("Next"); k != nil {
		c.Next = a.target(s.Machine, k)
	} else {
		a.unsure[s.Machine] = true
	}
	if k := n.Get("ResultPath"); k != nil && s.QueryLanguage == JSONPath {
		c.ResultPath = a.resultPath(k)
	}
	if k := n.Get("Assign"); k != nil {
		c.Assign = a.assign(s, k)
	}
	if k := n.Get("Output"); k != nil && s.QueryLanguage == JSONata {
		c.Output = a.query(s, k, payload.StatesErrorOutput)
	}
	if k := n.Get("Comment"); k != nil {
		a.text(k)
	}
	return c
}

// reservedErrors are the error names that begin with States.
// (https://states-language.net/#appendix-a, and the Step Functions guide).
var reservedErrors = []string{
	"States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold",
	"States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed",
	"States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError",
	"States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed", "States.Timeout",
}

// errorEquals reads the ErrorEquals of the retrier or catcher n; last says that
// no other one follows.
func (a *analysis) errorEquals(n *Node, last bool) []string {
	a.require(n, "ErrorEquals")
	list := n.Get("ErrorEquals")
	if list == nil || !a.is(list, jsonval.Array) || !a.nonempty(list) {
		return nil
	}
	names := make([]string, 0, len(list.Kids))
	for _, k := range list.Kids {
		if !a.is(k, jsonval.String) || !a.nonempty(k) {
			continue
		}
		names = append(names, k.Value.Text())
		a.errorName(k, last)
	}
	return names
}

// statusName finds the names made of an HTTP status, or of what seems to stand
// for several; aStatus those of a single one.
var (
	statusName = regexp.MustCompile(`^(ApiGateway|States\.Http\.StatusCode)\.([0-9xX*]+|\*.*)$`)
	aStatus    = regexp.MustCompile(`\.[1-9][0-9][0-9]$`)
)

func (a *analysis) errorName(k *Node, last bool) {
	name := k.Value.Text()
	switch {
	case name == "States.ALL" && len(k.Parent.Kids) > 1:
		a.refuse(k, Diagnostic{
			Code: "error-all", Message: "States.ALL must be alone in its ErrorEquals",
			Hint: "it matches every name, so remove the others",
		})
	case name == "States.ALL" && !last:
		a.refuse(k, Diagnostic{
			Code: "error-all", Message: "States.ALL must come last",
			Hint: "what follows would never be looked at; move it to the end",
		})
	case name == "States.Runtime":
		a.warn(k, Diagnostic{Code: "error-name", Message: "States.Runtime is never retried and never caught, not even by its name"})
	case strings.HasPrefix(name, "APIGateway."):
		a.warn(k, Diagnostic{
			Code: "error-name", Message: fmt.Sprintf("AWS has no error %q", name),
			Hint: fmt.Sprintf("it writes %q", "ApiGateway."+strings.TrimPrefix(name, "APIGateway.")),
		})
	case statusName.MatchString(name) && !aStatus.MatchString(name):
		a.warn(k, Diagnostic{
			Code: "error-name", Message: fmt.Sprintf("AWS has no error %q: names hold no wildcards", name),
			Hint: "list the status codes one by one, or take States.TaskFailed",
		})
	case strings.HasPrefix(name, "States.") && !strings.HasPrefix(name, "States.Http.StatusCode.") && !slices.Contains(reservedErrors, name):
		a.warn(k, Diagnostic{
			Code: "error-name", Message: fmt.Sprintf("AWS has no error %q, and names that start with States. are its own", name),
			Hint: a.guess(name, reservedErrors),
		})
	}
}
