package plain

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/tui/internal/sample"
)

func check(t *testing.T, got, want string) {
	t.Helper()
	got = "\n" + got
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\ngot%s", d, got)
	}
}

func TestText(t *testing.T) {
	check(t, Text(sample.Main()), `
== Charge / Parameters  PAUSED
.RequestBody.cents > 1000 is true
in, 150 B:
  {
    "orderId": "A-1041",
    "total": 1999,
    "items": [
      "mug",
      "lid",
      "box"
    ],
    "stock": 5,
    "customer": {
      "name": "Zoë",
      "tier": "gold",
      "since": 2019,
      "mail": "zoe@example.com"
    }
  }
out, 233 B:
  {
    "ApiEndpoint": "abc123.execute-api.eu-west-1.amazonaws.com",
    "Method": "POST",
    "Stage": "prod",
    "Path": "/charges",
    "AuthType": "IAM_ROLE",
    "Headers": {
      "X-Trace": [
        "order-sample"
      ]
    },
    "RequestBody": {
      "order": "A-1041",
      "cents": 1999,
      "currency": "EUR"
    }
  }
`)
	check(t, Text(sample.Choice()), `
== InStock? / Choices  PAUSED
rule 1: $.stock > 0  is true
  $.stock is 5
next: Charge
`)
	check(t, Text(sample.Held(true)), `
== Charge / Request  HELD
request, nothing has been sent:
  POST https://abc123.execute-api.eu-west-1.amazonaws.com/prod/charges
s Host: abc123.execute-api.eu-west-1.amazonaws.com
  User-Agent: asldbg/0.4
s Content-Length: 48
  Authorization: AWS4-HMAC-SHA256 Credential=ASIA…7QX/20260102/eu-west-1/execute-api/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-trace, Signature=9c41…e07b
s Content-Type: application/json
s X-Amz-Date: 20260102T120409Z
s X-Amz-Security-Token: (hidden, 812 chars)
s X-Trace: order-sample

  {
    "order": "A-1041",
    "cents": 1799,
    "currency": "EUR"
  }
signed with SigV4 for execute-api in eu-west-1 as order-sfn  (profile dev) (s: covered by the signature)
`)
	check(t, Text(sample.Open()), `
== Add to pet store / Request  HELD
request, nothing has been sent:
  GET https://abc123.execute-api.us-east-1.amazonaws.com/default/pets?type=turtle
  Host: abc123.execute-api.us-east-1.amazonaws.com
  User-Agent: asldbg/0.4
  Accept: application/json
it may not be sent: --live or --endpoint would allow it
`)
	check(t, Text(sample.Token()), `
== Ship / Request  WAITING
Ship waits for its task token
task token awaited by Ship:
  AQCs+ccw4hSyZmdhbKp0r4EFfHSDgtC/mlZcQhiv0q3tPp31UK56TIU8ZFmJ94hEwiuRCBkHK0+sken3zGpOb4r8
first response, 49 B:
  {
    "StatusCode": 202,
    "ResponseBody": {
      "queued": true
    }
  }
`)
	check(t, Text(sample.Done()), `
== SUCCEEDED
output, 174 B:
  {
    "orderId": "A-1041",
    "total": 1999,
    "items": [
      "mug",
      "lid",
      "box"
    ],
    "stock": 5,
    "customer": {
      "name": "Zoë",
      "tier": "gold",
      "since": 2019,
      "mail": "zoe@example.com"
    },
    "charge": {
      "id": "ch_88"
    }
  }
`)
	check(t, Text(sample.Failed()), `
== FAILED
SoldOut: nothing is left in stock
`)
	check(t, Text(sample.Replay(10)), `
== Charge / Request  REPLAY
failed: ApiGateway.500
`)
}

func TestAFailure(t *testing.T) {
	v := sample.Main()
	v.Frames[0].Failure = interp.Fail("X", "a\x1b[31mb")
	check(t, Text(v), `
== Charge / Request  PAUSED
.RequestBody.cents > 1000 is true
failed: X: a\u001b[31mb
`)
}

func TestEndpointsOnThisMachineHaveNoPort(t *testing.T) {
	v := sample.Held(false)
	v.Requests[0].Endpoint = "http://127.0.0.1:41234"
	if s := Text(v); strings.Contains(s, "41234") || !strings.Contains(s, "it goes to a server on this machine") {
		t.Error(s)
	}
	v.Requests[0].Endpoint = "https://api.example.com"
	if s := Text(v); !strings.Contains(s, "it goes to https://api.example.com") {
		t.Error(s)
	}
}

func TestLargeDocumentsAreCut(t *testing.T) {
	v := sample.Main()
	items := make([]jsonval.Value, 1000)
	for i := range items {
		items[i] = jsonval.OfInt(int64(i))
	}
	v.Frames[0].Data[v.Frames[0].Stage] = jsonval.OfItems(items)
	if s := Text(v); strings.Count(s, "\n") > 300 || !strings.Contains(s, "… 802 more lines") {
		t.Error(s)
	}
}
