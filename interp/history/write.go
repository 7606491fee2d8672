package history

import (
	"bufio"
	"io"
	"strconv"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Writer writes what `aws stepfunctions get-execution-history` answers,
// {"events": […]}, while the execution goes on. It keeps no events.
type Writer struct {
	deriver *deriver
	out     *bufio.Writer // the first error sticks, and Close reports it
	line    []byte
}

// NewWriter returns a Writer to w; region is the machine's.
func NewWriter(w io.Writer, region string) *Writer {
	h := &Writer{deriver: newDeriver(region), out: bufio.NewWriterSize(w, 1<<16)}
	h.out.WriteString(`{"events": [`)
	return h
}

// Add writes the next events of the execution, those of children left out.
func (h *Writer) Add(events []interp.Event) {
	for i := range events {
		if e, ok := h.deriver.take(&events[i]); ok {
			h.write(&e)
		}
	}
}

// Close ends the text. It does not close what it was written to.
func (h *Writer) Close() error {
	h.out.WriteString("\n]}\n")
	return h.out.Flush()
}

func (h *Writer) write(e *Event) {
	b := h.line[:0]
	if e.ID > 1 {
		b = append(b, ',')
	}
	b = append(b, "\n{\"timestamp\":"...)
	b = strconv.AppendInt(b, e.Timestamp/1000, 10)
	ms := e.Timestamp % 1000
	b = append(b, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	b = append(b, `,"type":`...)
	b = jsonval.AppendQuoted(b, e.Type)
	b = append(b, `,"id":`...)
	b = strconv.AppendInt(b, int64(e.ID), 10)
	b = append(b, `,"previousEventId":`...)
	b = strconv.AppendInt(b, int64(e.PreviousEventID), 10)
	if e.DetailsName == "" {
		h.line = append(b, '}')
		h.out.Write(h.line)
		return
	}
	b = append(b, ',')
	b = jsonval.AppendQuoted(b, e.DetailsName)
	h.line = append(b, ':')
	h.out.Write(h.line)
	h.out.Write(h.deriver.details)
	h.out.WriteByte('}')
}
