package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"asldbg/interp/asl"
	"asldbg/interp/template"
	"asldbg/tui/theme"
)

func newCheck(io streams) *cobra.Command {
	o := &runOptions{color: "auto"}
	format, policy := "text", false
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "Say what is wrong with definitions, with line, column and a way out",
		Long: `Check prints every finding in the given definitions or templates, one a line:

  order.asl.json:14:9: state "Charge": Next is "Shipp", which is not a state; did you mean "Ship"?  [next-unknown]

All FILEs are checked, and of a template all state machines it deploys;
FILE#Name picks one, - is stdin. A placeholder ${Name} that nothing fills in is
named; what depends on it is not judged. Check exits with 2 when there is an
error; warnings alone leave 0. docs/check.md explains the formats and the codes.

With --policy it prints the IAM policy that lets the machine's API Gateway calls
through, one JSON document on stdout: for the execution role, or for the API
where AuthType is RESOURCE_POLICY. Several documents follow one another, each
announced on stderr, where you also read what became * because it is known only
when the machine runs.`,
		Example: `  asldbg check order.asl.json template.yaml
  asldbg check --format sarif statemachines/*.json > asldbg.sarif
  asldbg check --format github template.yaml#Order
  asldbg check --policy --account 111122223333 template.yaml > policy.json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("asldbg check needs a FILE: ASL, or a SAM or CloudFormation template")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(c); err != nil {
				return err
			}
			write := reportFormats[format]
			switch {
			case write == nil:
				return usage("--format %s: it is text, json, sarif or github", format)
			case policy && c.Flags().Changed("format"):
				return usage("--policy prints policies, which are JSON; it does not go with --format")
			case stdins(args) > 1:
				return usage("- is given %d times: stdin can be read only once", stdins(args))
			}
			var r checkReport
			for _, arg := range args {
				r.add(o.checkFile(io.in, arg))
			}
			if policy {
				return o.policies(io, &r)
			}
			r.style = o.outputTheme(io.out)
			if err := write(io, &r); err != nil {
				return err
			}
			if r.errors > 0 {
				return &exitError{code: exitUsage}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "`FORMAT` of the findings: text, json, sarif (for code scanning) or github (workflow commands)")
	f.BoolVar(&policy, "policy", false, "print the IAM statements the machines' API Gateway calls need")
	f.StringArrayVar(&o.set, "set", nil, "template parameter or definition substitution: `NAME=VALUE`; repeatable")
	f.StringVar(&o.kind, "type", "", "check for this `TYPE`: STANDARD or EXPRESS")
	f.StringVar(&o.region, "region", "us-east-1", "AWS `REGION` of the machines")
	f.StringVar(&o.account, "account", "123456789012", "AWS `ACCOUNT` of the machines")
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colour: auto, always, never")
	f.BoolVar(&o.noQuotas, "no-quotas", false, "do not enforce AWS's quotas of definitions")
	return c
}

func stdins(args []string) (n int) {
	for _, a := range args {
		if a == "-" {
			n++
		}
	}
	return n
}

// checkReport is what check found in all files.
type checkReport struct {
	machines         []*machineFile
	found            asl.Diagnostics // without mere consequences
	errors, warnings int
	style            *theme.Theme // nil: no escape sequences
}

// add takes over what was found in one file. Two machines that share a
// definition file share its findings, too.
func (r *checkReport) add(machines []*machineFile, found asl.Diagnostics) {
	r.machines = append(r.machines, machines...)
	for _, d := range found {
		if d.Consequence || slices.Contains(r.found, d) {
			continue
		}
		r.found = append(r.found, d)
		if d.Severity == asl.Error {
			r.errors++
		} else {
			r.warnings++
		}
	}
}

// checkFile checks FILE, or FILE#Name. What keeps it from being read is a
// finding, too.
func (o *runOptions) checkFile(in io.Reader, arg string) ([]*machineFile, asl.Diagnostics) {
	src, err := readSource(in, arg)
	if err != nil {
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			arg, err = pe.Path, pe.Err
		}
		return nil, asl.Diagnostics{{File: arg, Code: "file-unreadable", Message: fmt.Sprintf("cannot be read: %s", err)}}
	}
	if !template.IsTemplate(src.text) {
		m := o.parse(src, func(string) bool { return true })
		return []*machineFile{m}, m.found
	}
	t, err := src.template(o, true)
	if err != nil {
		return nil, templateFinding(src.path, err)
	}
	if src.machine == "" && len(t.Machines) > 0 {
		var all []*machineFile
		var found asl.Diagnostics
		for _, m := range t.Deployed() {
			all = append(all, o.parseMachine(src, m))
			found = append(found, all[len(all)-1].found...)
		}
		return all, found
	}
	m, err := t.Machine(src.machine)
	if err != nil {
		return nil, templateFinding(src.path, err)
	}
	one := o.parseMachine(src, m)
	return []*machineFile{one}, one.found
}

// templateFinding is the finding that no machine of a template can be had.
func templateFinding(path string, err error) asl.Diagnostics {
	d := asl.Diagnostic{File: path, Code: "template", Message: err.Error()}
	var e *template.Error
	if errors.As(err, &e) {
		d.File, d.Line, d.Column, d.EndLine, d.EndColumn = e.File, e.Line, e.Column, e.Line, e.Column
		d.Message, d.Hint = e.Message, e.Hint
	}
	return asl.Diagnostics{d}
}

// outputTheme is how text on out may look, nil for plain text: colours are for
// terminals, unless somebody asks for them.
func (o *runOptions) outputTheme(out io.Writer) *theme.Theme {
	t := o.theme()
	if !t.Colour {
		return nil
	}
	f, isFile := out.(*os.File)
	force := os.Getenv("CLICOLOR_FORCE")
	if o.color == "always" || force != "" && force != "0" || isFile && term.IsTerminal(f.Fd()) {
		return &t
	}
	return nil
}

// counted is "1 error" or "2 errors".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// summary is what check says last.
func (r *checkReport) summary() string {
	var parts []string
	if r.errors > 0 {
		parts = append(parts, counted(r.errors, "error"))
	}
	if r.warnings > 0 {
		parts = append(parts, counted(r.warnings, "warning"))
	}
	if parts == nil {
		parts = []string{"nothing found"}
	}
	said := strings.Join(parts, " and ")
	if len(r.machines) == 0 {
		return said
	}
	return said + " in " + counted(len(r.machines), "state machine")
}
