package jsonata

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// benchExpressions are typical of state machines. The same, on the same input,
// are what the comparison with the reference implementation measures.
var benchExpressions = []struct{ name, expr string }{
	{"path", "Account.Order.Product.Price"},
	{"concat", "Account.first & ' ' & Account.last & ', ' & Account.age"},
	{"object", "{'name': Account.first & ' ' & Account.last, 'city': Account.address.city, 'age': Account.age, 'n': 1}"},
	{"sum", "$sum(nums)"},
	{"map", "$map(orders, function($v){$v.price * $v.qty})"},
	{"filter", "orders[qty > 3 and price < 100].name"},
	{"variable", "$n + 1"},
}

func benchInput() jsonval.Value {
	var nums, orders []string
	for i := range 20 {
		nums = append(nums, fmt.Sprint(float64(i)+0.5))
	}
	for i := range 100 {
		orders = append(orders, fmt.Sprintf(`{"id":%d,"price":%v,"qty":%d,"name":"item%d","tags":["a","b"]}`, i, float64(i)*1.5, i%7, i))
	}
	return jsonval.MustParse(`{"Account":{"Order":[{"Product":[{"Price":1.5,"Quantity":2},{"Price":3,"Quantity":1}]},
		{"Product":[{"Price":9.5,"Quantity":4}]}],"Name":"Firefly","first":"Fred","last":"Smith","age":28,
		"address":{"city":"Winchester","zip":"SO21"}},
		"nums":[` + strings.Join(nums, ",") + `],"orders":[` + strings.Join(orders, ",") + `]}`)
}

func BenchmarkEval(b *testing.B) {
	in := benchInput()
	n := jsonval.OfInt(41)
	env := &Env{Variables: func(name string) (jsonval.Value, bool) { return n, name == "n" }}
	for _, bench := range benchExpressions {
		e := MustCompile(bench.expr)
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(context.Background(), in, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, bench := range benchExpressions {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(bench.expr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
