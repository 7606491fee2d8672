package sfnapi_test

import (
	"net"
	"strings"
	"testing"

	"asldbg/sessions/sfnapi"
)

func TestListen(t *testing.T) {
	e, err := sfnapi.Listen("127.0.0.1:0", &one{})
	if err != nil {
		t.Fatal(err)
	}
	if _, answer, _ := call(t, e.URL(), "AWSStepFunctions.SendTaskHeartbeat", `{"taskToken":"AQC1"}`); answer.String() != "{}" {
		t.Errorf("%s", answer)
	}
	taken := strings.TrimPrefix(e.URL(), "http://")
	if _, err := sfnapi.Listen(taken, &one{}); err == nil {
		t.Errorf("an address that is taken was given twice")
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", taken); err == nil {
		c.Close()
		t.Error("it still listens")
	}
}

// TestListenDefault: where 8083 is taken, be it by this test or by somebody
// else, a free port is.
func TestListenDefault(t *testing.T) {
	for range 2 {
		e, err := sfnapi.Listen("", &one{})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if !strings.HasPrefix(e.URL(), "http://127.0.0.1:") {
			t.Error(e.URL())
		}
	}
}

func TestCheckAddr(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8083": "", "localhost:0": "", "[::1]:8083": "",
		"0.0.0.0:8083":     "reached from elsewhere",
		":8083":            "reached from elsewhere",
		"192.168.1.2:8083": "reached from elsewhere",
		"example.com:8083": "reached from elsewhere",
		"[::]:8083":        "reached from elsewhere",
		"8083":             "not HOST:PORT",
		"":                 "not HOST:PORT",
	} {
		err := sfnapi.CheckAddr(addr)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", addr, err, want)
		}
		if want == "" || addr == "" {
			continue
		}
		if _, err := sfnapi.Listen(addr, &one{}); err == nil {
			t.Errorf("%q was listened at", addr)
		}
	}
}
