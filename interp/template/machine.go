package template

import (
	"errors"
	"fmt"
	"strings"

	"asldbg/interp/asl"

	"go.yaml.in/yaml/v4"
)

// Machine is one state machine of a template.
type Machine struct {
	ID            string // its logical id
	Name          string // as it would be deployed; the logical id where the template gives none
	ARN           string
	RoleARN       string // the role it would run with; made up where it cannot be known
	Express       bool
	Line, Column  int               // of the logical id in the template
	File          string            // where the definition stands, as diagnostics print it
	Source        string            // the text of File
	Root          *asl.Node         // of an inline Definition: its tree, placeholders not filled in; nil otherwise
	Substitutions map[string]string // what ${Name} in the definition becomes

	template string                    // the template's name
	text     string                    // what to parse where Root is nil: Source, or Source with blanks around the definition
	tree     func() (*asl.Node, error) // makes Root
	absent   string                    // the condition that keeps it from being deployed, "" for none
	err      *Error                    // why it cannot run
	open     func(name string) bool    // whether the template leaves ${name} open
	noQuotas bool
}

// machineKind says which properties of a type hold what.
type machineKind struct{ name, kind, role, text, file string }

var machineKinds = map[string]*machineKind{
	"AWS::Serverless::StateMachine":    {name: "Name", kind: "Type", role: "Role", file: "DefinitionUri"},
	"AWS::StepFunctions::StateMachine": {name: "StateMachineName", kind: "StateMachineType", role: "RoleArn", text: "DefinitionString", file: "DefinitionS3Location"},
}

// Machine finds a machine by its logical id or its name; "" is the only one
// there is. Its error is an [*Error]: there is no such machine, or it has
// mistakes of its own.
func (t *Template) Machine(name string) (*Machine, error) {
	var known []string
	for i := range t.Machines {
		m := &t.Machines[i]
		if m.ID == name || m.Name == name && name != "" {
			return m, m.wrong()
		}
		known = append(known, m.ID)
	}
	deployed := t.Deployed()
	switch {
	case len(known) == 0 && t.isServerless():
		return nil, t.wrong(t.root, "", "there is no state machine in this service: stepFunctions.stateMachines has none")
	case len(known) == 0:
		return nil, t.wrong(t.root, "", "there is no state machine in this template: no resource is an %s", strings.Join(keys(machineKinds), " or "))
	case name != "":
		hint := "there is " + strings.Join(known, ", ")
		if guess := asl.DidYouMean(name, known); guess != "" {
			hint += "; " + guess
		}
		return nil, t.wrong(t.root, hint, "there is no state machine %q", name)
	case deployed[0].absent != "", len(deployed) == 1:
		return deployed[0], deployed[0].wrong()
	}
	known = nil
	for _, m := range deployed {
		known = append(known, t.File+"#"+m.ID)
	}
	return nil, &Error{
		File: t.File, Line: deployed[0].Line, Column: deployed[0].Column,
		Message: fmt.Sprintf("there are %d state machines in this template", len(deployed)),
		Hint:    "choose one: " + strings.Join(known, ", "),
	}
}

// Deployed are the machines a deployment would make, those with mistakes
// included; all machines where their conditions leave none.
func (t *Template) Deployed() []*Machine {
	var deployed, all []*Machine
	for i := range t.Machines {
		m := &t.Machines[i]
		all = append(all, m)
		if m.absent == "" {
			deployed = append(deployed, m)
		}
	}
	if deployed == nil {
		return all
	}
	return deployed
}

// wrong is why m cannot run, as an error.
func (m *Machine) wrong() error {
	switch {
	case m.absent != "":
		return &Error{
			File: m.template, Line: m.Line, Column: m.Column,
			Message: fmt.Sprintf("the state machine %q is not deployed: its condition %q is false", m.ID, m.absent),
			Hint:    "change the parameters it depends on with --set NAME=VALUE",
		}
	case m.err != nil:
		return m.err
	}
	return nil
}

// Parse reads and checks the definition. What is wrong with the machine in the
// template is a finding too, the only one.
func (m *Machine) Parse() (*asl.File, asl.Diagnostics) {
	if err := m.wrong(); err != nil {
		var e *Error
		errors.As(err, &e)
		return &asl.File{Name: m.File, Source: m.Source}, asl.Diagnostics{{
			File: e.File, Line: e.Line, Column: e.Column, EndLine: e.Line, EndColumn: e.Column, Code: "template", Message: e.Message, Hint: e.Hint,
		}}
	}
	o := asl.Options{Substitutions: m.Substitutions, Express: m.Express, Unfilled: m.open, NoQuotas: m.noQuotas}
	if m.Root != nil {
		root, err := m.tree() // Analyze changes it
		if err != nil {
			panic("template: a tree that could be made cannot be made again: " + err.Error())
		}
		return asl.Analyze(m.File, m.Source, root, o)
	}
	f, ds := asl.Parse(m.File, m.text, o)
	f.Source = m.Source // the text had blanks around the definition, if anything
	return f, ds
}

// machine works out one machine; what goes wrong is kept in it.
func (t *Template) machine(r *resource) Machine {
	m := Machine{
		ID: r.id, Name: r.id, Line: r.at.Line, Column: r.at.Column,
		File: t.File, Source: t.Source, template: t.File,
		Substitutions: map[string]string{}, open: func(name string) bool { return t.open[name] || t.o.Unfilled && t.isServerless() }, noQuotas: t.o.NoQuotas,
	}
	if err := t.complete(&m, r); err != nil && !errors.As(err, &m.err) {
		m.err = t.wrong(r.at, "", "%s", err)
	}
	return m
}

// complete fills m in from its resource.
func (t *Template) complete(m *Machine, r *resource) error {
	kind := machineKinds[r.kind]
	declared := member(r.properties, "DefinitionSubstitutions")
	for k := range members(declared) {
		t.set(k.Value)
	}
	if r.condition != nil {
		deployed, err := t.named(r.condition)
		if err != nil {
			return err
		}
		if !deployed {
			m.absent = r.condition.Value
			return nil
		}
	}
	var err error
	if m.Name, err = t.name(r, r.at); err != nil {
		return err
	}
	if m.ARN, err = t.expand(t.physical(r).arn, r, r.at); err != nil {
		return err
	}
	if n := member(r.properties, kind.kind); n != nil {
		express, err := t.evalText(n)
		if err != nil {
			return err
		}
		m.Express = express == "EXPRESS"
	}
	if m.RoleARN, err = t.role(r, kind); err != nil {
		return err
	}
	if err := t.substitutions(m, declared); err != nil {
		return err
	}
	return t.definition(m, r, kind)
}

// role is the ARN of a machine's role. Nothing here depends on it, so it is
// made up where only --set could tell.
func (t *Template) role(r *resource, kind *machineKind) (string, error) {
	if n := member(r.properties, kind.role); n != nil {
		s, err := t.evalText(n)
		if !needsSet(err) {
			return s, err
		}
	}
	role := &resource{kind: "AWS::IAM::Role", called: r.id + "Role"}
	return t.expand(t.physical(role).arn, role, r.at)
}

// needsSet reports whether err is only about what --set would say.
func needsSet(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.unset
}

// substitutions fills in m's DefinitionSubstitutions. Options.Set wins, and
// also gives values to names the template does not declare.
func (t *Template) substitutions(m *Machine, n *yaml.Node) error {
	for name, value := range t.o.Set {
		m.Substitutions[name] = value
	}
	if n == nil {
		return nil
	}
	n, err := t.taken(n)
	if err != nil {
		return err
	}
	name, arg, computed := function(n)
	if computed {
		if v, err := t.call(name, deref(arg), n); err != nil || !v.Exists() {
			return err
		}
	}
	if computed || n.Kind != yaml.MappingNode {
		return t.wrong(n, "", "DefinitionSubstitutions must be a mapping of names to values")
	}
	for k, v := range members(n) {
		if _, given := t.set(k.Value); given {
			continue
		}
		x, err := t.eval(v)
		if err != nil {
			return err
		}
		if !x.Exists() {
			continue
		}
		text, err := t.text(v, x)
		if err != nil {
			return err
		}
		if t.isOpen(text) {
			t.open[k.Value] = true
			continue
		}
		m.Substitutions[k.Value] = text
	}
	return nil
}
