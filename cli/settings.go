package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
	"go.yaml.in/yaml/v4"
)

// settings are what $XDG_CONFIG_HOME/asldbg/config.yaml says:
//
//	endpoints:                 # as --endpoint HOST=URL; the first that matches counts
//	  "*.execute-api.*": http://127.0.0.1:3000
//	live: ["*.example.com"]    # as --live=PATTERN
//	ca-file: corporate.pem     # as --ca-file; from this file's folder
type settings struct {
	file      string // "" where there is none
	endpoints []string
	live      []string
	caFile    string
}

// settingsFile is where settings are.
func settingsFile() string { return filepath.Join(xdg.ConfigHome, "asldbg", "config.yaml") }

// readSettings reads the settings; no file is none.
func readSettings(file string) (settings, error) {
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return settings{}, nil
	case err != nil:
		return settings{}, usage("cannot read the settings: %w", plainPathError(err))
	}
	var read struct {
		Endpoints yaml.Node `yaml:"endpoints"`
		Live      yaml.Node `yaml:"live"`
		CAFile    string    `yaml:"ca-file"`
	}
	if len(text) > 0 {
		if err := yaml.Load(text, &read, yaml.WithKnownFields()); err != nil {
			return settings{}, usage("%s: %w (it may have endpoints, live and ca-file)", file, err)
		}
	}
	s := settings{file: file, caFile: read.CAFile}
	if s.caFile != "" && !filepath.IsAbs(s.caFile) {
		s.caFile = filepath.Join(filepath.Dir(file), s.caFile)
	}
	switch n := read.Endpoints; n.Kind {
	case 0:
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			s.endpoints = append(s.endpoints, n.Content[i].Value+"="+n.Content[i+1].Value)
		}
	default:
		return s, s.wrong(n, "endpoints is a map of hosts to URLs")
	}
	switch n := read.Live; n.Kind {
	case 0:
	case yaml.ScalarNode:
		s.live = []string{n.Value}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			s.live = append(s.live, item.Value)
		}
	default:
		return s, s.wrong(n, "live is a list of patterns")
	}
	return s, nil
}

func (s settings) wrong(n yaml.Node, what string) error {
	return usage("%w", fmt.Errorf("%s:%d: %s", s.file, n.Line, what))
}
