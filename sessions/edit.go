package sessions

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
)

// editRequest changes the held request and seals it again.
func (g *engine) editRequest(ctx context.Context, c *pendingCall, edit jsonval.Value) error {
	if c.state != callPrepared && c.state != callMocked || !c.http {
		return fmt.Errorf("%s has no request that could be edited", c.call.State.Name)
	}
	draft := c.sealed.Draft()
	applyEdit(&draft, edit)
	g.reseal(ctx, c, c.signing, draft, func(p prepared) {
		c.take(p)
		c.edited++
		g.noteWith("edited", "request of "+c.call.State.Name, edit)
		g.message = fmt.Sprintf("The request of %s was edited and sealed again.", c.call.State.Name)
	})
	return nil
}

// applyEdit puts an edit-request's members into a draft. A body that is a text
// is taken as it is, any other is its JSON text, null is none; a header that is
// null is removed.
func applyEdit(d *task.Draft, edit jsonval.Value) {
	if v := edit.Get("method"); v.Exists() {
		d.Method = v.Text()
	}
	if v := edit.Get("url"); v.Exists() {
		d.URL = v.Text()
	}
	if v := edit.Get("body"); v.Exists() {
		switch v.Kind() {
		case jsonval.Null:
			d.Body = nil
		case jsonval.String:
			d.Body = []byte(v.Text())
		default:
			d.Body = v.AppendJSON(nil)
		}
	}
	if d.Header == nil {
		d.Header = http.Header{}
	}
	for name, v := range edit.Get("headers").Members() {
		for there := range d.Header {
			if strings.EqualFold(there, name) {
				delete(d.Header, there)
			}
		}
		switch v.Kind() {
		case jsonval.String:
			d.Header[name] = []string{v.Text()}
		case jsonval.Array:
			for _, item := range v.Items() {
				d.Header[name] = append(d.Header[name], item.Text())
			}
		}
	}
}

// reseal seals a changed draft, away from the goroutine that owns g.
func (g *engine) reseal(ctx context.Context, c *pendingCall, how signing, d task.Draft, then func(prepared)) {
	c.making = true
	now, p := g.now, c.prepared
	p.signing = how
	g.away(func() func(context.Context) {
		g.desk.seal(ctx, &p, d, now)
		return func(context.Context) {
			c.making = false
			if !slices.Contains(g.calls, c) {
				return
			}
			g.changed()
			if !p.http {
				g.trouble = "the request stays as it was: " + p.problem
				return
			}
			then(p)
		}
	})
}
