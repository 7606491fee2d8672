package template

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"go.yaml.in/yaml/v4"
)

// Options say what a deployment would say. The zero value is fine.
type Options struct {
	Set       map[string]string // parameters and definition substitutions by name, also AWS::StackName; they win over the template's
	Region    string            // default us-east-1
	Account   string            // default 123456789012
	Partition string            // default: the region's, so mostly aws
	StackName string            // default: the name of the template's folder, else stack

	NoQuotas bool // AWS's quotas of definitions do not matter

	// Unfilled says that definitions are checked, not run: what depends on a
	// parameter without a value is left open, with a warning.
	Unfilled bool
}

// Template is one SAM or CloudFormation template.
type Template struct {
	File     string // as errors print it
	Source   string
	Machines []Machine // in source order, those with mistakes included

	fsys       fs.FS
	o          Options
	root       *yaml.Node
	parameters map[string]*yaml.Node
	resources  map[string]*resource
	ids        []string // of resources, in source order

	conditions map[string]bool   // those known so far
	texts      map[string]string // properties of resources known so far
	busy       map[string]bool   // what is being worked out, to notice circles
	used       map[string]bool   // names of Options.Set that meant something
	open       map[string]bool   // names of which Options.Unfilled leaves ${Name} as it is
}

// resource is one entry of Resources.
type resource struct {
	id         string
	kind       string     // its Type
	at         *yaml.Node // the logical id in the template
	properties *yaml.Node // nil: none
	condition  *yaml.Node // nil: none
	called     string     // its name, of resources SAM makes; "" otherwise
}

// Load reads the template name, a slash-separated path in fsys, and the
// definition files it names. An error means that no machine of the template
// can run; it is an [*Error] unless the template cannot be read at all. What is
// wrong with one machine only is told by [Template.Machine] and [Machine.Parse].
func Load(fsys fs.FS, name string, o Options) (*Template, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read template %s: %w", name, err)
	}
	t := &Template{
		File: name, Source: string(text), fsys: fsys, o: o.filled(name),
		parameters: map[string]*yaml.Node{}, resources: map[string]*resource{},
		conditions: map[string]bool{}, texts: map[string]string{}, busy: map[string]bool{}, used: map[string]bool{}, open: map[string]bool{},
	}
	if stack, given := t.set("AWS::StackName"); given {
		t.o.StackName = stack
	}
	if t.root, err = t.parse(); err != nil {
		return nil, err
	}
	if err := t.index(); err != nil {
		return nil, err
	}
	for _, id := range t.ids {
		if r := t.resources[id]; machineKinds[r.kind] != nil {
			t.Machines = append(t.Machines, t.machine(r))
		}
	}
	return t, t.checkSet()
}

// filled returns o with defaults where it says nothing.
func (o Options) filled(name string) Options {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "123456789012"
	}
	if o.Partition == "" {
		switch {
		case strings.HasPrefix(o.Region, "cn-"):
			o.Partition = "aws-cn"
		case strings.HasPrefix(o.Region, "us-gov-"):
			o.Partition = "aws-us-gov"
		default:
			o.Partition = "aws"
		}
	}
	if o.StackName == "" {
		folder := regexp.MustCompile(`[^0-9A-Za-z]+`).ReplaceAllString(path.Base(path.Dir(name)), "-")
		if o.StackName = strings.Trim(folder, "-"); o.StackName == "" {
			o.StackName = "stack"
		}
	}
	return o
}

// index finds the template's parameters and resources.
func (t *Template) index() error {
	if t.isServerless() {
		return t.indexServerless()
	}
	resources := member(t.root, "Resources")
	if resources == nil {
		return t.wrong(t.root, "", "this is no template: it has no Resources")
	}
	for k, v := range members(member(t.root, "Parameters")) {
		t.parameters[k.Value] = v
	}
	return t.indexResources(resources)
}

func (t *Template) indexResources(resources *yaml.Node) error {
	for k, v := range members(resources) {
		if first, twice := t.resources[k.Value]; twice {
			return t.wrong(k, "", "there are two resources %q; the other is in line %d", k.Value, first.at.Line)
		}
		if strings.HasPrefix(k.Value, "Fn::") {
			continue // Fn::ForEach and Fn::Transform make resources we cannot know
		}
		r := &resource{id: k.Value, at: k, properties: member(v, "Properties"), condition: member(v, "Condition")}
		if kind := member(v, "Type"); kind != nil {
			r.kind = kind.Value
		}
		t.add(r)
	}
	return nil
}

// checkSet reports an Options.Set that names nothing: most likely a slip. What
// a machine with mistakes would use is not known.
func (t *Template) checkSet() error {
	for _, name := range keys(t.o.Set) {
		known := keys(t.parameters)
		used := t.used[name] || t.parameters[name] != nil
		for i := range t.Machines {
			m := &t.Machines[i]
			used = used || m.err != nil || strings.Contains(m.Source, "${"+name+"}")
			known = append(known, keys(m.Substitutions)...)
		}
		if !used {
			return &Error{
				File: t.File, Message: fmt.Sprintf("--set %s: there is no parameter and no definition substitution of that name", name),
				Hint: asl.DidYouMean(name, known),
			}
		}
	}
	return nil
}

// IsTemplate takes a cheap look at a text: is it a template for [Load] (a
// serverless.yml included) rather than a definition?
func IsTemplate(text string) bool {
	top := topLevel(text)
	return (top["Resources"] || top["stepFunctions"]) && !top["StartAt"] && !top["States"]
}

var yamlKey = regexp.MustCompile(`(?m)^["']?(Resources|stepFunctions|StartAt|States)["']?[ \t]*:`)

// topLevel finds the names at the top of a JSON or YAML text, as far as it can
// be read.
func topLevel(text string) map[string]bool {
	names := map[string]bool{}
	if !strings.HasPrefix(strings.TrimLeft(text, "\ufeff \t\r\n"), "{") {
		for _, m := range yamlKey.FindAllStringSubmatch(text, -1) {
			names[m[1]] = true
		}
		return names
	}
	s := jsonval.Scanner{Src: strings.TrimPrefix(text, "\ufeff"), Relaxed: true}
	depth, last := 0, ""
	for {
		tok, err := s.Next()
		if err != nil || tok.Kind == jsonval.TokenEnd {
			return names
		}
		switch tok.Kind {
		case jsonval.TokenOpen:
			depth++
		case jsonval.TokenClose:
			depth--
		case jsonval.TokenString:
			last = tok.Text
		case jsonval.TokenColon:
			if depth == 1 {
				names[last] = true
			}
		}
	}
}

// keys are a map's keys, sorted.
func keys[V any](m map[string]V) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
