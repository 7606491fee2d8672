package template

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

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
	Root          *asl.Node         // of an inline Definition: its tree; nil otherwise
	Substitutions map[string]string // what ${Name} in the definition becomes

	template string          // the template's name
	text     string          // what to parse where Root is nil: Source, or Source with blanks around the definition
	declares map[string]bool // the names of its DefinitionSubstitutions
	absent   string          // the condition that keeps it from being deployed, "" for none
	err      *Error          // why it cannot run
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
	var deployed []*Machine
	var known []string
	for i := range t.Machines {
		m := &t.Machines[i]
		if m.ID == name || m.Name == name && name != "" {
			return m, m.wrong()
		}
		if m.absent == "" {
			deployed = append(deployed, m)
		}
		known = append(known, m.ID)
	}
	switch {
	case len(known) == 0:
		return nil, t.wrong(t.root, "", "there is no state machine in this template: no resource is an %s", strings.Join(keys(machineKinds), " or "))
	case name != "":
		hint := "there is " + strings.Join(known, ", ")
		if guess := meant(name, known); guess != "" {
			hint += "; " + guess
		}
		return nil, t.wrong(t.root, hint, "there is no state machine %q", name)
	case len(deployed) == 0:
		return &t.Machines[0], t.Machines[0].wrong()
	case len(deployed) == 1:
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
			File: e.File, Line: e.Line, Column: e.Column, Code: "template", Message: e.Message, Hint: e.Hint,
		}}
	}
	o := asl.Options{Substitutions: m.Substitutions, Express: m.Express}
	if m.Root != nil {
		return asl.Analyze(m.File, m.Source, m.Root, o)
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
		Substitutions: map[string]string{}, declares: map[string]bool{},
	}
	if err := t.complete(&m, r); err != nil && !errors.As(err, &m.err) {
		m.err = t.wrong(r.at, "", "%s", err)
	}
	return m
}

// complete fills m in from its resource.
func (t *Template) complete(m *Machine, r *resource) error {
	kind := machineKinds[r.kind]
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
	if err := t.substitutions(m, member(r.properties, "DefinitionSubstitutions")); err != nil {
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
	for k, v := range members(n) {
		m.declares[k.Value] = true
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
		if m.Substitutions[k.Value], err = t.text(v, x); err != nil {
			return err
		}
	}
	for name, value := range t.o.Set {
		m.Substitutions[name] = value
	}
	return nil
}

// definition finds m's definition.
func (t *Template) definition(m *Machine, r *resource, kind *machineKind) error {
	if n := member(r.properties, "Definition"); n != nil {
		return t.inline(m, n)
	}
	if kind.text != "" {
		if n := member(r.properties, kind.text); n != nil {
			return t.definitionText(m, n, kind)
		}
	}
	if n := member(r.properties, kind.file); n != nil {
		return t.definitionFile(m, n, kind)
	}
	ways := []string{"Definition", kind.file}
	if kind.text != "" {
		ways = append(ways, kind.text)
	}
	hint := ""
	if transform := member(r.properties, "Fn::Transform"); transform != nil {
		hint = "Fn::Transform cannot be run here"
	}
	return t.wrong(r.at, hint, "the state machine %q has no definition: one of %s is needed", r.id, strings.Join(ways, ", "))
}

// inline takes a Definition that stands in the template as an object.
func (t *Template) inline(m *Machine, n *yaml.Node) error {
	values := map[*yaml.Node]jsonval.Value{}
	settled, err := t.settle(n, values)
	if err != nil {
		return err
	}
	if settled == nil {
		return t.wrong(n, "", "the Definition is AWS::NoValue")
	}
	if settled.Kind == yaml.ScalarNode {
		return t.wrong(n, "", "the Definition must be an object; for a file use DefinitionUri, for a text DefinitionString")
	}
	m.Root, err = asl.TreeFromYAML(t.Source, settled, func(n *yaml.Node) (jsonval.Value, bool) {
		v, ok := values[n]
		return v, ok
	})
	var bad *asl.SyntaxError
	if errors.As(err, &bad) {
		e := &Error{File: t.File, Message: bad.Message, Hint: bad.Hint}
		e.Line, e.Column = position(t.Source, bad.Offset)
		return e
	}
	return err
}

// position is the line and column of an offset, both from 1.
func position(text string, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
}

// settle returns n without what AWS::NoValue removes and with the branches
// Fn::If takes, so that these keep their own places in the template. The values
// of the other functions are put into values. It is nil for AWS::NoValue.
func (t *Template) settle(n *yaml.Node, values map[*yaml.Node]jsonval.Value) (*yaml.Node, error) {
	if n.Kind == yaml.AliasNode {
		return t.settle(n.Alias, values)
	}
	if name, arg, ok := function(n); ok {
		if name == "Fn::If" {
			taken, err := t.branch(deref(arg), n)
			if err != nil {
				return nil, err
			}
			return t.settle(taken, values)
		}
		v, err := t.call(name, deref(arg), n)
		if err != nil || !v.Exists() {
			return nil, err
		}
		values[n] = v
		return n, nil
	}
	if n.Kind == yaml.ScalarNode {
		return n, nil
	}
	settled, width := *n, 1
	settled.Content = nil
	if n.Kind == yaml.MappingNode {
		width = 2
	}
	for i := width - 1; i < len(n.Content); i += width {
		v, err := t.settle(n.Content[i], values)
		if err != nil {
			return nil, err
		}
		if v == nil {
			continue
		}
		if width == 2 {
			settled.Content = append(settled.Content, n.Content[i-1])
		}
		settled.Content = append(settled.Content, v)
	}
	return &settled, nil
}

// definitionText takes a definition that is a text.
func (t *Template) definitionText(m *Machine, n *yaml.Node, kind *machineKind) error {
	name, arg, computed := function(n)
	text := n
	var values map[string]string
	if name == "Fn::Sub" {
		var err error
		if text, values, err = t.subValues(deref(arg), n); err != nil {
			return err
		}
	}
	if !computed || name == "Fn::Sub" {
		if alone, ok := blankAround(t.Source, text); ok && substitutable(values) {
			m.text = alone
			for name, value := range values {
				m.Substitutions[name] = value
			}
			return nil
		}
	}
	v, err := t.eval(n)
	if err != nil {
		return err
	}
	if v.Is(jsonval.Object) {
		return t.wrong(n, "call it Definition", "%s must be a text, not an object", kind.text)
	}
	s, err := t.text(n, v)
	if err != nil {
		return err
	}
	m.File, m.Source, m.text = t.File+"#"+m.ID, s, s
	return nil
}

// substitutable reports whether asl can fill in all these placeholders of an
// Fn::Sub: not ${!Kept}, and not what DefinitionSubstitutions would replace
// once more.
func substitutable(values map[string]string) bool {
	for name, value := range values {
		if strings.ContainsAny(name, "! ") || strings.Contains(value, "${") {
			return false
		}
	}
	return true
}

// blankAround is source with blanks for all but the text of n, if that stands
// there word for word. Every character keeps its line and column, and JSON and
// YAML do not mind the blanks.
func blankAround(source string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		return "", false
	}
	lines := strings.SplitAfter(source, "\n")
	first, texts := n.Line-1, []string{n.Value}
	if n.Style&yaml.LiteralStyle != 0 {
		first, texts = n.Line, strings.Split(strings.TrimRight(n.Value, "\n"), "\n")
	}
	if first+len(texts) > len(lines) {
		return "", false
	}
	for i, text := range texts {
		line := strings.TrimRight(lines[first+i], "\r\n")
		at := len(line) - len(text)
		if n.Style&yaml.LiteralStyle == 0 {
			at = strings.LastIndex(line, text)
		}
		if at < 0 || line[at:at+len(text)] != text || n.Style&yaml.LiteralStyle != 0 && strings.TrimSpace(line[:at]) != "" {
			if strings.TrimSpace(line+text) != "" {
				return "", false
			}
			at, text = 0, ""
		}
		lines[first+i] = blank(lines[first+i][:at]) + text + blank(lines[first+i][at+len(text):])
	}
	for i := range lines {
		if i < first || i >= first+len(texts) {
			lines[i] = blank(lines[i])
		}
	}
	return strings.Join(lines, ""), true
}

// blank is s with a blank for every byte that does not end a line.
func blank(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
	return string(b)
}

// definitionFile reads the definition from the file the template names.
func (t *Template) definitionFile(m *Machine, n *yaml.Node, kind *machineKind) error {
	v, err := t.eval(n)
	if err != nil {
		return err
	}
	var tries []string
	if v.Is(jsonval.Object) {
		// The CDK keeps what it uploads beside the template.
		tries = append(tries, "asset."+path.Base(v.Get("Key").Text()), v.Get("Key").Text())
	} else {
		uri, err := t.text(n, v)
		if err != nil {
			return err
		}
		tries = append(tries, uri)
	}
	for _, uri := range tries {
		if uri == "" || strings.HasPrefix(uri, "s3://") {
			continue
		}
		file := path.Join(path.Dir(t.File), uri)
		text, err := fs.ReadFile(t.fsys, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return t.wrong(n, "", "%s: %v", kind.file, err)
		}
		m.File, m.Source, m.text = file, string(text), string(text)
		return nil
	}
	if v.Is(jsonval.Object) || strings.HasPrefix(tries[0], "s3://") {
		return t.wrong(n, "download it and name the local file here", "%s is in S3, where we do not look", kind.file)
	}
	return t.wrong(n, t.similarFile(tries[0]), "%s %q: there is no such file", kind.file, tries[0])
}

// similarFile is the hint that a file near a missing one was meant.
func (t *Template) similarFile(uri string) string {
	folder := path.Join(path.Dir(t.File), path.Dir(uri))
	entries, err := fs.ReadDir(t.fsys, folder)
	if err != nil {
		return fmt.Sprintf("there is no folder %q either", path.Dir(uri))
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if guess := meant(path.Base(uri), names); guess != "" {
		return guess
	}
	names = slices.DeleteFunc(names, func(s string) bool { return !strings.Contains(s, "asl") && !strings.HasSuffix(s, ".json") })
	if len(names) == 0 || len(names) > 8 {
		return ""
	}
	return "there is " + strings.Join(names, ", ")
}
