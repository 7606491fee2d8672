package main_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// matcher compares what was recorded with what we did. Placeholders, with which
// the recordings hide what differs from day to day, match anything; those with
// a number, such as <uuid:1>, the same thing each time.
type matcher struct {
	whole    map[string]bool
	anywhere *regexp.Regexp // nil: none
	bound    map[string]jsonval.Value
}

func newMatcher(c recorded) *matcher {
	m := &matcher{whole: map[string]bool{}, bound: map[string]jsonval.Value{}}
	for _, t := range c.Get("placeholders").Get("whole_value").Items() {
		m.whole[t.Text()] = true
	}
	var tokens []string
	for _, t := range c.Get("placeholders").Get("anywhere").Items() {
		tokens = append(tokens, t.Text())
	}
	// Some recordings have a token inside another: <<task_token>:1>.
	slices.SortFunc(tokens, func(a, b string) int { return len(b) - len(a) })
	for i, t := range tokens {
		tokens[i] = `<` + regexp.QuoteMeta(t) + `:\d+>|` + regexp.QuoteMeta(t)
	}
	if len(tokens) > 0 {
		m.anywhere = regexp.MustCompile(strings.Join(tokens, "|"))
	}
	return m
}

var numbered = regexp.MustCompile(`^<[^<>]+:\d+>$`)

// differs says where got is not what was recorded, "" for nowhere.
func (m *matcher) differs(want, got jsonval.Value, at string) string {
	if !got.Exists() {
		return fmt.Sprintf("%s: AWS has %s, we have nothing", at, short(want))
	}
	if want.Is(jsonval.String) && m.covers(want.Text(), got) {
		return ""
	}
	switch {
	case want.Is(jsonval.Object) && got.Is(jsonval.Object):
		for k, w := range want.Members() {
			if why := m.differs(w, got.Get(k), at+"/"+k); why != "" {
				return why
			}
		}
		for k, g := range got.Members() {
			if !want.Get(k).Exists() {
				return fmt.Sprintf("%s/%s: AWS has nothing, we have %s", at, k, short(g))
			}
		}
		return ""
	case want.Is(jsonval.Array) && got.Is(jsonval.Array):
		if want.Len() != got.Len() {
			return fmt.Sprintf("%s: AWS has %d items, we have %d", at, want.Len(), got.Len())
		}
		for i, w := range want.Items() {
			if why := m.differs(w, got.At(i), fmt.Sprintf("%s/%d", at, i)); why != "" {
				return why
			}
		}
		return ""
	case jsonval.Equal(want, got) || sameNumber(want, got):
		return ""
	}
	return fmt.Sprintf("%s: AWS has %s, we have %s", at, short(want), short(got))
}

// covers reports whether a recorded text is got, given its placeholders.
func (m *matcher) covers(want string, got jsonval.Value) bool {
	switch {
	case got.Is(jsonval.String) && got.Text() == want, m.whole[want]:
		return true
	case m.anywhere == nil || !got.Is(jsonval.String) || !m.anywhere.MatchString(want):
		return false
	}
	if numbered.MatchString(want) && m.anywhere.FindString(want) == want {
		before, ok := m.bound[want]
		m.bound[want] = got
		return !ok || jsonval.Equal(before, got)
	}
	var pattern strings.Builder
	pattern.WriteString(`(?s)^`)
	last := 0
	for _, hit := range m.anywhere.FindAllStringIndex(want, -1) {
		pattern.WriteString(regexp.QuoteMeta(want[last:hit[0]]) + `.*`)
		last = hit[1]
	}
	pattern.WriteString(regexp.QuoteMeta(want[last:]) + `$`)
	return regexp.MustCompile(pattern.String()).MatchString(got.Text())
}

// sameNumber takes 1 and 1.0 for the same.
func sameNumber(a, b jsonval.Value) bool {
	if !a.Is(jsonval.Number) || !b.Is(jsonval.Number) {
		return false
	}
	x, ok := a.Float()
	y, ok2 := b.Float()
	return ok && ok2 && x == y
}

func short(v jsonval.Value) string {
	if !v.Exists() {
		return "nothing"
	}
	const most = 160
	if s := v.String(); len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	} else {
		return s
	}
}

// parsed is the JSON value a text holds, or the text.
func parsed(v jsonval.Value) jsonval.Value {
	if !v.Is(jsonval.String) {
		return v
	}
	if w, err := jsonval.Parse(v.Text()); err == nil {
		return w
	}
	return v
}
