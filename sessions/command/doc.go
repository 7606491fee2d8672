// Package command is the debugger's one vocabulary. A key, a line of a script,
// an entry of the palette and a request of another front end all become one
// [Command]; [Parse] reads the written form, [Specs] lists them with help.
//
// It does not execute anything.
package command
