package jsonpath

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// call is a function call at the end of a path or on its way. Whether there is
// such a function is asked when it is called, as Jayway does.
type call struct {
	name    string
	args    []argument
	written bool // the arguments stand in the path's text
}

// argument is a path, or JSON.
type argument struct {
	path     *Path
	children *Path // the path and [*] after it, for length
	json     jsonval.Value
	err      error // the JSON is none
}

func newPathArgument(p *Path) argument {
	a := argument{path: p, children: p}
	if n := len(p.steps); n > 0 && p.steps[n-1].kind != stepCall {
		a.children = newPath(append(slices.Clone(p.steps), step{kind: stepAll}), true)
		a.children.text = p.text
	}
	return a
}

// function reads the call whose name starts at start; the position is at its
// opening parenthesis.
func (r *reader) function(start int) error {
	open := r.pos
	c := &call{name: r.text[start:open]}
	depth := 1
	for i := open + 1; i < r.end && depth > 0; i++ {
		switch r.text[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	if depth > 0 {
		return r.errorf(open, "the arguments of %s are never closed", c.name)
	}
	r.pos++
	if r.peek() != ')' {
		var err error
		if c.args, err = r.arguments(c.name); err != nil {
			return err
		}
		c.written = len(c.args) > 0
	}
	r.steps = append(r.steps, step{kind: stepCall, call: c})
	return nil
}

// arguments reads up to the closing parenthesis. An argument that starts with $
// or @ is a path; one that starts with { - " or a digit is JSON; anything else
// is passed over, and so are commas inside strings, unless after a backslash.
func (r *reader) arguments(name string) ([]argument, error) {
	start := r.pos
	var args []argument
	var text strings.Builder
	var kind, prior byte // kind is 0, p (path) or j (JSON)
	paren, bracket, brace, quote := 1, 0, 0, 0
	for paren > 0 && r.pos < r.end {
		c := r.peek()
		r.pos++
		if kind == 0 {
			switch {
			case c == ' ' || c == '\t' || c == '\n' || c == '\r':
				continue
			case c == '{' || c == '"' || c == '-' || isDigit(c):
				kind = 'j'
			case c == '$' || c == '@':
				kind = 'p'
			}
		}
		ends := false
		switch c {
		case '"':
			if prior != '\\' && quote > 0 {
				quote--
			} else {
				quote++
			}
		case '(':
			paren++
		case '{':
			brace++
		case '[':
			bracket++
		case '}':
			brace--
		case ']':
			bracket--
		case ')':
			if paren--; prior == '(' {
				text.WriteByte(c)
			}
			ends = paren <= 1
		case ',':
			ends = paren == 1
		case '\\':
			if next := r.peek(); quote == 1 && (next == ',' || next == '"') {
				text.WriteByte(next)
				r.pos++
				prior = 0
				continue
			}
		}
		if brace < 0 || bracket < 0 {
			return nil, r.errorf(r.pos-1, "%c without its opening bracket", c)
		}
		if ends && quote == 0 && brace == 0 && bracket == 0 {
			if kind != 0 {
				arg, err := r.argument(kind, text.String(), start)
				if err != nil {
					return nil, err
				}
				args = append(args, arg)
			}
			text.Reset()
			kind = 0
		}
		if kind != 0 && (c != ',' || brace != 0 || bracket != 0 || paren != 1) {
			text.WriteByte(c)
		}
		prior = c
	}
	if brace != 0 || paren != 0 || bracket != 0 {
		return nil, r.errorf(start, "the arguments of %s are not closed properly", name)
	}
	return args, nil
}

// argument compiles one argument, from a text with other offsets.
func (r *reader) argument(kind byte, text string, at int) (argument, error) {
	if err := r.enter(at); err != nil {
		return argument{}, err
	}
	defer r.leave()
	if kind == 'j' {
		v, err := parseRelaxed(text)
		return argument{json: v, err: err}, nil
	}
	p := &parser{text: text, depth: r.depth}
	path, err := p.path(1, len(text))
	if err != nil {
		return argument{}, r.errorf(at, "in the argument %s: %s", text, err.(*SyntaxError).Message)
	}
	path.text = text
	return newPathArgument(path), nil
}

// call takes the function call that is step i, on v. Its result counts as found
// even when more steps follow; of a definite path the last one found counts.
func (s *search) call(i int, v jsonval.Value) error {
	st := &s.path.steps[i]
	result, err := s.invoke(st.call, v)
	if err != nil {
		return err
	}
	if err := s.add(result); err != nil || st.leaf {
		return err
	}
	return s.walk(i+1, result)
}

func (s *search) invoke(c *call, v jsonval.Value) (jsonval.Value, error) {
	switch c.name {
	case "min", "max", "avg", "stddev", "sum":
		return s.aggregate(c, v)
	case "length", "size":
		return s.length(c, v)
	case "keys":
		return keys(v), nil
	case "concat":
		return s.concat(c, v)
	case "append":
		return s.append(c, v)
	case "first", "last", "index":
		return s.pick(c, v)
	}
	return jsonval.Value{}, fail(true, "Function with name: %s does not exist.", c.name)
}

// argument is the value of an argument. Paths start at the document, @ too.
func (s *search) argument(a *argument) (jsonval.Value, error) {
	if a.path == nil {
		if a.err != nil {
			return jsonval.Value{}, fail(false, "argument of a function: %v", a.err)
		}
		return a.json, nil
	}
	inner := search{run: s.run, path: a.path, item: -1}
	return inner.value(s.doc)
}

// numbers gives the numbers in v, if it is an array, and in the arguments.
func (s *search) numbers(c *call, v jsonval.Value) ([]float64, error) {
	var out []float64
	take := func(v jsonval.Value) {
		if f, ok := v.Float(); ok {
			out = append(out, f)
		}
		for _, item := range v.Items() {
			if f, ok := item.Float(); ok {
				out = append(out, f)
			}
		}
	}
	if v.Is(jsonval.Array) {
		take(v)
	}
	for i := range c.args {
		arg, err := s.argument(&c.args[i])
		if err != nil {
			return nil, err
		}
		take(arg)
	}
	return out, s.spend(len(out))
}

func (s *search) aggregate(c *call, v jsonval.Value) (jsonval.Value, error) {
	numbers, err := s.numbers(c, v)
	if err != nil {
		return jsonval.Value{}, err
	}
	if len(numbers) == 0 {
		return jsonval.Value{}, fail(false, "Aggregation function attempted to calculate value using empty array")
	}
	n := float64(len(numbers))
	sum, squares := 0.0, 0.0
	for _, f := range numbers {
		sum += f
		squares += f * f
	}
	var result float64
	switch c.name {
	case "sum":
		result = sum
	case "avg":
		result = sum / n
	case "min":
		result = slices.Min(numbers)
	case "max":
		// Jayway starts from Java's Double.MIN_VALUE, the smallest positive number.
		result = max(slices.Max(numbers), math.SmallestNonzeroFloat64)
	case "stddev":
		result = math.Sqrt(squares/n - sum*sum/n/n)
	}
	return jsonval.OfFloat(result), nil
}

// length counts items or members; with an argument, what lies right below that.
func (s *search) length(c *call, v jsonval.Value) (jsonval.Value, error) {
	if len(c.args) > 0 {
		a := &c.args[0]
		if a.path == nil {
			return jsonval.Value{}, fail(false, "the argument of %s must be a path", c.name)
		}
		inner := search{run: &run{doc: v, work: s.work}, path: a.children, item: -1}
		found, err := inner.value(v)
		s.work = inner.work
		if err != nil {
			return jsonval.Value{}, err
		}
		if found.Is(jsonval.Array) {
			return jsonval.OfInt(int64(found.Len())), nil
		}
	}
	if v.Is(jsonval.Array) || v.Is(jsonval.Object) {
		return jsonval.OfInt(int64(v.Len())), nil
	}
	return jsonval.NullValue, nil
}

func keys(v jsonval.Value) jsonval.Value {
	if !v.Is(jsonval.Object) {
		return jsonval.NullValue
	}
	names := make([]jsonval.Value, 0, v.Len())
	for name := range v.Members() {
		names = append(names, jsonval.OfString(name))
	}
	return jsonval.OfItems(names)
}

// concat joins the strings in v, if it is an array, and those in the arguments;
// of an argument that is an array also what is no string.
func (s *search) concat(c *call, v jsonval.Value) (jsonval.Value, error) {
	var b strings.Builder
	for _, item := range v.Items() {
		if item.Is(jsonval.String) {
			b.WriteString(item.Text())
		}
	}
	for i := range c.args {
		arg, err := s.argument(&c.args[i])
		if err != nil {
			return jsonval.Value{}, err
		}
		if arg.Is(jsonval.String) {
			b.WriteString(arg.Text())
		}
		for _, item := range arg.Items() {
			if !item.Is(jsonval.Null) {
				b.WriteString(javaText(item))
			}
		}
	}
	return jsonval.OfString(b.String()), s.spend(b.Len())
}

func (s *search) append(c *call, v jsonval.Value) (jsonval.Value, error) {
	if !v.Is(jsonval.Array) || len(c.args) == 0 {
		return v, nil
	}
	items := make([]jsonval.Value, 0, v.Len()+len(c.args))
	for _, item := range v.Items() {
		items = append(items, item)
	}
	for i := range c.args {
		arg, err := s.argument(&c.args[i])
		if err != nil {
			return jsonval.Value{}, err
		}
		items = append(items, arg)
	}
	return jsonval.OfItems(items), s.spend(len(items))
}

// pick is first, last and index. Jayway's counting from the end never reaches
// item 0, so last fails on an array of one.
func (s *search) pick(c *call, v jsonval.Value) (jsonval.Value, error) {
	if !v.Is(jsonval.Array) {
		return jsonval.Value{}, fail(false, "Aggregation function attempted to calculate value using empty array")
	}
	at := 0
	switch c.name {
	case "last":
		at = -1
	case "index":
		numbers, err := s.numbers(c, jsonval.Value{})
		if err != nil {
			return jsonval.Value{}, err
		}
		if len(numbers) == 0 {
			return jsonval.Value{}, fail(false, "index needs a number, as in index(0)")
		}
		at = int(max(math.MinInt32, min(math.MaxInt32, numbers[0])))
	}
	switch n := v.Len() + at; {
	case at >= v.Len():
		message := fmt.Sprintf("Index %d out of bounds for length %d", at, v.Len())
		return jsonval.Value{}, &EvalError{Message: message, pastEnd: true}
	case at >= 0:
		return v.At(at), nil
	case n > 0:
		return v.At(n), nil
	}
	return jsonval.Value{}, fail(false, "Target index:%d larger than object count:%d", at, v.Len())
}
