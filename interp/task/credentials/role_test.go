package credentials

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

const role = "arn:aws:iam::210987654321:role/there"

// fakeSTS is a loopback STS that answers with text and keeps the requests' bodies.
func fakeSTS(t *testing.T, status int, text string) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		*asked = append(*asked, r.Form.Get("Action")+" "+r.Form.Get("RoleArn")+" "+r.Form.Get("RoleSessionName")+" "+r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func assumedUntil(at time.Time) string {
	return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIATHERE</AccessKeyId>` +
		`<SecretAccessKey>s9</SecretAccessKey><SessionToken>t9</SessionToken><Expiration>` + at.UTC().Format(time.RFC3339) + `</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
}

func TestAssumeRole(t *testing.T) {
	clean(t, "", files)
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	url, asked := fakeSTS(t, 200, assumedUntil(until))
	c := &Chain{Profile: "dev"}
	for range 2 { // the second time from what is known
		got, err := c.AssumeRole(role, "eu-west-1", url).Retrieve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got.AccessKeyID != "ASIATHERE" || got.SecretAccessKey != "s9" || got.SessionToken != "t9" || !got.CanExpire || !got.Expires.Equal(until) ||
			got.Source != "role "+role+", assumed as profile dev" {
			t.Errorf("%+v", got)
		}
	}
	form := regexp.MustCompile(`^AssumeRole ` + role + ` [A-Za-z]{32} AWS4-HMAC-SHA256 Credential=AKIADEV/\d{8}/eu-west-1/sts/aws4_request, `)
	if len(*asked) != 1 || !form.MatchString((*asked)[0]) {
		t.Errorf("STS was asked %q", *asked)
	}
}

func TestAssumeRoleRefused(t *testing.T) {
	clean(t, "", files)
	denied := `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: me is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`
	for name, test := range map[string]struct {
		status int
		text   string
		want   string
	}{
		"denied":         {403, denied, "assume " + role + " as profile default: AccessDenied: User: me is not authorized to perform: sts:AssumeRole (its trust policy must allow that"},
		"no credentials": {200, `<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>`, "STS answered without credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := fakeSTS(t, test.status, test.text)
			_, err := (&Chain{}).AssumeRole(role, "us-east-1", url).Retrieve(context.Background())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := (&Chain{Profile: "nobody"}).AssumeRole(role, "us-east-1", "http://127.0.0.1:1").Retrieve(context.Background()); err == nil || !strings.Contains(err.Error(), "no AWS profile") {
		t.Errorf("error %v", err)
	}
}

// TestExpiryInEnvironment: what aws configure export-credentials writes is read.
func TestExpiryInEnvironment(t *testing.T) {
	for _, network := range []bool{false, true} {
		clean(t, "", "")
		t.Setenv("AWS_ACCESS_KEY_ID", "ASIAENV")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
		t.Setenv("AWS_SESSION_TOKEN", "t")
		t.Setenv("AWS_CREDENTIAL_EXPIRATION", "2026-01-02T12:00:00Z")
		got, err := (&Chain{Network: network}).Retrieve(context.Background())
		if err != nil || !got.CanExpire || !got.Expires.Equal(time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)) || got.Source != "environment" {
			t.Errorf("network %v: %+v %v", network, got, err)
		}
	}
}
