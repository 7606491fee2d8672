package asl

import (
	"fmt"
	"strings"

	"asldbg/interp/jsonval"
)

// placeholder reads a ${Name} at the start of s; n is its length, 0 if there
// is none. Names are those CloudFormation's DefinitionSubstitutions, its pseudo
// parameters (AWS::Region) and Terraform (var.table) use.
func placeholder(s string) (name string, n int) {
	if !strings.HasPrefix(s, "${") {
		return "", 0
	}
	for i := 2; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '}' && i > 2:
			return s[2:i], i + 1
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.:-", c) >= 0:
		default:
			return "", 0
		}
	}
	return "", 0
}

// substitute fills the placeholders below n, keys included, and reports
// whether anything changed. Replaced text is not looked at again.
func (a *analysis) substitute(n *Node) bool {
	changed := false
	if strings.Contains(n.Key, "${") {
		n.Key = a.filled(n, n.Key, n.KeyStart, n.Start)
		changed = true
	}
	switch {
	case n.bare:
		a.fillBare(n)
		return true
	case n.Value.Is(jsonval.String):
		if strings.Contains(n.Value.Text(), "${") {
			n.Value = jsonval.OfString(a.filled(n, n.Value.Text(), n.Start, n.End))
			changed = true
		}
		return changed
	}
	inside := false
	for _, k := range n.Kids {
		if a.substitute(k) {
			inside = true
		}
	}
	if inside {
		n.Value = n.valueOfKids()
	}
	return changed || inside
}

// filled is text with its placeholders replaced; it stands between start and
// end in the source.
func (a *analysis) filled(n *Node, text string, start, end int) string {
	var b strings.Builder
	at := start
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i])
		name, length := placeholder(text[i:])
		if length == 0 {
			b.WriteString("${")
			text = text[i+2:]
			continue
		}
		if value, ok := a.o.Substitutions[name]; ok {
			b.WriteString(value)
		} else {
			b.WriteString(text[i : i+length])
			n.open = true
			if !a.unset[name] {
				if found := strings.Index(a.file.Source[min(at, end):end], text[i:i+length]); found >= 0 {
					at += found
				} else {
					at, end = start, start // written with escapes
				}
				a.missing(n, name, at)
			}
		}
		text = text[i+length:]
	}
}

// fillBare replaces a placeholder that stands where a JSON value should be.
func (a *analysis) fillBare(n *Node) {
	name, _ := placeholder(n.Value.Text())
	n.bare = false
	value, ok := a.o.Substitutions[name]
	if !ok {
		n.open = true
		if !a.unset[name] {
			a.missing(n, name, n.Start)
		}
		return
	}
	v, err := jsonval.Parse(value)
	if err != nil && !looksLikeJSON(a.file.Source) {
		v, err = jsonval.OfString(value), nil // in YAML, text needs no quotes
	}
	if err != nil {
		n.open = true
		a.ours(n, Diagnostic{
			Code:    "definition-substitution",
			Message: fmt.Sprintf("${%s} stands outside a string, so its value must be JSON, but %q is not: %s", name, value, err),
			Hint:    fmt.Sprintf(`write "${%s}" in double quotes if it is text`, name),
		})
		return
	}
	filled := newNodes(v, n.Start, n.End)
	n.Value, n.Kids = filled.Value, filled.Kids
	for _, k := range n.Kids {
		k.Parent = n
	}
}

// missing reports a placeholder without a value, which is done once a name.
func (a *analysis) missing(n *Node, name string, at int) {
	if a.unset == nil {
		a.unset = make(map[string]bool)
	}
	a.unset[name] = true
	d := Diagnostic{
		Code:    "definition-substitution",
		Message: fmt.Sprintf("${%s} has no value", name),
		Hint:    fmt.Sprintf("give it one with --set %s=VALUE", name),
	}
	if a.o.Unfilled != nil && a.o.Unfilled(name) {
		d.Severity = Warning
		d.Message += ", so what depends on it is not checked"
	}
	a.report(n, at, d)
}
