// Package local is the API built into the program, for demos and lessons: it
// needs no account, no network and nothing installed.
//
// The one idea: it behaves as API Gateway does, so that what is learnt on it is
// true elsewhere. Unknown routes are 403 and not 404, IAM routes check the
// signature for real and say what they would have signed, errors carry
// x-amzn-ErrorType. Everything it makes up comes from a seed, so the same calls
// get the same answers.
//
// It keeps nothing on disk and listens on loopback only.
package local
