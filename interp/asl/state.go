package asl

import (
	"fmt"
	"math"

	"asldbg/interp/jsonval"
)

// maxSeconds is the largest number of seconds a field may hold.
const maxSeconds = 99_999_999

// state fills s from its node.
func (a *analysis) state(s *State) {
	n := s.Node
	if !n.Value.Is(jsonval.Object) {
		a.is(n, jsonval.Object)
		a.unsure[s.Machine] = true
		return
	}
	if !a.stateType(s) {
		a.unsure[s.Machine] = true
		return
	}
	a.stateLanguage(s)
	for _, k := range n.Kids {
		if a.allowed(s, k) {
			a.inside = s.Machine
			a.field(s, k)
		}
	}
	a.checkTransition(s)
	switch s.Type {
	case Task:
		a.checkTask(s)
	case Choice:
		a.require(n, "Choices")
	case Wait:
		a.checkWait(s)
	case Fail:
		a.exclusive(n, "Error", "ErrorPath")
		a.exclusive(n, "Cause", "CausePath")
	case Parallel:
		a.require(n, "Branches")
	case Map:
		a.checkMap(s)
	}
}

// stateType reads the Type. One that is merely misspelt is taken for what it
// was meant to be, so that the rest of the state is checked too.
func (a *analysis) stateType(s *State) bool {
	n := s.Node.Get("Type")
	if n == nil {
		a.require(s.Node, "Type")
		return false
	}
	if !a.is(n, jsonval.String) || n.open {
		return false
	}
	text := n.Value.Text()
	for t, name := range stateTypes {
		if text == name {
			s.Type = StateType(t)
			return true
		}
	}
	meant := nearest(text, stateTypes[:])
	a.refuse(n, Diagnostic{
		Code:       "state-type",
		AWSMessage: "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
		Message:    fmt.Sprintf("Type is %q; it must be %s", text, orList(stateTypes[:])),
		Hint:       a.guess(text, stateTypes[:]),
	})
	for t, name := range stateTypes {
		if meant == name {
			s.Type = StateType(t)
			return true
		}
	}
	return false
}

func (a *analysis) stateLanguage(s *State) {
	q := s.Node.Get("QueryLanguage")
	if q == nil {
		return
	}
	s.QueryLanguage = a.queryLanguage(q, a.language)
	if a.language == JSONata && s.QueryLanguage == JSONPath {
		a.refuse(q, Diagnostic{
			Code: "query-language", Location: s.Node.Location(),
			AWSMessage: "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
			Message:    "a state of a JSONata machine cannot be JSONPath",
			Hint:       "make the machine JSONPath; its states can be JSONata one by one",
		})
		s.QueryLanguage = JSONata
	}
}

// field fills the field of s that k is.
func (a *analysis) field(s *State, k *Node) {
	switch k.Key {
	case "Comment":
		s.Comment = a.text(k)
	case "Next":
		s.Next = a.target(s.Machine, k)
	case "End":
		s.End = a.boolean(k)
	case "InputPath":
		s.InputPath = a.pathField(k)
	case "OutputPath":
		s.OutputPath = a.pathField(k)
	case "ResultPath":
		s.ResultPath = a.resultPath(k)
	case "ItemsPath":
		s.ItemsPath = a.itemsPath(k)
	case "Parameters":
		if s.Type == Map {
			s.ItemSelector = a.template(s, k)
		} else {
			s.Parameters = a.template(s, k)
		}
	case "Arguments":
		s.Parameters = a.template(s, k)
	case "Items":
		s.Items = a.items(s, k)
	case "ItemSelector":
		s.ItemSelector = a.template(s, k)
	case "ResultSelector":
		s.ResultSelector = a.template(s, k)
	case "Assign":
		s.Assign = a.assign(s, k)
	case "Output":
		s.Output = a.query(s, k, resultOf(s))
	case "Result":
		s.Result = k.Value
	case "Retry":
		s.Retry = a.retriers(k)
	case "Catch":
		s.Catch = a.catchers(s, k)
	case "Resource":
		s.Resource = a.text(k)
	case "Credentials":
		s.Credentials = a.credentials(s, k)
	case "TimeoutSeconds":
		s.TimeoutSeconds = a.number(s, k, 1, maxSeconds)
	case "HeartbeatSeconds":
		s.HeartbeatSeconds = a.number(s, k, 1, maxSeconds)
	case "MaxConcurrency":
		s.MaxConcurrency = a.number(s, k, 0, math.MaxInt32)
	case "Seconds":
		s.Seconds = a.number(s, k, 0, maxSeconds)
	case "TimeoutSecondsPath":
		s.TimeoutSeconds = &NumberField{Node: k, Path: a.referencePath(k)}
	case "HeartbeatSecondsPath":
		s.HeartbeatSeconds = &NumberField{Node: k, Path: a.referencePath(k)}
	case "MaxConcurrencyPath":
		s.MaxConcurrency = &NumberField{Node: k, Path: a.referencePath(k)}
	case "SecondsPath":
		s.Seconds = &NumberField{Node: k, Path: a.referencePath(k)}
	case "TimestampPath":
		s.Timestamp = &TimestampField{Node: k, Path: a.referencePath(k)}
	case "Timestamp":
		s.Timestamp = a.timestamp(s, k)
	case "Choices":
		s.Choices = a.choices(s, k)
	case "Default":
		s.Default = a.target(s.Machine, k)
	case "Error":
		s.Error = a.textField(s, k)
	case "Cause":
		s.Cause = a.textField(s, k)
	case "ErrorPath":
		s.Error = a.textPath(k)
	case "CausePath":
		s.Cause = a.textPath(k)
	case "Branches":
		a.branches(s, k)
	case "ItemProcessor", "Iterator":
		if a.is(k, jsonval.Object) {
			s.ItemProcessor = a.machine(k, s)
		}
	case "ToleratedFailureCount":
		s.ToleratedFailureCount = a.number(s, k, 0, math.MaxInt32)
	case "ToleratedFailureCountPath":
		s.ToleratedFailureCount = &NumberField{Node: k, Path: a.referencePath(k)}
	case "ToleratedFailurePercentage":
		s.ToleratedFailurePercentage = a.percentage(s, k)
	case "ToleratedFailurePercentagePath":
		s.ToleratedFailurePercentage = &PercentageField{Node: k, Path: a.referencePath(k)}
	case "ItemReader":
		s.ItemReader = a.itemReader(s, k)
	case "ItemBatcher":
		s.ItemBatcher = a.itemBatcher(s, k)
	case "ResultWriter":
		s.ResultWriter = a.resultWriter(s, k)
	case "Label":
		s.Label = a.label(k)
	}
}

// checkTransition checks that s has exactly one of Next and End, where its type
// has them at all.
func (a *analysis) checkTransition(s *State) {
	if !fieldUse["Next"].jsonPath.has(s.Type) {
		return
	}
	next := s.Node.Get("Next")
	switch {
	case next != nil && s.End:
		a.refuseKey(next, Diagnostic{
			Code: "next-and-end", Message: "Next and End do not go together", Hint: "remove one of them",
		})
	case next == nil && !s.End:
		a.unsure[s.Machine] = true
		end := s.Node.Get("End")
		if end != nil && !end.Value.Is(jsonval.Bool) {
			return // said already
		}
		a.refuseKey(s.Node, Diagnostic{
			Code: "next-missing", Message: "neither Next nor End says what follows this state",
			Hint: `add "Next": "<state>" or "End": true`,
		})
	}
}

func (a *analysis) branches(s *State, n *Node) {
	if !a.is(n, jsonval.Array) || !a.nonempty(n) {
		return
	}
	for _, b := range n.Kids {
		if a.is(b, jsonval.Object) {
			s.Branches = append(s.Branches, a.machine(b, s))
		}
	}
}

// number is a whole number of a state, or nil where it is refused.
func (a *analysis) number(s *State, n *Node, least, most int64) *NumberField {
	if dynamic(s, n) {
		return &NumberField{Node: n, Query: a.query(s, n, 0)}
	}
	i, ok := a.integer(n, least, most)
	if !ok {
		return nil
	}
	return &NumberField{Node: n, Literal: i}
}

func (a *analysis) checkWait(s *State) {
	keys := []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}
	a.exclusive(s.Node, keys...)
	if s.QueryLanguage == JSONata {
		keys = []string{"Seconds", "Timestamp"}
	}
	for _, k := range keys {
		if s.Node.Get(k) != nil {
			return
		}
	}
	a.refuseKey(s.Node, Diagnostic{
		Code: "field-missing", Message: "a Wait state needs " + orList(keys),
	})
}
