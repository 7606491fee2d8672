package graph

import (
	"strconv"

	"asldbg/interp/asl"
)

// kind says what a row shows.
type kind uint8

const (
	stateRow  kind = iota
	ruleRow        // one way out of a Choice
	errorsRow      // retriers and catchers
	edgeRow        // the arrow to the state below
	blankRow       // between what is not connected
)

// row is one line of the graph.
type row struct {
	kind    kind
	state   *asl.State // of edges: the state they leave
	indent  int        // column of the mark
	lines   []int      // columns left of it where a line passes by
	label   string     // a branch's number, before its first state
	labelAt int
	lastArm bool // the branch is the last one of its Parallel
	rule    int  // of a ruleRow: its index, -1 is Default
	lastWay bool // the last way out of the Choice
	next    bool // the state that follows is in the row below
}

// rowsOf lays a machine out.
func rowsOf(m *asl.StateMachine) []row {
	if m == nil {
		return nil
	}
	w := writer{seen: map[*asl.State]bool{}}
	w.machine(m, 3, nil, "", 0, true)
	return w.rows
}

type writer struct {
	rows []row
	seen map[*asl.State]bool
}

// machine writes the states of m: the chain from StartAt, then what its side
// exits reach, then the rest in source order.
func (w *writer) machine(m *asl.StateMachine, indent int, lines []int, label string, labelAt int, top bool) {
	first := len(w.rows)
	var exits []*asl.State
	w.chain(m.StartAt, indent, lines, top, &exits)
	main := len(w.rows)
	for i := 0; i < len(exits); i++ {
		w.chain(exits[i], indent, lines, false, &exits)
	}
	for _, s := range m.States {
		w.chain(s, indent, lines, false, &exits)
	}
	if top && len(w.rows) > main {
		w.rows = append(w.rows[:main], append([]row{{kind: blankRow}}, w.rows[main:]...)...)
	}
	if label != "" && len(w.rows) > first {
		w.rows[first].label, w.rows[first].labelAt = label, labelAt
	}
}

// chain writes s and what follows it, as long as that is new. Side exits are
// left for later.
func (w *writer) chain(s *asl.State, indent int, lines []int, arrows bool, exits *[]*asl.State) {
	for s != nil && !w.seen[s] {
		w.seen[s] = true
		next := follower(s)
		below := next != nil && !w.seen[next]
		w.rows = append(w.rows, row{kind: stateRow, state: s, indent: indent, lines: lines, next: below && arrows && s.Type != asl.Choice})
		for i := range s.Choices {
			w.rows = append(w.rows, row{kind: ruleRow, state: s, indent: indent, lines: lines, rule: i, lastWay: s.Default == nil && i == len(s.Choices)-1})
			*exits = append(*exits, s.Choices[i].Next)
		}
		if s.Default != nil {
			w.rows = append(w.rows, row{kind: ruleRow, state: s, indent: indent, lines: lines, rule: -1, lastWay: true})
			*exits = append(*exits, s.Default)
		}
		if len(s.Retry)+len(s.Catch) > 0 {
			w.rows = append(w.rows, row{kind: errorsRow, state: s, indent: indent, lines: lines, next: below && arrows})
		}
		for _, c := range s.Catch {
			*exits = append(*exits, c.Next)
		}
		w.inner(s, indent, lines, below && arrows)
		if arrows && below {
			k := edgeRow
			if s.Type == asl.Choice {
				k = blankRow
			}
			w.rows = append(w.rows, row{kind: k, state: s, indent: indent, lines: lines})
		}
		s = next
	}
}

// follower is the state drawn below s: its Next, or the first way out of a
// Choice.
func follower(s *asl.State) *asl.State {
	if s.Type != asl.Choice {
		return s.Next
	}
	if len(s.Choices) > 0 {
		return s.Choices[0].Next
	}
	return s.Default
}

// inner writes the branches of a Parallel or the processor of a Map.
func (w *writer) inner(s *asl.State, indent int, lines []int, line bool) {
	var arms []*asl.StateMachine
	arms = append(arms, s.Branches...)
	labels := make([]string, len(arms))
	for i := range arms {
		labels[i] = strconv.Itoa(i)
	}
	if s.ItemProcessor != nil {
		arms, labels = append(arms, s.ItemProcessor), append(labels, "each")
	}
	if line {
		lines = append(lines[:len(lines):len(lines)], indent)
	}
	for i, m := range arms {
		last := i == len(arms)-1
		inside := lines
		if !last {
			inside = append(lines[:len(lines):len(lines)], indent+2)
		}
		first := len(w.rows)
		w.machine(m, indent+len(labels[i])+7, inside, labels[i], indent+2, false)
		if first < len(w.rows) {
			w.rows[first].lastArm = last
		}
	}
}
