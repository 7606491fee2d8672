// Package sample walks an example execution and pictures it as a session
// would, for the tests of the screens.
//
// The one idea: the interpreter does the work, so frames, events and data on a
// golden screen are ones a session can really show.
package sample
