package task

import "strings"

// KeySteps are the steps from the secret access key to the signature, without
// what is secret; "" when not signed.
func (s Sealed) KeySteps() string {
	if s.sign == nil {
		return ""
	}
	a := s.sign.authorization
	var b strings.Builder
	for _, step := range [][2]string{
		{"kDate   ", `HMAC-SHA256("AWS4" + secret access key, "` + a.Day + `")`},
		{"kRegion ", `HMAC-SHA256(kDate, "` + a.Region + `")`},
		{"kService", `HMAC-SHA256(kRegion, "` + a.Service + `")`},
		{"kSigning", `HMAC-SHA256(kService, "aws4_request")`},
		{"signature", `hex(HMAC-SHA256(kSigning, string to sign))`},
	} {
		b.WriteString(step[0] + " = " + step[1] + "\n")
	}
	b.WriteString("          = " + a.Signature[:4] + "…" + a.Signature[len(a.Signature)-4:] + "\n")
	return b.String()
}

// CredentialScope is such as 20260102/eu-west-1/execute-api/aws4_request; ""
// when not signed.
func (s Sealed) CredentialScope() string {
	if s.sign == nil {
		return ""
	}
	return s.sign.authorization.Scope()
}
