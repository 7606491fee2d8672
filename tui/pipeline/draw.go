package pipeline

import (
	"strconv"
	"strings"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

func itoa(n int) string { return strconv.Itoa(n) }

const (
	between = " " + theme.Arrow + " "
	gap     = 4 // columns of between
)

// Draw fills the two rows of a with the stages of frame f: names above, what
// they did below. Where they do not all fit, the ones around here are shown.
func Draw(a paint.Area, v *sessions.View, f *interp.Frame) {
	if f == nil {
		Ending(a.At(1, 0), v)
		return
	}
	items := Items(v, f)
	from, to := window(items, a.W-2, func(it Item) int { return a.Width(it.Name) }, a.Width)
	names, values := a.At(1, 0), a.At(1, 1)
	if from > 0 {
		names.Put(theme.Dim, itoa(from)+" before"+between)
		values.To(names.X)
	}
	for i := from; i < to; i++ {
		it := items[i]
		x := names.X
		names.Say(nameRole(it), it.Name)
		if it.Mark != "" {
			values.To(x)
			if it.Value != "" && it.Mark == theme.GlyphDone { // a size, then that it is done
				values.Say(theme.Dim, it.Value).Put(it.Role, " "+it.Mark)
			} else {
				room := a.W
				if i+1 < to {
					room = x + max(a.Width(it.Name)+gap, valueWidth(a.Width, it)+1) - 1
				}
				values.Until(room).Put(it.Role, it.Mark)
				if it.Value != "" {
					values.Put(theme.Plain, " ").Say(valueRole(it), it.Value)
				}
				values.Until(a.W)
			}
		}
		if i+1 == to {
			break
		}
		end := x + max(a.Width(it.Name)+gap, valueWidth(a.Width, it)+1)
		names.Put(theme.Border, " "+strings.Repeat(theme.GlyphDash, end-names.X-3)+theme.GlyphHere+" ")
	}
	if to < len(items) {
		names.Put(theme.Dim, between+itoa(len(items)-to)+" more")
	}
}

// valueWidth is how wide a value is shown: all of it at the stages passed,
// little of a plan.
func valueWidth(width func(string) int, it Item) int {
	if it.Value == "" || it.Mark == "" {
		return 0
	}
	w := 2 + width(it.Value)
	if it.Mark == theme.GlyphToCome {
		return min(w, width(it.Name)+gap-1)
	}
	return min(w, 34)
}

func nameRole(it Item) theme.Role {
	switch {
	case it.Here:
		return it.Role
	case it.Faint:
		return theme.Dim
	}
	return theme.Plain
}

func valueRole(it Item) theme.Role {
	if it.Here {
		return it.Role
	}
	return theme.Dim
}

// lastW is how much of the last item is enough.
const lastW = 12

// window chooses the items that fit into w columns, the one that is here among
// them.
func window(items []Item, w int, nameWidth func(Item) int, width func(string) int) (from, to int) {
	here := 0
	for i, it := range items {
		if it.Here {
			here = i
		}
	}
	need := func(from, to int) int {
		n := 0
		for i := from; i < to; i++ {
			if i+1 < to {
				n += max(nameWidth(items[i])+gap, valueWidth(width, items[i])+1)
			} else { // the last one may be cut
				n += min(max(nameWidth(items[i]), valueWidth(width, items[i])), lastW)
			}
		}
		if from > 0 {
			n += len("9 before") + gap
		}
		if to < len(items) {
			n += len("9 more") + gap
		}
		return n
	}
	from, to = 0, len(items)
	for need(from, to) > w && to-from > 1 {
		if from < max(here-1, 0) {
			from++
		} else if to > here+1 {
			to--
		} else {
			break
		}
	}
	return from, to
}

// Line writes the stages on one row, from the one before here on.
func Line(p *paint.Pen, v *sessions.View, f *interp.Frame) {
	if f == nil {
		Ending(p, v)
		return
	}
	items := Items(v, f)
	here := 0
	for i, it := range items {
		if it.Here {
			here = i
		}
	}
	from := max(here-1, 0)
	for i := from; i < len(items); i++ {
		it := items[i]
		text := it.Name
		value := it.Value
		if it.Mark == theme.GlyphDone || len(value) > 20 {
			value = ""
		}
		w := p.Measure(text) + 2 + p.Measure(value) + 1
		if left := len(items) - i; i > here && p.X+w+gap+len(" 9 more") > p.Width() && (left > 1 || p.X+w > p.Width()) {
			p.Put(theme.Dim, itoa(left)+" more")
			return
		}
		p.Say(nameRole(it), text)
		if it.Mark != "" {
			p.Put(theme.Plain, " ").Put(it.Role, it.Mark)
			if value != "" {
				p.Put(theme.Plain, " ").Say(valueRole(it), value)
			}
		}
		if i+1 < len(items) {
			p.Put(theme.Border, between)
		}
	}
}

// Ending writes how the execution ended.
func Ending(p *paint.Pen, v *sessions.View) {
	switch v.Status {
	case interp.Running:
		p.Put(theme.Dim, "no frame is selected")
	case interp.Succeeded:
		p.Put(theme.Done, theme.GlyphDone+" "+v.Status.String())
	default:
		p.Put(theme.Failed, theme.GlyphFailed+" "+v.Status.String())
		if v.Failure != nil && v.Failure.Error != nil {
			p.Put(theme.Plain, "  ").Say(theme.Failed, *v.Failure.Error)
		}
	}
}
