package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"math"

	"asldbg/interp/jsonval"
)

// stepFunctions are the functions that AWS Step Functions adds to the language
// (developer guide, "Transforming data with JSONata in Step Functions").
var stepFunctions = byName(
	define("partition", "<an:a>", 2, skipUndefined(partition)),
	define("range", "<nnn:a>", 3, skipUndefined(numberRange)),
	define("hash", "<s-s:s>", 2, skipUndefined(hash)),
	define("random", "<n?:n>", 1, seededRandom),
	define("uuid", "<:s>", 0, uuid),
	define("parse", "<s-:j>", 1, skipUndefined(parse)),
)

// partition is $partition(array, size): the array in chunks.
func partition(r *run, args []value) (value, *Error) {
	v, size := args[0], argument(args, 1)
	n := 0.0
	if size.isNumber() {
		n = math.Floor(size.float())
	}
	if !(n >= 1) {
		return undefined, wrongArgument(size, 2)
	}
	if err := r.affordItems(2 * v.len()); err != nil {
		return undefined, err
	}
	var out []value
	for i := 0; i < v.len(); {
		chunk := make([]value, 0, int(min(n, float64(v.len()-i))))
		for ; i < v.len() && float64(len(chunk)) < n; i++ {
			chunk = append(chunk, v.at(i))
		}
		out = append(out, r.newArray(chunk))
	}
	return r.newArray(out), nil
}

// mostRange is how many numbers $range makes (measured on AWS).
const mostRange = 360_145

// numberRange is $range(first, last, step): both ends count, and a single number
// stands for itself.
func numberRange(r *run, args []value) (value, *Error) {
	var n [3]float64
	for i := range n {
		v := argument(args, i)
		if !v.isNumber() || math.IsInf(v.float(), 0) || v.float() != v.float() {
			return undefined, wrongArgument(v, i+1)
		}
		n[i] = math.Floor(v.float())
	}
	first, last, step := n[0], n[1], n[2]
	if step == 0 {
		return undefined, wrongArgument(args[2], 3)
	}
	if (last-first)/step >= mostRange {
		return undefined, limit(tooMuchMemory)
	}
	var out []value
	for f := first; step > 0 && f <= last || step < 0 && f >= last; f += step {
		out = append(out, ofFloat(f))
	}
	return r.newSequence(out), nil
}

// hash is $hash(text, algorithm), in small hexadecimal digits.
func hash(r *run, args []value) (value, *Error) {
	text := []byte(args[0].text())
	if err := r.afford(len(text)); err != nil {
		return undefined, err
	}
	var sum []byte
	switch argument(args, 1).text() {
	case "MD5":
		s := md5.Sum(text)
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(text)
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(text)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(text)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(text)
		sum = s[:]
	default:
		return undefined, wrongArgument(argument(args, 1), 2)
	}
	return ofString(hex.EncodeToString(sum)), nil
}

// seededRandom is $random(seed): the same seed gives the same number, which is
// not the one AWS gives.
func seededRandom(r *run, args []value) (value, *Error) {
	seed := argument(args, 0)
	if !seed.isNumber() {
		return random(r, nil)
	}
	seeded := run{env: &Env{}, seed: math.Float64bits(math.Floor(seed.float()) + 0)}
	return ofFloat(seeded.chance()), nil
}

// uuid is $uuid(): version 4.
func uuid(r *run, _ []value) (value, *Error) {
	high, low := r.uint64(), r.uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(3<<62) | 2<<62
	return ofString(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1))), nil
}

// parse is $parse(text): the JSON value written there.
func parse(r *run, args []value) (value, *Error) {
	if err := r.afford(4 * len(args[0].text())); err != nil {
		return undefined, err
	}
	j, err := jsonval.Parse(args[0].text())
	if err != nil {
		return undefined, wrongArgument(args[0], 1)
	}
	return ofJSON(j), r.work(len(args[0].text()) / 8)
}
