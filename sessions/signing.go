package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/sessions/command"
)

// signing is how a user wants a request signed. The zero value is as ever: when
// it is sealed, and anew when that is too long ago.
type signing struct {
	at     time.Time    // as of then
	keep   *task.Sealed // with the signature of this one
	region string       // for another region than the machine's request names
}

// pinned reports whether the signature is not made anew by itself.
func (s signing) pinned() bool { return !s.at.IsZero() || s.keep != nil }

func (s signing) special() bool { return s != signing{} }

// String says it for the signature panel.
func (s signing) String() string {
	switch {
	case s.keep != nil:
		return "the first signature is kept"
	case !s.at.IsZero():
		return "as of a time you chose"
	case s.region != "":
		return "for a region you chose"
	}
	return ""
}

// signAs takes the sign command: the held request is sealed again.
func (g *engine) signAs(ctx context.Context, c *pendingCall, cmd command.Command) error {
	if !c.http || !c.sealed.Signed() {
		return fmt.Errorf("the request of %s is not signed", c.call.State.Name)
	}
	var how signing
	switch cmd.Name {
	case "keep":
		first := c.original
		how.keep = &first
	case "at":
		at, err := cmd.SignTime(time.Now())
		if err != nil {
			return err
		}
		how.at = at
	case "region":
		how.region = cmd.Text
	}
	draft := c.sealed.Draft()
	draft.Scope.Region = c.original.Draft().Scope.Region
	g.reseal(ctx, c, how, draft, func(p prepared) {
		c.take(p)
		text := "signed as of " + clock(p.sealed.SignedAt())
		switch {
		case how.keep != nil:
			text = "to be sent with the signature it was first given"
		case how.region != "":
			text = "signed for " + how.region
		}
		g.note("signed", "request of "+c.call.State.Name+" "+text)
		g.message = fmt.Sprintf("The request of %s is %s.", c.call.State.Name, text)
	})
	return nil
}

// AuthVariant is a request under one AuthType.
type AuthVariant struct {
	AuthType string
	Own      bool         // the one the machine asks for
	HTTP     *HTTPRequest // nil where it cannot be made
	Problem  string       // why
	Access   *Access      // what has to allow it; nil: nothing
}

// authTypes are those of API Gateway tasks.
var authTypes = []string{"NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"}

// compareAuth takes the auth-types command.
func (g *engine) compareAuth(ctx context.Context, c *pendingCall) error {
	if c.call.Resource.Service != "apigateway" || !c.http {
		return errors.New("only requests to API Gateway have an AuthType")
	}
	now := g.now
	if c.mayLeave {
		now = time.Now()
	}
	c.making = true
	p, call, edited := c.prepared, c.call, c.edited > 0
	g.away(func() func(context.Context) {
		variants := make([]AuthVariant, 0, len(authTypes))
		for _, name := range authTypes {
			variants = append(variants, g.desk.underAuth(ctx, &p, call, name, edited, now))
		}
		return func(context.Context) {
			c.making = false
			if slices.Contains(g.calls, c) {
				c.authTypes = variants
				g.changed()
			}
		}
	})
	return nil
}

// underAuth seals p's request under another AuthType: as the machine would make
// it, or, when it was edited, with what was made of it.
func (d *desk) underAuth(ctx context.Context, p *prepared, call interp.Call, authType string, edited bool, now time.Time) AuthVariant {
	v := AuthVariant{AuthType: authType, Own: authTypeOf(call) == authType}
	path, err := jsonval.ParsePointer(call.Input, "/AuthType")
	if err == nil {
		call.Input, err = call.Input.Set(path, jsonval.OfString(authType))
	}
	var draft task.Draft
	if err == nil {
		v.Access = d.access(call)
		draft, err = p.handler.Prepare(ctx, call)
	}
	if err != nil {
		v.Problem = err.Error()
		return v
	}
	if edited {
		made := p.sealed.Draft()
		made.Scope, made.Principal, draft = draft.Scope, draft.Principal, made
	}
	q := prepared{handler: p.handler, of: p.of}
	d.seal(ctx, &q, draft, now)
	if v.Problem = q.problem; q.http {
		v.HTTP = httpRequest(q.sealed)
	}
	return v
}

// authTypeOf is the AuthType of an API Gateway call.
func authTypeOf(call interp.Call) string {
	if name := call.Input.Get("AuthType").Text(); name != "" {
		return name
	}
	return "NO_AUTH"
}
