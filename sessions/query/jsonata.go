package query

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonata"
	"asldbg/interp/jsonval"
)

// states is a compiled JSONata expression.
type states struct {
	expr *jsonata.Expr
}

func compileJSONata(text, expr string) (*Query, error) {
	e, err := jsonata.Compile(expr)
	if err != nil {
		return nil, placed(expr, err)
	}
	q := &Query{text: text, code: &states{e}}
	if left, ok := e.Compared(); ok {
		q.left = &Query{text: left.String(), code: &states{left}}
	}
	return q, nil
}

// placed adds the part of the expression where it went wrong.
func placed(expr string, err error) error {
	whole := strings.TrimSpace(expr)
	var e *jsonata.Error
	if errors.As(err, &e) && e.Start < e.End && e.End-e.Start < len(whole) {
		return fmt.Errorf("JSONata %q: %w, at %q", whole, err, expr[e.Start:e.End])
	}
	return fmt.Errorf("JSONata %q: %w", whole, err)
}

func (s *states) run(_ *Cache, at Scene) (jsonval.Value, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	v, err := s.expr.Eval(ctx, at.Data, &jsonata.Env{
		StepFunctions: true,
		Variables: func(name string) (jsonval.Value, bool) {
			v := at.Vars.Get(name)
			if name == "states" {
				v = at.States
			}
			return v, v.Exists()
		},
	})
	if ctx.Err() != nil {
		return v, fmt.Errorf("JSONata %q took longer than %v", s.expr, deadline)
	}
	if err != nil {
		return v, placed(s.expr.String(), err)
	}
	return v, nil
}

// truth is JSONata's idea of it.
var truth = jsonata.MustCompile("$boolean($)")

func (s *states) isTrue(v jsonval.Value) bool {
	yes, err := truth.Eval(context.Background(), v, nil)
	return err == nil && yes.Bool()
}
