package cli

import (
	"strings"
	"testing"

	"asldbg/interp/jsonata"
	"asldbg/interp/jsonval"
)

func TestPlaced(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{`1 + "a"`, "  1 + \"a\"\n  ^^^^^^^"},
		{"(\n  $x := 5;\n\t$uppercase($x)\n)", "line 3, column 2:\n   $uppercase($x)\n   ^^^^^^^^^^^^^^"},
		{`["é", nope()]`, "  [\"é\", nope()]\n        ^^^^^^"},
		{"[1, 2", "  [1, 2\n       ^"},
		{"(\n", "line 2, column 1:\n  \n  ^"},
		{"1 +\n 'a", "line 2, column 2:\n   'a\n   ^^"},
		{"'\x1b[2J' + 1", "  '\\u001B[2J' + 1\n  ^^^^^^^^^^^^^^^"},
		{
			strings.Repeat("1 + ", 30) + "nope()" + strings.Repeat(" + 2", 30),
			"  … " + strings.Repeat("1 + ", 7) + "nope()" + strings.Repeat(" + 2", 7) + " …\n" + strings.Repeat(" ", 32) + "^^^^^^",
		},
	} {
		e, err := jsonata.Compile(test.expr)
		if err == nil {
			_, err = e.Eval(t.Context(), jsonval.Value{}, nil)
		}
		if got := placed(test.expr, err); !strings.HasSuffix(got, "\n"+test.want) {
			t.Errorf("%q:\n%s\nwant the end\n%s", test.expr, got, test.want)
		}
	}
}
