package asl

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// Options say what is known about a definition besides its text.
type Options struct {
	Substitutions map[string]string // the values of ${Name} placeholders, by name
	Express       bool              // it is to run as an EXPRESS state machine

	NoQuotas bool // lengths of names and of the whole text do not matter

	// Unfilled says of which placeholders without a value there is only a
	// warning, as the definition is checked, not run; what would depend on them is
	// not judged. nil: of none.
	Unfilled func(name string) bool
}

// Parse reads a definition and checks all of it. The file is never nil; its
// Root and Machine may be nil, and the Machine may have holes, where a finding
// is an [Error].
func Parse(name, text string, o Options) (*File, Diagnostics) {
	a := analysis{file: newFile(name, text), o: o}
	if a.read(); a.file.Root != nil {
		a.checkSize(text)
		a.definition()
	}
	return a.file, a.diagnostics()
}

// maxDefinition is how many characters AWS takes as a definition.
const maxDefinition = 1 << 20

// checkSize checks how long the definition is that AWS gets: JSON as it is
// written, everything else as compact JSON. Its answer is not one of validation.
func (a *analysis) checkSize(text string) {
	if len(text) <= maxDefinition || a.o.NoQuotas {
		return
	}
	if !looksLikeJSON(text) {
		text = a.file.Root.Value.String()
	}
	if n := utf8.RuneCountInString(text); n > maxDefinition {
		a.ours(a.file.Root, Diagnostic{
			Code: "definition-size", Message: fmt.Sprintf("the definition has %d characters; AWS takes %d at most", n, maxDefinition),
			Hint: "let states start other state machines, or write the JSON without blanks",
		})
	}
}

// Analyze checks a definition whose tree exists already, such as one that
// [TreeFromYAML] found inside a template; source is the text the tree's offsets
// refer to. It fills the placeholders of the tree, in place.
func Analyze(name, source string, root *Node, o Options) (*File, Diagnostics) {
	a := analysis{file: newFile(name, source), o: o}
	a.file.Root = root
	a.substitute(root)
	if len(source) > maxDefinition {
		a.checkSize(root.Value.String())
	}
	a.definition()
	return a.file, a.diagnostics()
}

// read makes the tree of the file's text.
func (a *analysis) read() {
	text := a.file.Source
	if strings.TrimSpace(strings.TrimPrefix(text, byteOrderMark)) == "" {
		a.refuse(&Node{}, Diagnostic{
			Code: "definition-empty", AWSCode: schemaFailed, AWSMessage: "Definition must be a valid JSON object",
			Message: "the text is empty", Hint: `the smallest definition is {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`,
		})
		return
	}
	var duplicates []*Node
	var err error
	code := "yaml-syntax"
	if looksLikeJSON(text) {
		code = "json-syntax"
		a.file.Root, duplicates, err = readJSON(a.file.Name, text)
		if err != nil && isYAMLName(a.file.Name) {
			if root, yamlErr := readYAML(text); yamlErr == nil {
				a.file.Root, err = root, nil
			}
		}
	} else {
		a.file.Root, err = readYAML(text)
	}
	if err != nil {
		d := Diagnostic{Code: code, AWSCode: "INVALID_JSON_DESCRIPTION", Message: err.Error()}
		var bad *SyntaxError
		at := 0
		if errors.As(err, &bad) {
			at, d.Message, d.Hint = bad.Offset, bad.Message, bad.Hint
		}
		d.AWSMessage, d.Location = notJSON(text)
		a.refuse(&Node{Start: at}, d)
		return
	}
	for _, k := range duplicates {
		a.warn(k, Diagnostic{
			Code:    "key-duplicate",
			Message: "the name " + jsonval.Quote(k.Key) + " is there twice in one object; only the last one counts",
		})
	}
	if strings.Contains(text, "${") {
		a.substitute(a.file.Root)
	}
}

// looksLikeJSON reports whether a text is meant to be JSON: after comments, the
// first thing in it opens an object or an array. Anything else is YAML.
func looksLikeJSON(text string) bool {
	s := jsonval.Scanner{Src: strings.TrimPrefix(text, byteOrderMark), Relaxed: true}
	t, err := s.Next()
	return err == nil && t.Kind == jsonval.TokenOpen
}

// isYAMLName reports whether a file's name says YAML, where a { may also start
// a flow mapping with bare words.
func isYAMLName(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
