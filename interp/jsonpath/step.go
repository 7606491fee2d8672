package jsonpath

import (
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
)

// step is one element of a compiled path.
type step struct {
	kind stepKind
	// upstream says that everything before this step is definite, so that what
	// is missing here is an error and not just one match fewer.
	upstream bool
	leaf     bool // the last step
	quote    byte // of names, as written
	hasFrom  bool // of a stepSlice
	hasTo    bool

	name    string   // stepMember
	names   []string // stepMembers
	index   int      // stepIndex; from of a stepSlice
	to      int      // stepSlice
	indexes []int    // stepIndexes
	filter  condition
	call    *call
}

type stepKind uint8

const (
	stepMember  stepKind = iota // .a ['a']
	stepMembers                 // ['a','b']
	stepIndex                   // [0] [-1]
	stepIndexes                 // [0,1]
	stepSlice                   // [1:] [:2] [1:2]
	stepAll                     // * [*]
	stepDescend                 // ..
	stepFilter                  // [?( )]
	stepCall                    // .length()
)

// definite reports whether the step leads from one value to one value.
func (s *step) definite() bool {
	switch s.kind {
	case stepMember, stepIndex, stepCall:
		return true
	case stepMembers:
		return s.leaf // then it makes one object of the members
	}
	return false
}

// newPath fills in what steps know of each other. upstream is false where the
// steps follow something indefinite.
func newPath(steps []step, upstream bool) *Path {
	p := &Path{steps: steps, definite: true, isPlace: true}
	for i := range steps {
		s := &steps[i]
		s.leaf = i == len(steps)-1
		s.upstream = upstream
		upstream = upstream && s.definite()
		p.definite = p.definite && s.definite()
		p.isPlace = p.isPlace && (s.kind == stepMember || s.kind == stepIndex && s.index >= 0)
	}
	if !p.isPlace {
		return p
	}
	p.place = make(jsonval.Path, len(steps))
	for i := range steps {
		if steps[i].kind == stepMember {
			p.place[i] = jsonval.Key(steps[i].name)
		} else {
			p.place[i] = jsonval.Index(steps[i].index)
		}
	}
	return p
}

// invertCall turns $..a.length() into length($..a), as Jayway does: a function
// after .. is asked once, about all that was found.
func invertCall(steps []step) *Path {
	n := len(steps)
	if n == 0 || steps[0].kind != stepDescend || steps[n-1].kind != stepCall {
		return newPath(steps, true)
	}
	first := 1
	for steps[first].kind != stepCall {
		first++
	}
	found := newPath(steps[:first:first], true)
	calls := append([]step(nil), steps[first:]...)
	c := *calls[0].call
	c.args = []argument{newPathArgument(found)}
	calls[0].call = &c
	return newPath(calls, false)
}

// fragments is the normal form of the steps from i on.
func (p *Path) fragments(i int) string {
	var b strings.Builder
	for ; i < len(p.steps); i++ {
		p.steps[i].appendNormal(&b)
	}
	return b.String()
}

func (s *step) appendNormal(b *strings.Builder) {
	switch s.kind {
	case stepMember:
		b.WriteByte('[')
		b.WriteByte(s.quote)
		b.WriteString(s.name)
		b.WriteByte(s.quote)
		b.WriteByte(']')
	case stepMembers:
		q := string(s.quote)
		b.WriteString("[" + q + strings.Join(s.names, q+","+q) + q + "]")
	case stepIndex:
		b.WriteString("[" + strconv.Itoa(s.index) + "]")
	case stepIndexes:
		for i, n := range s.indexes {
			b.WriteByte("[,"[min(i, 1)])
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(']')
	case stepSlice:
		b.WriteByte('[')
		if s.hasFrom {
			b.WriteString(strconv.Itoa(s.index))
		}
		b.WriteByte(':')
		if s.hasTo {
			b.WriteString(strconv.Itoa(s.to))
		}
		b.WriteByte(']')
	case stepAll:
		b.WriteString("[*]")
	case stepDescend:
		b.WriteString("..")
	case stepFilter:
		b.WriteString("[?]")
	case stepCall:
		b.WriteString("." + s.call.name)
		if s.call.written {
			b.WriteString("(...)")
		} else {
			b.WriteString("()")
		}
	}
}

// placeOf is the concrete place of step i of a path that is definite so far,
// as Jayway's messages have it.
func (p *Path) placeOf(i int) string {
	var b strings.Builder
	b.WriteByte('$')
	for j := range p.steps[:i] {
		switch s := &p.steps[j]; s.kind {
		case stepMember:
			b.WriteString("['" + s.name + "']")
		case stepIndex:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		}
	}
	return b.String()
}
