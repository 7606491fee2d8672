package jsonata

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"asldbg/interp/jsonval"
)

// Error says why an expression could not be read or evaluated.
type Error struct {
	// Code is the reference implementation's: S0… wrong syntax, T… wrong types,
	// D… values that do not do. U1001 is a limit that was reached, in time,
	// depth, work or memory; AWS reports that without a code, see [Error.Limit].
	Code string
	// Message is the reference implementation's text, which AWS puts into the
	// cause of a States.QueryEvaluationError; it is a contract, not prose.
	Message string
	// Position is what the reference implementation reports: UTF-16 units up to
	// the end of a token, for an error inside a function that of the call.
	Position int
	// Start and End are the bytes of the text where it went wrong, exactly.
	Start, End int
	Token      string        // the token, operator or function concerned, or ""
	Value      jsonval.Value // the value concerned; Undefined where there is none
	cause      error         // of a U1001: the context's error
	detail     detail
}

// detail is what only messages need.
type detail struct {
	token    string // Token as JSON, where it is no string
	located  bool   // Start and End are set
	placed   bool   // pos is set
	pos      int    // Position as a byte offset
	hasToken bool
	index    int
	value    string // Value as JSON, where it is no JSON
	value2   string // of T2007, T2009
	exponent string // of D3061
	name     string // of T0412 the type, of D3140 the function
}

// Error is the code and the message, as AWS's causes have them.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Unwrap is the context's error where that ended the evaluation.
func (e *Error) Unwrap() error { return e.cause }

// Limit reports whether a limit was reached: the expression may be right.
func (e *Error) Limit() bool { return e.Code == limitCode }

const limitCode = "U1001"

// fail returns an error that still lacks its place and its message.
func fail(code string) *Error { return &Error{Code: code} }

// limit returns the error of a limit that was reached.
func limit(message string) *Error { return &Error{Code: limitCode, Message: message} }

// failValue is fail with the value concerned.
func failValue(code string, v value) *Error {
	e := fail(code)
	e.Value, e.detail.value = quoted(v)
	return e
}

// quoted is a value as errors carry it and as messages show it: undefined
// members of a message are written so, large values are cut.
func quoted(v value) (jsonval.Value, string) {
	room := 1000
	j, ok := snapshot(v, &room, false)
	switch {
	case !ok:
		return jsonval.Value{}, "[…]"
	case !j.Exists():
		return j, ""
	case j.Size() <= maxQuoted:
		return j, j.String()
	}
	text, cut := j.String(), maxQuoted
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return j, text[:cut] + "…"
}

// maxQuoted keeps a message that quotes a value readable, in bytes.
const maxQuoted = 2000

// at adds the place where it went wrong, unless it is known already.
func (e *Error) at(n *node) *Error {
	if !e.detail.located {
		e.detail.located = true
		e.Start, e.End = int(n.start), int(n.end)
	}
	if !e.detail.placed {
		e.detail.placed = true
		e.detail.pos = int(n.pos)
	}
	return e
}

// moved gives the error the place of a call it passes through, as the reference
// does; Start and End stay where it went wrong.
func (e *Error) moved(pos int32) *Error {
	e.detail.placed = true
	e.detail.pos = int(pos)
	return e
}

// withToken names the token, operator or function, unless it is known already.
func (e *Error) withToken(token string) *Error {
	if !e.detail.hasToken {
		e.detail.hasToken = true
		e.Token = token
	}
	return e
}

// named is withToken whether one is known or not.
func (e *Error) named(token string) *Error {
	e.detail.hasToken = false
	e.detail.token = ""
	return e.withToken(token)
}

// withIndex numbers the argument concerned, from 1.
func (e *Error) withIndex(i int) *Error {
	e.detail.index = i
	return e
}

// finish fills what the reference derives last: the message and the position.
func (e *Error) finish(text string) *Error {
	if !e.detail.located {
		e.End = len(text)
	}
	e.Position = utf16Len(text[:min(e.detail.pos, len(text))])
	if e.Message == "" {
		e.Message = e.render(messages[e.Code])
	}
	e.Message, e.Token, e.Value = validText(e.Message), validText(e.Token), cleaned(e.Value)
	return e
}

// render fills a message's {fields}.
func (e *Error) render(template string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var field string
		field, template, _ = strings.Cut(rest, "}")
		b.WriteString(e.field(field))
	}
}

func (e *Error) field(name string) string {
	switch name {
	case "token":
		if e.detail.token != "" {
			return e.detail.token
		}
		if !e.detail.hasToken {
			return "undefined"
		}
		return jsonval.Quote(e.Token)
	case "rawtoken":
		return e.Token
	case "index":
		return strconv.Itoa(e.detail.index)
	case "value2":
		return orUndefined(e.detail.value2)
	case "exp":
		return orUndefined(e.detail.exponent)
	case "type":
		return jsonval.Quote(e.detail.name)
	case "function":
		return e.detail.name
	}
	return orUndefined(e.detail.value)
}

func orUndefined(text string) string {
	if text == "" {
		return "undefined"
	}
	return text
}

// utf16Len is the length of s in UTF-16 units.
func utf16Len(s string) int {
	n := charCount(s)
	for i := range len(s) {
		if s[i] >= 0xF0 {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 4 {
				n++
			}
		}
	}
	return n
}

// messages are the reference implementation's, by code. {value} and {token} are
// put in as JSON.
var messages = map[string]string{
	"S0101": "String literal must be terminated by a matching quote",
	"S0102": "Number out of range: {token}",
	"S0103": "Unsupported escape sequence: \\{token}",
	"S0104": "The escape sequence \\u must be followed by 4 hex digits",
	"S0105": "Quoted property name must be terminated with a backquote (`)",
	"S0106": "Comment has no closing tag",
	"S0201": "Syntax error: {token}",
	"S0202": "Expected {value}, got {token}",
	"S0203": "Expected {value} before end of expression",
	"S0204": "Unknown operator: {token}",
	"S0207": "Unexpected end of expression",
	"S0206": "Unknown expression type: {token}",
	"S0208": "Parameter {value} of function definition must be a variable name (start with $)",
	"S0209": "A predicate cannot follow a grouping expression in a step",
	"S0210": "Each step can only have one grouping expression",
	"S0211": "The symbol {token} cannot be used as a unary operator",
	"S0212": "The left side of := must be a variable name (start with $)",
	"S0213": "The literal value {value} cannot be used as a step within a path expression",
	"S0214": "The right side of {token} must be a variable name (start with $)",
	"S0215": "A context variable binding must precede any predicates on a step",
	"S0216": "A context variable binding must precede the 'order-by' clause on a step",
	"S0217": "The object representing the 'parent' cannot be derived from this expression",
	"S0301": "Empty regular expressions are not allowed",
	"S0302": "No terminating / in regular expression",
	"S0401": "Type parameters can only be applied to functions and arrays",
	"S0402": "Choice groups containing parameterized types are not supported",
	"T0410": "Argument {index} of function {token} does not match function signature",
	"T0411": "Context value is not a compatible type with argument {index} of function {token}",
	"T0412": "Argument {index} of function {token} must be an array of {type}",
	"D1001": "Number out of range: {value}",
	"D1002": "Cannot negate a non-numeric value: {value}",
	"T1003": "Key in object structure must evaluate to a string; got: {value}",
	"D1004": "Regular expression matches zero length string",
	"T1005": "Attempted to invoke a non-function. Did you mean ${rawtoken}?",
	"T1006": "Attempted to invoke a non-function",
	"T1007": "Attempted to partially apply a non-function. Did you mean ${rawtoken}?",
	"T1008": "Attempted to partially apply a non-function",
	"D1009": "Multiple key definitions evaluate to same key: {value}",
	"T1010": "The matcher function argument passed to function {token} does not return the correct object structure",
	"D1013": "Object property names starting with _jsonata_ are reserved for internal use: {value}",
	"T2001": "The left side of the {token} operator must evaluate to a number",
	"T2002": "The right side of the {token} operator must evaluate to a number",
	"T2003": "The left side of the range operator (..) must evaluate to an integer",
	"T2004": "The right side of the range operator (..) must evaluate to an integer",
	"T2006": "The right side of the function application operator ~> must be a function",
	"T2007": "Type mismatch when comparing values {value} and {value2} in order-by clause",
	"T2008": "The expressions within an order-by clause must evaluate to numeric or string values",
	"T2009": "The values {value} and {value2} either side of operator {token} must be of the same data type",
	"T2010": "The expressions either side of operator {token} must evaluate to numeric or string values",
	"T2011": "The insert/update clause of the transform expression must evaluate to an object: {value}",
	"T2012": "The delete clause of the transform expression must evaluate to a string or array of strings: {value}",
	"T2013": "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.",
	"D2014": "The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to allocate {value}.",
	"D3001": "Attempting to invoke string function on Infinity or NaN",
	"D3010": "Second argument of replace function cannot be an empty string",
	"D3011": "Fourth argument of replace function must evaluate to a positive number",
	"D3012": "Attempted to replace a matched string with a non-string value",
	"D3020": "Third argument of split function must evaluate to a positive number",
	"D3030": "Unable to cast value to a number: {value}",
	"D3040": "Third argument of match function must evaluate to a positive number",
	"D3050": "The second argument of reduce function must be a function with at least two arguments",
	"D3060": "The sqrt function cannot be applied to a negative number: {value}",
	"D3061": "The power function has resulted in a value that cannot be represented as a JSON number: base={value}, exponent={exp}",
	"D3070": "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
	"D3080": "The picture string must only contain a maximum of two sub-pictures",
	"D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
	"D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
	"D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
	"D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
	"D3085": "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'",
	"D3086": "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
	"D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character",
	"D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
	"D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
	"D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'",
	"D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'",
	"D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'",
	"D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'",
	"D3100": "The radix of the formatBase function must be between 2 and 36.  It was given {value}",
	"D3110": "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {value}",
	"D3130": "Formatting or parsing an integer as a sequence starting with {value} is not supported by this implementation",
	"D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
	"D3132": "Unknown component specifier {value} in date/time picture string",
	"D3133": "The 'name' modifier can only be applied to months and days in the date/time picture string, not {value}",
	"D3134": "The timezone integer format specifier cannot have more than four digits",
	"D3135": "No matching closing bracket ']' in date/time picture string",
	"D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
	"D3138": "The $single() function expected exactly 1 matching result.  Instead it matched more.",
	"D3139": "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
	"D3140": "Malformed URL passed to ${function}(): {value}",
}
