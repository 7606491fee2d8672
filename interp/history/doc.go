// Package history derives AWS's execution history from our events.
//
// The one idea: nothing else cares how AWS numbers things. The events of
// package interp are finer than AWS's, but those AWS has come one for one and in
// AWS's order, so ids are a count, and previousEventId follows from which frame
// an event belongs to.
package history
