package template

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// base is a template with something for every function to refer to.
const base = `
Parameters:
  Env: {Type: String, Default: dev}
  Count: {Type: Number, Default: 3}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Secret: {Type: String}
Mappings:
  Sizes:
    us-east-1: {dev: 1, prod: large, list: [x, y]}
    eu-west-1: {dev: 2}
  Circle:
    a: {b: !Ref Env}
Conditions:
  IsDev: !Equals [!Ref Env, dev]
  IsThree: {"Fn::Equals": [{Ref: Count}, "3"]}
  Both: !And [!Condition IsDev, {Condition: IsThree}]
  Either: !Or [!Not [{Condition: IsDev}], !Condition IsThree]
  Neither: !Not [!Condition Either]
  Round: !Not [!Condition Round]
Resources:
  Fn: {Type: AWS::Serverless::Function}
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub "${Env}-fn"}}
  Table: {Type: AWS::DynamoDB::Table}
  LoopA: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt LoopB.QueueName}}
  LoopB: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt LoopA.QueueName}}
Out: `

// evaluate is the value of a YAML expression put into a template, as JSON text.
func evaluate(t *testing.T, template, expression string, o Options) (string, error) {
	t.Helper()
	tmpl, err := Load(fstest.MapFS{"template.yaml": {Data: []byte(template + expression)}}, "template.yaml", o)
	if err != nil {
		return "", err
	}
	v, err := tmpl.eval(member(tmpl.root, "Out"))
	if err == nil && !v.Exists() {
		return "nothing", nil
	}
	return v.String(), err
}

func TestFunctions(t *testing.T) {
	for _, test := range []struct{ expression, want string }{
		// Ref: pseudo parameters, parameters, resources.
		{`!Ref AWS::Region`, `"us-east-1"`},
		{`{Ref: "AWS::AccountId"}`, `"123456789012"`},
		{`!Ref AWS::Partition`, `"aws"`},
		{`!Ref AWS::URLSuffix`, `"amazonaws.com"`},
		{`!Ref AWS::StackName`, `"stack"`},
		{`!Ref AWS::StackId`, `"arn:aws:cloudformation:us-east-1:123456789012:stack/stack/04d7a9af-f1f5-47df-838a-fab84b15b50a"`},
		{`!Ref AWS::NotificationARNs`, `[]`},
		{`!Ref AWS::NoValue`, `nothing`},
		{`[a, !Ref AWS::NoValue, {b: !Ref AWS::NoValue, c: 1}]`, `["a",{"c":1}]`},
		{`!Ref Env`, `"dev"`},
		{`!Ref Count`, `"3"`},
		{`!Ref Zones`, `["a","b","c"]`},
		{`!Ref Table`, `"Table"`},
		{`!Ref Named`, `"dev-fn"`},

		// Scalars keep what they look like.
		{`[1, 1.10, 010, true, "1", ~, 2026-01-02, 12345678901234567890]`, `[1,1.10,"010",true,"1",null,"2026-01-02",12345678901234567890]`},

		// Fn::GetAtt
		{`!GetAtt Fn.Arn`, `"arn:aws:lambda:us-east-1:123456789012:function:Fn"`},
		{`!GetAtt [Named, Arn]`, `"arn:aws:lambda:us-east-1:123456789012:function:dev-fn"`},
		{`{"Fn::GetAtt": [Table, Arn]}`, `"arn:aws:dynamodb:us-east-1:123456789012:table/Table"`},
		{`{"Fn::GetAtt": "Table.StreamArn"}`, `"arn:aws:dynamodb:us-east-1:123456789012:table/Table/stream/2026-01-01T00:00:00.000"`},

		// Fn::Sub
		{`!Sub "${Env}-${Fn.Arn}-${AWS::Region}"`, `"dev-arn:aws:lambda:us-east-1:123456789012:function:Fn-us-east-1"`},
		{`!Sub ["${a}/${Env}/${a}", {a: !Ref Table}]`, `"Table/dev/Table"`},
		{`{"Fn::Sub": ["${Env}", {Env: own}]}`, `"own"`},
		{`!Sub "${!Kept} $${Env} ${} {x} ${Env"`, `"${Kept} $dev ${} {x} ${Env"`},
		{`!Sub "${ Env }"`, `"dev"`},
		{`!Sub 12`, `"12"`},
		{"!Sub |\n  a: ${Env}\n", `"a: dev\n"`},

		// Fn::Join, Fn::Split, Fn::Select
		{`!Join ["-", [a, 1, !Ref Env, true, !Ref AWS::NoValue]]`, `"a-1-dev-true"`},
		{`!Join ["", !Ref Zones]`, `"abc"`},
		{`!Join [",", !Split ["-", a-b]]`, `"a,b"`},
		{`!Split ["/", !GetAtt Table.Arn]`, `["arn:aws:dynamodb:us-east-1:123456789012:table","Table"]`},
		{`!Select [1, !Split ["/", !GetAtt Table.Arn]]`, `"Table"`},
		{`!Select ["0", !Ref Zones]`, `"a"`},
		{`!Select [1, !GetAZs ""]`, `"us-east-1b"`},

		// Fn::FindInMap
		{`!FindInMap [Sizes, !Ref AWS::Region, !Ref Env]`, `1`},
		{`!FindInMap [Sizes, us-east-1, list]`, `["x","y"]`},
		{`!Join ["", [!FindInMap [Sizes, us-east-1, dev]]]`, `"1"`},

		// Fn::If and conditions
		{`!If [IsDev, yes, !Ref Nobody]`, `"yes"`},
		{`!If [Both, 1, 2]`, `1`},
		{`!If [Either, 1, 2]`, `1`},
		{`!If [Neither, 1, !Ref AWS::NoValue]`, `nothing`},

		// Fn::Base64, Fn::ImportValue
		{`!Base64 dev`, `"ZGV2"`},
		{`{"Fn::Base64": !Sub "${Env}"}`, `"ZGV2"`},
		{`!ImportValue net-VpcId`, `"net-VpcId"`},
		{`{"Fn::ImportValue": !Sub "${Env}:OrderQueueArn"}`, `"arn:aws:sqs:us-east-1:123456789012:dev-OrderQueueArn"`},
		{`!ImportValue ChargeLambdaArn`, `"arn:aws:lambda:us-east-1:123456789012:function:ChargeLambdaArn"`},
	} {
		got, err := evaluate(t, base, test.expression, Options{})
		if err != nil || got != test.want {
			t.Errorf("%s:\n got %s %v\nwant %s", test.expression, got, err, test.want)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		o                Options
		expression, want string
	}{
		{Options{Set: map[string]string{"Env": "prod"}}, `!Sub "${Env} ${Named}"`, `"prod prod-fn"`},
		{Options{Set: map[string]string{"Env": "prod"}}, `!If [IsDev, 1, 2]`, `2`},
		{Options{Set: map[string]string{"Zones": "x,y"}}, `!Ref Zones`, `["x","y"]`},
		{Options{Set: map[string]string{"Secret": ""}}, `!Ref Secret`, `""`},
		{Options{Set: map[string]string{"AWS::StackName": "shop"}}, `!Ref AWS::StackName`, `"shop"`},
		{Options{StackName: "shop"}, `!Ref AWS::StackName`, `"shop"`},
		{Options{Region: "eu-west-1", Account: "210987654321"}, `!GetAtt Fn.Arn`, `"arn:aws:lambda:eu-west-1:210987654321:function:Fn"`},
		{Options{Region: "cn-north-1"}, `!Sub "${AWS::Partition} ${AWS::URLSuffix}"`, `"aws-cn amazonaws.com.cn"`},
		{Options{Region: "us-gov-west-1"}, `!Sub "${AWS::Partition} ${AWS::URLSuffix}"`, `"aws-us-gov amazonaws.com"`},
		{Options{Partition: "aws-iso"}, `!Ref AWS::Partition`, `"aws-iso"`},
	} {
		got, err := evaluate(t, base, test.expression, test.o)
		if err != nil || got != test.want {
			t.Errorf("%+v %s:\n got %s %v\nwant %s", test.o, test.expression, got, err, test.want)
		}
	}
}

func TestStackName(t *testing.T) {
	for name, want := range map[string]string{
		"template.yaml":                "stack",
		"my_shop/template.yaml":        "my-shop",
		"a/order service.v2/stack.yml": "order-service-v2",
		"a/__/stack.yml":               "stack",
	} {
		if got := (Options{}).filled(name).StackName; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestFunctionErrors(t *testing.T) {
	line := strings.Count(base, "\n") + 1
	for _, test := range []struct{ expression, want string }{
		{`!Ref Tabel`, `L:6: Ref "Tabel": no such parameter or resource; did you mean "Table"?`},
		{`!Ref Zzzzzzzz`, `L:6: Ref "Zzzzzzzz": no such parameter or resource`},
		{`!Ref [Table]`, `L:6: Ref needs the name of a parameter or a resource`},
		{`!Ref Nobody.Alias`, `L:6: Fn::GetAtt "Nobody.Alias": no such parameter or resource`},
		{`!GetAtt Tabel.Arn`, `L:6: Fn::GetAtt "Tabel.Arn": no such parameter or resource; did you mean "Table"?`},
		{`!GetAtt Table`, `L:6: Fn::GetAtt "Table" names no attribute; write it as Id.Attribute`},
		{`!GetAtt [Table]`, `L:6: Fn::GetAtt: these arguments do not fit; write it as [Id, Attribute]`},
		{`!GetAtt Env.Arn`, `L:6: Fn::GetAtt "Env.Arn": Env is a parameter and has no attributes; use Ref`},
		{`!Ref Secret`, `6:11: the parameter "Secret" has no Default and no value; give it one with --set Secret=VALUE`},
		{`!Sub "a ${Tabel.Arn} b"`, `L:14: Fn::Sub "${Tabel.Arn}": no such parameter or resource; did you mean "Table"?`},
		{"!Sub |\n  a\n  b: ${Evn}", `M:6: Fn::Sub "${Evn}": no such parameter or resource; did you mean "Env"?`},
		{`!Sub "${a b}"`, `L:12: Fn::Sub: ${a b} is not the name of anything; write ${!a b} to keep it as it is`},
		{`!Sub "${Zones}"`, `L:6: a text is needed here, not a list`},
		{`!Sub [a]`, `L:6: Fn::Sub: these arguments do not fit; write it as [text, {name: value}]`},
		{`!Sub [a, b]`, `L:15: the second argument of Fn::Sub must be a mapping of names to values`},
		{`!Sub {a: b}`, `L:6: Fn::Sub needs a text`},
		{`!Sub [!Ref Env, {}]`, `L:12: the text of Fn::Sub must be written out, not a function`},
		{`!Join [a]`, `L:6: Fn::Join: these arguments do not fit; write it as [delimiter, [texts]]`},
		{`!Join [",", a]`, `L:18: a list is needed here, not a string`},
		{`!Join [",", [[a]]]`, `L:18: a text is needed here, not a list`},
		{`!Join [",", !Ref AWS::NoValue]`, `L:18: a list is needed here, not AWS::NoValue`},
		{`!Join [!Ref Nobody, [a]]`, `L:13: Ref "Nobody": no such parameter or resource`},
		{`!Join [",", [~]]`, `L:18: a text is needed here, not nothing`},
		{`!Split ["", a]`, `L:14: the delimiter of Fn::Split is empty`},
		{`!Select [3, [a, b]]`, `L:6: Fn::Select has no item 3: the list is ["a","b"]`},
		{`!Select [x, [a, b]]`, `L:15: the index of Fn::Select is "x", which is no whole number`},
		{`!Select [0, !Ref Env]`, `L:18: a list is needed here, not a string`},
		{`!Select [9, !Split ["-", !Ref AWS::StackId]]`, `L:6: Fn::Select has no item 9: the list is ["arn:aws:cloudformation:us","east","1:123456789012:stack/stack/04d7a9af","f1f5","47df","838a","fab84b15b50a"]; the stack's name is made up; choose it with --set AWS::StackName=NAME`},
		{`!FindInMap [Size, a, b]`, `L:18: Mappings has no "Size"; did you mean "Sizes"?`},
		{`!FindInMap [Sizes, us-east-1, dve]`, `L:36: Mappings.Sizes.us-east-1 has no "dve"; did you mean "dev"?`},
		{`!FindInMap [Sizes, us-east-1]`, `L:6: Fn::FindInMap: these arguments do not fit; write it as [map, top key, second key]`},
		{`!FindInMap [Circle, a, b]`, `12:12: Mappings may only hold texts and lists of texts`},
		{`!If [IsDve, 1, 2]`, `L:11: there is no condition "IsDve"; did you mean "IsDev"?`},
		{`!If [IsDev, 1]`, `L:6: Fn::If: these arguments do not fit; write it as [condition, value if true, value if false]`},
		{`!If [!Equals [1, 2], 1, 2]`, `L:11: the first argument of Fn::If must be the name of a condition; give this one a name in Conditions`},
		{`!If [Round, 1, 2]`, `19:16: the condition Round depends on itself`},
		{`!Equals [1, 1]`, `L:6: Fn::Equals may stand in Conditions only`},
		{`!Ref LoopA`, `24:58: the QueueName of LoopA depends on itself`},
		{`!Cidr [a, 1, 2]`, `L:6: the function Fn::Cidr is not supported`},
		{`!Joim [a, []]`, `L:6: the function Fn::Joim is not supported; did you mean "Join"?`},
		{`{"Fn::Transform": {Name: AWS::Include, Parameters: {Location: x}}}`, `L:6: Fn::Transform cannot be run here; put the text of its Location in here`},
		{`{a: 1, "Fn::Transform": {Name: Mine}}`, `L:6: Fn::Transform cannot be run here; run it and open what it makes`},
		{`{"Fn::ForEach::All": []}`, `L:6: the function Fn::ForEach::All is not supported`},
	} {
		want := strings.NewReplacer("L:", strconv.Itoa(line)+":", "M:", strconv.Itoa(line+2)+":").Replace(test.want)
		if want != "" {
			want = "template.yaml:" + want
		}
		got := ""
		if _, err := evaluate(t, base, test.expression, Options{}); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", test.expression, got, want)
		}
	}
}
