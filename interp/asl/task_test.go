package asl

import (
	"strings"
	"testing"
)

func TestResources(t *testing.T) {
	for _, arn := range []string{
		"arn:aws:lambda:us-east-1:111111111111:function:<lambda_function_name>",
		"arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:f:$LATEST",
		"arn:aws-cn:states:::apigateway:invoke",
		"arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject",
		"arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken",
		"arn:aws:states:::states:startExecution.sync:2",
		"arn:aws:states:::glue:startJobRun.sync",
		"arn:aws:states:::somethingnew:doIt.sync",
		"arn:aws:states:us-east-1:123456789012:activity:<name>",
	} {
		text := `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "` + arn + `", "Parameters": {"ApiEndpoint.$": "$.h", "Method": "GET", "t.$": "$$.Task.Token"}, "End": true}}}`
		if !strings.Contains(arn, "apigateway") {
			text = strings.Replace(text, `"ApiEndpoint.$": "$.h", "Method": "GET", `, `"StateMachineArn": "m", "JobName": "j", `, 1)
		}
		if !strings.Contains(arn, ".waitForTaskToken") {
			text = strings.Replace(text, `, "t.$": "$$.Task.Token"`, "", 1)
		}
		if got := found(t, text, Options{}); got != nil {
			t.Errorf("%s: %s", arn, strings.Join(got, "\n"))
		}
	}
	task := func(arn string) string { return `"A": {"Type": "Task", "End": true, "Resource": "` + arn + `"}` }
	const refused = `2:48: state "A": Resource `
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"missing", `"A": {"Type": "Task", "End": true}`, []string{`2:1: state "A": Resource is missing  [field-missing]`}},
		{"empty", task(""), []string{`2:48: state "A": Resource is empty  [field-empty]`}},
		{"a word", task("MyFunction"), []string{
			refused + `"MyFunction" is not one Step Functions knows; a Resource is an ARN, such as arn:aws:states:::lambda:invoke  [resource-unknown]`,
		}},
		{"another URI", task("docker://x/y"), []string{
			`2:48: warning: state "A": AWS does not know the Resource "docker://x/y"; it can only be run with mocked answers  [resource-unknown]`,
		}},
		{"another service", task("arn:aws:swf:us-east-1:123456789012:task:X"), []string{
			`2:48: warning: state "A": AWS does not know the Resource "arn:aws:swf:us-east-1:123456789012:task:X"; it can only be run with mocked answers  [resource-unknown]`,
		}},
		{"short ARN", task("arn:aws:states:lambda:invoke"), []string{
			refused + `"arn:aws:states:lambda:invoke" is not one Step Functions knows; an ARN has six parts, such as arn:aws:states:::lambda:invoke  [resource-unknown]`,
		}},
		{"function without a name", task("arn:aws:lambda:us-east-1:123456789012:f"), []string{
			refused + `"arn:aws:lambda:us-east-1:123456789012:f" is not one Step Functions knows; a function is arn:aws:lambda:<region>:<account>:function:<name>, with :<alias> if it has one  [resource-unknown]`,
		}},
		{"unknown action", task("arn:aws:states:::dynamodb:query"), []string{
			refused + `"arn:aws:states:::dynamodb:query" is not one Step Functions knows; arn:aws:states:::dynamodb has getItem, putItem, updateItem or deleteItem; other API calls are arn:aws:states:::aws-sdk:<service>:<action>  [resource-unknown]`,
		}},
		{"misspelt action", task("arn:aws:states:::sqs:sendmessage"), []string{
			refused + `"arn:aws:states:::sqs:sendmessage" is not one Step Functions knows; did you mean "sendMessage"?  [resource-unknown]`,
		}},
		{"no action", task("arn:aws:states:::aws-sdk:s3"), []string{
			refused + `"arn:aws:states:::aws-sdk:s3" is not one Step Functions knows; a service integration is arn:aws:states:::<service>:<action>  [resource-unknown]`,
		}},
		{"pattern the service lacks", task("arn:aws:states:::apigateway:invoke.sync"), []string{
			refused + `"arn:aws:states:::apigateway:invoke.sync" is not one Step Functions knows; apigateway:invoke cannot be used with .sync  [resource-unknown]`,
		}},
		{"sync of the SDK", task("arn:aws:states:::aws-sdk:glue:startJobRun.sync"), []string{
			refused + `"arn:aws:states:::aws-sdk:glue:startJobRun.sync" is not one Step Functions knows; aws-sdk:startJobRun cannot be used with .sync  [resource-unknown]`,
		}},
		{"an API by the SDK", task("arn:aws:states:::aws-sdk:apigateway:invoke"), []string{
			refused + `"arn:aws:states:::aws-sdk:apigateway:invoke" is not one Step Functions knows; an API is called with arn:aws:states:::apigateway:invoke  [resource-unknown]`,
		}},
		{"unknown pattern", task("arn:aws:states:::sqs:sendMessage.waitForTasktoken"), []string{
			refused + `"arn:aws:states:::sqs:sendMessage.waitForTasktoken" is not one Step Functions knows; did you mean "waitForTaskToken"?  [resource-unknown]`,
		}},
		{"state machine", task("arn:aws:states:us-east-1:123456789012:stateMachine:x"), []string{
			refused + `"arn:aws:states:us-east-1:123456789012:stateMachine:x" is not one Step Functions knows; another machine is started with arn:aws:states:::states:startExecution  [resource-unknown]`,
		}},
		{"token nobody gets", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.b"}}`, []string{
			`2:48: warning: state "A": the task waits for its token, but its Parameters do not send it; pass it on with "TaskToken.$": "$$.Task.Token"  [token-unused]`,
		}},
		{"token inside a function", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": [{"b.$": "States.Format('{}', $$.Task.Token)"}]}}`, nil},
		{"parameters a service cannot do without", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"MessageBody.$": "$.m", "queueUrl": "q"}}`, []string{
			`2:84: state "A": Parameters of sqs:sendMessage need QueueUrl; did you mean "queueUrl" to be QueueUrl?  [field-missing]`,
		}},
		{"credentials", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {"Role": "x"}}`, []string{
			`2:84: state "A": Credentials needs RoleArn  [field-missing]`,
		}},
		{"credentials of nobody", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {"RoleArn": ""}}`, []string{
			`2:111: state "A": RoleArn is empty  [field-empty]`,
		}},
		{"credentials from a path", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage", "Credentials": {"RoleArn.$": "$.r", "x": 1}}`, []string{
			`2:120: state "A": Credentials: there is no field "x" here  [field-unknown]`,
		}},
	})
	runDiagnosticTests(t, Options{Express: true}, []diagnosticTest{
		{"express sync", task("arn:aws:states:::glue:startJobRun.sync"), []string{
			`2:48: state "A": an Express state machine cannot use .sync; run it as STANDARD  [express-pattern]`,
		}},
		{"express activity", task("arn:aws:states:us-east-1:123456789012:activity:x"), []string{
			`2:48: state "A": an Express state machine cannot use activities; run it as STANDARD  [express-pattern]`,
		}},
		{"express distributed map", `"A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}`, []string{
			`2:81: state "A": an Express state machine cannot have a distributed Map  [express-pattern]`,
		}},
	})
	const child = `"A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "B",
"States": {"B": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "C", "States": {
"C": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::states:startExecution.sync"}}}]}}}}`
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"an Express child", child, []string{
			`4:48: state "C": an Express state machine cannot use .sync; run it as STANDARD  [express-pattern]`,
		}},
		{"a Standard child", strings.Replace(child, "EXPRESS", "STANDARD", 1), nil},
	})
}

func TestAPIGateway(t *testing.T) {
	// The Parameters start at line 3.
	task := func(parameters string) string {
		return `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": {` + "\n" + parameters + `}}`
	}
	const host = `"ApiEndpoint": "abc123.execute-api.eu-west-1.amazonaws.com", `
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"fine", task(host + `"Method": "POST", "Stage": "prod", "Path": "/a", "AuthType": "IAM_ROLE", "AllowNullValues": true,
"Headers": {"X-Api-Key": ["k"], "b.$": "States.Array($.b)"}, "QueryParameters.$": "$.q", "RequestBody": "x"`), nil},
		{"China", task(`"ApiEndpoint": "abc.execute-api.cn-north-1.amazonaws.com.cn", "Method.$": "$.m"`), nil},
		{"no Parameters", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::apigateway:invoke"}`, []string{
			`2:1: state "A": an API Gateway task needs Parameters with ApiEndpoint and Method  [field-missing]`,
		}},
		{"list", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": []}`, []string{
			`2:100: state "A": Parameters must be an object, not an array  [field-type]`,
		}},
		{"required", task(`"Stage": "x"`), []string{
			`2:86: state "A": an API Gateway task needs the parameter ApiEndpoint  [field-missing]`,
			`2:86: state "A": an API Gateway task needs the parameter Method  [field-missing]`,
		}},
		{"URL", task(`"ApiEndpoint": "https://abc.execute-api.us-east-1.amazonaws.com/prod/x", "Method": "GET"`), []string{
			`3:16: state "A": ApiEndpoint "https://abc.execute-api.us-east-1.amazonaws.com/prod/x" is not the host of an API; write only "abc.execute-api.us-east-1.amazonaws.com"; the rest belongs to Stage and Path  [apigateway-endpoint]`,
		}},
		{"trailing slash", task(`"ApiEndpoint": "abc.execute-api.us-east-1.amazonaws.com/", "Method": "GET"`), []string{
			`3:16: state "A": ApiEndpoint "abc.execute-api.us-east-1.amazonaws.com/" is not the host of an API; write only "abc.execute-api.us-east-1.amazonaws.com"  [apigateway-endpoint]`,
		}},
		{"another host", task(`"ApiEndpoint": "api.example.com:8080", "Method": "GET"`), []string{
			`3:16: state "A": ApiEndpoint "api.example.com:8080" is not the host of an API; it is a host name: <api-id>.execute-api.<region>.amazonaws.com  [apigateway-endpoint]`,
		}},
		{"endpoint of a sample", task(`"ApiEndpoint": "<API_ENDPOINT>", "Method": "GET"`), []string{
			`3:16: warning: state "A": ApiEndpoint "<API_ENDPOINT>" is still to be filled in; it is a host name: <api-id>.execute-api.<region>.amazonaws.com  [apigateway-endpoint]`,
		}},
		{"enums", task(host + `"Method": "get", "AuthType": "IAM_AUTH"`), []string{
			`3:72: state "A": Method is "get"; it must be GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS; did you mean "GET"?  [field-value]`,
			`3:91: state "A": AuthType is "IAM_AUTH"; it must be NO_AUTH, IAM_ROLE or RESOURCE_POLICY  [field-value]`,
		}},
		{"unknown member", task(host + `"Method": "GET", "QueryParams": {}, "path.$": "$.p"`), []string{
			`3:79: state "A": API Gateway tasks have no parameter "QueryParams"  [apigateway-field]`,
			`3:98: state "A": API Gateway tasks have no parameter "path"; did you mean "Path"?  [apigateway-field]`,
		}},
		{"lists", task(host + `"Method": "GET",
"Headers": {"a": "b", "c": ["d", 3]}, "QueryParameters": {"e": {}}`), []string{
			`4:18: state "A": Headers.a must be a list of strings, not a string; write ["b"]  [apigateway-list]`,
			`4:34: warning: state "A": Headers.c is a list of strings, but this is a number  [apigateway-list]`,
			`4:64: state "A": QueryParameters.e must be a list of strings, not an object  [apigateway-list]`,
		}},
		{"headers", task(host + `"Method": "GET",
"Headers": {"Accept": ["x"], "Authorization": ["x"], "X-Amzn-Trace": ["x"], "HOST.$": "$.h"}`), []string{
			`4:30: state "A": an API Gateway task may not set the header authorization, x-amzn-trace or host; use AuthType IAM_ROLE, or an authorizer that reads another header  [apigateway-header]`,
		}},
		{"body", task(host + `"Method": "GET", "RequestBody.$": "$"`), []string{
			`3:96: warning: state "A": AWS documents RequestBody for POST, PUT and PATCH only, not for GET  [apigateway-body]`,
		}},
		{"no body", task(host + `"Method": "GET", "RequestBody": null`), nil},
		{"a blank inside of a host", task(`"ApiEndpoint": "<api-id>.execute-api.us-east-1.amazonaws.com", "Method": "GET"`), []string{
			`3:16: warning: state "A": ApiEndpoint "<api-id>.execute-api.us-east-1.amazonaws.com" is still to be filled in; it is a host name: <api-id>.execute-api.<region>.amazonaws.com  [apigateway-endpoint]`,
		}},
		{"a blank does not excuse the rest", task(`"ApiEndpoint": "https://<api-id>.execute-api.us-east-1.amazonaws.com/prod", "Method": "GET"`), []string{
			`3:16: state "A": ApiEndpoint "https://<api-id>.execute-api.us-east-1.amazonaws.com/prod" is not the host of an API; it is a host name: <api-id>.execute-api.<region>.amazonaws.com  [apigateway-endpoint]`,
		}},
		{"China's domain elsewhere", task(`"ApiEndpoint": "a.execute-api.us-east-1.amazonaws.com.cn", "Method": "GET"`), []string{
			`3:16: state "A": ApiEndpoint "a.execute-api.us-east-1.amazonaws.com.cn" is not the host of an API; it is a host name: <api-id>.execute-api.<region>.amazonaws.com  [apigateway-endpoint]`,
		}},
		{"texts where lists belong", task(host + `"Method": "GET", "Path": "/a?b=1",
"Headers": {"a.$": "$$.Execution.Id", "b.$": "States.UUID()", "c.$": "States.Array(States.UUID())", "d.$": "$.d"}, "QueryParameters": {"e.$": "States.Format('{}', $.e)"}`), []string{
			`3:87: warning: state "A": the ? of Path is sent as %3F, as a part of the path; a query belongs to QueryParameters  [apigateway-path]`,
			`4:20: warning: state "A": Headers.a must be a list of strings, and this gives a string: the task fails when it starts; write States.Array($$.Execution.Id)  [apigateway-list]`,
			`4:46: warning: state "A": Headers.b must be a list of strings, and this gives a string: the task fails when it starts; write States.Array(States.UUID())  [apigateway-list]`,
			`4:143: warning: state "A": QueryParameters.e must be a list of strings, and this gives a string: the task fails when it starts; write States.Array(States.Format('{}', $.e))  [apigateway-list]`,
		}},
		{"a token nobody gives", task(host + `"Method": "GET", "Headers": {"T.$": "States.Array($$.Task.Token)"}`), []string{
			`2:48: warning: state "A": it reads the task token, but only a task that waits for one has it; add .waitForTaskToken to the Resource, where the integration has it  [token-missing]`,
		}},
		{"headers that cannot be sent", task(host + `"Method": "GET", "Headers": {"a": [null], "": ["x"], "d": ["x\ny"], "Content-Length": ["1"]}`), []string{
			`3:97: state "A": Headers.a is a list of strings, but this is null  [apigateway-list]`,
			`3:104: state "A": "" cannot be the name of a header  [apigateway-header]`,
			`3:121: state "A": a header cannot hold a line break or another control character  [apigateway-header]`,
			`3:130: state "A": the header Content-Length is made from the body; remove it  [apigateway-header]`,
		}},
		{"types", task(host + `"Method": "PUT", "AllowNullValues": "true", "Stage": 1, "Headers": []`), []string{
			`3:98: state "A": AllowNullValues must be a boolean, not a string; write true without quotes  [field-type]`,
			`3:115: state "A": Stage must be a string, not a number; write it in quotes: "1"  [field-type]`,
			`3:129: state "A": Headers must be an object, not an array  [field-type]`,
		}},
	})
}

func TestHTTP(t *testing.T) {
	task := func(parameters string) string {
		return `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::http:invoke", "Parameters": {` + "\n" + parameters + `}}`
	}
	const (
		needed     = `"ApiEndpoint": "https://api.example.com/a", "Method": "GET", `
		connection = `"InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"}`
	)
	runDiagnosticTests(t, Options{}, []diagnosticTest{
		{"fine", task(needed + connection + `, "Headers": {"a": "b", "c": ["d", "e"], "f.$": "$.f"}, "QueryParameters": {"q": {"r": 1}}, "RequestBody": "x"`), nil},
		{"the older form", task(needed + `"Authentication": {"ConnectionArn.$": "$.c"}`), nil},
		{"form", task(needed + connection + `, "Headers": {"Content-Type": "application/x-www-form-urlencoded"},
"Transform": {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "REPEAT"}}`), nil},
		{"no Parameters", `"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::http:invoke"}`, []string{
			`2:1: state "A": an HTTP task needs Parameters with ApiEndpoint, Method and a connection  [field-missing]`,
		}},
		{"required", task(`"Headers": {}`), []string{
			`2:80: state "A": an HTTP task needs the parameter ApiEndpoint  [field-missing]`,
			`2:80: state "A": an HTTP task needs the parameter Method  [field-missing]`,
			`2:80: state "A": an HTTP task needs a connection; write "InvocationConfig": {"ConnectionArn": "arn:aws:events:…:connection/…"}  [field-missing]`,
		}},
		{"two connections", task(needed + connection + `, "Authentication": {}`), []string{
			`3:62: state "A": Authentication and InvocationConfig do not go together; remove one of them  [field-exclusive]`,
			`3:157: state "A": Authentication needs a ConnectionArn  [field-missing]`,
		}},
		{"http", task(`"ApiEndpoint": "http://api.example.com", "Method": "FETCH", ` + connection), []string{
			`3:16: state "A": ApiEndpoint "http://api.example.com" is not an https:// URL; Step Functions calls HTTPS only; --endpoint sends a request elsewhere when it is run here  [http-endpoint]`,
			`3:52: state "A": Method is "FETCH"; it must be GET, POST, PUT, DELETE, PATCH, HEAD or OPTIONS  [field-value]`,
		}},
		{"no URL", task(`"ApiEndpoint": "api.example.com", "Method": "GET", ` + connection), []string{
			`3:16: state "A": ApiEndpoint "api.example.com" is not an https:// URL  [http-endpoint]`,
		}},
		{"unknown", task(needed + connection + `, "Path": "/a", "Transform": {"Encoding": "x", "RequestBodyEncoding": "FORM", "RequestEncodingOptions": {"ArrayFormat": "LIST"}}`), []string{
			`3:157: state "A": HTTP tasks have no parameter "Path"  [http-field]`,
			`3:185: state "A": Transform: there is no field "Encoding" here  [field-unknown]`,
			`3:225: state "A": RequestBodyEncoding is "FORM"; it must be NONE or URL_ENCODED  [field-value]`,
			`3:275: state "A": ArrayFormat is "LIST"; it must be INDICES, REPEAT, COMMAS or BRACKETS  [field-value]`,
		}},
		{"headers", task(needed + connection + `, "Headers": {"a": 1, "Authorization": "x", "Referer": "y", "x-amz-meta": "z"}`), []string{
			`3:174: warning: state "A": Headers.a is a string or a list of strings, but this is a number  [http-header]`,
			`3:177: state "A": an HTTP task may not set the header authorization, referer or x-amz-meta; the connection adds it  [http-header]`,
		}},
		{"a form nothing says is one", task(needed + connection + `, "Transform": {"RequestBodyEncoding": "URL_ENCODED"}`), []string{
			`3:194: warning: state "A": URL_ENCODED needs the header that says so, or the task fails when it starts; write "Headers": {"content-type": "application/x-www-form-urlencoded"}  [http-form]`,
		}},
		{"a form that says it is something else", task(needed + connection + `, "Headers": {"content-type": ["application/json"]}, "Transform": {"RequestBodyEncoding": "URL_ENCODED"}, "RequestBody": [1]`), []string{
			`3:185: warning: state "A": URL_ENCODED needs another content type than "application/json", or the task fails when it starts; write "Headers": {"content-type": "application/x-www-form-urlencoded"}  [http-form]`,
			`3:276: state "A": a form is made of an object, not of an array  [http-form]`,
		}},
		{"no host", task(`"ApiEndpoint": "https:///a", "Method": "GET", ` + connection), []string{`3:16: state "A": ApiEndpoint "https:///a" names no host  [http-endpoint]`}},
		{"a user", task(`"ApiEndpoint": "HTTPS://u:p@a/b", "Method": "GET", ` + connection), []string{`3:16: state "A": ApiEndpoint "HTTPS://u:p@a/b" has a user in it; the connection says who calls  [http-endpoint]`}},
		{"a lone %", task(`"ApiEndpoint": "https://a/b%41?x=100%", "Method": "GET", ` + connection), []string{
			`3:16: state "A": ApiEndpoint "https://a/b%41?x=100%" has a % that begins no encoded character; a % itself is written %25  [http-endpoint]`,
		}},
		{"the case of the scheme, odd queries", task(`"ApiEndpoint": "HTTPS://a/b%2Fc/ü?x=1;y=2&z={}", "Method": "GET", ` + connection), nil},
		{"the connection", task(needed + `"InvocationConfig": {"ConnectionArn": "", "connectionArn": "x"}`), []string{
			`3:100: state "A": ConnectionArn is empty  [field-empty]`,
			`3:104: state "A": InvocationConfig: there is no field "connectionArn" here; did you mean "ConnectionArn"?  [field-unknown]`,
		}},
		{"options", task(needed + connection + `, "Transform": {"RequestEncodingOptions": {"arrayFormat": "REPEAT"}}`), []string{
			`3:198: state "A": RequestEncodingOptions: there is no field "arrayFormat" here; did you mean "ArrayFormat"?  [field-unknown]`,
		}},
		{"headers that cannot be sent", task(needed + connection + `, "Headers": {"a": [{}], "b c": "x", "d": "x\r\ny", "content-length": "1", "X-AmzOwn": "fine"}`), []string{
			`3:175: state "A": Headers.a is a string or a list of strings, but this is an object  [http-header]`,
			`3:180: state "A": "b c" cannot be the name of a header  [http-header]`,
			`3:197: state "A": a header cannot hold a line break or another control character  [http-header]`,
			`3:207: state "A": the header Content-Length is made from the body; remove it  [http-header]`,
		}},
	})
}
