package main_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/history"
	"asldbg/interp/jsonval"
)

// historyOf is our history in the shape of the recordings: JSON texts as
// values, and without what is the same everywhere.
func historyOf(events []interp.Event) []jsonval.Value {
	var out []jsonval.Value
	for _, e := range history.Of(events, "us-east-1") {
		members := []jsonval.Member{
			{Key: "id", Value: jsonval.OfInt(int64(e.ID))},
			{Key: "previousEventId", Value: jsonval.OfInt(int64(e.PreviousEventID))},
			{Key: "type", Value: jsonval.OfString(e.Type)},
		}
		if e.DetailsName != "" {
			members = append(members, jsonval.Member{Key: e.DetailsName, Value: plainDetails(jsonval.MustParse(e.Details))})
		}
		out = append(out, jsonval.OfMembers(members))
	}
	return out
}

func plainDetails(details jsonval.Value) jsonval.Value {
	var members []jsonval.Member
	for k, v := range details.Members() {
		switch k {
		case "inputDetails", "outputDetails", "assignedVariablesDetails", "roleArn": // roleArn is masked
			continue
		case "input", "output", "parameters":
			v = parsed(v)
		case "assignedVariables":
			var vars []jsonval.Member
			for name, text := range v.Members() {
				vars = append(vars, jsonval.Member{Key: name, Value: parsed(text)})
			}
			v = jsonval.OfMembers(vars)
		}
		members = append(members, jsonval.Member{Key: k, Value: v})
	}
	return jsonval.OfMembers(members)
}

// historyDiffers compares event by event, and where that fails, as the README
// of the recordings allows, branch by branch: the order between things that run
// at the same time was AWS's of that day.
func (m *matcher) historyDiffers(c recorded, got []jsonval.Value) string {
	want := items(c.wants("events"))
	got = withoutLost(want, got)
	bound := maps.Clone(m.bound)
	why := m.inOrder(c, want, got)
	if why == "" {
		return ""
	}
	m.bound = bound
	if c.wants("unorderedRanges").Len() == 0 && m.byBranch(want, got) == "" {
		return ""
	}
	return why
}

func (m *matcher) inOrder(c recorded, want, got []jsonval.Value) string {
	for i := 0; i < len(want) && i < len(got); i++ {
		if inRange(c, i) {
			continue
		}
		if why := m.eventDiffers(want[i], got[i]); why != "" {
			return fmt.Sprintf("event %d: %s", i+1, why)
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("AWS has %d events, we have %d", len(want), len(got))
	}
	for _, r := range c.wants("unorderedRanges").Items() {
		from, _ := r.At(0).Int()
		to, _ := r.At(1).Int()
		pool := append([]jsonval.Value(nil), got[from:to+1]...)
		for _, w := range want[from : to+1] {
			hit := -1
			for i, g := range pool {
				bound := maps.Clone(m.bound)
				if m.eventDiffers(withoutIDs(w), withoutIDs(g)) == "" {
					hit = i
					break
				}
				m.bound = bound
			}
			if hit < 0 {
				return fmt.Sprintf("events %d to %d: none of ours is %s", from+1, to+1, short(w))
			}
			pool = append(pool[:hit], pool[hit+1:]...)
		}
	}
	return ""
}

// inRange reports whether the recorder lost the order of event i.
func inRange(c recorded, i int) bool {
	for _, r := range c.wants("unorderedRanges").Items() {
		from, _ := r.At(0).Int()
		to, _ := r.At(1).Int()
		if int64(i) >= from && int64(i) <= to {
			return true
		}
	}
	return false
}

func withoutIDs(e jsonval.Value) jsonval.Value {
	return e.Delete(jsonval.Path{jsonval.Key("id")}).Delete(jsonval.Path{jsonval.Key("previousEventId")})
}

// withoutLost takes those events of Parallel states out of our history which
// AWS had too, but the recorder lost when it sorted the branches: between two
// recorded ids there are more numbers than events.
func withoutLost(want, got []jsonval.Value) []jsonval.Value {
	var out []jsonval.Value
	before, unnumbered := 0, 0
	for _, w := range want {
		n, _ := w.Get("id").Int()
		if n == 0 {
			unnumbered++
			continue
		}
		id := int(n)
		between := slices.Clone(got[min(before, len(got)):min(id, len(got))])
		lost := id - before - 1 - unnumbered
		for _, kinds := range []string{"ParallelStateSucceeded ParallelStateFailed", "ParallelStateExited"} {
			between = slices.DeleteFunc(between, func(g jsonval.Value) bool {
				if lost == 0 || !strings.Contains(kinds, g.Get("type").Text()) {
					return false
				}
				lost--
				return true
			})
		}
		out = append(out, between...)
		before, unnumbered = id, 0
	}
	return append(out, got[min(before, len(got)):]...)
}

// eventDiffers compares one event.
func (m *matcher) eventDiffers(want, got jsonval.Value) string {
	for _, k := range []string{"type", "id", "previousEventId"} {
		if w := want.Get(k); w.Exists() && !jsonval.Equal(w, got.Get(k)) {
			return fmt.Sprintf("%s: AWS has %s, we have %s (%s)", k, short(w), short(got.Get(k)), short(want))
		}
	}
	return m.differs(comparable(want), comparable(got), "")
}

// comparable is an event in which details that say nothing are left out, and a
// cause that is JSON is a value.
func comparable(e jsonval.Value) jsonval.Value {
	var members []jsonval.Member
	for k, v := range e.Members() {
		if strings.HasSuffix(k, "EventDetails") {
			v = v.Delete(jsonval.Path{jsonval.Key("roleArn")})
			if cause := v.Get("cause"); cause.Exists() {
				v, _ = v.Set(jsonval.Path{jsonval.Key("cause")}, parsed(cause))
			}
			if v.Len() == 0 {
				continue
			}
		}
		if k != "id" && k != "previousEventId" {
			members = append(members, jsonval.Member{Key: k, Value: v})
		}
	}
	return jsonval.OfMembers(members)
}
