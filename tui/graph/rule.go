package graph

import (
	"context"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonata"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// operators say in short what a comparison does, by the operator's name without
// the type it compares.
var operators = []struct{ suffix, sign string }{
	{"LessThanEquals", "<="},
	{"GreaterThanEquals", ">="},
	{"LessThan", "<"},
	{"GreaterThan", ">"},
	{"Equals", "=="},
	{"Matches", "matches"},
}

// RuleText is a Choice rule in one line, such as $.stock > 0.
func RuleText(r *asl.Rule) string {
	if r.Condition != nil {
		text := strings.TrimSuffix(strings.TrimPrefix(plain(r.Condition.Source()), "{%"), "%}")
		return strings.Join(strings.Fields(text), " ")
	}
	switch r.Op {
	case asl.OpAnd, asl.OpOr:
		word := " and "
		if r.Op == asl.OpOr {
			word = " or "
		}
		parts := make([]string, len(r.Rules))
		for i, sub := range r.Rules {
			parts[i] = RuleText(sub)
			if sub.Op == asl.OpAnd || sub.Op == asl.OpOr {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word)
	case asl.OpNot:
		if len(r.Rules) == 1 {
			return "not (" + RuleText(r.Rules[0]) + ")"
		}
		return "not"
	}
	if r.Variable == nil {
		return r.OpName
	}
	left := r.Variable.String()
	if what, ok := strings.CutPrefix(r.OpName, "Is"); ok {
		word := " is "
		if r.Operand.Is(jsonval.Bool) && !r.Operand.Bool() {
			word = " is not "
		}
		return left + word + strings.ToLower(what)
	}
	right := r.Operand.String()
	if r.Path != nil {
		right = r.Path.String()
	}
	name := strings.TrimSuffix(r.OpName, "Path")
	for _, o := range operators {
		if strings.HasSuffix(name, o.suffix) {
			return left + " " + o.sign + " " + right
		}
	}
	return left + " " + r.OpName + " " + right
}

// plain is a value without quotes.
func plain(v jsonval.Value) string {
	if v.Is(jsonval.String) {
		return v.Text()
	}
	return v.String()
}

// Compared lists what a rule looks at in frame f, such as "$.stock is 5", one
// for each path or variable it reads.
func Compared(r *asl.Rule, f *interp.Frame) []string {
	if r.Condition != nil {
		return read(r, f)
	}
	var out []string
	seen := map[string]bool{}
	env := jsonpath.Env{Input: f.DataAt(interp.InputPath), Variable: f.Variables.Get}
	var walk func(*asl.Rule)
	look := func(p *jsonpath.Path) {
		if p == nil || seen[p.String()] || p.Root() == jsonpath.Context {
			return
		}
		seen[p.String()] = true
		v, err := p.Eval(&env)
		if err != nil {
			out = append(out, p.String()+" is not there")
			return
		}
		out = append(out, p.String()+" is "+short(v))
	}
	walk = func(r *asl.Rule) {
		look(r.Variable)
		look(r.Path)
		for _, sub := range r.Rules {
			walk(sub)
		}
	}
	walk(r)
	return out
}

// read lists what a Condition reads of variables and of the state input.
func read(r *asl.Rule, f *interp.Frame) []string {
	e, err := jsonata.Compile(RuleText(r))
	if err != nil {
		return nil // it is a boolean, or nothing that could be checked
	}
	states := jsonval.ObjectOf(jsonval.Member{Key: "input", Value: f.DataAt(interp.Entered)})
	env := jsonata.Env{Variables: func(name string) (jsonval.Value, bool) {
		if name == "states" {
			return states, true
		}
		v := f.Variables.Get(name)
		return v, v.Exists()
	}}
	var out []string
	seen := map[string]bool{}
	for _, ref := range e.References() {
		text := "$" + ref.Name
		for _, step := range ref.Path {
			text += "." + step
		}
		if ref.Kind != jsonata.VariableReference || seen[text] || ref.Name == "states" && (len(ref.Path) == 0 || ref.Path[0] != "input") {
			continue
		}
		seen[text] = true
		look, err := jsonata.Compile(text)
		if err != nil {
			continue // a name that has to be quoted
		}
		v, err := look.Eval(context.Background(), jsonval.Value{}, &env)
		switch {
		case err != nil:
		case !v.Exists():
			out = append(out, text+" is not there")
		default:
			out = append(out, text+" is "+short(v))
		}
	}
	return out
}

// short is a value in few characters.
func short(v jsonval.Value) string {
	const most = 40
	if v.Size() <= most {
		return v.String()
	}
	switch v.Kind() {
	case jsonval.Array:
		return "an array"
	case jsonval.Object:
		return "an object"
	}
	text := []rune(v.Text())
	return jsonval.Quote(string(text[:min(len(text), most)])) + " and more"
}
