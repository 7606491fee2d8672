package intrinsic

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"asldbg/interp/jsonval"
)

// mathAdd rounds each operand, half up, before it adds (recorded): -1.5 is -1.
func mathAdd(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	a, p := toInt32(args, 0, halfUp)
	if p != nil {
		return jsonval.Value{}, p
	}
	b, p := toInt32(args, 1, halfUp)
	if p != nil {
		return jsonval.Value{}, p
	}
	sum := a + b
	if sum < math.MinInt32 || sum > math.MaxInt32 {
		return refuse("the sum, %d, is outside the range of a 32-bit integer", sum)
	}
	return jsonval.OfInt(sum), nil
}

func halfUp(f float64) float64 {
	whole := math.Floor(f)
	if f-whole >= 0.5 {
		whole++
	}
	return whole
}

// mathRandom draws a number from its first argument up to, but not including,
// its second. With a seed it gives the number AWS gives.
func mathRandom(args []jsonval.Value, env *Env) (jsonval.Value, *problem) {
	low, p := truncated(args, 0)
	if p != nil {
		return jsonval.Value{}, p
	}
	high, p := truncated(args, 1)
	if p != nil {
		return jsonval.Value{}, p
	}
	if low >= high {
		return refuse("there is no number from %d up to but not including %d", low, high)
	}
	if len(args) == 3 {
		if p := expect(args, 2, jsonval.Number); p != nil {
			return jsonval.Value{}, p
		}
		seed, _ := args[2].Float()
		if math.Abs(seed) >= 1<<63 {
			return refuse("argument 3, the seed, is outside the range of a 64-bit integer")
		}
		return jsonval.OfInt(newJavaRandom(int64(seed)).between(low, high)), nil
	}
	part, _ := bits.Mul64(env.Random.Uint64(), uint64(high-low))
	return jsonval.OfInt(low + int64(part)), nil
}

// uuid is a version 4 UUID (RFC 9562).
func uuid(_ []jsonval.Value, env *Env) (jsonval.Value, *problem) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], env.Random.Uint64())
	binary.BigEndian.PutUint64(b[8:], env.Random.Uint64())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return jsonval.OfString(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}
