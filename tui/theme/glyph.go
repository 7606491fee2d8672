package theme

// The signs of the screen. Each is one column wide; none is an emoji.
const (
	GlyphHere    = "▶"
	GlyphDone    = "✓"
	GlyphToCome  = "·"
	GlyphFailed  = "✗"
	GlyphBreak   = "◆"
	GlyphClosed  = "▸"
	GlyphOpen    = "▾"
	GlyphDown    = "▼"
	GlyphUp      = "▲"
	GlyphLine    = "│"
	GlyphDash    = "─"
	GlyphEdited  = "✎"
	GlyphSent    = "⇡"
	GlyphWaiting = "w"
	GlyphCut     = "…"
	Arrow        = "─▶"
)

// stands lists the ASCII stand-in of each glyph. Every text of ours is written
// with these glyphs and ASCII only.
var stands = map[rune]rune{
	'▶': '>', '✓': '+', '·': '.', '✗': 'x', '◆': 'B',
	'▸': '>', '▾': 'v', '▼': 'v', '▲': '^', '✎': 'e', '⇡': '^', '…': '~',
	'│': '|', '─': '-', '┌': '+', '┐': '+', '└': '+', '┘': '+',
	'├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+',
	'║': '|', '═': '=', '╔': '+', '╗': '+', '╚': '+', '╝': '+',
}

// ASCII is the stand-in of one of our glyphs; ok is false for other runes.
func ASCII(r rune) (stand rune, ok bool) {
	stand, ok = stands[r]
	return stand, ok
}

// Edges are the pieces of a box: corners from the top left clockwise, then the
// horizontal and the vertical line.
type Edges struct{ TopLeft, TopRight, BottomRight, BottomLeft, Horizontal, Vertical string }

// BoxEdges are the edges of a pane, double for the one with the focus.
func BoxEdges(focus bool) Edges {
	if focus {
		return Edges{"╔", "╗", "╝", "╚", "═", "║"}
	}
	return Edges{"┌", "┐", "┘", "└", "─", "│"}
}
