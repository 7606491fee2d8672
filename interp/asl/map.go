package asl

import (
	"asldbg/interp/jsonval"
)

func (a *analysis) checkMap(s *State) {
	n := s.Node
	a.exclusive(n, "ItemProcessor", "Iterator")
	a.exclusive(n, "ItemSelector", "Parameters")
	a.exclusive(n, "MaxConcurrency", "MaxConcurrencyPath")
	a.exclusive(n, "ToleratedFailureCount", "ToleratedFailureCountPath")
	a.exclusive(n, "ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
	if n.Get("Iterator") == nil {
		a.require(n, "ItemProcessor")
	}
	a.checkDistributed(s)
}

// processorConfig reads the ProcessorConfig of the Map's machine m; n may be
// nil.
func (a *analysis) processorConfig(n *Node, m *StateMachine) {
	if n == nil || !a.is(n, jsonval.Object) {
		return
	}
	a.only(n, "Mode", "ExecutionType")
	if k := n.Get("Mode"); k != nil {
		mode, _ := a.enum(k, "INLINE", "DISTRIBUTED")
		m.Distributed = mode == "DISTRIBUTED"
	}
	if k := n.Get("ExecutionType"); k != nil {
		m.ExecutionType, _ = a.enum(k, "STANDARD", "EXPRESS")
	}
	if m.Distributed {
		a.require(n, "ExecutionType")
	}
}
