package template

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// physical says what a deployed resource of one type is called. All but
// property are patterns, see [Template.expand].
type physical struct {
	property   string // the property that names it, if the template says so
	made       string // its name otherwise; "" is the logical id
	arn        string // Fn::GetAtt Arn
	ref        string // Ref; "" is {name}
	attributes map[string]string
}

// physicals are the resource types machines mostly refer to. What Ref and the
// attributes give is said on each type's page of the template reference
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
var physicals = map[string]physical{
	"AWS::ApiGateway::ApiKey":        {ref: "{api}"},
	"AWS::ApiGateway::Deployment":    {ref: "{api}"},
	"AWS::ApiGateway::Resource":      {ref: "{api}"},
	"AWS::ApiGateway::RestApi":       restAPI,
	"AWS::ApiGateway::Stage":         {property: "StageName"},
	"AWS::ApiGatewayV2::Api":         httpAPI,
	"AWS::ApiGatewayV2::Integration": {ref: "{api}"},
	"AWS::ApiGatewayV2::Stage":       {property: "StageName"},
	"AWS::AppSync::GraphQLApi": {
		property: "Name", arn: "appsync:{here}:apis/{api}", ref: "{arn}",
		attributes: map[string]string{"ApiId": "{api}", "GraphQLUrl": "https://{api}.appsync-api.{region}.{suffix}/graphql"},
	},
	"AWS::Athena::WorkGroup":         {property: "Name", arn: "athena:{here}:workgroup/{name}"},
	"AWS::Batch::ComputeEnvironment": {property: "ComputeEnvironmentName", arn: "batch:{here}:compute-environment/{name}", ref: "{arn}"},
	"AWS::Batch::JobDefinition":      {property: "JobDefinitionName", arn: "batch:{here}:job-definition/{name}:1", ref: "{arn}"},
	"AWS::Batch::JobQueue":           {property: "JobQueueName", arn: "batch:{here}:job-queue/{name}", ref: "{arn}"},
	"AWS::CloudFormation::Stack":     {arn: "cloudformation:{here}:stack/{name}/{uuid}", ref: "{arn}"},
	"AWS::CodeBuild::Project":        {property: "Name", arn: "codebuild:{here}:project/{name}"},
	"AWS::Cognito::UserPool":         {made: "{region}_{api}", arn: "cognito-idp:{here}:userpool/{name}"},
	"AWS::DynamoDB::GlobalTable":     dynamoTable,
	"AWS::DynamoDB::Table":           dynamoTable,
	"AWS::EC2::EIP":                  {ref: "192.0.2.1", attributes: map[string]string{"AllocationId": "eipalloc-{hex}"}},
	"AWS::EC2::Instance":             {ref: "i-{hex}"},
	"AWS::EC2::LaunchTemplate":       {ref: "lt-{hex}"},
	"AWS::EC2::SecurityGroup":        {ref: "sg-{hex}", attributes: map[string]string{"GroupId": "sg-{hex}", "VpcId": "vpc-{hex}"}},
	"AWS::EC2::Subnet":               {ref: "subnet-{hex}", attributes: map[string]string{"SubnetId": "subnet-{hex}", "AvailabilityZone": "{region}a"}},
	"AWS::EC2::VPC":                  {ref: "vpc-{hex}", attributes: map[string]string{"VpcId": "vpc-{hex}", "CidrBlock": "{CidrBlock}"}},
	"AWS::ECR::Repository": {
		property: "RepositoryName", made: "{lower}", arn: "ecr:{here}:repository/{name}",
		attributes: map[string]string{"RepositoryUri": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
	},
	"AWS::ECS::Cluster":        {property: "ClusterName", arn: "ecs:{here}:cluster/{name}"},
	"AWS::ECS::Service":        {property: "ServiceName", arn: "ecs:{here}:service/{name}", ref: "{arn}"},
	"AWS::ECS::TaskDefinition": {property: "Family", arn: "ecs:{here}:task-definition/{name}:1", ref: "{arn}"},
	"AWS::Events::ApiDestination": {
		property: "Name", arn: "events:{here}:api-destination/{name}/{uuid}",
	},
	"AWS::Events::Archive": {property: "ArchiveName", arn: "events:{here}:archive/{name}"},
	"AWS::Events::Connection": {
		property: "Name", arn: "events:{here}:connection/{name}/{uuid}",
		attributes: map[string]string{"SecretArn": "arn:{partition}:secretsmanager:{here}:secret:events!connection/{name}/{uuid}"},
	},
	"AWS::Events::EventBus":                {property: "Name", arn: "events:{here}:event-bus/{name}"},
	"AWS::Events::Rule":                    {property: "Name", arn: "events:{here}:rule/{name}"},
	"AWS::Glue::Database":                  {property: "DatabaseInput.Name", made: "{lower}", arn: "glue:{here}:database/{name}"},
	"AWS::Glue::Table":                     {property: "TableInput.Name", made: "{lower}", arn: "glue:{here}:table/{name}"},
	"AWS::IAM::InstanceProfile":            {property: "InstanceProfileName", arn: "iam::{account}:instance-profile/{name}"},
	"AWS::IAM::ManagedPolicy":              {property: "ManagedPolicyName", arn: "iam::{account}:policy/{name}", ref: "{arn}"},
	"AWS::IAM::Role":                       {property: "RoleName", arn: "iam::{account}:role/{name}", attributes: map[string]string{"RoleId": "AROA{HEX}"}},
	"AWS::IAM::User":                       {property: "UserName", arn: "iam::{account}:user/{name}"},
	"AWS::KMS::Alias":                      {property: "AliasName", arn: "kms:{here}:{name}"},
	"AWS::KMS::Key":                        {made: "{uuid}", arn: "kms:{here}:key/{name}", attributes: map[string]string{"KeyId": "{name}"}},
	"AWS::Kinesis::Stream":                 {property: "Name", arn: "kinesis:{here}:stream/{name}"},
	"AWS::KinesisFirehose::DeliveryStream": {property: "DeliveryStreamName", arn: "firehose:{here}:deliverystream/{name}"},
	"AWS::Lambda::Alias":                   {property: "Name", arn: "lambda:{here}:function:{FunctionName}:{name}", ref: "{arn}"},
	"AWS::Lambda::Function":                lambdaFunction,
	"AWS::Lambda::LayerVersion":            {property: "LayerName", arn: "lambda:{here}:layer:{name}:1", ref: "{arn}"},
	"AWS::Lambda::Url": {
		arn: "lambda:{here}:function:{TargetFunctionArn}", ref: "{arn}",
		attributes: map[string]string{"FunctionUrl": "https://{api}.lambda-url.{region}.on.aws/"},
	},
	"AWS::Lambda::Version": {arn: "lambda:{here}:function:{FunctionName}:1", ref: "{arn}", attributes: map[string]string{"Version": "1"}},
	"AWS::Logs::LogGroup":  {property: "LogGroupName", arn: "logs:{here}:log-group:{name}:*"},
	"AWS::Pipes::Pipe":     {property: "Name", arn: "pipes:{here}:pipe/{name}"},
	"AWS::S3::Bucket": {
		property: "BucketName", made: "{lower}", arn: "s3:::{name}",
		attributes: map[string]string{
			"DomainName": "{name}.s3.{suffix}", "RegionalDomainName": "{name}.s3.{region}.{suffix}",
			"WebsiteURL": "http://{name}.s3-website-{region}.{suffix}",
		},
	},
	"AWS::SNS::Topic":              {property: "TopicName", arn: "sns:{here}:{name}", ref: "{arn}"},
	"AWS::SQS::Queue":              sqsQueue,
	"AWS::SSM::Parameter":          {property: "Name", arn: "ssm:{here}:parameter/{name}", attributes: map[string]string{"Type": "{Type}", "Value": "{Value}"}},
	"AWS::Scheduler::Schedule":     {property: "Name", arn: "scheduler:{here}:schedule/{GroupName}/{name}"},
	"AWS::SecretsManager::Secret":  {property: "Name", arn: "secretsmanager:{here}:secret:{name}-{hex6}", ref: "{arn}", attributes: map[string]string{"Id": "{arn}"}},
	"AWS::Serverless::Api":         restAPI,
	"AWS::Serverless::Application": {arn: "cloudformation:{here}:stack/{name}/{uuid}", ref: "{arn}"},
	"AWS::Serverless::Function":    lambdaFunction,
	"AWS::Serverless::GraphQLApi": {
		property: "Name", arn: "appsync:{here}:apis/{api}", ref: "{arn}",
		attributes: map[string]string{"ApiId": "{api}", "GraphQLUrl": "https://{api}.appsync-api.{region}.{suffix}/graphql"},
	},
	"AWS::Serverless::HttpApi":      httpAPI,
	"AWS::Serverless::LayerVersion": {property: "LayerName", arn: "lambda:{here}:layer:{name}:1", ref: "{arn}"},
	"AWS::Serverless::SimpleTable":  dynamoTable,
	"AWS::Serverless::StateMachine": {
		property: "Name", arn: "states:{here}:stateMachine:{name}", ref: "{arn}",
		attributes: map[string]string{"Alias": "{arn}:{AutoPublishAlias}", "Version": "{arn}:1"},
	},
	"AWS::StepFunctions::Activity":     {property: "Name", arn: "states:{here}:activity:{name}", ref: "{arn}"},
	"AWS::StepFunctions::StateMachine": {property: "StateMachineName", arn: "states:{here}:stateMachine:{name}", ref: "{arn}"},
}

// Types that share their row.
var (
	lambdaFunction = physical{
		property: "FunctionName", arn: "lambda:{here}:function:{name}",
		attributes: map[string]string{"Alias": "{arn}:{AutoPublishAlias}", "Version": "{arn}:1"},
	}
	dynamoTable = physical{
		property: "TableName", arn: "dynamodb:{here}:table/{name}",
		attributes: map[string]string{"StreamArn": "{arn}/stream/2026-01-01T00:00:00.000"},
	}
	sqsQueue = physical{
		property: "QueueName", arn: "sqs:{here}:{name}", ref: "https://sqs.{region}.{suffix}/{account}/{name}",
		attributes: map[string]string{"QueueUrl": "https://sqs.{region}.{suffix}/{account}/{name}"},
	}
	restAPI = physical{
		property: "Name", arn: "apigateway:{region}::/restapis/{api}", ref: "{api}",
		attributes: map[string]string{"RestApiId": "{api}", "RootResourceId": "{api}", "Stage": "{StageName}"},
	}
	httpAPI = physical{
		property: "Name", arn: "apigateway:{region}::/apis/{api}", ref: "{api}",
		attributes: map[string]string{"ApiId": "{api}", "ApiEndpoint": "https://{api}.execute-api.{region}.{suffix}"},
	}
)

// physical is the row for r's type: its own or one made from the type's name.
func (t *Template) physical(r *resource) physical {
	p, known := physicals[r.kind]
	if !known {
		part := strings.Split(r.kind+"::::", "::")
		p.property = part[2] + "Name"
		if member(r.properties, p.property) == nil {
			p.property = "Name"
		}
		p.arn = strings.ToLower(part[1]) + ":{here}:" + strings.ToLower(part[2]) + "/{name}"
	}
	p.arn = "arn:{partition}:" + p.arn
	if p.ref == "" {
		p.ref = "{name}"
	}
	return p
}

// attribute is the pattern of an attribute; for one the row does not have, what
// its name suggests.
func (p physical) attribute(r *resource, name string) string {
	if pattern, ok := p.attributes[name]; ok {
		return pattern
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case strings.HasPrefix(name, "Outputs."), strings.HasPrefix(r.kind, "Custom::"), r.kind == "AWS::CloudFormation::CustomResource":
		return "{outside " + last + "}"
	case strings.HasSuffix(last, "Arn"):
		return p.arn
	case strings.HasSuffix(last, "Name"):
		return "{name}"
	case strings.HasSuffix(last, "Id"):
		return "{api}"
	}
	return "{name}." + name
}

var patternPart = regexp.MustCompile(`\{[^{}]+\}`)

// expand fills a pattern in for r. {name} is what r is called, {lower} its
// logical id in small letters, {arn} its ARN; {api}, {hex}, {HEX}, {hex6} and
// {uuid} are made from the logical id; {partition}, {region}, {account}, {suffix}
// and {here} (region and account) are the deployment's; {outside X} comes from
// another stack; any other word is the property of that name.
func (t *Template) expand(pattern string, r *resource, at *yaml.Node) (string, error) {
	var failed error
	s := patternPart.ReplaceAllStringFunc(pattern, func(part string) string {
		s, err := t.fill(part[1:len(part)-1], r, at)
		if err != nil && failed == nil {
			failed = err
		}
		return s
	})
	return s, failed
}

func (t *Template) fill(word string, r *resource, at *yaml.Node) (string, error) {
	switch word {
	case "lower":
		return strings.ToLower(r.id), nil
	case "name":
		return t.name(r, at)
	case "arn":
		return t.expand(t.physical(r).arn, r, at)
	case "api":
		return apiID(r.id), nil
	case "hex":
		return digest(r.id)[:17], nil
	case "HEX":
		return strings.ToUpper(digest(r.id)[:16]), nil
	case "hex6":
		return digest(r.id)[:6], nil
	case "uuid":
		return uuid(r.id), nil
	case "partition":
		return t.o.Partition, nil
	case "region":
		return t.o.Region, nil
	case "account":
		return t.o.Account, nil
	case "suffix":
		return t.o.suffix(), nil
	case "here":
		return t.o.Region + ":" + t.o.Account, nil
	}
	if export, ok := strings.CutPrefix(word, "outside "); ok {
		return t.outside(export), nil
	}
	s, ok, err := t.property(r, word)
	if !ok && err == nil {
		s = r.id
	}
	return s, err
}

// property is a property's text; of an ARN, only its last part. It is worked
// out once: resources may refer to each other many times.
func (t *Template) property(r *resource, path string) (s string, ok bool, err error) {
	n := member(r.properties, strings.Split(path, ".")...)
	if n == nil {
		return "", false, nil
	}
	what := path + " of " + r.id
	if s, known := t.texts[what]; known {
		return s, true, nil
	}
	leave, err := t.enter(what, n)
	if err != nil {
		return "", false, err
	}
	defer leave()
	v, err := t.eval(n)
	if err != nil || !v.Exists() {
		return "", false, err
	}
	if s, err = t.text(n, v); err != nil {
		return "", false, err
	}
	if strings.HasPrefix(s, "arn:") {
		s = s[strings.LastIndexByte(s, ':')+1:]
	}
	t.texts[what] = s
	return s, true, nil
}

// name is what r is called: by the template, else as the table says.
func (t *Template) name(r *resource, at *yaml.Node) (string, error) {
	if r.called != "" {
		return r.called, nil
	}
	p := t.physical(r)
	s, ok, err := t.property(r, p.property)
	switch {
	case machineKinds[r.kind] != nil && needsSet(err):
		return r.id, nil // a machine runs here under any name
	case ok || err != nil:
		return s, err
	case p.made != "":
		return t.expand(p.made, r, at)
	}
	return r.id, nil
}

// outside is a value that comes from outside the template, such as the export
// of another stack: what --set says, else one made from its name, as an ARN
// where the name says so.
func (t *Template) outside(name string) string {
	if s, given := t.set(name); given {
		return s
	}
	lower := strings.ToLower(name)
	if !strings.Contains(lower, "arn") {
		return name
	}
	r := &resource{id: name, kind: "AWS::CloudFormation::Export", called: regexp.MustCompile(`[^0-9A-Za-z_-]+`).ReplaceAllString(name, "-")}
	for _, guess := range [][2]string{
		{"statemachine", "AWS::StepFunctions::StateMachine"},
		{"workflow", "AWS::StepFunctions::StateMachine"},
		{"activity", "AWS::StepFunctions::Activity"},
		{"role", "AWS::IAM::Role"},
		{"topic", "AWS::SNS::Topic"},
		{"queue", "AWS::SQS::Queue"},
		{"table", "AWS::DynamoDB::Table"},
		{"bucket", "AWS::S3::Bucket"},
		{"bus", "AWS::Events::EventBus"},
		{"function", "AWS::Lambda::Function"},
		{"lambda", "AWS::Lambda::Function"},
	} {
		if strings.Contains(lower, guess[0]) {
			r.kind = guess[1]
			break
		}
	}
	s, _ := t.expand(t.physical(r).arn, r, nil) // it has no properties, so nothing can fail
	return s
}

// digest is 64 hexadecimal digits that depend on s alone.
func digest(s string) string {
	sum := sha256.Sum256([]byte("asldbg " + s))
	return hex.EncodeToString(sum[:])
}

// apiID is an API Gateway id: ten letters and digits.
func apiID(logical string) string {
	n, _ := new(big.Int).SetString(digest(logical), 16)
	s := n.Text(36)
	return s[len(s)-10:]
}

func uuid(s string) string {
	d := digest(s)
	return fmt.Sprintf("%s-%s-4%s-8%s-%s", d[:8], d[8:12], d[12:15], d[15:18], d[18:30])
}
