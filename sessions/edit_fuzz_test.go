package sessions

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"asldbg/interp/task"
	"asldbg/sessions/command"
)

// FuzzEditRequest: an edit is refused, or what is sealed is one request with
// that method, those headers and that body, and nothing smuggled in.
func FuzzEditRequest(f *testing.F) {
	for _, s := range []string{
		`{"method":"PUT"}`, `{"url":"https://b.example/x?y=z w"}`, `{"headers":{"X-A":["1","2"],"content-type":null}}`, `{"body":{"a":[1.10]}}`,
		`{"headers":{"X\r\nY":"a\r\nHost: evil"}}`, `{"method":"GET / HTTP/1.1\r\n"}`, `{"body":"a\r\n\r\nGET / HTTP/1.1"}`, `{"headers":{"Authorization":"x","host":"evil"}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, edit string) {
		c, err := command.Parse("edit-request " + edit)
		if err != nil {
			return
		}
		d := task.Draft{
			Method: http.MethodPost, URL: "https://api.example.com/charges", Header: http.Header{"Content-Type": {"application/json"}},
			Body: []byte(`{"cents":1999}`), Scope: &task.Scope{Service: "execute-api", Region: "eu-west-1"},
		}
		applyEdit(&d, c.Value)
		s, err := d.Seal(context.Background(), aws.CredentialsProviderFunc(exampleCredentials), noon)
		if err != nil {
			return
		}
		in := bufio.NewReader(bytes.NewReader(s.Wire()))
		r, err := http.ReadRequest(in)
		if err != nil {
			t.Fatalf("%s: %v\n%s", edit, err, s.Wire())
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(body, d.Body) || r.Method != d.Method {
			t.Fatalf("%s: %v\n%s", edit, err, s.Wire())
		}
		if rest, _ := io.ReadAll(in); len(rest) > 0 {
			t.Fatalf("%s: %q after the request", edit, rest)
		}
		if len(s.Draft().Header) > len(d.Header) || len(r.Header["Authorization"]) != 1 {
			t.Fatalf("%s: %v", edit, r.Header)
		}
		httpRequest(s)
	})
}
