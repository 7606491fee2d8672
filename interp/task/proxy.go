package task

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// reach connects to a destination, through its proxy if it has one.
func (t *Transport) reach(ctx context.Context, to destination) (net.Conn, error) {
	proxy, err := t.proxyFor(to)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return dialTCP(ctx, to.address)
	}
	via := destinationOf(proxy)
	c, err := dialTCP(ctx, via.address)
	if err != nil {
		return nil, &proxyError{via.address, to.address, err}
	}
	if via.tls {
		if c, err = t.secure(ctx, c, via.host); err != nil {
			return nil, &proxyError{via.address, to.address, err}
		}
	}
	if err := tunnel(ctx, c, proxy, to.address); err != nil {
		c.Close()
		return nil, &proxyError{via.address, to.address, err}
	}
	return c, nil
}

func dialTCP(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, &dialError{err}
	}
	return c, nil
}

// proxyFor is a destination's proxy, nil for none.
func (t *Transport) proxyFor(to destination) (*url.URL, error) {
	if t.Proxy == nil {
		return nil, nil
	}
	scheme := "http"
	if to.tls {
		scheme = "https"
	}
	proxy, err := t.Proxy(&http.Request{URL: &url.URL{Scheme: scheme, Host: to.address}})
	if err != nil || proxy == nil {
		return nil, err
	}
	if proxy.Scheme != "http" && proxy.Scheme != "https" {
		return nil, &proxyError{proxy.Host, to.address, fmt.Errorf("a proxy must be http:// or https://, not %s://", proxy.Scheme)}
	}
	return proxy, nil
}

// tunnel asks the proxy at the other end of c to connect it to address.
func tunnel(ctx context.Context, c net.Conn, proxy *url.URL, address string) error {
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	ask := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if user := proxy.User; user != nil {
		password, _ := user.Password()
		ask += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if _, err := io.WriteString(c, ask+"\r\n"); err != nil {
		return err
	}
	// The other side speaks first only after it has been spoken to, so nothing of
	// the tunnel can be in the buffer.
	r, err := http.ReadResponse(bufio.NewReader(io.LimitReader(c, maxHead)), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return err
	}
	if r.StatusCode/100 != 2 {
		return errors.New("it answered " + r.Status)
	}
	return nil
}

// proxyError says that a proxy is in the way.
type proxyError struct {
	proxy, address string
	err            error
}

func (e *proxyError) Error() string {
	return "Connect to " + e.address + " through the proxy " + e.proxy + " failed: " + e.reason()
}

func (e *proxyError) reason() string {
	if isTimeout(e.err) {
		return "connect timed out"
	}
	return reason(e.err)
}

func (e *proxyError) Unwrap() error { return e.err }
