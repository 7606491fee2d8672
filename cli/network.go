package cli

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"asldbg/interp/task"
	"asldbg/interp/task/httptask"
)

// network is what may leave the machine and how, as flags, settings and
// environment say together. Flags win.
type network struct {
	live, endpoints []string
	policy          task.Policy
	transport       *task.Transport
	client          aws.HTTPClient // for the SDK; nil: its own
	profile         string
}

// noneLive is the pattern of --live that lets nothing out, whatever the settings
// say.
const noneLive = "none"

func (o *runOptions) network() (*network, error) {
	s, err := readSettings(settingsFile())
	if err != nil {
		return nil, err
	}
	if _, err := task.NewPolicy(s.live, s.endpoints, nil); err != nil {
		return nil, usage("%s: %w", s.file, err)
	}
	n := &network{live: o.live, endpoints: append(o.endpoints[:len(o.endpoints):len(o.endpoints)], s.endpoints...), profile: o.profile}
	switch {
	case len(o.live) == 0:
		n.live = s.live
	case len(o.live) == 1 && o.live[0] == noneLive:
		n.live = nil
	}
	if n.policy, err = task.NewPolicy(n.live, n.endpoints, os.Environ()); err != nil {
		return nil, usage("%w", err)
	}
	n.transport = &task.Transport{Proxy: http.ProxyFromEnvironment}
	caFile := o.caFile
	for _, next := range []string{s.caFile, os.Getenv("AWS_CA_BUNDLE")} {
		if caFile == "" {
			caFile = next
		}
	}
	if caFile != "" {
		if err := n.trust(caFile); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// trust adds the certificates in a PEM file to the system's.
func (n *network) trust(file string) error {
	pem, err := os.ReadFile(file)
	if err != nil {
		return usage("cannot read the CA file: %w", plainPathError(err))
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		return fmt.Errorf("read the system's certificates: %w", err)
	}
	if !roots.AppendCertsFromPEM(pem) {
		return usage("the CA file %s has no certificate in PEM form (-----BEGIN CERTIFICATE-----)", file)
	}
	n.transport.Roots = roots
	n.client = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: roots}
	})
	return nil
}

// String names what may leave the machine, for the top line.
func (n *network) String() string {
	var parts []string
	for _, p := range n.live {
		if p == "*" {
			p = "all"
		}
		parts = append(parts, p)
	}
	for _, e := range n.endpoints {
		host, target, _ := strings.Cut(e, "=")
		if _, at, ok := strings.Cut(target, "://"); ok && host == "*" {
			host += "=" + at // that all goes somewhere says too little
		}
		parts = append(parts, host)
	}
	if len(parts) > 0 && n.profile != "" {
		parts = append(parts, "profile="+n.profile)
	}
	return strings.Join(parts, " ")
}

// readConnections reads --connections; nil for none. Files of secrets are
// looked for from its folder.
func (o *runOptions) readConnections() (*httptask.Connections, error) {
	if o.connections == "" {
		return nil, nil
	}
	text, err := os.ReadFile(o.connections)
	if err != nil {
		return nil, usage("cannot read the connections: %w", plainPathError(err))
	}
	dir := filepath.Dir(o.connections)
	c, err := httptask.ParseConnections(o.connections, string(text), httptask.Lookup{
		Env: os.LookupEnv,
		File: func(path string) ([]byte, error) {
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, plainPathError(err)
			}
			return b, nil
		},
	})
	if err != nil {
		return nil, usage("%w", err)
	}
	return c, nil
}
