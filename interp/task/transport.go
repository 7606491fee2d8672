package task

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// Transport sends sealed requests over HTTP/1.1 and keeps connections for the
// next ones. It writes the sealed bytes themselves, asks for no compression and
// follows no redirect. The zero Transport is ready; it may be used by many
// goroutines and must not be copied.
type Transport struct {
	// Proxy says through which proxy a request goes, such as
	// http.ProxyFromEnvironment; nil, and a nil URL: through none. A proxy is asked
	// for a tunnel (CONNECT), so that it passes on the sealed bytes themselves.
	Proxy func(*http.Request) (*url.URL, error)
	Roots *x509.CertPool // who may vouch for hosts; nil: the system's

	timeout time.Duration // zero: answerTimeout

	mu   sync.Mutex
	idle map[destination][]*connection
}

const (
	dialTimeout   = 10 * time.Second
	answerTimeout = time.Minute // for a complete answer; API Gateway waits half as long for its integrations

	idlePerHost = 64          // connections kept; those of a Map are 40
	idleLife    = time.Minute // after that a kept connection is not used again
)

// Send sends s and reads the answer, of its body at most limit bytes. A request
// that changes nothing (GET, HEAD, OPTIONS) is sent again when a kept connection
// turns out to be closed.
func (t *Transport) Send(ctx context.Context, s Sealed, limit int) Exchange {
	x := Exchange{Sent: s, Began: time.Now()}
	answer, err := t.send(ctx, s, limit, &x.Timing)
	x.Timing.Total = time.Since(x.Began)
	if x.Response = answer; err != nil {
		x.Err = transportError(ctx, s.to, err)
	}
	return x
}

func (t *Transport) send(ctx context.Context, s Sealed, limit int, timing *Timing) (*Response, error) {
	for {
		*timing = Timing{}
		c, err := t.connect(ctx, s.to, timing)
		if err != nil {
			return nil, err
		}
		answer, again, err := c.exchange(ctx, s, limit, t.deadline(ctx), timing)
		if err == nil {
			if again {
				t.keep(s.to, c)
			} else {
				c.net.Close()
			}
			return answer, nil
		}
		c.net.Close()
		if !timing.Kept || !c.answered.IsZero() || !changesNothing(s.draft.Method) || ctx.Err() != nil || isTimeout(err) {
			return answer, err
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
func (t *Transport) connect(ctx context.Context, to destination, timing *Timing) (*connection, error) {
	key := to
	key.prefix = ""
	for {
		t.mu.Lock()
		list := t.idle[key]
		if len(list) == 0 {
			t.mu.Unlock()
			return t.dial(ctx, to, timing)
		}
		c := list[len(list)-1]
		t.idle[key] = list[:len(list)-1]
		t.mu.Unlock()
		if c.alive() {
			timing.Kept = true
			return c, nil
		}
		c.net.Close()
	}
}

func (t *Transport) keep(to destination, c *connection) {
	to.prefix = ""
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.idle[to]) >= idlePerHost {
		c.net.Close()
		return
	}
	c.since = time.Now()
	if t.idle == nil {
		t.idle = map[destination][]*connection{}
	}
	t.idle[to] = append(t.idle[to], c)
}

func (t *Transport) dial(ctx context.Context, to destination, timing *Timing) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	began := time.Now()
	plain, err := t.reach(timing.ofDNS(ctx), to)
	timing.Connect = time.Since(began) - timing.DNS
	if err != nil {
		return nil, err
	}
	c := &connection{net: plain}
	if to.tls {
		began = time.Now()
		secure, err := t.secure(ctx, plain, to.host)
		timing.TLS = time.Since(began)
		if err != nil {
			return nil, err
		}
		c.net = secure
	}
	c.in = bufio.NewReaderSize(c.net, maxHead)
	return c, nil
}

// secure makes a connection to host one of TLS, or closes it.
func (t *Transport) secure(ctx context.Context, plain net.Conn, host string) (net.Conn, error) {
	secure := tls.Client(plain, &tls.Config{RootCAs: t.Roots, ServerName: host, NextProtos: []string{"http/1.1"}})
	if err := secure.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, &handshakeError{err}
	}
	return secure, nil
}

// ofDNS makes a dialer say when it looks names up.
func (t *Timing) ofDNS(ctx context.Context) context.Context {
	var began time.Time
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { began = time.Now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { t.DNS = time.Since(began) },
	})
}

// connection is one connection; a single exchange uses it at a time.
type connection struct {
	net      net.Conn
	in       *bufio.Reader
	since    time.Time // when it was kept
	answered time.Time // in the last exchange the first byte came back; zero: none did
}

// alive reports whether a kept connection can be used: servers close connections
// while a user thinks, and some after each answer. Whatever they have sent
// meanwhile, nobody has asked for.
func (c *connection) alive() bool {
	if time.Since(c.since) > idleLife || c.in.Buffered() > 0 {
		return false
	}
	c.net.SetReadDeadline(time.Time{})
	plain := c.net
	if secure, ok := plain.(*tls.Conn); ok {
		plain = secure.NetConn()
	}
	return quiet(plain)
}

// exchange sends s and reads the answer. again says that the connection can
// take another request.
func (c *connection) exchange(ctx context.Context, s Sealed, limit int, deadline time.Time, timing *Timing) (answer *Response, again bool, err error) {
	c.answered = time.Time{}
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
	began := time.Now()
	_, writeErr := c.net.Write(s.wire)
	written := time.Now()
	timing.Send = written.Sub(began)
	answer, again, err = c.read(s.draft.Method, limit)
	if !c.answered.IsZero() {
		timing.FirstByte = max(0, c.answered.Sub(written))
	}
	if err != nil && writeErr != nil {
		err = writeErr
	}
	return answer, again && writeErr == nil, err
}
