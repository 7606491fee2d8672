package query

import (
	"strings"
	"time"

	"asldbg/interp/jsonval"
)

// deadline ends a question that would not end by itself.
const deadline = 50 * time.Millisecond

// Query is a compiled question.
type Query struct {
	text string
	code language
	left *Query // of a comparison: what is compared, for showing
}

// language is a compiled text in one of the languages.
type language interface {
	// run evaluates; no result is Undefined.
	run(c *Cache, at Scene) (jsonval.Value, error)
	// isTrue is the language's idea of truth.
	isTrue(v jsonval.Value) bool
}

// Scene is what a question looks at. Parts may be missing.
type Scene struct {
	Data    jsonval.Value // the input: . in jq, $ in JSONata
	Vars    jsonval.Value // an object, the variables of the state machine
	Context jsonval.Value // the context object
	// States is $states of JSONata, an object.
	States jsonval.Value
}

// Compile reads a question.
func Compile(text string) (*Query, error) {
	if expr, ok := JSONata(text); ok {
		return compileJSONata(text, expr)
	}
	return compileJQ(text)
}

// JSONata is the expression of a text that is written {% … %}.
func JSONata(text string) (expr string, ok bool) {
	text = strings.TrimSpace(text)
	if len(text) < len("{%%}") || !strings.HasPrefix(text, "{%") || !strings.HasSuffix(text, "%}") {
		return "", false
	}
	return text[2 : len(text)-2], true
}

// String is the question as it was written.
func (q *Query) String() string { return q.text }

// Compared is the left side of a question that is a comparison, otherwise nil.
func (q *Query) Compared() *Query { return q.left }

// Run answers q. Of several results the first one counts; none is Undefined.
func (q *Query) Run(c *Cache, at Scene) (jsonval.Value, error) {
	return q.code.run(c, at)
}

// IsTrue reports whether an answer to q is a yes. In jq that is all but false,
// null and nothing, in JSONata what $boolean says.
func (q *Query) IsTrue(answer jsonval.Value) bool { return q.code.isTrue(answer) }
