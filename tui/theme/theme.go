package theme

import (
	"strconv"
	"strings"
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

// Attributes and colours of Select Graphic Rendition (ECMA-48, 8.3.117).
const (
	bold      = 1
	faint     = 2
	underline = 4
	reverse   = 7
	red       = 31
	green     = 32
	yellow    = 33
	blue      = 34
	magenta   = 35
	cyan      = 36
)

// looks lists, for each role, the attributes used always and the colour used
// when there may be one; 0 is none.
var looks = [NumRoles]struct{ always, colour int }{
	Dim:     {faint, 0},
	Strong:  {bold, 0},
	Key:     {bold, cyan},
	Border:  {faint, 0},
	Focus:   {bold, cyan},
	Here:    {bold, cyan},
	Done:    {0, green},
	ToCome:  {faint, 0},
	Failed:  {bold, red},
	Break:   {bold, magenta},
	Added:   {0, green},
	Changed: {0, yellow},
	Removed: {0, red},
	Warn:    {bold, yellow},
	Danger:  {reverse, red},
	Safe:    {0, green},
	Cursor:  {bold, 0},
	Name:    {0, blue},
	Text:    {0, 0},
	Number:  {0, magenta},
	Word:    {0, magenta},
	Match:   {underline, yellow},
}

// SGR is the escape sequence that starts role r, "" where there is none. Each
// sequence starts from the terminal's defaults.
func (t Theme) SGR(r Role) string {
	l := looks[r]
	if !t.Colour {
		l.colour = 0
	}
	switch {
	case l.always == 0 && l.colour == 0:
		return ""
	case l.colour == 0:
		return "\x1b[0;" + strconv.Itoa(l.always) + "m"
	case l.always == 0:
		return "\x1b[0;" + strconv.Itoa(l.colour) + "m"
	}
	return "\x1b[0;" + strconv.Itoa(l.always) + ";" + strconv.Itoa(l.colour) + "m"
}

// Reset is the escape sequence that ends every role.
const Reset = "\x1b[m"
