package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Algorithm is what Authorization headers of SigV4 begin with.
const Algorithm = "AWS4-HMAC-SHA256"

// TimeFormat is X-Amz-Date's, for time.Time.Format; the time is UTC.
const TimeFormat = "20060102T150405Z"

// StringToSign is what is signed: amzDate is X-Amz-Date's value and scope the
// credential scope, such as 20150830/eu-west-1/execute-api/aws4_request.
func StringToSign(amzDate, scope, canonical string) string {
	return Algorithm + "\n" + amzDate + "\n" + scope + "\n" + Hash([]byte(canonical))
}

// Signature signs stringToSign with a secret access key for a scope's day
// (yyyymmdd), region and service.
func Signature(secret, day, region, service, stringToSign string) string {
	key := mac([]byte("AWS4"+secret), day)
	key = mac(key, region)
	key = mac(key, service)
	key = mac(key, "aws4_request")
	return hex.EncodeToString(mac(key, stringToSign))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// Authorization is an Authorization header of SigV4, taken apart.
type Authorization struct {
	AccessKeyID   string
	Day           string // yyyymmdd
	Region        string
	Service       string
	SignedHeaders []string // lower-case, sorted
	Signature     string   // lower-case hexadecimal
}

// Scope is the credential scope.
func (a Authorization) Scope() string {
	return a.Day + "/" + a.Region + "/" + a.Service + "/aws4_request"
}

// String is the header's value.
func (a Authorization) String() string {
	return Algorithm + " Credential=" + a.AccessKeyID + "/" + a.Scope() +
		", SignedHeaders=" + strings.Join(a.SignedHeaders, ";") + ", Signature=" + a.Signature
}

// ParseAuthorization reads the header's value. The error lists, in AWS's words,
// what it lacks.
func ParseAuthorization(value string) (Authorization, error) {
	rest, ok := strings.CutPrefix(value, Algorithm+" ")
	if !ok {
		return Authorization{}, &AuthorizationError{Problems: []string{"Authorization header does not start with " + Algorithm + "."}}
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = v
	}
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			missing = append(missing, fmt.Sprintf("Authorization header requires '%s' parameter.", name))
		}
	}
	scope := strings.Split(fields["Credential"], "/")
	if len(missing) == 0 && (len(scope) != 5 || scope[4] != "aws4_request") {
		missing = append(missing, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"+fields["Credential"]+"'.")
	}
	if len(missing) > 0 {
		return Authorization{}, &AuthorizationError{Problems: missing}
	}
	a := Authorization{
		AccessKeyID: scope[0], Day: scope[1], Region: scope[2], Service: scope[3],
		SignedHeaders: strings.Split(fields["SignedHeaders"], ";"), Signature: fields["Signature"],
	}
	slices.Sort(a.SignedHeaders)
	return a, nil
}

// AuthorizationError says what an Authorization header lacks.
type AuthorizationError struct {
	Problems []string // AWS's words
}

func (e *AuthorizationError) Error() string { return strings.Join(e.Problems, " ") }
