package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"asldbg/interp/asl"
)

func newCheck(io streams) *cobra.Command {
	o := &runOptions{color: "auto"}
	c := &cobra.Command{
		Use:   "check FILE…",
		Short: "Say what is wrong with definitions, with line, column and a way out",
		Long: `Check prints every finding in the given definitions or templates, one a line:

  order.asl.json:14:9: state "Charge": Next is "Shipp", which is not a state; did you mean "Ship"?  [next-unknown]

It exits with 2 when one of them is an error; warnings alone leave 0.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(c); err != nil {
				return err
			}
			bad := false
			for _, arg := range args {
				m, err := o.load(io.in, arg)
				if err != nil {
					return err
				}
				for _, d := range m.found {
					if !d.Consequence {
						fmt.Fprintln(io.out, d.String())
					}
					bad = bad || d.Severity == asl.Error
				}
			}
			if bad {
				return &exitError{code: exitUsage}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.set, "set", nil, "template parameter or definition substitution: `NAME=VALUE`; repeatable")
	f.StringVar(&o.kind, "type", "", "check for this `TYPE`: STANDARD or EXPRESS")
	f.StringVar(&o.region, "region", "us-east-1", "AWS `REGION` for templates")
	f.StringVar(&o.account, "account", "123456789012", "AWS `ACCOUNT` for templates")
	return c
}
