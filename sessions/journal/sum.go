package journal

import (
	"fmt"
	"math/bits"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Sum is a checksum of events in order. Files hold it, so how it is made never
// changes within a format.
type Sum struct {
	full  uint64 // everything
	shape uint64 // everything but values, causes and roles
	last  *interp.Event
	count int
}

// Add takes events into the sum.
func (s *Sum) Add(events []interp.Event) {
	for i := range events {
		s.add(&events[i])
	}
	if n := len(events); n > 0 {
		s.last = &events[n-1]
		s.count += n
	}
}

// String says how many events there were and which was the last, without
// values.
func (s *Sum) String() string { return summary(s.count, s.end()) }

func (s *Sum) end() string {
	if s.last == nil {
		return ""
	}
	e := Of(s.last)
	e.Value, e.Task = jsonval.Value{}, nil
	if e.Failure != nil {
		e.Failure = &interp.Failure{Error: e.Failure.Error}
	}
	return e.String()
}

func summary(count int, end string) string {
	switch count {
	case 0:
		return "no events"
	case 1:
		return "1 event: " + end
	}
	return fmt.Sprintf("%d events, the last: %s", count, end)
}

func (s *Sum) add(e *interp.Event) {
	h := mix(s.shape, uint64(e.Kind)|uint64(e.Stage)<<8|uint64(uint32(e.Frame))<<16)
	if e.State != nil {
		h = mix(h, jsonval.OfString(e.State.Name).Hash())
	}
	if e.Parent != 0 || e.Index != 0 || e.Attempt != 0 {
		h = mix(mix(h, uint64(uint32(e.Parent))), uint64(uint32(e.Index))|uint64(uint32(e.Attempt))<<32)
	}
	h = mix(h, instant(e.At))
	if !e.Due.IsZero() {
		h = mix(h, instant(e.Due))
	}
	if e.Where != "" {
		h = mix(h, jsonval.OfString(e.Where).Hash())
	}
	if f := e.Failure; f != nil {
		h = mix(h, textSum(f.Error))
	}
	if t := e.Task; t != nil {
		h = mix(h, uint64(t.TimeoutSeconds)|uint64(t.HeartbeatSeconds)<<32)
	}
	s.shape = h
	full := mix(s.full, h)
	if e.Value.Exists() {
		full = mix(full, e.Value.Hash())
	}
	if f := e.Failure; f != nil {
		full = mix(full, textSum(f.Cause))
	}
	if t := e.Task; t != nil && t.RoleARN != "" {
		full = mix(full, jsonval.OfString(t.RoleARN).Hash())
	}
	s.full = full
}

func textSum(s *string) uint64 {
	if s == nil {
		return 1
	}
	return jsonval.OfString(*s).Hash()
}

func instant(t time.Time) uint64 { return uint64(t.UnixNano()) }

func mix(h, x uint64) uint64 {
	hi, lo := bits.Mul64(bits.RotateLeft64(h, 23)^x^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return hi ^ lo
}
