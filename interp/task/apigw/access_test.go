package apigw

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

const machineARN = "arn:aws:states:us-east-1:111122223333:stateMachine:Order"

// onAPI is a resource of the API of host in the machine's account.
const onAPI = "arn:aws:execute-api:eu-west-1:111122223333:abc123/"

func TestCallAccess(t *testing.T) {
	for _, test := range []struct {
		name, params, role string
		resource           string // "": none
		notes              []string
	}{
		{"no AuthType", `"Stage":"prod","Path":"/pets"`, "", "", nil},
		{"NO_AUTH", `"Stage":"prod","AuthType":"NO_AUTH"`, "", "", nil},
		{"exact", `"Stage":"prod","Path":"/pets/7","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/pets/7", nil},
		{"no path", `"Stage":"prod","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/", nil},
		{"slashes", `"Stage":"/prod/","Path":"pets/","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/pets/", nil},
		{"another account", `"Stage":"prod","AuthType":"IAM_ROLE"`, "arn:aws:iam::999999999999:role/r", "arn:aws:execute-api:eu-west-1:999999999999:abc123/prod/GET/", nil},
		{"callback of a WebSocket", `"Stage":"prod","Path":"/@connections/L0SM9cOFvHcCIhw=","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/@connections/L0SM9cOFvHcCIhw=", nil},
		{"a real star", `"Stage":"prod","Path":"a*","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/a${*}", nil},
		{
			"encoded", `"Stage":"prod","Path":"a ü?/b%41","AuthType":"IAM_ROLE"`, "", onAPI + "prod/GET/a*/b*41",
			[]string{"Path has characters that are sent percent-encoded: * stands for them"},
		},
		{
			"default stage", `"Path":"pets","AuthType":"IAM_ROLE"`, "", onAPI + "$default/GET/pets",
			[]string{"there is no Stage: taken for the $default stage of an HTTP API"},
		},
		{
			"stage in the path", `"Path":"/dev/pets/7","AuthType":"IAM_ROLE"`, "", onAPI + "$default/GET/dev/pets/7",
			[]string{`there is no Stage: taken for the $default stage of an HTTP API; if "dev" is the stage of a REST API, the resource ends in dev/GET/pets/7`},
		},
		{"resource policy", `"Stage":"prod","Path":"pets","AuthType":"RESOURCE_POLICY"`, "", onAPI + "prod/GET/pets", nil},
		{"resource policy, stage in the path", `"Path":"/dev/pets","AuthType":"RESOURCE_POLICY"`, "", onAPI + "dev/GET/pets", nil},
		{"resource policy without a stage", `"AuthType":"RESOURCE_POLICY"`, "", onAPI + "*/GET/*", []string{"neither Stage nor Path names the stage: * stands for it"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			call := interp.Call{RoleARN: test.role, Input: jsonval.MustParse(`{"ApiEndpoint":"` + host + `","Method":"GET",` + test.params + `}`)}
			a := CallAccess(call, machineARN)
			if got := strings.Join(a.Statement.Resources, " "); got != test.resource {
				t.Errorf("resource\n%s, want\n%s", got, test.resource)
			}
			if diff := cmp.Diff(test.notes, a.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			if a.RoleARN != test.role || a.API != "abc123" {
				t.Errorf("role %q, API %q", a.RoleARN, a.API)
			}
		})
	}
}

func TestCallAccessElsewhere(t *testing.T) {
	for endpoint, want := range map[string]string{
		"x1.execute-api.cn-north-1.amazonaws.com.cn": "arn:aws-cn:execute-api:cn-north-1:111122223333:x1/s/GET/",
		"x1.execute-api.us-gov-west-1.amazonaws.com": "arn:aws-us-gov:execute-api:us-gov-west-1:111122223333:x1/s/GET/",
		"api.example.com": "arn:aws:execute-api:us-east-1:111122223333:*/s/GET/",
	} {
		a := CallAccess(interp.Call{Input: jsonval.MustParse(`{"ApiEndpoint":"` + endpoint + `","Method":"GET","Stage":"s","AuthType":"IAM_ROLE"}`)}, machineARN)
		if got := a.Statement.Resources[0]; got != want {
			t.Errorf("%s: %s, want %s", endpoint, got, want)
		}
	}
}

// state is an API Gateway task with these fields.
func state(t *testing.T, fields string) *asl.State {
	t.Helper()
	f, found := asl.Parse("t", `{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","End":true,`+fields+`}}}`, asl.Options{})
	for _, d := range found {
		if d.Severity == asl.Error && d.Code != "not-supported-yet" {
			t.Fatal(found)
		}
	}
	return f.Machine.States[0]
}

func TestStateAccess(t *testing.T) {
	const rest = `"Stage":"prod","AuthType":"IAM_ROLE","Method":"GET"`
	with := func(params string) string {
		return `"Parameters":{"ApiEndpoint":"` + host + `",` + rest + `,` + params + `}`
	}
	for _, test := range []struct {
		name, fields, role, resource string
		notes                        string
	}{
		{"literal", with(`"Path":"pets"`), "", onAPI + "prod/GET/pets", ""},
		{"format", with(`"Path.$":"States.Format('pets/{}/it\\'s/{}', $.id, $.x)"`), "", onAPI + "prod/GET/pets/*/it's/*", "Path is known only when it runs: * stands for what it will be"},
		{"format of a variable", with(`"Path.$":"States.Format($.t, $.id)"`), "", onAPI + "prod/GET/*", "Path is known only when it runs: * stands for what it will be"},
		{"path", with(`"Path.$":"$.p"`), "", onAPI + "prod/GET/*", "Path is known only when it runs: * stands for what it will be"},
		{
			"endpoint", `"Parameters":{"ApiEndpoint.$":"$.host",` + rest + `}`, "", "arn:aws:execute-api:us-east-1:111122223333:*/prod/GET/",
			"ApiEndpoint is known only when it runs: * stands for the API, the region is the machine's",
		},
		{
			"half an endpoint", `"Parameters":{"ApiEndpoint.$":"States.Format('{}.execute-api.eu-north-1.amazonaws.com', $.id)",` + rest + `}`, "",
			"arn:aws:execute-api:eu-north-1:111122223333:*/prod/GET/", "the API in ApiEndpoint is known only when it runs: * stands for it",
		},
		{
			"method and stage", `"Parameters":{"ApiEndpoint":"` + host + `","Method.$":"$.m","Stage.$":"$.s","AuthType":"IAM_ROLE","Path":"p"}`, "",
			onAPI + "*/*/p", "Stage is known only when it runs: * stands for what it will be\nMethod is known only when it runs: * stands for it",
		},
		{
			"AuthType", `"Parameters":{"ApiEndpoint":"` + host + `","Method":"PUT","Stage":"s","AuthType.$":"$.a","Path":"p"}`, "",
			onAPI + "s/PUT/p", "AuthType is known only when it runs: taken for IAM_ROLE",
		},
		{"role", `"Credentials":{"RoleArn":"arn:aws:iam::444455556666:role/r"},` + with(`"Path":"p"`), "arn:aws:iam::444455556666:role/r", "arn:aws:execute-api:eu-west-1:444455556666:abc123/prod/GET/p", ""},
		{
			"role at run time", `"Credentials":{"RoleArn.$":"$.r"},` + with(`"Path":"p"`), "*", onAPI + "prod/GET/p",
			"Credentials.RoleArn is known only when it runs: the role it names has to allow the call, in its own account",
		},
		{
			"JSONata", `"QueryLanguage":"JSONata","Arguments":{"ApiEndpoint":"` + host + `",` + rest + `,"Path":"{% 'pets/' & $states.input.id %}"}`, "",
			onAPI + "prod/GET/*", "Path is known only when it runs: * stands for what it will be",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := StateAccess(state(t, test.fields), machineARN)
			if got := strings.Join(a.Statement.Resources, " "); got != test.resource || a.RoleARN != test.role {
				t.Errorf("role %q, resource\n%s, want\n%s", a.RoleARN, got, test.resource)
			}
			if diff := cmp.Diff(test.notes, strings.Join(a.Notes, "\n")); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolicies(t *testing.T) {
	task := func(more, auth, next string) string {
		return `{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke",` + more + `"Parameters":{"ApiEndpoint":"` + host + `","Method":"GET","Stage":"s","AuthType":"` + auth + `"},` + next + `}`
	}
	f, found := asl.Parse("t", `{"StartAt":"A","States":{
"A":`+task(``, "IAM_ROLE", `"Next":"B"`)+`,
"B":`+task(``, "RESOURCE_POLICY", `"Next":"C"`)+`,
"C":`+task(`"Credentials":{"RoleArn":"arn:aws:iam::444455556666:role/r"},`, "IAM_ROLE", `"Next":"M"`)+`,
"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
  {"StartAt":"D","States":{"D":`+strings.Replace(task(``, "IAM_ROLE", `"Next":"E"`), `"GET"`, `"POST"`, 1)+`,"E":`+task(``, "NO_AUTH", `"End":true`)+`}}]}}}}}}`, asl.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	policies, notes := Policies(f.Machine, machineARN)
	if len(notes) > 0 {
		t.Errorf("notes %v", notes)
	}
	var got []string
	for _, p := range policies {
		got = append(got, p.RoleARN+p.API+": "+p.JSON().String())
	}
	want := []string{
		`: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":["` + onAPI + `s/GET/","` + onAPI + `s/POST/"]},` +
			`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":["arn:aws:iam::444455556666:role/r"]}]}`,
		`abc123: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"execute-api:Invoke",` +
			`"Resource":["` + onAPI + `s/GET/"],"Condition":{"StringEquals":{"aws:SourceArn":"` + machineARN + `"}}}]}`,
		`arn:aws:iam::444455556666:role/r: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke",` +
			`"Resource":["arn:aws:execute-api:eu-west-1:444455556666:abc123/s/GET/"]}]}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
