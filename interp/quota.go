package interp

import (
	"time"

	"asldbg/interp/jsonval"
)

// AWS's limits of data, in bytes of UTF-8 JSON text
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
const (
	payloadQuota   = 262144   // of any input, parameters, result and output
	assignQuota    = 262144   // of the values of one Assign, and so of one variable
	variablesQuota = 10 << 20 // of all variables of an execution
)

func (t *turn) tooBig(v jsonval.Value) bool {
	return !t.start.NoQuotas && v.Size() > payloadQuota
}

// sizeFailure is AWS's for a result or output that is too big.
func sizeFailure(what string) *Failure {
	return Fail("States.DataLimitExceeded", "The state/task '"+what+"' returned a result with a size exceeding the maximum number of bytes service limit.")
}

// sendable reports whether what f gives to its task, branches or an iteration is
// within the quota; otherwise f has failed. The words are AWS's, as a user saw
// them (github.com/mbc-net/mbc-cqrs-serverless, pull request 466). That nothing
// catches it follows from an output that is too big.
func (t *turn) sendable(f *frame, v jsonval.Value) bool {
	if !t.tooBig(v) {
		return true
	}
	t.fail(f, Fail("States.DataLimitExceeded", "The state/task '"+f.node.Name+"' provided parameters with a size exceeding the maximum number of bytes service limit."), true)
	return false
}

// storable reports whether f may assign the members of v, which makes own of
// its variables; otherwise f has failed. How AWS words that is not known: the
// error is the one of all payloads that are too big.
func (t *turn) storable(f *frame, v, own jsonval.Value) bool {
	if t.start.NoQuotas {
		return true
	}
	size := 0
	for _, w := range v.Members() {
		size += w.Size()
	}
	what := "assigned variables"
	if t.assigned += size; size <= assignQuota {
		if t.assigned <= variablesQuota || t.variables(f)+own.Size()-f.scope.own.Size() <= variablesQuota {
			return true
		}
		what = "stored variables"
	}
	t.fail(f, Fail("States.DataLimitExceeded", "The state/task '"+f.node.Name+"' "+what+" with a size exceeding the maximum number of bytes service limit."), true)
	return false
}

// variables is how much the variables of f's execution take. As long as no more
// than the quota has been assigned since it was counted last, nobody has to ask.
func (t *turn) variables(f *frame) (size int) {
	t.assigned = 0
	for _, g := range t.frames {
		n := g.scope.own.Size()
		t.assigned += n
		if g.home == f.home {
			size += n
		}
	}
	return size
}

// How long an execution may take
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
const (
	standardTime = 365 * 24 * time.Hour
	expressTime  = 5 * time.Minute
)

// outlives lets the execution f belongs to end when its time is over, if f waits
// for something that comes later. Before that the timer would only be in the way.
func (t *turn) outlives(f *frame, due time.Time) {
	of, limit := t.inside(f), standardTime
	if of.Express {
		limit = expressTime
	}
	end := of.StartedAt.Add(limit)
	if t.start.NoQuotas || !due.After(end) {
		return
	}
	for _, w := range t.pending {
		if timer, ok := w.effect.(Timer); ok && timer.Reason == ExecutionTimer && timer.Frame == f.home && !timer.Due.After(end) {
			return
		}
	}
	t.endAt(f.home, end)
}

// endAt asks for the end of an execution at a time; root is 0 for the main one.
func (t *turn) endAt(root FrameID, due time.Time) {
	t.ask(root, Timer{Effect: t.newEffect(), Frame: root, Reason: ExecutionTimer, Due: due})
}
