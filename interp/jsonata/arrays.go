package jsonata

import "asldbg/interp/jsonval"

// count is $count.
func count(_ *run, args []value) (value, *Error) {
	v := argument(args, 0)
	if v.isUndefined() {
		return ofInt(0), nil
	}
	return ofInt(v.len()), nil
}

// total adds up an array of numbers.
func (r *run) total(v value) (float64, *Error) {
	if err := r.work(v.len()); err != nil {
		return 0, err
	}
	t := 0.0
	if v.ref == nil {
		for i := range v.json.Len() {
			t += floatOf(v.json.At(i))
		}
		return t, nil
	}
	for i := range v.len() {
		t += v.at(i).float()
	}
	return t, nil
}

// sum is $sum.
func sum(r *run, args []value) (value, *Error) {
	t, err := r.total(args[0])
	return ofFloat(t), err
}

// average is $average.
func average(r *run, args []value) (value, *Error) {
	t, err := r.total(args[0])
	if args[0].len() == 0 {
		return undefined, err
	}
	return ofFloat(t / float64(args[0].len())), err
}

// maximum is $max.
func maximum(r *run, args []value) (value, *Error) {
	return r.extreme(args[0], func(a, b float64) float64 { return max(a, b) })
}

// minimum is $min.
func minimum(r *run, args []value) (value, *Error) {
	return r.extreme(args[0], func(a, b float64) float64 { return min(a, b) })
}

func (r *run) extreme(v value, better func(a, b float64) float64) (value, *Error) {
	if v.len() == 0 {
		return undefined, nil
	}
	if err := r.work(v.len()); err != nil {
		return undefined, err
	}
	best := v.at(0).float()
	for i := 1; i < v.len(); i++ {
		best = better(best, v.at(i).float())
	}
	return ofFloat(best), nil
}

// appendTo is $append.
func appendTo(r *run, args []value) (value, *Error) {
	return r.joined(argument(args, 0), argument(args, 1))
}

// reverse is $reverse.
func reverse(r *run, args []value) (value, *Error) {
	v := args[0]
	n := v.len()
	if n <= 1 {
		return v, nil
	}
	if err := r.affordItems(n); err != nil {
		return undefined, err
	}
	out := make([]value, n)
	for i := range out {
		out[i] = v.at(n - 1 - i)
	}
	return r.newArray(out), nil
}

// affordItems is for an array of n items that is about to be made.
func (r *run) affordItems(n int) *Error {
	if n > r.bytes/valueBytes {
		return limit(tooMuchMemory)
	}
	return r.work(n)
}

// shuffle is $shuffle.
func shuffle(r *run, args []value) (value, *Error) {
	v := args[0]
	if v.len() <= 1 {
		return v, nil
	}
	if err := r.affordItems(v.len()); err != nil {
		return undefined, err
	}
	out := make([]value, v.len())
	for i := range out {
		j := int(r.chance() * float64(i+1))
		out[i] = out[j]
		out[j] = v.at(i)
	}
	return r.newArray(out), nil
}

// zip is $zip.
func zip(r *run, args []value) (value, *Error) {
	if len(args) == 0 {
		return r.newArray(nil), nil
	}
	n := -1
	for _, a := range args {
		length := 0
		if a.isArray() {
			length = a.len()
		}
		if n < 0 || length < n {
			n = length
		}
	}
	if err := r.affordItems(n * (len(args) + 1)); err != nil {
		return undefined, err
	}
	out := make([]value, n)
	for i := range out {
		row := make([]value, len(args))
		for k, a := range args {
			row[k] = a.at(i)
		}
		out[i] = r.newArray(row)
	}
	return r.newArray(out), nil
}

// distinct is $distinct.
func distinct(r *run, args []value) (value, *Error) {
	v := args[0]
	if !v.isArray() || v.len() <= 1 {
		return v, nil
	}
	var out, large []value
	texts := map[string]bool{}
	numbers := map[float64]bool{}
	others := [kindFunction + 1]bool{}
	isNew := func(item value) (bool, *Error) {
		switch item.kind() {
		case jsonval.String:
			if texts[item.text()] {
				return false, nil
			}
			texts[item.text()] = true
		case jsonval.Number:
			if numbers[item.float()] {
				return false, nil
			}
			numbers[item.float()] = true
		case jsonval.Undefined, jsonval.Null:
			if others[item.kind()] {
				return false, nil
			}
			others[item.kind()] = true
		default:
			for _, other := range large {
				if err := r.work(1 + min(item.weight(), other.weight())); err != nil {
					return false, err
				}
				if equal(item, other) {
					return false, nil
				}
			}
			large = append(large, item)
		}
		return true, r.work(1)
	}
	for i := range v.len() {
		item := v.at(i)
		fresh, err := isNew(item)
		if err != nil {
			return undefined, err
		}
		if fresh {
			out = append(out, item)
		}
	}
	if v.isSequence() {
		return r.newSequence(out), nil
	}
	return r.newArray(out), nil
}

// sortItems is $sort.
func sortItems(r *run, args []value) (value, *Error) {
	v := args[0]
	if v.len() <= 1 {
		return v, nil
	}
	if err := r.affordItems(v.len()); err != nil {
		return undefined, err
	}
	items := make([]value, v.len())
	numbers, texts := true, true
	for i := range items {
		items[i] = v.at(i)
		_, isNumber, err := items[i].numeric()
		if err != nil && argument(args, 1).isUndefined() {
			return undefined, err
		}
		numbers, texts = numbers && isNumber, texts && items[i].isString()
	}
	var after func(a, b value) (bool, *Error)
	if compare := argument(args, 1).function(); compare != nil {
		after = func(a, b value) (bool, *Error) {
			v, err := r.applyWith(compare, a, b)
			return truthy(v), err
		}
	} else {
		if !numbers && !texts {
			return undefined, fail("D3070").withIndex(1)
		}
		after = func(a, b value) (bool, *Error) { return before(b, a), r.work(1) }
	}
	sorted, err := mergeSort(items, after)
	if err != nil {
		return undefined, err
	}
	return r.newArray(sorted), nil
}

// truthy is what JavaScript's if takes for true, which $sort asks.
func truthy(v value) bool {
	switch v.kind() {
	case jsonval.Undefined, jsonval.Null:
		return false
	case jsonval.Bool:
		return v.isTrue()
	case jsonval.Number:
		f := v.float()
		return f != 0 && f == f
	case jsonval.String:
		return v.text() != ""
	}
	return true
}
