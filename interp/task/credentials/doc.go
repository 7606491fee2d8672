// Package credentials finds the AWS identity that requests are signed with.
//
// The one idea: looking is cheap and local until the user allows more. Only the
// first signature makes it look; offline it reads the environment and the
// shared files and asks nobody, no process and no server; where even that finds
// nothing, it answers with example credentials, so that a signature can still
// be read and understood.
//
// It does not assume the state machine's role: requests are signed by the
// caller, the role is shown. A role that a task names in Credentials.RoleArn is
// assumed, where STS may be asked.
package credentials
