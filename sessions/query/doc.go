// Package query asks questions about data: the watches and breakpoint
// conditions of the debugger, in jq or in JSONata.
//
// The one idea: the text says which language it is, as it does in a state
// machine. What stands in {% … %} is JSONata and sees what it would see in a
// state, $states included; anything else is jq, to which $vars and $context
// are given. In both the data itself is the input.
//
// A question has 50 ms. It changes nothing and knows no session.
package query
