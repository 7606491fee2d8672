// Package itemreader turns objects of S3 into the items of a distributed Map.
//
// The one idea: items are pulled. A Map may have a hundred million, so every
// format is read as a stream that gives the next item when it is asked for, and
// a [Reader] keeps the place between two questions. The place is only a short
// cut: from the question alone it can be found again, so a debugger may go back.
//
// Where the objects are is not its business: see [Objects]. It reads no Parquet.
package itemreader
