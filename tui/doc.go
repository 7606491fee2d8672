// Package tui is the terminal program: it paints a session's View and turns
// keys into commands.
//
// The one idea: there is one Bubble Tea model, and it holds no session state.
// Panes remember where the eyes are (scroll, folds, cursors); what they show is
// read from the newest View each time. A key is looked up in tui/keymap; it is
// either a command, which a tea.Cmd gives to the session, or a view action, which
// only moves the eyes. Nothing in Update or View waits for anything.
//
// Panes draw on a shared canvas (tui/paint) instead of returning strings: all
// text then goes through one sanitiser, and a frame of 200 by 60 takes well
// under a millisecond.
//
// Keys typed while a command is carried out wait until the session has taken
// it, so a quick typist (or a script) acts on what the screen will show.
//
// It does not know what commands mean, how requests are signed or where
// sessions are kept.
package tui
