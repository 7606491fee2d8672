package examples

import (
	"context"
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/apigw"
	"asldbg/interp/task/local"
	"asldbg/interp/task/mock"
	"asldbg/interp/template"
	"asldbg/sessions/command"
)

func TestList(t *testing.T) {
	all := List()
	if len(all) != 4 {
		t.Fatalf("%d examples", len(all))
	}
	for _, e := range all {
		if e.Title == "" || strings.HasPrefix(e.Title, "#") || len(e.Title) > 78 {
			t.Errorf("%s: title %q", e.Name, e.Title)
		}
		for _, name := range []string{e.File, e.Input, e.Walk} {
			if _, err := fs.Stat(e.Dir, name); err != nil {
				t.Error(err)
			}
		}
		for line := range strings.Lines(read(t, e, e.Walk)) {
			if _, err := command.Parse(strings.TrimSpace(line)); err != nil {
				t.Errorf("%s: %s: %v", e.Name, e.Walk, err)
			}
		}
	}
}

func read(t *testing.T, e Example, name string) string {
	t.Helper()
	text, err := fs.ReadFile(e.Dir, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// load reads an example's machine as a user's.
func load(t *testing.T, e Example) *asl.File {
	t.Helper()
	tmpl, err := template.Load(e.Dir, e.File, template.Options{StackName: e.Name})
	if err != nil {
		t.Fatal(err)
	}
	m, err := tmpl.Machine(e.Machine)
	if err != nil {
		t.Fatal(err)
	}
	f, found := m.Parse()
	if len(found) > 0 {
		t.Errorf("%s:\n%v", e.Name, found)
	}
	return f
}

// world answers an execution's calls as a demo does.
type world struct {
	t       *testing.T
	handler *apigw.Handler
	mocks   *mock.Mocks
	api     *local.API
	url     string
	counts  map[string]int
	at      time.Time
	story   []string // states with API calls, and what came back
}

// play runs an example to its end.
func play(t *testing.T, e Example, seed uint64, input string, onToken func(interp.Token) interp.Input) (interp.Execution, *world) {
	t.Helper()
	f := load(t, e)
	m, err := interp.Compile(f, apigw.Check)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return at }
	w := &world{t: t, handler: &apigw.Handler{Transport: &task.Transport{}}, api: local.New(seed, clock, clock), counts: map[string]int{}, at: at}
	w.mocks = (*mock.Mocks)(nil).WithDynamoDB(at)
	if w.url, err = w.api.Start(ctx); err != nil {
		t.Fatal(err)
	}
	x := m.Start(interp.Start{Input: jsonval.MustParse(input), Seed: 1}, at).After
	for range 100 {
		turn, _ := x.Run(at, 0, nil)
		x = turn.After
		if x.Status() != interp.Running {
			return x, w
		}
		in := w.answer(ctx, x, onToken)
		if turn, err = x.Step(in, at); err != nil {
			t.Fatal(err)
		}
		x = turn.After
	}
	t.Fatalf("%s does not end: %v", e.Name, w.story)
	return x, w
}

// answer does the oldest thing that is awaited.
func (w *world) answer(ctx context.Context, x interp.Execution, onToken func(interp.Token) interp.Input) interp.Input {
	for _, effect := range x.Pending() {
		call, ok := effect.(interp.Call)
		if !ok {
			continue
		}
		key := w.mocks.Key(call)
		n := w.counts[key]
		w.counts[key]++
		if a, ok, err := w.mocks.Answer(call, n); ok || err != nil {
			if err != nil {
				w.t.Fatal(err)
			}
			return interp.Reply{Effect: call.Effect, Outcome: a.Outcome}
		}
		if n > 0 && call.Resource.Pattern == interp.WaitForTaskToken {
			return onToken(call.Token)
		}
		o := w.send(ctx, call)
		if call.Resource.Pattern == interp.WaitForTaskToken {
			return interp.Submitted{Effect: call.Effect, Result: o.Result}
		}
		return interp.Reply{Effect: call.Effect, Outcome: o}
	}
	timer, ok := x.NextTimer()
	if !ok {
		w.t.Fatal("nothing is awaited")
	}
	return interp.Fire{Effect: timer.Effect}
}

func (w *world) send(ctx context.Context, call interp.Call) interp.Outcome {
	d, err := w.handler.Prepare(ctx, call)
	if err != nil {
		w.t.Fatal(err)
	}
	d.Endpoint = w.url
	s, err := d.Seal(ctx, w.api, w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	o, _ := w.handler.Send(ctx, s)
	u, err := url.Parse(d.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	answer := o.Result.Get("StatusCode").Text()
	if o.Failure != nil {
		answer = *o.Failure.Error
	}
	w.story = append(w.story, d.Method+" "+u.RequestURI()+" "+answer)
	return o
}

func example(t *testing.T, name string) Example {
	t.Helper()
	for _, e := range List() {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("there is no example %s", name)
	return Example{}
}

func TestStockTrader(t *testing.T) {
	e := example(t, "stock-trader")
	kinds := map[string]bool{}
	for seed := range uint64(8) {
		x, w := play(t, e, seed, read(t, e, e.Input), nil)
		if x.Status() != interp.Succeeded {
			t.Fatalf("seed %d: %s %v", seed, x.Status(), w.story)
		}
		deal := x.Output().Get("deal")
		kind, price := deal.Get("type").Text(), deal.Get("price").Text()
		if low := len(price) == 1 || len(price) == 2 && price <= "50"; low != (kind == "buy") {
			t.Errorf("seed %d: %s at %s", seed, kind, price)
		}
		want := []string{"GET /Prod/check?symbol=ACME 200", "POST /Prod/" + kind + " 200"}
		if strings.Join(w.story, "\n") != strings.Join(want, "\n") {
			t.Errorf("seed %d: %v, want %v", seed, w.story, want)
		}
		kinds[kind] = true
	}
	if !kinds["buy"] || !kinds["sell"] {
		t.Errorf("eight seeds give only %v", kinds)
	}
}

func TestPetStore(t *testing.T) {
	e := example(t, "pet-store")
	tests := []struct {
		input  string
		status interp.Status
		story  string
		output string
	}{
		{read(t, e, e.Input), interp.Succeeded, "POST /Prod/pets 201, GET /Prod/pets 200", `{"id":4,"type":"turtle","price":74.99}`},
		{`{"NewPet":{"type":"turtle","price":0}}`, interp.Succeeded, "POST /Prod/pets ApiGateway.400, POST /Prod/pets 201, GET /Prod/pets 200", `{"id":4,"type":"turtle","price":9.99}`},
		{`{"NewPet":{"price":1}}`, interp.Failed, "POST /Prod/pets ApiGateway.400", `{"errors":[{"key":"Pet.type","message":"must be a text"}]}`},
		{`{"NewPet":"turtle"}`, interp.Failed, "POST /Prod/pets ApiGateway.400", `{"message":"Invalid request body"}`},
	}
	for _, test := range tests {
		x, w := play(t, e, 1, test.input, nil)
		if x.Status() != test.status || strings.Join(w.story, ", ") != test.story {
			t.Errorf("%s: %s after %v", test.input, x.Status(), w.story)
			continue
		}
		got := ""
		if test.status == interp.Failed {
			f := x.Failure()
			if *f.Error != "PetStore.Refused" {
				t.Errorf("%s: %s", test.input, *f.Error)
			}
			got = *f.Cause
		} else {
			got = x.Output().Get("store").Get("pets").At(3).String()
		}
		if got != test.output {
			t.Errorf("%s: %s, want %s", test.input, got, test.output)
		}
	}
}

func TestCallback(t *testing.T) {
	e := example(t, "callback")
	yes := func(token interp.Token) interp.Input {
		return interp.Callback{Token: token, Outcome: interp.Outcome{Result: jsonval.MustParse(`{"approved":true}`)}}
	}
	no := func(token interp.Token) interp.Input {
		return interp.Callback{Token: token, Outcome: interp.Outcome{Result: jsonval.MustParse(`{"approved":false}`)}}
	}
	for name, test := range map[string]struct {
		onToken func(interp.Token) interp.Input
		want    string
	}{"approved": {yes, ""}, "denied": {no, "Approval.Denied"}} {
		var asked interp.Token
		x, w := play(t, e, 1, read(t, e, e.Input), func(token interp.Token) interp.Input {
			asked = token
			return test.onToken(token)
		})
		if test.want == "" && x.Status() != interp.Succeeded || test.want != "" && (x.Failure() == nil || *x.Failure().Error != test.want) {
			t.Errorf("%s: %s %v", name, x.Status(), w.story)
		}
		if tokens := w.api.Tokens(); len(tokens) != 1 || tokens[0] != string(asked) || asked == "" {
			t.Errorf("%s: the API got the tokens %q, the execution awaited %q", name, tokens, asked)
		}
	}
}

// TestNobodyAnswers: without a heartbeat the task lapses, and that is caught.
func TestNobodyAnswers(t *testing.T) {
	e := example(t, "callback")
	f := load(t, e)
	m, err := interp.Compile(f, apigw.Check)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	turn, _ := m.Start(interp.Start{Input: jsonval.MustParse(read(t, e, e.Input))}, at).After.Run(at, 0, nil)
	timer, ok := turn.After.NextTimer()
	if !ok || timer.Reason != interp.HeartbeatTimer || timer.Due.Sub(at) != time.Hour {
		t.Fatalf("the next timer is %+v", timer)
	}
	if turn, err = turn.After.Step(interp.Fire{Effect: timer.Effect}, timer.Due); err != nil {
		t.Fatal(err)
	}
	turn, _ = turn.After.Run(timer.Due, 0, nil)
	if f := turn.After.Failure(); f == nil || *f.Error != "Approval.Timeout" {
		t.Errorf("%s %+v", turn.After.Status(), f)
	}
}

// TestOrder: the machines of one template start each other.
func TestOrder(t *testing.T) {
	e := example(t, "order")
	tmpl, err := template.Load(e.Dir, e.File, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	machines := map[string]*interp.Machine{}
	for i := range tmpl.Machines {
		f, found := tmpl.Machines[i].Parse()
		if len(found) > 0 {
			t.Fatal(found)
		}
		if machines[tmpl.Machines[i].ARN], err = interp.Compile(f); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	run := func(input string) interp.Execution {
		x := machines["arn:aws:states:us-east-1:123456789012:stateMachine:Orders"].Start(interp.Start{Input: jsonval.MustParse(input)}, at).After
		for !x.Over() {
			turn, _ := x.Run(x.Now(), 0, nil)
			for _, effect := range turn.Effects {
				if call, ok := effect.(interp.Call); ok {
					arn := call.Input.Get("StateMachineArn").Text()
					if turn, err = turn.After.Step(interp.StartExecution{Effect: call.Effect, StateMachineARN: arn, Machine: machines[arn]}, turn.After.Now()); err != nil {
						t.Fatal(err)
					}
				}
			}
			x = turn.After
			if timer, ok := x.NextTimer(); ok && len(x.Ready()) == 0 {
				if turn, err = x.Step(interp.Fire{Effect: timer.Effect}, timer.Due); err != nil {
					t.Fatal(err)
				}
				x = turn.After
			}
		}
		return x
	}
	if x := run(read(t, e, e.Input)); x.Output().String() != `{"order":"A-1041","cents":1999,"paid":{"payment":"A-1041-paid"}}` || x.Now().Sub(at) != 3602*time.Second {
		t.Errorf("%s after %s", x.Output(), x.Now().Sub(at))
	}
	if x := run(`{"order":"A-7","cents":900000}`); x.Failure() == nil || *x.Failure().Error != "Payment.TooMuch" {
		t.Errorf("%s %+v", x.Status(), x.Failure())
	}
}
