package jsonpath

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"

	"asldbg/interp/jsonval"
)

// term is an operand's value as Jayway's operators tell them apart.
type term struct {
	kind    termKind
	literal bool           // of a number: as written in the path, not in the document
	number  string         // numberTerm
	value   jsonval.Value  // stringTerm, boolTerm, jsonTerm
	text    string         // of a JSON literal, as written; it is never equal to a value of the document on its right
	err     error          // the JSON literal is no JSON
	list    []term         // of a JSON literal that is an array: its items
	listErr error          // an item of it cannot be compared
	pattern *regexp.Regexp // patternTerm
}

type termKind uint8

const (
	undefinedTerm termKind = iota // a path that leads nowhere
	nullTerm
	boolTerm
	numberTerm
	stringTerm
	containerTerm // an array or object, of the document or a literal
	patternTerm
	pathTerm // a string in an array that reads like a path; it equals nothing
)

// operand is one side of a relation: a literal or a path.
type operand struct {
	path     *Path
	absolute bool // the path starts from $
	negated  bool // ! stands before the path
	fixed    term
}

func literal(t term) operand { return operand{fixed: t} }

// term is the operand's value for item; into is room for it.
func (o *operand) term(r *run, item jsonval.Value, into *term) (*term, error) {
	if o.path == nil {
		return &o.fixed, nil
	}
	if !o.absolute {
		err := o.path.termAt(r, item, into)
		return into, err
	}
	if known, ok := r.cache[o.path]; ok {
		*into = known
		return into, nil
	}
	if err := o.path.termAt(r, r.doc, into); err != nil {
		return nil, err
	}
	if r.cache == nil {
		r.cache = make(map[*Path]term)
	}
	r.cache[o.path] = *into
	return into, nil
}

// termAt finds the path from v on; what is missing is undefined.
func (p *Path) termAt(r *run, v jsonval.Value, into *term) error {
	if p.isPlace {
		into.set(v.Lookup(p.place))
		return nil
	}
	inner := search{run: r, path: p, quiet: true, item: -1}
	found, err := inner.value(v)
	if err != nil && !isMiss(err) {
		return err
	}
	into.set(found)
	return nil
}

// set makes t the term of a value of the document.
func (t *term) set(v jsonval.Value) {
	t.value = v
	switch v.Kind() {
	case jsonval.Undefined:
		t.kind = undefinedTerm
	case jsonval.Null:
		t.kind = nullTerm
	case jsonval.Bool:
		t.kind = boolTerm
	case jsonval.Number:
		t.kind, t.number = numberTerm, v.Text()
	case jsonval.String:
		t.kind = stringTerm
	default:
		t.kind = containerTerm
	}
}

// jsonTerm is the term of a JSON literal.
func jsonTerm(text string) term {
	t := term{kind: containerTerm, text: text}
	t.value, t.err = parseRelaxed(text)
	if t.err == nil && t.value.Is(jsonval.Array) {
		t.list, t.listErr = itemTerms(t.value)
	}
	return t
}

// items are the items of an array. ok is false for objects; other kinds do not
// fit the operators that ask this.
func (t *term) items() (list []term, ok bool, err error) {
	switch {
	case t.kind != containerTerm:
		return nil, false, errMismatch
	case t.err != nil:
		return nil, false, &EvalError{Path: t.text, Message: fmt.Sprintf("%s in a filter: %v", t.text, t.err)}
	case !t.value.Is(jsonval.Array):
		return nil, false, nil
	case t.text != "":
		return t.list, true, t.listErr
	}
	list, err = itemTerms(t.value)
	return list, true, err
}

// itemTerms are the items of an array as Jayway compares them: strings lose
// quotes around them and backslashes, strings that read like paths or JSON are
// taken for such, arrays and objects cannot be compared at all.
func itemTerms(array jsonval.Value) ([]term, error) {
	list := make([]term, array.Len())
	for i, item := range array.Items() {
		t := &list[i]
		t.set(item)
		switch t.kind {
		case containerTerm:
			return nil, &EvalError{Message: "Could not determine value type of " + short(item.String()) + " in an array that a filter searches"}
		case stringTerm:
			if err := t.reread(); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func (t *term) reread() error {
	s := t.value.Text()
	bare := javaTrim(s)
	switch {
	case bare == "":
	case bare[0] == '$' || bare[0] == '@':
		p := &parser{text: bare}
		if _, err := p.path(1, p.trimmedEnd(1)); err == nil {
			t.kind = pathTerm
			return nil
		}
	case isBetween(bare, '[', ']') || isBetween(bare, '{', '}'):
		if _, err := parseRelaxed(bare); err == nil {
			*t = term{kind: containerTerm, value: t.value, text: s}
			return nil
		}
	}
	if isBetween(s, '\'', '\'') || isBetween(s, '"', '"') {
		s = s[1 : len(s)-1]
	}
	s, ok := unescape(s)
	if !ok {
		return &EvalError{Message: "Unable to parse unicode value in " + short(t.value.String()) + " that a filter compares"}
	}
	t.value = jsonval.OfString(s)
	return nil
}

func isBetween(s string, open, end byte) bool {
	return len(s) > 1 && s[0] == open && s[len(s)-1] == end
}

func short(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:57], "") + "..."
	}
	return s
}

// decimal is a number as text, for comparing it with strings.
func (t *term) decimal() string {
	if t.literal {
		return decimalText(t.number)
	}
	return decimalText(javaNumber(t.number))
}

// equals is Jayway's equality of a list's items. It is not symmetric: "5" == 5.0
// compares texts, 5.0 == "5" numbers.
func (t *term) equals(u *term) bool {
	switch t.kind {
	case nullTerm:
		return u.kind == nullTerm
	case boolTerm:
		return u.kind == boolTerm && t.value.Bool() == u.value.Bool()
	case numberTerm:
		switch u.kind {
		case numberTerm:
			return compareNumbers(t.number, u.number) == 0
		case stringTerm:
			s := u.value.Text()
			return isDecimal(s) && compareNumbers(t.number, s) == 0
		}
	case stringTerm:
		switch u.kind {
		case numberTerm:
			return t.value.Text() == u.decimal()
		case stringTerm:
			return t.value.Text() == u.value.Text()
		}
	case containerTerm:
		// One of them is a literal's text or an array's string.
		return u.kind == containerTerm && t.text != "" && t.text == u.text
	}
	return false
}

// equal is ==. Of two arrays or objects the left one must come from the
// document; numbers in them are equal if Java's types and values are.
func equal(t, u *term) (bool, error) {
	if t.kind != containerTerm || u.kind != containerTerm {
		return t.equals(u), nil
	}
	if u.err != nil {
		_, _, err := u.items()
		return false, err
	}
	return t.text == "" && javaEqual(t.value, u.value), nil
}

func javaEqual(a, b jsonval.Value) bool {
	if a.Kind() != b.Kind() || a.Len() != b.Len() {
		return false
	}
	switch a.Kind() {
	case jsonval.Number:
		if isIntegral(a.Text()) != isIntegral(b.Text()) {
			return false
		}
		return compareNumbers(a.Text(), b.Text()) == 0
	case jsonval.Array:
		for i, item := range a.Items() {
			if !javaEqual(item, b.At(i)) {
				return false
			}
		}
		return true
	case jsonval.Object:
		for name, child := range a.Members() {
			if !javaEqual(child, b.Get(name)) {
				return false
			}
		}
		return true
	}
	return jsonval.Equal(a, b)
}

func contains(list []term, t *term) bool {
	for i := range list {
		if t.equals(&list[i]) {
			return true
		}
	}
	return false
}

// utf16Len is a string's length as Java counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
