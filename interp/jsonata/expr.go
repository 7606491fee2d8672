package jsonata

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// Expr is a compiled expression. It does not change: it may be evaluated from
// several goroutines at once.
type Expr struct {
	text   string
	root   *node
	syms   map[string]int32
	binds  bool // it has a := outside blocks and functions
	halves bool // its strings may have halves of surrogate pairs or be no UTF-8
	// spare is the run of an evaluation that is over, for the next one: most of
	// what a small evaluation needs to allocate.
	spare atomic.Pointer[run]
}

// Compile reads an expression; an error is an [*Error].
func Compile(text string) (*Expr, error) {
	p := &parser{lexer: lexer{src: text}}
	scope := &node{}
	root, err := p.parseExpression()
	if err == nil {
		r := &resolver{parser: p, scope: scope}
		root, err = r.resolveExpression(root)
	}
	if err != nil {
		return nil, err.finish(text)
	}
	return &Expr{text: text, root: root, syms: p.syms, binds: scope.binds, halves: p.halves || !utf8.ValidString(text)}, nil
}

// MustCompile is Compile for expressions that are part of the program.
func MustCompile(text string) *Expr {
	e, err := Compile(text)
	if err != nil {
		panic("jsonata: " + err.Error() + ": " + text)
	}
	return e
}

// String is the expression's text.
func (e *Expr) String() string { return e.text }

// Compared is the left side of an expression that is a comparison.
func (e *Expr) Compared() (left *Expr, ok bool) {
	n := e.root
	if n.kind != nodeBinary || n.extra != nil {
		return nil, false
	}
	switch n.op {
	case opEqual, opNotEqual, opLess, opLessEqual, opGreater, opGreaterEqual, opIn:
		left, err := Compile(e.text[n.lhs.start:n.lhs.end])
		return left, err == nil
	}
	return nil, false
}

// Env is what an evaluation may see of the world. The zero Env is one without
// variables, at the year 1, whose chance is always the same.
type Env struct {
	// Variables looks up $name for a name the expression does not bind itself.
	// It goes before the functions: a variable called sum hides $sum.
	Variables func(name string) (v jsonval.Value, ok bool)
	// Now is what $now and $millis tell, for the whole evaluation.
	Now time.Time
	// Random is where $random, $shuffle and $uuid take their chance from.
	Random rand.Source
	// StepFunctions adds the functions of AWS Step Functions: $partition, $range,
	// $hash, $random with a seed, $uuid and $parse. Numbers of the result that JSON
	// lacks are named, as AWS's writer of JSON does: "Infinity", "-Infinity", "NaN".
	StepFunctions bool
	// Limits bound the evaluation; zero fields mean the defaults.
	Limits Limits
	// Trace is told the value of each part of the expression as it is evaluated,
	// inner parts first; start and end are its bytes in the text. Parts without
	// a value are told as Undefined, functions are not told.
	Trace func(start, end int, v jsonval.Value)
}

// Limits bound an evaluation. Reaching one is an [Error] with code U1001.
type Limits struct {
	Depth int // of evaluations inside each other, including functions that call themselves
	Steps int // of work, about one for each part evaluated or item looked at
	Bytes int // made during the evaluation, whether still in use or not
}

// The defaults of [Limits]. At the speed of small machines the steps take a few
// seconds.
const (
	DefaultDepth = 10_000
	DefaultSteps = 50_000_000
	DefaultBytes = 512 << 20
)

// ErrFunction is returned for an expression whose value is a function, which JSON
// cannot carry.
var ErrFunction = errors.New("the result is a function")

// Eval evaluates the expression on in, the input document; Undefined is one that
// is not there. The result is Undefined where the expression has none. An error
// is an [*Error], or [ErrFunction]. Cancelling ctx ends the evaluation with an
// Error that wraps the context's.
func (e *Expr) Eval(ctx context.Context, in jsonval.Value, env *Env) (jsonval.Value, error) {
	if env == nil {
		env = &emptyEnv
	}
	r := e.spare.Swap(nil)
	if r == nil {
		r = &run{}
	}
	r.begin(ctx, e, env)
	result, err := r.evalAll(ctx, in)
	*r = run{}
	e.spare.Store(r)
	return result, err
}

// emptyEnv is what a nil Env stands for. Nothing changes it.
var emptyEnv Env

// evalAll evaluates the whole expression.
func (r *run) evalAll(ctx context.Context, in jsonval.Value) (jsonval.Value, error) {
	e := r.expr
	input := ofJSON(in)
	r.input = input
	if input.isArray() {
		input = value{ref: &ref{kind: jsonval.Array, seq: true, outer: true, items: []value{input}}}
	}
	var f *frame
	if e.binds {
		f = &frame{}
	}
	v, err := r.eval(e.root, input, f)
	if err == nil && v.isFunction() {
		return jsonval.Value{}, ErrFunction
	}
	if err == nil {
		err = r.exceeded()
	}
	var result jsonval.Value
	if err == nil {
		room := max(0, r.bytes/valueBytes)
		var ok bool
		if result, ok = snapshot(v, &room, r.env.StepFunctions); !ok {
			err = limit(tooMuchMemory)
		}
	}
	if err != nil {
		if err.Limit() && err.Message == "" {
			err.cause = ctx.Err()
			err.Message = "the evaluation was ended: " + err.cause.Error()
		}
		return jsonval.Value{}, err.finish(e.text)
	}
	if e.halves {
		result = cleaned(result)
	}
	return result, nil
}

// cleaned replaces what cannot be in JSON texts: halves of surrogate pairs, which
// an expression may write.
func cleaned(v jsonval.Value) jsonval.Value {
	switch v.Kind() {
	case jsonval.String:
		return jsonval.OfString(validText(v.Text()))
	case jsonval.Array:
		items := make([]jsonval.Value, v.Len())
		for i := range items {
			items[i] = cleaned(v.At(i))
		}
		return jsonval.OfItems(items)
	case jsonval.Object:
		members := make([]jsonval.Member, v.Len())
		for i := range members {
			m := v.MemberAt(i)
			members[i] = jsonval.Member{Key: validText(m.Key), Value: cleaned(m.Value)}
		}
		return jsonval.OfMembers(members)
	}
	return v
}
