// Package export writes requests as other tools take them: a curl or HTTPie
// command, the message as it goes over the wire, an HTTP Archive of many.
//
// The one idea: what is written can be given to somebody else. Secrets are left
// out, or named by the environment variables that hold them, and every text is
// quoted, so that pasting a command into a shell runs that command and nothing
// else.
//
// It does not read credentials, files or the network.
package export
