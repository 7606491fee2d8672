package task

import (
	"net"
	"net/url"
	"strings"
)

// Outside reports whether the request leaves this machine.
func (s Sealed) Outside() bool { return !isLoopback(s.to.host) }

// Leaves reports whether p lets anything leave this machine.
func (p Policy) Leaves() bool {
	for _, e := range p.endpoints {
		if u, err := url.Parse(e.url); err != nil || !isLoopback(u.Hostname()) {
			return true
		}
	}
	return p.Live()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

// Writes reports whether the request may change something where it goes.
func (s Sealed) Writes() bool { return !changesNothing(s.draft.Method) }
