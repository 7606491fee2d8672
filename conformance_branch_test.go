package main_test

import (
	"fmt"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// line is one line of events: the execution's own, a branch's or an
// iteration's. What happens inside a line has an order; what happens in two
// lines at the same time has none.
type line struct {
	name   string
	around *line
	state  string // the one entered last
	events []jsonval.Value
	after  []place // where the events' previous ones stand
}

// place is an event's line and number there.
type place struct {
	line string
	n    int
}

// lines are a history taken apart along previousEventId.
type lines struct {
	root   *line
	byName map[string]*line
	of     map[int64]*line
	at     map[int64]place
	types  map[int64]string
}

func linesOf(events []jsonval.Value) *lines {
	root := &line{name: "execution"}
	h := &lines{
		root: root, byName: map[string]*line{root.name: root},
		of: map[int64]*line{}, at: map[int64]place{}, types: map[int64]string{},
	}
	for _, e := range events {
		id, _ := e.Get("id").Int()
		previous, _ := e.Get("previousEventId").Int()
		l := h.lineOf(e, previous)
		if entered := e.Get("stateEnteredEventDetails"); entered.Exists() {
			l.state = entered.Get("name").Text()
		}
		h.of[id], h.at[id], h.types[id] = l, place{l.name, len(l.events)}, e.Get("type").Text()
		l.events = append(l.events, e)
		l.after = append(l.after, h.at[previous])
	}
	return h
}

// lineOf is the line of e, which comes after the event previous.
func (h *lines) lineOf(e jsonval.Value, previous int64) *line {
	l := h.of[previous]
	if l == nil {
		return h.root
	}
	around := l.around
	if around == nil {
		around = h.root
	}
	started := h.types[previous] == "MapStateStarted" || h.types[previous] == "ParallelStateStarted"
	switch kind := e.Get("type").Text(); kind {
	case "ExecutionSucceeded", "ExecutionFailed":
		return h.root
	case "MapIterationStarted":
		if !started { // it follows the iteration before it
			l = around
		}
		return h.open(l, iteration(e))
	case "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted":
		for ; l != nil; l = l.around {
			if inside := h.byName[l.name+iteration(e)]; inside != nil {
				return inside
			}
		}
		return around
	case "MapStateStarted", "ParallelStateStarted":
		if !strings.HasSuffix(h.types[previous], "StateEntered") { // again
			return around
		}
	case "MapStateSucceeded", "MapStateFailed", "ParallelStateSucceeded", "ParallelStateFailed":
		if !started {
			return around
		}
	case "MapStateExited", "ParallelStateExited":
		if l.state != e.Get("stateExitedEventDetails").Get("name").Text() {
			return around
		}
	case "TaskStateAborted", "WaitStateAborted":
		return around
	default:
		if started {
			return h.open(l, "/"+e.Get("stateEnteredEventDetails").Get("name").Text())
		}
	}
	return l
}

func iteration(e jsonval.Value) string {
	kind := e.Get("type").Text()
	d := e.Get(strings.ToLower(kind[:1]) + kind[1:] + "EventDetails")
	return fmt.Sprintf("/%s[%s]", d.Get("name").Text(), d.Get("index"))
}

// open begins a line, or goes on with it where a Parallel or Map tries again.
func (h *lines) open(around *line, name string) *line {
	l := h.byName[around.name+name]
	if l == nil {
		l = &line{name: around.name + name, around: around}
		h.byName[l.name] = l
	}
	return l
}

// concurrent are the events which point at whichever line came last.
var concurrent = map[string]bool{
	"MapIterationStarted": true, "MapIterationAborted": true, "TaskStateAborted": true, "WaitStateAborted": true,
	"MapStateStarted": true, "MapStateSucceeded": true, "MapStateFailed": true, "MapStateExited": true,
	"ParallelStateStarted": true, "ParallelStateSucceeded": true, "ParallelStateFailed": true, "ParallelStateExited": true,
}

// byBranch compares line by line.
func (m *matcher) byBranch(want, got []jsonval.Value) string {
	ours, theirs := linesOf(got), linesOf(want)
	for name := range ours.byName {
		if theirs.byName[name] == nil {
			return name + ": AWS has no such line"
		}
	}
	for name, w := range theirs.byName {
		g := ours.byName[name]
		if g == nil || len(g.events) != len(w.events) {
			return fmt.Sprintf("%s: AWS has %d events there, we have another number", name, len(w.events))
		}
		for i, e := range w.events {
			if why := m.differs(comparable(e), comparable(g.events[i]), ""); why != "" {
				return fmt.Sprintf("%s: event %d: %s", name, i+1, why)
			}
			if w.after[i] != g.after[i] && !concurrent[e.Get("type").Text()] {
				return fmt.Sprintf("%s: event %d: AWS's comes after %v, ours after %v", name, i+1, w.after[i], g.after[i])
			}
		}
	}
	return ""
}

func TestByBranch(t *testing.T) {
	event := func(id, previous int64, kind, details string) jsonval.Value {
		v := jsonval.MustParse("{" + details + "}")
		for k, w := range map[string]jsonval.Value{"id": jsonval.OfInt(id), "previousEventId": jsonval.OfInt(previous), "type": jsonval.OfString(kind)} {
			v, _ = v.Set(jsonval.Path{jsonval.Key(k)}, w)
		}
		return v
	}
	entered := func(id, previous int64, kind, name string) jsonval.Value {
		return event(id, previous, kind+"StateEntered", `"stateEnteredEventDetails":{"name":"`+name+`"}`)
	}
	exited := func(id, previous int64, kind, name string) jsonval.Value {
		return event(id, previous, kind+"StateExited", `"stateExitedEventDetails":{"name":"`+name+`"}`)
	}
	begin := []jsonval.Value{event(1, 0, "ExecutionStarted", ""), entered(2, 0, "Parallel", "P"), event(3, 2, "ParallelStateStarted", "")}
	with := func(more ...jsonval.Value) []jsonval.Value {
		return append(append(begin[:3:3], more...), event(8, 7, "ParallelStateSucceeded", ""), exited(9, 7, "Parallel", "P"))
	}
	aThenB := with(entered(4, 3, "Pass", "A"), exited(5, 4, "Pass", "A"), entered(6, 3, "Wait", "B"), exited(7, 6, "Wait", "B"))
	bThenA := with(entered(4, 3, "Wait", "B"), exited(5, 4, "Wait", "B"), entered(6, 3, "Pass", "A"), exited(7, 6, "Pass", "A"))
	interleaved := with(entered(4, 3, "Pass", "A"), entered(5, 3, "Wait", "B"), exited(6, 4, "Pass", "A"), exited(7, 5, "Wait", "B"))
	crossed := with(entered(4, 3, "Pass", "A"), entered(5, 3, "Wait", "B"), exited(6, 5, "Pass", "A"), exited(7, 4, "Wait", "B"))
	otherName := with(entered(4, 3, "Pass", "A"), exited(5, 4, "Pass", "A"), entered(6, 3, "Wait", "C"), exited(7, 6, "Wait", "C"))
	for _, test := range []struct {
		name string
		got  []jsonval.Value
		same bool
	}{
		{"itself", aThenB, true},
		{"B first", bThenA, true},
		{"interleaved", interleaved, true},
		{"crossed", crossed, false},
		{"another state", otherName, false},
		{"cut short", aThenB[:8], false},
	} {
		if why := newMatcher(recorded{}).byBranch(aThenB, test.got); (why == "") != test.same {
			t.Errorf("%s: %q", test.name, why)
		}
	}
}
