// Package httptask does the work of arn:aws:states:::http:invoke: calls of any
// HTTPS API with the authorization of an EventBridge connection
// (https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html).
//
// The one idea: a connection is a file of the user's, in the form that
// EventBridge's CreateConnection takes. What it adds to a request that nobody
// else may see stands in the draft by a mark ([task.Secret]), so that the
// request can be shown, edited and recorded like any other.
//
// Where AWS's page is silent we chose: a text as RequestBody goes out as it is;
// lists in QueryParameters repeat their name; a form percent-encodes all but
// unreserved characters, null is an empty value, and objects inside of lists
// have the list's index whatever the ArrayFormat; a redirect is a failure. A
// token is asked for as RFC 6749 has it, with the client's id and secret in the
// form, or in the query of a GET, and asked for again when it has expired or a
// 401 or 407 has come. Bodies go out with a Content-Length where Step Functions
// sends chunks.
package httptask
