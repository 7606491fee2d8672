package sessions

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/local"
	"asldbg/sessions/command"
)

// petStore calls the built-in API: one route wants a signature.
const petStore = `{"StartAt":"Add","States":{"Add":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","Parameters":{
  "ApiEndpoint":"abc123.execute-api.us-east-1.amazonaws.com","Method":"POST","Stage":"Prod","Path":"pets","AuthType":"IAM_ROLE",
  "Headers":{"X-Trace":["order"]},"RequestBody":{"type":"turtle","price.$":"$.price"}},
  "Retry":[{"ErrorEquals":["ApiGateway.500","ApiGateway.503"],"IntervalSeconds":2,"MaxAttempts":2}],
  "Catch":[{"ErrorEquals":["ApiGateway.403"],"Next":"Refused"}],"Next":"More"},
  "More":{"Type":"Pass","Result":{"price":1},"Next":"Again"},
  "Again":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","Parameters":{
  "ApiEndpoint":"abc123.execute-api.us-east-1.amazonaws.com","Method":"GET","Stage":"Prod","Path":"pets","AuthType":"IAM_ROLE"},"End":true},
  "Refused":{"Type":"Pass","End":true}}}`

// shop is a session with the built-in API behind it.
func shop(t testing.TB, change func(*Options)) *Session {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	a := local.New(1, time.Now, time.Now)
	url, err := a.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o := options(t, petStore, `{"price":5}`)
	if o.Policy, err = task.NewPolicy(nil, []string{"*=" + url}, nil); err != nil {
		t.Fatal(err)
	}
	o.Start.StateMachineARN = "arn:aws:states:us-east-1:123456789012:stateMachine:shop"
	o.Handlers = []task.Handler{&apigw.Handler{Transport: &task.Transport{}, Region: "us-east-1"}}
	o.Credentials, o.Hold, o.Network = a, true, "the API built into asldbg"
	if change != nil {
		change(&o)
	}
	return start(t, o)
}

// TestRowsRole: 8.7 and 10.11, a role that cannot be assumed. With the user's
// credentials that says nothing of AWS, so it is no failure here; the error AWS
// raises is offered, with its text.
func TestRowsRole(t *testing.T) {
	const role = "arn:aws:iam::210987654321:role/there"
	o := options(t, `{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"FN","Credentials":{"RoleArn":"`+role+`"},
		"Catch":[{"ErrorEquals":["States.Permissions"],"Next":"Sorry"}],"End":true},"Sorry":{"Type":"Succeed"}}}`, `{}`)
	o.Start.RoleARN = "arn:aws:iam::123456789012:role/machine"
	s := start(t, o)
	v := do(t, s, "c")
	var offered Likely
	for _, l := range v.Request(v.Focus).Likely {
		if l.Error == "States.Permissions" {
			offered = l
		}
	}
	const cause = "The role arn:aws:iam::123456789012:role/machine is not authorized to assume the task state's role, " + role + "."
	if offered.Cause != cause || offered.Leads() != "catch ─▶ Sorry" {
		t.Errorf("%+v leads to %s", offered, offered.Leads())
	}
	if v = do(t, s, `f States.Permissions "`+cause+`"`, "c"); v.Phase != Ended || v.Output.Get("Cause").Text() != cause {
		t.Errorf("%s %s", v.Phase, v.Output)
	}
}

// TestInspector goes through what the screen of a held request shows.
func TestInspector(t *testing.T) {
	s := shop(t, nil)
	v := do(t, s, "c")
	if v.Phase != Held || v.Live || v.Network != "OFFLINE the API built into asldbg" {
		t.Fatalf("%s %s", v.Phase, v.Network)
	}
	r := v.Request(1)
	if r.Writes || r.Free || r.Next != "More" || r.Template.Get("StatusCode").String() != "201" {
		t.Errorf("%+v", r)
	}
	leads := map[string]string{}
	for _, l := range r.Likely {
		leads[l.Error] = l.Leads()
	}
	for name, want := range map[string]string{
		"ApiGateway.500": "retry 1 in 2 s, 1 left, then the execution fails",
		"ApiGateway.403": "catch ─▶ Refused", "ApiGateway.404": "the execution fails", "States.Timeout": "the execution fails",
	} {
		if leads[name] != want {
			t.Errorf("%s leads to %q, want %q", name, leads[name], want)
		}
	}
	h := r.HTTP
	if want := h.SignedAt.Format("20060102") + "/us-east-1/execute-api/aws4_request"; h.Scope != want {
		t.Errorf("scope %s, want %s", h.Scope, want)
	}
	if !strings.Contains(h.KeySteps, "kRegion  = HMAC-SHA256(kDate, \"us-east-1\")") || strings.Contains(h.KeySteps, "secret of the built-in API") {
		t.Error(h.KeySteps)
	}
	if r.Access == nil || r.Access.Holder != "the policy of the execution role" ||
		r.Access.Statements[0].String() != `{"Effect":"Allow","Action":"execute-api:Invoke","Resource":["arn:aws:execute-api:us-east-1:123456789012:abc123/Prod/POST/pets"]}` {
		t.Errorf("%+v", r.Access)
	}
	v = do(t, s, "auth-types")
	variants := v.Request(1).AuthTypes
	if len(variants) != 3 || variants[0].HTTP == nil || variants[0].HTTP.Signed || !variants[1].Own || !variants[1].HTTP.Signed {
		t.Fatalf("%+v", variants)
	}
	if a := variants[2].Access; a == nil || !strings.Contains(a.Statements[0].String(), `"aws:SourceArn":"arn:aws:states:us-east-1:123456789012:stateMachine:shop"`) {
		t.Errorf("%+v", a)
	}
	v = do(t, s, "a")
	past := v.Calls[0]
	if past.Status != 200 && past.Status != 201 || past.Response == nil || past.Response.Status != past.Status || past.Timing.Total <= 0 || past.Began.IsZero() {
		t.Errorf("%+v", past)
	}
	if at(v) != "PAUSED Add/Result" {
		t.Errorf("%s %q", at(v), v.Message)
	}
}

// TestSignedOtherwise sends signatures that are too old, and those of another
// request, and sees them refused.
func TestSignedOtherwise(t *testing.T) {
	for _, c := range []struct{ name, commands, pinned, cause string }{
		{"old", "sign -10m", "as of a time you chose", "Signature expired"},
		{"early", "sign 10m", "as of a time you chose", "Signature not yet current"},
		{"elsewhere", "sign region us-west-2", "for a region you chose", "Credential should be scoped to a valid region, not 'us-west-2'."},
		{"kept", `edit-request {"body":{"price":9}}; sign keep`, "the first signature is kept", "does not match the signature you provided"},
		{"kept, then edited", `sign keep; edit-request {"method":"PUT"}; edit-request {"method":"POST","body":1}`, "the first signature is kept", "does not match the signature you provided"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := shop(t, nil)
			v := do(t, s, append([]string{"c"}, strings.Split(c.commands, "; ")...)...)
			if changed := v.Request(1).HTTP.ChangedSince; slices.Contains(changed, "region") != (c.name == "elsewhere") {
				t.Errorf("changed %q", changed)
			}
			if h := v.Request(1).HTTP; h.Pinned != c.pinned || h.Original == nil {
				t.Errorf("pinned %q, original %v: %s", h.Pinned, h.Original, v.Error)
			}
			v = do(t, s, "a")
			past := v.Calls[0]
			if past.Why == nil || past.Status != http.StatusForbidden || !strings.Contains(string(past.Response.Body), c.cause) {
				t.Errorf("%+v %s", past.Answer.Failure, past.Response.Body)
			}
			for _, text := range []string{string(past.Response.Body), *past.Answer.Failure.Cause, *v.Frame(1).Failure.Cause, v.Message} {
				if strings.Contains(text, "session of the built-in API") {
					t.Errorf("the session token is in %q", text)
				}
			}
			if !strings.Contains(v.Message, past.Why.Title) {
				t.Errorf("%q does not say %q", v.Message, past.Why.Title)
			}
		})
	}
	s := shop(t, nil)
	v := do(t, s, "c")
	first := v.Request(1).HTTP
	v = do(t, s, "sign -10m", "sign now")
	if h := v.Request(1).HTTP; h.Pinned != "" || h.SignedAt.Before(first.SignedAt) {
		t.Errorf("%+v", h)
	}
	v = do(t, s, "sign region us-west-2", "sign now")
	if h := v.Request(1).HTTP; h.Region != "us-east-1" || h.Pinned != "" {
		t.Errorf("%+v", h)
	}
	if v = do(t, s, "sign -10m", "undo-edit", "a"); v.Calls[0].Status/100 != 2 {
		t.Errorf("%+v", v.Calls[0])
	}
	do(t, s, "c")
	if v = do(t, s, `edit-request {"url":"https://abc123.execute-api.us-east-1.amazonaws.com/Prod/nowhere"}`, "a"); v.Calls[1].Status != 403 {
		t.Errorf("%+v", v.Calls[1])
	}
}

// TestAnswersInstead answers from a template, an earlier answer and a file, and
// skips.
func TestAnswersInstead(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "a b.json"), filepath.Join(dir, "bad.json")
	if err := os.WriteFile(good, []byte(`{"from":"a file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, []byte("{\n  oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	result := func(v View) string { return v.Frame(1).DataAt(interp.Result).String() }
	s := shop(t, nil)
	do(t, s, "c")
	refuse(t, s, "mock earlier 1", "there is no call 1: 0 have been answered")
	refuse(t, s, "mock file "+bad, bad+`:2:3: "oops" is not a JSON value: text needs double quotes`)
	refuse(t, s, "mock file "+dir, "read the answer: "+dir+" is not a file of at most 16 MiB")
	if v := do(t, s, "mock file "+good); result(v) != `{"from":"a file"}` || v.Calls[0].By != "user" || v.Calls[0].Request != nil {
		t.Errorf("%s %+v", result(v), v.Calls[0])
	}
	if v := do(t, s, "c", "mock earlier 1"); result(v) != `{"from":"a file"}` {
		t.Error(result(v))
	}
	if v := do(t, s, "r", "c", "mock template"); !strings.HasPrefix(result(v), `{"Headers":`) {
		t.Error(result(v))
	}
	if v := do(t, s, "r", "c", "skip"); result(v) != `{"price":5}` || v.Stop.Text != "Add: TaskSucceeded 11 B." {
		t.Errorf("%s %q", result(v), v.Stop.Text)
	}
	refuse(t, s, "skip", "no task waits for an answer here")
}

// TestHolds lets requests of one kind go while others are held.
func TestHolds(t *testing.T) {
	s := shop(t, nil)
	v := do(t, s, "hold off method GET", "c")
	if v.Phase != Held || v.Message != "Held: Add would send POST https://abc123.execute-api.us-east-1.amazonaws.com/Prod/pets. Nothing has been sent." {
		t.Fatalf("%s %q", v.Phase, v.Message)
	}
	if v = do(t, s, "a", "c"); v.Phase != Ended || len(v.Calls) != 2 {
		t.Fatalf("%s %q", v.Phase, v.Message)
	}
	for _, c := range []struct{ rules, ends string }{
		{"hold off", "ENDED over"},
		{"hold off host *.execute-api.us-east-1.amazonaws.com", "ENDED over"},
		{"hold off host *.eu-west-1.amazonaws.com", "HELD Add/Parameters"},
		{"hold off state Add", "HELD Again/Parameters"},
		{"hold off state Add; hold on state Add", "HELD Add/Parameters"},
		{"hold off; hold on state Again", "HELD Again/Parameters"},
		{"hold off method POST; hold on host abc*", "HELD Add/Parameters"},
	} {
		lines := append([]string{"hold on", "r"}, strings.Split(c.rules, "; ")...)
		v := do(t, s, append(lines, "c")...)
		if got := v.Phase.String(); !strings.HasPrefix(c.ends, got) || v.Phase == Held && v.Frame(1).State.Name != strings.Fields(strings.ReplaceAll(c.ends, "/", " "))[1] {
			t.Errorf("%s: %s %s", c.rules, at(v), v.Message)
		}
	}
	v = do(t, s, "hold on", "hold off method GET", "hold off method GET", "hold off state Add")
	if len(v.Holds) != 2 || v.Holds[0].String() != "off method GET" || v.Holds[1].String() != "off state Add" {
		t.Errorf("%+v", v.Holds)
	}
	refuse(t, s, "hold on host [", `"[" is no pattern of hosts: * stands for any characters`)

	// A hold that is switched off while a request is held lets it go.
	v = do(t, s, "hold on", "r", "c", "hold off")
	if !v.Request(1).Free {
		t.Error("the request is still held")
	}
	if v = do(t, s, "c"); v.Phase != Ended {
		t.Errorf("%s %q", at(v), v.Message)
	}
}

// TestLiveWritesAskOnceMore: what changes something outside wants a yes.
func TestLiveWritesAskOnceMore(t *testing.T) {
	a := answers(`{}`)
	s := held(t, a, nil)
	if v := s.View(); !v.Live || !v.Request(1).Writes {
		t.Errorf("%+v", v.Request(1))
	}
	refuse(t, s, "send", "POST https://api.example.com/charges changes something outside this machine: send yes sends it")
	refuse(t, s, "tamper", "POST https://api.example.com/charges changes something outside this machine: tamper yes sends it")
	do(t, s, `edit-request {"method":"GET"}`, "send")
	if len(a.sent) != 1 {
		t.Errorf("%d sent", len(a.sent))
	}
}

// TestResourcePolicy: what AWS signs as Step Functions is sent signed as the
// user only when the user says so, whatever is held.
func TestResourcePolicy(t *testing.T) {
	s := shop(t, func(o *Options) {
		o.Machine, o.Hold = compile(t, strings.Replace(petStore, "IAM_ROLE", "RESOURCE_POLICY", 1)), false
	})
	v := do(t, s, "c")
	r := v.Request(1)
	if v.Phase != Held || r.Free || r.HTTP.Principal == nil || r.HTTP.Principal.Service != "states.amazonaws.com" || !r.HTTP.Signed {
		t.Fatalf("%s %+v", at(v), r)
	}
	if r.Access == nil || r.Access.Holder != "the resource policy of API abc123" || !strings.Contains(r.Access.Statements[0].String(), `"aws:SourceArn"`) {
		t.Errorf("%+v", r.Access)
	}
	refuse(t, s, "send", "AWS signs this request as states.amazonaws.com, which nobody else can; here it is signed as you: send yes sends it so")
	if v = do(t, s, "send yes"); v.Calls[0].Request.Principal == nil || v.Calls[0].Status/100 != 2 {
		t.Errorf("%+v", v.Calls[0])
	}
}

func TestExport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.har")
	s := shop(t, func(o *Options) { o.Version = "0.9" })
	refuse(t, s, "export curl", "no request is held")
	refuse(t, s, "export har", "nothing has been sent in this session")
	v := do(t, s, "c", "export curl")
	if e := v.Exported; e == nil || e.N != 1 || !strings.Contains(e.Text, "/Prod/pets' \\\n  --aws-sigv4 'aws:amz:us-east-1:execute-api'") || !strings.Contains(e.Text, "-H 'Host: abc123.execute-api.us-east-1.amazonaws.com'") ||
		strings.Contains(e.Text, "session of the built-in API") {
		t.Errorf("%+v", e)
	}
	for what, want := range map[string]string{
		"httpie": "'X-Trace:order'", "raw": "POST /Prod/pets HTTP/1.1\r\nHost: abc123", "policy": `"execute-api:Invoke"`,
	} {
		if e := do(t, s, "export "+what).Exported; !strings.Contains(e.Text, want) {
			t.Errorf("%s: %s", what, e.Text)
		}
	}
	do(t, s, "a", "c", `m {"StatusCode":200}`)
	refuse(t, s, "export curl", "no request is held: name an answered call, such as export curl 1")
	refuse(t, s, "export curl 2", "call 2 sent nothing: it was answered by user")
	refuse(t, s, "export curl 3", "there is no call 3: 2 have been answered")
	if e := do(t, s, "export curl 1").Exported; !strings.Contains(e.Text, "/Prod/pets'") {
		t.Error(e.Text)
	}
	if e := do(t, s, "export har to "+file).Exported; e.File != file {
		t.Errorf("%+v", e)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if creator := jsonval.MustParse(string(text)).Get("log").Get("creator").String(); creator != `{"name":"asldbg","version":"0.9"}` {
		t.Error(creator)
	}
	entries := jsonval.MustParse(string(text)).Get("log").Get("entries")
	if entries.Len() != 1 || entries.At(0).Get("response").Get("content").Get("text").Text() == "" {
		t.Errorf("%s", text)
	}
	refuse(t, s, "export har to "+file, file+" exists already: name another file")
}

// TestRecordedCalls: a replay shows the calls as they were.
func TestRecordedCalls(t *testing.T) {
	var dir string
	s := shop(t, func(o *Options) { dir = record(t, o) })
	live := do(t, s, "c", "a", "c", "a").Calls
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(context.Background(), only(t, dir), Options{Machine: compile(t, petStore), Handlers: nil})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v := do(t, r, "goto end")
	if len(v.Calls) != 2 {
		t.Fatalf("%d calls", len(v.Calls))
	}
	for i, got := range v.Calls {
		want := live[i]
		if got.Request == nil || got.Request.Method != want.Method || got.Request.URL != want.URL || string(got.Request.Body) != string(want.Request.Body) || !got.Request.Signed ||
			got.Request.Region != "us-east-1" || len(got.Request.Header) != len(want.Request.Header) {
			t.Errorf("%+v\nwant %+v", got.Request, want.Request)
		}
		if got.Response == nil || got.Response.Status != want.Response.Status || fmt.Sprint(got.Response.Header) != fmt.Sprint(want.Response.Header) ||
			string(got.Response.Body) != string(want.Response.Body) || got.Response.StatusLine != want.Response.StatusLine {
			t.Errorf("%+v\nwant %+v", got.Response, want.Response)
		}
		if got.Timing.FirstByte.Microseconds() != want.Timing.FirstByte.Microseconds() || got.Began.UnixMicro() != want.Began.UnixMicro() {
			t.Errorf("%+v\nwant %+v", got.Timing, want.Timing)
		}
	}
	har, err := HAR("0.1", v.Calls)
	if err != nil || strings.Contains(har, "session of the built-in API") {
		t.Errorf("%v %s", err, har)
	}
}

// BenchmarkHeldAndSent is one call that is held, pictured and sent, beyond the
// network: the service answers at once.
func BenchmarkHeldAndSent(b *testing.B) {
	ctx := context.Background()
	instant := answers(`{"n":1}`)
	o := options(b, `{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"FN","ResultPath":null,
	  "Retry":[{"ErrorEquals":["Lambda.ServiceException"],"MaxAttempts":3}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Over"}],"Next":"Charge"},"Over":{"Type":"Succeed"}}}`, `{"cents":1999}`)
	o.Handlers, o.Policy, o.Hold = []task.Handler{instant}, live(b), true
	o.Start.NoQuotas = true
	o.Credentials = aws.CredentialsProviderFunc(exampleCredentials)
	s, err := New(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	do := func(c command.Command) {
		if err := s.Do(ctx, c); err != nil {
			b.Fatal(err)
		}
		if err := s.Wait(ctx); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for b.Loop() {
		do(command.Command{Verb: command.Continue})
		if v := s.View(); v.Phase != Held || v.Request(v.Focus).HTTP == nil {
			b.Fatalf("%s %s", v.Phase, v.Message)
		}
		do(command.Command{Verb: command.Send, Sure: true})
		n++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/call")
}

// TestRecordedTiming: every part of a call's timing is read back as it was
// written.
func TestRecordedTiming(t *testing.T) {
	const ms = time.Millisecond
	want := task.Timing{Kept: true, DNS: ms, Connect: 2 * ms, TLS: 3 * ms, Send: 4 * ms, FirstByte: 5 * ms, Total: 21 * ms, Throttled: 700 * ms}
	var p PastCall
	p.recorded(jsonval.ObjectOf(jsonval.Member{Key: "timing", Value: timingValue(want)}))
	if p.Timing != want {
		t.Errorf("%+v\nwant %+v", p.Timing, want)
	}
}
