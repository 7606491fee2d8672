package journal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheWholeStartIsKept(t *testing.T) {
	h := header(machine(t, loop), `{"n":0}`)
	h.Start.Express, h.Start.Sync, h.Start.NoQuotas = true, true, true
	var out buffer
	if err := newWriter(&out, h, Options{}).Flush(); err != nil {
		t.Fatal(err)
	}
	f, err := Read(&out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(h.Start, f.Header.Start, valued); diff != "" {
		t.Error(diff)
	}
}
