package credentials

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// assumed names credentials of a role.
type assumed struct{ role, region, endpoint string }

// AssumeRole asks STS in region, at endpoint unless it is "", for the
// credentials of a role, as Step Functions does for Credentials.RoleArn
// (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html).
// They are asked for again when they have expired. Whether STS may be asked is
// the caller's to know.
func (c *Chain) AssumeRole(role, region, endpoint string) aws.CredentialsProvider {
	key := assumed{role, region, endpoint}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.roles[key]; ok {
		return p
	}
	if c.roles == nil {
		c.roles = make(map[assumed]aws.CredentialsProvider)
	}
	session := sessionName()
	p := aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		return c.assume(ctx, key, session)
	}))
	c.roles[key] = p
	return p
}

func (c *Chain) assume(ctx context.Context, to assumed, session string) (aws.Credentials, error) {
	own, err := c.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	o := sts.Options{
		Region:      to.region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return own, nil }),
	}
	if c.Client != nil {
		o.HTTPClient = c.Client
	}
	if to.endpoint != "" {
		o.BaseEndpoint = &to.endpoint
	}
	out, err := sts.New(o).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &to.role, RoleSessionName: &session})
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("assume %s as %s: %w (its trust policy must allow that; Step Functions would assume it as the state machine's role)",
			to.role, own.Source, reason(err))
	}
	got := out.Credentials
	if got == nil || got.AccessKeyId == nil || got.SecretAccessKey == nil || got.SessionToken == nil {
		return aws.Credentials{}, fmt.Errorf("assume %s: STS answered without credentials", to.role)
	}
	creds := aws.Credentials{
		AccessKeyID: *got.AccessKeyId, SecretAccessKey: *got.SecretAccessKey, SessionToken: *got.SessionToken,
		Source: "role " + to.role + ", assumed as " + own.Source,
	}
	if got.Expiration != nil {
		creds.CanExpire, creds.Expires = true, *got.Expiration
	}
	return creds, nil
}

// reason is what STS says, without the SDK's words around it.
func reason(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		return fmt.Errorf("%s: %s", api.ErrorCode(), api.ErrorMessage())
	}
	return err
}

// sessionName is 32 letters, like those of Step Functions' sessions.
func sessionName() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	b := make([]byte, 32)
	rand.Read(b) // never fails: see crypto/rand
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}
