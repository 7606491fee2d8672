package apigw

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"asldbg/interp/task"
)

// loopback is an API that keeps the raw bytes of its requests, checks their
// signatures with code of its own, and answers with raw bytes, however wrong.
type loopback struct {
	url       string
	transport *task.Transport
	came      chan []byte
	// say writes an answer; cut ends the connection.
	say func(c net.Conn) (cut bool)
}

// newLoopback listens on plain HTTP or TLS.
func newLoopback(t testing.TB, secure bool, say func(net.Conn) bool) *loopback {
	t.Helper()
	a := &loopback{transport: &task.Transport{}, came: make(chan []byte, 100), say: say}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a.url = "http://" + l.Addr().String()
	if secure {
		lender := httptest.NewTLSServer(http.NotFoundHandler()) // of its certificate
		t.Cleanup(lender.Close)
		l = tls.NewListener(l, &tls.Config{Certificates: lender.TLS.Certificates})
		a.url = "https://" + l.Addr().String()
		a.transport.Roots = x509.NewCertPool()
		a.transport.Roots.AddCert(lender.Certificate())
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go a.serve(c)
		}
	}()
	return a
}

func (a *loopback) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		raw, err := readRaw(in)
		if err != nil {
			return
		}
		a.came <- raw
		if a.say(c) {
			return
		}
	}
}

// readRaw reads the bytes of one request, by its own reading of RFC 9112.
func readRaw(in *bufio.Reader) ([]byte, error) {
	var raw []byte
	length := 0
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil, err
		}
		raw = append(raw, line...)
		if name, value, ok := strings.Cut(string(line), ":"); ok && strings.EqualFold(name, "content-length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return nil, err
			}
		}
		if string(line) == "\r\n" {
			body := make([]byte, length)
			_, err := io.ReadFull(in, body)
			return append(raw, body...), err
		}
	}
}

// verify checks the signature of a raw request as section 8.12 of the reference
// has it, with nothing of the code that signs.
func verify(raw []byte, secret string, now time.Time) error {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")
	requestLine := strings.Split(lines[0], " ")
	headers := map[string][]string{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		name = strings.ToLower(name)
		headers[name] = append(headers[name], strings.Join(strings.Fields(value), " "))
	}
	one := func(name string) string { return strings.Join(headers[name], ",") }
	var credential, signed, signature string
	for part := range strings.SplitSeq(strings.TrimPrefix(one("authorization"), "AWS4-HMAC-SHA256 "), ", ") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "Credential":
			credential = value
		case "SignedHeaders":
			signed = value
		case "Signature":
			signature = value
		}
	}
	scope := strings.Split(credential, "/")
	if len(scope) != 5 {
		return fmt.Errorf("credential %q", credential)
	}
	names := strings.Split(signed, ";")
	for name := range headers {
		if (name == "host" || strings.HasPrefix(name, "x-amz-")) && !slices.Contains(names, name) {
			return fmt.Errorf("%s is not signed", name)
		}
	}
	for _, name := range []string{"user-agent", "connection", "expect", "x-amzn-trace-id"} {
		if slices.Contains(names, name) {
			return fmt.Errorf("%s is signed", name)
		}
	}
	at, err := time.Parse("20060102T150405Z", one("x-amz-date"))
	if err != nil || now.Sub(at).Abs() > 5*time.Minute || at.Format("20060102") != scope[1] {
		return fmt.Errorf("date %q", one("x-amz-date"))
	}

	path, query, _ := strings.Cut(requestLine[1], "?")
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, encode(segment))
		}
	}
	clean := "/" + strings.Join(kept, "/")
	if strings.HasSuffix(path, "/") && len(kept) > 0 {
		clean += "/"
	}
	var pairs [][2]string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, [2]string{encode(decode(name)), encode(decode(value))})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var sorted []string
	for _, p := range pairs {
		sorted = append(sorted, p[0]+"="+p[1])
	}
	canonical := requestLine[0] + "\n" + clean + "\n" + strings.Join(sorted, "&") + "\n"
	for _, name := range names {
		canonical += name + ":" + one(name) + "\n"
	}
	canonical += "\n" + signed + "\n" + hexHash(string(body))
	toSign := "AWS4-HMAC-SHA256\n" + one("x-amz-date") + "\n" + strings.Join(scope[1:], "/") + "\n" + hexHash(canonical)
	key := []byte("AWS4" + secret)
	for _, part := range append(scope[1:], toSign) {
		h := hmac.New(sha256.New, key)
		io.WriteString(h, part)
		key = h.Sum(nil)
	}
	if got := hex.EncodeToString(key); got != signature {
		return fmt.Errorf("signature %s, want %s of\n%s", signature, got, canonical)
	}
	return nil
}

func hexHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// encode percent-encodes all but unreserved characters.
func encode(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// decode undoes percent-encoding.
func decode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
