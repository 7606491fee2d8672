// Package request shows a request that is held before it leaves: what will be
// sent, line by line, how it is signed, and what happens after each answer.
//
// The one idea: what is shown is the sealed request. Beside each line stands
// where it came from: a place of the parameters, or the user's own edit.
//
// Calls that were answered are shown beside it: what came back, byte for byte,
// what Step Functions makes of it, and why an API refused.
//
// It does not send, sign or edit anything: those are commands of the session.
package request
