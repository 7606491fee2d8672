package sessions

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/itchyny/gojq"

	"asldbg/interp/jsonval"
)

// jqDeadline ends a jq program that does not.
const jqDeadline = 50 * time.Millisecond

// query is a compiled jq expression. Besides its input it knows $vars, the
// variables of the state machine, and $context, the context object.
type query struct {
	text string
	code *gojq.Code
	left *query // of a comparison: what is compared, for showing
}

// jqVariables are given to every query, in this order.
var jqVariables = []string{"$vars", "$context"}

func compileJQ(text string) (*query, error) {
	parsed, err := gojq.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("jq %q: %w", text, err)
	}
	code, err := gojq.Compile(parsed, gojq.WithVariables(jqVariables))
	if err != nil {
		return nil, fmt.Errorf("jq %q: %w", text, err)
	}
	q := &query{text: text, code: code}
	switch parsed.Op {
	case gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe:
		if code, err := gojq.Compile(parsed.Left, gojq.WithVariables(jqVariables)); err == nil {
			q.left = &query{text: parsed.Left.String(), code: code}
		}
	}
	return q, nil
}

// scene is what a query looks at.
type scene struct {
	data, vars, context jsonval.Value
}

// run evaluates q. Of several results the first one counts; none is Undefined.
func (q *query) run(c *converter, at scene) (jsonval.Value, error) {
	ctx, cancel := context.WithTimeout(context.Background(), jqDeadline)
	defer cancel()
	result, ok := q.code.RunWithContext(ctx, c.toGo(at.data), c.toGo(at.vars), c.toGo(at.context)).Next()
	if !ok {
		return jsonval.Value{}, nil
	}
	if err, failed := result.(error); failed {
		var halt *gojq.HaltError
		switch {
		case ctx.Err() != nil:
			return jsonval.Value{}, fmt.Errorf("jq %q took longer than %v", q.text, jqDeadline)
		case errors.As(err, &halt) && halt.Value() == nil:
			return jsonval.Value{}, nil
		}
		return jsonval.Value{}, fmt.Errorf("jq %q: %w", q.text, err)
	}
	return fromGo(result), nil
}

// isTrue is jq's idea of truth: all but false, null and nothing.
func isTrue(v jsonval.Value) bool {
	return v.Exists() && !v.Is(jsonval.Null) && (!v.Is(jsonval.Bool) || v.Bool())
}

// converter makes the Go values jq wants and remembers the last ones: at one
// stop the same data is asked many questions.
type converter struct {
	recent [4]converted
	next   int
}

type converted struct {
	from jsonval.Value
	to   any
}

// remembered is the size from which converting is worth remembering.
const remembered = 256

func (c *converter) toGo(v jsonval.Value) any {
	if v.Size() < remembered {
		return toGo(v)
	}
	for i := range c.recent {
		if jsonval.Same(c.recent[i].from, v) {
			return c.recent[i].to
		}
	}
	to := toGo(v)
	c.recent[c.next] = converted{v, to}
	c.next = (c.next + 1) % len(c.recent)
	return to
}

// toGo uses only the types jq takes: it panics on others, int64 among them.
func toGo(v jsonval.Value) any {
	switch v.Kind() {
	case jsonval.Bool:
		return v.Bool()
	case jsonval.Number:
		if n, ok := v.Int(); ok && int64(int(n)) == n {
			return int(n)
		}
		if n, ok := new(big.Int).SetString(v.Text(), 10); ok {
			return n
		}
		f, _ := v.Float()
		return f
	case jsonval.String:
		return v.Text()
	case jsonval.Array:
		items := make([]any, 0, v.Len())
		for _, item := range v.Items() {
			items = append(items, toGo(item))
		}
		return items
	case jsonval.Object:
		members := make(map[string]any, v.Len())
		for key, m := range v.Members() {
			members[key] = toGo(m)
		}
		return members
	}
	return nil
}

// fromGo is a jq result as a value; members are sorted, for jq keeps no order.
func fromGo(x any) jsonval.Value {
	switch x := x.(type) {
	case nil:
		return jsonval.NullValue
	case bool:
		return jsonval.OfBool(x)
	case int:
		return jsonval.OfInt(int64(x))
	case float64:
		return jsonval.OfFloat(x)
	case *big.Int:
		v, _ := jsonval.OfNumber(x.String())
		return v
	case string:
		return jsonval.OfString(x)
	case []any:
		items := make([]jsonval.Value, len(x))
		for i := range x {
			items[i] = fromGo(x[i])
		}
		return jsonval.OfItems(items)
	case map[string]any:
		members := make([]jsonval.Member, 0, len(x))
		for key, m := range x {
			members = append(members, jsonval.Member{Key: key, Value: fromGo(m)})
		}
		slices.SortFunc(members, func(a, b jsonval.Member) int {
			if a.Key < b.Key {
				return -1
			}
			return 1
		})
		return jsonval.OfMembers(members)
	}
	return jsonval.OfString(fmt.Sprint(x))
}
