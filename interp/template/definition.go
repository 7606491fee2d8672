package template

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// definition finds m's definition.
func (t *Template) definition(m *Machine, r *resource, kind *machineKind) error {
	if n := member(r.properties, "Definition"); n != nil {
		return t.inline(m, n)
	}
	if kind.text != "" {
		if n := member(r.properties, kind.text); n != nil {
			return t.definitionText(m, n, kind)
		}
	}
	if n := member(r.properties, kind.file); n != nil {
		return t.definitionFile(m, n, kind)
	}
	ways := []string{"Definition", kind.file}
	if kind.text != "" {
		ways = append(ways, kind.text)
	}
	hint := ""
	if transform := member(r.properties, "Fn::Transform"); transform != nil {
		hint = "Fn::Transform cannot be run here"
	}
	return t.wrong(r.at, hint, "the state machine %q has no definition: one of %s is needed", r.id, strings.Join(ways, ", "))
}

// inline takes a Definition that stands in the template as an object.
func (t *Template) inline(m *Machine, n *yaml.Node) error {
	values := map[*yaml.Node]jsonval.Value{}
	settled, err := t.settle(n, values)
	if err != nil {
		return err
	}
	if settled == nil {
		return t.wrong(n, "", "the Definition is AWS::NoValue")
	}
	if settled.Kind == yaml.ScalarNode {
		return t.wrong(n, "", "the Definition must be an object; for a file use DefinitionUri, for a text DefinitionString")
	}
	m.tree = func() (*asl.Node, error) {
		return asl.TreeFromYAML(t.Source, settled, func(n *yaml.Node) (jsonval.Value, bool) {
			v, ok := values[n]
			return v, ok
		})
	}
	m.Root, err = m.tree()
	var bad *asl.SyntaxError
	if errors.As(err, &bad) {
		e := &Error{File: t.File, Message: bad.Message, Hint: bad.Hint}
		e.Line, e.Column = position(t.Source, bad.Offset)
		return e
	}
	return err
}

// position is the line and column of an offset, both from 1.
func position(text string, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
}

// settle returns n without what AWS::NoValue removes and with the branches
// Fn::If takes, so that these keep their own places in the template. The values
// of the other functions are put into values. It is nil for AWS::NoValue.
func (t *Template) settle(n *yaml.Node, values map[*yaml.Node]jsonval.Value) (*yaml.Node, error) {
	n, err := t.taken(n)
	if err != nil {
		return nil, err
	}
	if name, arg, ok := function(n); ok {
		v, err := t.call(name, deref(arg), n)
		if err != nil || !v.Exists() {
			return nil, err
		}
		values[n] = v
		return n, nil
	}
	if n.Kind == yaml.ScalarNode {
		return n, nil
	}
	settled, width := *n, 1
	settled.Content = nil
	if n.Kind == yaml.MappingNode {
		width = 2
	}
	for i := width - 1; i < len(n.Content); i += width {
		v, err := t.settle(n.Content[i], values)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		if width == 2 {
			settled.Content = append(settled.Content, n.Content[i-1])
		}
		settled.Content = append(settled.Content, v)
	}
	return &settled, nil
}

// definitionText takes a definition that is a text.
func (t *Template) definitionText(m *Machine, n *yaml.Node, kind *machineKind) error {
	n, err := t.taken(n)
	if err != nil {
		return err
	}
	name, arg, computed := function(n)
	text := n
	var values map[string]string
	if name == "Fn::Sub" {
		if text, values, err = t.subValues(deref(arg), n); err != nil {
			return err
		}
	}
	if !computed || name == "Fn::Sub" {
		if alone, ok := blankAround(t.Source, text); ok && t.substitutable(values) {
			m.text = alone
			for name, value := range values {
				if !t.isOpen(value) {
					m.Substitutions[name] = value
				}
			}
			return nil
		}
	}
	v, err := t.eval(n)
	if err != nil {
		return err
	}
	if v.Is(jsonval.Object) {
		return t.wrong(n, "call it Definition", "%s must be a text, not an object", kind.text)
	}
	s, err := t.text(n, v)
	if err != nil {
		return err
	}
	if strings.TrimSpace(s) == "" {
		return t.wrong(n, "", "%s is empty", kind.text)
	}
	m.File, m.Source, m.text = t.File+"#"+m.ID, s, s
	return nil
}

// substitutable reports whether asl can fill in all these placeholders of an
// Fn::Sub: not ${!Kept}, and not what DefinitionSubstitutions would replace
// once more.
func (t *Template) substitutable(values map[string]string) bool {
	for name, value := range values {
		if t.isOpen(value) {
			t.open[name] = true
			continue
		}
		if strings.ContainsAny(name, "! ") || strings.Contains(value, "${") {
			return false
		}
	}
	return true
}

// blankAround is source with blanks for all but the text of n, if that stands
// there word for word. Every character keeps its line and column, and JSON and
// YAML do not mind the blanks.
func blankAround(source string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		return "", false
	}
	lines := strings.SplitAfter(source, "\n")
	first, texts := n.Line-1, []string{n.Value}
	if n.Style&yaml.LiteralStyle != 0 {
		first, texts = n.Line, strings.Split(strings.TrimRight(n.Value, "\n"), "\n")
	}
	if first+len(texts) > len(lines) {
		return "", false
	}
	for i, text := range texts {
		line := strings.TrimRight(lines[first+i], "\r\n")
		at := len(line) - len(text)
		if n.Style&yaml.LiteralStyle == 0 {
			at = strings.LastIndex(line, text)
		}
		if at < 0 || line[at:at+len(text)] != text || n.Style&yaml.LiteralStyle != 0 && strings.TrimSpace(line[:at]) != "" {
			if strings.TrimSpace(line+text) != "" {
				return "", false
			}
			at, text = 0, ""
		}
		lines[first+i] = blank(lines[first+i][:at]) + text + blank(lines[first+i][at+len(text):])
	}
	for i := range lines {
		if i < first || i >= first+len(texts) {
			lines[i] = blank(lines[i])
		}
	}
	return strings.Join(lines, ""), true
}

// blank is s with a blank for every byte that does not end a line.
func blank(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
	return string(b)
}

// definitionFile reads the definition from the file the template names.
func (t *Template) definitionFile(m *Machine, n *yaml.Node, kind *machineKind) error {
	v, err := t.eval(n)
	if err != nil {
		return err
	}
	var tries []string
	if v.Is(jsonval.Object) {
		// The CDK keeps what it uploads beside the template.
		tries = append(tries, "asset."+path.Base(v.Get("Key").Text()), v.Get("Key").Text())
	} else {
		uri, err := t.text(n, v)
		if err != nil {
			return err
		}
		tries = append(tries, uri)
	}
	for _, uri := range tries {
		if uri == "" || strings.HasPrefix(uri, "s3://") {
			continue
		}
		file := path.Join(path.Dir(t.File), uri)
		text, err := fs.ReadFile(t.fsys, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return t.wrong(n, "", "%s: %v", kind.file, err)
		}
		m.File, m.Source, m.text = file, string(text), string(text)
		return nil
	}
	if v.Is(jsonval.Object) || strings.HasPrefix(tries[0], "s3://") {
		return t.wrong(n, "download it and name the local file here", "%s is in S3, where we do not look", kind.file)
	}
	return t.wrong(n, t.similarFile(tries[0]), "%s %q: there is no such file", kind.file, tries[0])
}

// similarFile is the hint that a file near a missing one was meant.
func (t *Template) similarFile(uri string) string {
	folder := path.Join(path.Dir(t.File), path.Dir(uri))
	entries, err := fs.ReadDir(t.fsys, folder)
	if err != nil {
		return fmt.Sprintf("there is no folder %q either", path.Dir(uri))
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if guess := asl.DidYouMean(path.Base(uri), names); guess != "" {
		return guess
	}
	names = slices.DeleteFunc(names, func(s string) bool { return !strings.Contains(s, "asl") && !strings.HasSuffix(s, ".json") })
	if len(names) == 0 || len(names) > 8 {
		return ""
	}
	return "there is " + strings.Join(names, ", ")
}
