package jsonview

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
	"asldbg/tui/paint"
	"asldbg/tui/theme"
)

// Draw fills a with the document. Each row has the cursor's column, the line's
// number, its mark and its fold, then the JSON.
func (v *View) Draw(a paint.Area, focus bool) {
	v.height = a.H
	v.scroll()
	if len(v.lines) == 0 {
		a.At(5, 0).Put(theme.Dim, "no data")
		return
	}
	if v.mode == Both && v.before.Exists() {
		half := (a.W - 1) / 2
		for y := range a.H {
			a.At(half, y).Put(theme.Border, theme.GlyphLine)
		}
		v.column(a.Sub(0, 0, half, a.H), false, focus)
		v.column(a.Sub(half+1, 0, a.W-half-1, a.H), true, focus)
		return
	}
	v.column(a, true, focus)
}

// column draws the lines of the document after, or of the one before.
func (v *View) column(a paint.Area, after, focus bool) {
	digits := max(len(strconv.Itoa(len(v.lines))), 4)
	for y := range a.H {
		i := v.top + y
		if i >= len(v.lines) {
			return
		}
		v.row(a.At(0, y), i, digits, after, focus)
	}
}

var markRole = map[mark]theme.Role{added: theme.Added, changed: theme.Changed, removed: theme.Removed}

func (v *View) row(p *paint.Pen, i, digits int, after, focus bool) {
	both := v.mode == Both && v.before.Exists()
	ln := &v.lines[i]
	if both && !after && v.left != nil {
		if i >= len(v.left) {
			return
		}
		ln = &v.left[i]
	}
	if ln.shape == blank {
		return
	}
	if both && (after && ln.mark == removed || !after && ln.mark == added) {
		return
	}
	if i == v.cursor && after {
		role := theme.Dim
		if focus {
			role = theme.Here
		}
		p.To(1).Put(role, theme.GlyphHere)
	}
	number := ln.number
	if !after {
		number = ln.before
	}
	if number > 0 {
		text := strconv.Itoa(int(number))
		p.To(2+digits-len(text)).Put(theme.Dim, text)
	}
	gutter := 2 + digits
	role, tint := markRole[ln.mark]
	if tint {
		p.To(gutter+1).Put(role, string(ln.mark))
	}
	switch ln.shape {
	case folded:
		p.To(gutter+2).Put(theme.Dim, theme.GlyphClosed)
	case open:
		if ln.depth > 0 {
			p.To(gutter+2).Put(theme.Dim, theme.GlyphOpen)
		}
	}
	p.To(gutter + 3 + min(2*int(ln.depth), 40))
	if ln.parent >= 0 && ln.step.Index < 0 && ln.shape != closed {
		r := theme.Name
		if tint {
			r = role
		}
		p.Say(r, quoted(ln.step.Key)).Put(theme.Plain, ": ")
	}
	value := ln.value
	old, was := v.old[int32(i)]
	if was && !after {
		value = old
	}
	v.json(p, ln, value, role, tint)
	if was && after && !both {
		p.Put(theme.Dim, "   was ")
		Scalar(p, theme.Dim, old)
	}
}

// json writes what the line shows of its value.
func (v *View) json(p *paint.Pen, ln *line, value jsonval.Value, role theme.Role, tint bool) {
	brackets := "{}"
	if value.Is(jsonval.Array) {
		brackets = "[]"
	}
	comma := ","
	if ln.last {
		comma = ""
	}
	switch ln.shape {
	case open:
		p.Put(theme.Plain, brackets[:1])
	case closed:
		p.Put(theme.Plain, brackets[1:]+comma)
	case folded:
		p.Put(theme.Plain, brackets[:1]).Put(theme.Dim, " "+theme.GlyphCut+" "+Summary(value)+" ").Put(theme.Plain, brackets[1:]+comma)
	default:
		r := kindRole[value.Kind()]
		if tint {
			r = role
		}
		Scalar(p, r, value)
		p.Put(theme.Plain, comma)
	}
}

var kindRole = map[jsonval.Kind]theme.Role{
	jsonval.String: theme.Text, jsonval.Number: theme.Number, jsonval.Bool: theme.Word, jsonval.Null: theme.Word,
}

// Scalar writes a value on one line. An array or object becomes its summary,
// and of a text only as much is read as a line can show.
func Scalar(p *paint.Pen, r theme.Role, v jsonval.Value) {
	switch {
	case v.Is(jsonval.String):
		p.Say(r, quoted(v.Text()))
	case v.Len() > 0:
		p.Put(r, Compact(v, 0))
	default:
		p.Say(r, v.String())
	}
}

// quoted is s as a JSON string, cut off far beyond what fits on a line.
func quoted(s string) string {
	const enough = 8 << 10
	if len(s) > enough {
		s = s[:enough]
		for !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = s[:len(s)-1]
	}
	return jsonval.Quote(s)
}

// Summary says how much is in an array or object, such as "4 keys, 37 B".
func Summary(v jsonval.Value) string {
	noun := "key"
	if v.Is(jsonval.Array) {
		noun = "item"
	}
	if v.Len() != 1 {
		noun += "s"
	}
	return strconv.Itoa(v.Len()) + " " + noun + ", " + Size(v.Size())
}

// Limit is AWS's quota for a payload, in bytes
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
const Limit = 262_144

// Size writes a number of bytes.
func Size(n int) string {
	switch {
	case n < 10_000:
		return strconv.Itoa(n) + " B"
	case n < 10_000<<10:
		return strconv.Itoa(n>>10) + " KiB"
	}
	return strconv.Itoa(n>>20) + " MiB"
}

// SizeNote says how large a document is, and warns from 80 % of the quota.
func SizeNote(n int) (note string, alarm bool) {
	if n*5 < Limit*4 {
		return Size(n), false
	}
	return Size(n) + ", " + strconv.Itoa(n*100/Limit) + " % of the 256 KiB quota", true
}

// Compact is v on one line: in full up to n bytes, else what is in it in
// words; a text is cut far beyond what fits on a line.
func Compact(v jsonval.Value, n int) string {
	if v.Size() <= n {
		return v.String()
	}
	switch v.Kind() {
	case jsonval.Array:
		return "[ " + theme.GlyphCut + " " + Summary(v) + " ]"
	case jsonval.Object:
		return "{ " + theme.GlyphCut + " " + Summary(v) + " }"
	}
	return quoted(v.Text())
}

// Dotted is a path as people write it after a name: .a.b[0].
func Dotted(p jsonval.Path) string {
	var s strings.Builder
	for _, step := range p {
		if step.Index >= 0 {
			fmt.Fprintf(&s, "[%d]", step.Index)
		} else {
			s.WriteString("." + step.Key)
		}
	}
	return s.String()
}
