package intrinsic

import (
	"bytes"

	"asldbg/interp/jsonval"
)

func array(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	return jsonval.OfItems(args), nil
}

// arrayContains compares what Java prints, as AWS does: true is in ["true"],
// and {"b":1,"a":2} is not in [{"a":2,"b":1}] (recorded).
func arrayContains(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.Array); p != nil {
		return jsonval.Value{}, p
	}
	wanted := appendJava(nil, args[1])
	var buf []byte
	for _, v := range args[0].Items() {
		buf = appendJava(buf[:0], v)
		if bytes.Equal(buf, wanted) {
			return jsonval.True, nil
		}
	}
	return jsonval.False, nil
}

// arrayGetItem gives null for any index of an empty array (recorded).
func arrayGetItem(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.Array); p != nil {
		return jsonval.Value{}, p
	}
	i, p := truncated(args, 1)
	if p != nil {
		return jsonval.Value{}, p
	}
	switch n := int64(args[0].Len()); {
	case n == 0:
		return jsonval.NullValue, nil
	case i < 0 || i >= n:
		return refuse("the array has no item %d: its items are 0 to %d", i, n-1)
	}
	return args[0].At(int(i)), nil
}

func arrayLength(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.Array); p != nil {
		return jsonval.Value{}, p
	}
	return jsonval.OfInt(int64(args[0].Len())), nil
}

func arrayPartition(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.Array); p != nil {
		return jsonval.Value{}, p
	}
	size, p := truncated(args, 1)
	if p != nil {
		return jsonval.Value{}, p
	}
	if size < 1 {
		return refuse("the size of a chunk should be 1 or more, but is %s", args[1])
	}
	items := itemsOf(args[0])
	chunk := int(min(size, int64(len(items))))
	var chunks []jsonval.Value
	for len(items) > 0 {
		n := min(chunk, len(items))
		chunks = append(chunks, jsonval.OfItems(items[:n:n]))
		items = items[n:]
	}
	return jsonval.OfItems(chunks), nil
}

// mostInRange is the quota on the items of States.ArrayRange.
const mostInRange = 1000

func arrayRange(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	first, p := truncated(args, 0)
	if p != nil {
		return jsonval.Value{}, p
	}
	last, p := truncated(args, 1)
	if p != nil {
		return jsonval.Value{}, p
	}
	step, p := truncated(args, 2)
	if p != nil {
		return jsonval.Value{}, p
	}
	if step == 0 {
		return refuse("the step is 0")
	}
	if step > 0 && first > last || step < 0 && first < last {
		return jsonval.EmptyArray, nil
	}
	n := (last-first)/step + 1
	if n > mostInRange {
		return refuse("the range has %d items, more than %d", n, mostInRange)
	}
	items := make([]jsonval.Value, n)
	for i := range items {
		items[i] = jsonval.OfInt(first + int64(i)*step)
	}
	return jsonval.OfItems(items), nil
}

// arrayUnique leaves the items in the order of a Java HashSet, which is where
// AWS puts them (recorded): seldom the order they came in.
func arrayUnique(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.Array); p != nil {
		return jsonval.Value{}, p
	}
	return jsonval.OfItems(hashSet(itemsOf(args[0]))), nil
}

func itemsOf(array jsonval.Value) []jsonval.Value {
	items := make([]jsonval.Value, 0, array.Len())
	for _, v := range array.Items() {
		items = append(items, v)
	}
	return items
}
