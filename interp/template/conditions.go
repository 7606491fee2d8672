package template

import (
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// branch is the branch Fn::If takes.
func (t *Template) branch(arg, at *yaml.Node) (*yaml.Node, error) {
	list, err := t.list("Fn::If", arg, at, 3, 3, "[condition, value if true, value if false]")
	if err != nil {
		return nil, err
	}
	name := deref(list[0])
	if _, _, computed := function(name); computed || name.Kind != yaml.ScalarNode {
		return nil, t.wrong(name, "give this one a name in Conditions", "the first argument of Fn::If must be the name of a condition")
	}
	yes, err := t.named(name)
	if err != nil {
		return nil, err
	}
	if yes {
		return deref(list[1]), nil
	}
	return deref(list[2]), nil
}

// taken is n, or the branch of it where it is Fn::If.
func (t *Template) taken(n *yaml.Node) (*yaml.Node, error) {
	for n = deref(n); ; {
		name, arg, _ := function(n)
		if name != "Fn::If" {
			return n, nil
		}
		var err error
		if n, err = t.branch(deref(arg), n); err != nil {
			return nil, err
		}
	}
}

// named works out the condition whose name n is.
func (t *Template) named(n *yaml.Node) (bool, error) {
	if b, ok := t.conditions[n.Value]; ok {
		return b, nil
	}
	var known []string
	var found *yaml.Node
	for k, v := range members(member(t.root, "Conditions")) {
		known = append(known, k.Value)
		if k.Value == n.Value {
			found = v
		}
	}
	if found == nil {
		return false, t.wrong(n, asl.DidYouMean(n.Value, known), "there is no condition %q", n.Value)
	}
	leave, err := t.enter("condition "+n.Value, n)
	if err != nil {
		return false, err
	}
	defer leave()
	b, err := t.condition(found)
	if err == nil {
		t.conditions[n.Value] = b
	}
	return b, err
}

// condition works out a condition function.
func (t *Template) condition(n *yaml.Node) (bool, error) {
	n = deref(n)
	if other := member(n, "Condition"); other != nil {
		return t.named(other)
	}
	name, arg, ok := function(n)
	if ok {
		arg = deref(arg)
	}
	switch name {
	case "Condition":
		return t.named(arg)
	case "Fn::Equals":
		a := t.arguments(name, arg, n, 2, 2, "[value, value]")
		equal := a.text(0) == a.text(1)
		return equal, a.err
	case "Fn::Not":
		list, err := t.list(name, arg, n, 1, 1, "[condition]")
		if err != nil {
			return false, err
		}
		b, err := t.condition(list[0])
		return !b, err
	case "Fn::And", "Fn::Or":
		list, err := t.list(name, arg, n, 2, 10, "[condition, condition, …], two to ten of them")
		if err != nil {
			return false, err
		}
		all, some := true, false
		for _, item := range list {
			b, err := t.condition(item)
			if err != nil {
				return false, err
			}
			all, some = all && b, some || b
		}
		return name == "Fn::And" && all || name == "Fn::Or" && some, nil
	}
	return false, t.wrong(n, "", "this is no condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition is needed")
}

// enter notes that what is being worked out, and fails where it is already.
func (t *Template) enter(what string, n *yaml.Node) (leave func(), err error) {
	if t.busy[what] {
		return nil, t.wrong(n, "", "the %s depends on itself", what)
	}
	if len(t.busy) >= jsonval.MaxDepth {
		return nil, t.wrong(n, "", "the %s depends on more than %d others", what, jsonval.MaxDepth)
	}
	t.busy[what] = true
	return func() { delete(t.busy, what) }, nil
}
