package sessions

import "testing"

// TestEvaluated: the step at the cursor tells how its expressions came about,
// also when one has gone back to it.
func TestEvaluated(t *testing.T) {
	o := options(t, `{"QueryLanguage":"JSONata","StartAt":"A","States":{
		"A":{"Type":"Pass","Output":"{% $states.input.n + 1 %}","Next":"B"},"B":{"Type":"Succeed"}}}`, `{"n":1}`)
	s := start(t, o)
	if v := s.View(); v.Evaluated() != nil {
		t.Error("nothing was evaluated at the start")
	}
	last := func(v View) string {
		parts := v.Evaluated()
		if len(parts) == 0 {
			return "nothing"
		}
		p := parts[len(parts)-1]
		return p.Field + ": " + p.Text[p.Start:p.End] + " = " + p.Value.String()
	}
	const want = "Output: $states.input.n + 1 = 2"
	if got := last(do(t, s, "s")); got != want {
		t.Errorf("%s", got)
	}
	if got := last(do(t, s, "s")); got != "nothing" {
		t.Errorf("B has no expressions: %s", got)
	}
	if got := last(do(t, s, "back")); got != want {
		t.Errorf("gone back: %s", got)
	}
}
