package asl

import (
	"fmt"
	"strings"
	"testing"

	"asldbg/interp/jsonval"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// drawn is a tree as text: for each node its place, its position and its end,
// and what stands there in the source.
func drawn(f *File) string {
	var b strings.Builder
	var draw func(n *Node)
	draw = func(n *Node) {
		line, column := f.Position(n.Start)
		endLine, endColumn := f.Position(n.End)
		fmt.Fprintf(&b, "%s %d:%d-%d:%d", n.Location(), line, column, endLine, endColumn)
		if n.KeyStart >= 0 {
			line, column = f.Position(n.KeyStart)
			fmt.Fprintf(&b, " key %d:%d", line, column)
		}
		if len(n.Kids) == 0 {
			fmt.Fprintf(&b, " %s", n.Value)
		}
		b.WriteByte('\n')
		for _, k := range n.Kids {
			draw(k)
		}
	}
	draw(f.Root)
	return b.String()
}

func tree(t *testing.T, text string, o Options) *File {
	t.Helper()
	root, ds := readTree("t", text, o)
	if ds != nil {
		t.Fatalf("reading: %v", ds)
	}
	f := newFile("t", text)
	f.Root = root
	return f
}

func TestPositions(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"JSON", "{\"a\": [1, \"é\", {}],\r\n \"b\\u00e9\": {\"c\": null}}", `
/ 1:1-2:25
/a 1:7-1:19 key 1:2
/a[0] 1:8-1:9 1
/a[1] 1:11-1:14 "é"
/a[2] 1:16-1:18 {}
/bé 2:13-2:24 key 2:2
/bé/c 2:19-2:23 key 2:14 null
`},
		{"JSON with comments", "\uFEFF// one\n{ /* two */ \"a\": [ 1, // three\n 2, ],\n}\n", `
/ 2:1-4:2
/a 2:18-3:6 key 2:13
/a[0] 2:20-2:21 1
/a[1] 3:2-3:3 2
`},
		{"YAML", "# one\na: 1.10\nb:\n  - é x: y\n  - \"q\\\"\" # c\n  - 'it''s'\nc: {d: [1, 2 ], e: }\nf: |\n  one\n\n  two\n\ng: plain //\n  folded\nh: !!str 12\ni:\n", `
/ 2:1-16:3
/a 2:4-2:8 key 2:1 1.10
/b 4:3-6:12 key 3:1
/b[0] 4:5-4:11
/b[0]/é x 4:10-4:11 key 4:5 "y"
/b[1] 5:5-5:10 "q\""
/b[2] 6:5-6:12 "it's"
/c 7:4-7:21 key 7:1
/c/d 7:8-7:15 key 7:5
/c/d[0] 7:9-7:10 1
/c/d[1] 7:12-7:13 2
/c/e 7:20-7:20 key 7:17 null
/f 8:4-11:6 key 8:1 "one\n\ntwo\n"
/g 13:4-14:9 key 13:1 "plain // folded"
/h 15:4-15:12 key 15:1 "12"
/i 16:3-16:3 key 16:1 null
`},
		{"anchors", "a: &x\n  k: 1\n  l: 2\nb: *x\nc:\n  <<: *x\n  l: 3\n", `
/ 1:1-7:7
/a 1:4-3:7 key 1:1
/a/k 2:6-2:7 key 2:3 1
/a/l 3:6-3:7 key 3:3 2
/b 4:4-4:6 key 4:1
/b/k 2:6-2:7 key 2:3 1
/b/l 3:6-3:7 key 3:3 2
/c 6:3-7:7 key 5:1
/c/l 7:6-7:7 key 7:3 3
/c/k 2:6-2:7 key 2:3 1
`},
		{"YAML with a byte order mark", "\uFEFFa: é\nb: [é, {c: 1}]\n", `
/ 1:1-2:15
/a 1:4-1:5 key 1:1 "é"
/b 2:4-2:15 key 2:1
/b[0] 2:5-2:6 "é"
/b[1] 2:8-2:14
/b[1]/c 2:12-2:13 key 2:9 1
`},
		{"lines of YAML", "a: \"x\u2028y\"\rb: 1\r\nc: 2\n", `
/ 1:1-2:5
/a 1:4-1:9 key 1:1 "x y"
/b 1:13-1:14 key 1:10 1
/c 2:4-2:5 key 2:1 2
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), drawn(tree(t, c.text, Options{}))); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

func TestYAMLScalars(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "-1.50": "-1.50", "12345678901234567890123": "12345678901234567890123", "1e3": "1e3", "+5": "5", ".5": "0.5", "1.": "1",
		"0x1F": "31", "0o17": "15", "010": `"010"`, "012345678901": `"012345678901"`, "1_000": `"1_000"`, ".inf": `".inf"`,
		"true": "true", "False": "false", "yes": `"yes"`, "~": "null", "null": "null", "''": `""`, "'1'": `"1"`,
		"2016-03-14T01:59:00Z": `"2016-03-14T01:59:00Z"`, "2020-01-01": `"2020-01-01"`, "<<": `"<<"`,
	} {
		root, ds := readTree("t", "a: "+text, Options{})
		if ds != nil {
			t.Errorf("%s: %v", text, ds)
		} else if got := root.Get("a").Value.String(); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

func TestBrokenText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n", `t:1:1: the text is empty; the smallest definition is {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}  [definition-empty]`},
		{"no object", "[]", `t:1:1: a definition must be an object, not an array; it starts with { and has the members StartAt and States  [definition-not-object]`},
		{"only words", "hello", `t:1:1: a definition must be an object, not a string; it starts with { and has the members StartAt and States  [definition-not-object]`},
		{"missing comma", "{\"a\": 1\n \"b\": 2}", `t:2:2: unexpected "b": , or } should be here, the { of line 1 is open; is a comma missing before it?  [json-syntax]`},
		{"missing colon", `{"a" 1}`, `t:1:6: unexpected 1: a : should follow the name "a"  [json-syntax]`},
		{"missing value", `{"a": }`, `t:1:7: unexpected }: a value should be here  [json-syntax]`},
		{"wrong bracket", "{\"a\": [1}\n", `t:1:9: unexpected }: , or ] should be here, the [ of line 1 is open  [json-syntax]`},
		{"cut off", "{\"a\": {\n\"b\": 1", `t:2:7: the text ends too early: , or } should be here, the { of line 1 is open  [json-syntax]`},
		{"cut off after a comma", "{\n\"b\": 1,", `t:2:8: the text ends too early: , or } should be here, the { of line 1 is open  [json-syntax]`},
		{"cut off after a name", `{"b":`, `t:1:6: the text ends where a value should be  [json-syntax]`},
		{"single quotes", `{'a': 1}`, `t:1:2: unexpected character '\''; JSON text stands in double quotes; JSON5 is read from files called .json5  [json-syntax]`},
		{"Python", `{"a": True}`, `t:1:7: "True" is not a JSON value: text needs double quotes; did you mean true?  [json-syntax]`},
		{"open string", "{\"a\": \"x\n}", `t:1:9: control character U+000A in a string must be written as an escape; is the closing quote missing?  [json-syntax]`},
		{"text behind", "{}\n{}", `t:2:1: unexpected {: nothing may follow the definition; is a comma missing before it?  [json-syntax]`},
		{"open comment", "{} /* x", `t:1:4: comment is never closed  [json-syntax]`},
		{"deep", strings.Repeat("[", 1002), `t:1:1001: nested deeper than 1000 levels  [json-syntax]`},
		{"YAML tab", "a:\n\tb: 1", `t:2:1: while scanning for the next token: found character that cannot start any token; YAML is indented with blanks, not with tabs  [yaml-syntax]`},
		{"YAML colon", "a: b: c", `t:1:5: mapping values are not allowed in this context; text that holds a colon needs quotes  [yaml-syntax]`},
		{"YAML flow", "a: [1\nb: 2", `t:2:2: while parsing a flow sequence: did not find expected ',' or ']'; what it belongs to starts in line 1  [yaml-syntax]`},
		{"YAML duplicate", "a: 1\nb: 2\na: 3", `t:3:1: the member "a" is there twice  [yaml-syntax]`},
		{"YAML tag", "a: !Sub x", `t:1:4: the tag !Sub has no meaning in a state machine definition  [yaml-syntax]`},
		{"YAML anchor", "a: *x", `t:1:4: unknown anchor 'x' referenced  [yaml-syntax]`},
		{"YAML circle", "a: &x [*x]", `t:1:8: the anchor &x contains itself  [yaml-syntax]`},
		{"YAML documents", "a: 1\n---\nb: 2", `t:1:1: expected single document, found multiple; remove what follows ---  [yaml-syntax]`},
		{"YAML key", "[a]: 1", `t:1:2: "a" is not a JSON value: text needs double quotes  [json-syntax]`},
		{"YAML comment only", "# x", `t:1:1: no documents in stream  [yaml-syntax]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ds := Parse("t", c.text, Options{})
			if f == nil || f.Machine != nil {
				t.Error("a file without a machine is wanted")
			}
			if diff := cmp.Diff(c.want, ds.Error()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if ds.Err() == nil {
				t.Error("no error")
			}
		})
	}
}

// bomb is a YAML text whose aliases stand for 10^9 values.
func bomb() string {
	text := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		text += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 10), ", "))
	}
	return text
}

func TestYAMLBomb(t *testing.T) {
	root, ds := readTree("t", bomb(), Options{})
	if root != nil || ds.Err() == nil || !strings.Contains(ds.Error(), "once aliases are followed") {
		t.Errorf("got %v", ds)
	}
}

func TestYAMLByName(t *testing.T) {
	const text = `{StartAt: A, States: {A: {Type: Succeed}}}`
	if _, ds := Parse("x.yaml", text, Options{}); ds != nil {
		t.Errorf("flow style in a .yaml file: %v", ds)
	}
	_, ds := Parse("x.json", text, Options{})
	want := `x.json:1:2: "StartAt" is not a JSON value: text needs double quotes  [json-syntax]`
	if ds.Error() != want {
		t.Errorf("got %v, want %s", ds, want)
	}
}

func TestSubstitutions(t *testing.T) {
	o := Options{Substitutions: map[string]string{
		"Fn": "arn:aws:lambda:us-east-1:123456789012:function:f", "N": "30", "Retry": `[{"ErrorEquals": ["x"], "MaxAttempts": -1}]`,
		"Name": "A", "Odd": "${N}", "Word": "word",
	}}
	runDiagnosticTests(t, o, []diagnosticTest{
		{"fine", `"${Name}": {"Type": "Task", "Resource": "${Fn}", "TimeoutSeconds": ${N}, "Comment": "${Odd} ${ } ${a b} $${N}", "End": true}`, nil},
		{"a filled value is checked, at its placeholder", `"A": {"Type": "Task", "Resource": "${Word}", "Retry": ${Retry}, "End": true}`, []string{
			`2:35: state "A": Resource "word" is not one Step Functions knows; a Resource is an ARN, such as arn:aws:states:::lambda:invoke  [resource-unknown]`,
			`2:55: state "A": MaxAttempts is -1; it must be at least 0  [field-range]`,
		}},
		{"missing, once a name and without further complaints", `
"A": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::sqs:sendMessage", "TimeoutSeconds": ${T}, "ResultPath": "${P}",
  "Retry": ${Retry2}, "Parameters": {"q": "${P}", "x.$": "${P}"}, "Next": "${Next}"},
"${Next}": {"Type": "${Type}"}`, []string{
			`3:40: state "A": ${AWS::Partition} has no value; give it one with --set AWS::Partition=VALUE  [definition-substitution]`,
			`3:103: state "A": ${T} has no value; give it one with --set T=VALUE  [definition-substitution]`,
			`3:124: state "A": ${P} has no value; give it one with --set P=VALUE  [definition-substitution]`,
			`4:12: state "A": ${Retry2} has no value; give it one with --set Retry2=VALUE  [definition-substitution]`,
			`4:76: state "A": ${Next} has no value; give it one with --set Next=VALUE  [definition-substitution]`,
			`5:22: state "${Next}": ${Type} has no value; give it one with --set Type=VALUE  [definition-substitution]`,
		}},
		{"outside a string", `"A": {"Type": "Wait", "Seconds": ${Word}, "End": true}`, []string{
			`2:34: state "A": ${Word} stands outside a string, so its value must be JSON, but "word" is not: "word" is not a JSON value: text needs double quotes; write "${Word}" in double quotes if it is text  [definition-substitution]`,
		}},
	})
	f := tree(t, "{\"a${Name}\": [\"${N}-${Odd}\", ${N}, {\"b\": ${Retry}}]}", o)
	want := `{"aA":["30-${N}",30,{"b":[{"ErrorEquals":["x"],"MaxAttempts":-1}]}]}`
	if got := f.Root.Value.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	f = tree(t, "a: ${N}\nb: '${N}'\nc: ${Word}\nd: x ${N}", o)
	if got, want := f.Root.Value.String(), `{"a":30,"b":"30","c":"word","d":"x 30"}`; got != want {
		t.Errorf("YAML: got %s, want %s", got, want)
	}
}

func TestTreeFromYAML(t *testing.T) {
	const source = `Other: 1
Definition:
  StartAt: A
  States:
    A:
      Type: Task
      Resource: !GetAtt Fn.Arn
      Parameters: !If [x, {a: 1}, {b: 2}]
      Comment: ${Word}
      End: true
`
	var doc yaml.Node
	if err := yaml.Load([]byte(source), &doc); err != nil {
		t.Fatal(err)
	}
	resolve := func(n *yaml.Node) (jsonval.Value, bool) {
		switch n.Tag {
		case "!GetAtt":
			return jsonval.OfString("no-arn"), true
		case "!If":
			return jsonval.MustParse(`{"b.$": "2"}`), true
		}
		return jsonval.Value{}, false
	}
	root, err := TreeFromYAML(source, doc.Content[0].Content[3], resolve)
	if err != nil {
		t.Fatal(err)
	}
	f, ds := Analyze("t", source, root, Options{Substitutions: map[string]string{"Word": "filled"}})
	got := ds.Error()
	want := `t:7:17: state "A": Resource "no-arn" is not one Step Functions knows; a Resource is an ARN, such as arn:aws:states:::lambda:invoke  [resource-unknown]
t:8:19: state "A": b.$: this is neither a path, which starts with $, nor a call such as States.Format('{}', $.x)  [template-value]`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if c := f.Machine.State("A").Comment; c != "filled" {
		t.Errorf("the comment is %q", c)
	}
	if _, err := TreeFromYAML(source, doc.Content[0], nil); err == nil || err.Error() != "the tag !GetAtt has no meaning in a state machine definition" {
		t.Errorf("without resolve: %v", err)
	}
}

func TestNode(t *testing.T) {
	f := tree(t, `{"States": {"C": {"Choices": [{"Next": "x"}]}, "a/b": 1}}`, Options{})
	next := f.Root.Get("States").Get("C").Get("Choices").Kids[0].Get("Next")
	if got, want := next.Location(), "/States/C/Choices[0]/Next"; got != want {
		t.Errorf("location %s, want %s", got, want)
	}
	if got, want := next.Pointer().String(), "/States/C/Choices/0/Next"; got != want {
		t.Errorf("pointer %s, want %s", got, want)
	}
	if got := f.Root.At(next.Pointer()); got != next {
		t.Errorf("the node at its pointer is %v", got)
	}
	if got := f.Root.At(jsonval.Path{jsonval.Key("States"), jsonval.Key("C"), jsonval.Key("x"), jsonval.Index(3)}); got.Key != "C" {
		t.Errorf("the nearest node is %q, want C", got.Key)
	}
	if got := f.Root.Get("nothing").Get("below"); got != nil {
		t.Errorf("got %v below nothing", got)
	}
	if got, want := f.Root.Location()+" "+f.Root.Get("States").Get("a/b").Location(), "/ /States/a/b"; got != want {
		t.Errorf("locations %s, want %s", got, want)
	}
	duplicated, _ := readTree("t", `{"a": 1, "b": 2, "a": 3}`, Options{})
	if got := duplicated.Get("a").Value.String(); got != "3" || len(duplicated.Kids) != 3 || duplicated.Value.String() != `{"a":3,"b":2}` {
		t.Errorf("a is %s of %d kids of %s", got, len(duplicated.Kids), duplicated.Value)
	}
}

func TestJSON5(t *testing.T) {
	const text = `// a literal of JavaScript
{ StartAt: 'A', "States": {
  A /* a name */ : {Type: 'Pass', Result: {'it\'s': "it\'s", $ü1: '"\x41\u00e9\ud83d\ude00\
\z', true: true, n: -1.5e3, d: null,},
  End: true,},},}`
	f, ds := Parse("t.json5", text, Options{})
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	want := `{"it's":"it's","$ü1":"\"Aé😀z","true":true,"n":-1.5e3,"d":null}`
	if got := f.Machine.States[0].Result.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for bad, want := range map[string]string{
		`{StartAt: A}`:      `t.json5:1:11: "A" is not a JSON value: text needs double quotes  [json-syntax]`,
		`{a: 'b`:            `t.json5:1:5: the text that begins with ' is not one of JSON5  [json-syntax]`,
		"{a: 'b\n'":         `t.json5:1:7: the text that begins with ' is not one of JSON5  [json-syntax]`,
		`{a: '\xg0'}`:       `t.json5:1:6: the text that begins with ' is not one of JSON5  [json-syntax]`,
		`{a: '\u12'}`:       `t.json5:1:6: the text that begins with ' is not one of JSON5  [json-syntax]`,
		`{a: '\`:            `t.json5:1:6: the text that begins with ' is not one of JSON5  [json-syntax]`,
		`{a`:                `t.json5:1:2: "a" is not a JSON value: text needs double quotes  [json-syntax]`,
		`{a: 1} /* no end`:  `t.json5:1:8: comment is never closed  [json-syntax]`,
		`{a: {StartAt: 'A'`: "t.json5:1:18: the text ends too early: , or } should be here, the { of line 1 is open  [json-syntax]",
	} {
		_, ds := Parse("t.json5", bad, Options{})
		if got := ds.Error(); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", bad, got, want)
		}
	}
	if _, ds := Parse("t.json", text, Options{}); ds.Err() == nil {
		t.Error("JSON5 is read from a file called .json")
	}
}

// readTree only reads a text and fills its placeholders.
func readTree(name, text string, o Options) (*Node, Diagnostics) {
	a := analysis{file: newFile(name, text), o: o}
	a.read()
	return a.file.Root, a.diagnostics()
}
