package cli

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonata"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/sessions/query"
)

func newEval(io streams) *cobra.Command {
	var lang, input, vars string
	c := &cobra.Command{
		Use:   "eval EXPR",
		Short: "Evaluate one expression: JSONata, a JSONPath, an intrinsic function, or jq",
		Long: `Eval prints what an expression gives on an input, as one line of JSON. An
expression written {% … %}, as in a definition, is JSONata without being told.

In JSONata the input is $ and $states.input, unless --vars has a states of its
own; the functions that Step Functions adds, such as $partition and $parse, are
there. Chance is repeatable: the same expression draws the same numbers.
In jq the input is ., and $vars is what --vars has; each result is a line.

Exit codes: 0 a result, 1 the expression fails (the reason and the place on
stderr), 2 wrong usage, 4 no result.`,
		Example: `  asldbg eval '$.items[?(@.price > 10)].name' --input order.json
  asldbg eval '{% $sum($states.input.items.price) %}' --input order.json
  asldbg eval --lang jsonata '$states.result.Body' --vars '{"states": {"result": {"Body": 1}}}'
  asldbg eval --lang intrinsic "States.Format('Hello, {}', $.name)" --input '{"name": "Ada"}'
  asldbg eval --lang jq '.items | length' --input order.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			expr := args[0]
			if text, ok := query.JSONata(expr); ok && (lang == "" || lang == "jsonata") {
				lang, expr = "jsonata", text
			}
			q := question{expr: expr, random: seededBy(expr)}
			var err error
			if lang != "jsonata" || input != "" { // in JSONata there may be no input
				if q.input, err = readInput(io.in, input); err != nil {
					return err
				}
			}
			if q.vars, err = readJSON(io.in, "--vars", "the object of variables", vars); err != nil {
				return err
			}
			if !q.vars.Is(jsonval.Object) {
				return usage("--vars wants an object of variables, not %s", q.vars.Kind())
			}
			answer := map[string]func(context.Context) iter.Seq2[jsonval.Value, error]{
				"": q.jsonPath, "jsonpath": q.jsonPath, "intrinsic": q.intrinsic, "jsonata": q.jsonata, "jq": q.jq,
			}[lang]
			if answer == nil {
				return usage("--lang %s: it is jsonata, jsonpath, intrinsic or jq", clean(lang))
			}
			return printAll(io.out, expr, answer(c.Context()))
		},
	}
	f := c.Flags()
	f.StringVar(&lang, "lang", "", "the expression's `LANGUAGE`: jsonata, jsonpath (the default), intrinsic or jq")
	f.StringVar(&input, "input", "", "the input: a `FILE`, - for stdin, or JSON (default {}; in JSONata none)")
	f.StringVar(&vars, "vars", "", "an object of variables: a `FILE`, - or JSON")
	c.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions([]string{"jsonata", "jsonpath", "intrinsic", "jq"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// printAll prints results, a line each.
func printAll(w io.Writer, expr string, results iter.Seq2[jsonval.Value, error]) error {
	found := false
	for v, err := range results {
		if err != nil {
			return &exitError{exitFailed, errors.New(clean(placed(expr, err)))}
		}
		if v.Exists() {
			found = true
			if _, err := fmt.Fprintln(w, clean(v.String())); err != nil {
				return err
			}
		}
	}
	if !found {
		return &exitError{code: exitNoResult}
	}
	return nil
}

// question is an expression and what it is asked of.
type question struct {
	expr        string
	input, vars jsonval.Value
	random      rand.Source
}

func (q *question) jsonata(ctx context.Context) iter.Seq2[jsonval.Value, error] {
	return one(func() (jsonval.Value, error) {
		e, err := jsonata.Compile(q.expr)
		if err != nil {
			return jsonval.Value{}, err
		}
		states := jsonval.ObjectOf(jsonval.Member{Key: "input", Value: q.input})
		return e.Eval(ctx, q.input, &jsonata.Env{
			Now:           time.Now(),
			Random:        q.random,
			StepFunctions: true,
			Variables: func(name string) (jsonval.Value, bool) {
				v := q.vars.Get(name)
				if name == "states" && !v.Exists() && q.input.Exists() {
					v = states
				}
				return v, v.Exists()
			},
		})
	})
}

func (q *question) jsonPath(context.Context) iter.Seq2[jsonval.Value, error] {
	return one(func() (jsonval.Value, error) {
		p, err := jsonpath.Compile(q.expr)
		if err != nil {
			return jsonval.Value{}, err
		}
		if p.Root() == jsonpath.Input {
			// On a document a path means what Jayway's JSONPath says; states are a
			// little more lenient.
			return p.Find(q.input)
		}
		return p.Eval(&q.env().Env)
	})
}

func (q *question) intrinsic(context.Context) iter.Seq2[jsonval.Value, error] {
	return one(func() (jsonval.Value, error) {
		call, err := intrinsic.Compile(q.expr)
		if err != nil {
			return jsonval.Value{}, err
		}
		return call.Eval(q.env())
	})
}

func (q *question) env() *intrinsic.Env {
	return &intrinsic.Env{
		Env: jsonpath.Env{
			Input:    q.input,
			Context:  func() jsonval.Value { return jsonval.EmptyObject },
			Variable: q.vars.Get,
		},
		Random: q.random,
	}
}

func (q *question) jq(ctx context.Context) iter.Seq2[jsonval.Value, error] {
	return query.JQ(ctx, q.expr, query.Scene{Data: q.input, Vars: q.vars})
}

// one is the results of what gives at most one.
func one(eval func() (jsonval.Value, error)) iter.Seq2[jsonval.Value, error] {
	return func(yield func(jsonval.Value, error) bool) { yield(eval()) }
}

// seededBy makes random functions repeatable: the same expression gives the
// same numbers.
func seededBy(expr string) *rand.PCG {
	h := fnv.New64a()
	h.Write([]byte(expr))
	return rand.NewPCG(h.Sum64(), 1)
}
