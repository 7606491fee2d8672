// Package layout says where panes stand.
//
// The one idea: [For] is a pure function of the terminal's size and of what
// has the focus, so a resize can lose nothing and a test can draw the boxes.
//
// It does not know what panes show.
package layout
