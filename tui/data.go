package tui

import (
	"fmt"
	"strings"
	"time"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
	"asldbg/sessions"
	"asldbg/tui/graph"
	"asldbg/tui/jsonview"
	"asldbg/tui/paint"
	"asldbg/tui/pipeline"
	"asldbg/tui/theme"
)

// dataPane shows the data of the focused frame's stage, what it was before,
// and what must be known to read it.
type dataPane struct {
	view   jsonview.View
	chosen bool   // the user has chosen what of before and after is shown
	title  string // what the document is
	before string // what the one before is, "" for none
	notes  []note
}

// note is a line above the document.
type note struct {
	role theme.Role
	text string
	more string // in a second column
	end  string // in a third
}

// update looks at a new picture of the session.
func (d *dataPane) update(v *sessions.View) {
	f := v.Frame(v.Focus)
	d.notes = notesOf(v, f)
	switch {
	case v.Over && v.Output.Exists() && v.AtNewest():
		d.title, d.before = "the execution's output", ""
		d.view.Show(jsonval.Value{}, v.Output)
	case f == nil:
		d.title, d.before = "", ""
		d.view.Show(jsonval.Value{}, jsonval.Value{})
	default:
		before, name, after := pipeline.Change(f)
		d.title, d.before = "after "+f.Stage.Name(f.State), name
		if f.Stage == interp.Entered {
			d.title = "the state input"
		}
		d.view.Show(before, after)
	}
}

// turn shows the next of changes, after and both.
func (d *dataPane) turn(wide bool) {
	d.settle(wide)
	d.view.SetMode(d.view.Mode().Next())
	d.chosen = true
}

// settle shows before and after side by side where there is room, until the
// user chooses.
func (d *dataPane) settle(wide bool) {
	if !d.chosen {
		d.view.SetMode(map[bool]jsonview.Mode{true: jsonview.Both, false: jsonview.Changes}[wide])
	}
}

// frameOf is the pane's border.
func (d *dataPane) frameOf(name string) paint.Frame {
	f := paint.Frame{Title: name}
	if d.title != "" {
		f.Title += ": " + d.title
	}
	if doc := d.view.Document(); doc.Exists() {
		f.Note, f.Alarm = jsonview.SizeNote(doc.Size())
		f.Note += fmt.Sprintf("  %d lines", d.view.Lines())
		if d.view.Lines() == 1 {
			f.Note = strings.TrimSuffix(f.Note, "s")
		}
	}
	return f
}

// draw fills a: what it was before, what must be known, the document, and
// where the value under the cursor came from.
func (d *dataPane) draw(a paint.Area, v *sessions.View, focus, wide bool) {
	d.settle(wide)
	y, large := 0, a.H >= 18 && a.W >= 60
	// Blank rows are given up where the document needs them.
	air := 1
	if len(d.notes)+d.view.Lines()+6 > a.H {
		air = 0
	}
	if large {
		d.header(a.At(5, 0), a.W)
		y = 1 + air
	}
	for i := range d.notes {
		if y >= a.H/2 {
			break
		}
		y += d.notes[i].draw(a.Rows(y, a.H/2+1))
	}
	if len(d.notes) > 0 && y > 0 {
		y++
	}
	end := a.H
	if large {
		end--
		legend(a.At(1, end), d.view.Changed())
		end -= air
	}
	if a.H >= 10 {
		end -= 2
		if at, text := d.origin(v); at != "" {
			a.At(2, end+1).Until(a.W-1).Say(theme.Strong, at).Put(theme.Plain, "  ").Say(theme.Dim, text)
		}
	}
	if end > y {
		d.view.Draw(a.Rows(y, end), focus)
	}
}

func (d *dataPane) header(p *paint.Pen, w int) {
	switch {
	case d.before == "":
		p.Put(theme.Dim, "before: nothing")
	case d.view.Replaced():
		p.Put(theme.Dim, "before: ").Say(theme.Dim, d.before).Put(theme.Dim, "; all of it is new")
	case !d.view.Changed() && d.view.Mode() != jsonview.After:
		p.Put(theme.Dim, "before: ").Say(theme.Dim, d.before).Put(theme.Dim, "; unchanged")
	default:
		p.Put(theme.Dim, "before: ").Say(theme.Dim, d.before)
	}
	text := "v view:"
	for _, m := range []jsonview.Mode{jsonview.Changes, jsonview.After, jsonview.Both} {
		if m == d.view.Mode() {
			text += " [" + m.String() + "]"
		} else {
			text += " " + m.String()
		}
	}
	if w-3-len(text) <= p.X {
		text = "v [" + d.view.Mode().String() + "]"
	}
	if x := w - 3 - len(text); x > p.X {
		p.To(x).Put(theme.Dim, text)
	}
}

func legend(p *paint.Pen, marks bool) {
	if marks {
		p.Put(theme.Added, "+").Put(theme.Dim, " new  ").Put(theme.Changed, "~").Put(theme.Dim, " changed  ").Put(theme.Removed, "-").Put(theme.Dim, " gone    ")
	}
	for _, k := range []struct{ key, does string }{{"h l", "fold"}, {"e", "edit"}, {"y", "copy"}, {"/", "find"}, {"x", "explain"}} {
		p.Put(theme.Key, k.key).Put(theme.Dim, " "+k.does+"   ")
	}
}

// draw writes a note and says how many rows it took.
func (n *note) draw(a paint.Area) int {
	if n.more != "" || n.end != "" {
		p := a.At(2, 0)
		p.Until(a.W*2/5).Put(n.role, n.text)
		p.Until(a.W*7/10).To(max(p.X+2, a.W*2/5+1)).Put(theme.Dim, n.more)
		p.Until(a.W).To(max(p.X+2, a.W*7/10+1)).Put(n.role, n.end)
		return 1
	}
	lines := paint.Wrap(a.Theme().Words(n.text), a.W-4, a.Theme())
	for y, l := range lines {
		a.At(2, y).Say(n.role, l)
	}
	return min(len(lines), max(a.H, 0))
}

// notesOf says what must be known about a frame to read its data.
func notesOf(v *sessions.View, f *interp.Frame) []note {
	if v.Over && v.AtNewest() {
		return endNotes(v)
	}
	if f == nil {
		return nil
	}
	var notes []note
	if f.Failure != nil {
		notes = failureNotes(f.Failure)
	}
	for _, w := range f.Waits {
		if t, ok := w.(interp.Timer); ok && t.Reason != interp.HeartbeatTimer {
			notes = append(notes, note{role: theme.Warn, text: timerText(t, v.Now)})
		}
	}
	for _, t := range v.Tokens {
		if t.Frame == f.ID {
			text := "It waits for its task token: t shows and answers it."
			if !t.Heartbeat.IsZero() {
				text += " Heartbeat due " + moment(t.Heartbeat, v.Now) + "."
			}
			notes = append(notes, note{role: theme.Warn, text: text})
		}
	}
	if f.State.Type == asl.Choice && f.Stage <= interp.Work {
		notes = append(notes, choiceNotes(f)...)
	}
	if f.Children > 0 {
		notes = append(notes, note{role: theme.Dim, text: fmt.Sprintf("%d frames are open below; they are in the Frames pane.", f.Children)})
	}
	return notes
}

func endNotes(v *sessions.View) []note {
	if v.Failure == nil {
		return nil
	}
	return append([]note{{role: theme.Failed, text: theme.GlyphFailed + " The execution ended " + v.Status.String()}}, failureNotes(v.Failure)...)
}

func failureNotes(f *interp.Failure) []note {
	name := "an error without a name"
	if f.Error != nil {
		name = *f.Error
	}
	notes := []note{{role: theme.Failed, text: theme.GlyphFailed + " " + name}}
	if f.Cause != nil && *f.Cause != "" {
		cause := *f.Cause
		if len(cause) > 1000 {
			cause = strings.ToValidUTF8(cause[:1000], "") + theme.GlyphCut
		}
		notes = append(notes, note{role: theme.Plain, text: cause})
	}
	return notes
}

// moment is a time of day, with the date where that is another one than now's.
func moment(t, now time.Time) string {
	t, now = t.UTC(), now.UTC()
	if t.YearDay() != now.YearDay() || t.Year() != now.Year() {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("15:04:05")
}

func timerText(t interp.Timer, now time.Time) string {
	due := moment(t.Due, now)
	switch t.Reason {
	case interp.WaitTimer:
		return "It waits until " + due + "; c lets the time come."
	case interp.RetryTimer:
		return "It tries again at " + due + "; c lets the time come."
	case interp.TimeoutTimer:
		return "It times out at " + due + "."
	case interp.HeartbeatTimer:
		return "A heartbeat is due by " + due + "."
	}
	return "The execution times out at " + due + "."
}

// choiceNotes explain a Choice: what each rule compares, with what it is now,
// and which was taken.
func choiceNotes(f *interp.Frame) []note {
	decided := f.Stage == interp.Work
	notes := []note{{role: theme.Strong, text: "the rules, in order", more: "what they look at", end: "outcome"}}
	if !decided {
		notes[0].end = "leads to"
	}
	for i, r := range f.State.Choices {
		n := note{role: theme.Plain, text: fmt.Sprintf("%d  %s", i+1, graph.RuleText(r))}
		to := ""
		if r.Next != nil {
			to = theme.Arrow + " " + r.Next.Name
		}
		switch {
		case decided && f.Rule >= 0 && i > f.Rule:
			n.role, n.end = theme.Dim, "not looked at"
		case decided && i == f.Rule:
			n.role, n.end = theme.Done, "true: taken "+to
		case decided:
			n.end = "false"
		default:
			n.end = to
		}
		if !decided || f.Rule < 0 || i <= f.Rule {
			n.more = strings.Join(graph.Compared(r, f), ", ")
		}
		notes = append(notes, n)
	}
	if f.State.Default != nil {
		n := note{role: theme.Plain, text: "-  default", end: theme.Arrow + " " + f.State.Default.Name}
		switch {
		case decided && f.Rule == -1:
			n.role, n.end = theme.Done, "taken "+n.end
		case decided:
			n.role, n.end = theme.Dim, "not needed"
		}
		notes = append(notes, n)
	}
	return notes
}

// origin says which place the cursor is at and where its value came from, in
// the definition's own words.
func (d *dataPane) origin(v *sessions.View) (at, text string) {
	f := v.Frame(v.Focus)
	if f == nil || v.File == nil || !d.view.Document().Exists() || v.Over {
		return "", ""
	}
	p, _, gone := d.view.Cursor()
	if at = p.String(); at == "" {
		at = "all of it"
	}
	if gone {
		return at, "was there before this stage"
	}
	if t, field := template(f); t != nil {
		return at, made(v.File, t, field, p)
	}
	field := pipeline.Field(f.State, f.Stage)
	switch f.Stage {
	case interp.Entered:
		return at, "came with the state input"
	case interp.InputPath, interp.OutputPath, interp.ItemsPath:
		return at, chosen(v.File, f, field, p)
	case interp.Result:
		if field != nil && f.State.Type == asl.Pass {
			return at, "is written in the definition" + lineOf(v.File, field.At(p))
		}
		return at, "came with the result"
	case interp.ResultPath:
		rp := f.State.ResultPath
		if rp == nil || rp.Path == nil {
			return at, ""
		}
		if in := rp.Path.Steps(); len(p) >= len(in) && p[:len(in)].String() == in.String() {
			return at, fmt.Sprintf("is the result, put here by \"ResultPath\": %q%s", rp.Path.String(), lineOf(v.File, field))
		}
		return at, "is kept from the state input"
	}
	return at, ""
}

// template is what has made the data of the stage f stands at and where it is
// written, nil where that is no template.
func template(f *interp.Frame) (*payload.Template, *asl.Node) {
	s, field := f.State, pipeline.Field(f.State, f.Stage)
	switch f.Stage {
	case interp.Parameters:
		return s.Parameters, field
	case interp.ItemsPath:
		return s.Items, field
	case interp.ResultSelector:
		return s.ResultSelector, field
	case interp.OutputPath:
		if s.Type == asl.Choice && f.Rule >= 0 {
			rule := s.Choices[f.Rule]
			return rule.Output, rule.Node.Get("Output")
		}
		return s.Output, field
	}
	return nil, nil
}

// made says which member of a template made the place p.
func made(file *asl.File, t *payload.Template, field *asl.Node, p jsonval.Path) string {
	if t == nil || field == nil {
		return ""
	}
	if len(p) == 0 {
		return fmt.Sprintf("is made by %q%s", field.Key, lineOf(file, field))
	}
	key, expr, at, ok := t.Origin(p)
	if !ok {
		return ""
	}
	where := lineOf(file, field.At(at))
	if expr != "" {
		return fmt.Sprintf("came from  %q: %q%s", key, expr, where)
	}
	return "is written in the definition" + where
}

// chosen says which place before a path stage the place p was.
func chosen(file *asl.File, f *interp.Frame, field *asl.Node, p jsonval.Path) string {
	if field == nil {
		return "is unchanged: there is no " + f.Stage.Name(f.State)
	}
	return fmt.Sprintf("came from  %q: %q%s", field.Key, field.Value.Text()+jsonview.Dotted(p), lineOf(file, field))
}

func lineOf(file *asl.File, n *asl.Node) string {
	if n == nil {
		return ""
	}
	start := n.Start
	if n.KeyStart >= 0 {
		start = n.KeyStart
	}
	line, _ := file.Position(start)
	return fmt.Sprintf("  line %d", line)
}
