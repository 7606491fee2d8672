// Package paint is the screen as a grid of cells.
//
// The one idea: nothing reaches the terminal except through a [Canvas], and a
// canvas takes text only through the one sanitiser, [Next]. So a payload cannot
// move the cursor, change colours, hide or reorder text, or shift a column: what
// is not plainly visible is written as an escape such as \u202e, and a cell is
// exactly as wide as we and the terminal agree it is.
//
// Text of ours (words and theme's glyphs) is written with Put, all other text
// with Say: in ASCII mode our glyphs get their stand-ins, a payload's
// characters are escaped.
//
// Panes draw here instead of returning styled strings: measuring, cutting and
// joining strings with escape sequences in them is slower and easier to get
// wrong.
package paint
