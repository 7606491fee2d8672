// Package task is how a Task's [interp.Call] becomes a request and an outcome.
//
// The one idea: prepare, seal, send. A [Handler] prepares an editable [Draft];
// sealing signs it and freezes its bytes; what was sealed is what is sent, and
// what is sent is what was shown. Each family of resources is one package
// below this one.
//
// It does not decide whether a call may leave the machine, and does not know
// retries: the first is [Policy]'s and the session's business, the second the
// interpreter's.
package task
