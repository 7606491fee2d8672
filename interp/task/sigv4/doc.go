// Package sigv4 computes AWS Signature Version 4 the way AWS's servers do: from
// a request as it stands on the wire.
//
// The one idea: signing is the SDK's, understanding is ours. What we send is
// signed by github.com/aws/aws-sdk-go-v2; this package says what was hashed, so
// that a learner can read it, and checks signatures, so that the built-in API
// can refuse a wrong one. Both are held together by AWS's published test suite.
//
// It does not send, does not look for credentials and does not presign URLs.
package sigv4
