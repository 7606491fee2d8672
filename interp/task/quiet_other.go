//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package task

import (
	"net"
	"time"
)

// quiet reports whether a connection is open and nothing has come, within a
// millisecond.
func quiet(c net.Conn) bool {
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return isTimeout(err)
}
