package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// ItemReader says where a distributed Map takes its items from
// (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
type ItemReader struct {
	Node       *Node
	Resource   string            // the ARN: s3:getObject or s3:listObjectsV2
	Parameters *payload.Template // or Arguments; nil: absent

	InputType         string   // CSV, JSON, JSONL, PARQUET, MANIFEST; "": not given
	Transformation    string   // NONE or LOAD_AND_FLATTEN; "": NONE
	ManifestType      string   // ATHENA_DATA or S3_INVENTORY; "": not given
	CSVHeaderLocation string   // FIRST_ROW or GIVEN; "": not given
	CSVHeaders        []string // of GIVEN
	CSVDelimiter      string   // COMMA, PIPE, SEMICOLON, SPACE, TAB; "": COMMA
	ItemsPointer      string   // a JSON Pointer to the array; "": the document
	MaxItems          *NumberField
}

// Lists reports whether the items are the objects of a bucket, not what is in
// one of them.
func (r *ItemReader) Lists() bool { return strings.HasSuffix(r.Resource, ":s3:listObjectsV2") }

// ItemBatcher puts several items into the input of one child execution.
type ItemBatcher struct {
	Node                  *Node
	MaxItemsPerBatch      *NumberField // one of the two is there
	MaxInputBytesPerBatch *NumberField
	BatchInput            *payload.Template // nil: absent
}

// ResultWriter says what becomes of the children's results.
type ResultWriter struct {
	Node           *Node
	Resource       string            // the ARN, s3:putObject; "": nothing is written
	Parameters     *payload.Template // or Arguments; nil: absent
	Transformation string            // NONE, COMPACT or FLATTEN; "": NONE where it writes, else COMPACT
	OutputType     string            // JSON or JSONL; "": JSON
}

// PercentageField is ToleratedFailurePercentage, or its Path form.
type PercentageField struct {
	Node    *Node
	Literal float64
	Path    *jsonpath.Path    // of the Path form
	Query   *payload.Template // JSONata; nil, and no Path: Literal counts
}

// The most items AWS reads, and the most bytes a batch has.
const (
	MaxItems      = 100_000_000
	maxBatchBytes = 262_144
)

// distributedFields are those that only a distributed Map can use.
var distributedFields = [...]string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"}

// checkDistributed checks what concerns the Map's mode.
func (a *analysis) checkDistributed(s *State) {
	if m := s.ItemProcessor; m != nil && m.Distributed {
		if a.express(s) {
			at := m.Node.Get("ProcessorConfig").Get("Mode")
			a.refuse(at, Diagnostic{Code: "express-pattern", Message: "an Express state machine cannot have a distributed Map"})
		}
		return
	}
	for _, key := range distributedFields {
		if k := s.Node.Get(key); k != nil {
			a.warn(k, Diagnostic{
				Code: "distributed-only", Message: "an inline Map has no use for " + key,
				Hint: `a distributed one says in its ItemProcessor "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}`,
			})
		}
	}
}

func (a *analysis) itemReader(s *State, n *Node) *ItemReader {
	if !a.is(n, jsonval.Object) {
		return nil
	}
	r := &ItemReader{Node: n}
	a.only(n, "Comment", "Resource", a.parameters(s), "ReaderConfig")
	if !a.require(n, "Resource") {
		return r
	}
	r.Resource = a.s3Resource(n.Get("Resource"), "getObject", "listObjectsV2")
	needs := []string{"Bucket", "Key"}
	if r.Lists() {
		needs = needs[:1]
	}
	r.Parameters = a.s3Parameters(s, n.Get(a.parameters(s)), needs...)
	c := n.Get("ReaderConfig")
	if c == nil {
		if r.Resource != "" && !r.Lists() {
			a.require(n, "ReaderConfig")
		}
		return r
	}
	if a.is(c, jsonval.Object) {
		a.readerConfig(s, r, c)
	}
	return r
}

func (a *analysis) readerConfig(s *State, r *ItemReader, c *Node) {
	path := "MaxItemsPath"
	if s.QueryLanguage == JSONata {
		path = "MaxItems"
	}
	a.only(c, "InputType", "Transformation", "ManifestType", "CSVHeaderLocation", "CSVHeaders", "CSVDelimiter", "ItemsPointer", "MaxItems", path)
	a.exclusive(c, "MaxItems", "MaxItemsPath")
	choice := func(key string, values ...string) (text string) {
		if k := c.Get(key); k != nil && !k.open {
			text, _ = a.enum(k, values...)
		}
		return text
	}
	r.InputType = choice("InputType", "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	r.Transformation = choice("Transformation", "NONE", "LOAD_AND_FLATTEN")
	r.ManifestType = choice("ManifestType", "ATHENA_DATA", "S3_INVENTORY")
	r.CSVHeaderLocation = choice("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	r.CSVDelimiter = choice("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	if r.InputType == "PARQUET" {
		a.ours(c.Get("InputType"), Diagnostic{Code: "not-supported-yet", Message: "asldbg cannot read PARQUET yet", Hint: "it reads CSV, JSON, JSONL and MANIFEST"})
	}
	loads := !r.Lists() || r.Transformation == "LOAD_AND_FLATTEN"
	if loads && r.Resource != "" && r.ManifestType != "S3_INVENTORY" {
		a.require(c, "InputType")
	}
	if k := c.Get("CSVHeaders"); k != nil && a.is(k, jsonval.Array) {
		for _, h := range k.Kids {
			r.CSVHeaders = append(r.CSVHeaders, a.text(h))
		}
	}
	if r.CSVHeaderLocation == "GIVEN" {
		a.require(c, "CSVHeaders")
	}
	if k := c.Get("ItemsPointer"); k != nil {
		if r.ItemsPointer = a.text(k); r.ItemsPointer != "" && r.ItemsPointer[0] != '/' && !k.open {
			a.refuse(k, Diagnostic{Code: "field-value", Message: "ItemsPointer is a JSON Pointer, which begins with /", Hint: `such as "/data/items"`})
		}
	}
	r.MaxItems = a.numberOrPath(s, c, "MaxItems", 0, MaxItems)
}

func (a *analysis) itemBatcher(s *State, n *Node) *ItemBatcher {
	if !a.is(n, jsonval.Object) {
		return nil
	}
	a.exclusive(n, "MaxItemsPerBatch", "MaxItemsPerBatchPath")
	a.exclusive(n, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	keys := []string{"Comment", "BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"}
	if s.QueryLanguage == JSONPath {
		keys = append(keys, "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath")
	}
	a.only(n, keys...)
	b := &ItemBatcher{
		Node:                  n,
		MaxItemsPerBatch:      a.numberOrPath(s, n, "MaxItemsPerBatch", 1, MaxItems),
		MaxInputBytesPerBatch: a.numberOrPath(s, n, "MaxInputBytesPerBatch", 1, maxBatchBytes),
	}
	given := false
	for _, k := range n.Kids {
		given = given || strings.HasPrefix(k.Key, "Max")
	}
	if !given {
		a.refuseKey(n, Diagnostic{Code: "field-missing", Message: "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch"})
	}
	if k := n.Get("BatchInput"); k != nil {
		b.BatchInput = a.template(s, k)
	}
	return b
}

func (a *analysis) resultWriter(s *State, n *Node) *ResultWriter {
	if !a.is(n, jsonval.Object) || !a.nonempty(n) {
		return nil
	}
	w := &ResultWriter{Node: n}
	a.only(n, "Comment", "Resource", a.parameters(s), "WriterConfig")
	if k := n.Get("Resource"); k != nil {
		w.Resource = a.s3Resource(k, "putObject")
		a.require(n, a.parameters(s))
	}
	w.Parameters = a.s3Parameters(s, n.Get(a.parameters(s)), "Bucket")
	c := n.Get("WriterConfig")
	if c == nil || !a.is(c, jsonval.Object) {
		return w
	}
	a.only(c, "Transformation", "OutputType")
	if k := c.Get("Transformation"); k != nil {
		w.Transformation, _ = a.enum(k, "NONE", "COMPACT", "FLATTEN")
	}
	if a.require(c, "OutputType") {
		w.OutputType, _ = a.enum(c.Get("OutputType"), "JSON", "JSONL")
	}
	return w
}

// parameters is what a state of s's language calls the parameters of a task, a
// reader or a writer.
func (a *analysis) parameters(s *State) string {
	if s.QueryLanguage == JSONata {
		return "Arguments"
	}
	return "Parameters"
}

// s3Resource is the ARN n, which must be one of S3's actions; "" otherwise.
func (a *analysis) s3Resource(n *Node, actions ...string) string {
	text := a.text(n)
	if n.open || text == "" {
		return ""
	}
	arns := make([]string, len(actions))
	for i, action := range actions {
		rest := ":states:::s3:" + action
		if strings.HasPrefix(text, "arn:") && strings.HasSuffix(text, rest) {
			return text
		}
		arns[i] = "arn:aws" + rest
	}
	a.refuse(n, Diagnostic{
		Code: "resource-unknown", Message: fmt.Sprintf("Resource is %q; it must be %s", text, orList(arns)), Hint: a.guess(text, arns),
	})
	return ""
}

// s3Parameters compiles a reader's or writer's parameters, which have to have the
// fields it needs; n may be nil.
func (a *analysis) s3Parameters(s *State, n *Node, needs ...string) *payload.Template {
	if n == nil || !dynamic(s, n) && !a.is(n, jsonval.Object) {
		return nil
	}
	for _, name := range needs {
		if !dynamic(s, n) && !givenParameter(s, n, name) {
			a.refuseKey(n, Diagnostic{
				Code: "field-missing", AWSMessage: "The field '" + name + "' is required but was missing",
				Message: n.Parent.Key + " needs the parameter " + name,
			})
		}
	}
	return a.template(s, n)
}

// numberOrPath is the number key of n, or what keyPath leads to; nil for
// neither.
func (a *analysis) numberOrPath(s *State, n *Node, key string, least, most int64) *NumberField {
	if k := n.Get(key); k != nil {
		return a.number(s, k, least, most)
	}
	if k := n.Get(key + "Path"); k != nil && s.QueryLanguage == JSONPath {
		return &NumberField{Node: k, Path: a.referencePath(k)}
	}
	return nil
}

// percentage is ToleratedFailurePercentage, nil where it is refused.
func (a *analysis) percentage(s *State, n *Node) *PercentageField {
	if dynamic(s, n) {
		return &PercentageField{Node: n, Query: a.query(s, n, 0)}
	}
	if !a.is(n, jsonval.Number) {
		return nil
	}
	f, _ := n.Value.Float()
	switch {
	case f < 0:
		a.outOfRange(n, "Minimum", "at least", "0")
	case f > 100:
		a.outOfRange(n, "Maximum", "at most", "100")
	}
	return &PercentageField{Node: n, Literal: f}
}

// maxLabelLength is how many characters a Label may have.
const maxLabelLength = 40

// label is a Map's Label, which names its child executions' state machine.
func (a *analysis) label(n *Node) string {
	text := a.text(n)
	if n.open || text == "" {
		if n.Value.Is(jsonval.String) {
			a.nonempty(n)
		}
		return ""
	}
	if strings.ContainsFunc(text, NotInLabel) || utf8.RuneCountInString(text) > maxLabelLength && !a.o.NoQuotas {
		a.refuse(n, Diagnostic{
			Code: "label", AWSCode: "INVALID_LABEL_NAME", Location: n.Location(),
			Message: fmt.Sprintf("%s is not a Label", jsonval.Quote(text)),
			Hint:    fmt.Sprintf("at most %d characters, without spaces and ? * < > { } [ ] : ; , \\ | ^ ~ $ # %% & ` \"", maxLabelLength),
		})
		return text
	}
	if a.labels == nil {
		a.labels = make(map[string]*Node)
	}
	if twin := a.labels[text]; twin != nil {
		a.refuse(n, Diagnostic{
			Code: "label-duplicate", AWSCode: "DUPLICATE_LABEL_NAME", Location: n.Location(),
			Message: fmt.Sprintf("the Map of line %d has the same Label", a.file.lines.line(twin.Start)),
		})
	}
	a.labels[text] = n
	return text
}

// NotInLabel reports whether a Label cannot have r.
func NotInLabel(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"", r)
}
