package sfnapi

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// operations read the members of a request: API reference of Step Functions,
// SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.
var operations = map[string]func(jsonval.Value) (interp.Input, error){
	"SendTaskSuccess":   readSuccess,
	"SendTaskFailure":   readFailure,
	"SendTaskHeartbeat": readHeartbeat,
}

// The longest members, in UTF-16 units.
const (
	maxToken  = 2048
	maxOutput = 262144
	maxError  = 256
	maxCause  = 32768
)

func readSuccess(v jsonval.Value) (interp.Input, error) {
	m := members{from: v}
	token, output := m.token(), m.required("output", maxOutput)
	if err := m.err(token); err != nil {
		return nil, err
	}
	result, err := jsonval.Parse(*output)
	if err != nil {
		return nil, bad("InvalidOutput", "Invalid Output: '"+err.Error()+"'")
	}
	return interp.Callback{Token: interp.Token(*token), Outcome: interp.Outcome{Result: result}}, nil
}

func readFailure(v jsonval.Value) (interp.Input, error) {
	m := members{from: v}
	token := m.token()
	failure := &interp.Failure{Error: m.text("error", maxError), Cause: m.text("cause", maxCause)}
	if err := m.err(token); err != nil {
		return nil, err
	}
	return interp.Callback{Token: interp.Token(*token), Outcome: interp.Outcome{Failure: failure}}, nil
}

func readHeartbeat(v jsonval.Value) (interp.Input, error) {
	m := members{from: v}
	token := m.token()
	if err := m.err(token); err != nil {
		return nil, err
	}
	return interp.Heartbeat{Token: interp.Token(*token)}, nil
}

// members reads the texts of a request and keeps what is wrong with them.
type members struct {
	from   jsonval.Value
	wrong  string   // a member that is no text
	broken []string // constraints
}

// text is a member, nil where it is missing or null; max 0 is no limit here.
func (m *members) text(name string, max int) *string {
	v := m.from.Get(name)
	if !v.Exists() || v.Is(jsonval.Null) {
		return nil
	}
	if !v.Is(jsonval.String) {
		m.wrong = name
		return nil
	}
	s := v.Text()
	if max > 0 && len(s) > max && len(utf16.Encode([]rune(s))) > max {
		m.broken = append(m.broken, fmt.Sprintf(
			"Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", name, max))
	}
	return &s
}

func (m *members) required(name string, max int) *string {
	s := m.text(name, max)
	if s == nil {
		m.broken = append(m.broken, "Value null at '"+name+"' failed to satisfy constraint: Member must not be null")
	}
	return s
}

func (m *members) token() *string {
	s := m.required("taskToken", 0)
	switch {
	case s == nil:
	case *s == "":
		m.broken = append(m.broken, "Value '' at 'taskToken' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(*s) > maxToken:
		m.broken = append(m.broken, fmt.Sprintf(
			"Value at 'taskToken' failed to satisfy constraint: Member must have length less than or equal to %d", maxToken))
	}
	return s
}

// err is the first thing that is wrong, in the order AWS looks: types, lengths,
// then whether the token is one at all.
func (m *members) err(token *string) error {
	if m.wrong != "" {
		return bad("SerializationException", m.wrong+" is not a string")
	}
	if n := len(m.broken); n > 0 {
		many := "errors"
		if n == 1 {
			many = "error"
		}
		return bad("ValidationException", fmt.Sprintf("%d validation %s detected: %s", n, many, strings.Join(m.broken, "; ")))
	}
	if !isToken(*token) {
		return bad("InvalidToken", "Invalid Token: 'Invalid token'")
	}
	return nil
}

// isToken reports whether a text has the form of a task token: base64.
func isToken(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+/=-_", r)
	}) < 0
}
