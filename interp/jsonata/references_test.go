package jsonata

import (
	"fmt"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"$x", "var x"},
		{"$x + $y", "var x, var y"},
		{"$states.input.id", "var states.input.id"},
		{"$states.input[id = $n].name", "var states.input, var n"},
		{"$states.input.(a & b)", "var states.input"},
		{"$states", "var states"},
		{"$sum($x)", "fn sum, var x"},
		{"$uuid()", "fn uuid"},
		{"$eval('1')", "var eval"},
		{"a", "in a"},
		{"a.b.c", "in a.b.c"},
		{"a[b]", "in a"},
		{"$", "in "},
		{"*", "in "},
		{"** = 1", "in "},
		{"$$", "root "},
		{"$$.a", "root "},
		{"{'a': b, 'c': $x}", "in b, var x"},
		{"[a, $x.b]", "in a, var x.b"},
		{"$x.{'a': b}", "var x"},
		{"$x{a: b}", "var x"},
		{"$x^(a, >$k)", "var x, var k"},
		{"$x ~> |a|{'b': c}|", "var x"},
		{"($x := 1; $x)", ""},
		{"($x := $x; $x)", "var x"},
		{"($y := $x; $x := 1)", "var x"},
		{"(($x := 1); $x)", "var x"},
		{"($f := function($n){$n = 0 ? 1 : $f($n - 1)}; $f(3))", ""},
		{"($f := function(){$x}; $x := 1; $f())", ""},
		{"function($a){$a & $b}", "var b"},
		{"function($a){name}", "in name"},
		{"$map($l, function($v, $i){$v.x + $i})", "fn map, var l"},
		{"$l.a@$o.b#$i.{'o': $o, 'i': $i, 'z': $z}", "var l.a, var z"},
		{"$l#$i[$i > $m]", "var l, var m"},
		{"$a ? $b : $c", "var a, var b, var c"},
		{"$f() ?: $b", "var f, var b"},
		{"function(){ $f() ?? $b }", "var f, var b"},
		{"$add(?, $x)", "var add, var x"},
		{"/a/", ""},
		{"-$x", "var x"},
		{"($a; $b)[$c]", "var a, var b, var c"},
		{"$x := $y", "var y"},
		{"a.%.b", "in a"},
	} {
		var got []string
		for _, r := range MustCompile(test.expr).References() {
			name := strings.Join(append([]string{r.Name}, r.Path...), ".")
			got = append(got, []string{"var", "fn", "in", "root"}[r.Kind]+" "+name)
		}
		if s := strings.Join(got, ", "); s != test.want {
			t.Errorf("%s: %s, want %s", test.expr, s, test.want)
		}
	}
}

func TestReferencePlaces(t *testing.T) {
	expr := "1 + $states.input.é & $sum(b)"
	var got []string
	for _, r := range MustCompile(expr).References() {
		got = append(got, expr[r.Start:r.End])
	}
	if s := fmt.Sprint(got); s != "[$states $sum b]" {
		t.Errorf("references stand at %s", s)
	}
}
