// Package journal writes and reads session files (.asldbg).
//
// The one idea: a session is its inputs. A file holds what is needed to compile
// the machine and start it, then every input in order; replaying them gives
// every event again, and checksums or the events themselves say whether it did.
//
// A file is JSON lines and only grows:
//
//	{"asldbg":1,"program":…,"title":…,"definition":{…},"start":{…},…}    the header
//	{"n":1,"at":…,"by":"auto","start":true,"events":[…]}                 the execution's start
//	{"n":2,"at":…,"by":"auto","run":57,"last":…,"sum":"…"}               57 advances in the fixed order
//	{"n":59,"at":…,"by":"user","advance":1,"events":[…]}                 one input
//	{"n":60,"at":…,"by":"sent","reply":3,"result":…,"sum":"…"}
//	{"n":61,"at":…,"by":"s3","items":4,"value":[…],"last":true,"sum":"…"}
//	{"note":"sent","n":59,"time":…,"text":…,"data":{…}}                  tells the story, drives nothing
//
// An entry's n is the number of its first step; a run of 57 advances is 57
// steps. Steps a person made carry their events, so that a difference can be
// shown with both sides; what ran by itself carries a checksum of them, and says
// which was the last.
//
// Values of some size are written once. The input, if it has that size, is number
// 1. A member "value" may be accompanied by
// "value#", the number the value gets; "value#" alone refers to it, and
// "value~": [base, {pointer: value, …}, [pointer, …]] is value number base with
// parts set and parts removed.
//
// Secrets are removed before writing: see [Options]. What is removed stands as
// "(removed)". From the first such place on, values are no longer compared in a
// replay (checksums then cover everything but values): a value made from a
// secret cannot be computed again. A secret is known by the name of the member
// it stands in, by the pointers the user lists, or because the session says so;
// one that entered under an innocent name, and was used as a secret only later,
// has been written by then. List a pointer for it.
//
// It does not execute anything, and does not know what a breakpoint is.
package journal
