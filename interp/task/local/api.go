package local

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp/jsonval"
)

// stage is the one deployment stage there is, as SAM names it.
const stage = "Prod"

// maxBody is API Gateway's limit of a request's body, in bytes.
const maxBody = 10 << 20

// API is an API Gateway with the routes of the embedded examples. It is an
// http.Handler and may be used by many goroutines.
type API struct {
	seed       uint64
	now, dates func() time.Time

	mu     sync.Mutex
	count  uint64 // requests so far
	pets   []jsonval.Value
	tokens []string
}

// New returns an API whose prices, ids and quantities follow from seed and the
// number of calls before. now is the clock for the age of signatures, dates the
// one of what it answers: another one where a transcript must not change.
func New(seed uint64, now, dates func() time.Time) *API {
	return &API{seed: seed, now: now, dates: dates, pets: firstPets()}
}

// Start serves the API on a free port of the loopback interface until ctx is
// done, and returns its URL.
func (a *API) Start(ctx context.Context) (url string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("serve the built-in API: %w", err)
	}
	server := &http.Server{Handler: a, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.Serve(l)
	return "http://" + l.Addr().String(), nil
}

// Retrieve gives the credentials its IAM routes know: the API is an
// aws.CredentialsProvider. They open nothing else.
func (a *API) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID:     "AKIDDEMO",
		SecretAccessKey: "secret of the built-in API, good for nothing else",
		SessionToken:    "session of the built-in API",
		Source:          "the built-in API's own",
	}, nil
}

// Tokens are the task tokens that came to the callback route, oldest first.
func (a *API) Tokens() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.tokens...)
}

// request is a call of a route.
type request struct {
	header http.Header
	body   []byte
	number uint64 // of the call, from 1
	at     time.Time
	dice   *rand.Rand
}

// answer is what a route says.
type answer struct {
	status    int
	body      jsonval.Value
	errorType string // x-amzn-ErrorType, "" for none
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.count++
	n := a.count
	a.mu.Unlock()
	req := request{header: r.Header, number: n, at: a.dates().UTC(), dice: rand.New(rand.NewPCG(a.seed, n))}
	id := req.id()
	a.answer(w, r, &req).write(w, req.at, id)
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, req *request) answer {
	var err error
	if req.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		return answer{status: http.StatusRequestEntityTooLarge, body: message("Request Too Long"), errorType: "RequestTooLargeException"}
	}
	route, ok := find(r.Method, r.URL.Path)
	if !ok {
		return missingToken
	}
	if route.iam {
		if refused := a.verify(r, req.body); refused != nil {
			return *refused
		}
	}
	return route.answer(a, req)
}

// missingToken is what API Gateway says about routes it does not have, and about
// requests to IAM routes that are not signed.
var missingToken = answer{status: http.StatusForbidden, body: message("Missing Authentication Token"), errorType: "MissingAuthenticationTokenException"}

func message(text string) jsonval.Value {
	return jsonval.ObjectOf(jsonval.Member{Key: "message", Value: jsonval.OfString(text)})
}

func (a answer) write(w http.ResponseWriter, at time.Time, id string) {
	h := w.Header()
	h["Date"] = []string{at.Format(http.TimeFormat)}
	h["Content-Type"] = []string{"application/json"}
	h["Connection"] = []string{"keep-alive"}
	// API Gateway's own spelling, which net/http leaves as it is.
	h["x-amzn-RequestId"] = []string{id}
	h["x-amz-apigw-id"] = []string{strings.ReplaceAll(id, "-", "")[:15] + "="}
	if a.errorType != "" {
		h["x-amzn-ErrorType"] = []string{a.errorType}
	}
	text := a.body.AppendJSON(nil)
	h["Content-Length"] = []string{fmt.Sprint(len(text))}
	w.WriteHeader(a.status)
	w.Write(text)
}

// id makes up an id in the form of a UUID.
func (r *request) id() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.dice.Uint32())
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
