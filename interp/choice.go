package interp

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"asldbg/interp/asl"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// choose is a Choice state's work: the first rule that is true wins.
func (t *turn) choose(f *frame) {
	env := t.env(f, f.current())
	f.chosen = -1
	for i, r := range f.node.Choices {
		yes, err := ruleHolds(r, env)
		if err != nil {
			t.failField(f, Work, err)
			return
		}
		if yes {
			f.chosen = i
			break
		}
	}
	if f.chosen < 0 && f.node.byDef == nil {
		// What AWS answers today; the language calls it States.NoChoiceMatched.
		t.failRuntime(f, "Failed to transition out of the state. The state does not point to a next state.")
		return
	}
	f.stage, f.run = Work, Ready
	t.emit(Event{Kind: ChoiceMade, Frame: f.id, State: f.node.State, Stage: Work, Index: int32(f.chosen), Value: f.current()})
}

// ruleHolds evaluates one rule; And and Or stop as soon as they can, which is
// what makes IsPresent a guard.
func ruleHolds(r *asl.Rule, env *payload.Env) (bool, error) {
	if r.Condition != nil {
		v, err := r.Condition.Eval(env)
		if err == nil && !v.Is(jsonval.Bool) {
			err = r.Condition.Expects("boolean", v)
		}
		return v.Bool(), err
	}
	switch r.Op {
	case asl.OpAnd, asl.OpOr:
		for _, inner := range r.Rules {
			yes, err := ruleHolds(inner, env)
			if err != nil || yes == (r.Op == asl.OpOr) {
				return yes, err
			}
		}
		return r.Op == asl.OpAnd, nil
	case asl.OpNot:
		yes, err := ruleHolds(r.Rules[0], env)
		return !yes && err == nil, err
	}
	v, err := r.Variable.Eval(&env.Env.Env)
	if r.Op == asl.OpIsPresent {
		return (err == nil) == r.Operand.Bool(), nil
	}
	if err != nil {
		return false, invalidChoicePath(r.Variable)
	}
	operand := r.Operand
	if r.Path != nil {
		if operand, err = r.Path.Eval(&env.Env.Env); err != nil {
			return false, invalidChoicePath(r.Path)
		}
	}
	if r.Op == asl.OpStringMatches && v.Is(jsonval.String) && asl.OpenEscape(operand.Text()) {
		return false, causeError(fmt.Sprintf("The StringMatches pattern '%s' has an open escape backslash.", operand.Text()))
	}
	return compare(r.Op, v, operand), nil
}

// invalidChoicePath is AWS's text for a test whose path found nothing.
func invalidChoicePath(p *jsonpath.Path) error {
	return causeError("Invalid path '" + p.String() + "': The choice state's condition path references an invalid value.")
}

// causeError is an error whose text becomes the cause of a failure, in AWS's
// words.
type causeError string

func (e causeError) Error() string { return string(e) }

// compare applies a data test. Values of another type than the operator's make
// it false, never an error.
func compare(op asl.RuleOp, v, operand jsonval.Value) bool {
	switch op {
	case asl.OpIsNull:
		return v.Is(jsonval.Null) == operand.Bool()
	case asl.OpIsNumeric:
		return v.Is(jsonval.Number) == operand.Bool()
	case asl.OpIsString:
		return v.Is(jsonval.String) == operand.Bool()
	case asl.OpIsBoolean:
		return v.Is(jsonval.Bool) == operand.Bool()
	case asl.OpIsTimestamp:
		_, ok := timestamp(v)
		return ok == operand.Bool()
	case asl.OpBooleanEquals:
		return v.Is(jsonval.Bool) && operand.Is(jsonval.Bool) && v.Bool() == operand.Bool()
	case asl.OpStringMatches:
		return v.Is(jsonval.String) && operand.Is(jsonval.String) && wildcardMatch(operand.Text(), v.Text())
	}
	var order int
	switch {
	case op >= asl.OpStringEquals && op <= asl.OpStringGreaterThanEquals:
		if !v.Is(jsonval.String) || !operand.Is(jsonval.String) {
			return false
		}
		order = compareTexts(v.Text(), operand.Text())
		op -= asl.OpStringEquals
	case op >= asl.OpNumericEquals && op <= asl.OpNumericGreaterThanEquals:
		if !v.Is(jsonval.Number) || !operand.Is(jsonval.Number) {
			return false
		}
		order = compareNumbers(v, operand)
		op -= asl.OpNumericEquals
	default:
		a, ok := timestamp(v)
		b, ok2 := timestamp(operand)
		if !ok || !ok2 {
			return false
		}
		order = a.Compare(b)
		op -= asl.OpTimestampEquals
	}
	return [...]bool{order == 0, order < 0, order > 0, order <= 0, order >= 0}[op]
}

// compareTexts orders texts as Java does, by UTF-16 code unit: what lies above
// U+FFFF comes before U+E000.
func compareTexts(a, b string) int {
	unit := func(r rune) rune { // the first of r
		if r > 0xFFFF {
			return 0xD800 + (r-0x10000)>>10
		}
		return r
	}
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			return cmp.Or(cmp.Compare(unit(x), unit(y)), cmp.Compare(x, y))
		}
		a, b = a[n:], b[m:]
	}
	return len(a) - len(b)
}

func compareNumbers(a, b jsonval.Value) int {
	x, _ := a.Float()
	y, _ := b.Float()
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// timestamp reads an RFC 3339 time with capital T and Z, as ASL requires.
func timestamp(v jsonval.Value) (time.Time, bool) {
	s := v.Text()
	if !v.Is(jsonval.String) || len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[len(s)-1] == 'z' {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	return at, err == nil
}

// wildcardMatch is StringMatches: * stands for any run of characters, \* and \\
// for themselves.
func wildcardMatch(pattern, s string) bool {
	var parts []string // what stands between the stars
	var part strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
			part.WriteByte(pattern[i])
		case c == '*':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	last := part.String()
	if len(parts) == 0 {
		return s == last
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1:] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}
