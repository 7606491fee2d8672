package sfnapi

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Server answers the three operations on task tokens. Its Tokens may be used by
// several requests at a time.
type Server struct{ tokens Tokens }

// ErrOver says that a token was awaited once: it was answered, its time ran out,
// or its task ended otherwise.
var ErrOver = errors.New("the task of this token is over")

// Tokens takes an answer to a task token: an [interp.Callback] or an
// [interp.Heartbeat]. The error is [interp.ErrNoSuchToken] where nobody knows it,
// [ErrOver] where it was awaited once, or says why it cannot be taken now.
type Tokens interface {
	Answer(ctx context.Context, in interp.Input) error
}

// NewServer is a server that hands answers to t.
func NewServer(t Tokens) *Server {
	return &Server{tokens: t}
}

const (
	maxBody     = 1 << 20
	contentType = "application/x-amz-json-1.0"
	target      = "AWSStepFunctions."
)

// ServeHTTP refuses requests of web pages, which say where they come from, and
// for other hosts than this machine: a page can make a browser call here under
// the name of its own server.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	if r.Header.Get("Origin") != "" {
		refusal{http.StatusForbidden, "AccessDeniedException", "web pages are not answered here"}.write(w)
		return
	}
	if !isLoopbackHost(r.Host) {
		refusal{http.StatusForbidden, "AccessDeniedException", "the Host header is not this machine: use 127.0.0.1 or localhost"}.write(w)
		return
	}
	if err := s.serve(w, r); err != nil {
		refused(err).write(w)
		return
	}
	io.WriteString(w, "{}")
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	read := operations[operation]
	if !ok || read == nil || r.Method != http.MethodPost {
		return bad("UnknownOperationException", "only SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat are answered here")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
			return refusal{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "the body is longer than 1 MB"}
		}
		return bad("SerializationException", "the body could not be read: "+err.Error())
	}
	members, err := jsonval.Parse(string(body))
	if err != nil {
		return bad("SerializationException", "the body is not JSON: "+err.Error())
	}
	if !members.Is(jsonval.Object) {
		return bad("SerializationException", "the body is not a JSON object")
	}
	in, err := read(members)
	if err != nil {
		return err
	}
	return s.tokens.Answer(r.Context(), in)
}

// refusal is an error as AWS JSON 1.0 writes it.
type refusal struct {
	status  int
	code    string
	message string
}

func (r refusal) Error() string { return r.code + ": " + r.message }

func (r refusal) write(w http.ResponseWriter) {
	w.WriteHeader(r.status)
	io.WriteString(w, jsonval.ObjectOf(
		jsonval.Member{Key: "__type", Value: jsonval.OfString(r.code)},
		jsonval.Member{Key: "message", Value: jsonval.OfString(r.message)},
	).String())
}

// bad is what the caller did wrong.
func bad(code, message string) refusal { return refusal{http.StatusBadRequest, code, message} }

func refused(err error) refusal {
	if r := (refusal{}); errors.As(err, &r) {
		return r
	}
	switch {
	case errors.Is(err, ErrOver):
		return bad("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
	case errors.Is(err, interp.ErrNoSuchToken):
		return bad("TaskDoesNotExist", "Task Does Not Exist: 'no task awaits this token'")
	}
	return refusal{http.StatusServiceUnavailable, "ServiceUnavailableException", err.Error()}
}
