package cli

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/httptask"
)

// policies prints what lets the API calls of the machines through.
func (o *runOptions) policies(io streams, r *checkReport) error {
	if r.errors > 0 {
		r.style = o.outputTheme(io.err)
		if err := writeText(streams{out: io.err, err: io.err}, r); err != nil {
			return err
		}
		return usage("a policy can be told only of definitions without errors")
	}
	for _, d := range r.found {
		if d.Code == "definition-substitution" {
			fmt.Fprintln(io.err, clean(d.String()))
		}
	}
	for _, m := range r.machines {
		if err := o.policiesOf(io, m); err != nil {
			return err
		}
	}
	return nil
}

func (o *runOptions) policiesOf(io streams, m *machineFile) error {
	say := func(format string, args ...any) { fmt.Fprintln(io.err, "# "+clean(fmt.Sprintf(format, args...))) }
	policies, notes := apigw.Policies(m.file.Machine, o.machineARN(m))
	var http []jsonval.Value // the HTTP tasks': the execution role has them, too
	for s := range m.file.Machine.All() {
		if a, ok := httptask.StateAccess(s, o.machineARN(m)); ok {
			for _, statement := range a.Statements {
				if !slices.ContainsFunc(http, func(v jsonval.Value) bool { return jsonval.Equal(v, statement) }) {
					http = append(http, statement)
				}
			}
			if len(a.Notes) > 0 {
				notes = append(notes, apigw.StateNotes{State: s.Name, Notes: a.Notes})
			}
		}
	}
	for i, p := range policies {
		var more []jsonval.Value
		if p.API == "" && p.RoleARN == "" {
			more = http
		}
		switch {
		case p.API != "":
			say("resource policy of the API %s, for the calls of %s with AuthType RESOURCE_POLICY: attach it to the API", p.API, m.name)
		case p.RoleARN == "*":
			say("policy of the roles that Credentials name when %s runs", m.name)
		case p.RoleARN != "":
			say("policy of the role %s, which %s names in Credentials", p.RoleARN, m.name)
		case len(p.Statements)+len(more) > 0:
			say("policy of the execution role of %s, for its API calls", m.name)
		default:
			say("the execution role of %s needs no permission for API calls", m.name)
			if i == 0 && len(policies) > 1 {
				continue
			}
		}
		if _, err := fmt.Fprintln(io.out, clean(p.JSON(more...).Indent())); err != nil {
			return err
		}
	}
	for _, n := range notes {
		say("state %q: %s", n.State, strings.Join(n.Notes, "; "))
	}
	if len(policies) > 1 || len(policies[0].Statements)+len(http) > 0 {
		say("ARNs are of account %s; its other tasks need permissions of their own", o.account)
	}
	return nil
}
