package sfnapi_test

import (
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"asldbg/interp"
	"asldbg/sessions/sfnapi"
)

// TestSDK: a worker that uses AWS's SDK answers tokens, and understands what is
// wrong with them.
func TestSDK(t *testing.T) {
	tokens := &one{}
	s := httptest.NewServer(sfnapi.NewServer(tokens))
	defer s.Close()
	client := sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(s.URL), Credentials: aws.AnonymousCredentials{},
	})
	ctx := t.Context()
	token, lost := aws.String("AQC1"), aws.String("AQC2")

	if _, err := client.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: token}); err != nil {
		t.Fatal(err)
	}
	_, err := client.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: lost, Error: aws.String("Denied")})
	if unknown := (*types.TaskDoesNotExist)(nil); !errors.As(err, &unknown) {
		t.Errorf("a token nobody knows: %v", err)
	}
	_, err = client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: aws.String("no token"), Output: aws.String("1")})
	if malformed := (*types.InvalidToken)(nil); !errors.As(err, &malformed) {
		t.Errorf("a token that is none: %v", err)
	}
	_, err = client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: token, Output: aws.String("{")})
	if bad := (*types.InvalidOutput)(nil); !errors.As(err, &bad) {
		t.Errorf("an output that is not JSON: %v", err)
	}
	if _, err := client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: token, Output: aws.String(`{"ok":true}`)}); err != nil {
		t.Fatal(err)
	}
	_, err = client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: token, Output: aws.String("1")})
	if over := (*types.TaskTimedOut)(nil); !errors.As(err, &over) {
		t.Errorf("a token that was answered: %v", err)
	}
	if len(tokens.got) != 2 {
		t.Fatalf("taken: %+v", tokens.got)
	}
	if in, ok := tokens.got[1].(interp.Callback); !ok || in.Outcome.Result.String() != `{"ok":true}` {
		t.Errorf("the answer is %+v", tokens.got[1])
	}
}
