package cli

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/spf13/cobra"

	"asldbg/interp/intrinsic"
	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

func newEval(io streams) *cobra.Command {
	var lang, input, vars string
	c := &cobra.Command{
		Use:   "eval EXPR",
		Short: "Evaluate one expression: a JSONPath or an intrinsic function",
		Long: `Eval prints what an expression gives on an input, as one line of JSON.

Exit codes: 0 a result, 1 the expression fails (the reason on stderr), 2 wrong
usage, 4 no result.`,
		Example: `  asldbg eval '$.items[?(@.price > 10)].name' --input order.json
  asldbg eval --lang intrinsic "States.Format('Hello, {}', $.name)" --input '{"name": "Ada"}'`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			doc, err := readInput(io.in, input)
			if err != nil {
				return err
			}
			bound, err := readInput(io.in, vars)
			if err != nil {
				return err
			}
			v, err := evaluate(lang, args[0], doc, bound)
			if err != nil {
				return err
			}
			if !v.Exists() {
				return &exitError{code: exitNoResult}
			}
			fmt.Fprintln(io.out, v)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&lang, "lang", "jsonpath", "the expression's `LANGUAGE`: jsonpath or intrinsic")
	f.StringVar(&input, "input", "", "what $ is: a `FILE`, - for stdin, or JSON (default {})")
	f.StringVar(&vars, "vars", "", "an object of variables: a `FILE`, - or JSON")
	return c
}

func evaluate(lang, expr string, doc, vars jsonval.Value) (jsonval.Value, error) {
	env := intrinsic.Env{
		Env: jsonpath.Env{
			Input:    doc,
			Context:  func() jsonval.Value { return jsonval.EmptyObject },
			Variable: vars.Get,
		},
		Random: seededBy(expr),
	}
	var v jsonval.Value
	var err error
	switch lang {
	case "jsonpath":
		var p *jsonpath.Path
		if p, err = jsonpath.Compile(expr); err == nil {
			// On a document a path means what Jayway's JSONPath says; states are a
			// little more lenient.
			if v, err = p.Find(doc); p.Root() != jsonpath.Input {
				v, err = p.Eval(&env.Env)
			}
		}
	case "intrinsic":
		var call *intrinsic.Call
		if call, err = intrinsic.Compile(expr); err == nil {
			v, err = call.Eval(&env)
		}
	default:
		return v, usage("--lang %s: it is jsonpath or intrinsic", lang)
	}
	if err != nil {
		return v, &exitError{exitFailed, err}
	}
	return v, nil
}

// seededBy makes random functions repeatable: the same expression gives the
// same numbers.
func seededBy(expr string) *rand.PCG {
	h := fnv.New64a()
	h.Write([]byte(expr))
	return rand.NewPCG(h.Sum64(), 1)
}
