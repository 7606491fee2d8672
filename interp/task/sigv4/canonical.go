package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is what a signature covers of an HTTP request.
type Request struct {
	Method   string
	Path     string // as on the wire: percent-encoded, without the query
	Query    string // as on the wire, without the ?
	Host     string
	Header   http.Header // names in any case; Host is not among them
	BodyHash string      // of [Hash]
}

// Hash is the lower-case hexadecimal SHA-256 of body.
func Hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Canonical is the canonical request over the headers named in signed, which
// are lower-case and sorted
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
func (r Request) Canonical(signed []string) string {
	var b strings.Builder
	b.WriteString(r.Method)
	b.WriteByte('\n')
	b.WriteString(escape(CleanPath(r.Path), true))
	b.WriteByte('\n')
	b.WriteString(canonicalQuery(r.Query))
	b.WriteByte('\n')
	values := r.valuesByName()
	for _, name := range signed {
		b.WriteString(name)
		b.WriteByte(':')
		for i, v := range values[name] {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(tidy(v))
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(signed, ";"))
	b.WriteByte('\n')
	b.WriteString(r.BodyHash)
	return b.String()
}

func (r Request) valuesByName() map[string][]string {
	values := make(map[string][]string, len(r.Header)+1)
	for name, vs := range r.Header {
		lower := strings.ToLower(name)
		values[lower] = append(slices.Clip(values[lower]), vs...)
	}
	values["host"] = []string{r.Host}
	return values
}

// CleanPath is a path as signatures see it: without dot segments and doubled
// slashes. Every service but S3 does this.
func CleanPath(path string) string {
	kept := make([]string, 0, 8)
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, segment)
		}
	}
	if len(kept) == 0 {
		return "/"
	}
	clean := "/" + strings.Join(kept, "/")
	if strings.HasSuffix(path, "/") {
		clean += "/"
	}
	return clean
}

func canonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var pairs []string
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, escape(unescape(name), false)+"="+escape(unescape(value), false))
	}
	// The order is that of names, then values: "a=" must sort before "a-b=".
	slices.SortFunc(pairs, func(a, b string) int {
		an, av, _ := strings.Cut(a, "=")
		bn, bv, _ := strings.Cut(b, "=")
		if c := strings.Compare(an, bn); c != 0 {
			return c
		}
		return strings.Compare(av, bv)
	})
	return strings.Join(pairs, "&")
}

// unescape reads one name or value of a query; a text that is not
// percent-encoded stands for itself.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

const upperHex = "0123456789ABCDEF"

// escape percent-encodes all but the unreserved characters of RFC 3986.
func escape(s string, keepSlash bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '_', c == '.', c == '~', c == '/' && keepSlash:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

// tidy trims a header value and makes runs of blanks one.
func tidy(v string) string {
	v = strings.TrimSpace(v)
	if !strings.Contains(v, "  ") {
		return v
	}
	var b strings.Builder
	for i := range len(v) {
		if v[i] != ' ' || v[i-1] != ' ' {
			b.WriteByte(v[i])
		}
	}
	return b.String()
}
