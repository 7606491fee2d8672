package asl

import (
	"fmt"
	"strings"
	"testing"
)

// TestHostile reads texts that would take minutes if anything in here were
// quadratic. There is nothing to compare but that an error comes out.
func TestHostile(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	machine := func(states string) string { return `{"StartAt": "S0", "States": {` + states + `}}` }
	for _, c := range []struct{ name, text string }{
		{"unknown fields in one line", machine(`"S0": {"Type": "Succeed", ` + many(40_000, `"é%d": 1,`) + `}`)},
		{"unknown targets", machine(many(10_000, `"S%d": {"Type": "Pass", "Next": "nowhere near"},`))},
		{"names twice", machine(`"S0": {"Type": "Parallel", "End": true, "Branches": [` + many(10_000, `{"StartAt": "é", "States": {"é": {"Type": "Succeed", "Comment": "%d"}}},`) + `]}`)},
		{"missing placeholders", machine(`"S0": {"Type": "Succeed", "Comment": "` + many(40_000, `${P%d} \u0024{Q%[1]d}`) + `"}`)},
		{"variables nobody sets", machine(`"S0": {"Type": "Fail", "Error": 1}, "S1": {"Type": "Pass", "End": true, "Parameters": {` + many(20_000, `"p%d.$": "$v%[1]d",`) + `}}`)},
		{"deep rules", machine(`"S0": {"Type": "Choice", "Choices": [` + strings.Repeat(`{"Not":`, 900) + `1` + strings.Repeat(`}`, 900) + `]}`)},
		{"deep brackets", strings.Repeat("[", 100_000)},
		{"deep YAML", "a: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000)},
		{"YAML in one line", "{a: [" + many(40_000, "é%d, ")},
		{"YAML list in one line", "x: {a: [" + many(40_000, "é%d, ") + "]}"},
		{"large YAML alias", "a: &a " + strings.Repeat("x", 200_000) + "\nb: [" + many(20_000, "*a, %.0d") + "]"},
		{"YAML aliases of lists", "a: &a [" + many(1_000, "é%d, ") + "]\nb: [" + many(2_000, "*a, %.0d") + "]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, ds := Parse("t", c.text, Options{}); ds.Err() == nil {
				t.Error("no error")
			}
		})
	}
}
