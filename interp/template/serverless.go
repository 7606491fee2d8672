package template

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Services of the Serverless Framework whose machines the plugin
// serverless-step-functions deploys
// (https://www.serverless.com/plugins/serverless-step-functions) are read as the
// CloudFormation they become: its functions, activities and machines are
// resources beside those of resources.Resources. Variables such as
// ${self:custom.table} are not worked out: they stay placeholders.

// isServerless reports whether the file is a serverless.yml.
func (t *Template) isServerless() bool {
	return member(t.root, "stepFunctions") != nil || member(t.root, "Resources") == nil && member(t.root, "provider") != nil
}

// serverlessNames are the properties of a machine the plugin knows, and what
// CloudFormation calls them.
var serverlessNames = map[string]string{
	"definition": "Definition", "name": "StateMachineName", "type": "StateMachineType", "role": "RoleArn",
}

// indexServerless finds the resources of a serverless.yml.
func (t *Template) indexServerless() error {
	if err := t.indexResources(member(t.root, "resources", "Resources")); err != nil {
		return err
	}
	service := ""
	if n := member(t.root, "service"); n != nil {
		service = defaulted(n.Value) + "-dev-"
	}
	for k := range members(member(t.root, "functions")) {
		f := resource{id: k.Value, kind: "AWS::Lambda::Function", at: k, called: service + k.Value}
		t.add(&f)
		deployed := f
		deployed.id = logicalID(k.Value) + "LambdaFunction"
		t.add(&deployed)
	}
	if list := member(t.root, "stepFunctions", "activities"); list != nil {
		for _, n := range list.Content {
			n = deref(n)
			t.add(&resource{id: logicalID(n.Value) + "StepFunctionsActivity", kind: "AWS::StepFunctions::Activity", at: n, called: defaulted(n.Value)})
		}
	}
	for k, v := range members(member(t.root, "stepFunctions", "stateMachines")) {
		t.add(&resource{id: k.Value, kind: "AWS::StepFunctions::StateMachine", at: k, properties: deployedProperties(v)})
	}
	return nil
}

func (t *Template) add(r *resource) {
	if t.resources[r.id] == nil {
		t.ids = append(t.ids, r.id)
	}
	t.resources[r.id] = r
}

var (
	serverlessFile    = regexp.MustCompile(`^\$\{file\(([^(){}]+)\)\}$`)
	serverlessDefault = regexp.MustCompile(`\$\{[^{}]*,\s*'([^'{}]*)'\s*\}`)
)

// defaulted is a text with the defaults of its variables: test for
// ${opt:stage, 'test'}.
func defaulted(text string) string { return serverlessDefault.ReplaceAllString(text, "$1") }

// deployedProperties are the properties of a machine as CloudFormation has them.
func deployedProperties(n *yaml.Node) *yaml.Node {
	out := *deref(n)
	out.Content = nil
	for k, v := range members(n) {
		name := *k
		if name.Value = serverlessNames[k.Value]; name.Value == "" {
			continue
		}
		if v.Kind == yaml.ScalarNode {
			text := *v
			if m := serverlessFile.FindStringSubmatch(v.Value); m != nil && k.Value == "definition" {
				name.Value, text.Value = "DefinitionS3Location", m[1]
			} else {
				text.Value = defaulted(v.Value)
			}
			v = &text
		}
		out.Content = append(out.Content, &name, v)
	}
	return &out
}

// logicalID is how the framework writes a name in logical ids.
func logicalID(name string) string {
	name = strings.NewReplacer("-", "Dash", "_", "Underscore").Replace(name)
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
