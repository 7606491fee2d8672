package asl

import (
	"cmp"
	"slices"
	"strings"
)

// analysis builds the machine of one file and collects what is wrong with it.
type analysis struct {
	file     *File
	o        Options
	found    []finding
	unset    map[string]bool // placeholders reported already
	language QueryLanguage   // of the whole machine
	states   map[string]*State
	labels   map[string]*Node
	lost     []lostTarget
	unsure   map[*StateMachine]bool // it has transitions nobody can know yet
	guesses  int                    // hints looked for
	inside   *StateMachine          // the one whose fields are being read
	variables
}

// finding is a Diagnostic whose place is still given in offsets.
type finding struct {
	at, end int
	Diagnostic
}

// maxGuesses is for how many misspelt words a similar one is looked for: nobody
// reads more, and looking takes time.
const maxGuesses = 50

func (a *analysis) mayGuess() bool {
	a.guesses++
	return a.guesses <= maxGuesses
}

// guess is DidYouMean as long as there are not too many.
func (a *analysis) guess(word string, words []string) string {
	if !a.mayGuess() {
		return ""
	}
	return DidYouMean(word, words)
}

// schemaFailed is the code AWS gives to everything that is wrong with a field.
const schemaFailed = "SCHEMA_VALIDATION_FAILED"

// refuse reports an error AWS refuses the definition for. Where no AWSCode is
// given it is AWS's general one, at the place of n.
func (a *analysis) refuse(n *Node, d Diagnostic) { a.refuseAt(n, n.Start, d) }

// refuseKey is refuse, at the name of n: for what concerns n as a whole.
func (a *analysis) refuseKey(n *Node, d Diagnostic) {
	at := n.Start
	if n.KeyStart >= 0 && n.Parent != nil {
		at = n.KeyStart
	}
	a.refuseAt(n, at, d)
}

func (a *analysis) refuseAt(n *Node, at int, d Diagnostic) {
	if n.open {
		return // it is the missing substitution that is wrong
	}
	if d.AWSCode == "" {
		d.AWSCode = schemaFailed
		if d.Location == "" {
			d.Location = n.Location()
		}
	}
	a.report(n, at, d)
}

// ours reports an error that AWS does not know.
func (a *analysis) ours(n *Node, d Diagnostic) { a.report(n, n.Start, d) }

func (a *analysis) warn(n *Node, d Diagnostic) { a.warnAt(n, n.Start, d) }

func (a *analysis) warnAt(n *Node, at int, d Diagnostic) {
	if n.open {
		return
	}
	d.Severity = Warning
	a.report(n, at, d)
}

func (a *analysis) report(n *Node, at int, d Diagnostic) {
	d.State, d.Field = n.scope()
	a.found = append(a.found, finding{at, a.end(n, at), d})
}

// end is where n ends, or its name where at is the name's place.
func (a *analysis) end(n *Node, at int) int {
	if n.Parent == nil || at != n.KeyStart {
		return max(at, n.End)
	}
	source := a.file.Source[min(at, len(a.file.Source)):]
	if strings.HasPrefix(source, n.Key) {
		return at + len(n.Key)
	}
	if source == "" || source[0] != '"' && source[0] != '\'' {
		return at
	}
	for i := 1; i < len(source) && source[i] != '\n'; i++ {
		switch source[i] {
		case source[0]:
			return at + i + 1
		case '\\':
			i++
		}
	}
	return at
}

func (a *analysis) diagnostics() Diagnostics {
	if len(a.found) == 0 {
		return nil
	}
	slices.SortStableFunc(a.found, func(x, y finding) int { return cmp.Compare(x.at, y.at) })
	ds := make(Diagnostics, len(a.found))
	for i, f := range a.found {
		ds[i] = f.Diagnostic
		ds[i].File = a.file.Name
		ds[i].Line, ds[i].Column = a.file.Position(f.at)
		ds[i].EndLine, ds[i].EndColumn = a.file.Position(f.end)
	}
	return ds
}

// inText is the offset of byte i of the string n in the source; where the string
// starts when they cannot be matched.
func (a *analysis) inText(n *Node, i int) int {
	if at, ok := a.file.inText(n, i); ok {
		return at
	}
	return n.Start
}
