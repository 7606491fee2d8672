// Package task is how a Task's [interp.Call] becomes a request and an outcome.
//
// The one idea: prepare, seal, send. A [Handler] prepares an editable [Draft];
// sealing signs it and freezes its bytes; what was sealed is what is sent, and
// what is sent is what was shown. Each family of resources is one package
// below this one.
//
// Handlers do not decide whether a call may leave the machine (that is [Policy],
// which the session asks) and do not know retries, which are the interpreter's.
//
// [Transport] is a small HTTP/1.1 client of our own and not net/http's. It writes
// the sealed bytes themselves, so that no second writer can disagree with what
// was shown, and it keeps the spelling of an answer's header names: workflows
// read x-amzn-RequestId, net/http makes X-Amzn-Requestid of it. It costs a
// quarter less time a call. Proxies are asked for a tunnel, also for plain HTTP,
// so that they cannot change what was shown either.
//
// AWS_ENDPOINT_URL and its kin direct calls but do not allow them: a variable
// may have been set long ago and for something else. --endpoint does both.
package task
