package asl

import (
	"strings"
	"testing"
)

// FuzzParse checks that no text makes Parse panic, that findings have a place
// in the text, and that a definition without errors has no holes.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[`, "  ?", "a: *x", "a: &x [*x]", "\uFEFF{}", "{\"a\": ${X}}", `{"${": "${A}", "b": "${`, "a: |\n  x\n b", "? [a]\n: b",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}`,
		`{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Not": {"And": [{"Variable": "$.x", "IsNull": true}]}, "Next": "A"}]}}}`,
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "Iterator": {"StartAt": "B", "States": {"B": {"Type": "Fail", "CausePath": "States.Format('{}', $.x)"}}}, "End": true}}}`,
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": {"Headers": {"Host": 1}}, "Retry": [{}], "Catch": [{}], "End": 1}}}`,
		"StartAt: A\nStates:\n  A: &a\n    Type: Wait\n    Seconds: ${N}\n    <<: {End: true}\n",
		`{StartAt: 'A', States: {A: {Type: "Pass", Result: '\\x41\\u00', End: true,},},}`,
		"a: \"x\\\n  y\"\rb: 'it''s'\u2028c: !!str 1\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, ds := Parse("t.json5", text, Options{Unfilled: func(string) bool { return true }}); ds != nil {
			for _, d := range ds {
				if d.EndLine < d.Line || d.EndLine == d.Line && d.EndColumn < d.Column {
					t.Errorf("a finding ends before it begins: %#v", d)
				}
			}
		}
		for _, o := range []Options{{}, {Express: true, Substitutions: map[string]string{"A": "B", "X": "[1]", "N": "${N}"}}} {
			file, ds := Parse("t", text, o)
			lines := 1 + strings.Count(text, "\n")
			for _, d := range ds {
				if d.Line < 1 || d.Line > lines || d.Column < 1 || d.Message == "" || d.Code == "" {
					t.Errorf("a finding without a place: %#v", d)
				}
			}
			if file.Root == nil && ds.Err() == nil {
				t.Error("neither a tree nor an error")
			}
			if ds.Err() == nil {
				noHoles(t, file.Machine)
			}
			if file.Root != nil {
				inside(t, file.Root, len(text))
			}
		}
	})
}

func noHoles(t *testing.T, m *StateMachine) {
	if m == nil || m.StartAt == nil || len(m.States) == 0 {
		t.Fatalf("a machine without errors and without states: %v", m)
	}
	for _, s := range m.States {
		switch s.Type {
		case Choice:
			if len(s.Choices) == 0 {
				t.Errorf("%s has no rules", s.Name)
			}
			for _, r := range s.Choices {
				if r.Next == nil {
					t.Errorf("a rule of %s goes nowhere", s.Name)
				}
			}
		case Wait:
			if (s.Seconds == nil) == (s.Timestamp == nil) {
				t.Errorf("%s waits for nothing", s.Name)
			}
		case Parallel:
			for _, b := range s.Branches {
				noHoles(t, b)
			}
		case Map:
			noHoles(t, s.ItemProcessor)
		case Task, Pass:
			if s.Next == nil && !s.End {
				t.Errorf("%s goes nowhere", s.Name)
			}
		}
	}
}

func inside(t *testing.T, n *Node, size int) {
	if n.Start < 0 || n.End < n.Start || n.End > size || n.KeyStart > size {
		t.Errorf("%s stands at %d to %d of %d", n.Location(), n.Start, n.End, size)
	}
	for _, k := range n.Kids {
		if k.Parent != n {
			t.Errorf("%s is not the parent of %s", n.Location(), k.Location())
		}
		inside(t, k, size)
	}
}
