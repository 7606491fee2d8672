// Package jsonval holds JSON values that cannot be changed.
//
// The one idea: a [Value] is a small struct that points at shared, frozen
// parts, so it is copied for nothing, kept for ever and used from any
// goroutine. "Changing" a document with [Value.Set] copies only the path from
// the root to the place and shares all the rest.
//
// Unlike encoding/json it keeps what ASL can see: the order of an object's
// members and the text of each number ("1.10", twenty digits). It knows the
// length of its own compact text without writing it, because AWS's payload
// quota is checked at every state.
//
// It does not map values to Go structs, and does not convert to Go maps: the
// few places that need that (gojq, AWS SDKs) do so at their own edge.
package jsonval
