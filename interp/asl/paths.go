package asl

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
)

// path compiles the path n, nil with a finding where it is none.
func (a *analysis) path(n *Node) *jsonpath.Path {
	p := a.compilePath(n)
	if p != nil {
		a.reads(n, p)
	}
	return p
}

func (a *analysis) compilePath(n *Node) *jsonpath.Path {
	if !a.is(n, jsonval.String) || n.open {
		return nil
	}
	p, err := jsonpath.Compile(n.Value.Text())
	if err == nil {
		return p
	}
	d := Diagnostic{Code: "path-syntax", Message: fmt.Sprintf("%s is not a JSONPath: %s", n.name(), err)}
	at := n.Start
	var bad *jsonpath.SyntaxError
	if errors.As(err, &bad) {
		at = a.inText(n, bad.Offset)
		d.Message = fmt.Sprintf("%s is not a JSONPath: %s", n.name(), bad.Message)
	}
	switch text := n.Value.Text(); {
	case strings.HasPrefix(text, "States."):
		d.Hint = "intrinsic functions belong into Parameters, ResultSelector, ItemSelector and Assign"
	case strings.HasPrefix(text, "{%"):
		d.Hint = `JSONata needs "QueryLanguage": "JSONata"`
	case text != "" && text[0] != '$':
		d.Hint = fmt.Sprintf("did you mean %q?", "$."+text)
	}
	a.refuseAt(n, at, d)
	return nil
}

// referencePath compiles a path to read from, which must name one single place.
func (a *analysis) referencePath(n *Node) *jsonpath.Path {
	p := a.place(n)
	if p != nil {
		a.reads(n, p)
	}
	return p
}

// place compiles a path that must name one single place.
func (a *analysis) place(n *Node) *jsonpath.Path {
	p := a.compilePath(n)
	if p == nil || p.Reference() {
		return p
	}
	a.refuse(n, Diagnostic{
		Code:    "path-reference",
		Message: fmt.Sprintf("%s must be a reference path, which names one place: %q does not", n.name(), n.Value.Text()),
		Hint:    "leave out * .. : , ? and @",
	})
	return nil
}

// pathField is InputPath or OutputPath.
func (a *analysis) pathField(n *Node) *PathField {
	if n.Value.Is(jsonval.Null) {
		return &PathField{Node: n, Null: true}
	}
	return &PathField{Node: n, Path: a.path(n)}
}

// itemsPath is ItemsPath, which cannot be null.
func (a *analysis) itemsPath(n *Node) *PathField {
	return &PathField{Node: n, Path: a.referencePath(n)}
}

// resultPath is a ResultPath: where to write, so neither the context object
// nor a variable.
func (a *analysis) resultPath(n *Node) *PathField {
	if n.Value.Is(jsonval.Null) {
		return &PathField{Node: n, Null: true}
	}
	f := &PathField{Node: n, Path: a.place(n)}
	if f.Path == nil || f.Path.Root() == jsonpath.Input {
		return f
	}
	d := Diagnostic{Code: "path-root", Message: "ResultPath cannot write into the context object", Hint: "start it with $ alone"}
	if f.Path.Root() == jsonpath.Variable {
		d.Message = fmt.Sprintf("ResultPath cannot write the variable $%s", f.Path.Name())
		d.Hint = "variables are set with Assign"
	}
	a.refuse(n, d)
	f.Path = nil
	return f
}
