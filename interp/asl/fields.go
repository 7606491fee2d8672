package asl

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// types is a set of state types.
type types uint8

func setOf(ts ...StateType) types {
	var s types
	for _, t := range ts {
		s |= 1 << t
	}
	return s
}

func (s types) has(t StateType) bool { return s&(1<<t) != 0 }

// use says which state types have a field, by query language.
type use struct{ jsonPath, jsonata types }

// fieldUse is the table of fields of section "State Types" of the States
// Language, with what AWS accepts besides.
var fieldUse = func() map[string]use {
	const all = types(0xFF)
	var (
		task, pass, choice, wait, fail = setOf(Task), setOf(Pass), setOf(Choice), setOf(Wait), setOf(Fail)
		parallel, maps                 = setOf(Parallel), setOf(Map)

		works = task | parallel | maps
		goes  = works | pass | wait
	)
	both := func(ts types) use { return use{ts, ts} }
	t := map[string]use{
		"Assign": both(goes | choice), "Output": {0, all &^ fail}, "Arguments": {0, task | parallel},
		"InputPath": {all &^ fail, 0}, "OutputPath": {all &^ fail, 0}, "Parameters": {works | pass, 0},
		"ResultSelector": {works, 0}, "ResultPath": {works | pass, 0}, "Result": {pass, 0}, "Items": {0, maps},
	}
	for ts, names := range map[types]string{
		all:      "Type Comment QueryLanguage",
		goes:     "Next End",
		works:    "Retry Catch",
		task:     "Resource Credentials TimeoutSeconds HeartbeatSeconds",
		choice:   "Choices Default",
		wait:     "Seconds Timestamp",
		fail:     "Error Cause",
		parallel: "Branches",
		maps:     "ItemProcessor Iterator ItemSelector MaxConcurrency ItemReader ItemBatcher ResultWriter Label ToleratedFailureCount ToleratedFailurePercentage",
	} {
		for _, name := range strings.Fields(names) {
			t[name] = both(ts)
		}
	}
	for ts, names := range map[types]string{
		task: "TimeoutSecondsPath HeartbeatSecondsPath",
		wait: "SecondsPath TimestampPath",
		fail: "ErrorPath CausePath",
		maps: "ItemsPath MaxConcurrencyPath ToleratedFailureCountPath ToleratedFailurePercentagePath",
	} {
		for _, name := range strings.Fields(names) {
			t[name] = use{ts, 0}
		}
	}
	return t
}()

// allowed reports whether state s may have the field k, and refuses it
// otherwise.
func (a *analysis) allowed(s *State, k *Node) bool {
	u := fieldUse[k.Key]
	here, there := u.jsonPath, u.jsonata
	ours, theirs := "JSONPath", "JSONata"
	if s.QueryLanguage == JSONata {
		here, there, ours, theirs = there, here, theirs, ours
	}
	switch {
	case here.has(s.Type):
		return true
	case there.has(s.Type):
		a.refuseKey(k, Diagnostic{
			Code: "field-language", Location: s.Node.Location(),
			AWSMessage: fmt.Sprintf("The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage", ours, k.Key, theirs),
			Message:    fmt.Sprintf("%s is a field of %s states, and this state is %s", k.Key, theirs, ours),
		})
		return false
	}
	hint := ""
	if has := here | there; has != 0 {
		var names []string
		for t := Task; t <= Map; t++ {
			if has.has(t) {
				names = append(names, t.String())
			}
		}
		hint = fmt.Sprintf("%s states have it, %s states do not", orList(names), s.Type)
	} else if a.mayGuess() {
		hint = DidYouMean(k.Key, fieldsOf(s))
	}
	a.unknown(s.Node, k, hint)
	return false
}

// fieldsOf are the names of the fields s may have, sorted.
func fieldsOf(s *State) []string {
	var names []string
	for name, u := range fieldUse {
		has := u.jsonPath
		if s.QueryLanguage == JSONata {
			has = u.jsonata
		}
		if has.has(s.Type) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// dynamic reports whether n is an expression of a JSONata state, or was meant to
// be one: what it evaluates to is not known here.
func dynamic(s *State, n *Node) bool {
	text := n.Value.Text()
	return s.QueryLanguage == JSONata && n.Value.Is(jsonval.String) &&
		(n.open || strings.HasPrefix(text, "{%") || strings.HasSuffix(text, "%}"))
}
