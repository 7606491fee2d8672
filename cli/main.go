package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is what --version prints and sessions record.
const version = "0.1"

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the program and returns its exit code.
func Main(args []string, in io.Reader, out, err io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	io := streams{in, out, err}
	root := newRoot(io)
	root.SetArgs(withDefaultCommand(root, args))
	return report(err, root.ExecuteContext(ctx))
}

func newRoot(io streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "asldbg [FILE]",
		Short: "Step through AWS Step Functions workflows in the terminal",
		Long: `asldbg steps through Amazon States Language (ASL) machines, shows every stage of
each state's data, and holds each outgoing HTTP request until you have seen it.

FILE is ASL (JSON, JSON with comments, YAML), a SAM or CloudFormation template,
or a service of the Serverless Framework; FILE#Name picks a machine where there
are several; - is stdin.
Without a command, asldbg FILE opens FILE in the debugger.

Nothing leaves the machine unless you say so with --live or --endpoint.

Exit codes: 0 succeeded, 1 the execution failed, 2 wrong usage or an invalid
definition, 3 a task needs an answer, 4 eval has no result, 5 a replay differs,
130 interrupted.`,
		Example: `  asldbg demo                        the stock trader, with a local API: nothing to install
  asldbg order.asl.json              step through a machine
  asldbg run template.yaml --input '{"id": 7}' --mocks mocks.json
  asldbg sessions list               what was recorded
  asldbg replay SESSION              walk it again, forwards and backwards`,
		Args:          cobra.NoArgs,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see %s --help", err, c.CommandPath())
	})
	root.AddCommand(newDebug(io), newDemo(io), newRun(io), newReplay(io), newSessions(io), newCheck(io), newEval(io), newTestState(io))
	return root
}

// withDefaultCommand turns `asldbg FILE …` into `asldbg debug FILE …`.
func withDefaultCommand(root *cobra.Command, args []string) []string {
	for _, a := range args {
		if a == "-h" || a == "--help" || a == "-v" || a == "--version" || a == "--" {
			return args
		}
		if len(a) > 1 && a[0] == '-' {
			continue // a flag of debug, before its FILE
		}
		if isCommand(root, a) {
			return args
		}
		return append([]string{"debug"}, args...)
	}
	return args
}

func isCommand(root *cobra.Command, name string) bool {
	if name == "help" || name == "completion" || name == cobra.ShellCompRequestCmd || name == cobra.ShellCompNoDescRequestCmd {
		return true
	}
	for _, c := range root.Commands() {
		if c.Name() == name || c.HasAlias(name) {
			return true
		}
	}
	return false
}
