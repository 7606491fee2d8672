package httptask

import (
	"net/url"
	"strconv"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

const formType = "application/x-www-form-urlencoded"

// escape percent-encodes all but unreserved characters.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// pair is a name and a value of a form or query, percent-encoded.
type pair struct{ name, value string }

func encoded(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name)
		b.WriteByte('=')
		b.WriteString(p.value)
	}
	return b.String()
}

// flatten makes pairs of a value, with the names of nested members in brackets.
// format is an ArrayFormat.
func flatten(pairs []pair, name string, v jsonval.Value, format string) []pair {
	switch v.Kind() {
	case jsonval.Object:
		for key, member := range v.Members() {
			inner := escape(key)
			if name != "" {
				inner = name + "%5B" + inner + "%5D"
			}
			pairs = flatten(pairs, inner, member, format)
		}
	case jsonval.Array:
		if format == "COMMAS" && plain(v) {
			texts := make([]string, 0, v.Len())
			for _, item := range v.Items() {
				text, _ := task.SentText(item)
				texts = append(texts, escape(text))
			}
			return append(pairs, pair{name, strings.Join(texts, ",")})
		}
		for i, item := range v.Items() {
			inner := name
			switch {
			case format == "INDICES" || item.Is(jsonval.Object) || item.Is(jsonval.Array):
				inner += "%5B" + strconv.Itoa(i) + "%5D"
			case format == "BRACKETS":
				inner += "%5B%5D"
			}
			pairs = flatten(pairs, inner, item, format)
		}
	default:
		text, _ := task.SentText(v)
		pairs = append(pairs, pair{name, escape(text)})
	}
	return pairs
}

// plain reports whether a list has neither lists nor objects.
func plain(list jsonval.Value) bool {
	for _, item := range list.Items() {
		if item.Is(jsonval.Object) || item.Is(jsonval.Array) {
			return false
		}
	}
	return true
}
