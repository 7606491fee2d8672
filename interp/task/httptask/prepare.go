package httptask

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// Handler calls APIs through connections. It may be used by many goroutines.
type Handler struct {
	Transport   *task.Transport
	Connections *Connections // nil: there is no file
	Policy      task.Policy  // where tokens are asked for
	Region      string       // for the User-Agent
	NoQuotas    bool         // results may be larger than 256 KiB, and any number of tasks start at once

	tokens tokens
	quota  quota
}

// Handles reports whether r is http:invoke.
func (h *Handler) Handles(r interp.Resource) bool { return handles(r) }

func handles(r interp.Resource) bool {
	return r.Kind == interp.ServiceResource && r.Service == "http" && r.Action == "invoke" && r.Suffix == ""
}

// Prepare turns a call's parameters, and what its connection adds, into a
// request.
func (h *Handler) Prepare(_ context.Context, call interp.Call) (task.Draft, error) {
	params := call.Input
	if problems := Check(call.Resource, params); len(problems) > 0 {
		return task.Draft{}, &task.ParameterError{Problems: problems}
	}
	arn := connectionOf(params)
	name, connection := h.Connections.find(arn)
	switch {
	case h.Connections == nil:
		return task.Draft{}, fmt.Errorf("it uses the EventBridge connection %q: --connections FILE says what that adds to a request, or a mock answers it", name)
	case connection == nil:
		return task.Draft{}, fmt.Errorf("%s has no connection %q (%s): add it, or answer with a mock", h.Connections.name, name, arn)
	}
	return h.draft(params, name, connection)
}

// draft is the request of parameters that are well formed.
func (h *Handler) draft(params jsonval.Value, name string, c *Connection) (task.Draft, error) {
	m := maker{handler: h, name: name, connection: c, taken: params.String()}
	if err := m.make(params); err != nil {
		return task.Draft{}, err
	}
	return m.draft, nil
}

// connectionOf is the ARN of the connection that parameters name.
func connectionOf(params jsonval.Value) string {
	if arn := params.Get("InvocationConfig").Get("ConnectionArn").Text(); arn != "" {
		return arn
	}
	return params.Get("Authentication").Get("ConnectionArn").Text()
}

// maker makes one draft.
type maker struct {
	handler    *Handler
	name       string
	connection *Connection
	taken      string // text in which no mark may stand
	draft      task.Draft
}

func (m *maker) make(params jsonval.Value) error {
	added := m.connection.AuthParameters
	m.draft = task.Draft{Method: params.Get("Method").Text(), Header: http.Header{}}
	for name, v := range params.Get("Headers").Members() {
		for _, item := range v.Items() {
			text, _ := task.SentText(item)
			m.draft.Header[name] = append(m.draft.Header[name], text)
		}
		if text, ok := task.SentText(v); ok {
			m.draft.Header[name] = []string{text}
		}
	}
	for _, p := range added.Invocation.Headers {
		value, err := m.value(p, plainText)
		if err != nil {
			return err
		}
		m.setHeader(p.Key, value)
	}
	if err := m.authorize(); err != nil {
		return err
	}
	if err := m.body(params, added.Invocation.Body); err != nil {
		return err
	}
	task.SetDefault(m.draft.Header, "User-Agent", "Amazon|StepFunctions|HttpInvoke|"+m.handler.Region)
	task.SetDefault(m.draft.Header, "Range", "bytes=0-262144")
	return m.url(params, added.Invocation.Query)
}

// setHeader puts a header in the place of one of the same name.
func (m *maker) setHeader(name, value string) {
	for there := range m.draft.Header {
		if strings.EqualFold(there, name) {
			delete(m.draft.Header, there)
		}
	}
	m.draft.Header[name] = []string{value}
}

// url joins the endpoint, the task's query and the connection's, whose values
// win.
func (m *maker) url(params jsonval.Value, added []Parameter) error {
	u, err := task.ParseURL(params.Get("ApiEndpoint").Text())
	if err != nil {
		return fmt.Errorf("ApiEndpoint: %w", err)
	}
	var pairs []pair
	if given := params.Get("QueryParameters"); given.Is(jsonval.Object) {
		pairs = flatten(nil, "", given, "REPEAT")
	}
	if pairs, err = m.override(pairs, added); err != nil {
		return err
	}
	if u.Path == "" {
		u.Path = "/"
	}
	var query []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if part != "" && !slices.ContainsFunc(added, func(p Parameter) bool { return replaces(p, name) }) {
			query = append(query, part)
		}
	}
	if len(pairs) > 0 {
		query = append(query, encoded(pairs))
	}
	u.RawQuery = strings.Join(query, "&")
	m.draft.URL = u.String()
	return nil
}

// override puts a connection's parameters in the places of the task's.
func (m *maker) override(pairs []pair, added []Parameter) ([]pair, error) {
	for _, p := range added {
		value, err := m.value(p, escape)
		if err != nil {
			return nil, err
		}
		pairs = slices.DeleteFunc(pairs, func(old pair) bool { return replaces(p, old.name) })
		pairs = append(pairs, pair{escape(p.Key), value})
	}
	return pairs, nil
}

// replaces reports whether p stands in the place of what has that encoded name:
// its own, or one of a list's items or an object's members.
func replaces(p Parameter, name string) bool {
	rest, ok := strings.CutPrefix(name, escape(p.Key))
	return ok && (rest == "" || strings.HasPrefix(rest, "%5B"))
}

// body is the request's body: JSON, a form, or a text as it is.
func (m *maker) body(params jsonval.Value, added []Parameter) error {
	body := params.Get("RequestBody")
	there := body.Exists() && !body.Is(jsonval.Null)
	if len(added) > 0 {
		if there && !body.Is(jsonval.Object) {
			return &task.ParameterError{Problems: []string{task.InvalidFormat("RequestBody")}}
		}
		if !there {
			body, there = jsonval.EmptyObject, true
		}
	}
	switch {
	case !there:
		return nil
	case body.Is(jsonval.String):
		m.draft.Body = []byte(body.Text())
	case isForm(params):
		if !m.saysForm() { // the connection has put another type in its place
			return &task.ParameterError{Problems: []string{task.InvalidFormat("Headers")}}
		}
		format := params.Get("Transform").Get("RequestEncodingOptions").Get("ArrayFormat").Text()
		if format == "" {
			format = "INDICES"
		}
		pairs, err := m.override(flatten(nil, "", body, format), added)
		if err != nil {
			return err
		}
		m.draft.Body = []byte(encoded(pairs))
	default:
		text, err := m.json(body, added)
		if err != nil {
			return err
		}
		m.draft.Body = text
	}
	task.SetDefault(m.draft.Header, "Content-Type", "application/json; charset=UTF-8")
	return nil
}

// saysForm reports whether the request's content type is that of forms.
func (m *maker) saysForm() bool {
	for name, values := range m.draft.Header {
		if strings.EqualFold(name, "Content-Type") && len(values) > 0 {
			return isFormType(values[0])
		}
	}
	return false
}

// json is a body as JSON, with the connection's members in it.
func (m *maker) json(body jsonval.Value, added []Parameter) ([]byte, error) {
	for _, p := range added {
		value := p.Value
		if p.secret() {
			var err error
			if value, err = m.value(p, inJSON); err != nil {
				return nil, err
			}
		}
		var err error
		if body, err = body.Set(jsonval.Path{jsonval.Key(p.Key)}, jsonval.OfString(value)); err != nil {
			return nil, err
		}
	}
	return body.AppendJSON(nil), nil
}

// authorize adds what the connection signs in with.
func (m *maker) authorize() error {
	look, p := m.handler.Connections.look, m.connection.AuthParameters
	switch {
	case p.Basic != nil:
		user, err := look.resolve(p.Basic.Username)
		if err != nil {
			return m.failed(err)
		}
		password, err := look.resolve(p.Basic.Password)
		if err != nil {
			return m.failed(err)
		}
		mark := m.secret("Password", base64.StdEncoding.EncodeToString([]byte(user+":"+password)), password)
		m.setHeader("Authorization", "Basic "+mark)
	case p.APIKey != nil:
		value, err := m.value(Parameter{Key: "ApiKeyValue", Value: p.APIKey.Value, Secret: true}, plainText)
		if err != nil {
			return err
		}
		m.setHeader(p.APIKey.Name, value)
	case p.OAuth != nil:
		o, mark := p.OAuth, m.mark("token")
		m.draft.Secrets = append(m.draft.Secrets, task.Secret{Mark: mark, Fetch: func(ctx context.Context) (string, error) {
			return m.handler.token(ctx, m.name, o)
		}})
		m.draft.Before = []string{o.AuthorizationEndpoint}
		m.setHeader("Authorization", "Bearer "+mark)
	}
	return nil
}

func plainText(s string) string { return s }

func inJSON(s string) string {
	q := jsonval.Quote(s)
	return q[1 : len(q)-1]
}

// value is a parameter's value in the form of its place, or the mark of it.
func (m *maker) value(p Parameter, form func(string) string) (string, error) {
	plain, err := m.handler.Connections.look.resolve(p.Value)
	if err != nil {
		return "", m.failed(err)
	}
	if !p.secret() {
		return form(plain), nil
	}
	return m.secret(p.Key, form(plain), plain), nil
}

func (m *maker) failed(err error) error {
	return fmt.Errorf("%s: connection %q: %w", m.handler.Connections.name, m.name, err)
}

// secret adds a secret to the draft and returns its mark.
func (m *maker) secret(name, value, plain string) string {
	s := task.Secret{Mark: m.mark(name), Value: value}
	if plain != value {
		s.Plain = plain
	}
	m.draft.Secrets = append(m.draft.Secrets, s)
	return s.Mark
}

// mark stands for a secret. It can stand everywhere in a request as it is, and
// is in none of the task's own texts.
func (m *maker) mark(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return -1
	}, name)
	for n := len(m.draft.Secrets) + 1; ; n++ {
		mark := fmt.Sprintf("***%s-%d***", name, n)
		if !strings.Contains(m.taken, mark) {
			m.taken += mark
			return mark
		}
	}
}
