package cli

import (
	"io"
	"os"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/task/mock"
	"asldbg/interp/template"
	"asldbg/sessions"
	"asldbg/sessions/journal"
)

// otherMachine is a machine besides the one that is executed: tasks may start it.
type otherMachine struct {
	*machineFile
	arn      string // "": known by its name
	anyType  bool   // nothing says whether it is a Standard or an Express one
	required bool   // the command line names it: what is wrong with it is wrong usage
}

// otherMachines are those --machine and further FILEs name, then those of the
// template m stands in.
func (o *runOptions) otherMachines(in io.Reader, m *machineFile) ([]otherMachine, error) {
	var all []otherMachine
	for _, s := range o.machines {
		key, path, ok := strings.Cut(s, "=")
		if !ok || key == "" || path == "" {
			return nil, usage("--machine %s: write it as --machine ARN=FILE or --machine NAME=FILE", s)
		}
		found, err := o.loadOthers(in, path)
		switch {
		case err != nil:
			return nil, err
		case len(found) > 1:
			return nil, usage("--machine %s: there are %d state machines in it; name one: %s#Name", s, len(found), path)
		}
		if found[0].name = key; strings.HasPrefix(key, "arn:") {
			part := strings.Split(key, ":")
			if len(part) < 7 || part[5] != "stateMachine" {
				return nil, usage("--machine %s: that is not the ARN of a state machine: arn:aws:states:REGION:ACCOUNT:stateMachine:NAME", s)
			}
			found[0].arn, found[0].name = strings.Join(part[:7], ":"), part[6]
		}
		all = append(all, found[0])
	}
	for _, path := range o.more {
		found, err := o.loadOthers(in, path)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	for _, s := range m.siblings {
		all = append(all, otherMachine{machineFile: s, arn: s.arn})
	}
	return all, nil
}

// loadOthers reads the machines of a FILE: of a template all it deploys.
func (o *runOptions) loadOthers(in io.Reader, path string) ([]otherMachine, error) {
	if path == "-" {
		return nil, usage("only the first FILE can be stdin")
	}
	src, err := readSource(in, path)
	if err != nil {
		return nil, usage("cannot read the definition: %w", plainPathError(err))
	}
	if !template.IsTemplate(src.text) {
		m := o.parseAs(src, nil, false)
		m.name = arnName(m.name)
		return []otherMachine{{machineFile: m, anyType: true, required: true}}, nil
	}
	t, err := src.template(o, false)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	machines := t.Deployed()
	if src.machine != "" || len(machines) == 0 {
		m, err := t.Machine(src.machine)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		machines = []*template.Machine{m}
	}
	var all []otherMachine
	for _, m := range machines {
		all = append(all, otherMachine{machineFile: o.parseMachineAs(src, m, m.Express), required: true})
	}
	return all, nil
}

// known are the other machines, ready to run.
func (o *runOptions) known(others []otherMachine) ([]sessions.Known, error) {
	var all []sessions.Known
	for _, m := range others {
		k := sessions.Known{
			ARN: m.arn, Name: m.name, RoleARN: m.roleARN, Express: m.express, AnyType: m.anyType,
			Definition:    journal.Definition{Name: m.file.Name, Text: m.file.Source},
			Substitutions: m.substitutions,
		}
		if m.text != "" {
			k.Definition.Text, k.Definition.Name = m.text, m.textName
		}
		if m.file.Root != nil {
			k.Definition.Tree = m.file.Root.Value
		}
		var err error
		switch k.Machine, err = m.compile(); {
		case err != nil && m.required:
			return nil, err
		case err != nil:
			k.Machine, k.Problem = nil, err.Error()
		}
		all = append(all, k)
	}
	return all, nil
}

// readMocks reads --mocks for m, which is nil where there are none, and for the
// machines its tasks may start.
func (o *runOptions) readMocks(m *machineFile, known []sessions.Known) (*mock.Mocks, error) {
	if o.mocks == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.mocks)
	if err != nil {
		return nil, usage("cannot read the mocks: %w", plainPathError(err))
	}
	mocks, err := mock.Parse(o.mocks, string(text), m.name, o.testCase)
	if err != nil {
		return nil, usage("%w", err)
	}
	answered := []*asl.StateMachine{m.file.Machine}
	for i := range known {
		k := &known[i]
		if k.Machine == nil {
			continue
		}
		if mocks.AnyMachine() {
			k.Mocks = mocks
			answered = append(answered, k.Machine.File().Machine)
			continue
		}
		if k.Mocks, err = mock.ParseOther(o.mocks, string(text), k.Name, o.testCase); err == nil && k.Mocks != nil {
			err = k.Mocks.Check(k.Machine.File().Machine)
		}
		if err != nil {
			return nil, usage("%w", err)
		}
	}
	if err := mocks.Check(answered...); err != nil {
		return nil, usage("%w", err)
	}
	return mocks, nil
}

// recordedMachines are those the tasks of a recorded session have started.
func recordedMachines(f *journal.File) ([]sessions.Known, error) {
	var known []sessions.Known
	for _, m := range f.Machines {
		file, found := asl.Parse(m.Name, m.Text, asl.Options{Substitutions: m.Substitutions, Express: m.Express, NoQuotas: f.Header.Start.NoQuotas})
		if err := found.Err(); err != nil {
			return nil, usage("%s: the definition of %s in it is not valid:\n%w", f.Path, m.ARN, err)
		}
		machine, err := interp.Compile(file, checks...)
		if err != nil {
			return nil, err
		}
		known = append(known, sessions.Known{
			ARN: m.ARN, Machine: machine, RoleARN: m.RoleARN, Express: m.Express,
			Definition: m.Definition, Substitutions: m.Substitutions,
		})
	}
	return known, nil
}
