package tui

import (
	"fmt"
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/sessions"
	"asldbg/tui/jsonview"
	"asldbg/tui/layout"
	"asldbg/tui/list"
	"asldbg/tui/paint"
	"asldbg/tui/pipeline"
	"asldbg/tui/request"
	"asldbg/tui/theme"
)

// listOf is the cursor of a pane that is a list.
func (m *Model) listOf(p layout.Pane) *list.List {
	switch p {
	case layout.Signature:
		return &m.request.Parts
	case layout.Earlier:
		return &m.request.Earlier
	}
	return &m.lists[p]
}

// rows are the lines of a list, as they are searched.
func (m *Model) rows(p layout.Pane) []string {
	v := &m.view
	var rows []string
	switch p {
	case layout.Frames:
		for i := range v.Frames {
			rows = append(rows, frameName(v, &v.Frames[i])+" "+v.Frames[i].State.Name)
		}
	case layout.Variables:
		if f := m.frame(); f != nil {
			for k, value := range f.Variables.Members() {
				rows = append(rows, "$"+k+" "+jsonview.Compact(value, 200))
			}
		}
		for _, w := range v.Watches {
			rows = append(rows, w.Expr)
		}
	case layout.Breakpoints:
		for _, b := range v.Breakpoints {
			rows = append(rows, placeOf(b)+" "+b.Condition)
		}
		for _, h := range v.Holds {
			rows = append(rows, "hold "+h.String())
		}
	case layout.Signature:
		if r := m.held(); r != nil {
			for _, part := range request.SignatureParts(r) {
				rows = append(rows, part.Name)
			}
		}
	case layout.Earlier:
		if r := m.held(); r != nil {
			for _, i := range request.Similar(v, r) {
				rows = append(rows, v.Calls[i].State+" "+request.AnswerText(v.Calls[i]))
			}
		}
	}
	return rows
}

// breakpoint is the one under the cursor, nil if there is none.
func (m *Model) breakpoint() *sessions.Breakpoint {
	if i := m.lists[layout.Breakpoints].Cursor; i < len(m.view.Breakpoints) {
		return &m.view.Breakpoints[i]
	}
	return nil
}

// frameName is the way to a frame from the root: /Fanout/0; below what a task
// has started, /payment:/Fanout/0.
func frameName(v *sessions.View, f *interp.Frame) string {
	parent := v.Frame(f.Parent)
	switch {
	case isNested(f) && (parent == nil || !isNested(parent) || parent.Execution != f.Execution):
		if parent == nil { // it has outlived those around it
			return "/" + machineOf(f) + ":"
		}
		return strings.TrimSuffix(frameName(v, parent), "/") + "/" + machineOf(f) + ":"
	case f.Parent == 0 || parent == nil:
		return "/"
	}
	above := frameName(v, parent)
	if above == "/" {
		above = ""
	}
	return above + "/" + parent.State.Name + "/" + strconv.Itoa(f.Branch)
}

// isNested reports whether a task has started the execution f belongs to.
func isNested(f *interp.Frame) bool { return f.Execution != nil && f.Execution.Level > 0 }

// machineOf is the name of the machine f executes.
func machineOf(f *interp.Frame) string {
	arn := f.Execution.StateMachineARN
	return arn[strings.LastIndexByte(arn, ':')+1:]
}

// frames draws the tree of frames; the focused one tells more.
func (m *Model) frames(a paint.Area, focus bool) {
	v := &m.view
	if len(v.Frames) == 0 {
		a.At(1, 0).Put(theme.Dim, "nothing is executing")
		return
	}
	l := m.listOf(layout.Frames)
	details := min(2, max(a.H-1, 0))
	from, to := l.Window(max(a.H-details, 1), len(v.Frames))
	nameAt, stateAt := 3, 8
	for i := range v.Frames {
		stateAt = max(stateAt, min(nameAt+v.Frames[i].Depth, a.W/4)+a.Width(frameName(v, &v.Frames[i]))+2)
	}
	stateAt = min(stateAt, a.W/2)
	y := 0
	for i := from; i < to; i++ {
		f := &v.Frames[i]
		p := a.At(0, y)
		if focus && i == l.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		name := theme.Plain
		if f.ID == v.Focus {
			p.To(1).Put(theme.Here, theme.GlyphHere)
			name = theme.Here
		}
		p.To(min(nameAt+f.Depth, a.W/4)).Until(stateAt-1).Say(name, frameName(v, f))
		stageAt := a.W - 11
		p.Until(stageAt-1).To(stateAt).Say(theme.Plain, f.State.Name)
		p.Until(a.W).To(stageAt).Say(theme.Dim, stageOf(f))
		y++
		if f.ID == v.Focus && y < a.H {
			a.At(5, y).Put(theme.Dim, fmt.Sprintf("attempt %d   entered %s", f.Attempt+1, f.EnteredAt.UTC().Format("15:04:05.000Z")))
			y++
		}
	}
	if f := m.frame(); f != nil && y+1 < a.H {
		if text := opens(f); text != "" {
			a.At(3, y+1).Put(theme.Dim, text)
		}
	}
}

func stageOf(f *interp.Frame) string {
	if f.Failure != nil {
		return theme.GlyphFailed + " failed"
	}
	if f.Run == interp.Finished {
		return theme.GlyphDone + " over"
	}
	return pipeline.Current(f).Name(f.State)
}

// opens says which frames will open next.
func opens(f *interp.Frame) string {
	next := f.State.Next
	switch {
	case next == nil:
		return ""
	case next.Type == asl.Parallel:
		return fmt.Sprintf("(%d branches will open at %s)", len(next.Branches), next.Name)
	case next.Type == asl.Map:
		return "(iterations will open at " + next.Name + ")"
	}
	return ""
}

// variables draws the variables the focused frame sees, then the watches.
func (m *Model) variables(a paint.Area, focus bool) {
	v := &m.view
	vars := jsonval.Value{}
	if f := m.frame(); f != nil {
		vars = f.Variables
	}
	total := vars.Len() + len(v.Watches)
	if total == 0 {
		a.At(1, 0).Put(theme.Dim, "no variables; w watches an expression")
		return
	}
	l := m.listOf(layout.Variables)
	from, to := l.Window(a.H, total)
	valueAt := 10
	for k := range vars.Members() {
		valueAt = max(valueAt, min(a.Width(k)+4, a.W/2))
	}
	for i := from; i < to; i++ {
		p := a.At(0, i-from)
		if focus && i == l.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		p.To(1)
		if i < vars.Len() {
			member := vars.MemberAt(i)
			p.Until(valueAt-1).Say(theme.Name, "$"+member.Key)
			p.Until(a.W).To(valueAt)
			if member.Value.Len() > 0 {
				p.Put(theme.Dim, theme.GlyphClosed+" ")
			}
			jsonview.Scalar(p.To(max(p.X, valueAt+2)), theme.Plain, member.Value)
			continue
		}
		m.watch(p, &v.Watches[i-vars.Len()], a.W)
	}
}

func (m *Model) watch(p *paint.Pen, w *sessions.Watch, width int) {
	p.Put(theme.Dim, fmt.Sprintf("watch %d  ", w.ID)).Until(width*2/3-1).Say(theme.Plain, w.Expr)
	p.Until(width).To(max(p.X+1, width*2/3-8))
	switch {
	case w.Error != "":
		p.Say(theme.Failed, w.Error)
		return
	case !w.Value.Exists():
		p.Put(theme.Dim, "nothing")
	default:
		jsonview.Scalar(p, theme.Plain, w.Value)
	}
	if w.Previous.Exists() {
		p.To(max(p.X+2, width-8)).Put(theme.Changed, "was ")
		jsonview.Scalar(p, theme.Changed, w.Previous)
	}
}

// placeOf is where a breakpoint stops.
func placeOf(b sessions.Breakpoint) string {
	name := b.State
	if name == "" {
		name = "*"
	}
	if b.Stage != "" && b.Stage != "Entered" {
		name += ":" + b.Stage
	}
	return name
}

// breakpoints draws the breakpoints and what is done with requests.
func (m *Model) breakpoints(a paint.Area, focus bool) {
	v := &m.view
	rows := 0
	for _, b := range v.Breakpoints {
		rows++
		if b.Condition != "" {
			rows++
		}
	}
	body := a
	if a.H >= 2 && v.Phase != sessions.Replay {
		text := "all requests: hold"
		if !v.HoldAll {
			text = "requests that may leave: sent"
		}
		a.At(1, a.H-1).Put(theme.Dim, text)
		body = a.Rows(0, a.H-1)
	}
	rows += len(v.Holds)
	if rows == 0 {
		body.At(1, 0).Put(theme.Dim, "none; b breaks here")
		return
	}
	l := m.listOf(layout.Breakpoints)
	total := len(v.Breakpoints) + len(v.Holds)
	shown := max(body.H*total/rows, 1)
	from, to := l.Window(shown, total)
	y := 0
	for i := from; i < to; i++ {
		p := body.At(0, y)
		if focus && i == l.Cursor {
			p.Put(theme.Cursor, theme.GlyphClosed)
		}
		if i >= len(v.Breakpoints) {
			h := v.Holds[i-len(v.Breakpoints)]
			text := "sent:  "
			if h.On {
				text = "held:  "
			}
			p.To(1).Put(theme.Break, text).Say(theme.Plain, h.Kind+" "+h.Name)
			y++
			continue
		}
		b := v.Breakpoints[i]
		role, on := theme.Break, "on "
		if b.Off {
			role, on = theme.Dim, "off"
		}
		hits := ""
		if b.Hits > 0 {
			hits = fmt.Sprintf("hit %d", b.Hits)
		}
		p.To(1).Put(role, fmt.Sprintf("%d %s  ", b.ID, on)).Until(a.W-1-len(hits)).Say(theme.Plain, placeOf(b))
		p.Until(a.W).To(a.W-len(hits)).Put(theme.Dim, hits)
		y++
		if b.Condition != "" {
			body.At(10, y).Put(theme.Dim, "when ").Say(theme.Dim, b.Condition)
			y++
		}
	}
}
