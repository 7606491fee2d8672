// Package keymap is the one table of keys.
//
// The one idea: a key, what it does, when it can be used and why not otherwise
// are written down once, in [Bindings]. The key line, help, the palette and the
// table in the README are all read from it, and a letter means the same in
// every pane.
//
// It does not do what the keys say: a binding names a command of the session or
// a view action of the screen.
package keymap
