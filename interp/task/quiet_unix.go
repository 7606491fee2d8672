//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package task

import (
	"net"
	"syscall"
)

// quiet reports whether a connection is open and nothing has come. It does not
// wait.
func quiet(c net.Conn) (open bool) {
	system, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := system.SyscallConn()
	if err != nil {
		return false
	}
	err = raw.Read(func(fd uintptr) bool {
		_, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		open = err == syscall.EAGAIN || err == syscall.EWOULDBLOCK
		return true
	})
	return open && err == nil
}
