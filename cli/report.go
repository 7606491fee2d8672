package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"asldbg/interp/asl"
	"asldbg/tui/theme"
)

// reportFormats write what check found; docs/check.md is the contract.
var reportFormats = map[string]func(streams, *checkReport) error{
	"text": writeText, "json": writeJSON, "sarif": writeSARIF, "github": writeGitHub,
}

// writeText writes a line for each finding, and what they sum up to on stderr.
func writeText(io streams, r *checkReport) error {
	for _, d := range r.found {
		line := clean(strings.ReplaceAll(d.String(), "\n", " "))
		if t := r.style; t != nil {
			role := theme.Failed
			if d.Severity == asl.Warning {
				role = theme.Warn
			}
			place := len(clean(d.Place()))
			code := strings.LastIndexByte(line, '[')
			line = t.SGR(role) + line[:place] + theme.Reset + line[place:code] + t.SGR(theme.Dim) + line[code:] + theme.Reset
		}
		if _, err := fmt.Fprintln(io.out, line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(io.err, r.summary())
	return err
}

// jsonFinding is a finding as --format json has it.
type jsonFinding struct {
	File        string `json:"file"`
	Line        int    `json:"line"`
	Column      int    `json:"column"`
	EndLine     int    `json:"endLine"`
	EndColumn   int    `json:"endColumn"`
	Severity    string `json:"severity"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	State       string `json:"state"`
	Field       string `json:"field"`
	Hint        string `json:"hint"`
	AWSCode     string `json:"awsCode"`
	AWSMessage  string `json:"awsMessage"`
	AWSLocation string `json:"awsLocation"`
}

func writeJSON(io streams, r *checkReport) error {
	report := struct {
		Errors      int           `json:"errors"`
		Warnings    int           `json:"warnings"`
		Diagnostics []jsonFinding `json:"diagnostics"`
	}{r.errors, r.warnings, []jsonFinding{}}
	for _, d := range r.found {
		report.Diagnostics = append(report.Diagnostics, jsonFinding{
			d.File, d.Line, d.Column, d.EndLine, d.EndColumn, d.Severity.String(), d.Code,
			d.Message, d.State, d.Field, d.Hint, d.AWSCode, d.AWSMessage, d.Location,
		})
	}
	return encode(io.out, report)
}

// encode writes v as JSON that is safe for a terminal.
func encode(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, clean(b.String())) // its escapes are those of JSON
	return err
}

// The parts of SARIF 2.1.0 that are written
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), with what
// GitHub's code scanning asks for
// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
		Full  sarifText `json:"fullDescription"`
		Help  sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID     string          `json:"ruleId"`
		RuleIndex  int             `json:"ruleIndex"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Properties sarifProperties `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPlace  `json:"physicalLocation"`
		Logical  []sarifName `json:"logicalLocations,omitempty"`
	}
	sarifPlace struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifName struct {
		Name      string `json:"name"`
		Qualified string `json:"fullyQualifiedName,omitempty"`
		Kind      string `json:"kind"`
	}
	sarifProperties struct {
		Field      string `json:"field,omitempty"`
		Hint       string `json:"hint,omitempty"`
		AWSCode    string `json:"awsCode,omitempty"`
		AWSMessage string `json:"awsMessage,omitempty"`
	}
)

func writeSARIF(io streams, r *checkReport) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "asldbg", Version: version, Rules: make([]sarifRule, len(asl.Checks))}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	for i, c := range asl.Checks {
		text := sarifText{c.Summary}
		run.Tool.Driver.Rules[i] = sarifRule{c.Code, text, text, text}
	}
	for _, d := range r.found {
		// Findings about a file as a whole have no line, but GitHub wants one.
		region := sarifRegion{StartLine: max(d.Line, 1), StartColumn: max(d.Column, 1)}
		if d.EndLine > d.Line || d.EndColumn > d.Column {
			region.EndLine, region.EndColumn = d.EndLine, d.EndColumn
		}
		place := sarifLocation{Physical: sarifPlace{sarifArtifact{fileURI(d.File)}, region}}
		if d.State != "" {
			place.Logical = []sarifName{{d.State, d.Location, "object"}}
		}
		run.Results = append(run.Results, sarifResult{
			RuleID:     d.Code,
			RuleIndex:  slices.IndexFunc(asl.Checks, func(c asl.Check) bool { return c.Code == d.Code }),
			Level:      d.Severity.String(),
			Message:    sarifText{d.Text()},
			Locations:  []sarifLocation{place},
			Properties: sarifProperties{d.Field, d.Hint, d.AWSCode, d.AWSMessage},
		})
	}
	return encode(io.out, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// fileURI is a file as a URI relative to the current folder, where it is in
// there, as tools that look at a checkout want it.
func fileURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(relative(name))}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// relative is a path below the current folder without that folder.
func relative(name string) string {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(name) {
		if rel, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return filepath.Clean(name)
}

// The escapes of workflow commands
// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
var (
	commandText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func writeGitHub(io streams, r *checkReport) error {
	for _, d := range r.found {
		property := func(s string) string { return clean(commandProperty.Replace(s)) }
		line := fmt.Sprintf("::%s file=%s", d.Severity, property(filepath.ToSlash(relative(d.File))))
		if d.Line > 0 {
			line += fmt.Sprintf(",line=%d", d.Line)
			if d.EndLine == d.Line { // columns are for a single line only
				line += fmt.Sprintf(",col=%d,endLine=%d,endColumn=%d", d.Column, d.EndLine, d.EndColumn)
			} else {
				line += fmt.Sprintf(",endLine=%d", d.EndLine)
			}
		}
		line += ",title=" + property("asldbg "+d.Code) + "::" + clean(commandText.Replace(d.Text()))
		if _, err := fmt.Fprintln(io.out, line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(io.err, r.summary())
	return err
}
