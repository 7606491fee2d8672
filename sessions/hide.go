package sessions

import (
	"fmt"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// shortestEcho is how long a secret must be to be looked for in an answer: a
// shorter text may stand there for itself.
const shortestEcho = 16

// hideEchoes takes a request's secrets out of what came back for it. API Gateway
// repeats the whole request where a signature is wrong, session token included,
// and an error's cause is shown, recorded and handed on.
func hideEchoes(o interp.Outcome, x *task.Exchange) interp.Outcome {
	var pairs []string
	for _, secret := range append(x.Sent.Secrets(), x.Sent.Signature()) {
		if len(secret) >= shortestEcho {
			pairs = append(pairs, secret, fmt.Sprintf("(hidden, %d chars)", len(secret)))
		}
	}
	if len(pairs) == 0 {
		return o
	}
	hide := strings.NewReplacer(pairs...)
	if r := x.Response; r != nil {
		clean := *r
		if body := hide.Replace(string(r.Body)); body != string(r.Body) {
			clean.Body = []byte(body)
		}
		clean.Header = slices.Clone(r.Header)
		for i := range clean.Header {
			clean.Header[i].Value = hide.Replace(clean.Header[i].Value)
		}
		x.Response = &clean
	}
	if f := o.Failure; f != nil {
		if f.Cause != nil {
			cause := hide.Replace(*f.Cause)
			o.Failure = &interp.Failure{Error: f.Error, Cause: &cause}
		}
		return o
	}
	o.Result = replaceTexts(o.Result, hide)
	return o
}

// replaceTexts is v with r applied to each of its texts; it shares what stays as
// it was.
func replaceTexts(v jsonval.Value, r *strings.Replacer) jsonval.Value {
	switch v.Kind() {
	case jsonval.String:
		if text := r.Replace(v.Text()); text != v.Text() {
			return jsonval.OfString(text)
		}
	case jsonval.Array:
		var items []jsonval.Value
		for i, item := range v.Items() {
			clean := replaceTexts(item, r)
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
			clean := replaceTexts(m.Value, r)
			if members == nil && !jsonval.Same(clean, m.Value) {
				members = make([]jsonval.Member, 0, v.Len())
				for j := range i {
					members = append(members, v.MemberAt(j))
				}
			}
			if members != nil {
				members = append(members, jsonval.Member{Key: m.Key, Value: clean})
			}
		}
		if members != nil {
			return jsonval.OfMembers(members)
		}
	}
	return v
}
