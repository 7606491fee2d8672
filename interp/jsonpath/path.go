package jsonpath

import (
	"errors"
	"strings"

	"asldbg/interp/jsonval"
)

// Root says what a path starts from.
type Root uint8

// The roots.
const (
	Input    Root = iota // $
	Context              // $$, the context object
	Variable             // $name
)

// Env is what a path can reach.
type Env struct {
	Input    jsonval.Value
	Context  func() jsonval.Value            // made only when a path asks for it
	Variable func(name string) jsonval.Value // Undefined: not assigned
}

// Path is a compiled path; it can be used by several goroutines.
type Path struct {
	text     string
	root     Root
	name     string // of a Variable
	steps    []step
	place    jsonval.Path // of a reference path, the steps again
	isPlace  bool         // it is a reference path
	definite bool

	// literal is the path with the backslashes of its bracketed names kept, nil
	// where it has none. Jayway drops them, but AWS was seen to find the member
	// Test\""Name" by $['Test\""Name"'].
	literal *Path
}

// Compile reads a path; the error is a [*SyntaxError].
func Compile(expr string) (*Path, error) {
	path, err := compile(&parser{text: expr})
	if err == nil && strings.Contains(expr, `\`) {
		path.literal, _ = compile(&parser{text: expr, literal: true})
	}
	return path, err
}

func compile(p *parser) (*Path, error) {
	root, name, at, err := p.root()
	if err != nil {
		return nil, err
	}
	path, err := p.path(at, p.trimmedEnd(at))
	if err != nil {
		return nil, err
	}
	path.text, path.root, path.name = p.text, root, name
	return path, nil
}

// String is the path as written.
func (p *Path) String() string { return p.text }

// Root is what the path starts from.
func (p *Path) Root() Root { return p.root }

// Name is the variable's name without $; "" for the other roots.
func (p *Path) Name() string { return p.name }

// Definite reports whether the path finds one value or fails; an indefinite one
// (* .. [a:b] [a,b] [?()]) finds an array of any length.
func (p *Path) Definite() bool { return p.definite }

// Reference reports whether the path has only member names and single indexes
// that are not negative: an ASL Reference Path.
func (p *Path) Reference() bool { return p.isPlace }

// Steps is the place a reference path names, for [jsonval.Value.Set]; nil for
// other paths.
func (p *Path) Steps() jsonval.Path { return p.place }

// Normal is the path in Jayway's normal form, as its messages have it:
// $['a'][0][*]. It starts with $ whatever the root.
func (p *Path) Normal() string { return "$" + p.fragments(0) }

// Eval finds the path's value in env as ASL does: like [Path.Find], but an
// indefinite path that meets a missing member on its definite part gives []
// and no error, as AWS's service was seen to do for $.items[*] and
// $.items[1:] of {}. An index or slice of something that is no array stays an
// error. Names in brackets that are not found are looked for once more with
// their backslashes.
func (p *Path) Eval(env *Env) (jsonval.Value, error) {
	doc := env.Input
	switch p.root {
	case Context:
		doc = env.context()
	case Variable:
		if doc = env.variable(p.name); !doc.Exists() {
			return jsonval.Value{}, &NotFoundError{p.text, Unassigned, "variable $" + p.name + " has no value"}
		}
	}
	v, err := p.Find(doc)
	if err != nil && p.literal != nil {
		if w, err := p.literal.Find(doc); err == nil {
			return w, nil
		}
	}
	if err != nil && !p.definite {
		var miss *NotFoundError
		if errors.As(err, &miss) && miss.Reason == MissingProperty {
			return jsonval.EmptyArray, nil
		}
	}
	return v, err
}

func (e *Env) context() jsonval.Value {
	if e.Context == nil {
		return jsonval.Value{}
	}
	return e.Context()
}

func (e *Env) variable(name string) jsonval.Value {
	if e.Variable == nil {
		return jsonval.Value{}
	}
	return e.Variable(name)
}

// Find finds the path's value in doc, whatever the root, exactly as Jayway does
// in its default configuration: the value of a definite path, an array of an
// indefinite one. The error is a [*NotFoundError] or an [*EvalError].
func (p *Path) Find(doc jsonval.Value) (jsonval.Value, error) {
	if p.isPlace {
		if v := doc.Lookup(p.place); v.Exists() {
			return v, nil
		}
	}
	return p.search(doc)
}
