package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/template"
)

// machineFile is a definition found where the command line says.
type machineFile struct {
	file    *asl.File
	found   asl.Diagnostics
	name    string // of the state machine, for ARNs and mock files
	express bool

	// What a session file needs to read the definition again: its values for
	// ${Name}, and the definition alone where it stands inside a template.
	substitutions  map[string]string
	text, textName string
}

// load reads FILE or FILE#Name: ASL, or a template that holds machines.
func (o *runOptions) load(in io.Reader, arg string) (*machineFile, error) {
	if arg == "-" {
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, usage("read standard input: %w", err)
		}
		return o.parse("stdin", "stdin", string(text))
	}
	path, machine, _ := strings.Cut(arg, "#")
	if _, err := os.Stat(arg); err == nil {
		path, machine = arg, "" // a file whose name has a #
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage("cannot read the definition: %w", plainPathError(err))
	}
	if !template.IsTemplate(string(text)) {
		return o.parse(path, machineName(path), string(text))
	}
	return o.loadTemplate(hostFS{}, path, machine)
}

// hostFS reads files by the paths users type: unlike os.DirFS it can reach
// ../x, and errors name the whole path.
type hostFS struct{}

func (hostFS) Open(name string) (fs.File, error) { return os.Open(filepath.FromSlash(name)) }

func (o *runOptions) loadTemplate(dir fs.FS, name, machine string) (*machineFile, error) {
	t, err := template.Load(dir, name, template.Options{Set: o.substitutions, Region: o.region, Account: o.account})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	m, err := t.Machine(machine)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	file, found := m.Parse()
	out := &machineFile{file: file, found: found, name: m.Name, express: m.Express || o.express(), substitutions: m.Substitutions}
	if file.Root != nil && m.Source != "" && m.File == name {
		out.text, out.textName, out.substitutions = file.Root.Value.Indent(), name+"#"+m.ID, nil
	}
	return out, nil
}

func (o *runOptions) parse(path, name, text string) (*machineFile, error) {
	file, found := asl.Parse(path, text, asl.Options{Substitutions: o.substitutions, Express: o.express()})
	return &machineFile{file: file, found: found, name: name, express: o.express(), substitutions: o.substitutions}, nil
}

// machineName is the machine's name a definition file suggests.
func machineName(path string) string {
	name := filepath.Base(path)
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// plainPathError says "open x: no such file or directory" without the Go call.
func plainPathError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return errors.New(pe.Path + ": " + pe.Err.Error())
	}
	return err
}

// readInput reads --input: JSON itself, a file, or - for stdin.
func readInput(in io.Reader, arg string) (jsonval.Value, error) {
	if arg == "" {
		return jsonval.EmptyObject, nil
	}
	name, text := "--input", arg
	switch {
	case arg == "-":
		b, err := io.ReadAll(in)
		if err != nil {
			return jsonval.Value{}, usage("read the input from standard input: %w", err)
		}
		name, text = "the input on stdin", string(b)
	case !looksLikeJSON(arg):
		b, err := os.ReadFile(arg)
		if err != nil {
			return jsonval.Value{}, usage("cannot read the input: %w; --input takes a file, - or JSON", plainPathError(err))
		}
		name, text = arg, string(b)
	}
	v, err := jsonval.Parse(text)
	if err != nil {
		line, column := lineColumn(text, err)
		return jsonval.Value{}, usage("%s:%d:%d: the input is not JSON: %w", name, line, column, err)
	}
	return v, nil
}

// looksLikeJSON reports whether the argument of --input is JSON, not a path.
func looksLikeJSON(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return true
	}
	if strings.ContainsRune(`{["`, rune(s[0])) {
		return true
	}
	_, err := jsonval.Parse(s)
	return err == nil
}

// lineColumn places a syntax error in its text.
func lineColumn(text string, err error) (line, column int) {
	offset := 0
	var se *jsonval.SyntaxError
	if errors.As(err, &se) {
		offset = min(se.Offset, len(text))
	}
	before := text[:offset]
	line = strings.Count(before, "\n") + 1
	return line, len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
}
