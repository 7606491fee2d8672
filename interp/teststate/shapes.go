package teststate

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// shapes.txt says what operations of some AWS services answer. A service's part
// begins with its name; then come the operations and the shapes with their
// members: name, ! where it must be there and : where it may, type. A type is s,
// n, b or * for anything, with limits or allowed values, @ and another shape, or
// one of these after [ (a list) or { (a map).
//
//go:embed shapes.txt
var shapesText string

// sdkNames are the names aws-sdk resources have for the services of optimised
// integrations, where they differ.
var sdkNames = map[string]string{"events": "eventbridge", "states": "sfn"}

// service is one service's part of shapes.txt.
type service struct {
	shapes    string
	strict    bool // fields that must be there have to be there
	optimised bool
}

// checkResult checks a mocked result against what the resource's operation
// answers: "" if it fits or nothing is known about the operation.
func checkResult(r interp.Resource, result jsonval.Value, strict bool) string {
	if r.Kind != interp.ServiceResource || r.Pattern != interp.RequestResponse {
		return ""
	}
	name, sdk := strings.CutPrefix(r.Service, "aws-sdk:")
	if other, ok := sdkNames[name]; ok && !sdk {
		name = other
	}
	_, part, ok := strings.Cut(shapesText, "service "+name+"\n")
	if !ok {
		return ""
	}
	part, _, _ = strings.Cut(part, "\nservice ")
	s := service{shapes: "\n" + part, strict: strict, optimised: !sdk}
	answer := s.line("answers " + r.Action)
	if answer == "" {
		return ""
	}
	return s.check("@"+answer, result, "")
}

// line is what stands after a word that begins a line.
func (s service) line(word string) string {
	_, rest, ok := strings.Cut(s.shapes, "\n"+word+" ")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "\n")
	return rest
}

// check checks a field's value; the words are AWS's.
func (s service) check(kind string, v jsonval.Value, field string) string {
	must := func(k jsonval.Kind, what string) string {
		if v.Is(k) {
			return ""
		}
		if field == "" {
			return "Mocked result must be " + what
		}
		return fmt.Sprintf("Field '%s' must be %s", field, what)
	}
	switch kind[0] {
	case '[':
		wrong := must(jsonval.Array, "an array")
		for _, item := range v.Items() {
			if wrong == "" {
				wrong = s.check(kind[1:], item, field)
			}
		}
		return wrong
	case '{':
		wrong := must(jsonval.Object, "an object")
		for _, m := range v.Members() {
			if wrong == "" {
				wrong = s.check(kind[1:], m, field)
			}
		}
		return wrong
	case '@':
		if wrong := must(jsonval.Object, "an object"); wrong != "" {
			return wrong
		}
		return s.members(kind[1:], v)
	case 'b':
		return must(jsonval.Bool, "a boolean")
	case 'n':
		if wrong := must(jsonval.Number, "a number"); wrong != "" {
			return wrong
		}
		return outOfRange(kind[1:], v, field)
	case 's':
		if wrong := must(jsonval.String, "a string"); wrong != "" {
			return wrong
		}
		return wrongText(kind[1:], v.Text(), field)
	}
	return ""
}

func (s service) members(shape string, v jsonval.Value) string {
	for _, m := range strings.Fields(s.line(shape)) {
		i := strings.IndexAny(m, "!:")
		name, kind := m[:i], m[i+1:]
		if s.optimised && shape == "InvocationResponse" && name == "Payload" {
			kind = "*" // the optimised integration parses it
		}
		field := v.Get(name)
		switch {
		case !field.Exists() && m[i] == '!' && s.strict:
			return fmt.Sprintf("Required field '%s' is missing", name)
		case !field.Exists():
		default:
			if wrong := s.check(kind, field, name); wrong != "" {
				return wrong
			}
		}
	}
	return ""
}

func outOfRange(limits string, v jsonval.Value, field string) string {
	low, high, _ := strings.Cut(limits, "..")
	n, _ := v.Float()
	if least, err := strconv.ParseFloat(low, 64); err == nil && n < least {
		return fmt.Sprintf("Field '%s' is less than the minimum value", field)
	}
	if most, err := strconv.ParseFloat(high, 64); err == nil && n > most {
		return fmt.Sprintf("Field '%s' exceeds the maximum value", field)
	}
	return ""
}

func wrongText(limits, text, field string) string {
	length, values, isEnum := strings.Cut(limits, "|")
	if isEnum && !slices.Contains(strings.Split(values, "|"), text) {
		return fmt.Sprintf("Field '%s' is not an expected value", field)
	}
	low, high, _ := strings.Cut(length, "..")
	if least, err := strconv.Atoi(low); err == nil && utf8.RuneCountInString(text) < least {
		return fmt.Sprintf("Field '%s' is smaller than the minimum length", field)
	}
	// The words are those of numbers: a text that is too long has not been recorded.
	if most, err := strconv.Atoi(high); err == nil && utf8.RuneCountInString(text) > most {
		return fmt.Sprintf("Field '%s' exceeds the maximum length", field)
	}
	return ""
}
