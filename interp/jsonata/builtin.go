package jsonata

import "asldbg/interp/jsonval"

// builtin is a function of the language.
type builtin struct {
	name  string
	value value // the function
}

// define makes a function of the language. Its arity is how many arguments
// functions that call functions give it.
func define(name, sig string, arity int, native func(r *run, args []value) (value, *Error)) *builtin {
	return &builtin{name, ofFunction(&function{name: name, native: native, sig: mustSignature(sig), arity: arity})}
}

// skipUndefined is native for functions that make nothing of nothing.
func skipUndefined(native func(r *run, args []value) (value, *Error)) func(r *run, args []value) (value, *Error) {
	return func(r *run, args []value) (value, *Error) {
		if argument(args, 0).isUndefined() {
			return undefined, nil
		}
		return native(r, args)
	}
}

// builtins are the functions of the language but for $eval, which Step Functions
// refuses.
var builtins = byName(
	define("sum", "<a<n>:n>", 1, skipUndefined(sum)),
	define("count", "<a:n>", 1, count),
	define("max", "<a<n>:n>", 1, skipUndefined(maximum)),
	define("min", "<a<n>:n>", 1, skipUndefined(minimum)),
	define("average", "<a<n>:n>", 1, skipUndefined(average)),
	define("string", "<x-b?:s>", 1, skipUndefined(toString)),
	define("substring", "<s-nn?:s>", 3, skipUndefined(substring)),
	define("substringBefore", "<s-s:s>", 2, skipUndefined(substringBefore)),
	define("substringAfter", "<s-s:s>", 2, skipUndefined(substringAfter)),
	define("lowercase", "<s-:s>", 1, skipUndefined(lowercase)),
	define("uppercase", "<s-:s>", 1, skipUndefined(uppercase)),
	define("length", "<s-:n>", 1, skipUndefined(length)),
	define("trim", "<s-:s>", 1, skipUndefined(trim)),
	define("pad", "<s-ns?:s>", 3, skipUndefined(pad)),
	define("match", "<s-f<s:o>n?:a<o>>", 3, skipUndefined(match)),
	define("contains", "<s-(sf):b>", 2, skipUndefined(contains)),
	define("replace", "<s-(sf)(sf)n?:s>", 4, skipUndefined(replace)),
	define("split", "<s-(sf)n?:a<s>>", 3, skipUndefined(split)),
	define("join", "<a<s>s?:s>", 2, skipUndefined(join)),
	define("formatNumber", "<n-so?:s>", 3, skipUndefined(formatNumber)),
	define("formatBase", "<n-n?:s>", 2, skipUndefined(formatBase)),
	define("formatInteger", "<n-s:s>", 2, skipUndefined(formatInteger)),
	define("parseInteger", "<s-s:n>", 2, skipUndefined(parseInteger)),
	define("number", "<(nsb)-:n>", 1, skipUndefined(toNumber)),
	define("floor", "<n-:n>", 1, skipUndefined(floor)),
	define("ceil", "<n-:n>", 1, skipUndefined(ceil)),
	define("round", "<n-n?:n>", 2, skipUndefined(roundTo)),
	define("abs", "<n-:n>", 1, skipUndefined(abs)),
	define("sqrt", "<n-:n>", 1, skipUndefined(sqrt)),
	define("power", "<n-n:n>", 2, skipUndefined(power)),
	define("random", "<:n>", 0, random),
	define("boolean", "<x-:b>", 1, skipUndefined(toBoolean)),
	define("not", "<x-:b>", 1, skipUndefined(not)),
	define("map", "<af>", 2, skipUndefined(mapItems)),
	define("zip", "<a+>", 0, zip),
	define("filter", "<af>", 2, skipUndefined(filterItems)),
	define("single", "<af?>", 2, skipUndefined(single)),
	define("reduce", "<afj?:j>", 3, skipUndefined(reduce)),
	define("sift", "<o-f?:o>", 2, sift),
	define("keys", "<x-:a<s>>", 1, keys),
	define("lookup", "<x-s:x>", 2, lookup),
	define("append", "<xx:a>", 2, appendTo),
	define("exists", "<x:b>", 1, exists),
	define("spread", "<x-:a<o>>", 1, spread),
	define("merge", "<a<o>:o>", 1, skipUndefined(merge)),
	define("reverse", "<a:a>", 1, skipUndefined(reverse)),
	define("each", "<o-f:a>", 2, each),
	define("error", "<s?:x>", 1, throw),
	define("assert", "<bs?:x>", 2, assert),
	define("type", "<x:s>", 1, skipUndefined(typeName)),
	define("sort", "<af?:a>", 2, skipUndefined(sortItems)),
	define("shuffle", "<a:a>", 1, skipUndefined(shuffle)),
	define("distinct", "<x:x>", 1, skipUndefined(distinct)),
	define("base64encode", "<s-:s>", 1, skipUndefined(base64encode)),
	define("base64decode", "<s-:s>", 1, skipUndefined(base64decode)),
	define("encodeUrlComponent", "<s-:s>", 1, skipUndefined(encodeURL("encodeUrlComponent", urlPlain))),
	define("encodeUrl", "<s-:s>", 1, skipUndefined(encodeURL("encodeUrl", urlPlain+urlReserved))),
	define("decodeUrlComponent", "<s-:s>", 1, skipUndefined(decodeURL("decodeUrlComponent", ""))),
	define("decodeUrl", "<s-:s>", 1, skipUndefined(decodeURL("decodeUrl", urlReserved))),
	define("toMillis", "<s-s?:n>", 2, skipUndefined(toMillis)),
	define("fromMillis", "<n-s?s?:s>", 3, skipUndefined(fromMillis)),
	define("clone", "<(oa)-:o>", 1, skipUndefined(clone)),
	define("now", "<s?s?:s>", 2, now),
	define("millis", "<:n>", 0, millis),
)

func byName(list ...*builtin) map[string]*builtin {
	m := make(map[string]*builtin, len(list))
	for _, b := range list {
		m[b.name] = b
	}
	return m
}

// toBoolean is $boolean.
func toBoolean(r *run, args []value) (value, *Error) {
	b, err := r.truth(args[0])
	return ofBool(b), err
}

// not is $not.
func not(r *run, args []value) (value, *Error) {
	b, err := r.truth(args[0])
	return ofBool(!b), err
}

// exists is $exists.
func exists(_ *run, args []value) (value, *Error) {
	return ofBool(!argument(args, 0).isUndefined()), nil
}

// typeName is $type.
func typeName(_ *run, args []value) (value, *Error) {
	v := args[0]
	if v.isNumber() {
		if _, ok, err := v.numeric(); !ok {
			return ofString("object"), err // what the reference makes of NaN
		}
	}
	return ofString(kindOf(v)), nil
}

// throw is $error.
func throw(_ *run, args []value) (value, *Error) {
	return undefined, thrown("D3137", argument(args, 0), "$error() function evaluated")
}

// assert is $assert.
func assert(_ *run, args []value) (value, *Error) {
	if argument(args, 0).isTrue() {
		return undefined, nil
	}
	return undefined, thrown("D3141", argument(args, 1), "$assert() statement failed")
}

func thrown(code string, message value, otherwise string) *Error {
	if message.isString() && message.text() != "" {
		otherwise = validText(message.text())
	}
	return fail(code).because(otherwise)
}

// clone is $clone: values do not change, so the clone is the value, but for what
// JSON cannot carry.
func clone(r *run, args []value) (value, *Error) {
	room := max(0, r.bytes/valueBytes)
	j, ok := snapshot(args[0], &room, false)
	if !ok {
		return undefined, limit(tooMuchMemory)
	}
	return ofJSON(j), nil
}

// toString is $string.
func toString(r *run, args []value) (value, *Error) {
	v := args[0]
	if argument(args, 1).isTrue() && (v.isArray() || v.isObject()) {
		w := writer{run: r, indent: true}
		if err := w.value(v); err != nil {
			return undefined, err
		}
		return ofString(string(w.buf)), r.afford(len(w.buf))
	}
	if v.isString() {
		return v, nil
	}
	s, err := r.stringify(v)
	return ofString(s), err
}

// random is $random.
func random(r *run, _ []value) (value, *Error) {
	return ofFloat(r.chance()), nil
}

// chance is a number from 0 to less than 1.
func (r *run) chance() float64 { return float64(r.uint64()>>11) / (1 << 53) }

func (r *run) uint64() uint64 {
	if r.env.Random != nil {
		return r.env.Random.Uint64()
	}
	// splitmix64 (Sebastiano Vigna, public domain)
	r.seed += 0x9E3779B97F4A7C15
	z := r.seed
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// lookup is $lookup.
func lookup(r *run, args []value) (value, *Error) {
	return r.lookup(argument(args, 0), argument(args, 1).text())
}

// keys is $keys.
func keys(r *run, args []value) (value, *Error) {
	in := argument(args, 0)
	var out []value
	switch in.kind() {
	case jsonval.Object:
		for i := range in.size() {
			key, _ := in.memberAt(i)
			out = append(out, ofString(key))
		}
	case jsonval.Array:
		seen := map[string]bool{}
		if err := r.collectKeys(in, seen, &out); err != nil {
			return undefined, err
		}
	}
	return r.newSequence(out), nil
}

func (r *run) collectKeys(in value, seen map[string]bool, out *[]value) *Error {
	if err := r.work(1); err != nil {
		return err
	}
	switch in.kind() {
	case jsonval.Object:
		for i := range in.size() {
			if key, _ := in.memberAt(i); !seen[key] {
				seen[key] = true
				*out = append(*out, ofString(key))
			}
		}
	case jsonval.Array:
		for i := range in.len() {
			if err := r.collectKeys(in.at(i), seen, out); err != nil {
				return err
			}
		}
	}
	return nil
}
