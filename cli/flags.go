package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"asldbg/interp"
	"asldbg/sessions/sfnapi"
)

// runOptions are the flags debug, run and demo share; cli.md is the contract.
type runOptions struct {
	input     string
	mocks     string
	testCase  string
	live      []string
	endpoints []string
	asSelf    bool
	set       []string
	machines  []string // --machine
	more      []string // FILEs after the first

	connections, caFile string // files

	profile, region, account, roleARN string

	kind     string // --type
	name     string
	history  string
	s3Dir    string
	noQuotas bool
	realTime bool
	callback string // --callback-addr, "" for the default
	seed     uint64
	seedSet  bool
	record   string
	ascii    bool
	color    string

	substitutions map[string]string // of set, taken apart
	file          string            // the session file written last
}

func (o *runOptions) express() bool { return o.kind == "EXPRESS" }

// add declares the flags on c. record is the default of --record.
func (o *runOptions) add(c *cobra.Command, record string) {
	o.addWorld(c)
	f := c.Flags()
	f.StringVar(&o.mocks, "mocks", "", "`FILE` of what tasks answer: MockConfigFile of Step Functions Local, or {\"state\": [answer, …]}")
	f.StringVar(&o.testCase, "test-case", "", "`NAME` of a test case of the mock file")
	f.StringArrayVar(&o.machines, "machine", nil, "a state machine that tasks may start, and where its definition is: `ARN=FILE`, or\nNAME=FILE for every ARN that ends in NAME; repeatable")
	f.StringVar(&o.kind, "type", "", "`TYPE` of the execution: STANDARD or EXPRESS")
	f.StringVar(&o.name, "name", "", "`NAME` of the execution (default a UUID)")
	f.StringVar(&o.history, "history", "", "write AWS's execution history to `FILE` (- for stdout)")
	f.StringVar(&o.s3Dir, "s3-dir", "", "`DIR`/BUCKET/KEY stands for s3://BUCKET/KEY")
	f.BoolVar(&o.realTime, "real-time", false, "waits really wait (default: the clock jumps to the next timer)")
	f.StringVar(&o.callback, "callback-addr", "", "`ADDR` where task tokens are answered while one is awaited; of this machine only\n(default "+sfnapi.DefaultAddr+", or a free port); with it, run waits for activities' tokens, too")
	f.StringVar(&o.record, "record", record, "`FILE` the session goes to, or none")
	f.BoolVar(&o.ascii, "ascii", false, "draw with ASCII characters only")
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colour: auto, always, never")
}

// addWorld declares the flags that say what a task finds: its input, who it is
// and where its call goes.
func (o *runOptions) addWorld(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.input, "input", "", "the execution's `INPUT`: a file, - for stdin, or JSON (default {})")
	f.StringArrayVar(&o.live, "live", nil, "calls may leave the machine: all, or those whose resource or host matches `PATTERN`; none\nlets nothing out, whatever the settings file says")
	f.Lookup("live").NoOptDefVal = "*"
	f.StringArrayVar(&o.endpoints, "endpoint", nil, "send requests for HOST to a URL: `HOST=URL`; * matches any characters; repeatable")
	f.StringVar(&o.connections, "connections", "", "`FILE` of the EventBridge connections that HTTP tasks use, by name or ARN")
	f.BoolVar(&o.asSelf, "as-self", false, "send calls of AuthType RESOURCE_POLICY signed as you (AWS signs them as states.amazonaws.com)")
	f.StringVar(&o.caFile, "ca-file", "", "PEM `FILE` of certificates to trust beside the system's (default AWS_CA_BUNDLE)")
	f.StringArrayVar(&o.set, "set", nil, "template parameter or definition substitution: `NAME=VALUE`; repeatable")
	f.StringVar(&o.profile, "profile", "", "AWS `PROFILE` for credentials")
	f.StringVar(&o.region, "region", "us-east-1", "AWS `REGION` of the machine")
	f.StringVar(&o.account, "account", "123456789012", "AWS `ACCOUNT` in ARNs that are made up")
	f.StringVar(&o.roleARN, "role-arn", "", "`ARN` of the execution role")
	f.BoolVar(&o.noQuotas, "no-quotas", false, "do not enforce AWS's quotas (256 KiB payload, 25,000 events, 300 HTTP tasks a second)")
	f.Uint64Var(&o.seed, "seed", 0, "`N` for random numbers, UUIDs, task tokens and jitter (default: a new one)")
}

// check takes apart what the flags say and refuses what makes no sense.
func (o *runOptions) check(c *cobra.Command) error {
	o.seedSet = c.Flags().Changed("seed")
	switch o.kind {
	case "", "STANDARD", "EXPRESS":
	default:
		return usage("--type %s: it is STANDARD or EXPRESS", o.kind)
	}
	switch o.color {
	case "auto", "always", "never":
	default:
		return usage("--color %s: it is auto, always or never", o.color)
	}
	if c.Flags().Changed("callback-addr") {
		if err := sfnapi.CheckAddr(o.callback); err != nil {
			return usage("--callback-addr %w", err)
		}
	}
	if o.testCase != "" && o.mocks == "" {
		return usage("--test-case %s needs --mocks FILE", o.testCase)
	}
	return o.readSet()
}

// readSet takes --set apart.
func (o *runOptions) readSet() error {
	o.substitutions = make(map[string]string)
	for _, s := range o.set {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return usage("--set %s: write it as --set NAME=VALUE", s)
		}
		o.substitutions[name] = value
	}
	return nil
}

// start is how the execution begins.
func (o *runOptions) start(m *machineFile) interp.Start {
	s := interp.Start{
		Name:            o.name,
		StateMachineARN: o.machineARN(m),
		RoleARN:         o.roleARN,
		Express:         m.express,
		NoQuotas:        o.noQuotas,
		Seed:            o.seed,
	}
	if s.RoleARN == "" {
		s.RoleARN = fmt.Sprintf("arn:aws:iam::%s:role/asldbg", o.account)
	}
	return s
}

// machineARN is the ARN m would be deployed with.
func (o *runOptions) machineARN(m *machineFile) string {
	if m.arn != "" {
		return m.arn
	}
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", o.region, o.account, arnName(m.name))
}

// arnName keeps of a name what a state machine's name may hold.
func arnName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !strings.ContainsRune("?*<>{}[]\"#%\\^|~`$&,;:/", r) {
			return r
		}
		return '-'
	}, s)
	if name == "" {
		return "asldbg"
	}
	return name[:min(len(name), 80)]
}
