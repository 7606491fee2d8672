// Package plain writes a stop of the debugger as text: for output that is no
// terminal, for transcripts and logs.
//
// The one idea: the same View that screens paint, told from top to bottom. What
// a payload says goes through the same sanitiser as on screens.
package plain
