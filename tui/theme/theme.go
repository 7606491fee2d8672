package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Role is what a piece of text is, which decides how it looks.
type Role uint8

// The roles.
const (
	Plain    Role = iota
	Dim           // present but not important now
	Strong        // names and headings
	Key           // a key that can be pressed
	Border        // of a pane without the focus
	Focus         // border and title of the pane with the focus
	Here          // where execution stands
	Done          // what has been passed
	ToCome        // what is still ahead
	Failed        // what went wrong
	Break         // breakpoints
	Added         // new in a document
	Changed       // different in a document
	Removed       // gone from a document
	Warn          // be careful
	Danger        // something leaves the machine
	Safe          // nothing leaves the machine
	Cursor        // what the next key acts on
	Name          // a member's name in JSON
	Text          // a JSON string
	Number        // a JSON number
	Word          // true, false, null
	Match         // what a search found
	NumRoles      // how many there are
)

// Mode says when colours are used, as --color does.
type Mode string

// The modes.
const (
	Auto   Mode = "auto"
	Always Mode = "always"
	Never  Mode = "never"
)

// Theme is how roles and glyphs look on one terminal.
type Theme struct {
	ASCII  bool // only ASCII reaches the screen
	Colour bool // without it, bold, faint and reverse still do
	// Clusters says that the terminal measures whole grapheme clusters (mode
	// 2027); others add up their code points.
	Clusters bool
}

// For decides a theme from --ascii, --color and the environment: NO_COLOR
// (https://no-color.org: any value but the empty one), CLICOLOR and
// CLICOLOR_FORCE (https://bixense.com/clicolors), TERM, and the locale, which
// says whether the terminal shows UTF-8.
func For(ascii bool, mode Mode, getenv func(string) string) Theme {
	t := Theme{ASCII: ascii || !utf8Locale(getenv)}
	switch force := getenv("CLICOLOR_FORCE"); {
	case mode == Always:
		t.Colour = true
	case mode == Never || getenv("NO_COLOR") != "":
		t.Colour = false
	case force != "" && force != "0":
		t.Colour = true
	default:
		t.Colour = getenv("CLICOLOR") != "0" && getenv("TERM") != "dumb"
	}
	return t
}

// utf8Locale reports whether the locale is one of UTF-8. With no locale set at
// all, as in many containers, it is taken to be.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if l := strings.ToLower(getenv(name)); l != "" {
			return strings.Contains(l, "utf-8") || strings.Contains(l, "utf8")
		}
	}
	return true
}

// look is how a role is drawn: attributes always, the colour where there may be
// one.
type look struct {
	bold, faint, underline, reverse bool
	colour                          ansi.BasicColor
	coloured                        bool
}

func (l look) in(c ansi.BasicColor) look {
	l.colour, l.coloured = c, true
	return l
}

var looks = [NumRoles]look{
	Dim:     {faint: true},
	Strong:  {bold: true},
	Key:     look{bold: true}.in(lipgloss.Cyan),
	Border:  {faint: true},
	Focus:   look{bold: true}.in(lipgloss.Cyan),
	Here:    look{bold: true}.in(lipgloss.Cyan),
	Done:    look{}.in(lipgloss.Green),
	ToCome:  {faint: true},
	Failed:  look{bold: true}.in(lipgloss.Red),
	Break:   look{bold: true}.in(lipgloss.Magenta),
	Added:   look{}.in(lipgloss.Green),
	Changed: look{}.in(lipgloss.Yellow),
	Removed: look{}.in(lipgloss.Red),
	Warn:    look{bold: true}.in(lipgloss.Yellow),
	Danger:  look{reverse: true}.in(lipgloss.Red),
	Safe:    look{}.in(lipgloss.Green),
	Cursor:  {bold: true},
	Name:    look{}.in(lipgloss.Blue),
	Number:  look{}.in(lipgloss.Magenta),
	Word:    look{}.in(lipgloss.Magenta),
	Match:   look{underline: true}.in(lipgloss.Yellow),
}

// Style is how role r is drawn, in the terminal's own 16 colours.
func (t Theme) Style(r Role) lipgloss.Style {
	l := looks[r]
	s := lipgloss.NewStyle()
	if l.bold {
		s = s.Bold(true)
	}
	if l.faint {
		s = s.Faint(true)
	}
	if l.underline {
		s = s.Underline(true)
	}
	if l.reverse {
		s = s.Reverse(true)
	}
	if t.Colour && l.coloured {
		s = s.Foreground(l.colour)
	}
	return s
}

// SGR is the escape sequence that starts role r, "" where there is none: what
// its style writes before a text. Each sequence starts from the terminal's
// defaults.
func (t Theme) SGR(r Role) string {
	begin, _, _ := strings.Cut(t.Style(r).Render("x"), "x")
	if begin == "" {
		return ""
	}
	return "\x1b[0;" + strings.TrimPrefix(begin, "\x1b[")
}

// Reset is the escape sequence that ends every role.
const Reset = "\x1b[m"
