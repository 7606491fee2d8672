package command

import (
	"strconv"
	"strings"
	"unicode"

	"asldbg/interp/jsonval"
)

// String is the command as [Parse] reads it.
func (c Command) String() string {
	spec, _ := Find(string(c.Verb))
	arg := c.argText(spec.Arg)
	if arg == "" {
		return string(c.Verb)
	}
	return string(c.Verb) + " " + arg
}

func (c Command) argText(kind Arg) string {
	switch kind {
	case FrameArg:
		return strconv.Itoa(c.Frame)
	case IDArg:
		return strconv.Itoa(c.N)
	case StepArg:
		switch c.N {
		case 0:
			return "start"
		case -1:
			return "end"
		}
		return strconv.Itoa(c.N)
	case HoldArg:
		return c.holdText()
	case SignArg:
		switch c.Name {
		case "at":
			return c.Text
		case "region":
			return c.Name + " " + c.Text
		}
		return c.Name
	case YesArg:
		if c.Sure {
			return "yes"
		}
	case MockArg:
		return c.mockText()
	case ExportArg:
		return c.exportText()
	case ExprArg:
		return c.Expr
	case PlaceArg:
		return c.placeText()
	case PointerArg:
		if c.Pointer == "" {
			return c.Value.String()
		}
		return asWord(c.Pointer) + " " + c.Value.String()
	case JSONArg:
		return c.Value.String()
	case ErrorArg:
		return c.failureText()
	case TokenArg:
		text := c.Name
		if c.TaskToken != "" {
			text = c.TaskToken + " " + text
		}
		if rest := c.Value.String() + c.failureText(); rest != "" {
			text += " " + rest
		}
		return text
	}
	return ""
}

func (c Command) placeText() string {
	text := QuoteState(c.Name)
	if c.Name == "" {
		text = "*"
	}
	if c.Stage != "" {
		text += ":" + c.Stage
	}
	if c.Expr != "" {
		text += " if " + c.Expr
	}
	return text
}

func (c Command) failureText() string {
	if c.Error == "" && c.Cause == "" {
		return ""
	}
	text := asWord(c.Error)
	switch {
	case c.Cause == "":
	case c.Cause[0] == '"' || c.Cause != strings.TrimSpace(c.Cause) || hasControl(c.Cause):
		text += " " + jsonval.Quote(c.Cause)
	default:
		text += " " + c.Cause
	}
	return text
}

// QuoteState is a state's name as break takes it: a JSON string where the bare
// name would read otherwise.
func QuoteState(name string) string {
	if name == "" || name == "*" || name[0] == '"' || name != strings.TrimSpace(name) ||
		strings.Contains(name, ":") || strings.Contains(name+" ", " if ") || hasControl(name) {
		return jsonval.Quote(name)
	}
	return name
}

// asWord is s where one word is expected.
func asWord(s string) string {
	if s == "" || s[0] == '"' || strings.ContainsFunc(s, unicode.IsSpace) || hasControl(s) {
		return jsonval.Quote(s)
	}
	return s
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
