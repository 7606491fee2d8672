package jsonpath

import (
	"errors"
	"fmt"

	"asldbg/interp/jsonval"
)

// maxWork bounds one evaluation: the values visited, each result counting
// resultWork of them. AWS's payload quota leaves room for about 130,000 values,
// so only hostile paths ($..*..*..*) come near.
const (
	maxWork    = 10_000_000
	resultWork = 8
)

// run is what the searches of one evaluation share.
type run struct {
	doc   jsonval.Value   // what $ means in filters and arguments
	work  int             // what is left of maxWork
	cache map[*Path]*term // values of $ paths in filters
}

// search walks the steps of one path. found is what it has found so far; of a
// definite path the last one counts.
type search struct {
	*run
	path       *Path
	found      []jsonval.Value
	strict     bool // an existence test: what is missing is always an error
	quiet      bool // nobody reads the message of a miss
	outOfRange bool // an index was past the end
	item       int  // the array item .. came to the last step by; -1: by none
}

func (p *Path) search(doc jsonval.Value) (jsonval.Value, error) {
	s := search{run: &run{doc: doc, work: maxWork}, path: p, item: -1}
	v, err := s.value(doc)
	var eval *EvalError
	if errors.As(err, &eval) {
		err = &EvalError{Path: p.text, Message: eval.Message, skips: eval.skips, pastEnd: eval.pastEnd}
	}
	return v, err
}

// value finds the path from v on.
func (s *search) value(v jsonval.Value) (jsonval.Value, error) {
	if !v.Exists() {
		return v, s.miss(MissingProperty, s.noResults)
	}
	if err := s.walk(0, v); err != nil {
		return jsonval.Value{}, err
	}
	if !s.path.definite {
		return jsonval.OfItems(s.found), nil
	}
	if len(s.found) == 0 {
		reason := MissingLeaf
		if s.outOfRange {
			reason = OutOfRange
		}
		return jsonval.Value{}, s.miss(reason, s.noResults)
	}
	return s.found[len(s.found)-1], nil
}

// miss is a NotFoundError; its text is made only if somebody reads it.
func (s *search) miss(reason Reason, text func() string) error {
	if s.quiet {
		return errMissing
	}
	return &NotFoundError{s.path.text, reason, text()}
}

func (s *search) noResults() string { return "No results for path: " + s.path.Normal() }

// fail is an EvalError; search gives it its path.
func fail(skips bool, format string, args ...any) error {
	return &EvalError{Message: fmt.Sprintf(format, args...), skips: skips}
}

func (r *run) spend(n int) error {
	if r.work -= n; r.work < 0 {
		return fail(false, "the path takes more than %d steps on this document", maxWork)
	}
	return nil
}

func (s *search) add(v jsonval.Value) error {
	s.found = append(s.found, v)
	return s.spend(resultWork)
}

// walk takes step i on v, and the steps after it on what that leads to.
func (s *search) walk(i int, v jsonval.Value) error {
	if i == len(s.path.steps) {
		return s.add(v)
	}
	if err := s.spend(1); err != nil {
		return err
	}
	st := &s.path.steps[i]
	switch st.kind {
	case stepMember, stepMembers:
		if !v.Is(jsonval.Object) {
			return s.noObject(i, v)
		}
		return s.members(i, v)
	case stepIndex, stepIndexes, stepSlice:
		if !v.Is(jsonval.Array) {
			return s.noArray(i, v)
		}
		return s.items(i, v)
	case stepAll:
		return s.all(i, v)
	case stepDescend:
		return s.descend(i+1, v)
	case stepFilter:
		return s.filter(i, v)
	}
	return s.call(i, v)
}

func (s *search) noObject(i int, v jsonval.Value) error {
	st := &s.path.steps[i]
	if !st.upstream {
		return nil
	}
	return s.miss(MissingProperty, func() string {
		one := Path{steps: s.path.steps[i : i+1]}
		return fmt.Sprintf("Expected to find an object with property %s in path %s but found '%s'. "+
			"This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.",
			one.fragments(0), s.path.placeOf(i), javaClass(v))
	})
}

func (s *search) noArray(i int, v jsonval.Value) error {
	if !s.path.steps[i].upstream {
		return nil
	}
	if v.Is(jsonval.Null) {
		return s.miss(MissingProperty, func() string { return "The path " + s.path.placeOf(i) + " is null" })
	}
	return s.miss(WrongType, func() string {
		return "Filter: " + s.path.fragments(i) + " can only be applied to arrays. Current context is: " + javaText(v)
	})
}

// members takes the step on an object.
func (s *search) members(i int, v jsonval.Value) error {
	st := &s.path.steps[i]
	if st.kind == stepMember {
		return s.member(i, st.name, v)
	}
	if !st.leaf {
		for _, name := range st.names {
			if err := s.member(i, name, v); err != nil {
				return err
			}
		}
		return nil
	}
	var merged []jsonval.Member
	for _, name := range st.names {
		if child := v.Get(name); child.Exists() {
			merged = append(merged, jsonval.Member{Key: name, Value: child})
		} else if s.strict {
			return errMissing
		}
	}
	return s.add(jsonval.OfMembers(merged))
}

func (s *search) member(i int, name string, v jsonval.Value) error {
	st := &s.path.steps[i]
	child := v.Get(name)
	switch {
	case child.Exists():
		return s.child(i, child)
	case s.strict:
		return errMissing
	case st.leaf || !st.upstream || !st.definite():
		return nil
	}
	return s.miss(MissingProperty, func() string { return "Missing property in path " + s.path.placeOf(i+1) })
}

// child goes on with a member's value. Once .. has stepped over an array's
// items, Jayway counts a member as found only if the step before it is the
// index of the item last stepped over.
func (s *search) child(i int, v jsonval.Value) error {
	if st := &s.path.steps[i]; st.leaf && s.item >= 0 {
		if before := &s.path.steps[i-1]; before.kind != stepIndex || before.index != s.item {
			return nil
		}
	}
	return s.walk(i+1, v)
}

// items takes the step on an array.
func (s *search) items(i int, v jsonval.Value) error {
	st := &s.path.steps[i]
	switch st.kind {
	case stepIndex:
		return s.at(i, st.index, v)
	case stepIndexes:
		for _, n := range st.indexes {
			if err := s.at(i, n, v); err != nil {
				return err
			}
		}
		return nil
	}
	from, to := st.sliceOf(v.Len())
	for n := from; n < to; n++ {
		if err := s.at(i, n, v); err != nil {
			return err
		}
	}
	return nil
}

// sliceOf is the range of indexes the slice takes from an array of n items.
// With both ends given, Jayway counts negative ones from the end only item by
// item, so [-1:1] is the last item and the first, and [1:-1] is nothing.
func (s *step) sliceOf(n int) (from, to int) {
	switch {
	case !s.hasTo:
		if s.index < 0 {
			return max(0, n+s.index), n
		}
		return s.index, n
	case !s.hasFrom:
		if s.to < 0 {
			return 0, n + s.to
		}
		return 0, min(n, s.to)
	}
	return max(s.index, -n), min(n, s.to)
}

func (s *search) at(i, n int, v jsonval.Value) error {
	if n < 0 {
		n += v.Len()
	}
	if n < 0 || n >= v.Len() {
		s.outOfRange = true
		return nil
	}
	return s.onItem(i, v.At(n))
}

// onItem goes on from step i with an item it has found in an array.
func (s *search) onItem(i int, v jsonval.Value) error {
	err := s.walk(i+1, v)
	if err != nil && isPastEnd(err) {
		return nil
	}
	return err
}

func (s *search) all(i int, v jsonval.Value) error {
	switch v.Kind() {
	case jsonval.Object:
		for n := range v.Len() {
			if err := s.child(i, v.MemberAt(n).Value); err != nil {
				return err
			}
		}
	case jsonval.Array:
		if s.found == nil {
			s.found = make([]jsonval.Value, 0, v.Len())
		}
		for n := range v.Len() {
			err := s.onItem(i, v.At(n))
			if err != nil && (s.strict || !isMiss(err)) {
				return err
			}
		}
	}
	return nil
}

// descend takes step i on v and on everything inside it.
func (s *search) descend(i int, v jsonval.Value) error {
	if v.Is(jsonval.Object) || v.Is(jsonval.Array) {
		if err := s.spend(1); err != nil {
			return err
		}
	}
	switch v.Kind() {
	case jsonval.Object:
		ok, err := s.tries(i, v)
		if err == nil && ok {
			err = s.walk(i, v)
		}
		if err != nil {
			return err
		}
		for n := range v.Len() {
			if err := s.descend(i, v.MemberAt(n).Value); err != nil {
				return err
			}
		}
	case jsonval.Array:
		ok, err := s.tries(i, v)
		if err == nil && ok {
			err = s.descendItems(i, v)
		}
		if err != nil {
			return err
		}
		for n := range v.Len() {
			if err := s.descend(i, v.At(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// descendItems is what .. does on an array that step i fits: where more steps
// follow, Jayway asks the step after it of each item.
func (s *search) descendItems(i int, v jsonval.Value) error {
	if s.path.steps[i].leaf {
		return s.walk(i, v)
	}
	for n := range v.Len() {
		if s.path.steps[i+1].leaf {
			s.item = n
		}
		if err := s.walk(i+1, v.At(n)); err != nil {
			return err
		}
	}
	return nil
}

// tries reports whether .. tries step i on v, an object or array.
func (s *search) tries(i int, v jsonval.Value) (bool, error) {
	st := &s.path.steps[i]
	switch st.kind {
	case stepMember:
		return v.Is(jsonval.Object) && (s.strict || v.Get(st.name).Exists()), nil
	case stepMembers:
		if !v.Is(jsonval.Object) {
			return false, nil
		}
		if st.leaf && !s.strict {
			for _, name := range st.names {
				if !v.Get(name).Exists() {
					return false, nil
				}
			}
		}
		return true, nil
	case stepIndex, stepIndexes, stepSlice:
		return v.Is(jsonval.Array), nil
	case stepAll:
		return true, nil
	case stepFilter:
		return s.accepts(st.filter, v)
	}
	return false, nil
}

func (s *search) filter(i int, v jsonval.Value) error {
	st := &s.path.steps[i]
	switch v.Kind() {
	case jsonval.Object:
		ok, err := s.accepts(st.filter, v)
		if err == nil && ok {
			err = s.walk(i+1, v)
		}
		return err
	case jsonval.Array:
		for n := range v.Len() {
			ok, err := s.accepts(st.filter, v.At(n))
			if err == nil && ok {
				err = s.onItem(i, v.At(n))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if !st.upstream {
		return nil
	}
	if s.quiet {
		return errMismatch
	}
	return fail(true, "Filter: %s can not be applied to primitives. Current context is: %s", s.path.fragments(i), javaText(v))
}

// accepts reports whether the condition holds for item.
func (s *search) accepts(c condition, item jsonval.Value) (bool, error) {
	if err := s.spend(1); err != nil {
		return false, err
	}
	ok, err := c.holds(s.run, item)
	if err != nil && skipsItem(err) {
		return false, nil
	}
	return ok, err
}
