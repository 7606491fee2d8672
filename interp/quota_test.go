package interp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// runMachine runs a definition without tasks to its end.
func runMachine(t *testing.T, definition, input string, noQuotas bool) Execution {
	t.Helper()
	f, found := asl.Parse("t", definition, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	m, err := Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	x := m.Start(Start{Input: jsonval.MustParse(input), NoQuotas: noQuotas}, at).After
	for steps := 0; x.Status() == Running; steps++ {
		ready := x.Ready()
		if len(ready) == 0 || steps > 100_000 {
			return x
		}
		turn, err := x.Step(Advance{ready[0]}, at)
		if err != nil {
			t.Fatal(err)
		}
		x = turn.After
	}
	return x
}

// text is a JSON text of n bytes, quotes included.
func text(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }

// TestDataQuotas: nothing larger than 256 KiB is handed on, assigned or sent.
func TestDataQuotas(t *testing.T) {
	half := text(payloadQuota/2 + 1)
	const cause = "The state/task '%s' %s with a size exceeding the maximum number of bytes service limit."
	for _, test := range []struct {
		name, definition, input, why string // "": it is within the quota
	}{
		{"output", `"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}`, half, "A returned a result"},
		{"output that fits", `"A":{"Type":"Pass","Parameters":{"a.$":"$"},"End":true}`, half, ""},
		{"a parameter that is dropped", `"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"ResultPath":null,"End":true}`, half, ""},
		{
			"parameters of a task", `"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl.$":"$","MessageBody.$":"$"},"End":true,
			"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}]},"B":{"Type":"Succeed"}`, half, "A provided parameters",
		},
		{
			"parameters of a Parallel", `"A":{"Type":"Parallel","Parameters":{"a.$":"$","b.$":"$"},"End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}]}`,
			half, "A provided parameters",
		},
		{
			"an iteration's input", `"A":{"Type":"Map","ItemSelector":{"a.$":"$","b.$":"$"},"End":true,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","Result":1,"End":true}}}}`,
			`[` + half + `]`, "A provided parameters",
		},
		{"a variable", `"A":{"Type":"Pass","Assign":{"v.$":"$"},"End":true}`, text(assignQuota), ""},
		{"an Assign", `"A":{"Type":"Pass","Assign":{"v.$":"$","w.$":"$"},"End":true}`, half, "A assigned variables"},
		{"an Assign of JSONata", `"A":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"v":"{% $states.input %}","w":"{% $states.input %}"},"End":true}`, half, "A assigned variables"},
		{
			"an Assign of a catcher", `"A":{"Type":"Parallel","Branches":[{"StartAt":"F","States":{"F":{"Type":"Fail","CausePath":"$"}}}],"End":true,
			"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"v.$":"$","w.$":"$"},"Next":"B"}]},"B":{"Type":"Succeed"}`, half, "A assigned variables",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			definition := `{"StartAt":"A","States":{` + test.definition + `}}`
			x := runMachine(t, definition, test.input, false)
			if test.why == "" {
				if x.Status() != Succeeded {
					t.Errorf("it ended %v: %v", x.Status(), describe(x))
				}
				return
			}
			state, what, _ := strings.Cut(test.why, " ")
			if want := "States.DataLimitExceeded: " + fmt.Sprintf(cause, state, what); x.Status() != Failed || describe(x) != want {
				t.Errorf("it ended %v:\n%s, want\n%s", x.Status(), describe(x), want)
			}
			if x = runMachine(t, definition, test.input, true); x.Status() == Failed {
				t.Errorf("without quotas it ended %v: %s", x.Status(), describe(x))
			}
		})
	}
}

func describe(x Execution) string {
	if why := x.Failure(); why != nil && why.Error != nil {
		return *why.Error + ": " + *why.Cause
	}
	return ""
}

// TestVariablesQuota: 10 MiB of variables is the most an execution may store, in
// all its scopes; what is assigned anew or has gone does not count.
func TestVariablesQuota(t *testing.T) {
	// assigning is a machine of n states that each assign one of the largest
	// variables there can be; last is its last state.
	assigning := func(prefix string, n int, name func(i int) string, last string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `{"StartAt":"%s0","States":{`, prefix)
		for i := range n {
			fmt.Fprintf(&b, `"%s%d":{"Type":"Pass","Assign":{"%s.$":"$"},"Next":"%[1]s%[4]d"},`, prefix, i, name(i), i+1)
		}
		fmt.Fprintf(&b, `"%s%d":%s}}`, prefix, n, last)
		return b.String()
	}
	in := func(scope string) func(int) string { return func(i int) string { return fmt.Sprint(scope, i) } }
	same := func(int) string { return "v" }
	const (
		most = variablesQuota / assignQuota
		ends = `{"Type":"Pass","Result":1,"End":true}`
		wait = `{"Type":"Wait","Seconds":9,"End":true}`
		want = "States.DataLimitExceeded: The state/task '%s' stored variables with a size exceeding the maximum number of bytes service limit."
	)
	for _, test := range []struct{ name, definition, failing string }{
		{"as many as there can be", assigning("S", most, in("v"), ends), ""},
		{"one more", assigning("S", most+1, in("v"), ends), "S40"},
		{"one, again and again", assigning("S", 3*most, same, ends), ""},
		{
			"branches, one after the other", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[` +
				assigning("S", most-1, in("v"), ends) + "," + assigning("T", most-1, in("w"), ends) + `]}}}`, "",
		},
		{
			"branches beside each other", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[` +
				assigning("S", most-1, in("v"), wait) + "," + assigning("T", most-1, in("w"), wait) + `]}}}`, "T1",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := runMachine(t, test.definition, text(assignQuota), false)
			if test.failing == "" {
				if x.Status() != Succeeded {
					t.Errorf("it ended %v: %s", x.Status(), describe(x))
				}
				return
			}
			if want := fmt.Sprintf(want, test.failing); x.Status() != Failed || describe(x) != want {
				t.Errorf("it ended %v:\n%s, want\n%s", x.Status(), describe(x), want)
			}
			if x = runMachine(t, test.definition, text(assignQuota), true); x.Status() == Failed {
				t.Errorf("without quotas: %s", describe(x))
			}
		})
	}
}
