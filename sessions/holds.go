package sessions

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"asldbg/sessions/command"
)

// HoldRule says of some requests whether they are held; others are as HoldAll
// says. Where several rules cover a request, the last one counts.
type HoldRule struct {
	On   bool
	Kind string // state, host or method
	Name string // of that; a host may have * for any characters
}

// String is the rule as the hold command has it.
func (r HoldRule) String() string {
	return strings.TrimPrefix(command.Command{Verb: command.Hold, On: r.On, Name: r.Kind, Text: r.Name}.String(), "hold ")
}

func (r HoldRule) covers(c *pendingCall) bool {
	d := c.sealed.Draft()
	switch r.Kind {
	case "state":
		return c.call.State.Name == r.Name
	case "method":
		return strings.EqualFold(d.Method, r.Name)
	}
	u, err := url.Parse(d.URL)
	if err != nil {
		return false
	}
	name := strings.ToLower(r.Name)
	for _, host := range []string{u.Host, u.Hostname()} {
		if ok, _ := path.Match(name, strings.ToLower(host)); ok {
			return true
		}
	}
	return false
}

// isHeld reports whether a request that may leave waits for somebody to send it.
func (g *engine) isHeld(c *pendingCall) bool {
	if c.toDecide != "" {
		return true
	}
	held := g.holdAll
	if len(g.holdRules) > 0 && c.http {
		for _, r := range g.holdRules {
			if r.covers(c) {
				held = r.On
			}
		}
	}
	return held
}

// setHold takes the hold command.
func (g *engine) setHold(c command.Command) error {
	if c.Name == "" {
		g.holdAll, g.holdRules = c.On, nil
		g.message = map[bool]string{true: "Every request that would leave is held.", false: "Requests that may leave are sent as they come."}[c.On]
		g.changed()
		return nil
	}
	if _, err := path.Match(c.Text, ""); c.Name == "host" && err != nil {
		return fmt.Errorf("%q is no pattern of hosts: * stands for any characters", c.Text)
	}
	r := HoldRule{On: c.On, Kind: c.Name, Name: c.Text}
	g.holdRules = slices.DeleteFunc(slices.Clone(g.holdRules), func(old HoldRule) bool { return old.Kind == r.Kind && old.Name == r.Name })
	if len(g.holdRules) > 0 || r.On != g.holdAll {
		g.holdRules = append(g.holdRules, r)
	}
	what := map[string]string{"state": "of state " + r.Name, "host": "to host " + r.Name, "method": "with method " + r.Name}[r.Kind]
	if r.On {
		g.message = "Requests " + what + " are held."
	} else {
		g.message = "Requests " + what + " are sent as they come, where they may leave."
	}
	g.changed()
	return nil
}
