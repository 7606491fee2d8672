package cli

import (
	"errors"
	"fmt"
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
	roleARN string // that a template gives it, "" for none
	arn     string // that it has by a template, "" for one that is made up

	siblings []*machineFile // the other machines of its template

	// What a session file needs to read the definition again: its values for
	// ${Name}, and the definition alone where it stands inside a template.
	substitutions  map[string]string
	text, textName string
}

// load reads FILE or FILE#Name: ASL, or a template that holds machines.
func (o *runOptions) load(in io.Reader, arg string) (*machineFile, error) {
	src, err := readSource(in, arg)
	if err != nil {
		return nil, usage("cannot read the definition: %w", plainPathError(err))
	}
	return o.loadSource(src)
}

func (o *runOptions) loadSource(src *source) (*machineFile, error) {
	if !template.IsTemplate(src.text) {
		return o.parse(src, nil), nil
	}
	return o.loadTemplate(src)
}

// source is the text of a FILE.
type source struct {
	path    string // as findings name it
	machine string // after the #; "" for none
	name    string // of the machine, as far as the path tells
	text    string
	dir     fs.FS // what path and the files a template names are in
}

func readSource(in io.Reader, arg string) (*source, error) {
	if arg == "-" {
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return &source{path: "stdin", name: "stdin", text: string(text), dir: stdinFS{text: text}}, nil
	}
	path, machine, _ := strings.Cut(arg, "#")
	if _, err := os.Stat(arg); err == nil {
		path, machine = arg, "" // a file whose name has a #
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &source{path, machine, machineName(path), string(text), hostFS{}}, nil
}

// hostFS reads files by the paths users type: unlike os.DirFS it can reach
// ../x, and errors name the whole path.
type hostFS struct{}

func (hostFS) Open(name string) (fs.File, error) { return os.Open(filepath.FromSlash(name)) }

// stdinFS is hostFS with what was read from stdin as the file stdin.
type stdinFS struct {
	hostFS
	text []byte
}

// ReadFile is how templates read files.
func (f stdinFS) ReadFile(name string) ([]byte, error) {
	if name == "stdin" {
		return f.text, nil
	}
	return os.ReadFile(filepath.FromSlash(name))
}

// template reads the template src is; unfilled says that it is only checked.
func (src *source) template(o *runOptions, unfilled bool) (*template.Template, error) {
	return template.Load(src.dir, src.path, template.Options{Set: o.substitutions, Region: o.region, Account: o.account, NoQuotas: o.noQuotas, Unfilled: unfilled})
}

func (o *runOptions) loadTemplate(src *source) (*machineFile, error) {
	t, err := src.template(o, false)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	m, err := t.Machine(src.machine)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	out := o.parseMachine(src, m)
	for _, other := range t.Deployed() {
		if other != m {
			out.siblings = append(out.siblings, o.parseMachineAs(src, other, other.Express))
		}
	}
	return out, nil
}

// parseMachine reads the definition of a template's machine.
func (o *runOptions) parseMachine(src *source, m *template.Machine) *machineFile {
	return o.parseMachineAs(src, m, m.Express || o.express())
}

func (o *runOptions) parseMachineAs(src *source, m *template.Machine, express bool) *machineFile {
	file, found := m.Parse()
	out := &machineFile{
		file: file, found: found, name: m.Name, express: express, roleARN: m.RoleARN, arn: m.ARN, substitutions: m.Substitutions,
	}
	if file.Root != nil && m.Source != "" && m.File == src.path {
		out.text, out.textName, out.substitutions = file.Root.Value.Indent(), src.path+"#"+m.ID, nil
	}
	return out
}

// parse reads a definition; unfilled says of which placeholders without a value
// there is only a warning.
func (o *runOptions) parse(src *source, unfilled func(string) bool) *machineFile {
	return o.parseAs(src, unfilled, o.express())
}

func (o *runOptions) parseAs(src *source, unfilled func(string) bool, express bool) *machineFile {
	file, found := asl.Parse(src.path, src.text, asl.Options{Substitutions: o.substitutions, Express: express, NoQuotas: o.noQuotas, Unfilled: unfilled})
	return &machineFile{file: file, found: found, name: src.name, express: express, substitutions: o.substitutions}
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

// readInput reads what --input names.
func readInput(in io.Reader, arg string) (jsonval.Value, error) {
	return readJSON(in, "--input", "the input", arg)
}

// readJSON reads the argument of a flag: JSON itself, a file, or - for stdin. An
// empty one is an empty object.
func readJSON(in io.Reader, flag, what, arg string) (jsonval.Value, error) {
	if arg == "" {
		return jsonval.EmptyObject, nil
	}
	name, text := flag, arg
	switch {
	case arg == "-":
		b, err := io.ReadAll(in)
		if err != nil {
			return jsonval.Value{}, usage("read %s from standard input: %w", what, err)
		}
		name, text = what+" on stdin", string(b)
	case !looksLikeJSON(arg):
		b, err := os.ReadFile(arg)
		if err != nil {
			return jsonval.Value{}, usage("cannot read %s: %w; %s takes a file, - or JSON", what, plainPathError(err), flag)
		}
		name, text = arg, string(b)
	}
	v, err := jsonval.Parse(text)
	if err != nil {
		line, column := lineColumn(text, err)
		return jsonval.Value{}, usage("%s:%d:%d: %s is not JSON: %w", name, line, column, what, err)
	}
	return v, nil
}

// looksLikeJSON reports whether the argument of a flag is JSON, not a path.
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
