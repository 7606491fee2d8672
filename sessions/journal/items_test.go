package journal

import (
	"strings"
	"testing"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// TestItems: what a distributed Map read comes back as it was, written once.
func TestItems(t *testing.T) {
	item := jsonval.MustParse(`{"name":"` + strings.Repeat("something long ", 20) + `"}`)
	m := machine(t, loop)
	var out buffer
	w := newWriter(&out, header(m, "{}"), Options{})
	w.Start(noon, nil)
	inputs := []interp.Items{
		{Effect: 7, Items: []jsonval.Value{jsonval.OfInt(1), item}},
		{Effect: 8, Items: []jsonval.Value{jsonval.OfInt(1), item}, Last: true},
		{Effect: 9, Last: true},
	}
	for _, in := range inputs {
		w.Input(noon, "s3", in, nil)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "something long something long"); n != strings.Count(item.String(), "something long something long") {
		t.Errorf("the items are written more than once:\n%s", out.String())
	}
	f, err := Read(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range inputs {
		got, ok := f.Entries[i+1].Input.(interp.Items)
		if !ok || got.Effect != want.Effect || got.Last != want.Last || jsonval.OfItems(got.Items).String() != jsonval.OfItems(want.Items).String() {
			t.Errorf("entry %d: %+v, want %+v", i+1, f.Entries[i+1].Input, want)
		}
	}
}
