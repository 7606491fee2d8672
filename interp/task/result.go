package task

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// Result is the answer as the state of an API Gateway or HTTP task sees it,
// members in the order AWS gives them.
func (r *Response) Result() jsonval.Value {
	reason := r.Reason
	if reason == "" {
		reason = http.StatusText(r.Status)
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "Headers", Value: headers(r.Header)},
		jsonval.Member{Key: "ResponseBody", Value: responseBody(r.Body)},
		jsonval.Member{Key: "StatusCode", Value: jsonval.OfInt(int64(r.Status))},
		jsonval.Member{Key: "StatusText", Value: jsonval.OfString(text(reason))},
	)
}

// headers are lists by name; a name keeps the spelling it first came in.
func headers(fields []Field) jsonval.Value {
	at := make(map[string]int, len(fields))
	names := make([]string, 0, len(fields))
	lists := make([][]jsonval.Value, 0, len(fields))
	for _, f := range fields {
		lower := strings.ToLower(f.Name)
		i, seen := at[lower]
		if !seen {
			i = len(names)
			at[lower] = i
			names = append(names, text(f.Name))
			lists = append(lists, nil)
		}
		lists[i] = append(lists[i], jsonval.OfString(text(f.Value)))
	}
	members := make([]jsonval.Member, len(names))
	for i, name := range names {
		members[i] = jsonval.Member{Key: name, Value: jsonval.OfItems(lists[i])}
	}
	return jsonval.OfMembers(members)
}

// responseBody is the JSON value body holds, or its text.
func responseBody(body []byte) jsonval.Value {
	plain := text(string(body))
	if v, err := jsonval.Parse(plain); err == nil {
		return v
	}
	return jsonval.OfString(plain)
}

// text is s as UTF-8; other bytes are replaced, as Java does it.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// maxCause is Step Functions' limit of a cause, in characters.
const maxCause = 32_768

// Cause is the body as the cause of an error: as it came, cut to the limit.
func (r *Response) Cause() string {
	c := text(string(r.Body))
	if len(c) <= maxCause || utf8.RuneCountInString(c) <= maxCause {
		return c
	}
	n := 0
	for i := range c {
		if n == maxCause {
			return c[:i]
		}
		n++
	}
	return c
}
