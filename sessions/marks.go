package sessions

import (
	"maps"

	"asldbg/interp"
	"asldbg/interp/asl"
)

// marks are what the graph shows of each state, up to some step.
type marks struct {
	upTo    int
	none    map[*asl.State]StateMark // of a machine that has not begun
	states  map[*asl.State]StateMark
	entered map[interp.FrameID]*asl.State
}

func newMarks(machines []*Known) *marks {
	k := &marks{none: make(map[*asl.State]StateMark)}
	for _, m := range machines {
		if m.Machine != nil {
			k.collect(m.Machine.File().Machine)
		}
	}
	k.reset()
	return k
}

func (k *marks) collect(m *asl.StateMachine) {
	for _, s := range m.States {
		k.none[s] = StateMark{Rule: -2}
		for _, b := range s.Branches {
			k.collect(b)
		}
		if s.ItemProcessor != nil {
			k.collect(s.ItemProcessor)
		}
	}
}

func (k *marks) reset() {
	k.upTo, k.states, k.entered = 0, maps.Clone(k.none), make(map[interp.FrameID]*asl.State)
}

// after is the marks after step n, for reading only: Here is set for frames.
func (k *marks) after(steps []StepInfo, n int, frames []interp.Frame) map[*asl.State]StateMark {
	if n < k.upTo {
		k.reset()
	}
	for ; k.upTo < n; k.upTo++ {
		events := steps[k.upTo].Events
		for i := range events {
			k.take(&events[i])
		}
	}
	out := maps.Clone(k.states)
	for i := range frames {
		if m := out[frames[i].State]; frames[i].Run != interp.Finished {
			m.Here = true
			out[frames[i].State] = m
		}
	}
	return out
}

func (k *marks) take(e *interp.Event) {
	s := e.State
	if s == nil {
		s = k.entered[e.Frame] // the end of an execution names only its frame
	}
	if s == nil {
		return
	}
	m := k.states[s]
	switch e.Kind {
	case interp.StateEntered:
		k.entered[e.Frame] = s
		m = StateMark{Visits: m.Visits + 1, Rule: -2}
	case interp.StateExited:
		m.Done = true
	case interp.ChoiceMade:
		m.Rule = int(e.Index)
	case interp.RetryScheduled:
		m.Attempt = int(e.Attempt)
	case interp.TaskFailed, interp.TaskTimedOut, interp.EvaluationFailed, interp.ErrorCaught, interp.ParallelStateFailed, interp.MapStateFailed,
		interp.ExecutionFailed:
		m.Failed = true
	case interp.TaskScheduled:
		m.Failed = false // another attempt
	case interp.FrameClosed:
		m.Failed = m.Failed || e.Failure != nil
	default:
		return
	}
	k.states[s] = m
}
