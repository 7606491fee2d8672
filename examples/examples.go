package examples

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed stock-trader pet-store callback order
var folders embed.FS

// Example is one sample.
type Example struct {
	Name  string // of its folder, such as stock-trader
	Title string // what it shows, in one line
	Dir   fs.FS  // its folder
	File  string // in Dir: the template that declares the machine
	// Machine is the one of File that is executed, "" where there is one only.
	Machine string
	Input   string // in Dir: the execution's input
	Walk    string // in Dir: commands for the debugger, one a line
}

// List returns the samples, easiest first.
func List() []Example {
	var all []Example
	for _, sample := range [][2]string{{"stock-trader"}, {"pet-store"}, {"callback"}, {"order", "Orders"}} {
		name, machine := sample[0], sample[1]
		dir, err := fs.Sub(folders, name)
		if err != nil {
			panic(fmt.Sprintf("examples: %s is not embedded: %v", name, err))
		}
		all = append(all, Example{
			Name: name, Title: title(dir), Dir: dir,
			File: "template.yaml", Machine: machine, Input: "input.json", Walk: "walk.txt",
		})
	}
	return all
}

// title is the heading of a folder's README.
func title(dir fs.FS) string {
	text, err := fs.ReadFile(dir, "README.md")
	if err != nil {
		panic(fmt.Sprintf("examples: a folder without README: %v", err))
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimPrefix(line, "# ")
}
