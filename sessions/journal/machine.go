package journal

import "asldbg/interp/jsonval"

// Machine is another definition than the header's: of a machine that a task has
// started. It stands before the first input that starts it.
type Machine struct {
	ARN     string // as the inputs name it
	RoleARN string
	Express bool
	Definition
	Substitutions map[string]string
}

// Machine records a definition that an input will name, once.
func (w *Writer) Machine(m Machine) {
	if w.machines[m.ARN] {
		return
	}
	if w.machines == nil {
		w.machines = make(map[string]bool)
	}
	w.machines[m.ARN] = true
	w.secrets.look(m.Tree)
	for _, s := range m.Substitutions {
		w.secrets.look(jsonval.OfString(s))
	}
	line := append(w.line[:0], '{')
	line = member(line, "machine", jsonval.OfString(m.ARN))
	line = member(line, "roleArn", jsonval.OfString(m.RoleARN))
	line = member(line, "express", jsonval.OfBool(m.Express))
	line = member(line, "definition", m.value(&w.secrets))
	if substitutions := w.secrets.texts(m.Substitutions); substitutions.Len() > 0 {
		line = member(line, "substitutions", substitutions)
	}
	w.line = append(line, "}\n"...)
	w.write(w.line)
}

// value is a definition as a file holds it.
func (d *Definition) value(r *redactor) jsonval.Value {
	return jsonval.ObjectOf(
		jsonval.Member{Key: "name", Value: jsonval.OfString(d.Name)},
		jsonval.Member{Key: "machine", Value: jsonval.OfString(d.Machine)},
		jsonval.Member{Key: "text", Value: jsonval.OfString(r.text(d.Text))},
	)
}

// machine reads the line of a definition.
func (r *reader) machine(p *parts) {
	definition := parts{v: p.object("definition")}
	r.file.Machines = append(r.file.Machines, Machine{
		ARN: p.text("machine"), RoleARN: p.text("roleArn"), Express: p.bool("express"),
		Definition:    Definition{Name: definition.text("name"), Machine: definition.text("machine"), Text: definition.text("text")},
		Substitutions: p.texts("substitutions"),
	})
	if p.err == nil {
		p.err = definition.err
	}
}

// roleOf is the role that is recorded of a machine an input starts.
func (r *reader) roleOf(p *parts, arn string) string {
	for i := range r.file.Machines {
		if m := &r.file.Machines[i]; m.ARN == arn {
			return m.RoleARN
		}
	}
	if s := r.file.Header.Start; s.StateMachineARN == arn {
		return s.RoleARN
	}
	p.fail("it starts %s, of which there is no definition before", arn)
	return ""
}
