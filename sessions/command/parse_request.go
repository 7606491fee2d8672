package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"asldbg/interp/jsonval"
)

// hold reads on or off, then which requests are meant.
func (c *Command) hold(text string) error {
	word, rest := cutWord(text)
	if word != "on" && word != "off" {
		return fmt.Errorf("on or off, not %q", word)
	}
	c.On = word == "on"
	if rest == "" {
		return nil
	}
	c.Name, c.Text = cutWord(rest)
	switch {
	case c.Name != "state" && c.Name != "host" && c.Name != "method":
		return fmt.Errorf("state, host or method, not %q", c.Name)
	case c.Text == "":
		return fmt.Errorf("which %s?", c.Name)
	}
	if c.Text[0] == '"' {
		name, rest, err := cutQuoted(c.Text)
		if err != nil {
			return err
		}
		if name == "" || rest != "" {
			return fmt.Errorf("one %s, not %s", c.Name, c.Text)
		}
		c.Text = name
	}
	return nil
}

// sign reads now, keep, a region, a time, or how far it is from now.
func (c *Command) sign(text string) error {
	switch word, rest := cutWord(text); {
	case text == "now" || text == "keep":
		c.Name = text
		return nil
	case word == "region" && rest == "":
		return errors.New("which region?")
	case word == "region" && strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r == '/' || r > '~' }):
		return fmt.Errorf("a region such as eu-west-1, not %q", rest)
	case word == "region":
		c.Name, c.Text = word, rest
		return nil
	}
	c.Name, c.Text = "at", text
	_, err := c.SignTime(time.Time{})
	return err
}

// SignTime is when a Sign command signs, as of now.
func (c Command) SignTime(now time.Time) (time.Time, error) {
	if c.Name != "at" {
		return now, nil
	}
	if d, err := time.ParseDuration(c.Text); err == nil {
		return now.Add(d), nil
	}
	at, err := time.Parse(time.RFC3339, c.Text)
	if err != nil {
		return now, fmt.Errorf("%q is neither a time such as 2026-01-02T12:00:00Z nor a way from now such as -10m", c.Text)
	}
	return at, nil
}

// mock reads a result, or where one is to be had.
func (c *Command) mock(text string) (err error) {
	word, rest := cutWord(text)
	switch word {
	case "template":
		if rest != "" {
			return fmt.Errorf("%q after template", rest)
		}
	case "earlier":
		if c.N, err = number(rest); err == nil && c.N == 0 {
			err = errors.New("calls are counted from 1")
		}
	case "file":
		c.Text, err = filePath(rest)
	default:
		c.Value, err = value(text)
		return err
	}
	c.Name = word
	return err
}

// export reads a format, which call is meant, and where it goes.
func (c *Command) export(text string) (err error) {
	c.Name, text = cutWord(text)
	if !slices.Contains(Formats(), c.Name) {
		return fmt.Errorf("no format %q%s", c.Name, didYouMean(c.Name, Formats()))
	}
	word, rest := cutWord(text)
	if word != "" && word != "to" {
		if c.Name == "har" {
			return fmt.Errorf("har has all calls: to FILE, not %q", text)
		}
		if c.N, err = number(word); err != nil {
			return err
		}
		if c.N == 0 {
			return errors.New("calls are counted from 1")
		}
		word, rest = cutWord(rest)
	}
	switch {
	case word == "":
		return nil
	case word != "to":
		return fmt.Errorf("to FILE, not %q", word)
	}
	c.Text, err = filePath(rest)
	return err
}

// filePath reads a file's name, which may be a JSON string.
func filePath(text string) (string, error) {
	if text == "" {
		return "", errors.New("which file?")
	}
	if text[0] != '"' {
		return text, nil
	}
	name, rest, err := cutQuoted(text)
	switch {
	case err != nil:
		return "", err
	case name == "" || rest != "":
		return "", fmt.Errorf("one file, not %s", text)
	}
	return name, nil
}

// holdText, mockText and exportText are what the functions above read.
func (c Command) holdText() string {
	text := "off"
	if c.On {
		text = "on"
	}
	if c.Name == "" {
		return text
	}
	return text + " " + c.Name + " " + asLine(c.Text)
}

func (c Command) mockText() string {
	switch c.Name {
	case "template":
		return c.Name
	case "earlier":
		return fmt.Sprintf("%s %d", c.Name, c.N)
	case "file":
		return c.Name + " " + asLine(c.Text)
	}
	return c.Value.String()
}

func (c Command) exportText() string {
	text := c.Name
	if c.N > 0 {
		text += fmt.Sprintf(" %d", c.N)
	}
	if c.Text != "" {
		text += " to " + asLine(c.Text)
	}
	return text
}

// asLine is s where the rest of a line is expected.
func asLine(s string) string {
	if s == "" || s[0] == '"' || s != strings.TrimSpace(s) || hasControl(s) {
		return jsonval.Quote(s)
	}
	return s
}
