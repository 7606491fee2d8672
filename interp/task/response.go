package task

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Response is an HTTP answer as it came.
type Response struct {
	StatusLine string // as it came, such as HTTP/1.1 403 Forbidden
	Status     int
	Reason     string  // of the status line, "" if it had none
	Header     []Field // in order, names as the server spelled them
	Body       []byte
	Truncated  bool // the body was longer than the limit; Body is its beginning
}

// Field is one header field.
type Field struct{ Name, Value string }

// maxHead is the most bytes an answer's status line and headers may have; API
// Gateway allows 10,240.
const maxHead = 32 << 10

// maxInformational is how many 1xx answers may come before the real one.
const maxInformational = 8

// read reads the answer to a request with this method. With an error there may be
// the beginning of one.
func (c *connection) read(method string, limit int) (answer *Response, again bool, err error) {
	for range maxInformational {
		text, err := c.peekHead()
		if err != nil {
			return nil, false, err
		}
		// net/http knows where the body ends, but respells the names.
		r, err := http.ReadResponse(c.in, &http.Request{Method: method})
		if err != nil {
			return nil, false, &protocolError{err}
		}
		if r.StatusCode/100 == 1 && r.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		line, header := head(text)
		answer = &Response{StatusLine: line, Status: r.StatusCode, Header: header}
		if _, reason, ok := strings.Cut(r.Status, " "); ok {
			answer.Reason = reason
		}
		if answer.Body, err = readBody(r, limit); err != nil {
			return answer, false, err
		}
		if len(answer.Body) > limit {
			answer.Body, answer.Truncated = answer.Body[:limit], true
		}
		again = !r.Close && !answer.Truncated && r.StatusCode/100 != 1 && c.in.Buffered() == 0
		return answer, again, nil
	}
	return nil, false, &protocolError{errors.New("only 1xx answers came")}
}

// readBody reads up to one byte more than limit.
func readBody(r *http.Response, limit int) ([]byte, error) {
	var b bytes.Buffer
	if n := r.ContentLength; n > 0 {
		b.Grow(int(min(n, int64(limit))) + bytes.MinRead) // ReadFrom wants MinRead to spare
	}
	_, err := b.ReadFrom(io.LimitReader(r.Body, int64(limit)+1))
	return b.Bytes(), err
}

// peekHead returns the status line and header lines of the next answer without
// taking them.
func (c *connection) peekHead() (string, error) {
	for {
		seen, err := c.in.Peek(c.in.Buffered())
		if err != nil {
			return "", err
		}
		if len(seen) > 0 && c.answered.IsZero() {
			c.answered = time.Now()
		}
		if head, ok := cutHead(seen); ok {
			return string(head), nil
		}
		if len(seen) >= maxHead {
			return "", &protocolError{fmt.Errorf("the headers of the answer are longer than %d bytes", maxHead)}
		}
		if _, err := c.in.Peek(len(seen) + 1); err != nil {
			if err == io.EOF && len(seen) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return "", err
		}
	}
}

// cutHead is what stands before the empty line; ok is false if there is none.
func cutHead(b []byte) (head []byte, ok bool) {
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return nil, false
		}
		i += n + 1
		if bytes.HasPrefix(b[i:], []byte("\n")) || bytes.HasPrefix(b[i:], []byte("\r\n")) {
			return b[:i], true
		}
	}
}

// head takes the status line and the header lines apart.
func head(text string) (statusLine string, header []Field) {
	statusLine, text, _ = strings.Cut(text, "\n")
	out := make([]Field, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if len(out) > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') { // folded
			last := &out[len(out)-1]
			last.Value = strings.TrimSpace(last.Value + " " + strings.TrimSpace(line))
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		out = append(out, Field{name, strings.TrimSpace(value)})
	}
	return strings.TrimRight(statusLine, "\r"), out
}
