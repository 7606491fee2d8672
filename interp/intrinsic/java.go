package intrinsic

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"asldbg/interp/jsonval"
)

// appendJava appends v as Java prints it: texts bare, {Arg1=1, Arg2=[]}.
func appendJava(dst []byte, v jsonval.Value) []byte {
	switch v.Kind() {
	case jsonval.String:
		return append(dst, v.Text()...)
	case jsonval.Array:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendJava(dst, item)
		}
		return append(dst, ']')
	case jsonval.Object:
		dst = append(dst, '{')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			m := v.MemberAt(i)
			dst = append(append(dst, m.Key...), '=')
			dst = appendJava(dst, m.Value)
		}
		return append(dst, '}')
	}
	return v.AppendJSON(dst)
}

func javaText(v jsonval.Value) string {
	if v.Is(jsonval.String) {
		return v.Text()
	}
	return string(appendJava(nil, v))
}

// utf16Units ranges over the characters of a Java string.
func utf16Units(s string) iter.Seq[uint16] {
	return func(yield func(uint16) bool) {
		var buf [2]uint16
		for _, r := range s {
			for _, unit := range utf16.AppendRune(buf[:0], r) {
				if !yield(unit) {
					return
				}
			}
		}
	}
}

// isJavaInteger reports whether Java's JSON parser reads the number n as an
// Integer, Long or BigInteger, and not as a Double.
func isJavaInteger(n jsonval.Value) bool { return !strings.ContainsAny(n.Text(), ".eE") }

// javaHash is hashCode of the Java object a JSON parser makes of v.
func javaHash(v jsonval.Value) int32 {
	switch v.Kind() {
	case jsonval.Bool:
		if v.Bool() {
			return 1231
		}
		return 1237
	case jsonval.Number:
		if n, ok := v.Int(); ok && isJavaInteger(v) {
			if n == int64(int32(n)) {
				return int32(n)
			}
			return int32(n ^ int64(uint64(n)>>32))
		}
		f, _ := v.Float()
		b := math.Float64bits(f)
		return int32(b ^ b>>32)
	case jsonval.String:
		return javaStringHash(v.Text())
	case jsonval.Array:
		h := int32(1)
		for _, item := range v.Items() {
			h = 31*h + javaHash(item)
		}
		return h
	case jsonval.Object:
		h := int32(0)
		for k, w := range v.Members() {
			h += javaStringHash(k) ^ javaHash(w)
		}
		return h
	}
	return 0
}

func javaStringHash(s string) int32 {
	h := int32(0)
	for unit := range utf16Units(s) {
		h = 31*h + int32(unit)
	}
	return h
}

// javaEqual is equals of the Java objects: deep, but 1 does not equal 1.0.
func javaEqual(a, b jsonval.Value) bool {
	if a.Kind() != b.Kind() || a.Len() != b.Len() {
		return false
	}
	switch a.Kind() {
	case jsonval.Number:
		return isJavaInteger(a) == isJavaInteger(b) && jsonval.Equal(a, b)
	case jsonval.Array:
		for i, item := range a.Items() {
			if !javaEqual(item, b.At(i)) {
				return false
			}
		}
		return true
	case jsonval.Object:
		for k, v := range a.Members() {
			if w := b.Get(k); !w.Exists() || !javaEqual(v, w) {
				return false
			}
		}
		return true
	}
	return jsonval.Equal(a, b)
}

// hashSet is what ranging over new HashSet(items) gives.
func hashSet(items []jsonval.Value) []jsonval.Value {
	buckets := 16
	for float64(buckets) < float64(len(items))/0.75+1 {
		buckets *= 2
	}
	type entry struct {
		value  jsonval.Value
		bucket uint32
		next   int // another entry of the same hash, -1 for none
	}
	var entries []entry
	newest := make(map[int32]int) // by hash
insert:
	for _, v := range items {
		hash := javaHash(v)
		next, ok := newest[hash]
		if !ok {
			next = -1
		}
		for i := next; i >= 0; i = entries[i].next {
			if javaEqual(entries[i].value, v) {
				continue insert
			}
		}
		newest[hash] = len(entries)
		spread := uint32(hash) ^ uint32(hash)>>16
		entries = append(entries, entry{v, spread & uint32(buckets-1), next})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.bucket, b.bucket) })
	unique := make([]jsonval.Value, len(entries))
	for i := range entries {
		unique[i] = entries[i].value
	}
	return unique
}

// javaRandom is java.util.Random, a 48-bit linear congruential generator whose
// constants are part of Java's documentation. Seeded MathRandom values of AWS
// are its first (recorded).
type javaRandom struct{ seed int64 }

const (
	javaMultiplier = 0x5DEECE66D
	javaMask       = 1<<48 - 1
)

func newJavaRandom(seed int64) *javaRandom {
	return &javaRandom{(seed ^ javaMultiplier) & javaMask}
}

func (r *javaRandom) next(bits uint) int32 {
	r.seed = (r.seed*javaMultiplier + 0xB) & javaMask
	return int32(r.seed >> (48 - bits))
}

// between is a number from low up to but not including high; low < high.
func (r *javaRandom) between(low, high int64) int64 {
	n := high - low
	switch {
	case n > math.MaxInt32: // wider than an int: draw until one fits
		for {
			if v := int64(r.next(32)); v >= low && v < high {
				return v
			}
		}
	case n&(n-1) == 0:
		return low + n*int64(r.next(31))>>31
	}
	for {
		v := int64(r.next(31))
		rest := v % n
		if v-rest+n-1 <= math.MaxInt32 { // else v is of the last, incomplete run of n
			return low + rest
		}
	}
}
