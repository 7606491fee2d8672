package timeline

import (
	"sort"
	"strconv"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Steps lists the events, those of a step together. The zero value is ready.
type Steps struct {
	list   list.List
	only   bool // only events that are in AWS's history
	rows   []event
	seen   steps
	cursor int // where in time the session stood
}

// event is a row: an event of a step; -1 is the step itself, where it has none.
type event struct{ step, at int }

// Only reports whether only events of AWS's history are listed.
func (s *Steps) Only() bool { return s.only }

// SetOnly lists only events that are in AWS's history, or all.
func (s *Steps) SetOnly(only bool) {
	s.only = only
	s.rows, s.seen, s.cursor = nil, steps{}, -1
}

// Update looks at a new picture of the session: the cursor follows the
// session's.
func (s *Steps) Update(v *sessions.View) {
	from, same := s.seen.see(v.Steps)
	if !same {
		s.rows = s.rows[:0]
	}
	for i := from; i < len(v.Steps); i++ {
		step := &v.Steps[i]
		if len(step.Events) == 0 && !s.only {
			s.rows = append(s.rows, event{i, -1})
		}
		for at := range step.Events {
			if !s.only || step.Events[at].Kind.InHistory() {
				s.rows = append(s.rows, event{i, at})
			}
		}
	}
	if s.cursor != v.Cursor {
		s.cursor = v.Cursor
		at := sort.Search(len(s.rows), func(i int) bool { return s.rows[i].step >= v.Cursor })
		s.list.Center(max(at-1, 0))
	}
}

// Cursor is the number of the step under the cursor, 0 for none.
func (s *Steps) Cursor() int {
	if s.list.Cursor >= len(s.rows) {
		return 0
	}
	return s.rows[s.list.Cursor].step + 1
}

// Move moves the cursor by n rows.
func (s *Steps) Move(n int) { s.list.Move(n, len(s.rows)) }

// Page moves the cursor by n screens.
func (s *Steps) Page(n int) { s.list.Page(n, len(s.rows)) }

// Search moves the cursor; see [list.List.Search].
func (s *Steps) Search(v *sessions.View, query string, dir int) (n, total int) {
	return s.list.Search(len(s.rows), func(i int) string {
		name, detail := s.text(v, s.rows[i])
		return name + " " + detail
	}, query, dir)
}

func (s *Steps) text(v *sessions.View, r event) (name, detail string) {
	if step := &v.Steps[r.step]; r.at < 0 {
		return step.Text, ""
	}
	return Text(&v.Steps[r.step].Events[r.at])
}

// Text tells an event: its name, as AWS's history has it where it has it, and
// what it is about.
func Text(e *interp.Event) (name, detail string) {
	name = e.Kind.String()
	switch {
	case e.State == nil:
	case e.Kind == interp.StateEntered || e.Kind == interp.StateExited:
		return e.State.Type.String() + name, e.State.Name
	case e.Kind == interp.StageDone:
		detail = e.Stage.Name(e.State)
		if e.Value.Exists() {
			detail += "  " + jsonview.Size(e.Value.Size())
		}
	case e.Kind == interp.Edited:
		detail = jsonview.Size(e.Value.Size())
	case e.Kind == interp.ChoiceMade && e.Index < 0:
		detail = "Default"
	case e.Kind == interp.ChoiceMade:
		detail = "rule " + strconv.Itoa(int(e.Index)+1)
	case e.Kind == interp.RetryScheduled:
		detail = "attempt " + strconv.Itoa(int(e.Attempt)+1) + " in " + e.Due.Sub(e.At).String()
	case e.Kind == interp.WaitStarted:
		detail = "until " + e.Due.UTC().Format("15:04:05")
	case e.Kind == interp.ErrorCaught && int(e.Index) < len(e.State.Catch) && e.State.Catch[e.Index].Next != nil:
		detail = "next " + e.State.Catch[e.Index].Next.Name
	case e.Failure == nil && (e.Kind == interp.TaskSucceeded || e.Kind == interp.TaskSubmitted):
		if detail = e.Value.Get("StatusCode").Text(); detail == "" && e.Value.Exists() {
			detail = jsonview.Size(e.Value.Size())
		}
	case e.Kind == interp.BranchStarted || e.Kind >= interp.MapIterationStarted && e.Kind <= interp.MapIterationAborted:
		detail = strconv.Itoa(int(e.Index))
	}
	if e.Failure != nil && e.Failure.Error != nil {
		detail = *e.Failure.Error
	}
	return name, detail
}

// Draw fills a with the list and a legend below it.
func (s *Steps) Draw(a paint.Area, v *sessions.View, focus bool) {
	s.Update(v)
	body := a
	if a.H >= 12 {
		body = a.Rows(0, a.H-3)
		a.At(1, a.H-2).Put(theme.Dim, "a = also in the AWS execution history")
		all := "A only those"
		if s.only {
			all = "A all events"
		}
		a.At(1, a.H-1).Put(theme.Dim, all+"   / find   enter go there")
	}
	digits := max(len(strconv.Itoa(len(v.Steps))), 2)
	from, to := s.list.Window(body.H, len(s.rows))
	for i := from; i < to; i++ {
		r := s.rows[i]
		step := &v.Steps[r.step]
		p := body.At(0, i-from)
		if focus && i == s.list.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		if i == from || s.rows[i-1].step != r.step { // the first row of its step
			if step.N == v.Cursor {
				p.To(1).Put(theme.Here, theme.GlyphHere)
			}
			number := strconv.Itoa(step.N)
			p.To(2+digits-len(number)).Put(theme.Dim, number)
		}
		role := theme.Plain
		switch {
		case step.N > v.Cursor:
			role = theme.Dim
		case r.at >= 0 && step.Events[r.at].Failure != nil:
			role = theme.Failed
		}
		if r.at >= 0 && step.Events[r.at].Kind.InHistory() {
			p.To(3+digits).Put(theme.Dim, "a")
		}
		name, detail := s.text(v, r)
		p.To(5+digits).Say(role, name)
		if detail != "" {
			at := p.X + 1
			if r.at >= 0 && step.Events[r.at].Kind != interp.StageDone {
				at = max(at, 5+digits+21)
			}
			p.To(at).Say(role, detail)
		}
	}
}
