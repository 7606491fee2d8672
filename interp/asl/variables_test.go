package asl

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariableReferences(t *testing.T) {
	f, found := Parse("v.asl.json", `{"StartAt":"Set","States":{
		"Set":{"Type":"Pass","Assign":{"a":1,"list":[1],"max":"2"},"Next":"Each"},
		"Each":{"Type":"Map","ItemsPath":"$list","MaxConcurrencyPath":"$max","ItemSelector":{"x.$":"States.Format('{} {}', $a, $$.Map.Item.Value)"},
			"ItemProcessor":{"StartAt":"In","States":{"In":{"Type":"Pass","Parameters":{"literal":"$max","y.$":"$a","z.$":"$a.b"},"End":true}}},"Next":"End"},
		"End":{"Type":"Succeed","InputPath":"$.a"}}}`, Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"Each": {"a", "list", "max"}, "In": {"a"}}
	if diff := cmp.Diff(want, f.VariableReferences()); diff != "" {
		t.Error(diff)
	}
}
