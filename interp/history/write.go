package history

import (
	"bufio"
	"io"
	"strconv"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// WriteJSON writes what `aws stepfunctions get-execution-history` answers:
// {"events": […]}.
func WriteJSON(w io.Writer, events []interp.Event, region string) error {
	b := bufio.NewWriter(w)
	line := []byte(`{"events": [`)
	for i, e := range Of(events, region) {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, "\n"...)
		line = e.appendJSON(line)
		b.Write(line) // the first error sticks and Flush reports it
		line = line[:0]
	}
	b.Write(append(line, "\n]}\n"...))
	return b.Flush()
}

func (e *Event) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"timestamp":`...)
	dst = strconv.AppendFloat(dst, e.Timestamp, 'f', 3, 64)
	dst = append(dst, `,"type":`...)
	dst = jsonval.AppendQuoted(dst, e.Type)
	dst = append(dst, `,"id":`...)
	dst = strconv.AppendInt(dst, int64(e.ID), 10)
	dst = append(dst, `,"previousEventId":`...)
	dst = strconv.AppendInt(dst, int64(e.PreviousEventID), 10)
	if e.DetailsName != "" {
		dst = append(dst, ',')
		dst = jsonval.AppendQuoted(dst, e.DetailsName)
		dst = append(dst, ':')
		dst = e.Details.AppendJSON(dst)
	}
	return append(dst, '}')
}
