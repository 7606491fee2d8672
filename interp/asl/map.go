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

// checkDistributed says once that a distributed Map cannot be run.
func (a *analysis) checkDistributed(s *State) {
	var at *Node
	if m := s.ItemProcessor; m != nil && m.Distributed {
		at = m.Node.Get("ProcessorConfig").Get("Mode")
		if a.o.Express {
			a.refuse(at, Diagnostic{Code: "express-pattern", Message: "an Express state machine cannot have a distributed Map"})
			return
		}
	}
	for _, key := range []string{"ItemReader", "ItemBatcher", "ResultWriter"} {
		if k := s.Node.Get(key); k != nil && at == nil {
			at = k
		}
	}
	if at != nil {
		a.ours(at, Diagnostic{
			Code: "not-supported-yet", Message: "asldbg cannot run distributed Map states yet", Hint: "it runs inline ones",
		})
	}
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
