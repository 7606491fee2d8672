package task

import "time"

// Exchange is a request that went out and what came back for it, for showing.
type Exchange struct {
	Sent     Sealed
	Began    time.Time
	Response *Response       // nil: no answer came
	Err      *TransportError // why none came, or only the beginning of one; nil where all of it did
	Timing   Timing
}

// Shown is the answer as it may be shown and written: without the request's
// secrets, where it repeats them, as API Gateway does with session tokens. It is
// nil where none came.
func (x Exchange) Shown() *Response {
	if x.Response == nil {
		return nil
	}
	r := *x.Response
	hide := x.Sent.hider()
	if hide == nil {
		return &r
	}
	r.StatusLine, r.Reason, r.Body = hide.Replace(r.StatusLine), hide.Replace(r.Reason), []byte(hide.Replace(string(r.Body)))
	r.Header = make([]Field, len(x.Response.Header))
	for i, f := range x.Response.Header {
		r.Header[i] = Field{f.Name, hide.Replace(f.Value)}
	}
	return &r
}

// Timing is where the time of an exchange went, one part after the other. The
// first three are zero on a connection that was kept from an earlier exchange.
type Timing struct {
	Kept      bool          // the connection is an earlier exchange's
	DNS       time.Duration // finding the address; zero where the host is one
	Connect   time.Duration // to the host, through a proxy if there is one
	TLS       time.Duration // the handshake
	Send      time.Duration // writing the request
	FirstByte time.Duration // from there to the first byte of the answer
	Total     time.Duration // of all these, to the answer's last byte
	Throttled time.Duration // before all that: how long a quota of AWS's made it wait
}

// Receive is the time from the answer's first byte to its last.
func (t Timing) Receive() time.Duration {
	return max(0, t.Total-t.DNS-t.Connect-t.TLS-t.Send-t.FirstByte)
}
