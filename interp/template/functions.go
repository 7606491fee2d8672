package template

import (
	"encoding/base64"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// maxText is how long a text put together by functions may get, in bytes. A
// definition may have 1 MiB.
const maxText = 1 << 20

// function takes a call of an intrinsic function apart: !Sub x, or a mapping
// with the one member Fn::Sub. The name is "Ref", "Condition" or starts with
// "Fn::".
func function(n *yaml.Node) (name string, arg *yaml.Node, ok bool) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") && n.Tag != "!" {
		plain := *n
		plain.Tag = ""
		plain.Style &^= yaml.TaggedStyle
		if name = n.Tag[1:]; name != "Ref" && name != "Condition" {
			name = "Fn::" + name
		}
		return name, &plain, true
	}
	for k, v := range members(n) {
		switch {
		case k.Value == "Fn::Transform", strings.HasPrefix(k.Value, "Fn::ForEach::"):
			return k.Value, v, true // these may have neighbours
		case len(n.Content) != 2:
		case k.Value == "Ref", strings.HasPrefix(k.Value, "Fn::"):
			return k.Value, v, true
		}
	}
	return "", nil, false
}

// eval works out a node's value. AWS::NoValue is Undefined.
func (t *Template) eval(n *yaml.Node) (jsonval.Value, error) {
	n = deref(n)
	if name, arg, ok := function(n); ok {
		return t.call(name, deref(arg), n)
	}
	switch n.Kind {
	case yaml.MappingNode:
		var all []jsonval.Member
		for k, v := range members(n) {
			x, err := t.eval(v)
			if err != nil {
				return x, err
			}
			if x.Exists() {
				all = append(all, jsonval.Member{Key: k.Value, Value: x})
			}
		}
		return jsonval.OfMembers(all), nil
	case yaml.SequenceNode:
		var all []jsonval.Value
		for _, item := range n.Content {
			x, err := t.eval(item)
			if err != nil {
				return x, err
			}
			if x.Exists() {
				all = append(all, x)
			}
		}
		return jsonval.OfItems(all), nil
	}
	return literal(n), nil
}

// evalText works out a node that must be a text. Numbers and truth values are
// the text CloudFormation makes of them.
func (t *Template) evalText(n *yaml.Node) (string, error) {
	v, err := t.eval(n)
	if err != nil {
		return "", err
	}
	return t.text(deref(n), v)
}

func (t *Template) text(n *yaml.Node, v jsonval.Value) (string, error) {
	switch v.Kind() {
	case jsonval.String:
		return v.Text(), nil
	case jsonval.Number, jsonval.Bool:
		return v.String(), nil
	}
	return "", t.wrong(n, "", "a text is needed here, not %s", described(v))
}

func described(v jsonval.Value) string {
	switch v.Kind() {
	case jsonval.Undefined:
		return "AWS::NoValue"
	case jsonval.Null:
		return "nothing"
	case jsonval.Array:
		return "a list"
	case jsonval.Object:
		return "a mapping"
	}
	return "a " + v.Kind().String()
}

// call works out one function; at is the node of the call as a whole.
func (t *Template) call(name string, arg, at *yaml.Node) (jsonval.Value, error) {
	switch name {
	case "Ref":
		if arg.Kind != yaml.ScalarNode {
			return jsonval.Value{}, t.wrong(at, "", "Ref needs the name of a parameter or a resource")
		}
		return t.ref(arg.Value, at)
	case "Fn::GetAtt":
		return t.getAtt(arg, at)
	case "Fn::Sub":
		return t.sub(arg, at)
	case "Fn::Join":
		return t.join(arg, at)
	case "Fn::Split":
		return t.split(arg, at)
	case "Fn::Select":
		return t.choose(arg, at)
	case "Fn::FindInMap":
		return t.findInMap(arg, at)
	case "Fn::If":
		taken, err := t.branch(arg, at)
		if err != nil {
			return jsonval.Value{}, err
		}
		return t.eval(taken)
	case "Fn::Base64":
		s, err := t.evalText(arg)
		return jsonval.OfString(base64.StdEncoding.EncodeToString([]byte(s))), err
	case "Fn::ImportValue":
		s, err := t.evalText(arg)
		if err != nil {
			return jsonval.Value{}, err
		}
		return jsonval.OfString(t.outside(s)), nil
	case "Fn::GetAZs":
		return listOf([]string{t.o.Region + "a", t.o.Region + "b", t.o.Region + "c"}), nil
	case "Condition", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
		return jsonval.Value{}, t.wrong(at, "", "%s may stand in Conditions only", name)
	case "Fn::Transform":
		hint := "run it and open what it makes"
		if macro := member(arg, "Name"); macro != nil && macro.Value == "AWS::Include" {
			hint = "put the text of its Location in here"
		}
		return jsonval.Value{}, t.wrong(at, hint, "Fn::Transform cannot be run here")
	}
	known := []string{"GetAtt", "Sub", "Join", "Split", "Select", "FindInMap", "If", "Base64", "ImportValue", "GetAZs"}
	return jsonval.Value{}, t.wrong(at, asl.DidYouMean(strings.TrimPrefix(name, "Fn::"), known), "the function %s is not supported", name)
}

// arguments are the arguments of one call, worked out. The first error is kept,
// so a function asks for all it needs and looks at err once.
type arguments struct {
	t      *Template
	nodes  []*yaml.Node
	values []jsonval.Value
	err    error
}

// arguments works out the arguments of a function, which must be a list of so
// many items.
func (t *Template) arguments(name string, arg, at *yaml.Node, least, most int, form string) *arguments {
	a := &arguments{t: t}
	if a.nodes, a.err = t.list(name, arg, at, least, most, form); a.err != nil {
		return a
	}
	for _, n := range a.nodes {
		v, err := t.eval(n)
		if err != nil {
			a.err = err
			return a
		}
		a.values = append(a.values, v)
	}
	return a
}

// list is the list of arguments of a function, not worked out.
func (t *Template) list(name string, arg, at *yaml.Node, least, most int, form string) ([]*yaml.Node, error) {
	if arg.Kind != yaml.SequenceNode || len(arg.Content) < least || len(arg.Content) > most {
		return nil, t.wrong(at, "write it as "+form, "%s: these arguments do not fit", name)
	}
	return arg.Content, nil
}

// text is argument i, which must be a text.
func (a *arguments) text(i int) string {
	if a.err != nil {
		return ""
	}
	s, err := a.t.text(a.nodes[i], a.values[i])
	a.err = err
	return s
}

// items is argument i, which must be a list.
func (a *arguments) items(i int) jsonval.Value {
	if a.err == nil && !a.values[i].Is(jsonval.Array) {
		a.err = a.t.wrong(a.nodes[i], "", "a list is needed here, not %s", described(a.values[i]))
	}
	if a.err != nil {
		return jsonval.EmptyArray
	}
	return a.values[i]
}

// texts is argument i, which must be a list of texts.
func (a *arguments) texts(i int) []string {
	var all []string
	for _, item := range a.items(i).Items() {
		s, err := a.t.text(a.nodes[i], item)
		if err != nil {
			a.err = err
			return nil
		}
		all = append(all, s)
	}
	return all
}

// join is Fn::Join: [delimiter, [texts]].
func (t *Template) join(arg, at *yaml.Node) (jsonval.Value, error) {
	a := t.arguments("Fn::Join", arg, at, 2, 2, "[delimiter, [texts]]")
	delimiter, texts := a.text(0), a.texts(1)
	if a.err != nil {
		return jsonval.Value{}, a.err
	}
	return t.bounded(strings.Join(texts, delimiter), at)
}

func (t *Template) bounded(s string, at *yaml.Node) (jsonval.Value, error) {
	if len(s) > maxText {
		return jsonval.Value{}, t.wrong(at, "", "the text gets longer than %d bytes", maxText)
	}
	return jsonval.OfString(s), nil
}

// split is Fn::Split: [delimiter, text].
func (t *Template) split(arg, at *yaml.Node) (jsonval.Value, error) {
	a := t.arguments("Fn::Split", arg, at, 2, 2, "[delimiter, text]")
	delimiter, s := a.text(0), a.text(1)
	if a.err == nil && delimiter == "" {
		a.err = t.wrong(a.nodes[0], "", "the delimiter of Fn::Split is empty")
	}
	if a.err != nil {
		return jsonval.Value{}, a.err
	}
	return listOf(strings.Split(s, delimiter)), nil
}

func listOf(texts []string) jsonval.Value {
	all := make([]jsonval.Value, len(texts))
	for i, s := range texts {
		all[i] = jsonval.OfString(s)
	}
	return jsonval.OfItems(all)
}

// choose is Fn::Select: [index, list].
func (t *Template) choose(arg, at *yaml.Node) (jsonval.Value, error) {
	a := t.arguments("Fn::Select", arg, at, 2, 2, "[index, list]")
	text, from := a.text(0), a.items(1)
	if a.err != nil {
		return jsonval.Value{}, a.err
	}
	number, _ := jsonval.OfNumber(text)
	index, ok := number.Int()
	if !ok {
		return jsonval.Value{}, t.wrong(a.nodes[0], "", "the index of Fn::Select is %q, which is no whole number", text)
	}
	if index < 0 || index >= int64(from.Len()) {
		e := t.wrong(at, "", "Fn::Select has no item %d: the list is %s", index, from)
		if strings.HasPrefix(from.At(0).Text(), "arn:"+t.o.Partition+":cloudformation") {
			if t.o.Unfilled {
				return t.leaveOpen("AWS::StackName"), nil
			}
			e.Hint, e.unset = "the stack's name is made up; choose it with --set AWS::StackName=NAME", true
		}
		return jsonval.Value{}, e
	}
	return from.At(int(index)), nil
}

// findInMap is Fn::FindInMap: [map, top key, second key].
func (t *Template) findInMap(arg, at *yaml.Node) (jsonval.Value, error) {
	a := t.arguments("Fn::FindInMap", arg, at, 3, 3, "[map, top key, second key]")
	path := []string{a.text(0), a.text(1), a.text(2)}
	if a.err != nil {
		return jsonval.Value{}, a.err
	}
	here, where := member(t.root, "Mappings"), "Mappings"
	for i, key := range path {
		next := member(here, key)
		if next == nil {
			var known []string
			for k := range members(here) {
				known = append(known, k.Value)
			}
			hint := asl.DidYouMean(key, known)
			if key == t.o.Region {
				hint = "choose another region with --region: " + strings.Join(known, ", ")
			}
			return jsonval.Value{}, t.wrong(a.nodes[i], hint, "%s has no %q", where, key)
		}
		here, where = next, where+"."+key
	}
	return t.constant(here)
}

// constant is a value of Mappings, where no functions may stand.
func (t *Template) constant(n *yaml.Node) (jsonval.Value, error) {
	if _, _, computed := function(n); computed || n.Kind == yaml.MappingNode {
		return jsonval.Value{}, t.wrong(n, "", "Mappings may only hold texts and lists of texts")
	}
	if n.Kind == yaml.ScalarNode {
		return literal(n), nil
	}
	var all []jsonval.Value
	for _, item := range n.Content {
		v, err := t.constant(deref(item))
		if err != nil {
			return v, err
		}
		all = append(all, v)
	}
	return jsonval.OfItems(all), nil
}
