package export

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// HAR is an HTTP Archive 1.2 of calls, as browsers and proxies read it
// (http://www.softwareishard.com/blog/har-12-spec/).
func HAR(creator, version string, calls []Call) []byte {
	entries := make([]jsonval.Value, len(calls))
	for i, c := range calls {
		entries[i] = entry(c)
	}
	text := object(
		"log", object(
			"version", "1.2",
			"creator", object("name", creator, "version", version),
			"entries", jsonval.OfItems(entries),
		),
	).Indent()
	return append([]byte(text), '\n')
}

func entry(c Call) jsonval.Value {
	members := []any{
		"startedDateTime", c.Began.Add(-c.Timing.Throttled).UTC().Format("2006-01-02T15:04:05.000Z07:00"),
		"time", millis(c.Timing.Throttled + c.Timing.Total),
		"request", request(c.Request),
		"response", response(c.Response),
		"cache", jsonval.EmptyObject,
		"timings", timings(c.Timing),
	}
	if c.Comment != "" {
		members = append(members, "comment", c.Comment)
	}
	return object(members...)
}

func request(r Request) jsonval.Value {
	var headers, query []jsonval.Value
	mime := ""
	for _, h := range r.Header {
		value := h.Value
		if h.Secret || IsSecret(h.Name) {
			value = HiddenText
		}
		if strings.EqualFold(h.Name, "Content-Type") {
			mime = h.Value
		}
		headers = append(headers, object("name", h.Name, "value", value))
	}
	if u, err := url.Parse(r.URL); err == nil && u.RawQuery != "" {
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, value, _ := strings.Cut(pair, "=")
			query = append(query, object("name", unescape(name), "value", unescape(value)))
		}
	}
	members := []any{
		"method", r.Method, "url", r.URL, "httpVersion", "HTTP/1.1", "cookies", jsonval.EmptyArray,
		"headers", jsonval.OfItems(headers), "queryString", jsonval.OfItems(query),
	}
	if len(r.Body) > 0 {
		text, encoding := bodyText(r.Body)
		post := []any{"mimeType", mime, "text", text}
		if encoding != "" {
			post = append(post, "comment", "the text is "+encoding)
		}
		members = append(members, "postData", object(post...))
	}
	return object(append(members, "headersSize", -1, "bodySize", len(r.Body))...)
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// response is an answer; one that never came has the status 0.
func response(r *Response) jsonval.Value {
	if r == nil {
		r = &Response{}
	}
	var headers []jsonval.Value
	mime, redirect := "", ""
	for _, h := range r.Header {
		value := h.Value
		switch {
		case IsSecret(h.Name):
			value = HiddenText
		case strings.EqualFold(h.Name, "Content-Type"):
			mime = value
		case strings.EqualFold(h.Name, "Location"):
			redirect = value
		}
		headers = append(headers, object("name", h.Name, "value", value))
	}
	content := []any{"size", len(r.Body), "mimeType", mime}
	if len(r.Body) > 0 {
		text, encoding := bodyText(r.Body)
		content = append(content, "text", text)
		if encoding != "" {
			content = append(content, "encoding", encoding)
		}
	}
	return object(
		"status", r.Status, "statusText", r.Reason, "httpVersion", "HTTP/1.1", "cookies", jsonval.EmptyArray,
		"headers", jsonval.OfItems(headers), "content", object(content...),
		"redirectURL", redirect, "headersSize", -1, "bodySize", len(r.Body),
	)
}

// bodyText is a body as text, or in base64.
func bodyText(b []byte) (text, encoding string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return base64.StdEncoding.EncodeToString(b), "base64"
}

// timings are in milliseconds; -1 is what does not apply. HAR counts the
// handshake as part of connecting, too.
func timings(t task.Timing) jsonval.Value {
	some := func(d time.Duration) any {
		if t.Kept || d == 0 {
			return -1
		}
		return millis(d)
	}
	var blocked any = -1
	if t.Throttled > 0 {
		blocked = millis(t.Throttled)
	}
	return object(
		"blocked", blocked, "dns", some(t.DNS), "connect", some(t.Connect+t.TLS), "ssl", some(t.TLS),
		"send", millis(t.Send), "wait", millis(t.FirstByte), "receive", millis(t.Receive()),
	)
}

func millis(d time.Duration) jsonval.Value {
	return jsonval.OfFloat(float64(d.Round(time.Microsecond)) / float64(time.Millisecond))
}

// object is made of names and values in turn.
func object(pairs ...any) jsonval.Value {
	members := make([]jsonval.Member, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m := jsonval.Member{Key: pairs[i].(string)}
		switch v := pairs[i+1].(type) {
		case string:
			m.Value = jsonval.OfString(strings.ToValidUTF8(v, "\uFFFD"))
		case int:
			m.Value = jsonval.OfInt(int64(v))
		case jsonval.Value:
			m.Value = v
		}
		members = append(members, m)
	}
	return jsonval.OfMembers(members)
}
