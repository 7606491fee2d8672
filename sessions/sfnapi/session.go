package sfnapi

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"asldbg/interp"
	"asldbg/sessions"
	"asldbg/sessions/command"
)

// Session takes the answers for a session on screen.
type Session struct {
	*sessions.Session
}

// errElsewhere keeps an answer from outside from making a fork of the past
// that somebody looks at.
var errElsewhere = errors.New("the debugger shows a past step: go to the newest one, then answer again")

// Answer carries in out as a command.
func (s Session) Answer(ctx context.Context, in interp.Input) error {
	v, token := s.View(), tokenOf(in)
	switch {
	case v.AtNewest() && v.Awaits(token):
	case slices.Contains(v.TokensOver, token):
		return ErrOver
	case !v.AtNewest():
		return errElsewhere
	default:
		return interp.ErrNoSuchToken
	}
	c := command.Command{Verb: command.Token, TaskToken: string(token)}
	switch in := in.(type) {
	case interp.Heartbeat:
		c.Name = "heartbeat"
	case interp.Callback:
		c.Name, c.Value = "success", in.Outcome.Result
		if f := in.Outcome.Failure; f != nil {
			c.Name, c.Error, c.Cause = "failure", textOf(f.Error), textOf(f.Cause)
		}
	default:
		return fmt.Errorf("%T is not an answer to a task token", in)
	}
	err := s.Do(ctx, c)
	if v := s.View(); errors.Is(err, interp.ErrNoSuchToken) && slices.Contains(v.TokensOver, token) {
		return ErrOver // it was answered, or its time ran out, in this very moment
	}
	return err
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
