package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// format puts its arguments into the places marked {}. The template may be any
// value; its text counts. So do escapes in it, wherever it comes from.
func format(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	template, args := javaText(args[0]), args[1:]
	out := make([]byte, 0, len(template)+16*len(args))
	places := 0
	for i := 0; i < len(template); i++ {
		switch c := template[i]; {
		case c == '\\' && i+1 < len(template) && isEscapable(template[i+1]):
			i++
			out = append(out, template[i])
		case c == '{':
			if i+1 == len(template) || template[i+1] != '}' {
				return badTemplate('}', '{', i)
			}
			i++
			if places < len(args) {
				out = appendJava(out, args[places])
			}
			places++
		case c == '}':
			return badTemplate('{', '}', i)
		default:
			out = append(out, c)
		}
	}
	if places != len(args) {
		return jsonval.Value{}, &problem{
			message: "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}.",
			detail:  fmt.Sprintf("the template has %d times {}, and %d values for it are given", places, len(args)),
		}
	}
	return jsonval.OfString(string(out)), nil
}

func badTemplate(missing, lonely byte, at int) (jsonval.Value, *problem) {
	return jsonval.Value{}, &problem{
		message: fmt.Sprintf("Invalid template in States.Format: matching '%c' not found for '%c'.", missing, lonely),
		detail:  fmt.Sprintf(`the %c at byte %d of the template is not part of {}; a literal one is written \%c`, lonely, at, lonely),
	}
}

// stringSplit takes each character of the second argument as a delimiter and
// drops empty parts (recorded), like Java's StringTokenizer.
func stringSplit(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	for i := range args {
		if p := expect(args, i, jsonval.String); p != nil {
			return jsonval.Value{}, p
		}
	}
	delimiters := args[1].Text()
	var parts []jsonval.Value
	for part := range strings.FieldsFuncSeq(args[0].Text(), func(r rune) bool { return strings.ContainsRune(delimiters, r) }) {
		parts = append(parts, jsonval.OfString(part))
	}
	return jsonval.OfItems(parts), nil
}

// stringToJSON gives null for a text of nothing but blanks (recorded).
func stringToJSON(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.String); p != nil {
		return jsonval.Value{}, p
	}
	text := args[0].Text()
	if strings.Trim(text, " \t\r\n") == "" {
		return jsonval.NullValue, nil
	}
	v, err := jsonval.Parse(text)
	if err != nil {
		at := 0
		var bad *jsonval.SyntaxError
		if errors.As(err, &bad) {
			at = bad.Offset
		}
		line := 1 + strings.Count(text[:at], "\n")
		column := 1 + utf8.RuneCountInString(text[strings.LastIndexByte(text[:at], '\n')+1:at])
		return jsonval.Value{}, &problem{
			// After "caused by" AWS quotes its parser, Jackson; we quote ours.
			message: fmt.Sprintf("Cannot convert String to Json in States.StringToJson, caused by: %s\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]", err, line, column),
			detail:  fmt.Sprintf("argument 1 is not JSON: line %d, column %d: %s", line, column, err),
		}
	}
	if v.Is(jsonval.Number) && v.Text() == "-0" {
		return jsonval.OfInt(0), nil // recorded: AWS reads an integer, which has no sign at 0
	}
	return v, nil
}

func jsonToString(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	return jsonval.OfString(args[0].String()), nil
}

// jsonMerge merges one level deep. AWS supports no other way, and takes
// everything but true for "not deep" (recorded).
func jsonMerge(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	for i := range 2 {
		if p := expect(args, i, jsonval.Object); p != nil {
			return jsonval.Value{}, p
		}
	}
	if args[2].Is(jsonval.Bool) && args[2].Bool() {
		return refuse("argument 3 asks for a deep merge, which AWS does not support: write false")
	}
	members := make([]jsonval.Member, 0, args[0].Len()+args[1].Len())
	for _, object := range args[:2] {
		for k, v := range object.Members() {
			members = append(members, jsonval.Member{Key: k, Value: v})
		}
	}
	return jsonval.OfMembers(members), nil // which lets later members win
}

// mostCharacters is the quota on what Hash and the Base64 functions take, in
// Java's characters: UTF-16 code units.
const mostCharacters = 10000

func tooLong(text string) *problem {
	if len(text) <= mostCharacters {
		return nil
	}
	n := 0
	for range utf16Units(text) {
		n++
	}
	if n <= mostCharacters {
		return nil
	}
	return &problem{detail: fmt.Sprintf("argument 1 has %d characters, more than %d", n, mostCharacters)}
}

func base64Encode(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.String); p != nil {
		return jsonval.Value{}, p
	}
	text := args[0].Text()
	if p := tooLong(text); p != nil {
		return jsonval.Value{}, p
	}
	return jsonval.OfString(base64.StdEncoding.EncodeToString([]byte(text))), nil
}

// base64Decode is lenient, as AWS is (recorded): it passes over characters that
// are not Base64, needs no padding, and stops at the first =.
func base64Decode(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if p := expect(args, 0, jsonval.String); p != nil {
		return jsonval.Value{}, p
	}
	text := args[0].Text()
	if p := tooLong(text); p != nil {
		return jsonval.Value{}, p
	}
	digits := make([]byte, 0, len(text))
	for i := 0; i < len(text) && text[i] != '='; i++ {
		switch c := text[i]; {
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/':
			digits = append(digits, c)
		case c == '-': // the URL-safe alphabet
			digits = append(digits, '+')
		case c == '_':
			digits = append(digits, '/')
		}
	}
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1] // six bits make no byte
	}
	decoded, err := base64.RawStdEncoding.AppendDecode(nil, digits)
	if err != nil {
		panic("intrinsic: only Base64 digits were kept, but: " + err.Error())
	}
	return jsonval.OfString(string([]rune(string(decoded)))), nil
}

// hash takes any data but null by its text (recorded for numbers and objects),
// and the names of algorithms exactly as they are documented.
func hash(args []jsonval.Value, _ *Env) (jsonval.Value, *problem) {
	if args[0].Is(jsonval.Null) {
		return refuse("argument 1, the data, is null")
	}
	if p := expect(args, 1, jsonval.String); p != nil {
		return jsonval.Value{}, p
	}
	text := javaText(args[0])
	if p := tooLong(text); p != nil {
		return jsonval.Value{}, p
	}
	data := []byte(text)
	var sum []byte
	switch name := args[1].Text(); name {
	case "MD5":
		s := md5.Sum(data)
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(data)
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(data)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(data)
		sum = s[:]
	default:
		return refuse("%q is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512", cut(name))
	}
	return jsonval.OfString(hex.EncodeToString(sum)), nil
}
