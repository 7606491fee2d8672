package sfnapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// DefaultAddr is where task tokens are answered unless somebody says otherwise:
// the port of AWS's Step Functions Local.
const DefaultAddr = "127.0.0.1:8083"

// Endpoint is a [Server] that listens.
type Endpoint struct {
	url  string
	http *http.Server
}

// Listen begins to answer task tokens at addr, HOST:PORT of this machine; port
// 0 is a free one. For "" it is [DefaultAddr], or a free port where that one is
// taken.
func Listen(addr string, t Tokens) (*Endpoint, error) {
	wanted := addr
	if addr == "" {
		wanted = DefaultAddr
	}
	if err := CheckAddr(wanted); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", wanted)
	if addr == "" && errors.Is(err, syscall.EADDRINUSE) {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("cannot answer task tokens: %w", err)
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("%s stands for %s here, which is not this machine alone: use %s", wanted, l.Addr(), DefaultAddr)
	}
	e := &Endpoint{
		url:  "http://" + l.Addr().String(),
		http: &http.Server{Handler: NewServer(t), ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute},
	}
	go e.http.Serve(l)
	return e, nil
}

// CheckAddr says why an address cannot be listened at: it is not HOST:PORT, or
// others than this machine could reach it.
func CheckAddr(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT, such as %s", addr, DefaultAddr)
	}
	if !isLoopback(host) {
		return fmt.Errorf("%q can be reached from elsewhere: task tokens are answered on this machine only, such as at %s", addr, DefaultAddr)
	}
	return nil
}

// URL is what --endpoint-url takes.
func (e *Endpoint) URL() string { return e.url }

// Close ends the endpoint. Answers that have been taken are still confirmed.
func (e *Endpoint) Close() error {
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	if err := e.http.Shutdown(ctx); err != nil {
		return e.http.Close()
	}
	return nil
}

// isLoopbackHost is isLoopback of a Host header, with or without a port.
func isLoopbackHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return isLoopback(h)
	}
	return isLoopback(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
