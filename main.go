// Asldbg is a step debugger for Amazon States Language, in the terminal.
package main

import (
	"os"

	"asldbg/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
