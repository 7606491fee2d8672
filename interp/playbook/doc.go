// Package playbook tests a machine with a dialogue: what it asks of the world,
// what the world answers, and how it ends.
//
// The one idea: an execution only speaks in effects and only listens to inputs,
// so a test of one is a list of lines:
//
//	# A 500 is retried after two seconds, then the charge goes through.
//	< call  Charge  apigateway:invoke
//	> fail  ApiGateway.500 "try later"
//	< timer Charge  2s
//	> fire
//	< call  Charge  apigateway:invoke
//	> reply {"StatusCode":201}
//	= succeeded {"charge":{"StatusCode":201}}
//
// A distributed Map's items come as answers to < read; more says that they are
// not the last. What it writes is asked for with < write and answered > written:
//
//	< read Each bucket/key from 0
//	> items [1,2] more
//	< read Each bucket/key from 2
//	> items [3]
//	< write Each bucket/prefix/id/SUCCEEDED_0.json "[1,2,3]"
//	> written
//
// A machine that a task starts stands in a file NAME.asl.json, and is started by
// the answer > start, or > start express:
//
//	< call Pay states:startExecution.sync
//	> start
//	< call Charge apigateway:invoke
//
// followed by the files machine.json (or .yaml) and input.json in txtar form,
// and, if AWS's history matters, the file history with lines "id previous type";
// history of NAME is that of the first execution of a machine that was started.
package playbook
