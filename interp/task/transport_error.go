package task

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// TransportError says why no HTTP answer came, in the words of the AWS SDK for
// Java, which is what Step Functions' errors are made of.
type TransportError struct {
	Exception string // the Java class, such as ConnectException
	Message   string // such as "Unable to execute HTTP request: Connect to api:443 failed: Connection refused"
	Err       error
}

func (e *TransportError) Error() string { return e.Exception + ": " + e.Message }

// Unwrap is the error underneath.
func (e *TransportError) Unwrap() error { return e.Err }

// What failed, where the error itself does not tell.
type (
	dialError      struct{ error }
	handshakeError struct{ error }
	protocolError  struct{ error }
)

func (e *dialError) Unwrap() error      { return e.error }
func (e *handshakeError) Unwrap() error { return e.error }
func (e *protocolError) Unwrap() error  { return e.error }

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func transportError(ctx context.Context, to destination, err error) *TransportError {
	exception, message := explain(ctx, to, err)
	return &TransportError{exception, "Unable to execute HTTP request: " + message, err}
}

func explain(ctx context.Context, to destination, err error) (exception, message string) {
	var (
		unknown   *net.DNSError
		dial      *dialError
		handshake *handshakeError
		protocol  *protocolError
		proxy     *proxyError
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "AbortedException", "the call was cancelled"
	case errors.As(err, &proxy):
		return "ConnectException", proxy.Error()
	case errors.As(err, &unknown):
		return "UnknownHostException", to.host + ": Name or service not known"
	case errors.As(err, &dial) && isTimeout(err):
		return "ConnectTimeoutException", "Connect to " + to.address + " failed: connect timed out"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "ConnectException", "Connect to " + to.address + " failed: Connection refused"
	case errors.As(err, &dial):
		return "ConnectException", "Connect to " + to.address + " failed: " + reason(err)
	case isTimeout(err):
		return "SocketTimeoutException", "Read timed out"
	case errors.As(err, &handshake):
		return "SSLHandshakeException", handshake.Error()
	case errors.As(err, &protocol):
		return "ClientProtocolException", protocol.Error()
	case errors.Is(err, io.EOF):
		return "NoHttpResponseException", to.address + " failed to respond"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "ConnectionClosedException", "Premature end of the answer"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "SocketException", "Connection reset"
	}
	return "SdkClientException", reason(err)
}

// reason is the innermost cause the operating system gave, or the whole text.
func reason(err error) string {
	var system *os.SyscallError
	if errors.As(err, &system) {
		return system.Err.Error()
	}
	return err.Error()
}
