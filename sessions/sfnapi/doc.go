// Package sfnapi answers task tokens over HTTP, as the Step Functions service
// does: SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat of AWS JSON 1.0,
// so that a worker, the AWS CLI or an SDK needs nothing but --endpoint-url.
//
// The one idea: a [Server] only reads requests; what an answer does is the
// business of its [Tokens], which are those of a session on screen ([Session])
// or of one that runs without a screen ([Run]).
//
// It does not check signatures, does not start executions, and is reached from
// this machine only.
package sfnapi
