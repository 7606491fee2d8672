// Package jsonata is the JSONata language, version 2, complete but for $eval:
// paths that map over sequences, predicates, grouping, sorting, transforms,
// lambdas with closures and tail calls, all functions, and AWS Step Functions'
// own.
package jsonata
