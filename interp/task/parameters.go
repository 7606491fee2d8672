package task

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// Parameter is a field of an integration's Parameters. OK tells whether a value
// that is there and not null has the right form.
type Parameter struct {
	Name     string
	Required bool
	OK       func(v jsonval.Value) bool
}

// Parameters are the fields an integration has, in the order AWS lists them. The
// wording of its complaints about a wrong form is recorded from AWS for API
// Gateway tasks, that about missing and unsupported fields for others.
type Parameters []Parameter

// Malformed says which fields are missing or have the wrong form.
func (p Parameters) Malformed(params jsonval.Value) (problems []string) {
	for _, field := range p {
		switch given := Given(params, field.Name); {
		case !given && field.Required:
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", field.Name))
		case given && !field.OK(params.Get(field.Name)):
			problems = append(problems, InvalidFormat(field.Name))
		}
	}
	return problems
}

// Unsupported says which members of params are no fields of the integration.
func (p Parameters) Unsupported(params jsonval.Value) (problems []string) {
	for name := range params.Members() {
		if !slices.ContainsFunc(p, func(field Parameter) bool { return field.Name == name }) {
			problems = append(problems, fmt.Sprintf("The field '%s' is not supported by Step Functions", name))
		}
	}
	return problems
}

// Given reports whether a field is there; null counts as absent.
func Given(params jsonval.Value, name string) bool {
	v := params.Get(name)
	return v.Exists() && !v.Is(jsonval.Null)
}

// InvalidFormat is what AWS says of a field whose value has the wrong form.
func InvalidFormat(name string) string {
	return fmt.Sprintf("The value of the field '%s' has an invalid format", name)
}

// RefusedHeaders says which headers a workflow may not set; nothing where all
// may be.
func RefusedHeaders(headers jsonval.Value, isRefused func(name string) bool) (problems []string) {
	var refused []string
	for name := range headers.Members() {
		if isRefused(name) {
			refused = append(refused, strings.ToLower(name))
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return []string{"The 'Headers' field contains unsupported values: [" + strings.Join(refused, ", ") + "]"}
}

// IsHeader reports whether a list of texts can be sent as the values of a header
// of that name: HTTP has no line breaks in them, and the length of the body is
// not for a task to say.
func IsHeader(name string, values jsonval.Value) bool {
	if !isToken(name) || strings.EqualFold(name, "Content-Length") {
		return false
	}
	for _, v := range values.Items() {
		if text, ok := SentText(v); !ok || strings.ContainsFunc(text, asl.HeaderControl) {
			return false
		}
	}
	return true
}

// SetDefault sets a header that has no value yet under any spelling.
func SetDefault(h http.Header, name, value string) {
	for there := range h {
		if strings.EqualFold(there, name) {
			return
		}
	}
	h[name] = []string{value}
}

// OneOf accepts one of the texts.
func OneOf(texts ...string) func(jsonval.Value) bool {
	return func(v jsonval.Value) bool { return v.Is(jsonval.String) && slices.Contains(texts, v.Text()) }
}

// SentText is a header's or query parameter's value as it is sent: that of a
// text, a number or a boolean.
func SentText(v jsonval.Value) (text string, ok bool) {
	switch v.Kind() {
	case jsonval.String, jsonval.Number:
		return v.Text(), true
	case jsonval.Bool:
		return v.String(), true
	}
	return "", false
}
