// Conformance: what AWS Step Functions was recorded to do, against what we do.
package main_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// kinds are the kinds of recordings, as their folders are named, and what a
// case of each has to do.
var kinds = []struct {
	name  string
	check func(*testing.T, recorded) verdict
}{
	{"execution", checkExecution},
	{"local_mocked", checkMocked},
	{"test_state", checkTestState},
	{"validation", checkValidation},
	{"variable_references", checkReferences},
}

// known are the cases in which we differ, and why that is right.
var known = map[string]string{
	"activities/test_activities::test_activity_task_on_deleted": "The activity was deleted before the execution began. " +
		"Nothing in the case says so: there is no answer for the task, and a task without an answer is a question to the user here.",
	"scenarios/test_base_scenarios::test_lambda_invoke_with_retry_extended_input": "Recorded in October 2023, before AWS had redrive: " +
		"the context object of today has Execution.RedriveCount (context_object/test_context_object::test_input_path[$$], recorded in 2024).",
	"scenarios/test_base_scenarios::test_lambda_service_invoke_with_retry_extended_input": "As the one before: recorded in October 2023, without Execution.RedriveCount.",
	"scenarios/test_base_scenarios::test_map_item_reader_base_list_objects_v2": "The recording masks LastModified with a text; AWS gives a number, " +
		"the seconds since 1970 (ItemReader in the developer guide).",
	"local_mocking/test_base_callbacks::test_sfn_start_execution_sync[SFN_SYNC2]#get_execution_history": "The recording masks the child's ARN as state-machine-arn, " +
		"which is also what the input says and therefore no placeholder; the mock file returns another ARN.",
	"test_state/test_test_state_machine_scenarios::test_base_state_name_validation_failures[empty]#exception": "The answer is boto3's: the call never reached AWS.",
}

// TestConformance compares every recorded case. A difference is a failure unless
// it is known; -update rewrites the page that says how many agree.
func TestConformance(t *testing.T) {
	var s score
	cases := recordings(t)
	for _, c := range cases {
		t.Run(c.id, func(t *testing.T) {
			for _, kind := range kinds {
				if kind.name != c.kind {
					continue
				}
				v := kind.check(t, c)
				s.add(c, v)
				switch why := v.differs(); {
				case why != "" && known[c.id] == "":
					t.Error(why)
				case why == "" && known[c.id] != "":
					t.Error("this case agrees with AWS now: take it out of the known differences")
				}
			}
		})
	}
	if s.cases() != len(cases) {
		return // only some were asked for
	}
	page := filepath.Join("docs", "conformance.md")
	text := s.page()
	t.Log("\n" + s.table())
	if *update {
		if err := os.WriteFile(page, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), text); diff != "" {
		t.Errorf("%s is not fresh (run: go test -run TestConformance -update .)\n%s", page, diff)
	}
}
