package httptask

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Connections are EventBridge connections, as far as a file tells of them.
type Connections struct {
	name   string // of the file
	byName map[string]*Connection
	look   Lookup
}

// Lookup is where the values of ${env:NAME} and ${file:PATH} are found.
type Lookup struct {
	Env  func(name string) (value string, ok bool)
	File func(path string) ([]byte, error)
}

// Connection is what CreateConnection is given
// (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html).
type Connection struct {
	AuthorizationType string         `yaml:"AuthorizationType"`
	AuthParameters    AuthParameters `yaml:"AuthParameters"`
}

// AuthParameters has one of the first three.
type AuthParameters struct {
	Basic *struct {
		Username string `yaml:"Username"`
		Password string `yaml:"Password"`
	} `yaml:"BasicAuthParameters"`
	APIKey *struct {
		Name  string `yaml:"ApiKeyName"`
		Value string `yaml:"ApiKeyValue"`
	} `yaml:"ApiKeyAuthParameters"`
	OAuth      *OAuthParameters `yaml:"OAuthParameters"`
	Invocation HTTPParameters   `yaml:"InvocationHttpParameters"`
}

// OAuthParameters are how a token is got.
type OAuthParameters struct {
	AuthorizationEndpoint string `yaml:"AuthorizationEndpoint"`
	HTTPMethod            string `yaml:"HttpMethod"`
	Client                struct {
		ID     string `yaml:"ClientID"`
		Secret string `yaml:"ClientSecret"`
	} `yaml:"ClientParameters"`
	HTTP HTTPParameters `yaml:"OAuthHttpParameters"`
}

// headers are the names of all headers the connection adds.
func (c *Connection) headers() (names []string) {
	switch p := c.AuthParameters; {
	case p.APIKey != nil:
		names = append(names, p.APIKey.Name)
	default:
		names = append(names, "Authorization")
	}
	for _, p := range c.AuthParameters.Invocation.Headers {
		names = append(names, p.Key)
	}
	return names
}

// HTTPParameters are added to a request.
type HTTPParameters struct {
	Headers []Parameter `yaml:"HeaderParameters"`
	Query   []Parameter `yaml:"QueryStringParameters"`
	Body    []Parameter `yaml:"BodyParameters"`
}

// Parameter is a name and a value.
type Parameter struct {
	Key    string `yaml:"Key"`
	Value  string `yaml:"Value"`
	Secret bool   `yaml:"IsValueSecret"`
}

// secret reports whether a value is not for everybody: one that is kept
// somewhere else is not either.
func (p Parameter) secret() bool { return p.Secret || reference.MatchString(p.Value) }

// ParseConnections reads a file of connections, YAML or JSON: an object whose
// names are those of the connections, or their ARNs, and whose values are what
// CreateConnection is given. The error names the file and the line.
func ParseConnections(name, text string, look Lookup) (*Connections, error) {
	c := &Connections{name: name, look: look}
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("%s: the file is empty", name)
	}
	if err := yaml.Load([]byte(text), &c.byName, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, plainYAML(err))
	}
	for key, connection := range c.byName {
		if err := connection.check(); err != nil {
			return nil, fmt.Errorf("%s: connection %q: %w", name, key, err)
		}
	}
	return c, nil
}

// plainYAML is the first thing wrong, without the decoder's types.
func plainYAML(err error) error {
	var all *yaml.LoadErrors
	if errors.As(err, &all) && len(all.Errors) > 0 {
		err = all.Errors[0]
	}
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		return err
	}
	text := at.Message
	if field, _, ok := strings.Cut(text, " not found in type "); ok {
		text = field + " is not one of a connection's"
	}
	return fmt.Errorf("line %d: %s", at.Mark.Line, text)
}

func (c *Connection) check() error {
	if c == nil {
		return errors.New("it is empty")
	}
	p := c.AuthParameters
	var kinds []string
	if p.Basic != nil {
		kinds = append(kinds, "BASIC")
	}
	if p.APIKey != nil {
		kinds = append(kinds, "API_KEY")
	}
	if p.OAuth != nil {
		kinds = append(kinds, "OAUTH_CLIENT_CREDENTIALS")
	}
	switch {
	case len(kinds) != 1:
		return errors.New("AuthParameters needs one of BasicAuthParameters, ApiKeyAuthParameters and OAuthParameters")
	case c.AuthorizationType != "" && c.AuthorizationType != kinds[0]:
		return fmt.Errorf("AuthorizationType is %q, but its AuthParameters are those of %s", c.AuthorizationType, kinds[0])
	case p.APIKey != nil && p.APIKey.Name == "":
		return errors.New("ApiKeyAuthParameters needs an ApiKeyName")
	case p.OAuth != nil && !strings.HasPrefix(p.OAuth.AuthorizationEndpoint, "https://") && !strings.HasPrefix(p.OAuth.AuthorizationEndpoint, "http://"):
		return errors.New("OAuthParameters needs an AuthorizationEndpoint, a URL")
	case p.OAuth != nil && !slices.Contains([]string{"", "GET", "POST", "PUT"}, p.OAuth.HTTPMethod):
		return fmt.Errorf("HttpMethod %q of OAuthParameters must be GET, POST or PUT", p.OAuth.HTTPMethod)
	}
	for _, list := range [][]Parameter{p.Invocation.Headers, p.Invocation.Query, p.Invocation.Body} {
		for _, parameter := range list {
			if parameter.Key == "" {
				return errors.New("a parameter of InvocationHttpParameters has no Key")
			}
		}
	}
	return nil
}

// find is the connection of an ARN, by the ARN or by its name.
func (c *Connections) find(arn string) (name string, found *Connection) {
	name = connectionName(arn)
	if c == nil {
		return name, nil
	}
	if found = c.byName[arn]; found == nil {
		found = c.byName[name]
	}
	return name, found
}

// connectionName is NAME of arn:aws:events:<region>:<account>:connection/NAME/<id>;
// a text that is no such ARN is its own name.
func connectionName(arn string) string {
	_, rest, ok := strings.Cut(arn, ":connection/")
	if !ok {
		return arn
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// reference finds ${env:NAME} and ${file:PATH}.
var reference = regexp.MustCompile(`\$\{(env|file):([^}]*)\}`)

// resolve puts what references stand for in their places.
func (l Lookup) resolve(text string) (string, error) {
	var failed error
	out := reference.ReplaceAllStringFunc(text, func(ref string) string {
		part := reference.FindStringSubmatch(ref)
		if part[1] == "env" {
			value, ok := l.Env(part[2])
			if !ok && failed == nil {
				failed = fmt.Errorf("the environment variable %s is not set", part[2])
			}
			return value
		}
		value, err := l.File(part[2])
		if err != nil && failed == nil {
			failed = err
		}
		return strings.TrimRight(string(value), "\r\n")
	})
	return out, failed
}
