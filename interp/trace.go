package interp

import "asldbg/interp/jsonval"

// Part is a part of a JSONata expression and what it evaluated to.
type Part struct {
	Field string // the expression's place, as AWS's causes name it: Output/total
	Text  string // the expression, without its delimiters
	Start int    // bytes of Text
	End   int
	Value jsonval.Value // Undefined: nothing
}

// mostParts is how many parts a Trace tells of: the first ones.
const mostParts = 1000

// Trace makes the coming advance of a frame on the side and tells the parts of
// the JSONata expressions it evaluates, inner ones first, so that one can see how
// a result comes about. There are none of other languages, nor where the frame
// cannot advance.
func (x Execution) Trace(id FrameID) []Part {
	t := x.begin(x.Now())
	f := t.own(id)
	if t.status != Running || f == nil || f.run != Ready {
		return nil
	}
	var parts []Part
	t.expr.Trace = func(field, text string, start, end int, v jsonval.Value) {
		if len(parts) < mostParts {
			parts = append(parts, Part{field, text, start, end, v})
		}
	}
	t.advance(f)
	return parts
}
