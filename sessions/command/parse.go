package command

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Parse reads the written form of a command: a verb or its short form, then its
// argument. An error says what is wrong and how it is written.
func Parse(line string) (Command, error) {
	if strings.ContainsAny(line, "\n\r") {
		return Command{}, errors.New("a command is one line")
	}
	if !utf8.ValidString(line) {
		return Command{}, errors.New("a command is UTF-8 text")
	}
	word, rest := cutWord(strings.TrimSpace(line))
	if word == "" {
		return Command{}, errors.New("no command given; help lists them")
	}
	spec, ok := Find(word)
	if !ok {
		return Command{}, fmt.Errorf("no command %q%s", word, didYouMean(word, verbs()))
	}
	c := Command{Verb: spec.Verb}
	if rest == "" {
		if spec.Arg == NoArg || spec.Optional {
			return c, nil
		}
		return Command{}, fmt.Errorf("%s needs more: %s", spec.Verb, spec.Usage)
	}
	if err := c.argument(spec.Arg, rest); err != nil {
		return Command{}, fmt.Errorf("%s: %w; usage: %s", spec.Verb, err, spec.Usage)
	}
	return c, nil
}

// argument fills c from the text after the verb, which is not empty.
func (c *Command) argument(kind Arg, text string) (err error) {
	switch kind {
	case NoArg:
		return fmt.Errorf("takes nothing, not %q", text)
	case FrameArg:
		c.Frame, err = number(text)
	case IDArg:
		c.N, err = number(text)
	case StepArg:
		switch text {
		case "start":
			c.N = 0
		case "end":
			c.N = -1
		default:
			c.N, err = number(text)
		}
	case HoldArg:
		return c.hold(text)
	case SignArg:
		return c.sign(text)
	case YesArg:
		if text != "yes" {
			return fmt.Errorf("yes or nothing, not %q", text)
		}
		c.Sure = true
	case MockArg:
		return c.mock(text)
	case ExportArg:
		return c.export(text)
	case ExprArg:
		c.Expr = text
	case PlaceArg:
		return c.place(text)
	case PointerArg:
		if c.Pointer, text, err = cutPointer(text); err != nil {
			return err
		}
		c.Value, err = value(text)
	case JSONArg:
		c.Value, err = value(text)
		if err == nil && c.Verb == EditRequest {
			err = CheckRequest(c.Value)
		}
	case ErrorArg:
		if err = c.failure(text); err == nil && c.Error == "" && c.Verb == FailTask {
			err = errors.New("the error's name is empty")
		}
	case TokenArg:
		return c.token(text)
	}
	return err
}

// place reads STATE[:STAGE] [if EXPR]; * is every state. A name that would read
// otherwise is written as a JSON string.
func (c *Command) place(text string) (err error) {
	quoted := text[0] == '"'
	if quoted {
		if c.Name, text, err = cutQuoted(text); err != nil {
			return err
		}
		text = " " + text
	}
	where, cond, hasIf := cutIf(text)
	if c.Expr = cond; hasIf && cond == "" {
		return errors.New("no condition after if")
	}
	if !quoted {
		c.Name, where = where, ""
		if i := strings.LastIndexByte(c.Name, ':'); i >= 0 {
			c.Name, where = strings.TrimSpace(c.Name[:i]), c.Name[i:]
		}
	}
	switch {
	case c.Name == "":
		return errors.New("no state given; * is every state")
	case c.Name == "*" && !quoted:
		c.Name = ""
	}
	if where == "" {
		return nil
	}
	stage, hasColon := strings.CutPrefix(where, ":")
	stage = strings.TrimSpace(stage)
	if !hasColon || stage == "" {
		return fmt.Errorf("%q after the state's name, where :STAGE or if should be", where)
	}
	for _, p := range Places() {
		if strings.EqualFold(p, stage) {
			c.Stage = p
			return nil
		}
	}
	return fmt.Errorf("no stage %q%s", stage, didYouMean(stage, Places()))
}

// cutIf splits text at its first free-standing if.
func cutIf(text string) (before, cond string, found bool) {
	before, cond, found = strings.Cut(text+" ", " if ")
	return strings.TrimSpace(before), strings.TrimSpace(cond), found
}

// failure reads ERROR [CAUSE], each a word or a JSON string; an unquoted cause
// is the rest of the line.
func (c *Command) failure(text string) error {
	var err error
	if c.Error, text, err = wordOrQuoted(text); err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	if text[0] != '"' {
		c.Cause = text
		return nil
	}
	var rest string
	if c.Cause, rest, err = cutQuoted(text); err == nil && rest != "" {
		err = fmt.Errorf("%q after the cause", rest)
	}
	return err
}

func (c *Command) token(text string) error {
	word, rest := cutWord(text)
	if !isAnswer(word) {
		c.TaskToken = word
		word, rest = cutWord(rest)
		if word == "" {
			return fmt.Errorf("success, failure or heartbeat, not %q", c.TaskToken)
		}
	}
	c.Name = word
	var err error
	switch {
	case !isAnswer(word):
		return fmt.Errorf("success, failure or heartbeat, not %q", word)
	case word == "success":
		if rest == "" {
			return errors.New("success needs the task's output, as JSON")
		}
		c.Value, err = value(rest)
	case word == "failure" && rest != "":
		err = c.failure(rest)
	case word == "heartbeat" && rest != "":
		err = fmt.Errorf("%q after heartbeat", rest)
	}
	return err
}

func isAnswer(word string) bool {
	return word == "success" || word == "failure" || word == "heartbeat"
}

// requestParts are the members an edit of a request may have.
var requestParts = [...]string{"method", "url", "headers", "body"}

// CheckRequest says what is wrong with the value of an edit-request.
func CheckRequest(v jsonval.Value) error {
	if !v.Is(jsonval.Object) {
		return fmt.Errorf("an object of method, url, headers and body, not %s", v.Kind())
	}
	for key, part := range v.Members() {
		switch key {
		case "method", "url":
			if !part.Is(jsonval.String) {
				return fmt.Errorf("%s is a string, not %s", key, part.Kind())
			}
		case "headers":
			if err := checkHeaders(part); err != nil {
				return err
			}
		case "body":
		default:
			return fmt.Errorf("a request has no %q%s", key, didYouMean(key, requestParts[:]))
		}
	}
	return nil
}

// checkHeaders wants {"Name": "value" or ["value", …] or null}; null removes
// the header.
func checkHeaders(v jsonval.Value) error {
	if !v.Is(jsonval.Object) {
		return fmt.Errorf("headers is an object, not %s", v.Kind())
	}
	for name, h := range v.Members() {
		ok, all := h.Is(jsonval.String) || h.Is(jsonval.Null) || h.Is(jsonval.Array), name+h.Text()
		for _, item := range h.Items() {
			ok = ok && item.Is(jsonval.String)
			all += item.Text()
		}
		switch {
		case !ok:
			return fmt.Errorf("header %q is a string, a list of strings, or null to remove it", name)
		case strings.ContainsFunc(all, asl.HeaderControl):
			return fmt.Errorf("header %q has a line break or another control character", name)
		}
	}
	return nil
}

func value(text string) (jsonval.Value, error) {
	v, err := jsonval.Parse(text)
	if err != nil {
		return v, fmt.Errorf("not JSON: %w", err)
	}
	return v, nil
}

func number(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return int(n), nil
}

// cutWord splits text at its first blank.
func cutWord(text string) (word, rest string) {
	i := strings.IndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

func wordOrQuoted(text string) (word, rest string, err error) {
	if text[0] == '"' {
		return cutQuoted(text)
	}
	word, rest = cutWord(text)
	return word, rest, nil
}

// cutQuoted takes a JSON string off the front of text.
func cutQuoted(text string) (s, rest string, err error) {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			v, err := jsonval.Parse(text[:i+1])
			if err != nil {
				return "", "", fmt.Errorf("the quoted text: %w", err)
			}
			return v.Text(), strings.TrimSpace(text[i+1:]), nil
		}
	}
	return "", "", errors.New("the quote is not closed")
}

// cutPointer takes a JSON Pointer off the front of text, if there is one. One
// with blanks in it is written as a JSON string; that cannot be mistaken for
// the value, which nothing follows.
func cutPointer(text string) (pointer, rest string, err error) {
	switch {
	case text[0] == '/':
		pointer, rest = cutWord(text)
	case strings.HasPrefix(text, `"/`):
		if pointer, rest, err = cutQuoted(text); err != nil || rest == "" {
			return "", text, err
		}
	default:
		return "", text, nil
	}
	if rest == "" {
		return "", "", fmt.Errorf("no value for %s", pointer)
	}
	return pointer, rest, nil
}
