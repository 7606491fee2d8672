package template

import (
	"regexp"
	"strings"

	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// sub is Fn::Sub: a text, or [text, {name: value}].
func (t *Template) sub(arg, at *yaml.Node) (jsonval.Value, error) {
	text, values, err := t.subValues(arg, at)
	if err != nil {
		return jsonval.Value{}, err
	}
	var b strings.Builder
	for p := range placeholders(text.Value) {
		b.WriteString(p.before)
		if p.name != "" {
			b.WriteString(values[p.name])
		}
		if b.Len() > maxText {
			break
		}
	}
	return t.bounded(b.String(), at)
}

// subValues are the text of an Fn::Sub and what each placeholder in it becomes,
// by the placeholder as it is written: "Table", "Charge.Arn", "!Kept".
func (t *Template) subValues(arg, at *yaml.Node) (text *yaml.Node, values map[string]string, err error) {
	text = arg
	var own *yaml.Node
	if arg.Kind == yaml.SequenceNode {
		list, err := t.list("Fn::Sub", arg, at, 2, 2, "[text, {name: value}]")
		if err != nil {
			return nil, nil, err
		}
		text, own = deref(list[0]), deref(list[1])
		if own.Kind != yaml.MappingNode {
			return nil, nil, t.wrong(own, "", "the second argument of Fn::Sub must be a mapping of names to values")
		}
	}
	if text.Kind != yaml.ScalarNode {
		return nil, nil, t.wrong(text, "", "Fn::Sub needs a text")
	}
	if _, _, computed := function(text); computed {
		return nil, nil, t.wrong(text, "", "the text of Fn::Sub must be written out, not a function")
	}
	values = map[string]string{}
	for p := range placeholders(text.Value) {
		if _, known := values[p.name]; known || p.name == "" {
			continue
		}
		if values[p.name], err = t.placeholder(p.name, own, text); err != nil {
			return nil, nil, err
		}
	}
	return text, values, nil
}

var subName = regexp.MustCompile(`^[0-9A-Za-z_.:]+$`)

// placeholder is what ${name} becomes, given the variables of an Fn::Sub.
func (t *Template) placeholder(name string, own, text *yaml.Node) (string, error) {
	if kept, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + kept + "}", nil
	}
	name = strings.TrimSpace(name)
	if !subName.MatchString(name) {
		return "", t.wrong(t.inside(text, "${"+name), "write ${!"+name+"} to keep it as it is", "Fn::Sub: ${%s} is not the name of anything", name)
	}
	if own != nil {
		if v := member(own, name); v != nil {
			return t.evalText(v)
		}
	}
	id, _, _ := strings.Cut(name, ".")
	if _, known := t.pseudo(name); !known && t.parameters[id] == nil && t.resource(id) == nil {
		return "", t.unknown("Fn::Sub", "${"+name+"}", id, t.inside(text, "${"+name))
	}
	v, err := t.ref(name, text)
	if err != nil {
		return "", err
	}
	return t.text(text, v)
}

// inside is n where the given part of its text stands in the template, as far
// as that can be known.
func (t *Template) inside(n *yaml.Node, part string) *yaml.Node {
	at := *n
	if alone, ok := blankAround(t.Source, n); ok {
		if i := strings.Index(alone, part); i >= 0 {
			at.Line, at.Column = position(t.Source, i)
		}
	}
	return &at
}

// part is a piece of an Fn::Sub text: what stands before a placeholder, and the
// placeholder's inside, "" at the end.
type part struct{ before, name string }

func placeholders(s string) func(yield func(part) bool) {
	return func(yield func(part) bool) {
		for {
			before, rest, found := strings.Cut(s, "${")
			name, after, closed := strings.Cut(rest, "}")
			if !found || !closed {
				yield(part{before: s})
				return
			}
			if name == "" {
				before += "${}"
			}
			if !yield(part{before, name}) {
				return
			}
			s = after
		}
	}
}
