// Package editor is a small text editor on screen, for JSON and for one-line
// answers.
//
// The one idea: what is typed here changes nothing until it is accepted; leaving
// keeps nothing. A text that is to be JSON says where it is not.
package editor
