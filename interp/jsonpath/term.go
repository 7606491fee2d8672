package jsonpath

import (
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
	value   jsonval.Value  // boolTerm, stringTerm, containerTerm
	more    *container     // containerTerm; nil until it is needed
	pattern *regexp.Regexp // patternTerm
}

// container is more about an array or object.
type container struct {
	text    string // of a literal, as written: what the left side of == compares
	err     error  // the literal is no JSON
	listed  bool   // list and listErr are made
	list    []term // an array's items
	listErr error  // an item cannot be compared
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
		return known, nil
	}
	kept := &term{}
	if err := o.path.termAt(r, r.doc, kept); err != nil {
		return nil, err
	}
	if r.cache == nil {
		r.cache = make(map[*Path]*term)
	}
	r.cache[o.path] = kept
	return kept, nil
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
	v, err := parseRelaxed(text)
	t := term{kind: containerTerm, value: v, more: &container{text: text, err: err}}
	if v.Is(jsonval.Array) {
		t.makeList() // now: literals are shared by goroutines
	}
	return t
}

func (t *term) makeList() {
	if t.more == nil {
		t.more = &container{}
	}
	t.more.list, t.more.listErr = itemTerms(t.value)
	t.more.listed = true
}

// text is how a JSON literal is written; "" for what is in the document.
func (t *term) text() string {
	if t.more == nil {
		return ""
	}
	return t.more.text
}

// err says that a JSON literal is no JSON.
func (t *term) err() error {
	if t.more == nil || t.more.err == nil {
		return nil
	}
	return fail(false, "%s in a filter: %v", t.more.text, t.more.err)
}

// items are the items of an array. ok is false for objects; other kinds do not
// fit the operators that ask this.
func (t *term) items() (list []term, ok bool, err error) {
	if t.kind != containerTerm {
		return nil, false, errMismatch
	}
	if err := t.err(); err != nil || !t.value.Is(jsonval.Array) {
		return nil, false, err
	}
	if t.more == nil || !t.more.listed {
		t.makeList()
	}
	return t.more.list, true, t.more.listErr
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
			return nil, fail(false, "Could not determine value type of %s in an array that a filter searches", short(item.String()))
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
			*t = term{kind: containerTerm, value: t.value, more: &container{text: s}}
			return nil
		}
	}
	if isBetween(s, '\'', '\'') || isBetween(s, '"', '"') {
		s = s[1 : len(s)-1]
	}
	s, ok := unescape(s)
	if !ok {
		return fail(false, "Unable to parse unicode value in %s that a filter compares", short(t.value.String()))
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
		return u.kind == containerTerm && t.text() != "" && t.text() == u.text()
	}
	return false
}

// equal is ==. Of two arrays or objects the left one must come from the
// document; numbers in them are equal if Java's types and values are.
func (r *run) equal(t, u *term) (bool, error) {
	if t.kind != containerTerm || u.kind != containerTerm {
		return t.equals(u), nil
	}
	if err := u.err(); err != nil || t.text() != "" {
		return false, err
	}
	return r.sameJSON(t.value, u.value)
}

func (r *run) sameJSON(a, b jsonval.Value) (bool, error) {
	if jsonval.Same(a, b) {
		return true, nil
	}
	if a.Kind() != b.Kind() || a.Len() != b.Len() {
		return false, nil
	}
	switch a.Kind() {
	case jsonval.Number:
		return isIntegral(a.Text()) == isIntegral(b.Text()) && compareNumbers(a.Text(), b.Text()) == 0, nil
	case jsonval.Array:
		for i, item := range a.Items() {
			if ok, err := r.sameJSON(item, b.At(i)); !ok || err != nil {
				return false, err
			}
		}
		return true, r.spend(a.Len())
	case jsonval.Object:
		for name, child := range a.Members() {
			if ok, err := r.sameJSON(child, b.Get(name)); !ok || err != nil {
				return false, err
			}
		}
		return true, r.spend(a.Len())
	}
	return jsonval.Equal(a, b), nil
}

// contains reports whether t equals an item of the list.
func (r *run) contains(list []term, t *term) (bool, error) {
	for i := range list {
		if t.equals(&list[i]) {
			return true, nil
		}
	}
	return false, r.spend(len(list))
}

// utf16Len is a string's length as Java counts it.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
