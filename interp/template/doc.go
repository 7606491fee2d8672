// Package template finds the state machines of SAM and CloudFormation templates,
// and of services of the Serverless Framework, and makes them runnable on this
// machine.
//
// The one idea: a template is evaluated only where a machine needs it. [Load]
// reads the template, works out each machine's definition and substitutions,
// and invents what only a deployment would know: physical ids, ARNs, API hosts.
// What is invented depends on the logical id alone, so it is the same in every
// run. A function, a table or a queue without a name of its own is named by its
// logical id, as SAM CLI names functions that run locally. A missing parameter or
// an unknown function elsewhere in the template hurts nobody.
//
// Everything that is wrong is an [Error] with a place and, where we know one, a
// way out. A machine's own mistakes stay with that machine: the other machines
// of the template still run.
//
// Positions: findings point to where a user can edit. That is the definition's
// own file, or, for a definition that stands in the template word for word, the
// template. A text put together by Fn::Join has no such place: it is shown as
// it came out, under the name TEMPLATE#LogicalId.
//
// It does not run transforms and macros, does not ask AWS for exports or SSM
// parameters, and reads nothing but the fs.FS it is given.
package template
