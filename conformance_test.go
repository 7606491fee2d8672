// Conformance: what AWS Step Functions was recorded to do, against what we do.
package main_test

import (
	"flag"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// kinds of recordings, as their folders are named.
var kinds = []string{"execution", "local_mocked", "test_state", "validation", "variable_references"}

var checks = map[string]func(*testing.T, recorded) verdict{
	"execution":           checkExecution,
	"local_mocked":        checkMocked,
	"validation":          checkValidation,
	"variable_references": checkReferences,
}

func TestConformance(t *testing.T) {
	n := map[string]int{}
	for _, c := range recordings(t) {
		check := checks[c.kind]
		if check == nil {
			continue
		}
		v := check(t, c)
		switch {
		case v.apart != "":
			n["apart "+v.apart]++
		default:
			n["cases"]++
			if v.whole {
				n["histories"]++
			}
			if v.outcome != "" {
				n["outcome"]++
				t.Logf("OUTCOME %s: %s", c.id, v.outcome)
			} else if v.history != "" {
				n["history"]++
				t.Logf("HISTORY %s: %s", c.id, v.history)
			}
		}
	}
	t.Log(n)
}
