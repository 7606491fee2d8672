package request

import (
	"asldbg/interp/jsonval"
	"asldbg/sessions"
)

// EditText is the request as a JSON document that can be edited: the parts that
// do not follow from others, without secrets.
func EditText(r *sessions.Request) jsonval.Value {
	h := r.HTTP
	var headers []jsonval.Member
	for _, hl := range h.Header {
		if follows(hl.Name) || hl.Secret {
			continue
		}
		headers = append(headers, jsonval.Member{Key: hl.Name, Value: jsonval.OfString(hl.Value)})
	}
	members := []jsonval.Member{
		{Key: "method", Value: jsonval.OfString(h.Method)},
		{Key: "url", Value: jsonval.OfString(h.URL)},
		{Key: "headers", Value: jsonval.OfMembers(headers)},
	}
	if body, err := jsonval.Parse(string(h.Body)); err == nil {
		members = append(members, jsonval.Member{Key: "body", Value: body})
	} else if len(h.Body) > 0 {
		members = append(members, jsonval.Member{Key: "body", Value: jsonval.OfString(string(h.Body))})
	}
	return jsonval.OfMembers(members)
}

// Edits is what an edit of the document before made of it: only the members
// that changed; a header that is gone becomes null, and so does a body.
// Undefined means that nothing changed.
func Edits(before, after jsonval.Value) jsonval.Value {
	if !after.Is(jsonval.Object) {
		return after // the session says what is wrong with it
	}
	var changed []jsonval.Member
	for key, v := range after.Members() {
		old := before.Get(key)
		if old.Exists() && jsonval.Equal(old, v) && sameOrder(old, v) {
			continue
		}
		if key == "headers" && v.Is(jsonval.Object) {
			v = headerEdits(old, v)
		}
		changed = append(changed, jsonval.Member{Key: key, Value: v})
	}
	if before.Get("body").Exists() && !after.Get("body").Exists() {
		changed = append(changed, jsonval.Member{Key: "body", Value: jsonval.NullValue})
	}
	if len(changed) == 0 {
		return jsonval.Value{}
	}
	return jsonval.OfMembers(changed)
}

// sameOrder reports whether two equal values are written alike: the order of
// members is part of what is sent.
func sameOrder(a, b jsonval.Value) bool { return a.String() == b.String() }

func headerEdits(before, after jsonval.Value) jsonval.Value {
	var out []jsonval.Member
	for name, v := range after.Members() {
		if !jsonval.Equal(before.Get(name), v) {
			out = append(out, jsonval.Member{Key: name, Value: v})
		}
	}
	for name := range before.Members() {
		if !after.Get(name).Exists() {
			out = append(out, jsonval.Member{Key: name, Value: jsonval.NullValue})
		}
	}
	return jsonval.OfMembers(out)
}

// MockText is an answer to begin with: the last good one, or one the call could
// plausibly get.
func MockText(v *sessions.View, r *sessions.Request) jsonval.Value {
	calls := Similar(v, r)
	for i := len(calls) - 1; i >= 0; i-- {
		if p := v.Calls[calls[i]]; p.Answer.Failure == nil {
			return p.Answer.Result
		}
	}
	return r.Template
}
