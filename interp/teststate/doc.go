// Package teststate tries one state by itself, as AWS's TestState does
// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html).
//
// The one idea: a test is an execution that begins at the state and is looked at
// until it leaves it. What TestState calls inspection data are the stages of that
// execution's frame, the ones the debugger shows; nothing of the data flow is
// computed here.
//
// The branches of a Parallel and the iterations of a Map are never run: their
// result is a mock. Waits do not wait. Calls go to the caller's function, so
// nothing leaves the machine from here.
package teststate
