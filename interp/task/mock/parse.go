package mock

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Parse reads a file of mocks. file is its name for messages. machine is the
// state machine's name and testCase the one asked for, "" for none; both only
// matter in Step Functions Local's form. There a file with one machine serves
// any, and where no test case is asked for, the only one or the one named like
// the machine is taken.
//
// The error names the place and, where there is a choice, what there is.
func Parse(file, text, machine, testCase string) (*Mocks, error) {
	doc, err := jsonval.Parse(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		var syntax *jsonval.SyntaxError
		if errors.As(err, &syntax) {
			line, column := position(text, syntax.Offset)
			return nil, fmt.Errorf("%s:%d:%d: %w", file, line, column, err)
		}
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := reader{&Mocks{file: file, states: map[string]*answers{}}}
	switch {
	case !doc.Is(jsonval.Object):
		err = r.errorf("", "is %s, not an object: mocks are {\"<state>\": [answer, …]} or Step Functions Local's MockConfigFile", doc.Kind())
	case doc.Get("StateMachines").Is(jsonval.Object) || doc.Get("MockedResponses").Is(jsonval.Object):
		err = r.mockConfig(doc, machine, testCase)
	case testCase != "":
		err = r.errorf("", "has no test cases, so --test-case %s cannot be taken: only Step Functions Local's form (StateMachines, MockedResponses) has them", testCase)
	default:
		r.anyMachine = true
		err = r.lists(doc)
	}
	if err != nil {
		return nil, err
	}
	return r.Mocks, nil
}

// ParseOther reads what a file in Step Functions Local's form answers of another
// machine than the one Parse was asked about, one that a task starts: nil where
// it does not name that machine, or not the test case.
func ParseOther(file, text, machine, testCase string) (*Mocks, error) {
	doc, err := jsonval.Parse(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	cases := doc.Get("StateMachines").Get(machine).Get("TestCases")
	if cases.Len() == 0 || testCase != "" && !cases.Get(testCase).Exists() {
		return nil, nil
	}
	return Parse(file, text, machine, testCase)
}

func position(text string, offset int) (line, column int) {
	before := text[:min(offset, len(text))]
	line = strings.Count(before, "\n") + 1
	column = utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return line, column
}

type reader struct{ *Mocks }

func (r reader) errorf(place, format string, args ...any) error {
	return r.at(place, fmt.Errorf(format, args...))
}

// at says where err is. Places are written only then: a file may have thousands
// of answers.
func (r reader) at(place string, err error) error {
	if place != "" {
		place = " " + place
	}
	return fmt.Errorf("%s:%s %w", r.file, place, err)
}

// pointer adds members or indexes to a JSON pointer.
func pointer(place string, parts ...string) string {
	for _, part := range parts {
		place += jsonval.Path{jsonval.Key(part)}.String()
	}
	return place
}

// lists reads {"<state>": [answer, …]}.
func (r reader) lists(doc jsonval.Value) error {
	for state, list := range doc.Members() {
		place := pointer("", state)
		if !list.Is(jsonval.Array) {
			return r.errorf(place, "is %s, not a list of answers", list.Kind())
		}
		a := &answers{place: place, classes: map[string][]entry{"": {}}}
		for i, v := range list.Items() {
			answer, err := readAnswer(v, "return", "throw")
			if err != nil {
				return r.at(pointer(place, strconv.Itoa(i)), err)
			}
			class, err := classOf(state, v)
			if err != nil {
				return r.at(pointer(place, strconv.Itoa(i)), err)
			}
			a.byPath = a.byPath || state != "*" && class != ""
			n := len(a.classes[class])
			a.classes[class] = append(a.classes[class], entry{n, n, answer})
		}
		r.states[state] = a
		r.names = append(r.names, state)
	}
	return nil
}

// classOf says which calls of a state an answer is for: those of its Map
// iteration; under *, those of its resource and parameters.
func classOf(state string, v jsonval.Value) (string, error) {
	if state == "*" {
		return starClass(v), nil
	}
	iterations := v.Get("iterations")
	if !iterations.Exists() {
		return "", nil
	}
	errForm := errors.New(`has iterations that are not [{"map": name, "index": n}, …], outermost first`)
	path := make([]interp.Iteration, 0, iterations.Len())
	for _, it := range iterations.Items() {
		index, ok := it.Get("index").Int()
		if !ok || !it.Get("map").Is(jsonval.String) {
			return "", errForm
		}
		path = append(path, interp.Iteration{Map: it.Get("map").Text(), Index: int(index)})
	}
	if len(path) == 0 {
		return "", errForm
	}
	return pathClass(path), nil
}

func starClass(v jsonval.Value) string {
	name := v.Get("resource").Text()
	if name == "" {
		return ""
	}
	r := interp.ParseResource(name)
	if r.Kind == interp.UnknownResource { // as history has it: resourceType and invoke.waitForTaskToken
		r = interp.Resource{Kind: interp.ServiceResource, Service: v.Get("resourceType").Text()}
		r.Action, r.Suffix, _ = strings.Cut(name, ".")
	}
	input := v.Get("parameters")
	if !input.Exists() {
		input = v.Get("input")
	}
	if !input.Exists() {
		return resourceClass(r)
	}
	return parameterClass(r, input)
}

// mockConfig reads Step Functions Local's form
// (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html).
func (r reader) mockConfig(doc jsonval.Value, machine, testCase string) error {
	place, states, err := r.testCase(doc.Get("StateMachines"), machine, testCase)
	if err != nil {
		return err
	}
	responses := doc.Get("MockedResponses")
	for state, name := range states.Members() {
		if !name.Is(jsonval.String) {
			return r.errorf(pointer(place, state), "is %s: the name of a mocked response should be here", name.Kind())
		}
		response := responses.Get(name.Text())
		if !response.Exists() {
			return r.errorf(pointer(place, state), "names the mocked response %q; there is %s", name.Text(), listed(keys(responses)))
		}
		a, err := r.response(pointer("/MockedResponses", name.Text()), response)
		if err != nil {
			return err
		}
		r.states[state] = a
		r.names = append(r.names, state)
	}
	return nil
}

// testCase picks the test case: its place and its states.
func (r reader) testCase(machines jsonval.Value, machine, testCase string) (place string, states jsonval.Value, err error) {
	fitting := func(name string) bool {
		cases := machines.Get(name).Get("TestCases")
		return testCase == "" || cases.Get(testCase).Exists()
	}
	name := machine
	if !machines.Get(machine).Exists() {
		names := keys(machines)
		if len(names) > 1 {
			names = slices.DeleteFunc(names, func(n string) bool { return !fitting(n) })
		}
		if len(names) != 1 {
			return "", states, r.errorf("/StateMachines", "has no machine %q; there is %s", machine, listed(keys(machines)))
		}
		name = names[0]
	}
	place = pointer("/StateMachines", name, "TestCases")
	cases := machines.Get(name).Get("TestCases")
	there := keys(cases)
	switch {
	case len(there) == 0:
		return "", states, r.errorf(place, "has no test cases")
	case testCase != "":
	case len(there) == 1:
		testCase = there[0]
	case cases.Get(machine).Exists():
		testCase = machine
	default:
		return "", states, r.errorf(place, "has several test cases: choose one with --test-case; there is %s", listed(there))
	}
	states = cases.Get(testCase)
	place = pointer(place, testCase)
	switch {
	case !states.Exists():
		return "", states, r.errorf(strings.TrimSuffix(place, pointer("", testCase)), "has no test case %q; there is %s", testCase, listed(there))
	case !states.Is(jsonval.Object):
		return "", states, r.errorf(place, "is %s, not an object of states and mocked responses", states.Kind())
	}
	return place, states, nil
}

// response reads one mocked response: answers by number, "0", or by range, "1-2".
func (r reader) response(place string, v jsonval.Value) (*answers, error) {
	if !v.Is(jsonval.Object) {
		return nil, r.errorf(place, `is %s, not an object of answers by number, such as {"0": {"Return": …}}`, v.Kind())
	}
	list := make([]entry, 0, v.Len())
	for key, item := range v.Members() {
		first, last, isRange := strings.Cut(key, "-")
		if !isRange {
			last = first
		}
		from, ok1 := number(first)
		to, ok2 := number(last)
		if !ok1 || !ok2 || from > to {
			return nil, r.errorf(pointer(place, key), `should be named by a number from 0 or a range of them, such as "0" or "1-2"`)
		}
		answer, err := readAnswer(item, "Return", "Throw")
		if err != nil {
			return nil, r.at(pointer(place, key), err)
		}
		list = append(list, entry{from, to, answer})
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(list); i++ {
		if list[i].from <= list[i-1].to {
			return nil, r.errorf(place, "answers call %d twice", list[i].from)
		}
	}
	return &answers{place: place, classes: map[string][]entry{"": list}, invoked: true}, nil
}

func number(s string) (int, bool) {
	if s == "" || len(s) > 9 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// readAnswer reads one answer, whose result and error have the names given.
func readAnswer(v jsonval.Value, returns, throws string) (Answer, error) {
	result, failure, timeout := v.Get(returns), v.Get(throws), v.Get("timeout")
	given := 0
	for _, one := range [...]jsonval.Value{result, failure, timeout} {
		if one.Exists() {
			given++
		}
	}
	if given != 1 {
		return Answer{}, fmt.Errorf("must have exactly one of %s, %s and timeout; it has %s", returns, throws, listed(keys(v)))
	}
	a := Answer{Submitted: v.Get("submitted"), Timeout: timeout.Exists()}
	a.Outcome.Result = result
	if failure.Exists() {
		var err error
		if a.Outcome.Failure, err = readFailure(failure); err != nil {
			return Answer{}, fmt.Errorf("has a %s that %w", throws, err)
		}
	}
	return a, nil
}

// readFailure reads {error, cause}, in either form's spelling. A cause that is
// no text stands for its JSON text, or for causeText where that is given.
func readFailure(v jsonval.Value) (*interp.Failure, error) {
	f := &interp.Failure{}
	switch v.Kind() {
	case jsonval.Null:
		return f, nil
	case jsonval.Object:
	default:
		return nil, fmt.Errorf("is %s, not an object of error and cause", v.Kind())
	}
	switch name := either(v, "error", "Error"); name.Kind() {
	case jsonval.String:
		text := name.Text()
		f.Error = &text
	case jsonval.Undefined, jsonval.Null:
	default:
		return nil, fmt.Errorf("names its error by %s, not by a text", name.Kind())
	}
	cause := either(v, "cause", "Cause")
	if text := v.Get("causeText"); text.Is(jsonval.String) {
		cause = text
	}
	switch cause.Kind() {
	case jsonval.Undefined, jsonval.Null:
	case jsonval.String:
		text := cause.Text()
		f.Cause = &text
	default:
		text := cause.String()
		f.Cause = &text
	}
	return f, nil
}

func either(v jsonval.Value, name, other string) jsonval.Value {
	if m := v.Get(name); m.Exists() {
		return m
	}
	return v.Get(other)
}

func keys(v jsonval.Value) []string {
	names := make([]string, 0, v.Len())
	for name := range v.Members() {
		names = append(names, name)
	}
	return names
}

// sorted is v with the members of its objects in order, so that equal values
// have equal texts.
func sorted(v jsonval.Value) jsonval.Value {
	switch v.Kind() {
	case jsonval.Array:
		items := make([]jsonval.Value, 0, v.Len())
		for _, item := range v.Items() {
			items = append(items, sorted(item))
		}
		return jsonval.OfItems(items)
	case jsonval.Object:
		members := make([]jsonval.Member, 0, v.Len())
		for name, member := range v.Members() {
			members = append(members, jsonval.Member{Key: name, Value: sorted(member)})
		}
		slices.SortFunc(members, func(a, b jsonval.Member) int { return strings.Compare(a.Key, b.Key) })
		return jsonval.OfMembers(members)
	}
	return v
}
