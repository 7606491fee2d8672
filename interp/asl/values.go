package asl

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// name is what a message calls n: the member's name, or its place in an array.
func (n *Node) name() string {
	switch {
	case n.Parent == nil:
		return "the definition"
	case n.Index >= 0:
		return fmt.Sprintf("%s[%d]", n.Parent.name(), n.Index)
	}
	return n.Key
}

func withArticle(k jsonval.Kind) string {
	switch k {
	case jsonval.Null:
		return "null"
	case jsonval.Array, jsonval.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// is reports whether n is of kind k and refuses it otherwise.
func (a *analysis) is(n *Node, k jsonval.Kind) bool {
	if n.Value.Is(k) {
		return true
	}
	if name := templateFunction(n); name != "" && a.o.Unfilled != nil && a.o.Unfilled(name) {
		a.warn(n, Diagnostic{
			Code:    "definition-substitution",
			Message: fmt.Sprintf("%s has no value here, so what depends on it is not checked", name),
			Hint:    "check the template this definition belongs to",
		})
		n.open = true
		return false
	}
	d := Diagnostic{
		Code:    "field-type",
		Message: fmt.Sprintf("%s must be %s, not %s", n.name(), withArticle(k), withArticle(n.Value.Kind())),
		// STRING is recorded, the others are told in the same way.
		AWSMessage: "Expected value of type [" + strings.ToUpper(k.String()) + "]",
	}
	if v := n.Value; v.Is(jsonval.Number) && k == jsonval.String {
		d.Hint = fmt.Sprintf("write it in quotes: %q", v.Text())
	}
	a.refuse(n, d)
	return false
}

// templateFunction is the function of CloudFormation that stands in the place of
// n's value, as in a definition cut out of a template; "" for none.
func templateFunction(n *Node) string {
	if len(n.Kids) == 1 && n.Value.Is(jsonval.Object) && (n.Kids[0].Key == "Ref" || strings.HasPrefix(n.Kids[0].Key, "Fn::")) {
		return n.Kids[0].Key
	}
	return ""
}

// nonempty refuses an array, object or string without content.
func (a *analysis) nonempty(n *Node) bool {
	if n.Value.Len() > 0 || n.Value.Text() != "" {
		return true
	}
	a.refuse(n, Diagnostic{
		Code: "field-empty", AWSMessage: "Value cannot be empty",
		Message: n.name() + " is empty",
	})
	return false
}

// text is the string n, "" with a finding where it is none.
func (a *analysis) text(n *Node) string {
	if !a.is(n, jsonval.String) {
		return ""
	}
	return n.Value.Text()
}

// boolean is the boolean n, false with a finding where it is none.
func (a *analysis) boolean(n *Node) bool {
	d := n.Value.Text()
	if n.Value.Is(jsonval.String) && (d == "true" || d == "false") {
		a.refuse(n, Diagnostic{
			Code: "field-type", AWSMessage: "Expected value of type [BOOLEAN]",
			Message: n.name() + " must be a boolean, not a string", Hint: "write " + d + " without quotes",
		})
		return false
	}
	return a.is(n, jsonval.Bool) && n.Value.Bool()
}

// enum is the string n, which must be one of values.
func (a *analysis) enum(n *Node, values ...string) (string, bool) {
	if !a.is(n, jsonval.String) {
		return "", false
	}
	text := n.Value.Text()
	if slices.Contains(values, text) {
		return text, true
	}
	d := Diagnostic{
		Code: "field-value", AWSMessage: "Value should be one of the following: [" + strings.Join(values, ", ") + "]",
		Message: fmt.Sprintf("%s is %q; it must be %s", n.name(), text, orList(values)),
	}
	if len(values) > 1 {
		d.Hint = a.guess(text, values)
	}
	a.refuse(n, d)
	return text, false
}

// orList is: A, B or C.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// integer is the whole number n between least and most.
func (a *analysis) integer(n *Node, least, most int64) (int64, bool) {
	if n.Value.Is(jsonval.String) {
		if _, ok := jsonval.OfNumber(n.Value.Text()); ok {
			a.refuse(n, Diagnostic{
				Code: "field-type", AWSMessage: "Expected value of type [INTEGER]",
				Message: n.name() + " must be a number, not a string", Hint: "write " + n.Value.Text() + " without quotes",
			})
			return 0, false
		}
	}
	if !a.is(n, jsonval.Number) {
		return 0, false
	}
	i, ok := n.Value.Int()
	if !ok || strings.ContainsAny(n.Value.Text(), ".eE") {
		f, _ := n.Value.Float()
		if f > float64(most) && !strings.Contains(n.Value.Text(), ".") {
			a.outOfRange(n, "Maximum", "at most", fmt.Sprint(most))
			return 0, false
		}
		a.refuse(n, Diagnostic{
			Code: "field-type", AWSMessage: "Expected value of type [INTEGER]",
			Message: fmt.Sprintf("%s must be a whole number, not %s", n.name(), n.Value.Text()),
		})
		return 0, false
	}
	switch {
	case i < least:
		a.outOfRange(n, "Minimum", "at least", fmt.Sprint(least))
	case i > most:
		a.outOfRange(n, "Maximum", "at most", fmt.Sprint(most))
	default:
		return i, true
	}
	return i, false
}

func (a *analysis) outOfRange(n *Node, aws, ours, limit string) {
	a.refuse(n, Diagnostic{
		Code: "field-range", AWSMessage: aws + " value is " + limit,
		Message: fmt.Sprintf("%s is %s; it must be %s %s", n.name(), n.Value.Text(), ours, limit),
	})
}

// require reports the members n lacks, in one finding as AWS does.
func (a *analysis) require(n *Node, keys ...string) bool {
	var missing []string
	for _, k := range keys {
		if n.Get(k) == nil {
			missing = append(missing, k)
		}
	}
	if missing == nil {
		return true
	}
	verb := " is missing"
	if len(missing) > 1 {
		verb = " are missing"
	}
	a.refuseKey(n, Diagnostic{
		Code: "field-missing", AWSMessage: "These fields are required: [" + strings.Join(missing, ", ") + "]",
		Message: n.subject() + strings.Join(missing, " and ") + verb,
	})
	return false
}

// subject starts a message about something in n, where n is not the state or
// the definition itself: "Choices[0]: ".
func (n *Node) subject() string {
	if state, field := n.scope(); field == "" || state == "" && n.Parent == nil {
		return ""
	}
	return n.name() + ": "
}

// only refuses members of n that are not among keys.
func (a *analysis) only(n *Node, keys ...string) {
	for _, k := range n.Kids {
		if !slices.Contains(keys, k.Key) {
			a.unknown(n, k, a.guess(k.Key, keys))
		}
	}
}

func (a *analysis) unknown(n, member *Node, hint string) {
	a.refuseKey(member, Diagnostic{
		Code: "field-unknown", AWSMessage: "Field '" + member.Key + "' is not supported", Location: n.Location(),
		Message: n.subject() + "there is no field " + jsonval.Quote(member.Key) + " here", Hint: hint,
	})
}

// exclusive refuses two members of n that mean the same.
func (a *analysis) exclusive(n *Node, keys ...string) {
	var first *Node
	for _, key := range keys {
		k := n.Get(key)
		switch {
		case k == nil:
		case first == nil:
			first = k
		default:
			a.refuseKey(k, Diagnostic{
				Code:    "field-exclusive",
				Message: fmt.Sprintf("%s and %s do not go together", first.Key, k.Key), Hint: "remove one of them",
			})
		}
	}
}
