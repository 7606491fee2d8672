package intrinsic

import (
	"fmt"
	"math"

	"asldbg/interp/jsonval"
)

// function is one of the functions a call can name.
type function struct {
	name     string
	min, max int // the number of arguments
	apply    func(args []jsonval.Value, env *Env) (jsonval.Value, *problem)
}

// many is the max of a function that takes any number of arguments.
const many = math.MaxInt

const formatName = "States.Format"

// functions are those of
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html.
// UUID ignores whatever it is given (recorded).
var functions = [...]function{
	{"States.Array", 0, many, array},
	{"States.ArrayContains", 2, 2, arrayContains},
	{"States.ArrayGetItem", 2, 2, arrayGetItem},
	{"States.ArrayLength", 1, 1, arrayLength},
	{"States.ArrayPartition", 2, 2, arrayPartition},
	{"States.ArrayRange", 3, 3, arrayRange},
	{"States.ArrayUnique", 1, 1, arrayUnique},
	{"States.Base64Decode", 1, 1, base64Decode},
	{"States.Base64Encode", 1, 1, base64Encode},
	{formatName, 1, many, format},
	{"States.Hash", 2, 2, hash},
	{"States.JsonMerge", 3, 3, jsonMerge},
	{"States.JsonToString", 1, 1, jsonToString},
	{"States.MathAdd", 2, 2, mathAdd},
	{"States.MathRandom", 2, 3, mathRandom},
	{"States.StringSplit", 2, 2, stringSplit},
	{"States.StringToJson", 1, 1, stringToJSON},
	{"States.UUID", 0, many, uuid},
}

// refuse is the problem AWS describes as "Invalid arguments in <function>".
func refuse(format string, args ...any) (jsonval.Value, *problem) {
	return jsonval.Value{}, &problem{detail: fmt.Sprintf(format, args...)}
}

// expect is a problem unless args[i] is of kind k.
func expect(args []jsonval.Value, i int, k jsonval.Kind) *problem {
	if args[i].Is(k) {
		return nil
	}
	return &problem{detail: fmt.Sprintf("argument %d should be %s, but is %s", i+1, described(k), described(args[i].Kind()))}
}

func described(k jsonval.Kind) string {
	switch k {
	case jsonval.Null:
		return "null"
	case jsonval.Array, jsonval.Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// truncated is args[i] as an int32. Except in MathAdd, AWS cuts fractions off,
// although its documentation says it rounds (recorded for ArrayRange,
// ArrayPartition, ArrayGetItem and MathRandom).
func truncated(args []jsonval.Value, i int) (int64, *problem) {
	return toInt32(args, i, math.Trunc)
}

func toInt32(args []jsonval.Value, i int, round func(float64) float64) (int64, *problem) {
	if p := expect(args, i, jsonval.Number); p != nil {
		return 0, p
	}
	f, _ := args[i].Float()
	f = round(f)
	if f < math.MinInt32 || f > math.MaxInt32 {
		return 0, &problem{detail: fmt.Sprintf("argument %d, %s, is outside the range of a 32-bit integer", i+1, args[i])}
	}
	return int64(f), nil
}
