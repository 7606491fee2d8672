package local

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"asldbg/interp/task/sigv4"
)

// skew is how far a signature's time may be from ours, as at AWS.
const skew = 5 * time.Minute

// verify checks a request's SigV4 signature by making it again; nil means that
// it is right. What it says is what API Gateway says.
func (a *API) verify(r *http.Request, body []byte) *answer {
	header := r.Header.Get("Authorization")
	if header == "" {
		return &missingToken
	}
	given, err := sigv4.ParseAuthorization(header)
	if err != nil {
		return refuse("IncompleteSignatureException", err.Error())
	}
	known, err := a.Retrieve(r.Context())
	if err != nil {
		panic("local: its own credentials: " + err.Error())
	}
	amzDate := r.Header.Get("X-Amz-Date")
	_, region, _ := strings.Cut(r.Host, ".execute-api.")
	region, _, _ = strings.Cut(region, ".")
	signedAt, err := time.Parse(sigv4.TimeFormat, amzDate)
	switch {
	case err != nil:
		return refuse("IncompleteSignatureException", "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	case given.AccessKeyID != known.AccessKeyID || r.Header.Get("X-Amz-Security-Token") != known.SessionToken:
		return refuse("UnrecognizedClientException", "The security token included in the request is invalid.")
	case given.Service != "execute-api":
		return refuse("InvalidSignatureException", "Credential should be scoped to correct service: 'execute-api'.")
	case region != "" && given.Region != region:
		return refuse("InvalidSignatureException", fmt.Sprintf("Credential should be scoped to a valid region, not '%s'. ", given.Region))
	case given.Day != signedAt.Format("20060102"):
		return refuse("InvalidSignatureException", fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", given.Day, signedAt.Format("20060102"), amzDate))
	case !slices.Contains(given.SignedHeaders, "host"):
		return refuse("InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	now, limit := a.now().UTC(), skew.Minutes()
	switch age := now.Sub(signedAt); {
	case age > skew:
		return refuse("InvalidSignatureException", fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %.0f min.)", amzDate, now.Add(-skew).Format(sigv4.TimeFormat), now.Format(sigv4.TimeFormat), limit))
	case age < -skew:
		return refuse("InvalidSignatureException", fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %.0f min.)", amzDate, now.Add(skew).Format(sigv4.TimeFormat), now.Format(sigv4.TimeFormat), limit))
	}
	path, query, _ := strings.Cut(r.RequestURI, "?")
	canonical := sigv4.Request{
		Method: r.Method, Path: path, Query: query,
		Host: r.Host, Header: r.Header, BodyHash: sigv4.Hash(body),
	}.Canonical(given.SignedHeaders)
	toSign := sigv4.StringToSign(amzDate, given.Scope(), canonical)
	right := sigv4.Signature(known.SecretAccessKey, given.Day, given.Region, given.Service, toSign)
	if !hmac.Equal([]byte(right), []byte(given.Signature)) {
		return refuse("InvalidSignatureException", "The request signature we calculated does not match the signature you provided. "+
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"+
			"The Canonical String for this request should have been\n'"+canonical+"'\n\n"+
			"The String-to-Sign should have been\n'"+toSign+"'\n")
	}
	return nil
}

func refuse(errorType, text string) *answer {
	return &answer{status: http.StatusForbidden, body: message(text), errorType: errorType}
}
