// Package examples holds the samples the program carries with it.
//
// The one idea: each is a folder a user could have written and deployed with
// AWS SAM: template, state machine, functions, input. Nothing in it is made for
// the debugger but walk.txt, the commands a demo plays where nobody is at the
// keys.
//
// Their functions stand for what runs at AWS. Here the built-in API answers in
// their place, in the same way.
package examples
