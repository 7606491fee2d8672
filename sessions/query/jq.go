package query

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"slices"

	"github.com/itchyny/gojq"

	"asldbg/interp/jsonval"
)

// jqVariables are given to every query, in this order.
var jqVariables = []string{"$vars", "$context"}

// jq is a compiled jq program.
type jq struct {
	text string
	code *gojq.Code
}

func compileJQ(text string) (*Query, error) {
	parsed, err := gojq.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("jq %q: %w", text, err)
	}
	code, err := gojq.Compile(parsed, gojq.WithVariables(jqVariables))
	if err != nil {
		return nil, fmt.Errorf("jq %q: %w", text, err)
	}
	q := &Query{text: text, code: &jq{text, code}}
	switch parsed.Op {
	case gojq.OpEq, gojq.OpNe, gojq.OpGt, gojq.OpLt, gojq.OpGe, gojq.OpLe:
		if code, err := gojq.Compile(parsed.Left, gojq.WithVariables(jqVariables)); err == nil {
			text := parsed.Left.String()
			q.left = &Query{text: text, code: &jq{text, code}}
		}
	}
	return q, nil
}

func (j *jq) run(c *Cache, at Scene) (jsonval.Value, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for v, err := range j.results(ctx, c, at) {
		if ctx.Err() != nil {
			err = fmt.Errorf("jq %q took longer than %v", j.text, deadline)
		}
		return v, err
	}
	return jsonval.Value{}, nil
}

// results are all values of the program, up to an error.
func (j *jq) results(ctx context.Context, c *Cache, at Scene) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) {
		found := j.code.RunWithContext(ctx, c.toGo(at.Data), c.toGo(at.Vars), c.toGo(at.Context))
		for {
			result, ok := found.Next()
			if !ok {
				return
			}
			if err, failed := result.(error); failed {
				var halt *gojq.HaltError
				if !errors.As(err, &halt) || halt.Value() != nil {
					yield(jsonval.Value{}, fmt.Errorf("jq %q: %w", j.text, err))
				}
				return
			}
			if !yield(fromGo(result), nil) {
				return
			}
		}
	}
}

// JQ is all results of a jq program, up to an error, until ctx ends it.
func JQ(ctx context.Context, text string, at Scene) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) {
		q, err := compileJQ(text)
		if err != nil {
			yield(jsonval.Value{}, err)
			return
		}
		q.code.(*jq).results(ctx, &Cache{}, at)(yield)
	}
}

// isTrue is jq's idea of truth: all but false, null and nothing.
func (j *jq) isTrue(v jsonval.Value) bool {
	return v.Exists() && !v.Is(jsonval.Null) && (!v.Is(jsonval.Bool) || v.Bool())
}

// Cache remembers what was converted for jq: at one stop the same data is asked
// many questions. The zero Cache is ready for use.
type Cache struct {
	recent [4]converted
	next   int
}

type converted struct {
	from jsonval.Value
	to   any
}

// remembered is the size from which converting is worth remembering.
const remembered = 256

func (c *Cache) toGo(v jsonval.Value) any {
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
