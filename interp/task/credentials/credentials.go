package credentials

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"asldbg/interp/task"
)

// Chain is an aws.CredentialsProvider that looks where the AWS CLI looks. It
// may be used by many goroutines.
type Chain struct {
	Profile string // "": AWS_PROFILE, then default
	Region  string // of the services asked; "": as configured
	// Network allows to ask SSO, STS, instance metadata and credential
	// processes. Without it, having nothing gives [Example].
	Network bool
	Client  aws.HTTPClient // what asks; nil: the SDK's

	mu    sync.Mutex
	found aws.CredentialsProvider
	roles map[assumed]aws.CredentialsProvider
}

// Example is nobody's identity. The key is that of AWS's published test suite.
var Example = aws.Credentials{
	AccessKeyID:     "AKIDEXAMPLE",
	SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
	Source:          task.ExampleSource,
}

// Retrieve returns credentials; their Source says where they came from. The
// error says what to do. What failed is looked for again the next time.
func (c *Chain) Retrieve(ctx context.Context) (aws.Credentials, error) {
	provider, err := c.provider(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	creds, err := provider.Retrieve(ctx)
	if err != nil && strings.Contains(err.Error(), "no EC2 IMDS role found") { // the chain's last hope
		err = errors.New("there are no AWS credentials")
	}
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("%w (choose a profile with --profile, set AWS_ACCESS_KEY_ID, or sign in with aws sso login)", err)
	}
	return creds, nil
}

func (c *Chain) provider(ctx context.Context) (aws.CredentialsProvider, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil {
		return c.found, nil
	}
	look := c.offline
	if c.Network {
		look = c.online
	}
	found, err := look(ctx)
	if err == nil {
		c.found = found
	}
	return found, err
}

// online is the SDK's default chain.
func (c *Chain) online(ctx context.Context) (aws.CredentialsProvider, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(c.Profile), config.WithRegion(c.Region), c.client, config.WithLogger(logging.Nop{}))
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	return aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		creds, err := cfg.Credentials.Retrieve(ctx)
		switch {
		case c.Profile != "":
			creds.Source = "profile " + c.Profile
		case creds.Source == config.CredentialsSourceName:
			creds = fromEnvironment(creds)
		}
		return creds, err
	}), nil
}

func (c *Chain) client(o *config.LoadOptions) error {
	if c.Client != nil {
		o.HTTPClient = c.Client
	}
	return nil
}

// fromEnvironment says of credentials in the environment that they are, and
// until when: aws configure export-credentials writes it beside them.
func fromEnvironment(creds aws.Credentials) aws.Credentials {
	creds.Source = "environment"
	if at, err := time.Parse(time.RFC3339, os.Getenv("AWS_CREDENTIAL_EXPIRATION")); err == nil {
		creds.CanExpire, creds.Expires = true, at
	}
	return creds
}

// offline is the part of the default chain that reads and does not ask, in the
// same order.
func (c *Chain) offline(ctx context.Context) (aws.CredentialsProvider, error) {
	env, err := config.NewEnvConfig()
	if err != nil {
		return nil, fmt.Errorf("read the AWS environment variables: %w", err)
	}
	if c.Profile == "" && env.Credentials.HasKeys() {
		creds := fromEnvironment(env.Credentials)
		return fixed(creds, creds.Source), nil
	}
	profile := c.Profile
	if profile == "" {
		profile = env.SharedConfigProfile
	}
	named := profile != ""
	if !named {
		profile = "default"
	}
	shared, err := config.LoadSharedConfigProfile(ctx, profile, func(o *config.LoadSharedConfigOptions) {
		if env.SharedConfigFile != "" {
			o.ConfigFiles = []string{env.SharedConfigFile}
		}
		if env.SharedCredentialsFile != "" {
			o.CredentialsFiles = []string{env.SharedCredentialsFile}
		}
	})
	var missing config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &missing) && named:
		return nil, fmt.Errorf("there is no AWS profile %q: aws configure list-profiles shows those there are", profile)
	case err != nil && !errors.As(err, &missing) && !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read AWS profile %q: %w", profile, err)
	case shared.Credentials.HasKeys() && shared.RoleARN == "":
		return fixed(shared.Credentials, "profile "+profile), nil
	}
	return fixed(Example, Example.Source), nil
}

func fixed(creds aws.Credentials, source string) aws.CredentialsProvider {
	creds.Source = source
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return creds, nil })
}
