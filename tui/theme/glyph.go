package theme

import "strings"

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

// Words is a text of ours as it is shown: in ASCII mode glyphs have become their
// stand-ins. For text of others it would hide what it says.
func (t Theme) Words(s string) string {
	if !t.ASCII {
		return s
	}
	return strings.Map(func(r rune) rune {
		if stand, ok := stands[r]; ok {
			return stand
		}
		return r
	}, s)
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
