package journal

import (
	"cmp"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
)

// removedText stands where a secret was.
const removedText = "(removed)"

// shortest is how long a secret must be to be looked for elsewhere: a shorter
// text would turn up in innocent places.
const shortest = 6

// signatures find what a signed request's text gives away.
var signatures = regexp.MustCompile(`((?:X-Amz-)?Signature=)[0-9A-Fa-f]{16,}|(X-Amz-Security-Token=)[^&\s"']+`)

// parameter is one of a URL's query.
var parameter = regexp.MustCompile(`[?&]([^=&#\s"']+)=([^&#\s"']+)`)

// redactor removes secrets from what is written. It learns: a text once known
// to be a secret is removed wherever it turns up later.
type redactor struct {
	pointers []string // the user's: places in any document
	known    map[string]bool
	replacer *strings.Replacer // of known, made when needed
	removed  bool              // something has been removed
}

// learn makes texts secrets.
func (r *redactor) learn(texts ...string) {
	for _, s := range texts {
		if len(s) < shortest || s == removedText || r.known[s] || strings.HasPrefix(s, "{%") {
			continue
		}
		if r.known == nil {
			r.known = make(map[string]bool)
		}
		r.known[s], r.replacer = true, nil
	}
}

// text is s without secrets.
func (r *redactor) text(s string) string {
	clean := s
	if len(r.known) > 0 {
		if r.replacer == nil {
			r.replacer = newReplacer(r.known)
		}
		clean = r.replacer.Replace(clean)
	}
	if signs(clean) {
		clean = signatures.ReplaceAllString(clean, "${1}${2}"+removedText)
	}
	clean = withoutParameters(clean)
	if clean != s {
		r.removed = true
	}
	return clean
}

// withoutParameters is a text without what secret parameters of the URLs in it
// hold, such as ?api_key=….
func withoutParameters(s string) string {
	if !queries(s) {
		return s
	}
	var b strings.Builder
	rest := 0
	for _, m := range parameter.FindAllStringSubmatchIndex(s, -1) {
		name, err := url.QueryUnescape(s[m[2]:m[3]])
		if err != nil || !isSecret(name) || s[m[4]:m[5]] == removedText {
			continue
		}
		b.WriteString(s[rest:m[4]])
		b.WriteString(removedText)
		rest = m[5]
	}
	b.WriteString(s[rest:])
	return b.String()
}

// queries reports whether a text may hold a URL with a query.
func queries(s string) bool { return strings.Contains(s, "?") && strings.Contains(s, "=") }

// newReplacer removes the known secrets, longer ones first, as they are and as
// they stand in JSON text.
func newReplacer(known map[string]bool) *strings.Replacer {
	secrets := slices.SortedFunc(maps.Keys(known), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	var pairs []string
	for _, k := range secrets {
		if q := jsonval.Quote(k); q[1:len(q)-1] != k {
			pairs = append(pairs, q[1:len(q)-1], removedText)
		}
		pairs = append(pairs, k, removedText)
	}
	return strings.NewReplacer(pairs...)
}

// look learns the secrets of a document without changing it, and reports
// whether there may be something to remove from it.
func (r *redactor) look(v jsonval.Value) (found bool) {
	for _, p := range r.pointers {
		there := at(v, p)
		found = found || there.Exists()
		r.learnAll(there)
	}
	return r.lookInside(v) || found || len(r.known) > 0
}

func (r *redactor) lookInside(v jsonval.Value) (found bool) {
	switch v.Kind() {
	case jsonval.String:
		return signs(v.Text()) || queries(v.Text())
	case jsonval.Array:
		for _, item := range v.Items() {
			found = r.lookInside(item) || found
		}
	case jsonval.Object:
		for key, m := range v.Members() {
			if isSecret(key) {
				found = true
				r.learn(m.Text())
				for _, item := range m.Items() {
					r.learn(item.Text())
				}
			}
			found = r.lookInside(m) || found
		}
	}
	return found
}

// signs reports whether a text may hold a signature.
func signs(s string) bool {
	return strings.Contains(s, "Signature=") || strings.Contains(s, "X-Amz-Security-Token=")
}

func (r *redactor) learnAll(v jsonval.Value) {
	if v.Is(jsonval.String) {
		r.learn(v.Text())
	}
	for _, item := range v.Items() {
		r.learnAll(item)
	}
	for _, m := range v.Members() {
		r.learnAll(m)
	}
}

// clean is v without secrets; it shares with v whatever had none.
func (r *redactor) clean(v jsonval.Value) jsonval.Value {
	if !r.look(v) {
		return v
	}
	return r.cleanSeen(v)
}

// cleanSeen is clean for a document that has been looked through.
func (r *redactor) cleanSeen(v jsonval.Value) jsonval.Value {
	for _, pointer := range r.pointers {
		if there := at(v, pointer); there.Exists() && there.Text() != removedText {
			p, _ := jsonval.ParsePointer(v, pointer)
			v, _ = v.Set(p, jsonval.OfString(removedText)) // at found the place
			r.removed = true
		}
	}
	return r.cleanInside(v, false)
}

// cleanInside is v, found under a secret's name or not, without secrets.
func (r *redactor) cleanInside(v jsonval.Value, secret bool) jsonval.Value {
	switch v.Kind() {
	case jsonval.String:
		s := v.Text()
		if secret && s != "" && s != removedText && !strings.HasPrefix(s, "{%") {
			r.removed = true
			return jsonval.OfString(removedText)
		}
		if clean := r.text(s); clean != s {
			return jsonval.OfString(clean)
		}
	case jsonval.Array:
		var items []jsonval.Value
		for i, item := range v.Items() {
			clean := r.cleanInside(item, secret && item.Is(jsonval.String))
			if items == nil && !jsonval.Same(clean, item) {
				items = make([]jsonval.Value, 0, v.Len())
				for j := range i {
					items = append(items, v.At(j))
				}
			}
			if items != nil {
				items = append(items, clean)
			}
		}
		if items != nil {
			return jsonval.OfItems(items)
		}
	case jsonval.Object:
		var members []jsonval.Member
		for i := range v.Len() {
			m := v.MemberAt(i)
			clean := jsonval.Member{Key: r.text(m.Key), Value: r.cleanInside(m.Value, isSecret(m.Key) && !m.Value.Is(jsonval.Object))}
			if members == nil && (clean.Key != m.Key || !jsonval.Same(clean.Value, m.Value)) {
				members = make([]jsonval.Member, 0, v.Len())
				for j := range i {
					members = append(members, v.MemberAt(j))
				}
			}
			if members != nil {
				members = append(members, clean)
			}
		}
		if members != nil {
			return jsonval.OfMembers(members)
		}
	}
	return v
}

// texts is m as a value, without secrets.
func (r *redactor) texts(m map[string]string) jsonval.Value {
	var members []jsonval.Member
	for _, k := range sortedKeys(m) {
		members = append(members, jsonval.Member{Key: k, Value: jsonval.OfString(m[k])})
	}
	return r.clean(jsonval.OfMembers(members))
}

// isSecret reports whether a member of this name holds a secret.
func isSecret(name string) bool {
	var b [24]byte // the name in lower case, without - and _
	if len(name) > len(b) || len(name) < shortest {
		return false
	}
	n := 0
	for i := range len(name) {
		c := name[i]
		if c == '-' || c == '_' {
			continue
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b[n] = c
		n++
	}
	switch string(b[:n]) {
	case "authorization", "proxyauthorization", "cookie", "setcookie", "xapikey", "apikey",
		"xamzsecuritytoken", "xamzsignature", "securitytoken", "sessiontoken", "awssessiontoken",
		"secretaccesskey", "awssecretaccesskey", "secretkey", "privatekey", "password", "clientsecret",
		"accesstoken", "refreshtoken", "idtoken":
		return true
	}
	return false
}

// at is the part of v a pointer names; Undefined where there is none.
func at(v jsonval.Value, pointer string) jsonval.Value {
	p, err := jsonval.ParsePointer(v, pointer)
	if err != nil || len(p) == 0 {
		return jsonval.Value{}
	}
	return v.Lookup(p)
}

// Redact is a document without the secrets its members' names and its texts
// give away.
func Redact(v jsonval.Value) jsonval.Value {
	var r redactor
	return r.clean(v)
}
