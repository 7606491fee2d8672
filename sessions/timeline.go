package sessions

import (
	"time"

	"asldbg/interp"
)

// timeline is everything that has happened: the steps as a View shows them, and
// the inputs that made them, from which any moment can be computed again.
type timeline struct {
	steps []StepInfo
	made  []made
	// kept[i] is the execution after step 1+i*keepEvery: a cache, but for the
	// first one.
	kept []interp.Execution
}

// made is the input of one step; in is nil for the start and for an advance in
// the fixed order.
type made struct {
	in interp.Input
	at time.Time
}

// keepEvery is how many steps lie between two kept executions.
const keepEvery = 64

// room is how many steps may be added before an execution must be kept.
func (t *timeline) room() int { return keepEvery - (len(t.steps)+keepEvery-1)%keepEvery }

// add appends a step. The execution after it is kept where its turn has come.
func (t *timeline) add(s StepInfo, m made, after interp.Execution) {
	s.N = len(t.steps) + 1
	t.steps, t.made = append(t.steps, s), append(t.made, m)
	if (s.N-1)%keepEvery == 0 {
		t.kept = append(t.kept, after)
	}
}

// at computes the execution after step n, from 1.
func (t *timeline) at(n int) interp.Execution {
	k := (n - 1) / keepEvery
	x := t.kept[k]
	for i := 1 + k*keepEvery; i < n; {
		m := t.made[i]
		if m.in == nil {
			same := i
			for same < n && t.made[same].in == nil && t.made[same].at.Equal(m.at) {
				same++
			}
			turn, _ := x.Run(m.at, same-i, nil)
			x, i = turn.After, same
			continue
		}
		turn, err := x.Step(m.in, m.at)
		if err != nil {
			panic("sessions: a step that was taken cannot be taken again: " + err.Error())
		}
		x = turn.After
		i++
	}
	return x
}

// cut forgets all steps after n. Slices that Views hold stay as they are.
func (t *timeline) cut(n int) {
	if n == 0 {
		*t = timeline{}
		return
	}
	t.steps, t.made = t.steps[:n:n], t.made[:n:n]
	k := (n-1)/keepEvery + 1
	t.kept = t.kept[:k:k]
}
