package interp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

func TestStagesOfJSONataStates(t *testing.T) {
	m := compile(t, `{"QueryLanguage":"JSONata","StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sqs:sendMessage","Arguments":{"b":"{% $states.input.a %}"},"Next":"M"},
		"M":{"Type":"Map","Items":[1],"Output":1,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Assign":{"v":1},"End":true}}},"Next":"C"},
		"C":{"Type":"Choice","Choices":[{"Condition":true,"Output":2,"Next":"S"}],"Default":"S"},
		"S":{"Type":"Succeed"}}}`)
	for name, want := range map[string]string{
		"T": "Input* Arguments* Request* Result* Assign Output",
		"M": "Input* Items* Iterations* Result* Assign Output*",
		"C": "Input* Choices* Assign Output*",
		"S": "Input* Output",
	} {
		s := m.File().Machine.State(name)
		var got []string
		for _, g := range interp.Stages(s) {
			stage := g.Name(s)
			if interp.Present(s, g) {
				stage += "*" // it does something of its own
			}
			got = append(got, stage)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, want %s", name, text, want)
		}
	}
}

// TestArguments looks at what a task is called with.
func TestArguments(t *testing.T) {
	const definition = `{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task",ARGUMENTS
		"Resource":"arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken","End":true}}}`
	for arguments, want := range map[string]string{
		``:                                   `{"a":[1,2.50]}`,
		`"Arguments":"{% $states.input %}",`: `{"a":[1,2.50]}`,
		`"Arguments":{"k.$":"$.a","l":["{% $sum($states.input.a) %}"," {% 1"],"{% 2 %}":null},`: `{"k.$":"$.a","l":[3.5," {% 1"],"{% 2 %}":null}`,
		`"Arguments":{"own":"{% $states.context.Task.Token = $states.context.Task.Token %}"},`:  `{"own":true}`,
	} {
		turn := compile(t, strings.Replace(definition, "ARGUMENTS", arguments, 1)).Start(
			interp.Start{Input: jsonval.MustParse(`{"a":[1,2.50]}`)}, time.Unix(0, 0))
		turn, _ = turn.After.Run(time.Unix(0, 0), 0, nil)
		i := slices.IndexFunc(turn.Effects, func(e interp.Effect) bool { _, ok := e.(interp.Call); return ok })
		if i < 0 {
			t.Errorf("%s: no call: %v", arguments, *turn.After.Failure().Cause)
			continue
		}
		if got := turn.Effects[i].(interp.Call).Input.String(); got != want {
			t.Errorf("%s: %s, want %s", arguments, got, want)
		}
	}
}
