package task

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listen serves each connection of a raw loopback listener with serve, and
// returns the listener's URL.
func listen(t *testing.T, serve func(c net.Conn, in *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c, bufio.NewReader(c))
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// takeRequest reads one request from in.
func takeRequest(in *bufio.Reader) error {
	r, err := http.ReadRequest(in)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err
}

// answers serves every request of a connection with the raw text.
func answers(text string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, in *bufio.Reader) {
		for takeRequest(in) == nil {
			io.WriteString(c, text)
			if strings.Contains(text, "close") || strings.HasPrefix(text, "HTTP/1.0") {
				return
			}
		}
	}
}

func to(t testing.TB, endpoint string, edit ...func(*Draft)) Sealed {
	t.Helper()
	d := petDraft()
	d.Scope, d.Endpoint = nil, endpoint
	for _, e := range edit {
		e(&d)
	}
	return seal(t, d, testCredentials("SESSION"))
}

// exchange sends s and keeps what came of it, which is one of the two.
func exchange(ctx context.Context, tr *Transport, s Sealed, limit int) (*Response, error) {
	x := tr.Send(ctx, s, limit)
	if x.Err != nil {
		return nil, x.Err
	}
	return x.Response, nil
}

func send(t testing.TB, tr *Transport, s Sealed) *Response {
	t.Helper()
	r, err := exchange(context.Background(), tr, s, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWireIsSent reads the raw bytes that arrive and compares them with Wire.
func TestWireIsSent(t *testing.T) {
	kinds := map[string]func(*Draft){
		"POST with body":  func(d *Draft) {},
		"POST, no body":   func(d *Draft) { d.Body = nil },
		"GET, no body":    func(d *Draft) { d.Method, d.Body = "GET", nil },
		"GET with body":   func(d *Draft) { d.Method = "GET" },
		"DELETE":          func(d *Draft) { d.Method, d.Body = "DELETE", nil },
		"HEAD":            func(d *Draft) { d.Method, d.Body = "HEAD", nil },
		"OPTIONS, body":   func(d *Draft) { d.Method = "OPTIONS" },
		"no header":       func(d *Draft) { d.Header = nil },
		"a large body":    func(d *Draft) { d.Body = bytes.Repeat([]byte("0123456789abcdef"), 1<<14) },
		"endpoint prefix": func(d *Draft) { d.Endpoint += "/_aws/execute%2Fapi/" },
	}
	for name, edit := range kinds {
		for _, scope := range []*Scope{nil, {Service: "execute-api", Region: "eu-west-1"}} {
			name := name + map[bool]string{true: " NO_AUTH", false: " IAM_ROLE"}[scope == nil]
			t.Run(name, func(t *testing.T) {
				wire := make(chan []byte, 1)
				url := listen(t, func(c net.Conn, _ *bufio.Reader) {
					var got bytes.Buffer
					in := bufio.NewReader(io.TeeReader(c, &got))
					if takeRequest(in) == nil {
						io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
					}
					io.Copy(io.Discard, in) // and whatever should not be there
					wire <- got.Bytes()
				})
				s := to(t, url, edit, func(d *Draft) { d.Scope = scope })
				send(t, &Transport{}, s)
				if diff := cmp.Diff(string(s.Wire()), string(<-wire)); diff != "" {
					t.Errorf("sent otherwise than shown (-shown +sent):\n%s", diff)
				}
			})
		}
	}
}

// TestTiming: each part of an exchange is timed, those of the connection only
// when it is made.
func TestTiming(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	tr := &Transport{Roots: roots}
	s := to(t, server.URL)
	for _, kept := range []bool{false, true} {
		x := tr.Send(context.Background(), s, 10)
		if x.Err != nil {
			t.Fatal(x.Err)
		}
		if got := x.Response.StatusLine; got != "HTTP/1.1 403 Forbidden" {
			t.Errorf("status line %q", got)
		}
		g := x.Timing
		sum := g.DNS + g.Connect + g.TLS + g.Send + g.FirstByte + g.Receive()
		if g.Kept != kept || (g.Connect > 0) == kept || (g.TLS > 0) == kept || g.DNS != 0 || g.FirstByte <= 0 || sum > g.Total || x.Began.IsZero() {
			t.Errorf("kept %v: %+v", kept, g)
		}
	}
	x := tr.Send(context.Background(), to(t, "http://asldbg.invalid"), 10)
	if x.Response != nil || x.Err == nil || x.Err.Exception != "UnknownHostException" || x.Timing.Total <= 0 {
		t.Errorf("a host nobody knows: %+v", x.Timing)
	}
}

func TestResponses(t *testing.T) {
	tests := []struct {
		name, text string
		method     string
		limit      int
		want       Response
	}{
		{
			name: "names as spelled, in order",
			text: "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 1\r\nX-AMZ-apigw-id:2\r\nContent-Length: 2\r\nx-amzn-RequestId:  3 \r\n\r\n{}",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Body: []byte("{}"), Header: []Field{
				{"x-amzn-RequestId", "1"}, {"X-AMZ-apigw-id", "2"}, {"Content-Length", "2"}, {"x-amzn-RequestId", "3"},
			}},
		},
		{
			name: "chunks",
			text: "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
			want: Response{StatusLine: "HTTP/1.1 201 Created", Status: 201, Reason: "Created", Body: []byte("abcde"), Header: []Field{{"Transfer-Encoding", "chunked"}}},
		},
		{
			name: "until the connection closes",
			text: "HTTP/1.0 200 Fine by me\r\nA: b\r\n\r\nrest",
			want: Response{StatusLine: "HTTP/1.0 200 Fine by me", Status: 200, Reason: "Fine by me", Body: []byte("rest"), Header: []Field{{"A", "b"}}},
		},
		{
			name: "no reason, no header",
			text: "HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n",
			want: Response{StatusLine: "HTTP/1.1 500 ", Status: 500, Header: []Field{{"Content-Length", "0"}}},
		},
		{
			name: "redirects stay",
			text: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
			want: Response{StatusLine: "HTTP/1.1 302 Found", Status: 302, Reason: "Found", Header: []Field{{"Location", "http://127.0.0.1:1/"}, {"Content-Length", "0"}}},
		},
		{
			name: "informational answers come first",
			text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Body: []byte("x"), Header: []Field{{"Content-Length", "1"}}},
		},
		{
			name: "folded lines and bare line feeds",
			text: "HTTP/1.1 200 OK\nA: b\n  c\nContent-Length: 0\n\n",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Header: []Field{{"A", "b c"}, {"Content-Length", "0"}}},
		},
		{
			name: "HEAD has no body", method: "HEAD",
			text: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Header: []Field{{"Content-Length", "100"}}},
		},
		{
			name: "as long as the limit", limit: 5,
			text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Body: []byte("12345"), Header: []Field{{"Content-Length", "5"}}},
		},
		{
			name: "longer than the limit", limit: 4,
			text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345",
			want: Response{StatusLine: "HTTP/1.1 200 OK", Status: 200, Reason: "OK", Body: []byte("1234"), Truncated: true, Header: []Field{{"Content-Length", "5"}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := to(t, listen(t, answers(test.text)), func(d *Draft) {
				if test.method != "" {
					d.Method = test.method
				}
			})
			if test.limit == 0 {
				test.limit = 1 << 20
			}
			got, err := exchange(context.Background(), &Transport{}, s, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Body) == 0 {
				got.Body = nil
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTransportErrors: no answer gives an error named as AWS's Java client
// names it.
func TestTransportErrors(t *testing.T) {
	closed := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}()
	// silent never answers; it holds the connection until the client leaves.
	silent := listen(t, func(c net.Conn, in *bufio.Reader) { io.Copy(io.Discard, in) })
	after := func(text string) string {
		return listen(t, func(c net.Conn, in *bufio.Reader) {
			if takeRequest(in) == nil {
				io.WriteString(c, text)
			}
		})
	}
	tests := []struct {
		name, url          string
		exception, message string
	}{
		{"refused", "http://" + closed, "ConnectException", "Unable to execute HTTP request: Connect to " + closed + " failed: Connection refused"},
		{"hangs", silent, "SocketTimeoutException", "Unable to execute HTTP request: Read timed out"},
		{"closes", after(""), "NoHttpResponseException", "failed to respond"},
		{"stops in the headers", after("HTTP/1.1 200 OK\r\nA: b"), "ConnectionClosedException", "Premature end"},
		{"stops in the body", after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123"), "ConnectionClosedException", "Premature end"},
		{"is no HTTP", after("220 smtp ready\r\n\r\n"), "ClientProtocolException", "malformed HTTP"},
		{"endless headers", after("HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", 8<<10)), "ClientProtocolException", "longer than 32768 bytes"},
		{"endless 1xx", after(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20)), "ClientProtocolException", "only 1xx"},
		{"bad chunks", after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), "SdkClientException", "invalid byte in chunk length"},
		{"TLS to plain", strings.Replace(after("x"), "http:", "https:", 1), "SSLHandshakeException", "Unable to execute HTTP request: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			timeout := 10 * time.Second
			if test.url == silent {
				timeout = 20 * time.Millisecond
			}
			_, err := exchange(context.Background(), &Transport{timeout: timeout}, to(t, test.url), 1<<20)
			var te *TransportError
			if !errors.As(err, &te) {
				t.Fatalf("error %v, want a *TransportError", err)
			}
			if te.Exception != test.exception || !strings.Contains(te.Message, test.message) {
				t.Errorf("%s, want %s about %q", te, test.exception, test.message)
			}
		})
	}
}

// TestExplain: those that cannot be had on loopback.
func TestExplain(t *testing.T) {
	d := destination{address: "h:443", host: "h"}
	for exception, err := range map[string]error{
		"UnknownHostException":    &dialError{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "h"}}},
		"ConnectTimeoutException": &dialError{context.DeadlineExceeded},
		"ConnectException":        &dialError{&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}},
		"SocketException":         &net.OpError{Op: "write", Err: syscall.EPIPE},
		"SdkClientException":      errors.New("something else"),
	} {
		if got := transportError(context.Background(), d, err); got.Exception != exception || !errors.Is(got, err) {
			t.Errorf("%v gives %s, want %s", err, got, exception)
		}
	}
}

func TestCancel(t *testing.T) {
	arrived := make(chan struct{})
	url := listen(t, func(c net.Conn, in *bufio.Reader) {
		takeRequest(in)
		close(arrived)
		io.Copy(io.Discard, in)
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := exchange(ctx, &Transport{}, to(t, url), 1<<20)
	var te *TransportError
	if !errors.As(err, &te) || te.Exception != "AbortedException" {
		t.Errorf("error %v, want AbortedException", err)
	}
	if _, err := exchange(ctx, &Transport{}, to(t, url), 1<<20); !errors.As(err, &te) || te.Exception != "AbortedException" {
		t.Errorf("cancelled before: error %v, want AbortedException", err)
	}
}

// counted counts the connections and requests of a server.
func counted(t *testing.T, h http.HandlerFunc) (url string, connections *atomic.Int32) {
	t.Helper()
	connections = new(atomic.Int32)
	s := httptest.NewUnstartedServer(h)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, connections
}

func TestConnectionsAreKept(t *testing.T) {
	url, connections := counted(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"path":%q}`, r.URL.Path)
	})
	tr := &Transport{}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i := range 20 {
		endpoint := url
		if i%2 == 1 {
			endpoint += "/prefix" // the same server
		}
		if _, err := exchange(ctx, tr, to(t, endpoint), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("20 calls used %d connections, want 1", n)
	}
	// What was cut off must not be taken for the next answer.
	if r, err := exchange(ctx, tr, to(t, url), 3); err != nil || !r.Truncated {
		t.Fatalf("%v %v", r, err)
	}
	if r := send(t, tr, to(t, url)); string(r.Body) != `{"path":"/dev/pets/a b"}` {
		t.Errorf("after a cut answer came %q", r.Body)
	}
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

// TestStaleConnections: a server closes what has been idle. A request is never
// lost by that when it changes nothing or when the close can be seen.
func TestStaleConnections(t *testing.T) {
	var connections atomic.Int32
	second := make(chan struct{})
	url := listen(t, func(c net.Conn, in *bufio.Reader) {
		n := connections.Add(1)
		if takeRequest(in) != nil {
			return
		}
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		if n%2 == 1 {
			in.Peek(1) // the next request has come, or the client looks
			return
		}
		<-second
	})
	defer close(second)
	get := func(d *Draft) { d.Method, d.Body = "GET", nil }

	// The server closes while the GET is on its way: it goes out again.
	tr := &Transport{}
	send(t, tr, to(t, url, get))
	send(t, tr, to(t, url, get))
	if n := connections.Load(); n != 2 {
		t.Errorf("GET used %d connections, want 2", n)
	}

	// A POST does not: it may have been done.
	tr = &Transport{}
	send(t, tr, to(t, url))
	_, err := exchange(context.Background(), tr, to(t, url), 1<<20)
	var te *TransportError
	if !errors.As(err, &te) {
		t.Errorf("error %v, want a *TransportError", err)
	}
}

func TestAlive(t *testing.T) {
	hangUp := make(chan struct{})
	closed := make(chan struct{})
	url := listen(t, func(c net.Conn, in *bufio.Reader) {
		takeRequest(in)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		<-hangUp
		c.Close()
		closed <- struct{}{}
	})
	tr := &Transport{}
	s := to(t, url)
	send(t, tr, s)
	c := tr.idle[s.to][0]
	if !c.alive() {
		t.Error("a connection just used counts as closed")
	}
	c.since = time.Now().Add(-time.Second)
	if !c.alive() {
		t.Error("an open connection counts as closed")
	}
	c.since = time.Now().Add(-time.Hour)
	if c.alive() {
		t.Error("a connection of an hour ago counts as open")
	}
	close(hangUp)
	<-closed
	c.since = time.Now().Add(-time.Second)
	for c.alive() { // until the close has come through
	}
	send(t, tr, s) // which takes a new connection instead of the closed one
	<-closed
}

func TestIdleConnectionsAreBounded(t *testing.T) {
	tr := &Transport{}
	for range idlePerHost + 3 {
		client, server := net.Pipe()
		defer server.Close()
		tr.keep(destination{address: "h:1"}, &connection{net: client})
	}
	if n := len(tr.idle[destination{address: "h:1"}]); n != idlePerHost {
		t.Errorf("%d connections kept, want %d", n, idlePerHost)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	tr := &Transport{Roots: roots}
	if r := send(t, tr, to(t, server.URL)); string(r.Body) != "HTTP/1.1" {
		t.Errorf("the server saw %q", r.Body)
	}
	for c := range tr.idle {
		tr.idle[c][0].since = time.Now().Add(-time.Second)
		if !tr.idle[c][0].alive() {
			t.Error("an open TLS connection counts as closed")
		}
	}
	send(t, tr, to(t, server.URL))
}

func TestUntrustedCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := exchange(context.Background(), &Transport{}, to(t, server.URL), 1<<20)
	var te *TransportError
	if !errors.As(err, &te) || te.Exception != "SSLHandshakeException" || !strings.Contains(te.Message, "certificate") {
		t.Errorf("error %v, want SSLHandshakeException about the certificate", err)
	}
}

// FuzzAnswer: whatever a server sends, there is an answer or an error, in time.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n"))
	f.Add([]byte("HTTP/1.0 200\n a\nb\n\n"))
	f.Add([]byte("HTTP/1.1 100 \r\n\r\nHTTP/1.1 101 S\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		client, server := net.Pipe()
		go func() {
			server.Write(text)
			server.Close()
		}()
		c := &connection{net: client, in: bufio.NewReaderSize(client, maxHead)}
		answer, again, err := c.read("GET", 1000)
		client.Close()
		if (answer == nil) != (err != nil) {
			t.Fatalf("answer %v, error %v", answer, err)
		}
		if answer != nil && len(answer.Body) > 1000 {
			t.Errorf("%d bytes of body", len(answer.Body))
		}
		if again && answer == nil {
			t.Error("a failed connection is used again")
		}
	})
}

// TestKeptClosed: a connection that the server has closed without a word is not
// used again, not even for a request that may be sent only once.
func TestKeptClosed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	closed := make(chan bool)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				io.Copy(io.Discard, r.Body)
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
			}
			c.Close()
			closed <- true
		}
	}()
	d := petDraft()
	d.Scope, d.Endpoint, d.Method = nil, "http://"+l.Addr().String(), "POST"
	s := seal(t, d, nil)
	tr := &Transport{}
	for i := range 20 {
		if x := tr.Send(t.Context(), s, 1<<20); x.Err != nil {
			t.Fatalf("request %d: %v", i+1, x.Err)
		}
		<-closed
	}
}

// TestRowsHardLimit: section 9's row of the hard limit of 60 s, whatever the task's
// TimeoutSeconds, and less where that is less.
func TestRowsHardLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for timeout, want := range map[time.Duration]time.Duration{100 * time.Second: time.Minute, 20 * time.Second: 20 * time.Second, 0: time.Minute} {
			ctx := t.Context()
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, timeout)
				defer cancel()
			}
			if got := time.Until((&Transport{}).deadline(ctx)); got != want {
				t.Errorf("TimeoutSeconds %v: it ends after %v, want %v", timeout, got, want)
			}
		}
	})
}

// TestBrokenOff: the beginning of an answer that breaks off is kept for showing;
// it is an error all the same.
func TestBrokenOff(t *testing.T) {
	url := listen(t, func(c net.Conn, in *bufio.Reader) {
		if r, err := http.ReadRequest(in); err == nil {
			io.Copy(io.Discard, r.Body)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nX-A: b\r\n\r\n{\"a\"")
		}
	})
	d := petDraft()
	d.Scope, d.Endpoint = nil, url
	x := (&Transport{}).Send(t.Context(), seal(t, d, nil), 1<<20)
	if x.Err == nil || x.Err.Exception != "ConnectionClosedException" || x.Response == nil || x.Response.Status != 200 || string(x.Response.Body) != `{"a"` || len(x.Response.Header) != 2 {
		t.Errorf("%+v %+v", x.Err, x.Response)
	}
}

func BenchmarkSend(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"price":42}`)
	}))
	defer server.Close()
	d := petDraft()
	d.Scope, d.Endpoint = nil, server.URL
	s := seal(b, d, nil)
	b.Run("Transport", func(b *testing.B) {
		tr := &Transport{}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := exchange(ctx, tr, s, 1<<20); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("net-http", func(b *testing.B) { // for comparison
		client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		b.ReportAllocs()
		for b.Loop() {
			r, err := http.NewRequestWithContext(ctx, d.Method, server.URL+"/dev/pets", bytes.NewReader(d.Body))
			if err != nil {
				b.Fatal(err)
			}
			r.Header = d.Header
			answer, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadAll(answer.Body); err != nil {
				b.Fatal(err)
			}
			answer.Body.Close()
		}
	})
}
