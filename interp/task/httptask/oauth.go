package httptask

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// tokens are the access tokens there are, by connection.
type tokens struct {
	mu  sync.Mutex
	got map[string]accessToken
}

type accessToken struct {
	text  string
	until time.Time // zero: until it is refused
}

// early is how long before its end a token is asked for again.
const early = 30 * time.Second

// tokenError says that the authorization endpoint gave no token.
type tokenError struct{ text string }

func (e *tokenError) Error() string { return e.text }

// token is a connection's access token: the one there is, or a new one.
func (h *Handler) token(ctx context.Context, name string, o *OAuthParameters) (string, error) {
	h.tokens.mu.Lock()
	defer h.tokens.mu.Unlock()
	if t, ok := h.tokens.got[name]; ok && (t.until.IsZero() || time.Now().Before(t.until)) {
		return t.text, nil
	}
	t, err := h.ask(ctx, name, o)
	if err != nil {
		return "", &tokenError{fmt.Sprintf("the connection %q gets no token from %s: %v", name, o.AuthorizationEndpoint, err)}
	}
	if h.tokens.got == nil {
		h.tokens.got = make(map[string]accessToken)
	}
	h.tokens.got[name] = t
	return t.text, nil
}

// forget drops a token that was refused.
func (h *Handler) forget(values []string) {
	h.tokens.mu.Lock()
	defer h.tokens.mu.Unlock()
	for name, t := range h.tokens.got {
		for _, v := range values {
			if v == t.text {
				delete(h.tokens.got, name)
			}
		}
	}
}

var errNoToken = errors.New("its answer has no access_token")

// ask asks the authorization endpoint for a token.
func (h *Handler) ask(ctx context.Context, name string, o *OAuthParameters) (accessToken, error) {
	d, err := h.tokenRequest(name, o)
	if err != nil {
		return accessToken{}, err
	}
	s, err := d.Seal(ctx, nil, time.Time{})
	if err != nil {
		return accessToken{}, err
	}
	x := h.Transport.Send(ctx, s, maxAnswer)
	switch {
	case x.Err != nil:
		return accessToken{}, x.Err
	case x.Response.Status/100 != 2:
		return accessToken{}, fmt.Errorf("it answers %d: %s", x.Response.Status, s.Hide(shorten(x.Response.Cause(), 200)))
	}
	v, err := jsonval.Parse(string(x.Response.Body))
	if err != nil {
		return accessToken{}, errNoToken
	}
	t := accessToken{text: v.Get("access_token").Text()}
	if t.text == "" {
		return accessToken{}, errNoToken
	}
	if seconds, ok := v.Get("expires_in").Float(); ok {
		t.until = time.Now().Add(time.Duration(seconds)*time.Second - early)
	}
	return t, nil
}

// tokenRequest is the request for a token.
func (h *Handler) tokenRequest(name string, o *OAuthParameters) (task.Draft, error) {
	u, err := url.Parse(o.AuthorizationEndpoint)
	if err != nil {
		return task.Draft{}, err
	}
	endpoint, allowed, why := h.Policy.Decide(httpInvoke, u.Host)
	if !allowed {
		return task.Draft{}, errors.New(why)
	}
	m := maker{handler: h, name: name, draft: task.Draft{Method: o.HTTPMethod, Endpoint: endpoint, Header: http.Header{
		"User-Agent": {"Amazon/EventBridge"}, "Accept": {"application/json"},
	}}}
	if m.draft.Method == "" {
		m.draft.Method = http.MethodPost
	}
	fields := []Parameter{
		{Key: "grant_type", Value: "client_credentials"},
		{Key: "client_id", Value: o.Client.ID},
		{Key: "client_secret", Value: o.Client.Secret, Secret: true},
	}
	inQuery := m.draft.Method == http.MethodGet
	query, body := o.HTTP.Query, append(fields, o.HTTP.Body...)
	if inQuery {
		query, body = append(fields, o.HTTP.Query...), nil
	}
	for _, p := range o.HTTP.Headers {
		value, err := m.value(p, plainText)
		if err != nil {
			return task.Draft{}, err
		}
		m.setHeader(p.Key, value)
	}
	inURL, err := m.override(nil, query)
	if err != nil {
		return task.Draft{}, err
	}
	if text := encoded(inURL); text != "" {
		if u.RawQuery != "" {
			text = u.RawQuery + "&" + text
		}
		u.RawQuery = text
	}
	m.draft.URL = u.String()
	inBody, err := m.override(nil, body)
	if err != nil {
		return task.Draft{}, err
	}
	if len(inBody) > 0 {
		m.draft.Body = []byte(encoded(inBody))
		m.setHeader("Content-Type", formType)
	}
	return m.draft, nil
}

// httpInvoke is the resource tokens are asked for on behalf of.
var httpInvoke = interp.ParseResource("arn:aws:states:::http:invoke")

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
