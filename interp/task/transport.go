package task

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// Transport sends sealed requests over HTTP/1.1 and keeps connections for the
// next ones. It writes the sealed bytes themselves, asks for no compression and
// follows no redirect. The zero Transport is ready; it may be used by many
// goroutines and must not be copied.
type Transport struct {
	timeout time.Duration // zero: answerTimeout
	tls     *tls.Config   // nil: the default; tests trust their own servers by it

	mu   sync.Mutex
	idle map[destination][]*connection
}

const (
	dialTimeout   = 10 * time.Second
	answerTimeout = time.Minute // for a complete answer; API Gateway waits half as long for its integrations

	idlePerHost = 64          // connections kept; those of a Map are 40
	idleLife    = time.Minute // after that a kept connection is not used again
	surelyAlive = 100 * time.Millisecond
)

// Send sends s and reads the answer, of its body at most limit bytes. Without an
// answer the error is a *TransportError. A request that changes nothing (GET,
// HEAD, OPTIONS) is sent again when a kept connection turns out to be closed.
func (t *Transport) Send(ctx context.Context, s Sealed, limit int) (*Response, error) {
	for {
		c, kept, err := t.connect(ctx, s.to)
		if err != nil {
			return nil, transportError(ctx, s.to, err)
		}
		answer, again, err := c.exchange(ctx, s, limit, t.deadline(ctx))
		if err == nil {
			if again {
				t.keep(s.to, c)
			} else {
				c.net.Close()
			}
			return answer, nil
		}
		c.net.Close()
		if !kept || c.answered || !changesNothing(s.draft.Method) || ctx.Err() != nil || isTimeout(err) {
			return nil, transportError(ctx, s.to, err)
		}
	}
}

func (t *Transport) deadline(ctx context.Context) time.Time {
	timeout := t.timeout
	if timeout == 0 {
		timeout = answerTimeout
	}
	at := time.Now().Add(timeout)
	if d, ok := ctx.Deadline(); ok && d.Before(at) {
		return d
	}
	return at
}

func changesNothing(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// connect returns a kept connection that is still open, or a new one.
func (t *Transport) connect(ctx context.Context, to destination) (c *connection, kept bool, err error) {
	key := to
	key.prefix = ""
	for {
		t.mu.Lock()
		list := t.idle[key]
		if len(list) == 0 {
			t.mu.Unlock()
			c, err := t.dial(ctx, to)
			return c, false, err
		}
		c := list[len(list)-1]
		t.idle[key] = list[:len(list)-1]
		t.mu.Unlock()
		if c.alive() {
			return c, true, nil
		}
		c.net.Close()
	}
}

func (t *Transport) keep(to destination, c *connection) {
	to.prefix = ""
	c.since = time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.idle[to]) >= idlePerHost {
		c.net.Close()
		return
	}
	if t.idle == nil {
		t.idle = map[destination][]*connection{}
	}
	t.idle[to] = append(t.idle[to], c)
}

func (t *Transport) dial(ctx context.Context, to destination) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	var d net.Dialer
	plain, err := d.DialContext(ctx, "tcp", to.address)
	if err != nil {
		return nil, &dialError{err}
	}
	c := &connection{net: plain}
	if to.tls {
		config := &tls.Config{}
		if t.tls != nil {
			config = t.tls.Clone()
		}
		config.ServerName = to.host
		config.NextProtos = []string{"http/1.1"}
		secure := tls.Client(plain, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			plain.Close()
			return nil, &handshakeError{err}
		}
		c.net = secure
	}
	c.in = bufio.NewReaderSize(c.net, maxHead)
	return c, nil
}

// connection is one connection; a single exchange uses it at a time.
type connection struct {
	net      net.Conn
	in       *bufio.Reader
	since    time.Time // when it was kept
	answered bool      // in the last exchange a byte came back
}

// alive reports whether a kept connection can be used. One that has just been
// used surely can; for others a short read tells, because servers close
// connections while a user thinks.
func (c *connection) alive() bool {
	switch age := time.Since(c.since); {
	case age > idleLife:
		return false
	case age < surelyAlive:
		return true
	}
	c.net.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.in.Peek(1)
	return isTimeout(err)
}

// exchange sends s and reads the answer. again says that the connection can
// take another request.
func (c *connection) exchange(ctx context.Context, s Sealed, limit int, deadline time.Time) (answer *Response, again bool, err error) {
	c.answered = false
	c.net.SetDeadline(deadline)
	if ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() { c.net.SetDeadline(time.Unix(1, 0)) })
		defer func() {
			if !stop() {
				again = false
			}
		}()
	}
	// A server may answer and close before it has read a long body, so a failed
	// write still leaves an answer to look for.
	_, writeErr := c.net.Write(s.wire)
	answer, again, err = c.read(s.draft.Method, limit)
	if err != nil && writeErr != nil {
		err = writeErr
	}
	return answer, again && writeErr == nil, err
}
