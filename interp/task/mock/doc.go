// Package mock answers tasks from a file instead of the world.
//
// The one idea: a file is a table, not a queue. [Mocks.Answer] is asked with the
// number of calls that went before and remembers nothing, so going back in time,
// replaying and forking take the same answers again. Who counts is the session,
// by [Mocks.Key].
//
// Two forms are read: Step Functions Local's MockConfigFile, and
// {"<state>": [answer, …]}. It does not check that an answer looks like the
// service's, and does not wait.
package mock
