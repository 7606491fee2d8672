package template

import (
	"fmt"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// ref is the value of Ref: of a pseudo parameter, a parameter or a resource.
func (t *Template) ref(name string, at *yaml.Node) (jsonval.Value, error) {
	if v, ok := t.pseudo(name); ok {
		return v, nil
	}
	if p := t.parameters[name]; p != nil {
		return t.parameter(name, p)
	}
	if id, attribute, ok := strings.Cut(name, "."); ok {
		return t.attribute(id, attribute, at) // SAM: !Ref Charge.Alias
	}
	r := t.resource(name)
	if r == nil {
		if v, ok := t.elsewhere(name); ok {
			return v, nil
		}
		return jsonval.Value{}, t.unknown("Ref", name, name, at)
	}
	s, err := t.expand(t.physical(r).ref, r, at)
	return jsonval.OfString(s), err
}

// unknown says that a function's argument names nothing; id is the name in it.
func (t *Template) unknown(function, arg, id string, at *yaml.Node) *Error {
	return t.wrong(at, asl.DidYouMean(id, append(keys(t.parameters), t.ids...)), "%s %q: no such parameter or resource", function, arg)
}

// pseudo is a pseudo parameter's value. AWS::NoValue is Undefined.
func (t *Template) pseudo(name string) (v jsonval.Value, ok bool) {
	switch name {
	case "AWS::Region":
		return jsonval.OfString(t.o.Region), true
	case "AWS::AccountId":
		return jsonval.OfString(t.o.Account), true
	case "AWS::Partition":
		return jsonval.OfString(t.o.Partition), true
	case "AWS::StackName":
		return jsonval.OfString(t.o.StackName), true
	case "AWS::StackId":
		return jsonval.OfString(fmt.Sprintf("arn:%s:cloudformation:%s:%s:stack/%s/%s",
			t.o.Partition, t.o.Region, t.o.Account, t.o.StackName, uuid(t.o.StackName))), true
	case "AWS::URLSuffix":
		return jsonval.OfString(t.o.suffix()), true
	case "AWS::NotificationARNs":
		return jsonval.EmptyArray, true
	case "AWS::NoValue":
		return jsonval.Value{}, true
	}
	return jsonval.Value{}, false
}

func (o Options) suffix() string {
	if o.Partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// parameter is a parameter's value: what --set says, else its Default. That is
// a text even where its Type is Number, as in CloudFormation. For an SSM
// parameter's name, whose value we cannot look up, the name stands in.
func (t *Template) parameter(name string, p *yaml.Node) (jsonval.Value, error) {
	text, given := t.set(name)
	if !given {
		d := member(p, "Default")
		if d == nil && t.o.Unfilled {
			return t.leaveOpen(name), nil
		}
		if d == nil {
			e := t.wrong(p, fmt.Sprintf("give it one with --set %s=VALUE", name), "the parameter %q has no Default and no value", name)
			e.unset = true
			return jsonval.Value{}, e
		}
		if d.Kind != yaml.ScalarNode {
			return jsonval.Value{}, t.wrong(d, "", "the Default of a parameter must be a text")
		}
		text = d.Value
	}
	if kind := member(p, "Type"); kind != nil && (kind.Value == "CommaDelimitedList" || strings.Contains(kind.Value, "List<")) {
		list := strings.Split(text, ",")
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return listOf(list), nil
	}
	return jsonval.OfString(text), nil
}

// leaveOpen is a value that is not known: a placeholder, of which the definition
// warns.
func (t *Template) leaveOpen(name string) jsonval.Value {
	t.open[name] = true
	return jsonval.OfString("${" + name + "}")
}

// elsewhere is a value that another part of a Serverless Framework's service
// gives, such as a plugin: what --set says.
func (t *Template) elsewhere(name string) (v jsonval.Value, ok bool) {
	if !t.isServerless() {
		return v, false
	}
	if text, given := t.set(name); given {
		return jsonval.OfString(text), true
	}
	if t.o.Unfilled {
		return t.leaveOpen(name), true
	}
	return v, false
}

// isOpen reports whether a value depends on one that is not known.
func (t *Template) isOpen(text string) bool {
	for p := range placeholders(text) {
		if t.open[p.name] {
			return true
		}
	}
	return false
}

// set is what Options.Set says about a name.
func (t *Template) set(name string) (value string, given bool) {
	value, given = t.o.Set[name]
	if given {
		t.used[name] = true
	}
	return value, given
}

// getAtt is Fn::GetAtt: "Id.Attribute" or [Id, Attribute].
func (t *Template) getAtt(arg, at *yaml.Node) (jsonval.Value, error) {
	if arg.Kind == yaml.ScalarNode {
		id, attribute, ok := strings.Cut(arg.Value, ".")
		if !ok {
			return jsonval.Value{}, t.wrong(at, "write it as Id.Attribute", "Fn::GetAtt %q names no attribute", arg.Value)
		}
		return t.attribute(id, attribute, at)
	}
	a := t.arguments("Fn::GetAtt", arg, at, 2, 2, "[Id, Attribute]")
	id, attribute := a.text(0), a.text(1)
	if a.err != nil {
		return jsonval.Value{}, a.err
	}
	return t.attribute(id, attribute, at)
}

// attribute is an attribute of a resource.
func (t *Template) attribute(id, name string, at *yaml.Node) (jsonval.Value, error) {
	r := t.resource(id)
	if r == nil {
		if t.parameters[id] != nil {
			return jsonval.Value{}, t.wrong(at, "use Ref", "Fn::GetAtt %q: %s is a parameter and has no attributes", id+"."+name, id)
		}
		if v, ok := t.elsewhere(id + "." + name); ok {
			return v, nil
		}
		return jsonval.Value{}, t.unknown("Fn::GetAtt", id+"."+name, id, at)
	}
	s, err := t.expand(t.physical(r).attribute(r, name), r, at)
	return jsonval.OfString(s), err
}
