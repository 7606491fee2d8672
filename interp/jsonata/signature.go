package jsonata

import (
	"strings"

	"asldbg/interp/jsonval"
)

// signature is what a function says about its arguments, as <s-n?:s>.
type signature struct {
	params []param
	plus   bool // some parameter takes several arguments
}

// param is one parameter. Which arguments go to which parameters is decided as
// by a regular expression over the arguments' types.
type param struct {
	types    types
	array    bool  // one value becomes an array of one
	kind     byte  // the letter
	subtype  types // of an array's items; 0: any
	subtypes string
	typed    bool // subtypes were given, if perhaps none
	optional bool // ?
	several  bool // +
	context  bool // -: the context stands in
}

// types is a set of types, by the letters of signatures.
type types uint16

const letters = "asnblfom" // m stands for undefined

func typeSet(symbols string) (t types) {
	for i := range len(symbols) {
		if at := strings.IndexByte(letters, symbols[i]); at >= 0 {
			t |= 1 << at
		}
	}
	return t
}

// Types by name. typeMissing is that of undefined.
const (
	typeArray types = 1 << iota
	typeString
	typeNumber
	typeBool
	typeNull
	typeFunction
	typeObject
	typeMissing
	typeAny = typeMissing<<1 - 1
)

var typeOfKind = [...]types{
	jsonval.Undefined: typeMissing, jsonval.Null: typeNull, jsonval.Bool: typeBool, jsonval.Number: typeNumber,
	jsonval.String: typeString, jsonval.Array: typeArray, jsonval.Object: typeObject, kindFunction: typeFunction,
}

func typeOf(v value) types { return typeOfKind[v.kind()] }

// plural is what messages call an array's items.
var plural = map[string]string{
	"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
}

// parseSignature reads a signature with its angle brackets. An error's place is
// counted from its start.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{}
	last := &param{} // modifiers before the first parameter are lost on it
	add := func(p param) {
		s.params = append(s.params, p)
		last = &s.params[len(s.params)-1]
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; c {
		case ':':
			return s, nil
		case 's', 'n', 'b', 'l', 'o':
			add(param{kind: c, types: typeSet(text[i:i+1]) | typeMissing})
		case 'a':
			add(param{kind: c, types: typeAny, array: true})
		case 'f':
			add(param{kind: c, types: typeFunction})
		case 'j':
			add(param{kind: c, types: typeAny &^ typeFunction})
		case 'x':
			add(param{kind: c, types: typeAny})
		case '-':
			last.context, last.optional = true, true
		case '?':
			last.optional = true
		case '+':
			last.several = true
			s.plus = true
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.Contains(choice, "<") {
				return nil, signatureError("S0402", i, choice)
			}
			add(param{kind: c, types: typeSet(choice) | typeMissing})
			i = end
		case '<':
			if last.kind != 'a' && last.kind != 'f' {
				kind := ""
				if last.kind != 0 {
					kind = string(last.kind)
				}
				return nil, signatureError("S0401", i, kind)
			}
			end := closing(text, i, '<', '>')
			last.subtypes, last.typed = text[i+1:end], true
			if last.array && last.subtypes != "" {
				last.subtype = typeSet(last.subtypes[:1])
			}
			i = end
		}
	}
	return s, nil
}

func signatureError(code string, offset int, text string) *Error {
	e := fail(code)
	e.detail.pos = offset
	e.Value, e.detail.value = quoted(ofString(text))
	return e
}

// closing is where the bracket that opens at start closes, or the text's end.
func closing(text string, start int, open, shut byte) int {
	depth := 1
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case shut:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
	return len(text)
}

// mustSignature is for the functions' own signatures.
func mustSignature(text string) *signature {
	s, err := parseSignature(text)
	if err != nil {
		panic("jsonata: signature " + text)
	}
	return s
}

// accept checks args and returns them as the function wants them: missing ones
// replaced by the context, single values made arrays. It may change args.
func (s *signature) accept(args []value, context value) ([]value, *Error) {
	if len(args) == len(s.params) && !s.plus {
		simple := true
		for i := range args {
			p := &s.params[i]
			if simple = p.types&typeOf(args[i]) != 0; !simple {
				break
			}
		}
		if simple {
			for i := range args {
				if err := s.params[i].fit(&args[i], i); err != nil {
					return nil, err
				}
			}
			return args, nil
		}
	}
	counts := s.match(args)
	if counts == nil {
		return nil, s.mismatch(args)
	}
	out := make([]value, 0, max(len(args), len(s.params)))
	next := 0
	take := func() value {
		next++
		if next <= len(args) {
			return args[next-1]
		}
		return undefined
	}
	for i := range s.params {
		p := &s.params[i]
		if counts[i] == 0 {
			if !p.context {
				out = append(out, take()) // the reference takes the next one all the same
				continue
			}
			if p.types&typeOf(context) == 0 {
				return nil, failValue("T0411", context).withIndex(next + 1)
			}
			out = append(out, context)
			continue
		}
		for range counts[i] {
			arg := take()
			if err := p.fit(&arg, next-1); err != nil {
				return nil, err
			}
			out = append(out, arg)
		}
	}
	return out, nil
}

// match finds out how many arguments each parameter takes: as many as it can, as
// long as the rest fits. It is nil where they do not fit.
func (s *signature) match(args []value) []int {
	m := matcher{s.params, args, make([]int, len(s.params)), make([]bool, (len(s.params)+1)*(len(args)+1))}
	if !m.from(0, 0) {
		return nil
	}
	return m.counts
}

type matcher struct {
	params []param
	args   []value
	counts []int
	failed []bool // by parameter and argument: from there on it does not fit
}

func (m *matcher) from(i, at int) bool {
	if i == len(m.params) {
		return at == len(m.args)
	}
	seen := &m.failed[i*(len(m.args)+1)+at]
	if *seen {
		return false
	}
	p := &m.params[i]
	most := 0
	for at+most < len(m.args) && p.types&typeOf(m.args[at+most]) != 0 {
		most++
		if !p.several {
			break
		}
	}
	least := 1
	if p.optional {
		least = 0
	}
	for n := most; n >= least; n-- {
		m.counts[i] = n
		if m.from(i+1, at+n) {
			return true
		}
	}
	*seen = true
	return false
}

// mismatch says which argument does not fit: the first one after those that the
// longest beginning of the signature takes.
func (s *signature) mismatch(args []value) *Error {
	good := 0
	params := len(s.params)
	if params*len(args) > 1000 {
		params = 0 // not worth the search
	}
	for n := 1; n <= params; n++ {
		head := &signature{params: s.params[:n]}
		end := head.matchSome(args)
		if end < 0 {
			break
		}
		good = end
	}
	e := fail("T0410")
	if good < len(args) {
		e = failValue("T0410", args[good])
	}
	return e.withIndex(good + 1)
}

// matchSome is how many arguments the signature takes where more may follow, or
// -1.
func (s *signature) matchSome(args []value) int {
	for n := len(args); n >= 0; n-- {
		if s.match(args[:n]) != nil {
			return n
		}
	}
	return -1
}

// fit makes arg, the one with this index, what the parameter wants.
func (p *param) fit(arg *value, index int) *Error {
	if !p.array {
		return nil
	}
	t := typeOf(*arg)
	if t == typeMissing {
		return nil
	}
	if p.typed && !p.itemsFit(*arg, t) {
		e := failValue("T0412", *arg).withIndex(index + 1)
		e.detail.name = plural[p.subtypes]
		return e
	}
	if t != typeArray {
		*arg = value{ref: &ref{kind: jsonval.Array, items: []value{*arg}, depth: arg.depth() + 1}}
	}
	return nil
}

func (p *param) itemsFit(arg value, t types) bool {
	if t != typeArray {
		return t == typeSet(p.subtypes)
	}
	if arg.ref == nil {
		for i := range arg.json.Len() {
			if typeOfKind[arg.json.At(i).Kind()] != p.subtype {
				return false
			}
		}
		return true
	}
	if _, ok := arg.ref.ext.(span); ok {
		return p.subtype == typeNumber
	}
	for i := range arg.len() {
		if typeOf(arg.at(i)) != p.subtype {
			return false
		}
	}
	return true
}
