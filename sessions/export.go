package sessions

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"asldbg/interp/jsonval"
	"asldbg/interp/task"
	"asldbg/interp/task/export"
	"asldbg/sessions/command"
	"asldbg/sessions/journal"
)

// Export is a request, or all of them, as text for other tools.
type Export struct {
	N    int    // the how manieth of the session, from 1
	What string // such as curl, or har
	Text string
	File string // where it was written; "": nowhere, it is for a clipboard
}

// export takes the export command.
func (g *engine) export(c command.Command) error {
	text, err := g.exportText(c)
	if err != nil {
		return err
	}
	e := &Export{N: 1, What: c.Name, Text: text, File: c.Text}
	if g.exported != nil {
		e.N = g.exported.N + 1
	}
	if c.Text != "" {
		if err := writeNew(c.Text, text); err != nil {
			return err
		}
		g.message = fmt.Sprintf("Wrote %s, %d bytes, to %s.", c.Name, len(text), c.Text)
	} else {
		g.message = fmt.Sprintf("Exported as %s, %d bytes.", c.Name, len(text))
	}
	g.exported = e
	g.changed()
	return nil
}

// writeNew writes a file that does not exist yet, for the user alone.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already: name another file", name)
	}
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return nil
}

func (g *engine) exportText(c command.Command) (string, error) {
	if c.Name == "har" {
		calls := g.past
		for len(calls) > 0 && calls[len(calls)-1].Step > g.cursor {
			calls = calls[:len(calls)-1]
		}
		return HAR(g.o.Version, calls)
	}
	r, access, err := g.exportable(c.N)
	if err != nil {
		return "", err
	}
	switch c.Name {
	case "curl":
		return export.Curl(r.exported()), nil
	case "httpie":
		return export.HTTPie(r.exported()), nil
	case "raw":
		return string(export.Raw(r.exported())), nil
	}
	if access == nil {
		return "", errors.New("nothing has to allow this call, as far as can be told")
	}
	return access.Policy(), nil
}

// exportable is the request an export is about: that of answered call n, or for
// 0 the one that is held.
func (g *engine) exportable(n int) (*HTTPRequest, *Access, error) {
	if n > len(g.past) {
		return nil, nil, fmt.Errorf("there is no call %d: %d have been answered", n, len(g.past))
	}
	if n > 0 {
		p := &g.past[n-1]
		if p.Request == nil {
			return nil, nil, fmt.Errorf("call %d sent nothing: it was answered by %s", n, p.By)
		}
		return p.Request, p.Access, nil
	}
	if !g.atNewest() {
		return nil, nil, errors.New("in the past no request is held: name an answered call, such as export curl 1")
	}
	c, err := g.chosenCall()
	if err != nil || !c.http {
		if len(g.past) > 0 {
			return nil, nil, errors.New("no request is held: name an answered call, such as export curl 1")
		}
		return nil, nil, errors.New("no request is held")
	}
	return httpRequest(c.sealed), g.desk.access(c.call), nil
}

// redacted is a body without the secrets that member names and texts give away.
func redacted(body []byte) []byte {
	v, err := jsonval.Parse(string(body))
	if err != nil {
		return []byte(journal.Redact(jsonval.OfString(string(body))).Text())
	}
	clean := journal.Redact(v)
	if jsonval.Same(v, clean) {
		return body
	}
	return clean.AppendJSON(nil)
}

// exported is r as the export package has it.
func (r *HTTPRequest) exported() export.Request {
	out := export.Request{Method: r.Method, URL: r.URL, Endpoint: r.Endpoint, Body: r.Body, Signed: r.Signed, Service: r.Service, Region: r.Region}
	for _, h := range r.Header {
		out.Header = append(out.Header, task.HeaderLine(h))
	}
	return out
}

// HAR is an HTTP Archive of the calls that sent something, written by asldbg of
// that version. What bodies have under the names of secrets is left out.
func HAR(version string, calls []PastCall) (string, error) {
	var out []export.Call
	for i := range calls {
		p := &calls[i]
		if p.Request == nil {
			continue
		}
		c := export.Call{Request: p.Request.exported(), Began: p.Began, Timing: p.Timing, Comment: fmt.Sprintf("state %s, attempt %d", p.State, p.Attempt+1)}
		if c.Began.IsZero() {
			c.Began = p.At
		}
		if p.Trouble != "" {
			c.Comment += ": " + p.Trouble
		}
		if r := p.Response; r != nil {
			c.Response = &export.Response{Status: r.Status, Reason: r.Reason, Header: r.Header, Body: redacted(r.Body)}
		}
		c.Request.Body = redacted(c.Request.Body)
		c.Request.URL = string(redacted([]byte(c.Request.URL)))
		out = append(out, c)
	}
	if len(out) == 0 {
		return "", errors.New("nothing has been sent in this session")
	}
	return string(export.HAR("asldbg", version, out)), nil
}
