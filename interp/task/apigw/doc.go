// Package apigw does the work of arn:aws:states:::apigateway:invoke, with and
// without .waitForTaskToken: calls of API Gateway's REST and HTTP APIs
// (https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html).
//
// The one idea: three small translations that can be read side by side with
// AWS's page. [Check] is what AWS refuses before the call, [Handler.Prepare]
// turns parameters into an HTTP request, [Handler.Send] turns the answer into a
// result or an ApiGateway.<status> error.
//
// Where AWS's page is silent we chose: names of Headers go out as they are
// spelled, one line per value; a %41 in Path is taken as encoded already; no
// Accept header is added; a body is sent with any method; a number or a boolean
// in a list is sent as its text. What AuthType RESOURCE_POLICY signs as
// states.amazonaws.com nobody else can: the request is marked with that
// [task.Principal] and signed as the user, who decides whether it goes out.
package apigw
