package cli

import (
	"fmt"
	"strings"

	"asldbg/interp/task/apigw"
)

// policies prints what lets the API Gateway calls of the machines through.
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
	for i, p := range policies {
		switch {
		case p.API != "":
			say("resource policy of the API %s, for the calls of %s with AuthType RESOURCE_POLICY: attach it to the API", p.API, m.name)
		case p.RoleARN == "*":
			say("policy of the roles that Credentials name when %s runs", m.name)
		case p.RoleARN != "":
			say("policy of the role %s, which %s names in Credentials", p.RoleARN, m.name)
		case len(p.Statements) > 0:
			say("policy of the execution role of %s, for its API Gateway calls", m.name)
		default:
			say("the execution role of %s needs no permission for API Gateway calls", m.name)
			if i == 0 && len(policies) > 1 {
				continue
			}
		}
		if _, err := fmt.Fprintln(io.out, clean(p.JSON().Indent())); err != nil {
			return err
		}
	}
	for _, n := range notes {
		say("state %q: %s", n.State, strings.Join(n.Notes, "; "))
	}
	if len(policies) > 1 || len(policies[0].Statements) > 0 {
		say("ARNs are of account %s; its other tasks need permissions of their own", o.account)
	}
	return nil
}
