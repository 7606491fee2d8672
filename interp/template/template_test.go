package template

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// TestErrors: one clear line for each thing that can be wrong.
func TestErrors(t *testing.T) {
	const two = "Resources:\n  Order: {Type: AWS::Serverless::StateMachine}\n  Refund: {Type: AWS::Serverless::StateMachine, Properties: {Name: refunds}}\n"
	machine := func(properties string) string {
		return "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n" + properties
	}
	sam := func(properties string) string {
		return "Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n" + properties
	}
	for _, test := range []struct {
		name, template, machine string
		set                     map[string]string
		want                    string
	}{
		{name: "nothing", template: "", want: "template.yaml:1:1: the template is empty"},
		{name: "only a comment", template: "# x\n", want: "template.yaml:1:1: the template is empty"},
		{name: "two documents", template: "Resources: {}\n---\nResources: {}\n", want: "template.yaml:2:1: a second document starts here; remove what follows ---"},
		{name: "broken YAML", template: "Resources:\n  A: [\n  B: 1\n", want: "template.yaml:4:1: did not find expected ',' or ']'"},
		{name: "broken JSON", template: "{\"Resources\": {\n  \"é\": }\n}", want: "template.yaml:2:8: a value is missing here"},
		{name: "unknown word in JSON", template: "{\"Resources\": yes}", want: "template.yaml:1:15: "},
		{name: "JSON without names", template: "{Resources: {}}", want: "template.yaml:1:2: "},
		{name: "JSON without a colon", template: `{"Resources" {}}`, want: "template.yaml:1:14: a : is missing here"},
		{name: "JSON without a comma", template: `{"Resources": {} "A": 1}`, want: "template.yaml:1:18: a , or } is missing here"},
		{name: "text after JSON", template: `{"Resources": {}} x`, want: "template.yaml:1:19: "},
		{name: "endless anchor", template: "Resources: &a {M: *a}\n", want: `template.yaml:1:12: the anchor "a" contains itself`},
		{name: "too deep", template: "Resources: " + strings.Repeat("[", 2000) + strings.Repeat("]", 2000), want: "template.yaml:1:1011: nested deeper than 1000 levels"},
		{name: "too many", template: bomb(), want: "template.yaml:6:5: the template is too large: more than 1000000 values"},
		{name: "no Resources", template: "Parameters: {}\n", want: "template.yaml:1:1: this is no template: it has no Resources"},
		{name: "a scalar", template: "hello\n", want: "template.yaml:1:1: this is no template: it has no Resources"},
		{
			name: "Serverless Framework", template: "service: x\nprovider: {name: aws}\nstepFunctions: {}\n",
			want: "template.yaml:1:1: there is no state machine in this service: stepFunctions.stateMachines has none",
		},
		{name: "the same id twice", template: "Resources:\n  A: {Type: B}\n  A: {Type: B}\n", want: `template.yaml:3:3: there are two resources "A"; the other is in line 2`},
		{
			name: "no machine", template: "Resources: {}\n",
			want: "template.yaml:1:1: there is no state machine in this template: no resource is an AWS::Serverless::StateMachine or AWS::StepFunctions::StateMachine",
		},
		{
			name: "several machines", template: two,
			want: "template.yaml:2:3: there are 2 state machines in this template; choose one: template.yaml#Order, template.yaml#Refund",
		},
		{
			name: "unknown machine", template: two, machine: "Refudn",
			want: `template.yaml:1:1: there is no state machine "Refudn"; there is Order, Refund; did you mean "Refund"?`,
		},
		{
			name: "no definition", template: two, machine: "refunds",
			want: `template.yaml:3:3: the state machine "Refund" has no definition: one of Definition, DefinitionUri is needed`,
		},
		{
			name: "no definition, CloudFormation", template: machine("      RoleArn: arn:aws:iam::1:role/x\n"),
			want: `template.yaml:2:3: the state machine "M" has no definition: one of Definition, DefinitionS3Location, DefinitionString is needed`,
		},
		{
			name: "included properties", template: machine("      Fn::Transform: {Name: AWS::Include}\n"),
			want: `template.yaml:2:3: the state machine "M" has no definition: one of Definition, DefinitionS3Location, DefinitionString is needed; Fn::Transform cannot be run here`,
		},
		{
			name: "included definition", template: sam("      Definition:\n        Fn::Transform: {Name: AWS::Include, Parameters: {Location: x.json}}\n"),
			want: `template.yaml:6:9: Fn::Transform cannot be run here; put the text of its Location in here`,
		},
		{
			name: "not deployed", template: "Conditions: {No: !Equals [a, b]}\nResources:\n  M: {Type: AWS::Serverless::StateMachine, Condition: No}\n",
			want: `template.yaml:3:3: the state machine "M" is not deployed: its condition "No" is false; change the parameters it depends on with --set NAME=VALUE`,
		},
		{
			name: "unknown condition", template: "Resources:\n  M: {Type: AWS::Serverless::StateMachine, Condition: No}\n",
			want: `template.yaml:2:55: there is no condition "No"`,
		},
		{
			name: "missing file", template: sam("      DefinitionUri: sub/oder.asl.json\n"),
			want: `template.yaml:5:22: DefinitionUri "sub/oder.asl.json": there is no such file; did you mean "order.asl.json"?`,
		},
		{
			name: "missing file, nothing like it", template: sam("      DefinitionUri: sub/x.json\n"),
			want: `template.yaml:5:22: DefinitionUri "sub/x.json": there is no such file; there is order.asl.json`,
		},
		{
			name: "missing folder", template: sam("      DefinitionUri: nowhere/x.json\n"),
			want: `template.yaml:5:22: DefinitionUri "nowhere/x.json": there is no such file; there is no folder "nowhere" either`,
		},
		{
			name: "a folder", template: sam("      DefinitionUri: sub\n"),
			want: `template.yaml:5:22: DefinitionUri: read sub: invalid argument`,
		},
		{
			name: "in S3", template: sam("      DefinitionUri: s3://bucket/key\n"),
			want: `template.yaml:5:22: DefinitionUri is in S3, where we do not look; download it and name the local file here`,
		},
		{
			name: "in S3, as an object", template: machine("      DefinitionS3Location: {Bucket: b, Key: k}\n"),
			want: `template.yaml:5:29: DefinitionS3Location is in S3, where we do not look; download it and name the local file here`,
		},
		{
			name: "DefinitionString is an object", template: machine("      DefinitionString: {StartAt: A}\n"),
			want: `template.yaml:5:25: DefinitionString must be a text, not an object; call it Definition`,
		},
		{
			name: "Definition is a text", template: machine("      Definition: '{}'\n"),
			want: `template.yaml:5:19: the Definition must be an object; for a file use DefinitionUri, for a text DefinitionString`,
		},
		{
			name: "Definition is nothing", template: machine("      Definition: !Ref AWS::NoValue\n"),
			want: `template.yaml:5:19: the Definition is AWS::NoValue`,
		},
		{
			name: "a name twice in a Definition", template: machine("      Definition:\n        A: 1\n        A: 2\n"),
			want: `template.yaml:7:9: the member "A" is there twice`,
		},
		{
			name: "substitution names nothing", template: sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: {Table: !Ref Tabel}\n"),
			want: `template.yaml:6:40: Ref "Tabel": no such parameter or resource`,
		},
		{
			name: "substitution is a list", template: sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: {Table: [a]}\n"),
			want: `template.yaml:6:40: a text is needed here, not a list`,
		},
		{
			name: "substitutions are a list", template: sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: [a]\n"),
			want: `template.yaml:6:32: DefinitionSubstitutions must be a mapping of names to values`,
		},
		{
			name: "substitutions are included", template: sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: {\"Fn::Transform\": {Name: Mine}}\n"),
			want: `template.yaml:6:32: Fn::Transform cannot be run here; run it and open what it makes`,
		},
		{
			name: "DefinitionString is empty", template: machine("      DefinitionString: ''\n"),
			want: `template.yaml:5:25: DefinitionString is empty`,
		},
		{
			name: "parameter without a value", template: "Parameters:\n  Tabel: {Type: String}\n" + sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: {Table: !Ref Tabel}\n"),
			want: `template.yaml:2:10: the parameter "Tabel" has no Default and no value; give it one with --set Tabel=VALUE`,
		},
		{
			name: "set names nothing", template: "Parameters:\n  Table: {Type: String}\n" + sam("      DefinitionUri: sub/order.asl.json\n"), set: map[string]string{"Tabel": "x"},
			want: `template.yaml: --set Tabel: there is no parameter and no definition substitution of that name; did you mean "Table"?`,
		},
		{
			name: "set names a substitution of a machine with another mistake", set: map[string]string{"Table": "x"},
			template: sam("      DefinitionUri: nowhere.json\n      DefinitionSubstitutions: {A: !Ref Nobody, Table: !Ref Nobody}\n"),
			want:     `template.yaml:6:36: Ref "Nobody": no such parameter or resource`,
		},
		{
			name: "implicit API without an event", template: sam("      DefinitionUri: sub/order.asl.json\n      DefinitionSubstitutions: {Host: !Ref ServerlessRestApi}\n"),
			want: `template.yaml:6:39: Ref "ServerlessRestApi": no such parameter or resource`,
		},
	} {
		fsys := fstest.MapFS{
			"template.yaml":      {Data: []byte(test.template)},
			"sub/order.asl.json": {Data: []byte(`{"StartAt": "A"}`)},
		}
		tmpl, err := Load(fsys, "template.yaml", Options{Set: test.set})
		if err == nil {
			_, err = tmpl.Machine(test.machine)
		}
		if err == nil {
			t.Errorf("%s: no error, want %s", test.name, test.want)
			continue
		}
		got := err.Error()
		if strings.HasSuffix(test.want, ": ") {
			got = got[:min(len(got), len(test.want))] // the scanner's own words follow
		}
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// bomb is a small template with a huge number of values.
func bomb() string {
	var b strings.Builder
	b.WriteString("A0: &a0 [1,1,1,1,1,1,1,1,1,1]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "A%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	return b.String()
}

// TestDoubling: names that double again and again end in an error, not in
// memory.
func TestDoubling(t *testing.T) {
	text := "Resources:\n  Q0: {Type: AWS::SQS::Queue, Properties: {QueueName: aa}}\n"
	for i := range 60 {
		text += fmt.Sprintf("  Q%d: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Q%d.QueueName}${Q%d.QueueName}'}}\n", i+1, i, i)
	}
	_, err := evaluate(t, text, "Out: !GetAtt Q60.QueueName", Options{})
	if err == nil || err.Error() != "template.yaml:22:56: the text gets longer than 1048576 bytes" {
		t.Errorf("got %v", err)
	}
}

// TestShared: what many refer to is worked out once, and a property that
// refers to itself is told.
func TestShared(t *testing.T) {
	text := "Resources:\n  P0: {Type: AWS::SSM::Parameter, Properties: {Value: ''}}\n"
	for i := range 60 {
		text += fmt.Sprintf("  P%d: {Type: AWS::SSM::Parameter, Properties: {Value: !Join ['', [!GetAtt P%d.Value, !GetAtt P%d.Value]]}}\n", i+1, i, i)
	}
	got, err := evaluate(t, text, "Out: !GetAtt P60.Value", Options{})
	if err != nil || got != `""` {
		t.Errorf("got %s, %v", got, err)
	}
	_, err = evaluate(t, "Resources:\n  P: {Type: AWS::SSM::Parameter, Properties: {Value: !GetAtt P.Value}}\n", "Out: !GetAtt P.Value", Options{})
	if err == nil || err.Error() != "template.yaml:2:54: the Value of P depends on itself" {
		t.Errorf("got %v", err)
	}
}

// TestChain: a chain without end in sight is an error too.
func TestChain(t *testing.T) {
	text := "Conditions:\n  C0: !Equals [a, a]\n"
	for i := range 5000 {
		text += fmt.Sprintf("  C%d: !Not [!Condition C%d]\n", i+1, i)
	}
	_, err := evaluate(t, text+"Resources: {}\n", "Out: !If [C5000, a, b]", Options{})
	if err == nil || err.Error() != "template.yaml:4003:16: the condition C4000 depends on more than 1000 others" {
		t.Errorf("got %v", err)
	}
}

func TestNoTemplate(t *testing.T) {
	_, err := Load(fstest.MapFS{}, "x.yaml", Options{})
	if err == nil || err.Error() != "read template x.yaml: open x.yaml: file does not exist" {
		t.Errorf("got %v", err)
	}
}

// TestMistakesStayLocal: a machine with a mistake does not keep the others from
// running, and Parse tells it too.
func TestMistakesStayLocal(t *testing.T) {
	const text = `Resources:
  Good:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
  Bad:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: x.json}
`
	tmpl, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tmpl.Machine("Good"); err != nil {
		t.Error(err)
	}
	_, wrong := tmpl.Machine("Bad")
	_, ds := tmpl.Machines[1].Parse()
	if wrong == nil || len(ds) != 1 || ds[0].String() != wrong.Error()+"  [template]" {
		t.Errorf("Machine says %v, Parse says %v", wrong, ds)
	}
}

func TestAliases(t *testing.T) {
	const text = `Queue: &queue !Sub "${AWS::Region}-q"
Succeed: &end {Type: Succeed, Comment: *queue}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: *end}}
      DefinitionSubstitutions: {Q: *queue}
`
	tmpl, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, f := definitionOf(t, tmpl, "")
	if got := f.Root.Value.String(); got != `{"StartAt":"A","States":{"A":{"Type":"Succeed","Comment":"us-east-1-q"}}}` || m.Substitutions["Q"] != "us-east-1-q" {
		t.Errorf("got %s, %v", got, m.Substitutions)
	}
}

// TestParseTwice: a second Parse finds what the first found.
func TestParseTwice(t *testing.T) {
	const text = `Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, Result: "${X} ${Y}", End: true}}}
      DefinitionSubstitutions: !If [Yes, {X: !Sub "${!Y}"}, !Ref AWS::NoValue]
Conditions: {Yes: !Equals [a, a]}
`
	tmpl, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		f, ds := tmpl.Machines[0].Parse()
		got := f.Root.Value.Get("States").Get("A").Get("Result").Text()
		if got != "${Y} ${Y}" || len(ds) != 1 || ds[0].Line != 5 {
			t.Errorf("got %s, %v", got, ds)
		}
	}
}

func TestOneMachine(t *testing.T) {
	// The audit machine is deployed to production only.
	if tmpl := orders(t, nil); len(tmpl.Machines) != 3 {
		t.Errorf("got %d machines", len(tmpl.Machines))
	}
	const text = `Conditions: {No: !Equals [a, b]}
Resources:
  A: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: X}}}
  B: {Type: AWS::Serverless::StateMachine, Condition: No}
`
	tmpl, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := tmpl.Machine("")
	if err != nil || m.ID != "A" || m.Line != 3 || m.Column != 3 {
		t.Errorf("got %+v, %v", m, err)
	}
}

// TestSetWins: --set replaces a substitution, so the template's own need not
// be known, gives a value to one that is not declared, and may name an export.
func TestSetWins(t *testing.T) {
	const text = `Parameters: {Missing: {Type: String}}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: !Ref Missing
      Role: !Ref Missing
      Definition: {A: "${Table} ${More}", B: !ImportValue net-Id, C: !GetAtt Stack.Outputs.Id}
      DefinitionSubstitutions: {Table: !Ref Missing}
  Stack: {Type: AWS::CloudFormation::Stack}
`
	set := map[string]string{"Table": "t", "More": "m", "net-Id": "n", "Id": "o"}
	tmpl, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml", Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	m, err := tmpl.Machine("")
	if err != nil {
		t.Fatal(err)
	}
	f, _ := m.Parse()
	if got := f.Root.Value.String(); got != `{"A":"t m","B":"n","C":"o"}` {
		t.Errorf("got %s", got)
	}
	if m.Name != "M" || m.RoleARN != "arn:aws:iam::123456789012:role/MRole" {
		t.Errorf("got name %s, role %s", m.Name, m.RoleARN)
	}
}

func TestIsTemplate(t *testing.T) {
	for text, want := range map[string]bool{
		"Resources:\n  A: {}\n":                                     true,
		"# c\n\"Resources\" :\n  A: {}\n":                           true,
		`{"AWSTemplateFormatVersion": "x", "Resources": {"A": {}}}`: true,
		"// comment\n{\"Resources\": {}}":                           false, // neither JSON nor YAML that CloudFormation takes
		" {\n /* c */ \"Resources\": {}}":                           true,
		"\ufeff{\"Resources\": {}}":                                 true,
		"service: x\nstepFunctions:\n  stateMachines: {}\n":         true,
		`{"StartAt": "A", "States": {"A": {}}, "Resources": {}}`:    false,
		"StartAt: A\nStates: {}\nResources: {}\n":                   false,
		`{"StartAt": "A", "States": {"Resources": {}}}`:             false,
		"Comment: |\n  Resources:\nStartAt: A\n":                    false,
		`{"Comment": "Resources", "Result": {"Resources": 1}}`:      false,
		`{"Resources`: false,
		"":            false,
		"Resource: x": false,
	} {
		if got := IsTemplate(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func TestPhysical(t *testing.T) {
	const head = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live, Events: {Poll: {Type: Schedule}, Web: {Type: Api}}}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !GetAtt Fn.Arn, Name: live}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {}, Events: {Nightly: {Type: Schedule}, Web: {Type: HttpApi}}}}
  Activity: {Type: AWS::StepFunctions::Activity, Properties: {Name: dig}}
  Queue: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${AWS::StackName}-t"}}
  Role: {Type: AWS::IAM::Role}
  Bucket: {Type: AWS::S3::Bucket}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Http: {Type: AWS::ApiGatewayV2::Api}
  Rest: {Type: AWS::ApiGateway::RestApi, Properties: {Name: pets}}
  RestStage: {Type: AWS::ApiGateway::Stage, Properties: {StageName: dev}}
  Task: {Type: AWS::ECS::TaskDefinition}
  Job: {Type: AWS::Batch::JobQueue}
  Key: {Type: AWS::KMS::Key}
  Net: {Type: AWS::EC2::Subnet}
  Text: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: 7}}
  Db: {Type: AWS::Glue::Database, Properties: {DatabaseInput: {Name: sales}}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Custom: {Type: Custom::Lookup}
  Stack: {Type: AWS::CloudFormation::Stack}
  Odd: {Type: AWS::Timestream::Database, Properties: {DatabaseName: odd}}
  NoType: {}
Out: `
	for expression, want := range map[string]string{
		`!Ref Fn`:                         `Fn`,
		`!Ref Fn.Alias`:                   `arn:aws:lambda:us-east-1:123456789012:function:Fn:live`,
		`!Sub "${Fn.Version}"`:            `arn:aws:lambda:us-east-1:123456789012:function:Fn:1`,
		`!GetAtt FnRole.Arn`:              `arn:aws:iam::123456789012:role/FnRole`,
		`!Ref FnPoll`:                     `FnPoll`,
		`!GetAtt FnPoll.Arn`:              `arn:aws:events:us-east-1:123456789012:rule/FnPoll`,
		`!Ref Alias`:                      `arn:aws:lambda:us-east-1:123456789012:function:Fn:live`,
		`!Ref Machine`:                    `arn:aws:states:us-east-1:123456789012:stateMachine:Machine`,
		`!GetAtt Machine.Name`:            `Machine`,
		`!GetAtt MachineRole.Arn`:         `arn:aws:iam::123456789012:role/MachineRole`,
		`!GetAtt MachineNightlyRole.Arn`:  `arn:aws:iam::123456789012:role/MachineNightlyRole`,
		`!Ref Activity`:                   `arn:aws:states:us-east-1:123456789012:activity:dig`,
		`!GetAtt Activity.Name`:           `dig`,
		`!Ref Queue`:                      `https://sqs.us-east-1.amazonaws.com/123456789012/Queue`,
		`!GetAtt Queue.QueueName`:         `Queue`,
		`!GetAtt Queue.Arn`:               `arn:aws:sqs:us-east-1:123456789012:Queue`,
		`!Ref Topic`:                      `arn:aws:sns:us-east-1:123456789012:stack-t`,
		`!GetAtt Topic.TopicArn`:          `arn:aws:sns:us-east-1:123456789012:stack-t`,
		`!GetAtt Topic.TopicName`:         `stack-t`,
		`!Ref Role`:                       `Role`,
		`!Ref Bucket`:                     `bucket`,
		`!GetAtt Bucket.Arn`:              `arn:aws:s3:::bucket`,
		`!GetAtt Bucket.DomainName`:       `bucket.s3.amazonaws.com`,
		`!Ref Bus`:                        `shop`,
		`!GetAtt Bus.Arn`:                 `arn:aws:events:us-east-1:123456789012:event-bus/shop`,
		`!Ref Api`:                        apiID("Api"),
		`!Ref Api.Stage`:                  `v1`,
		`!Ref ApiDeployment`:              apiID("ApiDeployment"),
		`!GetAtt FnUrl.FunctionUrl`:       `https://` + apiID("FnUrl") + `.lambda-url.us-east-1.on.aws/`,
		`!GetAtt Role.RoleId`:             `AROA` + strings.ToUpper(digest("Role")[:16]),
		`!Ref Secret`:                     `arn:aws:secretsmanager:us-east-1:123456789012:secret:Secret-` + digest("Secret")[:6],
		`!GetAtt Odd.DeepArn`:             `arn:aws:timestream:us-east-1:123456789012:database/odd`,
		`!GetAtt Odd.SomeId`:              apiID("Odd"),
		`!Ref Apiv1Stage`:                 `v1`,
		`!Ref ServerlessRestApi`:          apiID("ServerlessRestApi"),
		`!Ref ServerlessRestApiProdStage`: `Prod`,
		`!Ref ServerlessHttpApi`:          apiID("ServerlessHttpApi"),
		`!Ref ServerlessHttpApiApiGatewayDefaultStage`: `$default`,
		`!GetAtt Http.ApiEndpoint`:                     `https://` + apiID("Http") + `.execute-api.us-east-1.amazonaws.com`,
		`!Ref Rest`:                                    apiID("Rest"),
		`!Ref RestStage`:                               `dev`,
		`!Ref Task`:                                    `arn:aws:ecs:us-east-1:123456789012:task-definition/Task:1`,
		`!GetAtt Job.JobQueueArn`:                      `arn:aws:batch:us-east-1:123456789012:job-queue/Job`,
		`!GetAtt Key.Arn`:                              `arn:aws:kms:us-east-1:123456789012:key/` + uuid("Key"),
		`!Ref Net`:                                     `subnet-` + digest("Net")[:17],
		`!GetAtt Text.Value`:                           `7`,
		`!Ref Db`:                                      `sales`,
		`!GetAtt Custom.TopicArn`:                      `arn:aws:sns:us-east-1:123456789012:TopicArn`,
		`!GetAtt Custom.Plain`:                         `Plain`,
		`!GetAtt Stack.Outputs.FunctionArn`:            `arn:aws:lambda:us-east-1:123456789012:function:FunctionArn`,
		`!GetAtt Stack.Outputs.SomeArn`:                `arn:aws:cloudformation:us-east-1:123456789012:export/SomeArn`,
		`!Ref Odd`:                                     `odd`,
		`!GetAtt Odd.Arn`:                              `arn:aws:timestream:us-east-1:123456789012:database/odd`,
		`!GetAtt Odd.Endpoint`:                         `odd.Endpoint`,
		`!Ref NoType`:                                  `NoType`,
	} {
		got, err := evaluate(t, head, expression, Options{})
		if got = strings.Trim(got, `"`); err != nil || got != want {
			t.Errorf("%s: got %s %v, want %s", expression, got, err, want)
		}
	}
}

// TestAPIIDs: the ids of APIs are what an endpoint's host may start with.
func TestAPIIDs(t *testing.T) {
	pattern := regexp.MustCompile(`^[0-9a-z]{10}$`)
	seen := map[string]string{}
	for i := range 5000 {
		name := fmt.Sprintf("Api%d", i)
		id := apiID(name)
		if other, twice := seen[id]; twice || !pattern.MatchString(id) || id != apiID(name) {
			t.Fatalf("%s is %s, %s", name, id, other)
		}
		seen[id] = name
	}
}

// FuzzLoad: no text makes it panic or hang, and every machine can be parsed.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"orders/template.yaml", "cdk.out/Shop.template.json"} {
		text, err := fs.ReadFile(os.DirFS("testdata"), name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(base + "1")
	f.Add(bomb())
	f.Add("Resources: {M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Sub '${M}${!x}${'}}}")
	f.Fuzz(func(t *testing.T, text string) {
		IsTemplate(text)
		tmpl, err := Load(fstest.MapFS{"t": {Data: []byte(text)}}, "t", Options{Set: map[string]string{"Env": "x"}})
		if err != nil {
			if err.Error() == "" || !strings.HasPrefix(err.Error(), "t:") {
				t.Errorf("got %q", err)
			}
			return
		}
		for i := range tmpl.Machines {
			m := &tmpl.Machines[i]
			if file, ds := m.Parse(); file == nil || m.err != nil && ds.Err() == nil {
				t.Errorf("%s: got %v and %v", m.ID, file, ds)
			}
		}
	})
}

// BenchmarkLoad: reading a template and working out its three machines.
func BenchmarkLoad(b *testing.B) {
	fsys := os.DirFS("testdata")
	text, err := fs.ReadFile(fsys, "orders/template.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Load(fsys, "orders/template.yaml", Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestUnfilled: what depends on a parameter without a value is left open, what
// the template forgets is not.
func TestUnfilled(t *testing.T) {
	const text = `Parameters:
  Bucket: {Type: String}
  Seconds: {Type: Number}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionSubstitutions:
        Where: !Sub "arn:aws:s3:::${Bucket}/x"
        Known: B
      Definition:
        StartAt: A
        States:
          A: {Type: Wait, Seconds: !Ref Seconds, Next: "${Known}"}
          B: {Type: Task, Resource: "${Where}", Next: C}
          C: {Type: Pass, Comment: "${Forgotten}", End: true}
`
	fsys := fstest.MapFS{"t.yaml": {Data: []byte(text)}}
	if tmpl, err := Load(fsys, "t.yaml", Options{}); err == nil {
		if _, err = tmpl.Machine(""); err == nil {
			t.Error("it can be run without values for its parameters")
		}
	}
	tmpl, err := Load(fsys, "t.yaml", Options{Unfilled: true})
	if err != nil {
		t.Fatal(err)
	}
	_, found := tmpl.Deployed()[0].Parse()
	want := `t.yaml:14:36: warning: state "A": ${Seconds} has no value, so what depends on it is not checked; give it one with --set Seconds=VALUE  [definition-substitution]
t.yaml:15:38: warning: state "B": ${Where} has no value, so what depends on it is not checked; give it one with --set Where=VALUE  [definition-substitution]
t.yaml:16:37: state "C": ${Forgotten} has no value; give it one with --set Forgotten=VALUE  [definition-substitution]`
	if got := found.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestServerless: a service of the Serverless Framework, as its plugin deploys it.
func TestServerless(t *testing.T) {
	const text = `service: shop
provider: {name: aws}
functions:
  pack-it: {handler: h.pack}
resources:
  Resources:
    Orders: {Type: AWS::SQS::Queue}
stepFunctions:
  activities: [approve]
  stateMachines:
    order:
      name: order-${opt:stage, 'test'}
      type: EXPRESS
      definition:
        StartAt: Pack
        States:
          Pack: {Type: Task, Resource: !GetAtt pack-it.Arn, Next: Again}
          Again: {Type: Task, Resource: {"Fn::GetAtt": [PackDashitLambdaFunction, Arn]}, Next: Send}
          Send: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", Parameters: {QueueUrl: !Ref Orders, MessageBody: x}, Next: Elsewhere}
          Elsewhere: {Type: Task, Resource: !GetAtt Unknown.Arn, Comment: "${self:custom.x}", End: true}
    filed: {definition: "${file(machines/approve.json)}"}
`
	fsys := fstest.MapFS{
		"serverless.yml":        {Data: []byte(text)},
		"machines/approve.json": {Data: []byte(`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`)},
	}
	tmpl, err := Load(fsys, "serverless.yml", Options{Unfilled: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := tmpl.Machine("order")
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "order-test" || !m.Express {
		t.Errorf("name %s, express %v", m.Name, m.Express)
	}
	f, found := m.Parse()
	want := `serverless.yml:20:45: warning: state "Elsewhere": ${Unknown.Arn} has no value, so what depends on it is not checked; give it one with --set Unknown.Arn=VALUE  [definition-substitution]
serverless.yml:20:76: warning: state "Elsewhere": ${self:custom.x} has no value, so what depends on it is not checked; give it one with --set self:custom.x=VALUE  [definition-substitution]`
	if got := found.Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for i, want := range []string{"arn:aws:lambda:us-east-1:123456789012:function:shop-dev-pack-it", "arn:aws:lambda:us-east-1:123456789012:function:shop-dev-pack-it"} {
		if got := f.Machine.States[i].Resource; got != want {
			t.Errorf("resource %s, want %s", got, want)
		}
	}
	if m, err = tmpl.Machine("filed"); err != nil {
		t.Fatal(err)
	}
	if f, found = m.Parse(); len(found) > 0 || f.Name != "machines/approve.json" {
		t.Errorf("%s: %v", f.Name, found)
	}
	if tmpl, err = Load(fsys, "serverless.yml", Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err = tmpl.Machine("order"); err == nil || !strings.Contains(err.Error(), "Unknown.Arn") {
		t.Errorf("to be run: error %v", err)
	}
	set := map[string]string{"Unknown.Arn": "arn:aws:states:::sqs:sendMessage", "self:custom.x": "x"}
	if tmpl, err = Load(fsys, "serverless.yml", Options{Set: set}); err != nil {
		t.Fatal(err)
	}
	if m, err = tmpl.Machine("order"); err != nil {
		t.Fatal(err)
	}
	if f, found = m.Parse(); len(found) > 0 || f.Machine.States[3].Resource != set["Unknown.Arn"] {
		t.Errorf("with all values: %v", found)
	}
}
