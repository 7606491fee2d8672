package task

import (
	"bufio"
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// proxy is a CONNECT proxy on loopback that tells what it was asked.
func proxy(t *testing.T, status string) (address string, asked chan *http.Request) {
	t.Helper()
	asked = make(chan *http.Request, 10)
	at := listen(t, func(c net.Conn, in *bufio.Reader) {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		asked <- r
		if status != "" {
			io.WriteString(c, "HTTP/1.1 "+status+"\r\nContent-Length: 0\r\n\r\n")
			return
		}
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			return
		}
		defer to.Close()
		io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go io.Copy(to, in)
		io.Copy(c, to)
	})
	return strings.TrimPrefix(at, "http://"), asked
}

func through(address string) func(*http.Request) (*url.URL, error) {
	return func(*http.Request) (*url.URL, error) { return url.Parse(address) }
}

// TestProxy: the bytes that come out of a proxy are those that were sealed.
func TestProxy(t *testing.T) {
	wire := make(chan string, 1)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		wire <- r.Method + " " + r.RequestURI + " " + r.Host + " " + string(body)
	})
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	defer plain.Close()
	defer secure.Close()
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	for _, server := range []*httptest.Server{plain, secure} {
		address, asked := proxy(t, "")
		tr := &Transport{Roots: roots, Proxy: through("http://user:pa%20ss@" + address)}
		s := to(t, server.URL)
		x := tr.Send(context.Background(), s, 100)
		if x.Err != nil {
			t.Fatal(x.Err)
		}
		r := <-asked
		want := strings.TrimPrefix(strings.TrimPrefix(server.URL, "https://"), "http://")
		if r.Method != "CONNECT" || r.Host != want || r.Header.Get("Proxy-Authorization") != "Basic dXNlcjpwYSBzcw==" || x.Timing.Connect <= 0 {
			t.Errorf("the proxy was asked %s %s %q; %+v", r.Method, r.Host, r.Header, x.Timing)
		}
		if got, d := <-wire, s.Draft(); got != d.Method+" "+target(s)+" abc123.execute-api.eu-west-1.amazonaws.com "+string(d.Body) {
			t.Errorf("the server saw %s", got)
		}
	}
}

func TestProxyRefuses(t *testing.T) {
	refusing, _ := proxy(t, "407 Proxy Authentication Required")
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down.Close()
	for name, test := range map[string]struct{ proxy, want string }{
		"no password": {"http://user:secret@" + refusing, "Connect to asldbg.invalid:80 through the proxy " + refusing + " failed: it answered 407 Proxy Authentication Required"},
		"down":        {"http://user:secret@" + down.Addr().String(), "through the proxy " + down.Addr().String() + " failed: connection refused"},
		"socks":       {"socks5://user:secret@127.0.0.1:1080", "must be http:// or https://, not socks5://"},
		"no TLS":      {"https://user:secret@" + refusing, "through the proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			x := (&Transport{Proxy: through(test.proxy)}).Send(context.Background(), to(t, "http://asldbg.invalid"), 100)
			if x.Err == nil || x.Err.Exception != "ConnectException" || !strings.Contains(x.Err.Message, test.want) || strings.Contains(x.Err.Message, "secret") {
				t.Errorf("%v, want %q", x.Err, test.want)
			}
		})
	}
}
