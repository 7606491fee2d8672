package paint

import (
	"strings"

	"asldbg/tui/theme"
)

// Canvas is a screen of cells. Its zero value is empty; [Canvas.Reset] gives it
// a size.
type Canvas struct {
	theme theme.Theme
	w, h  int
	cells []cell
	looks [theme.NumRoles]string // of each role, its escape sequence
	buf   strings.Builder
}

// cell is one column of one row: a grapheme cluster, or "" for the further
// columns of a wide one.
type cell struct {
	text string
	role theme.Role
}

// Reset makes the canvas blank, w columns by h rows, looking as t says. It
// keeps its memory.
func (c *Canvas) Reset(w, h int, t theme.Theme) {
	c.theme, c.w, c.h = t, max(w, 0), max(h, 0)
	if n := c.w * c.h; cap(c.cells) < n {
		c.cells = make([]cell, n)
	} else {
		c.cells = c.cells[:n]
	}
	for i := range c.cells {
		c.cells[i] = cell{text: " "}
	}
	for r := range theme.NumRoles {
		c.looks[r] = t.SGR(r)
	}
}

// All is the whole canvas.
func (c *Canvas) All() Area { return Area{c: c, W: c.w, H: c.h} }

// String is the screen as the terminal gets it: rows divided by \n, without
// blanks at their ends, with escape sequences for roles.
func (c *Canvas) String() string {
	c.buf.Reset()
	c.buf.Grow(len(c.cells) * 2)
	for y := range c.h {
		if y > 0 {
			c.buf.WriteByte('\n')
		}
		row := c.cells[y*c.w : (y+1)*c.w]
		end := len(row)
		for end > 0 && row[end-1].text == " " && row[end-1].role != theme.Danger {
			end--
		}
		now := ""
		for _, cl := range row[:end] {
			look := now
			if cl.text != " " || cl.role == theme.Danger {
				look = c.looks[cl.role]
			} else if now == c.looks[theme.Danger] {
				look = "" // only what is reversed shows on a blank
			}
			if look != now {
				if look == "" {
					c.buf.WriteString(theme.Reset)
				} else {
					c.buf.WriteString(look)
				}
				now = look
			}
			c.buf.WriteString(cl.text)
		}
		if now != "" {
			c.buf.WriteString(theme.Reset)
		}
	}
	return strings.Clone(c.buf.String())
}

// set writes one piece; a wide one that is half overwritten becomes blank.
func (c *Canvas) set(x, y, width int, text string, r theme.Role) {
	row := c.cells[y*c.w : (y+1)*c.w]
	for i := x; row[i].text == ""; i-- {
		row[i].text = " "
		if row[i-1].text != "" {
			row[i-1].text = " "
		}
	}
	for i := x + width; i < len(row) && row[i].text == ""; i++ {
		row[i].text = " "
	}
	row[x] = cell{text, r}
	for i := range width - 1 {
		row[x+1+i] = cell{"", r}
	}
}

// Area is a rectangle of a canvas with coordinates of its own. What is drawn
// outside it is cut.
type Area struct {
	c    *Canvas
	x, y int
	W, H int // columns and rows
}

// Sub is the part of a at x, y with w columns and h rows, as far as a has it.
func (a Area) Sub(x, y, w, h int) Area {
	x0, y0 := min(max(x, 0), a.W), min(max(y, 0), a.H)
	return Area{c: a.c, x: a.x + x0, y: a.y + y0, W: max(min(x+w, a.W)-x0, 0), H: max(min(y+h, a.H)-y0, 0)}
}

// Rows is the part of a from row y to row end.
func (a Area) Rows(y, end int) Area { return a.Sub(0, y, a.W, end-y) }

// Theme is how the canvas looks.
func (a Area) Theme() theme.Theme { return a.c.theme }

// Width is how many columns s takes here.
func (a Area) Width(s string) int { return Width(s, a.c.theme) }

// Origin is where a's top left corner is on the screen.
func (a Area) Origin() (x, y int) { return a.x, a.y }

// Clear makes a blank.
func (a Area) Clear() {
	for y := range a.H {
		for x := range a.W {
			a.c.set(a.x+x, a.y+y, 1, " ", theme.Plain)
		}
	}
}

// At is a pen at x, y that stops at a's right edge.
func (a Area) At(x, y int) *Pen { return &Pen{area: a, X: x, y: y, end: a.W} }

// Pen writes along one row. When the text does not fit, its last column becomes
// an ellipsis.
type Pen struct {
	area Area
	X    int // the column written next
	y    int
	end  int
	cut  bool
}

// Until makes the pen stop before column end.
func (p *Pen) Until(end int) *Pen {
	p.end = min(end, p.area.W)
	p.cut = false
	return p
}

// To moves the pen to column x.
func (p *Pen) To(x int) *Pen {
	p.X = x
	p.cut = false
	return p
}

// Put writes text of ours: words and theme's glyphs.
func (p *Pen) Put(r theme.Role, s string) *Pen { return p.Say(r, p.area.c.theme.Words(s)) }

// Say writes any text; what cannot be seen is escaped.
func (p *Pen) Say(r theme.Role, s string) *Pen {
	for s != "" && !p.cut {
		char, w, escapes, n := next(s, p.area.c.theme)
		p.piece(r, char, w, escapes)
		s = s[n:]
	}
	return p
}

// Width is the width of the area the pen writes in.
func (p *Pen) Width() int { return p.area.W }

// Measure is how many columns s takes; glyphs of ours count as what is shown.
func (p *Pen) Measure(s string) int { return p.area.Width(p.area.c.theme.Words(s)) }

// piece writes a character and the escapes after it, as [next] gives them;
// escapes are written column by column.
func (p *Pen) piece(r theme.Role, char string, width int, escapes string) {
	if p.cut {
		return
	}
	a := p.area
	if p.X+width+len(escapes) > p.end || p.y < 0 || p.y >= a.H {
		p.cut = true
		if p.y >= 0 && p.y < a.H {
			p.ellipsis(r)
		}
		return
	}
	if char != "" {
		p.cell(r, char, width)
	}
	for i := range len(escapes) {
		p.cell(r, escapes[i:i+1], 1)
	}
}

// cell writes one character of width columns.
func (p *Pen) cell(r theme.Role, text string, width int) {
	if p.X >= 0 {
		p.area.c.set(p.area.x+p.X, p.area.y+p.y, width, text, r)
	}
	p.X += width
}

// ellipsis marks the last column the pen may write, when something stands
// there or was to stand there.
func (p *Pen) ellipsis(r theme.Role) {
	at := min(p.X, p.end-1)
	if at < 0 {
		return
	}
	p.area.c.set(p.area.x+at, p.area.y+p.y, 1, p.area.c.theme.Words(theme.GlyphCut), r)
	p.X = p.end
}
