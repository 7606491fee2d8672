package asl

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// operator is what the name of a comparison in a Choice rule says.
type operator struct {
	op      RuleOp
	operand jsonval.Kind
	path    bool // the …Path form: the operand is a path
}

// operators are the comparisons of a Choice rule, by name: 39, counting the
// …Path forms.
var operators = func() map[string]operator {
	t := make(map[string]operator, 39)
	add := func(name string, op RuleOp, operand jsonval.Kind, withPath bool) {
		t[name] = operator{op, operand, false}
		if withPath {
			t[name+"Path"] = operator{op, jsonval.String, true}
		}
	}
	order := strings.Fields("Equals LessThan GreaterThan LessThanEquals GreaterThanEquals")
	for i, how := range order {
		add("String"+how, OpStringEquals+RuleOp(i), jsonval.String, true)
		add("Numeric"+how, OpNumericEquals+RuleOp(i), jsonval.Number, true)
		add("Timestamp"+how, OpTimestampEquals+RuleOp(i), jsonval.String, true)
	}
	add("StringMatches", OpStringMatches, jsonval.String, false)
	add("BooleanEquals", OpBooleanEquals, jsonval.Bool, true)
	for i, what := range strings.Fields("Null Present Numeric String Boolean Timestamp") {
		add("Is"+what, OpIsNull+RuleOp(i), jsonval.Bool, false)
	}
	return t
}()

// ruleFields are the names of all fields of a rule, sorted.
func ruleFields() []string {
	names := []string{"And", "Or", "Not", "Variable", "Next", "Comment", "Assign"}
	for name := range operators {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (a *analysis) choices(s *State, n *Node) []*Rule {
	if !a.is(n, jsonval.Array) || !a.nonempty(n) {
		return nil
	}
	rules := make([]*Rule, 0, len(n.Kids))
	for _, k := range n.Kids {
		if !a.is(k, jsonval.Object) {
			continue
		}
		if s.QueryLanguage == JSONata {
			rules = append(rules, a.conditionRule(s, k))
			continue
		}
		r := a.rule(s, k, true)
		a.require(k, "Next")
		if next := k.Get("Next"); next != nil {
			r.Next = a.target(s.Machine, next)
		} else {
			a.unsure[s.Machine] = true
		}
		rules = append(rules, r)
	}
	return rules
}

// conditionRule is a rule of a JSONata state.
func (a *analysis) conditionRule(s *State, n *Node) *Rule {
	r := &Rule{Node: n}
	a.only(n, "Condition", "Next", "Assign", "Output", "Comment")
	a.require(n, "Condition", "Next")
	if c := n.Get("Condition"); c != nil && (dynamic(s, c) || a.is(c, jsonval.Bool)) {
		r.Condition = a.query(s, c, 0)
	}
	if out := n.Get("Output"); out != nil {
		r.Output = a.query(s, out, 0)
	}
	if assign := n.Get("Assign"); assign != nil {
		r.Assign = a.assign(s, assign)
	}
	if next := n.Get("Next"); next != nil {
		r.Next = a.target(s.Machine, next)
	} else {
		a.unsure[s.Machine] = true
	}
	return r
}

// rule builds a rule of a JSONPath state, or one inside another.
func (a *analysis) rule(s *State, n *Node, outermost bool) *Rule {
	r := &Rule{Node: n}
	var compared *Node
	for _, k := range n.Kids {
		switch k.Key {
		case "Comment":
			a.text(k)
		case "Variable":
			r.Variable = a.path(k)
		case "Next":
			if !outermost {
				a.refuseKey(k, Diagnostic{
					Code: "choice-next", AWSMessage: "Field 'Next' is not supported", Location: n.Location(),
					Message: "only the outermost rule has a Next", Hint: "remove this one",
				})
			}
		case "Assign":
			if outermost {
				r.Assign = a.assign(s, k)
			} else {
				a.unknown(n, k, "only the outermost rule assigns")
			}
		default:
			if o, ok := operators[k.Key]; !ok && k.Key != "And" && k.Key != "Or" && k.Key != "Not" {
				a.unknownOperator(n, k)
			} else if compared != nil {
				a.refuseKey(k, Diagnostic{
					Code:    "choice-operator",
					Message: fmt.Sprintf("a rule has one operator, and this one has %s already", compared.Key),
					Hint:    "join two rules with And or Or",
				})
			} else {
				compared = k
				r.OpName = k.Key
				a.operand(s, r, k, o)
			}
		}
	}
	variable := n.Get("Variable")
	switch {
	case compared == nil:
		a.refuseKey(n, Diagnostic{
			Code: "choice-operator", Message: n.subject() + "the rule has no operator, such as StringEquals",
		})
	case len(r.Rules) == 0 && r.Op > OpNot && variable == nil:
		a.require(n, "Variable")
	case r.Op <= OpNot && variable != nil:
		a.refuseKey(variable, Diagnostic{
			Code: "choice-operator", Message: fmt.Sprintf("Variable does not go with %s", compared.Key),
			Hint: "it belongs to the rules inside",
		})
	}
	return r
}

func (a *analysis) unknownOperator(n, k *Node) {
	if k.Key == "Condition" || k.Key == "Output" {
		a.unknown(n, k, "it belongs to JSONata states, and this one is JSONPath")
		return
	}
	hint := ""
	if a.mayGuess() {
		hint = DidYouMean(k.Key, ruleFields())
	}
	a.unknown(n, k, hint)
}

// operand fills what r compares with, or joins.
func (a *analysis) operand(s *State, r *Rule, k *Node, o operator) {
	switch k.Key {
	case "And", "Or":
		r.Op = OpAnd
		if k.Key == "Or" {
			r.Op = OpOr
		}
		if a.is(k, jsonval.Array) && a.nonempty(k) {
			for _, inner := range k.Kids {
				if a.is(inner, jsonval.Object) {
					r.Rules = append(r.Rules, a.rule(s, inner, false))
				}
			}
		}
		return
	case "Not":
		r.Op = OpNot
		if a.is(k, jsonval.Object) {
			r.Rules = []*Rule{a.rule(s, k, false)}
		}
		return
	}
	r.Op = o.op
	switch {
	case o.path:
		r.Path = a.path(k)
	case !a.is(k, o.operand):
	case o.op >= OpTimestampEquals && o.op <= OpTimestampGreaterThanEquals && !a.isTimestamp(k):
	default:
		r.Operand = k.Value
		if o.op == OpStringMatches && OpenEscape(k.Value.Text()) {
			a.warn(k, Diagnostic{
				Code: "choice-escape", Message: "in a pattern a backslash stands before * or another backslash; here the state fails",
				Hint: `write it twice (in JSON: four times)`,
			})
		}
	}
}

// OpenEscape reports whether a pattern of StringMatches has a backslash that
// stands before neither * nor another one. Trying such a pattern is a runtime
// error (states-language.net, "Choice State").
func OpenEscape(pattern string) bool {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		if i++; i == len(pattern) || pattern[i] != '*' && pattern[i] != '\\' {
			return true
		}
	}
	return false
}
