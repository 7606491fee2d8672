// Package theme names the looks of things on screen.
//
// The one idea: panes speak of roles ([Here], [Changed], [Danger]), never of
// colours; one table turns a role into the terminal's own 16 colours, so light
// and dark backgrounds both work, and another turns glyphs into ASCII. What a
// role means is always said by a sign or a word too: colour repeats it.
//
// It does not measure or draw text: that is tui/paint.
package theme
