package sessions

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions/command"
)

// mostMock is the size of the largest mock file taken: far more than a state
// may hold.
const mostMock = 16 << 20

// instead is the answer a mock or skip command gives a call.
func (g *engine) instead(c command.Command, call *interp.Call) (interp.Outcome, error) {
	if c.Verb == command.Skip {
		f, ok := g.exec.Frame(call.Frame)
		if !ok {
			return interp.Outcome{}, errors.New("there is no frame to skip in")
		}
		return interp.Outcome{Result: f.DataAt(interp.InputPath)}, nil
	}
	switch c.Name {
	case "template":
		return interp.Outcome{Result: template(*call, call.Input.Get("Method").Text())}, nil
	case "earlier":
		if c.N > len(g.past) {
			return interp.Outcome{}, fmt.Errorf("there is no call %d: %d have been answered", c.N, len(g.past))
		}
		return g.past[c.N-1].Answer, nil
	case "file":
		v, err := readMock(c.Text)
		return interp.Outcome{Result: v}, err
	}
	return interp.Outcome{Result: c.Value}, nil
}

func readMock(name string) (jsonval.Value, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return jsonval.Value{}, fmt.Errorf("read the answer: %w", err)
	case !info.Mode().IsRegular() || info.Size() > mostMock:
		return jsonval.Value{}, fmt.Errorf("read the answer: %s is not a file of at most %d MiB", name, mostMock>>20)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return jsonval.Value{}, fmt.Errorf("read the answer: %w", err)
	}
	v, err := jsonval.Parse(string(text))
	if syntax := (*jsonval.SyntaxError)(nil); errors.As(err, &syntax) {
		before := string(text[:min(syntax.Offset, len(text))])
		return v, fmt.Errorf("%s:%d:%d: %w", name, 1+strings.Count(before, "\n"), len(before)-strings.LastIndexByte(before, '\n'), err)
	}
	return v, err
}
