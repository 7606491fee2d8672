package command

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp/jsonval"
)

func equal(a, b Command) bool {
	same := a.Value.String() == b.Value.String()
	a.Value, b.Value = jsonval.Value{}, jsonval.Value{}
	return same && a == b
}

func TestParse(t *testing.T) {
	json := jsonval.MustParse
	for line, want := range map[string]Command{
		"s":                                 {Verb: Step},
		"  continue ":                       {Verb: Continue},
		"S":                                 {Verb: Back},
		"]":                                 {Verb: Forward},
		"goto 31":                           {Verb: Goto, N: 31},
		"goto start":                        {Verb: Goto},
		"g end":                             {Verb: Goto, N: -1},
		"focus 3":                           {Verb: Focus, Frame: 3},
		"b Charge":                          {Verb: Break, Name: "Charge"},
		"break Charge:parameters":           {Verb: Break, Name: "Charge", Stage: "Parameters"},
		"break Charge:Request if .a > 1":    {Verb: Break, Name: "Charge", Stage: "Request", Expr: ".a > 1"},
		"break Check stock if .a":           {Verb: Break, Name: "Check stock", Expr: ".a"},
		"break Only if it fits if .a":       {Verb: Break, Name: "Only", Expr: "it fits if .a"},
		`break "Only if it fits" if .a`:     {Verb: Break, Name: "Only if it fits", Expr: ".a"},
		`break "a:b":error`:                 {Verb: Break, Name: "a:b", Stage: "error"},
		`break "*"`:                         {Verb: Break, Name: "*"},
		"break *:retry":                     {Verb: Break, Stage: "retry"},
		"break if":                          {Verb: Break, Name: "if"},
		"toggle 2":                          {Verb: Toggle, N: 2},
		"hold on":                           {Verb: Hold, On: true},
		"hold off":                          {Verb: Hold},
		"hold off state Check stock":        {Verb: Hold, Name: "state", Text: "Check stock"},
		`hold on host "*.example.com"`:      {Verb: Hold, On: true, Name: "host", Text: "*.example.com"},
		"hold off method GET":               {Verb: Hold, Name: "method", Text: "GET"},
		"send":                              {Verb: Send},
		"a yes":                             {Verb: Send, Sure: true},
		"tamper yes":                        {Verb: Tamper, Sure: true},
		"sign now":                          {Verb: Sign, Name: "now"},
		"sign keep":                         {Verb: Sign, Name: "keep"},
		"sign -10m":                         {Verb: Sign, Name: "at", Text: "-10m"},
		"sign 2026-01-02T12:00:00Z":         {Verb: Sign, Name: "at", Text: "2026-01-02T12:00:00Z"},
		"sign region us-west-2":             {Verb: Sign, Name: "region", Text: "us-west-2"},
		"K":                                 {Verb: Skip},
		"mock template":                     {Verb: Mock, Name: "template"},
		"mock earlier 2":                    {Verb: Mock, Name: "earlier", N: 2},
		"mock file a b.json":                {Verb: Mock, Name: "file", Text: "a b.json"},
		`mock file " a"`:                    {Verb: Mock, Name: "file", Text: " a"},
		`mock true`:                         {Verb: Mock, Value: json("true")},
		"export curl":                       {Verb: Export, Name: "curl"},
		"export httpie 3":                   {Verb: Export, Name: "httpie", N: 3},
		"export har to all calls.har":       {Verb: Export, Name: "har", Text: "all calls.har"},
		"export raw 1 to r.http":            {Verb: Export, Name: "raw", N: 1, Text: "r.http"},
		"watch .items | length":             {Verb: WatchExpr, Expr: ".items | length"},
		`edit {"a": 1}`:                     {Verb: Edit, Value: json(`{"a":1}`)},
		`edit /a/0 "x y"`:                   {Verb: Edit, Pointer: "/a/0", Value: json(`"x y"`)},
		`edit "/a b" 5`:                     {Verb: Edit, Pointer: "/a b", Value: json("5")},
		`edit "/a b"`:                       {Verb: Edit, Value: json(`"/a b"`)},
		`edit-request {"body":{"cents":1}}`: {Verb: EditRequest, Value: json(`{"body":{"cents":1}}`)},
		"m":                                 {Verb: Mock},
		`mock {"StatusCode":201}`:           {Verb: Mock, Value: json(`{"StatusCode":201}`)},
		"fail ApiGateway.500":               {Verb: FailTask, Error: "ApiGateway.500"},
		"fail ApiGateway.500 try later":     {Verb: FailTask, Error: "ApiGateway.500", Cause: "try later"},
		`fail "My error" "a \"cause\""`:     {Verb: FailTask, Error: "My error", Cause: `a "cause"`},
		"token success 5":                   {Verb: Token, Name: "success", Value: json("5")},
		"token failure":                     {Verb: Token, Name: "failure"},
		"token failure Late so late":        {Verb: Token, Name: "failure", Error: "Late", Cause: "so late"},
		"token heartbeat":                   {Verb: Token, Name: "heartbeat"},
		"token AQC8 success null":           {Verb: Token, TaskToken: "AQC8", Name: "success", Value: json("null")},
		"X":                                 {Verb: Abort},
		"abort Enough":                      {Verb: Abort, Error: "Enough"},
	} {
		got, err := Parse(line)
		if err != nil || !equal(got, want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", line, got, err, want)
			continue
		}
		again, err := Parse(got.String())
		if err != nil || !equal(again, got) {
			t.Errorf("Parse(%q) of %q = %+v, %v", got.String(), line, again, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for line, want := range map[string]string{
		"":                                 `no command given; help lists them`,
		"contnue":                          `no command "contnue"; did you mean "continue"?`,
		"cont":                             `no command "cont"; did you mean "continue"?`,
		"frobnicate":                       `no command "frobnicate"`,
		"s\nq":                             `a command is one line`,
		"step 2":                           `step: takes nothing, not "2"; usage: step`,
		"goto":                             `goto needs more: goto STEP|start|end`,
		"goto x":                           `goto: "x" is not a number; usage: goto STEP|start|end`,
		"clear -1":                         `clear: "-1" is not a number; usage: clear ID`,
		"hold yes":                         `hold: on or off, not "yes"; usage: hold on|off [state NAME | host PATTERN | method METHOD]`,
		"hold off path":                    `hold: state, host or method, not "path"; usage: hold on|off [state NAME | host PATTERN | method METHOD]`,
		"hold off host":                    `hold: which host?; usage: hold on|off [state NAME | host PATTERN | method METHOD]`,
		"send no":                          `send: yes or nothing, not "no"; usage: send [yes]`,
		"sign yesterday":                   `sign: "yesterday" is neither a time such as 2026-01-02T12:00:00Z nor a way from now such as -10m; usage: sign now | keep | region NAME | -10m | 2026-01-02T12:00:00Z`,
		"sign region":                      `sign: which region?; usage: sign now | keep | region NAME | -10m | 2026-01-02T12:00:00Z`,
		"mock earlier 0":                   `mock: calls are counted from 1; usage: mock [JSON | template | earlier CALL | file PATH]`,
		"mock file":                        `mock: which file?; usage: mock [JSON | template | earlier CALL | file PATH]`,
		"export crul":                      `export: no format "crul"; did you mean "curl"?; usage: export curl|httpie|raw|har|policy [CALL] [to FILE]`,
		"export har 2":                     `export: har has all calls: to FILE, not "2"; usage: export curl|httpie|raw|har|policy [CALL] [to FILE]`,
		"break Charge:Paramters":           `break: no stage "Paramters"; did you mean "Parameters"?; usage: break STATE[:STAGE] [if EXPR]`,
		"break Charge:":                    `break: ":" after the state's name, where :STAGE or if should be; usage: break STATE[:STAGE] [if EXPR]`,
		"break Charge if":                  `break: no condition after if; usage: break STATE[:STAGE] [if EXPR]`,
		"break :error":                     `break: no state given; * is every state; usage: break STATE[:STAGE] [if EXPR]`,
		`break "a`:                         `break: the quote is not closed; usage: break STATE[:STAGE] [if EXPR]`,
		`break "a" x`:                      `break: "x" after the state's name, where :STAGE or if should be; usage: break STATE[:STAGE] [if EXPR]`,
		"edit {a:1}":                       `edit: not JSON: "a" is not a JSON value: text needs double quotes; usage: edit [POINTER] JSON`,
		"edit /a":                          `edit: no value for /a; usage: edit [POINTER] JSON`,
		"edit-request 5":                   `edit-request: an object of method, url, headers and body, not number; usage: edit-request JSON`,
		`edit-request {"bdy":1}`:           `edit-request: a request has no "bdy"; did you mean "body"?; usage: edit-request JSON`,
		`edit-request {"headers":[]}`:      `edit-request: headers is an object, not array; usage: edit-request JSON`,
		`edit-request {"headers":{"a":1}}`: `edit-request: header "a" is a string, a list of strings, or null to remove it; usage: edit-request JSON`,
		"token maybe":                      `token: success, failure or heartbeat, not "maybe"; usage: token success JSON | failure [ERROR [CAUSE]] | heartbeat`,
		"token success":                    `token: success needs the task's output, as JSON; usage: token success JSON | failure [ERROR [CAUSE]] | heartbeat`,
		`fail "A" "b" c`:                   `fail: "c" after the cause; usage: fail ERROR [CAUSE]`,
	} {
		if _, err := Parse(line); err == nil || err.Error() != want {
			t.Errorf("Parse(%q):\n got %v\nwant %s", line, err, want)
		}
	}
}

func TestSpecs(t *testing.T) {
	short := map[string]Verb{}
	for _, s := range Specs() {
		if !strings.HasPrefix(s.Usage, string(s.Verb)) || s.Help == "" || strings.HasSuffix(s.Help, ".") {
			t.Errorf("%+v: usage or help is not as promised", s)
		}
		if other, taken := short[s.Short]; taken && s.Short != "" {
			t.Errorf("%s and %s are both written %s", other, s.Verb, s.Short)
		}
		short[s.Short] = s.Verb
		if found, ok := Find(string(s.Verb)); !ok || found != s {
			t.Errorf("Find(%s) = %+v", s.Verb, found)
		}
	}
}

func TestComplete(t *testing.T) {
	states := []string{"Charge", "Check stock", "a:b"}
	for prefix, want := range map[string][]string{
		"bre":             {"break"},
		"fo":              {"forward", "forward-state", "focus", "fork"},
		"b ch":            {"break Charge", "break Check stock"},
		"break Charge:re": {"break Charge:Request", "break Charge:Result", "break Charge:ResultSelector", "break Charge:ResultPath", "break Charge:retry"},
		`break "a:b":err`: {`break "a:b":error`},
		"break *:tok":     {"break *:token"},
		"goto ":           {"goto start", "goto end"},
		"hold of": {
			"hold off", "hold off state Charge", "hold off state Check stock", "hold off state a:b",
			"hold off method GET", "hold off method POST", "hold off method PUT", "hold off method PATCH", "hold off method DELETE", "hold off host ",
		},
		"export h": {"export httpie", "export har"},
		"token s":  {"token success "},
		"fail Api": {"fail ApiGateway.400", "fail ApiGateway.403", "fail ApiGateway.404", "fail ApiGateway.429", "fail ApiGateway.500", "fail ApiGateway.503"},
		"edit ":    nil,
		"nothing ": nil,
	} {
		if diff := cmp.Diff(want, Complete(prefix, states)); diff != "" {
			t.Errorf("Complete(%q): %s", prefix, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"s", "goto 3", "break Charge:Parameters if .total > 1000", `break "a:b" if .x`, `edit "/a b" {"x":[1.10]}`,
		`fail "E 1" "c"`, "token AQ success {}", `edit-request {"headers":{"A":null}}`, "break a if b if c", `hold off state "a"`, "mock file x", "export har to y", "sign -1h",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := Parse(line)
		if err != nil {
			return
		}
		again, err := Parse(c.String())
		if err != nil {
			t.Fatalf("%q became %q: %v", line, c.String(), err)
		}
		if !equal(again, c) {
			t.Fatalf("%q became %+v, and %q became %+v", line, c, c.String(), again)
		}
	})
}
