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
	b := bufio.NewWriter(w) // the first error sticks and Flush reports it
	b.WriteString(`{"events": [`)
	d := newDeriver(region)
	var line []byte
	for i := range events {
		e, ok := d.take(&events[i])
		if !ok {
			continue
		}
		line = line[:0]
		if e.ID > 1 {
			line = append(line, ',')
		}
		b.Write(e.appendJSON(append(line, '\n')))
	}
	b.WriteString("\n]}\n")
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
