package pipeline

import (
	"testing"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

func TestEvaluated(t *testing.T) {
	text := "$sum(a) * 2"
	got := Evaluated([]interp.Part{
		{Field: "Output/x", Text: text, Start: 5, End: 6, Value: jsonval.MustParse("[1,2]")},
		{Field: "Output/x", Text: text, Start: 5, End: 6, Value: jsonval.MustParse("[1,2]")},
		{Field: "Output/x", Text: text, Start: 0, End: 7, Value: jsonval.MustParse("3")},
		{Field: "Output/x", Text: text, Start: 10, End: 11, Value: jsonval.MustParse("2")},
		{Field: "Output/x", Text: text, Start: 0, End: 11, Value: jsonval.MustParse("6")},
		{Field: "Output/y", Text: "b", Start: 0, End: 1},
	})
	want := `How Output/x came about:
  a  is  [1,2]
  $sum(a)  is  3
  $sum(a) * 2  is  6
How Output/y came about:
  b  is  nothing
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
	if Evaluated(nil) != "" {
		t.Error("nothing was evaluated, and something is told")
	}
}
